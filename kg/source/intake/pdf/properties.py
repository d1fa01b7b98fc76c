"""What a PDF says of itself."""

import re
from collections.abc import Mapping

# What programs write of themselves where nobody gave anything.
_EMPTY = {"", "untitled", "anonymous", "unspecified", "about:blank"}
_PROGRAM = re.compile(r"^Microsoft (?:Word|Excel|PowerPoint) - ", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:docx?|wps|pdf|html?|xlsx?|pptx?|tmp)$", re.IGNORECASE)


def properties_of(stated: Mapping[str, str]) -> dict[str, str]:
    """The title, where the file gives one.

    Args:
        stated: the document information dictionary, by its keys.
    """
    title = _ENDING.sub("", _PROGRAM.sub("", _clean(stated.get("Title", ""))))
    return {} if title.lower() in _EMPTY else {"title": title}


def _clean(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
