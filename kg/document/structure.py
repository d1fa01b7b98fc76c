"""Source text -> Document: sections, paragraphs and sentences, each with its exact span."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property

from kg.document.tables import IndicatorTable, Line, find_tables
from kg.document.unseen import SeenText
from kg.errors import PlanlinkError
from kg.lexicon import lexicon
from kg.source.characters import writable
from kg.source.findings import Finding
from kg.source.text import Erratum, Span, Stretch, chinese_number, normal, stretch, strip_span

_SENTENCE_END = re.compile(r"[。!?][”’\"』」)]*")
_CELLS = re.compile(r"\S(?:\s{3,}|\t)\S")


@dataclass(frozen=True)
class Section:
    """A part, chapter, section or annex: its number in the document's own numbering, heading and
    whole span."""

    number: str
    style: str
    heading: str
    heading_span: Span
    span: Span
    parent: str | None
    role: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text and the number of the section it stands in."""

    span: Span
    section: str


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
    _by_number: dict[str, Section] = field(repr=False, default_factory=dict)

    def section(self, number: str) -> Section:
        """The section of that number."""
        return self._by_number[number]

    @cached_property
    def _starts(self) -> list[tuple[int, str]]:
        return sorted((s.span.start, s.number) for s in self.sections)

    def section_at(self, offset: int) -> str | None:
        """The number of the section that an offset lies in; None before the first."""
        at = bisect_right(self._starts, offset, key=lambda start: start[0])
        return self._starts[at - 1][1] if at else None

    def published(self, span: Span) -> str:
        """The text of a span as published, with signs for the control characters that no format of
        data or documents takes."""
        return writable(self.source[span.start : span.end])

    def read(self, span: Span) -> Stretch:
        """A span as it is to be read: normalised, on one line, its errata mended."""
        return _read(self.text, span, self.errata)

    def printed(self, span: Span) -> str:
        """A span as it is to be shown: in the published characters, on one line, its errata
        mended."""
        return stretch(self.source, span, self.errata).text

    def chapter_of(self, number: str) -> Section:
        """The outermost section that holds the one of that number, parts aside."""
        section = self._by_number[number]
        while section.parent is not None and self._by_number[section.parent].style != "part":
            section = self._by_number[section.parent]
        return section

    @cached_property
    def _parents(self) -> frozenset[str | None]:
        return frozenset(s.parent for s in self.sections if s.style != "box")

    def leads(self, sentence: Sentence) -> bool:
        """Whether the sentence stands in a chapter's opening, before its first section."""
        section = self._by_number[sentence.section]
        return section.style == "chapter" and section.number in self._parents


def _read(text: str, span: Span, errata: Sequence[Erratum]) -> Stretch:
    """A span of normalised text with its errata mended, the corrections normalised as well."""
    found = stretch(text, span, errata)
    return replace(found, text=normal(found.text))


@dataclass(frozen=True)
class _Heading:
    style: str
    number: int
    text: str
    span: Span


@cache
def _styles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (style["name"], re.compile(style["pattern"])) for style in lexicon("headings")["style"]
    )


@cache
def _action_openings() -> tuple[str, ...]:
    actions = lexicon("actions")
    return (
        *(verb for verb in actions["verbs"] if verb not in actions["inside_names"]),
        *actions["adverbs"],
    )


def _lines(text: str) -> Iterator[Line]:
    position = 0
    for raw in text.splitlines(keepends=True):
        span = strip_span(text, Span(position, position + len(raw)))
        if len(span):
            yield Line(span, text[span.start : span.end])
        position += len(raw)


def _numbered(text: str) -> tuple[str, int, str] | None:
    """The style, number and wording of a line that is numbered as a heading is."""
    for style, pattern in _styles():
        if match := pattern.match(text):
            number = chinese_number(match["number"])
            if number is not None:
                return style, number, match["heading"].strip()
    return None


def _find_headings(lines: list[Line]) -> tuple[list[_Heading], set[int]]:
    """The headings, and the indices of the lines that they and contents lists take up."""
    rules = lexicon("headings")
    leader, contents_title = (
        re.compile(rules["contents"]["leader"]),
        re.compile(rules["contents"]["heading"]),
    )
    limits, goes_on = rules["limits"], tuple(rules["continuation"]["endings"])
    found: list[tuple[int, _Heading]] = []
    used: set[int] = set()
    for i, line in enumerate(lines):
        if i in used:
            continue
        numbered = _numbered(line.text)
        if contents_title.match(line.text) or (numbered and leader.search(line.text)):
            used.add(i)
            continue
        if numbered is None:
            continue
        style, number, wording = numbered
        if (
            wording[-1] in limits["endings"]
            or len(wording) > limits["longest"]
            or re.search(r"\s{3,}|\t", wording)
        ):
            continue
        end = line.span.end
        used.add(i)
        if (
            wording.endswith(goes_on)
            and i + 1 < len(lines)
            and _numbered(lines[i + 1].text) is None
        ):
            following = lines[i + 1]
            if (
                following.text[-1] not in limits["endings"]
                and len(following.text) <= limits["longest"]
            ):
                wording, end = wording + following.text, following.span.end
                used.add(i + 1)
        found += [
            (i, heading) for heading in _apart(style, number, wording, Span(line.span.start, end))
        ]
    kept = _in_sequence(_without_contents(found))
    headings = {id(heading) for _, heading in kept}
    # a numbered line that proved to be no heading is running text again; one of a contents list is
    # not
    used -= {i for i, heading in found if id(heading) not in headings and heading.style == "item"}
    return [heading for _, heading in kept], used


def _apart(style: str, number: int, wording: str, span: Span) -> Iterator[_Heading]:
    """Headings that a line runs together (第三篇推进改革开放第十三章深化各项改革)."""
    inner = (
        re.search(r"第[一二三四五六七八九十百\d]+[篇编章]", wording)
        if style in ("part", "chapter")
        else None
    )
    following = _numbered(wording[inner.start() :]) if inner else None
    if inner is None or following is None or not wording[: inner.start()].strip():
        yield _Heading(style, number, wording, span)
        return
    cut = span.end - (len(wording) - inner.start())
    yield _Heading(style, number, wording[: inner.start()].strip(), Span(span.start, cut))
    yield from _apart(*following, Span(cut, span.end))


def _without_contents(found: list[tuple[int, _Heading]]) -> list[tuple[int, _Heading]]:
    """Drop the earlier of two headings of one style, number and wording: the contents list's."""
    later: dict[tuple[str, int], list[str]] = {}
    kept = []
    for i, heading in reversed(found):
        wording = re.sub(r"\W", "", heading.text)
        known = later.setdefault((heading.style, heading.number), [])
        runs_on = heading.style in ("part", "chapter") and any(
            wording.startswith(other) for other in known
        )
        if wording not in known and not runs_on:
            kept.append((i, heading))
            known.append(wording)
    return kept[::-1]


def _in_sequence(found: list[tuple[int, _Heading]]) -> list[tuple[int, _Heading]]:
    """Drop numbered items (1. …) that are no headings: where chapters or sections lead, and where
    the count is broken."""
    leading = any(h.style in ("chapter", "section") for _, h in found)
    kept, expected = [], 1
    for i, heading in found:
        if heading.style == "item":
            if leading or heading.number != expected:
                continue
            expected += 1
        kept.append((i, heading))
    return kept


def _role(heading: str, inherited: str | None) -> str | None:
    """What a section is for: the role whose cue stands last in its heading, else its parent's.

    A heading that begins with an action (优化人才发展环境) announces measures, whatever it acts
    upon.
    """
    best, place = inherited, -1
    if inherited in (None, "measures") and heading.startswith(_action_openings()):
        return "measures"
    for role in lexicon("roles")["role"]:
        for cue in role["cues"]:
            if (found := heading.rfind(cue)) > place:
                best, place = role["name"], found
    return best


def _printed_heading(printed: str, wording: str) -> str:
    """A heading's wording in the published characters, without its number."""
    numbered = _numbered(normal(printed))
    return printed[len(printed) - len(numbered[2]) :] if numbered else wording


def _sections(headings: list[_Heading], length: int) -> list[Section]:
    """Nest the headings by style and number them by the document's own numerals."""
    used_styles = [style for style, _ in _styles() if any(h.style == style for h in headings)]
    rank = {style: i for i, style in enumerate(used_styles)}
    sections: list[Section] = []
    open_path: list[int] = []
    taken: Counter[str] = Counter()
    for heading in headings:
        while open_path and rank[sections[open_path[-1]].style] >= rank[heading.style]:
            index = open_path.pop()
            sections[index] = replace(
                sections[index], span=Span(sections[index].span.start, heading.span.start)
            )
        parent = sections[open_path[-1]] if open_path else None
        if heading.style == "part":
            number = f"p{heading.number}"
        elif heading.style == "box":
            number = f"box{heading.number}"
        elif (
            heading.style == "chapter"
            or parent is None
            or (parent.style == "part" and heading.style != "section")
        ):
            number = str(heading.number)
        else:
            number = f"{parent.number}.{heading.number}"
        taken[number] += 1
        if taken[number] > 1:
            number = f"{number}-{taken[number]}"
        role = _role(heading.text, parent.role if parent else None) or "measures"
        sections.append(
            Section(
                number,
                heading.style,
                heading.text,
                heading.span,
                Span(heading.span.start, length),
                parent.number if parent else None,
                role,
            )
        )
        open_path.append(len(sections) - 1)
    return sections


def _split_sentences(text: str, span: Span) -> Iterator[Span]:
    position = span.start
    for end in _SENTENCE_END.finditer(text, span.start, span.end):
        piece = strip_span(text, Span(position, end.end()))
        if len(piece):
            yield piece
        position = end.end()
    piece = strip_span(text, Span(position, span.end))
    if len(piece):
        yield piece


def read_document(source: str, name: str, errata: Sequence[Erratum] = ()) -> Document:
    """Take a plan's text apart, characters that nobody sees aside.

    Args:
        source: the text as published, every code point in place.
        name: what to call the file in an error.
        errata: what the published text lost, in order; sentences are read with it mended.

    Raises:
        PlanlinkError: the text has no chapter or section heading.
    """
    seen = SeenText(source)
    found = _read_seen(seen.text, name, seen.errata(errata))
    return found if seen.whole else replace(seen.back(found), source=source, text=normal(source))


def _read_seen(source: str, name: str, errata: Sequence[Erratum]) -> Document:
    text = normal(source)
    lines = list(_lines(text))
    found = find_tables(lines, text)
    tables = found.tables
    rest = [line for i, line in enumerate(lines) if i not in found.taken]
    furniture = re.compile(lexicon("headings")["furniture"]["pattern"])
    body = [line for line in rest if not furniture.match(line.text)]
    headings, used = _find_headings(body)
    if not headings:
        raise PlanlinkError(
            "no chapter or section heading was found",
            name,
            "headings stand on lines of their own: 第一章 …, 第一节 …, 一、… or (一)…",
        )
    behind = [t.span.start for t in tables if all(line.span.start < t.span.start for line in body)]
    passed = [
        Erratum(line.span, line.text, "", "page furniture")
        for line in rest
        if furniture.match(line.text)
    ]
    mended = tuple(sorted((*errata, *passed), key=lambda e: e.span))
    headings = [
        replace(h, text=_printed_heading(stretch(source, h.span, mended).text, h.text))
        for h in headings
    ]
    sections = _sections(headings, min(behind, default=len(text)))
    for i, table in enumerate(tables, 1):
        sections.append(
            Section(f"annex{i}", "annex", table.title, table.title_span, table.span, None, "annex")
        )
    paragraphs, sentences = _running_text(
        [line for i, line in enumerate(body) if i not in used], sections, text, mended
    )
    return Document(
        source,
        text,
        tuple(sections),
        tuple(paragraphs),
        tuple(sentences),
        tuple(tables),
        mended,
        tuple(found.findings),
        {s.number: s for s in sections},
    )


def _running_text(
    lines: list[Line], sections: list[Section], text: str, errata: Sequence[Erratum]
) -> tuple[list[Paragraph], list[Sentence]]:
    """Paragraphs and sentences in reading order, each given to the innermost section that holds
    it."""
    starts = sorted((s for s in sections), key=lambda s: s.span.start)
    paragraphs: list[Paragraph] = []
    sentences: list[Sentence] = []
    ordinals: Counter[str] = Counter()
    current = 0
    for span in _paragraphs(lines, [s.span.start for s in starts]):
        while current < len(starts) and starts[current].span.start <= span.start:
            current += 1
        if current == 0:
            continue
        section = starts[current - 1].number
        paragraphs.append(Paragraph(span, section))
        for piece in _split_sentences(text, span):
            ordinals[section] += 1
            sentences.append(
                Sentence(
                    section, ordinals[section], len(paragraphs) - 1, _read(text, piece, errata)
                )
            )
    return paragraphs, sentences


def _paragraphs(lines: list[Line], section_starts: list[int]) -> Iterator[Span]:
    """Paragraphs from lines: a line that does not end a sentence goes on in the next, as
    typesetting breaks it.

    Rows of tables, recognised by wide gaps between cells, are no running text.
    """
    breaks = iter(section_starts)
    following = next(breaks, None)
    begun: Span | None = None
    for line in lines:
        crossed = False
        while following is not None and following <= line.span.start:
            following, crossed = next(breaks, None), True
        if begun is not None and crossed:
            yield begun
            begun = None
        if _CELLS.search(line.text):
            if begun is not None:
                yield begun
            begun = None
            continue
        begun = Span(begun.start, line.span.end) if begun is not None else line.span
        if line.text.rstrip('”’"』」)').endswith(("。", "!", "?", ";", ":")):
            yield begun
            begun = None
    if begun is not None:
        yield begun
