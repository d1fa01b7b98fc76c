"""A published file -> text with exact places, by the file's kind."""

from pathlib import Path

from kg.errors import PlanlinkError
from kg.source.intake.html import read_html
from kg.source.intake.kinds import kind_of
from kg.source.intake.pdf import read_pdf
from kg.source.intake.plain import read_markdown, read_plain
from kg.source.intake.word import read_word
from kg.source.published import Published

_READERS = {
    "text": read_plain,
    "markdown": read_markdown,
    "html": read_html,
    "docx": read_word,
    "pdf": read_pdf,
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
        found = _READERS[kind.id](path)
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
