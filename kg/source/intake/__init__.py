"""A published file -> text with exact places, by its kind, which its content shows as well as its
ending."""

import re
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

from kg.errors import PlanlinkError
from kg.lexicon import lexicon
from kg.source.intake.package import BROKEN
from kg.source.published import Published

_HEAD = 4096  # bytes by which a kind is recognised
_DIRECTORY = 2**20  # bytes of an old Office file in which its streams are named
_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_PAGE = re.compile(
    rb"\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
_TAGS = re.compile(rb"</(?:p|div|td|span|li)>|<br\s*/?>", re.IGNORECASE)
_READERS = {  # loaded when one is needed: together they take half of a short PDF's time
    "text": "plain.read_plain",
    "markdown": "plain.read_markdown",
    "html": "html.read_html",
    "docx": "word.read_word",
    "pdf": "pdf.read_pdf",
}


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    id: its name here. name: what to call it, with its article. endings: those its files have.
    read: whether it is read. mend: what to do with it if not. empty: what to do with a file of it
    that holds no text. starts: what its files begin with, each byte one character of Latin-1.
    streams, members: the names that an old Office file or an archive of its kind holds.
    """

    id: str
    name: str
    endings: Sequence[str]
    read: bool = False
    mend: str = ""
    empty: str = ""
    starts: Sequence[str] = ()
    streams: Sequence[str] = ()
    members: Sequence[str] = ()


def kind_of(path: Path) -> Kind:
    """The kind of a file; PlanlinkError for one empty, not read, or not what its ending says."""
    if not path.stat().st_size:
        raise PlanlinkError.of("document_empty", path)
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
        raise PlanlinkError.of("document_kind", path, ending or "no ending", ", ".join(endings))
    if not named.read:
        raise PlanlinkError(
            f"{named.name} is no kind of document that is read", str(path), named.mend
        )
    if found is None:
        raise PlanlinkError.of("document_other", path, ending, named.name)
    return named


_BARE = ("text", "markdown", "html")  # kinds that no mark at the start shows


@cache
def _kinds() -> dict[str, Kind]:
    return {name: Kind(name, **one) for name, one in lexicon("kinds").items()}


def _holding(marks: str, holds: Callable[[str], bool]) -> str | None:
    """The first kind one of whose marks, a field of Kind, a file holds."""
    return next((k.id for k in _kinds().values() if any(map(holds, getattr(k, marks)))), None)


def _by_content(path: Path) -> str | None:
    """The kind that a file's content shows; None for text."""
    with path.open("rb") as file:
        head = file.read(_HEAD)
        if head.startswith(_OFFICE):
            return _old_office(head + file.read(_DIRECTORY))
    if head.startswith(_ZIP):
        return _packed(path)
    if kind := _holding("starts", lambda mark: head.startswith(mark.encode("latin-1"))):
        return kind
    if b"%PDF-" in head[:1024]:
        return "pdf"
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
    return _holding("streams", lambda name: name.encode("utf-16-le") in content) or "doc"


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
    return _holding("members", lambda m: any(n.startswith(m) for n in names)) or "archive"


def read_published(path: Path) -> Published:
    """The text of a published document and what its file says of it.

    Raises:
        PlanlinkError: the file is missing or broken, of a kind that is not read or another than its
            ending says, or holds no text.
    """
    if not path.exists():
        raise PlanlinkError.of("document_missing", path)
    if not path.is_file():
        raise PlanlinkError.of("document_no_file", path)
    try:
        kind = kind_of(path)
        module, _, name = _READERS[kind.id].partition(".")
        read: Callable[[Path], Published] = getattr(import_module(f"{__name__}.{module}"), name)
        found = read(path)
    except PlanlinkError:
        raise
    except Exception as error:  # the readers raise whatever their formats' parsers do
        raise PlanlinkError.of(
            "document_unreadable", path, path.suffix.lower(), " ".join(str(error).split())
        ) from error
    if not any(c.isprintable() and c != " " for c in found.text):
        raise PlanlinkError("the file holds no text", str(path), kind.empty)
    return found
