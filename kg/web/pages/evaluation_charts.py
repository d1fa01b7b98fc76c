"""The charts of an evaluation in a Word document, drawn by shaded cells of tables: they print as
they look, need no picture, and their words can be searched and read aloud."""

from collections.abc import Mapping, Sequence
from typing import Any

from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from kg.network.drawing import FILLS

# light enough for words in black
_SHADES = {state: colour.removeprefix("#").upper() for state, colour in FILLS.items()}
_OTHER, _PATH = "ECE9E4", "F3F1ED"  # states without a colour, and what is left of a path
_NARROWEST = 2.2  # centimetres: a state's words have room
_BAR, _NAME, _SHARE = 14.0, 8.0, 3.0  # centimetres


def state_bar(document: Any, counts: Mapping[str, int], named: Mapping[str, str]) -> None:
    """A bar of how many indicators are in each state, as wide as the counts say where their words
    have room.

    Args:
        counts: how many, by state.
        named: the names of the states.
    """
    if not counts:
        return
    across, total = _BAR + _NAME + _SHARE, sum(counts.values())
    spare = across - _NARROWEST * len(counts)
    table = document.add_table(1, len(counts))
    set_widths(table, [_NARROWEST + spare * count / total for count in counts.values()])
    for cell, (state, count) in zip(table.rows[0].cells, counts.items(), strict=True):
        cell.text = f"{named[state]} {count}"
        _shade(cell, _SHADES.get(state, _OTHER))
    table.rows[0].height, table.rows[0].height_rule = Cm(0.9), WD_ROW_HEIGHT_RULE.AT_LEAST


def progress_bars(document: Any, bars: Sequence[tuple[str, float, str, str]]) -> None:
    """A bar for each indicator: how much of the path from baseline to target is gone.

    Args:
        bars: its name, the share (1 is the target; less than 0 and more than 1 are drawn as these),
            how that is said, and its state.
    """
    table = document.add_table(len(bars), 3)
    set_widths(table, [_NAME, _BAR, _SHARE])
    for row, (name, share, worded, state) in zip(table.rows, bars, strict=True):
        row.cells[0].text, row.cells[2].text = name, worded
        _bar(row.cells[1], min(max(share, 0.0), 1.0), _SHADES.get(state, _OTHER))
        add(row._tr.get_or_add_trPr(), "cantSplit")


def _bar(cell: Any, share: float, shade: str) -> None:
    parts = [one for one in ((share, shade), (1 - share, _PATH)) if one[0] > 0]
    inner = cell.add_table(1, len(parts))
    set_widths(inner, [(_BAR - 0.5) * width for width, _ in parts])
    for part, (_, colour) in zip(inner.rows[0].cells, parts, strict=True):
        _shade(part, colour)
    for paragraph in cell.paragraphs:  # Word wants one behind a table; it takes no room
        paragraph.paragraph_format.space_after = Pt(0)
        paragraph.paragraph_format.line_spacing = Pt(2)


def set_widths(table: Any, widths: Sequence[float]) -> None:
    """Widths of columns in centimetres, of each cell as well: Word goes by these."""
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)


def _shade(cell: Any, colour: str) -> None:
    add(cell._tc.get_or_add_tcPr(), "shd", val="clear", color="auto", fill=colour)


def add(parent: Any, name: str, **values: str) -> None:
    """Add an element of WordprocessingML that python-docx has no call for, with its attributes."""
    attributes = {qn(f"w:{key}"): value for key, value in values.items()}
    parent.append(parent.makeelement(qn(f"w:{name}"), attributes))
