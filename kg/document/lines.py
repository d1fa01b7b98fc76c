"""Text -> lines, without what only the page has: page numbers, running heads and feet."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache
from itertools import pairwise

from kg.document.numbering import longest_rise, numbered
from kg.document.tables import Line, begins_head
from kg.document.whole_number_headings import label_numbers
from kg.lexicon import lexicon, pattern
from kg.quantities.grammar import units
from kg.source.text import Erratum, Span, strip_span

FURNITURE = "page furniture"  # the reason why a page's marks are passed over
_GLUED = re.compile(r"(\d{1,3})(?=[^\W\d_A-Za-z]|[(“《\"]|\d{1,2}\.\d)")
_MERGED = re.compile(r"(\d{2,6})(?=[.、])")
_GAP_OF_CELLS = re.compile(r"\s{2,}|\t")
_FRAME = re.compile(r"\s*\t[—\s]*")
_PAGE = re.compile(r"[-—–]?\s?(\d{1,4})\s?[-—–]?")
_BARE = re.compile(r"[1-9](?<=[\u4e00-\u9fff,、;。].)\d{0,2}(?=[\u4e00-\u9fff])")
_NEARLY = 0.8  # of the numbers inside words
_LINES_OF_A_PAGE = 5  # at least
_TEXT_OF_A_PAGE = 150  # characters: numbers that rise faster are those of a table
_LONGEST_PAGE_NUMBER = 5  # characters of a page number on a line of its own, with its dashes
_GAP = 4  # pages between two whose numbers are known, so that one between them is missed
_DIGITS = ("decimal", "item", "paren")  # styles whose own digits could be the page's
_COVER = 6  # lines from the start in which the title stands
_LIST = 3  # numbers that count up on lines that follow each other are a list's, not pages'


@dataclass(frozen=True)
class Page:
    """The lines of a text apart from the page: what is read, and what is passed over."""

    lines: tuple[Line, ...]
    passed: tuple[Erratum, ...]


def text_lines(text: str) -> Iterator[Line]:
    """The lines of a text that are not blank nor part a table's rows, without the white space
    around them."""
    position = 0
    for raw in text.splitlines(keepends=True):
        words = raw.strip()
        if words and not _FRAME.fullmatch(raw):
            start = position + len(raw) - len(raw.lstrip())
            yield Line(Span(start, start + len(words)), words)
        position += len(raw)


def is_furniture(line: Line) -> bool:
    """Whether a line only numbers the page."""
    short = len(line.text) <= lexicon("headings")["limits"]["longest"]
    return short and pattern("headings", "furniture", "pattern").match(line.text) is not None


def without_glued(lines: Sequence[Line]) -> Page:
    """The lines without the page numbers that were glued to their beginnings."""
    glued = _glued(lines)
    kept, passed = list(lines), []
    for i, length in glued.items():
        line = lines[i]
        cut = strip_span(line.text, Span(length, len(line.text)))
        start = line.span.start
        kept[i] = Line(Span(start + cut.start, line.span.end), line.text[cut.start :])
        number = Span(start, start + length)
        passed.append(Erratum(number, line.text[:length], "", FURNITURE))
    return Page(tuple(kept), (*passed, *_inside(kept)))


def _inside(lines: Sequence[Line]) -> list[Erratum]:
    """The bare page numbers inside lines, those that count nothing else, where nearly all such
    numbers count the pages: a rising row of them, each with its text, few missing between two."""
    found: list[tuple[int, Erratum]] = []
    for line in lines:
        for match in _BARE.finditer(line.text):
            if not counts(line.text, *match.span()):
                span = Span(line.span.start + match.start(), line.span.start + match.end())
                found.append((int(match[0]), Erratum(span, match[0], "", FURNITURE)))
    chain = [found[i] for i in longest_rise([number for number, _ in found])]
    apart = all(
        b[0] - a[0] <= _GAP and b[1].span.start - a[1].span.start >= _TEXT_OF_A_PAGE * (b[0] - a[0])
        for a, b in pairwise(chain)
    )
    whole = apart and len(chain) >= max(_LIST, _NEARLY * len(found))
    return [one for _, one in chain] if whole else []


def counts(text: str, start: int, end: int, behind: str = "") -> bool:
    """Whether a number in a line counts or ranks something, by what stands before it and behind it;
    behind: what the next line begins with, where it ends this one."""
    before = tuple(lexicon("headings")["footnotes"]["counting"])
    return (text[end:] or behind).startswith(counted()) or text.endswith(before, 0, start)


@cache
def counted() -> tuple[str, ...]:
    """What follows a number that counts something."""
    rules = lexicon("headings")
    labels = (label for unit in units().values() for label in unit.labels)
    return (*rules["furniture"]["counted"], *rules["limits"]["counted"], *labels)


def without_running_heads(lines: Sequence[Line]) -> Page:
    """The lines without running heads beside numbers that count pages: what stands beside others
    may be a table's, whose head may run over pages as well."""
    heads = _running_heads(lines, True)
    return _without(lines, {i for i in heads if not begins_head(lines[i].text)})


def without_furniture(lines: Sequence[Line]) -> Page:
    """The lines without page numbers on lines of their own, running heads, captions of figures, and
    lines of the cover that come again inside a sentence."""
    first = {lines[i].text: i for i in reversed(range(min(_COVER, len(lines))))}
    labels = label_numbers(lines)
    numbers = {i for i, line in enumerate(lines) if is_furniture(line) and i not in labels}
    read = [i for i in range(len(lines)) if i not in numbers]
    again = {
        i
        for before, i in pairwise(read)
        if first.get(lines[i].text, i) < i
        and _breaks_off(lines[before])
        and "," in lines[before].text
    }
    return _without(lines, again | numbers | _captions(lines, read) | _running_heads(lines, False))


def _captions(lines: Sequence[Line], read: Sequence[int]) -> set[int]:
    """The indices of lines under figures, with what stands in a figure's place; of a table's where
    they part a sentence.

    read: the indices of the lines that number no page.
    """
    found: set[int] = set()
    last = None
    for i in read:
        text = lines[i].text
        parts = last is not None and "," in lines[last].text and _breaks_off(lines[last])
        beside = i - 1 in found and pattern("headings", "furniture", "beside").match(text)
        kinds = ("figure", "table") if parts else ("figure",)
        if beside or any(pattern("headings", "furniture", kind).match(text) for kind in kinds):
            found.add(i)
        else:
            last = i
    return found


def _without(lines: Sequence[Line], passed: Set[int]) -> Page:
    """The lines apart from those of some indices."""
    return Page(
        tuple(line for i, line in enumerate(lines) if i not in passed),
        tuple(Erratum(lines[i].span, lines[i].text, "", FURNITURE) for i in sorted(passed)),
    )


_COUNTS = 8  # times that a document's pages are counted anew


@dataclass(frozen=True)
class _Number:
    line: int
    value: int
    length: int  # characters glued to the line; 0 where the number has a line of its own
    heading: bool = False  # a heading follows, which can only begin a line


def _glued(lines: Sequence[Line]) -> dict[int, int]:
    """The lines that begin with a page number, and how many characters it takes."""
    sure: list[_Number] = []
    doubtful: list[_Number] = []
    for i in range(len(lines)):
        _read_number(lines, i, sure, doubtful)
    numbers = everywhere = _not_listed(sure)
    found: dict[int, int] = {}
    # a contents list may be paged apart from the text, so that the numbers begin anew
    for _ in range(_COUNTS):
        if not numbers:
            break
        indices = longest_rise([n.value for n in numbers])
        chain = [numbers[i] for i in indices]
        glued = [n for n in chain if n.length]
        if len(glued) >= max(2, len(chain) // 3):
            end = numbers[-1].line if numbers is not everywhere else len(lines)
            inside = [n for n in doubtful if n.line <= end]
            found |= {n.line: n.length for n in (*glued, *_missing(chain, inside))}
        numbers = numbers[: indices[0]] if len(chain) > 1 else []
    return found


def _read_number(
    lines: Sequence[Line], i: int, sure: list[_Number], doubtful: list[_Number]
) -> None:
    """Note the page number that a line may begin with, and whether it can be anything else."""
    text = lines[i].text
    if not text[0].isdecimal() and text[0] not in "-—":
        return
    if len(text) <= _LONGEST_PAGE_NUMBER and (digits := text.strip("-— ")).isdecimal():
        if len(digits) <= 3:
            sure.append(_Number(i, int(digits), 0))
        return
    if match := _MERGED.match(text):
        doubtful.extend(
            _Number(i, int(match[1][:length]), length, heading=True)
            for length in (3, 2, 1)
            if 0 < len(rest := match[1][length:]) <= 2 and rest[0] != "0"
        )
        return
    match = _GLUED.match(text)
    if match is None or text[0] == "0":
        return
    rest = text[match.end() :].lstrip()
    found = _Number(i, int(match[1]), match.end(1))
    if (heading := numbered(rest)) and heading.style not in _DIGITS:
        sure.append(replace(found, heading=True))
    elif (
        i > 0
        and _breaks_off(lines[i - 1])
        and not rest.startswith(tuple(lexicon("headings")["furniture"]["counted"]))
    ):
        sure.append(found)
    else:
        doubtful.append(found)


def _breaks_off(line: Line) -> bool:
    """Whether a line ends inside a sentence."""
    return line.text[-1] not in "。;:!?" and len(line.text) > _LONGEST_PAGE_NUMBER


def _missing(chain: list[_Number], doubtful: list[_Number]) -> list[_Number]:
    """The doubtful numbers that are missing pages; a heading's before any other's."""
    places = [number.line for number in chain]
    found: dict[tuple[int, int], _Number] = {}
    for number in doubtful:
        at = bisect_left(places, number.line)
        if at == 0:
            continue
        before = chain[at - 1].value
        behind = chain[at].value if at < len(chain) else before + 2
        fits = before < number.value < behind and (number.heading or behind - before <= _GAP)
        known = found.get((at, number.value))
        if fits and (known is None or number.heading > known.heading):
            found[at, number.value] = number
    return list({number.line: number for number in found.values()}.values())


def _not_listed(numbers: list[_Number]) -> list[_Number]:
    """The numbers without those of lists: they count up line by line."""
    kept: list[_Number] = []
    run: list[_Number] = []
    for number in [*numbers, None]:
        if run and (
            number is None
            or number.value != run[-1].value + 1
            or number.line - run[-1].line > 2
            or not number.length
        ):
            pages = len(run) < _LIST or any(n.heading for n in run)
            kept += run if pages else []
            run = []
        if number is not None:
            run.append(number)
    return kept


def _running_heads(lines: Sequence[Line], rising: bool) -> frozenset[int]:
    """The indices of lines at the head or foot of many pages: the same words beside a page number,
    which a wide gap may part from them.

    Args:
        rising: whether numbers on lines of their own must rise, a page's text apart, to be pages'.
    """
    rules = lexicon("headings")["furniture"]
    places: dict[tuple[str, bool], dict[int, int]] = defaultdict(dict)
    for i, line in enumerate(lines):
        words, page = _head(line.text)
        if rules["shortest"] <= len(words) <= rules["longest"]:
            places[words, bool(page)][i] = page
    numbers = {i: _page_number(line) for i, line in enumerate(lines) if is_furniture(line)}
    found: set[int] = set()
    for (words, paged), pages in places.items():
        if len(pages) < rules["pages"] or re.search(r"[。;:]$|\t.*\t", words):
            continue
        beside = {i: numbers[j] for i in pages for j in (i + 1, i - 1) if j in numbers}
        counted = pages if paged else beside
        rises = all(a < b for a, b in pairwise(counted.values()))
        apart = all(b - a > _LINES_OF_A_PAGE for a, b in pairwise(counted))
        numbered_through = rises and apart
        if not paged:
            mostly = 2 * len(beside) >= len(pages)
            pages_apart = numbered_through and _count_pages(lines, beside)
            numbered_through = mostly and (pages_apart or not rising)
        found |= pages.keys() if numbered_through else set()
    return frozenset(found)


def _count_pages(lines: Sequence[Line], counted: Mapping[int, int]) -> bool:
    """Whether between the lines beside numbers, as many as one for each page, is text enough."""
    first, last = min(counted, default=0), max(counted, default=0)
    text = lines[last].span.start - lines[first].span.start
    return first == last or text >= _TEXT_OF_A_PAGE * (counted[last] - counted[first])


def _page_number(line: Line) -> int:
    """The number of a page that a line gives; 0 where it gives none in digits."""
    digits = re.search(r"\d+", line.text)
    return int(digits[0]) if digits else 0


def _head(text: str) -> tuple[str, int]:
    """A line's cells as wide gaps part them, joined by tabs, without the page number that the first
    or the last one is; the page, 0 for none."""
    cells = _GAP_OF_CELLS.split(text)
    if len(cells) == 1:
        return text, 0
    marks = [_PAGE.fullmatch(cells[i]) for i in (0, -1)]
    page = next((mark for mark in marks if mark), None)
    return "\t".join(c for c in cells if not page or c != page[0]), int(page[1]) if page else 0
