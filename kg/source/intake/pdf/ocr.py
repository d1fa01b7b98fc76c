"""Text of a page that is a picture, recognised (OCR): `pip install planlink[ocr]`."""

from collections.abc import Callable
from functools import cache
from typing import Any

import pypdfium2 as pdfium

from kg.source.intake.pdf.glyphs import Glyph

_SCALE = 200 / 72  # pixels a point
_LEAST_SCORE = 0.5  # of 1: what is recognised with less confidence is not text

Recognise = Callable[[Any], tuple[list[Any] | None, Any]]


@cache
def _engine() -> Recognise:
    from rapidocr_onnxruntime import RapidOCR  # noqa: PLC0415  (slow to load, and an extra)

    engine: Recognise = RapidOCR()
    return engine


def recognised(page: pdfium.PdfPage) -> list[Glyph]:
    """The characters on a page as it is shown, each with its share of its line's box."""
    bitmap = page.render(scale=_SCALE)
    found, _ = _engine()(bitmap.to_numpy())
    bitmap.close()
    glyphs: list[Glyph] = []
    for corners, text, score in found or ():
        if float(score) >= _LEAST_SCORE:
            xs, ys = ([float(corner[i]) / _SCALE for corner in corners] for i in (0, 1))
            glyphs += _spread(text, (min(xs), min(ys), max(xs), max(ys)))
    return glyphs


def _spread(text: str, box: tuple[float, float, float, float]) -> list[Glyph]:
    """A line's characters over its box, narrow ones half as wide as Chinese ones."""
    left, top, right, bottom = box
    widths = [0.5 if c.isascii() else 1.0 for c in text]
    unit = (right - left) / (sum(widths) or 1.0)
    size = 0.9 * (bottom - top)
    glyphs = []
    for character, width in zip(text, widths, strict=True):
        glyphs.append(Glyph(character, left, left + width * unit, bottom - 0.15 * size, size))
        left += width * unit
    return glyphs
