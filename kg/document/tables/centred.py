"""Rows whose cells are centred on a page: lines of a cell are above and below its row's line.

A row's line is the one with its attribute and values. The lines between two rows' lines are shared
out so that each row has as many below its line as above it; then each line's pieces are given to
the columns, going on with what the lines above have put there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from kg.document.tables.align import CUT, REWARD, GridRow, Slot, missed
from kg.document.tables.costs import Atom, Kind, begin, go_on, kind_of
from kg.document.tables.head import Head
from kg.document.tables.words import (
    attribute_of,
    ends_as_measured,
    is_missing,
    is_number,
    number_of,
    pattern,
)

_MOST_ABOVE = 5  # lines of a cell above its row's
_SHORT_CATEGORY = 8  # characters
_UNEVEN = 1.5  # for each line more or less below a row's line than above it
_NAMELESS = 4.0  # for a row that no line names
_WHOLE = 2.0  # for a line above or below a row's line that holds its whole name
_HEADING = 1.0  # for a line read as a category
_SUBSCRIPT = 0.5  # for a number below a row's line that no column takes
_LONGEST_SUBSCRIPT = 3  # characters
_DROPPED = 5.0
_WITHIN = 3.0  # for a category that the head doesn't name, within a row's lines
_NAME_BEGUN = 4.0  # what a name above or below its row's line is worth
_NEVER = 1000.0
_BROKEN = 7  # tenths of the line below it
_OVER = 2.5  # for a line above a row's own that is likelier its category


@dataclass(frozen=True)
class _Chain:
    """How the lines up to a row's line are shared out.

    rows: for each row but the last its lines' first and last place; above: the last row's lines
        above its own.
    """

    cost: float
    rows: tuple[tuple[int, int], ...]
    above: int


def read_centred(
    head: Head, slots: Sequence[Slot], atoms: Sequence[Atom]
) -> tuple[list[GridRow], float] | None:
    """The rows of a table with centred cells, and their cost; None where it is no such table."""
    leads, lines = _apart(atoms)
    rows = [i for i, line in enumerate(lines) if _is_row_line(head, line)]
    if not rows or any(len(lines[i]) < 2 for i in rows):
        return None
    chain = _shared(lines, rows)
    if all(first == last for first, last in chain.rows):
        return None
    found: list[GridRow] = []
    number, position = 0, 0
    for (first, last), own in zip(chain.rows, rows, strict=True):
        headings = [a for j in range(position, first) for a in (*leads[j], *lines[j])]
        headings += [a for j in range(first, last + 1) for a in leads[j]]
        row, number = _read_block(slots, lines[first : last + 1], own - first, headings, number)
        found.append(row)
        position = last + 1
    return found, chain.cost + sum(row.cost - REWARD for row in found)


def _apart(atoms: Sequence[Atom]) -> tuple[list[list[Atom]], list[list[Atom]]]:
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


def _shared(lines: list[list[Atom]], rows: list[int]) -> _Chain:
    """The cheapest way to share out the lines between the rows' own."""
    chains = {0: _Chain(0.0, (), 0)}
    for place, i in enumerate(rows):
        begun = rows[place - 1] + 1 if place else 0
        found: dict[int, _Chain] = {}
        for chain in chains.values():
            for below in range(0, (i - begun if place else 0) + 1):
                for step in _steps(lines, begun, i, below, chain, place):
                    best = found.get(step.above)
                    if best is None or step.cost < best.cost:
                        found[step.above] = step
        chains = found or {0: _Chain(_NEVER, (), 0)}
    left = len(lines) - rows[-1] - 1
    ends = [
        _Chain(
            c.cost + _around(lines[rows[-1]], c.above, below),
            (*c.rows, (rows[-1] - c.above, rows[-1] + below)),
            below,
        )
        for c in chains.values()
        for below in {0, min(left, c.above), min(left, _MOST_ABOVE)}
    ]
    return min(ends, key=lambda c: c.cost)


def _steps(
    lines: list[list[Atom]], begun: int, i: int, below: int, chain: _Chain, place: int
) -> list[_Chain]:
    """The chains with one row more, so many lines below the one before it."""
    if below > _MOST_ABOVE:
        return []
    cost = chain.cost + (_around(lines[begun - 1], chain.above, below) if place else 0.0)
    rows = (*chain.rows, (begun - 1 - chain.above, begun - 1 + below)) if place else ()
    first = begun + below
    steps = []
    if i - first <= _MOST_ABOVE:
        heads = sum(_stands_over(line, lines[i]) for line in lines[first:i])
        steps.append(_Chain(cost + _OVER * heads, rows, i - first))
    if first < i and i - first - 1 <= _MOST_ABOVE and _is_category_line(lines[first]):
        steps.append(_Chain(cost + _HEADING, rows, i - first - 1))
    return steps


def _around(own: list[Atom], above: int, below: int) -> float:
    """The cost of so many lines around a row's own: as many above as below, more for one whose name
    is whole, and none only for one that holds its name."""
    cost = _UNEVEN * abs(below - above)
    names = [a.text for a in own if kind_of(a.text).named and len(a.text) > 1]
    names = names or [a.text for a, behind in pairwise(own) if _is_worded_name(a, behind)]
    if not names:
        return cost + (0.0 if above + below else _NAMELESS)
    middle = above and below  # then its name may end as one does before it has ended
    whole = not middle and ends_as_measured(max(names, key=len))
    return cost + (_WHOLE * (above + below) if whole else 0.0)


def _is_worded_name(atom: Atom, behind: Atom) -> bool:
    """Whether a piece that could be a value in words (…大专及以上学历人才) is a name: its unit or a
    number stands behind it."""
    unit, wording = kind_of(behind.text), kind_of(atom.text).wording
    return wording and (unit.unit or unit.numeric or unit.missing)


def _is_row_line(head: Head, line: list[Atom]) -> bool:
    """Whether a line holds a row's values."""
    if any(attribute_of(a.text) for a in line):
        return True
    if any(c.kind == "attribute" for c in head.columns):
        return False
    return any(is_number(a.text) or is_missing(a.text) for a in line[1:])


def _stands_over(line: list[Atom], own: list[Atom]) -> bool:
    """Whether a line above a row's own is its category: much shorter than the row's name."""
    names = [a for a in own if not kind_of(a.text).numeric and attribute_of(a.text) is None]
    longest = max(names, key=lambda a: len(a.text), default=None)
    if longest is None or not kind_of(longest.text).named:
        return False
    return _is_category_line(line) and _breaks_early(line[0], longest)


def _is_category_line(line: list[Atom]) -> bool:
    """Whether a line may name the category of the rows below it."""
    text = "".join(a.text for a in line)
    match = pattern("cells", "category").match(text)
    short = match is not None and len(match["name"]) <= _SHORT_CATEGORY
    if ends_as_measured(text):
        return False
    return (short and not text.endswith(")")) or bool(match and match["count"])


# ---------------------------------------------------------------- the lines of one row


class _Block:
    """The lines of a row: its own first, then those above from the nearest, then those below."""

    def __init__(self, slots: Sequence[Slot], expected: int, several: bool) -> None:
        self.cells: dict[int, list[Atom]] = {}
        self.lost: list[Atom] = []
        self._cost = 0.0
        self._name_open = False  # lines are above and below the row's own, which has no name
        self._several = several
        self._slots = slots
        self._expected = expected

    def read(self, line: list[Atom], above: bool, own: bool) -> None:
        """Give a line's pieces to columns, in order, as cheaply as can be."""
        # for each slot the cheapest way to give the pieces so far, the last of them to that slot
        best: dict[int, tuple[float, tuple[int | None, ...]]] = {-1: (0.0, ())}
        for atom in line:
            kind = kind_of(atom.text)
            found: dict[int, tuple[float, tuple[int | None, ...]]] = {}
            for slot, (cost, way) in best.items():
                options: list[tuple[int | None, float]] = [
                    (None, _SUBSCRIPT if _is_subscript(kind.text) and not own else _DROPPED)
                ]
                if slot >= 0 and way[-1] == slot:
                    column = self._slots[slot].column
                    held = "".join(a.text for a, i in zip(line, way, strict=False) if i == slot)
                    more = go_on(column, held, kind, atom.gap)
                    options.append((slot, more + CUT[atom.gap]))
                options += [
                    (i, self._fit(i, atom, kind, above, own))
                    for i in range(slot + 1, len(self._slots))
                ]
                for taken, more in options:
                    at = slot if taken is None else taken
                    if at not in found or cost + more < found[at][0]:
                        found[at] = (cost + more, (*way, taken))
            best = found
        cost, way = min(best.values(), key=lambda one: one[0])
        named = any(i is not None and self._slots[i].column.kind == "name" for i in way)
        self._name_open = self._name_open or (not named if own else above and named)
        begun = {i for i in way if i is not None and i not in self.cells}
        self._cost += cost + sum(self._spared(self._slots[i], own) for i in begun)
        self._put(line, way, above, own)

    @property
    def cost(self) -> float:
        """What the row costs, with the columns that it leaves empty."""
        empty = (slot.skip for i, slot in enumerate(self._slots) if i not in self.cells)
        return self._cost + sum(empty)

    def _fit(self, i: int, atom: Atom, kind: Kind, above: bool, own: bool) -> float:
        """The cost of giving a piece to a column; a row's name may be in any of its lines."""
        slot, held = self._slots[i], self.cells.get(i)
        open_below = slot.column.kind == "category" and self._name_open and not (above or own)
        if not held:
            cost = begin(slot.column, kind, self._expected, slot.index is None)
            if open_below or (slot.index is None and not own):
                cost += _WITHIN
            return cost + CUT[atom.gap] - self._spared(slot, own)
        if above:
            first = kind_of(held[0].text)
            begun = begin(slot.column, kind, self._expected, slot.index is None)
            begun -= begin(slot.column, first, self._expected, slot.index is None)
            short = atom.short or _breaks_early(atom, held[0])
            return max(0.0, begun) + go_on(slot.column, atom.text, first, 2, short)
        cost = _WITHIN if open_below else 0.0
        return cost + go_on(slot.column, "".join(a.text for a in held), kind, 2, held[-1].short)

    def _spared(self, slot: Slot, own: bool) -> float:
        """The worth of filling an empty column; a row's name may be in any of its lines."""
        if slot.column.kind == "name" and self._several:
            return 0.0 if own else _NAME_BEGUN
        return slot.skip

    def _put(self, line: list[Atom], way: tuple[int | None, ...], above: bool, own: bool) -> None:
        given: dict[int, list[Atom]] = {}
        for atom, taken in zip(line, way, strict=True):
            if taken is not None:
                given.setdefault(taken, []).append(atom)
            elif own or above or not _is_subscript(atom.text):
                self.lost.append(atom)
        for i, atoms in given.items():
            held = self.cells.get(i, [])
            self.cells[i] = [*atoms, *held] if above else [*held, *atoms]


def _read_block(
    slots: Sequence[Slot], lines: list[list[Atom]], own: int, headings: list[Atom], number: int
) -> tuple[GridRow, int]:
    """A row from its lines, the one with its values among them, and its number."""
    block = _Block(slots, number + 1, len(lines) > 1)
    block.read(lines[own], False, True)
    for line in reversed(lines[:own]):
        block.read(line, True, False)
    for line in lines[own + 1 :]:
        block.read(line, False, False)
    category = next((i for i, s in enumerate(slots) if s.column.kind == "category"), None)
    if headings and category is not None:
        block.cells[category] = [*headings, *block.cells.get(category, [])]
    for i, atoms in block.cells.items():
        if slots[i].column.kind == "number":
            number = number_of(atoms[0].text) or number
    cells = {slots[i].at: atoms for i, atoms in block.cells.items()}
    return GridRow(cells, block.cost, missed(block.lost, cells)), number


def _breaks_early(upper: Atom, lower: Atom) -> bool:
    """Whether a line is much shorter than the one below it, as no line of a broken cell is."""
    return len(upper.text) * 10 < _BROKEN * len(lower.text)


def _is_subscript(text: str) -> bool:
    """Whether a piece below a row's line may be a subscript of its name (PM2.5)."""
    return is_number(text) and len(text) <= _LONGEST_SUBSCRIPT
