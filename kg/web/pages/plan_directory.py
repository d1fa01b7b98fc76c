"""The front page: the overview of the one plan, or the directory of all of them."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Response, render_template, request

from kg.export.answer_table import AnswerTable
from kg.rdf.iris import plan_graph, plan_iri
from kg.rdf.namespaces import PLAN
from kg.rdf.select import select
from kg.release.manifest import PlanEntry
from kg.web.context import plan_title, reader, release, text
from kg.web.pages import facets
from kg.web.pages.corpus.answers import answer_from_edition, as_file, file_wanted
from kg.web.pages.figures import years_worded
from kg.web.pages.plans import overview_page
from kg.web.parameters import page_of

blueprint = Blueprint("directory", __name__)

_PAGE = 100  # plans on a page
_CHOICES = ("area", "level", "period", "state")
_HEADS = (
    "plan", "area", "period", "measures", "indicator", "nav_progress", "directory_modified"
)  # fmt: skip
_COUNTED = """
SELECT ?g (COUNT(?x) AS ?n) { GRAPH ?g { ?x a plan:%s } } GROUP BY ?g"""
_LAST = """
SELECT ?g (MAX(STRAFTER(STR(?period), "/id/period/")) AS ?n) WHERE {
  GRAPH ?g { ?judged a plan:Assessment ; plan:period ?period ; plan:progressState ?state }
  FILTER ( ?state != plan:progress-NoData ) } GROUP BY ?g"""
_OF_TABLES = "Indicator ; plan:number ?row"


@blueprint.get("/")
def front() -> Response | str:
    """What a visitor sees first; the directory with format=csv or xlsx as a file."""
    answer_from_edition()
    plans, form = release().manifest.plans, file_wanted() if "format" in request.args else ""
    if len(plans) == 1:
        return overview_page(plans[0], is_front=True)
    asked = plans_asked_for(len(plans) if form else _PAGE)
    counts = {kind: _counts(_COUNTED % kind) for kind in ("Measure", "Indicator", _OF_TABLES)}
    if form:
        table = _as_table(asked["plans"], counts["Measure"], counts["Indicator"])
        return as_file("plans", text("directory_title"), [table], form)
    known = {"in_annex": counts[_OF_TABLES], "last_year": _last_year, "graph": release().graph}
    return render_template("directory.html", counts=counts, **known, **asked)


def _as_table(
    plans: Iterable[PlanEntry], measures: dict[str, int], indicators: dict[str, int]
) -> AnswerTable:
    """Plans as a table to be worked on, with the numbers of their measures and indicators."""
    rows: list[list[str | int]] = []
    for plan in plans:
        graph, year = release().graph(plan.slug), _last_year(plan.slug)
        rows.append([
            plan_title(plan), plan.area, years_worded(*plan.period), measures.get(graph, 0),
            indicators.get(graph, 0), years_worded(year, year) if year else "", plan.modified[:10],
            plan_iri(release().base, plan.slug),
        ])  # fmt: skip
    return AnswerTable(text("directory_title"), [*map(text, _HEADS), "IRI"], rows)


def plans_asked_for(most: int = _PAGE) -> dict[str, Any]:
    """What plans_found.html shows: the plans that the address asks for, by the words in their
    titles, areas and issuers, and by province, level, period and state; the latest period first,
    page by page, so many (most) on a page."""
    chosen = {name: facets.facet_asked(name) for name in _CHOICES}
    like = facets.plans_like(chosen)
    found = [plan for plan in facets.plans_named(request.args.get("q", "")) if plan.slug in like]
    found.sort(key=lambda plan: (-plan.period[0], -plan.period[1], plan.area, plan_title(plan)))
    shown, number, pages = page_of(found, most)
    return {
        "plans": shown,
        "total": len(found),
        "all": len(release().manifest.plans),
        "q": request.args.get("q", ""),
        "chosen": chosen,
        "offered": {name: _offered(name) for name in _CHOICES},
        "number": number,
        "pages": pages,
    }


def _offered(name: str) -> list[tuple[str, str]]:
    """What may be chosen, and how it is called with how many plans there are."""
    counted = Counter(one[name] for one in facets.facets_of_plans().values() if one[name])
    order = {
        "area": sorted(counted),
        "level": [one for one in facets.LEVELS if one in counted],
        "period": sorted(counted, reverse=True),
        "state": [one for one in facets.STATES if one in counted],
    }
    return [(one, text("bracketed", _called(name, one), counted[one])) for one in order[name]]


def _called(name: str, chosen: str) -> str:
    if name == "level":
        return reader().label(str(PLAN[f"level-{chosen}"]))
    if name == "period":
        return years_worded(*map(int, chosen.split("–")))
    return text(f"directory_{chosen}") if name == "state" else chosen


def _last_year(slug: str) -> int | None:
    """The last year that anything of a plan was judged in; None for none."""
    return _counts(_LAST).get(plan_graph(plan_iri(release().base, slug), "monitoring"))


def _counts(query: str) -> dict[str, int]:
    """The number that a query gives for each graph (its IRI)."""
    shown = release()
    rows = shown.once(("counts", query), lambda: select(shown.store, query))
    return {row["g"]: int(row["n"]) for row in rows}
