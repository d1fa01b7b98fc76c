"""Reads a plan, from its folder or a document, into objects that refer to each other."""

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
from kg.link.model import Linked
from kg.link.reading import Reading
from kg.link.reading import read_plan as read_and_link
from kg.rdf.iris import Node, readable
from kg.source import plan as source
from kg.source.intake import read_published
from kg.source.text import Span
from kg.source.title_page import read_title_page
from kg.views.plan import Plan
from kg.views.plan_entities import (
    Achievement,
    Entity,
    Goal,
    Indicator,
    Institution,
    Link,
    Measure,
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
    read = (
        "area_code", "horizon", "index_number", "document_number", "status", "issued", "level",
        "source_url",
    )  # fmt: skip
    return source.Plan(
        slug=found.value("slug") or f"{readable(path.stem)}-{period[0]}",
        title=found.value("title") or path.stem,
        issuer=found.value("issuer") or "",
        area=area,
        period=period,
        folder=path,  # no folder: so there are no corrections in it either
        source_name="",
        source=published.text,
        encoding="utf-8",
        sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
        **{key: found.value(key) for key in read},
    )


def _shared(kind: type, one: object, **own: Any) -> dict[str, Any]:
    """The fields of a class: its own, and those that another object has under the same names."""
    names = (f.name for f in fields(kind) if f.name not in own and hasattr(one, f.name))
    return {**{name: getattr(one, name) for name in names}, **own}


class _Entities:
    """Makes the entities of one plan."""

    def __init__(self, linked: Linked, all_: Relations) -> None:
        self._concepts, self._all = linked.concepts, all_

    def _made(
        self, made: type[_T], node: Node, spans: Iterable[Span], one: object, **own: Any
    ) -> _T:
        """An entity of what was read, with what only the public class has."""
        confidence = getattr(one, "confidence", None)
        shared = _shared(made, one, passages=self._all.passages(spans), confidence=confidence)
        return made(**{**shared, **own}, _node=node, _all=self._all)

    def section(self, one: structure.Section) -> Section:
        """A section."""
        node = Node("section", one.number)
        own = {"_span": one.span, "_parent": one.parent}
        return self._made(Section, node, [one.heading_span], one, **own)

    def goal(self, one: model.Goal) -> Goal:
        """A goal."""
        return self._made(Goal, Node("goal", one.number), one.statement, one)

    def measure(self, one: model.Measure) -> Measure:
        """A measure."""
        node = Node("measure", one.number)
        return self._made(Measure, node, [one.span], one, _section=one.section)

    def indicator(self, one: model.Indicator) -> Indicator:
        """An indicator."""
        concept = self._concepts.get(one.key)
        node = Node("indicator", one.key)
        return self._made(Indicator, node, [one.span], one, concept=concept)

    def value(self, one: model.Value) -> Value:
        """A baseline or target."""
        own = _shared(Quantity, one.quantity, _indicator=one.indicator)
        node = Node(one.kind.lower(), one.key)
        return self._made(Value, node, [one.quantity.span], one, **own)

    def achievement(self, one: model.Achievement) -> Achievement:
        """An achievement."""
        node = Node("achievement", one.number)
        return self._made(Achievement, node, [one.span], one, **_shared(Quantity, one.quantity))

    def zone(self, one: model.Entity) -> Zone:
        """A zone."""
        return self._named(Zone, one)

    def institution(self, one: model.Entity) -> Institution:
        """An institution."""
        return self._named(Institution, one)

    def _named(self, made: type[_T], one: model.Entity) -> _T:
        name, others = printed_names(self._all.document, one)
        node = Node(one.kind, one.name)
        return self._made(made, node, one.mentions, one, name=name, aliases=others)


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
        own = {
            "subject": relations.entities[one.subject],
            "object": relations.entities[one.object],
            "evidence": relations.passages(one.evidence),
        }
        link = Link(**_shared(Link, one, **own, _all=relations))
        links.append(link)
        relations.links_from[one.subject].append(link)
        relations.links_to[one.object].append(link)

    def of(kind: type[_T]) -> tuple[_T, ...]:
        return tuple(entity for entity in made if isinstance(entity, kind))

    values = of(Value)
    collections = {
        "sections": of(Section),
        "goals": of(Goal),
        "measures": of(Measure),
        "indicators": of(Indicator),
        "targets": tuple(value for value in values if value.kind == "Target"),
        "baselines": tuple(value for value in values if value.kind == "Baseline"),
        "achievements": of(Achievement),
        "zones": of(Zone),
        "institutions": of(Institution),
        "links": tuple(links),
        "notes": tuple(notes),
    }
    return Plan(**_shared(Plan, plan, **collections))
