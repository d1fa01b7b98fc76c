"""An answer's table as CSV or as a workbook, to be worked on."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.files import csv_bytes

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of a workbook."""
LONGEST = 32_767  # characters that a cell of a workbook holds
_NARROW = 10  # digits that a column of words has at the least
_BESIDE = 3  # digits that stay free in a column
_LINE = 15  # height of a line, in points
_PAPER = 144  # digits across a page of A4 where 11 points are printed in 8, in wide fonts too
_MARGIN = 0.4  # inches
_HIGHEST = 405  # points that a row may have
_TITLE = 31  # characters of a sheet's name


@dataclass(frozen=True)
class AnswerTable:
    """A table: its title, the heads of its columns, and its rows of texts and numbers."""

    title: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | int | float]]


def as_csv(tables: Sequence[AnswerTable], cited: tuple[str, str]) -> bytes:
    """Tables as one CSV (RFC 4180) in UTF-8 with a mark at its start, by which spreadsheets know
    it. The columns of all are in its first line; where there are several tables, the first column
    names the one that a row is of. The last has the citation, given with its head, in each row."""
    heads = list(dict.fromkeys(head for table in tables for head in table.heads))
    several = len(tables) > 1
    rows: list[list[object]] = [[*([""] if several else []), *heads, cited[0]]]
    for table in tables:
        for row in table.rows:
            cells = dict(zip(table.heads, row, strict=True))
            written = [cells.get(head, "") for head in heads]
            rows.append([*([table.title] if several else []), *written, cited[1]])
    return csv_bytes(rows)


def as_workbook(tables: Sequence[AnswerTable], imprint: str, author: str) -> bytes:
    """Tables as a workbook (ISO/IEC 29500), a sheet for each, the imprint below it."""
    from xlsxwriter import Workbook  # loads for an eighth of a second  # noqa: PLC0415

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"author": author})
        top = book.add_format({"valign": "top", "text_wrap": True})
        bold = book.add_format({"valign": "top", "text_wrap": True, "bold": True})
        for number, table in enumerate(tables, 1):
            name = "".join(letter for letter in table.title if letter not in r"[]:*?/\'")
            sheet = book.add_worksheet(name[:_TITLE] or str(number))
            cells = [[width(value) for value in row] for row in (table.heads, *table.rows)]
            lay_out(sheet, list(zip(*cells, strict=True)))
            for place, head in enumerate(table.heads):
                sheet.write_string(0, place, head, bold)
            for at, row in enumerate(table.rows, 1):
                for place, value in enumerate(row):
                    if isinstance(value, str):  # never a formula, whatever it begins with
                        sheet.write_string(at, place, value[:LONGEST], top)
                    else:
                        sheet.write_number(at, place, value, top)
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, len(table.rows), len(table.heads) - 1)
            sheet.write_string(len(table.rows) + 2, 0, imprint)
            for_paper(sheet)
    return out.getvalue()


def width(value: str | float) -> int:
    """How wide a value is printed, in digits: a Chinese character is as wide as two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in str(value))


def lay_out(
    sheet: Worksheet, columns: Sequence[Sequence[int]], numbers: Collection[int] = ()
) -> None:
    """Give a sheet's columns, by how wide their cells are (in digits, the head among them), their
    widths, and its rows heights for wrapped texts: not every program finds these. numbers: the
    columns that hold numbers."""
    widths = _within_paper(columns, numbers)
    for place, wide in enumerate(widths):
        sheet.set_column(place, place, wide)
    for at, cells in enumerate(zip(*columns, strict=True)):
        lines = max(cell // max(1, wide - 2) for cell, wide in zip(cells, widths, strict=True))
        sheet.set_row(at, min(_HIGHEST, _LINE * (lines + 1)))


def _within_paper(columns: Sequence[Sequence[int]], numbers: Collection[int]) -> list[int]:
    """Widths of columns, as twice what is in them on the mean, or as much less as has 8 points fit
    a page; numbers stay whole. All are in digits."""
    needed, least = [], []
    for place, cells in enumerate(columns):
        whole = max(cells) + _BESIDE
        grouped = whole + whole // 3  # a comma before each three digits
        least.append(grouped if place in numbers else min(whole, _NARROW))
        needed.append(max(least[-1], min(whole, 2 * sum(cells) // len(cells) + _BESIDE)))
    spare = sum(needed) - sum(least)
    share = min(1, max(0, _PAPER - sum(least)) / spare) if spare else 0
    return [low + int((want - low) * share) for want, low in zip(needed, least, strict=True)]


def for_paper(sheet: Worksheet) -> None:
    """Have a sheet printed on A4, as wide as the page, its heads and number on every page."""
    sheet.set_landscape()
    sheet.set_margins(left=_MARGIN, right=_MARGIN)
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer("&C&P / &N")
