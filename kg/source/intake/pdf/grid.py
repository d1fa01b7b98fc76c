"""A table as it is laid out: a grid of cells, whatever showed its lines."""

from collections.abc import Sequence
from dataclasses import dataclass

from kg.source.gutters import Stretch
from kg.source.text import on_one_line


@dataclass(frozen=True)
class Part:
    """What stands together on a line: the glyphs of a cell, or of a part of one."""

    line: int
    base: float
    size: float
    left: float
    right: float
    text: str

    @property
    def stretch(self) -> Stretch:
        """Where it stands, in points from the left."""
        return self.left, self.right


@dataclass(frozen=True)
class Grid:
    """A table on one page.

    left, right, top: of its frame, in points. columns: where its columns begin, and where the last
    one ends. printed: what is printed over in each column. rows: the text of each cell, row by row,
    one for each column; "" for an empty cell and for those that a wider or higher one covers. size:
    of most of its characters, in points.
    """

    left: float
    right: float
    top: float
    columns: tuple[float, ...]
    printed: tuple[Stretch, ...]
    rows: tuple[tuple[str, ...], ...]
    size: float

    def goes_on(self, columns: Sequence[float], within: float | None = None) -> bool:
        """Whether those of the next page begin where its columns do, to so many points."""
        most = 0.5 * self.size + 2 if within is None else within
        return len(self.columns) == len(columns) and all(
            abs(a - b) <= most for a, b in zip(self.columns, columns, strict=True)
        )


def text_of_cell(lines: Sequence[str]) -> str:
    """The text of a cell whose lines are these: a Chinese word that one breaks has no blank."""
    return on_one_line("\n".join(" ".join(line.split()) for line in lines if line.strip()))
