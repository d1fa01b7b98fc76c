"""Entering values of indicators and states of measures: templates, and, where the server was
started with the plans' folder and a token, forms to submit them; the next publish releases what
they take."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from flask import Blueprint, Response, abort, g, make_response, render_template, request
from werkzeug.exceptions import BadRequest, Forbidden

from kg.errors import CannotWriteError, PlanlinkError
from kg.export.answer_table import WORKBOOK
from kg.lexicon import lexicon
from kg.monitoring.log import read_log
from kg.monitoring.model import MeasureState, Observation, Period
from kg.monitoring.template import last_ended, row_name, still_runs, template_csv, template_xlsx
from kg.quantities.wording import unit_printed
from kg.rdf.iris import plan_iri
from kg.release.manifest import PlanEntry
from kg.views.annex import Figure
from kg.web.access import find_folder, plan_folder
from kg.web.context import error_page, plan_of, reader, release, sent, settings, text
from kg.web.messages import Message, message_of
from kg.web.pages.annex import annex_rows
from kg.web.pages.figures import unit_id
from kg.web.pages.session import csrf, held_before, named, remembered_name, sender, signed_in
from kg.web.parameters import year_of
from kg.web.plan_readings import reading_of

if TYPE_CHECKING:
    from kg.monitoring.record import Outcome

Choice = tuple[str, str]
"""What is submitted, and what is shown."""
_HEADED = 2  # cells of a line that head columns, so that it is the heading
blueprint = Blueprint("observe", __name__)


def choices(plan: PlanEntry, held: Mapping[str, str]) -> dict[str, list[Choice]]:
    """What the fields of the forms offer, by column; unknown values of a form come first."""
    words = lexicon("monitoring")
    first, last = plan.period
    latest_first = range(last, first - 1, -1)
    years = [Period(y, y) for y in latest_first]
    halves = [Period(y, y, half) for y in latest_first for half in (1, 2)]
    spans = [Period(first, y) for y in range(last, first, -1)]
    today = settings().site.day()
    ended = [p for p in (*years, *spans, *halves) if not still_runs(p.key, today)]
    offered = {
        "indicator": [("", ""), *_indicators(plan.slug)],
        "period": [("", "" if ended else text("entry_none_ended")), *map(_chosen, ended)],
        "status": _named(words["status"], "observation"),
        "judgement": [("", ""), *((words["judgement"][k][0], text(f"entry_{k}"))
                                  for k in ("met", "unmet"))],
        "state": [("", ""), *_named(words["state"], "progress")],
        "measure": _measures(plan.slug),
    }  # fmt: skip
    for name, found in offered.items():
        value = held.get(name, "")
        if value and value not in dict(found):
            found.insert(0, (value, value))
    return offered


def _chosen(period: Period) -> Choice:
    is_span = period.first != period.last
    years = text("entry_span", period.first, period.last) if is_span else ""
    return period.key, years or period.label(g.language)


def _named(words: Mapping[str, list[str]], scheme: str) -> list[Choice]:
    """Words of the lexicon by what they mean, what is meant without a word first."""
    zh = g.language == "zh"
    words = dict(sorted(words.items(), key=lambda one: "" not in one[1]))
    return [(words_of[0], words_of[0] if zh else text(f"entry_{scheme}_{key}"))
            for key, words_of in words.items()]  # fmt: skip


def units_by_name(slug: str) -> list[tuple[str, str]]:
    """The indicators of a plan's annex by number and name, or by name of its text where it has
    none, each with its unit, "" without one."""
    named = {
        row_name(row.number, row.part, row.name): value.counted if value else ""
        for row in annex_rows(slug)
        for value in [row.target or row.baseline]
    }
    return [*named.items()]


def _indicators(slug: str) -> list[Choice]:
    """The plan's indicators with their units, those of the annex by their numbers."""
    found = [(n, text("bracketed", n, unit) if unit else n) for n, unit in units_by_name(slug)]
    listed = {row.iri for row in annex_rows(slug)}
    others = release().select("SELECT DISTINCT ?x WHERE { ?x a plan:Indicator }", slug)
    names = sorted(reader().label(row["x"]) for row in others if row["x"] not in listed)
    return [*found, *((name, name) for name in dict.fromkeys(names))]


def _measures(slug: str) -> list[Choice]:
    query = "SELECT ?x ?number WHERE { ?x a plan:Measure ; plan:number ?number }"
    rows = release().select(query, slug)
    found = [(row["number"], f"{row['number']} {reader().label(row['x'])}") for row in rows]
    return sorted(found, key=lambda one: [int(n) if n.isdigit() else 0 for n in one[0].split(".")])


def write_row(path: Path, form: Mapping[str, str]) -> None:
    """Write the fields of a form as a sheet of one row."""
    kind = "measures" if form.get("measure") else "indicators"
    columns = lexicon("monitoring")[kind]["columns"]
    heads = [column["heads"][0] for column in columns.values()]
    _write(path, [heads, [form.get(name, "").strip() for name in columns]])


def write_pasted(path: Path, pasted: str) -> int:
    """Write rows copied from a spreadsheet as a sheet, with the template's columns where they have
    no heading; returns how many rows were put before them."""
    rows = list(csv.reader(io.StringIO(pasted, newline=""), delimiter="\t"))
    columns = lexicon("monitoring")["indicators"]["columns"]
    states = lexicon("monitoring")["measures"]["columns"]
    heads = {head for held in (columns, states) for c in held.values() for head in c["heads"]}
    first = next((row for row in rows if any(cell.strip() for cell in row)), [])
    if sum(cell.strip().lower() in heads for cell in first) >= _HEADED:
        _write(path, rows)
        return 0
    _write(path, [[column["heads"][0] for column in columns.values()], *rows])
    return 1


def _write(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(rows)


@dataclass(frozen=True)
class Pending:
    """A value or state that waits for the next publish: what it is of, for when, what it says, its
    source, who entered it and when (ISO)."""

    about: str
    period: str
    text: str
    source: str
    by: str
    at: str


def pending(folder: Path, slug: str) -> list[Pending]:
    """What waits for the next release, the latest first; PlanlinkError for a broken log."""
    log = read_log(folder)
    plan = plan_iri(release().base, slug)
    imports = {
        one.number: one for one in log.imports if not reader().exists(f"{plan}/import/{one.number}")
    }
    found: list[Pending] = []
    figures = {r.iri: r.target or r.baseline for r in annex_rows(slug)}
    every: tuple[Observation | MeasureState, ...] = (*log.observations, *log.states)
    for entered in every:
        taken = imports.get(entered.entry.number)
        if taken is None:
            continue
        if isinstance(entered, Observation):
            about, period = entered.name, entered.period.key if entered.period else ""
            words = _with_unit(entered, figures.get(f"{plan}/indicator/{entered.indicator}"))
        else:
            about, period, words = entered.measure, entered.date, entered.text
        found.append(Pending(about, period, words, entered.source, taken.by, taken.at))
    return found[::-1]


def _with_unit(entered: Observation, like: Figure | None) -> str:
    """A value with its unit as it was entered, else as the indicator's own figures are printed."""
    printed = like.counted if like and unit_id(like.unit) == entered.unit else ""
    unit = printed or unit_printed(entered.unit)
    return entered.text if entered.text.endswith(unit) else f"{entered.text}{unit}"


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
