"""A plan as Python objects that refer to each other: what it says of itself, and all that was read
from it, each with the passages it rests on.

kg.extract and kg.link find these entities and links; this module says how callers see them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Generic, TypeVar, cast

from kg.rdf.iris import Node
from kg.source.text import Span

if TYPE_CHECKING:
    from kg.views.plan_reading import Relations

_T = TypeVar("_T", bound="Entity")


@dataclass(frozen=True)
class Passage:
    """A passage of the plan's text.

    text: as published, line breaks and all.
    start, end: its place in Plan.source, in Unicode code points from 0, end exclusive.
    corrected: the same on one line, with what errata.toml says was lost put right; what str()
        gives.
    """

    text: str = field(repr=False)
    start: int
    end: int
    corrected: str

    def __str__(self) -> str:
        return self.corrected


@dataclass(frozen=True, kw_only=True)
class Entity:
    """What all entities read from a plan have.

    passages: what it rests on, in reading order; there is at least one.
    confidence: the share of such readings that were right in plans not learned from, 1 where a
        person decided; None of sections.
    """

    passages: tuple[Passage, ...] = field(repr=False)
    confidence: float | None = field(repr=False)
    _node: Node = field(repr=False)
    _all: Relations = field(repr=False, compare=False)

    @property
    def sentence(self) -> Passage:
        """The sentence that it was read in; the first of its passages, where that is in none (a
        row of a table, a heading)."""
        return self._all.sentence(self.passages[0])

    @property
    def links(self) -> tuple[Link, ...]:
        """The links that it is the subject or the object of."""
        return (*self._all.links_from.get(self._node, ()), *self._all.links_to.get(self._node, ()))

    def _joined(self, predicate: str, kind: str) -> tuple[Entity, ...]:
        """The entities of a class at the other end of its links of a predicate; with ^ before the
        predicate, of links that lead to it."""
        if predicate.startswith("^"):
            ends = [(f"^{one.predicate}", one.subject) for one in self._all.links_to[self._node]]
        else:
            ends = [(one.predicate, one.object) for one in self._all.links_from[self._node]]
        return tuple(end for leads, end in ends if (leads, type(end).__name__) == (predicate, kind))


class _Joined(Generic[_T]):
    """An attribute of entities that is read from their links, see Entity._joined."""

    def __init__(self, predicate: str, kind: str) -> None:
        self._predicate, self._kind = predicate, kind

    def __get__(self, entity: Entity, _: type[Entity]) -> tuple[_T, ...]:
        return cast("tuple[_T, ...]", entity._joined(self._predicate, self._kind))


@dataclass(frozen=True, kw_only=True)
class Section(Entity):
    """A part, chapter, section or annex; its passage is its heading.

    number: in the document's own numbering ("4", "4.1", "annex1").
    style: "part", "chapter", "section" or "annex".
    role: what it is about, such as "measures", "goals" or "review".
    """

    number: str
    heading: str
    style: str
    role: str
    _span: Span = field(repr=False)
    _parent: str | None = field(repr=False)

    @property
    def text(self) -> str:
        """All of its text as published, that of the sections in it included."""
        return self._all.document.published(self._span)

    @property
    def parent(self) -> Section | None:
        """The section that contains it."""
        return self._all.section(self._parent)

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections directly in it."""
        return tuple(s for s in self._all.sections if s._parent == self.number)

    @property
    def measures(self) -> tuple[Measure, ...]:
        """The measures stated in it, those of the sections in it included."""
        within = range(self._span.start, self._span.end)
        return tuple(m for m in self._all.measures if m.passages[0].start in within)

    goals = _Joined["Goal"]("supportsGoal", "Goal")
    """The goals that it supports."""


@dataclass(frozen=True, kw_only=True)
class Goal(Entity):
    """An overall goal of the period; vision: whether it is one of the longer range instead."""

    number: str
    title: str
    vision: bool

    @property
    def statement(self) -> str:
        """Its full wording."""
        return "".join(map(str, self.passages))

    sections = _Joined["Section"]("^supportsGoal", "Section")
    """The chapters that support it."""

    measures = _Joined["Measure"]("^supportsGoal", "Measure")
    """The measures that support it."""

    indicators = _Joined["Indicator"]("measuredBy", "Indicator")
    """The indicators that measure it."""


@dataclass(frozen=True, kw_only=True)
class Measure(Entity):
    """A commitment to act: a sentence, titled by its first action clause.

    number: section and place in it: "4.1.3" is the third sentence of section 4.1.
    """

    number: str
    title: str
    _section: str = field(repr=False)

    @property
    def section(self) -> Section:
        """The section that states it."""
        return self._all.the(Node("section", self._section), Section)

    goals = _Joined["Goal"]("supportsGoal", "Goal")
    """The goals that it supports."""

    zones = _Joined["Zone"]("locatedIn", "Zone")
    """The zones that it is carried out in."""

    institutions = _Joined["Institution"]("involves", "Institution")
    """The institutions that it involves."""

    indicators = _Joined["Indicator"]("contributesTo", "Indicator")
    """The indicators that it contributes to."""

    related_indicators = _Joined["Indicator"]("concerns", "Indicator")
    """The indicators that it only shares the subject of, and is not said to contribute to."""

    targets = _Joined["Value"]("hasTarget", "Value")
    """The targets that its own sentence sets."""


@dataclass(frozen=True, kw_only=True)
class Indicator(Entity):
    """An indicator as the plan uses it.

    number, part, category, attribute: of its row in the annex table, None where it has none;
        attribute is "Expected" or "Binding".
    unit: its identifier in kg/lexicon/units.toml, None where the unit is none of those.
    unit_text: the unit as printed, where it is none of those, or a column of units calls it
        otherwise.
    concept: the quantity that it means, by kg/lexicon/concepts.toml, None where it is none of
        those.
    """

    key: str
    name: str
    number: int | None
    part: int | None
    category: str | None
    attribute: str | None
    unit: str | None
    unit_text: str
    concept: str | None

    _baselines = _Joined["Value"]("hasBaseline", "Value")

    @property
    def baseline(self) -> Value | None:
        """Its value before the period."""
        return next(iter(self._baselines), None)

    targets = _Joined["Value"]("hasTarget", "Value")
    """What it is to be: in the annex table, then in the text."""

    measures = _Joined["Measure"]("^contributesTo", "Measure")
    """The measures that contribute to it."""

    related_measures = _Joined["Measure"]("^concerns", "Measure")
    """The measures that only share its subject, and are not said to contribute to it."""

    goals = _Joined["Goal"]("^measuredBy", "Goal")
    """The goals that it measures."""


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """A number as the plan prints it.

    value: in the printed unit; None where the text gives no number. upper: the end of a range.
    text: as printed, number, comparator and unit.
    unit: its identifier in kg/lexicon/units.toml, None where the unit is none of those.
    comparator: "Equal", "AtLeast", "AtMost", …: the local name of the vocabulary's term.
    basis: "PointInTime", "Cumulative" or "AnnualAverage".
    """

    value: Decimal | None
    upper: Decimal | None
    text: str
    unit: str | None
    unit_text: str
    comparator: str
    basis: str


@dataclass(frozen=True, kw_only=True)
class Value(Quantity, Entity):
    """A baseline or target of an indicator.

    kind: "Baseline" or "Target". period: the first and the last year it is for, both the same where
        it is for one.
    """

    key: str
    kind: str
    period: tuple[int, int]
    _indicator: str = field(repr=False)

    @property
    def indicator(self) -> Indicator:
        """The indicator that it is of."""
        return self._all.the(Node("indicator", self._indicator), Indicator)

    measures = _Joined["Measure"]("^hasTarget", "Measure")
    """The measures whose sentences set it."""


@dataclass(frozen=True, kw_only=True)
class NamedEntity(Entity):
    """What the plan names: its passages are where it does.

    name: its full name as printed. aliases: its other names.
    type: the local name of a concept of the vocabulary (zone-…, institution-…), such as "district".
    """

    name: str
    type: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Zone(NamedEntity):
    """A place that the plan names."""

    measures = _Joined["Measure"]("^locatedIn", "Measure")
    """The measures carried out in it."""

    institutions = _Joined["Institution"]("^locatedIn", "Institution")
    """The institutions that lie in it."""

    @property
    def bounds(self) -> dict[str, tuple[Zone, ...]]:
        """Its neighbours by side ("north", "east", "south", "west"), as far as stated."""
        sides = {
            s: self._joined(f"{s}Boundary", "Zone") for s in ("north", "east", "south", "west")
        }
        return {side: cast("tuple[Zone, ...]", zones) for side, zones in sides.items() if zones}


@dataclass(frozen=True, kw_only=True)
class Institution(NamedEntity):
    """An organisation that the plan names."""

    measures = _Joined["Measure"]("^involves", "Measure")
    """The measures that involve it."""

    zones = _Joined["Zone"]("locatedIn", "Zone")
    """The zones that it lies in."""


@dataclass(frozen=True, kw_only=True)
class Achievement(Quantity, Entity):
    """A result of the period before the plan's, as its review gives it.

    what: what was counted. start: what it was before, in the same unit. period: the first and the
        last year it is of; None where the text tells neither.
    """

    number: str
    what: str
    start: Decimal | None
    period: tuple[int, int] | None


@dataclass(frozen=True, kw_only=True)
class Link:
    """A statement of one entity about another, with what it rests on.

    predicate: the local name of the vocabulary's property, such as "locatedIn".
    method: how it was found, the local name of a concept of the vocabulary, such as
        "NamedInSentence".
    evidence: the passages it rests on, at least one.
    score: from 0 to 1, where words were compared; None elsewhere.
    confidence: the share of such links that were right in plans not learned from, 1 where a person
        decided.
    explanation, explanation_en: why, in Chinese and in English.
    """

    subject: Entity
    predicate: str
    object: Entity
    method: str
    evidence: tuple[Passage, ...]
    score: Decimal | None
    confidence: float
    explanation: str
    explanation_en: str
    _all: Relations = field(repr=False, compare=False)

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The evidence, under the same name as for entities."""
        return self.evidence

    @property
    def sentence(self) -> Passage:
        """The sentence that contains the first evidence; the evidence itself where none does."""
        return self._all.sentence(self.evidence[0])


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A plan, read and linked.

    slug: its short name in IRIs.
    period: its first and last year. horizon: the year of its longer-range vision.
    source: its text as published; all passages are places in it.
    notes: what a reader should know, such as corrections that found nothing to correct.
    targets, baselines: of its indicators, in the order of the annex table, then of the text.

    >>> from kg import read_plan
    >>> plan = read_plan("plans/hongqiao-2021")
    >>> plan.period, plan.issued
    ((2021, 2025), datetime.date(2021, 3, 8))
    >>> first = plan.indicators[0]
    >>> first.baseline.value, first.baseline.period
    (Decimal('4.1'), (2016, 2020))
    >>> all(target.indicator is first for target in first.targets)
    True
    >>> measure = next(m for m in plan.measures if m.zones)
    >>> measure in measure.zones[0].measures
    True
    >>> plan.source[measure.sentence.start : measure.sentence.end] == measure.sentence.text
    True
    """

    slug: str
    title: str
    title_en: str | None
    issuer: str
    area: str
    period: tuple[int, int]
    horizon: int | None
    issued: date | None
    source: str = field(repr=False)
    sections: tuple[Section, ...] = field(repr=False)
    goals: tuple[Goal, ...] = field(repr=False)
    measures: tuple[Measure, ...] = field(repr=False)
    indicators: tuple[Indicator, ...] = field(repr=False)
    targets: tuple[Value, ...] = field(repr=False)
    baselines: tuple[Value, ...] = field(repr=False)
    achievements: tuple[Achievement, ...] = field(repr=False)
    zones: tuple[Zone, ...] = field(repr=False)
    institutions: tuple[Institution, ...] = field(repr=False)
    links: tuple[Link, ...] = field(repr=False)
    notes: tuple[str, ...] = field(repr=False)
