"""Tables without ruling lines, recognised by what is under one another -> grids."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from kg.lexicon import pattern
from kg.source.gutters import Stretch, covered, over, widened
from kg.source.intake.pdf.figures import Rule
from kg.source.intake.pdf.glyphs import Glyph
from kg.source.intake.pdf.grid import Grid, Part
from kg.source.intake.pdf.lines import PrintedLine, parted_at_gaps, text_of
from kg.source.intake.pdf.rows import rows_of
from kg.source.text import compact, normal

_CELL_GAP = 0.7  # of an em: parts of a line no farther apart are one cell's
_FINE_GAP = 0.2  # of an em: what may be a gutter if all rows have it
_LEAST_GAP = 0.2  # of an em: at a gutter cells may stand as near as this
_SCRIPT_GAP = 0.28  # of an em, between Chinese and Latin: Word sets a quarter
_GUTTER = 0.2  # of an em: the narrowest space between columns
_LEAST_CELLS = 3  # a line of so many parts may be a table's row; two may be anything
_ROW_DISTANCE = 1.2  # of the distance between a table's rows: its head is no farther above them
_SAME_SIZE = 0.06  # of an em: lines of a cell differ by no more
_REACH = 1.0  # points: what is over a column by no more only reaches to it
_CROSSED = 0.15  # of the rows: so many cells may lie over a gutter (a head over two columns)


def aligned_tables(
    lines: Sequence[PrintedLine], levels: Sequence[Rule] = (), known: Grid | None = None
) -> list[tuple[int, int, Grid]]:
    """The tables in lines that follow one another.

    Args:
        lines: of one column of text, from top to bottom.
        levels: the ruling lines that part rows.
        known: the last table of the page before, which may go on with the first of the lines.

    Returns:
        For each table the index of its first line, of the line after its last, and the grid.
    """
    found: list[tuple[int, int, Grid]] = []
    if known is not None and (end := _lines_in_columns(lines, known)):
        grid = table_of(lines[:end], known.printed, levels)
        found.append((0, end, replace(grid, columns=known.columns)))
    for begun, end in _stretches(lines, found[0][1] if found else 0):
        first = found[-1][1] if found else 0
        start = max(first, begun)  # the table before may have gone on into these lines
        columns = columns_of(lines[start:end]) if start < end else ()
        if len(columns) >= _LEAST_CELLS:
            begin, stop = _trimmed(lines, (first, start, end), columns)
            found.append((begin, stop, table_of(lines[begin:stop], columns, levels)))
    return found


def _lines_in_columns(lines: Sequence[PrintedLine], known: Grid) -> int:
    """How many of the first lines are in the columns of a table."""
    columns = known.printed
    end = 0
    for i, line in enumerate(lines):
        parts = parts_of(i, line, columns)
        if line.left < known.left - line.size or not all(_is_inside(p, columns) for p in parts):
            break
        if len({_column(part, columns) for part in parts}) >= _LEAST_CELLS:
            end = i + 1
    return _trimmed(lines, (0, 0, end), columns)[1] if end else 0


def _stretches(lines: Sequence[PrintedLine], first: int) -> list[tuple[int, int]]:
    """Where lines of three parts and more follow one another."""
    wide = [i for i in range(first, len(lines)) if len(lines[i].runs) >= _LEAST_CELLS]
    found: list[tuple[int, int]] = []
    group: list[int] = []
    for i in wide:
        if group and not _belongs(lines, group[-1], i):
            found.append((group[0], group[-1] + 1))
            group = []
        group.append(i)
    if group:
        found.append((group[0], group[-1] + 1))
    return [
        (start, end)
        for start, end in found
        if sum(len(line.runs) >= _LEAST_CELLS for line in lines[start:end]) >= 2
    ]


def _belongs(lines: Sequence[PrintedLine], last: int, following: int) -> bool:
    """Whether a row goes with the one before: no line between is one of running text."""
    left = min(lines[last].left, lines[following].left)
    right = max(lines[last].right, lines[following].right)
    return not any(
        line.right - line.left > 0.75 * (right - left) or _ends_table(line.text)
        for line in lines[last + 1 : following]
        if len(line.runs) == 1
    )


def _ends_table(text: str) -> bool:
    """Whether a line is a sentence, a heading or another title, and no continuation mark."""
    plain = compact(normal(text))
    if pattern("tables", "title", "continued").match(plain):
        return False
    ends = pattern("tables", "end", "heading").match(plain)
    return bool(ends or pattern("tables", "end", "stop").search(plain))


def _fine_parts(index: int, line: PrintedLine) -> list[Part]:
    """The parts of a line that any gap makes, but for a blank between words."""
    parts: list[list[Glyph]] = []
    for glyphs in parted_at_gaps(line.glyphs, _FINE_GAP):
        if parts and _is_word_gap(line, parts[-1][-1], glyphs[0]):
            parts[-1] += glyphs
        else:
            parts.append(glyphs)
    return [_part(index, line, glyphs) for glyphs in parts]


def _is_word_gap(line: PrintedLine, one: Glyph, other: Glyph) -> bool:
    """Whether a gap may be one blank, or the space that is set between Chinese and Latin."""
    gap = (other.left - one.right) / max(one.size, other.size)
    if one.text.isascii() != other.text.isascii() and gap < _SCRIPT_GAP:
        return True
    between = line.glyphs[line.glyphs.index(one) + 1 : line.glyphs.index(other)]
    return len(between) == 1 and gap < _CELL_GAP


def parts_of(index: int, line: PrintedLine, columns: Sequence[Stretch] = ()) -> list[Part]:
    """The parts of a line that cells are made of; known columns are parted by narrow gaps too."""
    gutters = [(a[1], b[0]) for a, b in pairwise(columns)]
    parts: list[list[Glyph]] = []
    for glyphs in parted_at_gaps(line.glyphs, _LEAST_GAP):
        if parts:
            end, begin = max(g.right for g in parts[-1]), glyphs[0].left
            wide = begin - end > _CELL_GAP * max(glyphs[0].size, parts[-1][-1].size)
            if not wide and not any(end < right and left < begin for left, right in gutters):
                parts[-1] += glyphs
                continue
        parts.append(glyphs)
    return [_part(index, line, glyphs) for glyphs in parts]


def _part(index: int, line: PrintedLine, glyphs: Sequence[Glyph]) -> Part:
    right = max(g.right for g in glyphs)
    return Part(index, line.base, line.size, glyphs[0].left, right, text_of(glyphs))


def columns_of(lines: Sequence[PrintedLine]) -> list[Stretch]:
    """Where the columns stand, left to right: what is printed over, between gutters that nearly no
    row crosses, and what stands alone in a gutter (a column that few rows fill)."""
    rows = [_fine_parts(i, line) for i, line in enumerate(lines)]
    wide = [row for row, line in zip(rows, lines, strict=True) if len(line.runs) >= 2]
    allowed = int(_CROSSED * len(wide)) if len(wide) > 6 else int(len(wide) > 3)
    gutter = _GUTTER * median(line.size for line in lines)
    columns = covered([p.stretch for row in wide for p in row], allowed, gutter)
    for _ in range(2):  # the second time what stands alone in a gutter has its column
        columns = _separated(columns, rows)
        alone = [p.stretch for row in rows for p in row if not over(p.stretch, columns)]
        columns = sorted([*columns, *covered(alone, 0, gutter)])
    return columns


def _separated(columns: Sequence[Stretch], rows: Sequence[Sequence[Part]]) -> list[Stretch]:
    """The columns with what reaches out of them; where two would meet, what stands alone in its
    line (a category over several) counts for nothing."""
    wide = widened(columns, [p.stretch for row in rows for p in row], _REACH)
    if all(a[1] <= b[0] for a, b in pairwise(wide)):
        return wide
    return widened(columns, [p.stretch for row in rows if len(row) > 1 for p in row], _REACH)


def _column(part: Part, columns: Sequence[Stretch]) -> int:
    """The column that a part covers most, or is in; of several the first."""
    shares = [
        (min(part.right, right) - max(part.left, left))
        / max(min(part.right - part.left, right - left), 0.1)
        for left, right in columns
    ]
    return shares.index(max(shares))


def _trimmed(
    lines: Sequence[PrintedLine], bounds: tuple[int, int, int], columns: Sequence[Stretch]
) -> tuple[int, int]:
    """The stretch with what its first and last rows have of wrapped cells: lines close by, each
    part of them inside one column.

    Args:
        lines: of the column of text.
        bounds: the first line that is free, the stretch's first, and the one after its last.
    """
    free, start, end = bounds
    rows = [line for line in lines[start:end] if len(line.runs) >= _LEAST_CELLS]
    apart = median(b.base - a.base for a, b in pairwise(rows)) if len(rows) > 1 else 0.0
    while start > free and (
        _wraps(lines[start - 1], lines[start], columns)
        or _heads_over(lines[start - 1], lines[start], columns, apart)
    ):
        start -= 1
    while end < len(lines) and _wraps(lines[end], lines[end - 1], columns):
        end += 1
    return start, end


def _heads_over(
    line: PrintedLine, below: PrintedLine, columns: Sequence[Stretch], apart: float
) -> bool:
    """Whether a line above a table is part of its head: several cells of the table's columns, no
    farther from it than its rows are from one another."""
    if below.base - line.base > _ROW_DISTANCE * apart:
        return False
    if abs(line.size - below.size) > _SAME_SIZE * max(line.size, below.size):
        return False
    parts = parts_of(0, line, columns)
    held = {_column(part, columns) for part in parts}
    return len(held) > 1 and all(_is_inside(part, columns) for part in parts)


def _wraps(line: PrintedLine, neighbour: PrintedLine, columns: Sequence[Stretch]) -> bool:
    size = max(line.size, neighbour.size)
    if abs(line.size - neighbour.size) > _SAME_SIZE * size:
        return False
    distance = abs(line.base - neighbour.base)
    parts = parts_of(0, line, columns)
    alone = len(parts) == 1 and _column(parts[0], columns) == 0
    return all(_is_inside(part, columns) for part in parts) and distance < (
        size if alone else 1.75 * size
    )


def _is_inside(part: Part, columns: Sequence[Stretch]) -> bool:
    """Whether a part is in one column, or hardly reaches into others."""
    return len(over(part.stretch, columns, max(2.0, 0.1 * (part.right - part.left)))) <= 1


def _heads_of_rows(parts: Sequence[Part], columns: Sequence[Stretch]) -> list[Part]:
    """The categories that stand in lines of their own: numbered or in brackets, across columns, or
    in the middle of all of them under a head of numbers."""
    lines = Counter(part.line for part in parts)
    numbers = Counter(
        _column(part, columns) for part in parts if any(c.isdigit() for c in part.text)
    )
    middle = (columns[0][0] + columns[-1][1]) / 2
    found = []
    for part in parts:
        text = compact(normal(part.text))
        category = pattern("tables", "cells", "category").match(text)
        if lines[part.line] > 1 or category is None or not category["name"] or part.line == 0:
            continue
        marked = text[0] == "[" or pattern("tables", "cells", "category_number").match(text)
        across = len(over(part.stretch, columns, _REACH)) > 1
        centred = abs((part.left + part.right) / 2 - middle) < 0.5 * part.size
        if marked or across or (centred and numbers[_column(part, columns)] > _LEAST_CELLS):
            found.append(part)
    return found


def table_of(
    lines: Sequence[PrintedLine], columns: Sequence[Stretch], levels: Sequence[Rule] = ()
) -> Grid:
    """The grid of lines whose columns are known, wrapped cells joined."""
    every = [part for i, line in enumerate(lines) for part in parts_of(i, line, columns)]
    heads = _heads_of_rows(every, columns)
    every = [part for part in every if part not in heads]
    columns = widened(columns, [part.stretch for part in every], _REACH)
    by_column: list[list[Part]] = [[] for _ in columns]
    for part in every:
        by_column[_column(part, columns)].append(part)
    edges = [columns[0][0], *((a[1] + b[0]) / 2 for a, b in pairwise(columns)), columns[-1][1]]
    return Grid(
        edges[0],
        edges[-1],
        min(line.top for line in lines),
        tuple(edges),
        tuple(columns),
        rows_of(by_column, levels, heads),
        median(line.size for line in lines),
    )
