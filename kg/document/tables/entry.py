"""A row of indicators on its way: what it says by itself alone."""

from dataclasses import dataclass, replace

from kg.document.tables.costs import Atom
from kg.document.tables.model import Cell, Column
from kg.source.text import Span


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
