"""The parts of an Office package (a ZIP of XML), read within bounds."""

import lzma
import posixpath
import zipfile
import zlib
from pathlib import Path

from lxml import etree

from kg.errors import PlanlinkError

_LARGEST_PART = 64 * 2**20  # bytes of one part's XML; the longest plans have about 5 MiB
_MOST_MEMBERS = 20_000
_RATIO = 400  # bytes of XML for one packed byte; real documents stay below 100
_SMALL = 2**20  # bytes up to which the ratio says nothing
# what reading a damaged package raises: its directory, its members' names, what they are packed by
BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, NotImplementedError, RuntimeError,
    EOFError, ValueError,
)  # fmt: skip


class Package:
    """An Office package that is open for reading, until it is closed.

    Raises:
        PlanlinkError: it is no sound package, or unpacks to more than a document can hold.
    """

    def __init__(self, path: Path) -> None:
        self._where = str(path)
        try:
            self._file = zipfile.ZipFile(path)
        except BROKEN as error:
            raise PlanlinkError.of(
                "package_unreadable", self._where, path.suffix.lower(), error
            ) from error
        self._names = set(self._file.namelist())
        if len(self._file.infolist()) > _MOST_MEMBERS:
            self._file.close()
            raise self._hostile(f"it has more than {_MOST_MEMBERS} members")

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def part(self, name: str) -> etree._Element | None:
        """The root of a part, None for none; PlanlinkError where it is broken or too large."""
        if name not in self._names:
            return None
        parser = etree.XMLParser(
            resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False,
            remove_comments=True, remove_pis=True,
        )  # fmt: skip
        try:
            root = etree.fromstring(self._bytes(name), parser)
        except etree.XMLSyntaxError as error:
            raise PlanlinkError.of("package_part_broken", self._where, name, error.msg) from error
        if root.getroottree().docinfo.doctype:
            raise self._hostile(f"its part {name} declares a document type")
        return root

    def related(self, part: str, kind: str) -> str | None:
        """The name of the part that a part refers to by a kind of relationship.

        Args:
            part: the part's name, "" for the package itself.
            kind: the last step of the relationship's type: officeDocument, styles, footnotes.
        """
        folder, name = posixpath.split(part)
        root = self.part(posixpath.join(folder, "_rels", f"{name}.rels"))
        for relation in () if root is None else root:
            if relation.get("Type", "").rsplit("/", 1)[-1] == kind:
                target = relation.get("Target", "")
                path = target if target.startswith("/") else posixpath.join("/", folder, target)
                return posixpath.normpath(path).lstrip("/")
        return None

    def _bytes(self, name: str) -> bytes:
        declared = self._file.getinfo(name)
        packed = max(1, declared.compress_size)
        if declared.file_size > _LARGEST_PART or (
            declared.file_size > _SMALL and declared.file_size / packed > _RATIO
        ):
            raise self._hostile(f"its part {name} unpacks to {declared.file_size} bytes")
        try:
            with self._file.open(name) as file:
                content = file.read(_LARGEST_PART + 1)
        except BROKEN as error:
            raise PlanlinkError.of("package_part_packed", self._where, name, error) from error
        if len(content) > _LARGEST_PART:
            raise self._hostile(f"its part {name} unpacks to more than {_LARGEST_PART} bytes")
        return content

    def _hostile(self, what: str) -> PlanlinkError:
        return PlanlinkError.of("document_too_much", self._where, what)
