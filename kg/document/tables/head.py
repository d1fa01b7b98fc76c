"""The head of a table: head cells, broken over lines or set in several rows -> columns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, groupby, pairwise

from kg.document.tables.costs import Atom
from kg.document.tables.model import Cell, Column
from kg.document.tables.words import (
    column_of,
    going_on,
    is_weak_name,
    pattern,
    tells_rate,
    tells_year,
)
from kg.lexicon import lexicon

MOST_COLUMNS = 48
_MOST_ATOMS = 40  # that a head is read from
_MOST_PIECES = 6  # that one head cell is broken into
_MOST_BELOW = 6  # head cells of a second row, below dated ones of the first
_HEAD_ROWS = 4
_RATES = ("yearly", "cumulative", "change")
_OPEN = ("baseline", "target", "value")  # kinds whose role the words or the order decide


@dataclass(frozen=True)
class Head:
    """The columns of a table, in order.

    atoms: how many pieces of text, or rows of a grid, the head takes up.
    places: what of the page each column's head takes up, where that is known.
    """

    columns: tuple[Column, ...]
    atoms: int
    places: tuple[tuple[int, int] | None, ...] = ()


def tells_indicators(columns: Sequence[Column]) -> bool:
    """Whether columns are those of an indicator table: a name, a value, and one thing more."""
    kinds = [c.kind for c in columns]
    values = [c for c in columns if c.holds_values]
    others = {"number", "attribute", "unit", "category"} & set(kinds)
    return kinds.count("name") >= 1 and bool(values) and (bool(others) or len(values) > 1)


def with_roles(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns with each value's role told: by its words, else by its year's place in the order.

    Where no head cell names a target, the last value is one; values before it are baselines.
    """
    values = [i for i, c in enumerate(columns) if c.kind in _OPEN]
    known = {columns[i].kind for i in values}
    found = list(columns)
    open_ = [i for i in values if columns[i].kind == "value"]
    aims = any(c.kind in _RATES for c in columns)
    if "target" not in known and open_ and not (aims and "baseline" not in known and not open_[1:]):
        found[open_[-1]] = replace(found[open_[-1]], kind="target")
        open_.pop()
    targets = [c.year for c in found if c.kind == "target" and c.year]
    for i in open_:
        year = found[i].year
        later = year is not None and bool(targets) and year > min(targets)
        unsaid = year is None and "baseline" in known
        role = "target" if later or unsaid or (not targets and year is None) else "baseline"
        found[i] = replace(found[i], kind=role)
    return tuple(found)


# ---------------------------------------------------------------- heads in a grid


def grid_head(rows: Sequence[Sequence[Cell]], promised: bool) -> Head | None:
    """The head that rows of a grid begin with.

    Args:
        rows: rows of cells, empty ones too.
        promised: whether the title above promises indicators, so that weaker words count.
    """
    naming = 1 if len(rows) > 1 and _holds_only_values(rows[0]) else 0
    if not _names(rows[naming], promised) or len(rows[0]) > MOST_COLUMNS:
        return None
    if naming:
        rows = [_spread_over(rows[0], rows[1]), *rows[1:]]
    end = naming + 1
    while end < min(len(rows), _HEAD_ROWS) and _is_lower_head(rows[end], rows[:end]):
        end += 1
    labels = _labels([[c.text for c in row] for row in rows[:end]], rows[end : end + 8])
    columns: list[Column] = []
    for label in labels:
        spans = not label and bool(columns) and columns[-1].kind == "name"
        columns.append(columns[-1] if spans else _column(label, promised))
    if not tells_indicators(columns):
        return None
    return Head(with_roles(columns), end)


def _names(row: Sequence[Cell], promised: bool) -> bool:
    """Whether a row of a head names the column of names, and one more."""
    columns = [column_of(c.text) for c in row]
    named = any(c is not None and c.kind == "name" for c in columns)
    weak = promised and any(is_weak_name(c.text) for c in row)
    return (named or weak) and sum(c is not None for c in columns) >= 2


def _holds_only_values(row: Sequence[Cell]) -> bool:
    """Whether all that a row holds are head cells of values: those below it share them."""
    columns = [column_of(c.text) for c in row if c.text]
    return bool(columns) and all(c is not None and c.holds_values for c in columns)


def _spread_over(upper: Sequence[Cell], lower: Sequence[Cell]) -> Sequence[Cell]:
    """The cells of a head's upper row, each over all columns that it is printed in the middle of:
    of several each has as many of the values below, one has those around it that say no more than
    a year."""
    held = [i for i, cell in enumerate(upper) if cell.text]
    columns = [column_of(cell.text) for cell in lower]
    below = [i for i, c in enumerate(columns) if c is None or c.holds_values]
    found = list(upper) + [Cell(upper[0].span, "")] * (len(lower) - len(upper))
    if len(held) > 1:
        share, rest = divmod(len(below), len(held))
        if share and not rest:
            for place, i in enumerate(below):
                found[i] = upper[held[place // share]]
        return found
    plain = {i for i, c in enumerate(columns) if c is not None and c.kind == "value"}
    for step in (-1, 1):
        i = held[0]
        while i in plain:
            found[i] = upper[held[0]]
            i += step
    return found


def _column(label: str, promised: bool) -> Column:
    if promised and is_weak_name(label):
        return Column("name", label)
    return column_of(label) or Column("other", label)


def _is_lower_head(row: Sequence[Cell], upper: Sequence[Sequence[Cell]]) -> bool:
    """Whether a row goes on with the head: all it holds are head cells, or go on with those above
    (2025年 / 绝对值, 2030年目 / 标值), and one of them says what a value or a name is."""
    held = [(i, c.text) for i, c in enumerate(row) if c.text]
    if not held or [c.text for c in row] == [c.text for c in upper[0]]:
        return False
    columns = [column_of(text) or column_of(_above(i, upper) + text) for i, text in held]
    if all(pattern("columns", "scope").search(text) for _, text in held):
        return True
    if not all(columns):
        return False
    return any(c is not None and (c.holds_values or c.kind == "name") for c in columns)


def _above(i: int, upper: Sequence[Sequence[Cell]]) -> str:
    """What a head's rows say over a column; an empty cell goes on with the one to its left."""
    found = ""
    for row in upper:
        spanning = next((c.text for c in reversed(row[: i + 1]) if c.text), "")
        found += spanning if spanning != found else ""
    return found


def _labels(rows: list[list[str]], body: Sequence[Sequence[Cell]]) -> list[str]:
    """The words of each column, from the top of the head down."""
    width = max((len(row) for row in body), default=len(rows[0]))
    if len(rows) == 2 and len(rows[0]) < width and len(rows[1]) < width and rows[1][0]:
        spread = _spread(rows[0], rows[1], width)
        if spread is not None:
            return spread
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
        labels.append("".join(p for j, p in enumerate(parts) if j == 0 or p != parts[j - 1]))
    return [_shorter(label, padded, i) for i, label in enumerate(labels)]


def _shorter(label: str, rows: list[list[str]], i: int) -> str:
    """A label, or its lowest part alone where only that is understood."""
    if column_of(label) is None:
        for row in reversed(rows):
            if row[i]:
                return row[i] if column_of(row[i]) else label
    return label


def _spread(upper: list[str], lower: list[str], width: int) -> list[str] | None:
    """A head of two rows without empty cells: the lower row is below the spanning cells."""
    columns = [column_of(label) for label in upper]
    spanning = [i for i, c in enumerate(columns) if c is not None and c.holds_values]
    undated = [i for i in spanning if (c := columns[i]) is not None and c.year is None]
    for candidates in (undated, spanning):
        fits = len(upper) - len(candidates) + len(lower) == width
        if candidates and fits and len(lower) % len(candidates) == 0:
            share = len(lower) // len(candidates)
            labels = []
            for i, label in enumerate(upper):
                if i in candidates:
                    at = candidates.index(i) * share
                    labels += [_below(label, sub) for sub in lower[at : at + share]]
                else:
                    labels.append(label)
            return labels
    return None


def _below(label: str, lower: str) -> str:
    return label + lower if column_of(label + lower) else lower


# ---------------------------------------------------------------- heads in running text


def text_head(atoms: Sequence[Atom], promised: bool) -> list[Head]:
    """The heads that pieces may begin with, the likeliest first, by the pieces of each cell."""
    found = _heads_by_place(atoms[:_MOST_ATOMS], promised)
    ordered = _together(atoms[:_MOST_ATOMS])
    for join in (0.6, 1.6):
        for head in _partition(ordered, join, promised):
            if head not in found:
                found.append(head)
    return found


def _heads_by_place(atoms: Sequence[Atom], promised: bool) -> list[Head]:
    """The heads whose further lines are below cells of the first, the longest first."""
    lines = [list(line) for _, line in groupby(atoms, key=lambda a: a.line)]
    groups = [[atom] for atom in lines[0]] if lines else []
    taken = len(groups)
    found: list[Head] = []
    for line in lines[1:_HEAD_ROWS]:
        below = [_standing_over(atom, groups) for atom in line]
        if None in below or len(set(below)) < len(below):
            break
        for i, atom in zip(below, line, strict=True):
            groups[i or 0].append(atom)
        taken += len(line)
        columns = [_head_cell(group, promised) for group in groups]
        known = [c for c in columns if c is not None]
        if len(known) == len(columns) and _one_name(known) and tells_indicators(known):
            places = tuple(_place(group) for group in groups)
            found.insert(0, Head(with_roles(known), taken, places))
    return found


def _standing_over(atom: Atom, groups: Sequence[Sequence[Atom]]) -> int | None:
    """The one head cell that a piece is below; None where that cannot be told."""
    if atom.place is None:
        return None
    start, end = atom.place
    over = [
        i
        for i, group in enumerate(groups)
        if (place := _place(group)) is not None and place[0] < end and start < place[1]
    ]
    return over[0] if len(over) == 1 else None


def _one_name(columns: Sequence[Column]) -> bool:
    return sum(c.kind == "name" for c in columns) == 1


def with_numbers(head: Head) -> Head | None:
    """The head of a table with numbered rows but no column for them; None if it has one."""
    if any(c.kind == "number" for c in head.columns):
        return None
    at = next(i for i, c in enumerate(head.columns) if c.kind == "name")
    columns = (*head.columns[:at], Column("number"), *head.columns[at:])
    places = (*head.places[:at], None, *head.places[at:]) if head.places else ()
    return replace(head, columns=columns, places=places)


def _together(atoms: Sequence[Atom]) -> list[Atom]:
    """The pieces, the two characters of 序号 together where other cells' lines part them."""
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


def _partition(atoms: Sequence[Atom], join: float, promised: bool) -> list[Head]:
    """Parts pieces into head cells as cheaply as can be, a head for each order of columns."""
    best: list[_Partition | None] = [_Partition(0.0, (), 0)]
    end = 0
    for i in range(1, len(atoms) + 1):
        options = []
        for begin in range(max(0, i - _MOST_PIECES), i):
            before = best[begin]
            column = _head_cell(atoms[begin:i], promised) if before is not None else None
            if before is None or column is None:
                continue
            names = before.names + (column.kind == "name")
            cost = before.cost + 1.0 + _join_cost(atoms[begin:i], join)
            cost += 3.0 if names > 1 and column.kind == "name" else 0.0
            options.append(_Partition(cost, (*before.labels, (begin, i)), names))
        best.append(
            min(options, key=lambda p: p.cost + (5.0 if p.names == 0 else 0.0), default=None)
        )
        end = i if options else end
        if i - end >= _MOST_PIECES:
            break
    chosen = best[end]
    if chosen is None or not chosen.labels:
        return []
    found = []
    for groups in _orders([list(atoms[a:b]) for a, b in chosen.labels], promised):
        columns = [_head_cell(group, promised) or Column("other") for group in groups]
        if _one_name(columns) and tells_indicators(columns):
            places = tuple(_place(group) for group in groups)
            found.append(Head(with_roles(columns), end, places))
    return found


def _head_cell(atoms: Sequence[Atom], promised: bool) -> Column | None:
    label = "".join(a.text for a in atoms)
    if promised and is_weak_name(label):
        return Column("name", label)
    return column_of(label)


def _join_cost(atoms: Sequence[Atom], join: float) -> float:
    """The cost of joining pieces into one head cell; dated or yearly values begin their own."""
    cost = 0.0
    for i, (before, atom) in enumerate(pairwise(atoms), 1):
        own = column_of(atom.text.rstrip("".join(going_on())))
        if before.text.endswith(going_on()) or atom.text.startswith(going_on()):
            cost += 0.2
            continue
        cost += join if atom.gap >= 2 else 1.5
        if (own is not None and own.kind in _RATES) or _begins_rate(atoms[:i], atom):
            cost += 3.0
        elif own is not None and own.kind in ("number", "unit", "attribute", "name"):
            cost += 0.3
    single = all(len(a.text) == 1 for a in atoms)
    return 0.2 * (len(atoms) - 1) if single else cost


def _begins_rate(begun: Sequence[Atom], atom: Atom) -> bool:
    """Whether a piece begins a head cell of a rate or a sum, broken itself, behind a whole one."""
    whole = column_of("".join(a.text for a in begun))
    value = whole is not None and whole.holds_values and whole.kind not in _RATES
    return value and tells_rate(atom.text)


def _orders(groups: list[list[Atom]], promised: bool) -> list[list[list[Atom]]]:
    """The orders of the head's columns where a second line is below cells of the first."""
    columns = [_head_cell(g, promised) for g in groups]
    below = _below_each(groups, columns)
    if below:
        return below
    last = len(groups)
    while last and _value(columns[last - 1]):
        last -= 1
    above = [i for i in range(last) if _value(columns[i]) and not _dated(groups[i])]
    lower = groups[last:]
    if len(lower) < 2 or not above or len(lower) % len(above):
        return [groups]
    share = len(lower) // len(above)
    spread: list[list[Atom]] = []
    for i, group in enumerate(groups[:last]):
        if i not in above:
            spread.append(group)
            continue
        at = above.index(i) * share
        spread += [_below_atoms(group, sub, promised) for sub in lower[at : at + share]]
    if len(above) > 1:
        return [spread]
    at = above[0]
    behind = [*groups[:at], *groups[at + 1 : last]]
    behind += [_below_atoms(groups[at], sub, promised) for sub in lower]
    return [spread, behind]


def _value(column: Column | None) -> bool:
    return column is not None and column.holds_values


def _dated(group: Sequence[Atom]) -> bool:
    """Whether a head cell names a year in digits."""
    return tells_year("".join(a.text for a in group))


def _below_each(
    groups: list[list[Atom]], columns: Sequence[Column | None]
) -> list[list[list[Atom]]]:
    """The orders of head cells, each dated value with the words of a second line below it (2025年
    2030年 / 预计 目标), one or more for each; empty where there is no such second line."""
    top = groups[0][0].line
    upper = [i for i, g in enumerate(groups) if g[0].line == top]
    dated = [i for i in upper if _value(columns[i]) and _dated(groups[i])]
    if len(upper) < 3:
        upper, dated = _first_cells(groups, columns)
    lower = [i for i in range(len(groups)) if i > max(upper, default=0)]
    if len(lower) < len(dated) or not dated:
        return []
    if any(not _value(columns[i]) or _dated(groups[i]) for i in lower):
        return []
    found = []
    for shares in _shares(len(lower), len(dated)):
        cells: list[list[Atom]] = []
        taken = [groups[i] for i in lower]
        for i in upper:
            if i not in dated:
                cells.append(groups[i])
                continue
            share = shares[dated.index(i)]
            cells += [groups[i] + below for below in taken[:share]]
            taken = taken[share:]
        found.append(cells)
    return [cells for cells in found if _agree(cells)]


def _first_cells(
    groups: list[list[Atom]], columns: Sequence[Column | None]
) -> tuple[list[int], list[int]]:
    """The head cells of a first row where each stands on a line of its own, and those of them that
    are dated values: bare years, with other cells behind them before the words of a second row."""
    bare = [column is not None and column.kind == "value" for column in columns]
    dated = [i for i, g in enumerate(groups) if bare[i] and len(g) == 1 and _dated(g)]
    last = len(groups)
    while last and _value(columns[last - 1]) and not _dated(groups[last - 1]):
        last -= 1
    between = dated and last < len(groups) and not _value(columns[last - 1])
    return (list(range(last)), dated) if between else ([], [])


def _shares(lower: int, upper: int) -> list[tuple[int, ...]]:
    """The ways to share so many cells out among so many above them, the evenest first."""
    if lower > _MOST_BELOW or lower == upper:
        return [(1,) * upper] if lower == upper else []
    cuts = combinations(range(1, lower), upper - 1)
    ways = [tuple(b - a for a, b in pairwise((0, *cut, lower))) for cut in cuts]
    return sorted(ways, key=lambda way: max(way) - min(way))


def _agree(cells: Sequence[Sequence[Atom]]) -> bool:
    """Whether each head cell is one, and no older value stands behind one that is aimed at."""
    columns = [_head_cell(cell, True) for cell in cells]
    kinds = [c.kind for c in columns if c is not None and c.holds_values]
    aimed = [i for i, kind in enumerate(kinds) if kind == "target"]
    old = [i for i, kind in enumerate(kinds) if kind == "baseline"]
    return all(columns) and (not aimed or not old or max(old) < min(aimed))


def _below_atoms(group: list[Atom], lower: list[Atom], promised: bool) -> list[Atom]:
    return group + lower if _head_cell(group + lower, promised) else lower


def _place(group: Sequence[Atom]) -> tuple[int, int] | None:
    places = [a.place for a in group if a.place is not None]
    return (min(p[0] for p in places), max(p[1] for p in places)) if places else None
