"""Offices and other bodies known by what is said of them, whatever they are called."""

import re
from collections.abc import Iterator
from functools import cache

from kg.extract.clauses import verbs_before
from kg.extract.name_forms import RULE, Name, type_of_form
from kg.lexicon import lexicon, pattern


def type_of_body(name: str) -> str:
    """The type of a body that acts, whatever its name ends with."""
    type_ = type_of_form(name, "institution")
    types = lexicon("charges")["types"]
    known = (one for one, end in types.items() if re.search(end, name))
    return next(known) if type_ == "other" else type_


@cache
def _form(key: str) -> re.Pattern[str]:
    """A form of offices, with what these are for and how they end put in."""
    said = lexicon("charges")["said"]
    return re.compile(said[key].replace("{duty}", said["duty"]).replace("{ending}", said["ending"]))


def joined(text: str) -> Iterator[Name]:
    """Offices that share an area and an ending, each by its full name."""
    for match in _form("joined").finditer(text):
        area = match["area"][verbs_before(match["area"]) :]
        for office in _form("one").finditer(text, *match.span("bodies")):
            first = office.start() == match.start("bodies")
            start = office.start() - len(area) * first
            name = area + office["duty"] + (office["own"] or match["shared"])
            yield Name(start, office.end(), name, "institution", type_of_body(name), RULE)


def is_office(text: str) -> bool:
    """Whether a text is a body's area with the word for its office."""
    return pattern("charges", "said", "office").fullmatch(text) is not None
