"""Running heads, feet and page numbers: recognised by their place, and by coming again or by their
form."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import chain, pairwise
from statistics import median

from kg.lexicon import grouped, pattern
from kg.source.intake.pdf.glyphs import Glyph
from kg.source.intake.pdf.lines import PrintedLine, is_small, usual_size
from kg.source.text import compact

_MARGIN = 0.2  # of the page's height, above and below, where furniture stands
_DEEP = 4  # lines from the edge
_SAME_PLACE = 4.0  # points
_BAND = 1.5  # points: a line in a band of running heads stands exactly there
_SET_OFF = 1.3  # of the usual distance between lines
_NUMBER = re.compile(r"\d+")
_ROMAN = re.compile(r"[ivxlcdmⅰ-ⅿ]+", re.IGNORECASE)
# at the edges of each page: what a browser prints, when and the address; a number between dashes
_PRINTED = re.compile(
    r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4},?\d{1,2}:\d\d(?:[AP]M)?.*|(?:https?|file)://\S+?\d+/\d+"
    r"|[—–-]{1,2}\d{1,3}[—–-]{1,2}",
    re.IGNORECASE,
)
_STAMP_SHARE, _STAMP_SIZE, _FEWEST_STAMPED = 0.6, 1.4, 3  # of the pages; of the usual size; pages


@dataclass(frozen=True)
class _Edge:
    """A line near a page's edge: page, index, whether at the top, and text without numbers."""

    page: int
    index: int
    top: bool
    line: PrintedLine
    pattern: str
    numbers: tuple[int, ...]


def furniture(pages: Sequence[Sequence[PrintedLine]], heights: Sequence[float]) -> list[set[int]]:
    """For each page the indices of the lines that are no part of the running text.

    Args:
        pages: the lines of each page from top to bottom, those of ruled tables left out.
        heights: of the pages, in points.
    """
    edges = [
        edge
        for number, (lines, height) in enumerate(zip(pages, heights, strict=True))
        for edge in _edges(number, lines, height)
    ]
    found: list[set[int]] = [set() for _ in pages]
    bands: dict[bool, list[PrintedLine]] = {True: [], False: []}
    groups = _groups(edges)
    apart = _set_off(groups, pages)
    for edge in chain.from_iterable(g for g in groups if _is_furniture(g, apart)):
        found[edge.page].add(edge.index)
        bands[edge.top].append(edge.line)
    for edge in edges:
        text = compact(edge.line.text)
        printed = _PRINTED.fullmatch(text) or pattern("pages", "press", "makers").search(text)
        if printed or _in_band(edge, bands[edge.top], pages[edge.page]):
            found[edge.page].add(edge.index)
    return [_outermost(own, len(lines)) for own, lines in zip(found, pages, strict=True)]


def _edges(page: int, lines: Sequence[PrintedLine], height: float) -> list[_Edge]:
    found = []
    for index, line in enumerate(lines):
        top = line.base < _MARGIN * height and index < _DEEP
        bottom = line.base > (1 - _MARGIN) * height and index >= len(lines) - _DEEP
        if (top or bottom) and not _heads_a_table(lines, index):
            text = compact(line.text)
            if _ROMAN.fullmatch(text):
                pattern, numbers = "0", [_roman(text)]
            else:
                pattern = _NUMBER.sub("0", text)
                numbers = [int(n[:9]) for n in _NUMBER.findall(text)]
            found.append(_Edge(page, index, top, line, pattern, tuple(numbers)))
    return found


def _roman(text: str) -> int:
    values = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
    worth = [values.get(c, 0) for c in unicodedata.normalize("NFKC", text).lower()]
    return sum(-a if a < b else a for a, b in zip(worth, [*worth[1:], 0], strict=True))


def _heads_a_table(lines: Sequence[PrintedLine], index: int) -> bool:
    """Whether a line is the first of rows that stand close: it may be a head that comes again, or
    the rest of a cell that the page before begins, in a column that is not the row's first."""
    if index + 1 >= len(lines):
        return False
    line, following = lines[index], lines[index + 1]
    inner = [run.left for run in following.runs[1:-1]]
    rest = len(line.runs) == 1 and any(abs(line.left - left) <= _BAND for left in inner)
    rows = len(following.runs) >= 3 and following.base - line.base < 2.5 * line.size
    return rows and (rest or len(line.runs) >= 3)


def _groups(edges: Sequence[_Edge]) -> list[list[_Edge]]:
    """Lines of one wording and height on several pages, their numbers equal or counting."""
    alike = grouped(((edge.top, edge.pattern), edge) for edge in edges)
    groups = []
    for same in alike.values():
        level: list[list[_Edge]] = []
        for edge in sorted(same, key=lambda e: e.line.base):
            if level and edge.line.base - level[-1][-1].line.base <= _SAME_PLACE:
                level[-1].append(edge)
            else:
                level.append([edge])
        groups += [counted for group in level if (counted := _counting(group))]
    return groups


def _counting(group: Sequence[_Edge]) -> list[_Edge]:
    """Those of the group whose numbers stay the same, or differ as the pages do."""
    best: list[_Edge] = []
    wide = len(group[0].numbers)
    if wide == 0:
        best = list(group)
    for which in range(wide):
        offsets = Counter(e.numbers[which] - e.page for e in group)
        counts = {offset for offset, times in offsets.items() if times > 1}
        tracking = [e for e in group if e.numbers[which] - e.page in counts]
        best = max(best, tracking, key=len)
    if wide and group[0].pattern.strip("0"):
        values, times = Counter(e.numbers for e in group).most_common(1)[0]
        if times > len(best):
            best = [e for e in group if e.numbers == values]
    return best if len({e.page for e in best}) > 1 else []


def _is_furniture(group: Sequence[_Edge], apart: set[tuple[int, int]]) -> bool:
    """Whether recurring lines are furniture: they count pages, or are set off from text."""
    counting = any(
        len({e.numbers[which] - e.page for e in group}) == 1
        for which in range(len(group[0].numbers))
    )
    return counting or sum((e.page, e.index) in apart for e in group) > len(group) / 2


def _set_off(
    groups: Sequence[Sequence[_Edge]], pages: Sequence[Sequence[PrintedLine]]
) -> set[tuple[int, int]]:
    """Of the lines that recur, by page and index, those at the top that are set small, and those
    with a wide gap to what does not recur."""
    again: dict[tuple[int, bool], set[int]] = defaultdict(set)
    for edge in chain.from_iterable(groups):
        again[edge.page, edge.top].add(edge.index)
    usual = usual_size(
        [line for i, line in enumerate(lines) if i not in again[page, True] | again[page, False]]
        for page, lines in enumerate(pages)
    )
    apart: set[tuple[int, int]] = set()
    for (page, top), indices in again.items():
        lines = pages[page]
        inward = range(len(lines)) if top else range(len(lines) - 1, -1, -1)
        outer: list[int] = []
        for index in inward:
            if index not in indices:
                break
            outer.append(index)
            if (top and is_small(lines[index], usual)) or _gap_behind(index, top, lines):
                apart.update((page, i) for i in outer)
    return apart


def _gap_behind(index: int, top: bool, lines: Sequence[PrintedLine]) -> bool:
    """Whether the next line inward from the edge of the page is farther than usual."""
    beside = index + 1 if top else index - 1
    if not 0 <= beside < len(lines):
        return True
    usual = median(b.base - a.base for a, b in pairwise(lines))
    return abs(lines[beside].base - lines[index].base) > _SET_OFF * usual


def _in_band(edge: _Edge, band: Sequence[PrintedLine], lines: Sequence[PrintedLine]) -> bool:
    """Whether a line stands just where running heads or feet do, apart from the text."""
    line = edge.line
    there = [b for b in band if abs(b.base - line.base) <= _BAND and abs(b.size - line.size) < 0.6]
    return len(there) >= 3 and _gap_behind(edge.index, edge.top, lines)


def _outermost(found: set[int], count: int) -> set[int]:
    """Those with none but furniture between them and the edge of the page."""
    kept = set()
    for order in (range(count), range(count - 1, -1, -1)):
        for index in order:
            if index not in found:
                break
            kept.add(index)
    return kept


def without_stamps(pages: Sequence[list[Glyph]]) -> list[list[Glyph]]:
    """The glyphs of each page without those in the same place on most pages that are large, as a
    watermark's are, or stand in a column apart, as those of a title down the margin."""
    sizes = [g.size for g in chain.from_iterable(pages)]
    if len(pages) < _FEWEST_STAMPED or not sizes:
        return list(pages)
    usual = median(sizes)
    seen = Counter(key for glyphs in pages for key in set(map(_place, glyphs)))
    least = max(_FEWEST_STAMPED, _STAMP_SHARE * len(pages))
    stamps = {key for key, times in seen.items() if times >= least}
    return [_unstamped(glyphs, usual, stamps) if stamps else glyphs for glyphs in pages]


def _unstamped(
    glyphs: Sequence[Glyph], usual: float, stamps: Set[tuple[str, int, int]]
) -> list[Glyph]:
    """A page's glyphs without its stamps; usual: the size of most; stamps: what is in the same
    place on most pages."""
    columns = sorted({round(g.left) for g in glyphs})
    ends = (columns[:2], columns[:-3:-1])
    apart = {c[0] for c in ends if len(c) > 1 and abs(c[0] - c[1]) > 2 * usual}
    return [
        g
        for g in glyphs
        if _place(g) not in stamps or (g.size < _STAMP_SIZE * usual and round(g.left) not in apart)
    ]


def _place(glyph: Glyph) -> tuple[str, int, int]:
    return glyph.text, round(glyph.left), round(glyph.base)
