"""A preface without a heading: the text between the document's title and its first heading."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from kg.document.layout import Layout
from kg.document.tables import Line
from kg.lexicon import lexicon, pattern
from kg.source.text import Span, compact

_NAME = "preface"  # the style of prefaces with a heading, too
_pattern = partial(pattern, "headings", _NAME)


@dataclass(frozen=True)
class Preface:
    """What is under the title: the span of that (or the first line), and the text's lines."""

    title: Span
    lines: tuple[Line, ...]


def find_preface(lines: Sequence[Line], layout: Layout) -> Preface | None:
    """The preface among the lines before the first heading; None where there is none."""
    plain = [compact(line.text) for line in lines]
    titles = [i for i, words in enumerate(plain) if _pattern("title").search(words)]
    letters = [i for i, words in enumerate(plain) if _pattern("notice").search(words)]
    at = titles[-1] if titles else 0
    behind = max([at, *letters]) + 1
    begun = next((i for i in range(behind, len(lines)) if is_prose(lines[i], layout)), None)
    if begun is None:
        return None
    text = [lines[i] for i in range(begun, len(lines)) if not _pattern("aside").match(plain[i])]
    if not any("。" in line.text for line in text):
        return None
    first = at
    while first and _continues_title(plain[first - 1], plain[first]) and _is_half(lines[first - 1]):
        first -= 1
    return Preface(Span(lines[first].span.start, lines[at].span.end), tuple(text))


def is_prose(line: Line, layout: Layout) -> bool:
    """Whether a line begins or goes on with a paragraph: it has clauses, or fills the width."""
    plain = compact(line.text)
    if _pattern("aside").match(plain):
        return False
    return bool(re.search("[,。;]", plain)) or layout.full(line)


def _continues_title(first: str, second: str) -> bool:
    """Whether a line of a title goes on in the next: by how either ends or begins."""
    hangs = first.endswith(tuple(lexicon("headings")["title"]["endings"]))
    return hangs or _pattern("half").match(second) is not None


def _is_half(line: Line) -> bool:
    """Whether a line may be the first half of a title."""
    longest = lexicon("headings")[_NAME]["longest"]
    return len(line.text) <= longest and not re.search("[。,:;)]", line.text)
