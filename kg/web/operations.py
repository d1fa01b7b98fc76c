"""For operators: liveness, readiness, metrics, and a log line for each request."""

from __future__ import annotations

import json
import logging
import re
import sys
import time
import uuid
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, g, make_response, request
from pythonjsonlogger.json import JsonFormatter

from kg.settings import Server
from kg.sparql import Request
from kg.web import metrics, rates
from kg.web.context import plain, release

blueprint = Blueprint("operations", __name__)

_BOUNDED = frozenset(
    ("sparql.sparql", "sparql.graph", "workspace.sparql", "workspace.named", "workspace.addressed")
)
_REQUEST_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
NOT_ISOLATED = (
    "the network could not be taken away from query processes: "
    "SERVICE is refused by the guard alone"
)
_log = logging.getLogger("planlink.requests")


@blueprint.get("/healthz")
def healthz() -> Response:
    """Liveness: whether this process answers, and the release that it serves."""
    return plain(f"ok release {release().number}")


@blueprint.get("/readyz")
def readyz() -> Response:
    """Readiness: whether queries are answered, found by asking one."""
    answer = release().queries.ask(Request("", "about"))
    if answer.outcome == "ok":
        isolated = json.loads(answer.body or b"{}")["isolated"]
        return plain("ready" if isolated is not False else f"ready; {NOT_ISOLATED}")
    response = plain("queries are not answered", 503)
    response.headers["Retry-After"] = "1"
    return response


@blueprint.get("/metrics")
def figures() -> Response:
    """The metrics in the format that Prometheus reads."""
    body, media_type = metrics.exposition()
    response = make_response(body)
    response.headers["Content-Type"] = media_type
    return response


def watch(app: Flask, server: Server, runtime: Path | None) -> None:
    """Give every request an id, a log line and a place in the metrics, and limit the rate of each
    address.

    Args:
        app: the application.
        server: how requests are served: their rate, and whether they are logged.
        runtime: where the web processes count together; each for itself where there is none.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(
            "%(asctime)s %(levelname)s %(message)s",
            rename_fields={"asctime": "time", "levelname": "level"},
        )
    )
    _log.handlers, _log.propagate = [handler], False
    _log.setLevel(logging.INFO if server.log else logging.WARNING)
    app.before_request(_begin)
    app.after_request(_end)
    within_rate = rates.within(server.rate, runtime)

    def refuse_beyond() -> None:
        if request.endpoint in _BOUNDED and not within_rate(request.remote_addr or ""):
            abort(429, f"at most {server.rate} from one address")

    app.before_request(refuse_beyond)


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
