"""ODS of LibreOffice and WPS: cells of its content.xml, each with its value and what it shows."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from lxml import etree

from kg.monitoring.intake.formats import day_cell, shown_text
from kg.monitoring.intake.table import (
    EMPTY,
    MOST_COLUMNS,
    MOST_ROWS,
    Area,
    Cell,
    Table,
    check_size,
    too_much,
)

_OF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_OFFICE, _TABLE, _TEXT, _STYLE = (_OF % name for name in ("office", "table", "text", "style"))
_ERROR = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_GROUPS = tuple(f"{_TABLE}table-{name}" for name in ("row-group", "rows", "header-rows"))
_COLUMN_GROUPS = tuple(
    f"{_TABLE}table-{name}" for name in ("column-group", "columns", "header-columns")
)
_SHOWN = re.compile(
    r"(?P<before>[^\d+-]*)(?P<number>[+-]?[\d,]+(?:\.(?P<places>\d+))?)(?P<after>\D*)"
)


@dataclass
class _Grid:
    """A table as it is filled from the file; repeated rows share their cells. struck, raised: the
    names of styles that strike text through, and raise it."""

    struck: set[str | None]
    raised: set[str | None]
    rows: dict[int, dict[int, Cell]] = field(default_factory=dict)
    merged: list[Area] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def at(self, row: int, column: int) -> Cell:
        """The cell in a row and column."""
        return self.rows.get(row, {}).get(column, EMPTY)


def read_ods(content: bytes, where: str) -> Iterator[Table]:
    """The sheets that are shown of a package that kept within bounds; PlanlinkError where one is
    too large, or repeats something without end."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True)
        root = etree.fromstring(package.read("content.xml"), parser)
    hidden = _styles(root, f"{_TABLE}display", "false")
    struck = _styles(root, f"{_STYLE}text-line-through-style", "(?!none).+")
    raised = _styles(root, f"{_STYLE}text-position", r"super\b.*|[1-9].*")
    for sheet in root.iterfind(f"{_OFFICE}body/{_OFFICE}spreadsheet/{_TABLE}table"):
        name = sheet.get(f"{_TABLE}name", "")
        if sheet.get(f"{_TABLE}style-name") in hidden:
            continue
        grid = _grid(sheet, f"{where}, sheet {name}", _Grid(struck, raised))
        yield Table(
            name,
            max(grid.rows, default=0),
            max((max(row) for row in grid.rows.values()), default=0),
            grid.at,
            tuple(grid.merged),
            grid.hidden_rows,
            grid.hidden_columns,
        )


def _styles(root: etree._Element, trait: str, wanted: str) -> set[str | None]:
    """The names of the styles that have such a trait."""
    return {
        style.get(f"{_STYLE}name")
        for style in root.iter(f"{_STYLE}style")
        if any(re.fullmatch(wanted, properties.get(trait, "")) for properties in style)
    }


def _grid(sheet: etree._Element, where: str, grid: _Grid) -> _Grid:
    at = 1
    for column in _within(sheet, "table-column", _COLUMN_GROUPS):
        last = at + _count(column, "number-columns-repeated", where) - 1
        if column.get(f"{_TABLE}visibility", "visible") != "visible":
            grid.hidden_columns |= set(range(at, min(last, MOST_COLUMNS) + 1))
        at = last + 1
    at = 1
    for row in _within(sheet, "table-row", _GROUPS):
        last = at + _count(row, "number-rows-repeated", where) - 1
        cells = _cells(row, at, grid, where)
        if cells:
            check_size(last, max(cells), (), where)
            grid.rows |= dict.fromkeys(range(at, last + 1), cells)
        if row.get(f"{_TABLE}visibility", "visible") != "visible":
            grid.hidden_rows |= set(range(at, min(last, MOST_ROWS) + 1))
        at = last + 1
    return grid


def _within(parent: etree._Element, name: str, groups: tuple[str, ...]) -> Iterator[etree._Element]:
    """The rows or columns of a table in order, those in groups too."""
    for child in parent:
        if child.tag == f"{_TABLE}{name}":
            yield child
        elif child.tag in groups:
            yield from _within(child, name, groups)


def _count(element: etree._Element, name: str, where: str) -> int:
    text = element.get(f"{_TABLE}{name}", "1")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise too_much(f"it repeats something {text[:20]!r} times", where)
    return max(1, int(text))


def _cells(row: etree._Element, at: int, grid: _Grid, where: str) -> dict[int, Cell]:
    """The cells of a row that are not empty, by their column."""
    cells: dict[int, Cell] = {}
    column = 1
    for element in row:
        last = column + _count(element, "number-columns-repeated", where) - 1
        cell = _cell(element, grid)
        if cell != EMPTY:
            check_size(at, last, (), where)
            cells |= dict.fromkeys(range(column, last + 1), cell)
        bottom = at + _count(element, "number-rows-spanned", where) - 1
        right = column + _count(element, "number-columns-spanned", where) - 1
        if (bottom, right) != (at, column):
            grid.merged.append(Area(at, column, bottom, right))
        column = last + 1
    return cells


def _cell(element: etree._Element, grid: _Grid) -> Cell:
    kind = element.get(f"{_OFFICE}value-type", "")
    lines = element.iterfind(f"{_TEXT}p")
    shown = "\n".join(shown_text(_parts(line, grid.raised)) for line in lines)
    of_text = (part.get(f"{_TEXT}style-name") for part in element.iter(f"{_TEXT}span"))
    if shown and not grid.struck.isdisjoint((element.get(f"{_TABLE}style-name"), *of_text)):
        return Cell(shown, "struck")
    if element.get(_ERROR) == "error":
        return Cell(shown, "error")
    if kind == "date":
        return _day(element.get(f"{_OFFICE}date-value", ""), shown)
    if kind in ("float", "percentage", "currency"):
        return _number(element.get(f"{_OFFICE}value", ""), shown)
    if not shown and element.get(f"{_TABLE}formula"):
        return Cell("", "uncalculated")
    return Cell(shown)


def _parts(line: etree._Element, raised: set[str | None]) -> Iterator[tuple[str, bool]]:
    """A line's text, and which parts are raised; several blanks are written as an element."""
    yield line.text or "", line.get(f"{_TEXT}style-name") in raised
    for child in line:
        yield from [(" ", False)] if child.tag == f"{_TEXT}s" else _parts(child, raised)
        yield child.tail or "", line.get(f"{_TEXT}style-name") in raised


def _day(value: str, shown: str) -> Cell:
    try:
        day = date.fromisoformat(value.partition("T")[0])
    except ValueError:
        return Cell(shown)
    return day_cell(day, "yyyy" if re.fullmatch(r"\d{4}\D?", shown) else "")


def _number(value: str, shown: str) -> Cell:
    """A number with the words of its format; refused where the format shows another number."""
    try:
        exact = Decimal(f"{float(value):.15g}")
    except (ValueError, InvalidOperation):
        return Cell(shown)
    match = _SHOWN.fullmatch(shown)
    if match is None:
        return Cell(format(exact.normalize() + 0, "f"), "" if not shown else "scaled")
    if "%" in match["after"]:
        exact *= 100
    nearest = Decimal(1).scaleb(-len(match["places"] or ""))
    plain = format(exact.normalize() + 0, "f")
    if abs(Decimal(match["number"].replace(",", "")) - exact) > nearest:
        return Cell(plain, "scaled")
    return Cell(f"{match['before'].strip()}{plain}{match['after'].strip()}")
