"""Sentences that are the same or nearly the same in several plans."""

from flask import Response

from kg.release.questions import Wording
from kg.web.context import text
from kg.web.pages.corpus import cells
from kg.web.pages.corpus.answers import Asked, Columns, query, question, table
from kg.web.pages.corpus.cells import Cell


def _alike(share: float) -> str:
    """How much of a sentence another has, in words: a share tells a reader nothing."""
    return text(f"corpus_alike_{'same' if share == 1 else 'most' if share >= _NEARLY else 'part'}")


_NEARLY = 0.9  # of the pieces of a sentence
_SENTENCES: Columns[tuple[Wording, Wording]] = (
    ("earlier_sentence", lambda pair: cells.entity(pair[0].text, pair[0].passage)),
    ("later_sentence", lambda pair: cells.entity(pair[1].text, pair[1].passage)),
    ("alike", lambda pair: Cell(_alike(min(pair[0].alike, pair[1].alike)))),
    ("chapter", lambda pair: Cell(pair[1].chapter)),
)
_PHRASES: Columns[tuple[Wording, int]] = (
    ("wording", lambda row: cells.entity(row[0].text, row[0].passage)),
    ("plans", lambda row: cells.count(row[1])),
)
_MOST = 20  # wordings common to most plans that are listed


@question("wordings")
def wordings(asked: Asked) -> Response | str:
    """The plans that share most sentences, or the sentences that two of them share."""
    is_of_two = asked.words("one") and asked.words("other")
    return _between(asked) if is_of_two else _overview(asked, asked.words())


def _overview(asked: Asked, words: str) -> Response | str:
    places = asked.places
    pairs: Columns[tuple[str, str, int]] = (
        ("earlier", lambda row: cells.plan(places[row[0]])),
        ("later", lambda row: cells.plan(places[row[1]])),
        ("shared", lambda row: cells.count(row[2])),
        ("beside", lambda row: cells.side_by_side(asked.name, one=row[0], other=row[1])),
    )
    phrases = asked.questions.phrases(_MOST)
    passages = " ".join(f"<{one.passage}>" for one, _ in phrases)
    return asked.answer(
        [
            table(
                text("corpus_pairs_wordings"), pairs, asked.questions.pairs(words, asked.rows()[0])
            ),
            table(text("corpus_phrases"), _PHRASES, phrases),
        ],
        query("wordings", passages=passages) if passages else "",
        above=None,
        words=words,
    )


def _between(asked: Asked) -> Response | str:
    places = asked.place("one"), asked.place("other")
    earlier, later = sorted(places, key=lambda place: place.order)
    found = asked.questions.wordings(earlier.plan, later.plan)
    passages = " ".join(f"<{side.passage}>" for pair in found for side in pair)
    return asked.answer(
        [table(text("corpus_wordings"), _SENTENCES, found)],
        query("wordings", passages=passages) if passages else "",
        above=earlier,
        undated=not (earlier.issued and later.issued),
        below=later,
    )
