"""Tables in running text: the heads that a line may begin with the lines below, and indicators told
one after another, each of their cells behind what would be its column's head."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache, partial

from kg.document.tables.align import EQUAL, GridRow
from kg.document.tables.costs import Atom
from kg.document.tables.grid import is_part, parted_cells
from kg.document.tables.head import (
    Head,
    tells_indicators,
    with_attributes,
    with_numbers,
    with_roles,
)
from kg.document.tables.model import VALUES, Cell, Column, Page, Reading, joined_cells
from kg.document.tables.rows import counts_up, rows_of
from kg.document.tables.text_head import text_head
from kg.document.tables.title import Title
from kg.document.tables.unread import numbers_unread
from kg.document.tables.unruled import (
    MOST_ATOMS,
    Layout,
    atoms_of,
    body_atoms,
    layout_of,
    read_flow,
)
from kg.document.tables.words import (
    LONGEST_ROW,
    attribute_of,
    column_of,
    ends_table,
    is_furniture,
    is_value,
    pattern,
)
from kg.source.text import Span

_BUDGET = 30_000  # lines that are tried as rows of tables
_HEAD_LINES = 24
_UNCOUNTED = 2.0  # of a row that has no number where all should have one
_COUNTED = 60  # lines below a head in which the numbers of its first two rows stand
_WINDOW = 400  # lines that tell how a table is parted
_PAGE_HEAD = 2  # lines between a page's foot and a head that is repeated on the next page
_SURE = 3.5  # what a last row without number and attribute may cost
_MOST_LINES = 3  # of a row
_FEWEST = 2  # rows
_Row = list[tuple[Column, Cell]]  # the name, and the other cells, each with what its label names


class RunningTables:
    """Reads the tables of a page that nothing rules."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines = page.lines
        self._left = _BUDGET
        self._pieces = cache(partial(atoms_of, page))  # asked below many heads
        self._heads = cache(self._heads_of)

    def read(self, i: int, title: Title) -> Reading | None:
        """The table whose head begins at a line; None where none does."""
        best: tuple[float, Reading] | None = None
        if self._left <= 0:
            return None
        for blanks, head in self._ways(i, title):
            numbered = with_numbers(head) if self._rows_counted(i) else None
            counted = (
                self._table_below(i, numbered, title, blanks) if numbered is not None else None
            )
            read = self._table_below(i, head, title, blanks)
            rows = counted[1].rows if counted is not None else []
            if counted is not None and counts_up(list(dict.fromkeys(r.number for r in rows))):
                missing = _UNCOUNTED * len(rows)
                if read is None or counted[0] < read[0] + missing:
                    read = counted
            if read is not None and (best is None or read[0] < best[0] - EQUAL):
                best = read
        return best[1] if best is not None else None

    def _ways(self, i: int, title: Title) -> Iterator[tuple[bool, Head]]:
        """The heads that a line may begin, between wide gaps and between single blanks."""
        heads = self._heads(i, False, title.promises)
        yield from ((False, head) for head in heads)
        parted = [[atom.text for atom in self._top(i, blanks)] for blanks in (False, True)]
        if heads or parted[0] != parted[1]:
            yield from ((True, head) for head in self._heads(i, True, title.promises))

    def _rows_counted(self, i: int) -> bool:
        """Whether lines below begin with the numbers of rows: 1, and 2 behind it."""
        pieces = [line.text.split(maxsplit=2) for line in self.lines[i : i + _COUNTED]]
        # in its first line, the category of the rows below stands before the number
        firsts = [one[1] if one[1:2] == ["1"] else one[0] for one in pieces]
        return "1" in firsts and "2" in firsts[firsts.index("1") :]

    def _heads_of(self, i: int, blanks: bool, promised: bool) -> list[Head]:
        self._left -= _HEAD_LINES
        heads = text_head(self._top(i, blanks), promised)
        below = self._atoms(i, i + _COUNTED, Layout(True, False, False))
        attributed = any(attribute_of(atom.text) for atom in below)
        return [with_attributes(head) for head in heads] if attributed else heads

    def _top(self, i: int, blanks: bool) -> list[Atom]:
        """The pieces that a head may be of which begins at a line."""
        return self._atoms(i, i + _HEAD_LINES, Layout(blanks, not blanks, False))

    def _atoms(self, first: int, last: int, layout: Layout) -> list[Atom]:
        found: list[Atom] = []
        for j in range(first, min(last, len(self.lines))):
            atoms = self._pieces(j, layout)
            if atoms is None or len(self.lines[j].text) > LONGEST_ROW:
                break
            found += atoms
        return found

    def _table_below(
        self, i: int, head: Head, title: Title, blanks: bool
    ) -> tuple[float, Reading] | None:
        """The table below a head, and what its reading costs; None where no row follows."""
        top = self._top(i, blanks)
        if head.atoms >= len(top):
            return None
        begun = top[head.atoms].line
        if top[head.atoms - 1].line == begun:  # the head's last line goes on with other words
            return None
        body = self._body(begun, head, title, blanks)
        window = [self.lines[j] for j in body[:_WINDOW]]
        if not window or self._left <= 0:
            return None
        layout = layout_of(self.page.text, window)
        atoms = body_atoms(self.page, body, layout, head)
        placed = replace(head, places=head.places if not blanks else ())
        grid, cost = read_flow(placed, atoms, layout)
        while grid and not _may_be_last(head.columns, grid[-1]):
            grid.pop()
        rows, refused = rows_of(head.columns, grid)
        if not rows:
            return None
        end = max(a.line for row in grid for a in row.atoms) + 1
        return cost, Reading(
            head.columns, rows, refused, i, end, numbers_unread(head.columns, grid)
        )

    def _body(self, first: int, head: Head, title: Title, blanks: bool) -> list[int]:
        """The lines below a head up to what ends the table; what a new page repeats is passed."""
        found: list[int] = []
        page = MOST_ATOMS  # how many lines were found before the last page's foot
        j, end = first, min(len(self.lines), first + MOST_ATOMS)
        while j < end and self._left > 0:
            text = self.lines[j].text
            if ends_table(text, False) or "|" in text or "\t" in text:
                break
            again = self._head_again(j, head, title, blanks)
            if again:
                if not found:
                    break
                if len(found) - page <= _PAGE_HEAD:
                    del found[page:]
                j, page = again, MOST_ATOMS
                continue
            if not is_furniture(text):
                found.append(j)
            elif not pattern("title", "continued").match(text):
                page = len(found)
            j += 1
        self._left -= j - first
        return found

    def _head_again(self, j: int, head: Head, title: Title, blanks: bool) -> int | None:
        """The line behind a head that is repeated on a new page, however it is broken there."""
        if not begins_head(self.lines[j].text):
            return None
        for other in self._heads(j, blanks, title.promises):
            if _kinds(other) == _kinds(head):
                return self._top(j, blanks)[other.atoms - 1].line + 1
        return None


def begins_head(text: str) -> bool:
    """Whether a line may begin a head: with a head cell, or part of one, and no value."""
    pieces = text.split(maxsplit=3)
    first = pieces[0]
    column = column_of(first, promised=True)
    if column is not None:
        return not (column.holds_values and len(pieces) == 1)
    return len(pieces) > 1 and column_of("".join(pieces[:2])) is not None


def _kinds(head: Head) -> list[str]:
    """The kinds of a head's columns, that of rows' numbers aside, which it may not name."""
    return [c.kind for c in head.columns if c.kind != "number"]


def _may_be_last(columns: Sequence[Column], row: GridRow) -> bool:
    """Whether a row may be a table's last: it has a value, and a number or attribute if due."""
    held = {columns[i].kind for i in row.cells if i >= 0}
    marks = {"number", "attribute"} & {c.kind for c in columns}
    names = row.of(columns, "name")
    part, valued = bool(names) and is_part(names[0].text), not held.isdisjoint(VALUES)
    return valued and (part or not marks or bool(marks & held) or row.cost < _SURE)


def read_labelled(page: Page, first: int) -> Reading | None:
    """The indicators that begin at a line, all with the same labels; None where none do."""
    columns: list[Column] = []
    grid: list[GridRow] = []
    at = first
    while row := _labelled_row(page, at):
        behind, cells = row
        columns = columns or [column for column, _ in cells]
        if [column for column, _ in cells] != columns:
            break
        grid.append(GridRow({i: [Atom(cell, 1, at)] for i, (_, cell) in enumerate(cells)}))
        at = behind
    known = with_roles(columns)
    if len(grid) < _FEWEST or not tells_indicators(known):
        return None
    return Reading(known, *rows_of(known, grid, ruled=True), first, at, Counter(), headed=False)


def _labelled_row(page: Page, first: int) -> tuple[int, _Row] | None:
    """The longest row that begins at a line, with the line behind it."""
    lines = page.lines[first : first + _MOST_LINES]
    text = lines[0].text if lines else ""
    if len(text) > LONGEST_ROW or not pattern("labelled", "may_be").search(text):
        return None
    found = None
    for i, last in enumerate(lines, first):
        row = _labelled_cells(page.text, Span(lines[0].span.start, last.span.end))
        found = (i + 1, row) if row else found
    return found


def _labelled_cells(text: str, span: Span) -> _Row:
    """What a stretch tells of an indicator: its name, and then nothing but labels with what they
    are of, and attributes; nothing where it is no row."""
    parted = parted_cells(text, span, pattern("labelled", "between").pattern)
    pieces = [joined_cells(parted_cells(text, piece.span, "\n")) for piece in parted if piece.text]
    row: _Row = []
    label: Column | None = None
    for piece in pieces:
        column = column_of(piece.text)
        if not row:
            row = [(Column("name"), piece)]
        elif label is not None and column is not None:
            label = column_of(label.label + piece.text)
        elif label is not None:
            if label.holds_values and not is_value(piece.text):
                return []
            row.append((label, piece))
            label = None
        elif attribute_of(piece.text):
            row.append((Column("attribute"), piece))
        elif column is None or column.kind == "name":
            return []
        else:
            label = column
    return row if label is None and len(row) > 1 else []
