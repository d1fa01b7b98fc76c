"""Word -> text: paragraphs on lines of their own, tables as grids."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docx import Document as WordDocument
from docx.table import Table as WordTable

from kg.source.published import Published


def read_word(path: Path) -> Published:
    """The text of a .docx file."""
    lines: list[str] = []
    for block in WordDocument(str(path)).iter_inner_content():
        if isinstance(block, WordTable):
            lines += [
                "\t".join(" ".join(cell.text.split()) for cell in _distinct(row.cells))
                for row in block.rows
            ]
        else:
            lines.append(block.text)
    return Published("\n".join(lines) + "\n")


def _distinct(cells: Iterable[Any]) -> list[Any]:
    """The cells of a Word table's row, a merged one once."""
    found: list[Any] = []
    for cell in cells:
        if not found or cell._tc is not found[-1]._tc:
            found.append(cell)
    return found
