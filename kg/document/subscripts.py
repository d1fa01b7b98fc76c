"""Subscripts of formulas that a PDF's text has on lines of their own, below the formulas."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

from kg.document.lines import Page
from kg.document.tables import Line
from kg.lexicon import lexicon, longest_first
from kg.source.text import Erratum, Span

SUBSCRIPT = "subscript"
"""The reason why such a line is passed over, and read where its formulas are."""


def with_subscripts(lines: Sequence[Line]) -> Page:
    """The lines without those of subscripts, if the line above has as many formulas that end in a
    blank, or the line, and may have these; they are read behind the formulas."""
    passed: list[Erratum] = []
    below: set[int] = set()
    for i, (line, next_) in enumerate(pairwise(lines), 1):
        words = next_.text.split()
        gaps = [*_formulas().finditer(line.text)]
        if len(words) != len(gaps) or not all(map(_may_have, gaps, words)):
            continue
        below.add(i)
        passed += [Erratum(next_.span, next_.text, "", SUBSCRIPT), *_filled(line, gaps, words)]
    return Page(tuple(line for i, line in enumerate(lines) if i not in below), tuple(passed))


def _may_have(formula: re.Match[str], subscript: str) -> bool:
    return subscript in lexicon("symbols")["subscripts"][formula[1]]


def _filled(line: Line, gaps: Sequence[re.Match[str]], words: Sequence[str]) -> Iterator[Erratum]:
    for gap, subscript in zip(gaps, words, strict=True):
        blank = Span(line.span.start + gap.end(1), line.span.start + gap.end())
        yield Erratum(blank, " " * len(blank), subscript, SUBSCRIPT)


@cache
def _formulas() -> re.Pattern[str]:
    """A formula that lacks its subscript, and the blank in its place, if the line goes on."""
    known = "|".join(longest_first(lexicon("symbols")["subscripts"]))
    return re.compile(rf"(?<![A-Za-z])({known})(?: (?![A-Za-z\d])|$)")
