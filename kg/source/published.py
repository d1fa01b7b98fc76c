"""What a published document gives: its text, its places in the file, its properties."""

import json
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path

from kg.errors import PlanlinkError
from kg.files import read_text
from kg.source.findings import Finding
from kg.source.text import Span

_FILE = "published.json"


@dataclass(frozen=True)
class Place:
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
    """

    text: str
    places: tuple[Place, ...] = ()
    properties: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class Origin:
    """What is kept of the file that a plan's text was taken from: where the text is in it, and
    what could not be read of it."""

    places: tuple[Place, ...] = ()
    findings: tuple[Finding, ...] = ()

    def locator(self, offset: int) -> str | None:
        """Where in the file an offset of the text lies; None where it is not known."""
        at = bisect_right(self.places, offset, key=lambda place: place.start)
        return self.places[at - 1].locator if at else None


def keep_origin(folder: Path, published: Published) -> None:
    """Write what load_origin reads into a plan's folder, where there is any."""
    if published.places or published.findings:
        content = {
            "places": [[place.start, place.locator] for place in published.places],
            "findings": [asdict(finding) for finding in published.findings],
        }
        text = json.dumps(content, ensure_ascii=False)
        (folder / _FILE).write_text(f"{text}\n", encoding="utf-8")


def load_origin(folder: Path) -> Origin:
    """What is kept of the file that a plan's text is from; PlanlinkError where it is broken."""
    path = folder / _FILE
    if not path.exists():
        return Origin()
    try:
        content = json.loads(read_text(path))
        places = tuple(Place(int(start), str(locator)) for start, locator in content["places"])
        findings = tuple(
            Finding(
                str(one["kind"]), Span(**one["span"]) if one["span"] else None, dict(one["values"])
            )
            for one in content["findings"]
        )
    except (ValueError, KeyError, TypeError) as error:
        raise PlanlinkError.of("origin_unreadable", path, error) from error
    return Origin(places, findings)
