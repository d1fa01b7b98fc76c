"""Pieces of text in reading order -> rows of cells, each piece given to a column of the head.

A shortest-path reading: each piece begins a cell, goes on in one, or is dropped; a row takes its
columns in order and may leave some out. Its cost for each step is that of costs.py. Time is linear
in the pieces, for a bounded number of columns.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from kg.document.tables.costs import Atom, Kind, begin, go_on, kind_of, skip
from kg.document.tables.model import Column
from kg.lexicon import grouped

REWARD = 10.0  # what a row may cost before it is better left out at the table's end
_LOST = 60.0  # cost beyond the best end: the table has ended
_DROPPED = 5.0
CUT = (0.6, 0.0, 0.1, 0.0)  # of beginning a cell behind each gap
_DROPPING = "dropped"
_NEVER = 1000.0
_PLAINLY = 0.75  # what going on in a value costs at most where its last line says that it does
EQUAL = 1e-6  # a difference of costs that says nothing
_FAR = 0.3  # a column of the page between a cell and its head
_FARTHEST = 3.0
_LEADS = -2.0  # of a category that stands to the left of the names
_IN_LINE = 2.0  # for a row that begins behind another one in its line
_BREAK = 2  # the gap that a line's end makes
_TAIL = 200  # characters of a cell's text that are kept to judge what goes on in it


@dataclass(frozen=True)
class Slot:
    """A column as rows are read into it.

    column: what it is; index: its place among the head's, -1 where the head doesn't name it.
    place: the columns of the page that its head takes up.
    """

    column: Column
    index: int
    place: tuple[int, int] | None = None

    @property
    def skip(self) -> float:
        """The cost of a row without it."""
        return skip(self.column)

    def holds(self, atom: Atom) -> bool:
        """Whether a piece stands below the column's head."""
        if atom.slot is not None or self.place is None or atom.place is None:
            return atom.slot is not None
        return atom.place[0] < self.place[1] and self.place[0] < atom.place[1]


@dataclass
class GridRow:
    """A row of the grid: its pieces of text by column, a category that the head doesn't name at -1.

    cost: how badly it fits the head; 0 where every cell is under its column. lost: pieces of it
    that no column takes. placed: whether where they stand tells the columns of its cells, and not
    what they hold alone.
    """

    cells: dict[int, list[Atom]] = field(default_factory=dict)
    cost: float = 0.0
    lost: list[Atom] = field(default_factory=list)
    placed: bool = False

    def of(self, columns: Sequence[Column], kind: str) -> list[Atom]:
        """Its pieces in columns of a kind."""
        return [
            atom
            for i, atoms in sorted(self.cells.items())
            if (columns[i].kind if i >= 0 else "category") == kind
            for atom in atoms
        ]

    @property
    def atoms(self) -> list[Atom]:
        """All its pieces."""
        return [atom for atoms in self.cells.values() for atom in atoms]


@dataclass(slots=True, eq=False)
class _Node:
    """The best reading that ends with a piece in a slot.

    slot: its index, -1 before the first. begins: "row", "cell", "" where the piece goes on in a
    cell, or _DROPPING. previous: the reading without the piece; None for that of no piece.
    """

    cost: float
    slot: int
    begins: str
    previous: _Node | None
    atom: Atom
    text: str
    number: int
    rows: int


class Aligner:
    """Reads pieces of text into the slots of a head."""

    def __init__(self, slots: Sequence[Slot], number: int = 0, partial: bool = False) -> None:
        """Make a reader.

        Args:
            partial: whether all pieces belong to rows, so that none is left out at the end.
        """
        self._slots = slots
        self._number = number
        self._partial = partial
        self._upto = [0.0]
        for slot in slots:
            self._upto.append(self._upto[-1] + slot.skip)

    def align(self, atoms: Sequence[Atom]) -> list[GridRow]:
        """The rows that the pieces make; what is behind the last good row is left out."""
        if not atoms:
            return []
        start = _Node(0.0, -1, "row", None, atoms[0], "", self._number, 0)
        nodes, best, gain = [start], start, 0.0
        for atom, behind in zip(atoms, [*atoms[1:], None], strict=True):
            nodes = self._step(nodes, atom)
            for node in nodes if behind is None or behind.gap >= _BREAK else ():
                end = node.cost + self._cost_of_end(node) - REWARD * node.rows
                if end <= gain:
                    best, gain = node, end
                elif node.previous is best and self._continues_value(node, best):
                    best = node
            if not self._partial and min(n.cost - REWARD * n.rows for n in nodes) > gain + _LOST:
                break
        if self._partial:
            best = min(nodes, key=lambda n: n.cost + self._cost_of_end(n))
        return self._rows(best)

    def _continues_value(self, node: _Node, before: _Node) -> bool:
        """Whether a piece plainly continues the value that a row ends with."""
        valued = self._slots[node.slot].column.holds_values
        return not node.begins and valued and node.cost - before.cost <= _PLAINLY

    def _cost_of_end(self, node: _Node) -> float:
        """The cost of ending a row with a node."""
        if node.slot < 0:
            return 0.0
        return self._upto[-1] - self._upto[node.slot + 1]

    def _step(self, nodes: list[_Node], atom: Atom) -> list[_Node]:
        """The best readings that end with one piece more."""
        kind = kind_of(atom.text)
        found: dict[int, _Node] = {}
        for i, slot in enumerate(self._slots):
            cost, begins, node = self._best(nodes, i, atom, kind)
            found[i] = self._node(cost, i, begins, node, atom, kind, slot)
        for node in nodes:
            cost = node.cost + _DROPPED
            if node.slot not in found or cost < found[node.slot].cost:
                held = node.text, node.number, node.rows
                found[node.slot] = _Node(cost, node.slot, _DROPPING, node, atom, *held)
        return list(found.values())

    def _best(self, nodes: list[_Node], i: int, atom: Atom, kind: Kind) -> tuple[float, str, _Node]:
        """The cheapest way to give a piece to a slot: its cost, how it begins, what it follows."""
        slot, best = self._slots[i], (math.inf, "", nodes[0])
        counts = slot.column.kind in ("number", "name")
        fixed = self._begin(slot, kind, 0, atom)
        for node in nodes:
            here = self._begin(slot, kind, node.number + 1, atom) if counts else fixed
            if node.slot == i:
                short = node.begins != _DROPPING and node.atom.short
                cost = node.cost + go_on(slot.column, node.text, kind, atom.gap, short)
                if cost < best[0] - EQUAL:
                    best = (cost, "", node)
            elif 0 <= node.slot < i:
                cost = node.cost + here + self._upto[i] - self._upto[node.slot + 1]
                if cost < best[0] + EQUAL:  # a new cell has more room
                    best = (cost, "cell", node)
            cost = node.cost + here + self._upto[i] + self._cost_of_end(node)
            cost += _IN_LINE if node.slot >= 0 and atom.gap < _BREAK else 0.0
            if cost < best[0]:
                best = (cost, "row", node)
        return best

    def _begin(self, slot: Slot, kind: Kind, expected: int, atom: Atom) -> float:
        cost = begin(slot.column, kind, expected, slot.index < 0) + CUT[atom.gap]
        if atom.leads:
            cost += _LEADS if slot.column.kind == "category" else -_LEADS
        if slot.place and atom.place:
            apart = max(slot.place[0] - atom.place[1], atom.place[0] - slot.place[1], 0)
            cost += min(_FARTHEST, _FAR * apart)
        return cost

    def _node(
        self, cost: float, i: int, begins: str, node: _Node, atom: Atom, kind: Kind, slot: Slot
    ) -> _Node:
        number, text = node.number, atom.text
        if not begins:
            text = (node.text + text)[-_TAIL:]
        elif slot.column.kind == "number" and kind.number is not None:
            number = kind.number
        elif slot.column.kind == "name" and kind.numbered == number + 1:
            number += 1
        rows = node.rows + (begins == "row")
        return _Node(cost, i, begins, node, atom, text, number, rows)

    def _rows(self, node: _Node) -> list[GridRow]:
        rows: list[GridRow] = []
        end = node.cost + self._cost_of_end(node)
        pieces: list[tuple[int, Atom]] = []
        lost: list[Atom] = []
        while (before := node.previous) is not None:
            if node.begins == _DROPPING:
                lost.append(node.atom)
            else:
                pieces.append((node.slot, node.atom))
            if node.begins == "row":
                begun = before.cost + self._cost_of_end(before)
                cells = grouped((self._slots[slot].index, atom) for slot, atom in reversed(pieces))
                lines = {atom.line for _, atom in pieces}
                if rows:  # what is lost in front of a row in its own line is that row's
                    following = {a.line for a in rows[-1].atoms}
                    rows[-1].lost += [a for a in lost if a.line in following - lines]
                    lost = [a for a in lost if a.line not in following - lines]
                placed = all(self._slots[slot].holds(atom) for slot, atom in pieces)
                rows.append(GridRow(cells, end - begun, lost, placed))
                pieces, lost, end = [], [], begun
            node = before
        for row in rows:
            row.lost = missed(row.lost, row.cells)
        return rows[::-1]


def missed(lost: Sequence[Atom], pieces: Mapping[int, Sequence[Atom]]) -> list[Atom]:
    """Of the pieces that no column took, those that say something: no furniture, no page number."""
    lines = {atom.line for atoms in pieces.values() for atom in atoms}
    return [
        atom
        for atom in lost
        if not kind_of(atom.text).furniture and (atom.line in lines or not atom.text.isdigit())
    ]


def slots_of(
    columns: Sequence[Column], places: Sequence[tuple[int, int] | None] = ()
) -> list[Slot]:
    """The slots of rows under a head: its columns, and a category before them where it names none,
    at places of the page."""
    known = list(places) if places else [None] * len(columns)
    slots = [
        Slot(column, i, place) for i, (column, place) in enumerate(zip(columns, known, strict=True))
    ]
    if not any(s.column.kind == "category" for s in slots):
        slots.insert(0, Slot(Column("category"), -1))
    return slots
