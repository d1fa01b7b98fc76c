"""What plans below a province, or a city, lack of its binding indicators."""

from flask import Response, abort, url_for

from kg.release.gaps import Gap, Gaps, all_gaps
from kg.web.context import text
from kg.web.messages import Message
from kg.web.pages.corpus.answers import (
    Answer,
    Cell,
    answered,
    area_cell,
    asked,
    blueprint,
    figure_cell,
    graph_term,
    here,
    indicator_cell,
    period_cell,
    place_of,
    plan_cell,
    query,
    questions,
    sentence_cell,
)

_HIGHER = ("area", "period", "higher", "lower_plans", "binding", "gaps")
_INDICATORS = ("higher_indicator", "higher_target", "lower_plans", "lacking_plans", "sentence")
_LACKING = ("higher_indicator", "area", "lower", "beside")


@blueprint.get("/corpus/gaps")
def gaps() -> Response | str:
    """The plans that have others below them, or what those below one of them lack."""
    every = all_gaps(questions())
    if not (higher := asked("higher")):
        shown = Answer(text("corpus_gaps"), _HIGHER, [_row(one) for one in every], "lacking")
        return answered("gaps", [shown], "", of=None)
    place = place_of(higher)
    one = next((one for one in every if one.higher == place), None)
    if one is None:
        abort(404, Message("no_gaps", higher))
    answers = [
        Answer(
            text("corpus_gaps_of", place.area),
            _INDICATORS,
            [_indicator(gap, len(one.lower)) for gap in one.gaps],
            "lacking",
        ),
        Answer(
            text("corpus_gaps_below"),
            _LACKING,
            [row for gap in one.gaps for row in _lacking(gap, higher)],
        ),
    ]
    lower = " ".join(graph_term(low.plan) for low in one.lower)
    return answered("gaps", answers, query("gaps", higher=graph_term(higher), lower=lower), of=one)


def _row(one: Gaps) -> list[Cell]:
    plan = plan_cell(one.higher)
    return [
        area_cell(one.higher),
        period_cell(one.higher),
        Cell(plan.text, here(higher=one.higher.plan), plan.iri),
        _count(len(one.lower)),
        _count(len(one.gaps)),
        _count(one.lacking),
    ]


def _indicator(gap: Gap, lower: int) -> list[Cell]:
    return [
        indicator_cell(gap.indicator),
        figure_cell(gap.indicator.target),
        _count(lower),
        _count(len(gap.lacking)),
        sentence_cell(gap.indicator),
    ]


def _lacking(gap: Gap, higher: str) -> list[list[Cell]]:
    return [
        [
            indicator_cell(gap.indicator),
            area_cell(low),
            plan_cell(low),
            Cell(
                text("corpus_side_by_side"),
                url_for("corpus.levels", higher=higher, lower=low.plan),
            ),
        ]
        for low in gap.lacking
    ]


def _count(number: int) -> Cell:
    return Cell(str(number), number=number)
