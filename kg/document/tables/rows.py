"""Indicator tables with one row on a line: cells parted by tabs, bars, gaps or single blanks, and
perhaps broken over lines."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kg.document.tables.model import (
    Cell,
    Header,
    IndicatorTable,
    Line,
    Row,
    attribute_of,
    fail,
    is_number,
    is_value,
)
from kg.lexicon import lexicon
from kg.source.text import Span

# lines below a category in which its first row must open, page numbers and repeated headers aside
_AHEAD = 6
_STRAY = 6  # characters of a header line that name no column
_BROKEN_CELL = 12  # characters of the end of a cell that a line break parted
_VALUES = ("baseline", "target", "extra")


@dataclass
class _Open:
    """A row being read: its number, its part of that number, the category it opens, and its cells
    so far."""

    number: int
    part: int
    category: Cell | None
    cells: list[Cell]


class _Reader:
    """Takes the lines below a header one by one, and gathers rows."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.rows: list[_Open] = []
        self._category: Cell | None = None
        self._ruled = False

    def take(self, line: Line, following: Line | None) -> bool:
        """Read a line into the table; False where the table has ended before it."""
        cells = _cells(line)
        self._ruled = self._ruled or "\t" in line.text or "|" in line.text
        done = not self.rows or self._complete(self.rows[-1])
        opens_next = following is not None and self._opens(_cells(following)) is not None
        heading = (_numbered_category(line) or _plain_category(cells)) if opens_next else None
        if heading is not None and done:
            self._category = heading
        elif (opened := self._opens(cells)) is not None:
            self.rows.append(opened)
            self._category = opened.category
        elif self.rows and not done:
            _go_on(self.rows[-1], cells)
        elif self.rows and self._belongs_to_last(line, cells):
            last = self.rows[-1]
            if len(cells) > 1:
                self.rows.append(_Open(last.number, last.part + 1, last.category, cells))
            else:
                _go_on(last, cells)
        else:
            return False
        return True

    def _opens(self, cells: list[Cell]) -> _Open | None:
        """A row that begins here: its number follows the last one's, with the category before it or
        not."""
        expected = self.rows[-1].number + 1 if self.rows else 1
        bare = cells[next((i for i, c in enumerate(cells) if c.text), len(cells)) :]
        if "number" not in self.header.columns:
            return self._unnumbered(cells, bare, expected)
        if len(bare) > 1 and bare[0].text == str(expected):
            return _Open(expected, 1, self._category, bare[1:])
        if "category" in self.header.columns and len(bare) > 2 and bare[1].text == str(expected):
            return _Open(expected, 1, bare[0], bare[2:])
        return None

    def _unnumbered(self, cells: list[Cell], bare: list[Cell], expected: int) -> _Open | None:
        """A row of a ruled table without a column of numbers: as many cells as columns."""
        missing = len(self.header.columns) - len(cells)
        grouped = "category" in self.header.columns
        if (
            not self._ruled
            or missing not in (0, int(grouped))
            or not any(is_value(c.text) for c in bare[1:])
        ):
            return None
        if not grouped or missing:  # a category that spans rows is named in its first
            return _Open(expected, 1, self._category, cells)
        return _Open(expected, 1, cells[0] if cells[0].text else self._category, cells[1:])

    def _complete(self, row: _Open) -> bool:
        attribute = (
            any(attribute_of(c.text) for c in row.cells) or "attribute" not in self.header.columns
        )
        values = [c for c in row.cells[1:] if not attribute_of(c.text)]
        return attribute and len(values) >= min(1, sum(c in _VALUES for c in self.header.columns))

    def _belongs_to_last(self, line: Line, cells: list[Cell]) -> bool:
        """Whether a line without a number goes on with the last row: a further part of it, or the
        end of a broken cell."""
        if len(cells) > 1:
            return is_value(cells[-1].text) or attribute_of(cells[-1].text) is not None
        last = self.rows[-1].cells[-1].text
        follows = self.header.columns[-1] != "attribute"
        return (
            follows
            and len(line.text) <= _BROKEN_CELL
            and not is_number(last)
            and is_value(last + line.text)
        )


def read_rows(lines: list[Line], title: int, text: str, name: str) -> IndicatorTable | None:
    """Read the table whose title stands at a line, one row on a line.

    Returns:
        The table, or None where no table header follows the title.

    Raises:
        PlanlinkError: a row lacks a name or a value.
    """
    first = next(
        (i for i in range(title + 1, len(lines)) if not _passed_over(lines[i].text)), len(lines)
    )
    header = _line_header(lines[first].text) if first < len(lines) else None
    if header is None:
        return None
    reader = _Reader(header)
    last, note = first, None
    for i in range(first + 1, len(lines)):
        line = lines[i]
        if re.match(lexicon("headings")["annex"]["note"], line.text):
            last, note = i, Cell(line.span, line.text)
            break
        if _passed_over(line.text) or _line_header(line.text) is not None:
            continue
        following = next(
            (
                other
                for other in lines[i + 1 : i + _AHEAD]
                if not _passed_over(other.text) and not _line_header(other.text)
            ),
            None,
        )
        if not reader.take(line, following):
            break
        last = i
    if not reader.rows:
        return None
    rows = _finish(reader.rows, header, text, name)
    return IndicatorTable(
        lines[title].text,
        lines[title].span,
        Span(lines[title].span.start, lines[last].span.end),
        header.years,
        rows,
        note,
    )


def _passed_over(text: str) -> bool:
    """Whether a line only rules the table, or belongs to the page."""
    return (
        re.fullmatch(r"[\s|:+-]+", text) is not None
        or re.match(lexicon("headings")["furniture"]["pattern"], text) is not None
    )


def _line_header(text: str) -> Header | None:
    """The columns that one line names, in order."""
    columns: list[str] = []
    years: dict[str, int] = {}
    rules = lexicon("tables")["header"]
    for match in re.finditer(rules["cells"], text):
        kind = str(match.lastgroup)
        if kind == "value":
            year = re.search(r"20\d\d", match.group())
            old = re.search(rules["old"], match.group())
            if not old and not re.search(rules["new"], match.group()):
                old = re.search(rules["second"], text[match.end() :])
            kind = "baseline" if old else "target"
            if year:
                years[kind] = int(year.group())
        columns.append(kind)
    if not {"name", "target"} <= set(columns) or not {"number", "attribute"} & set(columns):
        return None
    rest = re.sub(rules["cells"], "", text)
    return (
        Header(tuple(columns), years, 0)
        if len(re.sub(r"[\s|()\[\]%/*]", "", rest)) <= _STRAY
        else None
    )


def _cells(line: Line) -> list[Cell]:
    """The cells of a line: between its bars or tabs, empty ones too; else between gaps, else a
    row's parts between blanks."""
    if "|" in line.text:
        inner = re.search(r"^\|?(.*?)\|?$", line.text)
        begin, end = inner.span(1) if inner else (0, len(line.text))
        return [
            _cell(line, begin + m.start(), begin + m.end())
            for m in re.finditer(r"[^|]*(?=\||$)", line.text[begin:end])
            if _new(m)
        ]
    if "\t" in line.text:
        return [
            _cell(line, m.start(), m.end())
            for m in re.finditer(r"[^\t]*(?=\t|$)", line.text)
            if _new(m)
        ]
    pieces = list(re.finditer(r"\S+(?:\s\S+)*", line.text))
    rules = lexicon("tables")["header"]
    if len(pieces) == 1 and (
        row := re.match(rules["row"], line.text) or re.match(rules["row_end"], line.text)
    ):
        return [
            _cell(line, *row.span(part))
            for part in row.groupdict()
            if row[part] is not None and row[part].strip()
        ]
    return [_cell(line, p.start(), p.end()) for p in pieces]


def _new(match: re.Match[str]) -> bool:
    """Whether a match between separators is a cell, and not the empty match behind one."""
    return match.start() == 0 or match.string[match.start() - 1] in "|\t"


def _cell(line: Line, start: int, end: int) -> Cell:
    raw = line.text[start:end]
    start += len(raw) - len(raw.lstrip())
    return Cell(
        Span(line.span.start + start, line.span.start + start + len(raw.strip())), raw.strip()
    )


def _numbered_category(line: Line) -> Cell | None:
    """A line that names the category of the rows below it: 一、经济发展(12 项)."""
    match = re.match(lexicon("tables")["header"]["category"], line.text)
    return _cell(line, *match.span("name")) if match else None


def _plain_category(cells: list[Cell]) -> Cell | None:
    """A line with one short cell without digits."""
    named = [c for c in cells if c.text]
    short = (
        len(named) == 1
        and len(named[0].text) <= _BROKEN_CELL
        and not re.search(r"\d", named[0].text)
    )
    return named[0] if short else None


def _go_on(row: _Open, cells: list[Cell]) -> None:
    """Join what a line break parted: the first cell here belongs to the last one before."""
    before, here = row.cells[-1], cells[0]
    row.cells[-1] = Cell(Span(before.span.start, here.span.end), before.text + here.text)
    row.cells.extend(cells[1:])


def _finish(rows: list[_Open], header: Header, text: str, name: str) -> tuple[Row, ...]:
    """The rows with their cells given to columns; a name in two cells is a group and its part."""
    grouped = {row.number for row in rows if row.part > 1}
    found: list[Row] = []
    group: Cell | None = None
    attribute: Cell | None = None
    for row in rows:
        names, values, unit, stated = _columns(row, header)
        attribute = stated if stated or row.part == 1 else attribute
        if not names or not values:
            fail(f"row {row.number} should have a name and a value", row.cells[0].span, text, name)
        span = Span(row.cells[0].span.start, max(c.span.end for c in row.cells))
        if row.number in grouped:
            group = names[0] if row.part == 1 else group
            own = names[-1]
        else:
            group, own = (
                None,
                Cell(Span(names[0].span.start, names[-1].span.end), "".join(n.text for n in names)),
            )
        found.append(
            Row(
                row.number,
                row.part if row.number in grouped else None,
                row.category,
                group if group is not own else None,
                own,
                values,
                unit,
                attribute or Cell(span, ""),
                span,
            )
        )
    return tuple(found)


def _columns(
    row: _Open, header: Header
) -> tuple[list[Cell], dict[str, Cell], Cell | None, Cell | None]:
    """A row's name cells, values by column, unit and attribute: by place where it has a cell for
    each column, else by kind."""
    layout = [c for c in header.columns if c not in ("number", "category")]
    if len(row.cells) == len(layout):
        by_column = dict(zip(layout, row.cells, strict=True))
        values = {c: by_column[c] for c in _VALUES if c in by_column and by_column[c].text}
        unit = by_column.get("unit")
        return (
            [by_column["name"]],
            values,
            unit if unit and unit.text else None,
            by_column.get("attribute"),
        )
    stated = next((c for c in row.cells if attribute_of(c.text)), None)
    others = [c for c in row.cells if c is not stated and c.text]
    unit = next(
        (
            c
            for c in others[1:]
            if "unit" in header.columns
            and len(c.text) <= _BROKEN_CELL
            and not re.search(r"\d", c.text)
        ),
        None,
    )
    others = [c for c in others if c is not unit]
    columns = [c for c in header.columns if c in _VALUES]
    count = min(len(columns), len(others) - 1)
    values = (
        dict(zip(columns[len(columns) - count :], others[len(others) - count :], strict=True))
        if count > 0
        else {}
    )
    return others[: len(others) - count], values, unit, stated
