"""A number as a cell of a sheet or a form gives it: the whole text is one, or it is none."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from kg.lexicon import lexicon, longest_first
from kg.quantities.grammar import unit_of, units
from kg.quantities.numerals import ARABIC, half_width, signed_value, value_of

_SIGNED = rf"[-+]?(?!0\d){ARABIC}"
_BRACKETS = re.compile(r"(?<!\d)\[([^\[\]]+)\](?!\d)")
_UNIT_IN_BRACKETS = re.compile(r"(?<=\d)\(([^()\d]+)\)$")
_NOT_KEPT = re.compile(r"(?:\d[,. ]?){16}|(?![0-9])\d")
_OUTSIDE_NUMBERS = re.compile(r"(?<!\d)\s+|\s+(?!\d)")


@dataclass(frozen=True)
class Entered:
    """A number that was entered.

    value, upper: the number, and the end of a range; in multiples of scale.
    unit_text: the unit written behind it, "" where none is.
    scale: 10,000 for ten thousands that stand alone or before what they count, else 1.
    comparator: as in lexicon/quantities.toml: Equal, AtLeast, Between …
    turn: the word by which it says how much something grew or fell, and fell whether it fell.
    both: whether value and upper are not the ends of a range, but the numbers of two things.
    """

    value: Decimal
    upper: Decimal | None
    unit_text: str
    scale: Decimal
    comparator: str
    turn: str
    fell: bool
    both: bool


def entered_number(text: str, labels: Iterable[str] = ()) -> Entered | None:
    """The number that a whole text, traditional characters simplified, is, with its sign, range,
    unit and comparator; labels: units that may be behind it besides those of the lexicon.

    None where anything is left over, or where it is no single number or range, or one of other
    digits or more than are kept (15, as in a spreadsheet and in conversions).
    """
    plain = _OUTSIDE_NUMBERS.sub("", half_width(text).translate(_SQUARE).strip())
    plain = _BRACKETS.sub(r"\1", plain)  # [6] is a sum over the plan's years
    plain = _UNIT_IN_BRACKETS.sub(r"\1", plain)
    match = _pattern(tuple(sorted(set(filter(None, map(half_width, labels)))))).fullmatch(plain)
    if match is None:
        return _in_front(plain)
    if _NOT_KEPT.search(plain):
        return None
    last = match["upper"] or match["signed"] or match["second"]
    value, upper = signed_value(match["number"]), signed_value(last) if last else None
    if upper is not None and (match["first"] or match["unit"]) != match["unit"]:
        return None
    if upper is not None and upper < value:
        if not match["second"]:
            return None
        value, upper = upper, value
    bound = _comparators()[0].get(match["before"] or "") or _comparators()[1].get(
        match["after"] or ""
    )
    bound = bound or ("Equal" if upper is None else "Between")
    scale = value_of(lexicon("quantities")["numeral"]["one"] + match["big"]) if match["big"] else 1
    unit = match["unit"] or match["thing"] or "", Decimal(scale or 1)
    turn = match["up"] or match["down"] or "", bool(match["down"])
    return Entered(value, upper, *unit, bound, *turn, bool(match["second"]))


def _in_front(plain: str) -> Entered | None:
    """A number in numerals of either kind behind a unit that stands before it."""
    for unit in units().values():
        for label in unit.before:
            value = value_of(plain.removeprefix(label)) if plain.startswith(label) else None
            if value is not None:
                return Entered(value, None, label, Decimal(1), "Equal", "", False, False)
    return None


_SQUARE = {ord("〔"): "[", ord("〕"): "]", ord("【"): "[", ord("】"): "]"}


@cache
def _comparators() -> tuple[dict[str, str], dict[str, str]]:
    """The words that bound a number, before it and behind it."""
    bounds = [one for one in lexicon("quantities")["comparator"] if one["id"] != "Equal"]
    return (
        {word: one["id"] for one in bounds for word in one["before"]},
        {word: one["id"] for one in bounds for word in one["after"]},
    )


@lru_cache(maxsize=256)
def _pattern(own: tuple[str, ...]) -> re.Pattern[str]:
    rules = lexicon("quantities")["entered"]
    behind = [
        label for unit in units().values() for label in unit.labels if label not in unit.before
    ]
    label = _any([*behind, *own])
    upper = rf"(?:{rules['dash']})(?P<upper>(?!0\d){ARABIC})|{rules['to']}(?P<signed>{_SIGNED})"
    before, after = map(_any, _comparators())
    return re.compile(
        rf"(?:{rules['lead']})?(?:(?P<up>{_any(rules['up'])})|(?P<down>{_any(rules['down'])}))?"
        rf"(?P<before>{before})?(?P<number>{_SIGNED})"
        rf"(?:(?P<first>{label})?(?:{upper}|(?:{rules['both']})(?P<second>(?!0\d){ARABIC})))?"
        rf"(?:(?P<unit>{label})|(?P<big>{rules['big']})(?P<thing>{label})?)?(?P<after>{after})?"
    )


def _any(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, longest_first(list(words))))


def counted_in(label: str) -> str:
    """What a unit's label counts: ten thousand persons count persons, others themselves."""
    big = lexicon("quantities")["entered"]["big"]
    thing = re.sub(f"^(?:{big})", "", label)
    return thing if thing and unit_of(thing) is not None else label
