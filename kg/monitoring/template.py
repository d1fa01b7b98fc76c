"""Templates of sheets to fill in, as CSV and XLSX."""

import io
from datetime import date

from kg.files import csv_bytes
from kg.lexicon import lexicon
from kg.monitoring.model import Period


def row_name(number: int | None, part: int | None, name: str) -> str:
    """How a template names an indicator: its number in the annex if any, its part and its name."""
    return f"{number}{f'-{part}' if part else ''} {name}" if number else name


def last_ended(first: int, last: int, today: date) -> str:
    """The last year of a plan's that has ended, else the first half of its first year, as a sheet
    has it; "" before either has.

    >>> last_ended(2021, 2025, date(2026, 11, 27)), last_ended(2026, 2030, date(2026, 11, 27))
    ('2025', '2026H1')
    """
    if today.year > first:
        return str(min(last, today.year - 1))
    half = Period(first, first, 1)
    return half.key.replace("-H", "H") if half.end < today.isoformat() else ""


def still_runs(period: str, today: date) -> str:
    """The last day (ISO 8601) of a period that has not ended, of which no value is taken yet.

    >>> still_runs("2026", date(2026, 11, 27)), still_runs("2026H1", date(2026, 11, 27))
    ('2026-12-31', '')
    """
    found = Period.read(period)
    return found.end if found and found.end >= today.isoformat() else ""


def template(rows: list[tuple[str, str]], period: str) -> list[list[str]]:
    """The heading, and a row for each indicator (number and name, unit) and a period."""
    columns = lexicon("monitoring")["indicators"]["columns"]
    names = list(columns)
    filled = [{"indicator": name, "period": period, "unit": unit} for name, unit in rows]
    return [
        [columns[name]["heads"][0] for name in names],
        *([row.get(name, "") for name in names] for row in filled),
    ]


def template_csv(rows: list[tuple[str, str]], period: str) -> bytes:
    """The template as CSV that spreadsheets open as UTF-8."""
    return csv_bytes(template(rows, period))


def template_xlsx(rows: list[tuple[str, str]], period: str) -> bytes:
    """The template as a workbook, with what each column wants as a note on its heading."""
    import openpyxl  # noqa: PLC0415
    from openpyxl.styles import Font  # noqa: PLC0415

    rules = lexicon("monitoring")["indicators"]
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = rules["sheet"]
    for row in template(rows, period):
        sheet.append([int(text) if text.isdecimal() else text for text in row])
        for cell in sheet[sheet.max_row]:
            if isinstance(cell.value, str):
                cell.data_type = "s"  # never a formula, whatever a unit begins with
    for i, column in enumerate(rules["columns"].values(), 1):
        cell = sheet.cell(1, i)
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 34 if i == 1 else 14
        if hint := column["hint"]["zh"]:
            cell.comment = openpyxl.comments.Comment(hint, "planlink")
    sheet.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
