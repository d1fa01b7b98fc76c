"""Tables of a page: those that lay out text, and the grids of those that are tables."""

from collections.abc import Callable, Iterator

from lxml.html import HtmlElement

from kg.source.intake.html_visible import Visible
from kg.source.intake.lines import GridCell, grid_lines

_LONG = 800  # characters of a cell that holds an article rather than a value
_PARAGRAPH = 200  # characters of a cell that holds a paragraph


def is_layout(table: HtmlElement, visible: Visible) -> bool:
    """Whether a table only lays out text: one column, or other tables or articles in it."""
    if (table.get("role") or "").lower() in ("presentation", "none"):
        return True
    rows = [list(_cells(row, visible)) for group in _groups(table, visible) for row in group]
    rows = [row for row in rows if row]
    widest = max((len(row) for row in rows), default=0)
    if widest <= 1:
        return True
    cells = [cell for row in rows for cell in row]
    longest = max(cells, key=lambda cell: visible.text[cell])
    if len(rows) == 1 and visible.text[longest] > _PARAGRAPH:
        return True
    if visible.text[longest] > max(_LONG, 0.6 * visible.text[table]):
        return True
    return any(_holds_table(cell, visible) for cell in cells)


def table_lines(
    table: HtmlElement, visible: Visible, text_of: Callable[[HtmlElement], str]
) -> Iterator[tuple[int, str]]:
    """A table's rows, the head first and the foot last: the row's number from 1, and its line.

    Args:
        text_of: gives a cell's text by lines.
    """
    rows: list[list[GridCell]] = []
    for group in _groups(table, visible):
        for i, row in enumerate(group):
            left = len(group) - i
            rows.append(
                [
                    GridCell(text_of(cell), _span(cell, "colspan", 1), _span(cell, "rowspan", left))
                    for cell in _cells(row, visible)
                ]
            )
    for index, line in grid_lines(rows):
        yield index + 1, line


def _groups(table: HtmlElement, visible: Visible) -> list[list[HtmlElement]]:
    """The rows of a table by its groups, in the order in which they are shown."""
    heads: list[list[HtmlElement]] = []
    bodies: list[list[HtmlElement]] = []
    feet: list[list[HtmlElement]] = []
    for child in table:
        if child in visible.hidden:
            continue
        if child.tag == "tr":
            if not bodies or bodies[-1][-1].getparent() is not table:
                bodies.append([])
            bodies[-1].append(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            rows = [row for row in child if row.tag == "tr" and row not in visible.hidden]
            first = child.tag == "thead" and not heads
            (heads if first else feet if child.tag == "tfoot" else bodies).append(rows)
    return [group for group in (*heads, *bodies, *feet) if group]


def _cells(row: HtmlElement, visible: Visible) -> Iterator[HtmlElement]:
    return (cell for cell in row if cell.tag in ("td", "th") and cell not in visible.hidden)


def _span(cell: HtmlElement, name: str, whole: int) -> int:
    """A colspan or rowspan; 0 spans the whole of the rest."""
    value = cell.get(name)
    if value is None or not value.strip().isdecimal():
        return 1
    number = int(value.strip()[:6])
    return number if name == "colspan" else min(number or whole, whole)


def _holds_table(cell: HtmlElement, visible: Visible) -> bool:
    """Whether a cell holds a table of its own that has more than one row."""
    inner = (one for one in cell.iterdescendants("table") if one not in visible.hidden)
    return any(sum(map(len, _groups(one, visible))) > 1 for one in inner)
