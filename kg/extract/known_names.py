"""Names that need no learning: organs known by what they are called, offices and other bodies known
by what is said of them, and names of a sure form."""

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kg.extract.clauses import verbs_before
from kg.extract.name_bounds import bounded
from kg.extract.name_forms import (
    BESIDE,
    RULE,
    STEM,
    Name,
    kind_of,
    stem_sure,
    suffix_kind,
    suffix_of,
    type_of_form,
)
from kg.lexicon import lexicon, longest_first, with_parts
from kg.lexicon.dictionary import cut


def organs(text: str) -> Iterator[Name]:
    """Bodies that are known by their names, and foreign cities, where they are words of the text
    and no parts of others (a ministry, not departments that begin alike)."""
    if not _organs_alone().search(text):
        return
    form, kinds = _organ_form(), organ_kinds()
    edges = {0, *itertools.accumulate(map(len, cut(text)))}
    of_area = tuple(lexicon("areas")["endings"])  # a committee behind its city
    joins = tuple(lexicon("names")["apart"]["with"])
    for match in form.finditer(text):
        ends = match.end() in edges or text.startswith(joins, match.end())
        if ends and (match.start() in edges or match[0].startswith(of_area)):
            yield Name(match.start(), match.end(), match[0], *kinds[match["organ"]], RULE)


@dataclass(frozen=True)
class Shape:
    """A form that shows a name.

    holds: words of which it has one. placed: whether a zone's name may stand for the proper name
    before its end.
    """

    holds: tuple[str, ...]
    type: str
    form: re.Pattern[str]
    placed: bool


@cache
def shapes() -> tuple[Shape, ...]:
    """The forms that show a name wherever they stand."""
    rules = lexicon("names")
    return tuple(
        Shape(
            tuple(one["holds"]),
            type_,
            re.compile(with_parts(form, rules["shape_parts"])),
            one.get("placed", False),
        )
        for one in rules["shaped"]
        for type_, form in one["form"].items()
    )


def shaped(text: str) -> Iterator[Name]:
    """Names that their form shows, whole or behind characters that are surely a proper name."""
    for shape in _shapes_in(text):
        for match in shape.form.finditer(text):
            start, end = match.start() + verbs_before(match.group()), match.end()
            stem = text[start : match.start("end")] if "end" in match.groupdict() else None
            placed = stem and shape.placed and stem != suffix_of(stem)
            named = stem and (stem_sure(stem) or (placed and suffix_kind(stem) == "zone"))
            if stem is None or (len(stem) >= STEM and named):
                kind = kind_of(shape.type)
                yield bounded(Name(start, end, text[start:end], kind, shape.type, BESIDE))


def _shapes_in(text: str) -> list[Shape]:
    """The forms that words of a text call for, in their order: of thousands of texts few do."""
    words, calling = _calling()
    found, at = set[int](), 0
    while match := words.search(text, at):
        found |= calling[match.group()]
        at = match.start() + 1
    return [shapes()[i] for i in sorted(found)]


@cache
def _calling() -> tuple[re.Pattern[str], dict[str, set[int]]]:
    """What finds words that call for forms, the longest at each place; and for each such word the
    forms that it calls for, or a word that it begins with."""
    words = longest_first([word for shape in shapes() for word in shape.holds])
    calling = {
        word: {i for i, shape in enumerate(shapes()) if word.startswith(shape.holds)}
        for word in words
    }
    return re.compile("|".join(map(re.escape, words))), calling


@cache
def organ_kinds() -> dict[str, tuple[str, str]]:
    """Organs and cities abroad by name, with the kind and type of each."""
    return {
        name: (kind_of(type_), type_)
        for type_, names in lexicon("names")["organs"].items()
        for name in names
    }


@cache
def _organs_alone() -> re.Pattern[str]:
    """Organs and cities abroad, without what may stand around them: few texts hold any."""
    return re.compile("|".join(longest_first(list(organ_kinds()))))


@cache
def _organ_form() -> re.Pattern[str]:
    """Organs and cities abroad where they stand, with their branches."""
    branches = lexicon("names")["branches"]
    return re.compile(f"{branches['before']}(?P<organ>{_organs_alone().pattern}){branches['ends']}")


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
    return re.compile(with_parts(said[key], said))


def joined_offices(text: str) -> Iterator[Name]:
    """Offices that share an area and an ending, each by its full name."""
    for match in _form("joined").finditer(text):
        area = match["area"][verbs_before(match["area"]) :]
        for office in _form("one").finditer(text, *match.span("bodies")):
            first = office.start() == match.start("bodies")
            start = office.start() - len(area) * first
            name = area + office["duty"] + (office["own"] or match["shared"])
            yield Name(start, office.end(), name, "institution", type_of_body(name), RULE)
