"""Requests that are no good HTTP are refused before anything reads them, for all routes alike. The
bodies of others are read before the application begins, few at a time and within a stated time:
who sends slowly holds up nobody."""

import re
from collections.abc import Iterable
from io import BytesIO
from urllib.parse import unquote_to_bytes
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.exceptions import ServiceUnavailable
from werkzeug.http import parse_options_header
from werkzeug.wrappers import Response

from kg.sparql.formats import FORM
from kg.web.bounds import Admission
from kg.web.messages import Message, said_by
from kg.web.negotiation import SITE, Refusal
from kg.web.stalled import Stalled

# one range of bytes (RFC 9110 §14.1.2): others are ignored, as they may be
_RANGE = re.compile(r"bytes=(\d+-\d*|-\d+)", re.ASCII | re.IGNORECASE)
_BEYOND_ASCII = re.compile(rb"%[89A-Fa-f]")
_METHOD = re.compile(r"[A-Z]+", re.ASCII)  # none has small letters, and methods differ by them
# bytes of a body that is too long, read so that its sender gets an answer
_READ_AWAY = 16 * 1024**2
# in the environment: whether the end of a body is all that the server said of its length; it says
# the same of one that was cut off
OF_NO_LENGTH = "planlink.of_no_length"
_PART = 64 * 1024
_CLOSING = {"Connection": "close"}  # the rest of the request is not waited for
_CHARSETS = ("utf-8", "utf8", "us-ascii")


def well_formed(
    application: WSGIApplication, site: WSGIApplication | None = None
) -> WSGIApplication:
    """An application that gets only well-formed requests, without headers it does not take. The
    site words refusals for people, those of the application as well."""

    def check(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[SITE] = site
        if (fault := _fault(environ)) is not None:
            environ["QUERY_STRING"] = ""  # parameters may be no text
            return Refusal(*fault)(environ, start_response)
        if environ["REQUEST_METHOD"] == "OPTIONS" and environ["PATH_INFO"] == "*":
            # of the server, not of an address (RFC 9110 §9.3.7)
            return Response(status=204)(environ, start_response)
        # routing would look for a WebSocket's rule (RFC 9110 §7.8)
        environ.pop("HTTP_UPGRADE", None)
        asked = environ.pop("HTTP_RANGE", "")
        # only a strong tag says that the client's part is of these bytes (RFC 9110 §13.1.5)
        is_sure = not environ.get("HTTP_IF_RANGE", "").startswith("W/")
        if environ["REQUEST_METHOD"] == "GET" and is_sure and _RANGE.fullmatch(asked):
            environ["HTTP_RANGE"] = asked  # RFC 9110 §14.2
        if environ["REQUEST_METHOD"] in ("GET", "HEAD") and environ.get("HTTP_IF_MATCH") == "*":
            del environ["HTTP_IF_MATCH"]  # holds of whatever is there, and goes before dates
            environ.pop("HTTP_IF_UNMODIFIED_SINCE", None)
        return application(environ, start_response)

    return check


def not_utf8(encoded: bytes) -> bool:
    """Whether bytes that are percent-encoded hold others than UTF-8's."""
    if encoded.isascii() and _BEYOND_ASCII.search(encoded) is None:
        return False
    try:
        unquote_to_bytes(encoded).decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


def _fault(environ: WSGIEnvironment) -> tuple[Message, int] | None:
    """What is wrong with a request, and the status that says so."""
    if not _METHOD.fullmatch(environ["REQUEST_METHOD"]):
        return Message("no_method"), 501
    if environ.get("SERVER_PROTOCOL") == "HTTP/1.1" and not environ.get("HTTP_HOST"):
        return Message("no_host"), 400
    if environ.get("HTTP_TRANSFER_ENCODING", "chunked").strip().lower() != "chunked":
        return Message("no_transfer_coding"), 501
    if "HTTP_CONTENT_RANGE" in environ:  # it would be taken for the whole (RFC 9110 §14.5)
        return Message("no_part_written"), 400
    if not_utf8(environ.get("QUERY_STRING", "").encode("latin-1")):
        return Message("address_not_utf8"), 400
    return None


def bodies_first(
    application: WSGIApplication, admission: Admission, longest: int, stalled: Stalled
) -> WSGIApplication:
    """An application that has a request's whole body when it is called, few read at a time; of a
    longer one than so many bytes it gets the length, and connections whose bodies do not come are
    ended."""

    def read(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not environ.get("CONTENT_LENGTH") and "HTTP_TRANSFER_ENCODING" not in environ:
            return application(environ, start_response)
        answer = _refused(environ) or _read_into_environment(environ, admission, longest, stalled)
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


def _read_into_environment(
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
