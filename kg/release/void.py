"""VoID of a release: how many triples, entities, classes and properties, and which links lead out
(https://www.w3.org/TR/void/)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

import pyoxigraph as ox

from kg.rdf.namespaces import PREFIXES
from kg.rdf.turtle import stated
from kg.settings import Site

_VOID = PREFIXES["void"]
_TYPE = PREFIXES["rdf"] + "type"
_TARGET = _VOID + "objectsTarget"  # says where links lead, and is none itself
_VOCABULARIES = ("http://qudt.org/", "http://publications.europa.eu/", "http://metadata.un.org/")
_SAME = {
    PREFIXES["owl"] + "sameAs",
    PREFIXES["schema"] + "sameAs",
    *(PREFIXES["skos"] + f"{kind}Match" for kind in ("exact", "close", "related", "broad")),
    PREFIXES["skos"] + "narrowMatch",
}
# of what a statistic is: each has one of these
_OF = (
    *(ox.NamedNode(_VOID + name) for name in ("class", "property", "linkPredicate")),
    ox.NamedNode("http://ldf.fi/void-ext#datatype"),
)
_NUMBERS = ("total", "subjects", "described")
_COUNTERS = ("properties", "classes", "outward", "partitions", "leads")
Classes = Mapping[object, tuple[str, ...]]
"""The IRIs of classes by entity."""
_NOTHING: Classes = MappingProxyType({})
_ROUNDS = 5  # the statistics count themselves: they are made again until only numbers change


@dataclass
class Counts:
    """What is counted: triples in all and by property, subjects in all and by class, links by
    property and where they lead.

    own: how the IRIs of what is described here begin; a link leads from these to elsewhere.
    described: subjects that have an IRI of this site's.
    partitions: triples by class of their subject, property, and what they lead to: a class, a
        datatype behind ^^, or "" for all.
    leads: triples by class of their subject, property, and the IRI that they lead to, where nothing
        here tells its classes.
    """

    own: tuple[str, ...]
    total: int = 0
    subjects: int = 0
    described: int = 0
    properties: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    outward: Counter[tuple[str, str]] = field(default_factory=Counter)
    partitions: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    leads: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, quads: Iterable[ox.Quad], counted: Classes = _NOTHING) -> None:
        """Count quads.

        Args:
            counted: subjects that were counted before, with the classes that they were counted by;
                all other subjects must be counted here alone.
        """
        rows = [(subject, predicate.value, object_) for subject, predicate, object_, _ in quads]
        classes_of = {**counted, **_classes(rows)}
        subjects = {subject for subject, _, _ in rows}
        ours = {one for one in subjects if getattr(one, "value", "").startswith(self.own)}
        new, site = subjects - counted.keys(), f"{self.own[0]}id/"
        self.subjects += len(new)
        self.described += sum(getattr(one, "value", "").startswith(site) for one in new)
        for one in subjects:
            self.classes.update({*classes_of.get(one, ())}.difference(counted.get(one, ())))
        times: Counter[tuple[tuple[str, ...], str, tuple[str, ...] | ox.NamedNode]] = Counter()
        for subject, name, object_ in rows:
            iri = object_.value if isinstance(object_, ox.NamedNode) else ""
            if subject in ours and iri and (target := self._linked_dataset(name, iri)):
                self.outward[name, target] += 1
            times[classes_of.get(subject, ()), name, _ends_of_triple(object_, classes_of)] += 1
        self.total += len(rows)
        for (classes, name, to), many in times.items():
            self.properties[name] += many
            for own in classes:
                self._count(own, name, to, many)

    def _count(self, own: str, name: str, to: tuple[str, ...] | ox.NamedNode, many: int) -> None:
        """Count triples of a class and a property that lead to the same."""
        self.partitions[own, name, ""] += many
        if isinstance(to, ox.NamedNode):
            self.leads[own, name, to.value] += many
            return
        for kind in to:
            self.partitions[own, name, kind] += many

    def know(self, classes: Classes) -> None:
        """Count by the classes of what quads lead to, which others tell."""
        for (own, name, iri), many in self.leads.items():
            for to in classes.get(ox.NamedNode(iri), ()):
                self.partitions[own, name, to] += many

    def _linked_dataset(self, name: str, iri: str) -> str:
        """The data set of others that a property leads to; "" where it leads to none."""
        inside = name in (_TYPE, _TARGET) or iri.startswith(self.own)
        return "" if inside else _elsewhere(name, iri)

    def join(self, other: Counts) -> None:
        """Count what was counted elsewhere, of subjects that are none of these."""
        for name in _NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in _COUNTERS:
            getattr(self, name).update(getattr(other, name))

    def as_json(self) -> dict[str, Any]:
        """The numbers as JSON has them."""
        counted = {name: sorted(getattr(self, name).items()) for name in _COUNTERS}
        return {name: getattr(self, name) for name in _NUMBERS} | counted

    @classmethod
    def of_json(cls, table: dict[str, Any]) -> Counts:
        """The numbers that as_json gave."""
        counts = cls((), **{name: table[name] for name in _NUMBERS})
        for name in _COUNTERS:
            counted = {tuple(of) if isinstance(of, list) else of: n for of, n in table[name]}
            getattr(counts, name).update(counted)
        return counts

    def kinds(self) -> set[object]:
        """The properties, classes, link targets and partitions that have been counted."""
        return {one for name in _COUNTERS for one in getattr(self, name)}


def _ends_of_triple(object_: object, classes_of: Classes) -> tuple[str, ...] | ox.NamedNode:
    """What a triple leads to: a datatype behind ^^, classes, or what has none that are known."""
    if isinstance(object_, ox.Literal):
        return (f"^^{object_.datatype.value}",)
    known = classes_of.get(object_, ())
    return object_ if not known and isinstance(object_, ox.NamedNode) else known


def _elsewhere(predicate: str, iri: str) -> str:
    """The data set of others that a linked IRI belongs to; "" where it is none."""
    if predicate in _SAME:
        parts = urlsplit(iri)
        return f"{parts.scheme}://{parts.netloc}/"
    return next((target for target in _VOCABULARIES if iri.startswith(target)), "")


def void(
    quads: list[ox.Quad],
    inner: Iterable[Counts],
    known: Classes,
    again: Classes,
    graph: str,
    site: Site,
    plans: dict[str, tuple[int, str]],
) -> tuple[list[ox.Quad], Counts]:
    """The statements of VoID on everything released, themselves counted in, and those counts.

    Args:
        quads: everything else that is released, but for what was counted before.
        inner: what was counted before, of subjects that the quads say nothing of, but for again.
        known: the classes of those of them that quads lead to.
        again: the classes of those that the quads say something of as well.
        site: the base of all IRIs, and where the server is reached.
        plans: how many triples each plan has, and its dump's file name, by slug.
    """
    others = Counts(own_iris(site.base))
    others.add(quads, again)
    counted: Classes = {
        **dict.fromkeys((quad.subject for quad in quads), ()),
        **classes_in(quads),
        **again,
    }
    for one in inner:
        others.join(one)
    others.know({**known, **counted})
    made: list[ox.Quad] = []
    kinds: set[object] | None = None
    for _ in range(_ROUNDS):
        counts, before = Counts(others.own), kinds
        counts.join(others)
        counts.add(made, counted)
        made, kinds = _statements(counts, graph, site, plans), counts.kinds()
        if kinds == before:  # so that as much is said as was counted
            break
    return made, counts


def statistics_in(quads: Iterable[ox.Quad]) -> set[str]:
    """The IRIs of the statistics among quads, as void() names them."""
    subjects = (quad.subject for quad in quads if quad.predicate in _OF)
    return {subject.value for subject in subjects if isinstance(subject, ox.NamedNode)}


def released_statistics(store: ox.Store) -> set[str]:
    """The IRIs of the statistics of a release."""
    return statistics_in(
        quad for one in _OF for quad in store.quads_for_pattern(None, one, None, None)
    )


def classes_in(quads: Iterable[ox.Quad]) -> Classes:
    """The classes of entities, as quads say."""
    return _classes((subject, predicate.value, object_) for subject, predicate, object_, _ in quads)


def classes_by_kind(quads: Iterable[ox.Quad], plan: str) -> dict[str, list[str]]:
    """The classes that all entities of a plan of one kind have, by the word of their IRIs.

    Args:
        plan: its IRI.
    """
    found: dict[str, set[str]] = {}
    for one, classes in classes_in(quads).items():
        kind = getattr(one, "value", "").removeprefix(f"{plan}/").partition("/")[0]
        found[kind] = found.get(kind, {*classes}).intersection(classes)
    return {kind: sorted(classes) for kind, classes in found.items()}


def _classes(rows: Iterable[tuple[Any, str, Any]]) -> Classes:
    """The classes of entities by rows of a subject, a property and an object."""
    found: defaultdict[object, tuple[str, ...]] = defaultdict(tuple)
    for subject, name, object_ in rows:
        if name == _TYPE and isinstance(object_, ox.NamedNode):
            found[subject] += (object_.value,)
    return found


def own_iris(base: str) -> tuple[str, ...]:
    """How the IRIs of what is described under a base begin."""
    return (f"{base}/", PREFIXES["plan"])


def _statements(
    counts: Counts, graph: str, site: Site, plans: dict[str, tuple[int, str]]
) -> list[ox.Quad]:
    named = (*counts.classes, *counts.properties)
    return stated(
        "kg.release",
        "void",
        graph,
        root=f"{site.base}/id/catalogue/everything",
        site=site,
        counts=counts,
        plans=plans,
        vocabularies=sorted({iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in named}),
    )
