"""What a page tells of its document: its meta elements, and the lines around the article."""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from lxml.html import HtmlElement

from kg.lexicon import lexicon
from kg.source.intake.html_lines import HtmlLine
from kg.source.text import normal

_WITHIN = 40  # lines of the article in which its properties may stand


def page_properties(root: HtmlElement, lines: Sequence[HtmlLine]) -> dict[str, str]:
    """Title, issuer, date (ISO 8601), numbers, status, source and address, where given."""
    found: dict[str, str] = {}
    inside = [line for line in lines if line.inside][:_WITHIN]
    head = [line.text for line in lines if not line.inside] + [line.text for line in inside]
    for key, printed in (*_labelled(head), *_meta(root)):
        if value := _date(printed) if key == "date" else printed:
            found.setdefault(key, value)
    title = root.findtext(".//title")
    if title and "title" not in found:
        found["title"] = _shown(title)
    return found


@cache
def _labels() -> tuple[re.Pattern[str], dict[str, tuple[int, str]]]:
    """A pattern for a label, and for each label its rank among those of its key, and the key."""
    groups = lexicon("pages")["properties"]
    ranks = {label: (i, key) for key, labels in groups.items() for i, label in enumerate(labels)}
    words = sorted(ranks, key=len, reverse=True)
    spaced = "|".join(r"\s*".join(word) for word in words)
    return re.compile(rf"(?:^|(?<=[\s\]])|(?<=\d))({spaced})\s*(?::|\t)\s*"), ranks


def _labelled(lines: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The values behind labels, those of better labels first."""
    pattern, ranks = _labels()
    found: list[tuple[int, str, str]] = []
    for line in lines:
        if len(line) > 400:
            continue
        read = normal(line)
        matches = list(pattern.finditer(read))
        for match, following in zip(matches, [*matches[1:], None], strict=False):
            end = following.start() if following else len(line)
            value = re.split(r"\t|\s{3,}", line[match.end() : end].strip())[0].strip(" /|[]")
            rank, key = ranks["".join(match[1].split())]
            if value and (key != "source" or len(value) < 40):
                found.append((rank, key, re.split(r"\s", value)[0] if key == "source" else value))
    found.sort(key=lambda one: one[0])
    return ((key, value) for _, key, value in found)


def _meta(root: HtmlElement) -> Iterator[tuple[str, str]]:
    names = {name: key for key, group in lexicon("pages")["meta"].items() for name in group}
    for element in root.iter("meta"):
        name = (element.get("name") or element.get("property") or "").lower()
        if name in names and element.get("content"):
            yield names[name], _shown(element.get("content"))


def _shown(text: str) -> str:
    """A text without the markup that some portals write into it."""
    return " ".join(re.sub(r"<[^<>]*>", "", text).split())


def _date(text: str) -> str:
    """A date of a line as ISO 8601; "" for none."""
    match = re.search(r"(\d{4})\s*[-/.\u5e74]\s*(\d{1,2})\s*[-/.\u6708]\s*(\d{1,2})", normal(text))
    if match is None or not (1 <= int(match[2]) <= 12 and 1 <= int(match[3]) <= 31):
        return ""
    return f"{match[1]}-{int(match[2]):02}-{int(match[3]):02}"
