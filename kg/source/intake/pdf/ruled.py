"""Tables that are drawn with ruling lines -> grids."""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, pairwise
from statistics import median

from kg.source.intake.pdf.figures import Rule
from kg.source.intake.pdf.glyphs import Glyph
from kg.source.intake.pdf.grid import Grid, Part, text_of_cell
from kg.source.intake.pdf.lines import PrintedLine, lines_of
from kg.source.intake.pdf.rows import rows_of

_SNAP = 3.0  # points: lines no farther apart are one, ends no farther apart meet
_FEW_LEVELS = 4  # a frame with no more may have rules between its columns alone
_MOST_RULES = 4_000  # on a page; more are a drawing


def ruled_tables(
    rules: Sequence[Rule], glyphs: Sequence[Glyph], before: Sequence[Grid] = ()
) -> tuple[list[Grid], list[Glyph]]:
    """The tables whose cells ruling lines part, and the glyphs outside of them.

    A frame round running text (one column) is no table: its glyphs stay. Where a table of the page
    before has the same columns it is the rest of a row, however few of its cells go on."""
    found: list[Grid] = []
    rest = list(glyphs)
    frames = [frame for part in _connected(rules) if (frame := _frame(part)) is not None]
    for frame in sorted(frames, key=lambda f: (f.xs[-1] - f.xs[0]) * (f.ys[-1] - f.ys[0])):
        inside = [g for g in rest if frame.holds(g)]
        grid = frame.grid(inside, any(known.goes_on(frame.xs, _SNAP) for known in before))
        if grid is not None:
            found.append(grid)
            taken = set(map(id, inside))
            rest = [g for g in rest if id(g) not in taken]
    return found, rest


def merged(rules: Iterable[Rule]) -> list[Rule]:
    """Rules of one direction, those joined that lie on one another or go on from one another."""
    kept: list[Rule] = []
    for group in _near(sorted(rules, key=lambda r: r.at)):
        at = median(r.at for r in group)
        stretches: list[tuple[float, float]] = []
        for rule in sorted(group, key=lambda r: r.start):
            start, end = rule.start, rule.end
            if stretches and start <= stretches[-1][1] + _SNAP:
                start, before = stretches.pop()
                end = max(before, end)
            stretches.append((start, end))
        kept += [Rule(group[0].level, at, start, end) for start, end in stretches]
    return kept


def _near(rules: Sequence[Rule]) -> list[list[Rule]]:
    groups: list[list[Rule]] = []
    for rule in rules:
        if groups and rule.at - groups[-1][0].at <= _SNAP:
            groups[-1].append(rule)
        else:
            groups.append([rule])
    return groups


def _connected(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Rules in groups that touch or cross."""
    if len(rules) > _MOST_RULES:
        return []
    groups: list[list[Rule]] = []
    every = (*merged(r for r in rules if r.level), *merged(r for r in rules if not r.level))
    for rule in every:
        met: list[list[Rule]] = []
        apart: list[list[Rule]] = []
        for group in groups:
            (met if any(_meet(rule, other) for other in group) else apart).append(group)
        groups = [*apart, [rule, *chain.from_iterable(met)]]
    return [group for group in groups if len(group) > 1]


def _meet(one: Rule, other: Rule) -> bool:
    return one.level is not other.level and (
        one.start - _SNAP <= other.at <= one.end + _SNAP
        and other.start - _SNAP <= one.at <= other.end + _SNAP
    )


@dataclass(frozen=True)
class _Frame:
    """The lines of a table: where columns and rows begin and end, and the rules between."""

    xs: list[float]
    ys: list[float]
    rules: list[Rule]

    def holds(self, glyph: Glyph) -> bool:
        return (
            self.xs[0] <= (glyph.left + glyph.right) / 2 <= self.xs[-1]
            and self.ys[0] <= glyph.middle <= self.ys[-1]
        )

    def _parts(self, level: bool, at: float, across: float) -> bool:
        """Whether a rule is at a line, where something would cross it."""
        return any(
            r.level is level and abs(r.at - at) <= _SNAP and r.start - 1 <= across <= r.end + 1
            for r in self.rules
        )

    def _cells(self) -> list[list[int]]:
        """For each place of the grid the number of its cell: the cell's first place."""
        wide, high = len(self.xs) - 1, len(self.ys) - 1
        owner = [[row * wide + column for column in range(wide)] for row in range(high)]
        for row, (top, bottom) in enumerate(pairwise(self.ys)):
            for column, (left, right) in enumerate(pairwise(self.xs)):
                if column and not self._parts(False, left, (top + bottom) / 2):
                    owner[row][column] = owner[row][column - 1]
                elif row and not self._parts(True, top, (left + right) / 2):
                    owner[row][column] = owner[row - 1][column]
        return owner

    def grid(self, glyphs: Sequence[Glyph], rest_of_row: bool) -> Grid | None:
        """The table with its text; None where that is all in one column and no rest of a row."""
        owner = self._cells()
        held: dict[int, list[Glyph]] = {}
        for glyph in glyphs:
            column = min(bisect_right(self.xs, (glyph.left + glyph.right) / 2), len(self.xs) - 1)
            row = min(bisect_right(self.ys, glyph.middle), len(self.ys) - 1)
            held.setdefault(owner[row - 1][column - 1], []).append(glyph)
        rows = self._rows({cell: lines_of(inside) for cell, inside in held.items()})
        filled = sum(map(any, zip(*rows, strict=True)))
        if filled < (1 if rest_of_row else 2):
            return None
        return Grid(
            self.xs[0],
            self.xs[-1],
            self.ys[0],
            tuple(self.xs),
            tuple(pairwise(self.xs)),
            tuple(row for row in rows if any(row)),
            median(g.size for g in glyphs),
        )

    def _rows(self, cells: Mapping[int, Sequence[PrintedLine]]) -> list[tuple[str, ...]]:
        """The rows, by the lines of each cell where rules part the columns alone."""
        wide = len(self.xs) - 1
        rows: list[tuple[str, ...]] = []
        for first in range(0, wide * (len(self.ys) - 1), wide):
            lines = [cells.get(first + column, ()) for column in range(wide)]
            apart: tuple[tuple[str, ...], ...] = ()
            if len(self.ys) <= _FEW_LEVELS and sum(len(own) > 2 for own in lines) > 1:
                apart = rows_of(_numbered(lines))
            rows += (
                apart
                if len(apart) > 2
                else [tuple(text_of_cell([line.text for line in own]) for own in lines)]
            )
        return rows


def _numbered(columns: Sequence[Sequence[PrintedLine]]) -> list[list[Part]]:
    """The lines of columns as parts of the lines that go through all of them."""
    bases = sorted({line.base for own in columns for line in own})
    number: dict[float, int] = {}
    for base in bases:
        last = max(number, default=None)
        number[base] = number[last] if last is not None and base - last < 1 else len(number)
    return [
        [
            Part(number[line.base], line.base, line.size, line.left, line.right, line.text)
            for line in own
        ]
        for own in columns
    ]


def _frame(rules: list[Rule]) -> _Frame | None:
    """The frame that connected rules make; None for fewer than two columns."""
    level = [r for r in rules if r.level]
    upright = [r for r in rules if not r.level]
    if len(level) < 2 or not upright:
        return None
    xs, ys = _edges(upright, level), _edges(level, upright)
    return _Frame(xs, ys, rules) if len(xs) > 2 and len(ys) > 1 else None


def _edges(rules: Sequence[Rule], crossing: Sequence[Rule]) -> list[float]:
    """Where lines stand, and the ends of those that cross them where two of these reach farther:
    one alone is below a running head above the table."""
    edges = [near[0].at for near in _near(sorted(rules, key=lambda r: r.at))]
    ends = sorted(r.start for r in crossing)[:2][-1], sorted(r.end for r in crossing)[-2:][0]
    if edges[0] - ends[0] > 2 * _SNAP:
        edges.insert(0, ends[0])
    if ends[1] - edges[-1] > 2 * _SNAP:
        edges.append(ends[1])
    return edges
