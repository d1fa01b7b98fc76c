"""Pieces aligned by blanks -> the columns that they surely stand in, between gutters."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from kg.document.tables.align import Slot
from kg.document.tables.costs import Atom
from kg.source.gutters import Stretch, covered, widened

_LEAST_CELLS = 3  # pieces of a line that shows where columns stand
_MANY = 7  # such lines of which one may have a cell over a gutter
_FULL = 0.7  # of its column's width: a line that is broken there is no shorter
_INSIDE = 0.6  # of a piece: so much of it stands in its column


def in_columns(
    slots: Sequence[Slot], head: Sequence[Stretch], atoms: Sequence[Atom]
) -> list[Atom] | None:
    """The pieces, each with its column; None where one stands in none, or two of a line in one.

    Args:
        slots: the columns in order.
        head: what of the page each head cell takes up.
        atoms: the pieces below the head.
    """
    every = [list(line) for _, line in groupby(atoms, key=lambda a: a.line)]
    implied = slots[0].index < 0  # a category that the head doesn't name
    lines = [line for line in every if not (implied and len(line) == 1 and line[0].leads)]
    columns = _columns(lines, head)
    if len(columns) != len(head):  # a column of its own holds categories
        lines, columns = every, _columns(every, head)
    first = len(slots) - len(columns)
    if first not in (0, int(implied)):
        return None
    held: list[dict[int, Atom]] = []
    for line in lines:
        held.append({i: atom for atom in line if (i := _column(atom, columns)) is not None})
        if len(held[-1]) < len(line):
            return None
    widest = [
        max((_width(line[i]) for line in held if i in line), default=0) for i in range(len(columns))
    ]
    found = [atom for line in every if line not in lines for atom in line]
    for i, atom in (piece for line in held for piece in line.items()):
        short = _width(atom) < _FULL * widest[i]
        found.append(replace(atom, slot=first + i, leads=False, short=short))
    return sorted(found, key=lambda a: a.cell.span)


def _columns(lines: Sequence[Sequence[Atom]], head: Sequence[Stretch]) -> list[Stretch]:
    """The part of the page that each column takes up, between gutters hardly crossed; none where
    what is wider over one of them alone would meet another."""
    shown = [[a.place for a in line if a.place] for line in lines if len(line) >= _LEAST_CELLS]
    places = [*head, *(place for line in shown for place in line)]
    for most in range(int(len(shown) >= _MANY) + 1 if shown else 0):
        found = covered(places, most)
        if len(found) >= len(head):
            wide = widened(found, [a.place for line in lines for a in line if a.place])
            return wide if all(a[1] <= b[0] for a, b in pairwise(wide)) else []
    return []


def _width(atom: Atom) -> int:
    return atom.place[1] - atom.place[0] if atom.place else 0


def _column(atom: Atom, columns: Sequence[Stretch]) -> int | None:
    """The column that a piece stands in; None where that is not certain."""
    if atom.place is None:
        return None
    start, end = atom.place
    shares = [(min(end, right) - max(start, left)) / (end - start) for left, right in columns]
    best = max(range(len(columns)), key=lambda i: shares[i])
    return best if shares[best] >= _INSIDE else None
