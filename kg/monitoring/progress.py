"""The progress of each indicator in each year: expected value, value reached, and why.

A target at a point in time requires an even path from its baseline; a cumulative one, even shares
of its sum; an annual average, itself each year; one relative to something else, a comparison;
a task, somebody's judgement.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from kg.extract.model import Extraction, Indicator, Quantity, Value
from kg.lexicon import lexicon
from kg.monitoring.model import Observation, Period
from kg.quantities.bounds import CEILINGS, FLOORS, counts_fall, counts_growth, kept_bound
from kg.quantities.wording import (
    Worded,
    difference_worded,
    number_worded,
    places_of,
    target_worded,
    unit_printed,
    years_worded,
)

STATES = ("Met", "Ahead", "OnTrack", "Behind", "Missed", "PartlyMet", "Undetermined", "NoData")
_WORST_FIRST = ("Missed", "PartlyMet", "Behind", "Undetermined", "OnTrack", "Ahead", "Met")
_PLACES = Decimal("0.001")
_MOST_PLACES = 3
_WHOLENESS = (0, 2, 1)  # whole years before their second halves, those before the first ones

_Seen = tuple[Period, Observation]
"""What was observed of an indicator, and for when."""


@dataclass(frozen=True)
class Assessment:
    """The assessment of an indicator against one target at the end of a year.

    target: the target's key, "" where the indicator has none that can be measured.
    state: one of STATES. value: what was reached, expected: what the path asks for; both None where
        there is none.
    share: the share of the path from baseline to target that has been covered; 1 is all of it.
    used: the observations that the judgement rests on.
    """

    indicator: str
    target: str
    year: int
    state: str
    zh: str
    en: str
    value: Decimal | None = None
    expected: Decimal | None = None
    share: Decimal | None = None
    used: tuple[Observation, ...] = ()


@dataclass(frozen=True)
class Reached:
    """The worst and best number reached by the end of a year, and their observations."""

    low: Decimal
    high: Decimal
    used: tuple[Observation, ...]


class Monitor:
    """Judges a plan's indicators by what was observed.

    Args:
        concepts: the quantity that each indicator measures, by the indicator's key.
        observations: the values entered, those superseded left out.
    """

    def __init__(
        self,
        found: Extraction,
        concepts: Mapping[str, str],
        observations: Iterable[Observation],
        period: tuple[int, int],
    ) -> None:
        self._found, self._concepts, self._period = found, concepts, period
        self._higher = {c["id"]: bool(c["higher"]) for c in lexicon("concepts")["concept"]}
        self._own: dict[str, list[_Seen]] = defaultdict(list)  # of the plan's own area
        self._beside: dict[str, list[_Seen]] = defaultdict(list)
        for one in observations:
            if one.period is not None:
                held = self._beside if one.area else self._own
                held[one.indicator].append((one.period, one))

    @property
    def years(self) -> range:
        """The plan's years up to the last one that anything is known of."""
        seen = (*self._own.values(), *self._beside.values())
        known = [period.last for ones in seen for period, _ in ones]
        return range(self._period[0], min(max(known), self._period[1]) + 1) if known else range(0)

    def targets(self, indicator: Indicator) -> list[Value]:
        """An indicator's targets for the plan's period: those of its row, else of the text."""
        own = [v for v in self._found.values if v.kind == "Target" and v.indicator == indicator.key]
        rows = [v for v in own if v.sentence is None and v.measure is None]
        return rows or own

    def assess(self, indicator: Indicator, year: int) -> list[Assessment]:
        """The assessment against each of an indicator's targets at the end of a year."""
        return [self._towards(indicator, target, year) for target in self.targets(indicator)]

    def _towards(self, indicator: Indicator, target: Value, year: int) -> Assessment:
        quantity = target.quantity
        if quantity.value is None:
            return self._in_words(indicator, target, year)
        reached, why = self._reached(indicator, quantity, year)
        if reached is None:
            return self._judged(indicator, target, year) or self._assessment(
                indicator, target, year, "NoData", *why
            )
        at_least = self.at_least(indicator, target)
        value = reached.low if at_least else reached.high
        expected = self._expected(indicator, target, year)
        share = self._share(indicator, target, value)
        done, final = self._satisfies(value, quantity, at_least), year >= target.period[1]
        if _is_too_early(reached, quantity, final and not done):
            state, key, share = "Undetermined", "half-year", None
        elif done:
            state, key = self._done(indicator, target, final, at_least)
        elif final:
            state, key = "Missed", "missed"
        elif expected is None:
            state, key = "Undetermined", "no-path"
        else:
            state, key = self._on_the_way(indicator, target, year, value, expected, at_least)
        bound = quantity.upper if quantity.upper is not None and not at_least else quantity.value
        gap = abs((expected if key == "behind" and expected is not None else bound) - value)
        words = self._numbers(indicator, target, reached, value, expected, gap)
        found = self._assessment(indicator, target, year, state, key, words)
        return replace(found, value=value, expected=expected, share=share, used=reached.used)

    def _done(
        self, indicator: Indicator, target: Value, final: bool, at_least: bool
    ) -> tuple[str, str]:
        """A value that satisfies its target: met, or kept where each year must."""
        base = self._baseline(indicator, target)
        kept = base is not None and self._satisfies(base, target.quantity, at_least)
        if not final and (target.quantity.basis == "AnnualAverage" or kept):
            return "OnTrack", "kept"
        return "Met", "met"

    def _on_the_way(
        self,
        indicator: Indicator,
        target: Value,
        year: int,
        value: Decimal,
        expected: Decimal,
        at_least: bool,
    ) -> tuple[str, str]:
        base, goal = self._baseline(indicator, target), target.quantity.value or Decimal(0)
        path = (
            abs(goal - base)
            if base is not None and target.quantity.basis == "PointInTime"
            else abs(expected)
        )
        slack = path * Decimal(lexicon("monitoring")["tolerance"]["path"])
        further = self._expected(indicator, target, year + 1)
        better = value - expected if at_least else expected - value
        if better < -slack:
            return "Behind", "behind"
        beyond = (
            further is not None
            and target.quantity.basis != "AnnualAverage"
            and (value >= further if at_least else value <= further)
        )
        return ("Ahead", "ahead") if beyond else ("OnTrack", "on-track")

    def at_least(self, indicator: Indicator, target: Value) -> bool:
        """Whether a target is a floor: by comparator, else by the concept, else by the baseline."""
        quantity, rules = target.quantity, lexicon("monitoring")["direction"]
        if quantity.comparator in FLOORS:
            return True
        if quantity.comparator in CEILINGS:
            return False
        known = self._higher.get(self._concepts.get(indicator.key, ""))
        if known is not None:
            return known
        if counts_fall(indicator.name):
            return True
        if any(word in indicator.name for word in rules["lower"]):
            return False
        base = self._baseline(indicator, target)
        return (
            base is None
            or quantity.value is None
            or quantity.basis != "PointInTime"
            or quantity.value >= base
            or self._keeps(indicator, target)
        )

    def _keeps(self, indicator: Indicator, target: Value) -> bool:
        """Whether a target is a bound that the baseline keeps, and so has no path."""
        base, goal = self._baseline(indicator, target), target.quantity
        return kept_bound(goal.comparator, goal.text, indicator.name, goal.value, base) is not None

    def _baseline(self, indicator: Indicator, target: Value) -> Decimal | None:
        base = self._found.baselines.get(indicator.key)
        if (
            base is None
            or base.quantity.value is None
            or base.quantity.basis != target.quantity.basis
        ):
            return None
        return base.quantity.value if base.quantity.unit == target.quantity.unit else None

    def _satisfies(self, value: Decimal, quantity: Quantity, at_least: bool) -> bool:
        goal = quantity.value
        assert goal is not None
        about = (
            abs(goal) * Decimal(lexicon("monitoring")["tolerance"]["about"])
            if quantity.comparator == "About"
            else Decimal(0)
        )
        if quantity.comparator == "MoreThan":
            return value > goal
        if quantity.comparator == "LessThan":
            return value < goal
        if at_least:
            return value >= goal - about
        return value <= (quantity.upper if quantity.upper is not None else goal) + about

    def _expected(self, indicator: Indicator, target: Value, year: int) -> Decimal | None:
        """The value that a target requires at the end of a year."""
        quantity, (first, last) = target.quantity, target.period
        goal = quantity.value
        if goal is None or year > last:
            return None
        if quantity.basis == "AnnualAverage":
            return goal
        if quantity.basis == "Cumulative":
            return _rounded(goal * (year - first + 1) / (last - first + 1))
        base, since = self._baseline(indicator, target), self._found.baselines.get(indicator.key)
        if base is None or since is None or since.period[1] >= last:
            return None
        if self._keeps(indicator, target):
            return goal
        return _rounded(base + (goal - base) * (year - since.period[1]) / (last - since.period[1]))

    def _share(self, indicator: Indicator, target: Value, value: Decimal) -> Decimal | None:
        """How much of the path is covered; None for a bound that the baseline keeps already."""
        quantity, base = target.quantity, self._baseline(indicator, target)
        goal = quantity.value
        if goal is None or quantity.basis == "AnnualAverage":
            return None
        if quantity.basis == "PointInTime" and base is not None:
            bound = quantity.comparator not in ("Equal", "About")
            satisfied = self._satisfies(base, quantity, self.at_least(indicator, target))
            if (bound and satisfied) or self._keeps(indicator, target):
                return None
        start = Decimal(0) if target.quantity.basis == "Cumulative" else base
        return (
            None if start is None or goal == start else _rounded((value - start) / (goal - start))
        )

    def _reached(
        self, indicator: Indicator, quantity: Quantity, year: int
    ) -> tuple[Reached | None, tuple[str, dict[str, str | Worded]]]:
        """What was reached by a year's end on a basis, or a sentence on what is missing."""
        seen = self._own[indicator.key]
        numbered = [
            (period, one)
            for period, one in seen
            if one.number is not None and one.unit in (quantity.unit, None)
        ]
        ended = [(period, one) for period, one in numbered if period.last == year]
        levels = self._has_levels(indicator, quantity)
        if quantity.basis == "PointInTime":
            if levels:  # what spans of years come to answers to the row's other target
                ended = [pair for pair in ended if pair[0].first == pair[0].last]
            if ended:
                return _single(min(ended, key=lambda pair: _WHOLENESS[pair[0].half])[1]), ("", {})
        else:
            first = self._period[0]
            spans = [one for period, one in ended if period.first == first and not period.half]
            if spans:
                return _single(max(spans, key=lambda o: o.entry.number)), ("", {})
            if levels:
                return self._since_baseline(indicator, quantity, year)
            yearly = {
                period.first: one
                for period, one in numbered
                if period.first == period.last and not period.half
            }
            wanted = range(self._period[0], year + 1)
            missing = [y for y in wanted if y not in yearly]
            if not missing:
                return self._combined(indicator, quantity, [yearly[y] for y in wanted]), ("", {})
            if year in yearly:
                years = [str(y) for y in missing]
                said = Worded("、".join(years), ", ".join(years))
                return None, ("incomplete", {"missing": said})
        hidden = any(one.missing and period.last == year for period, one in seen)
        return None, ("not-published" if hidden else "no-value", {})

    def _has_levels(self, indicator: Indicator, quantity: Quantity) -> bool:
        """Whether an indicator has targets in a unit both for a level and for years together, so
        that a single year's value in it is a level (160〔48〕).
        """
        bases = {
            target.quantity.basis
            for target in self.targets(indicator)
            if target.quantity.unit == quantity.unit and target.quantity.value is not None
        }
        return "PointInTime" in bases and len(bases) > 1

    def _since_baseline(
        self, indicator: Indicator, quantity: Quantity, year: int
    ) -> tuple[Reached | None, tuple[str, dict[str, str | Worded]]]:
        """What a year's level adds to the baseline, as a sum of the years since."""
        level, why = self._reached(indicator, replace(quantity, basis="PointInTime"), year)
        base = self._found.baselines.get(indicator.key)
        if level is None or base is None or base.quantity.unit != quantity.unit:
            return None, why if level is None else ("no-value", {})
        before = base.quantity.value
        if quantity.basis != "Cumulative" or before is None:
            return None, ("no-value", {})
        return Reached(level.low - before, level.high - before, level.used), ("", {})

    def _combined(
        self, indicator: Indicator, quantity: Quantity, yearly: list[Observation]
    ) -> Reached:
        """Yearly values as one: their sum, or their average, of growth rates as factors."""
        lows = [one.number or Decimal(0) for one in yearly]
        if quantity.basis == "Cumulative":
            return Reached(sum(lows, Decimal(0)), sum(lows, Decimal(0)), tuple(yearly))
        growth = quantity.unit == "percent" and counts_growth(indicator.name)
        if growth and all(low > -100 for low in lows):
            average = Decimal(
                str((math.prod(1 + float(low) / 100 for low in lows) ** (1 / len(lows)) - 1) * 100)
            )
        else:
            average = sum(lows, Decimal(0)) / len(lows)
        return Reached(_rounded(average), _rounded(average), tuple(yearly))

    def _in_words(self, indicator: Indicator, target: Value, year: int) -> Assessment:
        """A target without a number: compared where it is relative, else judged in words."""
        judged = self._judged(indicator, target, year)
        if judged is not None:
            return judged
        if target.quantity.comparator == "Missing" and not target.quantity.text.strip("-—[]〔〕 "):
            return self._assessment(indicator, target, year, "NoData", "no-target", {})
        if target.quantity.comparator in ("Relative", *FLOORS, *CEILINGS):
            compared = self._compared(indicator, target, year)
            if compared is not None:
                return compared
        ones = [one for period, one in self._own[indicator.key] if period.last == year]
        if any(one.missing for one in ones):
            return self._assessment(indicator, target, year, "NoData", "not-published", {})
        if not ones:
            return self._assessment(indicator, target, year, "NoData", "no-value", {})
        return self._assessment(indicator, target, year, "Undetermined", "needs-judgement", {})

    def _judged(self, indicator: Indicator, target: Value, year: int) -> Assessment | None:
        """By what a person judged, or a value in words says, of this year."""
        ones = [
            one
            for period, one in self._own[indicator.key]
            if period.last == year
            and one.judgement
            and (one.number is None or target.quantity.value is None)
        ]
        if not ones:
            return None
        last = max(ones, key=lambda o: (o.entry.number, o.entry.row))
        final = year >= target.period[1]
        if last.judgement == "met":
            state, key = "Met", "judged-met"
        else:
            state, key = "Missed" if final else "Behind", "judged-missed"
        return replace(
            self._assessment(indicator, target, year, state, key, {"value": last.text}),
            used=(last,),
        )

    def _compared(self, indicator: Indicator, target: Value, year: int) -> Assessment | None:
        """Compared with economic growth, or another area's indicator, in the same period."""
        rules, text = lexicon("monitoring")["direction"], target.quantity.text
        own = _numbered(self._own[indicator.key])
        beside: dict[Period, tuple[str, Observation]] = {}
        if any(word in text for word in rules["economy"]):
            for key, seen in self._own.items():
                if self._concepts.get(key) == rules["economy_concept"]:
                    name = self._found.indicator[key].name
                    beside |= {period: (name, one) for period, one in _numbered(seen).items()}
        else:
            others = _numbered(self._beside[indicator.key])
            beside = {period: (one.area, one) for period, one in others.items()}
        both = [
            period
            for period, one in own.items()
            if period.last == year and period in beside and one.unit == beside[period][1].unit
        ]
        if not both:
            return None
        period = max(both, key=lambda p: p.last - p.first)
        other, compared = beside[period]
        value, bound = own[period].number or Decimal(0), compared.number or Decimal(0)
        at_most = any(word in text for word in rules["at_most"]) and rules["not_below"] not in text
        holds = value <= bound if at_most else value >= bound
        final = year >= target.period[1]
        state = ("Met" if final else "OnTrack") if holds else ("Missed" if final else "Behind")
        unit, places = own[period].unit, places_of(value, bound)
        words: dict[str, str | Worded] = {
            "value": number_worded(value, unit, places=places),
            "other": other,
            "compared": number_worded(bound, unit, places=places),
            "gap": difference_worded(abs(value - bound), unit, places=places),
        }
        found = self._assessment(
            indicator, target, year, state, "relative-met" if holds else "relative-missed", words
        )
        return replace(found, value=value, expected=bound, used=(own[period], compared))

    def _assessment(
        self,
        indicator: Indicator,
        target: Value,
        year: int,
        state: str,
        key: str,
        words: Mapping[str, str | Worded],
    ) -> Assessment:
        """A state with the sentence that says why."""
        rules = lexicon("monitoring")
        quantity = target.quantity
        summed = quantity.basis != "PointInTime" and year > self._period[0]
        when = years_worded(self._period[0] if summed else year, year)
        stated = target_worded(
            quantity.value,
            quantity.text,
            quantity.unit,
            _unit(indicator, quantity),
            quantity.comparator,
            quantity.basis,
        )
        point = quantity.basis == "PointInTime" or quantity.value is None
        by = years_worded(target.period[1] if point else target.period[0], target.period[1])
        given = {
            "when": when.within(rules["when"][quantity.basis]) if summed else when,
            "target": stated,
            "by": by,
            **words,
        }
        filled = {
            language: text.format(
                **{k: v.of(language) if isinstance(v, Worded) else v for k, v in given.items()}
            )
            for language, text in rules["sentence"][key].items()
        }
        return Assessment(indicator.key, target.key, year, state, filled["zh"], filled["en"])

    def _numbers(
        self,
        indicator: Indicator,
        target: Value,
        reached: Reached,
        value: Decimal,
        expected: Decimal | None,
        gap: Decimal,
    ) -> dict[str, str | Worded]:
        """What was reached, what was expected and the gap, in words, with decimals as reported."""
        unit, printed = target.quantity.unit, _unit(indicator, target.quantity)
        base, reported = self._baseline(indicator, target), [one.number for one in reached.used]
        places = places_of(target.quantity.value, base, *reported)
        if len(reported) > 1:  # an average has more decimals than what it is made of
            places = max(places, 1)
            value = round(value, places)
        return {
            "value": number_worded(value, unit, printed),
            "expected": ""
            if expected is None
            else number_worded(expected, unit, printed, self._decimals(value, expected, places)),
            "gap": difference_worded(gap, unit, printed, places),
        }

    @staticmethod
    def _decimals(value: Decimal, expected: Decimal, places: int) -> int:
        """As many decimals as it takes that two numbers that differ do not look the same."""
        while places < _MOST_PLACES and value != expected and round(expected, places) == value:
            places += 1
        return places


def _unit(indicator: Indicator, quantity: Quantity) -> str:
    """What the plan calls the unit of an indicator."""
    if not quantity.unit:
        return quantity.unit_text
    names = " ".join((*indicator.other_names, indicator.name))
    return unit_printed(quantity.unit, f"{names} ({indicator.unit_text}) {quantity.text}")


def _numbered(seen: Iterable[_Seen]) -> dict[Period, Observation]:
    """The last observation with a number for each period."""
    return {period: one for period, one in seen if one.number is not None}


def _is_too_early(reached: Reached, quantity: Quantity, is_missed: bool) -> bool:
    """Whether a value of half a year tells nothing of its year: unless it is a percentage, it may
    be half of what the year comes to, and by a first half none has missed its target yet."""
    halves = [one.period.half for one in reached.used if one.period is not None]
    return (1 in halves and is_missed) or (any(halves) and quantity.unit != "percent")


def _single(one: Observation) -> Reached:
    number = one.number or Decimal(0)
    return Reached(number, one.upper if one.upper is not None else number, (one,))


def _rounded(number: Decimal) -> Decimal:
    return number.quantize(_PLACES).normalize() + 0


def combined(states: Iterable[str]) -> str:
    """The state over several targets or indicators: partly met if some are missed, else worst."""
    known = [state for state in states if state != "NoData"]
    if not known:
        return "NoData"
    if {"Met", "Missed"} <= set(known):
        return "PartlyMet"
    return min(known, key=_WORST_FIRST.index)
