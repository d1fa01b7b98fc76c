"""Finding the indicator tables of a text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kg.document.tables.grid import breaks_word
from kg.document.tables.labelled import read_labelled
from kg.document.tables.model import Cell, IndicatorTable, Line, Page, Reading, Row, joined
from kg.document.tables.note_attributes import with_noted_attributes
from kg.document.tables.ruled import RuledTables
from kg.document.tables.running_text import RunningTables, begins_head
from kg.document.tables.title import Title, title_above
from kg.document.tables.unread import rows_unread, tables_missing, tables_unread
from kg.document.tables.words import LONGEST_ROW, ends_as_measured, is_unit, is_whole_unit, pattern
from kg.source.findings import Finding
from kg.source.text import Span

_UNIT_END = 4  # characters of a unit's last line
_NAME_END = 12  # of a name's, its unit behind it


@dataclass
class Found:
    """The indicator tables of a text.

    tables: in order; results: those of the last period; taken: the lines that both take up.
    findings: the rows and tables that were not read.
    """

    tables: list[IndicatorTable] = field(default_factory=list)
    results: list[IndicatorTable] = field(default_factory=list)
    taken: set[int] = field(default_factory=set)
    findings: list[Finding] = field(default_factory=list)


def find_tables(lines: Sequence[Line], text: str, printed: str | None = None) -> Found:
    """The indicator tables of a text.

    Args:
        lines: the lines of the text that are not blank.
        text: the whole normalised text.
        printed: the text as published, character for character, where it differs.

    Returns:
        The tables, the lines they take up, and what was not understood of them.
    """
    found = Found()
    page = Page(lines, text, printed if printed is not None else text)
    ruled, running = RuledTables(page), RunningTables(page)
    i = 0
    while i < len(lines):
        read = _table_at(page, ruled, running, i)
        if read is None:
            i += 1
            continue
        whole, note = _whole(page, ruled, running, read)
        i = max(i + 1, _add(found, page, whole, note))
    found.findings += [*tables_unread(found.taken, lines), *tables_missing(lines)]
    found.findings.sort(key=lambda f: f.span or Span(0, 0))
    return found


def _table_at(page: Page, ruled: RuledTables, running: RunningTables, i: int) -> Reading | None:
    """The table whose head begins at a line; None where none does."""
    line = page.lines[i]
    if i < ruled.barren or (i and line.text == page.lines[i - 1].text):
        return None
    parted = "\t" in line.text or "|" in line.text
    if not parted and (len(line.text) > LONGEST_ROW or not begins_head(line.text)):
        return read_labelled(page, i)
    title = title_above(page.lines, i)
    if parted:
        read = ruled.read(i, None, not (title.review or title.foreign))
        return read or read_labelled(page, i)
    gap = ruled.even_gap(i)
    if gap is not None and (read := ruled.read(i, gap, title.promises)) is not None:
        return read
    return running.read(i, title)


def _whole(
    page: Page, ruled: RuledTables, running: RunningTables, read: Reading
) -> tuple[Reading, Cell | None]:
    """A table with its rows on later pages, where a note ends each page and the head comes again
    right below it; the first such note."""
    first: Cell | None = None
    while True:
        note, behind = _note(page.lines, read.end)
        below = note is not None and behind < len(page.lines)
        more = _table_at(page, ruled, running, behind) if below else None
        if more is None or list(more.columns) != list(read.columns):
            return read, first
        first = first or note
        read = replace(
            read,
            rows=read.rows + more.rows,
            refused=read.refused + more.refused,
            end=more.end,
            others=read.others + more.others,
        )


def _add(found: Found, page: Page, read: Reading, above: Cell | None) -> int:
    """Add a table, or pass over one that holds no indicators of the plan; the line behind it.

    Args:
        above: a note inside the table, which says what one below it would.
    """
    title = title_above(page.lines, read.first)
    if title.foreign or not _holds_indicators(read, title):
        return read.first + 1
    if read.rows and read.end < len(page.lines):
        whole = _with_end(read.rows[-1], page.lines[read.end])
        if whole is not None:
            read.rows[-1], read.end = whole, read.end + 1
    note, end = _note(page.lines, read.end)
    note = above or note
    begun = title.span.start
    if title.first == read.first and not read.headed:  # below a heading or a sentence
        line = page.lines[max(0, read.first - 1)]
        title = replace(title, text=line.text, span=line.span)
    found.taken.update(range(title.first, end))
    if note is not None and not any(row.attribute for row in read.rows):
        read.rows = with_noted_attributes(read.rows, note)
    last = page.lines[end - 1].span.end
    table = IndicatorTable(
        title.text,
        title.span,
        Span(begun, last),
        tuple(read.columns),
        tuple(read.rows),
        note,
        title.unit,
    )
    if title.review:
        found.results.append(table)
        return end
    found.tables.append(table)
    found.findings += rows_unread(table, read, page)
    return end


def _with_end(row: Row, below: Line) -> Row | None:
    """A table's last row with the end of its unit, or of its name, from the line below, which a
    page's end parts from it or the table ends with; None where that is no such line."""
    cell = Cell(below.span, below.text)
    if row.unit is not None:
        whole = joined([row.unit, cell])
        parted = len(below.text) <= _UNIT_END and not is_whole_unit(row.unit.text)
        if parted and is_whole_unit(whole.text):
            return replace(row, unit=whole)
    name = joined([row.name, cell])
    if len(below.text) > _NAME_END or "(" in row.name.text:
        return None
    measured = ends_as_measured(name.text) and not ends_as_measured(row.name.text)
    broken = measured or breaks_word(row.name.text, below.text)
    united = row.unit is None and _ends_in_unit(below.text)
    return replace(row, name=name) if united or broken else None


def _ends_in_unit(text: str) -> bool:
    """Whether a text ends with a known unit in brackets."""
    brackets = pattern("marks", "brackets").search(text)
    return brackets is not None and is_unit(brackets["inside"])


def _holds_indicators(read: Reading, title: Title) -> bool:
    """Whether what was read is a table of indicators: its rows say so as well as its head, or its
    title; else most rows have a unit, their values are old and new ones, and few are places."""
    strong = any(
        c.kind == "name" and pattern("title", "pattern").search(c.label) for c in read.columns
    )
    attributes = sum(row.attribute is not None for row in read.rows)
    then_and_now = {"baseline", "target"} <= {c.kind for c in read.columns} and not title.review
    united = sum(
        is_unit(row.unit.text) if row.unit else _ends_in_unit(row.name.text) for row in read.rows
    )
    united -= sum(
        pattern("names", "places").fullmatch(row.name.text) is not None for row in read.rows
    )
    rows = len(read.rows)
    return strong or title.promises or 2 * attributes > rows or (then_and_now and united * 2 > rows)


def _note(lines: Sequence[Line], end: int) -> tuple[Cell | None, int]:
    """The note below a table, in one line or in numbered ones, and where it ends."""
    if end >= len(lines) or not pattern("end", "note").match(lines[end].text):
        return None, end
    first = lines[end]
    number = re.search(r"(\d)\s*[.、]", first.text[:8])
    last, expected = end + 1, int(number[1]) + 1 if number else 2
    while number and last < len(lines) and re.match(rf"{expected}\s*[.、]", lines[last].text):
        last, expected = last + 1, expected + 1
    while last < len(lines) and breaks_word(lines[last - 1].text, lines[last].text):
        last += 1
    return Cell(first.span, first.text), last
