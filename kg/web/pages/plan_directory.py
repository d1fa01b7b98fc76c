"""The front page: the overview of the one plan, or the directory of all of them."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request

from kg.rdf.select import select
from kg.release.manifest import PlanEntry
from kg.release.search import folded
from kg.web.context import plan_title, release
from kg.web.linked_data.catalogue import data_catalogue
from kg.web.numbers import page_in
from kg.web.pages.plans import overview_page

blueprint = Blueprint("directory", __name__)

_PAGE = 100  # plans on a page
_COUNTED = """
SELECT ?g (COUNT(?x) AS ?n) { GRAPH ?g { ?x a plan:%s } } GROUP BY ?g"""


@blueprint.get("/")
def front() -> str:
    """What a visitor sees first."""
    plans = release().manifest.plans
    return overview_page(plans[0], data_catalogue()) if len(plans) == 1 else _directory(plans)


def _directory(plans: Sequence[PlanEntry]) -> str:
    """The plans that the address asks for, by the words in their titles, areas and issuers and by
    their period; the latest period first, page by page."""
    words = folded(request.args.get("q", "")).split()
    period = request.args.get("period", "")
    found = [
        plan
        for plan in plans
        if period in ("", _period(plan)) and all(word in _searched(plan) for word in words)
    ]
    found.sort(key=lambda plan: (-plan.period[0], -plan.period[1], plan.area, plan_title(plan)))
    pages = max(1, -(-len(found) // _PAGE))
    number = page_in(request.args.get("page", ""), pages)
    shown = release()
    return render_template(
        "directory.html",
        plans=found[(number - 1) * _PAGE : number * _PAGE],
        total=len(found),
        all=len(plans),
        q=request.args.get("q", ""),
        period=period,
        periods=sorted({_period(plan) for plan in plans}, reverse=True),
        number=number,
        pages=pages,
        counts={kind: _counts(kind) for kind in ("Measure", "Indicator")},
        graph=shown.graph,
        markup=data_catalogue(),
    )


def _period(plan: PlanEntry) -> str:
    return f"{plan.period[0]}–{plan.period[1]}"


def _searched(plan: PlanEntry) -> str:
    return folded(f"{plan.title} {plan.title_en or ''} {plan.area} {plan.issuer} {plan.slug}")


def _counts(kind: str) -> dict[str, int]:
    """How many there are of a class in each plan's graph."""
    shown = release()
    rows = shown.once(("counts", kind), lambda: select(shown.store, _COUNTED % kind))
    return {row["g"]: int(row["n"]) for row in rows}
