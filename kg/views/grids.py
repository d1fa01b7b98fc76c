"""Tables that stand in a text as rows of cells and hold no indicators, as blocks."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from kg.document.lines import text_lines
from kg.document.structure import Document
from kg.document.tables.grid import is_rule
from kg.document.tables.model import Cell, Line, joined_cells
from kg.document.tables.words import is_furniture, is_number
from kg.document.task_tables import cells_of
from kg.source.text import Span
from kg.views.reading import Block, Place, Table, TableRow

_LONGEST_HEAD = 24  # characters of a cell of a head
_ODD = 0.1  # of the gaps of a text whose others are as wide as one, two or three
_MOST_PIECES = 5  # lines that a row of a table is broken over
_Row = Sequence[Cell]


def grids(document: Document, read: Sequence[Block]) -> Iterator[tuple[Place, Table]]:
    """The tables behind the first block of what was read (in order), with their places."""
    for lines, rows in _runs(document, read):
        start, end = lines[0].span.start, lines[-1].span.end
        first = bisect_right(read, start, key=lambda block: block.place[1])
        last = bisect_right(read, end - 1, key=lambda block: block.place[0])
        inside = read[first:last]
        if not inside or (start <= inside[0].place[0] and inside[-1].place[1] <= end):
            yield (start, end), _table(document, rows)


def _runs(document: Document, read: Sequence[Block]) -> Iterator[tuple[list[Line], list[_Row]]]:
    """Lines that follow each other, behind the first block, and their equally many cells."""
    lines, rows = list[Line](), list[_Row]()
    for printed, row in _mended(list(_printed(document, read))):
        fits = len(row) > 1 and _is_row(row, printed[0], read)
        if rows and (not fits or len(row) != len(rows[-1])):
            if len(rows) > 1:
                yield lines, rows
            lines, rows = [], []
        if fits:
            lines += printed
            rows.append(row)
    if len(rows) > 1:
        yield lines, rows


def _printed(document: Document, read: Sequence[Block]) -> Iterator[tuple[list[Line], _Row]]:
    """Each line behind the first block, with its cells, the empty ones too where gaps tell them;
    one of any other line."""
    lines = [
        (line, cells_of(document.text, line) or (Cell(line.span, line.text),))
        for line in text_lines(document.text)
        if line.span.start >= read[0].place[0] and not is_furniture(line.text) and not is_rule(line)
    ]
    gaps = Counter(gap for _, row in lines if _is_numbered(row) for gap in _gaps(row))
    one = max(gaps, key=gaps.__getitem__, default=0)
    even = one > 1 and sum(n for gap, n in gaps.items() if gap % one) < gaps.total() * _ODD
    for line, row in lines:
        cells = [row[0]]
        for cell, gap in zip(row[1:], _gaps(row), strict=True):
            empty = gap // one - 1 if even else 0
            cells += [*[Cell(Span(cell.span.start, cell.span.start), "")] * empty, cell]
        yield [line], cells


def _gaps(row: _Row) -> list[int]:
    return [after.span.start - cell.span.end for cell, after in pairwise(row)]


def _mended(printed: Sequence[tuple[list[Line], _Row]]) -> Iterator[tuple[list[Line], _Row]]:
    """The same, with what a layout broke put together: a numbered row, up to the one of the next
    number, that so gets as many cells as the row before or behind it."""
    numbers = {i: int(row[0].text) for i, (_, row) in enumerate(printed) if _is_numbered(row)}
    ends = {
        i: next((j for j in range(i + 1, i + _MOST_PIECES + 1) if numbers.get(j) == n + 1), i + 1)
        for i, n in numbers.items()
    }
    across = {i: sum(len(row) - 1 for _, row in printed[i:end]) + 1 for i, end in ends.items()}
    i = width = 0
    while i < len(printed):
        end = ends.get(i, i + 1)
        short = all(len(row) > 1 or len(row[0].text) <= _LONGEST_HEAD for _, row in printed[i:end])
        if not short or across.get(i) not in (width, across.get(end)):
            end = i + 1
        cells = [*printed[i][1]]
        for _, row in printed[i + 1 : end]:
            cells[-1:] = [joined_cells([cells[-1], row[0]]), *row[1:]]
        yield [line for lines, _ in printed[i:end] for line in lines], cells
        i, width = end, len(cells)


def _is_numbered(row: _Row) -> bool:
    return len(row) > 1 and row[0].text.isascii() and row[0].text.isdecimal()


def _is_row(row: _Row, line: Line, read: Sequence[Block]) -> bool:
    """Whether a line is none of a table of indicators, and no heading but of rows below it."""
    at = bisect_right(read, line.span.start, key=lambda block: block.place[1])
    if at == len(read) or read[at].place[0] >= line.span.end:
        return True
    return read[at].kind == "paragraph" or (read[at].kind == "heading" and _is_category(row))


def _is_category(row: _Row) -> bool:
    return not any(cell.text for cell in row[1:])


def _table(document: Document, found: Sequence[_Row]) -> Table:
    """A table as it is printed. The first cells of a row that are empty go on from above, but for
    a number alone: a row of sums has none."""
    head = [document.published(cell.span) for cell in found[0] if not is_number(cell.text)]
    headed = len(head) == len(found[0]) and all(0 < len(words) <= _LONGEST_HEAD for words in head)
    nothing = [Cell(Span(0, 0), "")] * len(found[0])
    rows, above = list[TableRow](), nothing
    for row in found[headed:]:
        if _is_category(row):
            rows.append(TableRow(_places(row[0]), "", ()))
            above = nothing
            continue
        shared = next(i for i, cell in enumerate(row) if cell.text)
        if shared == 1 and is_number(above[0].text):
            shared = 0
        above = [*above[:shared], *row[shared:]]
        rows.append(TableRow((), "", tuple(map(_places, above))))
    return Table(tuple(head) if headed else (), None, tuple(rows), ())


def _places(cell: Cell) -> tuple[Place, ...]:
    return tuple((part.start, part.end) for part in cell.parts) if cell.text else ()
