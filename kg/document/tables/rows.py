"""A grid -> rows of indicators: numbers, names and their parts, categories, units, attributes."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from unicodedata import numeric

from kg.document.tables.align import GridRow
from kg.document.tables.costs import Atom
from kg.document.tables.grid import is_part
from kg.document.tables.merged_cells import (
    Entry,
    Labels,
    add_label,
    cut,
    give_attributes,
    give_categories,
    give_targets,
    give_units,
)
from kg.document.tables.model import Cell, Column, Refused, Row, joined_cells
from kg.document.tables.row_checks import (
    holds_two_values,
    is_broken_name,
    is_no_unit,
    is_no_value,
    may_be_shifted,
)
from kg.document.tables.words import (
    attribute_of,
    ends_as_measured,
    is_missing,
    is_number,
    is_unit,
    number_of,
    pattern,
)
from kg.quantities.numerals import chinese_number
from kg.source.text import Span

_MISFIT = 14.0  # what a row may cost before it is refused


def rows_of(
    columns: Sequence[Column], grid: Sequence[GridRow], ruled: bool = False
) -> tuple[list[Row], list[Refused]]:
    """The rows of a table of indicators.

    Args:
        grid: its rows in order, categories on rows of their own among them.
        ruled: whether tabs or bars part its cells.

    Returns:
        The rows, and those that do not fit the head.
    """
    entries: list[Entry] = []
    labels: list[Labels] = []
    refused: list[Refused] = []
    number = 0
    for row in grid:
        label = row.of(columns, "category")
        if label:
            add_label(labels, label, len(entries))
        if len(label) == len(row.atoms):
            continue
        entry = _entry(row, columns, number)
        if entry is None:
            refused.append(Refused(_number(row, columns), _span([*row.atoms, *row.lost])))
        else:
            entries.append(entry)
            number = entry.number or number
    _count_brackets(entries)
    _count_bare(entries)
    _unmarked_parts(entries)
    give_categories(entries, labels)
    give_attributes(entries, ruled, shared=any(c.kind == "attribute" for c in columns))
    if ruled:
        give_units(entries)
        give_targets(entries)
    _without_notes(entries)
    return _numbered(entries, refused), refused


def _span(atoms: Sequence[Atom]) -> Span:
    return Span(min(a.cell.span.start for a in atoms), max(a.cell.span.end for a in atoms))


def _cell(atoms: Sequence[Atom]) -> Cell | None:
    return joined_cells([a.cell for a in atoms]) if atoms else None


def _value_cell(atoms: Sequence[Atom]) -> Cell:
    """The cell of a value, without what the head of the next page left at its end."""
    cell = joined_cells([a.cell for a in atoms])
    glued = pattern("values", "glued").search(cell.text)
    if glued is None:
        return cell
    left = len(cell.text) - glued.start()
    *before, last = cell.parts
    parts = (*before, Span(last.start, last.end - left))
    span = Span(cell.span.start, cell.span.end - left)
    return replace(cell, span=span, text=cell.text[: glued.start()], parts=parts)


def _number(row: GridRow, columns: Sequence[Column]) -> int | None:
    return next((number_of(a.text) for a in row.of(columns, "number")), None)


def _entry(row: GridRow, columns: Sequence[Column], before: int) -> Entry | None:
    """What a row says by itself; None where it does not fit the head."""
    names = row.of(columns, "name")
    valued = [
        (columns[i], a) for i, a in sorted(row.cells.items()) if i >= 0 and columns[i].holds_values
    ]
    values = tuple((column, _value_cell(atoms)) for column, atoms in valued)
    values = _across(values, columns)
    number, marks = _number(row, columns), row.of(columns, "number")
    if not names or row.lost or row.cost > _MISFIT or is_number("".join(a.text for a in names)):
        return None
    if any(holds_two_values(atoms) or is_no_value(atoms) for _, atoms in valued):
        return None
    others = (a for i, a in row.cells.items() if columns[i].kind == "other")
    if may_be_shifted(columns, row) or any(map(holds_two_values, others)):
        return None  # of the others, another row has run into a remark
    unit = _cell(row.of(columns, "unit"))
    if unit is None and any(c.kind == "unit" for c in columns):
        names, unit = _own_unit(names)
    if is_broken_name(names) or (unit is not None and is_no_unit(unit.text)):
        return None
    part = bool(marks) and number is None
    if number is None:
        number, names = _own_number(names, before + 1)
    if number is not None and pattern("cells", "among").match(names[0].text):
        names = _bare(names)
    part = part or (number is None and is_part(names[0].text))
    labels = row.of(columns, "category")
    span = _span([a for a in row.atoms if a not in labels])
    given = [_cell(row.of(columns, "attribute")), *(a.cell for a in row.of(columns, "other"))]
    attribute = next((c for c in given if c is not None and attribute_of(c.text)), None)
    return Entry(number, names, values, unit, attribute, span, part)


def _own_unit(names: list[Atom]) -> tuple[list[Atom], Cell | None]:
    """A name without the unit that has run into it from its own column; the unit."""
    last = names[-1]
    for i in range(2, len(last.text)):
        end = last.text[i:]
        letter = len(end.strip()) == 1 and end[-1].isalpha()  # or the end of a broken word
        if is_unit(end) and not letter and not last.text[i - 1].isdigit():
            return [*names[:-1], cut(last, 0, i)], cut(last, i, len(last.text)).cell
    return names, None


def _across(
    values: tuple[tuple[Column, Cell], ...], columns: Sequence[Column]
) -> tuple[tuple[Column, Cell], ...]:
    """A row's values; a single one is the target's where it was printed across."""
    target = next((c for c in columns if c.kind == "target"), None)
    if target is None or len(values) != 1 or values[0][0].kind != "baseline":
        return values
    aims = pattern("cells", "aims").match(values[0][1].text)
    return ((target, values[0][1]),) if aims else values


def _own_number(names: list[Atom], expected: int) -> tuple[int | None, list[Atom]]:
    """The number that is before a name in its own cell, and the name without it."""
    first = names[0]
    match = pattern("cells", "numbered_name").match(first.text)
    if match is None or is_part(first.text):
        return None, names
    if match["name"][0].isdigit() and int(match["number"]) != expected:
        return None, names
    return int(match["number"]), [cut(first, match.start("name"), len(first.text)), *names[1:]]


def _without_notes(entries: list[Entry]) -> None:
    """Cut footnote digits from the ends of names; they count up from 1 through the table."""
    marks = []
    for entry in entries:
        for i, atom in enumerate(entry.names):
            match = pattern("marks", "digit").search(atom.text)
            behind = entry.names[i + 1].text if i + 1 < len(entry.names) else "("
            if match and (match.end() < len(atom.text) or behind.startswith("(")):
                marks.append((entry, i, match))
    numbers = [int(match["digit"]) for _, _, match in marks]
    if not counts_up(numbers):
        return
    for entry, i, match in marks:
        atom = entry.names[i]
        pieces = [cut(atom, 0, match.start("digit"))]
        if match.end("digit") < len(atom.text):
            pieces.append(cut(atom, match.end("digit"), len(atom.text)))
        entry.names[i : i + 1] = [
            replace(p, gap=0 if k else atom.gap) for k, p in enumerate(pieces)
        ]


def _count_brackets(entries: list[Entry]) -> None:
    """Take numbers in brackets for those of rows, where they count all rows from the first on, or
    anew in each category, and nothing else does: such rows are no parts of others."""
    if any(e.number is not None for e in entries) or not entries:
        return
    found = [pattern("cells", "bracketed_number").match(e.names[0].text) for e in entries]
    counted = [(e, m) for e, m in zip(entries, found, strict=True) if m is not None]
    numbers = [
        int(numeric(m["circled"])) if m["circled"] else chinese_number(m["number"]) or 0
        for _, m in counted
    ]
    anew = len(numbers) == len(entries) and _begins_anew(numbers)
    if found[0] is None or len(numbers) < 2 or not (anew or counts_up(numbers)):
        return
    for (entry, match), number in zip(counted, numbers, strict=True):
        entry.number, entry.part = number, False
        first = entry.names[0]
        entry.names[0] = cut(first, match.end(), len(first.text))


def _count_bare(entries: list[Entry]) -> None:
    """Take digits at the beginning of names for the numbers of rows, where they count all rows but
    parts of others from 1, and nothing else does."""
    rows = [entry for entry in entries if not entry.part]
    found = [pattern("cells", "bare_number").match(entry.names[0].text) for entry in rows]
    numbers = [int(match["number"]) for match in found if match]
    counted = len(numbers) == len(rows) > 1 and counts_up(numbers)
    if not counted or any(entry.number is not None for entry in entries):
        return
    for entry, match, number in zip(rows, found, numbers, strict=True):
        first = entry.names[0]
        entry.number = number
        entry.names[0] = cut(first, match.end() if match else 0, len(first.text))


def _unmarked_parts(entries: list[Entry]) -> None:
    """Take for parts the rows behind one marked as such, where they lack an attribute as it does,
    and all rows that are none have one."""
    parts: list[Entry] = []
    for before, entry in pairwise(entries):
        behind = before.part or before in parts[-1:]
        if behind and entry.number is None and not (before.attribute or entry.attribute):
            parts.append(entry)
    if all(entry.attribute or entry.part or entry in parts for entry in entries):
        for entry in parts:
            entry.part = True


# ---------------------------------------------------------------- numbers and parts


def _numbered(entries: list[Entry], refused: list[Refused]) -> list[Row]:
    """The rows with their numbers; rows without one that follow a numbered row are its parts, and
    so are those that bear its number where its name is shared."""
    printed = [e.number for e in entries if e.number is not None]
    counted = not printed or (_begins_anew(printed) and any(e.category for e in entries))
    blocks: list[tuple[int, list[Entry]]] = []
    for entry in entries:
        shares = bool(blocks) and entry.number == blocks[-1][0]
        if shares:  # two cells for the name: what several rows share, and the row's own
            shares = any(atom.gap == 1 for atom in blocks[-1][1][0].names[1:])
        again = entry.number is None or shares
        if blocks and (entry.part or (again and bool(printed))):
            blocks[-1][1].append(entry)
            continue
        number = len(blocks) + 1 if counted or entry.number is None else entry.number
        blocks.append((number, [entry]))
    times: Counter[int] = Counter()
    rows: list[Row] = []
    for number, block in blocks:
        rows += [replace(row, again=times[number]) for row in _block(number, block, refused)]
        times[number] += 1
    return rows


def counts_up(numbers: Sequence[int]) -> bool:
    """Whether numbers count from 1."""
    return bool(numbers) and list(numbers) == list(range(1, len(numbers) + 1))


def _begins_anew(numbers: list[int]) -> bool:
    """Whether the numbers count from 1 in each category."""
    return numbers.count(1) > 1 and all(b in (a + 1, 1) for a, b in pairwise(numbers))


def _block(number: int, block: list[Entry], refused: list[Refused]) -> list[Row]:
    """The rows that share one number."""
    first = block[0]
    if len(block) == 1:
        if not first.values:
            refused.append(Refused(number, first.span))
            return []
        return [_row(number, None, first, None, _name(first.names), first.attribute)]
    marked = all(entry.part for entry in block[1:])
    group, own = _group(first.names, marked)
    rows: list[Row] = []
    parts = 0
    if first.values and group is None:  # a whole with its parts
        rows.append(_row(number, None, first, None, own, first.attribute))
    elif first.values:
        parts = 1
        rows.append(_row(number, 1, first, group, own, first.attribute))
    shared = group if group is not None else own
    # whole names under one number, none of them marked as a part, are beside each other
    marked = any(is_part(entry.names[0].text) for entry in block[1:])
    beside = bool(first.values) and group is None and not marked and ends_as_measured(own.text)
    attribute, unit = first.attribute, first.unit
    for entry in block[1:]:
        if not entry.values:
            refused.append(Refused(number, entry.span))
            continue
        parts += 1
        attribute = entry.attribute or attribute
        entry.unit = entry.unit or unit
        name = _name(_bare(entry.names))
        of = None if beside and ends_as_measured(name.text) else shared
        rows.append(_row(number, parts, entry, of, name, attribute))
    return rows


def _bare(names: list[Atom]) -> list[Atom]:
    """A part's name without the mark before it."""
    match = pattern("cells", "part").match(names[0].text)
    first = names[0]
    return [cut(first, match.start("name"), len(first.text)), *names[1:]] if match else names


def _name(names: list[Atom]) -> Cell:
    return joined_cells([a.cell for a in names])


def _group(names: list[Atom], marked: bool) -> tuple[Cell | None, Cell]:
    """The name that parts share and the first part's own, where the first row holds both.

    Args:
        marked: whether all parts below the first row are marked as such.
    """
    part = next((i for i, a in enumerate(names) if i and is_part(a.text)), None)
    if part is not None:
        return _name(names[:part]), _name(_bare(names[part:]))
    if len(names) < 2 or marked:
        return None, _name(names)
    gaps = [i for i, a in enumerate(names) if i and a.gap == 1]
    at = gaps[0] if gaps else len(names) - 1
    if not gaps and names[at].text.startswith("(") and at > 1:
        at -= 1
    if not gaps and names[at].text.startswith("("):
        return None, _name(names)
    return _name(names[:at]), _name(_bare(names[at:]))


def _row(
    number: int, part: int | None, entry: Entry, group: Cell | None, name: Cell,
    attribute: Cell | None,
) -> Row:  # fmt: skip
    values = tuple(
        (c, cell) for c, cell in entry.values if c.kind == "baseline" or not is_missing(cell.text)
    )
    return Row(number, part, entry.category, group, name, values, entry.unit, attribute, entry.span)
