"""Monitoring data as RDF, as the template monitoring.ttl states it: observations of the plan's data
cube, states and assessments."""

import hashlib
from collections.abc import Container, Iterable, Iterator
from datetime import date
from itertools import product
from typing import Any

import pyoxigraph as ox
from rdflib import Literal

from kg.extract.model import Indicator
from kg.graph.area import area
from kg.graph.vocabulary import unit_iri
from kg.lexicon import grouped, lexicon, worded
from kg.link.reading import Reading
from kg.monitoring.model import About, Entry, Import, Log, MeasureState, Observation, Period
from kg.monitoring.progress import Assessment, Monitor, targets_of
from kg.monitoring.proportion import out_of_proportion
from kg.quantities.wording import target_worded
from kg.rdf.iris import Node, readable
from kg.rdf.quads import term
from kg.rdf.turtle import stated

Observed = tuple[Observation, str, bool, str | None]
"""An observation, its IRI, whether it is in force, and the IRI of the one that it replaces."""


class MonitoringGraph:
    """States what was entered for one plan."""

    def __init__(self, reading: Reading, base: str) -> None:
        self._reading, self._iris, self._base = reading, reading.iris(base), base
        self._found = reading.linked.extraction
        self._titles = {measure.number: measure.title for measure in self._found.measures}
        self._periods: dict[Period, str] = {}

    def of_log(self, log: Log) -> list[ox.Quad]:
        """All entries, superseded ones marked, and the assessments of each indicator by year."""
        concepts, period = self._reading.linked.concepts, self._reading.plan.period
        monitor = Monitor(self._found, concepts, log.current.values(), period)
        rows = [i for i in self._found.indicators if i.number is not None or i.key in monitor.own]
        assessments = [
            (one, self._assessment(one))
            for year, indicator in product(monitor.years, rows)
            for one in monitor.assess(indicator, year)
        ]
        in_force = {one.entry for one in log.current.values()}
        said = (
            (one, out_of_proportion(self._found, one, monitor.sizes))
            for one in log.current.values()
        )
        return self._stated(
            imports=log.imports,
            observations=[*self._kept(log.observations, in_force, {})],
            states=[*self._kept_states(log.states)],
            assessments=assessments,
            doubts=[(one, doubt) for one, doubt in said if doubt],
        )

    def of_rows(
        self, log: Log, taken: Import, entered: Iterable[Observation | MeasureState]
    ) -> tuple[list[ox.Quad], dict[str, list[Entry]]]:
        """Rows that are to be judged, with what the shapes need of the plan and of what is kept
        already of the same indicators; and the places of each node, which for a source are many."""
        rows = [(one, self._node(one)) for one in entered]
        about = {one.indicator for one, _ in rows if isinstance(one, Observation)}
        related = [one for one in log.current.values() if one.indicator in about]
        former: dict[About, str] = {}
        observed = [*self._kept(related, {one.entry for one in related}, former)]
        for one, node in rows:
            if isinstance(one, Observation):
                old = former.get(one.about) if one.status == "Revised" else None
                observed.append((one, node, True, old))
        quads = self._stated(
            named={i.key: i.name for i in self._found.indicators if i.key in about},
            imports=[taken],
            observations=observed,
            states=[(one, node, "", False) for one, node in rows if isinstance(one, MeasureState)],
        )
        places = grouped(
            (str(stated_of), one.entry)
            for one, node in rows
            for stated_of in (node, self._evidence(one))
        )
        return quads, places

    def _kept(
        self, found: Iterable[Observation], in_force: Container[Entry], former: dict[About, str]
    ) -> Iterator[Observed]:
        """Observations kept before; only those in force belong to the cube."""
        for one in found:
            node = self._node(one)
            yield one, node, one.entry in in_force, former.get(one.about)
            former[one.about] = node

    def _kept_states(
        self, states: Iterable[MeasureState]
    ) -> Iterator[tuple[MeasureState, str, str | None, bool]]:
        """The states of measures, of which the last of each measure is its present one."""
        last = {one.measure: one for one in states}
        former: dict[str, str] = {}
        for one in states:
            node = self._node(one)
            yield one, node, former.get(one.measure), one is last[one.measure]
            former[one.measure] = node

    def _stated(self, **entered: Any) -> list[ox.Quad]:
        iris, graph, year = self._iris, self._iris.graph("monitoring"), self._reading.plan.period[0]
        plan_area, places = f"{iris.plan}/area", dict[str, str]()

        def area_of(name: str) -> str:
            if name:
                places[name] = f"{plan_area}/{readable(name)}"
            return places[name] if name else plan_area

        nothing = {"named": None, "imports": (), "states": (), "assessments": (), "doubts": ()}
        quads = stated(
            "kg.monitoring",
            "monitoring",
            graph,
            **nothing | entered,
            plan=iris.plan,
            iri=iris.of,
            years=Period(*self._reading.plan.period),
            indicators=self._found.indicator,
            periods=self._periods,
            period=self._period,
            period_of=lambda year: self._period(Period(year, year)),
            area_of=area_of,
            section_of=self._section_of,
            basis_of=self._basis,
            evidence_of=self._evidence,
            actual=self._node,
            unit=unit_iri,
            worded=self._text_with_unit,
            said=lambda key, **values: worded("label", key, **values),
            state_worded=self._state_worded,
            day=_day,
        )
        for name, node in places.items():
            quads += area(node, name, year, graph, self._base)
        return [*dict.fromkeys(quads)]

    def _text_with_unit(self, one: Observation) -> str:
        """A value as entered, with its unit where none was written."""
        indicator = self._found.indicator.get(one.indicator)
        unit = one.unit_text
        if indicator:
            unit = indicator.counted(one.text, one.unit, unit)
        return target_worded(one.number, one.text, one.unit, unit, one.comparator, "PointInTime").zh

    def _state_worded(self, one: MeasureState) -> tuple[str, str]:
        """What the state of a measure is called, Chinese and English: by the measure's title."""
        names = lexicon("monitoring")["state"].get(one.state, [])
        return worded(
            "label",
            "state",
            measure=self._titles.get(one.measure, one.measure),
            text=one.text,
            state=next((name for name in names if name.isascii()), one.text),
        )

    def _node(self, one: Observation | MeasureState) -> str:
        if isinstance(one, MeasureState):
            return self._iris.of("state", f"{self._local('measure', one.measure)}.{one.entry.key}")
        place = f".{readable(one.area)}" if one.area else ""
        about, years = self._local("indicator", one.indicator), one.period and one.period.key
        return self._iris.of("actual", f"{about}.{years or 'unknown'}{place}.{one.entry.key}")

    def _assessment(self, one: Assessment) -> str:
        key = self._local("indicator", one.indicator)
        if one.target not in ("", one.indicator):
            key = f"{key}.{self._local('target', one.target)}"
        return self._iris.of("assessment", f"{key}.{one.year}")

    def _local(self, kind: str, key: str) -> str:
        """The IRI of the indicator or measure that a row is about, as Turtle."""
        return self._iris.local(Node(kind, key)) if key else "unknown"

    def _evidence(self, one: Observation | MeasureState) -> str:
        printed = "\n".join((one.source, one.link, one.date))
        return self._iris.of("evidence", hashlib.sha256(printed.encode()).hexdigest()[:10])

    def _section_of(self, indicator: Indicator) -> str:
        section = self._reading.document.section_at(indicator.span.start)
        return self._iris.of("section", section) if section else self._iris.plan

    def _basis(self, one: Observation) -> str:
        """The basis of a value: that of its target, but never a point in time for several years."""
        targets = targets_of(self._found, one.indicator)
        of_unit = [t for t in targets if t.quantity.unit == one.unit] or targets
        bases = [t.quantity.basis for t in of_unit]
        span = one.period is not None and one.period.first != one.period.last
        summed = next((basis for basis in bases if basis != "PointInTime"), None)
        return (summed if span else None) or (bases[0] if bases else "PointInTime")

    def _period(self, period: Period) -> str:
        return self._periods.setdefault(period, f"{self._base}/id/period/{period.key}")


def _day(text: str) -> str:
    """A date; as plain text where it is none, for the shapes to report."""
    try:
        return str(term(Literal(date.fromisoformat(text))))
    except ValueError:
        return str(ox.Literal(text))
