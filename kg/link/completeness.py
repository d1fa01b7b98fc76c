"""How well a plan was understood: what was read of it, and what was not."""

import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, fields, replace
from itertools import compress, groupby, pairwise

from kg.document.lines import text_lines
from kg.document.model import ACTING
from kg.document.numbering import named
from kg.document.roles import Cues, own_period
from kg.document.sentences import action_verbs
from kg.document.structure import Document, Paragraph, Section, Sentence
from kg.document.tables.words import is_number
from kg.document.task_tables import CELLS
from kg.extract.model import Achievement, Extraction
from kg.lexicon import grouped, lexicon, pattern
from kg.link.left import chapters_left, names_left, sentences_left
from kg.link.model import Linked
from kg.quantities.grammar import find_numbers
from kg.source.findings import Finding
from kg.source.text import Span, compact, normal

_ROW_NUMBER = 2  # characters
_HALF = "number-half-read"
_ASIDE = ("cells", "guidance", "principles", "goals", "vision")  # roles of which others speak


@dataclass(frozen=True)
class Completeness:
    """What was read of a plan, by count, and what was not.

    characters: how many the text has, white space aside. unread: how many of them are in no
        heading, table or sentence from which something was read.
    findings: what was not understood, in reading order; what has no place comes last.
    """

    characters: int
    unread: int
    chapters: int
    goals: int
    measures: int
    tables: int
    rows: int
    targets: int
    zones: int
    institutions: int
    findings: tuple[Finding, ...]

    @property
    def share_read(self) -> float:
        """The share of the text that something was read from, from 0 to 1."""
        return 1 - self.unread / self.characters if self.characters else 0.0

    def figures(self) -> dict[str, int | float]:
        """The counts and the share, by name."""
        counts = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "findings"}
        return {"share_read": round(self.share_read, 3), **counts}

    def as_json(self) -> str:
        """The completeness as JSON: the figures, and each finding with its place and wordings."""
        findings = [
            {
                "kind": finding.kind,
                "start": finding.span.start if finding.span else None,
                "end": finding.span.end if finding.span else None,
                "zh": finding.wording("zh"),
                "en": finding.wording("en"),
            }
            for finding in self.findings
        ]
        content = self.figures() | {"findings": findings}
        return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def completeness(
    document: Document, linked: Linked, of_file: Iterable[Finding] = ()
) -> Completeness:
    """Count what was read of a plan, and find what was not, in the published file too."""
    found = linked.extraction
    named = list(_read_sentences(document, found))
    characters, unread = _coverage(document, named)
    nameless = replace(found, zones=(), institutions=())
    read = {span.start for span in _read_sentences(document, nameless)}
    halves = sorted(f.span.start for f in found.findings if f.kind == _HALF and f.span)
    half = {s.number for s in document.sentences if _holds_any(s, halves)}
    numbers = [n for n in numbers_without_targets(document, linked) if n[0].number not in half]
    said = {*half, *(sentence.number for sentence, _ in numbers)}
    findings = (
        *of_file,
        *document.findings,
        *(one for one in found.findings if not _are_shares(one)),
        *_chapters_without_measures(document, found),
        *_sections_without_goals(document, found),
        *_cells_left(document, found),
        *_of_sections("numbers-without-target", document, numbers),
        *_sections_partly_read(document, linked, half),
        *_numbers_aside(document, found, read),
        *_of_sections("measures-left", document, sentences_left(document, read, said)),
        *chapters_left(document, {span.start for span in named}),
        *names_left(document, found),
        *_shares(document),
        *_little_read(characters, unread),
    )
    end = len(document.source)
    return Completeness(
        characters=characters,
        unread=unread,
        chapters=_chapters(document.sections),
        goals=sum(not goal.vision for goal in found.goals),
        measures=len(found.measures),
        tables=len(document.tables),
        rows=sum(len(table.rows) for table in document.tables),
        targets=sum(value.kind == "Target" for value in found.values),
        zones=len(found.zones),
        institutions=len(found.institutions),
        findings=tuple(sorted(findings, key=lambda f: f.span.start if f.span else end)),
    )


def _chapters(sections: Sequence[Section]) -> int:
    """How many chapters there are; where none is called so, how many counted sections."""
    styles = Counter(s.style for s in sections if s.parent is None and s.style not in named())
    return sum(s.style == "chapter" for s in sections) or max(styles.values(), default=0)


def numbers_without_targets(document: Document, linked: Linked) -> Iterator[tuple[Sentence, str]]:
    """The measures and goals whose number with a unit gave no target or result, and the number as
    printed."""
    targeted = {value.sentence for value in linked.extraction.values}
    targeted |= {_sentence_of(result) for result in linked.extraction.achievements}
    for sentence in document.sentences:
        promises = document.acts(sentence) or document.role(sentence) == "goals"
        if not promises or sentence.number in targeted:
            continue
        if words := next(_promising(sentence.text), ""):
            yield sentence, words


def _promising(text: str) -> Iterator[str]:
    """The numbers of a text that may promise something, as printed: no ages, spans of time, sizes
    by which something is called or numbers in slogans."""
    rules = lexicon("findings")["numbers-without-target"]
    for number in find_numbers(text):
        before, after = text[: number.start], text[number.end :]
        lead = text[number.lead : number.start]
        timed = number.unit is not None and number.unit.id in rules["times"]
        limit = timed and re.match(rules["limit"], text[number.start :])
        if number.unit is None or (timed and lead in rules["weak"] and not limit):
            continue
        sized = number.unit.id in rules["sizes"] and re.match(rules["noun"], after)
        size = sized and not before.endswith(action_verbs())
        group = re.match(rules["group"], text[number.start :])
        named = before.rfind("“") > before.rfind("”") or re.match(rules["calls"], after)
        if not (named or size or group) and not re.search(rules["called"], before):
            yield text[number.start : number.end]


def _sentence_of(result: Achievement) -> str:
    return result.number.rpartition("-")[0]


def _chapters_without_measures(document: Document, found: Extraction) -> Iterator[Finding]:
    """Chapters that should hold measures and have none; reviews and the like are left out."""
    measures = sorted(measure.span.start for measure in found.measures)
    texts = sorted(
        p.span.start
        for p in document.paragraphs
        if p.role != "cells" or document.section(p.section).style == "appendix"
    )
    acting = sorted(p.span.start for p in document.paragraphs if p.role in ACTING)
    for section in _outermost(document, ACTING):
        has_text = _holds_any(section, texts)
        other = has_text and not _holds_any(section, acting)
        empty_annex = section.style == "appendix" and not has_text
        if not other and not empty_annex and not _holds_any(section, measures):
            yield Finding("chapter-without-measure", section.heading_span, _heading(section))


def _sections_without_goals(document: Document, found: Extraction) -> Iterator[Finding]:
    """The sections of goals that none was read in; where the plan has neither, that it has none."""
    goals = sorted(goal.span.start for goal in found.goals if not goal.vision)
    texts = [p.span.start for p in document.paragraphs if p.role != "cells"]
    stated = [p for p in document.paragraphs if p.role == "goals"]
    cues = Cues(own_period(document.text))
    read = {p.span.start: document.read(p.span).text for p in stated}
    full = [at for at, text in read.items() if not (cues.leads(text) or cues.announces(text))]
    tables = [table.span.start for table in document.tables]
    sections = list(_outermost(document, ("goals",)))
    if not (sections or goals):
        yield Finding("no-goals", None, {})
    for section in sections:
        states = _holds_any(section, [p.span.start for p in stated]) or not _holds_any(
            section, texts
        )
        known = goals if _holds_any(section, full) else sorted([*goals, *tables])
        if states and not _holds_any(section, known):
            yield Finding("goals-unread", section.heading_span, _heading(section))


def _holds_any(section: Section | Sentence, starts: list[int]) -> bool:
    """Whether one of the places, given in order, lies in a section or sentence."""
    at = bisect_left(starts, section.span.start)
    return at < len(starts) and starts[at] < section.span.end


def _outermost(document: Document, roles: tuple[str, ...]) -> Iterator[Section]:
    """The outermost sections of such a role, empty ones included, but for boxes and for parts that
    hold chapters."""
    holding = {section.parent for section in document.sections}
    end = -1
    for section in sorted(document.sections, key=lambda s: (s.span.start, -s.span.end)):
        holds = section.style == "part" and section.number in holding
        if holds or section.style == "box" or section.role not in roles:
            continue
        if section.span.start >= end:
            end = section.span.end
            yield section


def _heading(section: Section) -> dict[str, str]:
    return {"heading": section.heading}


def _cells_left(document: Document, found: Extraction) -> Iterator[Finding]:
    """Columns of indicator tables whose numbers are no values of their indicators: what was aimed
    at before the plan."""
    used = {value.quantity.span for value in found.values}
    used |= {result.quantity.span for result in found.achievements}
    for table in document.tables:
        left = grouped(
            (column.label, cell)
            for column, cell in (pair for row in table.rows for pair in row.values)
            if cell.span not in used and is_number(cell.text)
        )
        for label, cells in left.items():
            about = {"table": table.heading, "column": label, "first": cells[0].text}
            yield Finding("table-values-left", cells[0].span, about | {"count": str(len(cells))})


def _of_sections(
    kind: str, document: Document, numbers: Iterable[tuple[Sentence | Paragraph, str]]
) -> Iterator[Finding]:
    """A finding for each section of passages that follow each other, with the first number."""
    for section, group in groupby(numbers, key=lambda one: one[0].section):
        (passage, first), *others = group
        values = {"heading": document.section(section).heading, "first": first}
        yield Finding(kind, passage.span, values | {"count": str(1 + len(others))})


def _sections_partly_read(document: Document, linked: Linked, said: Set[str]) -> Iterator[Finding]:
    """Sections with sentences of which some numbers gave targets and others nothing, but for those
    of which that is said already, by number."""
    read = grouped(
        (value.sentence, compact(normal(value.quantity.text)))
        for value in linked.extraction.values
        if value.sentence is not None
    )
    for result in linked.extraction.achievements:
        if (number := _sentence_of(result)) in read:
            read[number].append(compact(normal(result.quantity.text)))
    left = [
        (sentence, first)
        for sentence in document.sentences
        if document.acts(sentence) and sentence.number in read and sentence.number not in said
        if (first := _first_left(sentence.text, read[sentence.number]))
    ]
    return _of_sections("numbers-partly-read", document, left)


def _first_left(text: str, read: list[str]) -> str:
    """The first number with a unit in digits, dates aside, that is in none of the values read; ""
    where there is none."""
    listed = lexicon("findings")["numbers-partly-read"]["listed"]
    for words in _promising(text):
        plain = compact(normal(words))
        known = listed + words in text or any(plain in one or one in plain for one in read)
        if not known and any(c.isdecimal() for c in words):
            return words
    return ""


def _shares(document: Document) -> Iterator[Finding]:
    """The first shares of several parts (11.2:47.6:41.2) in each section, which are no value."""
    form = pattern("findings", "shares-unread", "pattern")
    noted: set[str] = set()
    for sentence in document.sentences:
        match = form.search(sentence.text)
        if match and sentence.section not in noted and document.role(sentence) != "notes":
            noted.add(sentence.section)
            span = sentence.read.locate(*match.span())
            yield Finding("shares-unread", span, {"shares": match.group()})


def _are_shares(finding: Finding) -> bool:
    """Whether a number that was half understood is shares, of which a finding of their own says."""
    number = finding.values.get("number", "") if finding.kind == _HALF else ""
    return pattern("findings", "shares-unread", "pattern").search(normal(number)) is not None


def _numbers_aside(document: Document, found: Extraction, read: Set[int]) -> Iterator[Finding]:
    """Sections with numbers in lists, other tables or plain statements, read by no rule."""
    left: list[tuple[Paragraph, str]] = []
    for span, printed in _uncounted(list(_unread_lines(document, found, read))):
        section, first = document.section_at(span.start), _first_number(printed)
        if section is not None and first:
            left.append((Paragraph(span, section, ""), first))
    return _of_sections("numbers-aside", document, sorted(left, key=lambda one: one[0].section))


def _uncounted(lines: Sequence[tuple[Span, str]]) -> Iterator[tuple[Span, str]]:
    """The lines, without the only number that is a cell where such count the rows."""
    form = re.compile(lexicon("findings")["numbers-aside"]["cell"])
    cells = [(i, form.findall(line)) for i, (_, line) in enumerate(lines)]
    alone = [(i, int(own[0])) for i, own in cells if len(own) == 1 and own[0].isdecimal()]
    steps = [(i, j) for (i, a), (j, b) in pairwise(alone) if b == a + 1]
    counted = {i for step in steps for i in step}
    for i, (span, line) in enumerate(lines):
        yield span, form.sub("", line) if i in counted else line


def _first_number(printed: str) -> str:
    """The first number with a unit, dates aside, or the first cell of a row with amounts; "" for
    none. A whole number is one where tabs part the row's cells."""
    for words in _promising(printed):
        if any(c.isdecimal() for c in words):
            return words
    found = list(re.finditer(lexicon("findings")["numbers-aside"]["cell"], printed))
    amount = any(cell.start() and ("." in cell.group() or "\t" in printed) for cell in found)
    if not (amount or len(found) > 1):
        return ""
    first, *others = found
    numbered = not first.start() and len(first.group()) <= _ROW_NUMBER
    return (others[0] if numbered and others else first).group()  # its own number is no example


def _unread_lines(
    document: Document, found: Extraction, read: Set[int]
) -> Iterator[tuple[Span, str]]:
    """Sentences of no text of its own and lines of no sentence, from which nothing was read but
    names; cells of rows that say what is to be done, beside that."""
    costs = sorted(measure.cost.span for measure in found.measures if measure.cost)
    for one in document.errata:
        if one.reason == CELLS and not one.correction:
            at = bisect_left(costs, one.span)
            cost = costs[at] if at < len(costs) and one.span.contains(costs[at]) else Span(0, 0)
            start, end = max(one.span.start, cost.start), max(one.span.start, cost.end)
            yield (
                one.span,
                document.text[one.span.start : start] + document.text[end : one.span.end],
            )
    for sentence in document.sentences:
        if document.role(sentence) in _ASIDE and sentence.span.start not in read:
            printed = document.text[sentence.span.start : sentence.span.end]
            cells = document.role(sentence) == "cells"
            yield sentence.span, "\t".join(printed.split()) if cells else sentence.text
    first = min((section.span.start for section in document.sections), default=0)
    sentences = (sentence.span for sentence in document.sentences)
    lines = list(text_lines(document.text))
    known = _touched(
        (line.span for line in lines), (Span(0, first), *_places_understood(document), *sentences)
    )
    yield from ((x.span, x.text) for x, is_known in zip(lines, known, strict=True) if not is_known)


def _places_understood(document: Document) -> Iterator[Span]:
    """The headings, tables and passed-over places of a document: what is no running text."""
    yield from (section.heading_span for section in document.sections)
    yield from (table.span for table in (*document.tables, *document.results))
    yield from (erratum.span for erratum in document.errata)


def _little_read(characters: int, unread: int) -> Iterator[Finding]:
    """That little of the whole text was read."""
    least = lexicon("findings")["little-read"]["least"]
    if characters and 1 - unread / characters < least:
        share = f"{1 - unread / characters:.0%}"
        yield Finding("little-read", None, {"share": share})


def _coverage(document: Document, sentences: Iterable[Span]) -> tuple[int, int]:
    """How many characters the text has, and how many gave nothing; white space aside."""
    text = document.source
    total = len(compact(text))
    read, position = 0, 0
    for span in sorted((*_places_understood(document), *sentences)):
        start = max(position, span.start)
        read += len(compact(text[start : span.end]))
        position = max(position, span.end)
    return total, total - read


def _read_sentences(document: Document, found: Extraction) -> Iterator[Span]:
    read = (
        *(span for goal in found.goals for span in (goal.span, *goal.statement)),
        *(measure.span for measure in found.measures),
        *(value.quantity.span for value in found.values),
        *(achievement.span for achievement in found.achievements),
        *(span for entity in (*found.zones, *found.institutions) for span in entity.mentions),
    )
    sentences = [sentence.span for sentence in document.sentences]
    return compress(sentences, _touched(sentences, read))


def _touched(spans: Iterable[Span], others: Iterable[Span]) -> Iterator[bool]:
    """Whether each of some spans in order overlaps any of the others."""
    ordered = sorted(others)
    at, reach = 0, -1  # the end of the furthest one that began before
    for span in spans:
        while at < len(ordered) and ordered[at].start < span.end:
            reach = max(reach, ordered[at].end)
            at += 1
        yield reach > span.start
