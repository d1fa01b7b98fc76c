"""A plan as StratML, the XML of strategic plans: Part 1 (ISO 17469-1, no indicators) and Part 2
(ISO 17469-2).

Goals are the plan's goals. Objectives are its measures, under the goal they support; the indicators
that measure a goal are in an objective of their own. StratML has no place for a baseline: it is
an ActualResult of the base year; nor for the comparator and the basis: the words as printed, which
hold them, are its Description. It has persons only as submitters, so an organisation's name is a
Surname.
"""

import re
from collections.abc import Iterable
from xml.etree import ElementTree as ET

from kg.export.tables import Statements, words
from kg.rdf.namespaces import PREFIXES, expand
from kg.settings import Settings

PART_1 = "urn:ISO:std:iso:17469:tech:xsd:stratml_core"
PART_2 = "urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport"
_PLAN = PREFIXES["plan"]


def as_xml(of: Statements, plan: str, settings: Settings, part: str, imprint: str) -> bytes:
    """A plan as an XML document, valid by its part's schema.

    Args:
        plan: the plan's IRI.
        settings: who submits it.
        part: PART_1 or PART_2.
    """
    return _Document(of, part).written(plan, settings, imprint)


class _Document:
    """Writes the elements of a document of one part; each measure and indicator is in one place."""

    def __init__(self, of: Statements, part: str) -> None:
        self._of, self._part, self._part_2 = of, part, part == PART_2
        self._placed: set[str] = set()  # measures and indicators
        ET.register_namespace("", part)
        name, kind = "StrategicPlan", dict[str, str]()
        if self._part_2:
            name, kind = "PerformancePlanOrReport", {"Type": "Strategic_Plan"}
        self._root = ET.Element(f"{{{part}}}{name}", kind)

    def written(self, plan: str, settings: Settings, imprint: str) -> bytes:
        root, period = self._root, self._one(plan, "dcterms:temporal")
        self._add_all(root, Name=self._word(plan, "dcterms:title"), OtherInformation=imprint)
        core = self._add(root, "StrategicPlanCore")
        issuer = self._word(self._one(plan, "plan:issuer"), "foaf:name")
        self._add_all(self._add(core, "Organization"), Name=issuer, Identifier="_issuer")
        visions = sorted(set(self._of.instances(f"{_PLAN}Vision")))
        vision = self._add(core, "Vision")
        if said := "".join(self._word(one, "plan:statement") for one in visions):
            self._add(vision, "Description", said)
        self._add(core, "Mission")
        self._add_goals(core, visions)
        about = self._add(root, "AdministrativeInformation")
        start, end = (self._word(period, f"schema:{name}") for name in ("startDate", "endDate"))
        self._add_all(about, StartDate=start, EndDate=end, Source=plan)
        submitter = self._add(root if self._part_2 else about, "Submitter")
        self._add(submitter, "Surname", settings.publisher.name["zh"])
        if settings.contact.email:
            self._add(submitter, "EmailAddress", settings.contact.email)
        ET.indent(root)
        text = ET.tostring(root, encoding="unicode")
        return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()

    def _add_goals(self, core: ET.Element, visions: list[str]) -> None:
        """The goals, and at the end one of what stands under none of them."""
        measures = self._of.instances(f"{_PLAN}Measure")
        goals = [one for one in self._of.instances(f"{_PLAN}Goal") if one not in visions]
        for at, goal in enumerate(goals, 1):
            served = [m for m in measures if goal in self._all(m, "plan:supportsGoal")]
            name, said = self._word(goal, "skos:prefLabel"), self._word(goal, "plan:statement")
            own = self._all(goal, "plan:measuredBy")
            self._add_goal(core, str(at), (name, said), own, served)
        own = self._new(self._of.instances(f"{_PLAN}Indicator"))
        left = self._new(measures)
        if left or own or not goals:
            others = words()["others"]
            self._add_goal(core, str(len(goals) + 1), (others, others), own, left)

    def _add_goal(
        self,
        core: ET.Element,
        number: str,
        said: tuple[str, str],
        indicators: list[str],
        measures: list[str],
    ) -> None:
        goal = self._add_numbered(core, "Goal", number, *said)
        if own := self._new(indicators):
            objective = self._add_numbered(goal, "Objective", f"{number}.1", words()["indicators"])
            self._add_indicators(objective, f"{number}.1", own)
        for at, measure in enumerate(self._new(measures), 2 if own else 1):
            self._add_measure(goal, f"{number}.{at}", measure)

    def _add_measure(self, goal: ET.Element, number: str, measure: str) -> None:
        self._placed.add(measure)
        sentence = self._word(self._one(measure, "prov:wasQuotedFrom"), "plan:text")
        name = self._word(measure, "skos:prefLabel")
        said = re.sub(r"\s*\n\s*", "", sentence)
        objective = self._add_numbered(goal, "Objective", number, name, said)
        acting = {"StakeholderTypeType": "Organization"} if self._part_2 else {}
        involved = (self._word(i, "skos:prefLabel") for i in self._all(measure, "plan:involves"))
        for one in sorted(involved):
            self._add(self._add(objective, "Stakeholder", **acting), "Name", one)
        own = self._new(self._all(measure, "plan:contributesTo"))
        self._add_indicators(objective, number, own)

    def _add_indicators(self, objective: ET.Element, number: str, iris: Iterable[str]) -> None:
        for at, indicator in enumerate(iris, 1):
            self._placed.add(indicator)
            if not self._part_2:
                continue
            entry = self._add(
                objective, "PerformanceIndicator", PerformanceIndicatorType="Quantitative"
            )
            unit = self._word(self._one(indicator, "plan:unit"), "skos:prefLabel")
            self._add_all(
                entry,
                SequenceIndicator=f"{number}.{at}",
                MeasurementDimension=self._word(indicator, "skos:prefLabel"),
                UnitOfMeasurement=unit or "—",
                Identifier=f"_indicator-{number}.{at}",
            )
            instance = self._add(entry, "MeasurementInstance")
            for tag, kind in (("TargetResult", "hasTarget"), ("ActualResult", "hasBaseline")):
                for value in sorted(self._all(indicator, f"plan:{kind}")):
                    self._add_result(instance, tag, value)

    def _add_result(self, instance: ET.Element, tag: str, value: str) -> None:
        """A target, or for the base year an actual result."""
        extent, period = self._add(instance, tag), self._one(value, "plan:period")
        start, end = (self._word(period, f"schema:{name}") for name in ("startDate", "endDate"))
        self._add_all(extent, StartDate=start, EndDate=end)
        if number := self._word(value, "plan:value"):
            self._add(extent, "NumberOfUnits", number)
        self._add(extent, "Description", self._word(value, "plan:valueText"))

    def _add_numbered(
        self, parent: ET.Element, tag: str, number: str, name: str, said: str = ""
    ) -> ET.Element:
        element = self._add(parent, tag)
        self._add_all(element, Name=name, Description=said)
        self._add_all(element, Identifier=f"_{tag.lower()}-{number}", SequenceIndicator=number)
        return element

    def _add(
        self, parent: ET.Element, tag: str, text: str | None = None, **attributes: str
    ) -> ET.Element:
        element = ET.SubElement(parent, f"{{{self._part}}}{tag}", attributes)
        element.text = text
        return element

    def _add_all(self, parent: ET.Element, **texts: str) -> None:
        for tag, text in texts.items():
            self._add(parent, tag, text)

    def _new(self, iris: list[str]) -> list[str]:
        """Those measures or indicators that stand nowhere yet."""
        return [iri for iri in dict.fromkeys(iris) if iri not in self._placed]

    def _all(self, subject: str, predicate: str) -> list[str]:
        return [o.value for o in self._of.objects(subject, expand(predicate))]

    def _one(self, subject: str, predicate: str) -> str:
        return next(iter(self._all(subject, predicate)), "")

    def _word(self, subject: str, predicate: str) -> str:
        found = self._of.objects(subject, expand(predicate))
        return next((o.value for o in found if getattr(o, "language", None) in ("zh", None)), "")
