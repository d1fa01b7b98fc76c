"""Rows whose cells take several lines of a page, above and below the line with the row's values.

The lines between two rows' own are shared out as cheaply as can be: a row's cells are in the middle
of its lines, and the pieces of each line are given to columns, going on with what the lines nearer
to the row's own have put there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from itertools import groupby

from kg.document.tables.align import CUT, REWARD, GridRow, Slot, missed
from kg.document.tables.costs import Atom, Kind, begin, go_on, kind_of
from kg.document.tables.row_checks import holds_two_values, is_broken_name
from kg.document.tables.words import (
    attribute_of,
    ends_as_measured,
    is_missing,
    is_number,
    number_of,
    pattern,
)
from kg.source.gutters import first_rows

_MOST_AROUND = 5  # lines of a row above or below its own
_LEAST_PIECES = 3  # of a line that holds a row
_FILLED = 0.5  # of the pieces of the fullest line: a line with as many may hold a row's values
_CENTRED = 0.75  # of a line: a cell of several rows is no farther from their middle
_UNEVEN = 2.0  # for each line more below a row's own than above it, or fewer
_LEANING = 0.5  # where the name's lines may be even in number: downwards, or half more upwards
_TWO_IN_ONE = 5.0  # for a cell put together of two
_OPEN = 1.0  # for a name that ends in no word of what is measured
_HEADING = 1.0  # for a line read as a category
_SHORT_CATEGORY = 8  # characters
_SUBSCRIPT = 0.5  # for a number below a row's line that no column takes
_LONGEST_SUBSCRIPT = 3  # characters
_DROPPED = 5.0
_WITHIN = 3.0  # for a category that the head doesn't name, within a row's lines
_NAME_BEGUN = 4.0  # what a name above or below its row's line is worth


def read_around(slots: Sequence[Slot], atoms: Sequence[Atom]) -> tuple[list[GridRow], float] | None:
    """The rows of a table with cells of several lines, and their cost; None for any other."""
    shared = _of_several(slots, atoms)
    leads, lines = _by_line([a for a in atoms if a.slot not in shared])
    own = _own_lines(lines)
    if not own or any(len(lines[i]) < 2 for i in own) or len(own) == len(lines):
        return None
    way = _shared_out(slots, lines, own)
    if way is None:
        return None
    cost, rows = way
    category = next(i for i, s in enumerate(slots) if s.column.kind == "category")
    position = 0
    for first, end, block in rows:
        above = [a for j in range(position, first) for a in (*leads[j], *lines[j])]
        above += [a for j in range(first, end) for a in leads[j]]
        if above:
            block.cells[category] = [*above, *block.cells.get(category, [])]
        position = end
    reach = [(lines[first][0].line, lines[end - 1][0].line) for first, end, _ in rows]
    for i in shared:
        cells = _cells([a for a in atoms if a.slot == i])
        middles = [(cell[0].line + cell[-1].line) / 2 for cell in cells]
        for at, cell in zip(first_rows(reach, middles, _CENTRED), cells, strict=True):
            rows[at][2].cells.setdefault(i, []).extend(cell)
    return [block.row() for _, _, block in rows], cost - REWARD * len(rows)


def _of_several(slots: Sequence[Slot], atoms: Sequence[Atom]) -> set[int]:
    """The columns whose cells are of several rows, where pieces surely stand in columns:
    categories, and attributes that most rows lack."""
    lines = [{a.slot for a in line} for _, line in groupby(atoms, key=lambda a: a.line)]
    most = max(map(len, lines), default=0)
    rows = [line for line in lines if len(line) >= max(_LEAST_PIECES, _FILLED * most)]
    return {
        i
        for i, slot in enumerate(slots)
        if slot.column.kind == "category"
        or (slot.column.kind == "attribute" and 2 * sum(i in row for row in rows) <= len(rows))
    }


def _cells(atoms: Sequence[Atom]) -> list[list[Atom]]:
    """The cells of a column: the pieces whose lines follow one another."""
    found: list[list[Atom]] = []
    for atom in atoms:
        if found and atom.line == found[-1][-1].line + 1:
            found[-1].append(atom)
        else:
            found.append([atom])
    return found


def _by_line(atoms: Sequence[Atom]) -> tuple[list[list[Atom]], list[list[Atom]]]:
    """The pieces by line, and those left of the names, with the line they are in or before."""
    leads: list[list[Atom]] = [[]]
    lines: list[list[Atom]] = []
    for _, group in groupby(atoms, key=lambda a: a.line):
        line = list(group)
        leads[-1] += [a for a in line if a.leads]
        rest = [a for a in line if not a.leads]
        if rest:
            lines.append(rest)
            leads.append([])
    return leads, lines


def _own_lines(lines: Sequence[Sequence[Atom]]) -> list[int]:
    """The lines with the values of rows: with an attribute, where any has one; else with a value
    and as many pieces as rows have."""
    marked = [i for i, line in enumerate(lines) if any(attribute_of(a.text) for a in line)]
    if marked:
        return marked
    most = max(map(len, lines), default=0)
    full = [i for i, line in enumerate(lines) if len(line) >= _FILLED * most]
    return [i for i in full if any(is_number(a.text) or is_missing(a.text) for a in lines[i][1:])]


# ---------------------------------------------------------------- which lines are whose

# what rows cost so far; for each its first line, the one behind its last, and what they hold
_Way = tuple[float, list[tuple[int, int, "_Block"]]]


def _shared_out(
    slots: Sequence[Slot], lines: Sequence[list[Atom]], own: Sequence[int]
) -> _Way | None:
    """The cheapest way to share out the lines between the rows' own; those behind the last row may
    be left over, what surely stands below its values aside. None where a line is too far from any
    row."""
    ways: dict[int, _Way] = {0: (0.0, [])}
    number = 0
    for at, following in zip(own, [*own[1:], len(lines)], strict=True):
        begun = {i: way for i, way in _below_headings(ways, lines).items() if i <= at}
        ways = {}
        bounds = min(begun, default=at), at, following
        for first, end, block in _blocks(slots, lines, bounds, number):
            if first in begun:
                cost = begun[first][0] + _cost(slots, block, at - first, end - at - 1)
                if end not in ways or cost < ways[end][0]:
                    ways[end] = cost, [*begun[first][1], (first, end, block)]
        number = number_of(lines[at][0].text) or number
    values = {i for i, slot in enumerate(slots) if slot.column.holds_values}
    valued = [any(a.slot in values for a in line) for line in lines]
    over = ((cost + _DROPPED * sum(valued[end:]), rows) for end, (cost, rows) in ways.items())
    return min(over, key=lambda way: way[0], default=None)


def _below_headings(ways: Mapping[int, _Way], lines: Sequence[list[Atom]]) -> dict[int, _Way]:
    """The ways by the line that the next row may begin with; one that is a category may be no
    row's."""
    found = dict(ways)
    for end, (cost, rows) in ways.items():
        if end < len(lines) and _is_category_line(lines[end]):
            below = (cost + _HEADING, rows)
            found[end + 1] = min(found.get(end + 1, below), below, key=lambda way: way[0])
    return found


def _blocks(
    slots: Sequence[Slot], lines: Sequence[list[Atom]], bounds: tuple[int, int, int], number: int
) -> Iterator[tuple[int, int, _Block]]:
    """The rows that a line with values may make with lines above and below it: the first line of
    each and the one behind its last.

    Args:
        bounds: the first line that is free, the one with values, and the next such one.
        number: of the row before.
    """
    begun, at, following = bounds
    yield at, at + 1, _Block(slots, lines[at], number + 1, several=False)
    if begun == at and following == at + 1:
        return
    upper = _Block(slots, lines[at], number + 1, several=True)
    for first in range(at, max(begun, at - _MOST_AROUND) - 1, -1):
        if first < at:
            upper = upper.with_line(lines[first], above=True)
            yield first, at + 1, upper
        lower = upper
        for end in range(at + 2, min(following, at + 1 + _MOST_AROUND) + 1):
            lower = lower.with_line(lines[end - 1], above=False)
            yield first, end, lower


def _cost(slots: Sequence[Slot], block: _Block, above: int, below: int) -> float:
    """What it costs to take a row's own line, so many above and so many below it for its lines."""
    more = below - above
    cost = block.cost + _UNEVEN * abs(more)
    if more and block.own_name:
        cost += _LEANING * (1.5 if more < 0 else 1.0) - _UNEVEN
    for i, slot in enumerate(slots):
        atoms = block.cells.get(i, [])
        if slot.column.kind == "name":
            cost += _TWO_IN_ONE * (not atoms or is_broken_name(atoms))
            cost += _OPEN * (not ends_as_measured("".join(a.text for a in atoms)))
        elif slot.column.holds_values:
            cost += _TWO_IN_ONE * holds_two_values(atoms)
    return cost


def _is_category_line(line: Sequence[Atom]) -> bool:
    """Whether a line may name the category of the rows below it."""
    text = "".join(a.text for a in line)
    match = pattern("cells", "category").match(text)
    if match is None or line[0].slot is not None or ends_as_measured(text):
        return False
    short = len(match["name"]) <= _SHORT_CATEGORY and not text.endswith(")")
    return short or bool(match["count"])


# ---------------------------------------------------------------- the lines of one row


class _Block:
    """The lines of a row: its own first, then those above from the nearest, then those below."""

    def __init__(
        self, slots: Sequence[Slot], own: Sequence[Atom], expected: int, several: bool
    ) -> None:
        """Begin with a row's own line.

        Args:
            expected: the row's number, where rows are counted.
            several: whether other lines come to it.
        """
        self.cells: dict[int, list[Atom]] = {}
        self._lost: list[Atom] = []
        self._cost = 0.0
        self._several = several
        self._slots = slots
        self._expected = expected
        self._name_open = False  # lines are above and below the row's own, which has no name
        self.own_name = self._assign_line(own, above=False, own=True)
        self._name_open = not self.own_name

    @property
    def cost(self) -> float:
        """What the row costs, with the columns that it leaves empty."""
        empty = (slot.skip for i, slot in enumerate(self._slots) if i not in self.cells)
        return self._cost + sum(empty)

    def row(self) -> GridRow:
        """The row of the grid."""
        cells = {self._slots[i].index: atoms for i, atoms in self.cells.items()}
        placed = all(self._slots[i].holds(a) for i, atoms in self.cells.items() for a in atoms)
        return GridRow(cells, self.cost, missed(self._lost, cells), placed)

    def with_line(self, line: Sequence[Atom], above: bool) -> _Block:
        """The row with one line more."""
        other = copy(self)
        other.cells, other._lost = dict(self.cells), list(self._lost)
        named = other._assign_line(line, above, own=False)
        other._name_open = self._name_open or (above and named)
        return other

    def _assign_line(self, line: Sequence[Atom], above: bool, own: bool) -> bool:
        """Give a line's pieces to columns, in order, as cheaply as can be; whether one is of the
        name."""
        # for each slot the cheapest way to give the pieces so far, the last of them to that slot
        best: dict[int, tuple[float, tuple[int | None, ...]]] = {-1: (0.0, ())}
        for atom in line:
            fits = self._possible_columns(atom, above, own)
            found: dict[int, tuple[float, tuple[int | None, ...]]] = {}
            for slot, (cost, way) in best.items():
                ways = [(i, more) for i, more in fits if i is None or i > slot]
                if way and way[-1] == slot and atom.slot is None:
                    held = "".join(a.text for a, i in zip(line, way, strict=False) if i == slot)
                    more = go_on(self._slots[slot].column, held, kind_of(atom.text), atom.gap)
                    ways.append((slot, more + CUT[atom.gap]))
                for taken, more in ways:
                    at = slot if taken is None else taken
                    if at not in found or cost + more < found[at][0]:
                        found[at] = (cost + more, (*way, taken))
            best = found
        cost, way = min(best.values(), key=lambda one: one[0])
        begun = {i for i in way if i is not None and i not in self.cells}
        self._cost += cost + sum(self._spared(self._slots[i], own) for i in begun)
        self._put(line, way, above, own)
        return any(i is not None and self._slots[i].column.kind == "name" for i in way)

    def _possible_columns(
        self, atom: Atom, above: bool, own: bool
    ) -> list[tuple[int | None, float]]:
        """The columns that a piece may be of, or none, and what each costs."""
        kind = kind_of(atom.text)
        dropped = _SUBSCRIPT if _is_subscript(atom.text) and not own else _DROPPED
        places = range(len(self._slots)) if atom.slot is None else (atom.slot,)
        return [(None, dropped), *((i, self._fit(i, atom, kind, above, own)) for i in places)]

    def _fit(self, i: int, atom: Atom, kind: Kind, above: bool, own: bool) -> float:
        """The cost of giving a piece to a column; a row's name may be in any of its lines."""
        slot, held = self._slots[i], self.cells.get(i)
        open_below = slot.column.kind == "category" and self._name_open and not (above or own)
        if not held:
            cost = begin(slot.column, kind, self._expected, slot.index < 0)
            if open_below or (slot.index < 0 and not own):
                cost += _WITHIN
            return cost + CUT[atom.gap] - self._spared(slot, own)
        if above:
            first = kind_of(held[0].text)
            begun = begin(slot.column, kind, self._expected, slot.index < 0)
            begun -= begin(slot.column, first, self._expected, slot.index < 0)
            return max(0.0, begun) + go_on(slot.column, atom.text, first, 2, atom.short)
        cost = _WITHIN if open_below else 0.0
        return cost + go_on(slot.column, "".join(a.text for a in held), kind, 2, held[-1].short)

    def _spared(self, slot: Slot, own: bool) -> float:
        """The worth of filling an empty column; a row's name may be in any of its lines."""
        if slot.column.kind == "name" and self._several:
            return 0.0 if own else _NAME_BEGUN
        return slot.skip

    def _put(
        self, line: Sequence[Atom], way: tuple[int | None, ...], above: bool, own: bool
    ) -> None:
        given: dict[int, list[Atom]] = {}
        for atom, taken in zip(line, way, strict=True):
            if taken is not None:
                given.setdefault(taken, []).append(atom)
            elif own or above or not _is_subscript(atom.text):
                self._lost.append(atom)
        for i, atoms in given.items():
            held = self.cells.get(i, [])
            self.cells[i] = [*atoms, *held] if above else [*held, *atoms]


def _is_subscript(text: str) -> bool:
    """Whether a piece below a row's line may be a subscript of its name (PM2.5)."""
    return is_number(text) and len(text) <= _LONGEST_SUBSCRIPT
