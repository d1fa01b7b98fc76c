"""Who issues plans: governments, their offices, congresses, committees of the Party."""

import re
from collections.abc import Iterator
from functools import cache

from kg.lexicon import lexicon, longest_first, with_parts
from kg.source import gazetteer
from kg.source.front_matter import Line
from kg.source.patterns import pattern

_LONGEST = 30  # characters of a body's name
_SHORTEST = 3


def is_organ(name: str) -> bool:
    """Whether a line of text is the name of a body that issues plans, with its place before it."""
    rules = lexicon("titles")["issuer"]
    bare = re.sub(lexicon("titles")["title"]["called"], "", name)
    if not _SHORTEST <= len(name) <= _LONGEST or not pattern("(?:{han}|{five})+").fullmatch(name):
        return False
    if not name.endswith(tuple(rules["endings"])) or (
        any(word in bare for word in lexicon("titles")["title"]["never"])
    ):
        return False
    return bool(
        is_national(name)
        or name.startswith((*rules["party"], *rules["bare"]))
        or _begins_with_area(name)
        or _printed_place().match(name)
    )


def _is_office(name: str) -> bool:
    """Whether a name is that of an office, its place left to the one before it."""
    return bool(pattern("{han}{2,14}").fullmatch(name)) and name.endswith(
        tuple(lexicon("titles")["issuer"]["endings"])
    )


def is_national(name: str) -> bool:
    """Whether a body is one of the nation."""
    rules = lexicon("titles")["issuer"]
    if name.startswith(tuple(rules["nation"])):
        return True
    return bool(re.fullmatch(rules["ministry"], name)) and not _begins_with_area(name)


def is_bare(name: str) -> bool:
    """Whether a body's name begins with its level alone."""
    bare = tuple(lexicon("titles")["issuer"]["bare"])
    return name.startswith(bare) and not _begins_with_area(name)


def _begins_with_area(name: str) -> bool:
    return next(gazetteer.starts(name), None) is not None


def without_what_is_printed_behind(line: Line) -> Line:
    """A red-headed letter's or a portal's head without its last word."""
    for word in longest_first(lexicon("titles")["issuer"]["behind"]):
        if line.text.endswith(word):
            return line.part(0, len(line.text) - len(word))
    return line


def organs_of(line: Line) -> list[Line]:
    """The bodies that a stretch of text names one after the other, separated by the blanks, line
    breaks and commas between them; the whole where its letters are only spaced out."""
    cuts = [
        i
        for i in range(1, len(line.text))
        if line.places[i] > line.places[i - 1] + 1 or line.text[i - 1] in "、,\t"
    ]
    parts = [line.part(a, b).strip("、,\t") for a, b in zip([0, *cuts], [*cuts, None], strict=True)]
    parts = [part for part in parts if part.text]
    if len(parts) > 1 and all(
        is_organ(part.text) or (i and line.text[cuts[i - 1] - 1] == "、" and _is_office(part.text))
        for i, part in enumerate(parts)
    ):
        return parts
    return [line] if is_organ(line.text) else []


def places_of(name: str) -> Iterator[str]:
    """The places that a body's name may begin with, longer ones first."""
    rules = lexicon("titles")["issuer"]
    name = re.sub(f"^(?:{'|'.join(longest_first(rules['party']))})", "", name)
    for end, _ in gazetteer.starts(name):
        yield name[:end]
    if match := _printed_place().match(name):
        yield match[0]


@cache
def _printed_place() -> re.Pattern[str]:
    """A place that ends like a division, before a body's own name."""
    rules = lexicon("titles")
    endings = "|".join(longest_first(rules["issuer"]["endings"]))
    parts = rules["parts"] | {"endings": endings}
    return re.compile(with_parts(rules["issuer"]["placed"], parts))
