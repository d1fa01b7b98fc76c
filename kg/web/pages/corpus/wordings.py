"""Sentences that are the same or nearly the same in several plans."""

from flask import Response

from kg.web.context import address, text
from kg.web.pages.corpus.answers import (
    Answer,
    Cell,
    answered,
    asked,
    blueprint,
    here,
    number_cell,
    place_of,
    plan_cell,
    query,
    questions,
    rows_wanted,
)

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
            plan_cell(places[one]),
            plan_cell(places[other]),
            Cell(str(shared), number=shared),
            Cell(text("corpus_side_by_side"), here(q=None, one=one, other=other)),
        ]
        for one, other, shared in questions().pairs(words, rows_wanted()[0])
    ]
    phrases = [
        [Cell(one.text, address(one.passage), one.passage), Cell(str(n), number=n)]
        for one, n in questions().phrases(_MOST)
    ]
    passages = " ".join(f"<{row[0].iri}>" for row in phrases)
    return answered(
        "wordings",
        [
            Answer(text("corpus_pairs_wordings"), _PAIRS, rows),
            *([Answer(text("corpus_phrases"), _PHRASES, phrases)] if phrases else []),
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
            Cell(left.text, address(left.passage), left.passage),
            Cell(right.text, address(right.passage), right.passage),
            number_cell(min(left.alike, right.alike), 2),
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
        plan_cell=plan_cell,
    )
