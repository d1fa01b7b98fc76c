"""VoID of a release: how many triples, entities, classes and properties, and which links lead out
(https://www.w3.org/TR/void/)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from itertools import groupby
from operator import itemgetter
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
_COUNTERS = ("properties", "outward", "inner_classes", "partitions")
Classes = Mapping[object, tuple[str, ...]]
"""The IRIs of classes by entity."""
_ROUNDS = 5  # the statistics count themselves: they are made again until only numbers change


@dataclass
class Counts:
    """What is counted: triples in all and by property, subjects in all and by class, links by
    property and where they lead.

    own: how the IRIs of what is described here begin; a link leads from these to elsewhere.
    inner, inner_classes: subjects that were counted elsewhere and are none of these.
    partitions: triples by class of their subject, property, and what they lead to: a class, a
        datatype behind ^^, or "" for all.
    """

    own: tuple[str, ...]
    total: int = 0
    properties: Counter[str] = field(default_factory=Counter)
    subjects: set[object] = field(default_factory=set)
    classes: defaultdict[str, set[object]] = field(default_factory=lambda: defaultdict(set))
    outward: Counter[tuple[str, str]] = field(default_factory=Counter)
    inner: int = 0
    inner_classes: Counter[str] = field(default_factory=Counter)
    partitions: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, quads: Iterable[ox.Quad], known: Classes = MappingProxyType({})) -> None:
        """Count quads, which must be all that there are of their subjects.

        Args:
            known: the classes of other entities that they lead to.
        """
        rows = [(subject, predicate.value, object_) for subject, predicate, object_, _ in quads]
        classes_of = {**known, **_classes(rows)}
        times: Counter[tuple[tuple[str, ...], str, tuple[str, ...]]] = Counter()
        for subject, of_subject in groupby(rows, key=itemgetter(0)):
            self.subjects.add(subject)
            classes = classes_of.get(subject, ())
            for one in classes:
                self.classes[one].add(subject)
            ours = isinstance(subject, ox.NamedNode) and subject.value.startswith(self.own)
            for _, name, object_ in of_subject:
                literal = isinstance(object_, ox.Literal)
                typed = (f"^^{object_.datatype.value}",) if literal else ()
                leads = typed or classes_of.get(object_, ())
                if ours and not literal and (target := self._led_to(name, object_)):
                    self.outward[name, target] += 1
                times[classes, name, leads] += 1
        self.total += len(rows)
        for (classes, name, leads), many in times.items():
            self.properties[name] += many
            for own in classes:
                for to in ("", *leads):
                    self.partitions[own, name, to] += many

    def _led_to(self, name: str, object_: object) -> str:
        """The data set of others that a property leads to; "" where it leads to none."""
        to = object_.value if isinstance(object_, ox.NamedNode) else ""
        inside = name in (_TYPE, _TARGET) or to.startswith(self.own)
        return "" if inside or not to else _elsewhere(name, to)

    def join(self, inner: Counts) -> None:
        """Count what was counted elsewhere, of subjects that are none of these."""
        self.total += inner.total
        self.properties.update(inner.properties)
        self.outward.update(inner.outward)
        self.partitions.update(inner.partitions)
        self.inner += inner.inner + len(inner.subjects)
        self.inner_classes.update(inner.inner_classes)
        self.inner_classes.update({name: len(of) for name, of in inner.classes.items()})

    def with_(self, quads: Iterable[ox.Quad], known: Classes = MappingProxyType({})) -> Counts:
        """The counts with further quads (add)."""
        more = replace(
            self,
            properties=self.properties.copy(),
            subjects=self.subjects.copy(),
            classes=defaultdict(set, {name: {*of} for name, of in self.classes.items()}),
            outward=self.outward.copy(),
            partitions=self.partitions.copy(),
        )
        more.add(quads, known)
        return more

    def as_json(self) -> dict[str, Any]:
        """The numbers alone, as JSON has them."""
        numbers = Counts(self.own)
        numbers.join(self)
        counted = {name: sorted(getattr(numbers, name).items()) for name in _COUNTERS}
        return {"total": numbers.total, "inner": numbers.inner, **counted}

    @classmethod
    def of_json(cls, table: dict[str, Any]) -> Counts:
        """The numbers that as_json gave."""
        counts = cls((), total=table["total"], inner=table["inner"])
        for name in _COUNTERS:
            counted = {tuple(of) if isinstance(of, list) else of: n for of, n in table[name]}
            getattr(counts, name).update(counted)
        return counts

    def kinds(self) -> set[object]:
        """The properties, partitions, link targets and classes that have been counted."""
        return {*self.properties, *self.partitions, *self.outward, *self.instances()}

    def instances(self) -> dict[str, int]:
        """How many entities each class has, by its IRI, in order."""
        known = {name: len(of) for name, of in self.classes.items()}
        return dict(sorted((self.inner_classes + Counter(known)).items()))


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
    graph: str,
    site: Site,
    plans: dict[str, tuple[int, str]],
) -> tuple[list[ox.Quad], Counts]:
    """The statements of VoID on everything released, themselves counted in, and those counts.

    Args:
        quads: everything else that is released, but for what was counted before.
        inner: what was counted before, of subjects that the quads say nothing of.
        known: the classes of those of them that the quads lead to.
        site: the base of all IRIs, and where the server is reached.
        plans: how many triples each plan has, and its dump's file name, by slug.
    """
    others = Counts(own_iris(site.base)).with_(quads, known)
    for one in inner:
        others.join(one)
    made: list[ox.Quad] = []
    kinds: set[object] | None = None
    for _ in range(_ROUNDS):
        counts, before = others.with_(made), kinds
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
    own, instances = f"{site.base}/id/", counts.instances()
    described = sum(getattr(one, "value", "").startswith(own) for one in counts.subjects)
    named = (*instances, *counts.properties)
    return stated(
        "kg.release",
        "void",
        graph,
        root=f"{own}catalogue/everything",
        site=site,
        counts=counts,
        entities=counts.inner + described,
        instances=instances,
        plans=plans,
        vocabularies=sorted({iri[: max(iri.rfind("#"), iri.rfind("/")) + 1] for iri in named}),
    )
