"""The shapes: what publishable means, written in shapes/*.ttl, and what is known from the
ontology."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain

from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.rdf.namespaces import PLAN, SCHEMA, local_name, shipped
from kg.rdf.ontology import ontology
from kg.rdf.quads import SIMPLE, turtle_graph

_TARGETS = (SH.targetClass, SH.targetSubjectsOf, SH.targetObjectsOf)


@cache
def shapes() -> Graph:
    """All shapes of shapes/*.ttl, and for each class the properties that it may have. Property
    shapes and queries have names, so that a report can say which one was not met."""
    graph = named(turtle_graph(shipped("shapes")))
    graph += closed(ontology(), list(graph.objects(PLAN.ClosedShape, SH.message)))
    return graph


def named(written: Graph) -> Graph:
    """Shapes whose property shapes and queries are named, such as plan:GoalShape-prefLabel."""
    parts = [
        (f"{shape}-{called}", order, part)
        for predicate in (SH.property, SH.sparql)
        for shape, part in written.subject_objects(predicate)
        if isinstance(shape, URIRef) and isinstance(part, BNode)
        for called, order in (_part_name(written, predicate, part),)
    ]
    names: dict[Node | None, URIRef] = {}
    counts: dict[str, int] = {}
    for name, _, part in sorted(parts, key=lambda found: found[:2]):
        counts[name] = counts.get(name, 0) + 1
        names[part] = URIRef(f"{name}-{counts[name]}" if counts[name] > 1 else name)
    graph = Graph(SIMPLE)
    for s, p, o in written:
        graph.add((names.get(s) or s, p, names.get(o) or o))
    return graph


def _part_name(written: Graph, predicate: URIRef, part: Node) -> tuple[str, str]:
    """The name of a part of a node shape, and a key that orders parts of one name."""
    messages = " ".join(sorted(str(message) for message in written.objects(part, SH.message)))
    if predicate == SH.sparql:
        return "query", f"{messages} {written.value(part, SH.select)}"
    path = written.value(part, SH.path)
    if path is None or isinstance(path, URIRef):
        return local_name(str(path)), messages
    steps = [step for step in Collection(written, path) if isinstance(step, URIRef)]
    return "-".join(local_name(str(step)) for step in steps), messages


def closed(words: Graph, messages: list[Node]) -> Graph:
    """For each of planlink's own classes that a domain names, a closed shape: its entities have the
    properties of that domain and no others, so that a misspelt one is found.

    Args:
        words: the ontology; domains are rdfs:domain, or schema:domainIncludes where a property is
            for several classes. A class has the properties of its super- and subclasses too.
    """
    of: dict[Node, set[URIRef]] = {}
    for domain in (RDFS.domain, SCHEMA.domainIncludes):
        for term, for_class in words.subject_objects(domain):
            of.setdefault(for_class, set()).add(URIRef(str(term)))
    graph = Graph()
    for about in [one for one in of if str(one).startswith(str(PLAN))]:
        kin = chain(
            words.transitive_objects(about, RDFS.subClassOf),
            words.transitive_subjects(RDFS.subClassOf, about),
        )
        allowed = {RDF.type}
        for relative in kin:
            allowed |= of.get(relative, set()) if relative is not None else set()
        shape = PLAN[f"{local_name(str(about))}PropertiesShape"]
        graph.add((shape, RDF.type, SH.NodeShape))
        graph.add((shape, SH.targetClass, about))
        graph.add((shape, SH.closed, Literal(True)))
        graph.add((shape, SH.ignoredProperties, listed := BNode()))
        Collection(graph, listed, [*sorted(allowed)])
        for message in messages:
            graph.add((shape, SH.message, message))
    return graph


def parts_of(written: Graph, chosen: Iterable[Node]) -> Graph:
    """Some of the shapes, with all that they say and refer to."""
    graph, waiting, taken = Graph(), [*chosen], set[Node]()
    while waiting:
        if (one := waiting.pop()) not in taken:
            taken.add(one)
            for triple in written.triples((one, None, None)):
                graph.add(triple)
                waiting.append(triple[2])
    return graph


def targeted(written: Graph) -> Graph:
    """planlink's shapes, each property shape with the targets of its node shape (SHACL §2.1.3) and
    apart from it: the same findings, as no node shape says more than its targets, parts and
    queries."""
    graph = Graph(SIMPLE)
    graph += written
    for node_shape, property_shape in written.subject_objects(SH.property):
        targets = [(t, value) for t in _TARGETS for value in written.objects(node_shape, t)]
        if targets:
            graph.remove((node_shape, SH.property, property_shape))
            graph.add((property_shape, RDF.type, SH.PropertyShape))
        for target, value in targets:
            graph.add((property_shape, target, value))
    return graph


@dataclass(frozen=True)
class Query:
    """A query of a node shape that finds, for all focus nodes at once, what does not meet it.

    of_kinds: whether it finds something in an outline (kg.rdf.suspects) wherever it does at all.
    """

    shape: Node
    constraint: Node | None
    select: str
    severity: Node
    messages: tuple[Literal, ...]
    of_kinds: bool
    component: URIRef = SH.SPARQLConstraintComponent


def take_queries(core: Graph, written: Graph) -> tuple[Query, ...]:
    """The queries of shapes, which bind $this to their targets themselves; they are taken out of
    the shapes."""
    found = []
    for shape, constraint in written.subject_objects(SH.sparql):
        core.remove((shape, SH.sparql, constraint))
        core.remove((constraint, None, None))
        select, messages = str(written.value(constraint, SH.select)), _messages(written, constraint)
        of_kinds = (constraint, PLAN.ofKinds, Literal(True)) in written
        severity = _severity(written, shape)
        found.append(Query(shape, constraint, select, severity, messages, of_kinds))
    return tuple(sorted(found, key=lambda query: (str(query.shape), query.select)))


def take_closed(core: Graph, written: Graph) -> tuple[Query, ...]:
    """Closed shapes, each of one class, as queries, taken out of the shapes."""
    found = []
    for shape in written.subjects(SH.closed, Literal(True)):
        about, listed = (written.value(shape, s) for s in (SH.targetClass, SH.ignoredProperties))
        assert about is not None and listed is not None
        core.remove((shape, SH.closed, None))
        core.remove((shape, SH.ignoredProperties, None))
        allowed = " , ".join(term.n3() for term in Collection(written, listed))
        select = (
            f"SELECT DISTINCT $this ?path ?value WHERE {{ ?of <{RDFS.subClassOf}>* {about.n3()} . "
            f"$this a ?of ; ?path ?value . FILTER ( ?path NOT IN ( {allowed} ) ) }}"
        )
        severity, messages = _severity(written, shape), _messages(written, shape)
        component = SH.ClosedConstraintComponent
        found.append(Query(shape, None, select, severity, messages, True, component))
    return tuple(sorted(found, key=lambda query: str(query.shape)))


def _severity(written: Graph, shape: Node) -> Node:
    return written.value(shape, SH.severity) or SH.Violation


def _messages(written: Graph, said_by: Node) -> tuple[Literal, ...]:
    return tuple(m for m in written.objects(said_by, SH.message) if isinstance(m, Literal))
