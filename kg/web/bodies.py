"""Bodies of requests are read before the application begins, few at a time and within a stated
time: who sends slowly holds up nobody."""

from collections.abc import Iterable
from io import BytesIO
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.exceptions import ServiceUnavailable
from werkzeug.http import parse_options_header

from kg.sparql.formats import FORM
from kg.web.admission import Admission
from kg.web.messages import Message, said_by
from kg.web.negotiation import Refusal
from kg.web.stalled import Stalled
from kg.web.wellformed import not_utf8

# bytes of a body that is too long, read so that its sender gets an answer
_READ_AWAY = 16 * 1024**2
# in the environment: whether the end of a body is all that the server said of its length; it says
# the same of one that was cut off
OF_NO_LENGTH = "planlink.of_no_length"
_PART = 64 * 1024
_CLOSING = {"Connection": "close"}  # the rest of the request is not waited for
_CHARSETS = ("utf-8", "utf8", "us-ascii")


def bodies_first(
    application: WSGIApplication, admission: Admission, longest: int, stalled: Stalled
) -> WSGIApplication:
    """An application that has a request's whole body when it is called.

    Args:
        admission: bounds how many bodies are read at a time, and how many of one address.
        longest: bytes of a body that the application takes; of a longer one it gets the length.
        stalled: ends connections whose bodies do not come.
    """

    def read(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ.get("CONTENT_LENGTH") and "HTTP_TRANSFER_ENCODING" not in environ:
            return application(environ, start_response)
        answer = _refused(environ) or _taken(environ, admission, longest, stalled)
        return (answer or application)(environ, start_response)

    return read


def _refused(environ: WSGIEnvironment) -> Refusal | None:
    """The answer to a body that is not read at all."""
    announced = environ.get("CONTENT_LENGTH", "")
    if announced and not (announced.isascii() and announced.isdecimal()):
        return Refusal(Message("no_length"), 400)
    if int(announced or 0) > _READ_AWAY:
        return Refusal(Message("http_413"), 413, _CLOSING)
    coding = environ.get("HTTP_CONTENT_ENCODING", "").strip().lower()
    if coding not in ("", "identity"):
        plain = {"Accept-Encoding": "identity"}  # RFC 9110 §12.5.3
        return Refusal(Message("no_content_coding", coding), 415, plain)
    return None


def _taken(
    environ: WSGIEnvironment, admission: Admission, longest: int, stalled: Stalled
) -> Refusal | None:
    """Read the body into the environment; the answer where that cannot be done."""
    try:
        with (
            admission.admitted("body", environ.get("REMOTE_ADDR")),
            stalled.watching(_peer(environ)) as has_stalled,
        ):
            body, length, whole = _read(environ, longest)
    except ServiceUnavailable as error:
        return Refusal(said_by(error), 503, {"Retry-After": "5"})
    if has_stalled() or not whole:
        return Refusal(Message("slow_body"), 408, _CLOSING)
    if (refused := _no_form(environ, body)) is not None:
        return refused
    environ["wsgi.input"] = BytesIO(body if length <= longest else b"")
    environ["CONTENT_LENGTH"] = str(length)
    environ[OF_NO_LENGTH] = environ.pop("HTTP_TRANSFER_ENCODING", None) is not None
    return None


def _peer(environ: WSGIEnvironment) -> str:
    """The address at the other end of the connection, whomever a proxy says that it speaks for."""
    before: dict[str, str] = environ.get("werkzeug.proxy_fix.orig", environ)
    return before.get("REMOTE_ADDR") or ""


def _read(environ: WSGIEnvironment, longest: int) -> tuple[bytes, int, bool]:
    """A request's body ("" where too long), its known length, and whether all of it came."""
    announced = environ.get("CONTENT_LENGTH", "")
    left = int(announced) if announced else None
    stream, body, length = environ["wsgi.input"], bytearray(), 0
    while length <= _READ_AWAY and (left is None or length < left):
        part = stream.read(_PART if left is None else min(_PART, left - length))
        if not part:
            break
        length += len(part)
        if length <= longest:
            body += part
    return (bytes(body) if length <= longest else b""), length, left is None or length == left


def _no_form(environ: WSGIEnvironment, body: bytes) -> Refusal | None:
    """The answer to a form that is not in UTF-8, which would be read wrongly without a word."""
    media_type, options = parse_options_header(environ.get("CONTENT_TYPE", ""))
    if media_type.lower() != FORM:
        return None
    if (charset := options.get("charset", "utf-8").lower()) not in _CHARSETS:
        return Refusal(Message("send_utf8", charset), 415)
    return Refusal(Message("body_not_utf8"), 400) if not_utf8(body) else None
