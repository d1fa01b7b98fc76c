"""Sentences that are the same or nearly the same in several plans."""

from flask import Response

from kg.web.context import text
from kg.web.pages.corpus import cells
from kg.web.pages.corpus.answers import (
    Answer,
    answered,
    asked,
    blueprint,
    here,
    place_of,
    query,
    questions,
    rows_wanted,
)
from kg.web.pages.corpus.cells import Cell

_PAIRS = ("earlier", "later", "shared", "beside")
_SENTENCES = ("earlier_sentence", "later_sentence", "alike", "chapter")
_PHRASES = ("sentence", "plans")
_MOST = 20  # wordings common to most plans that are listed


@blueprint.get("/corpus/wordings")
def wordings() -> Response | str:
    """The plans that share most sentences, or the sentences that two of them share."""
    one, other = asked("one"), asked("other")
    return _between(one, other) if one and other else _overview(asked())


def _overview(words: str) -> Response | str:
    places = questions().places
    rows = [
        [
            cells.plan(places[one]),
            cells.plan(places[other]),
            cells.count(shared),
            Cell(text("corpus_side_by_side"), here(q=None, one=one, other=other)),
        ]
        for one, other, shared in questions().pairs(words, rows_wanted()[0])
    ]
    phrases = [
        [cells.entity(one.text, one.passage), cells.count(n)]
        for one, n in questions().phrases(_MOST)
    ]
    passages = " ".join(f"<{row[0].iri}>" for row in phrases)
    return answered(
        "wordings",
        [
            Answer(text("corpus_pairs_wordings"), _PAIRS, rows),
            Answer(text("corpus_phrases"), _PHRASES, phrases),
        ],
        query("wordings", passages=passages) if passages else "",
        above=None,
        words=words,
    )


def _between(one: str, other: str) -> Response | str:
    earlier, later = sorted((place_of(one), place_of(other)), key=lambda place: place.order)
    found = questions().wordings(earlier.plan, later.plan)
    rows = [
        [
            cells.entity(left.text, left.passage),
            cells.entity(right.text, right.passage),
            cells.number(min(left.alike, right.alike), 2),
            Cell(right.chapter),
        ]
        for left, right in found
    ]
    passages = " ".join(f"<{side.passage}>" for pair in found for side in pair)
    return answered(
        "wordings",
        [Answer(text("corpus_wordings"), _SENTENCES, rows)],
        query("wordings", passages=passages) if passages else "",
        above=earlier,
        undated=not (earlier.issued and later.issued),
        below=later,
    )
