"""What an indicator table is made of: lines, cells, columns, rows."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from kg.source.text import Span


@dataclass(frozen=True)
class Line:
    """A line of the source without the white space around it."""

    span: Span
    text: str


@dataclass(frozen=True)
class Page:
    """The text that tables are looked for in.

    lines: those that are not blank; text: the whole normalised text; printed: as it was published,
        character for character.
    """

    lines: Sequence[Line]
    text: str
    printed: str


@dataclass(frozen=True)
class Cell:
    """A cell of a table as normalised text.

    span: from its first to its last character.
    parts: the stretches that it was printed in, one or more; other cells may be between them.
    """

    span: Span
    text: str
    parts: tuple[Span, ...] = ()

    def __post_init__(self) -> None:
        if not self.parts:
            object.__setattr__(self, "parts", (self.span,))


def joined_cells(cells: list[Cell]) -> Cell:
    """One cell of several pieces of it; a blank is kept between two digits alone."""
    text = ""
    for cell in cells:
        apart = text[-1:].isdigit() and cell.text[:1].isdigit()
        text += f" {cell.text}" if apart else cell.text
    return Cell(
        Span(min(c.span.start for c in cells), max(c.span.end for c in cells)),
        text,
        tuple(part for cell in cells for part in cell.parts),
    )


@dataclass(frozen=True)
class Column:
    """A column of a table.

    kind: number, category, name, unit, attribute or other; for values baseline, target, yearly
        (a rate a year), cumulative (a sum over the period), change (either of them) or value
        (the head doesn't say which).
    label: the words of its head, without blanks.
    year: the year its values are for; None where the head names none.
    unit: the unit that its head gives in brackets.
    """

    kind: str
    label: str = ""
    year: int | None = None
    unit: str = ""

    @property
    def holds_values(self) -> bool:
        """Whether its cells are values of the indicators."""
        return self.kind in VALUES


RATES = ("yearly", "change")
OVER_YEARS = (*RATES, "cumulative")
VALUES = (*OVER_YEARS, "baseline", "target", "value")


@dataclass(frozen=True)
class Row:
    """A row of an indicator table.

    number: as printed, or counted where the table prints none or begins anew in each category.
    part: counts the rows that share one number; None where a number has one row.
    again: how many rows before it bear the same number, though it is another indicator.
    group: the name that such rows share.
    values: the cells that hold something, each with its column; a dash is no value of a target.
    """

    number: int
    part: int | None
    category: Cell | None
    group: Cell | None
    name: Cell
    values: tuple[tuple[Column, Cell], ...]
    unit: Cell | None
    attribute: Cell | None
    span: Span
    again: int = 0


@dataclass(frozen=True)
class Refused:
    """A row that does not fit the head: its number where it has one, and its place."""

    number: int | None
    span: Span


@dataclass
class Reading:
    """A table read: its columns and rows, and the line behind it; headed: whether its first line
    is a head."""

    columns: Sequence[Column]
    rows: list[Row]
    refused: list[Refused]
    first: int
    end: int
    others: Counter[str]  # for each column with an unknown head: its label, and rows with a number
    headed: bool = True


@dataclass(frozen=True)
class IndicatorTable:
    """An indicator table: its title, columns, rows and note.

    unit: the unit of all its values, where the title or a line below it gives one.
    """

    title: str
    title_span: Span
    span: Span
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: Cell | None
    unit: str = ""

    @property
    def heading(self) -> str:
        """What it is called: its title, or the cells of its head where it has none."""
        return " ".join(cell for part in re.split(r"[\t|]", self.title) if (cell := part.strip()))
