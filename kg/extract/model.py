"""What is read from a plan: plain values, each with the spans of the source it rests on.

confidence, where a thing has it, is the share of such things that were right in plans left out;
1 of what a person decided.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property

from kg.document.responsibility_notes import Cost
from kg.quantities.bounds import OPPOSITE, counts_fall
from kg.quantities.grammar import Number
from kg.quantities.wording import Worded, target_worded, unit_printed
from kg.source.findings import Finding
from kg.source.text import Span

Years = tuple[int, int]
"""The first and the last of some years."""


@dataclass(frozen=True)
class Goal:
    """An overall goal of the period, or the longer-range vision."""

    number: str
    title: str
    span: Span
    statement: tuple[Span, ...]
    vision: bool = False
    confidence: float = 1.0


@dataclass(frozen=True)
class Measure:
    """One commitment to act: a sentence, titled by its first action clause.

    years, cost: of a project in a table, the first and the last year in which it is built, and what
        it costs in all.
    """

    number: str
    section: str
    title: str
    span: Span
    title_span: Span
    confidence: float = 1.0
    years: Years | None = None
    cost: Cost | None = None


@dataclass(frozen=True)
class Quantity:
    """A number as printed with what it says: value in the printed unit, comparator, and its basis.

    basis is one of PointInTime, Cumulative, AnnualAverage; value is None where the text gives no
    number, and negative where something is to fall by so much, unless its indicator's own name
    says that it falls. relative_to is the year that a change or multiple is measured against.
    """

    value: Decimal | None
    text: str
    unit: str | None
    unit_text: str
    comparator: str
    basis: str
    span: Span
    upper: Decimal | None = None
    relative_to: int | None = None

    @classmethod
    def of_number(
        cls,
        number: Number | None,
        text: str,
        comparator: str,
        basis: str,
        span: Span,
        since: int | None = None,
    ) -> Quantity:
        """The quantity of a number of the text, or of words without one."""
        if number is None:
            return cls(None, text, None, "", comparator, basis, span)
        unit, printed, most = number.unit_id, number.unit_text, number.upper
        return cls(number.value, text, unit, printed, comparator, basis, span, most, since)

    def of(self, name: str) -> Quantity:
        """The quantity as one of an indicator: a fall by its size where the name says reduction."""
        if self.value is None or self.value >= 0 or not counts_fall(name):
            return self
        low, high = self.value, self.upper
        comparator = OPPOSITE.get(self.comparator, self.comparator)
        if high is None:
            return replace(self, value=-low, comparator=comparator)
        return replace(self, value=-high, upper=-low, comparator=comparator)


@dataclass(frozen=True)
class Indicator:
    """An indicator as the plan uses it; number and attribute only where it is a row of the annex
    table.

    unit_text is the unit as printed where lexicon/units.toml has none such, or where a column of
    units has it under another of its labels; other_names are the name as its cell has it, with the
    unit behind it, and without a long explanation there.
    """

    key: str
    name: str
    span: Span
    unit: str | None
    unit_text: str = ""
    number: int | None = None
    part: int | None = None
    category: str | None = None
    attribute: str | None = None
    other_names: tuple[str, ...] = ()
    confidence: float = 1.0

    def counted(self, text: str, unit: str | None, unit_text: str) -> str:
        """What the plan calls the unit of a value that has these; "" where it has none."""
        if not unit:
            return unit_text or self.unit_text
        names = " ".join((*self.other_names, self.name))
        return unit_printed(unit, f"{names} ({self.unit_text}) {text}")

    def worded(self, of: Quantity) -> Worded:
        """A value with its unit and what it is counted over, which a table gives apart."""
        counted = self.counted(of.text, of.unit, of.unit_text)
        return target_worded(of.value, of.text, of.unit, counted, of.comparator, of.basis)


@dataclass(frozen=True)
class Value:
    """A baseline or target of an indicator: a quantity for a year or a span of years."""

    key: str
    kind: str
    indicator: str
    quantity: Quantity
    period: Years
    sentence: str | None = None
    confidence: float = 1.0


@dataclass(frozen=True)
class Achievement:
    """A result of the time before the plan's, from its review chapter or among its tasks.

    start: what it was before, in the unit of its quantity, whose relative_to is the year of that.
    period: the first and the last year that it is of, where the text tells them.
    """

    number: str
    what: str
    quantity: Quantity
    span: Span
    start: Decimal | None = None
    period: Years | None = None
    confidence: float = 1.0


@dataclass(frozen=True)
class Mention:
    """A name in the text, with the form it has there and the full form it stands for; confidence is
    the probability that it is one, as left-out plans bear out."""

    name: str
    surface: str
    span: Span
    kind: str
    type: str
    confidence: float = 1.0


@dataclass
class Entity:
    """A place or an organisation: one name, its other names, and every place it is mentioned at."""

    name: str
    kind: str
    type: str
    mentions: list[Span] = field(default_factory=list)
    aliases: set[str] = field(default_factory=set)
    confidence: float = 1.0


@dataclass(frozen=True)
class Boundary:
    """One side of a zone's bounds: the road or water that the text names for it."""

    zone: str
    side: str
    by: str
    span: Span


@dataclass(frozen=True)
class Extraction:
    """Everything read from one document, before anything is linked, and what was not understood."""

    goals: tuple[Goal, ...]
    measures: tuple[Measure, ...]
    indicators: tuple[Indicator, ...]
    values: tuple[Value, ...]
    achievements: tuple[Achievement, ...]
    zones: tuple[Entity, ...]
    institutions: tuple[Entity, ...]
    boundaries: tuple[Boundary, ...]
    findings: tuple[Finding, ...] = ()

    @cached_property
    def indicator(self) -> dict[str, Indicator]:
        """The indicators by their keys."""
        return {i.key: i for i in self.indicators}

    @cached_property
    def baselines(self) -> dict[str, Value]:
        """The baselines by the keys of their indicators."""
        return {v.indicator: v for v in self.values if v.kind == "Baseline"}
