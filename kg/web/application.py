"""The web application: one blueprint for each kind of page or service."""

from __future__ import annotations

import errno
import logging
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from kg.settings import Settings, load_settings
from kg.sparql import QueryClient
from kg.web import operations, rates
from kg.web.admission import Admission
from kg.web.api import builder, completion, openapi, sparql, workspace
from kg.web.api.endpoint import endpoint
from kg.web.bodies import bodies_first
from kg.web.context import after, before, error_page, register_helpers
from kg.web.linked_data import catalogue, entities, files, vocabulary
from kg.web.messages import Message, messages
from kg.web.mount import mounted
from kg.web.numbers import NumberConverter
from kg.web.pages import (
    annex,
    comparison,
    observe,
    plan_directory,
    plans,
    progress,
    relation_files,
    relations,
    releases,
    review,
    saved,
    search,
)
from kg.web.released import Releases

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MAX_REQUEST = 1_000_000  # bytes of a request's body
# by the rate of each address, as the SPARQL endpoint is
_BOUNDED = frozenset(("sparql.graph", "workspace.sparql", "workspace.named", "workspace.addressed"))


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
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST
    app.extensions["settings"] = settings
    served = app.extensions["releases"] = Releases(directory, settings.limits, runtime)
    admission = app.extensions["admission"] = Admission(settings.server.threads)
    if settings.server.workspace is not None and runtime is not None:
        path = runtime / "workspace" / "socket"
        app.extensions["workspace"] = QueryClient(path, settings.limits, keeps=False)
    bound = rates.bounding(settings.server.rate, runtime)
    queries = endpoint(app.wsgi_app, served, admission, bound, MAX_REQUEST)
    inner = bodies_first(_ignoring_upgrades(queries), admission, MAX_REQUEST)
    watched = operations.watched(inner, settings.server.log)
    app.wsgi_app = mounted(watched, settings)  # type: ignore[method-assign,assignment]
    app.url_map.strict_slashes = False
    app.url_map.converters["int"] = NumberConverter
    for blueprint in (
        plan_directory.blueprint,
        plans.blueprint,
        annex.blueprint,
        progress.blueprint,
        observe.blueprint,
        comparison.blueprint,
        entities.blueprint,
        vocabulary.blueprint,
        search.blueprint,
        relations.blueprint,
        relation_files.blueprint,
        sparql.blueprint,
        completion.blueprint,
        builder.blueprint,
        saved.blueprint,
        files.blueprint,
        catalogue.blueprint,
        openapi.blueprint,
        releases.blueprint,
        review.blueprint,
        workspace.blueprint,
        operations.blueprint,
    ):
        app.register_blueprint(blueprint)
    register_helpers(app)

    def begin() -> None:
        if request.url_rule is not None:
            request.environ[operations.ROUTE] = request.url_rule.rule
        if request.endpoint in _BOUNDED:
            bound(request.remote_addr)

    app.before_request(begin)
    app.before_request(before)
    app.after_request(after)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failure)
    return app


def _ignoring_upgrades(application: WSGIApplication) -> WSGIApplication:
    """An application without an offer to go over to another protocol, which nobody here takes (RFC
    9110 §7.8): routing would look for a WebSocket's rule."""

    def without(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ.pop("HTTP_UPGRADE", None)
        return application(environ, start_response)

    return without


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return cast(Response, error.response)
    code, detail = error.code or 500, error.description or error.name
    if detail == type(error).description and f"http_{code}" in messages():
        detail = Message(f"http_{code}")
    response = error_page(code, detail)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if response.status_code in (429, 503):
        response.headers["Retry-After"] = "1"
    return response


def _failure(error: Exception) -> Response:
    """An unexpected exception: logged in full, named to the visitor by its type alone."""
    logging.getLogger("planlink").exception("request failed: %s %s", request.method, request.path)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return error_page(503, Message("disk_full"))
    return error_page(500, Message("http_500", type(error).__name__))
