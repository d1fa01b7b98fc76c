"""Headings that bear a number alone: known by their parts (2.1, 2.2) below them, or counted on
through a text that numbers no chapters."""

import re
from collections.abc import Sequence

from kg.document.layout import is_cells
from kg.document.numbering import Numbered, numbered, strong
from kg.document.tables import Line
from kg.lexicon import lexicon, pattern

_DECIMAL = "decimal"
_FEWEST = 2  # labels
_FEWEST_CHAPTERS = 3  # of a text that has no decimal numbers


def with_whole_numbers(
    lines: Sequence[Line], numbers: Sequence[Numbered | None]
) -> list[Numbered | None]:
    """The numbers of lines, with those of headings above decimal ones.

    Args:
        numbers: the number of each as it shows by itself, None where it has none.
    """
    labels = label_numbers(lines, numbers)
    found = [labels.get(i, known) for i, known in enumerate(numbers)]
    parted = {n.path[0] for n in numbers if n is not None and n.style == _DECIMAL}
    bares = [
        (i, bare)
        for i, line in enumerate(lines)
        if found[i] is None and (bare := _bare(line)) is not None
    ]
    if not parted:
        return _counted_through(lines, found, bares)
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


def _counted_through(
    lines: Sequence[Line],
    found: list[Numbered | None],
    bares: Sequence[tuple[int, Numbered]],
) -> list[Numbered | None]:
    """The numbers with those that stand apart before a wording, where they count through
    the text from 1 and sentences stand below each."""
    counted = [bare.number for _, bare in bares] == [*range(1, len(bares) + 1)]
    if len(bares) < _FEWEST_CHAPTERS or not counted:
        return found
    ends = [*(i for i, _ in bares[1:]), len(lines)]
    stated = all(
        any(line.text.endswith("。") for line in lines[i + 1 : end])
        for (i, _), end in zip(bares, ends, strict=True)
    )
    apart = all(lines[i].text[len(str(bare.number))].isspace() for i, bare in bares)
    chapters = dict(bares if stated and apart else ())
    return [chapters.get(i, number) for i, number in enumerate(found)]


def label_numbers(
    lines: Sequence[Line], numbers: Sequence[Numbered | None] = ()
) -> dict[int, Numbered]:
    """The numbers of headings that are set as labels (01, PART 1) before a title or above it; none
    where they do not count on from 1, or a text has chapters or boxes.

    Args:
        numbers: the number of each line as it shows by itself, where known.
    """
    labels: dict[int, Numbered] = {}
    for i, line in enumerate(lines):
        match = pattern("headings", "label", "pattern").match(line.text)
        number = _label_number(match) if match else None
        if match and (
            match["digits"] is None or match["digits"] < "10" or number == len(labels) + 1
        ):
            labels[i] = Numbered("topic", (number or 0,), match["heading"] or "")
    behind = [*(line.text for line in lines[1:]), ""]
    titles = (one.wording or behind[i] for i, one in labels.items())
    counted = [one.number for one in labels.values()] == [*range(1, len(labels) + 1)]
    if len(labels) < _FEWEST or not counted:
        return {}
    known = numbers or [numbered(line.text) for line in lines]
    others = any(n is not None and n.style in (*strong(), "box") for n in known)
    titled = all(map(pattern("headings", "label", "title").match, titles))
    return labels if titled and not others else {}


def _label_number(match: re.Match[str]) -> int | None:
    """The number of a label, in digits or words."""
    words: list[str] = lexicon("headings")["label"]["words"]
    said = match["written"] or match["digits"] or match["word"]
    return int(said) if said.isdecimal() else words.index(said) % 10 + 1 if said in words else None


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
