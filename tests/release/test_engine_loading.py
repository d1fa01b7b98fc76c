"""What another engine is sent: graphs that it does not hold, one at a time."""

from __future__ import annotations

import threading
import urllib.parse
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.rdf.quads import packed
from kg.release.engine import Engine, held_by, swapping, write_engine


class Loaded(BaseHTTPRequestHandler):
    """The SPARQL 1.1 protocols over a store in memory; notes how graphs were sent."""

    store = ox.Store()
    sent: list[tuple[str, str]] = []  # noqa: RUF012 — emptied for each test

    def do_PUT(self) -> None:
        self._take()

    def do_POST(self) -> None:
        if self.path.startswith("/graphs"):
            self._take()
            return
        (field, value), *_ = urllib.parse.parse_qsl(self._body().decode())
        if field == "update":
            self.store.update(value)
            self._answer(b"")
            return
        found = self.store.query(value)
        assert isinstance(found, ox.QuerySolutions)
        self._answer(found.serialize(format=ox.QueryResultsFormat.JSON) or b"")

    def _take(self) -> None:
        name = urllib.parse.unquote(self.path.partition("?graph=")[2])
        graph, body = ox.NamedNode(name), self._body()
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
    Loaded.store, Loaded.sent = ox.Store(), []
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
        if not isinstance(quad.graph_name, ox.DefaultGraph)
    }


@pytest.mark.parametrize("by_graph_store", [True, False])
def test_only_what_changed_is_sent(address: str, tmp_path: Path, by_graph_store: bool) -> None:
    graphs = f"{address}/graphs" if by_graph_store else None
    engine = Engine(f"{address}/query", f"{address}/update", graphs)
    first = [("a", "1"), ("b", "1"), ("a", "2")]
    held = engine.stage(dump(tmp_path, *first), {})
    engine.swap(())
    assert released() == {*first}
    assert [how for how, _ in Loaded.sent] == (["PUT", "PUT", "POST"] if by_graph_store else [])
    Loaded.sent.clear()
    then = [("a", "1"), ("c", "1"), ("a", "2")]
    again = engine.stage(dump(tmp_path, *then), held)
    engine.swap(held)
    assert released() == {*then}
    assert [body for _, body in Loaded.sent] == ['<urn:s> <urn:p> "1 ." .\n'] * by_graph_store
    assert {name: again[name] for name in ("urn:a",)} == {"urn:a": held["urn:a"]}


def test_what_an_engine_has_lost_is_sent_again(address: str, tmp_path: Path) -> None:
    engine = Engine(f"{address}/query", f"{address}/update", f"{address}/graphs")
    graphs = [("a", "1"), ("b", "1")]
    held = engine.stage(dump(tmp_path, *graphs), {})
    engine.swap(())
    Loaded.store.remove_graph(ox.NamedNode("urn:b"))
    engine.stage(dump(tmp_path, *graphs), held)
    engine.swap(held)
    assert released() == {*graphs}
    assert len(Loaded.sent) == 3


def test_after_a_swap_that_was_cut_off_nothing_is_taken_to_be_there(tmp_path: Path) -> None:
    engine, folder = Engine("http://engine.example/", "http://engine.example/"), tmp_path / "1"
    folder.mkdir()
    assert held_by(engine, tmp_path, folder) == {}
    write_engine(folder, engine, {"urn:a": "digest"})
    assert held_by(engine, tmp_path, folder) == {"urn:a": "digest"}
    other = Engine("http://other.example/", "http://other.example/")
    assert held_by(other, tmp_path, folder) == held_by(engine, tmp_path, None) == {}
    with pytest.raises(KeyboardInterrupt), swapping(tmp_path):
        raise KeyboardInterrupt
    assert held_by(engine, tmp_path, folder) == {}
    with swapping(tmp_path):
        pass
    assert held_by(engine, tmp_path, folder) == {"urn:a": "digest"}
