"""PDF -> text, page by page."""

from __future__ import annotations

import logging
from pathlib import Path

from pypdf import PdfReader

from kg.source.published import Published


def read_pdf(path: Path) -> Published:
    """The text of a .pdf file."""
    # what pypdf finds wrong is reported once, by the error
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    text = "\n".join(page.extract_text() for page in PdfReader(path).pages) + "\n"
    return Published(text.replace("\x00", ""))
