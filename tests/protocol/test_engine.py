"""Releases in other engines, started on loopback: Oxigraph's own server and Virtuoso."""

from __future__ import annotations

import contextlib
import gzip
import json
import shutil
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from pathlib import Path

import pytest
import urllib3
from support import (
    HANGING,
    answering,
    ask,
    copy_made,
    eventually,
    free_port,
    oxigraph,
    run,
    serving,
)

from kg.release.swap import swapping
from kg.sparql.remote import forward
from kg.sparql.request import Request, Written

VIRTUOSO = Path(__file__).parent / "virtuoso.ini"


@contextlib.contextmanager
def oxigraph_addresses(folder: Path) -> Iterator[tuple[str, str, str]]:
    with oxigraph(folder) as address:
        yield f"{address}/query", f"{address}/update", f"{address}/store"


@contextlib.contextmanager
def virtuoso(folder: Path) -> Iterator[tuple[str, str, str]]:
    if shutil.which("virtuoso-t") is None:
        pytest.skip("Virtuoso is not installed: as root, apt-get install virtuoso-opensource-7")
    sql, http = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(
        VIRTUOSO.read_text(encoding="utf-8").format(
            sql=sql, http=http, buffers=20_000, threads=20, parallel=1, seconds=HANGING
        ),
        encoding="utf-8",
    )
    process = subprocess.Popen(
        ["virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"],
        cwd=folder,
        stderr=subprocess.DEVNULL,
    )
    with answering(process, f"http://127.0.0.1:{http}/sparql", kill=True):
        grant = "exec=DB.DBA.USER_GRANT_ROLE('SPARQL','SPARQL_UPDATE');"
        subprocess.run(
            ["isql-vt", f"127.0.0.1:{sql}", "dba", "dba", grant], check=True, capture_output=True
        )
        address = f"http://127.0.0.1:{http}"
        yield f"{address}/sparql", f"{address}/sparql", f"{address}/sparql-graph-crud"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (
            ("--store", "http://127.0.0.1:9/query", "--update", "http://127.0.0.1:9/update"),
            "the engine does not answer",
        ),
        (("--store", "http://127.0.0.1:9/query"), "update address is missing"),
        (("--update", "http://127.0.0.1:9/query"), "--update is given without an engine"),
        (("--graph-store", "http://127.0.0.1:9/store"), "--graph-store is given without an engine"),
    ],
)
def test_an_engine_that_is_not_there(
    options: tuple[str, ...], says: str, small_plan: Path, tmp_path: Path
) -> None:
    done = run("publish", small_plan, "--out", tmp_path / "out", *options)
    assert done.returncode == 2
    assert says in done.stderr.splitlines()[-1]
    assert not (tmp_path / "out" / "current").exists()


class _Internal(BaseHTTPRequestHandler):
    """An engine that answers with what only the server should see."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = b"SECRET-INTERNAL"
        self.send_response(int(self.path[1:]))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("status", [200, 302, 400, 403, 500])
def test_what_an_engine_says_of_an_error_is_not_passed_on(status: int, tmp_path: Path) -> None:
    engine = HTTPServer(("127.0.0.1", 0), _Internal)
    threading.Thread(target=engine.handle_request, daemon=True).start()
    address = f"http://127.0.0.1:{engine.server_port}/{status}"
    answer = tmp_path / "answer"
    given = forward(urllib3.PoolManager(), address, {}, Request("ASK {}"), str(answer))
    engine.server_close()
    assert given.outcome == ("refused" if status == 400 else "engine")
    assert "SECRET" not in given.problem
    assert address not in given.problem
    assert not answer.exists() or b"SECRET" not in answer.read_bytes()


@pytest.mark.parametrize(("released", "outcome"), [(1, "ok"), (2, "engine")])
def test_a_graph_that_an_engine_cuts_off_is_no_answer(released: int, outcome: str) -> None:
    class Short(_Internal):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<urn:s> <urn:p> <urn:o> .\n")

    engine = HTTPServer(("127.0.0.1", 0), Short)
    threading.Thread(target=engine.handle_request, daemon=True).start()
    address, graphs = f"http://127.0.0.1:{engine.server_port}/", {"urn:g": released}
    given = forward(urllib3.PoolManager(), address, graphs, Request("urn:g", "get"), Written())
    engine.server_close()
    assert given.outcome == outcome


class _Faulty(BaseHTTPRequestHandler):
    """An engine with a fault: each answers {"boolean": true} but for one thing."""

    fault = ""
    given_up = threading.Event()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        body = _BODIES.get(self.fault, b'{"head": {}, "boolean": true}')
        if self.fault == "a bomb":
            body = gzip.compress(b" " * 4_000_000, 1) * 100
        self.close_connection = True
        if self.fault == "says nothing":
            return
        if self.fault == "slow":
            self.given_up.wait(HANGING)
            return
        self.send_response(
            500 if self.fault == "error" else 302 if self.fault == "led away" else 200
        )
        if self.fault == "led away":
            self.send_header("Location", "http://secret.internal/")
        if self.fault == "a bomb":
            self.send_header("Content-Encoding", "gzip")
        if self.fault != "endless":
            self.send_header("Content-Length", str(len(body) + (self.fault == "cut off")))
        self.end_headers()
        self.wfile.write(body)
        with contextlib.suppress(OSError):
            while self.fault == "endless":
                self.wfile.write(b" " * 100_000)

    def log_message(self, *_: object) -> None:
        pass


_BODIES = {
    "error": b"SECRET of http://secret.internal/",
    "led away": b"SECRET",
    "a page": b"<html>SECRET</html>",
    "no JSON": b'{"head": {}, "boolean": tr',
    "no results": b"[1, 2]",
    "another form": b'{"head": {"vars": ["s"]}, "results": {"bindings": []}}',
    "no terms": b'{"head": {"vars": ["s"]}, "results": {"bindings": [{"s": {"type": "SECRET"}}]}}',
    "endless": b'{"head": {"vars": ["s"]}, "results": {"bindings": [',
}


def test_an_engine_with_a_fault_is_told_in_a_line_and_pages_go_on(own_small_release: Path) -> None:
    """Down, cut off, lying, or at a query without end: queries and /readyz say so, without its
    address or its words, and it is asked again when it answers."""
    engine = ThreadingHTTPServer(("127.0.0.1", 0), _Faulty)
    engine.daemon_threads = True
    threading.Thread(target=engine.serve_forever, daemon=True).start()
    held = {"query": f"http://127.0.0.1:{engine.server_port}/sparql", "graphs": {}}
    (own_small_release / "current" / "engine.json").write_text(json.dumps(held), encoding="utf-8")
    limits = {"PLANLINK_QUERY_SECONDS": "1", "PLANLINK_QUERY_MEMORY": "256"}
    with serving(own_small_release, **limits) as address:
        faults = [
            "error",
            "led away",
            "a page",
            "no JSON",
            "no results",
            "another form",
            "no terms",
        ]
        for fault in [*faults, "says nothing", "cut off", "a bomb", "endless", "slow", "down"]:
            _Faulty.fault = fault
            if fault == "down":
                engine.shutdown()
                engine.server_close()
            form = "ASK" if fault == "another form" else "SELECT ?s"
            status, body = select(address, f"{form} {{ ?s ?p '{fault}' }}")
            assert status in (400, 502, 503), (fault, body)
            told = body.decode()
            assert "SECRET" not in told and "127.0.0.1" not in told and "secret" not in told, fault
            assert len(told.strip().splitlines()) == 1 and "Error" not in told, (fault, told)
            if fault not in ("no terms", "a bomb"):
                ready = ask(f"{address}/readyz")[::2]
                assert ready == (503, b"queries are not answered\n"), fault
            assert ask(f"{address}/plan/qinghe-2026")[0] == 200, fault
            if fault == "slow":
                # a query that it was at past the limit is no reason not to ask it again
                _Faulty.fault = ""
                _Faulty.given_up.set()
                again = "ASK { ?s ?p 'again' }"
                eventually(
                    lambda again=again: select(address, again)[0] == 200, "it is asked again"
                )


@pytest.mark.parametrize(
    "query",
    [
        'DEFINE get:soft "replace" SELECT * FROM <http://127.0.0.1/> { ?s ?p ?o }',
        "SELECT * { SERVICE <http://a/> {} }",
        "SELECT ?s， ?o { ?s ?p ?o }",
    ],
)
def test_what_reaches_out_or_is_mistaken_is_not_passed_on(query: str, tmp_path: Path) -> None:
    answer = str(tmp_path / "answer")
    given = forward(urllib3.PoolManager(), "http://127.0.0.1:9/", {}, Request(query), answer)
    assert given.outcome in ("refused", "malformed"), "it was sent"


@dataclass(frozen=True)
class Loaded:
    """An engine that holds the small plan's release, and a server before it.

    address: the server's.
    out: the folder of releases.
    command: the options of a publish into both.
    graph_store: the engine's address for whole graphs.
    """

    address: str
    out: Path
    command: tuple[str | Path, ...]
    graph_store: str


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(engine, marks=pytest.mark.xdist_group(engine.__name__))
        for engine in (oxigraph_addresses, virtuoso)
    ],
)
def loaded(
    request: pytest.FixtureRequest,
    small_plan: Path,
    small_release: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Loaded]:
    folder = tmp_path_factory.mktemp("engine")
    with request.param(folder) as (query, update, graph_store):
        out = copy_made(small_release, folder / "out")
        command = ("--out", out, "--store", query, "--update", update)
        done = run("publish", small_plan, *command)
        assert done.returncode == 0, done.stderr
        # On a machine that is busy a query of the engine takes its time.
        with serving(out, PLANLINK_QUERY_SECONDS=str(HANGING)) as address:
            yield Loaded(address, out, command, graph_store)


def select(address: str, query: str) -> tuple[int, bytes]:
    status, _, body = ask(
        address + "/sparql",
        query.encode(),
        Content_Type="application/sparql-query",
        Accept="application/sparql-results+json",
    )
    return status, body


def test_a_release_in_an_engine(loaded: Loaded) -> None:
    manifest = json.loads(ask(f"{loaded.address}/manifest.json")[2])
    graphs = "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
    status, body = select(loaded.address, graphs)
    assert status == 200, body
    found = json.loads(body)["results"]["bindings"]
    assert {b["g"]["value"]: int(b["n"]["value"]) for b in found} == manifest["graphs"]
    status, body = select(
        loaded.address,
        "SELECT (COUNT(DISTINCT ?m) AS ?n) { ?m a <https://w3id.org/planlink/ns#Measure> }",
    )
    (row,) = json.loads(body)["results"]["bindings"]
    assert int(row["n"]["value"]) == manifest["classes"]["Measure"]
    goals = "CONSTRUCT { ?g a ?t } { ?g a ?t FILTER(?t = <https://w3id.org/planlink/ns#Goal>) }"
    _, headers, body = ask(
        f"{loaded.address}/sparql",
        goals.encode(),
        Content_Type="application/sparql-query",
        Accept="application/n-triples",
    )
    assert headers["Content-Type"] == "application/n-triples"
    assert body.count(b"\n") == manifest["classes"]["Goal"]
    counts = manifest["graphs"] | {"": manifest["triples"]}
    for name, count in counts.items():
        asked = f"graph={name}" if name else "default"
        status, _, body = ask(f"{loaded.address}/graphs?{asked}", Accept="application/n-triples")
        assert (status, body.count(b"\n")) == (200, count), name
    assert ask(f"{loaded.address}/graphs?graph=urn:x:y")[0] == 404
    refused = {
        "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }": 422,
        "SELECT (<http://a/f>(1) AS ?x) {}": 422,
        "SELECT * { nonsense": 400,
    }
    for query, expected in refused.items():
        status, body = select(loaded.address, query)
        assert status == expected, body


def test_a_swap_that_takes_long_is_said(loaded: Loaded) -> None:
    with swapping(loaded.out, "0"):
        status, body = select(loaded.address, "ASK { ?s ?p 'while graphs are swapped' }")
    assert (status, body) == (
        503,
        b"the data of a new release are being put in place; try again soon\n",
    )
    eventually(lambda: select(loaded.address, "ASK {}")[0] == 200, "it is asked again")


@pytest.mark.parametrize("into", ["the same engine", "another"])
def test_no_reader_sees_half_a_release(
    into: str, loaded: Loaded, small_copy: Path, tmp_path: Path
) -> None:
    """While a release is replaced by one of another plan, loaded by its graph store, every query
    sees all of one of them, wherever it is loaded."""
    served = json.loads((loaded.out / "current" / "manifest.json").read_text(encoding="utf-8"))
    toml, source = small_copy / "plan.toml", small_copy / "source.txt"
    slug, more = f"qinghe-{served['release']}", "支持云湖工业大学建设技术转移中心。\n"
    toml.write_text(toml.read_text("utf-8").replace("qinghe-2026", slug), "utf-8")
    source.write_text(source.read_text("utf-8") + more * served["release"], "utf-8")
    counts = [_triples(loaded.out)]
    seen: Counter[int] = Counter()
    refused: list[bytes] = []
    stop = threading.Event()

    def reader() -> None:
        while not stop.is_set():
            count = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
            status, body = select(loaded.address, f"{count} # {time.monotonic()}")
            if status == 200:
                seen[int(json.loads(body)["results"]["bindings"][0]["n"]["value"])] += 1
            else:
                refused.append(body)
            stop.wait(0.05)

    readers = [threading.Thread(target=reader) for _ in range(2)]
    for one in readers:
        one.start()
    with contextlib.ExitStack() as stack:
        *command, store = *loaded.command, loaded.graph_store
        if into == "another":
            command[3], command[5], store = stack.enter_context(oxigraph_addresses(tmp_path))
        stack.callback(lambda: [one.join() for one in readers])
        stack.callback(stop.set)
        eventually(lambda: seen[counts[0]], "an answer of the former release")
        former = (option for plan in served["plans"] for option in ("--remove", plan["slug"]))
        done = run("publish", small_copy, *command, "--graph-store", store, *former)
        assert done.returncode == 0, done.stderr
        counts.append(_triples(loaded.out))
        assert counts[0] != counts[1]
        eventually(lambda: seen[counts[1]], "an answer of the new release")
        if into == "another":
            back = run("publish", small_copy, *loaded.command)
            assert back.returncode == 0, back.stderr
            counts.append(_triples(loaded.out))
            eventually(lambda: seen[counts[2]], "an answer of the former engine")
    assert not refused and set(seen) <= set(counts)


def _triples(out: Path) -> int:
    return int(
        json.loads((out / "current" / "manifest.json").read_text(encoding="utf-8"))["triples"]
    )
