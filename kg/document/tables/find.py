"""Finding the indicator tables of a text."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kg.document.tables.grid import breaks_word
from kg.document.tables.model import Cell, IndicatorTable, Line, Page, Reading, Row, joined_cells
from kg.document.tables.ruled import RuledTables
from kg.document.tables.running_text import RunningTables, begins_head, read_labelled
from kg.document.tables.title import Title, title_above
from kg.document.tables.unread import rows_unread, tables_missing, tables_unread
from kg.document.tables.words import LONGEST_ROW, ends_as_measured, is_unit, is_whole_unit, pattern
from kg.source.findings import Finding
from kg.source.text import Span

_UNIT_END = 4  # characters of a unit's last line
_NAME_END = 12  # of a name's, its unit behind it
_UNKNOWN = -1  # in the place of a row, for a mark or a number that none bears


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
        whole = joined_cells([row.unit, cell])
        parted = len(below.text) <= _UNIT_END and not is_whole_unit(row.unit.text)
        if parted and is_whole_unit(whole.text):
            return replace(row, unit=whole)
    name = joined_cells([row.name, cell])
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


@dataclass
class _Clause:
    """The rows that words of a note mean, and the attribute that it gives them.

    others: whether all that it doesn't name are meant.
    """

    rows: set[int] = field(default_factory=set)
    others: bool = False
    attribute: Cell | None = None


def with_noted_attributes(rows: Sequence[Row], note: Cell) -> list[Row]:
    """The rows of a table without a column of attributes, each with the one that the note gives it;
    as they are where it gives one two, or means rows that are not there."""
    found: dict[int, Cell | None] = {}
    rest: Cell | None = None
    for clause in _clauses(rows, note):
        word = clause.attribute
        if word is not None and any((found.get(i) or word).text != word.text for i in clause.rows):
            return list(rows)
        found |= {i: word or found.get(i) for i in clause.rows}
        rest = word if clause.others and not clause.rows else rest
    if _UNKNOWN in found:
        return list(rows)
    return [replace(row, attribute=found.get(i, rest)) for i, row in enumerate(rows)]


def _clauses(rows: Sequence[Row], note: Cell) -> list[_Clause]:
    """What a note tells of rows, one attribute at a time: before it, or in its clause behind it,
    are the rows' marks or numbers."""
    clauses = [_Clause()]
    for match in pattern("notes", "tokens").finditer(note.text):
        last, at = clauses[-1], note.span.start
        if match["attribute"]:
            word = Cell(Span(at + match.start(), at + match.end()), match["attribute"])
            if last.attribute is None:
                last.attribute = word
                clauses += [_Clause()] if last.rows or last.others else []
            else:
                clauses.append(_Clause(attribute=word))
        elif match["end"] or (match["listing"] and last.attribute is not None):
            clauses.append(_Clause())
        elif match["rest"]:
            last.others = True
        elif match["mark"]:
            marked = {i for i, row in enumerate(rows) if match["mark"] in _ends_of_name(row)}
            last.rows |= marked or {_UNKNOWN}
        elif match["numbers"]:
            last.rows |= _numbered(rows, match)
    return [one for one in clauses if one.rows or one.others]


def _ends_of_name(row: Row) -> str:
    """The characters that a row's name begins and ends with, its unit aside."""
    name = (row.name if row.group is None else row.group).text
    return name[:1] + pattern("marks", "brackets").sub("", name)[-1:]


def _numbered(rows: Sequence[Row], match: re.Match[str]) -> set[int]:
    """The rows whose numbers a note lists; none for what may be how many they are."""
    numbers: set[int] = set()
    for first, last in pattern("notes", "range").findall(match["numbers"]):
        numbers |= set(range(int(first), int(last or first) + 1))
    if not (match["ordinal"] or len(numbers) > 1):
        return set()
    return {i for i, row in enumerate(rows) if row.number in numbers} or {_UNKNOWN}
