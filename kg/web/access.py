"""Who may write: the holder of the token in PLANLINK_TOKEN. Without one, nobody may."""

from __future__ import annotations

import hmac
import os

from flask import abort, request

from kg.web.context import plain


def is_token(given: str) -> bool:
    """Whether a text is this server's token, compared in constant time."""
    token = os.environ.get("PLANLINK_TOKEN", "")
    return bool(token) and hmac.compare_digest(given.encode(), token.encode())


def require_token() -> None:
    """Answer 401 unless the request bears the token (RFC 6750 §2.1)."""
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not is_token(given.strip()):
        response = plain("send the token as Authorization: Bearer …", 401)
        response.headers["WWW-Authenticate"] = 'Bearer realm="planlink"'
        abort(response)
