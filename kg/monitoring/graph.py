"""Monitoring data as RDF: observations of the plan's data cube, states and assessments."""

import hashlib
from collections.abc import Iterable
from datetime import date
from itertools import product

from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, PROV, QB, RDF, RDFS, SKOS, XSD

from kg.document.structure import Document
from kg.extract.model import Indicator, Value
from kg.graph.area import area as area_triples
from kg.graph.area import as_division
from kg.graph.vocabulary import in_both, unit_iri
from kg.lexicon import worded
from kg.link.model import Linked
from kg.monitoring.model import About, Entry, Import, Log, MeasureState, Observation, Period
from kg.monitoring.progress import Assessment, Monitor
from kg.rdf.iris import Iris, Node, readable
from kg.rdf.namespaces import PLAN, SCHEMA, SDMX_DIMENSION, SPDX, TIME
from kg.source.plan import Plan


class MonitoringGraph:
    """Writes what was entered for one plan into a graph."""

    def __init__(
        self, graph: Graph, plan: Plan, document: Document, linked: Linked, iris: Iris, base: str
    ) -> None:
        self._graph, self._plan, self._document = graph, plan, document
        self._linked, self._iris, self._base = linked, iris, base
        self._found = linked.extraction
        self._former: dict[About, URIRef] = {}
        self._targets: dict[str, list[Value]] = {}
        for value in self._found.values:
            if value.kind == "Target" and value.sentence is None:
                self._targets.setdefault(value.indicator, []).append(value)

    def _add(self, subject: URIRef, predicate: URIRef, *objects: URIRef | Literal) -> None:
        for object_ in objects:
            self._graph.add((subject, predicate, object_))

    def add_log(self, log: Log) -> None:
        """All entries, superseded ones marked, and the assessments of each indicator by year."""
        for one in log.imports:
            self._add_import(one)
        self.add_entered(log, log.observations)
        self._add_states(log.states)
        monitor = Monitor(
            self._found, self._linked.concepts, log.current.values(), self._plan.period
        )
        rows = [indicator for indicator in self._found.indicators if indicator.number is not None]
        for year, indicator in product(monitor.years, rows):
            for assessment in monitor.assess(indicator, year):
                self._add_assessment(assessment)

    def _add_states(self, states: Iterable[MeasureState]) -> None:
        """The states of measures, of which the last of each measure is its present one."""
        former: dict[str, URIRef] = {}
        for state in states:
            node = self._add_state(state)
            if state.measure in former:
                self._replace(former[state.measure], node)
            former[state.measure] = node
        for measure, node in former.items():
            self._add(self._iris.of("measure", measure), PLAN.hasState, node)

    def add_entered(self, log: Log, observations: Iterable[Observation]) -> None:
        """Observations kept before; only those not superseded belong to the cube."""
        current = {one.entry for one in log.current.values()}
        for one in observations:
            node = self._add_observation(one, one.entry in current)
            if one.about in self._former:
                self._replace(self._former[one.about], node)
            self._former[one.about] = node

    def add_context(self, entered: Iterable[Observation | MeasureState]) -> None:
        """What the shapes need of the plan: indicators with names, measures, its years."""
        first, last = self._plan.period
        self._add(self._iris.plan, DCTERMS.temporal, self._period(Period(first, last)))
        about = {one.indicator for one in entered if isinstance(one, Observation)}
        for indicator in self._found.indicators:
            if indicator.key in about:
                node = self._iris.of("indicator", indicator.key)
                self._add(node, RDF.type, PLAN.Indicator)
                self._add(node, SKOS.prefLabel, Literal(indicator.name, lang="zh"))

    def add_candidates(
        self, taken: Import, entered: Iterable[Observation | MeasureState]
    ) -> dict[URIRef, Entry]:
        """Rows that are to be judged; returns the place of each node."""
        self._add_import(taken)
        nodes = {}
        for one in entered:
            if isinstance(one, MeasureState):
                nodes[self._add_state(one)] = one.entry
                continue
            node = self._add_observation(one, True)
            nodes[node] = one.entry
            if one.status == "Revised" and one.about in self._former:
                self._replace(self._former[one.about], node)
        return nodes

    def _replace(self, old: URIRef, new: URIRef) -> None:
        self._add(new, PROV.wasRevisionOf, old)
        self._add(old, DCTERMS.isReplacedBy, new)

    def _add_import(self, one: Import) -> None:
        node = self._iris.of("import", str(one.number))
        file, agent = URIRef(f"{node}/file"), URIRef(f"{node}/by")
        self._add(node, RDF.type, PROV.Activity)
        self._add(node, RDFS.label, *in_both(*worded("label", "import", number=one.number)))
        self._add(node, PROV.endedAtTime, Literal(one.at, datatype=XSD.dateTime))
        self._add(node, PROV.used, file)
        self._add(node, PROV.wasAssociatedWith, agent)
        self._add(agent, RDF.type, PROV.Agent, FOAF.Agent)
        self._add(agent, FOAF.name, Literal(one.by))
        self._add(agent, RDFS.label, Literal(one.by))
        self._add(file, RDF.type, PROV.Entity)
        self._add(file, RDFS.label, Literal(one.file))
        checksum = URIRef(f"{file}/checksum")
        self._add(file, SPDX.checksum, checksum)
        self._add(checksum, RDF.type, SPDX.Checksum)
        self._add(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
        self._add(checksum, SPDX.checksumValue, Literal(one.sha256, datatype=XSD.hexBinary))

    def _add_observation(self, one: Observation, current: bool) -> URIRef:
        indicator = self._found.indicator.get(one.indicator)
        node = self._actual(one)
        self._add(node, RDF.type, PLAN.Value, PLAN.ActualValue)
        if indicator is not None:
            about = self._iris.of("indicator", indicator.key)
            self._add(node, PLAN.ofIndicator, about)
            if current:
                self._add(about, PLAN.hasActual, node)
        if one.period is not None:
            self._add(node, PLAN.period, self._period(one.period))
        self._add_number(node, one)
        if one.unit:
            self._add(node, PLAN.unit, unit_iri(one.unit))
        if one.unit_text:
            self._add(node, PLAN.unitText, Literal(one.unit_text, lang="zh"))
        if one.status:
            self._add(node, PLAN.observationStatus, PLAN[f"status-{one.status}"])
        self._add(node, PLAN.valueText, Literal(one.text, lang="zh"))
        half = one.period.label("zh") if one.period and one.period.half else _period_key(one)
        years = f"{one.area}{half}"
        named = worded("label", "value", name=one.name, years=years, text=one.text)
        self._add(node, SKOS.prefLabel, Literal(named[0], lang="zh"))
        self._add(node, PLAN.comparator, PLAN[one.comparator])
        basis = self._basis(one, indicator)
        self._add(node, PLAN.basis, PLAN[basis])
        self._add_origin(node, one.entry, one.source, one.link, one.date, one.note)
        self._add_area(node, one.area)
        if current and one.number is not None and indicator is not None and one.period is not None:
            self._add_to_cube(node, indicator)
        return node

    def _actual(self, one: Observation) -> URIRef:
        place = f".{readable(one.area)}" if one.area else ""
        about = self._local("indicator", one.indicator)
        return self._iris.of("actual", f"{about}.{_period_key(one)}{place}.{one.entry.key}")

    def _local(self, kind: str, key: str) -> str:
        """What an IRI says of a thing that a row is about."""
        return self._iris.local(Node(kind, key)) if key else "unknown"

    def _add_number(self, node: URIRef, one: Observation) -> None:
        if one.number is not None:
            self._add(node, PLAN.value, Literal(one.number, datatype=XSD.decimal))
        elif one.missing:
            self._add(node, PLAN.valueStatus, PLAN.NotPublished)
        elif one.judgement:
            self._add(node, PLAN.valueStatus, PLAN.NoNumber)
        if one.upper is not None:
            self._add(node, PLAN.upperBound, Literal(one.upper, datatype=XSD.decimal))
        if one.judgement:
            self._add(node, PLAN.judgement, PLAN[f"judged-{one.judgement}"])

    def _add_area(self, node: URIRef, name: str) -> None:
        area = URIRef(f"{self._iris.plan}/area" + (f"/{readable(name)}" if name else ""))
        self._add(node, SDMX_DIMENSION.refArea, area)
        if name:
            year = self._plan.period[0]
            for triple in (
                *area_triples(area, name, year),
                *as_division(area, name, year, self._base),
            ):
                self._graph.add(triple)

    def _add_to_cube(self, node: URIRef, indicator: Indicator) -> None:
        """A value with a number as an observation of the plan's data cube (ontology/cube.ttl)."""
        self._add(node, RDF.type, QB.Observation)
        self._add(node, QB.dataSet, URIRef(f"{self._iris.plan}/values"))
        self._add(node, PLAN.valueKind, PLAN["kind-ActualValue"])
        section = self._document.section_at(indicator.span.start)
        self._add(
            node, PLAN.statedIn, self._iris.of("section", section) if section else self._iris.plan
        )

    def _basis(self, one: Observation, indicator: Indicator | None) -> str:
        """The basis of a value: that of its target, but never a point in time for several years."""
        targets = self._targets.get(indicator.key, []) if indicator else []
        of_unit = [t for t in targets if t.quantity.unit == one.unit] or targets
        bases = [t.quantity.basis for t in of_unit]
        span = one.period is not None and one.period.first != one.period.last
        summed = next((basis for basis in bases if basis != "PointInTime"), None)
        return (summed if span else None) or (bases[0] if bases else "PointInTime")

    def _add_origin(
        self, node: URIRef, entry: Entry, source: str, link: str, issued: str, note: str
    ) -> None:
        """Where something entered comes from, and by which import it came."""
        self._add(node, PROV.wasGeneratedBy, self._iris.of("import", str(entry.number)))
        self._add(node, DCTERMS.isPartOf, self._iris.plan)
        if note:
            self._add(node, RDFS.comment, Literal(note, lang="zh"))
        if not source:
            return
        key = hashlib.sha256("\n".join((source, link, issued)).encode()).hexdigest()[:10]
        evidence = self._iris.of("evidence", key)
        self._add(node, DCTERMS.source, evidence)
        self._add(evidence, RDF.type, PROV.Entity, PLAN.Evidence)
        self._add(evidence, RDFS.label, Literal(source, lang="zh"))
        if link:
            self._add(evidence, SCHEMA.url, Literal(link, datatype=XSD.anyURI))
        if issued:
            self._add(evidence, DCTERMS.issued, _date(issued))

    def _add_state(self, one: MeasureState) -> URIRef:
        node = self._iris.of("state", f"{self._local('measure', one.measure)}.{one.entry.key}")
        self._add(node, RDF.type, PLAN.MeasureState)
        if one.measure:
            self._add(node, PLAN.ofMeasure, self._iris.of("measure", one.measure))
        if one.state:
            self._add(node, PLAN.progressState, PLAN[f"measure-{one.state}"])
        named = worded("label", "state", measure=one.measure, text=one.text)
        self._add(node, SKOS.prefLabel, Literal(named[0], lang="zh"))
        self._add_origin(node, one.entry, one.source, one.link, one.date, one.note)
        return node

    def _add_assessment(self, one: Assessment) -> None:
        key = self._local("indicator", one.indicator)
        if one.target not in ("", one.indicator):
            key = f"{key}.{self._local('target', one.target)}"
        node = self._iris.of("assessment", f"{key}.{one.year}")
        name = self._found.indicator[one.indicator].name
        self._add(node, RDF.type, PLAN.Assessment)
        named = worded("label", "assessment", name=name, year=one.year)
        self._add(node, SKOS.prefLabel, Literal(named[0], lang="zh"))
        self._add(node, PLAN.assesses, self._iris.of("indicator", one.indicator))
        self._add(node, PLAN.againstTarget, self._iris.of("target", one.target))
        self._add(node, PLAN.period, self._period(Period(one.year, one.year)))
        self._add(node, PLAN.progressState, PLAN[f"progress-{one.state}"])
        self._add(node, PLAN.explanation, *in_both(one.zh, one.en))
        self._add(node, DCTERMS.isPartOf, self._iris.plan)
        for predicate, number in (
            (PLAN.reached, one.value),
            (PLAN.expected, one.expected),
            (PLAN.shareOfWay, one.share),
        ):
            if number is not None:
                self._add(node, predicate, Literal(number, datatype=XSD.decimal))
        for used in one.used:
            self._add(node, PROV.wasDerivedFrom, self._actual(used))

    def _period(self, period: Period) -> URIRef:
        node = URIRef(f"{self._base}/id/period/{period.key}")
        self._add(node, RDF.type, DCTERMS.PeriodOfTime, TIME.ProperInterval)
        self._add(node, RDFS.label, Literal(period.key))
        self._add(node, SCHEMA.startDate, Literal(period.start, datatype=XSD.date))
        self._add(node, SCHEMA.endDate, Literal(period.end, datatype=XSD.date))
        return node


def _period_key(one: Observation) -> str:
    return one.period.key if one.period else "unknown"


def _date(text: str) -> Literal:
    """A date; as plain text where it is none, for the shapes to report."""
    try:
        return Literal(date.fromisoformat(text))
    except ValueError:
        return Literal(text)
