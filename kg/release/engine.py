"""Released graphs in another SPARQL 1.1 engine: loaded beside the former ones, then swapped while
no query of ours is under way."""

from __future__ import annotations

import hashlib
import json
import urllib.parse
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
import urllib3

from kg.errors import PlanlinkError

_AT_A_TIME = 1000  # triples in one INSERT DATA: some engines compile it whole
_TIMEOUT = urllib3.Timeout(connect=10, read=600)
_LONGEST_MESSAGE = 200
_FILE = "engine.json"


class Engine:
    """An engine by its query and update addresses (SPARQL 1.1 Protocol §2).

    A failure while loading leaves what readers see as it was; what had been loaded is dropped by
    the next publish.

    Args:
        query, update: the addresses.
        graph_store: the address that graphs are loaded by, each whole (SPARQL 1.1 Graph Store HTTP
            Protocol §5.3); without it they are loaded by updates.

    Raises:
        PlanlinkError: update or graph_store is no address.
    """

    def __init__(self, query: str, update: str, graph_store: str | None = None) -> None:
        self.query, self._updates = query, address_and_headers(update)
        self._graphs = address_and_headers(graph_store) if graph_store is not None else None
        self._http = urllib3.PoolManager(timeout=_TIMEOUT, retries=False)
        self._staged: dict[str, str] = {}

    def stage(self, quads: Iterable[ox.Quad]) -> None:
        """Load named graphs under names of their own, where no reader looks.

        Raises:
            PlanlinkError: the engine cannot be reached or refuses.
        """
        triples: dict[str, list[str]] = defaultdict(list)
        for quad in quads:
            if isinstance(quad.graph_name, ox.NamedNode):
                triples[quad.graph_name.value].append(f"{quad.triple} .")
        for name, lines in sorted(triples.items()):
            staging = f"urn:x-planlink:staging:{hashlib.sha256(name.encode()).hexdigest()}"
            if self._graphs is None:
                self._insert(staging, lines)
            else:
                address, credentials = self._graphs
                address += f"?graph={urllib.parse.quote(staging, safe='')}"
                self._send(
                    "PUT",
                    address,
                    "graph store",
                    "\n".join(lines).encode(),
                    {**credentials, "Content-Type": "text/turtle"},
                )
            self._staged[name] = staging

    def swap(self, former: Iterable[str]) -> None:
        """Put what has been staged in the place of the graphs of these names, in one request.

        Args:
            former: names of the graphs released before; those not released again are dropped.

        Raises:
            PlanlinkError: the engine cannot be reached or refuses.
        """
        moves = [
            f"MOVE SILENT GRAPH <{staging}> TO GRAPH <{name}>"
            for name, staging in sorted(self._staged.items())
        ]
        drops = [f"DROP SILENT GRAPH <{name}>" for name in sorted(set(former) - set(self._staged))]
        self._update(" ;\n".join((*moves, *drops)))

    def _insert(self, graph: str, lines: list[str]) -> None:
        """Load N-Triples into a graph, which is emptied before."""
        self._update(f"DROP SILENT GRAPH <{graph}>")
        for first in range(0, len(lines), _AT_A_TIME):
            rows = "\n".join(lines[first : first + _AT_A_TIME])
            self._update(f"INSERT DATA {{ GRAPH <{graph}> {{\n{rows}\n}} }}")

    def _update(self, update: str) -> None:
        address, credentials = self._updates
        body = urllib.parse.urlencode({"update": update}).encode()
        self._send(
            "POST",
            address,
            "update",
            body,
            {**credentials, "Content-Type": "application/x-www-form-urlencoded"},
        )

    def _send(
        self, method: str, address: str, what: str, body: bytes, headers: dict[str, str]
    ) -> None:
        mend = f"check the engine's {what} address and that it may be written from here"
        try:
            answer = self._http.request(method, address, body=body, headers=headers)
        except (urllib3.exceptions.HTTPError, ValueError) as error:
            raise PlanlinkError(
                f"the engine does not answer ({type(error).__name__})", address, mend
            ) from error
        if answer.status >= 300:
            message = " ".join(answer.data.decode("utf-8", "replace").split())[:_LONGEST_MESSAGE]
            raise PlanlinkError(
                f"the engine refused what it was sent ({answer.status}: {message})", address, mend
            )


def address_and_headers(url: str) -> tuple[str, dict[str, str]]:
    """An address without the user and password in it, and the header that carries them (RFC 7617).

    Raises:
        PlanlinkError: it is no address.
    """
    try:
        parsed = urllib3.util.parse_url(url)
    except urllib3.exceptions.LocationParseError as error:
        raise PlanlinkError(
            "this is no address", url, "give one such as http://localhost:8890/sparql"
        ) from error
    headers = urllib3.util.make_headers(basic_auth=parsed.auth) if parsed.auth else {}
    return parsed._replace(auth=None).url, headers


def write_engine(folder: Path, engine: Engine) -> None:
    """Note in a release's folder which engine holds it; the file is nobody else's to read, as the
    address may hold a password."""
    path = folder / _FILE
    path.touch(0o600)
    path.write_text(json.dumps({"query": engine.query}) + "\n", encoding="utf-8")


def engine_of(folder: Path) -> str | None:
    """The query address of the engine that holds a release, None where the embedded store does."""
    path = folder / _FILE
    return str(json.loads(path.read_text(encoding="utf-8"))["query"]) if path.exists() else None


@contextmanager
def reading(out: Path) -> Iterator[None]:
    """While a query is under way: graphs are not swapped until it ends, and it begins only when no
    swap is waiting."""
    import fcntl  # not on Windows, where no server runs  # noqa: PLC0415

    with _open(out, "gate") as gate, _open(out, "room") as room:
        fcntl.flock(gate, fcntl.LOCK_SH)
        fcntl.flock(room, fcntl.LOCK_SH)
        fcntl.flock(gate, fcntl.LOCK_UN)
        yield


@contextmanager
def swapping(out: Path) -> Iterator[None]:
    """While graphs are swapped: queries of the server wait, those under way have ended."""
    import fcntl  # not on Windows, where no server runs  # noqa: PLC0415

    with _open(out, "gate") as gate, _open(out, "room") as room:
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX)
        yield


@contextmanager
def _open(out: Path, name: str) -> Iterator[int]:
    with (out / f".engine-{name}").open("a") as handle:
        yield handle.fileno()
