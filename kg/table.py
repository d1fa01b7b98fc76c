"""The indicator table of a plan: lines of cells -> rows with exact spans."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from kg.errors import PlanlinkError
from kg.lexicon import lexicon
from kg.text import Span


@dataclass(frozen=True)
class Line:
    """A line of the source without the white space around it."""

    span: Span
    text: str


@dataclass(frozen=True)
class Cell:
    """A cell of a table as normalised text, with its span."""

    span: Span
    text: str


@dataclass(frozen=True)
class Row:
    """A row of an indicator table; values are keyed by their column's meaning ("baseline", "target").

    part counts the rows that share one number (生产安全事故: 起数下降, 死亡人数下降); it is None where a number has one.
    """

    number: int
    part: int | None
    category: Cell | None
    group: Cell | None
    name: Cell
    values: dict[str, Cell]
    unit: Cell | None
    attribute: Cell
    span: Span


@dataclass(frozen=True)
class IndicatorTable:
    """An indicator table: its title, the years of its value columns, its rows and its note."""

    title: str
    title_span: Span
    span: Span
    years: dict[str, int]
    rows: tuple[Row, ...]
    note: Cell | None


@dataclass(frozen=True)
class _Header:
    columns: tuple[str, ...]
    years: dict[str, int]
    end: int


_STRAY = 6  # characters of a header line that name no column
_BROKEN_CELL = 12  # characters of the end of a cell that a line break parted


def _is_value(text: str) -> bool:
    cells = lexicon("tables")["cells"]
    return bool(re.match(cells["value"], text) or re.match(cells["none"], text) or any(word in text for word in cells["words"]))


def _attribute(text: str) -> str | None:
    for attribute, words in lexicon("tables")["attributes"].items():
        if text in words:
            return str(attribute)
    return None


def _header(lines: list[Line], first: int) -> _Header | None:
    """Read header cells, one a line, up to the column that closes the header."""
    rules = lexicon("tables")
    columns: list[str] = []
    years: dict[str, int] = {}
    i = first
    while i < len(lines) and i < first + 16:
        cell = lines[i].text
        meaning = next((m for m, words in rules["columns"].items() if cell in words), None)
        if meaning:
            columns.append(meaning)
        elif match := re.fullmatch(rules["values"]["year"], cell):
            kind = "target" if "baseline" in columns else "baseline"
            columns.append(kind)
            years[kind] = int(match["year"])
        elif not (columns and columns[-1] in years and any(w in cell for w in rules["values"]["baseline"] + rules["values"]["target"])):
            return None
        i += 1
        if meaning == "attribute":
            break
    if not {"number", "name", "target"} <= set(columns) or columns[-1] != "attribute":
        return None
    return _Header(tuple(columns), years, i)


def read_table(lines: list[Line], title: int, text: str, name: str) -> IndicatorTable | None:
    """Read the table whose title stands at a line: one cell a line, or one row a line.

    Returns:
        The table, or None where no table header follows the title.

    Raises:
        PlanlinkError: a row lacks a cell, or a number comes twice.
    """
    header = _header(lines, title + 1)
    if header is None:
        return _read_lines(lines, title, text, name)
    value_columns = [c for c in header.columns if c in ("baseline", "target")]
    rows: list[Row] = []
    category: Cell | None = None
    i = header.end
    pending: list[Line] = []
    note: Cell | None = None
    for i in range(header.end, len(lines)):
        line = lines[i]
        if re.match(lexicon("headings")["annex"]["note"], line.text):
            note = Cell(line.span, line.text)
            break
        pending.append(line)
        if _attribute(line.text) is None:
            continue
        category, row = _row(pending, category, value_columns, [r.number for r in rows], text, name)
        rows.append(row)
        pending = []
    if not rows:
        return None
    if pending and any(line.text.isdigit() for line in pending):
        _fail(f"row {pending[0].text} has no attribute cell (约束性 or 预期性)", pending[0], text, name)
    end = note.span.end if note else rows[-1].span.end
    return IndicatorTable(lines[title].text, lines[title].span, Span(lines[title].span.start, end), header.years, tuple(rows), note)


def _row(
    cells: list[Line], category: Cell | None, value_columns: list[str], numbers: list[int], text: str, name: str
) -> tuple[Cell | None, Row]:
    """One row from the cells that end with its attribute; what comes before its number names a new category."""
    at = next((i for i, cell in enumerate(cells) if cell.text.isdigit() and (i == 0 or not cells[i - 1].text.isdigit())), None)
    if at is None:
        _fail("a row has no number", cells[0], text, name)
    if at:
        category = Cell(Span(cells[0].span.start, cells[at - 1].span.end), "".join(c.text for c in cells[:at]))
    number = int(cells[at].text)
    if number in numbers:
        _fail(f"indicator number {number} comes twice", cells[at], text, name)
    body = cells[at + 1 : -1]
    values = body[len(body) - len(value_columns) :]
    names = body[: len(body) - len(value_columns)]
    if not names or any(not _is_value(v.text) for v in values) or _is_number(names[-1].text):
        _fail(f"row {number} should have a name and {len(value_columns)} value cells, found {len(body)} cells", cells[at], text, name)
    joined = Cell(Span(names[0].span.start, names[-1].span.end), "".join(c.text for c in names))
    attribute = Cell(cells[-1].span, cells[-1].text)
    found = {column: Cell(v.span, v.text) for column, v in zip(value_columns, values, strict=True)}
    return category, Row(number, None, category, None, joined, found, None, attribute, Span(cells[at].span.start, cells[-1].span.end))


# ---- tables with a row on a line, its cells parted by gaps, tabs, bars or single blanks; cells may be broken over lines


@dataclass
class _Open:
    """A row being read: its number, the category it opens, and its cells so far."""

    number: int
    part: int
    category: Cell | None
    cells: list[Cell]


def _read_lines(lines: list[Line], title: int, text: str, name: str) -> IndicatorTable | None:
    first = title + 1
    while first < len(lines) and not _is_bar(lines[first].text) and _is_furniture(lines[first].text):
        first += 1
    header = _line_header(lines[first].text) if first < len(lines) else None
    if header is None:
        return None
    rows: list[_Open] = []
    category: Cell | None = None
    last, note = first, None
    for i in range(first + 1, len(lines)):
        line = lines[i]
        if re.match(lexicon("headings")["annex"]["note"], line.text):
            last, note = i, Cell(line.span, line.text)
            break
        if _is_furniture(line.text) or _is_bar(line.text) or _line_header(line.text) is not None:
            continue
        cells = _cells(line)
        done = bool(rows) and _complete(rows[-1], header)
        if (heading := _category(line)) is not None and (done or not rows):
            category = heading
        elif (opened := _opens(cells, rows, category, header)) is not None:
            rows.append(opened)
            category = opened.category
        elif rows and not done:
            _go_on(rows[-1], cells)
        elif rows and _belongs_to_last(line, cells, rows[-1], header):
            if len(cells) > 1:
                rows.append(_Open(rows[-1].number, rows[-1].part + 1, rows[-1].category, cells))
            else:
                _go_on(rows[-1], cells)
        else:
            break
        last = i
    if not rows:
        return None
    found = _finish(rows, header, text, name)
    return IndicatorTable(
        lines[title].text, lines[title].span, Span(lines[title].span.start, lines[last].span.end), header.years, found, note
    )


def _line_header(text: str) -> _Header | None:
    """The columns that one line names, in order."""
    columns: list[str] = []
    years: dict[str, int] = {}
    rules = lexicon("tables")["header"]
    for match in re.finditer(rules["cells"], text):
        kind = str(match.lastgroup)
        if kind == "value":
            year = re.search(r"20\d\d", match.group())
            old = re.search(rules["old"], match.group()) or (
                not re.search(rules["new"], match.group()) and re.search(rules["second"], text[match.end() :])
            )
            kind = "baseline" if old else "target"
            if year:
                years[kind] = int(year.group())
        columns.append(kind)
    if not {"number", "name", "target"} <= set(columns):
        return None
    rest = re.sub(rules["cells"], "", text)
    return _Header(tuple(columns), years, 0) if len(re.sub(r"[\s|]", "", rest)) <= _STRAY else None


def _is_bar(text: str) -> bool:
    return re.fullmatch(r"[\s|:+-]+", text) is not None


def _is_furniture(text: str) -> bool:
    return re.match(lexicon("headings")["furniture"]["pattern"], text) is not None


def _cells(line: Line) -> list[Cell]:
    """The cells of a line: parted by gaps, tabs or bars where it has any, else by single blanks around a row's parts."""
    if "|" in line.text:
        pieces = list(re.finditer(r"[^|]+", line.text.strip("|")))
        shift = len(line.text) - len(line.text.lstrip("|"))
    else:
        pieces, shift = list(re.finditer(r"\S+(?:\s\S+)*", line.text)), 0
        rules = lexicon("tables")["header"]
        if len(pieces) == 1 and (row := re.match(rules["row"], line.text) or re.match(rules["row_end"], line.text)):
            return [_cell(line, *row.span(part)) for part in row.groupdict() if row[part] is not None and row[part].strip()]
    return [_cell(line, p.start() + shift, p.end() + shift) for p in pieces if p.group().strip()]


def _cell(line: Line, start: int, end: int) -> Cell:
    raw = line.text[start:end]
    start += len(raw) - len(raw.lstrip())
    return Cell(Span(line.span.start + start, line.span.start + start + len(raw.strip())), raw.strip())


def _category(line: Line) -> Cell | None:
    match = re.match(lexicon("tables")["header"]["category"], line.text)
    return Cell(line.span, match["name"].strip()) if match else None


def _opens(cells: list[Cell], rows: list[_Open], category: Cell | None, header: _Header) -> _Open | None:
    """A row that begins here: its number follows the last one's, with the category before it or not."""
    expected = rows[-1].number + 1 if rows else 1
    if cells and cells[0].text == str(expected) and len(cells) > 1:
        return _Open(expected, 1, category, cells[1:])
    if "category" in header.columns and len(cells) > 2 and cells[1].text == str(expected):
        return _Open(expected, 1, cells[0], cells[2:])
    return None


def _complete(row: _Open, header: _Header) -> bool:
    attribute = any(_attribute(c.text) for c in row.cells) or "attribute" not in header.columns
    values = [c for c in row.cells[1:] if not _attribute(c.text)]
    return attribute and len(values) >= sum(c in ("target", "baseline") for c in header.columns) - (len(row.cells) == 1)


def _go_on(row: _Open, cells: list[Cell]) -> None:
    """Join what a line break parted: the first cell here belongs to the last one before."""
    before, here = row.cells[-1], cells[0]
    row.cells[-1] = Cell(Span(before.span.start, here.span.end), before.text + here.text)
    row.cells.extend(cells[1:])


def _belongs_to_last(line: Line, cells: list[Cell], row: _Open, header: _Header) -> bool:
    """Whether a line without a number goes on with the last row: a further part of it, or the end of a broken cell."""
    if len(cells) > 1:
        return _is_value(cells[-1].text) or _attribute(cells[-1].text) is not None
    follows = header.columns[-1] != "attribute"
    return follows and len(line.text) <= _BROKEN_CELL and not _is_number(row.cells[-1].text) and _is_value(row.cells[-1].text + line.text)


def _finish(rows: list[_Open], header: _Header, text: str, name: str) -> tuple[Row, ...]:
    """The rows with their cells given to columns; a name in two cells is a group and its part."""
    value_columns = [c for c in header.columns if c in ("baseline", "target")]
    found: list[Row] = []
    group: Cell | None = None
    attribute: Cell | None = None
    parts = {row.number for row in rows if row.part > 1}
    for row in rows:
        stated = next((c for c in row.cells if _attribute(c.text)), None)
        attribute = stated if stated or row.part == 1 else attribute
        others = [c for c in row.cells if c is not stated]
        units = [c for c in others[1:] if "unit" in header.columns and _is_unit(c.text)]
        others = [c for c in others if c not in units[:1]]
        values = others[len(others) - min(len(value_columns), len(others) - 1) :]
        names = others[: len(others) - len(values)]
        if not names or not values:
            line = Line(row.cells[0].span, row.cells[0].text)
            _fail(f"row {row.number} should have a name and {len(value_columns)} value cells", line, text, name)
        if row.number in parts:
            group = names[0] if row.part == 1 else group
            own = names[-1] if row.part > 1 or len(names) > 1 else names[0]
        else:
            group, own = None, Cell(Span(names[0].span.start, names[-1].span.end), "".join(n.text for n in names))
        columns = value_columns[len(value_columns) - len(values) :]
        span = Span(row.cells[0].span.start, max(c.span.end for c in row.cells))
        found.append(
            Row(
                row.number,
                row.part if row.number in parts else None,
                row.category,
                group if group is not own else None,
                own,
                dict(zip(columns, values, strict=True)),
                units[0] if units else None,
                attribute or Cell(span, ""),
                span,
            )
        )
    return tuple(found)


def _is_unit(text: str) -> bool:
    return len(text) <= _BROKEN_CELL and not re.search(r"\d", text)


def _is_number(text: str) -> bool:
    return bool(re.match(lexicon("tables")["cells"]["value"], text))


def _fail(what: str, line: Line, text: str, name: str) -> NoReturn:
    number = text.count("\n", 0, line.span.start) + 1
    raise PlanlinkError(
        f"indicator table: {what}", f"{name}, line {number}", "complete the row in the source text: number, name, values, attribute"
    )
