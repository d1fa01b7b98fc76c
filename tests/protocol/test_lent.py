"""A client that goes on asking is answered by the query process that its connection is lent to, and never notices."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import random
import re
import signal
import socket
import time
import urllib.parse
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import psutil
import pytest
from support import FLAGSHIP, ask, headers_but, run, serving

from kg.sparql.alarm import CpuAlarm

CSV = {"Accept": "text/csv"}
HEAVY = "SELECT (COUNT(*) AS ?n) { ?a a ?b . ?c a <https://w3id.org/planlink/ns#Measure> }"  # a tenth of a second


class Client:
    """A client that keeps its connection."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._port = urllib.parse.urlsplit(address).port or 0
        self._connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)

    def get(
        self, query: str, path: str = "/sparql?query=", **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """The answer to a query."""
        self._connection.request("GET", path + quote(query), headers=CSV | headers)
        answer = self._connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def begin(self) -> None:
        """Ask until the connection is lent."""
        for i in range(200):
            assert self.get(f"ASK {{}} # {i}")[0] == 200
            if self.holder() is not None:
                return
            time.sleep(0.02)
        raise AssertionError("the connection is not lent")

    def holder(self) -> psutil.Process | None:
        """The query process that the connection is lent to."""
        ends = f":{self._port:04X} 0100007F:{self._connection.sock.getsockname()[1]:04X} "
        rows = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()
        inode = next(row.split()[9] for row in rows if ends in row)
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess, OSError):
                opened = [
                    str(each.readlink()) for each in Path(f"/proc/{process.pid}/fd").iterdir()
                ]
                if f"socket:[{inode}]" in opened and "kg.sparql.serve" in process.cmdline():
                    return process
        return None

    def connect(self) -> None:
        """Connect without asking anything."""
        self._connection.connect()

    @property
    def socket(self) -> socket.socket:
        """The connection, for what http.client would not send."""
        return self._connection.sock

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


@pytest.fixture
def client(server: str) -> Iterator[Client]:
    with closing(Client(server)) as client:
        client.begin()
        yield client


def test_the_answer_is_that_of_the_framework(client: Client) -> None:
    query = "SELECT ?l { ?z a <https://w3id.org/planlink/ns#Zone> ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?l } ORDER BY ?l"
    holder = client.holder()
    lent = client.get(query)
    assert client.holder() == holder, "it was given back"
    framework = ask(f"{client.address}/sparql?query={quote(query)}&unknown=1", Accept="text/csv")
    assert (lent[0], lent[2]) == (framework[0], framework[2])
    own = ("x-request-id", "date", "connection")
    assert headers_but(lent[1], *own) == headers_but(framework[1], *own)
    assert re.fullmatch(r"[0-9a-f]{32}", lent[1]["X-Request-ID"])
    assert (
        ask(
            f"{client.address}/sparql?query={quote(query)}",
            Accept="text/csv",
            If_None_Match=lent[1]["ETag"],
        )[0]
        == 304
    )


@pytest.mark.parametrize(
    ("path", "query", "headers", "status", "says"),
    [
        ("/healthz?", "", {}, 200, b"ok release"),
        (
            "/sparql?query=",
            "ASK {}",
            {"Accept": "application/sparql-results+json"},
            200,
            b'"boolean":true',
        ),
        ("/sparql?format=json&query=", "ASK {}", {}, 200, b'"boolean":true'),
        ("/sparql?query=", "SELECT * { ?s", {}, 400, b"line 1, column"),
        (
            "/sparql?query=",
            "SELECT * { SERVICE <http://a/> { ?s ?p ?o } }",
            {},
            400,
            b"SERVICE is not allowed",
        ),
        (
            "/sparql?query=",
            "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1",
            {},
            406,
            b"none of the formats",
        ),
        ("/sparql?unknown=1&query=", "ASK {}", {}, 200, b"true"),
        ("/sparql?query=%&more=", "ASK {}", {}, 400, b""),
        ("/sparql?query=", "x" * 9000, {}, 414, b"by POST"),
        ("/sparql?query=", "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 20000", {}, 200, b"s,p,o"),
        ("/sparql?query=", HEAVY, {}, 200, b"n\r\n"),
        ("/sparql?query=", "ASK {}", {"If-None-Match": "*"}, 304, b""),
    ],
)
def test_whatever_comes_on_it_is_answered_as_on_any_other(
    client: Client, path: str, query: str, headers: dict[str, str], status: int, says: bytes
) -> None:
    found = client.get(query, path, **headers)
    assert (found[0], says in found[2]) == (status, True)
    if status != 414:  # the connection is closed after that one
        assert client.get("ASK {}")[2] == b"true"


def test_a_query_that_ends_its_process_is_answered_by_another_and_nobody_else_notices(
    server: str,
) -> None:
    with (
        closing(Client(server)) as one,
        closing(Client(server)) as other,
        closing(Client(server)) as third,
    ):
        for each in (other, third, one):
            each.begin()
        ended = one.holder()
        assert ended is not None
        for each in (other, third, one):
            assert each.get("ASK {}")[0] == 200
        assert one.get(HEAVY)[0] == 200
        assert one.get("ASK {}")[0] == other.get("ASK {}")[0] == third.get("ASK {}")[0] == 200
        assert not psutil.wait_procs([ended], timeout=10)[1], (
            "a heavy query was let to hold up the other connections"
        )


def test_a_query_that_the_engine_fails_at(client: Client) -> None:
    """Oxigraph's order of numbers mixed with texts is none, at which its sort aborts the process."""
    chance = random.Random(1)
    mixed = " ".join(
        chance.choice((f"{n}", f'"{n}"', f'"{n / 10}"')) for n in chance.choices(range(1, 99), k=60)
    )
    status, headers, body = client.get(f"SELECT ?o {{ VALUES ?o {{ {mixed} }} }} ORDER BY ?o")
    assert (status, headers["Retry-After"]) == (503, "5")
    assert b"made the engine fail" in body
    assert client.get("ASK {}")[0] == 200


def test_requests_one_behind_the_other_and_in_pieces(client: Client) -> None:
    tail = b" HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\n\r\n"
    first, second = (
        b"GET /sparql?query=" + quote(text).encode() + tail
        for text in ("ASK { ?s ?p ?o }", "ASK { ?s <urn:none> ?o }")
    )
    assert client.get("ASK {}")[0] == 200
    assert _sent(client.socket, first + second, answers=2) == [b"true", b"false"]
    assert _sent(client.socket, first[:30], first[30:], answers=1) == [b"true"]
    for _ in range(5):
        assert _sent(client.socket, second, answers=1) == [b"false"]
    assert client.holder() is not None, "its requests are alike again"
    assert _sent(client.socket, first + second, answers=2) == [b"true", b"false"]


def test_a_client_that_sends_no_more_is_still_answered(client: Client) -> None:
    client.socket.sendall(
        b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\n\r\n"
    )
    client.socket.shutdown(socket.SHUT_WR)
    received = b""
    while part := client.socket.recv(65536):
        received += part
    assert received.endswith(b"true")


def test_a_client_that_reads_slowly_gets_it_whole(server: str) -> None:
    with closing(Client(server)) as client:
        client.connect()
        client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.begin()
        holder = client.holder()
        query = "SELECT ?p ?o { ?s ?p ?o } LIMIT 3000"
        expected = ask(f"{server}/sparql?query={quote(query)}", Accept="text/csv")[2]
        assert 100_000 < len(expected) < 256 * 1024
        client._connection.request("GET", f"/sparql?query={quote(query)}", headers=CSV)
        time.sleep(0.5)
        with closing(Client(server)) as other:
            other.begin()  # which of the processes holds it is left to chance
        assert client.holder() == holder
        assert client._connection.getresponse().read() == expected


@pytest.mark.parametrize(("size", "lent"), [(7000, True), (40_000, False)])
def test_large_heads(server: str, size: int, lent: bool) -> None:
    """They are passed on in messages of bounded size; a larger one is not."""
    request = (
        b"GET /sparql?query=ASK%20%7B%7D HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\nX: "
        + b"\xe9" * size
        + b"\r\n\r\n"
    )
    with closing(Client(server)) as client:
        client.connect()
        for _ in range(20):
            assert _sent(client.socket, request, answers=1) == [b"true"]
        assert (client.holder() is not None) is lent


def test_an_idle_connection_is_given_back_and_lent_again(client: Client) -> None:
    until = time.monotonic() + 10
    while client.holder() is not None and time.monotonic() < until:
        time.sleep(0.1)
    assert client.holder() is None
    client.begin()


def test_a_new_release_is_answered_from_at_once(
    plan_copy: Callable[..., Path], own_release: Path
) -> None:
    count = 'SELECT (COUNT(?m) AS ?n) { ?m <http://www.w3.org/2004/02/skos/core#prefLabel> "大力培育高新技术企业"@zh }'
    with serving(own_release) as server, closing(Client(server)) as client:
        client.begin()
        assert client.get(count)[2] == b"n\r\n1\r\n"
        folder = plan_copy(
            source=(FLAGSHIP / "source.txt")
            .read_bytes()
            .replace("大力培育高新技术企业".encode(), "高新技术企业".encode())
        )
        with ThreadPoolExecutor(1) as pool:
            publishing = pool.submit(run, "publish", folder, "--out", own_release)
            until = time.monotonic() + 60
            while (found := client.get(count)[2]) != b"n\r\n0\r\n" and time.monotonic() < until:
                assert found == b"n\r\n1\r\n"
                time.sleep(0.05)
            assert publishing.result().returncode == 0
        assert found == b"n\r\n0\r\n"
        client.begin()
        assert client.get(count)[2] == b"n\r\n0\r\n"


def test_a_stop_closes_it(release: Path) -> None:
    with serving(release) as server:
        client = Client(server)
        client.begin()
        begun = time.monotonic()
    assert time.monotonic() - begun < 15, "the server waited for a connection that was lent"
    with closing(client), pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
        client.get("ASK {}")


def test_a_web_process_that_dies_takes_its_connections_with_it(release: Path) -> None:
    with serving(release) as server, closing(Client(server)) as client:
        client.begin()
        holder, port = client.holder(), urllib.parse.urlsplit(server).port
        web = [
            p
            for p in psutil.Process().children(recursive=True)
            if any(c.status == "LISTEN" and c.laddr.port == port for c in p.net_connections("tcp"))
        ]
        for process in web:
            process.kill()
        with pytest.raises((http.client.RemoteDisconnected, ConnectionError)):
            for _ in range(100):  # what was asked before the process was dead may be answered
                client.get("ASK {}")
                time.sleep(0.01)
        assert holder is not None
        assert holder.is_running()


def test_it_is_counted_logged_and_bounded(release: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with (
        serving(release, "--log", "--rate", "60/minute") as server,
        closing(Client(server)) as client,
    ):
        client.begin()
        answers = [client.get(f"ASK {{}} # counted {i % 2}") for i in range(70)]
        statuses = [status for status, _, _ in answers]
        figures = ask(f"{server}/metrics")[2].decode()
    refused = statuses.index(429)
    assert set(statuses[:refused]) == {200}
    assert set(statuses[refused:]) == {429}
    counted = float(
        re.search(r'planlink_queries_total\{operation="query",outcome="ok"\} (\S+)', figures)[1]
    )  # type: ignore[index]
    assert 50 < counted <= 60
    logged = {
        line["request_id"]: line
        for line in map(
            json.loads,
            filter(lambda line: line.startswith("{"), capfd.readouterr().err.splitlines()),
        )
    }
    for _, headers, body in answers[:refused]:
        line = logged[headers["X-Request-ID"]]
        assert (line["path"], line["status"], line["bytes"], line["client"]) == (
            "/sparql",
            200,
            len(body),
            "127.0.0.1",
        )


def test_the_alarm_lets_pass_what_takes_less_however_often_and_long() -> None:
    alarm = CpuAlarm(0.2)
    for _ in range(100):
        alarm.set()
        _work(0.01)
        alarm.clear()
    alarm.set()
    time.sleep(0.5)
    alarm.clear()


def test_the_alarm_ends_what_takes_more() -> None:
    pid = os.fork()
    if not pid:
        CpuAlarm(0.05).set()
        _work(10)
        os._exit(0)
    status = os.waitpid(pid, 0)[1]
    assert os.WIFSIGNALED(status)
    assert os.WTERMSIG(status) == signal.SIGPROF


def _work(seconds: float) -> None:
    """Use so much CPU time."""
    until = time.process_time() + seconds
    while time.process_time() < until:
        pass


def _sent(connection: socket.socket, *segments: bytes, answers: int) -> list[bytes]:
    """The bodies of so many answers to what is sent in segments; they are true or false."""
    for segment in segments:
        connection.sendall(segment)
        time.sleep(0.05)
    received = b""
    while len(bodies := re.findall(rb"\r\n\r\n(true|false)", received)) < answers:
        part = connection.recv(65536)
        assert part, "the connection ended"
        received += part
    return bodies
