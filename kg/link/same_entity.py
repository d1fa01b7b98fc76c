"""Which organisation or place a name means beyond its plan: what the same one has in common in all
plans that name it, by its full name and its area.

The rule is narrow on purpose. A name that it does not cover may mean the same in two plans; that is
for a person to say.
"""

import re
from collections.abc import Iterable, Sequence
from functools import cache

from kg.lexicon import lexicon, longest_first
from kg.quantities.numerals import half_width
from kg.source import gazetteer
from kg.source.areas import plain_region
from kg.source.gazetteer import Division, Level
from kg.source.text import normal

LOCAL = "~"
"""What stands, in a key, before a name that tells only within the area before it."""
_OWN_NAME = 2  # characters that tell one from its class
_LEVELS = (Level.PROVINCE, Level.CITY, Level.COUNTY)


def organisation_key(name: str, kind: str, area: Division | None) -> str:
    """What the same organisation has in common in all plans; "" where the name does not tell. area:
    the division that the plan is for, or that its area lies in.

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
        of, own = _division_at(area, level), plain.removeprefix(prefix)
        return f"{of.code} {prefix[-1]}{own}" if of and own else ""
    if kind in full["everywhere"] or not _own_name(plain, full["endings"]):
        return ""
    if kind in full["nationwide"]:
        return plain
    return _key_within_area(area, plain)


def zone_key(name: str, kind: str, area: Division | None) -> str:
    """What the same place of a kind (its type without zone-, such as water) has in common in all
    plans; "" where the name does not tell. area: as for organisation_key.

    >>> zone_key("长三角地区", "region", None), zone_key("太湖", "water", None)
    ('长三角', '太湖')
    >>> zone_key("江苏", "region", None), zone_key("南京都市圈", "region", None)
    ('320000 江苏省', '南京都市圈')
    >>> zone_key("河西商务区", "functional-zone", gazetteer.with_code("320100")[0])
    '320100 ~河西商务区'
    """
    rules = lexicon("identity")["zones"]
    plain = plain_region(half_width(normal(name)))
    known = (*rules["names"]["any"], *rules["names"].get(kind, ()))
    if plain in known or re.search(rules["pattern"], plain):
        return plain
    if kind == "region" and (one := _one_of(gazetteer.resolve(plain), area)):
        return f"{one.code} {one.name}"
    if of := next((one for one in longest_first(known) if plain.startswith(one)), ""):
        return plain if _is_placed(plain.removeprefix(of)) else ""
    ends = {end: None for end, _ in gazetteer.starts(plain)}
    for end in ends:
        one = _one_of((one for at, one in gazetteer.starts(plain) if at == end), area, plain[:end])
        if one is not None and _is_placed(plain[end:]):
            return f"{one.code} {plain[end:]}"
    is_own = any(_own_name(plain, endings) for endings in lexicon("names")["zone"].values())
    return _key_within_area(area, plain) if is_own else ""


def _key_within_area(area: Division | None, name: str) -> str:
    """The key of what is the same within one area alone: beyond it, a person has to say."""
    return f"{area.code} {LOCAL}{name}" if area is not None and area.code else ""


def _is_placed(rest: str) -> bool:
    """Whether what follows a place's name tells one place of it, and not a class of them."""
    rules = lexicon("identity")["zones"]
    if not rest[:1].isalnum():  # nothing, or a second place
        return False
    return rest.endswith(tuple(rules["single"])) or _own_name(rest, rules["endings"])


def _one_of(found: Iterable[Division], area: Division | None, named: str = "") -> Division | None:
    """The division, of those found, that a name means in a plan of an area: one of the plan's own
    province, else a province or a city; the highest. A county's short name is a common word as
    well. named: what is named, where more follows it."""
    held = [
        one
        for one in found
        if one.until is None
        and (not named or one.level is not Level.COUNTY or named.endswith(one.name))
    ]
    home = (area, *gazetteer.above(area))[-1] if area is not None else None
    near = [one for one in held if home is not None and gazetteer.lies_in(one, home)]
    for pool, levels in ((near, _LEVELS), (held, _LEVELS[:2])):
        for level in levels:
            alike = {one.code: one for one in pool if one.level is level}
            if alike:
                return next(iter(alike.values())) if len(alike) == 1 else None
    return None


def own_area(name: str, kind: str, area: str) -> str:
    """Whose organ a name means that every area has, as a city's party committee is that of the
    plan's own city: the code of that division, or where it is unknown the plan's area; "" for a
    name that tells of one place, or of one organisation everywhere.

    >>> own_area("市委", "government", "江苏省苏州市"), own_area("国务院", "government", "")
    ('320500', '')
    """
    full, plain = lexicon("identity")["full"], half_width(normal(name))
    if _is_national(plain):
        return ""
    if relative := _relative(plain):
        of = _division_at(next(iter(gazetteer.resolve(area)), None), relative[0])
        return of.code if of else area
    placed = re.match(full["placed"], plain) or any(gazetteer.starts(plain))
    return area if kind in full["everywhere"] and not placed else ""


def _is_national(name: str) -> bool:
    """Whether a name names one organisation of the nation, wherever it stands."""
    national = lexicon("identity")["national"]
    return name in national["names"] or bool(re.search(national["pattern"], name))


def _relative(name: str) -> tuple[Level, str] | None:
    """The level of the area whose organ a name names, and the word at its start that says so."""
    rules = lexicon("identity")["relative"]
    for level in (Level.PROVINCE, Level.CITY, Level.COUNTY):
        if found := re.match(rules[level], name):
            return level, found[0]
    return None


def _division_at(area: Division | None, level: Level) -> Division | None:
    """The division of a level that an area is or lies in; a municipality is a city as well."""
    if area is None:
        return None
    held = (area, *gazetteer.above(area))
    found = next((one for one in held if one.level is level), None)
    if found is None and level is Level.CITY:
        names = lexicon("titles")["zones"]["municipalities"]
        found = next((one for one in held if one.name in names), None)
    return found


def _own_name(name: str, endings: Sequence[str]) -> bool:
    """Whether more than words for classes is left of a name before one of some endings."""
    end = next((e for e in longest_first(endings) if name.endswith(e)), "")
    return bool(end) and len(_common().sub("", name.removesuffix(end))) >= _OWN_NAME


@cache
def _common() -> re.Pattern[str]:
    return re.compile("|".join(longest_first(lexicon("identity")["full"]["common"])))
