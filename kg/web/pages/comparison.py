"""Plans side by side: indicators, themes and shared names; a revised plan beside the one before."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TypeVar

import pyoxigraph as ox
from flask import Blueprint, Response, abort, render_template, request

from kg.export.answer_table import AnswerTable
from kg.views.annex import Row
from kg.views.comparison import (
    KINDS,
    Cell,
    Change,
    likely_indicators,
    matrix,
    names_of,
    revised_targets,
    same_indicators,
    shared_names,
    themes_of,
)
from kg.web.context import plan_of, plan_title, reader, release, text
from kg.web.messages import Message
from kg.web.pages.annex import annex_rows
from kg.web.pages.corpus.answers import answer_from_edition, as_file, cited, file_wanted
from kg.web.pages.facets import plans_named
from kg.web.pages.figures import figure_worded
from kg.web.pages.questions import table_query

blueprint = Blueprint("comparison", __name__)

_T = TypeVar("_T")
_ASKED = ("themes", "indicators", "names")  # each table is a query of its own
_MOST = 12  # plans side by side: more do not fit a page
_FIRST = 6  # plans side by side where none is named
_LISTED = 40  # plans to choose from


@blueprint.get("/compare")
def compare() -> Response | str:
    """The plans named by plan=…, or the first ones released; with format=csv or xlsx as a file."""
    answer_from_edition()
    areas = {plan.slug: plan.area for plan in release().manifest.plans}
    chosen = list(dict.fromkeys(request.args.getlist("plan"))) or list(areas)[:_FIRST]
    if unknown := [slug for slug in chosen if slug not in areas]:
        abort(404, Message("no_plan", unknown[0]))
    if len(chosen) > _MOST:
        abort(400, Message("plans_at_most", _MOST, len(chosen)))
    shown = release()
    tables = [annex_rows(slug) for slug in chosen]
    indicators, likely = same_indicators(tables), likely_indicators(tables)
    by_theme = matrix([_of_plan("themes", themes_of, slug) for slug in chosen])
    named = (_of_plan("names", partial(names_of, area=areas[slug]), slug) for slug in chosen)
    names = shared_names([*named])
    if form := file_wanted():
        beside = _tables(chosen, [rows for _, rows in indicators], likely, by_theme, names)
        return as_file("compare", text("compare_title"), beside, form)
    return render_template(
        "comparison.html",
        plans=[shown.plan(slug) for slug in chosen],
        every=_to_choose(chosen),
        several=len(areas) > 1,
        find=request.args.get("find", ""),
        listed=_LISTED if len(areas) > _LISTED else 0,
        chosen=chosen,
        indicators=indicators,
        likely=likely,
        themes=by_theme,
        totals=_totals(by_theme),
        names=names,
        queries={name: table_query(f"compare_{name}", *chosen) for name in _ASKED},
        cited=cited(text("compare_title")),
    )


def _totals(by_theme: Mapping[str, Sequence[Cell]]) -> list[int]:
    """How many measures each plan has for the goals of all themes together."""
    return [sum(one.measures for one in cells) for cells in zip(*by_theme.values(), strict=True)]


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

    def in_words(row: Row | None) -> tuple[str, str]:
        if row is None:
            return "", ""
        targets = text("semicolon").join(map(figure_worded, row.targets))
        figures = [figure_worded(row.baseline)] if row.baseline else []
        said = " → ".join([*figures, targets] if targets else figures)
        return text("colon").join(filter(None, (row.name, said))), row.iri

    def side_by_side(lines: Sequence[Sequence[Row | None]]) -> list[list[str]]:
        return [[cell for row in line for cell in in_words(row)] for line in lines]

    def of_theme(cell: Cell, total: int) -> str:
        goals = text("semicolon").join(map(reader().label, cell.goals))
        if not cell.measures:
            return goals
        share = round(100 * cell.measures / total)
        return text("bracketed", goals, text("compare_measures", cell.measures, share))

    totals, unthemed = _totals(by_theme), text("compare_unthemed")
    themes = [
        [reader().label(of) if of else unthemed, *map(of_theme, cells, totals)]
        for of, cells in by_theme.items()
    ]
    shared = [[name, *(entity or "" for entity in entities)] for name, entities in names]
    tables = [
        AnswerTable(text("compare_themes"), [text("compare_theme"), *titles], themes),
        AnswerTable(text("compare_indicators"), each, side_by_side(indicators)),
        AnswerTable(text("entity_likely"), each, side_by_side(likely)),
        AnswerTable(text("compare_names"), [text("field_name"), *titles], shared),
    ]
    return [one for one in tables if one.rows]


def _to_choose(chosen: list[str]) -> list[tuple[str, str]]:
    """The plans to choose from, by slug and title: the chosen ones, then those that match."""
    found = [plan for plan in release().manifest.plans if plan.slug in chosen]
    found += [plan for plan in plans_named(request.args.get("find", "")) if plan.slug not in chosen]
    return [(plan.slug, plan_title(plan)) for plan in found[: max(_LISTED, len(chosen))]]


def _of_plan(what: str, work: Callable[[ox.Store, str], _T], slug: str) -> _T:
    """What is known of one plan, cached for the release; combinations would be unbounded."""
    shown = release()
    return shown.once(("comparison", what, slug), lambda: work(shown.store, shown.graph(slug)))


@blueprint.get("/revision/<slug>")
def revision(slug: str) -> Response | str:
    """What a revised plan made of the targets of the version before it; with format=csv or xlsx as
    a file."""
    answer_from_edition()
    shown = release()
    plan = plan_of(slug)
    earlier = shown.plan(plan.revision_of or "")
    if earlier is None:
        abort(404, Message("revises_none", plan.title))
    before, after = shown.graph(earlier.slug), shown.graph(slug)
    changes = shown.once(("revision", slug), lambda: revised_targets(shown.store, before, after))
    if form := file_wanted():
        heads = [*map(text, ("indicator", "revision_before", "revision_after")), "IRI"]
        tables = [
            AnswerTable(text(f"revision_{kind}"), heads, [_revised(c) for c in of_kind])
            for kind in KINDS
            if (of_kind := [c for c in changes if c.kind == kind])
        ]
        return as_file("revision", f"{text('revision_title')} · {plan_title(plan)}", tables, form)
    about = {"plan": plan, "earlier": earlier, "changes": changes, "kinds": KINDS}
    return render_template("revision.html", **about)


def _revised(change: Change) -> list[str]:
    """A row of the file: the indicator, its target before and now, and its IRI."""
    row = change.after or change.before
    assert row is not None
    targets = [one and one.target for one in (change.before, change.after)]
    return [row.name, *(figure_worded(one) if one else "" for one in targets), row.iri]
