"""Of the characters of a page those that a reader sees, each once."""

import pypdfium2 as pdfium

from kg.source.intake.pdf.glyphs import Glyph

_MOST_PIXELS = 4_000_000
_CELL = 16.0  # points: what may be the same is looked for in squares of this size
_LEAST_CONTRAST = 40  # of 255


def seen(page: pdfium.PdfPage, glyphs: list[Glyph], turn: int) -> list[Glyph]:
    """The glyphs that stand out from what is behind them.

    The page is looked at only where some of them are pale.

    Args:
        glyphs: in the frame of the page turned by quarters.
        turn: the quarters, clockwise.
    """
    if not any(g.doubtful for g in glyphs):
        return glyphs
    width, height = page.get_size()
    scale = min(1.5, (_MOST_PIXELS / (width * height)) ** 0.5)
    more = (turn - page.get_rotation() // 90) % 4
    bitmap = page.render(scale=scale, rotation=90 * more, grayscale=True)
    pixels, stride = bytes(bitmap.buffer), bitmap.stride
    bitmap.close()
    lines = len(pixels) // stride

    def stands_out(glyph: Glyph) -> bool:
        left, right = int(glyph.left * scale), int(glyph.right * scale)
        top, bottom = int((glyph.base - 0.8 * glyph.size) * scale), int(glyph.base * scale)
        rows = [
            pixels[row * stride + max(0, left) : row * stride + max(0, right) + 1]
            for row in range(max(0, top), min(bottom + 1, lines))
        ]
        rows = [row for row in rows if row]
        return bool(rows) and max(map(max, rows)) - min(map(min, rows)) > _LEAST_CONTRAST

    return [g for g in glyphs if not g.doubtful or g.text.isspace() or stands_out(g)]


def once(glyphs: list[Glyph]) -> list[Glyph]:
    """The glyphs without those drawn again nearly in place (for boldness or a shadow)."""
    kept: list[Glyph] = []
    known: dict[str, dict[tuple[int, int], list[Glyph]]] = {}
    for glyph in glyphs:
        left, base = glyph.left, glyph.base
        high = 0.3 * glyph.size
        wide = min(high, 0.5 * (glyph.right - left))
        first, last = int((left - wide) / _CELL), int((left + wide) / _CELL)
        upper, lower = int((base - high) / _CELL), int((base + high) / _CELL)
        here = known.setdefault(glyph.text, {})
        if any(
            abs(other.left - left) < wide and abs(other.base - base) < high
            for place in here.keys()
            & {(first, upper), (first, lower), (last, upper), (last, lower)}
            for other in here[place]
        ):
            continue
        here.setdefault((int(left / _CELL), int(base / _CELL)), []).append(glyph)
        kept.append(glyph)
    return kept
