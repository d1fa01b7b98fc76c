"""The annex table of a plan, with small charts, and indicators that no measure serves."""

from itertools import groupby

from flask import Blueprint, abort, redirect, render_template, url_for

from kg.views.annex import Row, annex_table
from kg.web.context import plan_of, release
from kg.web.pages.charts import courses
from kg.web.pages.questions import table_query
from kg.web.parameters import year_of

blueprint = Blueprint("annex", __name__)

_OF_TABLE = "FILTER ( BOUND(?number) )"  # in queries, what rows of the text do not satisfy


def annex_rows(slug: str) -> list[Row]:
    """The rows of a plan's annex table, or of its text, worked out once for a release."""
    shown = release()
    return shown.once(("annex", slug), lambda: annex_table(shown.store, shown.graph(slug)))


def rows_query(name: str, slug: str) -> str:
    """The query of questions.toml that gives the rows of a plan's indicators on a page."""
    query, rows = table_query(name, slug), annex_rows(slug)
    return query if not rows or rows[0].number else query.replace(_OF_TABLE, "")


@blueprint.get("/board/<slug>")
def indicators(slug: str) -> str:
    """The annex table, or what is listed in its place; a year's progress has its own page."""
    plan = plan_of(slug)
    if year := year_of(plan):
        abort(redirect(url_for("progress.progress", slug=slug, year=year)))
    rows = annex_rows(slug)
    by_category = groupby(rows, key=lambda row: row.category)
    groups = [(category, list(group)) for category, group in by_category]
    return render_template(
        "annex.html",
        plan=plan,
        groups=groups,
        many=len(rows),
        of_text=bool(rows) and not rows[0].number,
        charts=courses((row, ()) for row in rows),
        has_baselines=any(row.baseline for row in rows),
        unserved=[row for row in rows if not row.measures],
        query=rows_query("annex", slug),
        binding=sum(row.binding for row in rows),
        every=release().index.search("", "Indicator", slug, limit=1).total,
    )
