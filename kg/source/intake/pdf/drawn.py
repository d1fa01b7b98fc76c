"""A page of a PDF as it is drawn: glyphs, ruling lines and pictures, each with its place.

Read by PDFium (pypdfium2, Apache-2.0 or BSD), which was measured against pypdf and pdfplumber
(pdfminer.six) on the published plan and on prints of Chromium: it gives the characters 9 to 17
times as fast, finds those that the two miss in Chromium's fonts, and has been fuzzed in a browser
for years, which counts for files that come from anywhere. The layout is described here.

Places are in points from the left and the top of the page as it is read: turned so that most of
its text stands upright.
"""

from dataclasses import dataclass

import pypdfium2 as pdfium

from kg.source.intake.pdf.figures import Drawing, Rule, drawing_of, placed
from kg.source.intake.pdf.glyphs import Glyph, Layers, frame_of, glyphs_of

_MOST_PIXELS = 4_000_000
_CELL = 16.0  # points: what may be the same is looked for in squares of this size
_LEAST_CONTRAST = 40  # of 255
_LEAST_PICTURE = 0.2  # of the page
_MANY_SHAPES = 300


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


@dataclass(frozen=True, slots=True)
class DrawnPage:
    """What a page shows.

    width, height: in points, as it is read. glyphs: in the order they are drawn. turned: those
    that are at a right angle to most of the page, upright in a frame of their own. pictures: the
    share of the page that pictures cover. shapes: how many figures are drawn on it that are no
    lines. unmapped: how many glyphs have no character. recognised: whether its glyphs
    were recognised on a picture (OCR).
    """

    width: float
    height: float
    glyphs: list[Glyph]
    turned: list[Glyph]
    rules: list[Rule]
    pictures: float
    shapes: int
    unmapped: int
    recognised: bool = False

    @property
    def is_picture(self) -> bool:
        """Whether it shows something that text may be in: a scan, or text drawn as shapes."""
        return self.pictures > _LEAST_PICTURE or self.shapes > _MANY_SHAPES


def draw(page: pdfium.PdfPage) -> DrawnPage:
    """What a page shows, without what is too small, out of its crop box, aslant or invisible.

    Text that is set to be invisible is kept where nothing else is written: so a scan carries what
    was recognised on it.

    Raises:
        TooMuchError: it holds more characters than any page of a document.
    """
    box, rotation = page.get_bbox(), page.get_rotation() // 90
    text = page.get_textpage()
    layers, unmapped = glyphs_of(text.raw, box)
    text.close()
    drawing = drawing_of(page, box)
    chosen = layers[_recognised(layers, drawing)]
    turn = max(chosen, key=lambda t: len(chosen[t]), default=rotation)
    shown = {t: once(seen(page, glyphs, t)) for t, glyphs in chosen.items()}
    frame = frame_of(box, turn)
    size = box[2] - box[0], box[3] - box[1]
    return DrawnPage(
        size[turn % 2],
        size[1 - turn % 2],
        shown.pop(turn, []),
        [glyph for glyphs in shown.values() for glyph in glyphs],
        [rule for line in drawing.lines if (rule := placed(line, frame))],
        drawing.pictures,
        drawing.shapes,
        unmapped,
    )


def _recognised(layers: Layers, drawing: Drawing) -> bool:
    """Whether a page is read by its invisible text: all text, or most and over a picture."""
    shown, hidden = (sum(map(len, layers[of].values())) for of in (False, True))
    return hidden > 0 and (shown == 0 or (drawing.pictures > 0.5 and hidden > shown))
