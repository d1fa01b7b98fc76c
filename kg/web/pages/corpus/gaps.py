"""What plans below a province, or a city, lack of its binding indicators."""

from flask import Response, abort, url_for

from kg.release.gaps import Gap, Gaps, all_gaps
from kg.web.context import release, text
from kg.web.messages import Message
from kg.web.pages.corpus import cells
from kg.web.pages.corpus.answers import (
    Answer,
    answered,
    asked,
    blueprint,
    edition_number,
    graph_term,
    here,
    place_of,
    query,
    questions,
)
from kg.web.pages.corpus.cells import Cell

_HIGHER = ("area", "period", "higher", "lower_plans", "binding", "gaps")
_INDICATORS = ("higher_indicator", "higher_target", "lower_plans", "lacking_plans", "sentence")
_LACKING = ("higher_indicator", "area", "lower", "beside")


@blueprint.get("/corpus/gaps")
def gaps() -> Response | str:
    """The plans that have others below them, or what those below one of them lack."""
    every = release().once(("gaps", str(edition_number())), lambda: all_gaps(questions()))
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
    plan = cells.plan(one.higher)
    return [
        cells.area(one.higher),
        cells.period(one.higher),
        Cell(plan.text, here(higher=one.higher.plan), plan.iri),
        cells.count(len(one.lower)),
        cells.count(len(one.gaps)),
        cells.count(one.lacking),
    ]


def _indicator(gap: Gap, lower: int) -> list[Cell]:
    return [
        cells.indicator(gap.indicator),
        cells.figure(gap.indicator.target),
        cells.count(lower),
        cells.count(len(gap.lacking)),
        cells.sentence(gap.indicator),
    ]


def _lacking(gap: Gap, higher: str) -> list[list[Cell]]:
    return [
        [
            cells.indicator(gap.indicator),
            cells.area(low),
            cells.plan(low),
            Cell(
                text("corpus_side_by_side"), url_for("corpus.levels", higher=higher, lower=low.plan)
            ),
        ]
        for low in gap.lacking
    ]
