"""The process that a PDF is read in: what a broken or hostile file does ends with it.

Run as `python -m kg.source.intake.pdf.worker FILE`; it writes one JSON object. The kernel bounds
it: an alarm by the clock, set anew for each page, and RLIMIT_DATA by memory. Text of a page that is
a picture is recognised (OCR) where `pip install planlink[ocr]` brought what does that.
"""

import re
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import msgspec
import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from kg.lexicon import lexicon
from kg.source.findings import Finding
from kg.source.intake.pdf.compose import compose
from kg.source.intake.pdf.drawn import DrawnPage, draw
from kg.source.intake.pdf.footnotes import Note
from kg.source.intake.pdf.glyphs import Glyph, TooMuchError
from kg.source.published import Place, Published

MOST_MEMORY = 2 << 30  # bytes
MOST_SECONDS = 10  # to open the file, and for a page
PAGES_A_SECOND = 20  # at the least, when they are put together
RECOGNITION_SECONDS = 120  # for a page
MOST_PAGES = 3_000
MOST_GLYPHS = 3_000_000
# What programs write of themselves where nobody gave anything.
_UNTITLED = {"", "untitled", "anonymous", "unspecified", "about:blank"}
_PROGRAM = re.compile(r"^Microsoft (?:Word|Excel|PowerPoint) - ", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:docx?|wps|pdf|html?|xlsx?|pptx?|tmp)$", re.IGNORECASE)
_UNMAPPED_SHARE = 0.3  # of a page's glyphs: with more it is not read as it is printed
_SCALE = 200 / 72  # pixels a point
_LEAST_SCORE = 0.5  # of 1: what is recognised with less confidence is not text

Recognise = Callable[[Any], tuple[list[Any] | None, Any]]


def main() -> None:
    """Read the file that the command line names."""
    if sys.platform != "win32":  # which has no such bounds
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(msgspec.json.encode(read(Path(sys.argv[1]))))


def _end_after(seconds: int) -> None:
    """End this process in so many seconds, unless that is put off by then; never on Windows."""
    if sys.platform != "win32":
        signal.alarm(seconds)


def read(path: Path) -> Published | dict[str, Any]:
    """What a file publishes; or wrong, the key of an error, and most, the bound that it passes."""
    _end_after(MOST_SECONDS)
    try:
        with pdfium.PdfDocument(path) as document:
            if not 0 < len(document) <= MOST_PAGES:
                return {"wrong": "pdf_pages" if len(document) else "pdf_broken", "most": MOST_PAGES}
            drawn = list(_drawn(document))
            _end_after(MOST_SECONDS + len(drawn) // PAGES_A_SECOND)
            pages, notes = compose(drawn)
            title = _title(document.get_metadata_dict().get("Title", ""))
    except TooMuchError:
        return {"wrong": "pdf_characters", "most": MOST_GLYPHS}
    except pdfium.PdfiumError as error:
        locked = error.err_code == pdf.FPDF_ERR_PASSWORD
        return {"wrong": "pdf_password" if locked else "pdf_broken"}
    written: list[str] = []
    places: list[Place] = []
    length = 0
    for number, lines in (*enumerate(pages, 1), *_at_the_end(notes)):
        page_text = "".join(line + "\n" for line in lines)
        if page_text:
            places.append(Place(length, f"page={number}"))
            written.append(page_text)
            length += len(page_text)
    properties = {"title": title} if title else {}
    return Published("".join(written), tuple(places), properties, tuple(_findings(drawn, pages)))


def _at_the_end(notes: Sequence[Note]) -> Iterator[tuple[int, list[str]]]:
    """The notes as they are behind the text, under a heading, each with its page."""
    for i, note in enumerate(notes):
        heading = [] if i else [lexicon("pages")["notes"]["heading"]]
        yield note.page + 1, [*heading, note.line]


def _title(stated: str) -> str:
    """The title that a file says it has, without what programs write of themselves; "" for none."""
    printable = "".join(c if c.isprintable() else " " for c in stated)
    title = _ENDING.sub("", _PROGRAM.sub("", " ".join(printable.split())))
    return "" if title.lower() in _UNTITLED else title


def _drawn(document: pdfium.PdfDocument) -> Iterator[DrawnPage]:
    """The pages one by one; where text can be recognised, what is on those that are pictures."""
    glyphs = 0
    for number in range(len(document)):
        _end_after(MOST_SECONDS)
        page = document[number]
        drawn = draw(page)
        if not drawn.glyphs and drawn.is_picture and find_spec("rapidocr_onnxruntime"):
            _end_after(RECOGNITION_SECONDS)
            drawn = replace(drawn, glyphs=_recognised(page), recognised=True)
        page.close()
        glyphs += len(drawn.glyphs)
        if glyphs > MOST_GLYPHS:
            raise TooMuchError
        yield drawn


def _findings(drawn: list[DrawnPage], pages: list[list[str]]) -> Iterator[Finding]:
    """The pages that could not be read, have unknown characters, or were recognised."""
    for number, (page, lines) in enumerate(zip(drawn, pages, strict=True), 1):
        if page.unmapped > _UNMAPPED_SHARE * (page.unmapped + len(page.glyphs)):
            kind = "unmapped-page"
        elif page.is_picture and not any(lines):
            kind = "unread-page"
        elif page.recognised:
            kind = "recognised-page"
        else:
            continue
        yield Finding(kind, values={"page": str(number)})


if __name__ == "__main__":
    main()


@cache
def _engine() -> Recognise:
    from rapidocr_onnxruntime import RapidOCR  # noqa: PLC0415  (slow to load, and an extra)

    engine: Recognise = RapidOCR()
    return engine


def _recognised(page: pdfium.PdfPage) -> list[Glyph]:
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
