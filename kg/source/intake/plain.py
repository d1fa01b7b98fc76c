"""Plain text and Markdown -> text."""

from __future__ import annotations

from pathlib import Path

from markdown_it import MarkdownIt

from kg.source.intake.html import read_fragment
from kg.source.published import Published
from kg.source.text import decode


def read_plain(path: Path) -> Published:
    """The text of a .txt file, every code point in place."""
    return Published(decode(path)[0])


def read_markdown(path: Path) -> Published:
    """The text of a .md file, its tables as grids."""
    rendered = MarkdownIt("commonmark").enable("table").render(decode(path)[0])
    return read_fragment(rendered, str(path))
