"""What an indicator table is made of, and what its cells can hold."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn

from kg.errors import PlanlinkError
from kg.lexicon import lexicon
from kg.source.text import Span


@dataclass(frozen=True)
class Line:
    """A line of the source without the white space around it."""

    span: Span
    text: str


@dataclass(frozen=True)
class Cell:
    """A cell of a table as normalised text, with its span."""

    span: Span
    text: str


@dataclass(frozen=True)
class Row:
    """A row of an indicator table; values are keyed by their column's meaning ("baseline",
    "target").

    part counts the rows that share one number (生产安全事故: 起数下降, 死亡人数下降); it is None
    where a number has one row.
    """

    number: int
    part: int | None
    category: Cell | None
    group: Cell | None
    name: Cell
    values: dict[str, Cell]
    unit: Cell | None
    attribute: Cell
    span: Span


@dataclass(frozen=True)
class IndicatorTable:
    """An indicator table: its title, the years of its value columns, its rows and its note."""

    title: str
    title_span: Span
    span: Span
    years: dict[str, int]
    rows: tuple[Row, ...]
    note: Cell | None


@dataclass(frozen=True)
class Header:
    """The columns of a table in order, the years of its value columns, and the index of the line
    after it."""

    columns: tuple[str, ...]
    years: dict[str, int]
    end: int


def is_value(text: str) -> bool:
    """Whether a cell holds a value: a number, nothing, or one of the usual wordings."""
    cells = lexicon("tables")["cells"]
    return bool(
        re.match(cells["value"], text)
        or re.match(cells["none"], text)
        or any(word in text for word in cells["words"])
    )


def attribute_of(text: str) -> str | None:
    """The attribute that a cell names (Binding, Expected), None for any other."""
    for attribute, words in lexicon("tables")["attributes"].items():
        if text in words:
            return str(attribute)
    return None


def is_number(text: str) -> bool:
    """Whether a cell holds a number."""
    return bool(re.match(lexicon("tables")["cells"]["value"], text))


def fail(what: str, span: Span, text: str, name: str) -> NoReturn:
    """Report a broken row.

    Raises:
        PlanlinkError: always.
    """
    number = text.count("\n", 0, span.start) + 1
    raise PlanlinkError(
        f"indicator table: {what}",
        f"{name}, line {number}",
        "complete the row in the source text: number, name, values, attribute",
    )
