"""What shows that a row was put together of pieces that are not one row's: it is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kg.document.tables.align import GridRow
from kg.document.tables.costs import Atom, unclosed
from kg.document.tables.model import OVER_YEARS, Column
from kg.document.tables.words import (
    ends_as_measured,
    is_missing,
    is_number,
    is_unit,
    is_unit_like,
    is_value,
    pattern,
    says_years,
)

# 260 7.8, but no 12 800, and no 2 0 3 0 of a scan; a word of a bound may be behind the first
_TWO_NUMBERS = re.compile(r"(?=.*\d[\d.])[≥≤<>]?[\d.]+[^\W\d]{0,2} +(?!\d{3}(?: |$))[≥≤<>]?[\d.]+")
_VALUE_BEHIND = re.compile(r"\)[\[<>≥≤]*(?:\d{3}|\d+\.\d)")  # a unit, in a name


def is_broken_name(names: Sequence[Atom]) -> bool:
    """Whether pieces make no whole name: cut in mid-word, or two names of their own."""
    text = "".join(atom.text for atom in names)
    if is_unit(text) or _VALUE_BEHIND.search(text):
        return True
    if (unclosed(text) and not _ends_with_unit(text)) or pattern("names", "cut_off").search(text):
        return True
    return any(_are_two(upper, lower) for upper, lower in pairwise(names))


def _ends_with_unit(text: str) -> bool:
    """Whether a text ends with a unit in brackets, the second of which may be lost."""
    match = pattern("marks", "brackets").search(text)
    return match is not None and (is_unit(match["inside"]) or is_unit_like(match["inside"]))


def _are_two(upper: Atom, lower: Atom) -> bool:
    """Whether two pieces are each a name: the upper one ends with its unit, or both are measured
    and it is too short to be broken."""
    if lower.line == upper.line:
        return False
    if upper.text.endswith(")") and _ends_with_unit(upper.text):
        return not lower.text.startswith("(")
    if len(upper.text) + 1 >= len(lower.text):
        return False
    if not (ends_as_measured(upper.text) and ends_as_measured(lower.text)):
        return False
    return not pattern("names", "goes_on").match(lower.text)


def holds_two_values(atoms: Sequence[Atom]) -> bool:
    """Whether the pieces of a value's cell, or the halves of one, are two values: each is a number
    by itself."""
    return any(_TWO_NUMBERS.fullmatch(atom.text) for atom in atoms) or any(
        is_number(a.text) and (is_number(b.text) or is_missing(b.text)) and b.text[:1] not in "(["
        for a, b in pairwise(atoms)
    )


def is_no_value(atoms: Sequence[Atom]) -> bool:
    """Whether a value's cell holds a unit instead, or a name: it ends as names of what is measured
    do."""
    text = "".join(atom.text for atom in atoms)
    if is_unit(text):
        return True
    return ends_as_measured(text) and not is_value(text) and not any(c.isdigit() for c in text)


def may_be_shifted(columns: Sequence[Column], row: GridRow) -> bool:
    """Whether a row has fewer values than the head, and neither where they stand nor what they
    hold tells for certain which are not there: a single value is that of the one column that it
    can be of, among those that are no old value's, but at the end of a line that is cut short."""
    valued = [column for column in columns if column.holds_values]
    held = [i for i in row.cells if i >= 0 and columns[i].holds_values]
    if row.placed or not held or len(held) == len(valued):
        return False
    text = "".join(atom.text for atom in row.cells[held[0]])
    column = columns[held[0]]
    if len(held) == 1 and column.kind in OVER_YEARS and says_years(text):
        return False
    aims = [c for c in valued if c.kind != "baseline"]
    one_line = len({atom.line for atom in row.atoms}) == 1
    cut_short = one_line and any(c.kind == "attribute" for c in columns[max(row.cells) + 1 :])
    unsure = len(aims) > 1 or column.kind == "baseline"
    return len(held) > 1 or unsure or cut_short


def is_no_unit(text: str) -> bool:
    """Whether a unit's cell holds a value too: a number, in what is no unit."""
    known = is_unit(text) or is_missing(text) or "/" in text
    return not known and any(c.isdigit() for c in text)
