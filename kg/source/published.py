"""What a published document gives: its text, its places in the file, its properties."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import msgspec

from kg.errors import PlanlinkError
from kg.files import read_text
from kg.source.findings import Finding

_FILE = "published.json"


class Place(NamedTuple):
    """Where in a published file a stretch of its text begins.

    start: the offset in the text, in code points; the place holds to the next one's start.
    locator: a fragment identifier for the file: page=3 (RFC 8118) for a PDF, paragraph=12,
        table=2;row=3, footnote=4 or endnote=1 (the note's id) for Word; for HTML a text fragment
        follows (paragraph=12:~:text=…), by which a browser finds the line.
    """

    start: int
    locator: str


@dataclass(frozen=True)
class Published:
    """The text of a published document.

    text: what every offset points into. A table is a run of lines, one a row; its cells are parted
        by tabs, one for each column of the grid. A cell over several columns or rows is in the
        first of them and leaves the others empty; a cell's lines are joined by a blank.
    places: where the text is in the file, in order; () where the text is the file.
    properties: what the file itself says, by key; read after the text, which counts more. Of a
        page title, issuer, date of publication (ISO 8601), document_number, index_number, status,
        source and url; of a PDF or a Word file its title.
    findings: what could not be read, such as a page without text.
    outline: where the headings begin that the file marks as such, each with its depth from 1.
    """

    text: str
    places: tuple[Place, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
    outline: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Origin:
    """What is kept of the file that a plan's text was taken from: where the text is in it, what
    could not be read of it, and its outline."""

    places: tuple[Place, ...]
    findings: tuple[Finding, ...]
    outline: dict[int, int] = field(default_factory=dict)

    def locator(self, offset: int) -> str | None:
        """Where in the file an offset of the text lies; None where it is not known."""
        at = bisect_right(self.places, offset, key=lambda place: place.start)
        return self.places[at - 1].locator if at else None


NO_ORIGIN = Origin((), ())
"""Of a text that is the file."""


def keep_origin(folder: Path, published: Published) -> None:
    """Write what load_origin reads into a plan's folder, where there is any."""
    if published.places or published.findings:
        origin = Origin(published.places, published.findings, dict(published.outline))
        kept = msgspec.json.encode(origin)
        (folder / _FILE).write_bytes(kept + b"\n")


def load_origin(folder: Path) -> Origin:
    """What is kept of the file that a plan's text is from; PlanlinkError where it is broken."""
    path = folder / _FILE
    if not path.exists():
        return NO_ORIGIN
    try:
        return msgspec.json.decode(read_text(path), type=Origin)
    except msgspec.MsgspecError as error:
        raise PlanlinkError.of("origin_unreadable", path, error) from error
