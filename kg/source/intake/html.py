"""HTML -> text: visible text, blocks on lines of their own, tables as grids."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag

from kg.source.published import Published
from kg.source.text import decode

_BLOCKS = [
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "br",
    "section",
    "article",
    "blockquote",
    "pre",
    "title",
]


def read_html(path: Path) -> Published:
    """The text of an HTML file."""
    return Published(html_text(decode(path)[0]))


def html_text(content: str) -> str:
    """The text of HTML source."""
    soup = BeautifulSoup(content, "html.parser")
    for tag in soup(["script", "style", "noscript", "head"]):
        tag.decompose()
    lines = (line.strip(" ") for line in "".join(_pieces(soup)).splitlines())
    return "\n".join(line for line in lines if line.strip()) + "\n"


def _pieces(node: Tag) -> Iterator[str]:
    """The text of a node: blocks on lines of their own, rows of tables as cells parted by tabs."""
    for child in node.children:
        if isinstance(child, NavigableString):
            yield " ".join(str(child).split())
        elif isinstance(child, Tag) and child.name == "tr":
            cells = [" ".join(cell.get_text().split()) for cell in child.find_all(["td", "th"])]
            yield "\n" + "\t".join(cells) + "\n"
        elif isinstance(child, Tag):
            block = child.name in _BLOCKS
            yield "\n" if block else ""
            yield from _pieces(child)
            yield "\n" if block else ""
