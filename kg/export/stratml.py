"""A plan as StratML, the XML of strategic plans: Part 1 (ISO 17469-1, no indicators) and Part 2
(ISO 17469-2), and read back.

Goals are the plan's goals. Objectives are its measures, under the goal they support; the indicators
that measure a goal stand in an objective of their own. StratML has no place for a baseline: it is
an ActualResult of the base year; nor for the
comparator and the basis: the words as printed, which hold them, are its Description.
"""

from __future__ import annotations

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
    """A target (or, of the base year, an actual result): number, words as printed, and the years it
    is for."""

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
    """Who submits the plan in StratML: StratML has names of persons only, so an organisation's
    stands as its Surname.
    """

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
    """What StratML holds of a plan.

    Args:
        statements: what was read from the plan, and the vocabulary.
        plan: the plan's IRI.
        submitter: who publishes it.
    """
    return _Reader(statements).plan(plan, submitter)


class _Reader:
    def __init__(self, statements: Statements) -> None:
        self._of = statements
        self._told: set[str] = set()

    def plan(self, plan: str, submitter: Submitter) -> PlanEntry:
        visions = set(self._of.instances(f"{_PLAN}Vision"))
        goals = [self._goal(g) for g in self._of.instances(f"{_PLAN}Goal") if g not in visions]
        left = [m for m in self._of.instances(f"{_PLAN}Measure") if m not in self._told]
        rest = tuple(
            self._indicator(i)
            for i in self._of.instances(f"{_PLAN}Indicator")
            if i not in self._told
        )
        if left or rest or not goals:
            own = (ObjectiveEntry(words()["indicators"], "", (), rest),) if rest else ()
            goals.append(
                GoalEntry(
                    words()["others"],
                    words()["others"],
                    (*own, *(self._objective(m) for m in left)),
                )
            )
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
        measured = tuple(
            self._indicator(i.value)
            for i in self._of.objects(goal, expand("plan:measuredBy"))
            if i.value not in self._told
        )
        own = (ObjectiveEntry(words()["indicators"], "", (), measured),) if measured else ()
        measures = self._of.instances(f"{_PLAN}Measure")
        served = [
            m
            for m in measures
            if any(o.value == goal for o in self._of.objects(m, expand("plan:supportsGoal")))
        ]
        objectives = tuple(self._objective(m) for m in served if m not in self._told)
        return GoalEntry(
            self._word(goal, "skos:prefLabel"),
            self._word(goal, "plan:statement"),
            (*own, *objectives),
        )

    def _objective(self, measure: str) -> ObjectiveEntry:
        self._told.add(measure)
        involved = tuple(
            self._word(i.value, "skos:prefLabel")
            for i in self._of.objects(measure, expand("plan:involves"))
        )
        served = tuple(
            self._indicator(i.value)
            for i in self._of.objects(measure, expand("plan:contributesTo"))
            if i.value not in self._told
        )
        sentence = self._word(self._one(measure, "prov:wasQuotedFrom"), "plan:text")
        return ObjectiveEntry(
            self._word(measure, "skos:prefLabel"), _line(sentence), tuple(sorted(involved)), served
        )

    def _indicator(self, indicator: str) -> IndicatorEntry:
        self._told.add(indicator)
        return IndicatorEntry(
            self._word(indicator, "skos:prefLabel"),
            self._word(self._one(indicator, "plan:unit"), "skos:prefLabel") or "—",
            self._results(indicator, "plan:hasTarget"),
            self._results(indicator, "plan:hasBaseline"),
        )

    def _results(self, indicator: str, predicate: str) -> tuple[Result, ...]:
        found = []
        for value in sorted(v.value for v in self._of.objects(indicator, expand(predicate))):
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

    def _one(self, subject: str, predicate: str) -> str:
        found = self._of.objects(subject, expand(predicate)) if subject else []
        return str(found[0].value) if found else ""

    def _word(self, subject: str, predicate: str) -> str:
        found = self._of.objects(subject, expand(predicate)) if subject else []
        chinese = [o.value for o in found if getattr(o, "language", None) in ("zh", None)]
        return str(chinese[0]) if chinese else ""


def _line(text: str) -> str:
    return re.sub(r"\s*\n\s*", "", text)


def as_xml(  # noqa: C901 — element by element
    plan: PlanEntry, namespace: str = PART_2, imprint: str = ""
) -> bytes:
    """The plan as an XML document, valid by its part's schema.

    Args:
        plan: the plan.
        namespace: PART_1 or PART_2.
        imprint: what the document is of, which is not read back.
    """
    part_2 = namespace == PART_2
    ET.register_namespace("", namespace)
    root = ET.Element(
        f"{{{namespace}}}{_ROOTS[namespace]}", {"Type": "Strategic_Plan"} if part_2 else {}
    )

    def add(parent: ET.Element, tag: str, text: str | None = None, **attributes: str) -> ET.Element:
        element = ET.SubElement(parent, f"{{{namespace}}}{tag}", attributes)
        element.text = text
        return element

    add(root, "Name", plan.name)
    if imprint:
        add(root, "OtherInformation", imprint)
    core = add(root, "StrategicPlanCore")
    organization = add(core, "Organization")
    add(organization, "Name", plan.organization)
    add(organization, "Identifier", "_issuer")
    vision = add(core, "Vision")
    if plan.vision:
        add(vision, "Description", plan.vision)
    add(core, "Mission")
    for g, goal in enumerate(plan.goals, 1):
        node = add(core, "Goal")
        for tag, text in (
            *(("Name", goal.name), ("Description", goal.description)),
            *(("Identifier", f"_goal-{g}"), ("SequenceIndicator", str(g))),
        ):
            add(node, tag, text)
        for o, objective in enumerate(goal.objectives, 1):
            inner = add(node, "Objective")
            add(inner, "Name", objective.name)
            add(inner, "Description", objective.description)
            add(inner, "Identifier", f"_objective-{g}.{o}")
            add(inner, "SequenceIndicator", f"{g}.{o}")
            for name in objective.stakeholders:
                add(
                    add(
                        inner,
                        "Stakeholder",
                        **({"StakeholderTypeType": "Organization"} if part_2 else {}),
                    ),
                    "Name",
                    name,
                )
            for i, indicator in enumerate(objective.indicators if part_2 else (), 1):
                place = f"{g}.{o}.{i}"
                entry = add(inner, "PerformanceIndicator", PerformanceIndicatorType="Quantitative")
                add(entry, "SequenceIndicator", place)
                add(entry, "MeasurementDimension", indicator.name)
                add(entry, "UnitOfMeasurement", indicator.unit)
                add(entry, "Identifier", f"_indicator-{place}")
                instance = add(entry, "MeasurementInstance")
                for tag, results in (
                    ("TargetResult", indicator.targets),
                    ("ActualResult", indicator.actuals),
                ):
                    for result in results:
                        extent = add(instance, tag)
                        add(extent, "StartDate", result.start)
                        add(extent, "EndDate", result.end)
                        if result.number is not None:
                            add(extent, "NumberOfUnits", str(result.number))
                        add(extent, "Description", result.text)
    about = add(root, "AdministrativeInformation")
    add(about, "StartDate", plan.start)
    add(about, "EndDate", plan.end)
    add(about, "Source", plan.source)
    submitter = add(root if part_2 else about, "Submitter")
    add(submitter, "Surname", plan.submitter.name)
    if plan.submitter.email:
        add(submitter, "EmailAddress", plan.submitter.email)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def read_xml(content: bytes) -> PlanEntry:
    """A plan read back from StratML Part 2.

    Raises:
        ValueError: it is no StratML Part 2 document.
    """
    try:
        root = ET.fromstring(content)
    except ET.ParseError as error:
        raise ValueError(f"this is no XML ({error})") from error
    if root.tag != f"{{{PART_2}}}{_ROOTS[PART_2]}":
        raise ValueError(f"this is no StratML Part 2 document but {root.tag}")

    def text(node: ET.Element, *path: str) -> str:
        return node.findtext("/".join(f"{{{PART_2}}}{p}" for p in path)) or ""

    def all_of(node: ET.Element, tag: str) -> list[ET.Element]:
        return node.findall(f"{{{PART_2}}}{tag}")

    def results(indicator: ET.Element, tag: str) -> tuple[Result, ...]:
        found = [
            r
            for instance in all_of(indicator, "MeasurementInstance")
            for r in all_of(instance, tag)
        ]
        return tuple(
            Result(
                Decimal(number) if (number := text(r, "NumberOfUnits")) else None,
                text(r, "Description"),
                text(r, "StartDate"),
                text(r, "EndDate"),
            )
            for r in found
        )

    core = root.find(f"{{{PART_2}}}StrategicPlanCore")
    if core is None:
        raise ValueError("the document has no StrategicPlanCore")
    goals = tuple(
        GoalEntry(
            text(goal, "Name"),
            text(goal, "Description"),
            tuple(
                ObjectiveEntry(
                    text(o, "Name"),
                    text(o, "Description"),
                    tuple(text(s, "Name") for s in all_of(o, "Stakeholder")),
                    tuple(
                        IndicatorEntry(
                            text(i, "MeasurementDimension"),
                            text(i, "UnitOfMeasurement"),
                            results(i, "TargetResult"),
                            results(i, "ActualResult"),
                        )
                        for i in all_of(o, "PerformanceIndicator")
                    ),
                )
                for o in all_of(goal, "Objective")
            ),
        )
        for goal in all_of(core, "Goal")
    )
    return PlanEntry(
        text(root, "Name"),
        text(core, "Organization", "Name"),
        text(core, "Vision", "Description"),
        text(root, "AdministrativeInformation", "StartDate"),
        text(root, "AdministrativeInformation", "EndDate"),
        text(root, "AdministrativeInformation", "Source"),
        Submitter(text(root, "Submitter", "Surname"), text(root, "Submitter", "EmailAddress")),
        goals,
    )
