"""Hostile queries and clients: every one gets its answer or a plain refusal, and nobody else
notices.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from support import HANGING, ask, copy_release, eventually, run, served, serving

from kg.settings import Limits
from kg.sparql import Answer, QueryClient, Request
from kg.sparql.request import PACKETS, Written, receive_request, send_answer

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
LIGHT = "ASK { ?s ?p ?o }"
SECONDS = 3.0
MEMORY, TOTAL_MEMORY = 256, 512  # MiB
PAGE = "/page/hongqiao-2021/zone/guang-rong-dao-ke-ji-chan-ye-yuan"
SMALL_PAGE = "/page/qinghe-2026/zone/mo-chi-chuang-xin-gu"


@pytest.fixture(scope="module")
def small(small_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the published small plan, for servers that nothing is published beside."""
    return copy_release(small_release, tmp_path_factory.mktemp("small") / "release")


@pytest.fixture(scope="module")
def bounded(small: Path) -> Iterator[str]:
    limits = {
        "PLANLINK_QUERY_SECONDS": str(SECONDS),
        "PLANLINK_QUERY_MEMORY": str(MEMORY),
        "PLANLINK_QUERY_RESULT": "4",
    }
    with serving(small, **limits) as address:
        yield address


def send(address: str, query: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    return ask(f"{address}/sparql", query.encode(), Content_Type="application/sparql-query")


def test_a_query_without_end_is_ended_and_a_light_one_answers_beside_it(bounded: str) -> None:
    with ThreadPoolExecutor() as pool:
        heavy = [pool.submit(send, bounded, ENDLESS)]

        def beside() -> bool:
            if heavy[-1].done():  # a busy machine kept the light one waiting for as long
                heavy.append(pool.submit(send, bounded, ENDLESS))
            light = send(bounded, f"{LIGHT} # {time.monotonic()}")[0]
            return light == 200 and not heavy[-1].done()

        eventually(beside, "a light query is answered beside one without end")
        status, headers, body = heavy[-1].result()
    assert (status, headers["Retry-After"]) == (503, "5")
    assert body == b"the query did not end within 3 s; narrow it down\n"
    eventually(lambda: send(bounded, LIGHT)[0] == 200, "a light query is answered afterwards")


@pytest.fixture(scope="module")
def patient(small: Path) -> Iterator[str]:
    """A server whose queries meet the bounds of memory and of results before that of time."""
    limits = {
        "PLANLINK_QUERY_SECONDS": "60",
        "PLANLINK_QUERY_MEMORY": str(MEMORY),
        "PLANLINK_QUERY_RESULT": "1",
    }
    with serving(small, **limits) as address:
        yield address


def test_nobody_waits_longer_where_the_queue_for_workers_is_full(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, PACKETS) as listener:
        listener.bind(str(tmp_path / "socket"))
        listener.listen(0)  # one waits in the queue, the next for the queue
        client = QueryClient(tmp_path / "socket", Limits(seconds=0.1))
        assert [client.ask(Request(LIGHT)).outcome for _ in range(2)] == ["timeout"] * 2


def test_what_is_kept_counts_with_its_query(tmp_path: Path) -> None:
    """Long queries of short answers take memory too."""
    query, asked = f"{LIGHT} #{'x' * 200_000}", []

    def answer(listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with contextlib.suppress(EOFError), connection:
            while True:
                asked.append(receive_request(connection))
                send_answer(connection, Answer("ok"), Written(b"{}"))

    with socket.socket(socket.AF_UNIX, PACKETS) as listener, ThreadPoolExecutor() as pool:
        listener.bind(str(tmp_path / "socket"))
        listener.listen()
        pool.submit(answer, listener)
        client = QueryClient(tmp_path / "socket", Limits(cache=1))
        for i in (*range(10), 9, 0):
            assert client.ask(Request(f"{query} {i}")).body == b"{}"
        del client
    assert len(asked) == 11


def test_a_query_that_eats_memory_dies_alone(patient: str) -> None:
    status, _, body = send(patient, "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?f")
    assert status == 503
    assert f"more than {MEMORY} MiB of memory".encode() in body
    assert send(patient, LIGHT)[0] == 200


@pytest.mark.parametrize(
    "query", ["SELECT * { ?a ?b ?c . ?d ?e ?f }", "CONSTRUCT { ?a ?b ?f } { ?a ?b ?c . ?d ?e ?f }"]
)
def test_an_answer_beyond_the_limit_is_an_error(patient: str, query: str) -> None:
    status, _, body = send(patient, query)
    assert (status, body) == (400, b"the result is larger than allowed; add LIMIT\n")


def test_a_result_that_is_too_large_is_not_saved(patient: str) -> None:
    form = urllib.parse.urlencode({"query": "SELECT * { ?s ?p ?o . ?x ?y ?z }"}).encode()
    status, _, body = ask(f"{patient}/queries", form)
    assert status == 400
    assert b"larger than allowed" in body
    assert b"Traceback" not in body


def test_an_answer_is_whole_or_an_error(bounded: str) -> None:
    """Its first rows come at once, its end does not: nothing of it is sent."""
    never = "?d a ?f . ?g a ?i FILTER(STR(?x) = CONCAT(STR(?d), STR(?i)))"
    status, _, body = send(bounded, f"SELECT ?a {{ {{ ?a ?b ?c }} UNION {{ ?a a ?x . {never} }} }}")
    assert (status, body) == (503, b"the query did not end within 3 s; narrow it down\n")


def test_a_long_answer_has_a_length(server: str) -> None:
    status, headers, body = send(server, "SELECT * { ?s ?p ?o }")
    assert status == 200
    assert int(headers["Content-Length"]) == len(body) > 2 * 1024**2
    assert len(json.loads(body)["results"]["bindings"]) > 20_000


@dataclass(frozen=True)
class Storm:
    """What came of fifty endless queries and ten of 10 MB, with light queries and pages beside.

    in_time: whether every page and every light query was answered, those beside endless ones
        before one of these had used its time.
    grown: the bytes of memory that the server took for it.
    """

    in_time: bool
    endless: list[tuple[int, http.client.HTTPMessage, bytes]]
    large: Counter[int]
    grown: int


def storm(release: Path, seconds: int) -> Storm:
    """A storm on a server that gives each query so many seconds."""
    limits = {
        "PLANLINK_QUERY_SECONDS": str(seconds),
        "PLANLINK_QUERY_TOTAL_MEMORY": str(TOTAL_MEMORY),
    }
    with served(release, **limits) as (address, server), ThreadPoolExecutor(70) as pool:
        processes = psutil.Process(server.pid)
        before = _memory(processes)
        endless = [pool.submit(send, address, f"{ENDLESS} # {i}") for i in range(50)]
        light = [send(address, f"{LIGHT} # beside {i}")[0] for i in range(10)]

        def ended() -> bool:
            done = (f.result() for f in endless if f.done())
            return any(status == 503 and b"did not end" in body for status, _, body in done)

        eventually(
            lambda: _yielding(processes) >= 10 or ended(), "endless queries leave the processor"
        )
        waited = ended()
        large = [pool.submit(send, address, "#" * 10_000_000) for _ in range(10)]
        answered = {*light, *(ask(f"{address}{PAGE}")[0] for _ in range(30))}
        # Processes are looked at one after the other while some grow and others end, so one sum
        # may be of moments far apart where the machine is busy; what is really taken is in all.
        most = min(_memory(processes) for _ in range(3))
        of_endless = [f.result() for f in endless]
        of_large = Counter(f.result()[0] for f in large)
        answered.add(send(address, LIGHT)[0])
        return Storm(answered == {200} and not waited, of_endless, of_large, most - before)


def test_a_storm(release: Path) -> None:
    """Pages and light queries go on, each client is answered, and memory stays within what all
    queries together may take.

    Where the machine is so busy that pages and light queries take seconds by themselves, they are
    held against a limit that is longer.
    """
    for seconds in (6, 30, 150):
        seen = storm(release, seconds)
        if seen.in_time:
            break
    assert seen.in_time, "pages or light queries waited until endless ones had ended"
    assert {status for status, _, _ in seen.endless} == {503}
    assert all(headers["Retry-After"] for _, headers, _ in seen.endless)
    assert seen.large == {413: 10}
    assert seen.grown < (TOTAL_MEMORY + 128) * 1024**2


def test_queries_together_take_no_more_memory_than_they_may(small: Path) -> None:
    """Each is within its own bound; the one that takes most is ended, and the server goes on."""
    grows = "SELECT (GROUP_CONCAT(?x) AS ?y) { ?a ?b ?c . ?d ?e ?f BIND(STR(?c) AS ?x) }"
    limits = {
        "PLANLINK_QUERY_SECONDS": "120",
        "PLANLINK_QUERY_MEMORY": "1024",
        "PLANLINK_QUERY_TOTAL_MEMORY": "100",
    }
    with serving(small, **limits) as address, ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda i: send(address, f"{grows} # {i}"), range(4)))
        assert send(address, LIGHT)[0] == 200
    assert {status for status, _, _ in answers} == {503}
    assert any(b"all together more than 100" in body for _, _, body in answers)


def _yielding(server: psutil.Process) -> int:
    """How many processes run only when no other wants to (sched(7)): workers at long queries, which
    pages would wait for otherwise. -1 where one is that queries do not run in."""
    found = 0
    for one in server.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
            if os.sched_getscheduler(one.pid) == os.SCHED_IDLE:
                if one.nice() == server.nice():
                    return -1
                found += 1
    return found


def _memory(process: psutil.Process) -> int:
    """The bytes that a process and those that it started share with no other (proc(5))."""
    total = 0
    for one in (process, *process.children(recursive=True)):
        with contextlib.suppress(OSError):  # it has ended
            for line in Path(f"/proc/{one.pid}/smaps_rollup").read_text("ascii").splitlines():
                if line.startswith(("Private_Clean:", "Private_Dirty:")):
                    total += int(line.split()[1]) * 1024
    return total


@pytest.fixture(scope="module")
def generous(release: Path) -> Iterator[str]:
    """A server that lets queries run long: on a busy machine a long one waits for all others."""
    with serving(release, PLANLINK_QUERY_SECONDS=str(HANGING)) as address:
        yield address


@pytest.mark.parametrize(
    ("query", "status"),
    [
        (
            "SELECT * { ?s ?p ?o FILTER(?o IN ("
            + ", ".join(map(str, range(20_000)))
            + ")) } LIMIT 1",
            200,
        ),
        ("SELECT * { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }", 422),
        ("ASK { FILTER(" + "!" * 190_000 + "true) }", 200),
        ("ASK { " + " ".join(f"?s{i} ?p{i} ?s{i + 1} ." for i in range(200)) + " }", 200),
        ("SELECT * { ?s ?p ?o . " + "?s ?p ?o . " * 30000 + "}", 422),
        ("\x00\x01", 400),
    ],
    ids=["IN list", "brackets", "negations", "patterns", "long", "control characters"],
)
def test_queries_made_to_hurt(generous: str, query: str, status: int) -> None:
    assert send(generous, query)[0] == status
    assert send(generous, f"{LIGHT} # after {len(query)}")[0] == 200


def raw(address: str, content: bytes) -> bytes:
    """The answer to bytes sent as they are."""
    parts = urllib.parse.urlsplit(address)
    with socket.create_connection(
        (parts.hostname or "", parts.port or 80), timeout=HANGING
    ) as connection:
        connection.sendall(content)
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


@pytest.mark.parametrize(
    "begins",
    [
        b"GET /sparql HTTP/1.1\r\nHost",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
        b"Content-Length: 100\r\n\r\nASK",
        b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n3\r\nASK",
        b"",
    ],
    ids=["head", "body", "chunks", "nothing"],
)
def test_slow_clients_hold_up_nobody(server: str, begins: bytes) -> None:
    """More of them than there are threads, from one address."""
    parts = urllib.parse.urlsplit(server)
    place = (parts.hostname or "", parts.port or 80)
    slow = [socket.create_connection(place) for _ in range(200)]
    try:
        for connection in slow:
            connection.sendall(begins)
        query = urllib.parse.quote(f"{LIGHT} # beside {begins!r}")
        assert ask(f"{server}/sparql?query={query}")[0] == 200
        assert ask(f"{server}{PAGE}")[0] == 200
    finally:
        for connection in slow:
            connection.close()
    eventually(
        lambda: send(server, f"{LIGHT} # after {begins!r}")[0] == 200, "bodies are read again"
    )


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_long_is_answered(server: str, chunked: bool) -> None:
    parts = urllib.parse.urlsplit(server)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=HANGING)
    body = b"#" * 10_000_000
    sent = (body[i : i + 100_000] for i in range(0, len(body), 100_000)) if chunked else body
    headers = {"Content-Type": "application/sparql-query"}
    connection.request("POST", "/sparql", sent, headers, encode_chunked=chunked)
    assert connection.getresponse().status == 413


def test_a_rate_for_each_address(small: Path) -> None:
    with serving(small, "--rate", "5/minute", "--workers", "2") as address:
        answers = [send(address, LIGHT) for _ in range(12)]
        assert [status for status, _, _ in answers] == [200] * 5 + [429] * 7, (
            "each process counts for itself"
        )
        _, headers, line = answers[-1]
        assert f"again in {headers['Retry-After']} s".encode() in line
        assert ask(f"{address}{SMALL_PAGE}")[0] == 200


def test_a_release_is_picked_up_without_a_failed_request(
    own_small_release: Path, small_plan: Path
) -> None:
    with serving(own_small_release) as address:
        outcomes: Counter[tuple[int, str]] = Counter()
        stop = threading.Event()

        def client() -> None:
            while not stop.is_set():
                outcomes[send(address, f"{LIGHT} # {time.monotonic()}")[0], "query"] += 1
                outcomes[ask(f"{address}{SMALL_PAGE}")[0], "page"] += 1
                stop.wait(0.05)  # leaves the processor to what is published

        clients = [threading.Thread(target=client) for _ in range(4)]
        for one in clients:
            one.start()
        site = own_small_release / "site.toml"
        site.write_text('[contact]\nemail = "data@example.org"\n', encoding="utf-8")
        command = ("publish", small_plan, "--out", own_small_release, "--site", site)
        assert run(*command).returncode == 0
        eventually(
            lambda: json.loads(ask(f"{address}/manifest.json")[2])["release"] == 2, "release 2"
        )
        after = sum(outcomes.values())
        eventually(lambda: sum(outcomes.values()) > after + 10, "requests after the swap")
        stop.set()
        for one in clients:
            one.join()
        assert json.loads(ask(f"{address}/manifest.json")[2])["release"] == 2
    assert {status for status, _ in outcomes} == {200}
    assert sum(outcomes.values()) > 20


@pytest.mark.parametrize("endless", [False, True])
def test_a_stop_waits_for_the_queries_under_way(endless: bool, small: Path, tmp_path: Path) -> None:
    """Told to stop, the server answers what it has begun, be it with 503 at the limit, and leaves
    nothing behind. Queries do not give way here: on a busy machine they would not go on at all."""
    site = tmp_path / "site.toml"
    site.write_text("[limits]\nbudget = 1000\n", encoding="utf-8")
    query = (
        ENDLESS if endless else "SELECT (COUNT(*) AS ?n) { ?a a ?b . ?c ?d ?e VALUES ?f { 1 2 } }"
    )
    seconds = "5" if endless else "60"
    with (
        served(small, "--site", str(site), PLANLINK_QUERY_SECONDS=seconds) as (address, process),
        ThreadPoolExecutor() as pool,
    ):
        server = psutil.Process(process.pid)
        folder = _runtime(server.children(recursive=True))
        idle: dict[int, float] = {}
        _at_work(server, idle)
        asked = [pool.submit(send, address, query)]

        def at_work() -> bool:
            if asked[-1].done():  # at its limit, before it had the busy machine's processor at all
                asked.append(pool.submit(send, address, query))
            return _at_work(server, idle) and not asked[-1].done()

        eventually(at_work, "the query is at work")
        process.terminate()
        children = server.children(recursive=True)
        status = asked[-1].result()[0]
        _, alive = psutil.wait_procs([server, *children], timeout=HANGING)
    assert status == (503 if endless else 200)
    assert alive == []
    assert not folder.exists()


def _at_work(server: psutil.Process, idle: dict[int, float]) -> bool:
    """Whether a query worker, which has a low priority, took time since it was first seen.

    Args:
        idle: the CPU seconds of each worker when it was first seen, by process id.
    """
    for process in server.children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if process.nice() > 0:
                seconds = process.cpu_times().user
                if seconds > idle.setdefault(process.pid, seconds) + 0.05:
                    return True
    return False


def _runtime(processes: list[psutil.Process]) -> Path:
    """The folder where the server's sockets are."""
    opened = (one.laddr for p in processes for one in p.net_connections("unix"))
    return Path(next(str(path) for path in opened if str(path).endswith("/socket"))).parent.parent
