"""What nothing was read of: sentences among measures, and names in lists of boxes of projects."""

import re
from collections import Counter
from collections.abc import Iterator, Set
from itertools import pairwise

from kg.document.sentences import action_verbs
from kg.document.structure import Document, Sentence
from kg.extract.clauses import clauses
from kg.extract.measures import in_box_of_projects
from kg.extract.model import Extraction
from kg.extract.titling import action
from kg.lexicon import lexicon, pattern
from kg.lexicon.dictionary import cut, part_of_speech
from kg.source.findings import Finding
from kg.source.text import Span, shortened

_SHOWN = 24  # characters of a sentence
_NAMES = 20  # names of a box that a finding lists


def sentences_left(
    document: Document, read: Set[int], said: Set[str]
) -> Iterator[tuple[Sentence, str]]:
    """The sentences that may be measures that were missed, each with its first words. read: where
    those begin that something other than a name was read of; said: the numbers of those of which
    something else is said."""
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


def names_left(document: Document, found: Extraction) -> Iterator[Finding]:
    """A finding for each list in a box of projects, with its entries that nothing was read of."""
    read = [
        *(span for entity in (*found.zones, *found.institutions) for span in entity.mentions),
        # the clause of a value may begin with entries before its own
        *(Span(v.quantity.span.end - 1, v.quantity.span.end) for v in found.values),
        *(measure.title_span for measure in found.measures),
    ]
    taken = {place for span in read for place in range(span.start, span.end)}
    yield from _lines_left(document, taken)
    for sentence in document.sentences:
        if not document.acts(sentence) or not in_box_of_projects(document, sentence):
            continue
        left = [one for one in _entries(sentence) if taken.isdisjoint(range(one.start, one.end))]
        if left:
            names = "、".join(document.printed(one) for one in left)
            values = {"heading": document.section(sentence.section).heading, "names": names}
            yield Finding("names-left", left[0], values | {"count": str(len(left))})


def _lines_left(document: Document, taken: Set[int]) -> Iterator[Finding]:
    """A finding for each box with names on lines of their own that nothing was read of."""
    alone = pattern("findings", "names-left", "alone")
    bare: dict[str, list[Sentence]] = {}
    for sentence in document.sentences:
        listed = document.role(sentence) == "cells" and alone.fullmatch(sentence.text)
        boxed = document.section(sentence.section).style == "box"
        if boxed and listed and taken.isdisjoint(range(sentence.span.start, sentence.span.end)):
            bare.setdefault(sentence.section, []).append(sentence)
    for section, named in bare.items():
        count = Counter(one.text for one in named)
        group = [one for one in named if count[one.text] == 1]  # a label comes again
        if not group:
            continue
        names = "、".join(document.printed(one.span) for one in group[:_NAMES])
        values = {"heading": document.section(section).heading, "names": names}
        yield Finding("names-left", group[0].span, values | {"count": str(len(group))})


def _entries(sentence: Sentence) -> Iterator[Span]:
    """The entries of a sentence that is a list, behind its label; none of one that says more."""
    listed = pattern("findings", "names-left", "list").fullmatch(sentence.text)
    says = re.search(lexicon("findings")["names-left"]["says"], sentence.text)
    if listed is None or says or action(sentence.text) or may_be_measure(sentence.text):
        return
    start = listed.start("entries")
    for match in pattern("findings", "names-left", "entry").finditer(sentence.text, start):
        yield sentence.read.locate(*match.span())
