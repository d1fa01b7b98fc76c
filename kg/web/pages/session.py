"""Signing in with the token, once for review and for entering values."""

from __future__ import annotations

from urllib.parse import quote, unquote

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from kg.web.access import SESSION_SECONDS, is_session, is_token, new_session, plan_folder
from kg.web.context import at
from kg.web.messages import Message

blueprint = Blueprint("session", __name__)

_COOKIE = "review"
_NAME = "reviewer"  # who decides or enters values, so that nobody says it again and again
_LONGEST_NAME = 100
_PATHS = ("/review/", "/observe/")
_PAGES = {"review": "review.points", "observe": "observe.form"}


def signed_in() -> bool:
    """Whether the visitor has signed in, and the session still holds."""
    return is_session(request.cookies.get(_COOKIE, ""))


def remembered_name() -> str:
    """Who the visitor said to be when signing in; "" where they said nothing."""
    return unquote(request.cookies.get(_NAME, ""))[:_LONGEST_NAME]


@blueprint.post("/review/<slug>/session")
def sign_in(slug: str) -> WerkzeugResponse:
    """Give the browser a session of a working day, for the pages that write alone and for no
    request that comes from another site."""
    plan_folder(slug)
    if not is_token(request.form.get("token", "")):
        abort(403, Message("wrong_token"))
    page = _PAGES.get(request.form.get("page", ""), _PAGES["review"])
    response = redirect(url_for(page, slug=slug), 303)
    name = quote(request.form.get("by", "").strip()[:_LONGEST_NAME])
    session = new_session()
    cookies = [(path, *one) for path in _PATHS for one in ((_COOKIE, session), (_NAME, name))]
    for path, cookie, value in cookies:
        response.set_cookie(
            cookie,
            value,
            max_age=SESSION_SECONDS,
            path=at(path),
            httponly=True,
            secure=request.is_secure,
            samesite="Strict",
        )
    return response
