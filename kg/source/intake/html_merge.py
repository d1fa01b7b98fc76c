"""Elements that only set letters (span, b, i …) as part of the text around them: word processors
write one for each change of type, some a character each."""

from collections.abc import Callable

from lxml import etree
from lxml.html import HtmlElement

_SETTING = (
    "span", "font", "b", "i", "em", "strong", "u", "s", "big", "small", "tt", "ins", "code",
    "label", "abbr", "cite", "q", "var", "kbd", "samp", "dfn", "bdi", "bdo",
)  # fmt: skip
_MERGED = "merged"


def merge_letters(body: HtmlElement, plain: Callable[[HtmlElement], bool]) -> None:
    """Take away elements that hold nothing but text, which stays, and whose attributes and style
    rules say nothing of how it is shown (plain)."""
    for element in list(body.iter(*_SETTING)):
        if "\n" in (element.text or "") or "\n" in (element.tail or ""):
            continue  # a text's own lines are judged by it as a whole
        if all(child.tag in _SETTING for child in element) and (
            not (element.attrib) or plain(element)
        ):
            element.tag = _MERGED
    etree.strip_tags(body, _MERGED)
