"""The review list: doubtful points of a plan, each with its place and the reason, what is least
certain first."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import astuple, dataclass, fields, replace
from decimal import Decimal
from itertools import groupby

from kg.document.model import Paragraph
from kg.document.structure import Document
from kg.extract.confidence import rate
from kg.files import csv_bytes
from kg.link.completeness import numbers_without_targets
from kg.link.corrections import Correction
from kg.link.model import Linked, statement
from kg.link.suggestions import Suggestion
from kg.source.text import Span

UNCERTAIN = 0.8
"""The confidence below which what was read is shown to be reviewed."""
_LOW = Decimal("0.08")
_HEADING = 24  # characters of a line that could be a heading
SHORT_LINES = 6
"""How many short lines that follow each other are the cells of a table that was not read."""


@dataclass(frozen=True)
class Point:
    """A doubtful point: the kind of doubt, the entity, its place in the source, and the words
    there.

    kind and name are what a correction would name it by; empty where it is no entity of its own.
    type is that of a zone or institution. confidence is the share of such readings that were right
    in plans left out, None where that was not measured. suggestion is the number of the suggestion
    that asks for a decision, action what it asks for, and origin who suggests it.
    """

    doubt: str
    kind: str
    name: str
    about: str
    start: int
    end: int
    words: str
    type: str = ""
    confidence: float | None = None
    suggestion: int | None = None
    action: str = ""
    origin: str = ""


def review(
    document: Document,
    linked: Linked,
    identifiers: Mapping[tuple[str, str], str],
    decided: Iterable[Correction] = (),
    suggestions: Iterable[Suggestion] = (),
) -> tuple[Point, ...]:
    """Everything doubtful in what was read and linked and not decided yet: suggestions, then what
    is least certain, last what was not measured; in reading order among equals."""
    settled = {(c.kind, name) for c in decided for name in (c.name, c.to)}
    found = (
        *_numbers_without_targets(document, linked),
        *_uncertain_names(document, linked),
        *_uncertain_targets(document, linked),
        *_doubtful_links(document, linked, identifiers),
        *_unread_headings(document),
    )
    still = (p for p in found if not p.name or (p.kind, p.name) not in settled)
    return (
        *_suggested(document, suggestions),
        *sorted(still, key=lambda p: (2.0 if p.confidence is None else p.confidence, p.start)),
    )


def _point(
    document: Document,
    doubt: str,
    about: str,
    span: Span,
    kind: str = "",
    name: str = "",
    type_: str = "",
    confidence: float | None = None,
) -> Point:
    words = document.printed(span)
    return Point(doubt, kind, name, about, span.start, span.end, words, type_, confidence)


def _suggested(document: Document, suggestions: Iterable[Suggestion]) -> Iterator[Point]:
    """What was suggested and not decided, where its sentence still is in the text."""
    for one in suggestions:
        if not one.decision and (span := one.place(document)) is not None:
            point = _point(document, "a suggestion", one.about, span, one.kind, one.name, one.type)
            yield replace(point, suggestion=one.ordinal, action=one.action, origin=one.origin)


def _numbers_without_targets(document: Document, linked: Linked) -> Iterator[Point]:
    sure = rate("review", "number-without-target")
    for sentence, words in numbers_without_targets(document, linked):
        about = f"{document.section(sentence.section).heading}：{words}"
        yield _point(document, "a number but no target", about, sentence.span, confidence=sure)


def _uncertain_names(document: Document, linked: Linked) -> Iterator[Point]:
    """Names that are less certain than most."""
    for entity in (*linked.extraction.zones, *linked.extraction.institutions):
        if entity.confidence < UNCERTAIN:
            named = entity.kind, entity.name, entity.type, entity.confidence
            yield _point(document, "an uncertain name", entity.name, entity.mentions[0], *named)


def _uncertain_targets(document: Document, linked: Linked) -> Iterator[Point]:
    """Targets that are less certain than most; one given to a row of the annex table has lost the
    name that a correction would call it by."""
    for value in linked.extraction.values:
        if value.confidence < UNCERTAIN:
            indicator = linked.extraction.indicator[value.indicator]
            named = ("target", indicator.name) if indicator.number is None else ("", "")
            about = f"{indicator.name}：{indicator.worded(value.quantity).zh}"
            at, sure = value.quantity.span, value.confidence
            yield _point(document, "an uncertain target", about, at, *named, confidence=sure)


def _doubtful_links(
    document: Document, linked: Linked, identifiers: Mapping[tuple[str, str], str]
) -> Iterator[Point]:
    """Links with a low score, and those that are only likely and not published."""
    weak = (link for link in linked.links if link.score is not None and link.score < _LOW)
    for doubt, links in (
        ("a link with a low score", (link for link in weak if link.method != "SameSection")),
        ("an unpublished link", linked.likely),
    ):
        for link in links:
            stated = statement(link, identifiers)
            about, at, sure = f"{stated}, score {link.score}", link.evidence[0], link.confidence
            yield _point(document, doubt, about, at, "link", stated, confidence=sure)


def _unread_headings(document: Document) -> Iterator[Point]:
    """Short lines that may be headings; many that follow each other are the cells of one table,
    of which the first ones are shown."""

    def is_short(paragraph: Paragraph) -> bool:
        words = document.read(paragraph.span).text
        return len(words) <= _HEADING and not words.endswith(("。", ";", ":", "!", "?"))

    for short, run in groupby(document.paragraphs, is_short):
        lines = list(run) if short else []
        if len(lines) >= SHORT_LINES:
            begins = Span(lines[0].span.start, lines[SHORT_LINES - 1].span.end)
            about = document.section(lines[0].section).heading
            cells = " ".join(document.printed(one.span) for one in lines[:SHORT_LINES])
            yield replace(_point(document, "a table that was not read", about, begins), words=cells)
            continue
        for one in lines:
            about = document.section(one.section).heading
            yield _point(document, "a short line that is no heading", about, one.span)


def as_csv(points: Iterable[Point]) -> bytes:
    """The points as a table that a spreadsheet opens (RFC 4180)."""
    return csv_bytes([[f.name for f in fields(Point)], *map(astuple, points)])
