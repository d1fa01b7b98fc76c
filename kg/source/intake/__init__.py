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
        raise PlanlinkError("there is no such file", str(path), "check the path")
    if not path.is_file():
        raise PlanlinkError("this is no file", str(path), "give the document's own file")
    try:
        kind = kind_of(path)
        module, _, name = _READERS[kind.id].partition(".")
        read: Callable[[Path], Published] = getattr(import_module(f"{__name__}.{module}"), name)
        found = read(path)
    except PlanlinkError:
        raise
    except Exception as error:  # the readers raise whatever their formats' parsers do
        raise PlanlinkError(
            f"the file cannot be read as {path.suffix.lower()} ({' '.join(str(error).split())})",
            str(path),
            "save the document anew, or as plain text",
        ) from error
    if not found.text.strip():
        raise PlanlinkError("the file holds no text", str(path), kind.empty)
    return found
