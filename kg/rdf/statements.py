"""Triples in tables: by property and subject, and by property and object."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import pyoxigraph as ox
from rdflib import RDF, RDFS

from kg.rdf.iris import reading_order

Values = Collection[Any]
"""Terms of pyoxigraph."""
_TYPE, _WIDER = str(RDF.type), str(RDFS.subClassOf)


class Statements:
    """Triples of whatever graphs by property and subject, each once; the vocabulary among them
    tells which classes are below others."""

    def __init__(self, quads: Iterable[ox.Quad]) -> None:
        self._of: dict[str, dict[Any, dict[Any, None]]] = defaultdict(dict)
        self._to: dict[str, dict[Any, list[Any]]] = {}
        for subject, predicate, object_, _ in quads:
            of = self._of[predicate.value]
            if (values := of.get(subject)) is None:
                of[subject] = {object_: None}
            else:
                values[object_] = None
        self._instances: dict[Any, set[Any]] = defaultdict(set)
        for entity, classes in self._of[_TYPE].items():
            for wider in self._wider(classes):
                self._instances[wider].add(entity)

    def _wider(self, classes: Iterable[Any]) -> set[Any]:
        """Some classes with all their superclasses."""
        found, waiting = set(), [*classes]
        while waiting:
            if (one := waiting.pop()) not in found:
                found.add(one)
                waiting += self._of[_WIDER].get(one, ())
        return found

    def properties(self) -> Collection[str]:
        """The properties that something has."""
        return self._of.keys()

    def values(self, entity: Any, property_: str) -> Values:
        """The values of a property of an entity; with ^ before it, the subjects that lead there."""
        to = property_.startswith("^")
        return (self.to(property_[1:]) if to else self.of(property_)).get(entity, ())

    def of(self, property_: str) -> Mapping[Any, Values]:
        """The values of a property by entity, for those that have it."""
        return self._of.get(property_, {})

    def to(self, property_: str) -> Mapping[Any, Values]:
        """The entities that have a property, by its values."""
        if property_ not in self._to:
            self._to[property_] = to = defaultdict(list)
            for entity, values in self.of(property_).items():
                for value in values:
                    to[value].append(entity)
        return self._to[property_]

    def instances(self, class_: Any) -> set[Any]:
        """The entities of a class and of those below it."""
        return self._instances.get(class_, set())

    def iris(self, class_: str) -> list[str]:
        """The IRIs of the entities of a class, in reading order."""
        named = (node.value for node in self.instances(ox.NamedNode(class_)))
        return sorted(named, key=reading_order)

    def texts(self, iri: str, property_: str) -> list[str]:
        """The values of a property as text."""
        return [value.value for value in self.values(ox.NamedNode(iri), property_)] if iri else []

    def first(self, iri: str, property_: str) -> str:
        """The first value of a property as text; "" where there is none."""
        return next(iter(self.texts(iri, property_)), "")
