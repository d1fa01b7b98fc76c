"""Reads a plan, from its folder or a document, into objects that refer to each other."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import fields
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

from kg.document import structure
from kg.errors import PlanlinkError
from kg.extract import model
from kg.extract.entities import printed_names
from kg.link.links import Linked, Node
from kg.link.reading import Reading
from kg.link.reading import read_plan as read_and_link
from kg.rdf.iris import readable
from kg.source import plan as source
from kg.source.intake import read_published
from kg.source.text import Span
from kg.source.title_page import read_title_page
from kg.views.plan import (
    Achievement,
    Entity,
    Goal,
    Indicator,
    Institution,
    Link,
    Measure,
    Plan,
    Quantity,
    Section,
    Value,
    Zone,
)
from kg.views.plan_relations import Relations

_T = TypeVar("_T", bound=Entity)


def read_plan(
    path: str | PathLike[str], *, area: str | None = None, period: tuple[int, int] | None = None
) -> Plan:
    """Read a plan, from a plan's folder or from a document as published.

    Args:
        path: a folder with a plan.toml, or a .txt, .md, .html, .docx or .pdf file.
        area: for a file, the full name of the area that the plan is for; read from its title page
            by default. A folder's plan.toml gives it.
        period: for a file, the plan's first and last year; read likewise by default.

    Returns:
        The plan: what was read, with a person's corrections where the folder has any.

    Raises:
        PlanlinkError: the path is neither, the file cannot be read, area or period is not found,
            or one of them is given with a folder.

    >>> plan = read_plan("tests/plans/qinghe.md")
    >>> plan.slug, plan.period
    ('qinghe-2026', (2026, 2030))
    >>> read_plan("README.rst")
    Traceback (most recent call last):
    kg.errors.PlanlinkError: README.rst: there is no such file or folder; check the path
    """
    where = Path(path)
    if where.is_dir():
        if area is not None or period is not None:
            raise PlanlinkError(
                "area and period are given with a folder",
                str(where),
                "leave them out: its plan.toml says them",
            )
        loaded = source.load_plan(where)
    elif where.exists():
        loaded = _from_document(where, area, period)
    else:
        raise PlanlinkError("there is no such file or folder", str(where), "check the path")
    notes: list[str] = []
    reading = read_and_link(loaded, lambda _: None, notes.append)
    return plan_of(reading, notes)


def _from_document(path: Path, area: str | None, period: tuple[int, int] | None) -> source.Plan:
    """A document's plan, with the metadata of its title page in place of a plan.toml."""
    published = read_published(path)
    found = read_title_page(published, path.suffix.lower())
    area, period = area or found.value("area"), period or found.value("period")
    for name, value in (("area", area), ("period", period)):
        if value is None:
            raise PlanlinkError(
                f"its title page does not give the plan's {name}",
                str(path),
                f"give it, read_plan(path, {name}=…), or make a folder with planlink new",
            )
    assert area is not None and period is not None
    return source.Plan(
        slug=found.value("slug") or f"{readable(path.stem)}-{period[0]}",
        title=found.value("title") or path.stem,
        title_en=None,
        issuer=found.value("issuer") or "",
        area=area,
        area_code=found.value("area_code"),
        period=period,
        horizon=found.value("horizon"),
        index_number=found.value("index_number"),
        document_number=found.value("document_number"),
        status=found.value("status"),
        subjects=(),
        issued=found.value("issued"),
        publisher_page=None,
        revision_of=None,
        folder=path,  # no folder: so there are no corrections in it either
        source_name="",
        source=published.text,
        encoding="utf-8",
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        errata=(),
        level=found.value("level"),
        source_url=found.value("source_url"),
    )


class _Entities:
    """Makes the entities of one plan."""

    def __init__(self, linked: Linked, all_: Relations) -> None:
        self._concepts, self._all = linked.concepts, all_

    def _base(
        self, kind: str, key: str, spans: Iterable[Span], confidence: float | None
    ) -> dict[str, Any]:
        return {
            "passages": self._all.passages(spans),
            "confidence": confidence,
            "_node": Node(kind, key),
            "_all": self._all,
        }

    def section(self, one: structure.Section) -> Section:
        """A section."""
        return Section(
            **self._base("section", one.number, [one.heading_span], None),
            number=one.number,
            heading=one.heading,
            style=one.style,
            role=one.role,
            _span=one.span,
            _parent=one.parent,
        )

    def goal(self, one: model.Goal) -> Goal:
        """A goal."""
        return Goal(
            **self._base("goal", one.number, one.statement, one.confidence),
            number=one.number,
            title=one.title,
            vision=one.vision,
        )

    def measure(self, one: model.Measure) -> Measure:
        """A measure."""
        return Measure(
            **self._base("measure", one.number, [one.span], one.confidence),
            number=one.number,
            title=one.title,
            _section=one.section,
        )

    def indicator(self, one: model.Indicator) -> Indicator:
        """An indicator."""
        return Indicator(
            **self._base("indicator", one.key, [one.span], one.confidence),
            key=one.key,
            name=one.name,
            number=one.number,
            part=one.part,
            category=one.category,
            attribute=one.attribute,
            unit=one.unit,
            unit_text=one.unit_text,
            concept=self._concepts.get(one.key),
        )

    def value(self, one: model.Value) -> Value:
        """A baseline or target."""
        return Value(
            **self._base(one.kind.lower(), one.key, [one.quantity.span], one.confidence),
            **_quantity(one.quantity),
            key=one.key,
            kind=one.kind,
            period=one.period,
            _indicator=one.indicator,
        )

    def achievement(self, one: model.Achievement) -> Achievement:
        """An achievement."""
        return Achievement(
            **self._base("achievement", one.number, [one.span], one.confidence),
            **_quantity(one.quantity),
            number=one.number,
            what=one.what,
        )

    def zone(self, one: model.Entity) -> Zone:
        """A zone."""
        return Zone(**self._named(one))

    def institution(self, one: model.Entity) -> Institution:
        """An institution."""
        return Institution(**self._named(one))

    def _named(self, one: model.Entity) -> dict[str, Any]:
        name, others = printed_names(self._all.document, one)
        base = self._base(one.kind, one.name, one.mentions, one.confidence)
        return {**base, "name": name, "type": one.type, "aliases": others}


def _quantity(one: model.Quantity) -> dict[str, Any]:
    return {f.name: getattr(one, f.name) for f in fields(Quantity)}


def plan_of(reading: Reading, notes: Sequence[str] = ()) -> Plan:
    """A reading as entities that lead to each other.

    Args:
        reading: a plan, read and linked.
        notes: the messages of reading it.
    """
    plan, document, linked = reading.plan, reading.document, reading.linked
    found, relations = linked.extraction, Relations(document)
    make = _Entities(linked, relations)
    made: tuple[Entity, ...] = (
        *map(make.section, document.sections),
        *map(make.goal, found.goals),
        *map(make.measure, found.measures),
        *map(make.indicator, found.indicators),
        *map(make.value, found.values),
        *map(make.achievement, found.achievements),
        *map(make.zone, found.zones),
        *map(make.institution, found.institutions),
    )
    relations.entities.update((entity._node, entity) for entity in made)
    links = []
    for one in linked.links:
        link = Link(
            subject=relations.entities[one.subject],
            predicate=one.predicate,
            object=relations.entities[one.object],
            method=one.method,
            evidence=relations.passages(one.evidence),
            score=one.score,
            confidence=one.confidence,
            explanation=one.explanation,
            explanation_en=one.explanation_en,
            _all=relations,
        )
        links.append(link)
        relations.links_from[one.subject].append(link)
        relations.links_to[one.object].append(link)

    def of(kind: type[_T]) -> tuple[_T, ...]:
        return tuple(entity for entity in made if isinstance(entity, kind))

    return Plan(
        slug=plan.slug,
        title=plan.title,
        title_en=plan.title_en,
        issuer=plan.issuer,
        area=plan.area,
        period=plan.period,
        horizon=plan.horizon,
        issued=plan.issued,
        source=plan.source,
        sections=of(Section),
        goals=of(Goal),
        measures=of(Measure),
        indicators=of(Indicator),
        targets=tuple(value for value in of(Value) if value.kind == "Target"),
        baselines=tuple(value for value in of(Value) if value.kind == "Baseline"),
        achievements=of(Achievement),
        zones=of(Zone),
        institutions=of(Institution),
        links=tuple(links),
        notes=tuple(notes),
    )
