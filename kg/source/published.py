"""What a published document gives: its text, its places in the file, its properties."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from kg.source.findings import Finding


@dataclass(frozen=True)
class Place:
    """Where in a published file a stretch of its text begins.

    start: the offset in the text, in code points; the place holds to the next one's start.
    locator: a fragment identifier for the file: page=3 (RFC 8118) for a PDF, paragraph=12 or
        table=2;row=3 for Word and HTML.
    """

    start: int
    locator: str


@dataclass(frozen=True)
class Published:
    """The text of a published document.

    text: what every offset points into. A table is a run of lines, one a row; its cells are parted
        by tabs, one for each column of the grid. A cell over several columns or rows stands in the
        first of them and leaves the others empty; a cell's lines are joined by a blank.
    places: where the text stands in the file, in order; () where the text is the file.
    properties: what the file itself says (title, issuer, date, source), by key; read after the
        text, which counts more.
    findings: what could not be read, such as a page without text.
    """

    text: str
    places: tuple[Place, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()
