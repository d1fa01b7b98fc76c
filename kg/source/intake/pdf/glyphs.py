"""The characters of a page, each where it is drawn: places are in the page's own space, as the file
gives them, and as the page is read."""

import ctypes
import math
from collections.abc import Callable
from dataclasses import dataclass

import pypdfium2.raw as pdf

from kg.source.characters import look_alikes

Box = tuple[float, float, float, float]  # left, bottom, right, top in the page's own space
Frame = Callable[[float, float], tuple[float, float]]
MOST_GLYPHS = 60_000  # on a page; a page of text has 3,000: what has more is an attack
_SLANT = math.radians(5)
_LEAST_SIZE = 2.0  # points; what is smaller is not meant to be read
_BROKEN_HYPHEN = 2  # what PDFium gives for a hyphen at a line's end
_INVISIBLE = 3  # text rendering mode: neither filled nor stroked
_PALE = 235  # of 255: lighter text is seen only before something darker

Layers = dict[bool, dict[int, list["Glyph"]]]


def frame_of(box: Box, quarter: int) -> Frame:
    """How a point of the page's own space is placed when it is turned by quarters, clockwise."""
    left, bottom, right, top = box
    return (
        lambda x, y: (x - left, top - y),
        lambda x, y: (y - bottom, x - left),
        lambda x, y: (right - x, y - bottom),
        lambda x, y: (top - y, right - x),
    )[quarter]


class TooMuchError(Exception):
    """A page holds more than any page of a document."""


@dataclass(slots=True)
class Glyph:
    """A character where it is drawn, upright.

    left, right: its ends along the line, its advance included. base: the height of its base line.
    size: of its font, in points. doubtful: whether it may be invisible and has to be looked at.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    doubtful: bool = False

    @property
    def middle(self) -> float:
        """Half its height."""
        return self.base - 0.36 * self.size


@dataclass(slots=True)
class _Style:
    """What a text object's glyphs share; turn: quarters to upright, None where aslant."""

    size: float
    turn: int | None
    hidden: bool
    pale: bool


class _Styles:
    """The styles of a page's text objects, each read once."""

    def __init__(self, text: pdf.FPDF_TEXTPAGE) -> None:
        self._text = text
        self._known: dict[int, _Style] = {}
        self._matrix = pdf.FS_MATRIX()
        self._colour = [ctypes.c_uint() for _ in range(4)]

    def of(self, index: int, drawn: pdf.FPDF_PAGEOBJECT) -> _Style:
        address = ctypes.addressof(drawn.contents)
        known = self._known.get(address)
        if known is None:
            known = self._known[address] = self._read(index, drawn)
        return known

    def _read(self, index: int, drawn: pdf.FPDF_PAGEOBJECT) -> _Style:
        matrix = self._matrix
        pdf.FPDFText_GetMatrix(self._text, index, matrix)
        hidden = pdf.FPDFTextObj_GetTextRenderMode(drawn) == _INVISIBLE
        size = pdf.FPDFText_GetFontSize(self._text, index)
        angle = math.atan2(matrix.b, matrix.a)
        quarters = round(angle / (math.pi / 2))
        turn = None if abs(angle - quarters * math.pi / 2) > _SLANT else quarters % 4
        size *= math.hypot(matrix.c, matrix.d)
        return _Style(abs(size), turn, hidden, self._is_pale(index))

    def _is_pale(self, index: int) -> bool:
        red, green, blue, alpha = self._colour
        if not pdf.FPDFText_GetFillColor(self._text, index, red, green, blue, alpha):
            return False
        if alpha.value < 255 - _PALE:
            return True
        return red.value >= _PALE and green.value >= _PALE and blue.value >= _PALE


def glyphs_of(text: pdf.FPDF_TEXTPAGE, box: Box) -> tuple[Layers, int]:
    """The glyphs, by whether they are invisible and by the quarters that set them upright."""
    found: Layers = {False: {}, True: {}}
    styles = _Styles(text)
    frames = [frame_of(box, quarter) for quarter in range(4)]
    bounds = pdf.FS_RECTF()
    x, y = ctypes.c_double(), ctypes.c_double()
    unmapped, last = 0, (0.0, 0.0, 0)
    count = pdf.FPDFText_CountChars(text)
    if count > MOST_GLYPHS:
        raise TooMuchError
    for index in range(count):
        drawn = pdf.FPDFText_GetTextObject(text, index)
        if not drawn:
            continue  # a blank or line break that PDFium makes up
        code = _code(text, index)
        if code is None:
            unmapped += 1
            continue
        address = ctypes.addressof(drawn.contents)
        style = styles.of(index, drawn)
        if style.turn is None or style.size < _LEAST_SIZE:
            continue
        pdf.FPDFText_GetLooseCharBox(text, index, bounds)
        pdf.FPDFText_GetCharOrigin(text, index, x, y)
        if not (box[0] <= x.value <= box[2] and box[1] <= y.value <= box[3]):
            continue
        if style.turn:
            place = frames[style.turn]
            ends = place(bounds.left, bounds.bottom)[0], place(bounds.right, bounds.top)[0]
            left, right, base = min(ends), max(ends), place(x.value, y.value)[1]
        else:  # nearly always, and quicker
            begun = _begun(bounds, x.value, (x.value, y.value, address) == last)
            left, right, base = begun - box[0], bounds.right - box[0], box[3] - y.value
        last = x.value, y.value, address
        glyph = Glyph(chr(code), left, right, base, style.size, style.pale)
        found[style.hidden].setdefault(style.turn, []).append(glyph)
    return found, unmapped


def _begun(bounds: pdf.FS_RECTF, origin: float, again: bool) -> float:
    """Where a character begins: at its origin, which those of one glyph share (a long dash): there
    the second one begins where its own part of the glyph does."""
    if not again:
        return origin
    return float(bounds.left if bounds.left > origin else (bounds.left + bounds.right) / 2)


def _code(text: pdf.FPDF_TEXTPAGE, index: int) -> int | None:
    """The code of the character printed; None where the font does not tell it."""
    code: int = pdf.FPDFText_GetUnicode(text, index)
    if code == _BROKEN_HYPHEN:
        code = ord("-")
    elif 0x2E80 <= code < 0x2FE0:  # a radical is but what the font calls the character printed
        code = look_alikes().get(code, code)
    mapped = _is_character(code) and pdf.FPDFText_HasUnicodeMapError(text, index) != 1
    return code if mapped else None


def _is_character(code: int) -> bool:
    """Whether a code stands for a character that means the same everywhere."""
    if 0xA0 <= code < 0xD800 or 0x20 <= code < 0x7F:  # nearly all
        return True
    return code >= 0xE000 and code not in (0xFFFD, 0xFFFE, 0xFFFF)
