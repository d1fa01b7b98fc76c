"""What is sent of what a route offers, for all routes that offer several formats (RFC 9110 §12),
and to whom a refusal is worded how."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.exceptions import abort
from werkzeug.wrappers import Request, Response

from kg.sparql.formats import MEDIA_TYPES, PAGES, by_name, chosen
from kg.web.messages import Message

PAGE = dict.fromkeys(PAGES, "html")
"""A page, among what a route offers: extensions by media type."""
COOKIE = "language"
"""The cookie that keeps the language that a visitor chose."""
SITE, REFUSAL = "planlink.site", "planlink.refusal"
"""In the environment: the application that makes pages, and what it is to say on one."""
PREFLIGHT = {
    "Access-Control-Allow-Headers": "*, Authorization",  # which the asterisk does not mean
    "Access-Control-Max-Age": "86400",  # seconds for which it need not ask again
}
"""What a browser is answered before it sends a request for a page of another host (Fetch §3.2)."""
PAGE_OR_JSON = {**PAGE, "application/json": "json"}


def wants_page(request: Request) -> bool:
    """Whether who asks likes a page better than a line of text, or results of a query."""
    liked = request.accept_mimetypes
    return liked["text/html"] > max(liked["text/plain"], liked[MEDIA_TYPES["json"]])


def language_for(request: Request, offered: Sequence[str], named: str | None = None) -> str:
    """The language of a page: the one named (zh-CN and EN too) where it is offered, else that which
    the visitor chose before, or the browser likes best (RFC 9110 §12.5.4), or the first offered."""
    primary = primary_tag(named or "")
    asked = (primary, request.cookies.get(COOKIE), _liked_language(request, offered))
    return next((code for code in asked if code and code in offered), offered[0])


def _liked_language(request: Request, offered: Sequence[str]) -> str | None:
    """The language that the browser likes best; en-GB is English, whatever its place (werkzeug's
    own choice takes a language named without a region before it: `en-GB, zh;q=0.1` is Chinese)."""
    qualities: dict[str, float] = {}
    for tag, quality in request.accept_languages:  # those it names first, the best of them first
        qualities.setdefault(primary_tag(tag), quality)
    rest = qualities.get("*", 0)
    best = max(offered, key=lambda code: qualities.get(code, rest))
    return best if qualities.get(best, rest) > 0 else None


def primary_tag(tag: str) -> str:
    """The language that a tag begins with (RFC 5646 §2.1), whatever its case."""
    return tag.lower().replace("_", "-").partition("-")[0]


@dataclass(frozen=True)
class Refusal:
    """Why a request has no answer, as a WSGI application: to who likes pages the site says it
    on one, where it is known (SITE), with the query that was asked, if it was one; to others in
    one line, programs in English unless they like Chinese better."""

    what: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    query: str | None = None

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer the request (PEP 3333)."""
        request = Request(environ)
        site: WSGIApplication | None = environ.get(SITE)
        if site is not None and wants_page(request):
            unread: dict[str, Any] = {"wsgi.input": BytesIO(), "CONTENT_LENGTH": "0"}
            if self.query is not None:  # the query's page is one to read
                unread["REQUEST_METHOD"] = "GET"
            return site({**environ, **unread, REFUSAL: self}, start_response)
        languages = ("zh", "en") if wants_page(request) else ("en", "zh")
        language = _liked_language(request, languages) or languages[0]
        line = " ".join(self.worded(language).split())
        response = Response(f"{line}\n", self.status, mimetype="text/plain")
        response.headers.update(self.headers)
        response.headers["Content-Language"] = language
        response.headers["Vary"] = "Accept, Accept-Language, Cookie"
        return response(environ, start_response)

    def worded(self, language: str) -> str:
        """It in a language; what is known in one alone as it is."""
        return self.what.worded(language) if isinstance(self.what, Message) else self.what


def format_for(request: Request, offered: Mapping[str, str], accept: str | None = None) -> str:
    """The extension of the format to send, of those offered, by media type, the preferred first: by
    the format parameter, else by Accept (or accept in its place); answers 400 to a parameter that
    names none of them, and 406 to a client that likes none."""
    likes = request.headers.get("Accept", "") if accept is None else accept
    named = request.args.get("format")
    refuse_unknown(named, offered)
    form = chosen(named, likes, offered)
    return form or abort(406, Message("formats_offered", ", ".join(offered)))


def refuse_unknown(named: str | None, offered: Mapping[str, str]) -> None:
    """Answer 400 where a format parameter names none of the formats that are offered."""
    if named and not by_name(named, offered):
        abort(400, Message("no_format", named, ", ".join(dict.fromkeys(offered.values()))))
