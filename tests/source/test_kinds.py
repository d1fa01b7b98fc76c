"""Files of kinds that are not read, or of another than their ending says: one line each."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest
from support import run

from kg.errors import PlanlinkError
from kg.source.intake import read_published

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
PAGE = "<!DOCTYPE html>\n<html><body><p>第一章 总则</p></body></html>"


def stream(name: str) -> bytes:
    return OLE + name.encode("utf-16-le") + bytes(400)


def packed(**members: str) -> bytes:
    from io import BytesIO

    target = BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in members.items():
            package.writestr(name.replace("__", "/"), content)
    return target.getvalue()


WRONG = {
    "plan.doc": (stream("WordDocument"), "old Word or WPS document", "save it as .docx"),
    "plan.wps": (stream("WordDocument"), "old Word or WPS document", "save it as .docx"),
    "renamed.docx": (stream("WordDocument"), "old Word or WPS document", "save it as .docx"),
    "locked.docx": (stream("EncryptedPackage"), "locked with a password", "without one"),
    "sheet.xls": (stream("Workbook"), "a sheet", "the plan's text"),
    "page.docx": (PAGE.encode(), "an HTML page", "name it page.html"),
    "page.txt": (PAGE.encode("gb18030"), "an HTML page", "name it page.html"),
    "wide.txt": (PAGE.encode("utf-16"), "an HTML page", "name it wide.html"),
    "fragment.txt": ("<p>第一章</p>\n".encode() * 30, "an HTML page", "name it fragment.html"),
    "pdf.txt": (b"%PDF-1.7\n%\xe2\xe3", "a PDF", "name it pdf.pdf"),
    "pdf.html": (b"%PDF-1.7\n%\xe2\xe3", "a PDF", "name it pdf.pdf"),
    "word.txt": (packed(word__document="x"), "a Word document", "name it word.docx"),
    "word.wps": (packed(word__document="x"), "a Word document", "name it word.docx"),
    "plan.odt": (packed(mimetype="application/vnd.oasis.opendocument.text"), "OpenDocument", "as .docx"),
    "odt.docx": (packed(mimetype="application/vnd.oasis.opendocument.text"), "OpenDocument", "as .docx"),
    "plan.epub": (packed(mimetype="application/epub+zip"), "an e-book", "convert it"),
    "plan.ofd": (packed(**{"OFD.xml": "x"}), "an OFD document", "export it as PDF"),
    "ofd.pdf": (packed(**{"OFD.xml": "x"}), "an OFD document", "export it as PDF"),
    "sheet.xlsx": (packed(xl__workbook="x"), "a sheet", "the plan's text"),
    "slides.pptx": (packed(ppt__slides="x"), "a slide show", ".docx"),
    "plan.zip": (packed(a="x"), "an archive", "unpack it"),
    "zip.docx": (packed(a="x"), "an archive", "unpack it"),
    "plan.rar": (b"Rar!\x1a\x07\x00", "an archive", "unpack it"),
    "plan.rtf": (b"{\\rtf1\\ansi", "a rich text file", "save it as .docx"),
    "rtf.doc": (b"{\\rtf1\\ansi", "a rich text file", "save it as .docx"),
    "plan.mht": (b"MIME-Version: 1.0\nContent-Type: multipart/related;", "saved web page", "as HTML only"),
    "mht.html": (b"From: <Saved by Blink>\nContent-Type: multipart/related;", "saved web page", "as HTML only"),
    "word.xml": (b'<?xml version="1.0"?><?mso-application progid="Word.Document"?>', "a Word document as XML", ".docx"),
    "scan.jpg": (b"\xff\xd8\xff\xe0", "a picture", "OCR"),
    "scan.pdf": (b"\x89PNG\r\n\x1a\n", "a picture", "OCR"),
    "plan.caj": (b"CAJ\x00", "a CAJ document", "PDF"),
    "plan.csv": (b"a,b", "a sheet", "the plan's text"),
    "plan.xyz": (b"text", ".xyz is no kind of document that is read", "give one of .docx"),
    "plan": (b"text", "no ending is no kind of document that is read", "give one of .docx"),
    "words.docx": ("第一章".encode(), "cannot be read as .docx", "save the document anew"),
    "words.pdf": ("第一章".encode(), "cannot be read as .pdf", "save the document anew"),
    "cut.docx": (packed(word__document="x")[:60], "cannot be read as .docx", "save"),
    "empty.html": (b"", "empty", "give the document's own file"),
    "blank.html": (b"<html><body><p> </p></body></html>", "holds no text", "save the page as shown"),
    "blank.txt": ("\u3000\n\u200b\ufeff\n".encode(), "holds no text", "the plan's text"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_read_is_named_in_one_line(name: str, tmp_path: Path) -> None:
    content, says, mend = WRONG[name]
    (tmp_path / name).write_bytes(content)
    with pytest.raises(PlanlinkError) as refused:
        read_published(tmp_path / name)
    line = str(refused.value)
    assert "\n" not in line and line.startswith(str(tmp_path / name)), line
    assert says in line and mend in line


def test_the_command_says_so_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "renamed.docx").write_bytes(stream("WordDocument"))
    done = run("new", tmp_path / "renamed.docx", tmp_path / "plan")
    assert done.returncode == 2 and done.stderr.count("\n") == 1
    assert not (tmp_path / "plan").exists() and not list(tmp_path.glob(".plan*"))


def test_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "null.txt").symlink_to("/dev/zero")
    for name in ("pipe.txt", "folder.txt", "null.txt"):
        with pytest.raises(PlanlinkError, match="this is no file"):
            read_published(tmp_path / name)
    with pytest.raises(PlanlinkError, match="no such file"):
        read_published(tmp_path / "nothing.txt")


def test_a_file_too_large(tmp_path: Path) -> None:
    with (tmp_path / "plan.txt").open("wb") as file:
        file.truncate(65 * 2**20)
    with pytest.raises(PlanlinkError, match="65 MiB, more than 64"):
        read_published(tmp_path / "plan.txt")


def test_endings_of_other_spellings(tmp_path: Path) -> None:
    for name in ("PLAN.HTML", "plan.htm", "plan.shtml"):
        (tmp_path / name).write_text(PAGE, encoding="utf-8")
        assert read_published(tmp_path / name).text == "第一章 总则\n"
