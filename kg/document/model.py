"""What a document is made of: sections, paragraphs, sentences and tables, with exact spans."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, partial

from kg.document.responsibility_notes import Charge
from kg.document.tables import IndicatorTable
from kg.lexicon import grouped
from kg.source.characters import writable
from kg.source.findings import Finding
from kg.source.text import Erratum, Span, Stretch, normal, stretch

MEASURES, SAFEGUARDS = "measures", "safeguards"
ACTING = (MEASURES, SAFEGUARDS)  # roles of what says what is to be done
COMMITTING = (*ACTING, "goals", "vision")  # roles of what a target may be in


@dataclass(frozen=True)
class Section:
    """A part, chapter, section, box or annex: its number, heading and whole span."""

    number: str
    style: str
    heading: str
    heading_span: Span
    span: Span
    parent: str | None
    role: str

    @property
    def wording(self) -> str:
        """Its heading as it is read: normalised, traditional characters simplified."""
        return normal(self.heading)


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text, the number of the section it is in, and what it is for."""

    span: Span
    section: str
    role: str


@dataclass(frozen=True)
class Sentence:
    """A sentence: its place among the section's sentences, counted from 1, and the text to read."""

    section: str
    ordinal: int
    paragraph: int
    read: Stretch

    @property
    def span(self) -> Span:
        """The exact span in the source text."""
        return self.read.span

    @property
    def text(self) -> str:
        """The normalised text, without line breaks."""
        return self.read.text

    @property
    def number(self) -> str:
        """Section number and ordinal: 4.1.3 is the third sentence of section 4.1."""
        return f"{self.section}.{self.ordinal}"


@dataclass(frozen=True)
class Document:
    """A plan's text, taken apart. All spans point into the source text as published."""

    source: str
    text: str
    sections: tuple[Section, ...]
    paragraphs: tuple[Paragraph, ...]
    sentences: tuple[Sentence, ...]
    tables: tuple[IndicatorTable, ...]
    errata: tuple[Erratum, ...] = ()
    findings: tuple[Finding, ...] = ()
    charges: tuple[Charge, ...] = ()
    results: tuple[IndicatorTable, ...] = ()

    def section(self, number: str) -> Section:
        """The section of that number."""
        return self._by_number[number]

    @cached_property
    def _by_number(self) -> dict[str, Section]:
        return {section.number: section for section in self.sections}

    @cached_property
    def _starts(self) -> list[tuple[int, str]]:
        return section_starts(self.sections)

    def section_at(self, offset: int) -> str | None:
        """The number of the section that an offset lies in; None before the first."""
        at = bisect_right(self._starts, offset, key=lambda start: start[0])
        return self._starts[at - 1][1] if at else None

    def acts(self, sentence: Sentence) -> bool:
        """Whether a sentence's paragraph says what is to be done, for a goal or for the plan."""
        return self.role(sentence) in ACTING

    def role(self, sentence: Sentence) -> str:
        """What a sentence's paragraph is for: a key of lexicon/roles.toml, or "measures"."""
        return self.paragraphs[sentence.paragraph].role

    @cached_property
    def _by_paragraph(self) -> dict[int, list[Sentence]]:
        return grouped((sentence.paragraph, sentence) for sentence in self.sentences)

    def sentences_of(self, paragraph: int) -> Sequence[Sentence]:
        """The sentences of the paragraph with that index."""
        return self._by_paragraph.get(paragraph, ())

    def published(self, span: Span) -> str:
        """A span's text as published, with signs for control characters that formats refuse."""
        return writable(self.source[span.start : span.end])

    def printed(self, span: Span) -> str:
        """A span as it is shown: in published characters, on one line, its errata mended."""
        return self._print(span).text

    def marked(self, span: Span) -> str:
        """A span that a person has marked as a name, as printed: without the signs that errata put
        in at its edges."""
        inside = [e for e in self.errata if len(e.span) or span.start < e.span.start < span.end]
        return stretch(self.source, span, inside).text

    @cached_property
    def read(self) -> Callable[[Span], Stretch]:
        """Gives a span as it is to be read: normalised, on one line, its errata mended; each span
        once, as several readers ask for the same ones."""
        return cache(partial(stretch, self.text, errata=errata_as_read(self.errata)))

    @cached_property
    def _print(self) -> Callable[[Span], Stretch]:
        return cache(partial(stretch, self.source, errata=self.errata))

    def chapter_of(self, number: str) -> Section:
        """The outermost section that holds the one of that number, parts aside."""
        return self._by_number[self._chapters[number]]

    @cached_property
    def _chapters(self) -> dict[str, str]:
        return chapters_of(self.sections)

    @cached_property
    def _parents(self) -> frozenset[str | None]:
        return frozenset(s.parent for s in self.sections if s.style != "box")

    def leads(self, sentence: Sentence) -> bool:
        """Whether the sentence is in a chapter's opening, before its first section."""
        section = self._by_number[sentence.section]
        return section.style == "chapter" and section.number in self._parents


def chapters_of(sections: Sequence[Section]) -> dict[str, str]:
    """For each section, in reading order, the number of the outermost one that holds it, parts
    aside."""
    parts = {s.number for s in sections if s.style == "part"}
    found: dict[str, str] = {}
    for section in sections:
        outer = section.parent if section.parent not in parts else None
        found[section.number] = found[outer] if outer else section.number
    return found


def section_starts(sections: Sequence[Section]) -> list[tuple[int, str]]:
    """Where each section's own text begins: behind its heading, a box or a table in it."""
    starts = [(s.span.start, s.number) for s in sections]
    taken = {start for start, _ in starts}
    text = sorted((s.span.start, s.number) for s in sections if s.style != "annex")
    for table in sections:
        at = bisect_right(text, table.span.start, key=lambda start: start[0])
        if table.style == "annex" and at and table.span.end not in taken:
            starts.append((table.span.end, text[at - 1][1]))
    starts += [
        (s.span.end, s.parent)
        for s in sections
        if s.style == "box" and s.parent is not None and s.span.end not in taken
    ]
    return sorted(starts)


def errata_as_read(errata: Sequence[Erratum]) -> list[Erratum]:
    """Errata of a normalised text: with what they put in normalised as well."""
    return [replace(one, correction=normal(one.correction)) for one in errata]
