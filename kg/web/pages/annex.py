"""The annex table of a plan, with small charts, and indicators that no measure serves."""

from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from flask import Blueprint, render_template

from kg.views.annex import Row, annex_table
from kg.web.context import plan_of, release
from kg.web.pages.questions import table_query

blueprint = Blueprint("annex", __name__)

_WIDTH, _HEIGHT, _EDGE = 120, 40, 8  # of a chart, in pixels


@dataclass(frozen=True)
class Chart:
    """A line from baseline to target: the places of its ends. The line of a bound that the baseline
    keeps begins not at the baseline but at its own level."""

    x1: int
    y1: float
    x2: int
    y2: float
    level: float
    width: int = _WIDTH
    height: int = _HEIGHT


def _chart(row: Row) -> Chart | None:
    """The chart of an indicator whose baseline and target can be compared."""
    if row.baseline is None or row.target is None or (row.gap is None and not row.bound):
        return None
    numbers = (row.baseline.number or Decimal(0), row.target.number or Decimal(0))
    low, high = min(*numbers, Decimal(0)), max(*numbers, Decimal(0))
    if high == low:
        return None
    places = [float(_EDGE + (high - n) / (high - low) * (_HEIGHT - 2 * _EDGE)) for n in numbers]
    before, after = (round(place, 1) for place in places)
    return Chart(_EDGE, before, _WIDTH - _EDGE, after, after if row.bound else before)


def annex_rows(slug: str) -> list[Row]:
    """The rows of a plan's annex table, worked out once for a release."""
    shown = release()
    return shown.once(("annex", slug), lambda: annex_table(shown.store, shown.graph(slug)))


@blueprint.get("/board/<slug>")
def indicators(slug: str) -> str:
    """The annex table."""
    plan = plan_of(slug)
    rows = annex_rows(slug)
    groups = [
        (category, list(group)) for category, group in groupby(rows, key=lambda row: row.category)
    ]
    return render_template(
        "annex.html",
        plan=plan,
        groups=groups,
        chart=_chart,
        has_baselines=any(row.baseline for row in rows),
        unserved=[row for row in rows if not row.measures],
        query=table_query("annex", slug),
        binding=sum(row.binding for row in rows),
    )
