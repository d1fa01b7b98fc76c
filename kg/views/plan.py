"""A plan as one Python object: what it says of itself, and all that was read from it."""

from dataclasses import dataclass, field
from datetime import date

from kg.views.plan_entities import (
    Achievement,
    Goal,
    Indicator,
    Institution,
    Link,
    Measure,
    Section,
    Value,
    Zone,
)


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
