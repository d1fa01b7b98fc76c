"""Write access to plans' folders: for the holder of the token in PLANLINK_TOKEN alone."""

from __future__ import annotations

import hmac
import re
import time
import tomllib
from pathlib import Path

from flask import abort, request

from kg.web.context import plain, settings
from kg.web.messages import Message

SESSION_SECONDS = 8 * 3600  # a working day


def is_token(given: str) -> bool:
    """Whether a text is this server's token, compared in constant time."""
    token = settings().server.token
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


def new_session() -> str:
    """What a browser is given when its user has signed in, instead of the token: until when it
    holds, signed with the token (HMAC, RFC 2104)."""
    until = str(int(time.time()) + SESSION_SECONDS)
    return f"{until}.{_signature(until)}"


def is_session(given: str) -> bool:
    """Whether a text was given out by this server under its present token, and still holds."""
    until, _, signature = given.partition(".")
    if not settings().server.token or not re.fullmatch("[0-9]{1,12}", until):
        return False
    is_ours = hmac.compare_digest(signature.encode(), _signature(until).encode())
    return is_ours and int(until) > time.time()


def _signature(until: str) -> str:
    return hmac.new(settings().server.token.encode(), until.encode(), "sha256").hexdigest()


def is_writable() -> bool:
    """Whether this server was started with the plans' folders and a token."""
    return _plans() is not None


def _plans() -> Path | None:
    server = settings().server
    return server.plans if server.token else None


def require_token() -> None:
    """Answer 401 unless the request carries the token (RFC 6750 §2.1)."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not is_token(given.strip()):
        response = plain("send the token as Authorization: Bearer …", 401)
        response.headers["WWW-Authenticate"] = 'Bearer realm="planlink"'
        abort(response)


def find_folder(slug: str) -> Path | None:
    """The folder of a plan that may be written here; None where there is none."""
    for path in sorted(plans.glob("*/plan.toml")) if (plans := _plans()) else ():
        try:
            found = tomllib.loads(path.read_text(encoding="utf-8")).get("slug")
        except (OSError, tomllib.TOMLDecodeError):
            continue  # a neighbour's broken folder does not close this plan's page
        if found == slug:
            return path.parent
    return None


def plan_folder(slug: str) -> Path:
    """The folder of a plan that may be written here; 404 where none is."""
    if _plans() is None:
        abort(404, Message("no_writing"))
    return find_folder(slug) or abort(404, Message("no_plan_folder", slug))
