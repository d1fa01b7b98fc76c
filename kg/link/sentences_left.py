"""Sentences among measures that nothing was read of."""

from collections import Counter
from collections.abc import Iterator, Set
from itertools import pairwise

from kg.document.sentences import action_verbs
from kg.document.structure import Document, Sentence
from kg.extract.clauses import clauses
from kg.lexicon import lexicon, pattern
from kg.lexicon.dictionary import cut, part_of_speech
from kg.source.findings import Finding
from kg.source.text import shortened

_SHOWN = 24  # characters of a sentence


def sentences_left(
    document: Document, read: Set[int], said: Set[str]
) -> Iterator[tuple[Sentence, str]]:
    """The sentences that may be measures that were missed, each with its first words.

    Args:
        read: where the sentences begin that something other than a name was read of.
        said: the numbers of those of which something else is said.
    """
    for sentence in _whole(document):
        known = sentence.number in said or sentence.span.start in read
        if not known and may_be_measure(sentence.text):
            yield sentence, shortened(document.printed(sentence.span), _SHOWN)


def chapters_left(document: Document, read: Set[int]) -> Iterator[Finding]:
    """The chapters of measures most of whose sentences nothing was read of, not even a name."""
    rules = lexicon("findings")["chapter-partly-read"]
    all_, left = Counter[str](), Counter[str]()
    for sentence in _whole(document):
        number = document.chapter_of(sentence.section).number
        all_[number] += 1
        left[number] += sentence.span.start not in read
    for number, count in left.items():
        if all_[number] >= rules["fewest"] and count > rules["share"] * all_[number]:
            section = document.section(number)
            values = {"heading": section.heading, "count": str(count), "all": str(all_[number])}
            yield Finding("chapter-partly-read", section.heading_span, values)


def _whole(document: Document) -> Iterator[Sentence]:
    """The sentences that say what is to be done, if they open no chapter and are no labels."""
    ends = pattern("actions", "unlisted", "ended")
    for one in document.sentences:
        if document.acts(one) and not document.leads(one) and ends.search(one.text):
            yield one


def may_be_measure(text: str) -> bool:
    """Whether a sentence has a verb, and neither describes something nor lists names."""
    rules = lexicon("findings")["measures-left"]
    if len(text) < rules["shortest"] or pattern("actions", "unlisted", "described").search(text):
        return False
    listed = 0 if ":" in text else rules["listed"]
    words = [
        cut(clause.text)
        for clause in clauses(text)
        if not text.startswith(":", clause.end) and clause.text.count("、") <= listed
    ]
    known = action_verbs()
    return any(
        behind not in rules["attributes"]
        and len(word) >= rules["verb"]
        and (word in known or part_of_speech(word) == "v")
        for clause in words
        for word, behind in pairwise(clause)
    )
