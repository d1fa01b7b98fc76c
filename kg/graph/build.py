"""What was read and linked -> RDF named graphs of one plan."""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

import pyoxigraph as ox
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, FOAF, OWL, PROV, QB, RDF, RDFS, SKOS, XSD

from kg.document.structure import Document
from kg.errors import PlanlinkError
from kg.extract.entities import printed_names
from kg.extract.model import Achievement, Entity, Goal, Indicator, Measure, Quantity, Value
from kg.extract.tagger import Tagger
from kg.graph.area import Triple, area_of_plan, as_division
from kg.graph.provenance import labels, provenance
from kg.graph.vocabulary import concept_iri, finding_iri, in_both, unit_iri
from kg.lexicon import worded
from kg.link.corrections import Correction
from kg.link.crosscheck import Finding, corroborations
from kg.link.identities import Identity
from kg.link.model import Link, Linked, link_status, review_status, statement
from kg.link.target_corrections import quoted
from kg.link.themes import theme
from kg.rdf.iris import Iris, Node
from kg.rdf.namespaces import GEO, OA, ORG, PLAN, SCHEMA, SDMX_DIMENSION, SPDX, TIME, local_name
from kg.rdf.quads import graph_quads, iri, term
from kg.source.findings import Finding as Unread
from kg.source.plan import Plan
from kg.source.text import Erratum, Span

# terms of rdflib, and of pyoxigraph what is written often
_Value = URIRef | Literal | ox.Literal
# Nearly four times what the longest plans give: publishing 283,501 took 1.1 GB and a minute of CPU
MOST_STATEMENTS = 300_000


def build(
    plan: Plan,
    document: Document,
    linked: Linked,
    findings: tuple[Finding, ...],
    unread: tuple[Unread, ...],
    corrections: tuple[Correction, ...],
    iris: Iris,
    tagger: Tagger,
    identities: tuple[Identity, ...] = (),
    say: Callable[[str], None] = print,
) -> list[ox.Quad]:
    """The quads of the plan's named graphs of what was read from its document, each once.

    Args:
        corrections: what a person decided, already made in it.
        iris: mints the plan's IRIs.
        say: told which of these the plan has no thing for.

    Raises:
        PlanlinkError: there is more in it than can be validated within a stated memory.
    """
    builder = _Builder(plan, document, linked, iris)
    builder.run()
    builder.add_model(tagger)
    for finding in findings:
        builder.add_finding(finding)
    builder.add_unread(unread)
    for identity in identities:
        if not builder.add_identity(identity):
            say(
                f"identities.toml, identity {identity.ordinal}: "
                f"the plan has no {identity.kind} {identity.name}"
            )
    decided = Graph()
    _add_corrections(decided, iris, corrections, linked, document)
    return [*builder.quads, *graph_quads(decided, iris.graph("corrections"))]


def _add_corrections(
    graph: Graph,
    iris: Iris,
    corrections: tuple[Correction, ...],
    linked: Linked,
    document: Document,
) -> None:
    """What a person decided against the program, in a graph of its own."""
    links = {}
    if any(one.kind == "link" for one in corrections):
        links = {
            statement(one, iris.identifiers): iris.link(one.subject, one.predicate, one.object)
            for one in linked.links
        }
    for one in corrections:
        node = iris.of("correction", str(one.ordinal))
        label = " → ".join(
            part for part in (one.name or one.quote, one.to or one.type or one.title) if part
        )
        graph.add((node, RDF.type, PLAN.Correction))
        graph.add((node, PLAN.action, PLAN[f"action-{one.action}"]))
        graph.add((node, SKOS.prefLabel, Literal(label, lang="zh")))
        graph.add((node, PLAN.reason, _reason(one.reason)))
        graph.add((node, DCTERMS.isPartOf, iris.plan))
        graph.add((node, RDF.type, PROV.Entity))
        _add_decision(graph, node, one)
        named = Node(one.kind, one.to or one.name)
        sentence = quoted(document, one.quote) if one.kind == "measure" else None
        said = [m for m in linked.extraction.measures if sentence and m.number == sentence.number]
        about = [iris.node(named)] if iris.names(named) else []
        about += [iris.of("measure", m.number) for m in said]
        about += [iris.of(one.kind, key) for key in _called(linked, one.kind, one.to or one.name)]
        about += [links[one.name]] if one.kind == "link" and one.name in links else []
        for thing in about:
            graph.add((node, PLAN.about, thing))
            graph.add((thing, PROV.wasDerivedFrom, node))


def _called(linked: Linked, kind: str, name: str) -> list[str]:
    """The keys of the goals, or of the rows of tables, that bear a name."""
    if kind == "goal":
        return [goal.number for goal in linked.extraction.goals if goal.title == name]
    rows = linked.extraction.indicators if kind == "indicator" else ()
    return [row.key for row in rows if row.number is not None and row.name == name]


def _add_decision(graph: Graph, node: URIRef, one: Correction) -> None:
    """By whom a correction was made, as that person wrote the name, and when, where it is known."""
    if one.by:
        agent = URIRef(f"{node}/by")
        graph.add((node, PROV.wasAttributedTo, agent))
        for kind in (PROV.Agent, FOAF.Agent):
            graph.add((agent, RDF.type, kind))
        for said in (FOAF.name, RDFS.label):
            graph.add((agent, said, Literal(one.by)))
    if one.at:
        graph.add((node, PROV.generatedAtTime, _moment(one.at)))


def _moment(text: str) -> Literal:
    """A day or a time of day; as plain text where it is none, for the shapes to report."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return Literal(text)
    return Literal(moment.date() if len(text) == len("2026-01-31") else moment)


# What people read of things. The text of passages is never altered.
_WORDS = frozenset((
    SKOS.prefLabel, SKOS.altLabel, PLAN.heading, PLAN.statement, PLAN.category, PLAN.explanation,
    PLAN.unitText, PLAN.valueText, DCTERMS.title, RDFS.label, FOAF.name,
))  # fmt: skip
# characters that were lost or have no meaning, and marks of a web page
_UNREADABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\ufffd\u200b\ufeff\ue000-\uf8ff]|</?[A-Za-z][^<>]*>|&#?[A-Za-z0-9]+;"
)


def _readable(words: ox.Literal) -> ox.Literal:
    """Words without what cannot be read of them."""
    return ox.Literal(_UNREADABLE.sub("", words.value).strip(), language=words.language)


def _zh(text: str) -> ox.Literal:
    return ox.Literal(text, language="zh")


def _reason(text: str) -> Literal:
    """Why a person decided something, in the language it is written in: Chinese or English."""
    return Literal(text, lang="zh" if _HAN.search(text) else "en")


_HAN = re.compile(r"[\u4e00-\u9fff]")


def _count(number: int) -> ox.Literal:
    return ox.Literal(str(number), datatype=_COUNTED)


_COUNTED, _HEX = ox.NamedNode(str(XSD.nonNegativeInteger)), ox.NamedNode(str(XSD.hexBinary))


@cache
def _decimal(number: str) -> Any:
    return term(Literal(Decimal(number), datatype=XSD.decimal))


class _Builder:
    """Writes one plan into one graph."""

    def __init__(self, plan: Plan, document: Document, linked: Linked, iris: Iris) -> None:
        self._plan, self._document, self._linked = plan, document, linked
        self._iris, self._graph = iris, iri(iris.graph("document"))
        self.quads: dict[ox.Quad, None] = {}
        self._passages: set[Span] = set()
        self._observed: set[tuple[object, ...]] = set()
        self._findings: Counter[str] = Counter()
        self._statements = 0

    def run(self) -> None:  # noqa: C901 — a list of what there is
        found = self._linked.extraction
        self._add_plan()
        self._add_sections()
        for sentence in self._document.sentences:
            self._passage(sentence.span)
        for goal in found.goals:
            self._add_goal(goal)
        for measure in found.measures:
            self._add_measure(measure)
        for indicator in found.indicators:
            self._add_indicator(indicator)
        for value in found.values:
            self._add_value(value, found.indicator[value.indicator])
        for achievement in found.achievements:
            self._add_achievement(achievement)
        for entity in (*found.zones, *found.institutions):
            self._add_entity(entity)
        for base, result in corroborations(found):
            self._add(
                self._iris.of("baseline", base.key),
                PLAN.corroboratedBy,
                self._iris.of("achievement", result.number),
            )
        for link in self._linked.links:
            self._add_link(link)
        for ordinal, erratum in enumerate(self._plan.errata, 1):
            self._add_erratum(ordinal, erratum)

    def _add(self, subject: URIRef, predicate: URIRef, *objects: _Value) -> None:
        self._statements += len(objects)
        if self._statements > MOST_STATEMENTS:
            raise PlanlinkError(
                f"more than {MOST_STATEMENTS:,} statements were read from it",
                str(self._plan.folder / self._plan.source_name),
                "publish it in parts",
            )
        about, said, words = iri(subject), iri(predicate), predicate in _WORDS
        for object_ in objects:
            value = object_ if isinstance(object_, ox.Literal) else term(object_)
            if words and isinstance(value, ox.Literal):
                value = _readable(value)
            self.quads[ox.Quad(about, said, value, self._graph)] = None

    def _add_given(
        self,
        subject: URIRef,
        predicate: URIRef,
        value: object,
        lang: str | None = None,
        datatype: URIRef | None = None,
    ) -> None:
        """State a value, unless it is empty."""
        if value and lang:
            self._add(subject, predicate, ox.Literal(str(value), language=lang))
        elif value:
            self._add(subject, predicate, Literal(str(value), datatype=datatype))

    def _write(self, triples: Iterable[Triple]) -> None:
        for subject, predicate, object_ in triples:
            self.quads[ox.Quad(iri(subject), iri(predicate), term(object_), self._graph)] = None

    def _add_plan(self) -> None:
        plan, node = self._plan, self._iris.plan
        issuer, area = URIRef(f"{node}/issuer"), URIRef(f"{node}/area")
        self._add(
            node,
            RDF.type,
            PLAN.Plan,
            PROV.Entity,
            DCTERMS.BibliographicResource,
            SCHEMA.Legislation,
        )
        self._add(node, DCTERMS.title, _zh(plan.title))
        self._add(node, SKOS.prefLabel, _zh(plan.title))
        self._add_given(node, DCTERMS.title, plan.title_en, lang="en")
        self._add(node, PLAN.issuer, issuer)
        self._add(issuer, RDF.type, ORG.FormalOrganization, FOAF.Agent)
        self._add(issuer, FOAF.name, _zh(plan.issuer))
        self._add(issuer, RDFS.label, _zh(plan.issuer))
        self._add(node, DCTERMS.spatial, area)
        self._write(area_of_plan(plan, area))
        code, base = plan.area_code or "", self._iris.base
        self._write(as_division(area, plan.area, plan.period[0], base, code))
        self._add(node, DCTERMS.temporal, self._period(plan.period))
        self._add_given(node, PLAN.documentNumber, plan.document_number)
        self._add_given(node, PLAN.indexNumber, plan.index_number)
        self._add_given(node, PLAN.status, plan.status, lang="zh")
        self._add_given(node, PLAN.horizon, plan.horizon, datatype=XSD.gYear)
        self._add_given(node, DCTERMS.issued, plan.issued, datatype=XSD.date)
        if plan.revision_of:
            earlier = self._iris.version(plan.revision_of)
            self._add(node, PROV.wasRevisionOf, earlier)
            self._add(node, DCTERMS.replaces, earlier)
            self._add(earlier, DCTERMS.isReplacedBy, node)
        for subject in plan.subjects:
            self._add(node, DCTERMS.subject, _zh(subject))
        if plan.publisher_page:
            self._add(node, FOAF.page, URIRef(plan.publisher_page))
        self._write(provenance(plan, node, self._iris.graph("document"), self._iris.base))

    def add_model(self, tagger: Tagger) -> None:
        """Write which models names were read with: their version and the digests of their files."""
        for name, sha256 in (("model", tagger.sha256), ("choice", tagger.choice.sha256)):
            model = URIRef(f"{self._iris.plan}/{name}")
            self._add(URIRef(f"{self._iris.plan}/reading"), PROV.used, model)
            self._add(model, RDF.type, PROV.Entity)
            self._write(labels(model, name))
            self._add(model, SCHEMA.softwareVersion, Literal(tagger.version))
            self._add(model, SPDX.checksumValue, Literal(sha256, datatype=XSD.hexBinary))

    def _period(self, years: tuple[int, int]) -> URIRef:
        first, last = years
        node = self._iris.period(first, last)
        self._add(node, RDF.type, DCTERMS.PeriodOfTime, TIME.ProperInterval)
        self._add(node, RDFS.label, Literal(str(first) if first == last else f"{first}-{last}"))
        self._add(node, SCHEMA.startDate, Literal(f"{first}-01-01", datatype=XSD.date))
        self._add(node, SCHEMA.endDate, Literal(f"{last}-12-31", datatype=XSD.date))
        return node

    def _passage(self, span: Span) -> URIRef:
        """The passage of a span, written once."""
        node = self._iris.passage(span.start, span.end)
        if span in self._passages:
            return node
        self._passages.add(span)
        self._add(node, RDF.type, PLAN.Passage)
        published = self._document.published(span)
        self._add(node, PLAN.text, _zh(published))
        digest = hashlib.sha256(published.encode()).hexdigest()
        self._add(node, SPDX.checksumValue, ox.Literal(digest, datatype=_HEX))
        if (
            any(span.contains(e.span) for e in self._plan.errata)
            and (printed := self._document.printed(span)) != published
        ):
            self._add(node, PLAN.correctedText, _zh(printed))
        self._add(node, OA.start, _count(span.start))
        self._add(node, OA.end, _count(span.end))
        if (locator := self._plan.origin.locator(span.start)) is not None:
            self._add(node, PLAN.locator, Literal(locator))
        self._add(node, DCTERMS.isPartOf, self._section_at(span.start))
        self._add(node, DCTERMS.source, URIRef(f"{self._iris.plan}/source"))
        return node

    def _section_at(self, offset: int) -> URIRef:
        number = self._document.section_at(offset)
        return self._iris.of("section", number) if number else self._iris.plan

    def _rests_on(self, node: URIRef, spans: Iterable[Span]) -> None:
        """Where a thing was read, and by which run."""
        self._add(node, PROV.wasGeneratedBy, URIRef(f"{self._iris.plan}/reading"))
        for span in dict.fromkeys(spans):
            self._add(node, PROV.wasQuotedFrom, self._passage(span))

    def _add_sections(self) -> None:
        for section in self._document.sections:
            node = self._iris.of("section", section.number)
            heading = (
                self._document.printed(section.heading_span)
                if section.style == "annex"
                else section.heading
            )
            parent = self._iris.of("section", section.parent) if section.parent else self._iris.plan
            self._add(node, RDF.type, PLAN.Section)
            self._add(node, PLAN.number, ox.Literal(section.number))
            self._add(node, PLAN.heading, _zh(heading))
            self._add(node, SKOS.prefLabel, _zh(heading))
            self._add(node, DCTERMS.isPartOf, parent)
            self._rests_on(node, [section.heading_span])

    def _add_goal(self, goal: Goal) -> None:
        node = self._iris.of("goal", goal.number)
        self._add(node, RDF.type, PLAN.Goal, SKOS.Concept, *([PLAN.Vision] if goal.vision else []))
        self._add(node, SKOS.prefLabel, _zh(goal.title))
        self._add(node, PLAN.number, Literal(goal.number))
        scheme = URIRef(f"{self._iris.plan}/goals")
        self._add(node, SKOS.inScheme, scheme)
        self._add(node, SKOS.topConceptOf, scheme)
        self._add(node, SKOS.notation, Literal(goal.number))
        self._add(scheme, SKOS.hasTopConcept, node)
        self._add(scheme, RDF.type, SKOS.ConceptScheme)
        for predicate in (DCTERMS.title, SKOS.prefLabel):
            self._add(scheme, predicate, *in_both(*worded("label", "goals")))
        wording = "".join(map(self._with_stop, goal.statement))
        self._add(node, PLAN.statement, _zh(wording))
        if (about := theme(goal.title, wording)) is not None:
            self._add(node, DCTERMS.subject, PLAN[about])
        self._is_sure(node, goal.confidence)
        self._belongs(node, goal.span.start)
        self._rests_on(node, goal.statement)

    def _with_stop(self, span: Span) -> str:
        """The words of a span, with the full stop behind them that a heading is read without."""
        behind = self._document.source[span.end : span.end + 1]
        return self._document.printed(span) + (behind if behind == "。" else "")

    def _is_sure(self, node: URIRef, confidence: float | None) -> None:
        """How sure it is that a thing was read rightly; nothing where that was not measured."""
        if confidence is not None:
            self._add(node, PLAN.confidence, _decimal(str(confidence)))

    def _belongs(self, node: URIRef, offset: int) -> None:
        self._add(node, DCTERMS.isPartOf, self._section_at(offset))

    def _add_measure(self, measure: Measure) -> None:
        node = self._iris.of("measure", measure.number)
        self._add(node, RDF.type, PLAN.Measure)
        self._add(node, SKOS.prefLabel, _zh(measure.title))
        self._add(node, PLAN.number, ox.Literal(measure.number))
        self._is_sure(node, measure.confidence)
        self._add(node, DCTERMS.isPartOf, self._iris.of("section", measure.section))
        self._rests_on(node, [measure.span])

    def _add_indicator(self, indicator: Indicator) -> None:
        node = self._iris.of("indicator", indicator.key)
        self._add(node, RDF.type, PLAN.Indicator)
        self._add(node, SKOS.prefLabel, _zh(indicator.name))
        self._add(node, SKOS.altLabel, *map(_zh, indicator.other_names))
        if indicator.number is not None:
            self._add(node, PLAN.number, Literal(indicator.number))
        if indicator.part is not None:
            self._add(node, PLAN.part, Literal(indicator.part))
        self._add_given(node, PLAN.unitText, indicator.unit_text, lang="zh")
        self._add_given(node, PLAN.category, indicator.category, lang="zh")
        if indicator.attribute:
            self._add(node, PLAN.attribute, PLAN[indicator.attribute])
        if indicator.unit:
            self._add(node, PLAN.unit, unit_iri(indicator.unit))
        concept = self._linked.concepts.get(indicator.key)
        if concept:
            self._add(node, PLAN.indicatorConcept, concept_iri(concept))
        else:
            own = self._iris.of("quantity", indicator.key)
            self._add(node, PLAN.indicatorConcept, own)
            self._add(own, RDF.type, PLAN.IndicatorConcept, SKOS.Concept)
            self._add(own, SKOS.prefLabel, _zh(indicator.name))
            self._add(own, SKOS.inScheme, PLAN.IndicatorConcepts)
            self._add(own, SKOS.topConceptOf, PLAN.IndicatorConcepts)
            self._add(own, SKOS.notation, Literal(local_name(str(own))))
            self._rests_on(own, [indicator.span])
        self._is_sure(node, indicator.confidence)
        self._belongs(node, indicator.span.start)
        self._rests_on(node, [indicator.span])

    def _add_value(self, value: Value, indicator: Indicator) -> None:
        node = self._iris.of(value.kind.lower(), value.key)
        self._add(node, RDF.type, PLAN.Value, PLAN[value.kind])
        self._add_quantity(node, value.quantity)
        if value.quantity.value is not None:
            self._add_observation(node, value)
        self._add(node, PLAN.period, self._period(value.period))
        years = (
            str(value.period[0])
            if value.period[0] == value.period[1]
            else f"{value.period[0]}-{value.period[1]}"
        )
        named = worded("label", "value", name=indicator.name, years=years, text=value.quantity.text)
        self._add(node, SKOS.prefLabel, _zh(named[0]))
        self._is_sure(node, value.confidence)
        self._belongs(node, value.quantity.span.start)

    def _add_observation(self, node: URIRef, value: Value) -> None:
        """A value with a number as an observation of the plan's data cube (ontology/cube.ttl); one
        without would break it, and so would a second one of the same dimensions."""
        section = self._section_at(value.quantity.span.start)
        place = (value.indicator, value.period, value.kind, value.quantity.basis, section)
        if place in self._observed:
            return
        self._observed.add(place)
        cube = URIRef(f"{self._iris.plan}/values")
        self._add(cube, RDF.type, QB.DataSet)
        self._add(cube, QB.structure, PLAN.ValueStructure)
        self._add(cube, RDFS.label, *in_both(*worded("label", "values")))
        self._add(cube, DCTERMS.isPartOf, self._iris.plan)
        self._add(node, RDF.type, QB.Observation)
        self._add(node, QB.dataSet, cube)
        self._add(node, SDMX_DIMENSION.refArea, URIRef(f"{self._iris.plan}/area"))
        self._add(node, PLAN.valueKind, PLAN[f"kind-{value.kind}"])
        self._add(node, PLAN.statedIn, section)

    def add_identity(self, identity: Identity) -> bool:
        """State the identity of a place or organisation; False where the plan lacks the name."""
        about = Node(identity.kind, identity.name)
        if identity.kind != "area" and not self._iris.names(about):
            return False
        node = (
            URIRef(f"{self._iris.plan}/area") if identity.kind == "area" else self._iris.node(about)
        )
        source = self._iris.of("identity", str(identity.ordinal))
        self._add(source, RDF.type, PROV.Entity)
        self._add(source, RDFS.label, Literal(identity.source))
        self._add(source, PLAN.about, node)
        if identity.same_as:
            self._add(
                node, OWL.sameAs if identity.verified else SCHEMA.sameAs, URIRef(identity.same_as)
            )
        if identity.longitude is not None:
            geometry = URIRef(f"{node}/geometry")
            self._add(node, GEO.hasGeometry, geometry)
            self._add(geometry, RDF.type, GEO.Geometry)
            point = f"POINT({identity.longitude} {identity.latitude})"
            self._add(geometry, GEO.asWKT, Literal(point, datatype=GEO.wktLiteral))
        return True

    def _add_quantity(self, node: URIRef, quantity: Quantity) -> None:
        if quantity.value is not None:
            self._add(node, PLAN.value, _decimal(str(quantity.value)))
        else:
            self._add(node, PLAN.valueStatus, PLAN.NoNumber)
        if quantity.upper is not None:
            self._add(node, PLAN.upperBound, _decimal(str(quantity.upper)))
        if quantity.relative_to is not None:
            year = Literal(str(quantity.relative_to), datatype=XSD.gYear)
            self._add(node, PLAN.relativeTo, year)
        self._add(node, PLAN.valueText, _zh(quantity.text))
        if quantity.unit:
            self._add(node, PLAN.unit, unit_iri(quantity.unit))
        elif quantity.unit_text:
            self._add(node, PLAN.unitText, _zh(quantity.unit_text))
        self._add(node, PLAN.comparator, PLAN[quantity.comparator])
        self._add(node, PLAN.basis, PLAN[quantity.basis])
        self._rests_on(node, [quantity.span])

    def _add_achievement(self, achievement: Achievement) -> None:
        node = self._iris.of("achievement", achievement.number)
        self._add(node, RDF.type, PLAN.Achievement)
        self._add(node, SKOS.prefLabel, _zh(achievement.what))
        self._add_quantity(node, achievement.quantity)
        if achievement.start is not None:
            self._add(node, PLAN.startValue, _decimal(str(achievement.start)))
        if achievement.period is not None:
            self._add(node, PLAN.period, self._period(achievement.period))
        self._is_sure(node, achievement.confidence)
        self._belongs(node, achievement.span.start)
        self._rests_on(node, [achievement.span])

    def _add_entity(self, entity: Entity) -> None:
        node = self._iris.of(entity.kind, entity.name)
        if entity.kind == "zone":
            self._add(node, RDF.type, PLAN.Zone, GEO.Feature)
            self._add(node, PLAN.zoneType, PLAN[f"zone-{entity.type}"])
        else:
            self._add(node, RDF.type, PLAN.Institution, ORG.Organization)
            self._add(node, PLAN.institutionType, PLAN[f"institution-{entity.type}"])
        label, others = printed_names(self._document, entity)
        self._add(node, SKOS.prefLabel, _zh(label))
        self._add(node, SKOS.altLabel, *map(_zh, others))
        self._add(node, DCTERMS.isPartOf, self._iris.plan)
        self._is_sure(node, entity.confidence)
        self._rests_on(node, entity.mentions)

    def _add_link(self, link: Link) -> None:
        node = self._iris.link(link.subject, link.predicate, link.object)
        subject = self._iris.node(link.subject)
        object_ = self._iris.node(link.object)
        predicate = PLAN[link.predicate]
        self._add(subject, predicate, object_)
        self._add(node, RDF.type, PLAN.Link, RDF.Statement)
        self._add(node, RDF.subject, subject)
        self._add(node, RDF.predicate, predicate)
        self._add(node, RDF.object, object_)
        self._add(node, PLAN.method, PLAN[link.method])
        self._add(node, PLAN.linkStatus, PLAN[link_status(link)])
        self._add(node, PLAN.reviewStatus, PLAN[f"review-{review_status(link)}"])
        if link.score is not None:
            self._add(node, PLAN.score, _decimal(str(link.score)))
        self._is_sure(node, link.confidence)
        self._add_given(node, PLAN.explanation, link.explanation, lang="zh")
        self._add_given(node, PLAN.explanation, link.explanation_en, lang="en")
        self._rests_on(node, link.evidence)

    def add_finding(self, finding: Finding) -> None:
        """Write a finding of the cross-check."""
        first = finding.about[0]
        node = self._finding(f"{finding.kind}.{first.kind}-{self._iris.local(first)}")
        self._add(node, RDF.type, PLAN.Finding)
        self._add(node, PLAN.findingType, PLAN[f"finding-{finding.kind}"])
        self._add(node, PLAN.about, *(self._iris.node(about) for about in finding.about))
        self._add(node, PLAN.explanation, *in_both(finding.zh, finding.en))
        self._add(node, SKOS.prefLabel, _zh(finding.zh))
        self._add(node, DCTERMS.isPartOf, self._iris.plan)
        self._rests_on(node, finding.evidence)

    def _finding(self, key: str) -> URIRef:
        """The IRI of a finding; a further one of the same key gets a number."""
        self._findings[key] += 1
        number = self._findings[key]
        return self._iris.of("finding", f"{key}.{number}" if number > 1 else key)

    def add_unread(self, findings: Iterable[Unread]) -> None:
        """Write what was not understood: about the section that it lies in, or the plan."""
        for finding in findings:
            number = self._document.section_at(finding.span.start) if finding.span else None
            about = self._iris.of("section", number) if number else self._iris.plan
            kind = finding_iri(finding.kind)
            place = f"section-{number}" if number else "plan"
            key = f"{local_name(kind).removeprefix('finding-')}.{place}"
            node = self._finding(key)
            zh, en = _zh(finding.wording("zh")), Literal(finding.wording("en"), lang="en")
            self._add(node, RDF.type, PLAN.Finding)
            self._add(node, PLAN.findingType, kind)
            self._add(node, PLAN.about, about)
            self._add(node, PLAN.explanation, zh, en)
            self._add(node, SKOS.prefLabel, zh)
            self._add(node, DCTERMS.isPartOf, about)
            self._rests_on(node, [finding.span] if finding.span else [])

    def _add_erratum(self, ordinal: int, erratum: Erratum) -> None:
        node = self._iris.of("erratum", str(ordinal))
        self._add(node, RDF.type, PLAN.Erratum)
        change = f"{erratum.published} → {erratum.correction}".strip()
        self._add(node, SKOS.prefLabel, _zh(change))
        self._add(node, OA.start, _count(erratum.span.start))
        self._add(node, OA.end, _count(erratum.span.end))
        self._add(node, PLAN.text, _zh(erratum.published))
        self._add(node, PLAN.correction, _zh(erratum.correction))
        both = bool(erratum.reason_zh)
        reason = Literal(erratum.reason, lang="en") if both else _reason(erratum.reason)
        self._add(node, PLAN.reason, reason)
        self._add_given(node, PLAN.reason, erratum.reason_zh, lang="zh")
        self._add(node, DCTERMS.isPartOf, self._iris.plan)
