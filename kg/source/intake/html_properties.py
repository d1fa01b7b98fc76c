"""What a page says of its document: its meta elements, and the lines around the article."""

import re
from collections.abc import Iterator, Sequence

from lxml.html import HtmlElement

from kg.lexicon import lexicon
from kg.source.dates import day
from kg.source.front_matter import folded, head_lines, labelled
from kg.source.intake.html_lines import HtmlLine
from kg.source.organs import is_organ, without_what_is_printed_behind

_WITHIN = 40  # lines of the article in which its properties may stand
_LONGEST = 400  # characters of such a line


def page_properties(root: HtmlElement, lines: Sequence[HtmlLine]) -> dict[str, str]:
    """Title, issuer, date (ISO 8601), numbers, status, source and address, where given."""
    found: dict[str, str] = {}
    inside = [line for line in lines if line.inside][:_WITHIN]
    head = [line.text for line in lines if not line.inside] + [line.text for line in inside]
    head = [line for line in head if len(line) <= _LONGEST]
    for key, printed in (*_labelled("\n".join(head)), *_meta(root)):
        when = day(folded(printed).text) if key == "date" else None
        if when or key != "date":
            found.setdefault(key, when.isoformat() if when else printed)
    title = root.findtext(".//title")
    if title and "title" not in found:
        found["title"] = _shown(title)
    return found


def _labelled(text: str) -> Iterator[tuple[str, str]]:
    """The values behind labels, the day of issue before that of publication; who is named as the
    issuer and is no office is the source."""
    values = labelled(head_lines(text, len(text)))
    for label in (label for label in lexicon("titles")["labels"] if label in values):
        for value in values[label] if label != "other" else ():
            span = value.span()
            printed = text[span.start : span.end].split("\t", maxsplit=1)[0].strip(" /|[]")
            key = "date" if label in ("issued", "published") else label
            if key == "issuer" and not is_organ(without_what_is_printed_behind(value).text):
                key = "source"
            if printed:
                yield key, printed.split()[0] if key == "source" else printed


def _meta(root: HtmlElement) -> Iterator[tuple[str, str]]:
    names = {name: key for key, group in lexicon("pages")["meta"].items() for name in group}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").lower()
        if name in names and element.get("content"):
            yield names[name], _shown(element.get("content"))


def _shown(text: str) -> str:
    """A text without the markup that some portals write into it."""
    return " ".join(re.sub(r"<[^<>]*>", "", text).split())
