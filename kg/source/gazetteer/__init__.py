"""The administrative divisions of China down to the county, today's and those since 1980.

Their codes are those of GB/T 2260; where the data comes from is said in NOTICE.md.
"""

import csv
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TypeVar

from kg.lexicon import lexicon, longest_first

T = TypeVar("T")

_SHORTEST = 2  # characters of a name
_FIRST, _LAST = 0, 9999  # years, where a division was before the first list, or is today


class Level(StrEnum):
    """A division's level; a zone has a code of the statistics office only."""

    NATION = "nation"
    PROVINCE = "province"
    CITY = "city"
    COUNTY = "county"
    ZONE = "zone"


@dataclass(frozen=True)
class Division:
    """An administrative division under one name and one code.

    code: six digits of GB/T 2260; "" for the nation, which has none.
    name: its full name without those above it.
    level: nation, province, city (prefecture), county or zone.
    parent: the code of the division above it; None for the nation, "" for a province.
    since: the year from which it may have stood, of the last list without it; None from before the
        first list, 1980.
    until: the year up to which it may have stood, of the first list without it again; None for one
        that stands today.
    centre: longitude and latitude of its seat in degrees, to about a kilometre; None where unknown.
    extent: how far it reaches, as west, south, east and north in degrees, and middle: longitude and
        latitude of its area's centroid; to about a kilometre, None where unknown.
    """

    code: str
    name: str
    level: Level
    parent: str | None
    since: int | None = None
    until: int | None = None
    centre: tuple[float, float] | None = None
    extent: tuple[float, float, float, float] | None = None
    middle: tuple[float, float] | None = None

    def stood(self, year: int) -> bool:
        """Whether it may have stood in a year."""
        return (self.since or _FIRST) <= year <= (self.until or _LAST)

    @property
    def names(self) -> tuple[str, ...]:
        """What it is called: in full, and short with and without its level."""
        return names_of(self.name)


@cache
def divisions() -> tuple[Division, ...]:
    """All divisions by code, the nation first, those of before beside today's."""
    listed = tuple(_listed())
    extent = _around([one.extent for one in listed if one.extent])
    return (Division("", lexicon("areas")["nation"][0], Level.NATION, None, extent=extent), *listed)


def nation() -> Division:
    """The nation."""
    return divisions()[0]


def with_code(code: str) -> tuple[Division, ...]:
    """The divisions that bore a code, today's first.

    Args:
        code: the six digits of GB/T 2260, or the nine or twelve of a place below; what lies below
            the county is not looked at.
    """
    return _by_code().get(code[:6], ())


def named(name: str) -> tuple[Division, ...]:
    """The divisions that bear a name, full or short, those that stand today first."""
    return _by_name().get(name, ())


def above(division: Division) -> tuple[Division, ...]:
    """The divisions above one, the nearest first, without the nation."""
    found: list[Division] = []
    one = division
    while one.parent:
        held = _by_code().get(one.parent, ())
        one = next((each for each in held if _overlap(each, division)), held[0])
        found.append(one)
    return tuple(found)


def full_name(division: Division) -> str:
    """The name with those above it."""
    return "".join(one.name for one in (*reversed(above(division)), division))


def lies_in(division: Division, other: Division) -> bool:
    """Whether a division lies in another one, or is it."""
    if other.level is Level.NATION or division.code == other.code:
        return True
    return any(one.code == other.code for one in above(division))


def resolve(path: str, year: int | None = None) -> tuple[Division, ...]:
    """The divisions that a whole name may mean, with or without those above it.

    Args:
        path: its name, with any of those above it.
        year: keep those that may have stood then.

    Returns:
        None, one, or all that it may mean, where divisions of several cities share it.
    """
    found = {one: None for end, one in starts(path, year) if end == len(path)}
    return tuple(found)


def may_be_one(path: str, other: str) -> bool:
    """Whether two names may be one area's, each with or without those above it.

    >>> may_be_one("天津市红桥区", "红桥区"), may_be_one("红桥区", "河东区")
    (True, False)
    """
    ends = path.endswith(other) or other.endswith(path)
    return ends or not {*resolve(path)}.isdisjoint(resolve(other))


def starts(text: str, year: int | None = None) -> Iterator[tuple[int, Division]]:
    """The divisions that a text starts with, each with where its name ends, longer ones first.

    A name may follow those above it; what precedes must lie above what follows.
    """
    found = sorted(_paths(text, 0, None, year), key=lambda pair: -pair[0])
    yield from dict.fromkeys(found)


@cache
def names_of(name: str) -> tuple[str, ...]:
    """The names of a division, from its full one: that, and short ones with and without its
    level."""
    rules = lexicon("areas")
    if name in rules["nation"]:
        return tuple(rules["nation"])
    if name.endswith(tuple(rules["kept_endings"])):
        return (name,)
    ending = next((each for each in rules["endings"] if name.endswith(each)), "")
    own = _nationalities().sub("", name.removesuffix(ending))
    if not ending or len(own) < _SHORTEST:
        return (name,)
    between = (own + rules["between"][ending],) if ending in rules["between"] else ()
    return tuple(dict.fromkeys((name, *between, own)))


@cache
def _nationalities() -> re.Pattern[str]:
    """The nationalities at the end of an autonomous area's own name."""
    words = "|".join(longest_first(lexicon("areas")["nationalities"]))
    return re.compile(rf"(?<=..)(?:{words})+$")


def _overlap(one: Division, other: Division) -> bool:
    """Whether two may have stood at the same time."""
    return (one.since or _FIRST) <= (other.until or _LAST) and (other.since or _FIRST) <= (
        one.until or _LAST
    )


def _paths(
    text: str, place: int, under: Division | None, year: int | None
) -> Iterator[tuple[int, Division]]:
    """The divisions named from an offset on, each below the one before, and the name's end."""
    for name in _by_start().get(text[place : place + _SHORTEST], ()):
        if not text.startswith(name, place):
            continue
        for one in _by_name()[name]:
            if year is not None and not one.stood(year):
                continue
            if under is None or (one.code != under.code and lies_in(one, under)):
                end = place + len(name)
                yield end, one
                yield from _paths(text, end, one, year)


@cache
def _by_code() -> dict[str, tuple[Division, ...]]:
    return _grouped((one.code, one) for one in _latest_first())


@cache
def _by_name() -> dict[str, tuple[Division, ...]]:
    return _grouped((name, one) for one in _latest_first() for name in one.names)


@cache
def _by_start() -> dict[str, tuple[str, ...]]:
    """The names that begin with two characters, longer ones first."""
    return _grouped((name[:_SHORTEST], name) for name in longest_first(list(_by_name())))


def _latest_first() -> list[Division]:
    return sorted(divisions(), key=lambda one: -(one.until or _LAST))


def _grouped(pairs: Iterable[tuple[str, T]]) -> dict[str, tuple[T, ...]]:
    """What is paired with each key, in order."""
    found: dict[str, list[T]] = {}
    for key, one in pairs:
        found.setdefault(key, []).append(one)
    return {key: tuple(held) for key, held in found.items()}


def _listed() -> Iterator[Division]:
    """The divisions of divisions.tsv, a line each."""
    text = (files(__name__) / "divisions.tsv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t"))
    cities = {row["code"] for row in rows if row["code"].endswith("00")}
    for row in rows:
        code, city, province = row["code"], f"{row['code'][:4]}00", f"{row['code'][:2]}0000"
        level = Level(row["level"])
        yield Division(
            code,
            row["name"],
            level,
            "" if level is Level.PROVINCE else city if city in cities - {code} else province,
            int(row["since"]) if row["since"] else None,
            int(row["until"]) if row["until"] else None,
            _place(row["longitude"], row["latitude"]),
            _box(row),
            _place(row["middle_longitude"], row["middle_latitude"]),
        )


def _place(longitude: str, latitude: str) -> tuple[float, float] | None:
    return (float(longitude), float(latitude)) if longitude else None


def _box(row: dict[str, str]) -> tuple[float, float, float, float] | None:
    if not row["west"]:
        return None
    return float(row["west"]), float(row["south"]), float(row["east"]), float(row["north"])


def _around(boxes: list[tuple[float, float, float, float]]) -> tuple[float, float, float, float]:
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)
