"""Bodies of requests are read before the application begins, few at a time: who sends slowly holds
up nobody who reads."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

from kg.web.admission import Admission

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# bytes of a body that is too long, read so that its sender gets an answer
_READ_AWAY = 16 * 1024**2
_PART = 64 * 1024


def bodies_first(
    application: WSGIApplication, admission: Admission, longest: int
) -> WSGIApplication:
    """An application that has a request's whole body when it is called.

    Args:
        application: the application.
        admission: bounds how many bodies are read at a time, and how many of one address.
        longest: bytes of a body that the application takes; of a longer one it gets the length.
    """

    def read(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ.get("CONTENT_LENGTH") and "HTTP_TRANSFER_ENCODING" not in environ:
            return application(environ, start_response)
        address = environ.get("REMOTE_ADDR", "")
        if not admission.enter("body", address):
            busy = Response("too many requests are being sent; try again\n", 503)
            busy.headers["Retry-After"] = "5"
            return busy(environ, start_response)
        try:
            body, length = _read(environ, longest)
        finally:
            admission.leave("body", address)
        environ["wsgi.input"] = BytesIO(body)
        environ["CONTENT_LENGTH"] = str(length)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return application(environ, start_response)

    return read


def _read(environ: WSGIEnvironment, longest: int) -> tuple[bytes, int]:
    """A request's body, empty where it is too long, and its length as far as it is known."""
    announced = environ.get("CONTENT_LENGTH", "")
    left = int(announced) if announced.isdecimal() else None
    stream, body, length = environ["wsgi.input"], bytearray(), 0
    while length <= _READ_AWAY and (left is None or length < left):
        part = stream.read(_PART if left is None else min(_PART, left - length))
        if not part:
            break
        length += len(part)
        if length <= longest:
            body += part
    return (bytes(body) if length <= longest else b""), max(length, left or 0)
