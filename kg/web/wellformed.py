"""Requests that are no good HTTP are refused before anything reads them, for all routes alike."""

import re
from collections.abc import Iterable
from urllib.parse import unquote_to_bytes
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.wrappers import Response

from kg.web.messages import Message
from kg.web.negotiation import SITE, Refusal

# one range of bytes (RFC 9110 §14.1.2): others are ignored, as they may be
_RANGE = re.compile(r"bytes=(\d+-\d*|-\d+)", re.ASCII | re.IGNORECASE)
_BEYOND_ASCII = re.compile(rb"%[89A-Fa-f]")
_METHOD = re.compile(r"[A-Z]+", re.ASCII)  # none has small letters, and methods differ by them


def well_formed(
    application: WSGIApplication, site: WSGIApplication | None = None
) -> WSGIApplication:
    """An application that gets only well-formed requests, without headers it does not take.

    Args:
        site: words refusals for people, those of the application as well.
    """

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
