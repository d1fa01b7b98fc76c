"""One indicator over all areas: table, distribution, map, and values far from the others."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from flask import Response, abort

from kg.release.questions import IndicatorRow, Shared
from kg.views.sameness import same_name
from kg.web.asked import choice_asked
from kg.web.context import here, text
from kg.web.messages import Message
from kg.web.pages.corpus import cells
from kg.web.pages.corpus.answers import (
    Answer,
    Asked,
    Columns,
    file_wanted,
    literal,
    query,
    question,
    table,
)
from kg.web.pages.corpus.cells import Cell
from kg.web.pages.corpus.distribution import distribution, drawn_map
from kg.web.pages.figures import number_worded, unit_name


@question("indicators")
def indicators(asked: Asked) -> Response | str:
    """The names of indicators that several plans have, or that hold the words asked for; or all
    indicators of one name, where the address asks for it in full or only one name is found."""
    if name := asked.words("name"):
        return _one(asked, name)
    words = asked.words()
    found, total = asked.questions.indicator_names(words, *asked.rows())
    if total == 1 or (found and found[0].key == same_name(words) and total == len(found)):
        return _one(asked, found[0].name, found[1:])
    holds = " && ".join(f"CONTAINS(?name, {literal(one)})" for one in words.split())
    behind = query("indicator_names_with", holds=holds) if words else query("indicator_names")
    return asked.answer([_names(found, words)], behind, words=words, **asked.paging(total))


def _names(found: Sequence[Shared], words: str) -> Answer:
    title = text("corpus_indicators_with", words) if words else text("corpus_indicator_names")
    columns: Columns[Shared] = (
        ("indicator", lambda one: Cell(one.name, here(name=one.name, q=None, page=None))),
        ("plans", lambda one: cells.count(one.plans)),
    )
    return table(title, columns, found)


def _one(asked: Asked, name: str, others: Sequence[Shared] = ()) -> Response | str:
    same, likely = asked.questions.indicator(name)
    if not same:
        abort(404, Message("no_indicator", name))
    places = asked.places
    periods = Counter(cells.years(places[row.plan]) for row in same)
    period = choice_asked("period", periods)
    same, likely = (
        [row for row in rows if period in ("", cells.years(places[row.plan]))]
        for rows in (same, likely)
    )
    found, columns = distribution(same), _columns(asked)
    names = " ".join(literal(one, "zh") for one in dict.fromkeys(row.name for row in same))
    answers = [
        table(text("corpus_same"), columns, same),
        table(text("corpus_likely"), columns, likely, "likely"),
        _names(others, asked.words()),
    ]
    return asked.answer(
        answers,
        query("indicators", names=names),
        same[0].name,
        period=period,
        periods=dict(sorted(periods.items())),
        areas=len({row.plan for row in same}),
        found=found,
        drawn=drawn_map(found, places) if found else None,
        places=places,
        far=table("", columns, found.far or ()).rows if found else [],
        figure_of=cells.figure,
        shown=lambda value: (
            number_worded(Decimal(str(round(value, 4))), found.like) if found else ""
        ),
    )


def _columns(asked: Asked) -> Columns[IndicatorRow]:
    """A file has targets as numbers to reckon with too."""
    reckoned: Columns[IndicatorRow] = (
        ("number", lambda row: cells.number(row.value)),
        ("unit", lambda row: Cell(unit_name(row.target))),
    )
    return (
        ("area", asked.placed(cells.area)),
        ("period", asked.placed(cells.period)),
        ("indicator", cells.indicator),
        ("attribute", cells.attribute),
        ("baseline", lambda row: cells.figure(row.baseline)),
        ("target", cells.target),
        *(reckoned if file_wanted() else ()),
        ("sentence", cells.sentence),
        ("plan", asked.placed(cells.plan)),
    )
