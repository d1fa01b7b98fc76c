"""Who names a term first, and who most; and sentences that several plans have, nearly alike."""

from collections import Counter

from flask import Response, abort

from kg.lexicon import grouped
from kg.release.questions import Wording
from kg.release.search import Naming
from kg.source.text import compact
from kg.web.context import text
from kg.web.messages import Message
from kg.web.pages.corpus import cells
from kg.web.pages.corpus.answers import Asked, Columns, literal, query, question, table
from kg.web.pages.corpus.cells import Cell

_PER = 1000  # sentences


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
    found = asked.questions.pairs(words, asked.rows()[0])
    answers = [
        table(text("corpus_pairs_wordings"), pairs, found),
        table(text("corpus_phrases"), _PHRASES, phrases),
    ]
    behind = query("wordings", passages=passages) if passages else ""
    return asked.answer(answers, behind, above=None, words=words)


def _between(asked: Asked) -> Response | str:
    places = asked.place("one"), asked.place("other")
    if places[0] == places[1]:
        abort(400, Message("same_plan", places[0].plan))
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
    periods = grouped((cells.years(places[one.plan]), one.sentences) for one in found)
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
