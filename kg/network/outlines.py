"""Texts as outlines of a font of this machine, so that a picture looks the same where that font is
missing, and opens in any program that draws paths."""

import os
import threading
from functools import cache
from pathlib import Path
from typing import Any

from kg.files import packaged


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
