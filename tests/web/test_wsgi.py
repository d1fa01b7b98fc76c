"""The framework's application behind the ASGI server: bodies are bounded, and what a client no longer waits for is ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from support import looped

from kg.sparql import BrokenAnswerError
from kg.web import wsgi
from kg.web.wsgi import InThreads

SCOPE = {
    "type": "http",
    "http_version": "1.1",
    "method": "POST",
    "scheme": "http",
    "raw_path": b"/a%20b/%E6%B4%A5",
    "query_string": b"x=%E6",
    "headers": [
        (b"host", b"h"),
        (b"cookie", b"a=1"),
        (b"cookie", b"b=2"),
        (b"accept", b"x/y"),
        (b"accept", b"z/z"),
        (b"x_real_ip", b"1"),
    ],
    "client": ("192.0.2.1", 4),
    "server": ("127.0.0.1", 8000),
}


def serve(
    application: Any,
    incoming: list[dict[str, Any]],
    gone_after: int | None = None,
    longest: int = 10,
) -> list[dict[str, Any]]:
    """What is sent for a request whose messages come one after the other; its client is gone after so many messages sent."""

    async def served() -> list[dict[str, Any]]:
        sent: list[dict[str, Any]] = []
        gone = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if incoming:
                return incoming.pop(0)
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)
            if len(sent) == gone_after:
                gone.set()
            await asyncio.sleep(0.01)

        await InThreads(application, longest, read_away=100)(dict(SCOPE), receive, send)
        return sent

    return looped(served())


def body(*parts: bytes) -> list[dict[str, Any]]:
    return [
        {"type": "http.request", "body": part, "more_body": i < len(parts) - 1}
        for i, part in enumerate(parts)
    ]


def test_the_environment() -> None:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        seen.update(environ, read=environ["wsgi.input"].read())
        start("201 Created", [("X-A", "b"), ("Content-Length", "2")])
        return [b"ok"]

    sent = serve(application, body(b"0123", b"456"))
    assert sent == [
        {
            "type": "http.response.start",
            "status": 201,
            "headers": [(b"x-a", b"b"), (b"content-length", b"2")],
        },
        {"type": "http.response.body", "body": b"ok", "more_body": False},
    ]
    assert (seen["read"], seen["CONTENT_LENGTH"]) == (b"0123456", "7")
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/a b/津"
    assert (seen["QUERY_STRING"], seen["REMOTE_ADDR"], seen["SERVER_PORT"]) == (
        "x=%E6",
        "192.0.2.1",
        "8000",
    )
    assert (seen["HTTP_COOKIE"], seen["HTTP_ACCEPT"]) == ("a=1; b=2", "x/y,z/z")
    assert "HTTP_X_REAL_IP" not in seen, "x_real_ip passes for x-real-ip"


def test_a_body_that_is_too_long_is_told_by_its_length_alone() -> None:
    seen: dict[str, Any] = {}

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        seen.update(environ, read=environ["wsgi.input"].read())
        start("413 Content Too Large", [("Content-Length", "0")])
        return [b""]

    assert serve(application, body(*[b"0123456789"] * 3))[0]["status"] == 413
    assert (seen["read"], seen["CONTENT_LENGTH"]) == (b"", "30")
    more = body(*[b"0123456789"] * 30)
    serve(application, more)
    assert len(more) == 19, "more was read away than there should be"


def _streaming(closed: list[int], until: int, ending: Exception | None = None) -> Any:
    def parts() -> Iterator[bytes]:
        given = 0
        try:
            for given in range(until):
                yield b"%d" % given
            if ending:
                raise ending
        finally:
            closed.append(given)

    def application(_: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/csv")])
        return parts()

    return application


def test_a_stream() -> None:
    closed: list[int] = []
    sent = serve(_streaming(closed, 4), body(b""))
    assert b"".join(message.get("body", b"") for message in sent) == b"0123"
    assert [message["more_body"] for message in sent[1:-1]] == [True] * 4
    assert not sent[-1].get("more_body")
    assert closed == [3]


def test_a_stream_that_nobody_waits_for_is_closed() -> None:
    closed: list[int] = []
    sent = serve(_streaming(closed, 10_000), body(b""), gone_after=5)
    assert len(sent) < 10
    assert closed[0] < 10


def test_a_stream_that_breaks_off_has_no_end() -> None:
    closed: list[int] = []
    sent = serve(_streaming(closed, 3, BrokenAnswerError()), body(b""))
    assert sent[-1]["more_body"] is True
    assert closed == [2]


def test_a_client_that_is_gone_before_its_body_has_come() -> None:
    asked: list[int] = []
    assert serve(lambda *_: asked.append(1), [{"type": "http.disconnect"}]) == []
    assert not asked


def test_a_body_that_does_not_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wsgi, "_SENDING", 0.1)
    sent = serve(lambda *_: [], [])
    assert sent[0]["status"] == 408
    assert sent[1]["body"] == b"the request's body did not come in time\n"
