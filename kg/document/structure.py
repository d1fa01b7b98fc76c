"""Source text -> Document: sections, paragraphs and sentences, each with its exact span."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from types import MappingProxyType

from kg.document.contents import CONTENTS, contents_lines, without_pages_behind
from kg.document.footnotes import (
    footnote_marks,
    marks_in_figures,
    notes_below_rules,
    notes_of_pages,
    own_marks,
)
from kg.document.headings import Candidate, find_candidates
from kg.document.hierarchy import Hierarchy, nest
from kg.document.invisible_characters import SeenText
from kg.document.layout import Layout, layout_of
from kg.document.lines import (
    FURNITURE,
    text_lines,
    without_furniture,
    without_glued,
    without_running_heads,
)
from kg.document.model import Document, Paragraph, Section, Sentence, errata_as_read
from kg.document.numbering import numbered
from kg.document.page_marks import without_page_marks
from kg.document.preface import Preface, find_preface
from kg.document.responsibility_notes import CHARGE, find_charges
from kg.document.roles import give_roles
from kg.document.sections import build_sections
from kg.document.sentences import parted_actions, running_text
from kg.document.subscripts import with_subscripts
from kg.document.tables import Line, find_tables
from kg.document.tables.find import Found
from kg.document.task_tables import CELLS, find_work
from kg.document.unnumbered_headings import with_unnumbered
from kg.errors import PlanlinkError
from kg.lexicon import lexicon
from kg.source.findings import Finding
from kg.source.line_numbers import line_numbers
from kg.source.text import Erratum, Span, compact, normal, stretch

__all__ = ["Document", "Paragraph", "Section", "Sentence", "as_decided", "read_document"]
_REPLACED = "\ufffd"  # stands for characters that a conversion could not keep
_HALF = 4  # characters at least of each half of a heading


def read_document(
    source: str,
    name: str,
    errata: Sequence[Erratum] = (),
    decided: Mapping[str, bool] = MappingProxyType({}),
    outline: Mapping[int, int] = MappingProxyType({}),
) -> Document:
    """Take a plan's text apart, characters that nobody sees aside.

    Args:
        source: the text as published, every code point in place.
        name: what to call the file in an error.
        errata: what the published text lost, in order; sentences are read with it mended.
        decided: whether numbered lines are headings, where a person says so, by as_decided.
        outline: where the headings begin that the published file marks as such, with their depths.

    Raises:
        PlanlinkError: the text has no chapter or section heading.
    """
    text = normal(source)
    work = find_work(text)
    cells = {place for span in work.passed for place in range(span.start, span.end)}
    notes = [one for one in find_charges(text) if one.span.start not in cells]
    charges = tuple(sorted((*notes, *work.charges), key=lambda charge: charge.span))
    passed = [(one.span, CHARGE) for one in charges] + [(span, CELLS) for span in work.passed]
    passed += [(span, FURNITURE) for span in line_numbers(text)]
    instead = {one.span.start: one.correction for one in work.joints}
    seen = SeenText(source, [span for span, _ in passed], instead)
    known = _Known(
        [seen.seen_at(place) for place in work.breaks],
        frozenset(map(seen.seen_at, work.rows)),
        [seen.seen_at(one.span.start) for one in notes],
        decided,
        {seen.seen_at(place): level for place, level in outline.items()},
    )
    found = _read_seen(seen.text, name, seen.errata(errata), known)
    if seen.whole:
        return found
    back: Document = seen.back(found)
    left = (Erratum(span, source[span.start : span.end], "", why) for span, why in passed)
    mended = tuple(sorted((*back.errata, *left, *work.joints), key=lambda e: e.span))
    return replace(back, source=source, text=text, errata=mended, charges=charges)


def as_decided(words: str) -> str:
    """The words of a line as a person decides about them: in the characters that are read."""
    return compact(normal(words))


@dataclass(frozen=True)
class _Known:
    """What is known of a text before it is read.

    breaks: places that no paragraph goes on across; rows: where paragraphs begin that are rows of
    tables of what is to be done; charges: where who is charged with it is noted; decided: whether
    lines are headings, by their words; outline: where the file marks headings, with their depths.
    """

    breaks: Sequence[int]
    rows: frozenset[int]
    charges: Sequence[int]
    decided: Mapping[str, bool]
    outline: Mapping[int, int]

    def headings(self, found: Iterable[Candidate], text: str) -> Iterator[Candidate]:
        """What may be headings, those that are none left out."""
        for one in found:
            is_one = self.decided.get(as_decided(text[one.span.start : one.span.end]))
            if is_one is not False:
                yield replace(one, heading=True) if is_one else one

    def acting(self, paragraphs: Sequence[Paragraph]) -> set[int]:
        """The paragraphs that are such rows, or that such notes are in or right behind."""
        starts = [one.span.start for one in paragraphs]
        found = {i for i, start in enumerate(starts) if start in self.rows}
        for place in self.charges:
            at = bisect_right(starts, place) - 1
            if at >= 0 and place <= paragraphs[at].span.end + 1:
                found.add(at)
        return found


@dataclass(frozen=True)
class _Body:
    """The lines that are read, without what only the page has; the tables that were read apart;
    the lines of contents lists; and all that was passed over."""

    lines: Sequence[Line]
    tables: Found
    contents: Sequence[Line]
    passed: tuple[Erratum, ...]


def _body(text: str, source: str) -> _Body:
    """A text's lines, step by step without subscripts, page marks, running heads, tables, notes at
    the feet of pages, and contents lists."""
    whole = with_subscripts(list(text_lines(text)))
    parted = without_page_marks(whole.lines)
    unglued = without_glued(parted.lines)
    apart = without_running_heads(unglued.lines)
    tables = find_tables(apart.lines, text, source)
    rest = [line for i, line in enumerate(apart.lines) if i not in tables.taken]
    below = notes_below_rules(rest)
    page = without_furniture([x for x in rest if x.span not in {note.span for note in below}])
    listed = contents_lines(page.lines)
    plain = without_pages_behind([x for i, x in enumerate(page.lines) if i not in listed])
    contents = [page.lines[i] for i in sorted(listed)]
    passed = (step.passed for step in (whole, parted, unglued, apart, page))
    announced = (Erratum(line.span, line.text, "", CONTENTS) for line in contents)
    return _Body(
        plain.lines, tables, contents, (*chain(*passed), *announced, *plain.passed, *below)
    )


def _hierarchy(lines: Sequence[Line], layout: Layout, known: _Known, text: str) -> Hierarchy:
    """The headings among lines, each in its place."""
    numbered_ones = find_candidates(lines, layout, known.outline)
    possible = with_unnumbered(numbered_ones, lines, layout, known.outline)
    return nest(known.headings(possible, text) if known.decided else possible)


def _read_seen(source: str, name: str, errata: Sequence[Erratum], known: _Known) -> Document:
    """A text without unseen characters as a document."""
    text = normal(source)
    body = _body(text, source)
    lines, tables = body.lines, body.tables.tables
    layout = layout_of(lines, text)
    hierarchy = _hierarchy(lines, layout, known, text)
    if not hierarchy.headings:
        raise PlanlinkError.of("headings_missing", name)
    candidates = [h.candidate for h in hierarchy.headings]
    running = _running(lines, candidates, hierarchy.repeated)
    front = _front(running, candidates)
    preface = find_preface(front, layout)
    if preface is not None:
        running = [*preface.lines, *running[len(front) :]]
    marks, notes = _footnotes(text, running, candidates)
    repeated = (Erratum(one.span, one.wording, "", FURNITURE) for one in hierarchy.repeated)
    mended = tuple(
        sorted((*errata, *body.passed, *repeated, *marks), key=lambda erratum: erratum.span)
    )
    behind = [t.span.start for t in tables if all(line.span.start < t.span.start for line in lines)]

    def heading(of: Candidate) -> str:
        printed = stretch(source, of.span, mended).text
        return _in_halves(
            _printed_heading(printed, of.wording), source[of.span.start : of.span.end]
        )

    end = min(behind, default=len(text))
    sections = build_sections(hierarchy.headings, end, running, layout, heading)
    if preface is not None:
        sections.insert(0, _headless(preface, sections[0], source, mended))
    breaks = sorted([*known.breaks, *(line.span.start for line in body.contents)])
    tails = {c.rest.span.start: lines[c.lines[1]] for c in candidates if c.rest is not None}
    read = errata_as_read(mended)
    paragraphs, sentences = running_text(running, sections, breaks, text, read, layout, tails)
    acting = known.acting(paragraphs)
    sections, paragraphs = give_roles(sections, paragraphs, sentences, text, acting)
    paragraphs = [replace(p, role="notes") if p.span.start in notes else p for p in paragraphs]
    annexes = (
        Section(f"annex{i}", "annex", t.heading, t.title_span, t.span, None, "annex")
        for i, t in enumerate(tables, 1)
    )
    return Document(
        source,
        text,
        (*sections, *annexes),
        tuple(paragraphs),
        tuple(parted_actions(sentences, paragraphs, text, read)),
        tuple(tables),
        mended,
        (*_lost(source), *body.tables.findings, *hierarchy.findings),
        results=tuple(body.tables.results),
    )


def _lost(source: str) -> Iterator[Finding]:
    """What a conversion before put the sign of replacement for, as one finding."""
    if count := source.count(_REPLACED):
        at = source.index(_REPLACED)
        yield Finding("lost-characters", Span(at, at + 1), {"count": str(count)})


def _front(running: Sequence[Line], headings: Sequence[Candidate]) -> Sequence[Line]:
    """The lines of running text before the first heading; none where a preface has a heading."""
    if any(h.style == "preface" for h in headings):
        return ()
    first = headings[0].span.start
    return [line for line in running if line.span.start < first]


def _headless(preface: Preface, first: Section, source: str, errata: Sequence[Erratum]) -> Section:
    """The section of a preface that has no heading: the document's title is above it."""
    title = stretch(source, preface.title, errata).text
    span = Span(preface.title.start, first.span.start)
    return Section("preface", "preface", title, preface.title, span, None, "")


def _running(
    lines: Sequence[Line], headings: Sequence[Candidate], repeated: Sequence[Candidate]
) -> list[Line]:
    """The lines that are no headings, with what run-in headings leave of theirs."""
    used = {i for h in (*headings, *repeated) for i in range(h.lines[0], h.lines[1] + 1)}
    kept = [line for i, line in enumerate(lines) if i not in used]
    kept += [h.rest for h in headings if h.rest is not None]
    return sorted(kept, key=lambda line: line.span)


def _footnotes(
    text: str, lines: Sequence[Line], headings: Sequence[Candidate]
) -> tuple[set[Erratum], set[int]]:
    """The footnote marks in headings and text, where there are notes, and where these begin."""
    cue = re.compile(lexicon("headings")["notes"]["heading"])
    lists = [h.span.start for h in headings if cue.search(h.wording)]
    worded = [Line(h.span, text[h.span.start : h.span.end]) for h in headings]
    read = sorted((*lines, *worded), key=lambda line: line.span)
    leading, begun = own_marks(read)
    notes = {line.span.start for line in begun}
    marks = {*marks_in_figures(read), *leading}
    if lists:
        marks |= {*footnote_marks([line for line in read if line.span.end <= lists[0]])}
    found = notes_of_pages(read)
    marks |= {mark for mark, _ in found}
    notes |= {line.start for _, line in found}
    return marks, notes


def _printed_heading(printed: str, wording: str) -> str:
    """A heading's wording in the published characters, without its number."""
    text = normal(printed)
    number = numbered(text)
    words = number.wording if number else wording
    at = text.rfind(words)
    return (printed[at : at + len(words)] if at >= 0 else "") or wording


def _in_halves(heading: str, printed: str) -> str:
    """A heading with the blank that parts its halves, where they are printed so on one line."""
    _, *behind = printed.split()
    first = heading[: len(heading) - len("".join(behind))]
    halves = [first, *behind] if first else behind
    short = min(map(len, halves), default=0) < _HALF
    broken = len(printed.splitlines()) > 1 or len(heading.split()) > 1
    return heading if short or broken or "".join(halves) != heading else " ".join(halves)
