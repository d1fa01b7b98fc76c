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
    from xlsxwriter import Workbook  # loads for an eighth of a second  # noqa: PLC0415

    rules, out = lexicon("monitoring")["indicators"], io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        sheet, bold = book.add_worksheet(rules["sheet"]), book.add_format({"bold": True})
        for at, row in enumerate(template(rows, period)):
            for place, text in enumerate(row):
                if text.isdecimal():
                    sheet.write_number(at, place, int(text))
                elif text:  # never a formula, whatever a unit begins with
                    sheet.write_string(at, place, text, None if at else bold)
        for place, column in enumerate(rules["columns"].values()):
            sheet.set_column(place, place, 14 if place else 34)
            if hint := column["hint"]["zh"]:
                sheet.write_comment(0, place, hint, {"author": "planlink"})
        sheet.freeze_panes(1, 1)
    return out.getvalue()
