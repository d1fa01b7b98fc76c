"""Indicator tables with one cell on a line."""

from __future__ import annotations

import re

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


def _header(lines: list[Line], first: int) -> Header | None:
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
        elif not (
            columns
            and columns[-1] in years
            and any(w in cell for w in rules["values"]["baseline"] + rules["values"]["target"])
        ):
            return None
        i += 1
        if meaning == "attribute":
            break
    if not {"number", "name", "target"} <= set(columns) or columns[-1] != "attribute":
        return None
    return Header(tuple(columns), years, i)


def read_cells(lines: list[Line], title: int, text: str, name: str) -> IndicatorTable | None:
    """Read the table whose title stands at a line, one cell on a line.

    Returns:
        The table, or None where no table header follows the title.

    Raises:
        PlanlinkError: a row lacks a cell, or a number comes twice.
    """
    header = _header(lines, title + 1)
    if header is None:
        return None
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
        if attribute_of(line.text) is None:
            continue
        category, row = _row(pending, category, value_columns, [r.number for r in rows], text, name)
        rows.append(row)
        pending = []
    if not rows:
        return None
    if pending and any(line.text.isdigit() for line in pending):
        fail(
            f"row {pending[0].text} has no attribute cell (约束性 or 预期性)",
            pending[0].span,
            text,
            name,
        )
    end = note.span.end if note else rows[-1].span.end
    return IndicatorTable(
        lines[title].text,
        lines[title].span,
        Span(lines[title].span.start, end),
        header.years,
        tuple(rows),
        note,
    )


def _row(
    cells: list[Line],
    category: Cell | None,
    value_columns: list[str],
    numbers: list[int],
    text: str,
    name: str,
) -> tuple[Cell | None, Row]:
    """One row from the cells that end with its attribute; what comes before its number names a new
    category."""
    at = next(
        (
            i
            for i, cell in enumerate(cells)
            if cell.text.isdigit() and (i == 0 or not cells[i - 1].text.isdigit())
        ),
        None,
    )
    if at is None:
        fail("a row has no number", cells[0].span, text, name)
    if at:
        category = Cell(
            Span(cells[0].span.start, cells[at - 1].span.end), "".join(c.text for c in cells[:at])
        )
    number = int(cells[at].text)
    if number in numbers:
        fail(f"indicator number {number} comes twice", cells[at].span, text, name)
    body = cells[at + 1 : -1]
    values = body[len(body) - len(value_columns) :]
    names = body[: len(body) - len(value_columns)]
    if not names or any(not is_value(v.text) for v in values) or is_number(names[-1].text):
        fail(
            f"row {number} should have a name and {len(value_columns)} value cells, "
            f"found {len(body)} cells",
            cells[at].span,
            text,
            name,
        )
    joined = Cell(Span(names[0].span.start, names[-1].span.end), "".join(c.text for c in names))
    attribute = Cell(cells[-1].span, cells[-1].text)
    found = {column: Cell(v.span, v.text) for column, v in zip(value_columns, values, strict=True)}
    return category, Row(
        number,
        None,
        category,
        None,
        joined,
        found,
        None,
        attribute,
        Span(cells[at].span.start, cells[-1].span.end),
    )
