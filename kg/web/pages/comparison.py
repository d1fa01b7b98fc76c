"""Plans side by side: indicators, themes, shared names, and measures that only one has."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from typing import Any, TypeVar

import pyoxigraph as ox
from flask import Blueprint, Response, abort, jsonify, render_template, request

from kg.export.answer_table import AnswerTable
from kg.rdf.namespaces import PLAN
from kg.release.search import folded
from kg.views.annex import Row
from kg.views.comparison import (
    Cell,
    likely_indicators,
    lone_measures,
    matrix,
    names_of,
    same_indicators,
    shared_names,
    themes_of,
)
from kg.views.revision import KINDS, revised_targets
from kg.web.context import plan_of, plan_title, reader, release, text
from kg.web.messages import Message
from kg.web.negotiation import PAGE_OR_JSON, format_for
from kg.web.pages.annex import annex_rows
from kg.web.pages.corpus.answers import as_file, cited, edition_number, here
from kg.web.pages.figures import figure_worded, figure_years
from kg.web.pages.questions import table_query

blueprint = Blueprint("comparison", __name__)

_T = TypeVar("_T")
_MOST = 12  # plans side by side: more do not fit a page
_FIRST = 6  # plans side by side where none is named
_LISTED = 40  # plans to choose from


@blueprint.get("/compare")
def compare() -> Response | str:
    """The plans named by plan=…, or the first ones released; with one and other also what the first
    plans and the second does not."""
    slugs = [p.slug for p in release().manifest.plans]
    chosen = list(dict.fromkeys(request.args.getlist("plan"))) or slugs[:_FIRST]
    for slug in chosen:
        if slug not in slugs:
            abort(404, Message("no_plan", slug))
    if (number := edition_number()) != release().number:
        abort(404, Message("compared_now", number))
    if len(chosen) > _MOST:
        abort(400, Message("plans_at_most", _MOST, len(chosen)))
    shown = release()
    tables = [annex_rows(slug) for slug in chosen]
    indicators, likely = same_indicators(tables), likely_indicators(tables)
    by_theme = matrix([_of_plan("themes", themes_of, slug) for slug in chosen])
    areas = {plan.slug: plan.area for plan in release().manifest.plans}
    names = shared_names(
        [_of_plan("names", partial(names_of, area=areas[slug]), slug) for slug in chosen]
    )
    pair = _pair(chosen, by_theme)
    lone = shown.once(("comparison", "lone", *pair), lambda: _lone(*pair)) if pair else []
    if (form := request.args.get("format", "")) in ("csv", "xlsx"):
        beside = _tables(chosen, [rows for _, rows in indicators], likely, by_theme, names)
        return as_file("compare", text("compare_title"), beside, form)
    if format_for(request, PAGE_OR_JSON, default="html") == "json":
        return jsonify(
            {
                "plans": chosen,
                "indicators": [
                    {"name": name, "rows": [_indicator_json(row) for row in rows]}
                    for name, rows in indicators
                ],
                "likely": [[_indicator_json(row) for row in rows] for rows in likely],
                "themes": {
                    theme: [asdict(cell) for cell in cells] for theme, cells in by_theme.items()
                },
                "names": [{"name": name, "things": entities} for name, entities in names],
                "alone": [asdict(one) for one in lone],
            }
        )
    return render_template(
        "comparison.html",
        plans=[shown.plan(slug) for slug in chosen],
        every=_to_choose(chosen),
        several=len(slugs) > 1,
        find=request.args.get("find", ""),
        listed=_LISTED if len(slugs) > _LISTED else 0,
        chosen=chosen,
        indicators=indicators,
        likely=likely,
        figure_worded=figure_worded,
        figure_years=figure_years,
        themes=by_theme,
        names=names,
        choices=[
            (slug, plan.area)
            for slug, plan in zip(chosen, map(shown.plan, chosen), strict=True)
            if plan
        ],
        theme_choices=[(iri.removeprefix(str(PLAN)), reader().label(iri)) for iri in by_theme],
        pair=pair,
        lone=lone,
        queries={
            name: table_query(f"compare_{name}", *chosen)
            for name in ("themes", "indicators", "names")
        },
        reference=reader().reference,
        label=reader().label,
        cited=cited(text("compare_title")),
        answer_at=here,
    )


def _tables(
    chosen: Sequence[str],
    indicators: Sequence[Sequence[Row | None]],
    likely: Sequence[Sequence[Row | None]],
    by_theme: Mapping[str, Sequence[Cell]],
    names: Sequence[tuple[str, Sequence[str | None]]],
) -> list[AnswerTable]:
    """The comparison as tables to be worked on, those without rows left out."""
    titles = [plan_title(plan_of(slug)) for slug in chosen]
    each = [head for title in titles for head in (title, f"{title} IRI")]

    def told(row: Row | None) -> tuple[str, str]:
        if row is None:
            return "", ""
        figures = [figure_worded(one) for one in (row.baseline, row.target) if one]
        return ": ".join([row.name, " → ".join(figures)] if figures else [row.name]), row.iri

    rows: dict[str, tuple[list[str], list[list[str | int | float]]]] = {
        "compare_themes": (
            [text("compare_theme"), *titles],
            [
                [reader().label(theme), *(len(cell.goals) for cell in cells)]
                for theme, cells in by_theme.items()
            ],
        ),
        "compare_indicators": (
            each,
            [[x for row in line for x in told(row)] for line in indicators],
        ),
        "thing_likely": (each, [[x for row in line for x in told(row)] for line in likely]),
        "compare_names": (
            [text("compare_name"), *titles],
            [[name, *(entity or "" for entity in entities)] for name, entities in names],
        ),
    }
    return [AnswerTable(text(title), *of) for title, of in rows.items() if of[1]]


def _to_choose(chosen: list[str]) -> list[tuple[str, str]]:
    """The plans to choose from, by slug and title: the chosen ones, then those that match."""
    words = folded(request.args.get("find", "")).split()
    plans = release().manifest.plans
    found = [plan for plan in plans if plan.slug in chosen]
    found += [
        plan
        for plan in plans
        if plan.slug not in chosen
        and all(word in folded(f"{plan.title} {plan.title_en or ''} {plan.area}") for word in words)
    ]
    return [(plan.slug, plan_title(plan)) for plan in found[: max(_LISTED, len(chosen))]]


def _of_plan(what: str, work: Callable[[ox.Store, str], _T], slug: str) -> _T:
    """What is known of one plan, cached for the release; combinations would be unbounded."""
    shown = release()
    return shown.once(("comparison", what, slug), lambda: work(shown.store, shown.graph(slug)))


def _pair(chosen: list[str], by_theme: dict[str, Any]) -> tuple[str, str, str] | None:
    """The plan, the other plan and the theme to compare, as the address names them."""
    if len(chosen) < 2 or not by_theme:
        return None
    one, other = request.args.get("one") or chosen[0], request.args.get("other") or chosen[1]
    theme = request.args.get("theme") or next(iter(by_theme)).removeprefix(str(PLAN))
    for slug in (one, other):
        if slug not in chosen:
            abort(400, Message("not_compared", slug, ", ".join(chosen)))
    if str(PLAN) + theme not in by_theme:
        known = ", ".join(iri.removeprefix(str(PLAN)) for iri in by_theme)
        abort(400, Message("one_of", "theme", theme, known))
    return one, other, theme


def _lone(one: str, other: str, theme: str) -> list[Any]:
    shown = release()
    return lone_measures(shown.store, shown.graph(one), shown.graph(other), str(PLAN) + theme)


def _indicator_json(row: Row | None) -> dict[str, Any] | None:
    if row is None:
        return None
    figures = {
        name: figure.text if figure else None
        for name, figure in (("baseline", row.baseline), ("target", row.target))
    }
    return {"iri": row.iri, "name": row.name, **figures}


@blueprint.get("/revision/<slug>")
def revision(slug: str) -> Response | str:
    """What a revised plan made of the targets of the version before it."""
    shown = release()
    plan = plan_of(slug)
    earlier = shown.plan(plan.revision_of or "")
    if earlier is None:
        abort(404, Message("revises_none", slug))
    changes = shown.once(
        ("revision", slug),
        lambda: revised_targets(shown.store, shown.graph(earlier.slug), shown.graph(slug)),
    )
    if format_for(request, PAGE_OR_JSON, default="html") == "json":
        return jsonify(
            [
                {
                    "change": c.kind,
                    "before": _indicator_json(c.before),
                    "after": _indicator_json(c.after),
                }
                for c in changes
            ]
        )
    return render_template(
        "revision.html", plan=plan, earlier=earlier, changes=changes, kinds=KINDS
    )
