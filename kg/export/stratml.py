"""A plan as StratML, the XML of strategic plans: Part 1 (ISO 17469-1, no indicators) and Part 2
(ISO 17469-2).

Goals are the plan's goals. Objectives are its measures, under the goal they support; the indicators
that measure a goal are in an objective of their own. StratML has no place for a baseline: it is
an ActualResult of the base year; nor for the comparator and the basis: the words as printed, which
hold them, are its Description. It has persons only as submitters, so an organisation's name is a
Surname.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pyoxigraph as ox

from kg.export.tables import words
from kg.rdf.namespaces import PREFIXES, expand
from kg.rdf.statements import Statements
from kg.settings import Settings
from kg.source.characters import writable
from kg.templates import rendered

PART_1 = "urn:ISO:std:iso:17469:tech:xsd:stratml_core"
PART_2 = "urn:ISO:std:iso:17469:tech:xsd:PerformancePlanOrReport"
_PLAN = PREFIXES["plan"]
_Goal = tuple[str, str, list[str], list[tuple[str, str, list[str]]]]


def as_xml(of: Statements, plan: str, settings: Settings, part: str, imprint: str) -> bytes:
    """A plan (its IRI) as an XML document, valid by the schema of PART_1 or PART_2."""
    read = _Read(of)
    made = rendered(
        "kg.export",
        "stratml.xml",
        plan=plan,
        settings=settings,
        part=part,
        part_2=part == PART_2,
        imprint=imprint,
        vision="".join(read.word(one, "plan:statement") for one in read.visions),
        goals=[*read.goals()],
        words=words(),
        involved=lambda measure: sorted(
            read.word(one, "skos:prefLabel") for one in read.all(measure, "plan:involves")
        ),
        all=read.all,
        one=read.one,
        word=read.word,
    )
    ET.register_namespace("", part)
    root = ET.fromstring(writable(made))
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


class _Read:
    """What the template asks of a plan; each measure and indicator stands in one place."""

    def __init__(self, of: Statements) -> None:
        self._of = of
        self._placed: set[str] = set()  # measures and indicators
        self.visions = sorted(set(of.iris(f"{_PLAN}Vision")))

    def goals(self) -> Iterator[_Goal]:
        """The goals with their indicators and measures, these each with its sentence and its own
        indicators; at the end what stands under none of them."""
        measures = self._of.iris(f"{_PLAN}Measure")
        goals = [one for one in self._of.iris(f"{_PLAN}Goal") if one not in self.visions]
        for goal in goals:
            served = [m for m in measures if goal in self.all(m, "plan:supportsGoal")]
            name, statement = self.word(goal, "skos:prefLabel"), self.word(goal, "plan:statement")
            yield self._goal(name, statement, self.all(goal, "plan:measuredBy"), served)
        own = self._new(self._of.iris(f"{_PLAN}Indicator"))
        left = self._new(measures)
        if left or own or not goals:
            yield self._goal(words()["others"], words()["others"], own, left)

    def _goal(self, name: str, statement: str, indicators: list[str], measures: list[str]) -> _Goal:
        own, stated = self._place(indicators), []
        for measure in self._place(measures):
            sentence = self.word(self.one(measure, "prov:wasQuotedFrom"), "plan:text")
            served = self._place(self.all(measure, "plan:contributesTo"))
            stated.append((measure, re.sub(r"\s*\n\s*", "", sentence), served))
        return name, statement, own, stated

    def _new(self, iris: list[str]) -> list[str]:
        """Those measures or indicators that stand nowhere yet."""
        return [iri for iri in dict.fromkeys(iris) if iri not in self._placed]

    def _place(self, iris: list[str]) -> list[str]:
        new = self._new(iris)
        self._placed.update(new)
        return new

    def all(self, subject: str, predicate: str) -> list[str]:
        """The values of a property."""
        return self._of.texts(subject, expand(predicate))

    def one(self, subject: str, predicate: str) -> str:
        """The first value of a property; "" where there is none."""
        return self._of.first(subject, expand(predicate))

    def word(self, subject: str, predicate: str) -> str:
        """The first value that is Chinese or in no language."""
        found = self._of.values(ox.NamedNode(subject), expand(predicate)) if subject else ()
        return next((o.value for o in found if getattr(o, "language", None) in ("zh", None)), "")
