"""What those who run the server watch: whether it lives and is ready, its figures, and a line of
log for each request."""

from __future__ import annotations

import logging
import re
import sys
import time
import uuid
from collections.abc import Callable

from flask import Blueprint, Flask, Response, abort, current_app, g, make_response, request
from pythonjsonlogger.json import JsonFormatter

from kg.web import metrics, rates
from kg.web.api.protocol import ASKED
from kg.web.context import plain, release

blueprint = Blueprint("operations", __name__)

_BOUNDED = frozenset(
    ("sparql.sparql", "sparql.graph", "workspace.sparql", "workspace.named", "workspace.addressed")
)
_REQUEST_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
_log = logging.getLogger("planlink.requests")


@blueprint.get("/healthz")
def healthz() -> Response:
    """Whether this process answers, and from which release."""
    return plain(f"ok release {release().number}")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Whether queries are answered too."""
    if current_app.extensions["releases"].ready():
        return plain("ready")
    response = plain("the query processes are starting", 503)
    response.headers["Retry-After"] = "1"
    return response


@blueprint.get("/metrics")
def figures() -> Response:
    """What Prometheus reads."""
    body, media_type = metrics.exposition()
    response = make_response(body)
    response.headers["Content-Type"] = media_type
    return response


def watch(app: Flask, rate: str) -> Callable[[str], bool]:
    """Give every request an id, a line of log and its place in the figures, and bound how many an
    address may send.

    Args:
        app: the application.
        rate: requests to the SPARQL endpoints and graphs that one address may send, as
            "5000/second".

    Returns:
        Whether an address may send another such request now; asking counts as one.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(
            "%(asctime)s %(levelname)s %(message)s",
            rename_fields={"asctime": "time", "levelname": "level"},
        )
    )
    _log.handlers, _log.propagate = [handler], False
    _log.setLevel(logging.INFO if app.config.get("LOG_REQUESTS") else logging.WARNING)
    app.before_request(_begin)
    app.after_request(_end)
    within_rate = rates.within(rate)

    def refuse_beyond() -> None:
        if (
            request.endpoint in _BOUNDED
            and ASKED not in request.environ
            and not within_rate(request.remote_addr or "")
        ):
            abort(429, f"at most {rate} from one address")

    app.before_request(refuse_beyond)
    return within_rate


def request_id(given: str) -> str:
    """The id of a request: the one that the client gave, if it is one, else a new one."""
    return given if _REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def log(
    request_id: str,
    method: str,
    path: str,
    status: int,
    seconds: float,
    length: int | None,
    client: str | None,
) -> None:
    """Log an answered request where that is wanted.

    Args:
        request_id, method, path, status, client: what the names say.
        seconds: until the head of the answer.
        length: bytes of the answer, None where they are not known yet.
    """
    if _log.isEnabledFor(logging.INFO):
        _log.info(
            "request",
            extra={
                "request_id": request_id,
                "method": method,
                "path": path,
                "status": status,
                "milliseconds": round(seconds * 1000, 1),
                "bytes": length,
                "client": client,
            },
        )


def _begin() -> None:
    g.request_id = request_id(request.headers.get("X-Request-ID", ""))
    g.begun = time.perf_counter()


def _end(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.request_id
    route = request.url_rule.rule if request.url_rule else "none"
    took = time.perf_counter() - g.begun
    metrics.request(route, response.status_code, took)
    log(
        g.request_id,
        request.method,
        request.path,
        response.status_code,
        took,
        response.content_length,
        request.remote_addr,
    )
    return response
