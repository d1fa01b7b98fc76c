"""One indicator over all areas: table, distribution, map, and values far from the others."""

from collections import Counter
from collections.abc import Sequence

from flask import Response, abort

from kg.release.questions import IndicatorRow, Place
from kg.web.context import text
from kg.web.messages import Message
from kg.web.pages.corpus.answers import (
    PAGE,
    Answer,
    Cell,
    answered,
    area_cell,
    asked,
    attribute_cell,
    blueprint,
    figure_cell,
    here,
    indicator_cell,
    literal,
    number_cell,
    page_number,
    period_cell,
    plan_cell,
    query,
    questions,
    rows_wanted,
    sentence_cell,
)
from kg.web.pages.corpus.distribution import distribution, drawn_map

_COLUMNS = (
    "area", "period", "indicator", "attribute", "baseline", "target", "number", "sentence", "plan",
)  # fmt: skip


@blueprint.get("/corpus/indicators")
def indicators() -> Response | str:
    """The indicators that several plans have, or the one of a name in all of them."""
    return _one(name) if (name := asked("name")) else _names()


def _names() -> Response | str:
    words, number = asked(), page_number()
    found, total = questions().indicator_names(words, *rows_wanted())
    rows = [
        [Cell(one.name, here(name=one.name, q=None, page=None)), _count(one.plans)] for one in found
    ]
    return answered(
        "indicators",
        [Answer(text("corpus_indicator_names"), ("indicator", "plans"), rows)],
        query("indicator_names"),
        indicator="",
        words=words,
        total=total,
        number=number,
        pages=-(-total // PAGE),
    )


def _one(name: str) -> Response | str:
    same, likely = questions().indicator(name)
    if not same:
        abort(404, Message("no_indicator", name))
    places = questions().places
    period, periods = asked("period"), Counter(_period(places[row.plan]) for row in same)
    if period not in ("", *periods):
        abort(400, Message("one_of", "period", period, ", ".join(sorted(periods))))
    same, likely = (
        [row for row in rows if period in ("", _period(places[row.plan]))]
        for rows in (same, likely)
    )
    found = distribution(same)
    names = " ".join(literal(one, "zh") for one in dict.fromkeys(row.name for row in same))
    answers = [
        Answer(text("corpus_same"), _COLUMNS, _rows(same)),
        *([Answer(text("corpus_likely"), _COLUMNS, _rows(likely), "likely")] if likely else []),
    ]
    return answered(
        "indicators",
        answers,
        query("indicators", names=names),
        indicator=same[0].name,
        period=period,
        periods=sorted(periods.items()),
        areas=len({row.plan for row in same}),
        found=found,
        drawn=drawn_map(found, places) if found else None,
        places=places,
        far=_rows(found.far) if found and found.far else [],
        figure_of=figure_cell,
        shown=number_cell,
    )


def _rows(rows: Sequence[IndicatorRow]) -> list[list[Cell]]:
    places = questions().places
    return [
        [
            area_cell(places[row.plan]),
            period_cell(places[row.plan]),
            indicator_cell(row),
            attribute_cell(row),
            figure_cell(row.baseline),
            figure_cell(row.target),
            number_cell(row.value),
            sentence_cell(row),
            plan_cell(places[row.plan]),
        ]
        for row in rows
    ]


def _period(place: Place) -> str:
    return f"{place.first}–{place.last}"


def _count(number: int) -> Cell:
    return Cell(str(number), number=number)
