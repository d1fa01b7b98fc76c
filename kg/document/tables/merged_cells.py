"""Rows on their way, and what is printed once for several: categories, attributes and units."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise

from kg.document.tables.costs import Atom
from kg.document.tables.model import Cell, Column, joined_cells
from kg.document.tables.words import (
    attribute_of,
    is_count,
    is_missing,
    is_number,
    is_quantity,
    pattern,
)
from kg.quantities.grammar import unit_of
from kg.source.gutters import partings
from kg.source.text import Span, compact

_CENTRED = 0.75  # of a row: an attribute is no farther from the middle of those that share it
_EXACT = 0.25  # of a line
_SHORT = 3  # characters of a category's pieces that are in rows of their own


@dataclass
class Entry:
    """A row on its way: what its own cells say."""

    number: int | None
    names: list[Atom]
    values: tuple[tuple[Column, Cell], ...]
    unit: Cell | None
    attribute: Cell | None
    span: Span
    part: bool
    category: Cell | None = None


def cut(atom: Atom, start: int, end: int) -> Atom:
    """A piece of a piece."""
    at = atom.cell.span.start
    return replace(atom, cell=Cell(Span(at + start, at + end), atom.text[start:end]))


@dataclass
class Labels:
    """The categories as printed: the pieces of each, where it stands among the rows, its count."""

    pieces: list[Cell] = field(default_factory=list)
    at: int = 0
    count: int | None = None


def add_label(labels: list[Labels], atoms: list[Atom], at: int) -> None:
    """Add pieces of a category to the one before them, or as one of their own."""
    count, pieces = None, []
    for atom in atoms:
        match = pattern("cells", "category").match(atom.text)
        if match is not None and match["count"] is not None:
            count = int(match["count"])
        if is_count(atom.text):
            continue
        if match is not None and match["name"].strip():
            pieces.append(cut(atom, *match.span("name")).cell)
        else:
            pieces.append(atom.cell)
    last = labels[-1] if labels else None
    text = "".join(compact(p.text) for p in pieces)
    if last is not None and _same_label(last, text, at):
        last.count = last.count or count
        if text and text != "".join(compact(p.text) for p in last.pieces):
            last.pieces += pieces
    elif pieces:
        labels.append(Labels(pieces, at, count))


def _same_label(last: Labels, text: str, at: int) -> bool:
    """Whether a category's text goes on with the one before."""
    before = "".join(compact(p.text) for p in last.pieces)
    if not text or text == before:
        return True
    short = len(text) <= _SHORT and all(len(compact(p.text)) <= _SHORT for p in last.pieces)
    return last.count is None and short and at - last.at <= len(last.pieces)


def give_categories(entries: list[Entry], labels: list[Labels]) -> None:
    """Give each row its category: by the counts printed, else by where the categories stand."""
    firsts = _first_rows(entries, labels)
    for i, (label, first) in enumerate(zip(labels, firsts, strict=True)):
        end = firsts[i + 1] if i + 1 < len(firsts) else len(entries)
        for entry in entries[first:end]:
            entry.category = joined_cells(label.pieces)


def _first_rows(entries: list[Entry], labels: list[Labels]) -> list[int]:
    """The first row of each category."""
    numbered = [i for i, e in enumerate(entries) if e.number is not None and not e.part]
    places = numbered if numbered else list(range(len(entries)))
    counts = [label.count for label in labels]
    known = [c for c in counts if c is not None]
    if labels and len(known) == len(counts) and sum(known) == len(places):
        starts = [0, *accumulate(known)][: len(known)]
        return [places[s] if s < len(places) else len(entries) for s in starts]
    firsts = [label.at for label in labels]
    if not firsts or firsts[0] == 0:
        return firsts
    ends = [0, *accumulate(max(1, len(entry.names)) for entry in entries)]  # in printed lines
    # on lines of their own, each exactly in the middle of its rows
    ways = partings(list(pairwise(ends)), [ends[at] for at in firsts], _EXACT)
    if len(ways) == 1 and len(firsts) > 1:
        return list(ways[0])
    begun, found = 0, []
    for i, middle in enumerate(firsts):  # printed in the middle of their rows
        found.append(begun)
        following = firsts[i + 1] if i + 1 < len(firsts) else len(entries)
        begun = min(max(2 * middle - begun + 1, middle + 1), following)
    return found


def give_attributes(entries: list[Entry], ruled: bool, shared: bool) -> None:
    """Give rows the attributes printed once for several, or in the place of a category.

    Args:
        ruled: whether tabs or bars part the cells, so that one over several rows is in the first.
        shared: whether they have a column, in which one may be of several rows.
    """
    if shared:
        _share_attributes(entries, ruled)
    for entry in entries:
        if entry.attribute is None and entry.category and attribute_of(entry.category.text):
            entry.attribute, entry.category = entry.category, None


def _share_attributes(entries: list[Entry], ruled: bool) -> None:
    """Give rows the attribute that is printed once for several, in the first of them or, where
    most rows have none, in the middle. Where its place leaves open to which rows it belongs, those
    have none."""
    printed = [i for i, e in enumerate(entries) if e.attribute is not None]
    first = ruled and printed[:1] == [0]
    if not printed or (2 * len(printed) > len(entries) and not first):
        return
    rows = [(i, i) for i in range(len(entries))]
    ways = partings(rows, printed, _CENTRED) if printed[0] else [tuple(printed)]
    known = [entry.attribute for entry in entries]
    for i, entry in enumerate(entries):
        # of each way, what is printed in the part that the row is in
        found = [known[printed[bisect_right(way, i) - 1]] for way in ways]
        if len({cell.text for cell in found if cell}) == 1:
            entry.attribute = found[0]


def give_units(entries: list[Entry]) -> None:
    """Give rows of a ruled table the unit of a cell merged over them, which is in the first of
    them alone: those that bring none of their own and that it can be the unit of."""
    merged: Cell | None = None
    for entry in entries:
        name = "".join(atom.text for atom in entry.names)
        if entry.unit is not None:
            merged = entry.unit
        elif merged is not None and not brings_unit(name, [cell for _, cell in entry.values]):
            known = unit_of(compact(merged.text))
            if not pattern("cells", "ratio").search(name) or (
                known is not None and known.kind == "ratio"
            ):
                entry.unit = merged


def give_targets(entries: list[Entry]) -> None:
    """Give rows of a ruled table the words of a target merged over them, which are in the first of
    them alone: those whose cell of the target is empty, and that have no rate or sum either."""
    merged: tuple[Column, Cell] | None = None
    for entry in entries:
        held = [(c, cell) for c, cell in entry.values if c.kind != "baseline"]
        aims = [v for v in held if v[0].kind == "target" or not is_missing(v[1].text)]
        if aims:
            words = aims[0][1].text
            worded = pattern("cells", "aims").match(words) and not is_number(words)
            merged = aims[0] if worded and not aims[1:] else None
        elif merged is not None and entry.values:
            entry.values = (*entry.values, merged)


def brings_unit(name: str, values: Iterable[Cell]) -> bool:
    """Whether a row needs no unit's cell: a unit is behind its name or values, or it has none."""
    if pattern("marks", "brackets").search(name) or pattern("cells", "no_unit").search(name):
        return True
    return any("%" in cell.text or is_quantity(cell.text) for cell in values)
