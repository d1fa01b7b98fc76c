"""Hostile queries and clients: every one gets its answer or a plain refusal, and nobody else notices."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from support import FLAGSHIP, ask, run, serving

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
QUOTED = "http://www.w3.org/ns/prov#wasQuotedFrom"
LIGHT = "ASK { ?s ?p ?o }"
SECONDS = 3.0
MEMORY = 256  # MiB
PAGE = "/page/hongqiao-2021/zone/guang-rong-dao-ke-ji-chan-ye-yuan"


@pytest.fixture(scope="module")
def bounded(release: Path) -> Iterator[str]:
    limits = {
        "PLANLINK_QUERY_SECONDS": str(SECONDS),
        "PLANLINK_QUERY_MEMORY": str(MEMORY),
        "PLANLINK_QUERY_RESULT": "4",
    }
    with serving(release, **limits) as address:
        yield address


def send(address: str, query: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    return ask(f"{address}/sparql", query.encode(), Content_Type="application/sparql-query")


def test_a_query_without_end_is_ended_and_a_light_one_answers_beside_it(bounded: str) -> None:
    with ThreadPoolExecutor() as pool:
        heavy = pool.submit(send, bounded, ENDLESS)
        time.sleep(0.3)
        assert send(bounded, LIGHT)[0] == 200
        assert not heavy.done()
        status, headers, body = heavy.result()
    assert (status, headers["Retry-After"]) == (503, "5")
    assert body == b"the query did not end within 3 s; narrow it down\n"
    assert send(bounded, LIGHT)[0] == 200


def test_a_query_that_eats_memory_dies_alone(release: Path) -> None:
    with serving(
        release, PLANLINK_QUERY_SECONDS="60", PLANLINK_QUERY_MEMORY=str(MEMORY)
    ) as address:
        status, _, body = send(address, "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?f")
        assert status == 503
        assert f"more than {MEMORY} MiB of memory".encode() in body
        assert send(address, LIGHT)[0] == 200


@pytest.mark.parametrize(
    "query", ["SELECT * { ?a ?b ?c . ?d ?e ?f }", "CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f }"]
)
def test_rows_beyond_the_limit_break_the_connection(bounded: str, query: str) -> None:
    parts = urllib.parse.urlsplit(bounded)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    connection.request(
        "POST",
        "/sparql",
        query,
        {"Content-Type": "application/sparql-query", "Accept": "text/csv, application/n-triples"},
    )
    answer = connection.getresponse()
    assert answer.status == 200
    with pytest.raises(http.client.IncompleteRead) as broken:
        answer.read()
    assert len(broken.value.partial) <= 4 * 1024**2
    assert b"limit" not in broken.value.partial[-200:]


def test_rows_beyond_the_limit_break_a_plain_query_too(bounded: str) -> None:
    assert (
        ask(f"{bounded}/sparql?query=ASK%20%7B%7D", Accept="text/csv")[0] == 200
    )  # the first in a format is the framework's
    parts = urllib.parse.urlsplit(bounded)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    connection.request(
        "GET",
        "/sparql?query=" + urllib.parse.quote("SELECT * { ?a ?b ?c . ?d ?e ?f }"),
        headers={"Accept": "text/csv"},
    )
    answer = connection.getresponse()
    assert answer.status == 200
    with pytest.raises(http.client.IncompleteRead) as broken:
        answer.read()
    assert len(broken.value.partial) <= 4 * 1024**2


def test_a_slow_query_breaks_off_after_its_first_rows(bounded: str) -> None:
    streamed = "SELECT ?a { { ?a ?b ?c } UNION { ?a a ?x . ?d a ?f . ?g a ?i FILTER(STR(?x) = CONCAT(STR(?d), STR(?i))) } }"
    parts = urllib.parse.urlsplit(bounded)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    connection.request(
        "POST",
        "/sparql",
        streamed,
        {"Content-Type": "application/sparql-query", "Accept": "text/csv"},
    )
    answer = connection.getresponse()
    assert answer.status == 200
    with pytest.raises(http.client.IncompleteRead):
        answer.read()


def test_a_storm(bounded: str) -> None:
    """Fifty endless queries and ten of 10 MB: pages go on, each client is told, and memory stays bounded."""
    processes = psutil.Process(next(p.pid for p in psutil.process_iter() if _listens(p, bounded)))
    idle = _memory(processes)
    with ThreadPoolExecutor(70) as pool:
        endless = [pool.submit(send, bounded, f"{ENDLESS} # {i}") for i in range(50)]
        light = [send(bounded, f"{LIGHT} # beside {i}")[0] for i in range(10)]
        waited = any(f.done() for f in endless)
        large = [pool.submit(send, bounded, "#" * 10_000_000) for _ in range(10)]
        pages = [ask(f"{bounded}{PAGE}")[0] for _ in range(30)]
        most = _memory(processes)
        answers = [f.result() for f in endless]
        refused = Counter(f.result()[0] for f in large)
    assert set(light) == {200}
    assert not waited, "light queries waited until endless ones had ended"
    assert set(pages) == {200}
    assert {status for status, _, _ in answers} == {503}
    assert all(headers["Retry-After"] for _, headers, _ in answers)
    assert refused == {413: 10}
    assert most - idle < 8 * MEMORY * 1024**2
    assert send(bounded, LIGHT)[0] == 200


def test_long_queries_beyond_those_held_give_way_and_paused_ones_go_on(release: Path) -> None:
    """Of more long queries than are held, the last give way at once; of those held, the paused ones end when they get their turn."""
    pairs = f"?a a <https://w3id.org/planlink/ns#Link> ; <{QUOTED}> ?c . ?d <{QUOTED}> ?f FILTER(STRLEN(STR(?c)) != STRLEN(STR(?f)))"
    long = f"SELECT (COUNT(*) AS ?n) {{ {pairs} }}"
    limits = {
        "PLANLINK_QUERY_SECONDS": "40",
        "PLANLINK_QUERY_HEAVY": "1",
        "PLANLINK_QUERY_HELD": "3",
    }
    with serving(release, **limits) as address, ThreadPoolExecutor(12) as pool:
        answers = [
            f.result() for f in [pool.submit(send, address, f"{long} # {i}") for i in range(12)]
        ]
        assert send(address, LIGHT)[0] == 200
    refused = [body for status, _, body in answers if status == 503]
    counts = {body for status, _, body in answers if status == 200}
    assert len(answers) - len(refused) >= 3
    assert len(counts) == 1, "a query that was paused has another answer"
    assert set(refused) == {b"the query takes long and others wait; try again later\n"}


def _listens(process: psutil.Process, address: str) -> bool:
    port = str(urllib.parse.urlsplit(address).port)
    try:
        command = process.cmdline()
    except psutil.Error:
        return False
    return (
        "kg.http_server" in command
        and port in command
        and psutil.Process(process.ppid()).cmdline() != command
    )


def _memory(process: psutil.Process) -> int:
    total = 0
    for one in (process, *process.children(recursive=True)):
        try:
            total += one.memory_full_info().uss
        except psutil.NoSuchProcess:
            continue
    return total


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (
            "SELECT * { ?s ?p ?o FILTER(?o IN ("
            + ", ".join(map(str, range(20_000)))
            + ")) } LIMIT 1",
            200,
        ),
        ("SELECT * { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }", 400),
        ("SELECT * { ?s ?p ?o FILTER(" + "!" * 50_000 + "true) }", 200),
        ("ASK { " + " ".join(f"?s{i} ?p{i} ?s{i + 1} ." for i in range(300)) + " }", 200),
        ("SELECT * { ?s ?p ?o . " + "?s ?p ?o . " * 30000 + "}", 400),
        ("\x00\x01", 400),
    ],
    ids=["IN list", "brackets", "negations", "patterns", "long", "control characters"],
)
def test_queries_made_to_hurt(bounded: str, query: str, status: int) -> None:
    assert send(bounded, query)[0] in (status, 400, 503)
    assert send(bounded, LIGHT)[0] == 200


def raw(address: str, content: bytes) -> bytes:
    """The answer to bytes sent as they are."""
    parts = urllib.parse.urlsplit(address)
    with socket.create_connection(
        (parts.hostname or "", parts.port or 80), timeout=20
    ) as connection:
        connection.sendall(content)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while part := connection.recv(65536):
            received += part
    return received


@pytest.mark.parametrize(
    "content",
    [
        b"\xff\xfe\x00GARBAGE\r\n\r\n",
        b"GET /dumps/../../../../etc/passwd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /dumps/%2e%2e%2f%2e%2e%2fmanifest.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /sources/..%2f..%2fmanifest.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /id/x%0d%0aSet-Cookie:%20a=b HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"GET /sparql HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\nConnection: close\r\n\r\n",
        b"GET /sparql?query=%FF%FE HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\nContent-Type: application/sparql-query\r\nConnection: close\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
    ],
    ids=[
        "bytes",
        "traversal",
        "encoded",
        "source",
        "CRLF",
        "folding",
        "not UTF-8",
        "length",
        "smuggling",
    ],
)
def test_malformed_requests(server: str, content: bytes) -> None:
    answer = raw(server, content)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b" 4" in head.split(b"\r\n")[0], answer[:200]
    assert b"Set-Cookie: a" not in head
    assert b"Traceback" not in body
    assert b"root:" not in body


def test_slow_clients_hold_up_nobody(server: str) -> None:
    parts = urllib.parse.urlsplit(server)
    slow = [socket.create_connection((parts.hostname or "", parts.port or 80)) for _ in range(200)]
    try:
        for i, connection in enumerate(slow):
            connection.sendall(
                b"GET /sparql HTTP/1.1\r\nHost"
                if i % 2
                else b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nq"
            )
        assert send(server, LIGHT)[0] == 200
        assert ask(f"{server}{PAGE}")[0] == 200
    finally:
        for connection in slow:
            connection.close()


def test_a_rate_for_each_address(release: Path) -> None:
    with serving(release, "--rate", "5/minute", "--workers", "3") as address:
        answers = [send(address, LIGHT) for _ in range(18)]
        assert [status for status, _, _ in answers] == [200] * 5 + [429] * 13, (
            "each process counts for itself"
        )
        assert answers[-1][1]["Retry-After"]
        assert ask(f"{address}{PAGE}")[0] == 200


def test_a_release_is_picked_up_without_a_failed_request(own_release: Path) -> None:
    with serving(own_release) as address:
        outcomes: Counter[tuple[int, str]] = Counter()
        stop = threading.Event()

        def client() -> None:
            while not stop.is_set():
                outcomes[send(address, f"{LIGHT} # {time.monotonic()}")[0], "query"] += 1
                outcomes[ask(f"{address}{PAGE}")[0], "page"] += 1

        clients = [threading.Thread(target=client) for _ in range(4)]
        for one in clients:
            one.start()
        assert run("publish", FLAGSHIP, "--out", own_release).returncode == 0
        for _ in range(100):
            if json.loads(ask(f"{address}/manifest.json")[2])["release"] == 2:
                break
            time.sleep(0.1)
        time.sleep(0.5)
        stop.set()
        for one in clients:
            one.join()
        assert json.loads(ask(f"{address}/manifest.json")[2])["release"] == 2
    assert {status for status, _ in outcomes} == {200}
    assert sum(outcomes.values()) > 20


@pytest.mark.parametrize("endless", [False, True])
def test_a_stop_waits_for_the_queries_under_way(endless: bool, release: Path) -> None:
    """Told to stop, the server answers what it has begun, be it with 503 at the limit, and leaves nothing behind."""
    query = (
        ENDLESS
        if endless
        else f"SELECT (COUNT(*) AS ?n) {{ ?a <{QUOTED}> ?c . ?d <{QUOTED}> ?f FILTER(STRLEN(STR(?c)) != STRLEN(STR(?f))) }}"
    )
    with (
        serving(
            release, "--workers", "2", PLANLINK_QUERY_SECONDS="3" if endless else "25"
        ) as address,
        ThreadPoolExecutor() as pool,
    ):
        server = psutil.Process(next(p.pid for p in psutil.process_iter() if _listens(p, address)))
        folder = next(
            Path(c.cmdline()[-1]) for c in server.children() if "kg.sparql.serve" in c.cmdline()
        )
        answer = pool.submit(send, address, query)
        time.sleep(0.3)
        under_way = not answer.done()
        children = server.children(recursive=True)
        server.terminate()
        status = answer.result()[0]
        _, alive = psutil.wait_procs([server, *children], timeout=20)
    assert under_way
    assert status == (503 if endless else 200)
    assert alive == []
    assert not folder.exists()
