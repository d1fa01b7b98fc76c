"""Word -> text: every run in document order, automatic numbers, tables as grids, notes at the
end."""

from contextlib import closing
from pathlib import Path

from lxml import etree

from kg.errors import PlanlinkError
from kg.source.intake.lines import put_together
from kg.source.intake.package import Package
from kg.source.intake.word_body import body_lines, note_lines
from kg.source.intake.word_reading import Reading
from kg.source.intake.word_styles import Numbering, Styles, child
from kg.source.published import Published


def read_word(path: Path) -> Published:
    """The text of a .docx file, and the title that its properties say.

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
        return put_together(lines, {"title": _title(package)}, reading.findings())


def _title(package: Package) -> str:
    """The title that the file says it has; "" for none."""
    name = package.related("", "core-properties")
    title = child(package.part(name), "title") if name else None
    return "" if title is None else " ".join((title.text or "").split())
