"""Lines of running text -> paragraphs and sentences, each in the innermost section."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from kg.document.layout import Layout, is_cells, last_cell
from kg.document.lines import FURNITURE
from kg.document.model import ACTING, Paragraph, Section, Sentence, section_starts
from kg.document.numbering import numbered, strong
from kg.document.tables import Line
from kg.lexicon import lexicon, pattern
from kg.quantities.grammar import read_numbers
from kg.source.text import Erratum, Span, stretch, strip_span

_SENTENCE_END = re.compile(r"[。!?][”’\"』」)]*")
_QUOTES = "“”"
_QUOTED = 80  # characters of a quotation on either side of a full stop in it
_LONGEST = 1_500  # characters of a sentence
_CLAUSE_ENDS = ";,、"
_ACT = 6  # characters of a line that begins a sentence with an action
_ANNOUNCES = "——"  # at the end of a line that announces others
_TEXT = 12  # characters of a line or cell that is more than a label
_ENDS = ("。", "!", "?", ";", ":")


def running_text(
    lines: Sequence[Line],
    sections: Sequence[Section],
    breaks: Sequence[int],
    text: str,
    errata: Sequence[Erratum],
    layout: Layout,
    tails: Mapping[int, Line],
) -> tuple[list[Paragraph], list[Sentence]]:
    """Paragraphs and sentences in reading order, each given to the innermost section that holds
    it.

    Args:
        lines: the lines of running text, headings aside.
        breaks: further places that no paragraph goes on across, in order.
        text: the whole text, normalised.
        errata: what the text lost and what only the page has, in order, as they are read.
        tails: of lines that begin behind a run-in heading, by their starts, the whole lines.
    """
    starts = section_starts(sections)
    paragraphs: list[Paragraph] = []
    sentences: list[Sentence] = []
    ordinals: Counter[str] = Counter()
    current = 0
    places = sorted([*(s for s, _ in starts), *breaks])
    pages = [e.span.start for e in errata if e.reason == FURNITURE]
    passed = [e.span for e in errata if not e.correction]
    for span in _paragraphs(lines, _Setting(layout, places, pages, tails)):
        while current < len(starts) and starts[current][0] <= span.start:
            current += 1
        if current == 0:
            continue
        section = starts[current - 1][1]
        paragraphs.append(Paragraph(span, section, ""))
        for piece in _split_sentences(text, span, passed):
            ordinals[section] += 1
            sentences.append(
                Sentence(
                    section, ordinals[section], len(paragraphs) - 1, stretch(text, piece, errata)
                )
            )
    return paragraphs, sentences


def _split_sentences(text: str, span: Span, passed: Sequence[Span]) -> Iterator[Span]:
    """A paragraph's sentences; overlong ones are cut at clauses, so that reading is linear. None
    ends in what is passed over (a note at a page's foot), or inside a quotation."""
    position = span.start
    ends = _stops(_SENTENCE_END, text, span, passed)
    for end in (*ends, span.end):
        while end - position > _LONGEST:
            cut = position + _LONGEST
            at = max(text.rfind(mark, position, cut) for mark in _CLAUSE_ENDS)
            cut = at + 1 if at > position else cut
            yield from _piece(text, position, cut)
            position = cut
        yield from _piece(text, position, end)
        position = end


def parted_actions(
    sentences: Sequence[Sentence],
    paragraphs: Sequence[Paragraph],
    text: str,
    errata: Sequence[Erratum],
) -> list[Sentence]:
    """The sentences, those of what is to be done parted at semicolons: each part is an action of
    its own, unless it has its subject from the one before it. None is parted inside brackets or
    quotations."""
    ordinals: Counter[str] = Counter()
    passed = [e.span for e in errata if not e.correction]
    parted: list[Sentence] = []
    for sentence in sentences:
        acts = paragraphs[sentence.paragraph].role in ACTING
        pieces = [*_actions(text, sentence.span, passed)] if acts else []
        several = len(pieces) > 1
        reads = [stretch(text, piece, errata) for piece in pieces] if several else [sentence.read]
        for read in reads:
            ordinals[sentence.section] += 1
            parted.append(replace(sentence, ordinal=ordinals[sentence.section], read=read))
    return parted


def _actions(text: str, span: Span, passed: Sequence[Span]) -> Iterator[Span]:
    position = span.start
    for end in _stops(pattern("actions", "semicolon", "end"), text, span, passed):
        if text.count("(", position, end) <= text.count(")", position, end):
            yield from _piece(text, position, end)
            position = end
    yield from _piece(text, position, span.end)


def _stops(mark: re.Pattern[str], text: str, span: Span, passed: Sequence[Span]) -> Iterator[int]:
    """The places behind a mark in a span, but for those in what is passed over or inside a
    quotation."""
    for end in mark.finditer(text, span.start, span.end):
        if not _is_passed(end.start(), passed) and not _is_quoted(text, end.end(), span):
            yield end.end()


def _is_passed(place: int, passed: Sequence[Span]) -> bool:
    at = bisect_right(passed, place, key=lambda one: one.start)
    return at > 0 and place < passed[at - 1].end


def _is_quoted(text: str, place: int, span: Span) -> bool:
    """Whether a quotation that begins not far before a place ends not far behind it."""
    first, last = max(span.start, place - _QUOTED), min(span.end, place + _QUOTED)
    if text.rfind(_QUOTES[0], first, place) <= text.rfind(_QUOTES[1], first, place):
        return False
    close = text.find(_QUOTES[1], place, last)
    return close >= 0 and text.find(_QUOTES[0], place, close) < 0


def _piece(text: str, start: int, end: int) -> Iterator[Span]:
    """A sentence without the mark of its line in a list."""
    piece = strip_span(text, Span(start, end))
    mark = pattern("headings", "marks", "pattern").match(text, piece.start, piece.end)
    if mark:
        piece = Span(mark.end(), piece.end)
    if len(piece):
        yield piece


@dataclass(frozen=True)
class _Setting:
    """How lines are set.

    breaks: places that no paragraph goes on across. pages: where a page's marks stood.
    tails: of lines that begin behind a run-in heading, by their starts, the whole lines.
    """

    layout: Layout
    breaks: Sequence[int]
    pages: Sequence[int]
    tails: Mapping[int, Line]

    def turns(self, line: Line, following: Line) -> bool:
        """Whether a page is turned between two lines."""
        at = bisect_left(self.pages, line.span.end)
        return at < len(self.pages) and self.pages[at] < following.span.start


def _paragraphs(lines: Sequence[Line], setting: _Setting) -> Iterator[Span]:
    """Paragraphs from lines: a line that does not end a sentence goes on in the next, as
    typesetting breaks it.

    Of the rows of tables, recognised by wide gaps between cells, only a last cell that says
    something is running text.
    """
    places = iter(setting.breaks)
    following = next(places, None)
    begun: Span | None = None
    for i, line in enumerate(lines):
        crossed = False
        while following is not None and following <= line.span.start:
            following, crossed = next(places, None), True
        cells = is_cells(line.text)
        labelled = begun is not None and _is_labelled(line, lines[i - 1], setting.layout)
        if begun is not None and (
            crossed or cells or labelled or _must_begin_paragraph(line, lines[i - 1])
        ):
            yield begun
            begun = None
        read = _text_cell(line) if cells else line
        if read is None:
            continue
        begun = Span(begun.start, read.span.end) if begun is not None else read.span
        whole = setting.tails.get(read.span.start, read)
        caption = pattern("headings", "furniture", "table").match(line.text)
        if caption or _may_end_paragraph(
            whole, lines[i + 1] if i + 1 < len(lines) else None, setting
        ):
            yield begun
            begun = None
    if begun is not None:
        yield begun


def _text_cell(line: Line) -> Line | None:
    """The last cell of a row, where it is text: it acts, or has clauses."""
    start = last_cell(line.text)
    text = line.text[start:]
    acts = text.startswith(action_openings()) or re.search("[,。;]", text)
    if not acts or len(text) < _TEXT:
        return None
    return Line(Span(line.span.start + start, line.span.end), text)


@cache
def action_openings() -> tuple[str, ...]:
    """Words that what is to be done begins with."""
    return (*action_verbs(), *lexicon("actions")["adverbs"])


def _may_end_paragraph(line: Line, following: Line | None, setting: _Setting) -> bool:
    """Whether a line can be the last of its paragraph.

    At the foot of a page a sentence goes on. Where lines are broken at a width, it ends a sentence
    and does not fill the width, or is not even full. Elsewhere it ends a sentence, or is a cell or
    label: short, or followed by such a one.
    """
    ends, layout = _ends_sentence(line), setting.layout
    if following is not None and not ends and not _is_cell(line) and setting.turns(line, following):
        return False
    if layout.wrapped:
        goes_on = following is not None and layout.goes_on(line, following)
        indented = following is not None and layout.indents(following)
        full = layout.full(line) and not (ends and (indented or not layout.filled(line)))
        return not (goes_on or full)
    if ends or following is None or line.text.endswith(_ANNOUNCES):
        return True
    if is_entry_before_text(line, following) or _is_state_above_text(line, following):
        return True
    if _is_cell(line):
        acts = len(line.text) >= _ACT and line.text.startswith(action_verbs())
        return not (acts and _ends_sentence(following))
    return _is_cell(following) and not _ends_sentence(following)


def _is_state_above_text(line: Line, following: Line) -> bool:
    """Whether a line says that something is reached, and the next, a sentence, how far."""
    longer = len(following.text) > len(line.text) and _ends_sentence(following)
    if not longer or not pattern("roles", "goal", "label").fullmatch(line.text):
        return False
    return is_reached(line.text)


def is_reached(words: str) -> bool:
    """Whether a clause says that a state is reached."""
    joined = pattern("roles", "goal", "joined").fullmatch(f"{words}。")
    return bool(pattern("roles", "goal", "state").search(words) or joined)


def is_entry_before_text(line: Line, following: Line) -> bool:
    """Whether a line that names things, without a clause, stands before a sentence that acts."""
    named = pattern("headings", "box", "names").fullmatch(line.text)
    acts = following.text.startswith(action_verbs()) and _ends_sentence(following)
    return named is not None and acts and re.search("[,。;]", following.text[:-1]) is not None


@cache
def action_verbs() -> tuple[str, ...]:
    """The verbs of actions that no name holds."""
    return tuple(lexicon("actions")["verbs"]["firm"])


def _ends_sentence(line: Line) -> bool:
    return line.text.rstrip('”’"』」)').endswith(_ENDS)


def _is_cell(line: Line) -> bool:
    hangs = line.text.endswith(tuple(lexicon("headings")["title"]["endings"]))
    hangs = hangs or line.text.count("“") > line.text.count("”")
    return len(line.text) < _TEXT and not hangs and re.search("[,。]", line.text) is None


def _must_begin_paragraph(line: Line, before: Line) -> bool:
    """Whether a line can only begin a paragraph: it is numbered or marked. One that begins with so
    much of something (8.5 square metres) goes on, and one behind a clause or a sentence broken off,
    which names a number or a chapter."""
    if line.text.startswith("——") or pattern("headings", "marks", "begins").match(line.text):
        return True
    number = numbered(line.text)
    if number is None or before.text.endswith((",", "、")):
        return False
    broken = number.style in strong() and not _ends_sentence(before)
    return not broken and not _measures(line.text)


def _is_labelled(line: Line, before: Line, layout: Layout) -> bool:
    """Whether a line begins with a label that the width did not break off the line before."""
    broken = layout.full(before) and not _ends_sentence(before)
    return not broken and pattern("headings", "box", "label").match(line.text) is not None


def _measures(text: str) -> bool:
    first = _DECIMAL.match(text)
    numbers = read_numbers(text[: first.end()]) if first else ()
    return bool(numbers) and numbers[0].start == 0 and numbers[0].unit is not None


_DECIMAL = re.compile(r"\d+\.\d+ ?\S{1,8}")  # one with the label of its unit
