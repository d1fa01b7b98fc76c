"""Word -> text: every run in document order, automatic numbers, tables as grids, notes at the
end."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from lxml import etree

from kg.errors import PlanlinkError
from kg.source.intake.lines import put_together
from kg.source.intake.package import Package
from kg.source.intake.word_body import body_lines, note_lines
from kg.source.intake.word_reading import Reading
from kg.source.intake.word_styles import Numbering, Styles, child, name_of
from kg.source.published import Published

_YEARS = re.compile(r"\d{4}-\d\d-\d\d")


def read_word(path: Path) -> Published:
    """The text of a .docx file, and what its properties say: title, author, company, created.

    Raises:
        PlanlinkError: the file is broken, or unpacks to more than a document can hold.
    """
    with closing(Package(path)) as package:
        main = package.related("", "officeDocument") or "word/document.xml"
        root = package.part(main)
        body = child(root, "body")
        if body is None:
            raise PlanlinkError.of("package_part_missing", path, path.suffix.lower(), main)

        def part(kind: str) -> etree._Element | None:
            name = package.related(main, kind)
            return package.part(name) if name else None

        styles = Styles(part("styles"))
        reading = Reading(styles, Numbering(part("numbering"), styles))
        lines = body_lines(body, reading)
        notes = {kind: part(kind) for kind in ("footnotes", "endnotes")}
        lines += list(note_lines(notes, reading))
        return put_together(lines, dict(_properties(package)), reading.findings())


def _properties(package: Package) -> Iterator[tuple[str, str]]:
    """What the file says of itself, by key."""
    keys = {"title": "title", "creator": "author", "Company": "company", "created": "created"}
    for kind in ("core-properties", "extended-properties"):
        name = package.related("", kind)
        root = package.part(name) if name else None
        for one in () if root is None else root:
            key, text = keys.get(name_of(one)), " ".join((one.text or "").split())
            if key == "created":
                found = _YEARS.match(text)
                text = found.group() if found else ""
            if key and text:
                yield key, text
