"""The web application: one blueprint for each thing a visitor does."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import cast

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from kg.settings import load_settings
from kg.sparql import Limits
from kg.web import operations
from kg.web.api import completion, openapi, sparql, workspace
from kg.web.context import after, before, error_page, register_helpers
from kg.web.linked_data import catalogue as harvest
from kg.web.linked_data import entities as things
from kg.web.linked_data import files, vocabulary
from kg.web.mount import mounted
from kg.web.pages import annex as board
from kg.web.pages import comparison as compare
from kg.web.pages import observe, plans, progress, relations, releases, review, saved, search
from kg.web.rates import RATE
from kg.web.released import Releases

MAX_REQUEST = 1_000_000  # bytes of a request's body


def create_app(
    directory: Path, limits: Limits | None = None, rate: str = RATE, log_requests: bool = False
) -> Flask:
    """The WSGI application on a folder of releases.

    Args:
        directory: the folder that planlink publish wrote to.
        limits: what each visitor's query may use.
        rate: how many requests for data one address may send, as "5000/second".
        log_requests: whether each request gets a line of log.

    Raises:
        PlanlinkError: nothing has been released there.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST
    app.config["LOG_REQUESTS"] = log_requests
    app.extensions["releases"] = Releases(directory, limits or Limits())
    settings = app.extensions.setdefault("settings", load_settings())
    app.wsgi_app = mounted(app.wsgi_app, settings)  # type: ignore[assignment]
    app.url_map.strict_slashes = False
    for blueprint in (
        plans.blueprint,
        board.blueprint,
        progress.blueprint,
        observe.blueprint,
        compare.blueprint,
        things.blueprint,
        vocabulary.blueprint,
        search.blueprint,
        relations.blueprint,
        sparql.blueprint,
        completion.blueprint,
        saved.blueprint,
        files.blueprint,
        harvest.blueprint,
        openapi.blueprint,
        releases.blueprint,
        review.blueprint,
        workspace.blueprint,
        operations.blueprint,
    ):
        app.register_blueprint(blueprint)
    app.extensions["within_rate"] = operations.watch(app, rate)
    register_helpers(app)
    app.before_request(before)
    app.after_request(after)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failure)
    return app


def _http_error(error: HTTPException) -> Response:
    if error.response is not None:
        return cast(Response, error.response)
    response = error_page(error.code or 500, error.description or error.name)
    if response.status_code == 429:
        response.headers["Retry-After"] = "1"
    return response


def _failure(error: Exception) -> Response:
    """A defect of ours: told to the log in full, to the visitor in a word."""
    logging.getLogger("planlink").exception("request failed: %s %s", request.method, request.path)
    g.setdefault("language", "zh")
    return error_page(500, type(error).__name__)
