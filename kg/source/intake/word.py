"""Word -> text: the body's paragraphs in document order, automatic numbers, tables as grids, notes
at the end."""

from collections.abc import Iterator, Mapping, Set
from contextlib import closing
from itertools import chain
from pathlib import Path

from lxml import etree

from kg.errors import PlanlinkError
from kg.lexicon import lexicon
from kg.source.intake.lines import GridCell, PlacedLine, grid_lines, put_together
from kg.source.intake.numerals import is_numbered
from kg.source.intake.package import Package
from kg.source.intake.word_runs import LINE_BREAK, Reading, Runs, alternative, is_placeholder
from kg.source.intake.word_styles import (
    Numbering,
    Styles,
    child,
    is_on,
    name_of,
    outlined,
    value,
    whole,
)
from kg.source.published import Published
from kg.source.text import normal

_BLOCKS, _ROWS, _CELLS, _TABLES = ({"p", "tbl"}, {"tr"}, {"tc"}, {"tbl"})
_SEEN_THROUGH = frozenset(("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"))
_LONG = 800  # characters of a cell that holds an article rather than a value


def body_lines(parent: etree._Element | None, reading: Reading) -> list[PlacedLine]:
    """The lines of the paragraphs and tables in a body, a cell, a text box or a note."""
    lines: list[PlacedLine] = []
    for block in _elements_in(parent, _BLOCKS, reading):
        if name_of(block) == "tbl":
            lines += _table(block, reading)
            continue
        text, level, boxes = _paragraph(block, reading)
        place = f"paragraph={reading.paragraphs}"
        lines += [PlacedLine(line.strip(), place, level) for line in text.split(LINE_BREAK)]
        for box in boxes:
            lines += body_lines(box, reading)
    return lines


def _elements_in(
    parent: etree._Element | None, wanted: Set[str], reading: Reading
) -> Iterator[etree._Element]:
    """The elements of some names in one, content controls and insertions seen through."""
    for one in () if parent is None else parent:
        name = name_of(one)
        if name in wanted:
            yield one
        elif name == "AlternateContent":
            yield from _elements_in(alternative(one), wanted, reading)
        elif name in _SEEN_THROUGH and not is_placeholder(one):
            yield from _elements_in(one, wanted, reading)
        elif name == "altChunk":
            reading.embedded = True


def _paragraph(
    paragraph: etree._Element, reading: Reading
) -> tuple[str, int, list[etree._Element]]:
    """A paragraph's text with its automatic number, its depth as a heading (0 for none), and the
    text boxes that hang on it.

    A line break is a line feed. A paragraph whose mark is deleted goes on in the next.
    """
    reading.paragraphs += 1
    properties = child(paragraph, "pPr")
    style = value(child(properties, "pStyle"))
    runs = Runs(reading, style)
    pieces = list(runs.pieces(paragraph))
    text, reading.carried = reading.carried + "".join(pieces), ""
    if child(properties, "rPr", "del") is not None:
        reading.carried = text
        return "", 0, runs.boxes
    if pieces or not is_on(child(properties, "rPr", "vanish")):
        text = reading.numbering.label(properties, style) + text.lstrip(" \t")
    own = outlined(properties)
    level = reading.styles.heading(style) if own is None else own
    if LINE_BREAK in text and (level is not None or _is_numbered(text)):
        text = " ".join(text.split(LINE_BREAK))
    return text, level or 0, runs.boxes


def note_lines(
    parts: Mapping[str, etree._Element | None], reading: Reading
) -> Iterator[PlacedLine]:
    """The footnotes and endnotes met, in the order of their marks, under a heading."""
    words = lexicon("pages")["notes"]
    for number, (kind, identifier) in enumerate(reading.notes, 1):
        root = parts.get(kind)
        found = None
        if root is not None:
            found = next((one for one in root if value(one, "id") == identifier), None)
        place = f"{kind[:-1]}={identifier}"
        if number == 1:
            yield PlacedLine(words["heading"], place)
        if text := " ".join(line.text for line in body_lines(found, reading)):
            written = words["line"].format(number=number, text=text)
            yield PlacedLine(written, place)


def _is_numbered(text: str) -> bool:
    """Whether a short paragraph with a line break in it is numbered as a heading is."""
    line = normal(" ".join(text.split()))
    if len(line) > int(lexicon("headings")["limits"]["longest"]) or line[-1:] in "\u3002;":
        return False
    return is_numbered(line) and not is_numbered(text.split(LINE_BREAK, 1)[1])


def _table(table: etree._Element, reading: Reading) -> Iterator[PlacedLine]:
    """A table's rows as lines; one that only lays out text as its paragraphs."""
    rows = [row for row in _elements_in(table, _ROWS, reading) if not _is_deleted(row)]
    cells = [list(_elements_in(row, _CELLS, reading)) for row in rows]
    if _is_layout(cells, reading):
        for cell in chain.from_iterable(cells):
            yield from body_lines(cell, reading)
        return
    reading.tables += 1
    number = reading.tables
    grid = [list(_grid_cells(row, reading)) for row in rows]
    for index, line in grid_lines(grid):
        yield PlacedLine(line, f"table={number};row={index + 1}")


def _is_deleted(row: etree._Element) -> bool:
    """Whether a row is deleted or hidden."""
    properties = child(row, "trPr")
    return child(properties, "del") is not None or is_on(child(properties, "hidden")) is True


def _is_layout(rows: list[list[etree._Element]], reading: Reading) -> bool:
    """Whether a table only lays out text: one column, or an article or table in a cell."""
    if max((len(row) for row in rows), default=0) <= 1:
        return True
    cells = list(chain.from_iterable(rows))
    lengths = [sum(len(t.text or "") for t in cell.iter("{*}t")) for cell in cells]
    longest = max(range(len(cells)), key=lambda i: lengths[i])
    if lengths[longest] > max(_LONG, 0.6 * sum(lengths)) and (
        sum(1 for _ in cells[longest].iter("{*}p")) >= 3
    ):
        return True
    inner = (table for cell in cells for table in _elements_in(cell, _TABLES, reading))
    return any(sum(1 for _ in _elements_in(table, _ROWS, reading)) > 1 for table in inner)


def _grid_cells(row: etree._Element, reading: Reading) -> Iterator[GridCell]:
    """A row's cells in the table's grid; one that goes on from above is empty."""
    properties = child(row, "trPr")
    if before := whole(value(child(properties, "gridBefore"))):
        yield GridCell("", before)
    for cell in _elements_in(row, _CELLS, reading):
        about = child(cell, "tcPr")
        span = whole(value(child(about, "gridSpan"))) or 1
        if _is_merged(about) or child(about, "cellDel") is not None:
            yield GridCell("", span)
        else:
            yield GridCell(_cell_text(cell, reading), span)
    if after := whole(value(child(properties, "gridAfter"))):
        yield GridCell("", after)


def _is_merged(about: etree._Element | None) -> bool:
    """Whether a cell is merged with the one above it or before it."""
    for name in ("vMerge", "hMerge"):
        merged = child(about, name)
        if merged is not None and (value(merged) or "continue") == "continue":
            return True
    return False


def _cell_text(cell: etree._Element, reading: Reading) -> str:
    """A cell's text by lines, that of tables in it too."""
    lines = (line.text.replace("\t", " ").strip() for line in body_lines(cell, reading))
    return "\n".join(line for line in lines if line)


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
