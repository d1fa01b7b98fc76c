"""The progress of a plan in a year by indicators, goals and measures."""

import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import msgspec
import pyoxigraph as ox

from kg.lexicon import grouped
from kg.monitoring.progress import GOOD, STATES, combined, worst
from kg.quantities.wording import Worded, places_shown, plain, target_worded
from kg.rdf.iris import plan_graph, reading_order
from kg.rdf.namespaces import local_name
from kg.rdf.select import select
from kg.views.annex import Row, indicator_rows, listed

_SERIES = """
SELECT ?indicator ?iri ?number ?text (STRAFTER(STR(?years), "/id/period/") AS ?period)
       (COALESCE(STR(?of), "") AS ?unit) (COALESCE(STRAFTER(STR(?how), "#status-"), "") AS ?status)
       (?area != <%s/area> AS ?elsewhere)
       (EXISTS { ?iri plan:valueStatus plan:NotPublished } AS ?unpublished) WHERE {
  %s ?indicator plan:hasActual ?iri . ?iri plan:valueText ?text ; plan:period ?years ;
     sdmx-dimension:refArea ?area
  OPTIONAL { ?iri plan:value ?number } OPTIONAL { ?iri plan:unit ?of }
  OPTIONAL { ?iri plan:observationStatus ?how } } ORDER BY STR(?years) STR(?iri)"""
_CORROBORATED = """
SELECT ?indicator ?result WHERE { ?indicator plan:hasBaseline/plan:corroboratedBy ?result }"""
_STATES = """
SELECT ?measure ?node (STRAFTER(STR(?progress), "#measure-") AS ?state)
       (COALESCE(?label, "") AS ?source) (COALESCE(STR(?day), "") AS ?date) WHERE {
  ?measure plan:hasState ?node . ?node plan:progressState ?progress
  OPTIONAL { ?node dcterms:source ?e . ?e rdfs:label ?label
    OPTIONAL { ?e dcterms:issued ?day } } }"""
_MEASURES = "SELECT ?measure WHERE { ?measure a plan:Measure }"
_ASSESSED = """
SELECT ?indicator ?target ?year ?state ?reached ?expected ?share ?zh ?en WHERE {
  %s ?a a plan:Assessment ; plan:assesses ?indicator ; plan:againstTarget ?target ;
     plan:progressState ?judged ; plan:period ?p ; plan:explanation ?zh , ?en .
  BIND ( STRAFTER(STR(?judged), "#progress-") AS ?state )
  BIND ( STRAFTER(STR(?p), "/id/period/") AS ?year )
  FILTER ( lang(?zh) = "zh" && lang(?en) = "en" )
  OPTIONAL { ?a plan:reached ?reached } OPTIONAL { ?a plan:expected ?expected }
  OPTIONAL { ?a plan:shareOfWay ?share } }"""


@dataclass(frozen=True)
class Point:
    """A value of a series: IRI, period (2023, 2023-H1, 2021-2023), number, text and its origin;
    unpublished, where it was entered that none was published."""

    iri: str
    period: str
    number: Decimal | None
    text: str
    unit: str
    status: str
    elsewhere: bool
    unpublished: bool = False

    @property
    def last(self) -> int:
        """The year that its period ends in."""
        return int(self.period.split("-H", maxsplit=1)[0].rsplit("-", 1)[-1])


@dataclass(frozen=True)
class Assessment:
    """What was judged of an indicator at the end of a year: against which target, the state, the
    sentences that say why, and the numbers in the target's unit (None where there is none)."""

    indicator: str
    year: int
    target: str
    state: str
    zh: str
    en: str
    reached: Decimal | None
    expected: Decimal | None
    share: Decimal | None


@dataclass(frozen=True)
class Progress:
    """An indicator with its state in a year, its assessment against each target, those of all
    years, its series, and the results of the review chapter that give its baseline's figure as well
    (IRIs)."""

    row: Row
    state: str
    assessments: tuple[Assessment, ...]
    every_year: tuple[Assessment, ...]
    series: tuple[Point, ...]
    corroborated: tuple[str, ...] = ()

    def in_year(self, year: int) -> Point | None:
        """A year's value, else of the years up to it, a half, or that none was published."""
        ended = [p for p in self.series if not p.elsewhere and p.last == year]
        return min(
            ended, key=lambda p: (p.unpublished, "-H" in p.period, len(p.period)), default=None
        )

    @property
    def ended(self) -> set[int]:
        """The years that its values are for or end in."""
        return {p.last for p in self.series if not p.elsewhere and not p.unpublished}

    @property
    def unpublished(self) -> set[int]:
        """The years of which only this is known, that no value was published."""
        return {p.last for p in self.series if not p.elsewhere} - self.ended

    @property
    def last(self) -> Point | None:
        """The value of the last year that has one."""
        return self.in_year(max(self.ended, default=0))

    def words(self, point: Point) -> Worded:
        """A value with its unit where none was written: in Chinese as entered, without zeros that
        say nothing (18.0%); in English by its number."""
        like = self.row.target or self.row.baseline
        unit = local_name(point.unit).removeprefix("unit-") or None
        printed = like.counted if like and like.unit == point.unit else ""
        goal = self.row.target.number if self.row.target else None

        def shown(number: Decimal) -> str:
            return plain(number, places_shown(number, goal))

        text = re.sub(r"\d+\.\d+", lambda number: shown(Decimal(number[0])), point.text)
        value = None if point.number is None else Decimal(shown(point.number))
        return target_worded(value, text, unit, printed, "Equal", "PointInTime")

    @property
    def share(self) -> Decimal | None:
        """The share of the path from baseline to target, by the first target that has one."""
        return next((s.share for s in self.assessments if s.share is not None), None)


@dataclass(frozen=True)
class StateOfMeasure:
    """A measure's state with its evidence."""

    measure: str
    state: str
    node: str
    source: str
    date: str


@dataclass(frozen=True)
class Verdict:
    """What is known of a goal in a year: how many of its indicators are in each state that any is
    in, those without data last."""

    goal: str
    counts: dict[str, int]

    @property
    def partly(self) -> tuple[str, int, int] | None:
        """The worst state known, how many are in it, and of how many, where some have no data;
        else None: what is unknown may be worse."""
        known = [state for state in self.counts if state != "NoData"]
        if len(known) == len(self.counts) or not known:
            return None
        state = worst(known)
        return state, self.counts[state], sum(self.counts.values())

    @property
    def state(self) -> str:
        """The state over all of them: no good one while some have no data."""
        if self.partly is None:
            return combined(self.counts)
        return "Undetermined" if self.partly[0] in GOOD else self.partly[0]


@dataclass(frozen=True)
class Evaluation:
    """A plan in a year, binding indicators first, those without data last; years with data."""

    year: int | None
    years: tuple[int, ...]
    indicators: tuple[Progress, ...]
    measures: tuple[StateOfMeasure, ...]
    all_measures: int
    goals: tuple[Verdict, ...] = field(default=())

    @property
    def behind(self) -> list[Progress]:
        """The indicators that are behind their targets, or missed them."""
        return [one for one in self.indicators if one.state in ("Missed", "PartlyMet", "Behind")]

    @property
    def is_judged(self) -> bool:
        """Whether any indicator has data in the year, so that something can be said of it."""
        return any(one.state != "NoData" for one in self.indicators)

    @property
    def missing(self) -> list[Progress]:
        """The indicators without data."""
        return [one for one in self.indicators if one.state == "NoData"]

    @property
    def counts(self) -> dict[str, int]:
        """How many indicators are in each state that any is in, those without data last."""
        return in_order(Counter(one.state for one in self.indicators))


def in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts of states in the order that pages show them in: without data last."""
    return {state: counts[state] for state in STATES if counts.get(state)}


def evaluate(store: ox.Store, plan: str, year: int | None = None) -> Evaluation:
    """The progress of a plan in a year, by default the last one that has data for at least half as
    many indicators as the year with the most."""
    rows = indicator_rows(store, plan_graph(plan))
    graph = plan_graph(plan, "monitoring")
    assessed = assessments_of(store, plan)
    known = Counter(one.year for one in assessed if one.state != "NoData")
    years = tuple(sorted(known))
    full = max(known.values(), default=0) / 2  # a year begun with a few values is not yet shown
    shown = year or max((year for year in years if known[year] >= full), default=None)
    judged = grouped((one.indicator, one) for one in assessed)
    series = series_of(store, plan)
    corroborated = select(store, _CORROBORATED, plan_graph(plan))
    by_result = sorted(corroborated, key=lambda r: reading_order(r["result"]))
    results = grouped((r["indicator"], r["result"]) for r in by_result)
    found: dict[str, Progress] = {}
    for row in rows:
        every, now = tuple(judged[row.iri]), [a for a in judged[row.iri] if a.year == shown]
        values, also = tuple(series.get(row.iri, ())), tuple(results[row.iri])
        state = combined(one.state for one in now)
        found[row.iri] = Progress(row, state, tuple(now), every, values, also)
    indicators = [found[row.iri] for row in listed(rows)]
    indicators.sort(key=lambda one: (one.state == "NoData", not one.row.binding))
    states = msgspec.convert(select(store, _STATES, graph), list[StateOfMeasure])
    states.sort(key=lambda one: reading_order(one.measure))
    measures, goals = len(select(store, _MEASURES, plan_graph(plan))), _goals(found.values())
    return Evaluation(shown, years, tuple(indicators), tuple(states), measures, goals)


def assessments_of(store: ox.Store, plan: str, indicator: str = "") -> tuple[Assessment, ...]:
    """What was judged of a plan's indicators, or of one (IRI), by years, targets in its order."""
    only = f"VALUES ?indicator {{ <{indicator}> }}" if indicator else ""
    rows = select(store, _ASSESSED % only, plan_graph(plan, "monitoring"))
    found = msgspec.convert(rows, list[Assessment], strict=False)
    return tuple(sorted(found, key=lambda one: (one.year, reading_order(one.target))))


def latest(judged: Iterable[Assessment], targets: Container[str]) -> Assessment | None:
    """The last assessment against one of some targets (IRIs) that has data; None for none."""
    known = (one for one in judged if one.target in targets and one.state != "NoData")
    return max(known, key=lambda one: one.year, default=None)


def series_of(store: ox.Store, plan: str, indicator: str = "") -> dict[str, list[Point]]:
    """The values entered of a plan's indicators, or of the one of an IRI, by period."""
    only = f"VALUES ?indicator {{ <{indicator}> }}" if indicator else ""
    rows = select(store, _SERIES % (plan, only), plan_graph(plan, "monitoring"))
    points = msgspec.convert(rows, list[Point], strict=False)
    return grouped((row["indicator"], point) for row, point in zip(rows, points, strict=True))


def _goals(found: Iterable[Progress]) -> tuple[Verdict, ...]:
    """Each goal with what is known of it, by its indicators of the table and of the text."""
    states = grouped((goal, one.state) for one in found for goal in one.row.goals)
    return tuple(
        Verdict(goal, in_order(Counter(states[goal]))) for goal in sorted(states, key=reading_order)
    )
