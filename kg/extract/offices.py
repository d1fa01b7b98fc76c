"""Offices and other bodies known by what is said of them, whatever they are called."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from kg.extract.name_forms import Name, type_of_form
from kg.lexicon import lexicon, pattern

_RULE = 0.9  # the confidence of what a rule finds


def type_of_body(name: str) -> str:
    """The type of a body that acts, whatever its name ends with."""
    type_ = type_of_form(name, "institution")
    types = lexicon("charges")["types"]
    known = (one for one, end in types.items() if re.search(end, name))
    return next(known) if type_ == "other" else type_


def acting(text: str) -> Iterator[Name]:
    """The bodies by whom something is done: 由甲局、乙局牵头,丙局配合."""
    for match in pattern("charges", "said", "by").finditer(text):
        for group in ("names", "more"):
            if match[group] is not None:
                yield from _listed(text, *match.span(group))


def _listed(text: str, start: int, end: int) -> Iterator[Name]:
    """The offices of a list; a conjunction is inside a name where no office ends before it."""
    for joint in (*pattern("charges", "said", "joints").finditer(text, start, end), None):
        name = text[start : joint.start() if joint else end]
        if is_office(name):
            yield Name(start, start + len(name), name, "institution", type_of_body(name), _RULE)
        if joint and (is_office(name) or joint["inside"] is None):
            start = joint.end()


def is_office(text: str) -> bool:
    """Whether a text is a body's area with the word for its office."""
    return pattern("charges", "said", "office").fullmatch(text) is not None


def widened(text: str, name: Name, own: Collection[str]) -> Name:
    """A name with the whole of the area that it was cut inside of at its front (甲 | 区学校).

    Args:
        own: names of areas that it may lie in.
    """
    if not name.text.startswith(tuple(lexicon("areas")["last"])):
        return name
    for length in range(max(map(len, own)), 1, -1):
        start = name.start + 1 - length
        if start >= 0 and text[start : name.start + 1] in own:
            return replace(name, start=start, text=text[start : name.end])
    return name
