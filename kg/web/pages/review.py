"""The review pages: the holder of a token corrects what was read, in corrections.toml; only where
the server was started with the plans' folder and a token (planlink serve --plans,
PLANLINK_TOKEN)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest, Forbidden
from werkzeug.wrappers import Response as WerkzeugResponse

from kg.errors import CannotWriteError, PlanlinkError
from kg.link import corrections
from kg.rdf.iris import NAMED
from kg.rdf.namespaces import PLAN
from kg.source.text import Span
from kg.views.reading import Paragraphs
from kg.web import access
from kg.web.context import admission, error_page, kind_label, reader, release, text
from kg.web.messages import Message, message_of
from kg.web.pages import session
from kg.web.pages.observe import pending
from kg.web.pages.publishing import shown_publication
from kg.web.parameters import number_in
from kg.web.plan_readings import reading_of

if TYPE_CHECKING:
    from pathlib import Path

    from kg.link.reading import Reading

blueprint = Blueprint("review", __name__)
blueprint.register_error_handler(PlanlinkError, lambda error: error_page(500, message_of(error)))

_AROUND = 60  # characters of the source shown on either side of a point
_ON_PAGE = 40  # points or entities
_PLACES = 3  # of one entity, before its forms; the others are folded
_LONGEST_NAME = 40  # characters of what is marked in the text, to be offered as a name
_OFFERED = ("accept", "reject", "rename", "retype", "split", "add", "title", "drop")
_DONE = (*_OFFERED, "merge", "withdraw")
_SHOWN = ("points", "things", "decisions", "preview")
_CALLED = {  # fields that are not called field_… by the forms for an action, or a kind of entity
    "to": {"merge": "review_into", "split": "review_apart", "target": "review_target_name"},
    "name": {
        **dict.fromkeys(("target", "indicator"), "review_target_name"),
        **dict.fromkeys(("goal", "vision"), "field_title"),
        "achievement": "review_achievement_name",
    },
    "quote": {
        **dict.fromkeys(("target", "achievement"), "review_target_quote"),
        **dict.fromkeys(("measure", "goal", "vision", "section"), "review_goal_quote"),
        "indicator": "review_value_quote",
    },
}
_OPTIONAL = ("quote", "title")  # where the correction does not ask for them
_FIELDS = ("kind", "name", "to", "type", "quote", "title", "reason")


@blueprint.app_template_global("correctable")
def is_correctable(slug: str) -> bool:
    """Whether what was read from a plan can be corrected here."""
    return access.find_folder(slug) is not None


@blueprint.get("/review/<slug>")
def points(slug: str) -> str | tuple[str, int]:
    """The points still to be decided, everything that can be corrected, the decisions made, and
    what the next publish changes; the forms, and all of a plan that is not published, are shown
    after signing in with the token."""
    folder = access.plan_folder(slug)
    if not session.signed_in("drafts") and release().plan(slug) is None:
        by = session.remembered_name()
        return render_template("review.html", slug=slug, show=None, by=by, asked={}), 403
    return _page(slug, folder, session.asked_before() if request.method == "POST" else request.args)


def _page(
    slug: str, folder: Path, asked: Mapping[str, str], error: str = "", form: Any = None
) -> str:
    """The page that is asked for; after an error with it, and what the form held."""
    from kg.views.blocks import blocks_of  # noqa: PLC0415

    waits, address = session.signed_in("review"), request.remote_addr  # officers are few
    with nullcontext() if waits else admission().admitted("plan", address):
        reading = reading_of(folder)
    whole = Paragraphs(reading.plan.source, blocks_of(reading.document))
    show = asked.get("show", "")
    if show not in _SHOWN:
        show = "things" if any(asked.get(key) for key in ("kind", "start", "iri")) else "points"
    make = {"points": _points, "things": _things, "decisions": _decisions, "preview": _preview}
    return render_template(
        "review.html",
        slug=slug,
        plan=release().plan(slug),
        show=show,
        number=number_in(asked.get("page", "")) or 1,
        on_page=_ON_PAGE,
        signed_in=session.signed_in("review"),
        csrf=session.csrf(),
        by=session.remembered_name(),
        made=len(reading.applied.made),
        types={kind: corrections.entity_types(kind) for kind in NAMED},
        values=corrections.entity_types("indicator"),
        type_label=_type_label,
        field=_field,
        quoted=lambda start, end: whole.quoted(start, end, _AROUND),
        error=error,
        form=form or {},
        done=done if (done := asked.get("done", "")) in _DONE else "",
        **{"asked": asked} | make[show](folder, reading, asked),
    )


def _field(name: str, action: str, kind: str) -> str:
    """What the form for an action on a kind of entity calls one of its fields."""
    called = _CALLED.get(name, {})
    return text(called.get(action) or called.get(kind) or f"field_{name}")


def _type_label(kind: str, type_: str) -> str:
    """What a type is called; of a row's value the name of its class."""
    if kind == "indicator":
        return kind_label(type_.capitalize())
    return reader().label(str(PLAN[f"{kind}-{type_}"]))


def _points(folder: Path, reading: Reading, asked: Mapping[str, str]) -> dict[str, Any]:
    from kg.link.suggestions import load_suggestions  # noqa: PLC0415
    from kg.web.pages.correctable import correctables  # noqa: PLC0415

    found = reading.doubts(load_suggestions(folder))
    words = asked.get("q", "").strip()
    matching = [point for point in found if not words or words in f"{point.about} {point.words}"]
    doubt = asked.get("doubt", "")
    links = {one.name: one.label for one in correctables(reading) if one.kind == "link"}
    return {
        "unread": reading.completeness().findings,
        "doubts": Counter(point.doubt for point in matching),
        "open": len(found),
        "points": [point for point in matching if doubt in ("", point.doubt)],
        "known": lambda point: point.name and not point.suggestion,  # it leads to a page of its own
        "worded": lambda point: links.get(point.name, point.about),
    }


def _things(folder: Path, reading: Reading, asked: Mapping[str, str]) -> dict[str, Any]:
    # What reads plans is loaded only where somebody decides.
    from kg.web.pages.correctable import (  # noqa: PLC0415
        at_place,
        correctables,
        missing_links,
        of_iri,
        stated_targets,
    )

    every, kind, name = correctables(reading), asked.get("kind", ""), asked.get("name", "")
    words, place = asked.get("q", "").strip(), _place_in(reading, asked)
    found = at_place(every, *place) if place else every
    found = [one for one in found if not words or words in one.label or words in one.name]
    chosen = next((one for one in every if (one.kind, one.name) == (kind, name)), None)
    if name and not chosen and request.method == "GET" and not asked.get("done"):
        listed = url_for("review.points", slug=reading.plan.slug, show="things", kind=kind)
        onward = text("review_things"), listed
        abort(error_page(404, Message("nothing_called", name), onward))
    if iri := asked.get("iri", ""):
        chosen = of_iri(every, iri, reading.iris(release().base))
        if chosen:
            asked = {"kind": chosen.kind, "name": chosen.name}  # its forms lead back to it
    own, rows = set(chosen.keys) if chosen else set(), {"target": "indicator"}
    alike = rows.get(chosen.kind, chosen.kind) if chosen else ""
    return {
        "asked": asked,
        "chosen": chosen,
        # but for those from it to its own values
        "links": [x for x in every if own & set(x.ends) and not set(x.ends) <= own],
        "missing_links": missing_links(reading, chosen) if chosen else [],
        "stated": stated_targets(reading, chosen) if chosen else [],
        "kinds": Counter(one.kind for one in found),
        "things": [one for one in found if kind in ("", one.kind)],
        "place": place,
        "missed": reading.document.marked(Span(*place)) if place else "",
        "cells": " ".join(reading.plan.source[slice(*place)].split()) if place else "",
        # a target's indicator may be a row of a table
        "names": sorted({x.name for x in every if chosen and rows.get(x.kind, x.kind) == alike}),
        "places": _PLACES,
        "longest_name": _LONGEST_NAME,
    }


def _place_in(reading: Reading, asked: Mapping[str, str]) -> tuple[int, int] | None:
    start, end = (number_in(asked.get(key, "")) for key in ("start", "end"))
    if start is None or end is None or not 0 <= start < end <= len(reading.plan.source):
        return None
    return start, end


def _decisions(folder: Path, reading: Reading, asked: Mapping[str, str]) -> dict[str, Any]:
    from kg.web.pages.correctable import names_of_ends  # noqa: PLC0415

    names = names_of_ends(reading)
    made = {one.ordinal for one in reading.applied.made}
    decisions = corrections.load_corrections(folder)

    def called(kind: str, key: str) -> str:
        return names.get(f"{kind} {key}") or key

    return {
        "decisions": decisions[::-1] if session.signed_in("review") else (),
        "carried": made,
        "merged": reading.applied.merged,
        "worded": lambda name: reader().in_words(name, called),
    }


def _preview(folder: Path, reading: Reading, asked: Mapping[str, str]) -> dict[str, Any]:
    from kg.web.pages.preview import preview  # noqa: PLC0415

    slug = reading.plan.slug
    is_released = release().plan(slug) is not None
    is_shown = is_released and session.signed_in("review")
    return {
        "preview": preview(reading, release()) if is_shown else None,
        "pending": len(pending(folder, slug)) if is_released else 0,
        "may_publish": session.signed_in("publish"),
        "publication": shown_publication(slug),
    }


def _entry() -> dict[str, str]:
    """The correction that the form asks for; it is refused where a field is missing or wrong."""
    form = {key: request.form.get(key, "").strip() for key in (*_FIELDS, "action", "value")}
    action = "rename" if form["action"] == "merge" else form["action"]
    if action not in _OFFERED:
        raise BadRequest(Message("actions_known", ", ".join(_OFFERED)))
    if ":" in form["type"] and action == "add":
        form["kind"], _, form["type"] = form["type"].partition(":")
    wanted = corrections.keys_of(action, form["kind"])
    reason = form["reason"] or (text("review_as_read") if action == "accept" else "")
    entry = {"action": action, "kind": form["kind"], "reason": reason}
    for key in wanted:
        entry[key] = form[key] or (form["value"] if key != "name" else "")
    if action == "add" and form["kind"] != "link":
        entry["quote"] = form["quote"]
        if form["kind"] == "measure":
            entry["title"] = form["title"]
    missing = [key for key in entry if not entry[key] and (key in wanted or key not in _OPTIONAL)]
    if missing:
        field = _field(missing[0], form["action"], entry["kind"])
        raise BadRequest(Message("field_needed", field))
    if "type" in wanted and entry["type"] not in corrections.entity_types(entry["kind"]):
        raise BadRequest(Message("type_known", entry["type"]))
    return entry


@blueprint.post("/review/<slug>")
def decide(slug: str) -> WerkzeugResponse | tuple[str, int]:
    """Take one decision: a correction, what becomes of a suggestion, or to take a decision back."""
    folder = access.plan_folder(slug)
    try:
        done = _take(folder, session.named(session.sender("review")) or str(request.remote_addr))
    except (Forbidden, BadRequest) as error:
        if error.code == 403 and (access.session() is not None or release().plan(slug) is None):
            raise
        refusal, status = cast("Message", error.description), error.code
    except PlanlinkError as error:
        refusal, status = message_of(error), 503 if isinstance(error, CannotWriteError) else 400
    else:
        return _onward(slug, done)
    why, held = refusal.worded(g.language), session.held_before()
    return _page(slug, folder, session.asked_before(), why, held), status


def _onward(slug: str, done: Mapping[str, str]) -> WerkzeugResponse:
    """Leads from what was done back to the page that it was asked on."""
    place = request.form.get("place", "")
    anchor = f"point-{place}" if number_in(place) is not None else None
    asked: dict[str, Any] = session.asked_before()
    renamed = done["action"] == "rename" and done["kind"] != "achievement"  # that has a number
    if renamed and asked.get("name") and asked.get("kind") == done["kind"]:
        asked["name"] = done["to"]  # what bore the former name is there no longer
    asked["done"] = "merge" if request.form.get("action") == "merge" else done["action"]
    return redirect(url_for("review.points", slug=slug, **asked, _anchor=anchor), 303)


def _take(folder: Path, by: str) -> dict[str, str]:
    """Carry out what the form asks; returns the correction, or what else was done as its action."""
    from kg.link.suggestions import decide as decide_suggestion  # noqa: PLC0415
    from kg.web.pages.correctable import correctables  # noqa: PLC0415

    form = request.form
    if (number := number_in(form.get("suggestion", ""))) is not None:
        accepted = "accept" in form
        decide_suggestion(folder, number, accepted, form.get("reason", ""), by)
        return {"action": "accept" if accepted else "reject"}
    if (number := number_in(form.get("withdraw", ""))) is not None:
        corrections.withdraw(folder, number, form.get("at", ""))
        return {"action": "withdraw"}
    entry = _entry()
    if form["action"] == "merge":
        known = {(one.kind, one.name) for one in correctables(reading_of(folder))}
        if (entry["kind"], entry["to"]) not in known:
            raise BadRequest(Message("merges_nothing", entry["to"]))
    decides_link = entry["kind"] == "link" and entry["action"] != "add"
    if not decides_link and not _finds_something(reading_of(folder), entry):
        raise BadRequest(Message("finds_nothing"))
    corrections.record(folder, entry, by)
    return entry


def _finds_something(reading: Reading, entry: dict[str, str]) -> bool:
    """Whether what a person wants to correct is found, or to add is in the text and not read."""
    from kg.link.applying import apply_corrections  # noqa: PLC0415
    from kg.link.reading import document_of  # noqa: PLC0415
    from kg.web.pages.correctable import correctables, missing_links  # noqa: PLC0415

    if entry["kind"] == "link":
        identifiers, name = reading.register.identifiers, entry["name"]
        subjects = (
            one
            for one in correctables(reading)
            if one.keys and name.startswith(f"{one.kind} {identifiers.get(one.keys[0])} ")
        )
        return any(name == stated for one in subjects for stated, _ in missing_links(reading, one))
    extraction, wish = reading.linked.extraction, corrections.Correction(0, **entry)
    if entry["kind"] == "section":
        made = corrections.load_corrections(reading.plan.folder)
        fresh = document_of(reading.plan, (*made, wish))
        return fresh.sections != reading.document.sections
    applied = apply_corrections(reading.document, extraction, (wish,), reading.plan.period)
    known = {value.quantity.span for value in extraction.values}
    added = applied.extraction.values[len(extraction.values) :]
    return bool(applied.made) and not any(value.quantity.span in known for value in added)
