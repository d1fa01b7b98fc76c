"""Who may do more than read: holders of the tokens of PLANLINK_TOKEN or PLANLINK_TOKEN_FILE, each
within the roles of the token."""

import contextlib
import hmac
import secrets
from collections.abc import Mapping
from functools import lru_cache
from hashlib import scrypt, sha256
from pathlib import Path
from typing import NoReturn

from flask import abort, current_app, request
from itsdangerous import BadSignature, Signer, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from kg.errors import PlanlinkError
from kg.files import read_toml
from kg.settings import Token
from kg.web.bounds import Bound
from kg.web.context import at, plain, settings
from kg.web.messages import Message
from kg.web.mount import ASKED_HOST

SESSION = "review"  # the cookie
NAME = "reviewer"  # that of who decides or enters values: nobody says it again and again
_PATHS = ("/review/", "/observe/", "/queries")  # the pages that write
_SESSION_SECONDS = 8 * 3600  # a working day
_SAFE = ("GET", "HEAD", "OPTIONS")  # methods that change nothing (RFC 9110 §9.2.1)


def holder(secret: str) -> Token | None:
    """The token that a secret is, compared in constant time; 429 after too many wrong guesses."""
    if not secret or not settings().server.tokens:
        return None
    guesses: Bound = current_app.extensions["guesses"]
    if seconds := guesses.wait(request.remote_addr or ""):
        abort(429, Message("guesses", seconds), retry_after=seconds)
    given = secret.encode("utf-8", "surrogateescape")
    same = [t for t in settings().server.tokens if hmac.compare_digest(given, t.secret.encode())]
    if not same:
        guesses.count(request.remote_addr or "")
    return same[0] if same else None


def require(secret: str, role: str | None = None) -> Token:
    """The token that a form gives; answers 403 where it is none, or has not the role."""
    found = holder(secret)
    if found is None:
        abort(403, Message("wrong_token"))
    return _of_role(found, role) if role else found


def require_header(role: str) -> Token:
    """The token that a request carries, as Bearer (RFC 6750 §2.1) or as the password of Basic (RFC
    7617); answers 401 where it carries none, 403 where it has not the role."""
    given = request.authorization
    secret = (given.token if given.type == "bearer" else given.password) if given else ""
    found = holder(secret or "")
    return _of_role(found, role) if found else _unauthorized()


def _unauthorized() -> NoReturn:
    response = plain(Message("send_token"), 401)
    for scheme in ("Bearer", "Basic"):
        response.headers.add("WWW-Authenticate", f'{scheme} realm="planlink"')
    abort(response)


def _of_role(token: Token, role: str) -> Token:
    if role not in token.roles:
        abort(403, Message("no_role", role))
    return token


def set_session_cookies(
    response: Response, cookies: Mapping[str, str], seconds: int = _SESSION_SECONDS
) -> None:
    """Give a signed-in browser its session's cookies, for the pages that write alone."""
    for path in _PATHS:
        for name, value in cookies.items():
            response.set_cookie(
                name,
                value,
                max_age=seconds,
                path=at(path),
                httponly=True,
                secure=request.is_secure,
                samesite="Strict",
            )


def end_session(response: Response) -> None:
    """Have a browser forget its session."""
    set_session_cookies(response, {SESSION: "", NAME: ""}, 0)


def new_session(token: Token) -> str:
    """A session: random, signed with the time by a key made of the token, with which it ends."""
    return _sessions(token.secret).dumps(secrets.token_urlsafe(24))


def session() -> Token | None:
    """The token of the browser's session, if it has one that holds."""
    for token in settings().server.tokens:
        with contextlib.suppress(BadSignature):
            given = request.cookies.get(SESSION, "")
            _sessions(token.secret).loads(given, max_age=_SESSION_SECONDS)
            return token
    return None


def form_key(token: Token, of: str) -> str:
    """What the forms of a session carry, which no other site can know."""
    return Signer(_key(token.secret), "form", digest_method=sha256).get_signature(of).decode()


def require_session(role: str | None = None) -> Token:
    """The token of the session that a form was sent in; answers 403 where there is none, where it
    has not the role, or where the form is not from one of our pages."""
    found = session()
    if found is None:
        abort(403, Message("sign_in"))
    expected = form_key(found, request.cookies[SESSION])
    if not hmac.compare_digest(request.form.get("csrf", "").encode(), expected.encode()):
        abort(403, Message("foreign_form"))
    return _of_role(found, role) if role else found


def refuse_foreign() -> None:
    """Answer 403 to what a browser sends for a page of another site, and changes something here: by
    what browsers say of themselves (Fetch Metadata), or else by Origin (RFC 6454 §7)."""
    if request.method in _SAFE:
        return
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own = (request.host, request.environ.get(ASKED_HOST))
    if site:
        is_foreign = site not in ("same-origin", "none")
    else:
        is_foreign = origin is not None and origin.partition("://")[2] not in own
    if is_foreign:
        abort(403, Message("foreign_form"))


@lru_cache(64)
def _key(secret: str) -> bytes:
    """A key made of a token slowly, so that who has a session cannot try tokens by it."""
    return scrypt(secret.encode(), salt=b"planlink session", n=2**14, r=8, p=1)


def _sessions(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(_key(secret), "session", signer_kwargs={"digest_method": sha256})


def _plans() -> Path | None:
    """Where this server may write plans: it was started with their folders and a token."""
    server = settings().server
    return server.plans if server.tokens else None


def find_folder(slug: str) -> Path | None:
    """The folder of a plan that may be written here; None where there is none."""
    for path in sorted(plans.glob("*/plan.toml")) if (plans := _plans()) else ():
        try:
            found = read_toml(path).get("slug")
        except PlanlinkError:
            continue  # a neighbour's broken folder does not close this plan's page
        if found == slug:
            return path.parent
    return None


def plan_folder(slug: str) -> Path:
    """The folder of a plan that may be written here; 404 where none is."""
    if _plans() is None:
        abort(404, Message("no_writing"))
    return find_folder(slug) or abort(404, Message("no_plan_folder", slug))
