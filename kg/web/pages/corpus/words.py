"""Who names a term first, and who most."""

from collections import Counter

from flask import Response

from kg.source.text import compact, on_one_line
from kg.web.context import text
from kg.web.pages.corpus import cells
from kg.web.pages.corpus.answers import (
    Answer,
    answered,
    asked,
    blueprint,
    literal,
    query,
    questions,
)
from kg.web.pages.corpus.cells import Cell

_COLUMNS = ("issued", "area", "plan", "period", "sentences", "share", "first", "chapter")
_PER = 1000  # sentences


@blueprint.get("/corpus/words")
def words() -> Response | str:
    """How many sentences of each plan name what the address asks for, with the first of them."""
    word = asked()
    found = questions().naming(word) if word else []
    places = questions().places
    rows = []
    for one in found:
        place = places[one.plan]
        share = _PER * one.sentences / place.sentences if place.sentences else None
        rows.append(
            [
                Cell(place.issued or text("corpus_undated")),
                cells.area(place),
                cells.plan(place),
                cells.period(place),
                cells.count(one.sentences),
                cells.number(share, 1),
                cells.entity(on_one_line(one.text), one.iri),
                Cell(one.chapter),
            ]
        )
    most = max(found, key=lambda one: one.sentences, default=None)
    periods: dict[str, list[int]] = {}
    for one in found:
        periods.setdefault(cells.years(places[one.plan]), []).append(one.sentences)
    return answered(
        "words",
        [Answer(text("corpus_naming", word), _COLUMNS, rows)] if word else [],
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
