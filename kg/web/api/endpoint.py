"""The SPARQL endpoint as a WSGI application: a framework takes longer than a query."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.exceptions import HTTPException, MethodNotAllowed
from werkzeug.wrappers import Request

from kg.web.api.protocol import asked, preflight, respond
from kg.web.bounds import Admission
from kg.web.messages import Message, retry_after, said_by
from kg.web.negotiation import Refusal
from kg.web.operations import ROUTE
from kg.web.released import Releases

_PATHS = ("/sparql", "/sparql/")
_METHODS = ("GET", "HEAD", "POST", "OPTIONS")


@dataclass(frozen=True)
class Endpoint:
    """The endpoint, with the site around it, which answers every other request, and that for the
    endpoint's page or description. bound answers 429 where an address may not send another request
    now; longest: bytes of a body that are taken."""

    site: WSGIApplication
    releases: Releases
    admission: Admission
    bound: Callable[[str | None], None]
    longest: int

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        response: WSGIApplication
        if environ["PATH_INFO"] not in _PATHS:
            return self.site(environ, start_response)
        environ[ROUTE] = _PATHS[0]
        request = Request(environ, populate_request=False)
        request.max_content_length = self.longest
        try:
            response = self._answer(request) or self.site
        except HTTPException as error:
            headers = retry_after(error)
            if isinstance(error, MethodNotAllowed):
                headers["Allow"] = ", ".join(_METHODS)
            response = Refusal(said_by(error), error.code or 500, headers, _query(request))
        except Exception as error:  # logged in full, named to the visitor by its type alone
            logging.getLogger("planlink").exception("a query failed")
            what = Message("http_500", type(error).__name__)
            response = Refusal(what, 500, query=_query(request))
        return response(environ, start_response)

    def _answer(self, request: Request) -> WSGIApplication | None:
        """The answer to a query; None where none is asked."""
        if request.method not in _METHODS:
            raise MethodNotAllowed(_METHODS)
        if request.method == "OPTIONS":
            return preflight(*_METHODS)
        self.bound(request.remote_addr)
        if (wanted := asked(request, update_allowed=False)) is None:
            return None
        release = self.releases.get()
        return respond(request, release.queries, wanted, self.admission, release.tag)


def _query(request: Request) -> str:
    """What was asked; "" where that cannot be read."""
    try:
        return request.values.get("query", "")
    except HTTPException:
        return ""
