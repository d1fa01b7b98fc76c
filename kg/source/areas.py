"""The area that a plan is for: the names it goes by, and which one a title and an issuer mean."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from kg.lexicon import lexicon
from kg.source import gazetteer
from kg.source.findings import Finding
from kg.source.gazetteer import Division, Level
from kg.source.patterns import pattern

_SHORTEST_OWN = 2  # characters of an area's own name
_OFTEN = 3  # mentions of a short name that are no chance


def own_names(area: str) -> tuple[str, ...]:
    """The names that a plan's own area goes by, with those above it and without, full and short."""
    nation = tuple(lexicon("areas")["nation"])
    if area in nation:
        return nation
    found = gazetteer.resolve(area)
    if found:
        return tuple(dict.fromkeys((area, *found[0].names)))
    full, *short = gazetteer.names_of(_innermost(area))
    own = (name for name in short if not gazetteer.named(name))  # no zone is the city it lies in
    return tuple(dict.fromkeys((area, full, *own)))


def areas_above(area: str) -> tuple[str, ...]:
    """The names of the areas that hold the plan's own, full and short."""
    found = gazetteer.resolve(area)
    found = found if len(set(map(gazetteer.full_name, found))) == 1 else ()
    path = area.removesuffix(found[0].name if found else _innermost(area))
    joined = (path, path[:-1]) if len(path) > 1 else ()
    above = gazetteer.above(found[0]) if found else ()
    return tuple(dict.fromkeys((*joined, *(name for one in above for name in one.names))))


def of_unknown_area(area: str) -> tuple[Finding, ...]:
    """That the gazetteer lacks a plan's area; nothing of a zone's or a town's, of which it lists
    none or few."""
    rules = lexicon("titles")["zones"]
    unlisted = pattern("{zone}$").search(area) or re.search(rules["town"], area)
    known = area in lexicon("areas")["nation"] or unlisted or gazetteer.resolve(area)
    return () if known or not area else (Finding("area-unknown", None, {"area": area}),)


def plain_region(name: str) -> str:
    """A place's name by the short one of its region, without a last word that tells nothing."""
    rules = lexicon("identity")["zones"]
    plain = re.sub(rules["quiet"], "", name)
    full = next((full for full in rules["short"] if plain.startswith(full)), "")
    return str(rules["short"].get(full, "")) + plain.removeprefix(full)


def _innermost(area: str) -> str:
    """The last division of an area's full name."""
    for i in range(len(area) - _SHORTEST_OWN, 0, -1):
        own = area[i:]
        kind = re.fullmatch(lexicon("areas")["kind"], own)  # of zones, and no name
        if area[i - 1] in lexicon("areas")["last"] and i > 1 and not kind:
            return own
    return area


@dataclass(frozen=True)
class Context:
    """The document around a name: its first page, and all of it."""

    head: str
    whole: str


@dataclass(frozen=True)
class Area:
    """An area as far as the document names it.

    name: its full name, with those above it; None where a name may mean more than one.
    printed: its name as it is in the title or the issuer's name.
    division: what the gazetteer knows of it; None for a zone, a town or what it does not know.
    level: nation, province, city, county, zone or town; None where it is not known.
    candidates: the full names that the printed one may mean.
    """

    printed: str
    name: str | None
    division: Division | None
    level: str | None
    candidates: tuple[str, ...] = ()


def area_at_start(
    text: str, printed: Iterable[str], year: int | None, context: Context
) -> Area | None:
    """The area that a title or a body's name begins with.

    Args:
        text: the title or the name, in simplified characters without blanks.
        printed: what other places of the document print as the area before the issuer's own name.
        year: a year of the plan; divisions that did not stand then are left out.
        context: where the areas above are looked for, where a name is of more than one.
    """
    for nation in lexicon("areas")["nation"]:
        if text.startswith(nation):
            # China (Shanghai) Pilot Free Trade Zone is none of the nation
            return None if text.startswith("(", len(nation)) else national(nation)
    end, divisions = _longest(text, year)
    beyond = _beyond(text, end, tuple(printed)) or (0 if end else _called(text, context))
    if beyond and not end and (known := _at_the_end(text[:beyond], year)):
        return resolved(*known, context)
    if beyond:
        longer = [(one, *_longest(one, year)) for one in printed if one.endswith(text[:beyond])]
        return _area_below(text[:beyond], (text[:beyond], end, divisions), longer, context)
    return resolved(text[:end], divisions, context) if end else None


def is_run_by(name: str, organ: str, year: int | None) -> bool:
    """Whether a zone's name and that of the body that runs it go on alike behind the division that
    the zone lies in."""
    if not re.search(lexicon("titles")["zones"]["runs"], organ):
        return False
    alike = _longest(name, year)[0] + _SHORTEST_OWN
    return name[:alike] == organ[:alike] and pattern("{zone}$").search(name) is not None


def national(printed: str) -> Area:
    """The nation, by one of its names or by one of its bodies."""
    one = gazetteer.nation()
    return Area(printed, one.name, one, Level.NATION)


def resolved(printed: str, divisions: tuple[Division, ...], context: Context) -> Area:
    """The division that a name means; none of several that the document does not tell apart."""
    names = tuple(dict.fromkeys(gazetteer.full_name(one) for one in divisions))
    if len(names) > 1:
        divisions = _by_context(divisions, context)
    if len({gazetteer.full_name(one) for one in divisions}) != 1:
        levels = {one.level for one in divisions}
        return Area(printed, None, None, levels.pop() if len(levels) == 1 else None, names)
    one = divisions[0]
    return Area(printed, gazetteer.full_name(one), one, one.level)


def _longest(text: str, year: int | None) -> tuple[int, tuple[Division, ...]]:
    """Where the longest name of divisions at the start of a text ends, and those that it means:
    those of the plan's year, or the year before, when it was written, where there are some; none
    that were given up before. The last name is a full one: a short one may be a word as well."""
    common = lexicon("areas")["common"]
    found = [
        (end, one)
        for end, one in gazetteer.starts(text)
        if text[:end].endswith(one.names[:-1] or one.names) and text[:end] not in common
    ]
    end = max((end for end, _ in found), default=0)
    named = tuple(one for each, one in found if each == end)
    then = (
        tuple(one for one in named if one.stood(when)) for when in (year, year and year - 1) if when
    )
    gone = [one for one in named if year and one.until and one.until < year - 1]
    named = next((some for some in then if some), tuple(one for one in named if one not in gone))
    return (end, named) if named else (0, ())


def _beyond(text: str, end: int, printed: tuple[str, ...]) -> int:
    """The end of an area's name that the gazetteer lacks; 0 where there is none."""
    ends = [  # with the division that holds it, or without
        start + len(place)
        for place in printed
        for start in (0, end)
        if text.startswith(place, start)
    ]
    rules = lexicon("titles")
    outline = pattern(f"{{han}}{{2,24}}?(?={rules['title']['outline']})").match(text)
    match = outline or pattern(rules["zones"]["whole"]).match(text)
    last = (*lexicon("areas")["last"], *rules["zones"]["levels"])
    known = match and (pattern("{zone}$").search(match[0]) or match[0].endswith(last))
    ends += [match.end()] if match and known else []
    return max((one for one in ends if one > end), default=0)


def _called(text: str, context: Context) -> int:
    """The end of the name that a sector's plan begins with, where the document calls its area all
    of such a one, as the whole district; 0 where there is none."""
    rules = lexicon("titles")["zones"]
    match = pattern(rules["unknown"]).match(text)
    own = match and re.search(rules["called"].format(level=match["level"]), context.whole)
    return match.end("name") if match and own else 0


def _at_the_end(name: str, year: int | None) -> tuple[str, tuple[Division, ...]] | None:
    """The division that a name ends with, behind what is no division's."""
    for i in range(_SHORTEST_OWN, len(name) - _SHORTEST_OWN):
        if name[i - 1] in lexicon("areas")["last"]:
            return None
        end, divisions = _longest(name[i:], year)
        if end == len(name) - i:
            return name[i:], divisions
    return None


_Begun = tuple[str, int, tuple[Division, ...]]
"""A name, where the name of divisions at its start ends, and those that it means."""


def _area_below(printed: str, own: _Begun, longer: list[_Begun], context: Context) -> Area:
    """A zone, a town or an unknown division, below one that may be known: by its own name, or by
    longer ones that the document gives it, as a town with its county."""
    for name, end, divisions in (own, *longer):
        if end:
            above, rest = resolved(name[:end], divisions, context), name[end:]
            candidates = tuple(one + rest for one in above.candidates)
            whole = above.name and above.name + rest
            return Area(printed, whole, None, _level(printed, above, context), candidates)
    whole = max((printed, *(name for name, _, _ in longer)), key=len)
    return Area(printed, whole, None, _level(printed, None, context))


def _level(printed: str, above: Area | None, context: Context) -> str | None:
    """The level of an area that the gazetteer does not know, where its ending and what lies above
    it tell it: a city may be a prefecture or a county, if the document says no more."""
    rules = lexicon("titles")["zones"]
    if re.search(rules["town"], printed):
        return "town"
    if pattern("{zone}$").search(printed):
        return Level.ZONE
    if above and (above.level == Level.CITY or above.name in rules["municipalities"]):
        return Level.COUNTY
    if by_name := [level for end, level in rules["levels"].items() if printed.endswith(end)]:
        return str(by_name[0])
    levels = [level for level, says in rules["says"].items() if re.search(says, context.whole)]
    return levels[0] if len(levels) == 1 else None


def _by_context(divisions: tuple[Division, ...], context: Context) -> tuple[Division, ...]:
    """The one of some divisions of one name whose area above the document names, and those of the
    others never: on its first page, or else in all of it; the city before the province."""
    for text, often in ((context.head, 1), (context.whole, _OFTEN)):
        for nearest in (0, -1):
            named = [
                one
                for one in divisions
                if (ups := gazetteer.above(one)) and _is_named(text, ups[nearest], often)
            ]
            if len({gazetteer.full_name(one) for one in named}) == 1:
                return tuple(named)
            if named:
                break
    return divisions


def _is_named(text: str, division: Division, often: int) -> bool:
    """Whether a text names a division: in full, or by its short name so many times."""
    return division.name in text or (
        len(division.names) > 1 and text.count(division.names[-1]) >= often
    )
