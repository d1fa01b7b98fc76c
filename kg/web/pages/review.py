"""The review page: the holder of the token decides doubtful points, in corrections.toml.

It exists only where the server was started with the plans' folder and a token (planlink serve
--plans, PLANLINK_TOKEN).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from kg.errors import CannotWriteError, PlanlinkError
from kg.rdf.namespaces import PLAN
from kg.source.plan import load_plan
from kg.source.text import line_around
from kg.web.access import (
    SESSION_SECONDS,
    find_folder,
    is_session,
    is_token,
    new_session,
    plan_folder,
)
from kg.web.context import admission, at, reader, release
from kg.web.messages import Message
from kg.web.numbers import number_in

if TYPE_CHECKING:
    from kg.link.review import Point

blueprint = Blueprint("review", __name__)

_COOKIE = "review"
_LONGEST_NAME = 100
_AROUND = 60  # characters of the source shown on either side of a point
_OFFERED = ("accept", "reject", "rename", "retype")


@blueprint.app_context_processor
def _offered_to_correct() -> dict[str, Callable[[str], bool]]:
    return {"correctable": lambda slug: find_folder(slug) is not None}


def _type_label(kind: str, type_: str) -> str:
    return reader().label(str(PLAN[f"{kind}-{type_}"]))


def _in_context(source: str, point: Point) -> tuple[str, str, str]:
    """The words of a point, with those of its line before and after them."""
    before, after = line_around(source, point.start, point.end, _AROUND)
    return before, source[point.start : point.end], after


def _signed_in() -> bool:
    return is_session(request.cookies.get(_COOKIE, ""))


@blueprint.get("/review/<slug>")
def points(slug: str) -> str | tuple[str, int]:
    """The points still to be decided; the forms, and all of a plan that is not published, are shown
    after signing in with the token."""
    # What reads plans is loaded only where somebody decides.
    from kg.link.corrections import entity_types  # noqa: PLC0415
    from kg.link.reading import read_plan  # noqa: PLC0415
    from kg.link.review import review  # noqa: PLC0415
    from kg.link.suggestions import load_suggestions  # noqa: PLC0415

    folder = plan_folder(slug)
    if not _signed_in() and release().plan(slug) is None:
        return render_template("review.html", slug=slug, points=None), 403
    with admission().admitted("plan", request.remote_addr):
        reading = read_plan(load_plan(folder), lambda _: None, lambda _: None)
    found = review(
        reading.document,
        reading.linked,
        reading.register.identifiers,
        reading.applied.made,
        load_suggestions(folder),
    )
    return render_template(
        "review.html",
        slug=slug,
        plan=release().plan(slug),
        unread=reading.completeness().findings,
        points=[(point, _in_context(reading.plan.source, point)) for point in found],
        actions=_OFFERED,
        types={kind: entity_types(kind) for kind in ("zone", "institution")},
        type_label=_type_label,
        made=len(reading.applied.made),
        signed_in=_signed_in(),
    )


@blueprint.post("/review/<slug>/session")
def sign_in(slug: str) -> WerkzeugResponse:
    """Give the browser a session of a working day, for the review pages alone and for no request
    that comes from another site."""
    plan_folder(slug)
    token = request.form.get("token", "")
    if not is_token(token):
        abort(403, Message("wrong_token"))
    response = redirect(url_for("review.points", slug=slug), 303)
    response.set_cookie(
        _COOKIE,
        new_session(),
        max_age=SESSION_SECONDS,
        path=at("/review/"),
        httponly=True,
        secure=request.is_secure,
        samesite="Strict",
    )
    return response


def _entry() -> dict[str, str]:
    """The correction that the form asks for."""
    from kg.link.corrections import ACTIONS  # noqa: PLC0415

    form = {
        key: request.form.get(key, "").strip()
        for key in ("action", "kind", "name", "reason", "value")
    }
    if form["action"] not in _OFFERED:
        abort(400, Message("actions_known", ", ".join(_OFFERED)))
    entry = {key: form[key] for key in ("action", "kind", "name", "reason")}
    return entry | {key: form["value"] for key in ACTIONS[form["action"]] if key != "name"}


@blueprint.post("/review/<slug>")
def decide(slug: str) -> WerkzeugResponse:
    """Take one decision: a correction, or what becomes of a suggestion."""
    from kg.link.corrections import record  # noqa: PLC0415
    from kg.link.suggestions import decide as decide_suggestion  # noqa: PLC0415

    folder = plan_folder(slug)
    if not _signed_in():
        abort(403, Message("sign_in", url_for("review.points", slug=slug)))
    try:
        by = request.form.get("by", "").strip()[:_LONGEST_NAME] or str(request.remote_addr)
        if (number := number_in(request.form.get("suggestion", ""))) is not None:
            reason = request.form.get("reason", "")
            decide_suggestion(folder, number, "accept" in request.form, reason, by)
        else:
            record(folder, _entry(), by)
    except CannotWriteError as error:
        abort(503, f"{error.what}; {error.mend}")
    except PlanlinkError as error:
        abort(400, f"{error.what}; {error.mend}")
    place = request.form.get("place", "")
    anchor = f"point-{place}" if number_in(place) is not None else None
    return redirect(url_for("review.points", slug=slug, _anchor=anchor), 303)
