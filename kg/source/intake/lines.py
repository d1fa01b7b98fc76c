"""A table's cells -> a line for each row, with a column for each of the grid's columns; and a
document's lines, each with its place in the file, put together to a published text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.lexicon import pattern
from kg.source.characters import cleaned
from kg.source.findings import Finding
from kg.source.published import Place, Published

_FEWEST = 3  # cells of as many lines that are rows of their own
_TABLE = "tables", "stacked"
_MOST_COLUMNS = 1000  # that one cell covers; HTML's own limit


@dataclass(frozen=True)
class GridCell:
    """A cell: its text, maybe of several lines, and how many columns and rows it covers, itself
    included."""

    text: str
    columns: int = 1
    rows: int = 1


def grid_lines(rows: Sequence[Sequence[GridCell]]) -> Iterator[tuple[int, str]]:
    """The rows that hold text, as lines: the row's index, and its cells parted by tabs.

    A cell's text is in the first of the columns and rows that it covers, the others are empty.
    Columns in which no cell begins are none. A row whose cells hold several things on as many lines
    each is as many rows.
    """
    placed = [dict(row) for row in _placed(rows)]
    begun = sorted({column for row in placed for column in row})
    for index, row in enumerate(placed):
        lines = {column: text.split("\n") for column, text in row.items()}
        for part in _stacked_rows(lines) if any(row.values()) else ():
            yield index, "\t".join(part.get(column, "") for column in begun)


def _stacked_rows(cells: Mapping[int, Sequence[str]]) -> list[dict[int, str]]:
    """The rows that the lines of a row's cells are; the row itself where they are none."""
    most = max(map(len, cells.values()))
    if not _are_stacked([*cells.values()], most):
        return [{column: " ".join(lines) for column, lines in cells.items()}]
    return [
        {column: lines[i] for column, lines in cells.items() if i < len(lines)} for i in range(most)
    ]


def _are_stacked(cells: Sequence[Sequence[str]], most: int) -> bool:
    """Whether cells hold a row on each of so many lines: some of them numbers, others words, and
    none a remark in brackets; a cell of one line holds for the first row or for all."""
    stacked = [lines for lines in cells if len(lines) == most]
    shared = [lines[0] for lines in cells if lines[0] and len(lines) == 1]
    is_number, is_remark = pattern(*_TABLE, "number").match, pattern(*_TABLE, "remark").match
    numbers = [all(map(is_number, lines)) for lines in stacked]
    return (
        most > 1
        and len(stacked) >= _FEWEST
        and {len(lines) for lines in cells} <= {1, most}
        and any(numbers)
        and not all(numbers)
        and not any(map(is_number, shared[1:]))  # but the row's own
        and not any(is_remark(one) and not is_remark(ls[0]) for ls in stacked for one in ls)
    )


def _placed(rows: Sequence[Sequence[GridCell]]) -> Iterator[list[tuple[int, str]]]:
    """For each row, the column in which each of its cells begins, and the cell's text."""
    covered: dict[int, int] = {}  # column -> rows still covered from above
    width = 0
    for row in rows:
        found = []
        column = 0
        reaching: dict[int, int] = {}
        for cell in _fitted(row, len(covered), width):
            while column in covered:
                column += 1
            found.append((column, cell.text))
            end = column + max(1, min(cell.columns, _MOST_COLUMNS))
            if cell.rows > 1:
                reaching |= dict.fromkeys(range(column, end), cell.rows)
            column = end
        width = width or column
        covered = {c: left - 1 for c, left in (covered | reaching).items() if left > 1}
        yield found


def _fitted(row: Sequence[GridCell], covered: int, width: int) -> Sequence[GridCell]:
    """A row's cells without the empty ones at its start that are written out although a cell from
    above covers their place, which would push the row past the table's width."""
    excess = covered + sum(cell.columns for cell in row) - width
    if not covered or not width or excess <= 0:
        return row
    empty = next((i for i, cell in enumerate(row) if cell.text), len(row))
    return row[min(excess, empty, covered) :]


@dataclass(frozen=True)
class PlacedLine:
    """A line of text, the fragment identifier of its place in the file, and its depth (level) as a
    heading that the file marks as such; 0 for none."""

    text: str
    locator: str
    level: int = 0


def put_together(
    lines: Iterable[PlacedLine],
    properties: Mapping[str, str] | None = None,
    findings: Iterable[Finding] = (),
) -> Published:
    """The text of lines, blank ones left out, with the place of each."""
    kept: list[str] = []
    places: list[Place] = []
    outline: dict[int, int] = {}
    length = 0
    for line in lines:
        text = cleaned(line.text).replace("\n", " ").strip(" \u00a0\u3000")
        if not text.strip():
            continue
        if not places or places[-1].locator != line.locator:
            places.append(Place(length, line.locator))
        if line.level:
            outline[length] = line.level
        kept.append(text)
        length += len(text) + 1
    filled = {key: value for key, value in (properties or {}).items() if value}
    return Published("\n".join(kept) + "\n", tuple(places), filled, tuple(findings), outline)
