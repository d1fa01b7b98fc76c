"""Entering values of indicators and states of measures: templates, and forms to submit them.

The forms exist only where the server was started with the plans' folder and a token (planlink serve
--plans, PLANLINK_TOKEN); what they take is released by the next publish.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, abort, g, make_response, render_template, request
from werkzeug.exceptions import BadRequest, Forbidden

from kg.errors import CannotWriteError, PlanlinkError
from kg.export.answer_table import WORKBOOK
from kg.lexicon import lexicon
from kg.monitoring.template import last_ended, template_csv, template_xlsx
from kg.web.access import find_folder, plan_folder
from kg.web.asked import year_of
from kg.web.context import error_page, plan_of, release, sent, settings
from kg.web.messages import Message, message_of
from kg.web.pages.entry import choices, pending, units_by_name, write_pasted, write_row
from kg.web.pages.session import csrf, held_before, named, remembered_name, sender, signed_in
from kg.web.plan_readings import reading_of

if TYPE_CHECKING:
    from kg.monitoring.record import Outcome

blueprint = Blueprint("observe", __name__)
blueprint.register_error_handler(PlanlinkError, lambda error: error_page(500, message_of(error)))

_TEMPLATES = {"csv": (template_csv, "text/csv; charset=utf-8"), "xlsx": (template_xlsx, WORKBOOK)}
_LONGEST_NAME = 100
_ASKED = ("indicator", "period")
_SHARED = ("period", "status", "source", "link", "date")  # by values that are entered in turn


@blueprint.get("/observe/<slug>")
def form(slug: str) -> str:
    """How values are entered, the templates, and the forms where this server takes values, with the
    indicator and period that the address asks for."""
    return _page(slug, held={name: request.args[name] for name in _ASKED if name in request.args})


@blueprint.post("/observe/<slug>")
def enter(slug: str) -> Response:
    """Take a sheet, pasted rows, or the one value of the form; each row gets its answer, and none
    is kept where one is refused. A form that is refused comes back with what it held, and one that
    is taken with what the next value is likely to share."""
    folder = plan_folder(slug)
    try:
        if not (by := named(sender("observe"))):
            raise BadRequest(Message("say_by_whom"))
        name, outcome = _take(folder, by)
    except (Forbidden, BadRequest) as error:
        refusal, status = cast("Message", error.description), error.code
    except PlanlinkError as error:
        refusal, status = message_of(error), 503 if isinstance(error, CannotWriteError) else 400
    else:
        held = {k: v for k, v in held_before().items() if not outcome.kept or k in _SHARED}
        return make_response(_page(slug, outcome, name, held), 200 if outcome.accepted else 422)
    page = _page(slug, held=held_before(), error=refusal.worded(g.language))
    return make_response(page, status)


def _take(folder: Path, by: str) -> tuple[str, Outcome]:
    """What the form brings, by its name, and what became of it."""
    # What reads plans takes a second to load, and few enter values.
    from kg.monitoring.record import observe  # noqa: PLC0415

    uploaded, pasted, headed = request.files.get("sheet"), request.form.get("pasted", ""), 0
    with tempfile.TemporaryDirectory(prefix="planlink-") as scratch:
        path = Path(scratch) / "sheet.csv"
        if uploaded is not None and uploaded.filename:
            name = Path(uploaded.filename).name[:_LONGEST_NAME]
            path = Path(scratch) / f"sheet{Path(name).suffix.lower()[:5]}"
            uploaded.save(path)
        elif pasted.strip():
            name, headed = "pasted", write_pasted(path, pasted)
        else:
            name = "form"
            write_row(path, request.form)
        dry = "dry" in request.form
        outcome = observe(reading_of(folder), path, by, name, dry, release().base)
    answers = tuple(replace(answer, row=answer.row - headed) for answer in outcome.answers)
    return name, replace(outcome, answers=answers)


def _page(
    slug: str,
    outcome: Outcome | None = None,
    name: str = "",
    held: Mapping[str, str] | None = None,
    error: str = "",
) -> str:
    plan, folder = plan_of(slug), find_folder(slug)
    shown: dict[str, Any] = {}
    if folder is not None:
        waiting = pending(folder, slug) if signed_in("observe") else []
        shown = {"choices": choices(plan, held or {}), "pending": waiting}
    return render_template(
        "observe.html",
        plan=plan,
        outcome=outcome,
        name=name,
        held=held or {},
        error=error,
        writable=folder is not None,
        signed_in=signed_in("observe"),
        csrf=csrf(),
        by=remembered_name(),
        sheets=lexicon("monitoring"),
        **shown,
    )


@blueprint.get("/observe/<slug>/template.<extension>")
def template(slug: str, extension: str) -> Response:
    """The sheet to fill in, with the plan's indicators."""
    plan = plan_of(slug)
    if extension not in _TEMPLATES:
        abort(404, Message("templates_known", ", ".join(_TEMPLATES)))
    period = str(year_of(plan) or last_ended(*plan.period, settings().site.day()))
    write, media_type = _TEMPLATES[extension]
    name = f"{slug}-{period or plan.period[0]}.{extension}"
    return sent(write(units_by_name(slug), period), media_type, name)
