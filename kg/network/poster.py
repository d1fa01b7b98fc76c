"""A picture as a poster in SVG: title, legend, what it is of, and letters as outlines of a font of
this machine, so that it looks the same where that font is missing, and opens in any program that
draws paths. How it is drawn is in poster.svg."""

import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from kg.files import packaged
from kg.network.drawing import DASHES, LETTERS, LINE, PAPER, STYLES, Box, Drawing, Line, in_lines
from kg.network.layout import WIDTH
from kg.templates import templates

PIXELS = 3400  # across, when a program opens it at its own size
_EDGE = 40  # units around the picture
_TITLE, _BELOW, _SMALL = 24, 14, 12  # sizes of letters
_LONGEST_WORD = 7  # widths of a Chinese letter, of what no line break parts
_INK, _QUIET = "#1c1b1a", "#5c5a57"
_MARKS = {"dashes": DASHES, "line": LINE}  # what marks.svg takes

_Text = tuple[str, float, float, float, str]  # words, their left end on the baseline, size, colour
_Mark = tuple[str, str, float, float]  # of a legend: kind, colour, place


class Outlines:
    """The letters of a font as paths."""

    def __init__(self, path: Path, number: int) -> None:
        from fontTools.ttLib import TTFont  # takes a while to load  # noqa: PLC0415

        font = TTFont(path, fontNumber=number, lazy=True)
        self._glyphs: Any = font.getGlyphSet()
        self._names: dict[int, str] = font.getBestCmap()
        self._em: int = font["head"].unitsPerEm
        self._known: dict[str, tuple[str, float]] = {}
        self._lock = threading.Lock()  # the font reads its file letter by letter

    def letter(self, letter: str) -> tuple[str, float]:
        """A letter's path and width in 1/1000 of the font size; "" where the font lacks it."""
        with self._lock:
            if letter not in self._known:
                self._known[letter] = self._read(letter)
            return self._known[letter]

    def _read(self, letter: str) -> tuple[str, float]:
        from fontTools.pens.svgPathPen import SVGPathPen  # noqa: PLC0415
        from fontTools.pens.transformPen import TransformPen  # noqa: PLC0415

        name, scale = self._names.get(ord(letter)), 1000 / self._em
        if name is None:
            return "", 1000.0
        drawn = SVGPathPen(self._glyphs, ntos=lambda value: str(round(value)))
        self._glyphs[name].draw(TransformPen(drawn, (scale, 0, 0, -scale, 0, 0)))
        return drawn.getCommands(), self._glyphs[name].width * scale

    def width(self, text: str, size: float) -> float:
        """How wide a text is at a size, in the size's unit."""
        return sum(self.letter(letter)[1] for letter in text) * size / 1000


@cache
def outlines() -> Outlines | None:
    """The outlines of a font with Chinese letters; None where this machine has none."""
    known = packaged("kg.network", "fonts")
    there = {
        name: Path(folder, name)
        for root in known["folders"]
        for folder, _, names in os.walk(root)
        for name in names
    }
    for font in known["fonts"]:
        if font["name"] in there:
            return Outlines(there[font["name"]], font["number"])
    return None


@dataclass(frozen=True)
class Caption:
    """What a poster says around its picture: its title, lines below it, and the legend: for each
    entry a type or "" for a line or a colour, a colour, and its words."""

    title: str
    below: tuple[str, ...]
    legend: tuple[tuple[str, str, str], ...]


def legend_mark(kind: str, colour: str) -> str:
    """The mark of an entry of a legend as an element of SVG, around 0, 0."""
    marks = templates("kg.network").get_template("marks.svg").make_module(_MARKS)
    return str(marks.mark(kind, colour, 0, 0)).strip()  # type: ignore[attr-defined]


class _Letters:
    """The letters of a font, those that were used with a number each."""

    def __init__(self, outlines: Outlines | None) -> None:
        self._outlines = outlines
        self.drawn: dict[str, int] = {}

    def placed(self, text: str) -> Iterator[tuple[int, float]]:
        """The letters of a text: the number of each, and how far from its beginning it stands."""
        assert self._outlines is not None
        at = 0.0
        for letter in text:
            path, width = self._outlines.letter(letter)
            if path:
                yield self.drawn.setdefault(path, len(self.drawn)), at
            at += width

    def width(self, text: str, size: float) -> float:
        """How wide a text is, nearly where the letters are not known."""
        return self._outlines.width(text, size) if self._outlines else len(text) * size

    def lines(self, text: str, size: float, even: bool = False) -> list[str]:
        """A text in lines as wide as the picture at most; even: of nearly one length."""
        width = partial(self.width, size=size)
        lines = in_lines(text, WIDTH, width)
        room = width(text) / len(lines) + _LONGEST_WORD * size
        return in_lines(text, min(room, WIDTH), width) if even else lines


def poster(drawn: Drawing, caption: Caption, letters: Outlines | None, language: str) -> str:
    """A drawing as SVG in a language, "zh-Hans" or "en"; letters: the outlines of a font, None for
    letters of whoever opens the poster."""
    font = _Letters(letters)
    texts, legend, top = _caption_above(font, caption)
    height = top + drawn.height + _EDGE
    for line in caption.below[1:]:
        for part in font.lines(line, _SMALL):
            texts.append((part, _EDGE, height, _SMALL, _QUIET))
            height += _SMALL * 1.6
    places = {box.id: box for box in drawn.boxes}
    return (
        templates("kg.network")
        .get_template("poster.svg")
        .render(
            title=caption.title,
            language=language,
            texts=texts,
            legend=legend,
            lines=[(_curves(places, one), one) for one in drawn.lines],
            boxes=drawn.boxes,
            styles=STYLES,
            outlined=letters is not None,
            placed=font.placed,
            drawn=font.drawn,
            letters=LETTERS,
            **_MARKS,
            ink=_INK,
            paper=PAPER,
            edge=_EDGE,
            top=top,
            width=WIDTH + 2 * _EDGE,
            height=height + _EDGE / 2,
            pixels=PIXELS,
        )
        .strip()
        + "\n"
    )


def _caption_above(font: _Letters, caption: Caption) -> tuple[list[_Text], list[_Mark], float]:
    """Title, the first line below it and the legend, and where the picture begins below them."""
    texts, marks, down = list[_Text](), list[_Mark](), float(_EDGE)
    for line in font.lines(caption.title, _TITLE, even=True):
        texts.append((line, _EDGE, down + _TITLE * 0.6, _TITLE, _INK))
        down += _TITLE * 1.5
    down += _BELOW * 0.6
    for line in font.lines(caption.below[0], _BELOW):
        texts.append((line, _EDGE, down, _BELOW, _QUIET))
        down += _BELOW * 1.6
    across = float(_EDGE)
    for kind, colour, words in caption.legend:
        room = 24 + font.width(words, LETTERS) + 22
        if across + room > WIDTH + _EDGE and across > _EDGE:
            across, down = float(_EDGE), down + LETTERS * 1.8
        marks.append((kind, colour, across + 8, down + 4))
        texts.append((words, across + 22, down + 9, LETTERS, _INK))
        across += room
    return texts, marks, down + LETTERS * 3


def _curves(boxes: Mapping[str, Box], line: Line) -> str:
    """The path of a line from the side of one box to the facing side of the other."""
    left, right = sorted((boxes[line.start], boxes[line.end]), key=lambda box: box.x)
    begin, end = (left.x + left.width / 2, left.y), (right.x - right.width / 2, right.y)
    if begin[0] > end[0]:  # in one column
        end = (begin[0], right.y)
    path = f"M{begin[0]:g} {begin[1]:g}"
    for (x1, y1), (x2, y2) in pairwise((begin, *sorted(line.way), end)):
        middle = (x1 + x2) / 2 if x1 != x2 else x1 + 40
        path += f"C{middle:g} {y1:g} {middle:g} {y2:g} {x2:g} {y2:g}"
    return path
