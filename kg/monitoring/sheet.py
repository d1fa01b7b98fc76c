"""CSV and XLSX sheets: rows by the meaning of their columns, and templates to fill in."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.errors import PlanlinkError
from kg.lexicon import lexicon
from kg.source.text import decode

MOST_ROWS = 100_000
_HEADING_WITHIN = 10  # rows above the heading may hold a title


@dataclass(frozen=True)
class Sheet:
    """A sheet's kind (indicators or measures) and its rows: the row's number in the file, and its
    cells by meaning."""

    kind: str
    rows: tuple[tuple[int, dict[str, str]], ...]


def read_sheet(path: Path) -> Sheet:
    """Read a sheet of values or of measures' states, distinguished by its heading.

    Raises:
        PlanlinkError: the file is no table, has no heading that we know, or is too long.
    """
    table = _workbook(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    for at, cells in enumerate(table[:_HEADING_WITHIN]):
        for kind in ("indicators", "measures"):
            columns = _columns(kind, cells)
            if all(name in columns.values() for name in lexicon("monitoring")[kind]["needed"]):
                return Sheet(kind, tuple(_rows(table, at + 1, columns)))
    wanted = lexicon("monitoring")["indicators"]
    heads = "、".join(wanted["columns"][name]["heads"][0] for name in wanted["needed"])
    raise PlanlinkError(
        "no row heads the columns",
        str(path),
        f"head them {heads}, or start from planlink observe --template",
    )


def _columns(kind: str, cells: list[str]) -> dict[int, str]:
    """The meaning of each column, by its place."""
    heads = {
        head.lower(): name
        for name, column in lexicon("monitoring")[kind]["columns"].items()
        for head in column["heads"]
    }
    return {
        i: heads[cell.strip().lower()]
        for i, cell in enumerate(cells)
        if cell.strip().lower() in heads
    }


def _rows(
    table: list[list[str]], begin: int, columns: dict[int, str]
) -> list[tuple[int, dict[str, str]]]:
    rows = []
    for number, cells in enumerate(table[begin:], begin + 1):
        row = {name: cells[i].strip() if i < len(cells) else "" for i, name in columns.items()}
        filled = {name for name, text in row.items() if text} - {
            "indicator",
            "measure",
            "unit",
            "period",
        }
        if filled:  # a template's row that nobody filled in says nothing
            rows.append((number, row))
    return rows


def _csv(path: Path) -> list[list[str]]:
    if path.is_file() and not path.read_bytes().strip():
        return []
    text, _ = decode(path)
    text = text.removeprefix("\ufeff")
    try:
        table = list(
            csv.reader(
                io.StringIO(text),
                dialect="excel-tab" if "\t" in text.split("\n", 1)[0] else "excel",
                strict=True,
            )
        )
    except csv.Error as error:
        raise PlanlinkError(
            f"this is no CSV ({error})", str(path), "save the sheet as CSV or XLSX again"
        ) from error
    return _bounded(path, table)


def _workbook(path: Path) -> list[list[str]]:
    # openpyxl takes a while to load: only here and for templates.
    import openpyxl  # noqa: PLC0415
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415

    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        rows = [
            [_text(cell) for cell in row]
            for row in book.worksheets[0].iter_rows(values_only=True, max_row=MOST_ROWS + 2)
        ]
    except FileNotFoundError as error:
        raise PlanlinkError(
            "there is no such file", str(path), "name a CSV or XLSX file"
        ) from error
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        KeyError,
        OSError,
        ValueError,
        IndexError,
    ) as error:
        raise PlanlinkError(
            f"this is no XLSX ({type(error).__name__})",
            str(path),
            "save the sheet as XLSX or CSV again",
        ) from error
    return _bounded(path, rows)


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.12g}"
    return cell.date().isoformat() if hasattr(cell, "date") else str(cell)


def _bounded(path: Path, table: list[list[str]]) -> list[list[str]]:
    if len(table) > MOST_ROWS:
        raise PlanlinkError(f"more than {MOST_ROWS} rows", str(path), "divide the sheet")
    return table


def row_name(number: int, part: int | None, name: str) -> str:
    """How a template names an indicator: its number in the annex, the part of it if there are
    several, and its name."""
    return f"{number}{f'-{part}' if part else ''} {name}"


def template(rows: list[tuple[str, str]], year: int) -> list[list[str]]:
    """The rows of a template: the heading, and a row for each indicator (number and name, unit) and
    a year."""
    columns = lexicon("monitoring")["indicators"]["columns"]
    names = list(columns)
    filled = [{"indicator": name, "period": str(year), "unit": unit} for name, unit in rows]
    return [
        [columns[name]["heads"][0] for name in names],
        *([row.get(name, "") for name in names] for row in filled),
    ]


def template_csv(rows: list[tuple[str, str]], year: int) -> bytes:
    """The template as CSV that spreadsheets open as UTF-8."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(template(rows, year))
    return out.getvalue().encode("utf-8-sig")


def template_xlsx(rows: list[tuple[str, str]], year: int) -> bytes:
    """The template as a workbook, with what each column wants as a note on its heading."""
    import openpyxl  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    columns = lexicon("monitoring")["indicators"]["columns"]
    book = openpyxl.Workbook()
    sheet = book.active
    for row in template(rows, year):
        sheet.append(row)
    for i, column in enumerate(columns.values(), 1):
        cell = sheet.cell(1, i)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 34 if i == 1 else 14
        if column["hint"]:
            cell.comment = openpyxl.comments.Comment(column["hint"], "planlink")
    sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
