"""The review page: the holder of the token decides doubtful points, in corrections.toml.

It exists only where the server was started with the plans' folder and a token (planlink serve
--plans, PLANLINK_TOKEN).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from kg.errors import CannotWriteError, PlanlinkError
from kg.rdf.namespaces import PLAN
from kg.source.plan import load_plan
from kg.source.text import line_around
from kg.web.access import (
    SESSION,
    form_key,
    plan_folder,
    require,
    require_session,
    session,
    start_session,
)
from kg.web.context import admission, reader, release
from kg.web.messages import Message
from kg.web.numbers import number_in

if TYPE_CHECKING:
    from kg.link.review import Point

blueprint = Blueprint("review", __name__)

_LONGEST_NAME = 100
_AROUND = 60  # characters of the source shown on either side of a point
_OFFERED = ("accept", "reject", "rename", "retype")


def _type_label(kind: str, type_: str) -> str:
    return reader().label(str(PLAN[f"{kind}-{type_}"]))


def _in_context(source: str, point: Point) -> tuple[str, str, str]:
    """The words of a point, with those of its line before and after them."""
    before, after = line_around(source, point.start, point.end, _AROUND)
    return before, source[point.start : point.end], after


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
    token = session()
    if release().plan(slug) is None and (token is None or "drafts" not in token.roles):
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
        signed_in=token is not None and "review" in token.roles,
        by=token.name if token else "",
        csrf=form_key(token, request.cookies[SESSION]) if token else "",
    )


@blueprint.post("/review/<slug>/session")
def sign_in(slug: str) -> WerkzeugResponse:
    """Give the browser a session of a working day, for the review pages alone and for no request
    that comes from another site."""
    plan_folder(slug)
    token = require(request.form.get("token", ""))
    response = redirect(url_for("review.points", slug=slug), 303)
    start_session(response, token)
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
    token = require_session("review")
    try:
        said = token.name or request.form.get("by", "").strip()
        by = said[:_LONGEST_NAME] or str(request.remote_addr)
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
