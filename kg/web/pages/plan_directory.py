"""The front page: the overview of the one plan, or the directory of all of them."""

from collections import Counter
from typing import Any

from flask import Blueprint, render_template, request

from kg.rdf.iris import plan_graph, plan_iri
from kg.rdf.namespaces import PLAN
from kg.rdf.select import select
from kg.web.context import plan_title, reader, release, text
from kg.web.pages import facets
from kg.web.pages.figures import years_worded
from kg.web.pages.plans import overview_page
from kg.web.parameters import page_of

blueprint = Blueprint("directory", __name__)

_PAGE = 100  # plans on a page
_CHOICES = ("area", "level", "period", "state")
_COUNTED = """
SELECT ?g (COUNT(?x) AS ?n) { GRAPH ?g { ?x a plan:%s } } GROUP BY ?g"""
_LAST = """
SELECT ?g (MAX(STRAFTER(STR(?period), "/id/period/")) AS ?n) WHERE {
  GRAPH ?g { ?judged a plan:Assessment ; plan:period ?period ; plan:progressState ?state }
  FILTER ( ?state != plan:progress-NoData ) } GROUP BY ?g"""
_OF_TABLES = "Indicator ; plan:number ?row"


@blueprint.get("/")
def front() -> str:
    """What a visitor sees first."""
    plans, asked = release().manifest.plans, plans_asked_for()
    if len(plans) == 1:
        return overview_page(plans[0], is_front=True)
    counts = {kind: _counts(_COUNTED % kind) for kind in ("Measure", "Indicator", _OF_TABLES)}
    known = {"in_annex": counts[_OF_TABLES], "last_year": _last_year, "graph": release().graph}
    return render_template("directory.html", counts=counts, **known, **asked)


def plans_asked_for() -> dict[str, Any]:
    """What plans_found.html shows: the plans that the address asks for, by the words in their
    titles, areas and issuers, and by province, level, period and state; the latest period first,
    page by page."""
    chosen = {name: facets.facet_asked(name) for name in _CHOICES}
    like = facets.plans_like(chosen)
    found = [plan for plan in facets.plans_named(request.args.get("q", "")) if plan.slug in like]
    found.sort(key=lambda plan: (-plan.period[0], -plan.period[1], plan.area, plan_title(plan)))
    shown, number, pages = page_of(found, _PAGE)
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
    return [(one, f"{_called(name, one)} ({counted[one]})") for one in order[name]]


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
