"""Footnote marks: small digits that a text without layout has run into its words (平台57)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from kg.document.rising import longest_rise
from kg.document.tables import Line
from kg.lexicon import lexicon
from kg.source.text import Erratum, Span

_MARK = re.compile(r"(?<=[^\W\d_a-zA-Z]|[”》)])\d{1,3}(?![\d.%‰+~—\-/a-zA-Z°])")
_FEWEST = 2  # marks that make a row


def footnote_marks(lines: Sequence[Line]) -> list[Erratum]:
    """The digits in lines of running text that count footnotes: they stand behind a word, count
    nothing, and rise through the text."""
    found = [mark for line in lines for mark in _marks(line)]
    chain = longest_rise([int(text) for _, text in found])
    if len(chain) < _FEWEST:
        return []
    return [Erratum(*found[i], "", "footnote") for i in chain]


def _marks(line: Line) -> Iterator[tuple[Span, str]]:
    for match in _MARK.finditer(line.text):
        counts = line.text.startswith(_counted(), match.end()) or line.text.endswith(
            _counting(), 0, match.start()
        )
        if not counts and match.group()[0] != "0":
            start = line.span.start
            yield Span(start + match.start(), start + match.end()), match.group()


@cache
def _counted() -> tuple[str, ...]:
    rules = lexicon("headings")
    return (*rules["furniture"]["counted"], *rules["limits"]["counted"])


@cache
def _counting() -> tuple[str, ...]:
    return tuple(lexicon("headings")["footnotes"]["counting"])
