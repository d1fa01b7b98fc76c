"""The annex table of a plan, with small charts, and indicators that no measure serves."""

from itertools import groupby

from flask import Blueprint, abort, redirect, render_template, url_for

from kg.views.annex import Row, annex_table
from kg.web.asked import year_of
from kg.web.context import plan_of, release
from kg.web.pages.charts import indicator_chart
from kg.web.pages.questions import table_query

blueprint = Blueprint("annex", __name__)


def annex_rows(slug: str) -> list[Row]:
    """The rows of a plan's annex table, worked out once for a release."""
    shown = release()
    return shown.once(("annex", slug), lambda: annex_table(shown.store, shown.graph(slug)))


@blueprint.get("/board/<slug>")
def indicators(slug: str) -> str:
    """The annex table; what was reached in a year stands on the page of that."""
    plan = plan_of(slug)
    if year := year_of(plan):
        abort(redirect(url_for("progress.progress", slug=slug, year=year)))
    rows = annex_rows(slug)
    groups = [
        (category, list(group)) for category, group in groupby(rows, key=lambda row: row.category)
    ]
    return render_template(
        "annex.html",
        plan=plan,
        groups=groups,
        charts={row.iri: indicator_chart(row, (), ()) for row in rows},
        has_baselines=any(row.baseline for row in rows),
        unserved=[row for row in rows if not row.measures],
        query=table_query("annex", slug),
        binding=sum(row.binding for row in rows),
        every=release().index.search("", "Indicator", slug, limit=1).total,
    )
