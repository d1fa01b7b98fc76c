"""The pages of a PDF -> lines of text: columns in reading order, tables whole, no furniture."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from kg.source.intake.pdf.aligned import aligned_tables
from kg.source.intake.pdf.columns import Column, in_reading_order
from kg.source.intake.pdf.drawn import DrawnPage
from kg.source.intake.pdf.figures import Rule
from kg.source.intake.pdf.footnotes import Note, without_footnotes
from kg.source.intake.pdf.furniture import furniture, without_stamps
from kg.source.intake.pdf.glyphs import Glyph
from kg.source.intake.pdf.grid import Grid, text_of_cell
from kg.source.intake.pdf.lines import PrintedLine, Run, lines_of
from kg.source.intake.pdf.ruled import merged, ruled_tables

_SET_OFF = 1.6  # of the usual distance between base lines: what is farther apart is set off
_FILLED = 0.8  # of a table's rows: a column that more of them fill is filled in every row
_FARTHEST_INDENT = 3.0  # em
_NUMBER = re.compile(r"[—–-]?\d{1,4}[—–-]?")

Row = tuple[str, ...]


def compose(pages: Sequence[DrawnPage]) -> tuple[list[list[str]], list[Note]]:
    """The lines of text of each page, in reading order, and the notes at the pages' feet.

    A line that begins to the right of its column's margin keeps that as ideographic blanks; an
    empty line stands where lines are set off. A table's rows are lines of cells parted by tabs; a
    table that goes on from page to page is one run of them, its repeated head left out and a row
    that the page's end broke whole.
    """
    glyphs = without_stamps([page.glyphs for page in pages])
    tables: list[tuple[list[Grid], list[Glyph]]] = []
    for drawn, own in zip(pages, glyphs, strict=True):
        tables.append(ruled_tables(drawn.rules, own, tables[-1][0] if tables else ()))
    lines = _without_furniture([lines_of(rest) for _, rest in tables], [p.height for p in pages])
    lines, notes = without_footnotes(lines)
    turned = _without_furniture([lines_of(p.turned) for p in pages], [p.width for p in pages])
    margin = _margin(lines)
    blocks: list[list[PrintedLine | Grid]] = [
        [*own, *grids] for own, (grids, _) in zip(lines, tables, strict=True)
    ]
    written: list[list[str]] = []
    last: _Table | None = None
    for drawn, own_blocks, aside in zip(pages, blocks, turned, strict=True):
        page: list[str] = []
        known = last.grid if last else None
        levels = merged(rule for rule in drawn.rules if rule.level)
        for column in in_reading_order(own_blocks):
            for written_block in _blocks(column, margin, levels, known):
                last = _write(written_block, page, last)
            known = None
        page += [line.text for line in aside]
        written.append(page)
    return written, notes


def _without_furniture(
    pages: Sequence[list[PrintedLine]], heights: Sequence[float]
) -> list[list[PrintedLine]]:
    parts = [[*_without_corners(own)] for own in pages]
    kept: list[list[PrintedLine]] = []
    for own, out in zip(
        parts, furniture([[p for p, _ in own] for own in parts], heights), strict=True
    ):
        left = [pair for i, pair in enumerate(own) if i not in out]
        times = Counter(id(line) for _, line in left)
        whole = {id(line): line if times[id(line)] > 1 else part for part, line in left}
        kept.append(list(whole.values()))
    return kept


def _without_corners(lines: Sequence[PrintedLine]) -> Iterator[tuple[PrintedLine, PrintedLine]]:
    """The lines, each with the one that it is of: a number that stands apart, level with the first
    or the last line of running text, is a line of its own, as a page's number may be."""
    for i, line in enumerate(lines):
        runs, inward = line.runs, lines[1 if i == 0 else i - 1 : 2 if i == 0 else i]
        edge = i in (0, len(lines) - 1) and len(runs) > 1 and inward and len(inward[0].runs) == 1
        places = (0, *range(len(runs) - 1, 0, -1))  # in a corner, else between others
        at = next((at for at in places if edge and _NUMBER.fullmatch(runs[at].text)), None)
        if at is None:
            yield line, line
            continue
        corner = PrintedLine(runs[at].glyphs), line
        text = PrintedLine(_closed(runs[:at], runs[at + 1 :])), line
        yield from (corner, text) if i == 0 else (text, corner)


def _closed(before: Sequence[Run], behind: Sequence[Run]) -> tuple[Glyph, ...]:
    """The glyphs of runs on both sides of a page's number, moved together where it stood between
    them: it may have broken a word."""
    by = behind[0].left - before[-1].right if before and behind else 0.0
    moved = (replace(g, left=g.left - by, right=g.right - by) for run in behind for g in run.glyphs)
    return (*(g for run in before for g in run.glyphs), *moved)


def _margin(pages: Sequence[Sequence[PrintedLine]]) -> float:
    """Where most lines of the document begin."""
    begun = Counter(round(line.left) for own in pages for line in own)
    return float(begun.most_common(1)[0][0]) if begun else 0.0


def _blocks(
    column: Column, margin: float, levels: Sequence[Rule], known: Grid | None
) -> Iterator[str | Grid]:
    """What is written of a column: lines of text and tables."""
    wide = 0.5 * (column.right - column.left)
    heights = [rule for rule in levels if rule.end - rule.start > wide]
    stretch: list[PrintedLine] = []
    for block in (*column.blocks, None):
        if isinstance(block, PrintedLine):
            stretch.append(block)
            continue
        yield from _stretch(stretch, margin, heights, known)
        if block is not None:
            yield block
        stretch, known = [], None


def _stretch(
    lines: Sequence[PrintedLine], margin: float, levels: Sequence[Rule], known: Grid | None
) -> Iterator[str | Grid]:
    """Lines between ruled tables, those that make a table by standing in columns as one."""
    position = 0
    for start, end, grid in aligned_tables(lines, levels, known):
        yield from _text(lines[position:start], margin)
        yield grid
        position = end
    yield from _text(lines[position:], margin)


def _text(lines: Sequence[PrintedLine], margin: float) -> Iterator[str]:
    if not lines:
        return
    left = min(line.left for line in lines)
    if 0 < left - margin < _FARTHEST_INDENT * lines[0].size:
        left = margin
    pitches = [b.base - a.base for a, b in pairwise(lines)]
    usual = median(pitches) if pitches else 0.0
    for i, line in enumerate(lines):
        if i and pitches[i - 1] > _SET_OFF * usual:
            yield ""
        yield line.indented(left)


@dataclass(frozen=True)
class _Table:
    """A table whose last row is the last that was written: it may go on.

    page: the lines that its last row ends.
    """

    grid: Grid
    rows: list[Row]
    page: list[str]


def _write(block: str | Grid, page: list[str], last: _Table | None) -> _Table | None:
    """Write a block at the end of a page's lines.

    Args:
        last: the table before, if nothing is between.

    Returns:
        The table that a following block may go on with.
    """
    if isinstance(block, str):
        page.append(block)
        return None
    if last is None or last.page is page or not last.grid.goes_on(block.columns):
        page += ["\t".join(row) for row in block.rows]
        return _Table(block, list(block.rows), page)
    rows = list(block.rows)
    repeated = 0
    while repeated < len(rows) and rows[repeated] == last.rows[repeated : repeated + 1][0]:
        repeated += 1
    rows = rows[repeated:]
    if rows and (whole := _mended(last.rows, rows)) is not None:
        last.page[-1] = "\t".join(whole)
        last.rows[-1] = whole
        rows = rows[1:]
    page += ["\t".join(row) for row in rows]
    return _Table(block, [*last.rows, *rows], page if rows else last.page)


def _mended(before: Sequence[Row], after: Sequence[Row]) -> Row | None:
    """The row that a page's end broke in two; None where it did not.

    Together the halves lack none of the cells that rows of this table have, and what both have is
    the lines of a wrapped cell. Where the upper one is whole, the lower one holds few cells, and is
    no category of the rows below it.
    """
    upper, lower = before[-1], after[0]
    others = [row for row in (*before[1:-1], *after[1:]) if sum(map(bool, row)) > 1]
    if len(others) < 2:
        return None
    needed = {
        i for i in range(len(upper)) if sum(bool(r[i]) for r in others) >= _FILLED * len(others)
    }
    lacks = [{i for i in needed if not row[i]} for row in (upper, lower)]
    if not lacks[0] | lacks[1] or lacks[0] & lacks[1]:
        return None
    if not lacks[1] or not any(lower[i] and upper[i] for i in needed):
        return None
    own = 2 * sum(bool(lower[i]) for i in needed) > len(needed)
    if not lacks[0] and (own or _heads_rows(lower, [*before[1:-1], *after[1:]])):
        return None
    return tuple(text_of_cell(pair) for pair in zip(upper, lower, strict=True))


def _heads_rows(row: Row, others: Sequence[Row]) -> bool:
    """Whether a row of one cell is a category like others of the table, in the same form."""
    held = [i for i, text in enumerate(row) if text]
    if len(held) > 1:
        return False
    alike = [r[held[0]] for r in others if r[held[0]] and sum(map(bool, r)) == 1]
    return _form(row[held[0]]) in {_form(text) for text in alike}


def _form(text: str) -> tuple[str, str]:
    """The signs behind a text's first character and at its end."""
    second, last = text[1:2], text[-1]
    return ("" if second.isalnum() else second, "" if last.isalnum() else last)
