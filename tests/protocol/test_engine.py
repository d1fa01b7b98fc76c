"""Releases in other engines, started on loopback: Oxigraph's own server and Virtuoso."""

from __future__ import annotations

import contextlib
import json
import shutil
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import urllib3
from support import FLAGSHIP, ROOT, answering, ask, free_port, oxigraph, run, serving

from kg.sparql.remote import forward
from kg.sparql.request import Request

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
        VIRTUOSO.read_text(encoding="utf-8").format(sql=sql, http=http, buffers=20_000, threads=20),
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


ENGINES = [oxigraph_addresses, virtuoso]


def select(address: str, query: str) -> tuple[int, bytes]:
    status, _, body = ask(
        address + "/sparql",
        query.encode(),
        Content_Type="application/sparql-query",
        Accept="application/sparql-results+json",
    )
    return status, body


@pytest.mark.parametrize("engine", ENGINES)
def test_a_release_in_an_engine(engine: object, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with engine(tmp_path) as (query, update, _):
        done = run("publish", FLAGSHIP, "--out", out, "--store", query, "--update", update)
        assert done.returncode == 0, done.stderr
        with serving(out, PLANLINK_QUERY_SECONDS="4") as address:
            graphs = json.loads(ask(f"{address}/manifest.json")[2])["graphs"]
            status, body = select(
                address, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g"
            )
            assert status == 200, body
            counted = {
                b["g"]["value"]: int(b["n"]["value"])
                for b in json.loads(body)["results"]["bindings"]
            }
            assert counted == graphs
            status, body = select(
                address,
                "SELECT (COUNT(DISTINCT ?m) AS ?n) { ?m a <https://w3id.org/planlink/ns#Measure> }",
            )
            classes = json.loads(ask(f"{address}/manifest.json")[2])["classes"]
            assert (
                int(json.loads(body)["results"]["bindings"][0]["n"]["value"]) == classes["Measure"]
            )
            construct = b"CONSTRUCT { ?g a ?t } { ?g a ?t FILTER(?t = <https://w3id.org/planlink/ns#Goal>) }"
            _, headers, body = ask(
                f"{address}/sparql",
                construct,
                Content_Type="application/sparql-query",
                Accept="application/n-triples",
            )
            assert (headers["Content-Type"], body.count(b"\n")) == (
                "application/n-triples",
                classes["Goal"],
            )
            assert (
                select(address, "SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }")[0] == 400
            )
            assert select(address, "SELECT * { nonsense")[0] == 400
            begun = time.monotonic()
            assert select(
                address,
                "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c != ?i) }",
            )[0] in (502, 503)
            while (answer := select(address, "ASK { ?s ?p ?o }"))[
                0
            ] == 503 and time.monotonic() < begun + 60:
                pass  # an engine goes on with what nobody waits for any more
            assert answer[0] == 200
            assert json.loads(answer[1])["boolean"] is True


@pytest.mark.parametrize("engine", ENGINES)
def test_no_reader_sees_half_a_release(engine: object, tmp_path: Path) -> None:
    """While a release is replaced by one of another plan, loaded by its graph store, every query sees all of one of them."""
    out, invented = tmp_path / "out", tmp_path / "invented"
    assert run("new", ROOT / "tests" / "plans" / "qinghe.md", invented).returncode == 0
    with engine(tmp_path) as (query, update, graph_store):
        command = ("--out", out, "--store", query, "--update", update)
        assert run("publish", FLAGSHIP, *command).returncode == 0
        counts = [_triples(out)]
        with serving(out) as address:
            seen: Counter[int] = Counter()
            stop = threading.Event()

            def reader() -> None:
                while not stop.is_set():
                    status, body = select(
                        address,
                        f"SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} }} # {time.monotonic()}",
                    )
                    seen[
                        int(json.loads(body)["results"]["bindings"][0]["n"]["value"])
                        if status == 200
                        else -status
                    ] += 1
                    time.sleep(0.05)

            readers = [threading.Thread(target=reader) for _ in range(2)]
            for one in readers:
                one.start()
            done = run("publish", invented, *command, "--graph-store", graph_store)
            assert done.returncode == 0, done.stderr
            counts.append(_triples(out))
            time.sleep(1)
            stop.set()
            for one in readers:
                one.join()
    assert set(seen) <= set(counts)
    assert seen[counts[0]] > 0


def _triples(out: Path) -> int:
    return int(
        json.loads((out / "current" / "manifest.json").read_text(encoding="utf-8"))["triples"]
    )


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
    outcome = forward(urllib3.PoolManager(), address, [], Request("ASK {}"), str(answer))
    engine.server_close()
    assert outcome.name == ("malformed" if status == 400 else "engine")
    assert "SECRET" not in outcome.problem
    assert address not in outcome.problem
    assert not answer.exists() or b"SECRET" not in answer.read_bytes()


@pytest.mark.parametrize(
    "query",
    [
        'DEFINE get:soft "replace" SELECT * FROM <http://127.0.0.1/> { ?s ?p ?o }',
        "SELECT * { SERVICE <http://a/> {} }",
    ],
)
def test_what_makes_an_engine_reach_out_is_not_passed_on(query: str, tmp_path: Path) -> None:
    answer = str(tmp_path / "answer")
    outcome = forward(urllib3.PoolManager(), "http://127.0.0.1:9/", [], Request(query), answer)
    assert outcome.name in ("refused", "malformed"), "it was sent"
