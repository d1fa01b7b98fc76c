"""How lines are numbered: the style, the number and the wording of a heading or list entry."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from unicodedata import normalize

from kg.lexicon import lexicon
from kg.quantities.numerals import chinese_number

OUTER = ("part", "chapter")
MARKED = "marked"  # the style of what only the file marks as a heading
LOOSE = ("item", "lettered", "paren")  # styles that lists bear as often as headings


@dataclass(frozen=True)
class Numbered:
    """The number a line bears.

    style: a name of lexicon/headings.toml.
    path: all components (1.2 -> (1, 2)); one where the style has one, 0 where it has no number.
    wording: what follows the number, "" where nothing does.
    """

    style: str
    path: tuple[int, ...]
    wording: str

    @property
    def number(self) -> int:
        """Its last component: 2 of chapter 2, of 2. and of 1.2."""
        return self.path[-1]


@cache
def styles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The styles of lexicon/headings.toml with their patterns, outermost first."""
    return tuple(
        (name, re.compile(style["pattern"])) for name, style in lexicon("headings")["style"].items()
    )


@cache
def strong() -> frozenset[str]:
    """The styles that only headings bear, whatever the wording."""
    return frozenset(n for n, s in lexicon("headings")["style"].items() if s.get("strong"))


@cache
def named() -> frozenset[str]:
    """The styles without numbers: headings by their words alone."""
    return frozenset(name for name, pattern in styles() if "number" not in pattern.groupindex)


def numbered(text: str) -> Numbered | None:
    """The number of a line of normalised text that is numbered as a heading is."""
    opening = lexicon("headings")["opening"]
    if text and text[0] in opening["whole"]:
        text = normalize("NFKC", text[0]) + text[1:]
    if not text or text[0] not in opening["characters"]:
        return None
    for style, pattern in styles():
        if match := pattern.match(text):
            groups = match.groupdict()
            if groups.get("number") is None:
                return Numbered(style, (0,), groups["heading"].strip())
            parts = re.split("[.-]", groups["number"])
            path = tuple(n for part in parts if (n := _counted(part)) is not None)
            if path:
                return Numbered(style, path, groups["heading"].strip())
    return None


def _counted(number: str) -> int | None:
    """The value of a number, or the place of what counts by its place."""
    ordered = lexicon("headings")["opening"]["ordered"]
    places = (signs.index(number) + 1 for signs in ordered if number in signs)
    value = chinese_number(number)
    return value if value is not None else next(places, None)


def longest_rise(numbers: Sequence[int]) -> list[int]:
    """The places of the longest strictly rising row in a sequence of numbers.

    >>> longest_rise([1, 7, 2, 3])
    [0, 2, 3]
    """
    tails: list[int] = []
    values: list[int] = []
    before = [-1] * len(numbers)
    for i, number in enumerate(numbers):
        at = bisect_left(values, number)
        before[i] = tails[at - 1] if at else -1
        tails[at : at + 1] = [i]
        values[at : at + 1] = [number]
    chain: list[int] = []
    i = tails[-1] if tails else -1
    while i >= 0:
        chain.append(i)
        i = before[i]
    return chain[::-1]
