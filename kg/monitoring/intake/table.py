"""What every kind of file gives: tables of cells, each as its text or as what is wrong with it; and
what a file may hold, checked before anything reads it whole."""

import io
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from kg.errors import PlanlinkError
from kg.source.intake.package import BROKEN

# Beyond these a sheet is refused before it is read. The longest real ones have some thousand rows.
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_MERGED = 100_000  # cells that are covered by merged ones
LARGEST = 16 * 2**20  # bytes of a file that is no package
_UNPACKED = 64 * 2**20  # bytes of a package's members together
_MEMBERS = 2_000
_ELEMENTS = 1_000_000  # of XML in a package: some 200,000 cells
# A part is XML by how it begins, not by its name: another part may call it a worksheet.
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<|\xff\xfe|\xfe\xff|\0<")
_DRAWING = ".vml"  # Excel's are not always well-formed; nothing reads them
# The elements of a worksheet that openpyxl turns into an object for each cell of their area.
_AREAS = ("mergeCell", "hyperlink")
_AREA = re.compile(r"\$?[A-Z]{1,3}\$?\d{1,7}(?::\$?[A-Z]{1,3}\$?\d{1,7})?")


@dataclass(frozen=True)
class Cell:
    """A cell: its text ("" where it is empty), and what is wrong with it: "" or a key of [refused]
    in lexicon/monitoring.toml (error, uncalculated, scaled, struck)."""

    text: str = ""
    wrong: str = ""


EMPTY = Cell()


@dataclass(frozen=True)
class Area:
    """Merged cells: the first and last row and column, from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def cells(self) -> int:
        """How many there are."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


@dataclass(frozen=True)
class Table:
    """A sheet that its reader can see, by its name ("" in a file that has but one without a name),
    up to the last row and column that hold anything; at: the cell in a row and column, both from 1;
    lengths: how many cells each row has, in a text file."""

    name: str
    height: int
    width: int
    at: Callable[[int, int], Cell]
    merged: tuple[Area, ...] = ()
    hidden_rows: Collection[int] = frozenset()
    hidden_columns: Collection[int] = frozenset()
    lengths: Sequence[int] = ()


@dataclass(frozen=True)
class Checked:
    """What was seen of a package: the names of its members, and whether it has formulas."""

    members: frozenset[str]
    formulas: bool


def check_package(content: bytes, where: str) -> Checked:
    """Go through a package without keeping any of it; PlanlinkError where it is broken, or holds
    more than any sheet does."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            if len(members) > _MEMBERS or sum(m.file_size for m in members) > _UNPACKED:
                raise too_much(f"it unpacks to more than {_UNPACKED // 2**20} MiB", where)
            scan = _Scan(where)
            for member in members:
                scan.part(member.filename, package.read(member))
    except BROKEN as error:
        raise broken(error, where) from error
    return Checked(frozenset(m.filename for m in members), scan.formulas)


class _Scan:
    """Counts what is in the parts of a package."""

    def __init__(self, where: str) -> None:
        self._where = where
        self._elements = self._merged = 0
        self.formulas = False

    def part(self, name: str, content: bytes) -> None:
        """Look through a part, if it is XML; PlanlinkError for none that is plain, or too much."""
        if not _XML.match(content):
            return
        if b"<!DOCTYPE" in content or b"\0" in content:
            raise too_much(f"its part {name} is more than plain XML in UTF-8", self._where)
        if name.endswith(_DRAWING) and not any(area.encode() in content for area in _AREAS):
            self._count(content.count(b"<"))
            return
        parser = etree.iterparse(io.BytesIO(content), resolve_entities=False, no_network=True)
        try:
            for _, element in parser:
                self._element(element)
                element.clear()
                while element.getprevious() is not None:
                    del element.getparent()[0]
        except etree.XMLSyntaxError as error:
            raise broken(error, self._where) from error

    def _count(self, elements: int) -> None:
        self._elements += elements
        if self._elements > _ELEMENTS:
            raise too_much(f"it has more than {_ELEMENTS} elements", self._where)

    def _element(self, element: etree._Element) -> None:
        self._count(1)
        name = str(element.tag).rpartition("}")[2]
        self.formulas |= name == "f"
        if name in _AREAS and not _AREA.fullmatch(element.get("ref", "")):
            raise too_much(f"it has cells at {element.get('ref', '')[:20]!r}", self._where)
        if name in _AREAS:
            self._merged += _cells(element.get("ref", ""))
            if self._merged > MOST_MERGED:
                raise too_much(f"more than {MOST_MERGED} of its cells are merged", self._where)


def _cells(reference: str) -> int:
    """How many cells lie within A1:C3."""
    from openpyxl.utils import range_boundaries  # noqa: PLC0415 — it takes a while to load

    left, top, right, bottom = range_boundaries(reference)
    return int((abs(right - left) + 1) * (abs(bottom - top) + 1))


def check_size(height: int, width: int, merged: Iterable[Area], where: str) -> None:
    """Raise PlanlinkError for a sheet that is higher or wider than any."""
    if height > MOST_ROWS:
        raise PlanlinkError.of("sheet_rows", where, MOST_ROWS, height)
    if width > MOST_COLUMNS:
        raise PlanlinkError.of("sheet_columns", where, MOST_COLUMNS, width)
    if sum(area.cells for area in merged) > MOST_MERGED:
        raise too_much(f"more than {MOST_MERGED} of its cells are merged", where)


def too_much(what: str, where: str) -> PlanlinkError:
    """The error for a file that is built to break its reader."""
    return PlanlinkError.of("sheet_too_much", where, what)


def broken(error: Exception, where: str) -> PlanlinkError:
    """The error for a file that cannot be read as what it is."""
    return PlanlinkError.of("sheet_broken", where, type(error).__name__)
