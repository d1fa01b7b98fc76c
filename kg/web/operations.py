"""For operators: liveness, readiness, metrics, and an id and a log line for each request."""

from __future__ import annotations

import logging
import random
import re
import sys
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Blueprint, Response
from pythonjsonlogger.json import JsonFormatter

from kg.sparql import Request
from kg.web import metrics
from kg.web.context import plain, release, sent
from kg.web.messages import Message

if TYPE_CHECKING:
    from _typeshed import OptExcInfo

blueprint = Blueprint("operations", __name__)

ROUTE = "planlink.route"
_POLICY_NAME = "Content-Security-Policy"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# of a page that pages of any host may frame
EMBEDDED = _POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "same-origin"),
    # pages of every host may read it (Fetch §3.2): without credentials, so in nobody's session
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", "*"),
)
_REQUEST_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)
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
        return plain(f"ready; {answer.problem}" if answer.problem else "ready")
    response = plain(Message("not_answering"), 503)
    response.headers["Retry-After"] = "1"
    return response


@blueprint.get("/metrics")
def figures() -> Response:
    """The metrics in the format that Prometheus reads."""
    return sent(*metrics.exposition())


def watched(application: WSGIApplication, log: bool) -> WSGIApplication:
    """An application whose every answer has an id, the headers that bound what a page may do, a
    place in the metrics by the rule that environ[ROUTE] says, and with log a line of log."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        JsonFormatter(
            "%(asctime)s %(levelname)s %(message)s",
            rename_fields={"asctime": "time", "levelname": "level"},
        )
    )
    _log.handlers, _log.propagate = [handler], False
    _log.setLevel(logging.INFO if log else logging.WARNING)

    def watch(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        begun, own = time.perf_counter(), request_id(environ.get("HTTP_X_REQUEST_ID", ""))

        def start(
            status: str, headers: list[tuple[str, str]], *error: OptExcInfo | None
        ) -> Callable[[bytes], object]:
            took = time.perf_counter() - begun
            metrics.request(environ.get(ROUTE, "none"), status[:3], took)
            if log:
                _say(environ, own, int(status[:3]), took, dict(headers).get("Content-Length"))
            policy = () if _POLICY_NAME in dict(headers) else ((_POLICY_NAME, _POLICY),)
            headers = [*headers, *policy, *_ALWAYS, ("X-Request-ID", own)]
            return start_response(status, headers, *error)

        return application(environ, start)

    return watch


def request_id(given: str) -> str:
    """The id of a request: the one that the client gave, if it is one, else a new one."""
    return given if _REQUEST_ID.fullmatch(given) else f"{random.getrandbits(128):032x}"


def _say(
    environ: WSGIEnvironment, own: str, status: int, seconds: float, length: str | None
) -> None:
    """Log an answered request; length: bytes of the answer, None where they are not known yet."""
    _log.info(
        "request",
        extra={
            "request_id": own,
            "method": environ["REQUEST_METHOD"],
            "path": environ["PATH_INFO"].encode("latin-1").decode("utf-8", "replace"),
            "status": status,
            "milliseconds": round(seconds * 1000, 1),
            "bytes": None if length is None else int(length),
            "client": environ.get("REMOTE_ADDR"),
        },
    )
