"""Offices and other bodies known by what is said of them, whatever they are called."""

import re
from collections.abc import Iterator
from functools import cache

from kg.extract.clauses import verbs_before
from kg.extract.name_forms import RULE, Name, free, type_of_form
from kg.lexicon import lexicon, pattern


def type_of_body(name: str) -> str:
    """The type of a body that acts, whatever its name ends with."""
    type_ = type_of_form(name, "institution")
    types = lexicon("charges")["types"]
    known = (one for one, end in types.items() if re.search(end, name))
    return next(known) if type_ == "other" else type_


def acting(text: str) -> list[Name]:
    """The bodies by whom something is done: 由甲局、乙局牵头,丙局配合; and those named together."""
    joined = list(_joined(text))
    return joined + free(joined, _charged(text))


@cache
def _form(key: str) -> re.Pattern[str]:
    """A form of offices, with what these are for and how they end put in."""
    said = lexicon("charges")["said"]
    return re.compile(said[key].replace("{duty}", said["duty"]).replace("{ending}", said["ending"]))


def _joined(text: str) -> Iterator[Name]:
    """Offices that share an area and an ending (市甲、乙、丙局), each by its full name."""
    for match in _form("joined").finditer(text):
        area = match["area"][verbs_before(match["area"]) :]
        for office in _form("one").finditer(text, *match.span("bodies")):
            first = office.start() == match.start("bodies")
            start = office.start() - len(area) * first
            name = area + office["duty"] + (office["own"] or match["shared"])
            yield Name(start, office.end(), name, "institution", type_of_body(name), RULE)


def _charged(text: str) -> Iterator[Name]:
    """The bodies that stand between the word for by whom and a verb for it."""
    for match in _form("by").finditer(text):
        for group in ("names", "more"):
            if match[group] is not None:
                yield from _listed(text, *match.span(group))


def _listed(text: str, start: int, end: int) -> Iterator[Name]:
    """The offices of a list; a conjunction is inside a name where no office ends before it."""
    for joint in (*pattern("charges", "said", "joints").finditer(text, start, end), None):
        name = text[start : joint.start() if joint else end]
        if is_office(name):
            yield Name(start, start + len(name), name, "institution", type_of_body(name), RULE)
        if joint and (is_office(name) or joint["inside"] is None):
            start = joint.end()


def is_office(text: str) -> bool:
    """Whether a text is a body's area with the word for its office."""
    return pattern("charges", "said", "office").fullmatch(text) is not None
