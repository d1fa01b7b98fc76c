"""Heads in running text: head cells broken over lines, or set in several rows -> columns."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from kg.document.tables.costs import Atom, kind_of
from kg.document.tables.head import HEAD_ROWS, Head, tells_indicators, with_roles
from kg.document.tables.model import OVER_YEARS, Column
from kg.document.tables.two_row_heads import column_over, orders
from kg.document.tables.words import column_of, going_on, pattern
from kg.lexicon import lexicon

_MOST_ATOMS = 40  # that a head is read from
_ROWS_WITH_A_MIDDLE = 2
_MOST_PIECES = 6  # that one head cell is broken into
_UNKNOWN = 4.0  # for a column that is not known


def text_head(atoms: Sequence[Atom], promised: bool) -> list[Head]:
    """The heads that pieces may begin with, the likeliest first, by the pieces of each cell."""
    atoms = _in_one_row(atoms[:_MOST_ATOMS])
    found = _heads_by_place(atoms, promised)
    ordered = _together(atoms)
    for join, unknown in ((0.6, False), (1.6, False), (1.6, True))[: 3 if promised else 2]:
        for head in _partition(ordered, join, promised, unknown):
            if head not in found:
                found.append(head)
    return found + [wider for head in found for wider in _with_unknown(head, ordered)]


def _in_one_row(atoms: Sequence[Atom]) -> list[Atom]:
    """The pieces, those of the first two lines in one row where none is above another: cells over
    all rows of a head stand in the middle, what is over some columns alone above them."""
    lines = [list(line) for _, line in groupby(atoms, key=lambda a: a.line)]
    upper, lower = lines[:2] if len(lines) > _ROWS_WITH_A_MIDDLE else ([], [])
    row = sorted(upper + lower, key=lambda a: a.place or (0, 0))
    if not row or not all(
        a.place and b.place and a.place[1] < b.place[0] for a, b in pairwise(row)
    ):
        return list(atoms)
    row = [replace(a, line=row[0].line, gap=1 if i else a.gap) for i, a in enumerate(row)]
    return row + list(atoms[len(row) :])


def _with_unknown(head: Head, atoms: Sequence[Atom]) -> Iterator[Head]:
    """A head with the pieces that go on with its last line, as columns that are not known."""
    line = atoms[head.atoms - 1].line
    others = [atom for atom in atoms[head.atoms :] if atom.line == line]
    if others and all(kind_of(atom.text).named for atom in others):
        columns = tuple(Column("other", atom.text) for atom in others)
        places = (*head.places, *(atom.place for atom in others)) if head.places else ()
        yield Head(head.columns + columns, head.atoms + len(others), places)


def _heads_by_place(atoms: Sequence[Atom], promised: bool) -> list[Head]:
    """The heads whose further lines are below cells of the first, the longest first."""
    lines = [list(line) for _, line in groupby(atoms, key=lambda a: a.line)]
    groups = [[atom] for atom in lines[0]] if lines else []
    taken = len(groups)
    found: list[Head] = []
    for line in lines[1:HEAD_ROWS]:
        below = [_standing_over(atom, groups) for atom in line]
        if None in below or len(set(below)) < len(below):
            break
        for i, atom in zip(below, line, strict=True):
            groups[i or 0].append(atom)
        taken += len(line)
        columns = [column_over(group, promised) for group in groups]
        known = [c for c in columns if c is not None]
        places = tuple(_place(group) for group in groups)
        if len(known) == len(columns) and (head := _head(known, taken, places)):
            found.insert(0, head)
    return found


def _standing_over(atom: Atom, groups: Sequence[Sequence[Atom]]) -> int | None:
    """The one head cell that a piece is below; None where that is not certain."""
    if atom.place is None:
        return None
    start, end = atom.place
    over = [
        i
        for i, group in enumerate(groups)
        if (place := _place(group)) is not None and place[0] < end and start < place[1]
    ]
    return over[0] if len(over) == 1 else None


def _head(
    columns: Sequence[Column], taken: int, places: tuple[tuple[int, int] | None, ...]
) -> Head | None:
    """The head with these columns, so many pieces of text long; None where it is no table's of
    indicators, or names are in two columns."""
    known = with_roles(columns)
    one = sum(c.kind == "name" for c in known) == 1
    return Head(known, taken, places) if one and tells_indicators(known) else None


def _together(atoms: Sequence[Atom]) -> list[Atom]:
    """The pieces, the two characters of the word for a number together where other cells' lines
    part them."""
    first, second = lexicon("tables")["columns"]["parted"]
    found = list(atoms)
    at = next((i for i, a in enumerate(found) if a.text == first), None)
    to = next((i for i, a in enumerate(found) if a.text == second), None)
    if at is not None and to is not None and at + 1 < to:
        found.insert(at + 1, found.pop(to))
    return found


@dataclass(frozen=True)
class _Partition:
    cost: float
    labels: tuple[tuple[int, int], ...]
    names: int
    is_known: bool = True  # what the last of its columns holds


def _partition(atoms: Sequence[Atom], join: float, promised: bool, unknown: bool) -> list[Head]:
    """Parts pieces into head cells as cheaply as can be, a head for each order of columns.

    Args:
        unknown: whether one piece before another head cell may name a column that is not known.
    """
    best: list[_Partition | None] = [_Partition(0.0, (), 0)]
    end = 0
    for i in range(1, len(atoms) + 1):
        options = [
            option
            for begin in range(max(0, i - _MOST_PIECES), i)
            if (before := best[begin]) is not None
            for option in _with_column(before, atoms[begin:i], join, promised, unknown)
        ]
        best.append(min(options, key=_likelihood, default=None))
        end = i if any(option.is_known for option in options) else end
        if i - end >= _MOST_PIECES:
            break
    chosen = best[end]
    return [] if chosen is None else list(_heads(atoms, chosen, end, promised))


def _likelihood(partition: _Partition) -> tuple[float, bool]:
    return partition.cost + (5.0 if partition.names == 0 else 0.0), not partition.is_known


def _with_column(
    before: _Partition, atoms: Sequence[Atom], join: float, promised: bool, unknown: bool
) -> Iterator[_Partition]:
    """A partition with the next pieces as one more head cell, where they can be one."""
    begin = before.labels[-1][1] if before.labels else 0
    labels = (*before.labels, (begin, begin + len(atoms)))
    column = column_over(atoms, promised)
    if column is not None:
        level = pattern("columns", "level").fullmatch(column.label)
        names = before.names + (column.kind == "name" and not level)
        if names < 2:  # another one is the category of the rows below
            yield _Partition(before.cost + 1.0 + _join_cost(atoms, join), labels, names)
    elif unknown and len(atoms) == 1:
        one = atoms[0]  # a name between wide gaps of an aligned line
        if one.gap == 1 and one.place is not None and kind_of(one.text).named:
            yield _Partition(before.cost + _UNKNOWN, labels, before.names, is_known=False)


def _heads(atoms: Sequence[Atom], chosen: _Partition, end: int, promised: bool) -> Iterator[Head]:
    """The heads that the cells of a partition make, one for each order of columns."""
    if not chosen.labels:
        return
    for groups in orders([list(atoms[a:b]) for a, b in chosen.labels], promised):
        columns = [
            column_over(group, promised) or Column("other", "".join(a.text for a in group))
            for group in groups
        ]
        if head := _head(columns, end, _places(groups)):
            yield head


def _join_cost(atoms: Sequence[Atom], join: float) -> float:
    """The cost of joining pieces into one head cell; dated or yearly values begin their own."""
    cost = 0.0
    for i, (before, atom) in enumerate(pairwise(atoms), 1):
        own = column_of(atom.text.rstrip("".join(going_on())))
        if own is not None and own.kind == "change" and re.match(r"\[.*\]$", atom.text):
            cost += 3.0  # a rate or, in brackets, a sum
            continue
        if before.text.endswith(going_on()) or atom.text.startswith(going_on()):
            cost += 0.2
            continue
        cost += join if atom.gap >= 2 else 1.5
        if (own is not None and own.kind in OVER_YEARS) or _begins_rate(atoms[:i], atom):
            cost += 3.0
        elif own is not None and own.kind in ("number", "unit", "attribute", "name"):
            cost += 0.3
    single = all(len(a.text) == 1 for a in atoms)
    return 0.2 * (len(atoms) - 1) if single else cost


def _begins_rate(begun: Sequence[Atom], atom: Atom) -> bool:
    """Whether a piece begins a head cell of a rate or a sum, broken itself, behind a whole one."""
    whole = column_of("".join(a.text for a in begun))
    value = whole is not None and whole.holds_values and whole.kind not in OVER_YEARS
    return value and any(
        pattern("values", key).search(atom.text) for key in ("yearly", "cumulative")
    )


def _places(groups: Sequence[Sequence[Atom]]) -> tuple[tuple[int, int] | None, ...]:
    """The part of the page that each head cell takes up, what stands over several cells aside."""
    held = Counter(atom for group in groups for atom in group)
    return tuple(_place([a for a in group if held[a] == 1] or group) for group in groups)


def _place(group: Sequence[Atom]) -> tuple[int, int] | None:
    places = [a.place for a in group if a.place is not None]
    return (min(p[0] for p in places), max(p[1] for p in places)) if places else None
