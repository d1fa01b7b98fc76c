"""Headings that bear a number alone, known by their parts (2.1, 2.2) below them."""

from collections.abc import Sequence

from kg.document.layout import is_cells
from kg.document.numbering import Numbered
from kg.document.tables import Line
from kg.lexicon import lexicon, pattern

_DECIMAL = "decimal"


def with_whole_numbers(
    lines: Sequence[Line], numbers: Sequence[Numbered | None]
) -> list[Numbered | None]:
    """The numbers of lines, with those of headings above decimal ones.

    Args:
        numbers: the number of each as it shows by itself, None where it has none.
    """
    found = list(numbers)
    parted = {n.path[0] for n in numbers if n is not None and n.style == _DECIMAL}
    if not parted:
        return found
    bares = [
        (i, bare)
        for i, line in enumerate(lines)
        if found[i] is None and (bare := _bare(line)) is not None
    ]
    leads, following = set[int](), 0  # to one that holds its first part, by its number
    for i, bare in reversed(bares):
        joined = bare.number not in parted and bare.number + 1 == following
        if joined or _holds_first(bare.number, i, numbers):
            leads.add(i)
            following = bare.number
    last = 0
    for i, bare in bares:
        alone = last and bare.number not in parted
        if bare.number == last + 1 and (alone or i in leads):
            found[i] = bare
            last = bare.number
    return found


def _bare(line: Line) -> Numbered | None:
    match = pattern("headings", "whole", "pattern").match(line.text)
    if match is None or is_cells(line.text):
        return None
    number = int(match["number"])
    return Numbered(_DECIMAL, (number,), match["heading"])


def _holds_first(number: int, i: int, numbers: Sequence[Numbered | None]) -> bool:
    """Whether the next numbered line is the first part of a number."""
    reach = lexicon("headings")["whole"]["reach"]
    following = next((n for n in numbers[i + 1 : i + 1 + reach] if n is not None), None)
    return following is not None and following.path == (number, 1)
