"""The front page: the overview of the one plan, or the directory of all of them."""

from collections import Counter
from typing import Any

from flask import Blueprint, render_template, request

from kg.rdf.namespaces import PLAN
from kg.rdf.select import select
from kg.web.asked import page_of
from kg.web.context import plan_title, reader, release, text
from kg.web.pages.facets import (
    LEVELS,
    STATES,
    facet_asked,
    facets_of_plans,
    plans_like,
    plans_named,
)
from kg.web.pages.plans import overview_page

blueprint = Blueprint("directory", __name__)

_PAGE = 100  # plans on a page
_CHOICES = ("area", "level", "period", "state")
_COUNTED = """
SELECT ?g (COUNT(?x) AS ?n) { GRAPH ?g { ?x a plan:%s } } GROUP BY ?g"""
_OF_TABLES = "Indicator ; plan:number ?row"


@blueprint.get("/")
def front() -> str:
    """What a visitor sees first."""
    plans, asked = release().manifest.plans, plans_asked_for()
    if len(plans) == 1:
        return overview_page(plans[0], is_front=True)
    counts = {kind: _counts(kind) for kind in ("Measure", "Indicator", "Row")}
    return render_template("directory.html", counts=counts, graph=release().graph, **asked)


def plans_asked_for() -> dict[str, Any]:
    """What plans_found.html shows: the plans that the address asks for, by the words in their
    titles, areas and issuers, and by province, level, period and state; the latest period first,
    page by page."""
    chosen = {name: facet_asked(name) for name in _CHOICES}
    like = plans_like(chosen)
    found = [plan for plan in plans_named(request.args.get("q", "")) if plan.slug in like]
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
    counted = Counter(one[name] for one in facets_of_plans().values() if one[name])
    order = {
        "area": sorted(counted),
        "level": [one for one in LEVELS if one in counted],
        "period": sorted(counted, reverse=True),
        "state": [one for one in STATES if one in counted],
    }
    return [(one, f"{_called(name, one)} ({counted[one]})") for one in order[name]]


def _called(name: str, chosen: str) -> str:
    if name == "level":
        return reader().label(str(PLAN[f"level-{chosen}"]))
    return text(f"directory_{chosen}") if name == "state" else chosen


def _counts(kind: str) -> dict[str, int]:
    """How many there are of a class in each plan's graph; Row is that of indicators of tables."""
    shown, named = release(), _OF_TABLES if kind == "Row" else kind
    rows = shown.once(("counts", kind), lambda: select(shown.store, _COUNTED % named))
    return {row["g"]: int(row["n"]) for row in rows}
