"""Names that lists in boxes of projects hold and that nothing was read of."""

import re
from collections import Counter
from collections.abc import Iterator, Set

from kg.document.structure import Document, Sentence
from kg.extract.measures import in_box_of_projects
from kg.extract.model import Extraction
from kg.extract.titling import action
from kg.lexicon import lexicon, pattern
from kg.link.sentences_left import may_be_measure
from kg.source.findings import Finding
from kg.source.text import Span

_SHOWN = 20  # names of a box that a finding lists


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
        names = "、".join(document.printed(one.span) for one in group[:_SHOWN])
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
