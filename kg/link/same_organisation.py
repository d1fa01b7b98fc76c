"""Which organisation a name means beyond its plan: what the same organisation has in common in all
plans that name it, by its full name and its area.

The rule is narrow on purpose. A name that it does not cover may mean the same in two plans; that is
for a person to say.
"""

import re
from functools import cache

from kg.lexicon import lexicon, longest_first
from kg.quantities.numerals import half_width
from kg.source import gazetteer
from kg.source.gazetteer import Division, Level
from kg.source.text import normal

_OWN_NAME = 2  # characters that tell one organisation from its class


def organisation_key(name: str, kind: str, area: Division | None) -> str:
    """What the same organisation has in common in all plans; "" where the name does not tell.

    Args:
        area: the division that the plan is for, or that its area lies in; None where unknown.

    >>> organisation_key("中国科学技术大学", "university", None)
    '中国科学技术大学'
    >>> organisation_key("国家重点实验室", "research-institute", None)
    ''
    >>> organisation_key("省委", "government", gazetteer.with_code("320500")[0])
    '320000 省委'
    """
    full, plain = lexicon("identity")["full"], half_width(normal(name))
    if _is_national(plain):
        return plain
    if relative := _relative(plain):
        level, prefix = relative
        of, own = _at(area, level), plain.removeprefix(prefix)
        return f"{of.code} {prefix[-1]}{own}" if of and own else ""
    if kind in full["everywhere"] or not _is_full(plain):
        return ""
    if kind in full["nationwide"]:
        return plain
    return f"{area.code} {plain}" if area is not None else ""


def own_area(name: str, kind: str, area: str) -> str:
    """Whose organ a name means that every area has: 市委 is the plan's own city's; "" for a name
    that tells of one place, or of one organisation everywhere.

    Args:
        area: the full name of the plan's area.

    Returns:
        The code of that division, or where it is unknown the plan's area.

    >>> own_area("市委", "government", "江苏省苏州市"), own_area("国务院", "government", "")
    ('320500', '')
    """
    full, plain = lexicon("identity")["full"], half_width(normal(name))
    if _is_national(plain):
        return ""
    if relative := _relative(plain):
        of = _at(next(iter(gazetteer.resolve(area)), None), relative[0])
        return of.code if of else area
    placed = re.match(full["placed"], plain) or any(gazetteer.starts(plain))
    return area if kind in full["everywhere"] and not placed else ""


def _is_national(name: str) -> bool:
    """Whether a name names one organisation of the nation, wherever it stands."""
    national = lexicon("identity")["national"]
    return name in national["names"] or bool(re.search(national["pattern"], name))


def _relative(name: str) -> tuple[Level, str] | None:
    """The level of the area whose organ a name names, and what says so: 市 of 市委."""
    rules = lexicon("identity")["relative"]
    for level in (Level.PROVINCE, Level.CITY, Level.COUNTY):
        if found := re.match(rules[level], name):
            return level, found[0]
    return None


def _at(area: Division | None, level: Level) -> Division | None:
    """The division of a level that an area is or lies in; a municipality is a city as well."""
    if area is None:
        return None
    held = (area, *gazetteer.above(area))
    found = next((one for one in held if one.level is level), None)
    if found is None and level is Level.CITY:
        names = lexicon("titles")["zones"]["municipalities"]
        found = next((one for one in held if one.name in names), None)
    return found


def _is_full(name: str) -> bool:
    """Whether a name names one organisation, and not a class of them or a short form."""
    rules = lexicon("identity")["full"]
    end = next((e for e in longest_first(rules["endings"]) if name.endswith(e)), "")
    return bool(end) and len(_common().sub("", name.removesuffix(end))) >= _OWN_NAME


@cache
def _common() -> re.Pattern[str]:
    return re.compile("|".join(longest_first(lexicon("identity")["full"]["common"])))
