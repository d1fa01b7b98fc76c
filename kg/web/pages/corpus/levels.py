"""Higher plans beside lower ones, and one area from one period to the next."""

from collections.abc import Sequence

from flask import Response, abort

from kg.release.questions import IndicatorRow, Matched, Place
from kg.web.context import text
from kg.web.messages import Message
from kg.web.pages.corpus import cells
from kg.web.pages.corpus.answers import (
    Answer,
    answered,
    asked,
    blueprint,
    graph_term,
    here,
    paging,
    place_of,
    query,
    questions,
    rows_wanted,
)
from kg.web.pages.corpus.cells import Cell

_BESIDE = (
    "higher_indicator", "attribute", "higher_target", "lower_indicator", "lower_target",
    "sentence",
)  # fmt: skip
_LACKING = ("higher_indicator", "attribute", "higher_target", "sentence")
_PERIODS = ("indicator", "earlier_target", "later_baseline", "later_target", "sentence")
_ALONE = ("indicator", "attribute", "target", "sentence")


@blueprint.get("/corpus/levels")
def levels() -> Response | str:
    """Each plan with the plans of the areas that hold its own, or two of them side by side."""
    higher, lower = asked("higher"), asked("lower")
    if not (higher and lower):
        return _pairs("levels", questions().levels(), ("lower", "higher"))
    above, below = place_of(higher), place_of(lower)
    if above not in questions().higher(lower):
        abort(400, Message("not_above", higher, lower))
    matched = [one for one in questions().matched(higher, lower) if one.first is not None]
    lacking = [one.first for one in matched if one.first and one.second is None]
    answers = [
        Answer(
            text("corpus_lacking"),
            _LACKING,
            _alone([row for row in lacking if row.binding]),
            "lacking",
        ),
        Answer(text("corpus_beside"), _BESIDE, _beside(matched, likely=False)),
        Answer(text("corpus_likely"), _BESIDE, _beside(matched, likely=True), "likely"),
        Answer(
            text("corpus_lacking_other"), _LACKING, _alone([r for r in lacking if not r.binding])
        ),
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
        return _pairs("periods", questions().successive(), ("earlier", "later"))
    earlier, later = place_of(before), place_of(after)
    if (earlier, later) not in questions().successive():
        abort(400, Message("not_successive", before, after))
    matched = questions().matched(before, after)
    answers = [
        Answer(text("corpus_both"), _PERIODS, _fates(matched, likely=False)),
        Answer(text("corpus_likely"), _PERIODS, _fates(matched, likely=True), "likely"),
        Answer(
            text("corpus_only_before"),
            _ALONE,
            _alone([one.first for one in matched if one.first and one.second is None]),
        ),
        Answer(
            text("corpus_only_after"),
            _ALONE,
            _alone([one.second for one in matched if one.second and one.first is None]),
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
    name: str, pairs: Sequence[tuple[Place, Place]], columns: tuple[str, str]
) -> Response | str:
    """The pairs of plans that can be put side by side, those of an area where one is asked for."""
    words = asked()
    held = [(one, other) for one, other in pairs if words in one.area or words in other.area]
    limit, passed = rows_wanted()
    rows = []
    for one, other in held[passed : passed + limit]:
        chosen = (
            {"lower": one.plan, "higher": other.plan}
            if name == "levels"
            else {"before": one.plan, "after": other.plan}
        )
        leads = here(q=None, page=None, **chosen)
        rows.append(
            [
                cells.area(one),
                cells.period(one),
                cells.plan(one),
                cells.plan(other),
                cells.period(other),
                Cell(text("corpus_side_by_side"), leads),
            ]
        )
    first, second = columns
    shown = Answer(
        text(f"corpus_pairs_{name}"), ("area", "period", first, second, "period", "beside"), rows
    )
    return answered(name, [shown], "", above=None, words=words, **paging(len(held)))


def _alone(rows: Sequence[IndicatorRow]) -> list[list[Cell]]:
    return [
        [cells.indicator(row), cells.attribute(row), cells.figure(row.target), cells.sentence(row)]
        for row in rows
    ]


def _beside(matched: Sequence[Matched], likely: bool) -> list[list[Cell]]:
    return [
        [
            cells.indicator(one.first),
            cells.attribute(one.first),
            cells.figure(one.first.target),
            cells.indicator(one.second),
            cells.figure(one.second.target),
            cells.sentence(one.second),
        ]
        for one in matched
        if one.first and one.second and one.likely == likely
    ]


def _fates(matched: Sequence[Matched], likely: bool) -> list[list[Cell]]:
    return [
        [
            cells.indicator(one.second),
            cells.figure(one.first.target),
            cells.figure(one.second.baseline),
            cells.figure(one.second.target),
            cells.sentence(one.second),
        ]
        for one in matched
        if one.first and one.second and one.likely == likely
    ]
