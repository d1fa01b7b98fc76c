"""What comes on a connection is HTTP/1.1 as RFC 9112 has it, within bounds; anything else is told off in one line."""

from __future__ import annotations

import asyncio
import contextlib
import resource
import socket
import time
import urllib.parse
from pathlib import Path

import psutil
import pytest
from support import looped, serving
from uvicorn import Config
from uvicorn.server import ServerState

from kg.web import connection


def exchange(address: str, *segments: bytes, half_closed: bool = False) -> bytes:
    """What a server answers to bytes sent in so many segments, until it closes the connection."""
    parts = urllib.parse.urlsplit(address)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=20) as client:
        for segment in segments:
            client.sendall(segment)
            time.sleep(0.05)
        if half_closed:
            client.shutdown(socket.SHUT_WR)
        received = b""
        while part := client.recv(65536):
            received += part
    return received


CLOSE = b"Host: a\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    ("segments", "status", "says"),
    [
        ([b"GET /", b"x" * 9000 + b" HTTP/1.1\r\n" + CLOSE], 414, b"send a long query by POST"),
        (
            [b"GET / HTTP/1.1\r\nHost: a\r\n"]
            + [b"X-%d: " % i + b"x" * 20_000 + b"\r\n" for i in range(4)],
            431,
            b"65536 bytes",
        ),
        ([b"GET / HTTP/1.1\r\nConnection: close\r\n\r\n"], 400, b"give one Host"),
        (
            [b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\nConnection: close\r\n\r\n"],
            400,
            b"give one Host",
        ),
        ([b"GET / HTTP/1.1\r\nHost a\r\n\r\n"], 400, b"no HTTP/1.1 request"),
        ([b"CONNECT a:80 HTTP/1.1\r\n", CLOSE], 400, b"no HTTP/1.1 request"),
    ],
    ids=["address", "head", "no Host", "two Hosts", "header", "CONNECT"],
)
def test_heads_that_are_refused(
    server: str, segments: list[bytes], status: int, says: bytes
) -> None:
    head, _, body = exchange(server, *segments).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert says in body
    assert body.count(b"\n") == 1


@pytest.mark.parametrize(
    "segments",
    [
        [b"GET /healthz HTTP/1.0\r\n\r\n"],
        [b"GET /heal", b"thz HTTP/1.1\r\nHo", b"st: a\r\nConnection: close\r\n", b"\r\n"],
        [b"\r\nGET /healthz HTTP/1.1\r\n", CLOSE],
        [
            b"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close, Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"
        ],
        [b"GET http://a/healthz HTTP/1.1\r\n", CLOSE],
    ],
    ids=["HTTP/1.0", "in pieces", "empty line", "upgrade", "absolute"],
)
def test_heads_that_are_read(server: str, segments: list[bytes]) -> None:
    head, _, body = exchange(server, *segments).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200 ")
    assert body.startswith(b"ok release")


def test_requests_one_behind_the_other(server: str) -> None:
    """Answers come in the order that the requests were sent in, be the first the slower one (RFC 9112 §9.3.2)."""
    slow = (
        b"GET /sparql?query="
        + urllib.parse.quote("SELECT * { ?s ?p ?o } LIMIT 5000").encode()
        + b" HTTP/1.1\r\nHost: a\r\n\r\n"
    )
    answers = exchange(server, slow + b"GET /healthz HTTP/1.1\r\n" + CLOSE)
    assert answers.count(b"HTTP/1.1 200 OK") == 2
    assert answers.index(b'"bindings"') < answers.index(b"ok release")


def test_a_body_is_sent_when_it_is_waited_for(server: str) -> None:
    head = b"POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\nExpect: 100-continue\r\nContent-Length: 15\r\n"
    answer = exchange(server, head + CLOSE, b"ASK { ?s ?p ?o}")
    assert answer.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK")


def test_chunks(server: str) -> None:
    head = b"POST /sparql HTTP/1.1\r\nContent-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n"
    answer = exchange(server, head + CLOSE, b"5\r\nASK {\r\n", b"A\r\n ?s ?p ?o}\r\n", b"0\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith(b'"boolean":true}')


def test_an_iri_as_it_is_pasted_in_pieces(server: str) -> None:
    """A character of three bytes may come in two segments."""
    asked = "/sparql?format=csv&query=ASK%20{%20?s%20?p%20%22红桥区%22@zh%20}".encode()
    cut = asked.index("桥".encode()) + 1
    answer = exchange(server, b"GET " + asked[:cut], asked[cut:] + b" HTTP/1.1\r\n" + CLOSE)
    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert answer.endswith((b"true", b"true\r\n", b"false", b"false\r\n"))


def test_half_a_request_from_a_client_that_sends_no_more(server: str) -> None:
    assert exchange(server, b"GET /healthz HT", half_closed=True) == b""
    assert (
        exchange(
            server,
            b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nq",
            half_closed=True,
        )
        == b""
    )
    assert b"ok release" in exchange(
        server, b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", half_closed=True
    )


@pytest.mark.parametrize(
    ("content", "answer"), [(b"", b""), (b"GET / HTTP/1.1\r\nHo", b"HTTP/1.1 408 Request Timeout")]
)
def test_clients_that_send_too_slowly(
    content: bytes, answer: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "_SECONDS", 0.2)
    assert looped(_alone(content)).startswith(answer)


def test_more_clients_than_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "_CONNECTIONS", 0)
    answer = looped(_alone(b""))
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b"\r\nRetry-After: 5\r\n" in answer


def test_a_low_limit_of_open_files_is_raised(release: Path) -> None:
    low, high = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.ExitStack() as opened:
        resource.setrlimit(resource.RLIMIT_NOFILE, (150, high))
        try:
            address = opened.enter_context(serving(release))
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (low, high))
        place = (urllib.parse.urlsplit(address).hostname, urllib.parse.urlsplit(address).port)
        for client in [
            opened.enter_context(socket.create_connection(place, timeout=20)) for _ in range(300)
        ]:
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
            assert client.recv(15) == b"HTTP/1.1 200 OK"


def test_clients_are_shared_out_among_processes(release: Path) -> None:
    with serving(release, "--workers", "2") as address, contextlib.ExitStack() as opened:
        port = urllib.parse.urlsplit(address).port
        while len(web := _processes_that_listen_on(port)) < 2:
            time.sleep(0.05)
        for _ in range(64):
            opened.enter_context(socket.create_connection(("127.0.0.1", port), timeout=20))
        until = time.monotonic() + 10
        while (
            sum(served := [_connections_of(process, port) for process in web]) < 64
            and time.monotonic() < until
        ):
            time.sleep(0.05)
        assert sum(served) == 64
        assert min(served) >= 8  # one in 10^10 falls below by chance


def _processes_that_listen_on(port: int | None) -> list[psutil.Process]:
    own = psutil.Process().children(recursive=True)
    return [
        process
        for process in own
        if any(
            c.status == "LISTEN" and c.laddr.port == port for c in process.net_connections("tcp")
        )
    ]


def _connections_of(process: psutil.Process, port: int | None) -> int:
    return sum(
        c.status == "ESTABLISHED" and c.laddr.port == port for c in process.net_connections("tcp")
    )


async def _alone(content: bytes) -> bytes:
    """What a connection without an application behind it answers."""
    state, settings = (
        ServerState(),
        Config("kg.http_server:application", lifespan="off", log_config=None),
    )
    settings.load_app = lambda: None  # type: ignore[method-assign, assignment, return-value]
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: connection.Connection(config=settings, server_state=state, app_state={}),
        "127.0.0.1",
        0,
    )
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        writer.write(content)
        received = await asyncio.wait_for(reader.read(), 10)
        writer.close()
    return received
