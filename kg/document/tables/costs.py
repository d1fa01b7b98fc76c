"""How well a piece of text fits a column: what it costs to begin a cell with it, or to go on.

Costs add up along a reading of the table; the reading that costs least is taken. A cost of _NEVER
rules a reading out for all practical purposes.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from kg.document.tables.model import Cell, Column
from kg.document.tables.words import (
    attribute_of,
    ends_as_measured,
    is_count,
    is_furniture,
    is_labelled,
    is_missing,
    is_number,
    is_unit,
    is_unit_like,
    is_value,
    number_of,
    open_ends,
    pattern,
    tells_scope,
)
from kg.source.text import compact

_NEVER = 40.0
_REMARK = 0.5  # for an attribute in a column of remarks
_BREAK = 2  # the gap that a line's end makes
_SHORT_CATEGORY = 12  # characters
_SHORT_UNIT = 8
_SHORT_WORDING = 8
_OFFICE = 3.0  # that a cell which names who is responsible holds an office
_LEAD = 4  # characters of a word before a number

_SKIP = {
    "category": 0.0,
    "number": 3.0,
    "name": 9.0,
    "unit": 2.0,
    "attribute": 2.5,
    "other": 0.5,
    "baseline": 2.4,  # of two values that a row lacks, it lacks the old one
}
_SKIP_VALUE = 2.5


def skip(column: Column) -> float:
    """The cost of a row without a column."""
    return _SKIP_VALUE if tells_scope(column) else _SKIP.get(column.kind, _SKIP_VALUE)


@dataclass(frozen=True)
class Atom:
    """A piece of text that is not cut any further.

    gap: what parts it from the one before: 0 a blank, 1 a wide gap or tab, 2 a line break, 3 an
        empty line.
    place: the columns of the page that it takes up, a Chinese character taking two; None where
        they tell nothing.
    short: whether it is too short for a cell to have been broken behind it.
    leads: whether it stands to the left of the names, as categories do.
    slot: the column that it surely stands in, among those that rows are read into.
    """

    cell: Cell
    gap: int
    line: int
    place: tuple[int, int] | None = None
    short: bool = False
    leads: bool = False
    slot: int | None = None

    @property
    def text(self) -> str:
        """Its text."""
        return self.cell.text


class Kind:
    """What a piece of text can be, looked at alone.

    heads: whether it may be an attribute that heads the rows below it.
    named: whether it may be a name: no value, unit or attribute.
    """

    def __init__(self, text: str) -> None:
        bracket = pattern("marks", "brackets").search(text)
        numbered = pattern("cells", "numbered_name").match(text)
        self.text = text
        self.number = number_of(text)
        self.numbered = int(numbered["number"]) if numbered else None
        self.digits = any(c.isdigit() for c in text)
        self.bracketed = text.startswith("(")
        self.numeric = is_number(text)
        self.missing = is_missing(text)
        self.labelled = is_labelled(text)
        self.attribute = attribute_of(text) is not None
        self.unit = is_unit(text)
        self.unit_like = is_unit_like(text)
        self.count = is_count(text)
        self.furniture = is_furniture(text)
        self.office = _names_office(text)
        self.ends_unit = bool(bracket and bracket.start() and not is_count(bracket[0]))
        self.measured = ends_as_measured(text) or (self.ends_unit and not self.digits)
        self.wording = is_value(text) and not (self.numeric or self.missing or self.measured)
        self.heads = self.attribute and bool(pattern("title", "pattern").search(text))
        no_name = self.numeric or self.missing or self.unit or self.attribute or self.labelled
        self.named = not (no_name or self.wording)


def _names_office(text: str) -> bool:
    """Whether a text ends with an office's name."""
    return pattern("cells", "responsible").search(text) is not None


kind_of = lru_cache(maxsize=4096)(Kind)


def unclosed(text: str) -> bool:
    """Whether a text has a bracket open."""
    return text.count("(") > text.count(")") or text.count("[") > text.count("]")


def begin(  # noqa: PLR0911 — a line for each kind of column
    column: Column, kind: Kind, expected: int, implicit: bool
) -> float:
    """The cost of beginning a cell of a column, which the head may imply, with a text."""
    if column.kind == "number":
        return _begin_number(kind, expected)
    if kind.attribute and not (column.kind == "category" and kind.heads):
        remark = column.kind == "other" and not _is_responsible(column)
        return 0.0 if column.kind == "attribute" else _REMARK if remark else 14.0
    if column.holds_values or tells_scope(column):
        sums = column.kind in ("cumulative", "change") and kind.text.startswith("[")
        return _begin_value(kind) - (0.2 if sums else 0.0)
    if column.kind == "name":
        return _begin_name(kind, expected)
    if column.kind == "category":
        return _begin_category(kind) + (1.0 if implicit else 0.0)
    if column.kind == "unit":
        return _begin_unit(kind)
    if column.kind == "attribute":
        return 2.0 if kind.missing else 12.0
    return _begin_other(column, kind)


def _is_responsible(column: Column) -> bool:
    """Whether a column says who is responsible."""
    return pattern("columns", "responsible").match(column.label) is not None


def _begin_other(column: Column, kind: Kind) -> float:
    if not _is_responsible(column):
        return 3.0 if kind.ends_unit else 1.0  # a name with its unit
    return -_OFFICE if kind.office else _OFFICE


def _begin_number(kind: Kind, expected: int) -> float:
    if kind.number is None:
        return _NEVER
    if kind.number == expected:
        return 0.0
    if kind.number > expected:
        return 4.0 + min(kind.number - expected, 5)
    if kind.number == expected - 1:
        return 4.0
    return 5.0 if kind.number == 1 else 9.0


def _begin_value(kind: Kind) -> float:
    if kind.numeric or kind.missing:
        return 0.0
    if kind.labelled:
        return 0.4
    ends = 4.0 if kind.measured and not kind.digits else 0.0
    if kind.wording:
        return 0.8 + 0.05 * len(kind.text) + ends
    return (4.0 if kind.unit else 3.0) + min(5.0, 0.1 * len(kind.text)) + ends


def _begin_name(kind: Kind, expected: int) -> float:
    if kind.numeric or kind.missing or (kind.text.startswith("[") and kind.digits):
        return 9.0
    if kind.count:
        return 6.0
    if kind.unit or kind.labelled or pattern("cells", "category_number").match(kind.text):
        return 3.0
    if kind.numbered is not None:
        return -1.5 if kind.numbered == expected else 0.0
    if not kind.wording or kind.ends_unit:
        return 0.0
    return 2.0 if len(kind.text) <= _SHORT_WORDING else 0.6


def _begin_category(kind: Kind) -> float:
    if kind.numeric or kind.missing or kind.furniture:
        return 14.0
    if kind.count:
        return 4.0
    numbered = bool(pattern("cells", "category_number").match(kind.text))
    cost = 0.1 if numbered else 0.5
    bare = pattern("cells", "category").match(kind.text)
    if bare is None or len(bare["name"]) > _SHORT_CATEGORY:
        cost += 6.0
    if kind.text.endswith(open_ends()) or pattern("names", "cut_off").match(kind.text):
        cost += 4.0
    if kind.measured or len(kind.text) == 1:
        cost += 2.0
    return cost + (3.0 if kind.ends_unit else 0.0) + (0.5 if kind.unit else 0.0)


def _begin_unit(kind: Kind) -> float:
    if kind.unit:
        return 0.0
    if kind.missing:
        return 1.0
    if kind.numeric:
        return 9.0
    if kind.unit_like:
        return 0.3
    if (
        len(kind.text) > _SHORT_UNIT
        or kind.wording
        or pattern("names", "cut_off").search(kind.text)
    ):
        return 7.0
    return 1.5 + 0.4 * max(0, len(kind.text) - 2)


def go_on(  # noqa: PLR0911 — a line for each kind of column
    column: Column, text: str, kind: Kind, gap: int, short: bool = False
) -> float:
    """The cost of going on in a cell that holds a text already.

    Args:
        gap: what parts it from the cell's text.
        short: whether the cell's last line was too short to be broken there.
    """
    if column.kind == "number":
        return _NEVER
    if column.kind == "attribute":
        return 0.1 if attribute_of(text + kind.text) else _NEVER
    if kind.attribute:
        return 16.0
    if column.holds_values or tells_scope(column):
        return _go_on_value(text, kind, gap)
    if column.kind == "name":
        return _go_on_name(text, kind, gap) + (
            _SHORT_LINE if short and gap >= _BREAK and not kind.bracketed else 0.0
        )
    if column.kind == "category":
        return _go_on_category(text, kind, gap)
    if column.kind == "unit":
        return _go_on_unit(text, kind)
    return _go_on_other(column, text, kind)


def _go_on_other(column: Column, text: str, kind: Kind) -> float:
    """The cost of going on in a cell of who is responsible: it ends with an office."""
    if not _is_responsible(column):  # no remark goes on with a row's unit and values
        return 4.0 if kind.numeric or kind.missing or kind.unit else 0.5
    ended = _names_office(text) and not text.endswith(open_ends())
    return 4.0 if ended and not kind.office else 0.3


def _go_on_unit(text: str, kind: Kind) -> float:
    if kind.missing:
        return 12.0
    whole = text + kind.text
    if is_unit(whole):
        return 0.3
    if is_unit_like(whole) and ("/" in whole or not is_unit(text)):
        return 0.5
    return 12.0 if kind.numeric else 4.0


_SHORT_LINE = 3.0
_NAME_GAPS = (0.1, 1.5, 0.5, 2.0)
_WORDS_APART = 1.0  # for a blank between two Chinese words, which names hardly have


def _go_on_name(text: str, kind: Kind, gap: int) -> float:
    cost = _NAME_GAPS[gap]
    if unclosed(text):
        return cost * 0.2 + (4.0 if kind.missing else 1.0 if kind.numeric else 0.0)
    if kind.bracketed and not kind.count:
        return cost * 0.5 + (3.0 if kind.numeric else 0.0)
    if kind.numeric or kind.missing:
        return cost + 8.0
    if kind.count:
        return cost + 6.0
    apart = gap == 0 and text[-1].isalpha() and kind.text[0].isalpha()
    return cost + _unlike_a_name(text, kind) + _WORDS_APART * apart


def _unlike_a_name(text: str, kind: Kind) -> float:
    """What words behind a name cost that seldom are its own."""
    cost = 3.0 * kind.labelled + 3.0 * kind.unit + 4.0 * (kind.numbered is not None)
    if kind.wording and not kind.ends_unit:
        cost += 1.2
    if bracket := pattern("marks", "brackets").search(text):
        cost += 5.0 if is_unit(bracket["inside"]) or is_unit_like(bracket["inside"]) else 2.0
    return cost


_MORE_VALUES = 0.3  # for each number that a cell holds already, so that they spread evenly
_NUMBERS = re.compile(r"\d+(?:\.\d+)?")
_VALUE_GAPS = (0.1, 3.0, 0.4, 2.5)


def _go_on_value(text: str, kind: Kind, gap: int) -> float:  # noqa: PLR0911
    cost = _VALUE_GAPS[gap]
    if unclosed(text) or (text.endswith(open_ends()) and not is_missing(text)):
        return cost
    if kind.bracketed:
        return cost + 0.2
    if is_number(text) or is_missing(text):
        whole = text + kind.text
        worded = text[0].isalpha() and is_number(whole)  # 提高1, and 个百分点以上 behind it
        more = (worded or pattern("cells", "value").match(whole)) and not kind.digits
        return cost if more else cost + 5.0
    if text.endswith("]") or (kind.measured and not kind.digits):
        return cost + 4.0
    if kind.numeric or kind.missing:
        return cost + (0.5 if kind.numeric and len(text) <= _LEAD and is_value(text) else 3.0)
    if not is_labelled(text) and is_labelled(text + kind.text):
        return cost - 1.0  # the second half of 设区市≥25 县级市≥20
    if kind.labelled:
        return cost + _MORE_VALUES * len(_NUMBERS.findall(text))
    return cost + (0.0 if kind.wording else 1.5)


def _go_on_category(text: str, kind: Kind, gap: int) -> float:
    cost = (0.2, 1.5, 0.3, 2.0)[gap]
    if kind.count:
        return 0.0
    if kind.numeric or kind.missing:
        return 14.0
    if "(" in text and is_count(text[text.rfind("(") :]):
        return 8.0
    long = len(compact(text)) + len(kind.text) > _SHORT_CATEGORY + 2
    return cost + (4.0 if long or kind.digits or kind.ends_unit else 0.0)
