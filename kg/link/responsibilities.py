"""Who has which part in a measure, as the note behind it or its own sentence says."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from operator import attrgetter

from kg.document.responsibility_scope import charged
from kg.document.structure import Document, Sentence
from kg.extract.model import Extraction
from kg.lexicon import lexicon, pattern, with_parts
from kg.link.model import Link
from kg.rdf.iris import Node
from kg.source.text import Span

_METHODS = {"lead": "NamedAsLead", "responsible": "NamedAsResponsible", "support": "NamedAsSupport"}
_BODY = "\ufffc"  # stands for a body's name


def parts(document: Document, extraction: Extraction) -> list[Link]:
    """Each measure and the bodies that are charged with it, those of notes first."""
    noted, sentences = charged(document), {one.number: one for one in document.sentences}
    called = {span: one.name for one in extraction.institutions for span in one.mentions}
    spans = sorted(called)
    found: list[tuple[Node, Span, str, tuple[Span, ...]]] = []
    for measure in extraction.measures:
        own = Node("measure", measure.number)
        for body in noted.with_measure(document, measure.number, measure.section):
            found.append((own, body.span, body.part, (body.span,)))
        first = bisect_left(spans, measure.span.start, key=attrgetter("start"))
        end = bisect_left(spans, measure.span.end, key=attrgetter("start"))
        for span, part in _stated(sentences[measure.number], spans[first:end]):
            found.append((own, span, part, (span, measure.span)))
    return [
        Link(own, "involves", Node("institution", called[span]), _METHODS[part], evidence)
        for own, span, part, evidence in found
        if span in called
    ]


@cache
def _form() -> re.Pattern[str]:
    """What gives bodies a part in a sentence, in which each name is one sign."""
    forms = lexicon("charges")["said"]
    return re.compile(with_parts(forms["part"], forms | {"body": _BODY}))


def _stated(sentence: Sentence, bodies: list[Span]) -> Iterator[tuple[Span, str]]:
    """The bodies named in a sentence that it gives a part; support behind who acts."""
    read = sentence.read
    places = [read.locate(at, at + 1).start for at in range(len(read.text))] if bodies else []
    masked, reached, seen = "", 0, list[Span]()
    for span in bodies:
        start, end = bisect_left(places, span.start), bisect_left(places, span.end)
        if reached <= start < end:
            masked += read.text[reached:start] + _BODY
            reached = end
            seen.append(span)
    masked += read.text[reached:]
    acts = False
    for match in _form().finditer(masked):
        part = "support" if match["support"] else "lead" if match["lead"] else "responsible"
        if match["beside"] is None:
            before = pattern("charges", "said", "acts").search(masked, 0, match.start())
            acts = part != "support" or before is not None or match["helped"] is not None
        first = masked.count(_BODY, 0, match.start("bodies"))
        if acts:
            for span in seen[first : first + match["bodies"].count(_BODY)]:
                yield span, part
