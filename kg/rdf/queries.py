"""planlink's queries of shapes (sh:sparql), and its closed shapes as queries: each asked once for
all focus nodes."""

from dataclasses import dataclass

from rdflib import RDFS, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.rdf.namespaces import PLAN


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
