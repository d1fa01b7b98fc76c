"""Released graphs in another SPARQL 1.1 engine: loaded beside the former ones, then swapped while
no query of ours is under way.

The engine itself says which release it holds: a mark stands in a graph that no query of ours is
on, put there by the request that swaps the graphs. Where a publish was cut off between that request
and its end, the mark decides which release is the current one, for pages and for queries."""

import gzip
import hashlib
import json
import os
import secrets
import urllib.parse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any

import urllib3

from kg.errors import PlanlinkError
from kg.files import lock, to_disk, write_durably
from kg.release.manifest import COMING

_AT_A_TIME = 1000  # triples in one INSERT DATA: some engines compile it whole
_TIMEOUT = urllib3.Timeout(connect=10, read=600)
_COUNTING = urllib3.Timeout(connect=10, read=120)
_SOON = urllib3.Timeout(connect=5, read=10)
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_LONGEST_MESSAGE = 200
_FILE = "engine.json"
_UNSURE = ".engine-unsure"  # while graphs are swapped: which release they are of, and its mark
_MARK = "urn:x-planlink:release"
_MARKED = f"SELECT ?mark FROM <{_MARK}> {{ ?s <{_MARK}> ?mark }}"
COUNTED = "SELECT ?name (COUNT(*) AS ?n) { GRAPH ?name { ?s ?p ?o } } GROUP BY ?name"


class Engine:
    """An engine by its query and update addresses (SPARQL 1.1 Protocol §2).

    A failure while loading leaves what readers see as it was; what had been loaded is dropped by
    the next publish.

    Args:
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
        self._released: set[str] = set()

    def stage(self, dump: Path, held: Mapping[str, str]) -> dict[str, str]:
        """Load the named graphs of a dump under names of their own, where no reader looks; those
        that the engine holds as they are it keeps.

        Args:
            dump: N-Quads, compressed. One graph at a time is in memory.
            held: digests of the graphs that the engine was given before, by name. It is asked
                whether it has as many triples of each.

        Returns:
            The digests of the graphs of the dump, by name.

        Raises:
            PlanlinkError: the engine cannot be reached or refuses.
        """
        digests: dict[str, Any] = defaultdict(hashlib.sha256)
        counts: Counter[str] = Counter()
        for name, triples in _runs(dump):
            digests[name].update(b"".join(triples))
            counts[name] += len(triples)
        found = {name: digest.hexdigest() for name, digest in digests.items()}
        same = {name for name, digest in found.items() if held.get(name) == digest}
        if same:
            there = self._counts()
            same = {name for name in same if there.get(name) == counts[name]}
        self._released = {*found}
        self._staged = {}
        for name, triples in _runs(dump):
            if name not in same:
                self._load(name, triples)
        return found

    def swap(self, former: Iterable[str], mark: str = "") -> None:
        """Put what has been staged in the place of the graphs of these names, in one request.

        Args:
            former: names of the graphs released before; those not released again are dropped.
            mark: what the engine is to say of the release that it holds then.

        Raises:
            PlanlinkError: the engine cannot be reached or refuses, and has not done it.
        """
        moves = [
            f"MOVE SILENT GRAPH <{staging}> TO GRAPH <{name}>"
            for name, staging in sorted(self._staged.items())
        ]
        drops = [f"DROP SILENT GRAPH <{name}>" for name in sorted({*former} - self._released)]
        if moves or drops:
            # An engine may do one after the other: without a mark it has not come to the end.
            begin = f"DROP SILENT GRAPH <{_MARK}>"
            end = f'INSERT DATA {{ GRAPH <{_MARK}> {{ <{_MARK}> <{_MARK}> "{mark}" }} }}'
            try:
                self._update(" ;\n".join((begin, *moves, *drops, end)))
            except PlanlinkError:
                if not mark or held_mark(self.query) != mark:
                    raise  # else only its answer was lost

    def _load(self, name: str, triples: list[bytes]) -> None:
        """Load N-Triples where a graph is staged, beside those of it that are there."""
        staging = f"urn:x-planlink:staging:{hashlib.sha256(name.encode()).hexdigest()}"
        first = name not in self._staged
        self._staged[name] = staging
        if self._graphs is not None:
            address, credentials = self._graphs
            _send(
                self._http,
                "PUT" if first else "POST",
                f"{address}?graph={urllib.parse.quote(staging, safe='')}",
                "graph store",
                b"".join(triples),
                {**credentials, "Content-Type": "text/turtle"},
            )
            return
        if first:
            self._update(f"DROP SILENT GRAPH <{staging}>")
        for start in range(0, len(triples), _AT_A_TIME):
            rows = b"".join(triples[start : start + _AT_A_TIME]).decode()
            self._update(f"INSERT DATA {{ GRAPH <{staging}> {{\n{rows}}} }}")

    def _counts(self) -> dict[str, int]:
        """How many triples each graph of the engine has."""
        with urllib3.PoolManager(timeout=_COUNTING, retries=False) as http:
            rows = _rows_of(http, self.query, COUNTED)
        try:
            return {row["name"]: int(row["n"]) for row in rows}
        except (KeyError, ValueError) as error:
            raise _no_results(self.query) from error

    def _update(self, update: str) -> None:
        address, credentials = self._updates
        body = urllib.parse.urlencode({"update": update}).encode()
        _send(self._http, "POST", address, "update", body, {**credentials, **_FORM})


def held_mark(query: str) -> str | None:
    """The mark of the release that an engine holds; None where it has none, or does not say.

    Args:
        query: the engine's query address.
    """
    try:
        with urllib3.PoolManager(timeout=_SOON, retries=False) as http:
            rows = _rows_of(http, query, _MARKED)
    except PlanlinkError:
        return None
    return rows[0].get("mark") if rows else None


def _rows_of(http: urllib3.PoolManager, query_address: str, query: str) -> list[dict[str, str]]:
    """The rows of a SELECT: values by the names of variables.

    Raises:
        PlanlinkError: the engine cannot be reached, refuses, or answers something else.
    """
    address, credentials = address_and_headers(query_address)
    headers = {**credentials, **_FORM, "Accept": "application/sparql-results+json"}
    body = urllib.parse.urlencode({"query": query}).encode()
    answer = _send(http, "POST", address, "query", body, headers)
    try:
        rows = json.loads(answer)["results"]["bindings"]
        return [{name: str(term["value"]) for name, term in row.items()} for row in rows]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _no_results(query_address) from error


def _no_results(query_address: str) -> PlanlinkError:
    return PlanlinkError.of("engine_no_results", address_and_headers(query_address)[0])


def _send(
    http: urllib3.PoolManager,
    method: str,
    address: str,
    what: str,
    body: bytes,
    headers: dict[str, str],
) -> bytes:
    """What an engine answers.

    Raises:
        PlanlinkError: it cannot be reached or refuses.
    """
    try:
        answer = http.request(method, address, body=body, headers=headers)
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise PlanlinkError.of("engine_silent", address, type(error).__name__, what) from error
    if answer.status >= 300:
        message = " ".join(answer.data.decode("utf-8", "replace").split())[:_LONGEST_MESSAGE]
        raise PlanlinkError.of("engine_refused", address, answer.status, message, what)
    return answer.data


def _runs(dump: Path) -> Iterator[tuple[str, list[bytes]]]:
    """The graphs of a dump with their N-Triples, as they lie there: one may come several times."""
    with gzip.open(dump) as lines:
        for graph, run in groupby(lines, lambda line: line.rsplit(b" ", 2)[1]):
            end = -len(graph) - len(b" .\n")
            yield graph.decode().strip("<>"), [line[:end] + b".\n" for line in run]


def address_and_headers(url: str) -> tuple[str, dict[str, str]]:
    """An address without the user and password in it, and the header that carries them (RFC 7617).

    Raises:
        PlanlinkError: it is no address.
    """
    try:
        parsed = urllib3.util.parse_url(url)
    except urllib3.exceptions.LocationParseError as error:
        raise PlanlinkError.of("engine_address", url) from error
    headers = urllib3.util.make_headers(basic_auth=parsed.auth) if parsed.auth else {}
    return parsed._replace(auth=None).url, headers


def write_engine(folder: Path, engine: Engine, graphs: Mapping[str, str]) -> None:
    """Note in a release's folder which engine holds it, and the digests of its graphs; the file is
    nobody else's to read, as the address may hold a password."""
    path = folder / _FILE
    path.touch(0o600)
    fields = {"query": engine.query, "graphs": graphs}
    path.write_text(json.dumps(fields) + "\n", encoding="utf-8")


def held_by(engine: Engine, out: Path, folder: Path | None) -> dict[str, str]:
    """The digests, by name, of the graphs that an engine was given with a release; nothing where
    there is no release, or that is not sure."""
    if folder is None or is_unsure(out) or engine_of(folder) != engine.query:
        return {}
    fields = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    return dict(fields.get("graphs", {}))  # early releases do not say


def is_unsure(out: Path) -> bool:
    """Whether a swap of graphs was cut off, so that what an engine holds is not known."""
    return (out / _UNSURE).exists()


def engine_of(folder: Path) -> str | None:
    """The query address of the engine that holds a release, None where the embedded store does."""
    path = folder / _FILE
    return str(json.loads(path.read_text(encoding="utf-8"))["query"]) if path.exists() else None


@contextmanager
def reading(out: Path) -> Iterator[bool]:
    """While a query runs: no graphs are swapped, and it waits for a swap that is waiting.

    Yields:
        Whether the engine is known to hold the current release, see settle().
    """
    import fcntl  # not on Windows, where no server runs  # noqa: PLC0415

    with _open(out, "gate", os.O_RDONLY) as gate, _open(out, "room", os.O_RDONLY) as room:
        fcntl.flock(gate, fcntl.LOCK_SH)
        fcntl.flock(room, fcntl.LOCK_SH)
        fcntl.flock(gate, fcntl.LOCK_UN)
        yield settle(out)


def settle(out: Path) -> bool:
    """Bring to its end what a publish left that was cut off while graphs were swapped; to be called
    while none is swapping.

    Returns:
        Whether the current release is the one that the engine holds, as far as is known. It is not
        where the swap was cut off half done, or the engine does not say.
    """
    try:
        number, _, mark = (out / _UNSURE).read_text(encoding="ascii").partition(" ")
    except FileNotFoundError:
        return True
    coming = out / "releases" / number
    engine = engine_of(coming if coming.is_dir() else out / "current")
    held = held_mark(engine) if engine and mark else None
    if held != mark or not coming.is_dir():
        return held not in (None, mark)  # not begun: it holds what it held
    try:
        link = out / COMING
        if not link.is_symlink():  # gone back to, or several queries are at it
            link.symlink_to(coming.relative_to(out))
        link.replace(out / "current")
        to_disk(out)
        (out / _UNSURE).unlink(missing_ok=True)
    except OSError:
        return (out / "current").resolve() == coming.resolve()
    return True


@contextmanager
def swapping(out: Path, number: str) -> Iterator[str]:
    """While graphs are swapped, queries wait; where this does not come to its end, settle() finds
    out what was done.

    Args:
        number: that of the release that the graphs are of.

    Yields:
        The mark that the engine is to be given with them.
    """
    with _open(out, "gate", os.O_RDWR) as gate, _open(out, "room", os.O_RDWR) as room:
        lock(gate)
        lock(room)
        mark = secrets.token_hex(16)
        write_durably(out / _UNSURE, f"{number} {mark}".encode())
        yield mark
        (out / _UNSURE).unlink()


@contextmanager
def _open(out: Path, name: str, how: int) -> Iterator[int]:
    """A file that is locked: who only reads needs no right to write where it is there."""
    held = os.open(out / f".engine-{name}", how | os.O_CREAT, 0o644)
    try:
        yield held
    finally:
        os.close(held)
