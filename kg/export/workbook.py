"""All tables of a plan as one workbook, made to be read: a sheet for each kind of entity, headers
that stay, links that lead on."""

import io
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from kg.export.answer_table import LONGEST, for_paper, lay_out, width
from kg.export.tables import Column, Table, words

_EPOCH = datetime(2000, 1, 1)  # the same tables give the same bytes
_NUMBERS = {"integer": "0", "decimal": "#,##0.###"}
_READS_AS_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{0,5}[1-9])?")
_BAND = "#F2F6FA"
_ADDRESS = 50  # digits that a column of IRIs is wide

_TEXT = {"valign": "top", "text_wrap": True}
_NUMBER = {"align": "right", "indent": 1}  # apart from the words of the next column
_HEAD = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "text_wrap": True}

_Look = Callable[..., Format]
"""The format of cells that look so, by the properties that xlsxwriter knows; made once of each."""


def workbook(
    tables: tuple[Table, ...],
    title: str,
    author: str,
    imprint: str = "",
    core: Sequence[tuple[str, str]] = (),
) -> bytes:
    """The workbook (ISO/IEC 29500), with core metadata, by element, on a sheet of its own."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"author": author, "title": title, "created": _EPOCH})
        look: _Look = cache(lambda **properties: book.add_format(properties))
        contents = book.add_worksheet(words()["contents"])
        contents.set_column(0, 1, 24)
        contents.write_string(0, 0, title[:LONGEST], look(bold=True, font_size=14))
        contents.write_string(1, 0, imprint[:LONGEST])
        for at, table in enumerate(tables, 2):
            contents.write_url(at, 0, f"internal:'{table.zh}'!A1", look(hyperlink=True), table.zh)
            contents.write_string(at, 1, table.en)
            contents.write_number(at, 2, len(table.rows))
            _fill(book.add_worksheet(table.zh), table, look)
        if core:
            _fill_core(book.add_worksheet(words()["core"]), core, look)
        for sheet in book.worksheets():
            for_paper(sheet)
    return out.getvalue()


def _fill(sheet: Worksheet, table: Table, look: _Look) -> None:
    """A table: what its columns say, which is what is printed, then those that say how it was found
    or nothing, and IRIs, the row's at the end."""
    columns = [(i, c) for i, c in enumerate(table.columns, 1) if not _is_spelt_out(c, table)]
    read = [(i, c) for i, c in columns if _is_read(i, c, table)]
    shown = sorted(columns, key=lambda one: (one not in read, one[1].kind == "iri"))
    last = len(shown)
    heads = [*(column.zh for _, column in shown), "IRI"]
    numbers = {place for place, (_, column) in enumerate(read) if column.kind in _NUMBERS}
    printed = [[width(c.zh), *(width(row[i]) for row in table.rows)] for i, c in read]
    lay_out(sheet, printed, numbers)
    sheet.set_column(sum(c.kind != "iri" for _, c in columns), last, _ADDRESS)
    for place, head in enumerate(heads):
        sheet.write_string(0, place, head, look(**_HEAD, valign="vcenter"))
    for at, row in enumerate(table.rows, 1):
        band = {} if at % 2 else {"bg_color": _BAND}
        for place, (i, column) in enumerate(shown):
            number = _number_format(column, row[i])
            as_number = {"num_format": number, **_NUMBER} if number else {}
            form = look(**_TEXT, **as_number, **band)
            if not row[i]:
                if band:
                    sheet.write_blank(at, place, None, form)
            elif number:
                sheet.write_number(at, place, float(row[i]), form)
            else:  # never a formula, whatever the plan's words begin with
                sheet.write_string(at, place, row[i][:LONGEST], form)
        sheet.write_url(at, last, row[0], look(hyperlink=True, **band), row[0])
    sheet.freeze_panes(1, 2 if shown[0][1].name == "number" else 1)
    sheet.autofilter(0, 0, len(table.rows), last)
    # 4.1 is the name of a section, and 12 that of a goal beside vision-1: no mistakes to be marked
    sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell(len(table.rows), last)}"})
    if read:
        sheet.print_area(0, 0, len(table.rows), len(read) - 1)


def _number_format(column: Column, text: str) -> str:
    """The format of a cell that holds a number; "" of one that holds words. What is said for people
    of a baseline or a period is a number where it looks like it (4.1, 2021)."""
    if column.via and _READS_AS_NUMBER.fullmatch(text):
        return "General"
    number = _NUMBERS.get(column.kind, "")
    if number and text and float(text).is_integer():
        return number.removesuffix(".###")  # 65, not 65.
    return number


def _fill_core(sheet: Worksheet, core: Sequence[tuple[str, str]], look: _Look) -> None:
    lay_out(sheet, [[*map(width, side)] for side in zip(*core, strict=True)])
    for at, (element, value) in enumerate(core):
        sheet.write_string(at, 0, element[:LONGEST], look(**_TEXT, bold=True))
        sheet.write_string(at, 1, value[:LONGEST], look(**_TEXT))


def _is_read(at: int, column: Column, table: Table) -> bool:
    """Whether a column is for people, and says something in some row."""
    is_filled = not table.rows or any(row[at] for row in table.rows)
    return column.kind != "iri" and not column.aside and is_filled


def _is_spelt_out(column: Column, table: Table) -> bool:
    """Whether another column says in words what this one says by IRI (unit_label beside unit)."""
    return column.kind == "iri" and any(
        other is not column and other.name.startswith(column.name) for other in table.columns
    )
