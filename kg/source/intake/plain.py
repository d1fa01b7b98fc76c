"""Plain text and Markdown -> text."""

import re
from pathlib import Path

from markdown_it import MarkdownIt

from kg.errors import PlanlinkError
from kg.source.intake.html import read_fragment
from kg.source.published import Published
from kg.source.text import decode

_MARKS = "*_`[]|<&"
_MOST_MARKS = 100_000
_HEADING = re.compile(r"^#{1,6} +\S", re.MULTILINE)
_ATTRIBUTES = re.compile(r"(?<=\S)[ \t]*\{[#.][^{}\n]*\}[ \t]*$", re.MULTILINE)  # of a heading
# a cell of several lines, as a spreadsheet copies it
_CELL = re.compile(r'(^(?="[^"\t]*"\t)|\t)"([^"\t]*\n[^"\t]*)"(?=\s)', re.MULTILINE)


def read_plain(path: Path) -> Published:
    """The text of a .txt file, the cells of a spreadsheet on one line each; of one with headings of
    Markdown as that of a .md file."""
    text = decode(path)[0]
    if len(_HEADING.findall(text)) > 1:
        return _rendered(text, path)
    return Published(_CELL.sub(lambda cell: cell[1] + "".join(cell[2].splitlines()), text))


def read_markdown(path: Path) -> Published:
    """The text of a .md file, its lines apart and its tables as grids."""
    return _rendered(decode(path)[0], path)


def _rendered(text: str, path: Path) -> Published:
    """The text that Markdown gives.

    Raises:
        PlanlinkError: it has more marks than any document: each takes some kilobytes.
    """
    if (marks := sum(map(text.count, _MARKS))) > _MOST_MARKS:
        raise PlanlinkError.of("markdown_marks", path, marks, _MOST_MARKS)
    text = _ATTRIBUTES.sub("", text)
    rendered = MarkdownIt("commonmark", {"breaks": True}).enable("table").render(text)
    return read_fragment(rendered, str(path))
