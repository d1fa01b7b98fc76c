"""Heads and bodies that are no good HTTP are refused in one line, for all routes alike, and bodies
that do not come are not waited for without end."""

from __future__ import annotations

import socket
import threading
from io import BytesIO

import pytest
from support import HANGING
from werkzeug.test import EnvironBuilder, run_wsgi_app
from werkzeug.wrappers import Request, Response

from kg.settings import Settings
from kg.web.bodies import bodies_first, well_formed
from kg.web.bounds import Admission
from kg.web.mount import mounted
from kg.web.stalled import Stalled

LONGEST = 1000
FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"


@Request.application
def echo(request: Request) -> Response:
    """What an application is given of a request."""
    return Response(
        request.environ["wsgi.input"].read(),
        headers={"Had-Length": str(request.content_length), "Had-Range": str(request.range)},
    )


def answered(
    environ: dict[str, object], seconds: float = HANGING, admission: Admission | None = None
) -> Response:
    """The answer to a request, as the web server gives it to us."""
    inner = bodies_first(echo, admission or Admission(8), LONGEST, Stalled(seconds))
    body, status, headers = run_wsgi_app(mounted(well_formed(inner), Settings()), environ)
    return Response(body, status, headers)


def sent(body: bytes = b"", **environ: str) -> Response:
    """The answer to a body, with what stands in the WSGI environment."""
    builder = EnvironBuilder("/sparql", method="POST", data=body, content_type=QUERY)
    return answered(builder.get_environ() | environ)


@pytest.mark.parametrize(
    ("environ", "status"),
    [
        ({}, 200),
        ({"REQUEST_METHOD": "post"}, 501),
        ({"REQUEST_METHOD": "P\xf6ST"}, 501),
        ({"HTTP_HOST": ""}, 400),
        ({"HTTP_HOST": "localhost,evil.example"}, 400),
        ({"HTTP_HOST": "a@localhost"}, 400),
        ({"HTTP_HOST": "localhost:99999999"}, 400),
        ({"HTTP_HOST": "", "SERVER_PROTOCOL": "HTTP/1.0"}, 200),
        ({"HTTP_TRANSFER_ENCODING": "gzip, chunked"}, 501),
        ({"CONTENT_LENGTH": "99999999999999"}, 413),
        ({"CONTENT_LENGTH": "-1"}, 400),
        ({"CONTENT_LENGTH": "\xb2"}, 400),
        ({"CONTENT_LENGTH": "40"}, 408),
        ({"HTTP_CONTENT_ENCODING": "br"}, 415),
        ({"HTTP_CONTENT_ENCODING": "gzip"}, 415),
        ({"HTTP_CONTENT_ENCODING": "Identity"}, 200),
        ({"QUERY_STRING": "query=%ff"}, 400),
        ({"QUERY_STRING": "query=\xff"}, 400),
        ({"QUERY_STRING": "query=%E7%A7%91"}, 200),
        ({"CONTENT_TYPE": f"{FORM}; charset=GBK"}, 415),
        ({"CONTENT_TYPE": f"{FORM}; charset=UTF-8"}, 200),
    ],
)
def test_what_is_no_good_http_is_refused_in_a_line(environ: dict[str, str], status: int) -> None:
    answer = sent(b"ASK {}", **environ)
    assert answer.status_code == status
    to_browser = sent(b"ASK {}", **environ, HTTP_ACCEPT="text/html")
    assert to_browser.status_code == status
    assert status == 200 or to_browser.headers["Content-Language"] == "zh"
    assert status == 200 or (answer.get_data(as_text=True).count("\n"), answer.mimetype) == (
        1,
        "text/plain",
    )


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ("bytes=0-1", "bytes=0-1"),
        ("bytes=-5", "bytes=-5"),
        ("lines=1-2", "None"),
        ("bytes=a-b", "None"),
        ("bytes=" + "0-," * 2000 + "0-", "None"),
        ("bytes=\xb2-", "None"),
    ],
)
def test_ranges_that_nobody_takes_are_ignored(given: str, taken: str) -> None:
    assert sent(HTTP_RANGE=given, REQUEST_METHOD="GET").headers["Had-Range"] == taken
    assert sent(HTTP_RANGE=given, REQUEST_METHOD="HEAD").headers["Had-Range"] == "None"


@pytest.mark.parametrize("body", [b"query=%ff", b"query=\xff", b"query=\xed\xa0\x80"])
def test_a_form_that_is_not_utf8_is_refused(body: bytes) -> None:
    assert sent(body, CONTENT_TYPE=FORM).status_code == 400


def test_what_is_too_long_is_told_by_its_length() -> None:
    answer = sent(bytes(LONGEST + 1))
    assert (answer.data, answer.headers["Had-Length"]) == (b"", str(LONGEST + 1))


@pytest.mark.parametrize("announced", ["100", ""])
def test_a_body_that_does_not_come_ends_its_connection(announced: str) -> None:
    """The connection is real; of it, the server's side reads as a web server does."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        client = socket.create_connection(listener.getsockname())
        served, (peer, _) = listener.accept()
    other, other_served = socket.socketpair()
    with client, served, other, other_served:
        client.sendall(b"ASK")
        environ = EnvironBuilder("/", method="POST", content_type=QUERY).get_environ()
        stream = served.makefile("rb", buffering=0)
        environ |= {"REMOTE_ADDR": peer, "wsgi.input": stream, "CONTENT_LENGTH": announced}
        environ |= {} if announced else {"HTTP_TRANSFER_ENCODING": "chunked"}
        answer = answered(environ, seconds=0.3)
        assert answer.status_code == 408
        assert answer.headers["Connection"] == "close"
        other.sendall(b"x")
        assert other_served.recv(1) == b"x", "no other connection is ended"


def test_what_was_read_in_time_ends_nothing() -> None:
    stalled = Stalled(HANGING)
    with stalled.watching("192.0.2.1") as has_stalled:
        pass
    assert not has_stalled()
    assert [t for t in threading.enumerate() if t.name == "stalled"], "one thread looks on"


def test_bodies_are_read_few_at_a_time() -> None:
    admission = Admission(2)
    builder = EnvironBuilder("/", method="POST", input_stream=BytesIO(b"x"), content_length=1)
    environ = builder.get_environ() | {"REMOTE_ADDR": "192.0.2.1"}
    with admission.admitted("body", "192.0.2.1"):
        answer = answered(environ, admission=admission)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
