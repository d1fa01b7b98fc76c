"""Monitoring data: values of indicators, states of measures, and the imports they came with."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from kg.lexicon import lexicon
from kg.quantities.numerals import half_width
from kg.quantities.wording import years_worded
from kg.source.patterns import pattern, year
from kg.source.text import compact, normal


@dataclass(frozen=True, order=True)
class Period:
    """The year, half-year or years that a value is for; half is 1 or 2, or 0 for whole years."""

    first: int
    last: int
    half: int = 0

    @classmethod
    def read(cls, text: str) -> Period | None:
        """The year, half-year or years that a text names, in digits of either kind, as 2023H1 and
        2021-2023 do; None where it names none."""
        plain = compact(half_width(normal(text)))
        if match := _match("half", plain):
            return cls(_year(match["year"]), _year(match["year"]), _half(match))
        if match := _match("year", plain):
            return cls(_year(match["year"]), _year(match["year"]))
        if match := _match("span", plain):
            first, last = _year(match["first"]), _year(match["last"])
            return cls(first, last) if first <= last else None
        return None

    @property
    def key(self) -> str:
        """As in IRIs and sheets: 2023, 2023-H1, 2021-2023."""
        if self.half:
            return f"{self.first}-H{self.half}"
        return str(self.first) if self.first == self.last else f"{self.first}-{self.last}"

    def label(self, language: str) -> str:
        """As people say it."""
        if not self.half:
            return years_worded(self.first, self.last).of(language)
        half = ("first_half", "second_half")[self.half - 1]
        return str(lexicon("monitoring")["period_label"][half][language]).format(year=self.first)

    @property
    def start(self) -> str:
        """The first day, ISO 8601."""
        return f"{self.first}-{'07' if self.half == 2 else '01'}-01"

    @property
    def end(self) -> str:
        """The last day, ISO 8601."""
        return f"{self.last}-06-30" if self.half == 1 else f"{self.last}-12-31"


def _match(name: str, text: str) -> re.Match[str] | None:
    return pattern(lexicon("monitoring")["period"][name]).fullmatch(text)


def _year(text: str) -> int:
    return year(text) or 0


def _half(match: re.Match[str]) -> int:
    rules = lexicon("monitoring")["period"]
    if match["half"]:
        return int(match["half"])
    if match["name"]:
        return 1 + int(rules["halves"].index(match["name"]))
    return 1 if re.match(rules["first_half"], match["months"]) else 2


@dataclass(frozen=True)
class Entry:
    """Where something entered comes from: the number of the import, the row of its sheet from 1,
    and the letter of the column where a row has one for each of several periods, else ""."""

    number: int
    row: int
    column: str = ""

    @property
    def place(self) -> str:
        """As a user finds it: the file of the log, and the row of the sheet that it was."""
        return f"monitoring/{self.number:04}.csv, row {self.row}{self.column}"

    @property
    def key(self) -> str:
        """As in IRIs: 1-2, 1-2D."""
        return f"{self.number}-{self.row}{self.column}"


@dataclass(frozen=True)
class Import:
    """A sheet that was imported: number, file name, SHA-256, who, and when (UTC, ISO 8601)."""

    number: int
    file: str
    sha256: str
    by: str
    at: str


Key = Callable[[str, str], str | None]  # the key of what a kind's identifier is of
About = tuple[str, str, Period | None, str | None]  # an indicator, an area, a period and a unit


@dataclass(frozen=True)
class Observation:
    """A value of an indicator for a period and an area.

    indicator: the indicator's key, "" where it was not found (name holds what was written).
    area: the area's name, "" for the plan's own.
    number, upper: the number in the unit of that id, and the highest where several were given; None
        without a number.
    text, unit_text: as entered. unit_text is empty where the unit is one that the indicator may
        have.
    status: Preliminary, Final or Revised. judgement: met, unmet or "".
    comparator: Equal, or what bounds the number as entered (MoreThan for >90, Between for a range).
    """

    entry: Entry
    indicator: str
    name: str
    area: str
    period: Period | None
    number: Decimal | None
    upper: Decimal | None
    text: str
    unit: str | None
    unit_text: str
    status: str
    judgement: str
    missing: bool
    source: str
    link: str
    date: str
    note: str
    comparator: str = "Equal"

    @property
    def about(self) -> About:
        """What it is about: a later one of the same is a revision."""
        return self.indicator, self.area, self.period, self.unit


@dataclass(frozen=True)
class MeasureState:
    """A measure's state (NotStarted, UnderWay, Done, Dropped or "") with its evidence."""

    entry: Entry
    measure: str
    state: str
    text: str
    source: str
    link: str
    date: str
    note: str


@dataclass(frozen=True)
class Log:
    """Everything entered for a plan, in the order it came in."""

    imports: tuple[Import, ...] = ()
    observations: tuple[Observation, ...] = ()
    states: tuple[MeasureState, ...] = ()

    def of_plan(self, key: Key, say: Callable[[str], None]) -> Log:
        """The log by the present keys of a plan, which key gives by kind and identifier; what is
        about an entity that is gone is left out, and named by say."""
        observations, states = [], []
        for one in self.observations:
            if (indicator := key("indicator", one.indicator)) is not None:
                observations.append(replace(one, indicator=indicator))
            else:
                say(f"{one.entry.place}: indicator {one.indicator} is no more in the plan")
        for state in self.states:
            if (measure := key("measure", state.measure)) is not None:
                states.append(replace(state, measure=measure))
            else:
                say(f"{state.entry.place}: measure {state.measure} is no more in the plan")
        return replace(self, observations=tuple(observations), states=tuple(states))

    @cached_property
    def current(self) -> dict[About, Observation]:
        """The observations that no later one supersedes, by what they are about."""
        return {one.about: one for one in self.observations}

    @cached_property
    def current_states(self) -> dict[str, MeasureState]:
        """The last state of each measure."""
        return {one.measure: one for one in self.states}
