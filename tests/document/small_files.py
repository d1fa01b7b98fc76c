"""Small files of every format, written from the short forms of blind.toml."""

from __future__ import annotations

import zipfile
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMES = f'xmlns:w="{W}" xmlns:r="{R}" xmlns:v="urn:schemas-microsoft-com:vml"'
LEVELS = (
    ("chineseCountingThousand", "第%1章"),
    ("chineseCountingThousand", "第%2节"),
    ("decimal", "%3."),
)
MILLIMETRE = 72 / 25.4
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
CONTROL = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
WRAPS = {
    "control": CONTROL,
    "link": '<w:hyperlink w:anchor="a">{}</w:hyperlink>',
    "simple": '<w:fldSimple w:instr=" SEQ a ">{}</w:fldSimple>',
    "ins": "<w:ins>{}</w:ins>",
    "to": "<w:moveTo>{}</w:moveTo>",
    "from": "<w:moveFrom>{}</w:moveFrom>",
}


def write(case: dict[str, Any], folder: Path) -> Path:
    """The case as a file of its format."""
    if "word" in case:
        return write_word(case["word"], folder / "plan.docx")
    if "pages" in case:
        (folder / "plan.pdf").write_bytes(as_pdf(case["pages"]))
        return folder / "plan.pdf"
    if "html" in case:
        head = f'<meta charset="{case.get("declared", "utf-8")}"><title>x</title>'
        page = f"<!DOCTYPE html><html><head>{head}</head><body>{case['html']}</body></html>"
        (folder / "plan.html").write_bytes(page.encode(case.get("encoding", "utf-8")))
        return folder / "plan.html"
    encoding = case.get("encoding", "utf-8")
    (folder / "plan.txt").write_bytes(case["text"].lstrip("\n").encode(encoding))
    return folder / "plan.txt"


class _Word:
    """A body in short forms as the XML of Word, with its footnotes."""

    def __init__(self, body: str) -> None:
        self.notes: list[str] = []
        root = ElementTree.fromstring(f"<body>{body}</body>")
        self.xml = "".join(map(self.block, root))

    def block(self, element: ElementTree.Element) -> str:
        match element.tag:
            case "table":
                return f"<w:tbl>{''.join(map(self.row, element))}</w:tbl>"
            case "both":
                said = f"<w:p>{self.inline(element)}</w:p>"
                return (
                    f'<mc:AlternateContent xmlns:mc="{MC}"><mc:Choice Requires="wps">{said}'
                    f"</mc:Choice><mc:Fallback>{said}</mc:Fallback></mc:AlternateContent>"
                )
            case "field":
                first, *others = map(self.inline, element)
                code = f"<w:r><w:instrText>{element.get('code')}</w:instrText></w:r>"
                begun = f"{_mark('begin')}{code}{_mark('separate')}{first}"
                paragraphs = [begun, *others[:-1], others[-1] + _mark("end")]
                return "".join(f"<w:p>{inside}</w:p>" for inside in paragraphs)
            case "box":
                text = f"<w:txbxContent><w:p>{self.inline(element)}</w:p></w:txbxContent>"
                shape = f"<v:shape><v:textbox>{text}</v:textbox></v:shape>"
                return f"<w:p><w:r><w:pict>{shape}</w:pict></w:r></w:p>"
            case "gone":
                about = "<w:rPr><w:del/></w:rPr>"
                return f"<w:p><w:pPr>{about}</w:pPr>{_deleted(element.text)}</w:p>"
            case tag:
                level = element.get("level", "0")
                about = _counted(level, 1) if tag == "n" else ""
                if tag == "o":
                    about = f'<w:pPr><w:outlineLvl w:val="{level}"/></w:pPr>'
                return f"<w:p>{about}{self.inline(element)}</w:p>"

    def row(self, row: ElementTree.Element) -> str:
        if row.tag == "control":
            return CONTROL.format("".join(map(self.row, row)))
        return f"<w:tr>{''.join(map(self.cell, row))}</w:tr>"

    def cell(self, cell: ElementTree.Element) -> str:
        if cell.tag == "control":
            return CONTROL.format("".join(map(self.cell, cell)))
        about = ""
        if across := cell.get("across"):
            about += f'<w:gridSpan w:val="{across}"/>'
        if down := cell.get("down"):
            about += '<w:vMerge w:val="restart"/>' if down == "restart" else "<w:vMerge/>"
        counted = _counted("0", 2) if cell.tag == "cn" else ""
        return f"<w:tc><w:tcPr>{about}</w:tcPr><w:p>{counted}{self.inline(cell)}</w:p></w:tc>"

    def inline(self, element: ElementTree.Element) -> str:
        written = _run(element.text)
        for child in element:
            match child.tag:
                case "del":
                    written += _deleted(child.text)
                case "hidden":
                    written += _run(child.text, "<w:vanish/>")
                case "br" | "tab":
                    written += f"<w:r><w:{child.tag}/></w:r>"
                case "sym":
                    written += f'<w:r><w:sym w:font="Symbol" w:char="{child.get("char")}"/></w:r>'
                case "note":
                    self.notes.append(child.text or "")
                    written += f'<w:r><w:footnoteReference w:id="{len(self.notes)}"/></w:r>'
                case _:
                    written += WRAPS[child.tag].format(self.inline(child))
            written += _run(child.tail)
        return written


def _run(text: str | None, about: str = "") -> str:
    return f"<w:r><w:rPr>{about}</w:rPr><w:t>{text}</w:t></w:r>" if text else ""


def _deleted(text: str | None) -> str:
    return f"<w:del><w:r><w:delText>{text}</w:delText></w:r></w:del>"


def _mark(kind: str) -> str:
    return f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>'


def _counted(level: str, numbering: int) -> str:
    return (
        f'<w:pPr><w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{numbering}"/></w:numPr></w:pPr>'
    )


def _numbering() -> str:
    levels = [
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText '
        f'w:val="{text}"/></w:lvl>'
        for i, (form, text) in enumerate(LEVELS)
    ]
    single = '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl>'
    return "".join(
        f'<w:abstractNum w:abstractNumId="{i}">{inside}</w:abstractNum>'
        for i, inside in ((1, "".join(levels)), (2, single))
    ) + "".join(f'<w:num w:numId="{i}"><w:abstractNumId w:val="{i}"/></w:num>' for i in (1, 2))


def write_word(body: str, path: Path) -> Path:
    """A Word file of a body in short forms.

    h, p: paragraphs; n: one that the program counts, of a level; o: one that is of a
    level in the outline; field: paragraphs in a field; box:
    a text box; both: one in two forms of which a reader takes one; gone: a deleted paragraph;
    table, row, c (across, down) and cn (counted). In a line: ins, del, from, to, hidden, note, br,
    tab, sym, link, simple (a field). control, around rows, cells and words.
    """
    word = _Word(body)
    notes = "".join(
        f'<w:footnote w:id="{i}"><w:p><w:r><w:footnoteRef/></w:r>{_run(text)}</w:p></w:footnote>'
        for i, text in enumerate(word.notes, 1)
    )
    parts = {"numbering": _numbering(), "footnotes": notes}
    relations = "".join(f'<Relationship Id="{n}" Type="{R}/{n}" Target="{n}.xml"/>' for n in parts)
    members = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="x"><Relationship Id="a" Type="{R}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f"<w:document {NAMES}><w:body>{word.xml}<w:sectPr/></w:body></w:document>",
        "word/_rels/document.xml.rels": f'<Relationships xmlns="x">{relations}</Relationships>',
    }
    for name, content in parts.items():
        members[f"word/{name}.xml"] = f"<w:{name} {NAMES}>{content}</w:{name}>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return path


def as_pdf(pages: list[str]) -> bytes:
    """Pages of placed lines in a font that the file names and does not hold."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d >>"
        % (b" ".join(b"%d 0 R" % (6 + 2 * i) for i in range(len(pages))), len(pages)),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UTF16-H"
        b" /DescendantFonts [4 0 R] >>",
        b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo"
        b" << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >> /FontDescriptor 5 0 R"
        b" /DW 1000 /W [1 95 500 814 939 500] >>",
        b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
        b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>",
    ]
    for number, page in zip(count(6, 2), pages, strict=False):
        drawn = "\n".join(map(_drawn, page.strip().splitlines())).encode("ascii")
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F 3 0 R >> >> >>" % (number + 1),
            b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        ]
    written, places = b"%PDF-1.7\n", []
    for index, body in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (index, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return written + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Root 1 0 R /Size %d >>\nstartxref\n%d\n%%%%EOF\n"
        % (len(objects) + 1, table, len(objects) + 1, len(written))
    )


def _drawn(line: str) -> str:
    """A line of text ("left top size text"), behind "~" one that is drawn invisibly, or a rule
    ("- x1 y1 x2 y2") as a page draws it."""
    if line.startswith("- "):
        x1, y1, x2, y2 = (float(v) * MILLIMETRE for v in line.split()[1:])
        return f"0.5 w {x1:.1f} {842 - y1:.1f} m {x2:.1f} {842 - y2:.1f} l S"
    mode = 3 if line.startswith("~ ") else 0
    left, top, size, text = line.removeprefix("~ ").split(" ", 3)
    x, y = float(left) * MILLIMETRE, 842 - float(top) * MILLIMETRE
    return f"BT {mode} Tr /F {size} Tf 1 0 0 1 {x:.1f} {y:.1f} Tm <{text.encode('utf-16-be').hex()}> Tj ET"
