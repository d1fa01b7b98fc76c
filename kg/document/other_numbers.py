"""Headings counted by Roman numerals or letters (Ⅱ、, B.), where they count a whole document."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from functools import cache

from kg.document.layout import is_cells
from kg.document.numbering import Numbered
from kg.document.tables import Line
from kg.lexicon import lexicon

_ROMAN = {"I": 1, "V": 5, "X": 10}
_FEWEST = 2  # such lines that make a level
_MOST = 20  # of such lines under one heading


def with_other_numbers(
    lines: Sequence[Line], numbers: Sequence[Numbered | None]
) -> list[Numbered | None]:
    """The numbers of lines, with those by Roman numerals and by letters, of each kind only where
    all such lines count up from the first, perhaps anew under each heading.

    Args:
        numbers: the number of each as it shows by itself, None where it has none.
    """
    found = list(numbers)
    kinds: dict[str, dict[int, Numbered]] = defaultdict(dict)
    for i, line in enumerate(lines):
        if found[i] is None and not is_cells(line.text):
            for one in other_numbers(line.text):
                kinds[one.style][i] = one
    for counted in sorted(kinds.values(), key=len, reverse=True):
        free = {i: one for i, one in counted.items() if found[i] is None}
        if len(free) == len(counted) and _counts_up([one.number for one in counted.values()]):
            for i, one in counted.items():
                found[i] = one
    return found


def other_numbers(text: str) -> list[Numbered]:
    """What the number of a line of normalised text may be, by Roman numerals and as a letter."""
    match = _pattern().match(text)
    if match is None:
        return []
    mark, wording = match["number"], match["heading"]
    read = {"roman": _roman(mark), "letter": _letter(mark)}
    return [Numbered(k, n, (n,), wording) for k, n in read.items() if n]


def _roman(mark: str) -> int:
    """The number that a Roman numeral says; 0 for what is none."""
    digits = [_ROMAN.get(c, 0) for c in unicodedata.normalize("NFKC", mark)]
    if not all(digits):
        return 0
    after = [*digits[1:], 0]
    return sum(-n if n < behind else n for n, behind in zip(digits, after, strict=True))


def _letter(mark: str) -> int:
    return ord(mark) - ord("A") + 1 if len(mark) == 1 and mark.isascii() else 0


def _counts_up(numbers: Sequence[int]) -> bool:
    """Whether numbers count 1, 2, 3 …, perhaps anew."""
    before = 0
    for number in numbers:
        if number not in (before + 1, 1) or number > _MOST:
            return False
        before = number
    return numbers[0] == 1 and max(numbers) >= _FEWEST


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(lexicon("headings")["unknown"]["pattern"])
