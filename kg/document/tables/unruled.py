"""Tables without rules: aligned by blanks, rows between single blanks, or one cell on a line."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice

from kg.document.tables.align import REWARD, Aligner, GridRow, slots_of
from kg.document.tables.columns import in_columns
from kg.document.tables.costs import Atom, kind_of, unclosed
from kg.document.tables.grid import is_under, whole_line
from kg.document.tables.head import Head
from kg.document.tables.model import Cell, Column, Line, Page
from kg.document.tables.words import (
    attribute_of,
    ends_as_measured,
    is_missing,
    is_number,
    is_unit,
    is_value,
    number_of,
    open_ends,
    pattern,
)
from kg.document.tables.wrapped_cells import read_around
from kg.source.text import Span

_WIDE = re.compile(r"[ \t\u3000]{2,}|\t")
_WORD = re.compile(r"\S+")
_RULE = re.compile(r"[-—─━═=_]{4,}")  # drawn below cells
# a cell between wide gaps; a single wide blank is one, but between two characters (指　标)
_CELL = re.compile(r"\S+(?:(?: |(?<=(?<!\S)\S)\u3000(?=\S(?!\S)))\S+)*")
# a value that only a blank parts from the unit in brackets before it, as a long name leaves no room
_VALUE_BEHIND = re.compile(r"(?<=\))[ \u3000](?:\[?[<>≥≤]?\d[\d.,]*\]?|[-—–]+)$")
_LAST_BEHIND = re.compile(r"(?<=\S)[ \u3000](\S+)$")
_MOST_PIECES = 80  # of a line; one with more is no row of a table of indicators
_SHORT_CATEGORY = 8
_SIGNS = ("<", ">", "≥", "≤", "≈", "±")
_SHORT_WORDING = 8
_FEW_LINES = 4
_FULL_LINE = 4  # pieces of a line that holds a row
_AROUND = 8  # lines around one that tell where names begin
_LONGEST_OPEN = 40  # characters of a piece whose bracket closes behind a blank
MOST_ATOMS = 12_000  # of a table; what goes on longer is no table of indicators


@dataclass(frozen=True)
class Layout:
    """How the lines of a table are parted into pieces.

    blanks: whether single blanks part cells; else only wide gaps and line ends do.
    aligned: whether cells are below each other, so that their places tell their columns.
    spaced: whether an empty line is between nearly all lines, so that it tells nothing.
    numbered: whether rows have numbers of their own.
    """

    blanks: bool
    aligned: bool
    spaced: bool
    numbered: bool = True


def layout_of(text: str, lines: Sequence[Line]) -> Layout:
    """How lines are parted, by what is in them."""
    wide = sum(bool(_WIDE.search(line.text)) for line in lines)
    rows = sum(_holds_cells(line.text) for line in lines)
    aligned = wide * 10 >= 3 * len(lines)
    empty = sum(_empty_before(text, line) for line in lines)
    return Layout(
        not aligned and rows >= 1 and rows * 12 >= len(lines), aligned, empty * 10 >= 7 * len(lines)
    )


def _holds_cells(text: str) -> bool:
    """Whether single blanks part two cells of a line that stand for themselves."""
    pieces = text.split()
    if not 2 <= len(pieces) <= _MOST_PIECES:
        return False
    values = sum(is_number(p) or is_missing(p) or attribute_of(p) is not None for p in pieces)
    return attribute_of(pieces[-1]) is not None or values >= 2


def _empty_before(text: str, line: Line) -> bool:
    start = whole_line(text, line).start
    return text[max(0, start - 4) : start].replace("\r", "").endswith("\n\n")


def atoms_of(page: Page, index: int, layout: Layout) -> list[Atom] | None:
    """The pieces of a line, rules aside, and their gaps; None for a line with too many to be a
    row."""
    line = page.lines[index]
    first = 2 if layout.spaced or not _empty_before(page.text, line) else 3
    printed = page.printed[line.span.start : line.span.end]
    pieces = _pieces(line.text, printed, layout)
    if len(pieces) > _MOST_PIECES:
        return None
    found: list[Atom] = []
    width = _width(page.printed[whole_line(page.text, line).start : line.span.start])
    position = 0
    for start, end in pieces:
        gap = first if not found else 1 if _width(printed[position:start]) > 1 else 0
        width += _width(printed[position:start])
        wide = _width(printed[start:end])
        place = (width, width + wide) if layout.aligned else None
        span = Span(line.span.start + start, line.span.start + end)
        if not _RULE.fullmatch(line.text, start, end):
            found.append(Atom(Cell(span, line.text[start:end]), gap, index, place))
        width, position = width + wide, end
    return found


def _width(printed: str) -> int:
    """The columns of a page that a text takes up as it was printed."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in printed)


def body_atoms(page: Page, indices: Sequence[int], layout: Layout, head: Head) -> list[Atom]:
    """The pieces of the lines below a head, as far as they can be rows.

    Args:
        indices: those below the head.
        layout: how they are parted.
        head: the head, for whether rows have numbers.
    """
    found: list[list[Atom]] = []
    total = 0
    layout = replace(layout, numbered=any(c.kind == "number" for c in head.columns))
    bare = layout.aligned and any(c.kind == "attribute" for c in head.columns)
    for j in indices:
        atoms = atoms_of(page, j, layout)
        if atoms is None or total > MOST_ATOMS:
            break
        if bare and len(atoms) == 1 and atoms[0].text.isdigit():
            continue  # a page's number
        total += len(atoms)
        found += [atoms] if atoms else []
    if layout.aligned:
        found = _leading(found)
    found = _headed([_with_category(line, head.columns) for line in found])
    return [atom for atoms in _marked(found) for atom in atoms]


def _marked(lines: list[list[Atom]]) -> list[list[Atom]]:
    """The lines; each piece tells whether it is too short for a cell broken behind it."""
    rows = [line for line in lines if len(line) >= _FULL_LINE]
    broken = [line for line in lines if len(line) == 1]
    lengths = sorted(
        len(a.text)
        for line in (rows if len(rows) > len(broken) else broken)
        for a in line
        if kind_of(a.text).named and len(a.text) > 1
    )
    if len(lengths) < _FEW_LINES:
        return lines
    usual = lengths[len(lengths) * 4 // 5]
    return [[replace(a, short=len(a.text) * 10 < usual * 7) for a in line] for line in lines]


def _headed(lines: list[list[Atom]]) -> list[list[Atom]]:
    """The lines; those that hold nothing but the category of the rows below them lead. Such a line
    begins to the left of the names, or is too short for a name broken behind it and goes on with
    none that fills its column."""
    named = [next((a for a in line if kind_of(a.text).named), None) for line in lines]
    names = [a for line, a in zip(lines, named, strict=True) if a and len(line) >= _FULL_LINE]
    longest = max((len(a.text) for a in names), default=0)
    left = min((a.place[0] for a in names if a.place), default=0)
    singles = [i for i, line in enumerate(lines) if len(line) == 1]
    may = [i for i in singles if _may_head(lines[i][0].text)]
    outdented = [i for i in may if (at := lines[i][0].place) is not None and at[0] + 2 <= left]
    short = [
        i
        for i in may
        if i + 1 < len(lines)
        and len(lines[i + 1]) >= _FULL_LINE
        and len(lines[i][0].text) * 10 < longest * 7
        and (i == 0 or _ends_name(named[i - 1], longest))
    ]
    counted = pattern("cells", "category_number")
    if len(short) < len(singles) or all(ends_as_measured(lines[i][0].text) for i in short):
        short = [i for i in short if counted.match(lines[i][0].text)]
    heads = {*outdented, *short}
    return [[replace(line[0], leads=True)] if i in heads else line for i, line in enumerate(lines)]


def _ends_name(atom: Atom | None, longest: int) -> bool:
    """Whether a name, or a line of one, ends with its line: it is shorter than it could be."""
    return atom is not None and (
        len(atom.text) * 10 < longest * 9
        or pattern("marks", "brackets").search(atom.text) is not None
    )


def _may_head(text: str) -> bool:
    """Whether a line of its own may be the category of the rows below it."""
    match = pattern("cells", "category").match(text)
    return (
        match is not None
        and 1 < len(match["name"]) <= _SHORT_CATEGORY
        and text.count("(") >= text.count(")")
        and not _holds_value(text)
        and not text.endswith(open_ends())
    )


def _with_category(line: list[Atom], columns: Sequence[Column]) -> list[Atom]:
    """A line with a piece for each column, its category parted from the name behind it; a last
    column that says nothing of values may be empty."""
    taken = columns[:-1] if len(line) < len(columns) and columns[-1].kind == "other" else columns
    if len(line) != len(taken) or not all(map(is_under, (a.cell for a in line), taken)):
        return line
    return [
        replace(atom, leads=True) if column.kind == "category" else atom
        for atom, column in zip(line, taken, strict=True)
    ]


def _leading(lines: list[list[Atom]]) -> list[list[Atom]]:
    """The lines with a category that stands to the left of the names cut from what follows it."""
    starts = [line[0].place[0] if line[0].place else 0 for line in lines]
    found = []
    for i, line in enumerate(lines):
        around = sorted(starts[max(0, i - _AROUND) : i + _AROUND + 1])
        first = line[0]
        if starts[i] + 2 > around[len(around) // 2] or first.place is None:
            found.append(line)
            continue
        word, _, rest = first.text.partition(" ")
        if len(word) > _SHORT_CATEGORY or any(c.isdigit() for c in word) or _holds_value(word):
            found.append(line)
            continue
        at, begun = first.cell.span.start, first.text.index(rest) if rest else 0
        cut = [replace(first, cell=Cell(Span(at, at + len(word)), word), leads=True)]
        if rest:
            span = Span(at + begun, first.cell.span.end)
            cut.append(Atom(Cell(span, rest), 1, first.line))
        found.append([*cut, *line[1:]])
    return found


def _pieces(text: str, printed: str, layout: Layout) -> list[tuple[int, int]]:
    """Where the pieces of a line begin and end; one goes on over blanks inside brackets, and from
    the digits that a name begins with to the words behind them."""
    found: list[tuple[int, int]] = []
    for match in islice((_WORD if layout.blanks else _CELL).finditer(printed), _MOST_PIECES + 1):
        piece = text[slice(*match.span())]
        if found and layout.blanks and _continues_piece(text, found, piece, layout):
            found[-1] = (found[-1][0], match.end())
        elif not layout.blanks and (blank := _blank_between(piece)) is not None:
            at = match.start() + blank
            found += [(match.start(), at), (at + 1, match.end())]
        else:
            found.append(match.span())
    return found


def _blank_between(piece: str) -> int | None:
    """The one blank that parts two cells, the second a value or an attribute; None for one cell."""
    if value := _VALUE_BEHIND.search(piece):
        return value.start()
    last = _LAST_BEHIND.search(piece)
    return last.start() if last and attribute_of(last[1]) is not None else None


def _continues_piece(text: str, found: list[tuple[int, int]], piece: str, layout: Layout) -> bool:
    """Whether a piece continues the last: behind a sign, in brackets, or a name's digits."""
    last = text[slice(*found[-1])]
    if last in _SIGNS or (unclosed(last) and len(last) <= _LONGEST_OPEN):
        return True
    counted = not layout.numbered and pattern("cells", "two_numbers").fullmatch(last)
    if not layout.numbered and number_of(last) is not None and not last.isdigit():
        return _may_name(piece)
    if not (last.isdigit() or counted) or not _may_name(piece):
        return False
    if len(found) == 1:
        return not layout.numbered
    before = text[slice(*found[-2])]
    if number_of(before) is not None:
        return len(found) <= 3
    numbered = any(number_of(text[a:b]) is not None for a, b in found[:-2])
    return (
        (numbered or not layout.numbered) and not _holds_value(before) and ends_as_measured(piece)
    )


def _may_name(piece: str) -> bool:
    """Whether a piece is Chinese words that may belong to a name: no value, unit or attribute."""
    if len(piece) < 3 or not piece[0].isalpha() or piece.isascii() or _holds_value(piece):
        return False
    return not is_value(piece) or len(piece) > _SHORT_WORDING


def read_flow(head: Head, atoms: Sequence[Atom], layout: Layout) -> tuple[list[GridRow], float]:
    """The rows below a head, and what they cost beyond what each row is worth."""
    places = head.places if layout.aligned and len(set(head.places)) > 1 else ()
    slots = slots_of(head.columns, places)
    known = [place for place in places if place is not None]
    placed = in_columns(slots, known, atoms) if len(known) == len(head.columns) else None
    found = read_around(slots, placed) if placed else None
    if found is None:
        rows = Aligner(slots).align(atoms)
        ways = [(rows, sum(row.cost - REWARD for row in rows)), read_around(slots, atoms)]
        found = min(filter(None, ways), key=lambda way: way[1])
    rows, cost = found
    return rows, cost - REWARD * len(rows) * (placed is not None)


def _holds_value(text: str) -> bool:
    return is_number(text) or is_missing(text) or attribute_of(text) is not None or is_unit(text)
