"""A published file -> text with exact places, by the file's kind."""

from __future__ import annotations

from pathlib import Path

from kg.errors import PlanlinkError
from kg.source.intake.html import read_html
from kg.source.intake.pdf import read_pdf
from kg.source.intake.plain import read_markdown, read_plain
from kg.source.intake.word import read_word
from kg.source.published import Published


def read_published(path: Path) -> Published:
    """The text of a published document and what its file says of it.

    Raises:
        PlanlinkError: the file is missing or broken, of an unknown kind, or holds no text.
    """
    kind = path.suffix.lower()
    readers = {
        ".txt": read_plain,
        ".md": read_markdown,
        ".html": read_html,
        ".htm": read_html,
        ".docx": read_word,
        ".pdf": read_pdf,
    }
    if kind not in readers:
        raise PlanlinkError(
            f"{kind or 'no ending'} is no kind of document that is read",
            str(path),
            f"give one of {', '.join(readers)}",
        )
    if not path.is_file():
        raise PlanlinkError("there is no such file", str(path), "check the path")
    try:
        found = readers[kind](path)
    except PlanlinkError:
        raise
    except Exception as error:  # the readers raise whatever their formats' parsers do
        raise PlanlinkError(
            f"the file cannot be read as {kind} ({error})",
            str(path),
            "save the document anew, or as plain text",
        ) from error
    if not found.text.strip():
        raise PlanlinkError(
            "the file holds no text", str(path), "a scan has to be recognised (OCR) first"
        )
    return found
