"""What a PDF says of itself."""

import re
from collections.abc import Mapping

_DATE = re.compile(r"D?:?(\d{4})(\d{2})?(\d{2})?")
# What programs write of themselves where nobody gave anything.
_EMPTY = {"", "untitled", "anonymous", "unspecified", "about:blank"}
_PROGRAM = re.compile(r"^Microsoft (?:Word|Excel|PowerPoint) - ", re.IGNORECASE)
_ENDING = re.compile(r"\.(?:docx?|wps|pdf|html?|xlsx?|pptx?|tmp)$", re.IGNORECASE)


def properties_of(stated: Mapping[str, str]) -> dict[str, str]:
    """Title, author and day of creation where the file gives them (2026-03-01: no day of issue).

    Args:
        stated: the document information dictionary, by its keys (Title, Author, CreationDate).
    """
    found = {
        key: _ENDING.sub("", _PROGRAM.sub("", _clean(stated.get(name, ""))))
        for key, name in (("title", "Title"), ("author", "Author"))
    }
    if match := _DATE.match(stated.get("CreationDate", "")):
        found["created"] = "-".join(part for part in match.groups() if part)
    return {key: value for key, value in found.items() if value.lower() not in _EMPTY}


def _clean(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
