"""Lines that are in columns -> the rows of a table, each cell's lines joined."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from kg.lexicon import grouped
from kg.source.gutters import first_rows
from kg.source.intake.pdf.figures import Rule
from kg.source.intake.pdf.grid import Part, text_of_cell

_TIGHT = 1.1  # of the least distance between lines: lines of one cell are no farther apart
_LOOSEST, _LEAP = 1.2, 1.15
_APART = 1.9  # of an em: lines farther apart than this are no lines of one cell
_SAME = 0.2  # points
_LEAST = 0.8  # of an em: what is nearer is one line, set higher or lower
_CENTRED = 0.4  # of an em: a cell of several rows is no farther from their middle
_OFTEN = 0.7  # of the cells of the column that has most: such a column has one in each row
_MANY = 4  # lines that follow close: no row has so many
_FEW = 2  # such lines that show how far apart rows are
_NEARLY_ALL = 0.8
_ANCHOR = 0.6  # of a row's columns: a line that fills more is a row of its own


@dataclass
class _Cell:
    """The lines of a cell: parts of one column that are set tight."""

    column: int
    parts: list[Part]

    @property
    def top(self) -> float:
        return self.parts[0].base - 0.8 * self.parts[0].size

    @property
    def bottom(self) -> float:
        return self.parts[-1].base + 0.1 * self.parts[-1].size

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


def rows_of(
    columns: Sequence[Sequence[Part]], levels: Sequence[Rule] = (), heads: Sequence[Part] = ()
) -> tuple[tuple[str, ...], ...]:
    """The rows of a table.

    Lines of a cell are set tighter than rows, and cells of a row are beside one another. Where
    rows are set as tight as lines, a line that fills most columns is a row.

    Args:
        columns: what is in each column, from top to bottom.
        levels: the ruling lines that part rows, each in the columns that it goes through.
        heads: what is printed over all columns, as the category of the rows below it.
    """
    cells = _cells(columns, levels, [head.base for head in heads])
    rows: Sequence[Sequence[_Cell]] = _cells_by_row(cells)
    if _set_tight(columns):
        rows = _by_line(cells)
    elif len(rows) <= 2:
        rows = [part for row in rows for part in _by_line(row)]
    else:
        rows = [part for row in rows for part in _unbridged(row)]
    if heads:
        rows = [*rows, *([_Cell(0, [head])] for head in heads)]
        rows = sorted(rows, key=lambda row: sum(cell.middle for cell in row) / len(row))
    return tuple(_texts(row, len(columns)) for row in rows)


def _tight(columns: Sequence[Sequence[Part]]) -> float:
    """How far apart the lines of one cell are at most: near the closest, without a leap; two lines
    that are a little closer than all others show nothing."""
    gaps = sorted(
        b.base - a.base
        for parts in columns
        for a, b in pairwise(parts)
        if b.base - a.base > _LEAST * a.size
    )
    if not gaps or _set_apart(columns, gaps[0]):
        return 0.0
    if len(gaps) > _FEW and gaps[0] + _SAME < gaps[1] <= _LOOSEST * gaps[0]:
        del gaps[0]
    widest = gaps[0]
    for gap in gaps:
        if gap > min(_LEAP * widest, _LOOSEST * gaps[0]):
            break
        widest = gap
    return max(_TIGHT * gaps[0], widest + _SAME)


def _set_tight(columns: Sequence[Sequence[Part]]) -> bool:
    """Whether rows are set as tight as the lines of a cell would be: nearly each of the lines that
    fill most columns follows the one before as close as any two lines do."""
    tight = _tight(columns)
    steps = _steps(columns)
    close = sum(step <= tight for step in steps)
    return close >= _MANY and close >= _NEARLY_ALL * len(steps)


def _set_apart(columns: Sequence[Sequence[Part]], least: float) -> bool:
    """Whether all lines are rows: even the closest are far apart, and lines that fill most columns
    follow one another as close as these."""
    size = max(part.size for parts in columns for part in parts)
    close = sum(step <= _TIGHT * least for step in _steps(columns))
    return least > _APART * size and close >= _FEW


def _steps(columns: Sequence[Sequence[Part]]) -> list[float]:
    """How far apart the lines that fill most columns follow one another."""
    filled = Counter(part.line for parts in columns for part in parts)
    bases = {part.line: part.base for parts in columns for part in parts}
    anchors = sorted(line for line, count in filled.items() if count >= _ANCHOR * len(columns))
    return [bases[b] - bases[a] for a, b in pairwise(anchors)]


def _cells(
    columns: Sequence[Sequence[Part]], rules: Sequence[Rule], heads: Sequence[float]
) -> list[_Cell]:
    """The cells of each column; a rule beside a cell of several rows does not part that."""
    tight = _tight(columns)
    cells: list[_Cell] = []
    for column, parts in enumerate(columns):
        middle = median((part.left + part.right) / 2 for part in parts) if parts else 0.0
        levels = sorted([*heads, *(r.at for r in rules if r.start <= middle <= r.end)])
        last: Part | None = None
        for part in parts:
            parted = last is None or (
                part.base - last.base > tight
                or bisect_left(levels, part.base) != bisect_left(levels, last.base)
            )
            if parted:
                cells.append(_Cell(column, []))
            cells[-1].parts.append(part)
            last = part
    return cells


def _cells_by_row(cells: Sequence[_Cell]) -> list[list[_Cell]]:
    """The cells by rows: of nearly full columns first, others in the nearest row."""
    counts = Counter(cell.column for cell in cells)
    often = {c for c, count in counts.items() if count >= _OFTEN * max(counts.values())}
    rows: list[list[_Cell]] = []
    bottom = 0.0
    for cell in sorted((c for c in cells if c.column in often), key=lambda c: c.top):
        if rows and cell.top < bottom:
            rows[-1].append(cell)
            bottom = max(bottom, cell.bottom)
        else:
            rows.append([cell])
            bottom = cell.bottom
    reach = [(min(c.top for c in row), max(c.bottom for c in row)) for row in rows]
    for column in counts.keys() - often:
        own = [cell for cell in cells if cell.column == column]
        within = 0.0 if 2 * len(own) > len(reach) + 1 else _CENTRED * own[0].parts[0].size
        firsts = first_rows(reach, [cell.middle for cell in own], within)
        for cell, row in zip(own, firsts, strict=True):
            rows[row].append(cell)
    return rows


def _unbridged(row: Sequence[_Cell]) -> list[Sequence[_Cell]]:
    """The rows that a cell printed in the middle of them (a number for several) has run together:
    most columns have a cell for each. That cell goes to the first."""
    by_column = grouped((cell.column, cell) for cell in row)
    counts = Counter(len(cells) for cells in by_column.values())
    wide = max((n for n in counts if n > 1), key=lambda n: counts[n], default=1)
    if sum(len(cells) == wide for cells in by_column.values()) < _ANCHOR * len(by_column):
        return [row]
    parts: list[list[_Cell]] = [[] for _ in range(wide)]
    for cells in by_column.values():
        for i, cell in enumerate(sorted(cells, key=lambda c: c.top)):
            parts[min(i, wide - 1)].append(cell)
    return list(parts)


def _by_line(row: Sequence[_Cell]) -> list[list[_Cell]]:
    """A row, parted by its lines; itself where it is one cell, or most of them fill few columns."""
    filled = Counter(part.line for cell in row for part in cell.parts)
    wide = len({cell.column for cell in row})
    anchors = sorted(line for line, count in filled.items() if count >= _ANCHOR * wide)
    if len(anchors) < 2 or wide == 1:
        return [list(row)]
    bases = {part.line: part.base for cell in row for part in cell.parts}
    rows: dict[int, list[_Cell]] = {line: [] for line in anchors}
    for cell in row:
        for part in cell.parts:
            nearest = min(anchors, key=lambda a: abs(bases[a] - part.base))
            rows[nearest].append(_Cell(cell.column, [part]))
    return [rows[line] for line in anchors]


def _texts(row: Sequence[_Cell], wide: int) -> tuple[str, ...]:
    texts: list[list[str]] = [[] for _ in range(wide)]
    for cell in sorted(row, key=lambda c: c.top):
        texts[cell.column] += [part.text for part in cell.parts]
    return tuple(map(text_of_cell, texts))
