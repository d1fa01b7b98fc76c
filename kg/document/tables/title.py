"""The title above a table, and the unit that it or a line below it gives."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kg.document.tables.model import Line
from kg.document.tables.words import column_of, is_furniture, pattern
from kg.source.text import Span, compact

_TITLE_ABOVE = 4  # lines between which a table's title stands
LONGEST_TITLE = 60


@dataclass(frozen=True)
class Title:
    """A table's title, where it begins, and what it says.

    first: its first line, that of the unit above it included; promises: that it has indicators.
    review, foreign: that they are those of the last period, or none; unit: of all values.
    """

    text: str
    span: Span
    first: int
    promises: bool
    review: bool
    foreign: bool
    unit: str


def title_above(lines: Sequence[Line], i: int) -> Title:
    """The title above a head, and the unit that it or a line below it gives."""
    unit, span, chosen, first = "", lines[i].span, "", i
    for j in range(i - 1, max(-1, i - 1 - _TITLE_ABOVE), -1):
        line = lines[j].text
        if match := pattern("title", "unit").match(line):
            unit, first = unit or match["unit"], j
            continue
        if is_furniture(line) or _heads_values(line) or not any(map(str.isalnum, line)):
            continue
        if len(line) <= LONGEST_TITLE and not pattern("end", "sentence").search(line):
            chosen, span, first = line, lines[j].span, j
        break
    if match := pattern("title", "unit_behind").search(chosen):
        unit = unit or match["unit"]
    review = bool(pattern("title", "review").search(chosen))
    foreign = bool(pattern("title", "foreign").search(chosen))
    named = pattern("title", "pattern").search(chosen)
    promises = bool(pattern("title", "promise").search(bare_title(chosen)))
    titled = named or promises or pattern("title", "numbered").match(chosen)
    if not titled or pattern("end", "section").match(chosen):
        chosen, span, first = lines[i].text, lines[i].span, i
    return Title(chosen, span, first, promises, review, foreign, unit)


def _heads_values(line: str) -> bool:
    """Whether a line is the upper row of a head, with nothing but what columns of values share."""
    columns = [column_of(cell) for cell in re.split(r"[\t|]", line) if cell.strip()]
    return all(column is not None and column.holds_values for column in columns)


def bare_title(text: str) -> str:
    """A title without the unit behind it."""
    return compact(pattern("title", "unit_behind").sub("", text)).rstrip("(")
