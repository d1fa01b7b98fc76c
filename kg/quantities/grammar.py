"""Numbers with units in running text: how much, at least or at most, and of what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from kg.lexicon import lexicon, longest_first

_NUMBER = (
    r"(?<![\d.A-Za-z一-龥“-]\d)(?<![\d.A-Za-z])(?P<number>\d+(?:\.\d+)?)"
    r"(?:(?P<between>[-—~至])(?P<upper>\d+(?:\.\d+)?))?"
)


@dataclass(frozen=True)
class Unit:
    """A unit of lexicon/units.toml."""

    id: str
    kind: str
    labels: tuple[str, ...]
    english: str
    base: str | None
    factor: Decimal
    qudt: str | None


@dataclass(frozen=True)
class Number:
    """A number in a clause: its value, unit and comparator, and the places of its parts in the
    clause."""

    start: int
    end: int
    value: Decimal
    upper: Decimal | None
    unit: Unit | None
    unit_text: str
    comparator: str | None
    lead: int

    @property
    def governed(self) -> bool:
        """Whether a word before the number says how it compares (达到, 不低于)."""
        return self.lead < self.start


@cache
def units() -> dict[str, Unit]:
    """The units by id."""
    return {
        u["id"]: Unit(
            u["id"],
            u["kind"],
            tuple(u["labels"]),
            u["english"],
            u.get("base"),
            Decimal(u.get("factor", 1)),
            u.get("qudt"),
        )
        for u in lexicon("units")["unit"]
    }


@cache
def unit_of(label: str) -> Unit | None:
    """The unit that a printed label means."""
    return next((u for u in units().values() if label in u.labels), None)


@cache
def _number() -> re.Pattern[str]:
    labels = longest_first([label for u in units().values() for label in u.labels])
    return re.compile(rf"{_NUMBER}(?:多|余)?(?P<unit>{'|'.join(map(re.escape, labels))})?")


@cache
def _before() -> tuple[tuple[str, str], ...]:
    pairs = [(word, c["id"]) for c in lexicon("quantities")["comparator"] for word in c["before"]]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


@cache
def _after() -> tuple[tuple[str, str], ...]:
    pairs = [(word, c["id"]) for c in lexicon("quantities")["comparator"] for word in c["after"]]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


def find_numbers(clause: str) -> Iterator[Number]:
    """The numbers of a clause that are quantities: no dates, grades, codes or parts of names."""
    modifiers = lexicon("quantities")["modifier"]
    for match in _number().finditer(clause):
        start, end = match.span()
        unit_text = match["unit"] or ""
        unit = unit_of(unit_text) if unit_text else None
        before, after = clause[:start], clause[end:]
        if (
            (unit and unit.kind == "rating")
            or _is_date(match["number"], unit_text, after)
            or _inside(clause, start)
        ):
            continue
        if before.endswith(tuple(modifiers["before"])) or after.startswith(
            tuple(modifiers["after"])
        ):
            continue
        lead, comparator = _comparator_before(before)
        follows = next(((word, c) for word, c in _after() if after.startswith(word)), None)
        if follows:
            end += len(follows[0])
            comparator = follows[1]
        if unit is None and not (lead < start and not after[:1].strip()):
            continue
        upper = Decimal(match["upper"]) if match["upper"] else None
        yield Number(start, end, Decimal(match["number"]), upper, unit, unit_text, comparator, lead)


def _comparator_before(before: str) -> tuple[int, str | None]:
    """Where the words that govern the number begin, and the comparator they make."""
    at, comparator = len(before), None
    while found := next(((word, c) for word, c in _before() if before[:at].endswith(word)), None):
        at -= len(found[0])
        if comparator is None or comparator == "Equal":
            comparator = found[1]
    return at, comparator


def _is_date(number: str, unit: str, after: str) -> bool:
    if unit == "年":
        return len(number) == 4 or after.startswith(("来", "以来", "底", "代"))
    if unit in ("日", "天") and after.startswith(("起", "以来")):
        return True
    return not unit and (
        after.startswith(("月", "年")) or (len(number) == 4 and number.startswith(("19", "20")))
    )


def _inside(clause: str, at: int) -> bool:
    """Whether a place lies inside a work's title."""
    return clause.rfind("《", 0, at) > clause.rfind("》", 0, at)


@cache
def _cell() -> re.Pattern[str]:
    rules = lexicon("quantities")["cell"]
    labels = longest_first([label for u in units().values() for label in u.labels])
    after = "|".join(re.escape(word) for word, _ in _after())
    return re.compile(
        rf"(?P<sign>{rules['sign']})(?P<number>-?\d+(?:\.\d+)?)%?"
        rf"(?:[-—~至](?P<upper>\d+(?:\.\d+)?)|±\d+(?:\.\d+)?)?"
        rf"(?P<unit>{'|'.join(map(re.escape, labels))})?(?P<after>{after})?(?:{rules['rest']})?"
    )


def cell_number(text: str) -> Number | None:
    """The number that a cell of a table holds, with its sign, bounds and unit.

    Args:
        text: the cell in half-width characters, without blanks.

    Returns:
        The number, or None where the cell holds words, or more than one number.
    """
    text = text.replace(",", "") if re.search(r"\d,\d{3}(?!\d)", text) else text
    start, comparator = 0, None
    opens = (*_before(), *((word, "") for word in lexicon("quantities")["cell"]["before"]))
    while found := next(((w, c) for w, c in opens if text.startswith(w, start)), None):
        start += len(found[0])
        comparator = found[1] if found[1] not in ("", "Equal") else comparator
    match = _cell().fullmatch(text, start)
    if match is None:
        return None
    signs = lexicon("quantities")["cell"]["signs"]
    follows = dict(_after()).get(match["after"] or "")
    unit = unit_of(match["unit"]) if match["unit"] else None
    return Number(
        match.start("number"),
        match.end(),
        Decimal(match["number"]),
        Decimal(match["upper"]) if match["upper"] else None,
        unit,
        match["unit"] or "",
        follows or signs.get(match["sign"]) or comparator or None,
        start,
    )
