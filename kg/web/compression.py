"""Text is sent compressed to who asks for that (RFC 9110 §12.5.3), in one place for all answers."""

import gzip
from collections.abc import Callable, Iterable
from functools import lru_cache
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import brotli
import zstandard
from werkzeug.datastructures import Accept, Headers
from werkzeug.http import parse_accept_header

_AS_IT_IS = ("/review/", "/workspace/")
_SHORTEST, _LONGEST = 1024, 16 * 1024**2  # bytes of what is worth it, and of what is not too long
_TEXT = ("application/javascript", "application/n-triples", "application/n-quads")
# what puts a body into each, with more effort where it is sent often
_CODINGS: dict[str, Callable[[bytes, bool], bytes]] = {
    "zstd": lambda body, often: zstandard.ZstdCompressor(19 if often else 3).compress(body),
    "br": lambda body, often: bytes(brotli.compress(body, quality=9 if often else 4)),
    "gzip": lambda body, often: gzip.compress(body, 9 if often else 5, mtime=0),
}


@lru_cache(256)
def coding_liked(accepted: str) -> str | None:
    """The coding that an Accept-Encoding header likes best; None for none.

    >>> [coding_liked(header) for header in ("gzip, br", "gzip, br;q=0.5", "gzip;q=0", "*")]
    ['br', 'gzip', None, 'gzip']
    """
    liked = {name.lower(): quality for name, quality in parse_accept_header(accepted, Accept)}
    liked.setdefault("gzip", liked.get("*", 0))
    best = max(_CODINGS, key=lambda coding: liked.get(coding, 0))
    return best if liked.get(best, 0) > 0 else None


def compressed(application: WSGIApplication) -> WSGIApplication:
    """An application whose texts are compressed where the client likes that; not the review
    pages: they hold a secret beside words of the request, and their length could give it away
    (BREACH); nor the workspace: what is written there on the condition that it is still the
    same needs a strong entity tag (RFC 9110 §13.1.1)."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        begun: list[tuple[str, list[tuple[str, str]]]] = []

        def begin(
            status: str, headers: list[tuple[str, str]], *_: object
        ) -> Callable[[bytes], object]:
            begun[:] = [(status, headers)]
            return lambda _: None

        body = application(environ, begin)
        ((status, headers),) = begun
        fields = {name.lower(): value for name, value in headers}
        if _has_forms(status, fields) and not environ["PATH_INFO"].startswith(_AS_IT_IS):
            headers = [*headers, ("Vary", "Accept-Encoding")]
            coding = coding_liked(environ.get("HTTP_ACCEPT_ENCODING", ""))
            length = int(fields.get("content-length", 0))
            if coding and environ["REQUEST_METHOD"] != "HEAD" and _SHORTEST <= length <= _LONGEST:
                plain, often = _whole(body), "immutable" in fields.get("cache-control", "")
                body = [
                    _compressed_once(plain, coding) if often else _CODINGS[coding](plain, False)
                ]
                headers = _of_compressed(headers, coding, len(body[0]))
        start_response(status, headers)
        return body

    return answer


@lru_cache(64)
def _compressed_once(plain: bytes, coding: str) -> bytes:
    """A body that browsers keep (RFC 8246), in a coding: sent often, it is compressed once."""
    return _CODINGS[coding](plain, True)


def _of_compressed(
    headers: list[tuple[str, str]], coding: str, length: int
) -> list[tuple[str, str]]:
    changed = Headers(headers)
    changed["Content-Encoding"], changed["Content-Length"] = coding, str(length)
    if (tag := changed.get("ETag", "")).startswith('"'):
        changed["ETag"] = f"W/{tag}"  # byte by byte it is another
    return changed.to_wsgi_list()


def _has_forms(status: str, fields: dict[str, str]) -> bool:
    """Whether an answer is text, which may be sent compressed, or a 304 about such text."""
    if status.startswith("304"):
        return True
    name = fields.get("content-type", "").partition(";")[0].strip().lower()
    is_text = name.startswith("text/") or name.endswith(("json", "xml", "trig")) or name in _TEXT
    return is_text and "content-encoding" not in fields and "content-range" not in fields


def _whole(body: Iterable[bytes]) -> bytes:
    """All parts of an answer, which is given back then (PEP 3333)."""
    try:
        return b"".join(body)
    finally:
        if close := getattr(body, "close", None):
            close()
