"""Which core constraints of shapes something may fail: looked up in tables of the triples, which
takes a tenth of pySHACL's time. Reports are pySHACL's: it is asked about the shapes that something
may fail, or that say something that is not looked up here.
"""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache, partial
from typing import Any

import pyoxigraph as ox
from rdflib import RDF, SH, XSD, Graph, Literal, URIRef
from rdflib.collection import Collection as List
from rdflib.term import Node

from kg.rdf.quads import term
from kg.rdf.statements import Statements, Values

_Test = Callable[[Any, Values], bool]
_TYPE, _STRING, _COUNT = map(str, (RDF.type, XSD.string, XSD.nonNegativeInteger))
_OF_A_PLAN = re.compile(".*/id/[^/]+/.*/")
_SAYS_NOTHING = {
    *(RDF.type, SH.path, SH.message, SH.severity, SH.name, SH.description, SH.order, SH.group),
    *(SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf),
    *(SH.qualifiedMinCount, SH.qualifiedMaxCount, SH.flags),
}
_KINDS = {
    SH.IRI: (ox.NamedNode,),
    SH.Literal: (ox.Literal,),
    SH.BlankNode: (ox.BlankNode,),
    SH.BlankNodeOrIRI: (ox.BlankNode, ox.NamedNode),
    SH.BlankNodeOrLiteral: (ox.BlankNode, ox.Literal),
    SH.IRIOrLiteral: (ox.NamedNode, ox.Literal),
}


class NotLookedUpError(Exception):
    """A shape says something that only pySHACL checks."""


def outline(statements: Statements) -> Iterator[ox.Quad]:
    """A small graph with one node for each kind of subject and object: a statement of each property
    for each pair of kinds that it joins. A query by types finds nothing in the data where it finds
    nothing here."""
    kinds = _Kinds(statements.of(_TYPE))
    for property_ in statements.properties():
        of = statements.of(property_).items()
        for one, value in {(kinds[one], kinds[value]) for one, values in of for value in values}:
            yield ox.Quad(one, ox.NamedNode(property_), value)


class _Kinds(dict[Any, Any]):
    """The node that stands for each term's kind: entities of one plan that have the same classes,
    and IRIs equal but for their last part, share one made-up IRI; literals of one datatype and
    language share the first of them; any other term stands for itself.

    Args:
        classes: the classes of each entity.
    """

    def __init__(self, classes: Mapping[Any, Values]) -> None:
        super().__init__()
        self._classes, self._first = classes, dict[Any, Any]()

    def __missing__(self, one: Any) -> Any:
        if isinstance(one, ox.Literal):  # seldom met again
            return self._first.setdefault((one.datatype.value, one.language), one)
        stands = one
        if begins := isinstance(one, ox.NamedNode) and _OF_A_PLAN.match(one.value):
            kind = begins[0], frozenset(self._classes.get(one, ()))
            stands = self._first.setdefault(kind, ox.NamedNode(f"{begins[0]}{len(self._first)}"))
        self[one] = stands
        return stands


class Lookup:
    """Shapes as tests of entities.

    Args:
        written: the shapes. statements: what is checked.
    """

    def __init__(self, written: Graph, statements: Statements) -> None:
        self._written, self._statements = written, statements
        self._looked_up: dict[Node, Callable[[Node, Any], _Test]] = {
            SH.qualifiedValueShape: self._qualified,
            SH.property: lambda _, part: _each(self._test(part)),
            SH["or"]: self._any_of,
            SH["class"]: lambda _, named: _among(statements.instances(term(named))),
            SH.pattern: self._like,
            SH["in"]: lambda _, listed: _among({term(one) for one in List(written, listed)}),
            SH.languageIn: self._in_languages,
            SH.equals: lambda _, other: (
                lambda entity, values: {*values} == {*statements.values(entity, str(other))}
            ),
            SH.disjoint: lambda _, other: (
                lambda entity, values: not {*values} & {*statements.values(entity, str(other))}
            ),
            SH.lessThanOrEquals: lambda _, other: (
                lambda entity, values: all(
                    _in_sequence(one, two)
                    for one in values
                    for two in statements.values(entity, str(other))
                )
            ),
        }

    def suspicious(self) -> set[Node]:
        """The shapes that some target may not meet; all others are met for sure."""
        by = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
        aimed = {shape for target in by for shape in self._written.subjects(target, None)}
        return {shape for shape in aimed if not self._is_met(shape)}

    def _is_met(self, shape: Node) -> bool:
        """Whether it is sure that all targets meet a shape."""
        try:
            return all(map(self._test(shape), self.targets(shape)))
        except NotLookedUpError:
            return False

    def targets(self, shape: Node) -> set[Any]:
        """The focus nodes of a shape (SHACL §2.1.3)."""
        objects, statements = self._written.objects, self._statements
        found = {term(node) for node in objects(shape, SH.targetNode)}
        for class_ in objects(shape, SH.targetClass):
            found |= statements.instances(term(class_))
        for property_ in objects(shape, SH.targetSubjectsOf):
            found.update(statements.of(str(property_)))
        for property_ in objects(shape, SH.targetObjectsOf):
            found.update(statements.to(str(property_)))
        return found

    def _test(self, shape: Node) -> Callable[[Any], bool]:
        """A function that tells whether an entity meets a shape."""
        reach = self._reach(self._written.value(shape, SH.path))
        tests = [
            self._constraint(shape, component, parameter)
            for component, parameter in self._written.predicate_objects(shape)
            if component not in _SAYS_NOTHING
        ]

        def meets(entity: Any) -> bool:
            values = reach(entity)
            for test in tests:  # noqa: SIM110 — all() takes twice as long, a hundred thousand times
                if not test(entity, values):
                    return False
            return True

        return meets

    def _reach(self, path: Node | None) -> Callable[[Any], Values]:
        """A function that gives the values at the end of a path from an entity, each once."""
        if path is None:
            return lambda entity: [entity]
        statements = self._statements
        if isinstance(path, URIRef):
            get = statements.of(str(path)).get
            return lambda entity: get(entity, ())
        steps = [*List(self._written, path)]
        if len(steps) < 2 or not all(isinstance(step, URIRef) for step in steps):
            raise NotLookedUpError

        def along(entity: Any) -> Values:
            found: dict[Any, None] = {entity: None}
            for step in steps:
                found = {v: None for one in found for v in statements.values(one, str(step))}
            return [*found]

        return along

    def _constraint(self, shape: Node, component: Node, parameter: Any) -> _Test:
        if (of_values := _OF_VALUES.get(component)) is not None:
            return of_values(parameter)
        if (looked_up := self._looked_up.get(component)) is not None:
            return looked_up(shape, parameter)
        raise NotLookedUpError

    def _qualified(self, shape: Node, parameter: Node) -> _Test:
        """How many values meet a shape."""
        meets, value = self._test(parameter), self._written.value
        lowest = int(str(value(shape, SH.qualifiedMinCount) or 0))
        highest = int(str(value(shape, SH.qualifiedMaxCount) or sys.maxsize))
        return lambda _, values: lowest <= sum(map(meets, values)) <= highest

    def _any_of(self, _: Node, parameter: Node) -> _Test:
        any_of = [self._test(one) for one in List(self._written, parameter)]
        return _each(lambda value: any(meets(value) for meets in any_of))

    def _like(self, shape: Node, parameter: Node) -> _Test:
        """Values that a regular expression finds something in."""
        flags = str(self._written.value(shape, SH.flags) or "")
        if flags not in ("", "i"):
            raise NotLookedUpError
        fits = re.compile(str(parameter), re.IGNORECASE if flags else 0).search
        return _each(lambda value: not _blank(value) and bool(fits(value.value)))

    def _in_languages(self, _: Node, parameter: Node) -> _Test:
        known = [str(one).lower() for one in List(self._written, parameter)]

        def fits(value: Any) -> bool:
            spoken = (getattr(value, "language", None) or "").lower()
            return any(spoken == one or spoken.startswith(f"{one}-") for one in known)

        return _each(fits)


def _each(fits: Callable[[Any], bool]) -> _Test:
    return lambda _, values: all(map(fits, values))


def _many(lowest: int, highest: int) -> _Test:
    """A test of how many values there are."""
    return lambda _, values: lowest <= len(values) <= highest


def _among(known: set[Any]) -> _Test:
    return lambda _, values: known.issuperset(values)


def _blank(value: Any) -> bool:
    return isinstance(value, ox.BlankNode)


def _each_in_its_language(parameter: Any) -> _Test:
    if parameter != Literal(True):
        raise NotLookedUpError
    return _once_in_a_language


def _once_in_a_language(_: Any, values: Values) -> bool:
    spoken = [tag.lower() for v in values if (tag := getattr(v, "language", None))]
    return len(spoken) == len({*spoken})


def _is_of(value: Any, datatype: str) -> bool:
    """Whether a value is a literal of a datatype, written as that wants it."""
    if not isinstance(value, ox.Literal) or value.datatype.value != datatype:
        return False
    return bool(value.language) or _well_written(value.value, datatype)


@lru_cache(1 << 12)
def _well_written(text: str, datatype: str) -> bool:
    plain = datatype == _STRING or (datatype == _COUNT and text.isascii() and text.isdigit())
    return plain or Literal(text, datatype=URIRef(datatype)).ill_typed is not True


def _bounded(parameter: Any, lowest: bool) -> _Test:
    bound = _number(str(parameter))
    if bound is None:
        raise NotLookedUpError

    def fits(value: Any) -> bool:
        number = _number(value.value) if isinstance(value, ox.Literal) else None
        if number is None:
            return False
        return number >= bound if lowest else number <= bound

    return _each(fits)


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _in_sequence(one: Any, two: Any) -> bool:
    """Whether it is sure that a day is not after another."""
    if not all(isinstance(v, ox.Literal) and _is_of(v, str(XSD.date)) for v in (one, two)):
        return False
    return len(one.value) == len(two.value) == len("2021-01-01") and one.value <= two.value


_OF_VALUES: dict[Node, Callable[[Any], _Test]] = {  # what is seen in an entity's values alone
    SH.minCount: lambda least: _many(int(least), sys.maxsize),
    SH.maxCount: lambda most: _many(0, int(most)),
    SH.datatype: lambda datatype: _each(partial(_is_of, datatype=str(datatype))),
    SH.nodeKind: lambda kind: _each(lambda value: isinstance(value, _KINDS[kind])),
    SH.hasValue: lambda wanted: lambda _, values: term(wanted) in values,
    SH.uniqueLang: _each_in_its_language,
    SH.minLength: lambda shortest: _each(
        lambda value: not _blank(value) and len(value.value) >= int(shortest)
    ),
    SH.minInclusive: partial(_bounded, lowest=True),
    SH.maxInclusive: partial(_bounded, lowest=False),
}
