"""The web application: one blueprint for each thing a visitor does."""

from __future__ import annotations

import logging
import os
from pathlib import Path

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from kg.query import Limits
from kg.web import files, plans, relations, review, search, sparql, things
from kg.web.context import after, before, error_page, register_helpers
from kg.web.released import Releases

__all__ = ["create_app"]

MAX_REQUEST = 1_000_000  # bytes of a request's body


def create_app(directory: Path, limits: Limits | None = None, pool_size: int | None = None) -> Flask:
    """The WSGI application on a folder of releases.

    Args:
        directory: the folder that planlink publish wrote to.
        limits: what each visitor's query may use.
        pool_size: how many processes evaluate visitors' queries.

    Raises:
        PlanlinkError: nothing has been released there.
    """
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MAX_REQUEST
    app.extensions["releases"] = Releases(directory, pool_size or max(2, os.cpu_count() or 2), limits or Limits())
    app.url_map.strict_slashes = False
    for blueprint in (
        plans.blueprint,
        things.blueprint,
        search.blueprint,
        relations.blueprint,
        sparql.blueprint,
        files.blueprint,
        review.blueprint,
    ):
        app.register_blueprint(blueprint)
    register_helpers(app)
    app.before_request(before)
    app.after_request(after)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _failure)
    return app


def _http_error(error: HTTPException) -> Response:
    return error_page(error.code or 500, error.description or error.name)


def _failure(error: Exception) -> Response:
    """A defect of ours: told to the log in full, to the visitor in a word."""
    logging.getLogger("planlink").exception("request failed: %s %s", request.method, request.path)
    g.setdefault("language", "zh")
    return error_page(500, type(error).__name__)
