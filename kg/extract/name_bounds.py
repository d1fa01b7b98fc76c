"""Where a name begins and ends: without the words, marks and brackets that stand around it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from kg.extract.clauses import PAIRS, verbs_before
from kg.extract.name_forms import TOO_SHORT, Name, up_to
from kg.lexicon import lexicon, longest_first, pattern


def unquoted(name: Name) -> Iterator[Name]:
    """A name without a quotation mark or bracket whose other half is outside it; where a bracket
    opens inside it (a zone with a list of towns), the names on both its sides, as where one
    quotation ends and the next begins."""
    if match := _between_quotes().search(name.text):
        at = match.start() + 1
        yield from unquoted(up_to(name, at))
        yield from unquoted(replace(name, text=name.text[at:], start=name.start + at))
        return
    text = name.text
    if PAIRS.get(text[0]) == text[-1]:  # whole between its marks
        name = replace(name, text=text[1:-1], start=name.start + 1, end=name.end - 1)
        text = name.text
    start = sum(text.startswith(left) and right not in text for left, right in PAIRS.items())
    end = sum(text.endswith(right) and left not in text for left, right in PAIRS.items())
    inner = text[start : len(text) - end]
    name = replace(name, text=inner, start=name.start + start, end=name.end - end)
    if ")" in inner.partition("(")[0]:  # behind what another name is called from here on
        inner = inner.partition(")")[2]
        inner = inner[verbs_before(inner) :]
        name = replace(name, text=inner, start=name.end - len(inner))
    whole, found, inside = inner.partition("(")
    parts = [name]
    if found and ")" not in inside:
        inside = inside.lstrip("".join(PAIRS))
        parts = [up_to(name, len(whole)), replace(name, text=inside, start=name.end - len(inside))]
    yield from (part for part in parts if len(part.text) >= TOO_SHORT)


def requoted(text: str, name: Name) -> Name:
    """A name that a quotation begins, with the mark that opens it right before the name."""
    for left, right in PAIRS.items():
        if text.endswith(left, 0, name.start) and right in name.text and left not in name.text:
            return replace(name, text=left + name.text, start=name.start - 1)
    return name


def bounded(name: Name) -> Name:
    """A name up to what is in none (as a core area), behind what bounds it (in the north from)."""
    opening = pattern("names", "ends", "opening").match(name.text)
    if opening and len(text := name.text[opening.end() :]) >= TOO_SHORT:
        name = replace(name, start=name.end - len(text), text=text)
    match = _ends_of_names().search(name.text, TOO_SHORT)
    if match is None:
        return name
    bracket = name.text.rfind("(", 0, match.start())  # what ends the name may stand in one
    inside = bracket >= TOO_SHORT and ")" not in name.text[bracket : match.start()]
    return up_to(name, bracket if inside else match.start())


def is_within(text: str, start: int, end: int) -> bool:
    """Whether a name's first or last character belongs to a word that goes on beyond it, or it is
    what several things are."""
    places = {"every": start, "cut": end - 1}
    if text[start - 1 : start] not in lexicon("names")["lists"]["between"]:
        places["several"] = end
    return any(pattern("names", "ends", key).match(text, at) for key, at in places.items())


@cache
def _between_quotes() -> re.Pattern[str]:
    pairs = (re.escape(right + left) for left, right in PAIRS.items() if left not in "([")
    return re.compile("|".join(pairs))


@cache
def _ends_of_names() -> re.Pattern[str]:
    rules = lexicon("names")["ends"]
    return re.compile("|".join((*longest_first(rules["verbs"]), rules["counts"])))
