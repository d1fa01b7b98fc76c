"""Who names a term first, and who most."""

from collections import Counter

from flask import Response

from kg.release.search import Naming
from kg.source.text import compact
from kg.web.context import text
from kg.web.pages.corpus import cells
from kg.web.pages.corpus.answers import Asked, Columns, literal, query, question, table
from kg.web.pages.corpus.cells import Cell

_PER = 1000  # sentences


@question("words")
def words(asked: Asked) -> Response | str:
    """How many sentences of each plan name what the address asks for, with the first of them."""
    word = asked.words()
    found = asked.questions.naming(word) if word else []
    places = asked.places

    def share(one: Naming) -> float | None:
        every = places[one.plan].sentences
        return _PER * one.sentences / every if every else None

    columns: Columns[Naming] = (
        ("issued", lambda one: Cell(places[one.plan].issued or text("corpus_undated"))),
        ("area", asked.placed(cells.area)),
        ("plan", asked.placed(cells.plan)),
        ("period", asked.placed(cells.period)),
        ("sentences", lambda one: cells.count(one.sentences)),
        ("share", lambda one: cells.number(share(one), 1)),
        ("first", lambda one: cells.entity(one.text, one.iri)),
        ("chapter", lambda one: Cell(one.chapter)),
    )
    most = max(found, key=lambda one: one.sentences, default=None)
    periods: dict[str, list[int]] = {}
    for one in found:
        periods.setdefault(cells.years(places[one.plan]), []).append(one.sentences)
    return asked.answer(
        [table(text("corpus_naming", word), columns, found)] if word else [],
        query("words", word=literal(compact(word))) if found else "",
        word,
        found=found,
        first=places[found[0].plan] if found else None,
        most=places[most.plan] if most else None,
        most_sentences=most.sentences if most else 0,
        undated=any(not places[one.plan].issued for one in found),
        periods=[(period, len(of), sum(of)) for period, of in sorted(periods.items())],
        of_period=Counter(map(cells.years, places.values())),
    )
