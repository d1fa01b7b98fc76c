"""What another engine is sent: graphs that it does not hold, one at a time."""

from __future__ import annotations

import shutil
import threading
import urllib.parse
from collections.abc import Iterable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import SimpleNamespace

import pyoxigraph as ox
import pytest
from moments import watching

from kg.errors import PlanlinkError
from kg.rdf.gzipped import packed
from kg.release.engine import Engine, held_mark, write_engine
from kg.release.folder import only_publisher, put_in_place, swapped
from kg.release.swap import reading, swapping

NQUADS = ox.RdfFormat.N_QUADS


class Loaded(BaseHTTPRequestHandler):
    """The SPARQL 1.1 protocols over a store in memory; notes how graphs were sent."""

    store = ox.Store()
    broken = ""  # how the operation begins at which it breaks off without an answer
    full = ""  # what is in a graph that it refuses
    sent: list[tuple[str, str]] = []  # noqa: RUF012 — emptied for each test
    requests: list[list[str]] = []  # noqa: RUF012 — the same: operations of updates

    def do_PUT(self) -> None:
        self._take()

    def do_POST(self) -> None:
        if self.path.startswith("/graphs"):
            self._take()
            return
        (field, value), *_ = urllib.parse.parse_qsl(self._body().decode())
        if field == "update":
            operations = value.split(" ;\n")  # as an engine does that has no transactions
            self.requests.append(operations)
            broken = self.broken if len(operations) > 1 else ""
            for operation in operations:
                if broken and operation.startswith(broken):
                    return
                self.store.update(operation)
            if not broken:
                self._answer(b"")
            return
        found = self.store.query(value)
        assert isinstance(found, ox.QuerySolutions)
        self._answer(found.serialize(format=ox.QueryResultsFormat.JSON) or b"")

    def _take(self) -> None:
        name = urllib.parse.unquote(self.path.partition("?graph=")[2])
        graph, body = ox.NamedNode(name), self._body()
        if self.full and f'"{self.full} ."'.encode() in body:
            self.send_error(507)
            return
        if self.command == "PUT":
            self.store.remove_graph(graph)
        self.store.load(body, ox.RdfFormat.TURTLE, to_graph=graph)
        self.sent.append((self.command, body.decode()))
        self._answer(b"")

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers["Content-Length"]))

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Not into the tests' output."""


@pytest.fixture
def address() -> Iterator[str]:
    Loaded.store, Loaded.sent, Loaded.requests = ox.Store(), [], []
    Loaded.broken = Loaded.full = ""
    with HTTPServer(("127.0.0.1", 0), Loaded) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def dump(folder: Path, *runs: tuple[str, str]) -> Path:
    """A dump: graphs by name, each with the words that it holds."""
    path = folder / "planlink.nq.gz"
    path.write_bytes(
        b"".join(
            packed(f'<urn:s> <urn:p> "{word} ." <urn:{graph}> .\n'.encode()) for graph, word in runs
        )
    )
    return path


def released() -> set[tuple[str, str]]:
    return {
        (quad.graph_name.value.removeprefix("urn:"), quad.object.value.removesuffix(" ."))
        for quad in Loaded.store
        if not quad.graph_name.value.startswith("urn:x-planlink:")
    }


def loaded(engine: Engine, path: Path, former: Iterable[str] = ()) -> list[str]:
    """Have an engine hold a dump; the words that it was sent by its graph store."""
    Loaded.sent.clear()
    engine.stage(path)
    engine.swap(former, "mark")
    engine.sweep()
    assert not [name for name in Loaded.store.named_graphs() if "staging" in name.value]
    return [body.split('"')[1].removesuffix(" .") for _, body in Loaded.sent]


@pytest.mark.parametrize("by_graph_store", [True, False])
def test_only_what_changed_is_sent(address: str, tmp_path: Path, by_graph_store: bool) -> None:
    graphs = f"{address}/graphs" if by_graph_store else None
    engine = Engine(f"{address}/query", f"{address}/update", graphs)
    first, then = [("a", "1"), ("b", "1"), ("a", "2")], [("a", "1"), ("c", "3"), ("a", "2")]
    assert loaded(engine, dump(tmp_path, *first)) == ["1", "1", "2"] * by_graph_store
    assert released() == {*first}
    assert [how for how, _ in Loaded.sent] == ["PUT", "PUT", "POST"] * by_graph_store
    assert loaded(engine, dump(tmp_path, *then), ["urn:a", "urn:b"]) == ["3"] * by_graph_store
    assert released() == {*then}
    assert loaded(engine, dump(tmp_path, *then), ["urn:a", "urn:c"]) == []


@pytest.mark.parametrize("block", [1, 100, 1 << 20])
def test_graphs_of_a_dump_whatever_is_read_of_it_at_once(
    block: int, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.release.engine._BLOCK", block)
    engine = Engine(f"{address}/query", f"{address}/update", f"{address}/graphs")
    graphs = [("a", "1"), ("a", "of <urn:b>"), ("a", "3"), ("b", "4"), ("a", "5"), ("b", "6")]
    loaded(engine, dump(tmp_path, *graphs))
    assert released() == {*graphs}
    assert [body.count("\n") for _, body in Loaded.sent] == [3, 1, 1, 1]


def test_what_an_engine_has_lost_is_sent_again(address: str, tmp_path: Path) -> None:
    engine = Engine(f"{address}/query", f"{address}/update", f"{address}/graphs")
    graphs = dump(tmp_path, ("a", "1"), ("b", "2"))
    loaded(engine, graphs)
    Loaded.store.remove_graph(ox.NamedNode("urn:b"))
    assert loaded(engine, graphs) == ["2"]
    assert released() == {("a", "1"), ("b", "2")}


@pytest.mark.parametrize("is_first", [True, False])
def test_a_load_that_was_cut_off_goes_on_where_it_was(
    address: str, tmp_path: Path, is_first: bool
) -> None:
    """Graphs that were loaded whole are not loaded again, unless they have changed since; the first
    ones are loaded in place, as nobody reads them yet."""
    engine = Engine(f"{address}/query", f"{address}/update", f"{address}/graphs")
    if not is_first:
        loaded(engine, dump(tmp_path, ("a", "0"), ("b", "0"), ("c", "0"), ("d", "0")))
    Loaded.full = "3"
    with pytest.raises(PlanlinkError, match="refused"):
        loaded(engine, dump(tmp_path, ("a", "1"), ("b", "2"), ("c", "3"), ("d", "4")))
    assert released() == (
        {("a", "1"), ("b", "2")} if is_first else {(name, "0") for name in "abcd"}
    )
    Loaded.full = ""
    then = [("a", "1"), ("b", "5"), ("c", "3"), ("d", "4")]
    assert loaded(engine, dump(tmp_path, *then)) == ["5", "3", "4"]
    assert released() == {*then}


def test_graphs_too_many_for_one_request(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are put in place by several; where one breaks off, the next publish loads the rest."""
    monkeypatch.setattr("kg.release.engine._IN_ONE_REQUEST", 4)
    engine = Engine(f"{address}/query", f"{address}/update", f"{address}/graphs")
    former = [f"urn:{name}" for name in "abcde"]
    first, second, third = ([(name, n) for name in "abcd"] for n in "123")
    loaded(engine, dump(tmp_path, *first, ("e", "1")))
    Loaded.requests.clear()
    loaded(engine, dump(tmp_path, *second), former)
    assert released() == {*second}
    assert [sum("COPY" in one for one in it) for it in Loaded.requests][:3] == [2, 2, 0]
    Loaded.broken = "DELETE WHERE { GRAPH <urn:x-planlink:digests> { <urn:c>"
    with pytest.raises(PlanlinkError, match="does not answer"):
        loaded(engine, dump(tmp_path, *third), former)
    assert released() == {*third[:2], *second[2:]} and held_mark(engine.query) is None
    Loaded.broken = ""
    assert loaded(engine, dump(tmp_path, *third), former) == ["3", "3"]
    assert released() == {*third} and held_mark(engine.query) == "mark"


# ---- one release for pages and for queries, whenever a publish is cut off


def release(out: Path, number: int, engine: Engine) -> None:
    """Put a release in place whose graph "a" holds its number."""
    built = out / f".building-{number}"
    (built / "dumps").mkdir(parents=True)
    (out / "releases").mkdir(exist_ok=True)
    engine.stage(dump(built / "dumps", ("a", str(number))))
    write_engine(built, engine)
    served = SimpleNamespace(graphs={"urn:a": 1}) if number > 1 else None
    put_in_place(out, built, number, swapped(out, engine, served, number))  # type: ignore[arg-type]


def shown(out: Path) -> set[tuple[str, str]]:
    """What pages show: the graph of the current release."""
    return {("a", (out / "current").readlink().name)}


@pytest.fixture
def first(address: str, tmp_path: Path) -> tuple[Path, Engine]:
    out, engine = tmp_path / "out", Engine(f"{address}/query", f"{address}/update")
    release(out, 1, engine)
    return out, engine


def test_a_kill_at_any_moment_leaves_pages_and_queries_at_one_release(
    first: tuple[Path, Engine], tmp_path: Path
) -> None:
    out, engine = first
    killed: list[tuple[str, Path, bytes]] = []

    def keep(moment: str) -> None:
        killed.append(
            (moment, tmp_path / str(len(killed)), Loaded.store.dump(format=NQUADS) or b"")
        )
        shutil.copytree(out, killed[-1][1], symlinks=True)

    with watching(out, keep):
        release(out, 2, engine)
    at = []
    for moment, folder, held in killed:
        Loaded.store = ox.Store()
        Loaded.store.load(held, format=NQUADS)
        with reading(folder) as sure:
            assert sure and {*released()} == shown(folder), moment
        at.append((folder / "current").readlink().name)
        with only_publisher(folder):  # the next publish finds the same
            assert {*released()} == shown(folder), moment
        release(folder, 3, engine)
        assert {*released()} == shown(folder) == {("a", "3")}, moment
    assert len(killed) > 10 and at == sorted(at) and {*at} == {"1", "2"}


@pytest.mark.parametrize("at", ["DROP", "COPY", "INSERT", "answer"])
def test_an_engine_that_breaks_off_while_it_swaps(first: tuple[Path, Engine], at: str) -> None:
    """Where only the answer was lost, the release is there; where the swap is half done, no query
    is answered until the next publish.
    """
    out, engine = first
    Loaded.broken = at
    if at == "answer":
        release(out, 2, engine)
        assert released() == shown(out) == {("a", "2")}
        return
    with pytest.raises(PlanlinkError, match="does not answer"), only_publisher(out):
        release(out, 2, engine)
    with reading(out) as sure:
        assert sure is (at == "DROP")
        assert shown(out) == {("a", "1")} and (not sure or released() == shown(out))
    Loaded.broken = ""
    release(out, 2, engine)
    with reading(out) as sure:
        assert sure and released() == shown(out) == {("a", "2")}


def test_where_the_engine_does_not_say_no_query_is_answered(first: tuple[Path, Engine]) -> None:
    out, engine = first
    with pytest.raises(RuntimeError), only_publisher(out), swapping(out, "1"):
        raise RuntimeError
    engine.query = "http://127.0.0.1:9/"
    write_engine(out / "releases" / "1", engine)
    with reading(out) as sure:
        assert not sure
