"""Signing in with a token, once for review and for entering values."""

from typing import Any, cast
from urllib.parse import quote, unquote

from flask import Blueprint, after_this_request, current_app, g, redirect, request, url_for
from werkzeug.exceptions import Forbidden, TooManyRequests
from werkzeug.wrappers import Response as WerkzeugResponse

from kg.settings import Token
from kg.web import access
from kg.web.messages import Message
from kg.web.negotiation import wants_page

blueprint = Blueprint("session", __name__)

_LONGEST_NAME = 100
_LONGEST_ASKED = 300  # characters of what a page was asked for, which each of its forms repeats
_PAGES = {"review": "review.points", "observe": "observe.form"}


def signed_in(role: str) -> bool:
    """Whether the visitor has signed in with a token of a role, and the session still holds."""
    token = access.session()
    return token is not None and role in token.roles


def sender(role: str) -> Token:
    """The token that a form is sent under: given with the form, or that of the session; answers 403
    where there is none, it has not the role, or a session's form is not from our pages."""
    given = request.form.get("token", "")
    if given or access.session() is None:
        return access.require(given, role)
    return access.require_session(role)


def csrf() -> str:
    """What the forms of the visitor's session carry; "" without a session."""
    token = access.session()
    return access.form_key(token, request.cookies[access.SESSION]) if token else ""


def remembered_name() -> str:
    """The name given when signing in; "" where there is none, or the token has one."""
    return unquote(request.cookies.get(access.NAME, ""))[:_LONGEST_NAME]


def named(token: Token) -> str:
    """Who sends a form: the token's name, else the form's or the visitor's; "" for nobody."""
    given = request.form.get("by", "").strip() or remembered_name()
    return (token.name or given)[:_LONGEST_NAME]


def asked_before() -> dict[str, Any]:
    """What the page with the form had been asked for."""
    names = ("show", "q", "doubt", "kind", "name", "start", "end", "page")
    asked = {name: request.form.get(f"asked_{name}", "")[:_LONGEST_ASKED] for name in names}
    return {name: value for name, value in asked.items() if value}


def held_before() -> dict[str, str]:
    """What a form that is refused held; the sender's name, which each form of the page repeats, no
    longer than names are."""
    cut = {"by": request.form["by"][:_LONGEST_NAME]} if "by" in request.form else {}
    return request.form.to_dict() | cut


def _page() -> str:
    """The endpoint of the page that signing in or out leads back to."""
    return _PAGES.get(request.values.get("page", ""), _PAGES["review"])


@blueprint.get("/review/<slug>/session")
def begin(slug: str) -> WerkzeugResponse:
    """To the page with the form, for who switches the language after a refusal."""
    return redirect(url_for(_page(), slug=slug, lang=request.args.get("lang")), 303)


@blueprint.post("/review/<slug>/session")
def sign_in(slug: str) -> WerkzeugResponse:
    """Give the browser a session of a working day, for the pages that write alone; a person who is
    refused stays on the page, which says why."""
    access.plan_folder(slug)
    name = request.form.get("by", "").strip()

    @after_this_request
    def remember(response: WerkzeugResponse) -> WerkzeugResponse:
        """Keep the name, where the token is refused too."""
        access.set_session_cookies(response, {access.NAME: quote(name[:_LONGEST_NAME])})
        return response

    try:
        token = access.require(request.form.get("token", ""))
    except (Forbidden, TooManyRequests) as error:
        if not wants_page(request):
            raise
        g.refusal = cast("Message", error.description).worded(g.language)
        shown: Any = current_app.view_functions[_page()](slug)
        page = current_app.make_response(shown)
        page.status_code = error.code
        return page
    name = token.name or name
    response = redirect(url_for(_page(), slug=slug, **asked_before()), 303)
    access.set_session_cookies(response, {access.SESSION: access.new_session(token)})
    return response


@blueprint.post("/review/<slug>/session/end")
def sign_out(slug: str) -> WerkzeugResponse:
    """End the browser's session; without one there is nothing to end."""
    if access.session() is not None:
        access.require_session()
    response = redirect(url_for(_page(), slug=slug), 303)
    access.end_session(response)
    return response
