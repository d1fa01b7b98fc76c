"""Sheets made from tables: XLSX, XLSM, XLS, ODS and CSV files with the traits of sheets.toml."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.cell import column_index_from_string, coordinate_from_string, range_boundaries
from openpyxl.utils.datetime import CALENDAR_MAC_1904

HEADS = {
    "indicator": "指标", "period": "时期", "value": "数值", "unit": "单位", "source": "来源", "date": "公布日期", "judgement": "达标判断",
}  # fmt: skip
USUAL = {"indicator": "1", "period": 2023, "value": 560, "source": "公报"}
XLS_ERRORS = {"#DIV/0!": 0x07, "#N/A": 0x2A}
Case = dict[str, Any]


def table_of(case: Case) -> list[list[Any]]:
    """The table of a case, or the usual head with its one row."""
    if "table" in case:
        return case["table"]  # type: ignore[no-any-return]
    row = USUAL | case["row"]
    return [list(HEADS.values()), [row.get(name, "") for name in HEADS]]


def written(case: Case, folder: Path) -> Path:
    """A case as a file."""
    kind = case.get("format", "xlsx")
    path = folder / f"values{case.get('suffix', f'.{kind}')}"
    write = {"xlsx": _xlsx, "xlsm": _xlsx, "xls": _xls, "ods": _ods, "csv": _csv}[kind]
    path.write_bytes(write(case))
    return path


def _sheets(case: Case) -> list[Case]:
    return [
        *case.get("before", ()),
        {**case, "name": "汇总", "table": table_of(case)},
        *case.get("after", ()),
    ]


def _place(name: str) -> tuple[int, int]:
    """C2 as row and column, from 1."""
    letter, row = coordinate_from_string(name)
    return row, column_index_from_string(letter)


def _xlsx(case: Case) -> bytes:
    book, results = openpyxl.Workbook(), {}
    book.remove(book.active)
    if case.get("date1904"):
        book.epoch = CALENDAR_MAC_1904
    for at, one in enumerate(_sheets(case), 1):
        sheet = book.create_sheet(one["name"])
        sheet.sheet_state = one.get("state", "visible")
        for r, row in enumerate(one["table"], 1):
            for c, value in enumerate(row, 1):
                cell = sheet.cell(r, c)
                if isinstance(value, dict):
                    cell.value = f"={value['f']}" if "f" in value else value["e"]
                    if "v" in value:
                        results[f"xl/worksheets/sheet{at}.xml", cell.coordinate] = value["v"]
                elif value != "":
                    cell.value = value
        if one["name"] == "汇总":
            _shape(sheet, one)
    book.active = len(case.get("before", ()))
    out = io.BytesIO()
    book.save(out)
    return _with_results(out.getvalue(), results) if results else out.getvalue()


def _shape(sheet: Any, case: Case) -> None:
    """What a sheet shows and hides."""
    for name, number_format in case.get("number_formats", {}).items():
        sheet[name].number_format = number_format
    for name in case.get("struck", ()):
        sheet[name].font = Font(strike=True)
    for name, parts in case.get("parts", {}).items():
        sheet[name].value = CellRichText(
            *(TextBlock(InlineFont(strike=how == "struck", vertAlign=how if how == "superscript" else None), text) for text, how in parts)
        )  # fmt: skip
    for area in case.get("merged", ()):
        sheet.merge_cells(area)
    for row in case.get("hidden_rows", ()):
        sheet.row_dimensions[row].hidden = True
    for letter in case.get("hidden_columns", ()):
        sheet.column_dimensions[letter].hidden = True


def _with_results(content: bytes, results: dict[tuple[str, str], Any]) -> bytes:
    """The book with the results of its formulas, which Excel keeps and openpyxl does not write."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            for (where, cell), value in results.items():
                if where == name:
                    pattern = rf'(<c r="{cell}"[^>]*><f>[^<]*</f>)<v ?/?>(</v>)?'.encode()
                    part, found = re.subn(pattern, rb"\g<1><v>%s</v>" % str(value).encode(), part)
                    assert found == 1
            new.writestr(name, part)
    return out.getvalue()


def _font(how: str) -> Any:
    import xlwt

    font = xlwt.Font()
    font.struck_out, font.escapement = how == "struck", int(how == "superscript")
    return font


def _xls(case: Case) -> bytes:
    import xlwt

    book = xlwt.Workbook()
    for one in _sheets(case):
        sheet = book.add_sheet(one["name"])
        sheet.visibility = int(one.get("state") == "hidden")
        merged = {_place(area.split(":")[0]): area for area in one.get("merged", ())}
        for r, row in enumerate(one["table"], 1):
            for c, value in enumerate(row, 1):
                style = xlwt.XFStyle()
                style.num_format_str = one.get("number_formats", {}).get(
                    f"{get_column_letter(c)}{r}", "General"
                )
                style.font.struck_out = f"{get_column_letter(c)}{r}" in one.get("struck", ())
                if parts := one.get("parts", {}).get(f"{get_column_letter(c)}{r}"):
                    sheet.write_rich_text(r - 1, c - 1, [(text, _font(how)) for text, how in parts])
                    continue
                if isinstance(value, dict):
                    sheet.row(r - 1).set_cell_error(c - 1, XLS_ERRORS[value["e"]], style)
                elif (r, c) in merged:
                    left, top, right, bottom = range_boundaries(merged[r, c])
                    sheet.write_merge(top - 1, bottom - 1, left - 1, right - 1, value, style)
                elif value != "":
                    sheet.write(r - 1, c - 1, value, style)
    book.active_sheet = len(case.get("before", ()))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


_ODS = (
    '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.2">'
    '<office:automatic-styles><style:style style:name="no" '
    'style:family="table"><style:table-properties table:display="false"/></style:style>'
    '<style:style style:name="struck"><style:text-properties '
    'style:text-line-through-style="solid"/></style:style>'
    '<style:style style:name="superscript"><style:text-properties style:text-position="super '
    '58%"/></style:style></office:automatic-styles>'
    "<office:body><office:spreadsheet>{}</office:spreadsheet></office:body></office:document-content>"
)


def _ods(case: Case) -> bytes:
    tables = []
    for one in _sheets(case):
        spans = {
            _place(area.split(":")[0]): range_boundaries(area) for area in one.get("merged", ())
        }
        style = ' table:style-name="no"' if one.get("state") == "hidden" else ""
        rows = "".join(
            "<table:table-row>"
            + "".join(_ods_cell(value, r, c, one, spans) for c, value in enumerate(row, 1))
            + '<table:table-cell table:number-columns-repeated="1000"/></table:table-row>'
            for r, row in enumerate(one["table"], 1)
        )
        rows += '<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>'
        tables.append(f'<table:table table:name="{one["name"]}"{style}>{rows}</table:table>')
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        file.writestr("content.xml", _ODS.format("".join(tables)))
    return out.getvalue()


def _ods_cell(
    value: Any, row: int, column: int, case: Case, spans: dict[tuple[int, int], tuple[int, ...]]
) -> str:
    name, attributes, shown = "table-cell", "", value
    if (row, column) in spans:
        left, top, right, bottom = spans[row, column]
        attributes = f' table:number-rows-spanned="{bottom - top + 1}" table:number-columns-spanned="{right - left + 1}"'
    elif any(
        left <= column <= right and top <= row <= bottom
        for left, top, right, bottom in spans.values()
    ):
        name = "covered-table-cell"
    if isinstance(value, datetime.date):
        attributes += f' office:value-type="date" office:date-value="{value.isoformat()}"'
        shown = f"{value.year}/{value.month}/{value.day}"
    elif isinstance(value, int | float):
        percent = "%" in case.get("number_formats", {}).get(f"{get_column_letter(column)}{row}", "")
        attributes += (
            f' office:value-type="{"percentage" if percent else "float"}" office:value="{value}"'
        )
        shown = f"{value:.0%}" if percent else f"{value:.0f}"
    elif value:
        attributes += ' office:value-type="string"'
    if f"{get_column_letter(column)}{row}" in case.get("struck", ()):
        attributes += ' table:style-name="struck"'
    text = f"<text:p>{escape(str(shown))}</text:p>" if shown != "" else ""
    if parts := case.get("parts", {}).get(f"{get_column_letter(column)}{row}"):
        text = "".join(
            f'<text:span text:style-name="{how}">{part}</text:span>' for part, how in parts
        )
        text = f"<text:p>{text}</text:p>"
    return f"<table:{name}{attributes}>{text}</table:{name}>"


def _csv(case: Case) -> bytes:
    out = io.StringIO()
    csv.writer(
        out, delimiter=case.get("delimiter", ","), lineterminator=case.get("newline", "\r\n")
    ).writerows(table_of(case))
    return out.getvalue().encode(case.get("encoding", "utf-8"))
