"""Sheets that are built to break their reader end in one line, before they are read whole."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sheet_files import written

from kg.errors import PlanlinkError
from kg.monitoring.intake import excel, read_book, read_delimited, table
from kg.monitoring.intake.table import MOST_COLUMNS, MOST_ROWS
from kg.monitoring.sheet import read_sheet

TABLE: dict[str, Any] = {"table": [["指标", "时期", "数值", "来源"], ["1", 2023, 560, "公报"]]}
SHEET = "xl/worksheets/sheet1.xml"
ROWS = b"</sheetData>"
ODS = (
    '<o:document-content xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:x="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:t="urn:oasis:names:tc:opendocument:xmlns:table:1.0"><o:body><o:spreadsheet><t:table '
    't:name="a">{}</t:table></o:spreadsheet></o:body></o:document-content>'
)
# What stands in place of the end of a sheet's rows.
IN_A_SHEET = {
    "a cell in the last column": (b'<row r="3"><c r="XFD3"><v>1</v></c></row>' + ROWS, "more than 200 columns"),
    "a cell in the last row": (b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>' + ROWS, "more than 20000 rows"),
    "all cells merged": (ROWS + b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', "merged"),
    "all cells merged, in other words": (ROWS + b'<mergeCells><mergeCell ref="&#65;1:XFD1048576"/></mergeCells>', "merged"),
    "all cells linked": (ROWS + b'<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>', "merged"),
    "merged cells that are none": (ROWS + b'<mergeCells><mergeCell ref="A1:B99999999999"/></mergeCells>', "it has cells at"),
    "nested without end": (ROWS + b"<x>" * 100_000, "this is no XLSX"),
}  # fmt: skip
IN_AN_ODS = {
    "a row repeated a million times": ('<t:table-row t:number-rows-repeated="1000000"><t:table-cell><x:p>a</x:p></t:table-cell></t:table-row>', "rows"),
    "a cell repeated a million times": ('<t:table-row><t:table-cell t:number-columns-repeated="1000000"><x:p>a</x:p></t:table-cell></t:table-row>', "columns"),
    "a cell repeated without number": ('<t:table-row><t:table-cell t:number-columns-repeated="9e9"><x:p>a</x:p></t:table-cell></t:table-row>', "repeats"),
    "all cells merged": ('<t:table-row><t:table-cell t:number-columns-spanned="9999" t:number-rows-spanned="9999"><x:p>a</x:p></t:table-cell></t:table-row>', "merged"),
}  # fmt: skip


def repacked(content: bytes, parts: dict[str, bytes]) -> bytes:
    """A package with other parts in place of its own, or besides them."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for name in {*old.namelist(), *parts}:
            new.writestr(name, parts[name] if name in parts else old.read(name))
    return out.getvalue()


@pytest.fixture
def book(tmp_path: Path) -> bytes:
    """A sound XLSX."""
    return written(TABLE, tmp_path).read_bytes()


def refused(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(PlanlinkError) as error:
        read_sheet(path)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("kind", IN_A_SHEET)
def test_a_sheet_beyond_its_bounds(kind: str, book: bytes, tmp_path: Path) -> None:
    put, told = IN_A_SHEET[kind]
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        sheet = package.read(SHEET)
    assert ROWS in sheet
    content = repacked(book, {SHEET: sheet.replace(ROWS, put)})
    assert told in refused(tmp_path / "a.xlsx", content)


@pytest.mark.parametrize("kind", IN_AN_ODS)
def test_an_ods_beyond_its_bounds(kind: str, book: bytes, tmp_path: Path) -> None:
    rows, told = IN_AN_ODS[kind]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("content.xml", ODS.format(rows))
    assert told in refused(tmp_path / "a.ods", out.getvalue())


def test_what_unpacks_to_too_much_is_never_unpacked(
    book: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = repacked(book, {"xl/media/a.png": b"\0" * (64 * 2**20)})
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *_: pytest.fail("it was unpacked"))
    assert "unpacks to more than 64 MiB" in refused(tmp_path / "a.xlsx", content)


def test_openpyxl_sees_nothing_that_is_out_of_bounds(
    book: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "_book", lambda *_: pytest.fail("it was read"))
    doctype = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]>'
    with zipfile.ZipFile(io.BytesIO(book)) as package:
        sheet = package.read(SHEET)
    for content in (
        sheet.replace(b"<worksheet", doctype + b"<worksheet", 1),
        sheet.decode().encode("utf-16"),
    ):
        assert "more than plain XML" in refused(
            tmp_path / "a.xlsx", repacked(book, {SHEET: content})
        )
    monkeypatch.setattr(table, "_ELEMENTS", 10)
    assert "more than 10 elements" in refused(tmp_path / "a.xlsx", book)


NO_SHEETS = {
    "too many rows": (b"1,2\n" * (MOST_ROWS + 1), f"more than {MOST_ROWS} rows"),
    "too many columns": (b"1," * MOST_COLUMNS + b"1\n", f"more than {MOST_COLUMNS} columns"),
    "too large": (b"a," * (9 * 2**20), "more than 16 MiB"),
    "a cell without end": (b'"' + b"a" * 200_000 + b'",b\n', "this is no CSV"),
    "no package": (b"PK\x03\x04 not a package", "this is no XLSX"),
    "no XLS": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 2000, "this is no XLSX, XLS"),
    "locked": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "password"),
    "a page": ("<html><table><tr><td>指标</td></tr></table></html>".encode(), "a web page"),
    "nothing": (b"\0" * 1000, "the file is empty"),
}  # fmt: skip


@pytest.mark.parametrize("kind", NO_SHEETS)
def test_text_and_what_is_no_sheet(kind: str, tmp_path: Path) -> None:
    content, told = NO_SHEETS[kind]
    assert told in refused(tmp_path / "a.xls", content)


@pytest.mark.parametrize("name", ["a.bin", "a.vml"])
def test_a_part_is_xml_whatever_its_name(name: str, book: bytes, tmp_path: Path) -> None:
    part = b"<a><mergeCell ref='A1:XFD1048576'/></a>"
    assert "merged" in refused(tmp_path / "a.xlsx", repacked(book, {f"xl/worksheets/{name}": part}))
    drawing = b"<xml><br><p></xml>"  # as Excel leaves them
    (tmp_path / "b.xlsx").write_bytes(repacked(book, {"xl/drawings/a.vml": drawing}))
    assert len(read_sheet(tmp_path / "b.xlsx").rows) == 1


def test_other_packages_are_named(book: bytes, tmp_path: Path) -> None:
    assert "XLSB" in refused(tmp_path / "a.xlsb", repacked(book, {"xl/workbook.bin": b""}))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("word/document.xml", "<a/>")
    assert "this is no XLSX, XLSM or ODS" in refused(tmp_path / "a.docx", out.getvalue())


def test_a_broken_xls_format_is_the_general_one(tmp_path: Path) -> None:
    """Bytes changed one by one in an XLS: it is read or refused, and nothing else comes out of
    it.
    """
    content = bytearray(written({**TABLE, "format": "xls"}, tmp_path).read_bytes())
    path, outcomes = tmp_path / "a.xls", set()
    for at in range(512, 3000, 41):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :])
        try:
            outcomes.add(len(read_book(path).tables))
            read_sheet(path)
        except PlanlinkError:
            outcomes.add("refused")
    assert {1, "refused"} <= outcomes


def test_text_is_told_by_the_delimiter_that_heads_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("指标;时期;数值,终;来源\n", encoding="utf-8")
    assert len(read_delimited(path.read_bytes(), "a")) == 2
    assert "no row heads" in refused(path, path.read_bytes())
