"""The lines of a document's first and last pages, as they are to be read for its metadata."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

from kg.lexicon import lexicon, longest_first
from kg.source.text import Span, normal

_BREAK = re.compile(r"[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
# a line in brackets that tells several things, parted by wide blanks, or a number
_BRACKETED = re.compile(r"\s*[(\uff08](?=.*(?:\u3000|\s{2}|\u3014))[^()\uff08\uff09]+[)\uff09]\s*")
_PARTED = re.compile(r"[^\s()\uff08\uff09]+(?: [^\s()\uff08\uff09]+)*")
_HEAD = 8000  # characters from the start in which metadata are looked for
_TAIL = 2500  # … and up to the end
_INVISIBLE = ("Cf", "Cc", "Cn", "Co", "Cs", "Mn")


@dataclass(frozen=True)
class Line:
    """A line, or some joined, without blanks and invisible characters: simplified characters,
    half-width punctuation; a tab between the cells of a table's row. places has the place of each
    character in the source text."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """The source span of text[start:end], which must not be empty."""
        end = len(self.text) if end is None else end
        return Span(self.places[start], self.places[end - 1] + 1)

    def has_gap(self, place: int) -> bool:
        """Whether a blank, a tab or nothing is before text[place]."""
        if place in (0, len(self.text)) or "\t" in self.text[place - 1 : place + 1]:
            return True
        return self.places[place] - self.places[place - 1] > 1

    def part(self, start: int, end: int | None = None) -> "Line":
        """The line text[start:end]."""
        return Line(self.text[start:end], self.places[start:end])

    def strip(self, characters: str) -> "Line":
        """The line without these characters at its ends."""
        start = len(self.text) - len(self.text.lstrip(characters))
        return self.part(start, len(self.text.rstrip(characters)))


def join(lines: Iterable[Line]) -> Line:
    """Lines as one, nothing between them."""
    lines = list(lines)
    return Line(
        "".join(line.text for line in lines),
        tuple(place for line in lines for place in line.places),
    )


def head_lines(text: str, reach: int = _HEAD) -> list[Line]:
    """The lines of a document's first pages, so many characters, that hold something."""
    return list(_lines(text, 0, min(len(text), reach)))


def tail_lines(text: str) -> list[Line]:
    """The lines of a document's last page that hold something."""
    start = max(0, len(text) - _TAIL)
    return list(_lines(text, start, len(text)))[1 if start else 0 :]


def _lines(text: str, start: int, end: int) -> Iterator[Line]:
    place = start
    for raw in _BREAK.split(text[start:end]):
        for part in _PARTED.finditer(raw) if _BRACKETED.fullmatch(raw) else ():
            yield folded(part.group(), place + part.start())
        line = folded(raw, place)
        if line.text:
            yield line
        place += len(raw) + 1


def folded(raw: str, start: int = 0) -> Line:
    """A line without what is only there to be looked at; start is its place in the text."""
    pairs: list[tuple[str, int]] = []
    for place, character in enumerate(normal(raw), start):
        if character == "\t":
            if pairs and pairs[-1][0] != "\t":
                pairs.append((character, place))
        elif not character.isspace() and unicodedata.category(character) not in _INVISIBLE:
            alike = unicodedata.normalize("NFKC", character)
            pairs.append((alike if len(alike) == 1 else character, place))
    while pairs and pairs[-1][0] == "\t":
        pairs.pop()
    return Line("".join(c for c, _ in pairs), tuple(place for _, place in pairs))


def labelled(lines: list[Line]) -> dict[str, list[Line]]:
    """What is behind the labels of a portal's head, by the key of lexicon/titles.toml [labels]:
    behind a colon or a blank, in the next cell, or in the next line."""
    found: dict[str, list[Line]] = {}
    for number, line in enumerate(lines):
        labels = list(_labels(line))
        for (_, end, key), after in zip_longest(labels, labels[1:]):
            value = line.part(end, after[0] if after else None)
            last = after is None and number + 1 < len(lines)
            if not value.text.strip("\t") and last and not is_labelled(lines[number + 1]):
                value = lines[number + 1]
            value = value.strip("\t")
            if value.text and value.text not in lexicon("titles")["fields"]["none"]:
                found.setdefault(key, []).append(value)
    return found


def is_labelled(line: Line) -> bool:
    """Whether a line begins with a label of a portal's head."""
    return next(_labels(line), (1, 1, ""))[0] == 0


def _labels(line: Line) -> Iterator[tuple[int, int, str]]:
    """The labels in a line, each with where it begins, where its value does, and its key."""
    for match in _label().finditer(line.text):
        alone = match["open"] or (line.has_gap(match.start()) and line.has_gap(match.end()))
        if match["colon"] or alone:
            yield match.start(), match.end(), _key(match["label"])


@cache
def _label() -> re.Pattern[str]:
    labels = lexicon("titles")["labels"]
    words = "|".join(longest_first([word for held in labels.values() for word in held]))
    return re.compile(rf"(?P<open>[\[【])?(?P<label>{words})(?(open)[\]】])(?:[\])]?(?P<colon>:))?")


@cache
def _key(word: str) -> str:
    labels: dict[str, list[str]] = lexicon("titles")["labels"]
    return next(key for key, words in labels.items() if word in words)
