"""Tables ruled by tabs, bars or even gaps: rows of a grid, each cell under its column's head."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kg.document.tables.align import Aligner, GridRow, slots_of
from kg.document.tables.costs import Atom, begin, go_on, kind_of
from kg.document.tables.head import Head
from kg.document.tables.model import Cell, Column, Line
from kg.document.tables.words import (
    attribute_of,
    ends_as_measured,
    is_missing,
    is_number,
    is_quantity,
    is_value,
    number_of,
    pattern,
)
from kg.lexicon.dictionary import cut
from kg.source.text import Span, compact

_GAP = r"\s{2,}|[^\S ]"  # between cells; a single blank parts words
_BARS = re.compile(r"[\s|:+-]+")
_LONGEST_VALUE = 60  # characters of a value in words
_MOST_RAGGED = 1_000  # lines with other cells than the head has columns; more of them are refused
MISFIT = 100.0
_SCORE_OF_FIT = 8.0  # what a row with cells missing may cost


@dataclass(frozen=True)
class GridLine:
    """A line of a grid: its cells, empty ones too, and its place among the lines."""

    cells: tuple[Cell, ...]
    line: int

    @property
    def held(self) -> list[Cell]:
        """The cells that hold something."""
        return [cell for cell in self.cells if cell.text]


def whole_line(text: str, line: Line) -> Span:
    """A line's span with the tabs and blanks around its words, up to its line breaks."""
    start, end = line.span.start, line.span.end
    while start and text[start - 1] in " \t\u00a0\u3000":
        start -= 1
    while end < len(text) and text[end] in " \t\u00a0\u3000":
        end += 1
    return Span(start, end)


def ruled_cells(text: str, line: Line) -> list[Cell] | None:
    """The cells of a line that tabs or bars part, empty ones too; None for any other line."""
    if "|" in line.text:
        bars = re.match(r"\|?(.*?)\|?$", line.text)
        start, end = bars.span(1) if bars else (0, len(line.text))
        return parted_cells(text, Span(line.span.start + start, line.span.start + end), r"\|")
    span = whole_line(text, line)
    return parted_cells(text, span, "\t") if "\t" in text[span.start : span.end] else None


def parted_cells(text: str, span: Span, gap: str = _GAP) -> list[Cell]:
    """The cells of a stretch between the gaps that a pattern fits, without blanks around them."""
    found, at = list[Cell](), span.start
    for i, piece in enumerate(re.split(f"({gap})", text[span.start : span.end])):
        if i % 2 == 0:  # the gaps are between
            begun = at + len(piece) - len(piece.lstrip())
            found.append(Cell(Span(begun, begun + len(piece.strip())), piece.strip()))
        at += len(piece)
    return found


def even_cells(text: str, line: Line, gap: int) -> list[Cell] | None:
    """The cells of a line whose gaps are multiples of so many blanks; None where one is not."""
    span = Span(whole_line(text, line).start, line.span.end)
    gaps = re.findall(r"^\s+|\s{2,}", text[span.start : span.end])
    if any(len(blanks) % gap for blanks in gaps):
        return None
    return parted_cells(text, span, rf"\s{{{gap}}}")


def is_rule(line: Line) -> bool:
    """Whether a line only rules the table."""
    return bool(_BARS.fullmatch(line.text)) and ("|" in line.text or "--" in line.text)


class GridReader:
    """Takes the lines of a grid below its head one by one."""

    def __init__(self, head: Head, heads: Sequence[GridLine]) -> None:
        self.columns = list(head.columns)
        self.rows: list[GridRow] = []
        self._heads = {tuple(compact(c.text) for c in row.held) for row in heads}
        self._ragged: list[GridLine] = []
        self._inline = False
        self._left = _MOST_RAGGED
        self._category = next((i for i, c in enumerate(self.columns) if c.kind == "category"), -1)
        self._numbers = [i for i, c in enumerate(self.columns) if c.kind == "number"]

    def take(self, line: GridLine) -> None:
        """Read a line into rows."""
        held = line.held
        if not held or tuple(compact(c.text) for c in held) in self._heads:
            return
        if len(held) == 1 and self._single(held[0], line):
            return
        if len(line.cells) == len(self.columns) and self._placed(line):
            return
        if self._left:
            self._left -= 1
            self._ragged.append(line)
        else:
            self._flush()
            self.rows.append(GridRow({0: [Atom(held[0], 2, line.line)]}, MISFIT))

    def _placed(self, line: GridLine) -> bool:
        """Read a line with a cell for each column, if each fits its own: a row, or what goes on
        below it."""
        cells = {i: [Atom(cell, 1, line.line)] for i, cell in enumerate(line.cells) if cell.text}
        if self._continues_row(line):
            for i, atoms in cells.items():
                self.rows[-1].cells[i] += atoms
            return True
        row = GridRow(cells, placed=True)
        if not self._fits_columns(row):
            return False
        self._flush()
        self.rows.append(row)
        self._inline = self._inline or self._category in row.cells
        return True

    def finish(self) -> list[GridRow]:
        """All rows."""
        self._flush()
        self._name_categories()
        self._name_attributes()
        return self.rows

    def _single(self, cell: Cell, line: GridLine) -> bool:
        """Read a line of one cell: the end of a broken cell, or the category of rows below."""
        if self._ragged:
            return False
        atom, kind = Atom(cell, 2, line.line), kind_of(cell.text)
        at = line.cells.index(cell) if len(line.cells) == len(self.columns) else -1
        above = self.rows[-1].cells.get(at, []) if self.rows and at >= 0 else []
        if above and self.columns[at].kind == "name":
            name = "".join(piece.text for piece in above)
            ended = ends_as_measured(cell.text) and not ends_as_measured(name)
            if breaks_word(above[-1].text, cell.text) or (ended and self._continues_row(line)):
                above.append(atom)
                return True
        bare = pattern("cells", "category").match(cell.text)
        heading = begin(Column("category"), kind, 0, self._category < 0 or bare is None)
        last = self._last()
        if last is not None:
            column, held = last
            words = "".join(a.text for a in self.rows[-1].cells[column])
            goes_on = go_on(self.columns[column], words, kind, 2)
            if goes_on < heading + (2.0 if self._inline else 0.0):
                self.rows[-1].cells[column] = [*held, atom]
                return True
        if heading < _SCORE_OF_FIT / 2:
            self.rows.append(GridRow({self._category: [atom]}))
            return True
        return False

    def _continues_row(self, line: GridLine) -> bool:
        """Whether a line only has the ends of cells of the row above it: no number of its own, and
        words alone, each below others."""
        above = self.rows[-1].cells if self.rows and not self._ragged else {}
        held = {i: cell.text for i, cell in enumerate(line.cells) if cell.text}
        numbered = any(i in above for i in self._numbers)
        below = held.keys() <= above.keys() - {*self._numbers, self._category}
        words = not any(
            is_number(text) or is_missing(text) or is_part(text) or attribute_of(text)
            for text in held.values()
        )
        return numbered and below and words

    def _last(self) -> tuple[int, list[Atom]] | None:
        """The last cell of the last row that holds values."""
        if not self.rows:
            return None
        cells = self.rows[-1].cells
        column = max(cells)
        return (column, cells[column]) if column > 0 and len(cells) > 1 else None

    def _fits_columns(self, row: GridRow) -> bool:
        """Whether each cell can be under its column's head."""
        for i, atoms in row.cells.items():
            text, kind = atoms[0].text, self.columns[i].kind
            if kind == "number" and number_of(text) is None and not is_part(text):
                return False
            if kind == "name" and (is_number(text) or is_missing(text)):
                return False
            if self.columns[i].holds_values and (
                attribute_of(text) or not (is_value(text) or len(text) <= _LONGEST_VALUE)
            ):
                return False
            if kind == "attribute" and is_number(text):
                return False
        return any(self.columns[i].kind == "name" for i in row.cells)

    def _flush(self) -> None:
        """Read lines with other cells than the head has columns by what they hold."""
        lines, self._ragged = self._ragged, []
        if not lines:
            return
        atoms = [
            Atom(cell, 1 if i else 2, line.line)
            for line in lines
            for i, cell in enumerate(line.held)
        ]
        number = 0
        for row in reversed(self.rows):
            found = [number_of(a.text) for i in self._numbers for a in row.cells.get(i, [])]
            if found and found[0]:
                number = found[0]
                break
        self.rows += Aligner(slots_of(self.columns), number=number, partial=True).align(atoms)

    def _name_attributes(self) -> None:
        """A column that holds nothing but attributes is one of attributes, whatever its head."""
        for i, column in enumerate(self.columns):
            held = [atom.text for row in self.rows for atom in row.cells.get(i, ())]
            if column.kind in ("category", "other") and held and all(map(attribute_of, held)):
                self.columns[i] = replace(column, kind="attribute")

    def _name_categories(self) -> None:
        """Of two columns under one head of names, the first is the category if the second is
        full."""
        names = [i for i, c in enumerate(self.columns) if c.kind == "name"]
        if len(names) < 2 or self._category >= 0:
            return
        first, second = names[:2]
        if all(a.text.startswith("(") for row in self.rows for a in row.cells.get(second, ())):
            return  # their units
        both = sum(second in row.cells for row in self.rows)
        if both * 10 >= 9 * sum(len(row.cells) > 1 for row in self.rows):
            self.columns[first] = replace(self.columns[first], kind="category")


def breaks_word(text: str, following: str) -> bool:
    """Whether a word begins in a text and ends in what follows it, as where a page's end breaks a
    cell."""
    at = 0
    for word in cut(text + following):
        at += len(word)
        if at >= len(text):
            return at > len(text)
    return False


def is_under(cell: Cell, column: Column) -> bool:
    """Whether a cell is surely one of a column."""
    kind = kind_of(cell.text)
    if column.holds_values:
        valued = kind.numeric or kind.missing or kind.wording or is_quantity(cell.text)
        return valued or not cell.text
    fits = {
        "name": kind.named and kind.number is None,
        "number": kind.number is not None,
        "category": kind.named and begin(column, kind, 0, False) < _SCORE_OF_FIT / 2,
        "unit": not cell.text or kind.unit or kind.unit_like or kind.missing,
        "attribute": not cell.text or kind.attribute,
    }
    return fits.get(column.kind, True)


def is_part(text: str) -> bool:
    """Whether a text begins as a part of the row before does: of which, (1)."""
    return bool(pattern("cells", "part").match(text))
