"""The kind of a published file, recognised by its content as well as by its ending."""

import re
import zipfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kg.errors import PlanlinkError
from kg.lexicon import lexicon
from kg.source.intake.package import BROKEN

_HEAD = 4096  # bytes by which a kind is recognised
_DIRECTORY = 2**20  # bytes of an old Office file in which its streams are named
_STARTS = (
    (b"%PDF-", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"%!PS", "postscript"),
    (b"\x89PNG\r\n", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"RIFF", "picture"),
    (b"CAJ\x00", "caj"),
    (b"KDH ", "caj"),
)
_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("PowerPoint Document", "slides"),
    ("Workbook", "xls"),
    ("Book", "xls"),
)
_MEMBERS = (
    ("word/", "docx"),
    ("xl/", "xlsx"),
    ("ppt/", "slides"),
    ("OFD.xml", "ofd"),
    ("META-INF/container.xml", "epub"),
)
_PAGE = re.compile(
    rb"\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_TAGS = re.compile(rb"</(?:p|div|td|span|li)>|<br\s*/?>", re.IGNORECASE)


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    id: its name here. name: what to call it, with its article. endings: those its files have.
    read: whether it is read. mend: what to do with it if not. empty: what to do with a file of it
    that holds no text.
    """

    id: str
    name: str
    endings: tuple[str, ...]
    read: bool
    mend: str
    empty: str


def kind_of(path: Path) -> Kind:
    """The kind of a file; PlanlinkError for one empty, not read, or not what its ending says."""
    if not path.stat().st_size:
        raise PlanlinkError("the file is empty", str(path), "give the document's own file")
    ending = path.suffix.lower()
    named = next((kind for kind in _kinds().values() if ending in kind.endings), None)
    found = _by_content(path)
    if found is None and named is not None and named.id in _BARE:
        found = named.id
    if found is not None and (kind := _kinds()[found]) != named:
        mend = f"name it {path.stem}{kind.endings[0]}" if kind.read else kind.mend
        raise PlanlinkError(f"this is {kind.name}", str(path), mend)
    if named is None:
        endings = [kind.endings[0] for kind in _kinds().values() if kind.read]
        raise PlanlinkError(
            f"{ending or 'no ending'} is no kind of document that is read",
            str(path),
            f"give one of {', '.join(endings)}",
        )
    if not named.read:
        raise PlanlinkError(
            f"{named.name} is no kind of document that is read", str(path), named.mend
        )
    if found is None:
        raise PlanlinkError(
            f"the file cannot be read as {ending}: it is not {named.name}",
            str(path),
            "save the document anew, or as plain text",
        )
    return named


_BARE = ("text", "markdown", "html")  # kinds that no mark at the start shows


@cache
def _kinds() -> dict[str, Kind]:
    return {
        one["id"]: Kind(
            one["id"],
            one["name"],
            tuple(one["endings"]),
            one.get("read", False),
            one.get("mend", ""),
            one.get("empty", ""),
        )
        for one in lexicon("kinds")["kind"]
    }


def _by_content(path: Path) -> str | None:
    """The kind that a file's content shows; None for text."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if head.startswith(_OFFICE):
            return _old_office(head + file.read(_DIRECTORY))
    if head.startswith(_ZIP):
        return _packed(path)
    for mark, kind in _STARTS:
        if head.startswith(mark) or (kind == "pdf" and mark in head[:1024]):
            return kind
    return _marked_up(head.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n"), path)


def _marked_up(head: bytes, path: Path) -> str | None:
    """The kind of a file with markup, by its beginning."""
    if re.match(rb"(?:MIME-Version:|From: <Saved by)", head) and b"multipart/related" in head:
        return "mht"
    if head.startswith(b"<?xml"):
        for mark, kind in ((b"Word.Document", "wordxml"), (b"opendocument", "odt")):
            if mark in head:
                return kind
    tags = path.suffix.lower() == ".txt" and len(_TAGS.findall(head)) >= 12
    return "html" if tags or _PAGE.match(head) else None


def _old_office(content: bytes) -> str:
    """The kind of a compound file, by the names of its streams."""
    for name, kind in _STREAMS:
        if name.encode("utf-16-le") in content:
            return kind
    return "doc"


def _packed(path: Path) -> str:
    """The kind of a ZIP file, by its members."""
    try:
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
            declared = b""
            if "mimetype" in names and package.getinfo("mimetype").file_size < 1000:
                declared = package.read("mimetype")
    except BROKEN:
        return "archive" if path.suffix.lower() != ".docx" else "docx"
    if b"opendocument.text" in declared:
        return "odt"
    if b"epub" in declared:
        return "epub"
    for member, kind in _MEMBERS:
        if any(name.startswith(member) for name in names):
            return kind
    return "archive"
