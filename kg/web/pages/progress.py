"""The progress of a plan: the evaluation of a year in several formats, and what is missing."""

from decimal import Decimal
from typing import Any

from flask import Blueprint, Response, jsonify, render_template

from kg.files import csv_bytes
from kg.lexicon import lexicon
from kg.monitoring.progress import STATES
from kg.monitoring.template import row_name
from kg.rdf.iris import reading_order
from kg.rdf.namespaces import PLAN
from kg.views.annex import Figure
from kg.views.evaluation import Evaluation, Progress
from kg.web.context import imprint, plan_of, reader, release, sent, settings
from kg.web.pages.annex import annex_rows, rows_query
from kg.web.pages.charts import courses
from kg.web.pages.entity_answers import evaluation_of
from kg.web.pages.questions import table_query
from kg.web.parameters import year_of

blueprint = Blueprint("progress", __name__)

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_NOBODY = """SELECT ?measure WHERE {
  ?measure a plan:Measure FILTER NOT EXISTS { ?measure plan:involves ?i } }"""
_LACKED = ("values", "baselines", "bodies")
_COLUMNS = (
    "number", "indicator", "iri", "binding", "year", "state", "reached", "expected", "share",
    "why_zh", "why_en", "plan", "plan_iri", "release", "date", "publisher", "licence",
)  # fmt: skip


def _evaluation(slug: str) -> Evaluation:
    return evaluation_of(slug, year_of(plan_of(slug)))


def _states() -> dict[str, str]:
    """The names of the states of indicators and measures."""
    named = {state: f"progress-{state}" for state in STATES} | {
        state: f"measure-{state}" for state in lexicon("monitoring")["state"]
    }
    return {state: reader().label(str(PLAN[local])) for state, local in named.items()}


@blueprint.get("/progress/<slug>")
def progress(slug: str) -> str:
    """The evaluation as a page that prints well."""
    plan, found = plan_of(slug), _evaluation(slug)
    return render_template(
        "progress.html",
        plan=plan,
        found=found,
        states=_states(),
        charts=courses((one.row, one.every_year) for one in found.indicators),
        query=table_query("progress", slug),
    )


@blueprint.get("/progress/<slug>.json")
def as_json(slug: str) -> Response:
    """The evaluation as JSON."""
    found = _evaluation(slug)
    return jsonify(
        {
            "source": imprint(plan_of(slug)).as_json(),
            "year": found.year,
            "years": found.years,
            "indicators": [_progress_json(one) for one in found.indicators],
            "goals": [
                {"iri": one.goal, "state": one.state, "indicators": one.counts}
                for one in found.goals
            ],
            "measures": [
                {"iri": m.measure, "state": m.state, "evidence": m.source, "date": m.date}
                for m in found.measures
            ],
        }
    )


def _progress_json(one: Progress) -> dict[str, Any]:
    row = one.row
    return {
        **_fields(row, "iri", "number", "name", "binding"),
        "part": row.part or None,
        "state": one.state,
        "targets": [
            {"iri": judged.target, **_fields(judged, "state", "zh", "en", "reached", "expected")}
            for judged in one.assessments
        ],
        "values": [
            {"value": _json(point.number), **_fields(point, "iri", "period", "text", "status")}
            for point in one.series
        ],
    }


def _fields(one: object, *names: str) -> dict[str, Any]:
    return {name: _json(getattr(one, name)) for name in names}


def _json(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


@blueprint.get("/progress/<slug>.csv")
def as_csv(slug: str) -> Response:
    """The evaluation as CSV, a line for each indicator and target, which says what it is from."""
    found, rows = _evaluation(slug), list[tuple[object, ...]]([_COLUMNS])
    source = imprint(plan_of(slug)).as_json().values()
    for one in found.indicators:
        row = one.row
        about = (row.number, row.name, row.iri, "yes" if row.binding else "no", found.year)
        for s in one.assessments:
            rows.append((*about, s.state, s.reached, s.expected, s.share, s.zh, s.en, *source))
        if not one.assessments:
            rows.append((*about, one.state, *[""] * 5, *source))
    return sent(csv_bytes(rows), "text/csv; charset=utf-8")


@blueprint.get("/progress/<slug>.docx")
def as_docx(slug: str) -> Response:
    """The evaluation as a Word document."""
    # What writes Word is loaded by who asks for it.
    from kg.web.pages.evaluation_document import evaluation_document  # noqa: PLC0415

    found = _evaluation(slug)
    made = evaluation_document(found, plan_of(slug), _states())
    return sent(made, _WORD, f"{slug}-{found.year or 'progress'}.docx")


@blueprint.get("/gaps/<slug>")
def missing(slug: str) -> str:
    """What is missing: values, of one year where one is asked for, bodies in charge, baselines."""
    plan = plan_of(slug)
    now, asked = settings().site.day().year, year_of(plan)
    first, last = (asked, asked) if asked else plan.period
    years = range(first, min(last, now) + 1)
    known = {one.row.iri: one for one in evaluation_of(slug).indicators}
    lacking = [
        (row, tuple(year for year in years if year not in known[row.iri].ended))
        for row in annex_rows(slug)
    ]
    bodies = (row["measure"] for row in release().select(_NOBODY, slug))
    return render_template(
        "gaps.html",
        plan=plan,
        now=now,
        named=row_name,
        tabled=bool(lacking),
        years=years,
        without_value=[(row, missed) for row, missed in lacking if missed],
        unpublished={iri: one.unpublished for iri, one in known.items()},
        without_baseline=[
            row for row in annex_rows(slug) if _numbered(row.target) and not _numbered(row.baseline)
        ],
        without_body=sorted(bodies, key=reading_order),
        queries={name: rows_query(f"gaps_{name}", slug) for name in _LACKED},
    )


def _numbered(figure: Figure | None) -> bool:
    return figure is not None and figure.number is not None
