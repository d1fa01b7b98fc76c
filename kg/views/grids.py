"""Tables that stand in a text as rows of cells and hold no indicators, as blocks."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence

from kg.document.lines import text_lines
from kg.document.structure import Document
from kg.document.tables.grid import is_rule
from kg.document.tables.model import Cell, Line
from kg.document.tables.words import is_furniture, is_number
from kg.document.work import cells_of
from kg.source.text import Span
from kg.views.reading import Block, Place, Table, TableRow

_LONGEST_HEAD = 24  # characters of a cell of a head
_Row = Sequence[Cell]


def grids(document: Document, read: Sequence[Block]) -> Iterator[tuple[Place, Table]]:
    """The tables behind the first block of what was read, each with its place.

    Args:
        read: in order; nothing overlaps.
    """
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
    for line in text_lines(document.text):
        if line.span.start < read[0].place[0] or is_furniture(line.text) or is_rule(line):
            continue
        row = cells_of(document.text, line) or ()
        fits = len(row) > 1 and _is_row(row, line, read)
        if rows and (not fits or len(row) != len(rows[-1])):
            if len(rows) > 1:
                yield lines, rows
            lines, rows = [], []
        if fits:
            lines.append(line)
            rows.append(row)
    if len(rows) > 1:
        yield lines, rows


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
    return ((cell.span.start, cell.span.end),) if cell.text else ()
