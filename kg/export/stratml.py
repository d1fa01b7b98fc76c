"""A plan as StratML, the XML of strategic plans: Part 1 (ISO 17469-1, no indicators) and Part 2
(ISO 17469-2).

Goals are the plan's goals. Objectives are its measures, under the goal they support; the indicators
that measure a goal are in an objective of their own. StratML has no place for a baseline: it is
an ActualResult of the base year; nor for the comparator and the basis: the words as printed, which
hold them, are its Description.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree as ET

from kg.export.tables import Statements, words
from kg.rdf.namespaces import PREFIXES, expand

PART_1 = "urn:ISO:std:iso:17469:tech:xsd:stratml_core"
PART_2 = "urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport"
_ROOTS = {PART_1: "StrategicPlan", PART_2: "PerformancePlanOrReport"}
_PLAN = PREFIXES["plan"]


@dataclass(frozen=True)
class Result:
    """A target, or for the base year an actual result: number, printed text and period."""

    number: Decimal | None
    text: str
    start: str
    end: str


@dataclass(frozen=True)
class IndicatorEntry:
    """A performance indicator with its baselines and targets."""

    name: str
    unit: str
    targets: tuple[Result, ...]
    actuals: tuple[Result, ...]


@dataclass(frozen=True)
class ObjectiveEntry:
    """An objective: a measure with those who act, or the indicators of a goal."""

    name: str
    description: str
    stakeholders: tuple[str, ...]
    indicators: tuple[IndicatorEntry, ...]


@dataclass(frozen=True)
class GoalEntry:
    """A goal with its objectives."""

    name: str
    description: str
    objectives: tuple[ObjectiveEntry, ...]


@dataclass(frozen=True)
class Submitter:
    """Who submits the plan; StratML has persons only, so an organisation's name is a Surname."""

    name: str
    email: str


@dataclass(frozen=True)
class PlanEntry:
    """A plan as StratML holds it."""

    name: str
    organization: str
    vision: str
    start: str
    end: str
    source: str
    submitter: Submitter
    goals: tuple[GoalEntry, ...]


def plan_entry(statements: Statements, plan: str, submitter: Submitter) -> PlanEntry:
    """What StratML holds of a plan."""
    return _Reader(statements).plan(plan, submitter)


class _Reader:
    def __init__(self, statements: Statements) -> None:
        self._of = statements
        self._placed: set[str] = set()  # measures and indicators

    def plan(self, plan: str, submitter: Submitter) -> PlanEntry:
        visions = set(self._of.instances(f"{_PLAN}Vision"))
        goals = [self._goal(g) for g in self._of.instances(f"{_PLAN}Goal") if g not in visions]
        left = self._new(self._of.instances(f"{_PLAN}Measure"))
        own = self._own(self._of.instances(f"{_PLAN}Indicator"))
        if left or own or not goals:
            others = words()["others"]
            goals.append(GoalEntry(others, others, (*own, *map(self._objective, left))))
        period = self._one(plan, "dcterms:temporal")
        return PlanEntry(
            self._word(plan, "dcterms:title"),
            self._word(self._one(plan, "plan:issuer"), "foaf:name"),
            "".join(self._word(v, "plan:statement") for v in sorted(visions)),
            self._word(period, "schema:startDate"),
            self._word(period, "schema:endDate"),
            plan,
            submitter,
            tuple(goals),
        )

    def _goal(self, goal: str) -> GoalEntry:
        own = self._own(self._all(goal, "plan:measuredBy"))
        served = [
            m
            for m in self._of.instances(f"{_PLAN}Measure")
            if goal in self._all(m, "plan:supportsGoal")
        ]
        return GoalEntry(
            self._word(goal, "skos:prefLabel"),
            self._word(goal, "plan:statement"),
            (*own, *map(self._objective, self._new(served))),
        )

    def _own(self, indicators: list[str]) -> tuple[ObjectiveEntry, ...]:
        """The objective that holds those indicators that stand nowhere yet; none without such."""
        new = tuple(map(self._indicator, self._new(indicators)))
        return (ObjectiveEntry(words()["indicators"], "", (), new),) if new else ()

    def _new(self, iris: list[str]) -> list[str]:
        """Those measures or indicators that stand nowhere yet; each is in one place."""
        return [iri for iri in dict.fromkeys(iris) if iri not in self._placed]

    def _objective(self, measure: str) -> ObjectiveEntry:
        self._placed.add(measure)
        involved = (self._word(i, "skos:prefLabel") for i in self._all(measure, "plan:involves"))
        sentence = self._word(self._one(measure, "prov:wasQuotedFrom"), "plan:text")
        return ObjectiveEntry(
            self._word(measure, "skos:prefLabel"),
            re.sub(r"\s*\n\s*", "", sentence),
            tuple(sorted(involved)),
            tuple(map(self._indicator, self._new(self._all(measure, "plan:contributesTo")))),
        )

    def _indicator(self, indicator: str) -> IndicatorEntry:
        self._placed.add(indicator)
        return IndicatorEntry(
            self._word(indicator, "skos:prefLabel"),
            self._word(self._one(indicator, "plan:unit"), "skos:prefLabel") or "—",
            self._results(indicator, "plan:hasTarget"),
            self._results(indicator, "plan:hasBaseline"),
        )

    def _results(self, indicator: str, predicate: str) -> tuple[Result, ...]:
        found = []
        for value in sorted(self._all(indicator, predicate)):
            number = self._word(value, "plan:value")
            period = self._one(value, "plan:period")
            found.append(
                Result(
                    Decimal(number) if number else None,
                    self._word(value, "plan:valueText"),
                    self._word(period, "schema:startDate"),
                    self._word(period, "schema:endDate"),
                )
            )
        return tuple(found)

    def _all(self, subject: str, predicate: str) -> list[str]:
        return [o.value for o in self._of.objects(subject, expand(predicate))]

    def _one(self, subject: str, predicate: str) -> str:
        return next(iter(self._all(subject, predicate)), "")

    def _word(self, subject: str, predicate: str) -> str:
        found = self._of.objects(subject, expand(predicate))
        return next((o.value for o in found if getattr(o, "language", None) in ("zh", None)), "")


def as_xml(plan: PlanEntry, namespace: str = PART_2, imprint: str = "") -> bytes:
    """The plan as an XML document, valid by its part's schema (PART_1 or PART_2)."""
    writer = _Writer(namespace)
    root = writer.root
    writer.add(root, "Name", plan.name)
    if imprint:
        writer.add(root, "OtherInformation", imprint)
    core = writer.add(root, "StrategicPlanCore")
    organization = writer.add(core, "Organization")
    writer.add_all(organization, Name=plan.organization, Identifier="_issuer")
    vision = writer.add(core, "Vision")
    if plan.vision:
        writer.add(vision, "Description", plan.vision)
    writer.add(core, "Mission")
    for g, goal in enumerate(plan.goals, 1):
        node = writer.add_numbered(core, "Goal", f"{g}", goal)
        for o, objective in enumerate(goal.objectives, 1):
            writer.add_objective(node, f"{g}.{o}", objective)
    about = writer.add(root, "AdministrativeInformation")
    writer.add_all(about, StartDate=plan.start, EndDate=plan.end, Source=plan.source)
    submitter = writer.add(root if writer.part_2 else about, "Submitter")
    writer.add(submitter, "Surname", plan.submitter.name)
    if plan.submitter.email:
        writer.add(submitter, "EmailAddress", plan.submitter.email)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


class _Writer:
    """Writes the elements of a document of one part."""

    def __init__(self, namespace: str) -> None:
        self._namespace, self.part_2 = namespace, namespace == PART_2
        ET.register_namespace("", namespace)
        kind = {"Type": "Strategic_Plan"} if self.part_2 else {}
        self.root = ET.Element(f"{{{namespace}}}{_ROOTS[namespace]}", kind)

    def add(
        self, parent: ET.Element, tag: str, text: str | None = None, **attributes: str
    ) -> ET.Element:
        element = ET.SubElement(parent, f"{{{self._namespace}}}{tag}", attributes)
        element.text = text
        return element

    def add_all(self, parent: ET.Element, **texts: str) -> None:
        for tag, text in texts.items():
            self.add(parent, tag, text)

    def add_numbered(
        self, parent: ET.Element, tag: str, number: str, entry: GoalEntry | ObjectiveEntry
    ) -> ET.Element:
        element = self.add(parent, tag)
        self.add_all(element, Name=entry.name, Description=entry.description)
        self.add_all(element, Identifier=f"_{tag.lower()}-{number}", SequenceIndicator=number)
        return element

    def add_objective(self, goal: ET.Element, number: str, objective: ObjectiveEntry) -> None:
        element = self.add_numbered(goal, "Objective", number, objective)
        acting = {"StakeholderTypeType": "Organization"} if self.part_2 else {}
        for name in objective.stakeholders:
            self.add(self.add(element, "Stakeholder", **acting), "Name", name)
        for i, indicator in enumerate(objective.indicators if self.part_2 else (), 1):
            self._add_indicator(element, f"{number}.{i}", indicator)

    def _add_indicator(self, objective: ET.Element, number: str, indicator: IndicatorEntry) -> None:
        entry = self.add(objective, "PerformanceIndicator", PerformanceIndicatorType="Quantitative")
        self.add_all(
            entry,
            SequenceIndicator=number,
            MeasurementDimension=indicator.name,
            UnitOfMeasurement=indicator.unit,
            Identifier=f"_indicator-{number}",
        )
        instance = self.add(entry, "MeasurementInstance")
        results = [("TargetResult", result) for result in indicator.targets]
        results += [("ActualResult", result) for result in indicator.actuals]
        for tag, result in results:
            extent = self.add(instance, tag)
            self.add_all(extent, StartDate=result.start, EndDate=result.end)
            if result.number is not None:
                self.add(extent, "NumberOfUnits", str(result.number))
            self.add(extent, "Description", result.text)
