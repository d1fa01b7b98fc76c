"""Page numbers with their signs (- 2 -, Page 3) that a text has run into its lines."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kg.document.layout import ends_sentence
from kg.document.lines import FURNITURE, Page
from kg.document.numbering import longest_rise, numbered, strong
from kg.document.tables import Line
from kg.lexicon import pattern
from kg.source.text import Erratum, Span, strip_span

_NEAR = 4  # pages between two marks, however little text they part
_TEXT_OF_A_PAGE = 150  # characters at least between marks of pages that are further apart
_FEWEST = 3  # marks that count pages where none has a heading behind it
_TIGHT = re.compile(r"-\d+-")  # inside words what numbers a part, as in 3-2-
_DIGITS = ("decimal", "item", "paren")  # styles whose own digits could be the page's


@dataclass(frozen=True)
class _Mark:
    """A page's number in a line: where it stands in its text; heads: a heading follows it;
    inside: words stand before and behind it; listed: it begins a line as the number of a list's
    entry would."""

    line: int
    place: Span
    number: int
    start: int
    heads: bool
    inside: bool
    listed: bool


def without_page_marks(lines: Sequence[Line]) -> Page:
    """The lines, page numbers with signs that were run into the beginning or the end of one on
    lines of their own, and without those inside words."""
    marks = [mark for i in range(len(lines)) for mark in _marks(lines, i)]
    again = Counter(lines[mark.line].text[mark.place.end :] for mark in marks if mark.heads)
    heads = {words for words, times in again.items() if times > 1}  # running ones
    own: dict[int, list[Span]] = {}
    passed = []
    for mark in _of_pages([m for m in marks if lines[m.line].text[m.place.end :] not in heads]):
        line, place = lines[mark.line], mark.place
        if mark.inside:
            at = Span(line.span.start + place.start, line.span.start + place.end)
            passed.append(Erratum(at, line.text[place.start : place.end], "", FURNITURE))
        else:
            own.setdefault(mark.line, []).append(place)
    parts = (part for i, line in enumerate(lines) for part in _split_line(line, own.get(i, ())))
    return Page(tuple(parts), tuple(passed))


def _marks(lines: Sequence[Line], i: int) -> Iterator[_Mark]:
    text = lines[i].text
    for match in pattern("headings", "furniture", "mark").finditer(text):
        behind = text[match.end() :].lstrip()
        number = numbered(behind)
        heads = number is not None and number.style not in _DIGITS and number.wording != ""
        inside = match.start() > 0 and behind != ""
        if inside and number is not None and heads and number.style in strong():
            inside = False
        elif inside and (not behind[0].isalpha() or _TIGHT.fullmatch(match[0])):
            continue
        begins = match.start() == 0 and behind != "" and not heads
        listed = begins and (i == 0 or ends_sentence(lines[i - 1].text))
        value = int(re.sub(r"^\D+|\D.*", "", match[0]))
        start = lines[i].span.start + match.start()
        yield _Mark(i, Span(*match.span()), value, start, heads, inside, listed)


def _of_pages(marks: Sequence[_Mark]) -> list[_Mark]:
    """The longest rising row of marks, if it can be that of pages."""
    chain = [marks[i] for i in longest_rise([mark.number for mark in marks])]
    apart = all(
        b.start - a.start >= _TEXT_OF_A_PAGE * (b.number - a.number)
        or (b.number - a.number <= _NEAR and not (a.listed and b.listed))
        for a, b in pairwise(chain)
    )
    return chain if apart and (len(chain) >= _FEWEST or any(m.heads for m in chain)) else []


def _split_line(line: Line, places: Sequence[Span]) -> Iterator[Line]:
    """A line, parted before and behind some places."""
    edges = [0, *(edge for place in places for edge in (place.start, place.end)), len(line.text)]
    for start, end in pairwise(edges):
        cut = strip_span(line.text, Span(start, end))
        if len(cut):
            span = Span(line.span.start + cut.start, line.span.start + cut.end)
            yield Line(span, line.text[cut.start : cut.end])
