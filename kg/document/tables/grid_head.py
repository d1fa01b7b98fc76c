"""Heads in a grid: rows of cells, some of them over several columns or rows -> columns."""

from collections.abc import Sequence
from dataclasses import replace

from kg.document.tables.costs import Atom
from kg.document.tables.head import HEAD_ROWS, Head, known_columns, tells_indicators, with_roles
from kg.document.tables.model import Cell, Column
from kg.document.tables.two_row_heads import orders
from kg.document.tables.words import (
    attribute_of,
    column_of,
    column_of_year,
    is_missing,
    is_number,
    is_whole_unit,
    number_of,
    pattern,
)

_SHOWN = 8  # rows below a head that show how many columns there are
_FEWEST = 3  # rows that tell
_EXAMINED = 8  # rows that are looked at


def grid_head(rows: Sequence[Sequence[Cell]], promised: bool) -> Head | None:
    """The head that rows of a grid begin with.

    Args:
        rows: rows of cells, empty ones too.
        promised: whether the title above promises indicators, so that weaker words count.
    """
    if not _names_columns(rows[0], promised):
        return head_by_rows(rows, promised)
    end = 1
    while end < min(len(rows), HEAD_ROWS) and _is_lower_head(rows[end], rows[:end]):
        end += 1
    labels = _merged_labels(rows[:end], rows[end : end + _SHOWN], promised)
    parted = [[label] for label in labels] if labels is not None else None
    if parted is None:
        parted = _labels([[c.text for c in row] for row in rows[:end]])
    columns: list[Column] = []
    for parts in parted:
        spans = not parts and bool(columns) and columns[-1].kind == "name"
        columns.append(columns[-1] if spans else _column(parts, promised))
        below = [row[len(columns) - 2].text for row in rows[end:] if len(row) == len(parted)]
        if spans and any(below) and all(number_of(text) for text in below if text):
            columns[-2] = Column("number", columns[-1].label)  # one head over number and name
    known = with_roles(columns)
    aims = any(column.kind == "target" for column in known)
    by_rows = None if aims else head_by_rows(rows, promised)
    return by_rows or (Head(known, end) if tells_indicators(known) else None)


def in_one_row(upper: Sequence[Cell], lower: Sequence[Cell]) -> list[Cell] | None:
    """The cells of a head's first two rows as one where those over all its rows are in the lower,
    printed in the middle, and no cell is above another; None for other rows."""
    columns = [column_of(cell.text, promised=True) for cell in lower if cell.text]
    if not all(columns) or not any(c.kind == "name" for c in columns if c):
        return None
    if len(upper) != len(lower) or any(
        a.text and b.text for a, b in zip(upper, lower, strict=True)
    ):
        return None
    return [a if a.text else b for a, b in zip(upper, lower, strict=True)]


def _column(parts: Sequence[str], promised: bool) -> Column:
    """The column under head cells, from the upper one down; where together they contradict each
    other, that of the lower ones."""
    labels = ("".join(parts[i:]) for i in range(max(len(parts), 1)))
    known = (column_of(label, promised) for label in labels)
    dated = column_of_year("".join(parts)) if promised else None
    return next((c for c in known if c is not None), dated or Column("other", "".join(parts)))


def _names_columns(row: Sequence[Cell], promised: bool) -> bool:
    """Whether a row of a head names the column of names, and one more."""
    found = known_columns([cell.text for cell in row], promised)
    return len(found) >= 2 and any(c.kind == "name" for c in found)


def _is_lower_head(row: Sequence[Cell], upper: Sequence[Sequence[Cell]]) -> bool:
    """Whether a row goes on with the head: all it holds are head cells, or go on with those above,
    and one of them says what a value or a name is."""
    held = [(i, c.text) for i, c in enumerate(row) if c.text]
    same = [c.text for c in row] == [c.text for c in upper[0]]
    if not held or same or (len(held) == 1 and attribute_of(held[0][1])):
        return False
    columns = [column_of(text) or column_of(_label_over(i, upper) + text) for i, text in held]
    if all(pattern("columns", "scope").search(text) for _, text in held):
        return True
    if not all(columns) and not _is_under_values(row, upper[0]):
        return False
    return any(c is not None and (c.holds_values or c.kind == "name") for c in columns)


def _is_under_values(row: Sequence[Cell], first: Sequence[Cell]) -> bool:
    """Whether a row is empty below the column of names, and all it holds are words, so that what no
    head cell is known for is a column's too ."""
    named = [
        i for i, c in enumerate(first) if (column := column_of(c.text)) and column.kind == "name"
    ]
    words = not any(character.isdigit() for c in row for character in c.text)
    return words and bool(named) and all(i < len(row) and not row[i].text for i in named)


def _label_over(i: int, upper: Sequence[Sequence[Cell]]) -> str:
    """What a head's rows say over a column; an empty cell goes on with the one to its left."""
    found = ""
    for row in upper:
        spanning = next((c.text for c in reversed(row[: i + 1]) if c.text), "")
        found += spanning if spanning != found else ""
    return found


def _merged_labels(
    rows: Sequence[Sequence[Cell]], body: Sequence[Sequence[Cell]], promised: bool
) -> list[str] | None:
    """The words of each column where merged cells of two rows are left out, or are in the middle of
    what they are over; None for others."""
    width = max((len(row) for row in body), default=0)
    if len(rows) == 2 and _is_over_its_middle(*rows):
        rows = [[cell for cell in row if cell.text] for row in rows]
    if len(rows) != 2 or max(len(row) for row in rows) >= width or not rows[1][0].text:
        return None
    groups = [[Atom(cell, 1, i)] for i, row in enumerate(rows) for cell in row]
    fitting = (cells for cells in orders(groups, promised) if len(cells) == width)
    return next((["".join(a.text for a in cell) for cell in cells] for cells in fitting), None)


def _is_over_its_middle(upper: Sequence[Cell], lower: Sequence[Cell]) -> bool:
    """Whether the first cell of a lower row has none above it, though it needs one: no cell there
    names a year."""
    first = next((i for i, cell in enumerate(lower) if cell.text), len(upper))
    dated = any(pattern("values", "year").search(cell.text) for cell in lower)
    return not dated and first < len(upper) and not upper[first].text


def _labels(rows: list[list[str]]) -> list[list[str]]:
    """The words of each column, from the top of the head down."""
    width = max(len(row) for row in rows)
    padded = [row + [""] * (width - len(row)) for row in rows]
    for upper, row in enumerate(padded[:-1]):
        lower = padded[upper + 1 :]
        for i in range(1, width):
            if not row[i] and row[i - 1] and all(any(r[j] for r in lower) for j in (i - 1, i)):
                row[i] = row[i - 1]
    labels = []
    for i in range(width):
        parts = [row[i] for row in padded if row[i]]
        labels.append([p for j, p in enumerate(parts) if j == 0 or p != parts[j - 1]])
    return labels


def head_by_rows(rows: Sequence[Sequence[Cell]], promised: bool) -> Head | None:
    """The head that the first row of a grid is by what the rows below it hold; None for any other.

    Args:
        rows: rows of cells, empty ones too.
        promised: whether the title above promises indicators; else attributes must show them.
    """
    first = [cell.text for cell in rows[0]]
    body = [row for row in rows[1:] if len(row) == len(first)][:_EXAMINED]
    if len(body) < _FEWEST or not may_head(first):
        return None
    below = [[row[i].text for row in body] for i in range(len(first))]
    columns = [
        column_of(label, promised) or _by_cells(label, cells)
        for label, cells in zip(first, below, strict=True)
    ]
    names = [i for i, column in enumerate(columns) if column.kind == "name"]
    for i in names[1:]:  # remarks, which differ from row to row as names do
        if column_of(first[i], promised) is None:
            columns[i] = replace(columns[i], kind="other")
    known = with_roles(columns)
    attributes = any(attribute_of(cell) for cells in below for cell in cells)
    return Head(known, 1) if tells_indicators(known) and (promised or attributes) else None


def may_head(labels: Sequence[str]) -> bool:
    """Whether words may head the columns of a table: each has some, and none is but a number."""
    return all(labels) and not any(is_number(one) and column_of(one) is None for one in labels)


def _by_cells(label: str, cells: Sequence[str]) -> Column:
    """The column that cells are of; of values only where its head names a year."""
    held = [cell for cell in cells if cell]
    numbers = [number_of(cell) or 0 for cell in held]
    dated = column_of_year(label)
    if not held:
        return Column("other", label)
    if all(map(attribute_of, held)):
        return Column("attribute", label)
    if all(numbers) and numbers == sorted(set(numbers)) and dated is None:
        return Column("number", label)
    if all(is_missing(cell) or is_whole_unit(cell) for cell in held):
        return Column("unit", label)
    values = sum(map(is_number, held))
    if dated is not None and 2 * values > len(held):
        return dated
    distinct = len(set(held)) == len(cells)
    return Column("name" if distinct and not values else "other", label)
