"""The visible elements of a page -> lines: blocks and breaks end them, a table's row is one."""

import re
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from kg.lexicon import lexicon
from kg.source.intake.html_article import Article
from kg.source.intake.html_tables import is_layout, table_lines
from kg.source.intake.html_visible import Visible
from kg.source.intake.numerals import numeral, raised

_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details",
    "dialog", "dir", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form",
    "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "legend", "li", "main",
    "menu", "nav", "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot",
    "th", "thead", "tr", "ul", "listing", "xmp", "plaintext",
))  # fmt: skip
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_AS_BLOCK = re.compile(r"display\s*:\s*(?:block|flex|grid|table|list-item|flow-root)", re.I)
_SUPER = re.compile(r"vertical-align\s*:\s*super", re.I)
_BARE = re.compile(r"list-style(?:-type)?\s*:[^;]*\bnone\b", re.I)
_LIST_STYLE = re.compile(r"list-style(?:-type)?\s*:\s*([a-z-]+)", re.I)
_TYPES = {"a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman"}
_TO_A_NOTE = re.compile(r"#_?(?:ftn|edn|fn|footnote|endnote|note)[-_:]?\d+$", re.IGNORECASE)
_WIDE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u2018-\u201d"
_WRAPPED = re.compile(rf"(?<=[{_WIDE}])[ \t]*\r?\n\s*(?=[{_WIDE}])")
_BLANKS = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True)
class HtmlLine:
    """A line of a page.

    inside: whether it is the article's. heading: 1 to 6 for an h1 to h6, else 0. table, row: the
    table's number on the page and the row's in the table, from 1; 0 outside tables.
    """

    text: str
    inside: bool
    heading: int = 0
    table: int = 0
    row: int = 0


def html_lines(visible: Visible, article: Article) -> list[HtmlLine]:
    """All lines that a page shows, furniture aside."""
    return _Walk(visible, article).lines(visible.body)


class _Walk:
    """One way through an element, which begins and ends lines; flat: tables are text."""

    def __init__(self, visible: Visible, article: Article, flat: bool = False) -> None:
        self._visible = visible
        self._article = article
        self._flat = flat
        self._lines: list[HtmlLine] = []
        self._pieces: list[str] = []
        self._marker = ""
        self._counts: dict[HtmlElement, int] = {}
        self._keeping = [False]
        self._raised = 0
        self._heading = 0
        self._inside = False
        self._tables = 0

    def lines(self, root: HtmlElement) -> list[HtmlLine]:
        """The lines of an element."""
        walk = etree.iterwalk(root, events=("start", "end"))
        passed: HtmlElement | None = None
        for event, element in walk:
            if event == "start":
                if self._is_passed(element):
                    passed = element
                    walk.skip_subtree()
                else:
                    self._open(element)
                continue
            if element is passed:
                passed = None
            else:
                self._close(element)
            if element is not root and element.tail:
                self._say(element.tail)
        self._end_line()
        return self._lines

    def _is_passed(self, element: HtmlElement) -> bool:
        """Whether an element is no running text: hidden, furniture, or a table (read whole)."""
        if element in self._visible.hidden or element in self._article.furniture:
            return True
        if element.tag != "table" or self._flat:
            return False
        if element in self._article.around or is_layout(element, self._visible):
            return False
        self._end_line()
        self._table(element)
        return True

    def _table(self, table: HtmlElement) -> None:
        self._tables += 1
        inside = self._inside or table is self._article.node
        for caption in table.iterchildren("caption"):
            self._lines.append(HtmlLine(self._text_of(caption), inside))
        for row, text in table_lines(table, self._visible, self._text_of):
            self._lines.append(HtmlLine(text, inside, 0, self._tables, row))

    def _text_of(self, cell: HtmlElement) -> str:
        """A cell's text by lines."""
        lines = [_flowing(cell.text or "")]
        if len(cell):
            walked = _Walk(self._visible, self._article, flat=True).lines(cell)
            lines = [line.text for line in walked]
        texts = (re.sub(r"[\t\n]", " ", line).strip(" \u00a0\u3000") for line in lines)
        return "\n".join(text for text in texts if text)

    def _open(self, element: HtmlElement) -> None:
        tag = element.tag
        if element is self._article.node:
            self._end_line()
            self._inside = True
        if self._is_block(element):
            self._end_line()
        elif tag == "br":
            self._break()
        elif _is_raised(element):
            self._raised += 1
        if tag in _HEADINGS:
            self._heading = int(tag[1])
        elif tag == "li":
            self._marker = self._marker_of(element)
        keeps = self._visible.keeps_lines(element) if element.attrib or tag in _BLOCKS else None
        self._keeping.append(self._keeping[-1] if keeps is None else keeps)
        if element.text:
            self._say(element.text)

    def _break(self) -> None:
        if self._heading:  # there it is only its setting
            self._pieces.append(" ")
        else:
            self._end_line()

    def _close(self, element: HtmlElement) -> None:
        self._keeping.pop()
        if self._is_block(element):
            self._end_line()
        elif _is_raised(element):
            self._raised -= 1
        if element.tag in _HEADINGS:
            self._heading = 0
        if element is self._article.node:
            self._end_line()
            self._inside = False

    @staticmethod
    def _is_block(element: HtmlElement) -> bool:
        if element.tag in _BLOCKS:
            return True
        style = element.get("style")
        return style is not None and _AS_BLOCK.search(style) is not None

    def _say(self, text: str) -> None:
        if self._raised:
            self._pieces.append(raised(text))
        elif self._keeping[-1] or ("\n" in text and _has_own_lines(text)):
            first, *others = text.split("\n")
            self._pieces.append(first)
            for line in others:
                self._end_line()
                self._pieces.append(line)
        else:
            piece = _flowing(text)
            if piece.startswith(" ") and (not self._pieces or self._pieces[-1].endswith(" ")):
                piece = piece[1:]
            if piece:
                self._pieces.append(piece)

    def _end_line(self) -> None:
        if not self._pieces:
            return
        text = "".join(self._pieces).strip(" \r\n\u00a0\u3000")
        self._pieces.clear()
        if not text.strip():
            return
        if self._marker and not text.startswith(self._marker):
            text = self._marker + text
        self._marker = ""
        self._lines.append(HtmlLine(text, self._inside, self._heading))

    def _marker_of(self, element: HtmlElement) -> str:
        """The number that a browser puts before an element of a counted list."""
        around = element.getparent()
        if around is None or around.tag != "ol":
            return ""
        number = _whole(element.get("value"))
        if number is None:
            start = _whole(around.get("start"))
            number = self._counts.get(around, (1 if start is None else start) - 1) + 1
        self._counts[around] = number
        style = f"{around.get('style') or ''};{element.get('style') or ''}"
        if _BARE.search(style) or number < 0:
            return ""
        named = _LIST_STYLE.search(style)
        kind = named[1] if named else _TYPES.get(around.get("type") or "", "decimal")
        written = numeral(number, kind)
        if not written:
            return ""
        return written + (lexicon("pages")["numbering"]["mark"] if written[0] > "\u2e80" else ".")


def _is_raised(element: HtmlElement) -> bool:
    """Whether an element is set above the line, as a note's mark is."""
    if element.tag == "a":
        return _TO_A_NOTE.match(element.get("href") or "") is not None
    if element.tag == "sup":
        return True
    style = element.get("style")
    return style is not None and _SUPER.search(style) is not None


def _flowing(text: str) -> str:
    """Text as a browser sets it: white space is one blank, none inside running Chinese."""
    if "\n" in text:
        text = _WRAPPED.sub("", text)
    return _BLANKS.sub(" ", text)


def _has_own_lines(text: str) -> bool:
    """Whether a text has lines of its own, which only a style sheet out of reach makes visible, and
    is not just wrapped at a width: three lines or more, of different lengths."""
    lines = [len(line) for line in map(str.strip, text.split("\n")) if line]
    if len(lines) < 3:
        return False
    full = lines[:-1]
    return max(full) > 1.3 * min(full) and sum(lines) > 60


def _whole(value: str | None) -> int | None:
    """A whole number of an attribute."""
    return int(value[:9]) if value and value.strip().isdecimal() else None
