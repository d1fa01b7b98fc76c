"""Finding the indicator tables of a text, and saying which rows and tables were not understood."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from kg.document.tables.costs import Atom
from kg.document.tables.flow import MOST_ATOMS, Layout, atoms_of, body_atoms, layout_of, read_flow
from kg.document.tables.grid import (
    GridLine,
    GridReader,
    GridRow,
    even_cells,
    is_part,
    is_rule,
    ruled_cells,
)
from kg.document.tables.grid_head import grid_head
from kg.document.tables.head import MOST_COLUMNS, Head, with_numbers
from kg.document.tables.headless import headless_table
from kg.document.tables.model import Cell, Column, IndicatorTable, Line, Page, Row, joined
from kg.document.tables.rows import Refused, rows_of
from kg.document.tables.text_head import text_head
from kg.document.tables.words import (
    attribute_of,
    column_of,
    compact,
    is_furniture,
    is_missing,
    is_number,
    is_weak_name,
    is_whole_unit,
    number_of,
    pattern,
)
from kg.source.findings import Finding
from kg.source.text import Span

_TITLE_ABOVE = 4  # lines between which a table's title stands
_LONGEST_TITLE = 60
_LONGEST_ROW = 400  # characters; a longer line without tabs is no row
_FEWEST = 3  # cells between gaps that make a row
_BUDGET = 200_000  # lines that are tried as rows of tables in running text
_AHEAD = 4  # lines between two rows of a ruled table
_LINES_OF_A_CELL = 10  # that are between two rows where a page breaks one
_BROKEN = 24  # characters of such a line
_HEAD_LINES = 12
_UNCOUNTED = 2.0  # of a row that has no number where all should have one
_COUNTED = 60  # lines below a head in which the numbers of its first two rows stand
_WINDOW = 400  # lines that tell how a table is parted
_PAGE_HEAD = 2  # lines between a page's foot and a head that is repeated on the next page
_UNIT_END = 4  # characters of a unit's last line
_SURE = 3.5  # what a last row without number and attribute may cost
_MOST_REPORTED = 50  # refused rows of a table that are told one by one
_SHOWN = 40  # characters of a refused row that a finding shows


@dataclass
class Found:
    """The indicator tables of a text.

    tables: in order; taken: the lines that they take up, and those of tables of the last period.
    findings: the rows and tables that were not read.
    """

    tables: list[IndicatorTable] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


_NEARLY_ALL = 0.8  # of a table's rows


@dataclass(frozen=True)
class _Title:
    text: str
    span: Span
    first: int
    promises: bool
    review: bool
    foreign: bool
    unit: str


@dataclass
class _Read:
    """A table read: its columns and rows, and the line behind it."""

    columns: Sequence[Column]
    rows: list[Row]
    refused: list[Refused]
    first: int
    end: int
    others: Counter[str]  # for each column with an unknown head: its label, and rows with a number
    headless: bool = False  # the columns are told by the rows alone


def find_tables(lines: Sequence[Line], text: str, printed: str | None = None) -> Found:
    """The indicator tables of a text.

    Args:
        lines: the lines of the text that are not blank.
        text: the whole normalised text.
        printed: the text as published, character for character, where it differs.

    Returns:
        The tables, the lines they take up, and what was not understood of them.
    """
    found = Found()
    finder = _Finder(Page(lines, text, printed if printed is not None else text))
    i = 0
    while i < len(lines):
        read = finder.table_at(i)
        if read is None:
            i += 1
            continue
        i = max(i + 1, _add(found, finder, read))
    found.findings += _unread(found, lines)
    found.findings.sort(key=lambda f: f.span or Span(0, 0))
    return found


class _Finder:
    """Tries the lines of a text for heads of tables."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.lines = page.lines
        self.text = page.text
        self._left = _BUDGET
        self._known: dict[tuple[int, Layout], list[Atom] | None] = {}
        self._barren = 0  # the line behind heads, one after another, that no row follows

    def table_at(self, i: int) -> _Read | None:
        """The table whose head begins at a line; None where none does."""
        line = self.lines[i]
        if i < self._barren or (i and line.text == self.lines[i - 1].text):
            return None
        if (read := self._headless(i)) is not None:
            return read
        if "\t" in line.text or "|" in line.text:
            cells = ruled_cells(self.text, line)
            return self._grid(i, None) if cells and self._may_head(cells) else None
        if len(line.text) > _LONGEST_ROW or not _begins_head(line.text):
            return None
        gap = self._even_gap(i)
        if gap is not None:
            read = self._grid(i, gap)
            if read is not None:
                return read
        return self._flow(i)

    def _headless(self, i: int) -> _Read | None:
        """The table whose first row is right below its title."""
        if not self.lines[i].text.startswith("1") or not self.title(i).promises:
            return None
        table = headless_table(self.lines, i)
        if table is None:
            return None
        rows, refused = rows_of(table.columns, table.rows)
        return _Read(table.columns, rows, refused, i, table.end, Counter(), headless=True)

    def title(self, i: int) -> _Title:
        """The title above a head, and the unit that it or a line below it gives."""
        unit, span, chosen, first = "", self.lines[i].span, "", i
        for j in range(i - 1, max(-1, i - 1 - _TITLE_ABOVE), -1):
            line = self.lines[j].text
            if match := pattern("title", "unit").match(line):
                unit, first = unit or match["unit"], j
                continue
            if is_furniture(line):
                continue
            if len(line) <= _LONGEST_TITLE and not pattern("end", "sentence").search(line):
                chosen, span, first = line, self.lines[j].span, j
            break
        if match := pattern("title", "unit_behind").search(chosen):
            unit = unit or match["unit"]
        review = bool(pattern("title", "review").search(chosen))
        foreign = bool(pattern("title", "foreign").search(chosen))
        titled = pattern("title", "pattern").search(chosen) or _numbered(chosen)
        promises = bool(pattern("title", "promise").search(_bare_title(chosen)))
        heads_section = bool(pattern("end", "section").match(chosen))
        if not titled or heads_section:
            chosen, span, first = self.lines[i].text, self.lines[i].span, i
        return _Title(chosen, span, first, promises, review, foreign, unit)

    # ------------------------------------------------------------ ruled tables

    def _may_head(self, cells: Sequence[Cell]) -> bool:
        if len(cells) > MOST_COLUMNS:
            return False
        kinds = {c.kind for cell in cells if (c := column_of(cell.text)) is not None}
        weak = any(is_weak_name(cell.text) for cell in cells)
        return ("name" in kinds or weak) and (len(kinds) > 1 or len(cells) > 2)

    def _cells(self, i: int, gap: int | None) -> list[Cell] | None:
        line = self.lines[i]
        if gap is None:
            return ruled_cells(self.text, line) or self._gapped(line)
        if "  " not in line.text and not self.text[: line.span.start].endswith(" " * gap):
            return None
        return even_cells(self.text, line, gap)

    def _gapped(self, line: Line) -> list[Cell] | None:
        """The cells of a row that gaps part, below a ruled head."""
        found = [
            Cell(Span(line.span.start + m.start(), line.span.start + m.end()), m.group())
            for m in re.finditer(r"\S+(?: \S+)*", line.text)
        ]
        return found if _FEWEST <= len(found) <= MOST_COLUMNS else None

    def _even_gap(self, i: int) -> int | None:
        """The blanks that each gap of a table is a multiple of; None where gaps differ."""
        gaps = [len(g) for g in re.findall(r" {2,}", self.lines[i].text)]
        if not gaps or len(set(gaps)) > 1:
            return None
        rows, empty = 0, False
        for line in self.lines[i + 1 : i + 1 + _AHEAD * 10]:
            if pattern("end", "heading").match(line.text) or len(line.text) > _LONGEST_ROW:
                break
            if "  " not in line.text:
                continue
            cells = even_cells(self.text, line, gaps[0])
            if cells is None:
                return None
            rows += 1
            empty = empty or any(not c.text for c in cells)
        return gaps[0] if rows and (empty or gaps[0] > 2) else None

    def _grid(self, i: int, gap: int | None) -> _Read | None:
        title, top = self.title(i), self._top(i, gap)
        top, above = self._with_row_above(top, i, gap)
        head = grid_head([row.cells for row in top], title.promises)
        if head is None or len(head.columns) > MOST_COLUMNS:
            return None
        heads = top[: head.atoms]
        reader = GridReader(head, heads)
        end = j = heads[-1].line + 1
        while j < len(self.lines):
            line = self.lines[j]
            cells = self._cells(j, gap)
            if self._ends(line.text, cells is not None):
                break
            lends = cells is not None and reader.lends_number(GridLine(tuple(cells), j))
            if (is_rule(line) or is_furniture(line.text)) and not lends:
                j += 1
                continue
            if cells is None:
                if not self._goes_on(j, gap):
                    break
                cells = [Cell(line.span, line.text)]
            elif len(cells) > MOST_COLUMNS or self._other_head(cells, heads):
                break
            reader.take(GridLine(tuple(cells), j))
            j += 1
            end = j
        grid = reader.finish()
        rows, refused = rows_of(reader.columns, grid)
        if not (rows or refused):
            self._barren = end
            return None
        return _Read(reader.columns, rows, refused, above, end, _others(reader.columns, grid))

    def _top(self, i: int, gap: int | None) -> list[GridLine]:
        """The rows that a head may take, and some of those below it."""
        top = []
        for j in range(i, min(len(self.lines), i + _HEAD_LINES)):
            cells = self._cells(j, gap)
            if cells is None and self._ends(self.lines[j].text, False):
                break
            if cells is not None and not is_rule(self.lines[j]):
                top.append(GridLine(tuple(cells), j))
        return top

    def _with_row_above(
        self, top: list[GridLine], i: int, gap: int | None
    ) -> tuple[list[GridLine], int]:
        """The head's rows with one above that holds only what its values share."""
        cells = self._cells(i - 1, gap) if i else None
        held = [c for c in cells or [] if c.text]
        columns = [column_of(c.text) for c in held]
        if held and all(c is not None and c.holds_values for c in columns) and cells:
            return [GridLine(tuple(cells), i - 1), *top], i - 1
        return top, i

    def _ends(self, text: str, ruled: bool) -> bool:
        """Whether a line is behind a table: a note, a heading, a sentence."""
        if pattern("end", "note").match(text):
            return True
        if ruled or is_furniture(text):
            return False
        return bool(
            pattern("end", "heading").match(text)
            or pattern("end", "sentence").search(text)
            or len(text) > _LONGEST_ROW
        )

    def _goes_on(self, j: int, gap: int | None) -> bool:
        """Whether a ruled table goes on behind a line without cells."""
        for k in range(j, min(len(self.lines), j + _LINES_OF_A_CELL)):
            line = self.lines[k]
            if self._ends(line.text, False) and not is_furniture(line.text):
                return False
            cells = self._cells(k, gap)
            if cells is not None:
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

    # ------------------------------------------------------------ tables in running text

    def _flow(self, i: int) -> _Read | None:
        title = self.title(i)
        best: tuple[float, _Read] | None = None
        for blanks, head in self._ways(i, title):
            numbered = with_numbers(head) if self._rows_counted(i) else None
            counted = self._read_flow(i, numbered, blanks) if numbered is not None else None
            read = self._read_flow(i, head, blanks)
            if counted is not None and _counts_up(counted[1].rows):
                missing = _UNCOUNTED * len(counted[1].rows)
                if read is None or counted[0] < read[0] + missing:
                    read = counted
            if read is not None and (best is None or read[0] < best[0]):
                best = read
        return best[1] if best is not None else None

    def _ways(self, i: int, title: _Title) -> Iterator[tuple[bool, Head]]:
        """The heads that a line may begin, between wide gaps and between single blanks."""
        heads = self._heads(i, False, title)
        yield from ((False, head) for head in heads)
        pieces = [
            self._atoms(i, i + _HEAD_LINES * 2, Layout(b, not b, False)) for b in (False, True)
        ]
        parted = [[atom.text for atom in atoms] for atoms in pieces]
        if heads or parted[0] != parted[1]:
            yield from ((True, head) for head in self._heads(i, True, title))

    def _rows_counted(self, i: int) -> bool:
        """Whether lines below begin with the numbers of rows: 1, and 2 behind it."""
        firsts = [line.text.split(maxsplit=1)[0] for line in self.lines[i : i + _COUNTED]]
        return "1" in firsts and "2" in firsts[firsts.index("1") :]

    def _heads(self, i: int, blanks: bool, title: _Title) -> list[Head]:
        layout = Layout(blanks, not blanks, False)
        return text_head(self._atoms(i, i + _HEAD_LINES * 2, layout), title.promises)

    def _atoms(self, first: int, last: int, layout: Layout) -> list[Atom]:
        found: list[Atom] = []
        for j in range(first, min(last, len(self.lines))):
            if (j, layout) not in self._known:
                self._known[j, layout] = atoms_of(self.page, j, layout)
            atoms = self._known[j, layout]
            if atoms is None or len(self.lines[j].text) > _LONGEST_ROW:
                break
            found += atoms
        return found

    def _read_flow(self, i: int, head: Head, blanks: bool) -> tuple[float, _Read] | None:
        top = self._atoms(i, i + _HEAD_LINES * 2, Layout(blanks, not blanks, False))
        if head.atoms >= len(top):
            return None
        begun = top[head.atoms].line
        if top[head.atoms - 1].line == begun:  # the head's last line goes on with other words
            return None
        body = self._body(begun, head, self.title(i), blanks)
        window = [self.lines[j] for j in body[:_WINDOW]]
        self._left -= len(body)
        if not window or self._left < 0:
            return None
        layout = layout_of(self.text, window)
        atoms = body_atoms(self.page, body, layout, head)
        head = _with_attributes(head, atoms)
        placed = replace(head, places=head.places if not blanks else ())
        grid, cost = read_flow(placed, atoms, layout)
        while grid and not _ends_table(head.columns, grid[-1]):
            grid.pop()
        rows, refused = rows_of(head.columns, grid)
        if not rows:
            return None
        end = max(a.line for row in grid for a in row.atoms) + 1
        if end < len(self.lines) and (last := _with_unit(rows[-1], self.lines[end])) is not None:
            rows[-1], end = last, end + 1
        return cost, _Read(head.columns, rows, refused, i, end, _others(head.columns, grid))

    def _body(self, first: int, head: Head, title: _Title, blanks: bool) -> list[int]:
        """The lines below a head up to what ends the table; what a new page repeats is passed."""
        found: list[int] = []
        page = MOST_ATOMS  # how many lines were found before the last page's foot
        j = first
        while j < len(self.lines) and len(found) < MOST_ATOMS:
            text = self.lines[j].text
            if self._ends(text, False) or "|" in text or "\t" in text:
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
        return found

    def _head_again(self, j: int, head: Head, title: _Title, blanks: bool) -> int | None:
        """The line behind a head that is repeated on a new page, however it is broken there."""
        if not _begins_head(self.lines[j].text):
            return None
        for other in self._heads(j, blanks, title):
            if _kinds(other) == _kinds(head):
                atoms = self._atoms(j, j + _HEAD_LINES * 2, Layout(blanks, not blanks, False))
                return atoms[other.atoms - 1].line + 1
        return None


def _with_unit(row: Row, below: Line) -> Row | None:
    """A table's last row with the end of its unit from the line below; None without one."""
    if row.unit is None or is_whole_unit(row.unit.text) or len(below.text) > _UNIT_END:
        return None
    unit = joined([row.unit, Cell(below.span, below.text)])
    return replace(row, unit=unit) if is_whole_unit(unit.text) else None


def _counts_up(rows: Sequence[Row]) -> bool:
    """Whether the numbers of rows count from 1."""
    numbers = list(dict.fromkeys(row.number for row in rows))
    return len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))


def _kinds(head: Head) -> list[str]:
    """The kinds of a head's columns, that of rows' numbers aside, which it may not name."""
    return [c.kind for c in head.columns if c.kind != "number"]


def _others(columns: Sequence[Column], grid: Sequence[GridRow]) -> Counter[str]:
    """For each column whose head is not known, how many rows have a number in it."""
    unknown = [i for i, c in enumerate(columns) if c.kind == "other" and column_of(c.label) is None]
    found: Counter[str] = Counter()
    for row in grid:
        for i in unknown:
            if is_number("".join(a.text for a in row.cells.get(i, ()))):
                found[columns[i].label] += 1
    return found


def _with_attributes(head: Head, atoms: Sequence[Atom]) -> Head:
    """The head; where it names no column of attributes and rows have some, its last column behind
    the name that holds no values is theirs."""
    kinds = [c.kind for c in head.columns]
    if "attribute" in kinds or sum(attribute_of(a.text) is not None for a in atoms) < _FEWEST:
        return head
    last = max((i for i, k in enumerate(kinds) if k in ("category", "other")), default=-1)
    if last < kinds.index("name"):
        return head
    column = replace(head.columns[last], kind="attribute")
    return replace(head, columns=(*head.columns[:last], column, *head.columns[last + 1 :]))


def _ends_table(columns: Sequence[Column], row: GridRow) -> bool:
    """Whether a row may be a table's last: it has a value, and a number or attribute if due."""
    held = {columns[i].kind for i in row.cells if i >= 0}
    marks = {"number", "attribute"} & {c.kind for c in columns}
    names = [
        a for i, atoms in row.cells.items() if i >= 0 and columns[i].kind == "name" for a in atoms
    ]
    part = bool(names) and is_part(names[0].text)
    valued = any(i >= 0 and columns[i].holds_values for i in row.cells)
    return valued and (part or not marks or bool(marks & held) or row.cost < _SURE)


def _begins_head(text: str) -> bool:
    """Whether a line may begin a head: with a head cell, or part of one, and no value."""
    pieces = text.split(maxsplit=3)
    first = pieces[0]
    column = column_of(first)
    if column is not None and column.holds_values and len(pieces) == 1:
        return False
    if column is not None or is_weak_name(first):
        return True
    return len(pieces) > 1 and column_of("".join(pieces[:2])) is not None


def _bare_title(text: str) -> str:
    """A title without the unit behind it."""
    return compact(pattern("title", "unit_behind").sub("", text)).rstrip("(")


def _numbered(text: str) -> bool:
    return bool(pattern("title", "numbered").match(text))


def _add(found: Found, finder: _Finder, read: _Read) -> int:
    """Add a table, or pass over one that holds no indicators of the plan; the line behind it."""
    title = finder.title(read.first)
    if title.foreign or not _holds_indicators(read, title):
        return read.first + 1
    note, end = _note(finder.lines, read.end)
    found.taken.update(range(title.first, end))
    if title.review:
        return end
    last = finder.lines[end - 1].span.end
    table = IndicatorTable(
        title.text,
        title.span,
        Span(title.span.start, last),
        tuple(read.columns),
        tuple(read.rows),
        note,
        title.unit,
    )
    found.tables.append(table)
    found.findings += _refusals(table, read.refused, finder.text)
    if read.headless:
        found.findings.append(Finding("table-without-head", title.span, {"table": title.text}))
    found.findings += _left_behind(table, finder, read.end)
    found.findings += _gaps(table, read.refused)
    found.findings += _repeated(table)
    found.findings += _columns_unread(table, read.others)
    found.findings += _lacking(table, finder.text)
    found.findings += _without_attribute(table)
    return end


def _holds_indicators(read: _Read, title: _Title) -> bool:
    """Whether what was read is a table of indicators: its rows say so as well as its head."""
    strong = any(
        c.kind == "name" and pattern("title", "pattern").search(c.label) for c in read.columns
    )
    attributes = sum(row.attribute is not None for row in read.rows)
    if not read.rows:
        return strong or title.promises
    return strong or title.promises or attributes * 2 > len(read.rows)


def _note(lines: Sequence[Line], end: int) -> tuple[Cell | None, int]:
    """The note below a table, in one line or in numbered ones."""
    if end >= len(lines) or not pattern("end", "note").match(lines[end].text):
        return None, end
    first = lines[end]
    number = re.search(r"(\d)\s*[.、]", first.text[:8])
    last, expected = end + 1, int(number[1]) + 1 if number else 2
    while number and last < len(lines) and re.match(rf"{expected}\s*[.、]", lines[last].text):
        last, expected = last + 1, expected + 1
    return Cell(first.span, first.text), last


# ---------------------------------------------------------------- findings


def _refusals(table: IndicatorTable, refused: Sequence[Refused], text: str) -> Iterator[Finding]:
    for row in refused[:_MOST_REPORTED]:
        shown = " ".join(text[row.span.start : row.span.end].split())[:_SHOWN]
        yield Finding("table-row-refused", row.span, {"table": table.title, "row": shown})


def _left_behind(table: IndicatorTable, finder: _Finder, end: int) -> Iterator[Finding]:
    """Rows that are behind a table and go on with its numbers, which were not read."""
    last, reported, at = max((row.number for row in table.rows), default=0), 0, end
    reach = end + _LINES_OF_A_CELL
    while at < min(reach, len(finder.lines)) and reported < _MOST_REPORTED and table.rows:
        line = finder.lines[at]
        cells = [c for c in ruled_cells(finder.text, line) or () if c.text]
        numbers = [n for c in cells[:2] if (n := number_of(c.text)) is not None]
        if len(cells) + 2 > len(table.columns) and last + 1 in numbers:
            shown = " ".join(line.text.split())[:_SHOWN]
            yield Finding("table-row-refused", line.span, {"table": table.title, "row": shown})
            last, reported, reach = last + 1, reported + 1, at + _LINES_OF_A_CELL
        at += 1


def _gaps(table: IndicatorTable, refused: Sequence[Refused]) -> Iterator[Finding]:
    """The numbers that a table leaves out, those of refused rows aside."""
    numbers = {row.number for row in table.rows} | {r.number for r in refused if r.number}
    missing = sorted(set(range(1, max(numbers, default=0) + 1)) - numbers)
    if missing:
        listed = ", ".join(map(str, missing[:20]))
        yield Finding(
            "table-number-gap", table.title_span, {"table": table.title, "numbers": listed}
        )


def _repeated(table: IndicatorTable) -> Iterator[Finding]:
    """Rows that bear the number of another row before them."""
    said: set[tuple[int, int]] = set()
    for row in table.rows:
        if row.again and (row.number, row.again) not in said:
            said.add((row.number, row.again))
            values = {"table": table.title, "number": str(row.number), "name": row.name.text}
            yield Finding("table-number-twice", row.span, values)


def _columns_unread(table: IndicatorTable, others: Counter[str]) -> Iterator[Finding]:
    """Columns whose head was not understood although most rows have a number in them."""
    for label, numbers in others.items():
        if numbers >= _NEARLY_ALL * len(table.rows):
            values = {"table": table.title, "column": label or "?"}
            yield Finding("table-column-not-read", table.title_span, values)


def _lacking(table: IndicatorTable, text: str) -> Iterator[Finding]:
    """Rows without a value where nearly all have one and no empty cell or dash tells why."""
    wanted = sum(column.holds_values for column in table.columns)
    whole = sum(len(row.values) >= wanted for row in table.rows)
    if whole < _NEARLY_ALL * len(table.rows):
        return
    for row in table.rows:
        printed = text[row.span.start : row.span.end]
        parted = "\t" in printed or any(is_missing(piece) for piece in printed.split())
        if len(row.values) < wanted and not parted:
            values = {"table": table.title, "name": row.name.text}
            yield Finding("table-value-missing", row.span, values)


def _without_attribute(table: IndicatorTable) -> Iterator[Finding]:
    """Rows that lack an attribute, left out or printed in the middle of rows that share it."""
    bare = [row for row in table.rows if row.attribute is None]
    if bare and any(column.kind == "attribute" for column in table.columns):
        values = {"table": table.title, "count": str(len(bare)), "name": bare[0].name.text}
        yield Finding("table-attribute-missing", bare[0].span, values)


def _unread(found: Found, lines: Sequence[Line]) -> Iterator[Finding]:
    """Titles that promise a table of indicators where none was read."""
    for i, line in enumerate(lines):
        text = _bare_title(line.text)
        if i in found.taken or len(line.text) > _LONGEST_TITLE:
            continue
        if not pattern("title", "promise").search(text) or pattern("title", "review").search(text):
            continue
        if not pattern("title", "heading").match(text):
            yield Finding("table-not-read", line.span, {"table": line.text})
