"""A published file -> text with exact places, by the file's kind."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from kg.errors import PlanlinkError
from kg.source.intake.kinds import kind_of
from kg.source.published import Published

_READERS = {  # loaded when one is needed: together they take half of a short PDF's time
    "text": "plain.read_plain",
    "markdown": "plain.read_markdown",
    "html": "html.read_html",
    "docx": "word.read_word",
    "pdf": "pdf.read_pdf",
}


def read_published(path: Path) -> Published:
    """The text of a published document and what its file says of it.

    Raises:
        PlanlinkError: the file is missing or broken, of a kind that is not read or another than its
            ending says, or holds no text.
    """
    if not path.exists():
        raise PlanlinkError.of("document_missing", path)
    if not path.is_file():
        raise PlanlinkError.of("document_no_file", path)
    try:
        kind = kind_of(path)
        module, _, name = _READERS[kind.id].partition(".")
        read: Callable[[Path], Published] = getattr(import_module(f"{__name__}.{module}"), name)
        found = read(path)
    except PlanlinkError:
        raise
    except Exception as error:  # the readers raise whatever their formats' parsers do
        raise PlanlinkError.of(
            "document_unreadable", path, path.suffix.lower(), " ".join(str(error).split())
        ) from error
    if not any(c.isprintable() and c != " " for c in found.text):
        raise PlanlinkError("the file holds no text", str(path), kind.empty)
    return found
