"""Reads a plan, from its folder or a document, into objects that refer to each other: which of them
its links join, and where its passages stand."""

import hashlib
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import Any, TypeVar

from kg.document.structure import Document
from kg.errors import PlanlinkError
from kg.extract.entities import printed_names
from kg.link.explaining import explained
from kg.link.model import Linked
from kg.link.reading import Reading
from kg.link.reading import read_plan as read_and_link
from kg.rdf.iris import Node, readable
from kg.source import plan as source
from kg.source.intake import read_published
from kg.source.text import Span
from kg.source.title_page import read_title_page
from kg.views.plan_entities import (
    Achievement,
    Entity,
    Goal,
    Indicator,
    Institution,
    Link,
    Measure,
    Passage,
    Plan,
    Quantity,
    Section,
    Value,
    Zone,
)

_T = TypeVar("_T", bound=Entity)


class Relations:
    """The entities of one plan by their nodes, and its links by subject and object."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.entities: dict[Node, Entity] = {}
        self.links_from: defaultdict[Node, list[Link]] = defaultdict(list)
        self.links_to: defaultdict[Node, list[Link]] = defaultdict(list)

    def of(self, kind: type[_T]) -> tuple[_T, ...]:
        """All entities of a class, in reading order."""
        return tuple(entity for entity in self.entities.values() if isinstance(entity, kind))

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """All sections, in reading order."""
        return self.of(Section)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """All measures, in reading order."""
        return self.of(Measure)

    @cached_property
    def _sentences(self) -> list[Span]:
        return sorted(sentence.span for sentence in self.document.sentences)

    def the(self, node: Node, kind: type[_T]) -> _T:
        """The entity of that kind and key."""
        entity = self.entities[node]
        assert isinstance(entity, kind)
        return entity

    def section(self, number: str | None) -> Section | None:
        """The section of a number; None for none."""
        return None if number is None else self.the(Node("section", number), Section)

    def passages(self, spans: Iterable[Span]) -> tuple[Passage, ...]:
        """The passages of spans, each once."""
        document = self.document
        return tuple(
            Passage(document.published(span), span.start, span.end, document.printed(span))
            for span in dict.fromkeys(spans)
        )

    def sentence(self, passage: Passage) -> Passage:
        """The sentence that a passage begins in; the passage itself where there is none."""
        at = bisect_right(self._sentences, passage.start, key=lambda span: span.start)
        if at and passage.start < self._sentences[at - 1].end:
            return self.passages([self._sentences[at - 1]])[0]
        return passage


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
            raise PlanlinkError.of("area_with_folder", where)
        loaded = source.load_plan(where)
    elif where.exists():
        loaded = _from_document(where, area, period)
    else:
        raise PlanlinkError.of("path_missing", where)
    notes: list[str] = []
    reading = read_and_link(loaded, lambda _: None, notes.append)
    return plan_of(reading, notes)


def _from_document(path: Path, area: str | None, period: tuple[int, int] | None) -> source.Plan:
    """A document's plan, with the metadata of its title page in place of a plan.toml."""
    published = read_published(path)
    found = read_title_page(published)
    area, period = area or found.value("area"), period or found.value("period")
    for name, value in (("area", area), ("period", period)):
        if value is None:
            raise PlanlinkError.of("title_page_lacks", path, name)
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


@dataclass(frozen=True)
class _Maker:
    """Makes the entities of one plan: what was read, with what only the public classes have."""

    linked: Linked
    relations: Relations

    def entities(self) -> Iterator[Entity]:
        """All of them, of one kind after the other."""
        yield from self._statements()
        yield from self._quantities()
        yield from self._named()

    def _statements(self) -> Iterator[Entity]:
        found = self.linked.extraction
        for section in self.relations.document.sections:
            own: dict[str, Any] = {"_span": section.span, "_parent": section.parent}
            key = "section", section.number
            yield self._made(Section, key, [section.heading_span], section, **own)
        for goal in found.goals:
            yield self._made(Goal, ("goal", goal.number), goal.statement, goal)
        for measure in found.measures:
            key = "measure", measure.number
            yield self._made(Measure, key, [measure.span], measure, _section=measure.section)

    def _quantities(self) -> Iterator[Entity]:
        found = self.linked.extraction
        for one in found.indicators:
            concept = self.linked.concepts.get(one.key)
            yield self._made(Indicator, ("indicator", one.key), [one.span], one, concept=concept)
        for value in found.values:
            own = _shared(Quantity, value.quantity, _indicator=value.indicator)
            key = value.kind.lower(), value.key
            yield self._made(Value, key, [value.quantity.span], value, **own)
        for result in found.achievements:
            key = "achievement", result.number
            own = _shared(Quantity, result.quantity)
            yield self._made(Achievement, key, [result.span], result, **own)

    def _named(self) -> Iterator[Entity]:
        found = self.linked.extraction
        for kind, entities in ((Zone, found.zones), (Institution, found.institutions)):
            for named in entities:
                name, others = printed_names(self.relations.document, named)
                own = {"name": name, "aliases": others}
                yield self._made(kind, (named.kind, named.name), named.mentions, named, **own)

    def _made(
        self, kind: type[_T], key: tuple[str, str], spans: Iterable[Span], one: object, **own: Any
    ) -> _T:
        own |= {
            "passages": self.relations.passages(spans),
            "confidence": getattr(one, "confidence", None),
        }
        return kind(**_shared(kind, one, **own), _node=Node(*key), _all=self.relations)


def plan_of(reading: Reading, notes: Sequence[str] = ()) -> Plan:
    """A reading as entities that lead to each other, with the notes that it left."""
    plan, linked, relations = reading.plan, reading.linked, Relations(reading.document)
    made = _Maker(linked, relations).entities()
    relations.entities.update((entity._node, entity) for entity in made)
    links = []
    printed = reading.document.printed
    for one in linked.links:
        said = one.explanation, one.explanation_en
        if not one.explanation:
            said = explained(one.method, one.predicate, map(printed, one.evidence), one.score)
        own = {
            "explanation": said[0],
            "explanation_en": said[1],
            "subject": relations.entities[one.subject],
            "object": relations.entities[one.object],
            "evidence": relations.passages(one.evidence),
        }
        link = Link(**_shared(Link, one, **own, _all=relations))
        links.append(link)
        relations.links_from[one.subject].append(link)
        relations.links_to[one.object].append(link)

    of = relations.of
    collections = {
        "sections": relations.sections,
        "goals": of(Goal),
        "measures": relations.measures,
        "indicators": of(Indicator),
        "targets": tuple(value for value in of(Value) if value.kind == "Target"),
        "baselines": tuple(value for value in of(Value) if value.kind == "Baseline"),
        "achievements": of(Achievement),
        "zones": of(Zone),
        "institutions": of(Institution),
        "links": tuple(links),
        "notes": tuple(notes),
    }
    return Plan(**_shared(Plan, plan, **collections))
