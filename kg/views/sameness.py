"""When indicators of two plans are the same, and when they are only likely to be.

The same are those whose printed names are, normalised. Likely the same are those whose names are
wordings of one quantity of the lexicon, or are one name with what different plans say for the same,
as of growth, said in one way; they stand apart, since their definitions may differ.
"""

import re
import unicodedata
from functools import cache

from kg.lexicon import lexicon
from kg.quantities.numerals import half_width
from kg.source.text import normal

_BRACKET = re.compile(r"\(([^()]*)\)$")
_PASSED_OVER = re.compile(r"[\s·・、,，。“”\"'‘’《》<>]")


def same_name(name: str) -> str:
    """What the names of the same indicator have in common.

    >>> same_name("地表水达到或好于Ⅲ类水体比例（%）") == same_name("地表水达到或好于III类水体比例")
    True
    >>> same_name("每万人口发明专利拥有量") == same_name("每万人口高价值发明专利拥有量")
    False
    """
    rules = lexicon("comparison")
    plain = _PASSED_OVER.sub("", half_width(normal(unicodedata.normalize("NFKC", name)))).casefold()
    while (match := _BRACKET.search(plain)) and any(
        re.search(pattern, match[1]) for pattern in rules["brackets"]
    ):
        plain = plain[: match.start()]
    own = next((word for word in rules["own_area"] if plain.startswith(word)), "")
    return plain.removeprefix(own)


@cache
def _wordings() -> dict[str, str]:
    """The quantity of the lexicon that a name is a wording of, by the name normalised."""
    return {
        same_name(wording): name
        for name, concept in lexicon("concepts").items()
        for wording in (concept["zh"], *concept["aliases"], *concept.get("near", ()))
    }


@cache
def _quantities() -> dict[str, str]:
    """The same by the name reworded."""
    return {_reworded(wording): name for wording, name in _wordings().items()}


def _reworded(name: str) -> str:
    """A normalised name with what different plans say for the same said in one way."""
    for pattern, instead in lexicon("comparison")["reworded"]:
        name = re.sub(pattern, instead, name)
    return name


def quantities_named(words: str) -> set[str]:
    """The quantities of the lexicon that have a wording which contains some words."""
    plain = same_name(words)
    return {concept for name, concept in _wordings().items() if plain and plain in name}


def likely_quantity(name: str) -> str:
    """What a name likely counts, the same for all its wordings: the quantity of the lexicon that
    has it among its wordings or near ones, or else the name reworded.

    >>> likely_quantity("地区生产总值（GDP）年均增速") == likely_quantity("全市生产总值增长率")
    True
    >>> likely_quantity("人均地区生产总值") == likely_quantity("地区生产总值")
    False
    """
    plain = _reworded(same_name(name))
    return _quantities().get(plain, plain)
