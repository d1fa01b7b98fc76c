"""The web application: one blueprint for each kind of page or service."""

import errno
import logging
from pathlib import Path
from typing import cast
from urllib.parse import quote

from flask import Flask, Response, current_app, make_response, redirect, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestedRangeNotSatisfiable
from werkzeug.wrappers import Response as WerkzeugResponse

from kg.settings import Settings
from kg.settings.loading import load_settings, require_plans
from kg.sparql import QueryClient
from kg.web import operations
from kg.web.access import refuse_foreign
from kg.web.api import builder, openapi, sparql, workspace
from kg.web.api.endpoint import Endpoint
from kg.web.bodies import bodies_first, well_formed
from kg.web.bounds import Admission, Bound
from kg.web.compression import compressed
from kg.web.context import after, before, error_page, register_helpers
from kg.web.linked_data import catalogue, entities, files, vocabulary
from kg.web.messages import Message, retry_after, said_by
from kg.web.mount import mounted
from kg.web.negotiation import REFUSAL, Refusal, wants_page
from kg.web.pages import (
    annex,
    comparison,
    corpus,
    observe,
    plan_directory,
    plans,
    progress,
    publishing,
    reading,
    relation_view,
    relations,
    releases,
    review,
    saved,
    search,
    session,
)
from kg.web.pages.figures import register_figures
from kg.web.parameters import NumberConverter
from kg.web.released import Releases
from kg.web.stalled import Stalled
from kg.web.static_files import register_static_files

MAX_REQUEST = 1_000_000  # bytes of a request's body
BODY_GRACE = 5.0  # seconds beyond a query's limit that a request's body may take to come
_GUESSES = "10/minute"  # wrong tokens that one address may send
_SAVED = ("30/minute", "300/day")  # queries that one address may save
_FOR_PROGRAMS = ("sparql", "workspace")  # open to pages of every host, or by a token alone
# by the rate of each address, as the SPARQL endpoint is
_BOUNDED = frozenset(("sparql.graph", "workspace.sparql", "workspace.named", "workspace.addressed"))

_MODULES = (  # of pages and services, each with its blueprint
    plan_directory, plans, reading, annex, progress, observe, comparison, corpus, entities,
    vocabulary, search, relations, relation_view, sparql, builder, saved, files,
    catalogue, openapi, releases, review, publishing, session, workspace, operations,
)  # fmt: skip


def create_app(
    directory: Path, settings: Settings | None = None, runtime: Path | None = None
) -> Flask:
    """The WSGI application on a folder of releases, for any WSGI server.

    Args:
        directory: the folder that planlink publish wrote to.
        settings: the site's; those of site.toml and the environment unless given.
        runtime: the folder of the supervisor that keeps the query pools; without one, they are
            started here and end with this process.

    Raises:
        PlanlinkError: nothing has been released there, or a setting is wrong.
    """
    settings = settings or load_settings()
    require_plans(settings)
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST
    app.extensions["settings"] = settings
    served = app.extensions["releases"] = Releases(directory, settings.limits, runtime)
    admission = app.extensions["admission"] = Admission(settings.server.threads)
    if settings.server.workspace is not None and runtime is not None:
        path = runtime / "workspace" / "socket"
        app.extensions["workspace"] = QueryClient(path, settings.limits, keeps=False)
    bound = app.extensions["bound"] = Bound(settings.server.rate, runtime)
    app.extensions["saving"] = [Bound(rate, runtime, f"save {rate}") for rate in _SAVED]
    app.extensions["guesses"] = Bound(_GUESSES, runtime, "guess")
    queries = Endpoint(app.wsgi_app, served, admission, bound.require, MAX_REQUEST)
    stalled = Stalled(settings.limits.seconds + BODY_GRACE)
    inner = well_formed(bodies_first(queries, admission, MAX_REQUEST, stalled), app.wsgi_app)
    watched = operations.watched(compressed(inner), settings.server.log)
    app.wsgi_app = mounted(watched, settings)  # type: ignore[method-assign,assignment]
    app.url_map.strict_slashes = False
    app.url_map.converters["int"] = NumberConverter
    for module in _MODULES:
        app.register_blueprint(module.blueprint)
    register_helpers(app)
    register_figures(app)
    register_static_files(app)
    app.before_request(before)
    app.before_request(_begin)
    app.after_request(after)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failure)
    return app


def _begin() -> WerkzeugResponse | None:
    """Say on a page what is refused already; name the route for logs, send readers on to an address
    without the stroke at its end, and refuse what is too frequent or from another site."""
    refused: Refusal | None = request.environ.get(REFUSAL)
    if refused is not None:
        asks = refused.query is not None
        page = sparql.query_page(refused) if asks else error_page(refused.status, refused.what)
        return make_response(page, refused.status, refused.headers)
    if request.url_rule is not None:
        request.environ[operations.ROUTE] = request.url_rule.rule
    if request.endpoint in _BOUNDED:
        current_app.extensions["bound"].require(request.remote_addr)
    if request.endpoint == "saved.save":
        for rate in current_app.extensions["saving"]:
            rate.require(request.remote_addr)
    if request.blueprint not in _FOR_PROGRAMS:
        refuse_foreign()
    if request.method in ("GET", "HEAD") and request.path.endswith("/") and len(request.path) > 1:
        address = quote(f"{request.script_root}/{request.path.strip('/')}")
        asked = request.query_string.decode("latin-1")
        return redirect(f"{address}?{asked}" if asked else address, 308)
    return None


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return cast(Response, error.response)
    is_opened = error.code == 405 and request.method == "GET" and wants_page(request)
    response = error_page(error.code or 500, Message("form_only") if is_opened else said_by(error))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if isinstance(error, RequestedRangeNotSatisfiable):
        response.headers["Content-Range"] = f"bytes */{error.length}"
    response.headers.update(retry_after(error))
    return response


def _failure(error: Exception) -> Response:
    """An unexpected exception: logged in full, named to the visitor by its type alone."""
    logging.getLogger("planlink").exception("request failed: %s %s", request.method, request.path)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return error_page(503, Message("disk_full"))
    return error_page(500, Message("http_500", type(error).__name__))
