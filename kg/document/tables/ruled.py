"""Tables ruled by tabs, bars or even gaps: where their heads are and where they end."""

import re
from collections.abc import Sequence
from itertools import takewhile

from kg.document.tables.grid import (
    GridLine,
    GridReader,
    even_cells,
    is_rule,
    parted_cells,
    ruled_cells,
)
from kg.document.tables.grid_head import grid_head, in_one_row
from kg.document.tables.head import (
    MOST_COLUMNS,
    Head,
    tells_indicators,
    with_attributes,
    with_roles,
)
from kg.document.tables.model import Cell, Column, Page, Reading
from kg.document.tables.rows import rows_of
from kg.document.tables.unread import numbers_unread
from kg.document.tables.words import (
    LONGEST_ROW,
    attribute_of,
    column_of,
    ends_table,
    is_furniture,
    pattern,
)
from kg.source.text import compact

_FEWEST = 3  # cells between gaps that make a row
_TRIED = 40  # lines below a head that tell whether its gaps are those of all rows
_LINES_OF_A_CELL = 10  # that are between two rows where a page breaks one
_BROKEN = 24  # characters of such a line
_HEAD_LINES = 12
_HEADING = 2  # cells: a number that a tab parts from its heading


class RuledTables:
    """Reads the ruled tables of a page.

    barren: the line behind heads, one after another, that no row follows.
    """

    def __init__(self, page: Page) -> None:
        self.lines = page.lines
        self.text = page.text
        self.barren = 0

    def even_gap(self, i: int) -> int | None:
        """The blanks that each gap of a table is a multiple of; None where gaps differ."""
        gaps = [len(g) for g in re.findall(r" {2,}", self.lines[i].text)]
        if not gaps or len(set(gaps)) > 1:
            return None
        rows, empty = 0, False
        for line in self.lines[i + 1 : i + 1 + _TRIED]:
            if pattern("end", "heading").match(line.text) or len(line.text) > LONGEST_ROW:
                break
            if "  " not in line.text:
                continue
            cells = even_cells(self.text, line, gaps[0])
            if cells is None:
                return None
            rows += 1
            empty = empty or any(not c.text for c in cells)
        return gaps[0] if rows and (empty or gaps[0] > 2) else None

    def read(self, i: int, gap: int | None, promises: bool) -> Reading | None:
        """The table whose head begins at a line; gap: the blanks that part its cells, if any do.
        None where none does."""
        top = self._top(i, gap)
        if not top:
            return None
        panels = _panels(top[0].cells)
        head = grid_head([row.cells[panels[0]] for row in top], promises)
        if head is None:
            return self._read_turned(top)
        if any(attribute_of(cell.text) for row in top for cell in row.cells):
            head = with_attributes(head)
        rows = range(i, top[head.atoms - 1].line + 1)
        heads = [GridLine(tuple(cells), j) for j in rows if (cells := self._cells(j, gap))]
        readers = [GridReader(head, [_part(row, panel) for row in heads]) for panel in panels]
        end = j = heads[-1].line + 1
        while j < len(self.lines) and (cells := self._row(j, gap, heads)) is not None:
            for panel, reader in zip(panels, readers if cells else (), strict=False):
                reader.take(_part(GridLine(tuple(cells), j), panel))
            j += 1
            end = j if cells else end
        return self._reading(readers, i, end)

    def _row(self, j: int, gap: int | None, heads: Sequence[GridLine]) -> list[Cell] | None:
        """The cells of a line, none of a rule or the page's furniture; None behind the table."""
        line, cells = self.lines[j], self._cells(j, gap)
        if ends_table(line.text, cells is not None):
            return None
        if is_rule(line) or is_furniture(line.text):
            return []
        if cells is None:
            return [Cell(line.span, line.text)] if self._table_continues(j, gap) else None
        return None if len(cells) > MOST_COLUMNS or self._other_head(cells, heads) else cells

    def _reading(self, readers: Sequence[GridReader], first: int, end: int) -> Reading | None:
        grid = [row for reader in readers for row in reader.finish()]
        columns = readers[0].columns
        rows, refused = rows_of(columns, grid, ruled=True)
        if not (rows or refused):
            self.barren = end
            return None
        return Reading(columns, rows, refused, first, end, numbers_unread(columns, grid))

    def _read_turned(self, top: Sequence[GridLine]) -> Reading | None:
        """The table whose rows are its columns: indicators across, years down, and anything in the
        corner; more of them may be below, under the same corner."""
        width = len(top[0].cells)
        rows = list(takewhile(lambda row: len(row.cells) == width, top))
        labels = [row.cells[0].text for row in rows]
        height = next((i for i in range(1, len(rows)) if labels[i] == labels[0]), len(rows))
        columns = [column_of(label, promised=True) for label in labels[:height]]
        known = with_roles([columns[0] or Column("name", labels[0]), *filter(None, columns[1:])])
        if len(known) < max(_FEWEST, height) or not tells_indicators(known):
            return None
        reader, end = GridReader(Head(known, 1), []), 0
        while labels[end : end + height] == labels[:height]:
            turned = zip(*(row.cells for row in rows[end : end + height]), strict=True)
            for cells in list(turned)[1:]:
                reader.take(GridLine(cells, rows[end].line))
            end += height
        return self._reading([reader], rows[0].line, rows[end - 1].line + 1)

    def _cells(self, i: int, gap: int | None) -> list[Cell] | None:
        line = self.lines[i]
        if gap is None:
            if (cells := ruled_cells(self.text, line)) is not None:
                return cells
            cells = parted_cells(self.text, line.span)  # of a row below a ruled head
            return cells if _FEWEST <= len(cells) <= MOST_COLUMNS else None
        if "  " not in line.text and not self.text[: line.span.start].endswith(" " * gap):
            return None
        return even_cells(self.text, line, gap)

    def _top(self, i: int, gap: int | None) -> list[GridLine]:
        """The rows that a head may take, and some of those below it."""
        top = []
        for j in range(i, min(len(self.lines), i + _HEAD_LINES)):
            cells = self._cells(j, gap)
            wide = cells is not None and len(cells) > MOST_COLUMNS
            if wide or (cells is None and ends_table(self.lines[j].text, False)):
                break
            if cells is not None and not is_rule(self.lines[j]):
                top.append(GridLine(tuple(cells), j))
        first = in_one_row(top[0].cells, top[1].cells) if top[1:] else None
        return [GridLine(tuple(first), top[1].line), *top[2:]] if first else top

    def _table_continues(self, j: int, gap: int | None) -> bool:
        """Whether a ruled table goes on behind a line without cells."""
        for k in range(j, min(len(self.lines), j + _LINES_OF_A_CELL)):
            line = self.lines[k]
            if ends_table(line.text, False) and not is_furniture(line.text):
                return False
            cells = self._cells(k, gap)
            if cells is not None and not _heads_section(cells):
                return True
            if len(line.text) > _BROKEN and not is_furniture(line.text):
                return False
        return False

    def _other_head(self, cells: Sequence[Cell], heads: Sequence[GridLine]) -> bool:
        """Whether a row is the head of another table."""
        texts = [compact(c.text) for c in cells if c.text]
        if any([compact(c.text) for c in row.held] == texts for row in heads):
            return False
        kinds = [c.kind for cell in cells if (c := column_of(cell.text)) is not None]
        return "name" in kinds and len(kinds) == len(texts) and len(texts) > 2


def _heads_section(cells: Sequence[Cell]) -> bool:
    """Whether the cells of a line are but a section's number and its heading."""
    held = [cell.text for cell in cells if cell.text]
    return len(held) == _HEADING and bool(pattern("end", "section").match("".join(held)))


def _panels(cells: Sequence[Cell]) -> list[slice]:
    """The cells of each of the tables that stand side by side under a head: its own come again,
    maybe behind an empty one. All cells, where there is one table."""
    labels = [compact(cell.text) for cell in cells]
    for times in range(len(labels) // 2, 1, -1):
        for gap in (0, 1):
            width, rest = divmod(len(labels) - gap * (times - 1), times)
            head = labels[:width]
            repeated = [*(head + [""] * gap) * (times - 1), *head]
            if not rest and labels == repeated and any(map(column_of, head)):
                return [slice(i * (width + gap), i * (width + gap) + width) for i in range(times)]
    return [slice(None)]


def _part(row: GridLine, panel: slice) -> GridLine:
    """The cells of a row that belong to one of several tables side by side."""
    return GridLine(row.cells[panel], row.line)
