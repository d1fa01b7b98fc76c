"""A picture as a poster in SVG: title, legend, what it is of, and letters as outlines where this
machine has a font to take them from."""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from kg.network.drawing import LETTERS, LINE, PAPER, STYLES, Box, Drawing, Line
from kg.network.layout import WIDTH
from kg.network.outlines import Outlines

PIXELS = 3400  # across, when a program opens it at its own size
_EDGE = 40  # units around the picture
_TITLE, _BELOW, _SMALL = 24, 14, 12  # sizes of letters
_FAMILIES = "Noto Sans CJK SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, sans-serif"
_INK, _QUIET = "#1c1b1a", "#5c5a57"
# each type's sign, on 18 units around its middle
SIGNS = {
    "Plan": "M0-8l2.2 5.2 5.8.4-4.4 3.7 1.4 5.6L0 3.9-5 6.9l1.4-5.6L-8-2.4l5.8-.4z",
    "Goal": "M0-9l9 9-9 9-9-9z",
    "Section": "M-8-8h16v16h-16z",
    "Indicator": "M0-8l8 15h-16z",
    "Institution": "M0 8l-8-15h16z",
    "Zone": "M-4-8h8l5 8-5 8h-8l-5-8z",
    "Measure": "M-8 0a8 8 0 1 0 16 0a8 8 0 1 0-16 0z",
}


@dataclass(frozen=True)
class Caption:
    """What a poster says around its picture: its title, lines below it, and the legend: for each
    entry a type or "" for a line or a colour, a colour, and its words."""

    title: str
    below: tuple[str, ...]
    legend: tuple[tuple[str, str, str], ...]


class _Writer:
    """Collects the elements of a poster; every letter is drawn once and used again."""

    def __init__(self, letters: Outlines | None) -> None:
        self._letters = letters
        self._drawn: dict[str, int] = {}
        self.elements: list[str] = []

    def add(self, element: str) -> None:
        self.elements.append(element)

    def text(self, text: str, x: float, y: float, size: float, colour: str = _INK) -> None:
        """A text from its left end, on its baseline; where letters are outlines, the text itself is
        there without being seen, to be found, copied and read out."""
        seen = "none" if self._letters else colour
        self.add(
            f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{seen}">{escape(text)}</text>'
        )
        if self._letters is None:
            return
        parts, at = [], 0.0
        for letter in text:
            path, width = self._letters.letter(letter)
            if path:
                number = self._drawn.setdefault(path, len(self._drawn))
                parts.append(f'<use href="#l{number}" x="{at:g}"/>')
            at += width
        self.add(
            f'<g aria-hidden="true" fill="{colour}" '
            f'transform="translate({x:g} {y:g}) scale({size / 1000:g})">{"".join(parts)}</g>'
        )

    def width(self, text: str, size: float) -> float:
        """How wide a text is, nearly where the letters are not known."""
        return self._letters.width(text, size) if self._letters else len(text) * size

    def letters(self) -> str:
        """The letters that were used."""
        return "".join(f'<path id="l{i}" d="{path}"/>' for path, i in self._drawn.items())


def poster(drawn: Drawing, caption: Caption, letters: Outlines | None, language: str) -> str:
    """A drawing as SVG.

    Args:
        letters: the outlines of a font; None for letters of whoever opens the poster.
        language: of the words, "zh-Hans" or "en".
    """
    writer = _Writer(letters)
    top = _caption_above(writer, caption)
    writer.add(f'<g transform="translate({_EDGE} {top:g})">')
    places = {box.id: box for box in drawn.boxes}
    for line in drawn.lines:
        writer.add(_curve(line, places[line.start], places[line.end]))
    for box in drawn.boxes:
        _add_box(writer, box)
    writer.add("</g>")
    height = top + drawn.height + _EDGE
    for said in caption.below[1:]:
        writer.text(said, _EDGE, height, _SMALL, _QUIET)
        height += _SMALL * 1.6
    height += _EDGE / 2
    width = WIDTH + 2 * _EDGE
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" lang="{language}" width="{PIXELS}" '
        f'height="{round(height * PIXELS / width)}" viewBox="0 0 {width} {height:g}" role="img" '
        f"font-family={quoteattr(_FAMILIES)}>"
        f"<title>{escape(caption.title)}</title><defs>{writer.letters()}</defs>"
        f'<rect width="{width}" height="{height:g}" fill="{PAPER}"/>'
        f"{''.join(writer.elements)}</svg>\n"
    )


def _caption_above(writer: _Writer, caption: Caption) -> float:
    """Write title, the first line below it and the legend; returns where the picture begins."""
    down = float(_EDGE)
    for line in _broken(writer, caption.title, _TITLE):
        writer.text(line, _EDGE, down + _TITLE * 0.6, _TITLE)
        down += _TITLE * 1.5
    for said in caption.below[:1]:
        writer.text(said, _EDGE, down, _BELOW, _QUIET)
        down += _BELOW * 1.6
    across = float(_EDGE)
    for kind, colour, words in caption.legend:
        room = 24 + writer.width(words, LETTERS) + 22
        if across + room > WIDTH + _EDGE and across > _EDGE:
            across, down = float(_EDGE), down + LETTERS * 1.8
        writer.add(legend_mark(kind, colour, across + 8, down + 4))
        writer.text(words, across + 22, down + 9, LETTERS)
        across += room
    return down + LETTERS * 3


def _broken(writer: _Writer, text: str, size: float) -> Iterable[str]:
    """A text in lines as wide as the picture."""
    line = ""
    for letter in text:
        if line and writer.width(line + letter, size) > WIDTH:
            yield line
            line = ""
        line += letter
    yield line


def legend_mark(kind: str, colour: str, x: float, y: float) -> str:
    """The mark of an entry of a legend as an element of SVG, around a place."""
    if kind in SIGNS:
        return (
            f'<path transform="translate({x:g} {y:g}) scale(.8)" d="{SIGNS[kind]}" '
            f'fill="{colour}"/>'
        )
    if kind == "line":
        return (
            f'<line x1="{x - 8:g}" y1="{y:g}" x2="{x + 8:g}" y2="{y:g}" stroke="{LINE}" '
            f'stroke-width="2" stroke-dasharray="5 4"/>'
        )
    return (
        f'<rect x="{x - 8:g}" y="{y - 7:g}" width="16" height="14" rx="3" fill="{colour}" '
        f'stroke="{LINE}"/>'
    )


def _curve(line: Line, start: Box, end: Box) -> str:
    """A line from the side of one box to the facing side of the other."""
    left, right = (start, end) if start.x <= end.x else (end, start)
    x1, x2 = left.x + left.width / 2, right.x - right.width / 2
    if x1 > x2:  # in one column
        x1 = x2 = left.x + left.width / 2
    middle = (x1 + x2) / 2 if x1 != x2 else x1 + 40
    dashed = ' stroke-dasharray="5 4"' if line.dashed else ""
    return (
        f'<path fill="none" stroke="{LINE}" stroke-width="{line.width:g}"{dashed} '
        f'd="M{x1:g} {left.y:g}C{middle:g} {left.y:g} {middle:g} {right.y:g} {x2:g} {right.y:g}"/>'
    )


def _add_box(writer: _Writer, box: Box) -> None:
    x, y = box.x - box.width / 2, box.y - box.height / 2
    dashed = ' stroke-dasharray="4 3"' if box.rest else ""
    writer.add(
        f"<g><title>{escape(box.title)}</title>"
        f'<rect x="{x:g}" y="{y:g}" width="{box.width:g}" height="{box.height:g}" rx="4" '
        f'fill="{box.fill}" stroke="{box.colour}" stroke-width="1.5"{dashed}/>'
        f'<path transform="translate({x + 13:g} {y + 14.5:g}) scale(.6)" d="{SIGNS[box.kind]}" '
        f'fill="{box.colour}"/>'
    )
    sign = f"{STYLES[box.kind][1]} "
    for i, own in enumerate(box.lines):
        first = own.removeprefix(sign)
        indent = 22 if first != own else 8
        writer.text(first, x + indent, y + 19 + i * 17, LETTERS)
    writer.add("</g>")
