"""Plain text and Markdown -> text."""

from pathlib import Path

from markdown_it import MarkdownIt

from kg.errors import PlanlinkError
from kg.source.intake.html import read_fragment
from kg.source.published import Published
from kg.source.text import decode

_MARKS = "*_`[]|<&"
_MOST_MARKS = 100_000


def read_plain(path: Path) -> Published:
    """The text of a .txt file, every code point in place."""
    return Published(decode(path)[0])


def read_markdown(path: Path) -> Published:
    """The text of a .md file, its tables as grids.

    Raises:
        PlanlinkError: it has more marks than any document: each takes some kilobytes.
    """
    text = decode(path)[0]
    if (marks := sum(map(text.count, _MARKS))) > _MOST_MARKS:
        raise PlanlinkError.of("markdown_marks", path, marks, _MOST_MARKS)
    rendered = MarkdownIt("commonmark").enable("table").render(text)
    return read_fragment(rendered, str(path))
