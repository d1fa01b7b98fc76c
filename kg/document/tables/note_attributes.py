"""What the note below a table says of its rows: which are binding, by their marks or numbers."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from kg.document.tables.model import Cell, Row
from kg.document.tables.words import pattern
from kg.source.text import Span

_UNKNOWN = -1  # in the place of a row, for a mark or a number that none bears


@dataclass
class _Clause:
    """The rows that words of a note mean, and the attribute that it gives them.

    others: whether all that it doesn't name are meant.
    """

    rows: set[int] = field(default_factory=set)
    others: bool = False
    attribute: Cell | None = None


def with_noted_attributes(rows: Sequence[Row], note: Cell) -> list[Row]:
    """The rows of a table without a column of attributes, each with the one that the note gives it;
    as they are where it gives one two, or means rows that are not there."""
    found: dict[int, Cell | None] = {}
    rest: Cell | None = None
    for clause in _clauses(rows, note):
        word = clause.attribute
        if word is not None and any((found.get(i) or word).text != word.text for i in clause.rows):
            return list(rows)
        found |= {i: word or found.get(i) for i in clause.rows}
        rest = word if clause.others and not clause.rows else rest
    if _UNKNOWN in found:
        return list(rows)
    return [replace(row, attribute=found.get(i, rest)) for i, row in enumerate(rows)]


def _clauses(rows: Sequence[Row], note: Cell) -> list[_Clause]:
    """What a note tells of rows, one attribute at a time: before it, or in its clause behind it,
    are the rows' marks or numbers."""
    clauses = [_Clause()]
    for match in pattern("notes", "tokens").finditer(note.text):
        last, at = clauses[-1], note.span.start
        if match["attribute"]:
            word = Cell(Span(at + match.start(), at + match.end()), match["attribute"])
            if last.attribute is None:
                last.attribute = word
                clauses += [_Clause()] if last.rows or last.others else []
            else:
                clauses.append(_Clause(attribute=word))
        elif match["end"] or (match["listing"] and last.attribute is not None):
            clauses.append(_Clause())
        elif match["rest"]:
            last.others = True
        elif match["mark"]:
            marked = {i for i, row in enumerate(rows) if match["mark"] in _ends(row)}
            last.rows |= marked or {_UNKNOWN}
        elif match["numbers"]:
            last.rows |= _numbered(rows, match)
    return [one for one in clauses if one.rows or one.others]


def _ends(row: Row) -> str:
    """The characters that a row's name begins and ends with, its unit aside."""
    name = (row.name if row.group is None else row.group).text
    return name[:1] + pattern("marks", "brackets").sub("", name)[-1:]


def _numbered(rows: Sequence[Row], match: re.Match[str]) -> set[int]:
    """The rows whose numbers a note lists; none for what may be how many they are."""
    numbers: set[int] = set()
    for first, last in pattern("notes", "range").findall(match["numbers"]):
        numbers |= set(range(int(first), int(last or first) + 1))
    if not (match["ordinal"] or len(numbers) > 1):
        return set()
    return {i for i, row in enumerate(rows) if row.number in numbers} or {_UNKNOWN}
