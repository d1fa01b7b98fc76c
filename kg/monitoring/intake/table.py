"""What every kind of file gives: tables of cells, each as its text or as what is wrong with it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

# Beyond these a sheet is refused before it is read. The longest real ones have some thousand rows.
MOST_ROWS = 20_000
MOST_COLUMNS = 200
MOST_MERGED = 100_000  # cells that are covered by merged ones


@dataclass(frozen=True)
class Cell:
    """A cell: its text ("" where it is empty), and what is wrong with it.

    wrong: "" or a key of [refused] in lexicon/monitoring.toml: error, uncalculated, scaled, struck.
    """

    text: str = ""
    wrong: str = ""


EMPTY = Cell()


@dataclass(frozen=True)
class Area:
    """Merged cells: the first and last row and column, from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def cells(self) -> int:
        """How many there are."""
        return (self.bottom - self.top + 1) * (self.right - self.left + 1)


@dataclass(frozen=True)
class Table:
    """A sheet that its reader can see.

    name: the sheet's name, "" for a file that has but one without a name.
    height, width: the last row and column that hold anything.
    at: the cell in a row and column, both from 1.
    merged: its merged cells.
    hidden_rows, hidden_columns: those that are not shown.
    lengths: how many cells each row has, in a text file.
    """

    name: str
    height: int
    width: int
    at: Callable[[int, int], Cell]
    merged: tuple[Area, ...] = ()
    hidden_rows: Collection[int] = frozenset()
    hidden_columns: Collection[int] = frozenset()
    lengths: Sequence[int] = ()
