"""Released graphs in another SPARQL 1.1 engine: loaded beside the former ones, then put in their
place while no query of ours is under way (kg.release.swap).

The engine itself says what it holds, in graphs that no query of ours is on: a digest of each graph,
and a mark for the release. The mark is taken away before the first graph is replaced and put there
after the last. Where a publish was cut off between that and its end, the mark decides which release
is the current one, for pages and for queries."""

import gzip
import hashlib
import json
import urllib.parse
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

import urllib3

from kg.errors import PlanlinkError

_BLOCK = 1 << 20  # bytes of a dump that are looked at together
_AT_A_TIME = 1000  # triples in one INSERT DATA: some engines compile it whole
# triples that one request puts in place or drops: Virtuoso makes one transaction of it, which is to
# be below 50 MB unless set otherwise; 800,000 were
_IN_ONE_REQUEST = 400_000
_TIMEOUT = urllib3.Timeout(connect=10, read=600)
_COUNTING = urllib3.Timeout(connect=10, read=120)
_SOON = urllib3.Timeout(connect=5, read=10)
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}
_LONGEST_MESSAGE = 200
_FILE = "engine.json"
_MARK = "urn:x-planlink:release"
_MARKED = f"SELECT ?mark FROM <{_MARK}> {{ ?s <{_MARK}> ?mark }}"
_DIGESTS = "urn:x-planlink:digests"
_DIGESTED = f"SELECT ?name ?digest FROM <{_DIGESTS}> {{ ?name <{_DIGESTS}> ?digest }}"
_STAGING = "urn:x-planlink:staging:"
COUNTED = "SELECT ?name (COUNT(*) AS ?n) { GRAPH ?name { ?s ?p ?o } } GROUP BY ?name"

_T = TypeVar("_T")


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
        self._digests: dict[str, str] = {}
        self._counts: Counter[str] = Counter()
        self._sizes: dict[str, int] = {}
        self._staged: dict[str, str] = {}
        self._is_marked = False

    def stage(self, dump: Path) -> None:
        """Load the named graphs of a dump that the engine does not hold as they are: under names of
        their own, where no reader looks, or in place where it holds no release. What a publish that
        was cut off has loaded whole is not loaded again.

        Args:
            dump: N-Quads, compressed. One graph at a time is in memory.

        Raises:
            PlanlinkError: the engine cannot be reached or refuses.
        """
        hashes: dict[str, Any] = defaultdict(hashlib.sha256)
        self._counts = Counter()
        for name, quads in _runs(dump):
            hashes[name].update(quads)
            self._counts[name] += quads.count(b"\n")
        self._digests = {name: found.hexdigest() for name, found in hashes.items()}
        held = self._by_name(_DIGESTED, lambda row: row["digest"])
        self._sizes = self._by_name(COUNTED, lambda row: int(row["n"]))
        self._is_marked = bool(self._rows(_MARKED))
        changed = {
            name
            for name, digest in self._digests.items()
            if held.get(name) != digest or self._sizes.get(name) != self._counts[name]
        }
        names = {name: self._staging(name) if self._is_marked else name for name in changed}
        self._staged = names if self._is_marked else {}
        left = {name for name in self._sizes if name.startswith(_STAGING)} - {*names.values()}
        for name in sorted(left):
            self._run([f"DROP SILENT GRAPH <{name}>"])
        if self._is_marked:
            changed = {n for n in changed if self._sizes.get(names[n]) != self._counts[n]}
        else:
            self._run(_forgotten(held.keys() & changed))
        rest = Counter({name: self._counts[name] for name in changed})
        for name, quads in _runs(dump) if changed else ():
            if name in rest:
                triples = quads.replace(b" <%s> .\n" % name.encode(), b" .\n")
                self._load(names[name], triples, is_first=rest[name] == self._counts[name])
                rest[name] -= triples.count(b"\n")
                if not self._is_marked and not rest[name]:
                    self._run([self._noted([name])])
                if not rest.total():
                    break

    def swap(self, former: Iterable[str], mark: str) -> None:
        """Put what has been staged in the place of the graphs of these names, in one request unless
        they are too large for it.

        Args:
            former: names of the graphs released before; those not released again are dropped.
            mark: what the engine is to say of the release that it holds then.

        Raises:
            PlanlinkError: the engine cannot be reached or refuses. It has not done it where it
                carries a request out whole and one was enough; else no query is answered until the
                next publish.
        """
        doomed = {*former} - {*self._digests}
        if self._is_marked and not self._staged and not doomed:
            return
        end = f'INSERT DATA {{ GRAPH <{_MARK}> {{ <{_MARK}> <{_MARK}> "{mark}" }} }}'
        requests = [self._replaced(names) for names in self._batches({*self._staged, *doomed})]
        requests[0].insert(0, f"DROP SILENT GRAPH <{_MARK}>")
        requests[-1].append(end)
        try:
            for operations in requests:
                self._run(operations)
        except PlanlinkError:
            if held_mark(self.query) != mark:
                raise  # else only its answer was lost

    def sweep(self) -> None:
        """Drop what has been staged, now that it is in its place; where that fails, the next
        publish does."""
        with suppress(PlanlinkError):
            for name in self._staged.values():
                self._run([f"DROP SILENT GRAPH <{name}>"])

    def _staging(self, name: str) -> str:
        """Where a graph is staged: another name for another content of it."""
        return _STAGING + hashlib.sha256(f"{name} {self._digests[name]}".encode()).hexdigest()

    def _batches(self, names: Iterable[str]) -> list[list[str]]:
        """Graphs to be put in place or dropped, by the request that does it; at least one."""
        batches: list[list[str]] = [[]]
        size = 0
        for name in sorted(names):
            more = self._counts[name] + self._sizes.get(name, 0)
            if batches[-1] and size + more > _IN_ONE_REQUEST:
                batches.append([])
                size = 0
            batches[-1].append(name)
            size += more
        return batches

    def _replaced(self, names: list[str]) -> list[str]:
        """The operations that put staged graphs in their place and note it, and drop others."""
        operations = _forgotten(names)
        for name in names:
            staged = self._staged.get(name)
            operations.append(
                f"COPY SILENT GRAPH <{staged}> TO GRAPH <{name}>"
                if staged
                else f"DROP SILENT GRAPH <{name}>"
            )
        kept = [name for name in names if name in self._staged]
        return [*operations, self._noted(kept)] if kept else operations

    def _noted(self, names: Iterable[str]) -> str:
        """The operation that notes digests of graphs."""
        rows = "".join(f'<{name}> <{_DIGESTS}> "{self._digests[name]}" . ' for name in names)
        return f"INSERT DATA {{ GRAPH <{_DIGESTS}> {{ {rows}}} }}"

    def _load(self, name: str, triples: bytes, *, is_first: bool) -> None:
        """Load N-Triples into a graph, in the place of what it has or beside it."""
        if self._graphs is not None:
            address, credentials = self._graphs
            _send(
                self._http,
                "PUT" if is_first else "POST",
                f"{address}?graph={urllib.parse.quote(name, safe='')}",
                "graph store",
                triples,
                {**credentials, "Content-Type": "text/turtle"},
            )
            return
        if is_first:
            self._run([f"DROP SILENT GRAPH <{name}>"])
        lines = triples.splitlines(keepends=True)
        for start in range(0, len(lines), _AT_A_TIME):
            rows = b"".join(lines[start : start + _AT_A_TIME]).decode()
            self._run([f"INSERT DATA {{ GRAPH <{name}> {{\n{rows}}} }}"])

    def _by_name(self, query: str, read: Callable[[dict[str, str]], _T]) -> dict[str, _T]:
        """What a query finds of each graph, read from its row, by its ?name."""
        rows = self._rows(query)
        try:
            return {row["name"]: read(row) for row in rows}
        except (KeyError, ValueError) as error:
            raise _no_results(self.query) from error

    def _rows(self, query: str) -> list[dict[str, str]]:
        with urllib3.PoolManager(timeout=_COUNTING, retries=False) as http:
            return _rows_of(http, self.query, query)

    def _run(self, operations: Collection[str]) -> None:
        """Send update operations in one request; none where there are none."""
        if operations:
            address, credentials = self._updates
            body = urllib.parse.urlencode({"update": " ;\n".join(operations)}).encode()
            _send(self._http, "POST", address, "update", body, {**credentials, **_FORM})


def _forgotten(names: Collection[str]) -> list[str]:
    """The operations after which the digests of graphs are not noted."""
    return [f"DELETE WHERE {{ GRAPH <{_DIGESTS}> {{ <{name}> ?p ?o }} }}" for name in sorted(names)]


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


def _runs(dump: Path) -> Iterator[tuple[str, bytes]]:
    """The graphs of a dump with their N-Quads, as they lie there: one may come several times."""
    with gzip.open(dump) as file:
        for graph, run in groupby(_blocks(file), itemgetter(0)):
            yield graph.decode().strip("<>"), b"".join(quads for _, quads in run)


def _blocks(file: gzip.GzipFile) -> Iterator[tuple[bytes, bytes]]:
    """Lines of N-Quads that have one graph, which follows the last blank but one. Most blocks have
    one: then no line is looked at by itself."""
    while block := file.read(_BLOCK) + file.readline():
        graph = _graph_of(block)
        if block.count(b" %s .\n" % graph) == block.count(b"\n"):
            yield graph, block
        else:
            for name, lines in groupby(block.splitlines(keepends=True), _graph_of):
                yield name, b"".join(lines)


def _graph_of(quads: bytes) -> bytes:
    """The graph of the last of some lines."""
    return quads.rsplit(b" ", 2)[1]


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
