"""Footnote marks: small or circled digits that a text without layout has run into its words
(平台57)."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache

from kg.document.rising import longest_rise
from kg.document.tables import Line
from kg.lexicon import lexicon
from kg.source.text import Erratum, Span

_MARK = re.compile(r"(?<=[^\W\d_a-zA-Z]|[”》)])\d{1,3}(?![\d.%‰+~—\-/a-zA-Z°])")
_RAISED = re.compile("[\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+")
_CIRCLED = re.compile(r"(?<=[\w%”》)])[\u2460-\u2473\u3251-\u325f](?=[,。;、:!?)”》]|\w)")
_FEWEST = 2  # marks that make a row


def footnote_marks(lines: Sequence[Line]) -> list[Erratum]:
    """Digits in running text that count footnotes: behind a word, counting nothing, rising."""
    found = [mark for line in lines for mark in _marks(line)]
    chain = longest_rise([int(text) for _, text in found])
    if len(chain) < _FEWEST:
        return []
    return [Erratum(*found[i], "", "footnote") for i in chain]


def notes_of_pages(lines: Sequence[Line]) -> list[tuple[Erratum, Span]]:
    """Digits that lead to notes at page feet or the text's end (1 名称:指 …), with their line."""
    found: list[tuple[Span, str, Span]] = []
    waiting: dict[str, Span] = {}
    for line in lines:
        note = _note().match(line.text)
        if note is None:
            waiting |= {text: span for span, text in _marks(line)}
        elif (mark := waiting.pop(note["number"], None)) is not None:
            found.append((mark, note["number"], line.span))
    chain = longest_rise([int(text) for _, text, _ in found])
    if len(chain) < _FEWEST:
        return []
    return [(Erratum(found[i][0], found[i][1], "", "footnote"), found[i][2]) for i in chain]


def notes_of_raised(lines: Sequence[Line], source: str) -> list[Span]:
    """The lines of notes that raised digits of the source (¹) lead to, at least two of them."""
    raised = {unicodedata.normalize("NFKC", mark) for mark in _RAISED.findall(source)}
    found = [(m["number"], line.span) for line in lines if (m := _note().match(line.text))]
    spans = [span for number, span in found if number in raised]
    return spans if len(spans) >= _FEWEST else []


def circled_marks(lines: Sequence[Line]) -> list[Erratum]:
    """The circled digits in running text (8%①) that lead to notes which begin with them."""
    found: list[Erratum] = []
    waiting: dict[str, list[Span]] = {}
    for line in lines:
        for span in waiting.pop(line.text[0], ()):
            found.append(Erratum(span, line.text[0], "", "footnote"))
        for match in _CIRCLED.finditer(line.text):
            start = line.span.start + match.start()
            waiting.setdefault(match.group(), []).append(Span(start, start + 1))
    return sorted(found, key=lambda mark: mark.span)


def _marks(line: Line) -> Iterator[tuple[Span, str]]:
    for match in _MARK.finditer(line.text):
        counts = line.text.startswith(_counted(), match.end()) or line.text.endswith(
            _counting(), 0, match.start()
        )
        if not counts and match.group()[0] != "0":
            start = line.span.start
            yield Span(start + match.start(), start + match.end()), match.group()


@cache
def _note() -> re.Pattern[str]:
    return re.compile(lexicon("headings")["footnotes"]["note"])


@cache
def _counted() -> tuple[str, ...]:
    rules = lexicon("headings")
    return (*rules["furniture"]["counted"], *rules["limits"]["counted"])


@cache
def _counting() -> tuple[str, ...]:
    return tuple(lexicon("headings")["footnotes"]["counting"])
