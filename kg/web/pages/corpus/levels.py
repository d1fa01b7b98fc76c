"""Higher plans beside lower ones, and one area from one period to the next."""

from collections.abc import Sequence

from flask import Response, abort

from kg.release.questions import IndicatorRow, Matched, Place
from kg.web.context import here, text
from kg.web.messages import Message
from kg.web.pages.corpus import cells
from kg.web.pages.corpus.answers import (
    Columns,
    answered,
    asked,
    blueprint,
    graph_term,
    paging,
    place_of,
    query,
    questions,
    rows_wanted,
    table,
)
from kg.web.pages.corpus.cells import Cell

_Pair = tuple[IndicatorRow, IndicatorRow]
_ALONE: Columns[IndicatorRow] = (
    ("indicator", cells.indicator),
    ("attribute", cells.attribute),
    ("target", cells.target),
    ("sentence", cells.sentence),
)
_LACKING: Columns[IndicatorRow] = (
    ("higher_indicator", cells.indicator),
    ("attribute", cells.attribute),
    ("higher_target", cells.target),
    ("sentence", cells.sentence),
)
_BESIDE: Columns[_Pair] = (
    ("higher_indicator", lambda pair: cells.indicator(pair[0])),
    ("attribute", lambda pair: cells.attribute(pair[0])),
    ("higher_target", lambda pair: cells.target(pair[0])),
    ("lower_indicator", lambda pair: cells.indicator(pair[1])),
    ("lower_target", lambda pair: cells.target(pair[1])),
    ("sentence", lambda pair: cells.sentence(pair[1])),
)
_PERIODS: Columns[_Pair] = (
    ("indicator", lambda pair: cells.indicator(pair[1])),
    ("earlier_target", lambda pair: cells.target(pair[0])),
    ("later_baseline", lambda pair: cells.figure(pair[1].baseline)),
    ("later_target", lambda pair: cells.target(pair[1])),
    ("sentence", lambda pair: cells.sentence(pair[1])),
)


@blueprint.get("/corpus/levels")
def levels() -> Response | str:
    """Each plan with the plans of the areas that hold its own, or two of them side by side."""
    higher, lower = asked("higher"), asked("lower")
    if not (higher and lower):
        return _pairs("levels", questions().levels(), "lower", "higher", ("lower", "higher"))
    above, below = place_of(higher), place_of(lower)
    if above not in questions().higher(lower):
        abort(400, Message("not_above", higher, lower))
    matched = [one for one in questions().matched(higher, lower) if one.first is not None]
    lacking = [one.first for one in matched if one.first and one.second is None]
    answers = [
        table(text("corpus_lacking"), _LACKING, (r for r in lacking if r.binding), "lacking"),
        table(text("corpus_beside"), _BESIDE, _both(matched, likely=False)),
        table(text("corpus_likely"), _BESIDE, _both(matched, likely=True), "likely"),
        table(text("corpus_lacking_other"), _LACKING, (r for r in lacking if not r.binding)),
    ]
    return answered(
        "levels",
        answers,
        query("levels", higher=graph_term(higher), lower=graph_term(lower)),
        above=above,
        below=below,
        binding=sum(row.first is not None and row.first.binding for row in matched),
    )


@blueprint.get("/corpus/periods")
def periods() -> Response | str:
    """Successive plans of one area, or two of them side by side."""
    before, after = asked("before"), asked("after")
    if not (before and after):
        return _pairs("periods", questions().successive(), "earlier", "later", ("before", "after"))
    earlier, later = place_of(before), place_of(after)
    if (earlier, later) not in questions().successive():
        abort(400, Message("not_successive", before, after))
    matched = questions().matched(before, after)
    answers = [
        table(text("corpus_both"), _PERIODS, _both(matched, likely=False)),
        table(text("corpus_likely"), _PERIODS, _both(matched, likely=True), "likely"),
        table(
            text("corpus_only_before"),
            _ALONE,
            (one.first for one in matched if one.first and one.second is None),
        ),
        table(
            text("corpus_only_after"),
            _ALONE,
            (one.second for one in matched if one.second and one.first is None),
        ),
    ]
    return answered(
        "periods",
        answers,
        query("periods", before=graph_term(before), after=graph_term(after)),
        above=earlier,
        below=later,
    )


def _pairs(
    name: str, pairs: Sequence[tuple[Place, Place]], first: str, second: str, asks: tuple[str, str]
) -> Response | str:
    """The pairs of plans that can be put side by side, those of an area where one is asked for.

    Args:
        first, second: the columns of the two plans.
        asks: the names by which an address asks for both.
    """

    def leads(pair: tuple[Place, Place]) -> str:
        chosen = {asked_by: place.plan for asked_by, place in zip(asks, pair, strict=True)}
        return here(q=None, page=None, **chosen)

    columns: Columns[tuple[Place, Place]] = (
        ("area", lambda pair: cells.area(pair[0])),
        ("period", lambda pair: cells.period(pair[0])),
        (first, lambda pair: cells.plan(pair[0])),
        (second, lambda pair: cells.plan(pair[1])),
        ("period", lambda pair: cells.period(pair[1])),
        ("beside", lambda pair: Cell(text("corpus_side_by_side"), leads(pair))),
    )
    words = asked()
    held = [pair for pair in pairs if any(words in place.area for place in pair)]
    limit, passed = rows_wanted()
    shown = table(text(f"corpus_pairs_{name}"), columns, held[passed : passed + limit])
    return answered(name, [shown], "", above=None, words=words, **paging(len(held)))


def _both(matched: Sequence[Matched], likely: bool) -> list[_Pair]:
    """The indicators that both plans have."""
    return [
        (one.first, one.second)
        for one in matched
        if one.first and one.second and one.likely == likely
    ]
