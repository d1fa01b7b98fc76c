"""The process that a PDF is read in: what a broken or hostile file does ends with it.

Run as `python -m kg.source.intake.pdf.worker FILE`; it writes one JSON object. The kernel bounds
it: an alarm by the clock, set anew for each page, and RLIMIT_DATA by memory.
"""

import json
import signal
import sys
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdf

from kg.source.intake.pdf import ocr
from kg.source.intake.pdf.compose import compose
from kg.source.intake.pdf.drawn import DrawnPage, draw
from kg.source.intake.pdf.glyphs import TooMuchError
from kg.source.intake.pdf.properties import properties_of

MOST_MEMORY = 2 << 30  # bytes
MOST_SECONDS = 10  # to open the file, and for a page
PAGES_A_SECOND = 20  # at the least, when they are put together
RECOGNITION_SECONDS = 120  # for a page
MOST_PAGES = 3_000
MOST_GLYPHS = 3_000_000
_UNMAPPED_SHARE = 0.3  # of a page's glyphs: with more it is not read as it is printed


def main() -> None:
    """Read the file that the command line names."""
    if sys.platform != "win32":  # which has no such bounds
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    json.dump(read(Path(sys.argv[1])), sys.stdout)


def _end_after(seconds: int) -> None:
    """End this process in so many seconds, unless that is put off by then; never on Windows."""
    if sys.platform != "win32":
        signal.alarm(seconds)


def read(path: Path) -> dict[str, Any]:
    """What a file holds, or what is wrong with it.

    Returns:
        pages, the lines of each page; notes, each with its page; findings, each a kind and its
        page; properties. Or wrong, what is wrong, and most, the bound that it passes.
    """
    _end_after(MOST_SECONDS)
    try:
        with pdfium.PdfDocument(path) as document:
            if not 0 < len(document) <= MOST_PAGES:
                return {"wrong": "pages" if len(document) else "broken", "most": MOST_PAGES}
            drawn = list(_drawn(document))
            _end_after(MOST_SECONDS + len(drawn) // PAGES_A_SECOND)
            pages, notes = compose(drawn)
            properties = properties_of(document.get_metadata_dict())
    except TooMuchError:
        return {"wrong": "characters", "most": MOST_GLYPHS}
    except pdfium.PdfiumError as error:
        locked = error.err_code == pdf.FPDF_ERR_PASSWORD
        return {"wrong": "password" if locked else "broken"}
    return {
        "pages": pages,
        "notes": [(note.page + 1, note.line) for note in notes],
        "findings": list(_findings(drawn, pages)),
        "properties": properties,
    }


def _drawn(document: pdfium.PdfDocument) -> Iterator[DrawnPage]:
    """The pages one by one; where text can be recognised, what is on those that are pictures."""
    glyphs = 0
    for number in range(len(document)):
        _end_after(MOST_SECONDS)
        page = document[number]
        drawn = draw(page)
        if not drawn.glyphs and drawn.is_picture and find_spec("rapidocr_onnxruntime"):
            _end_after(RECOGNITION_SECONDS)
            drawn = replace(drawn, glyphs=ocr.recognised(page), recognised=True)
        page.close()
        glyphs += len(drawn.glyphs)
        if glyphs > MOST_GLYPHS:
            raise TooMuchError
        yield drawn


def _findings(drawn: list[DrawnPage], pages: list[list[str]]) -> Iterator[tuple[str, int]]:
    """The pages that could not be read, have unknown characters, or were recognised."""
    for number, (page, lines) in enumerate(zip(drawn, pages, strict=True), 1):
        if page.unmapped > _UNMAPPED_SHARE * (page.unmapped + len(page.glyphs)):
            yield "unmapped-page", number
        elif page.is_picture and not any(lines):
            yield "unread-page", number
        elif page.recognised:
            yield "recognised-page", number


if __name__ == "__main__":
    main()
