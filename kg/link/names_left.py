"""Names that lists in boxes of projects hold and that nothing was read of."""

import re
from collections.abc import Iterator

from kg.document.structure import Document, Sentence
from kg.extract.measures import in_box_of_projects
from kg.extract.model import Extraction
from kg.extract.titling import action
from kg.lexicon import lexicon, pattern
from kg.source.findings import Finding
from kg.source.text import Span


def names_left(document: Document, found: Extraction) -> Iterator[Finding]:
    """A finding for each list in a box of projects, with its entries that nothing was read of."""
    read = [
        *(span for entity in (*found.zones, *found.institutions) for span in entity.mentions),
        # the clause of a value may begin with entries before its own
        *(Span(v.quantity.span.end - 1, v.quantity.span.end) for v in found.values),
        *(measure.title_span for measure in found.measures),
    ]
    taken = {place for span in read for place in range(span.start, span.end)}
    for sentence in document.sentences:
        if not document.acts(sentence) or not in_box_of_projects(document, sentence):
            continue
        left = [one for one in _entries(sentence) if taken.isdisjoint(range(one.start, one.end))]
        if left:
            names = "、".join(document.printed(one) for one in left)
            values = {"heading": document.section(sentence.section).heading, "names": names}
            yield Finding("names-left", left[0], values | {"count": str(len(left))})


def _entries(sentence: Sentence) -> Iterator[Span]:
    """The entries of a sentence that is a list, behind its label; none of one that says more."""
    listed = pattern("findings", "names-left", "list").fullmatch(sentence.text)
    says = re.search(lexicon("findings")["names-left"]["says"], sentence.text)
    if listed is None or says or action(sentence.text):
        return
    start = listed.start("entries")
    for match in pattern("findings", "names-left", "entry").finditer(sentence.text, start):
        yield sentence.read.locate(*match.span())
