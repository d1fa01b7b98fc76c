"""Tables aligned by blanks, read by where their pieces stand: each column between gutters, each row
around the line that holds its values. What does not surely stand so is left to other readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from kg.document.tables.align import GridRow, Slot
from kg.document.tables.costs import Atom, begin, kind_of
from kg.document.tables.doubt import holds_two_values, is_broken_name
from kg.document.tables.model import joined
from kg.document.tables.words import ends_as_measured
from kg.source.gutters import Stretch, covered, widened
from kg.source.middles import first_rows

_LEAST_CELLS = 3  # pieces of a line that shows where columns stand
_MANY = 7  # such lines of which one may have a cell over a gutter
_INSIDE = 0.6  # of a piece: so much of it stands in its column
_FILLED = 0.5  # of the cells of the fullest line: a line with as many holds a row's values
_MOST_AROUND = 5  # lines of a row above or below that with its values
_UNEVEN = 2.0  # for each line more on one side of it than on the other, but the first
_LEANING = 0.5  # for the first
_BROKEN = 5.0  # for a cell put together of two
_OPEN = 1.0  # for a name that ends in no word of what is measured
_SHORT = 3.0  # for a line that is broken where there was room
_MISFIT = 6.0  # what a cell may cost under its column
_FULL = 0.7  # of its column's width: a line that is broken there is no shorter
_MOST_LINES = 1_000  # of a table; a longer one is read as running text is
_CENTRED = 0.75  # of a line: a cell of several rows is no farther from their middle

_Line = dict[int, list[Atom]]  # a line's pieces by slot


@dataclass
class _Row:
    """A row's first line, the one behind its last, and its pieces by slot."""

    first: int
    end: int
    pieces: _Line = field(default_factory=dict)


def read_placed(
    slots: Sequence[Slot], head: Sequence[Stretch], atoms: Sequence[Atom]
) -> list[GridRow] | None:
    """The rows of a table all of whose pieces surely stand in its columns; None for any other.

    Args:
        slots: its columns in order.
        head: what of the page each head cell takes up.
        atoms: the pieces below the head.
    """
    every = [list(line) for _, line in groupby(atoms, key=lambda a: a.line)]
    if len(every) > _MOST_LINES:
        return None
    heads = [i for i, line in enumerate(every) if len(line) == 1 and line[0].leads]
    lines = [line for i, line in enumerate(every) if i not in heads]
    columns = _columns(lines, head)
    if len(columns) != len(head) or slots[0].index is not None:  # a column of its own holds them
        heads, lines = [], every
        columns = _columns(lines, head)
    named = [i for i, slot in enumerate(slots) if slot.index is not None]
    taken = list(range(len(slots))) if len(columns) == len(slots) else named
    if len(columns) != len(taken):
        return None
    placed = [_by_slot(line, columns, taken) for line in lines]
    whole = [line for line in placed if line is not None]
    if len(whole) < len(placed):
        return None
    grid: list[GridRow] = []
    rows: list[_Row] = []
    category = next(s for s in slots if s.column.kind == "category")
    for start, end in pairwise([-1, *heads, len(every)]):
        first = start - len([i for i in heads if i < start]) if start >= 0 else 0
        between = whole[first : first + end - start - 1]
        these = _rows(slots, between) if between else []
        if between and not these:
            return None
        rows += these
        if start >= 0:
            grid.append(GridRow({category.at: every[start]}))
        grid += [GridRow({slots[i].at: a for i, a in row.pieces.items()}) for row in these]
    return grid if rows and _are_sure(slots, rows) else None


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


def _by_slot(
    line: Sequence[Atom], columns: Sequence[Stretch], taken: Sequence[int]
) -> _Line | None:
    """The pieces of a line by slot; None where one stands in no column, or in two."""
    found: _Line = {}
    for atom in line:
        if atom.place is None:
            return None
        start, end = atom.place
        shares = [(min(end, right) - max(start, left)) / (end - start) for left, right in columns]
        best = max(range(len(columns)), key=lambda i: shares[i])
        if shares[best] < _INSIDE or taken[best] in found:
            return None
        found[taken[best]] = [atom]
    return found


# ---------------------------------------------------------------- rows


def _rows(slots: Sequence[Slot], lines: Sequence[_Line]) -> list[_Row]:
    """The rows, cells of several in the first of them; empty where they cannot be separated."""
    most = max(map(len, lines))
    wide = _widths(lines)
    own = [i for i, line in enumerate(lines) if _holds_row(slots, line, most)]
    apart = _of_several(slots, lines, own)
    rest = [{i: a for i, a in line.items() if i not in apart} for line in lines]
    cuts = _shared(slots, rest, own, wide)
    if cuts is None:
        return []
    rows = [_Row(first, end) for first, end in cuts]
    for row in rows:
        for line in rest[row.first : row.end]:
            for i, atoms in line.items():
                row.pieces.setdefault(i, []).extend(atoms)
    for i in apart:
        cells = _cells([(at, line[i]) for at, line in enumerate(lines) if i in line])
        reach = [(row.first, row.end - 1) for row in rows]
        firsts = first_rows(reach, [middle for middle, _ in cells], _CENTRED)
        for first, (_, atoms) in zip(firsts, cells, strict=True):
            rows[first].pieces.setdefault(i, []).extend(atoms)
    return rows


def _holds_row(slots: Sequence[Slot], line: _Line, most: int) -> bool:
    """Whether a line holds a row's values: it fills most columns, one of values among them."""
    valued = any(slots[i].column.holds_values for i in line)
    return valued and len(line) >= max(_LEAST_CELLS, _FILLED * most)


def _of_several(slots: Sequence[Slot], lines: Sequence[_Line], own: Sequence[int]) -> set[int]:
    """The slots whose cells are of several rows: categories, and attributes that most rows lack."""
    held = {i: sum(i in lines[at] for at in own) for i in range(len(slots))}
    return {
        i
        for i, slot in enumerate(slots)
        if any(i in line for line in lines)
        and (
            slot.column.kind == "category"
            or (slot.column.kind == "attribute" and 2 * held[i] <= len(own))
        )
    }


def _widths(lines: Sequence[_Line]) -> dict[int, int]:
    """The width of the widest piece of each slot."""
    found: dict[int, int] = {}
    for line in lines:
        for i, atoms in line.items():
            found[i] = max(found.get(i, 0), *map(_width, atoms))
    return found


def _shared(
    slots: Sequence[Slot], lines: Sequence[_Line], own: Sequence[int], wide: Mapping[int, int]
) -> list[tuple[int, int]] | None:
    """The first line of each row and the one behind its last, as cheaply as lines can be shared out
    between those with values; None where one is too far from any."""
    if not own or own[0] > _MOST_AROUND or len(lines) - own[-1] > _MOST_AROUND + 1:
        return None
    ways: dict[int, tuple[float, list[tuple[int, int]]]] = {0: (0.0, [])}
    for at, following in zip(own, [*own[1:], len(lines)], strict=True):
        ends = [following] if following == len(lines) else range(at + 1, following + 1)
        found: dict[int, tuple[float, list[tuple[int, int]]]] = {}
        for first, (cost, rows) in ways.items():
            for end in ends:
                if end - at > _MOST_AROUND + 1 or at - first > _MOST_AROUND:
                    continue
                whole = cost + _cost(slots, lines, (first, at, end), wide)
                if end not in found or whole < found[end][0]:
                    found[end] = (whole, [*rows, (first, end)])
        ways = found
    return min(ways.values(), key=lambda way: way[0])[1] if ways else None


def _cost(
    slots: Sequence[Slot],
    lines: Sequence[_Line],
    bounds: tuple[int, int, int],
    wide: Mapping[int, int],
) -> float:
    """What it costs to take lines for one row's: those above that with its values, and below."""
    first, at, end = bounds
    more = sum(map(bool, lines[at + 1 : end])) - sum(map(bool, lines[first:at]))
    cost = _LEANING * min(abs(more), 1) + _UNEVEN * max(abs(more) - 1, 0)
    cost += _LEANING / 2 if more < 0 else 0.0  # half a line is set off downwards
    for i, slot in enumerate(slots):
        atoms = [a for line in lines[first:end] for a in line.get(i, ())]
        cost += _SHORT * sum(_width(a) < _FULL * wide[i] for a in atoms[:-1])
        if slot.column.kind == "name":
            cost += _BROKEN * (not atoms or is_broken_name(atoms))
            cost += _OPEN * (not ends_as_measured("".join(a.text for a in atoms)))
        elif slot.column.holds_values:
            cost += _BROKEN * holds_two_values(atoms)
    return cost


def _cells(pieces: Sequence[tuple[int, list[Atom]]]) -> list[tuple[float, list[Atom]]]:
    """The cells of a column whose lines follow one another: the middle of each, and its pieces."""
    groups: list[list[tuple[int, list[Atom]]]] = []
    for at, atoms in pieces:
        if groups and at == groups[-1][-1][0] + 1:
            groups[-1].append((at, atoms))
        else:
            groups.append([(at, atoms)])
    return [
        ((group[0][0] + group[-1][0]) / 2, [a for _, atoms in group for a in atoms])
        for group in groups
    ]


# ---------------------------------------------------------------- whether it is so


def _are_sure(slots: Sequence[Slot], rows: Sequence[_Row]) -> bool:
    """Whether each cell can be one of its column, and none was broken where there was room."""
    wide = _widths([row.pieces for row in rows])
    for i, slot in enumerate(slots):
        cells = [row.pieces[i] for row in rows if i in row.pieces]
        full = slot.column.kind != "name" or all(
            _width(a) >= _FULL * wide[i] for atoms in cells for a in atoms[:-1]
        )
        if not full or not all(_fits(slot, atoms) for atoms in cells):
            return False
    names = [i for i, slot in enumerate(slots) if slot.column.kind == "name"]
    return all(any(i in row.pieces for i in names) for row in rows)


def _width(atom: Atom) -> int:
    return atom.place[1] - atom.place[0] if atom.place else 0


def _fits(slot: Slot, atoms: Sequence[Atom]) -> bool:
    kind = kind_of(joined([a.cell for a in atoms]).text)
    if slot.column.kind == "number":
        return kind.number is not None
    if slot.column.kind == "name" and is_broken_name(atoms):
        return False
    if slot.column.holds_values and holds_two_values(atoms):
        return False
    return begin(slot.column, kind, 0, False) < _MISFIT
