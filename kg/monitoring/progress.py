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
from functools import cached_property

from kg.extract.model import Extraction, Indicator, Quantity, Value
from kg.lexicon import lexicon, pattern
from kg.monitoring.model import Observation, Period
from kg.monitoring.proportion import out_of_proportion, sizes_of
from kg.quantities import wording
from kg.quantities.bounds import CEILINGS, FLOORS, counts_fall, counts_growth, guarded, kept_bound
from kg.quantities.wording import Worded

STATES = ("Met", "Ahead", "OnTrack", "Behind", "Missed", "PartlyMet", "Undetermined", "NoData")
GOOD = ("OnTrack", "Ahead", "Met")
_WORST_FIRST = ("Missed", "PartlyMet", "Behind", "Undetermined", *GOOD)
_MOST_PLACES = 3
_WHOLENESS = (0, 2, 1)  # whole years before their second halves, those before the first ones

_Seen = tuple[Period, Observation]
"""What was observed of an indicator, and for when."""
_Words = dict[str, str | Worded]
"""What a sentence of the lexicon is filled with."""


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
    """Judges a plan's indicators by the values entered, those superseded left out, and by the
    quantity that each measures (concepts, by the indicator's key)."""

    def __init__(
        self,
        found: Extraction,
        concepts: Mapping[str, str],
        observations: Iterable[Observation],
        period: tuple[int, int],
    ) -> None:
        self.found, self.concepts, self.period = found, concepts, period
        observations = tuple(observations)
        self.sizes = sizes_of(observations)
        self.own: dict[str, list[_Seen]] = defaultdict(list)  # of the plan's own area
        self.beside: dict[str, list[_Seen]] = defaultdict(list)
        for one in observations:
            if one.period is not None:
                held = self.beside if one.area else self.own
                held[one.indicator].append((one.period, one))

    @property
    def years(self) -> range:
        """The plan's years up to the last one that anything is known of."""
        seen = (*self.own.values(), *self.beside.values())
        known = [period.last for ones in seen for period, _ in ones]
        return range(self.period[0], min(max(known), self.period[1]) + 1) if known else range(0)

    def assess(self, indicator: Indicator, year: int) -> list[Assessment]:
        """The assessment of an indicator at the end of a year: of its targets of a unit and basis
        against the one for that year or the next later one, else the last."""
        targets = targets_of(self.found, indicator.key)
        due: dict[tuple[str | None, str, str], Value] = {}
        for target in sorted(targets, key=lambda t: (t.period[1] < year, abs(t.period[1] - year))):
            goal = target.quantity
            words = goal.text if goal.value is None else ""
            due.setdefault((goal.unit, goal.basis, words), target)
        chosen = [target for target in targets if target in due.values()]
        return [self._doubted(_Path(self, indicator, target).assess(year)) for target in chosen]

    def _doubted(self, one: Assessment) -> Assessment:
        """An assessment that says which of the values that it rests on are out of proportion."""
        said = lexicon("monitoring")["sentence"]["doubted"]
        for used in one.used:
            if doubt := out_of_proportion(self.found, used, self.sizes):
                zh = said["zh"].format(sentence=one.zh, doubt=doubt.zh)
                one = replace(one, zh=zh, en=said["en"].format(sentence=one.en, doubt=doubt.en))
        return one


def targets_of(found: Extraction, indicator: str) -> list[Value]:
    """The targets of an indicator by its key: those of its row, else of the text."""
    own = [v for v in found.values if v.kind == "Target" and v.indicator == indicator]
    rows = [v for v in own if v.sentence is None]
    return rows or own


class _Path:
    """An indicator's path to one of its targets."""

    def __init__(self, monitor: Monitor, indicator: Indicator, target: Value) -> None:
        self._monitor, self._indicator, self._target = monitor, indicator, target
        self._goal, self._last = target.quantity, target.period[1]
        self._seen = monitor.own[indicator.key]
        self._baseline = monitor.found.baselines.get(indicator.key)
        kind, base = (self._goal.basis, self._goal.unit), self._baseline and self._baseline.quantity
        self._base = base.value if base and (base.basis, base.unit) == kind else None

    def assess(self, year: int) -> Assessment:
        """The assessment at the end of a year."""
        goal = self._goal
        if goal.value is None:
            return self._in_words(year)
        reached, why = self._reached(goal.basis, year)
        if reached is None:
            return self._judged(year) or self._lacking(year, *why)
        value = reached.low if self._at_least else reached.high
        expected, share = self._expected(year), self._share(value)
        done, final = self._satisfies(value), year >= self._last
        if _is_too_early(reached, goal):
            state, key, share = "Undetermined", "half-year", None
        elif done:
            state, key = self._done(final)
        elif final:
            state, key = "Missed", "missed"
        elif expected is None:
            state, key = "Undetermined", "no-path"
        else:
            state, key = self._on_the_way(year, value, expected)
        bound = goal.upper if goal.upper is not None and not self._at_least else goal.value
        gap = abs((expected if key == "behind" and expected is not None else bound) - value)
        words = self._numbers(reached, value, expected, gap)
        found = self._assessment(year, state, key, words)
        return replace(found, value=value, expected=expected, share=share, used=reached.used)

    def _lacking(self, year: int, key: str, words: _Words) -> Assessment:
        """Nothing to judge by: no value, not all of several, or one in another unit than the
        target's, as a level beside a target in percentage points without a baseline."""
        there = [one for period, one in self._seen if period.last == year]
        alien = [(o.number, o.unit) for o in there if o.unit not in (self._goal.unit, None)]
        number, unit = alien[-1] if alien else (None, None)
        if key == "no-value" and number is not None:
            key, words = "not-comparable", {"value": wording.number_worded(number, unit)}
        state = "NoData" if key in ("no-value", "not-published") else "Undetermined"
        return self._assessment(year, state, key, words)

    def _done(self, final: bool) -> tuple[str, str]:
        """A value that satisfies its target: met, or kept where each year must."""
        kept = self._base is not None and self._satisfies(self._base)
        if not final and (self._goal.basis == "AnnualAverage" or kept):
            return "OnTrack", "kept"
        return "Met", "met"

    def _on_the_way(self, year: int, value: Decimal, expected: Decimal) -> tuple[str, str]:
        base, goal, basis = self._base, self._goal.value or Decimal(0), self._goal.basis
        path = abs(goal - base) if base is not None and basis == "PointInTime" else abs(expected)
        slack = path * Decimal(lexicon("monitoring")["tolerance"]["path"])
        better = value - expected if self._at_least else expected - value
        if better < -slack:
            return "Behind", "not-kept" if self._keeps else "behind"
        further = self._expected(year + 1)
        if further is not None and basis != "AnnualAverage":
            beyond = value >= further if self._at_least else value <= further
            return ("Ahead", "ahead") if beyond else ("OnTrack", "on-track")
        return "OnTrack", "on-track"

    @cached_property
    def _at_least(self) -> bool:
        """Whether a target is a floor: by its words, else by the concept, else by the baseline."""
        goal, name = self._goal, self._indicator.name
        if goal.comparator in FLOORS:
            return True
        falls = pattern("monitoring", "direction", "falls_to").search(goal.text)
        if goal.comparator in CEILINGS or falls:
            return False
        concept = self._monitor.concepts.get(self._indicator.key, "")
        if known := lexicon("concepts").get(concept):
            return bool(known["higher"])
        if counts_fall(name):
            return True
        if guarded(name) in CEILINGS:
            return False
        return (
            self._base is None
            or goal.value is None
            or goal.basis != "PointInTime"
            or goal.value >= self._base
            or self._keeps
        )

    @cached_property
    def _keeps(self) -> bool:
        """Whether the target is a bound that the baseline keeps, and so has no path."""
        goal, name = self._goal, self._indicator.name
        return kept_bound(goal.comparator, goal.text, name, goal.value, self._base) is not None

    def _satisfies(self, value: Decimal) -> bool:
        goal, bound = self._goal, self._goal.value
        assert bound is not None
        if goal.comparator == "MoreThan":
            return value > bound
        if goal.comparator == "LessThan":
            return value < bound
        about = Decimal(0)
        if goal.comparator == "About":
            about = abs(bound) * Decimal(lexicon("monitoring")["tolerance"]["about"])
        if self._at_least:
            return value >= bound - about
        return value <= (goal.upper if goal.upper is not None else bound) + about

    def _expected(self, year: int) -> Decimal | None:
        """The value that the target requires at the end of a year."""
        goal, (first, last) = self._goal.value, self._target.period
        if goal is None or year > last:
            return None
        if self._goal.basis == "AnnualAverage":
            return goal
        if self._goal.basis == "Cumulative":
            return _rounded(goal * (year - first + 1) / (last - first + 1))
        base, since = self._base, self._baseline.period[1] if self._baseline else last
        if base is None or since >= last:
            return None
        if self._keeps:
            return goal
        return _rounded(base + (goal - base) * (year - since) / (last - since))

    def _share(self, value: Decimal) -> Decimal | None:
        """How much of the path is covered; None for a bound that the baseline keeps already."""
        base, goal, basis = self._base, self._goal.value, self._goal.basis
        if goal is None or basis == "AnnualAverage":
            return None
        if basis == "PointInTime" and base is not None:
            bound = self._goal.comparator not in ("Equal", "About")
            if (bound and self._satisfies(base)) or self._keeps:
                return None
        start = Decimal(0) if basis == "Cumulative" else base
        if start is None or goal == start:
            return None
        return Decimal(wording.plain((value - start) / (goal - start), _MOST_PLACES))

    def _reached(self, basis: str, year: int) -> tuple[Reached | None, tuple[str, _Words]]:
        """What was reached by a year's end on a basis, or a sentence on what is missing."""
        unit, begin = self._goal.unit, self._monitor.period[0]
        numbered = [
            (period, one)
            for period, one in self._seen
            if one.number is not None and one.unit in (unit, None)
        ]
        ended = [(period, one) for period, one in numbered if period.last == year]
        if basis == "PointInTime":
            if self._has_levels:  # what spans of years come to answers to the row's other target
                ended = [pair for pair in ended if pair[0].first == pair[0].last]
            if ended:
                return _single(min(ended, key=lambda pair: _WHOLENESS[pair[0].half])[1]), ("", {})
        else:
            spans = [one for period, one in ended if period.first == begin and not period.half]
            if spans:
                return _single(max(spans, key=lambda o: o.entry.number)), ("", {})
            if self._has_levels:
                return self._since_baseline(year)
            yearly = {
                period.first: one
                for period, one in numbered
                if period.first == period.last and not period.half
            }
            wanted = range(begin, year + 1)
            missing = [str(y) for y in wanted if y not in yearly]
            halves = [one for period, one in ended if period.half and year not in yearly]
            if halves or not missing:
                whole = self._combined([yearly[y] for y in wanted]) if not missing else None
                return whole or _single(max(halves, key=lambda o: o.entry.number)), ("", {})
            if year in yearly:
                names = Worded("、".join(missing), ", ".join(missing))
                return None, ("incomplete", {"missing": names})
        hidden = any(one.missing and period.last == year for period, one in self._seen)
        return None, ("not-published" if hidden else "no-value", {})

    @cached_property
    def _has_levels(self) -> bool:
        """Whether the indicator has targets in the unit both for a level and for years together, so
        that a single year's value in it is a level."""
        targets = targets_of(self._monitor.found, self._indicator.key)
        known = [t.quantity for t in targets if t.quantity.value is not None]
        bases = {quantity.basis for quantity in known if quantity.unit == self._goal.unit}
        return "PointInTime" in bases and len(bases) > 1

    def _since_baseline(self, year: int) -> tuple[Reached | None, tuple[str, _Words]]:
        """What a year's level adds to the baseline, as a sum of the years since."""
        level, why = self._reached("PointInTime", year)
        if level is None:
            return None, why
        base = self._baseline.quantity if self._baseline else None
        of_unit = base is not None and base.unit == self._goal.unit
        if base is None or base.value is None or not of_unit or self._goal.basis != "Cumulative":
            return None, ("no-value", {})
        return Reached(level.low - base.value, level.high - base.value, level.used), ("", {})

    def _combined(self, yearly: list[Observation]) -> Reached:
        """Yearly values as one: their sum, or their average, of growth rates as factors, with one
        decimal more than they and the target have."""
        lows = [one.number or Decimal(0) for one in yearly]
        total = sum(lows, Decimal(0))
        if self._goal.basis == "Cumulative":
            return Reached(total, total, tuple(yearly))
        average = total / len(lows)
        growth = self._goal.unit == "percent" and counts_growth(self._indicator.name)
        if growth and all(low > -100 for low in lows):
            factor = math.prod(1 + float(low) / 100 for low in lows) ** (1 / len(lows))
            average = Decimal(str((factor - 1) * 100))
        places = wording.places_of(self._goal.value, *lows)
        average = Decimal(wording.plain(average, places + (len(lows) > 1)))
        return Reached(average, average, tuple(yearly))

    def _in_words(self, year: int) -> Assessment:
        """A target without a number: compared where it is relative, else judged in words."""
        if (judged := self._judged(year)) is not None:
            return judged
        goal, ones = self._goal, [one for period, one in self._seen if period.last == year]
        if goal.comparator == "Missing" and not goal.text.strip("-—[]〔〕 "):
            entered = any(one.number is not None for one in ones)
            return self._assessment(year, "Undetermined" if entered else "NoData", "no-target", {})
        if goal.comparator in ("Relative", *FLOORS, *CEILINGS):
            compared = self._compared(year)
            if compared is not None:
                return compared
        if any(one.missing for one in ones):
            return self._assessment(year, "NoData", "not-published", {})
        if not ones:
            return self._assessment(year, "NoData", "no-value", {})
        return self._assessment(year, "Undetermined", "needs-judgement", {})

    def _judged(self, year: int) -> Assessment | None:
        """By what a person judged, or a value in words says, of this year."""
        ones = [
            one
            for period, one in self._seen
            if period.last == year
            and one.judgement
            and (one.number is None or self._goal.value is None)
        ]
        if not ones:
            return None
        last = max(ones, key=lambda o: (o.entry.number, o.entry.row))
        if last.judgement == "met":
            state, key = "Met", "judged-met"
        else:
            state, key = "Missed" if year >= self._last else "Behind", "judged-missed"
        return replace(self._assessment(year, state, key, {"value": last.text}), used=(last,))

    def _compared(self, year: int) -> Assessment | None:
        """Compared with economic growth, or another area's indicator, in the same period."""
        rules, text, monitor = lexicon("monitoring")["direction"], self._goal.text, self._monitor
        own = _numbered(self._seen)
        beside: dict[Period, tuple[str, Observation]] = {}
        if any(word in text for word in rules["economy"]):
            for key, seen in monitor.own.items():
                if monitor.concepts.get(key) == rules["economy_concept"]:
                    name = monitor.found.indicator[key].name
                    beside |= {period: (name, one) for period, one in _numbered(seen).items()}
        else:
            others = _numbered(monitor.beside[self._indicator.key])
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
        final = year >= self._last
        state = ("Met" if final else "OnTrack") if holds else ("Missed" if final else "Behind")
        unit, places = own[period].unit, wording.places_of(value, bound)
        words: _Words = {
            "when": Worded(period.label("zh"), period.label("en")),
            "value": wording.number_worded(value, unit, places=places),
            "other": other,
            "compared": wording.number_worded(bound, unit, places=places),
            "gap": wording.difference_worded(abs(value - bound), unit, places=places),
        }
        found = self._assessment(year, state, f"relative-{'met' if holds else 'missed'}", words)
        return replace(found, value=value, expected=bound, used=(own[period], compared))

    def _assessment(self, year: int, state: str, key: str, words: _Words) -> Assessment:
        """A state with the sentence that says why."""
        rules, goal, begin = lexicon("monitoring"), self._goal, self._monitor.period[0]
        summed = goal.basis != "PointInTime" and year > begin
        when = wording.years_worded(begin if summed else year, year)
        point = goal.basis == "PointInTime" or goal.value is None
        given: _Words = {
            "when": when.within(rules["when"][goal.basis]) if summed else when,
            "target": self._indicator.worded(goal),
            "by": wording.years_worded(self._last if point else self._target.period[0], self._last),
            **words,
        }
        filled = {
            language: text.format(
                **{k: v.of(language) if isinstance(v, Worded) else v for k, v in given.items()}
            )
            for language, text in rules["sentence"][key].items()
        }
        return Assessment(self._indicator.key, self._target.key, year, state, **filled)

    def _numbers(
        self, reached: Reached, value: Decimal, expected: Decimal | None, gap: Decimal
    ) -> _Words:
        """What was reached, what was expected and the gap, in words, with decimals as reported."""
        goal, unit = self._goal, self._goal.unit
        printed = self._indicator.counted(goal.text, unit, goal.unit_text)
        places = shown = wording.places_shown(value, goal.value)
        words: _Words = {
            "value": wording.number_worded(value, unit, printed, shown),
            "expected": "",
        }
        if expected is not None:
            places = wording.places_beside(expected, value, goal.value)
            words["expected"] = wording.number_worded(expected, unit, printed, places)
        words["gap"] = wording.difference_worded(gap, unit, printed, places)
        halves = [one.period for one in reached.used if one.period is not None and one.period.half]
        if halves:
            words["half"] = Worded(*(halves[-1].label(language) for language in ("zh", "en")))
        return words


def _numbered(seen: Iterable[_Seen]) -> dict[Period, Observation]:
    """The last observation with a number for each period."""
    return {period: one for period, one in seen if one.number is not None}


def _is_too_early(reached: Reached, quantity: Quantity) -> bool:
    """Whether a value of half a year tells nothing of its year: unless it is the percentage at the
    year's end, it may be of what the year has not come to."""
    halves = [one.period.half for one in reached.used if one.period is not None]
    at_end = quantity.unit == "percent" and quantity.basis == "PointInTime" and 1 not in halves
    return any(halves) and not at_end


def _single(one: Observation) -> Reached:
    number = one.number or Decimal(0)
    return Reached(number, one.upper if one.upper is not None else number, (one,))


def _rounded(number: Decimal) -> Decimal:
    return Decimal(wording.plain(number))


def combined(states: Iterable[str]) -> str:
    """The state over several targets or indicators: partly met if some are missed, else worst."""
    known = [state for state in states if state != "NoData"]
    if not known:
        return "NoData"
    if {"Met", "Missed"} <= set(known):
        return "PartlyMet"
    return worst(known)


def worst(states: Iterable[str]) -> str:
    """The worst of some states, none of which is NoData."""
    return min(states, key=_WORST_FIRST.index)
