"""Who may write: the holder of the token in PLANLINK_TOKEN. Without one, nobody may."""

from __future__ import annotations

import hmac
import os

from flask import Response, abort, make_response, request


def is_token(given: str) -> bool:
    """Whether a text is this server's token, compared in constant time."""
    token = os.environ.get("PLANLINK_TOKEN", "")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


def require_token() -> None:
    """Answer 401 unless the request bears the token (RFC 6750 §2.1)."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not is_token(given.strip()):
        response: Response = make_response("send the token as Authorization: Bearer …\n", 401)
        response.mimetype = "text/plain"
        response.headers["WWW-Authenticate"] = 'Bearer realm="planlink"'
        abort(response)
