"""planlink's queries of shapes (sh:sparql), and its closed shapes as queries: each asked once for
all focus nodes."""

from dataclasses import dataclass

from rdflib import RDFS, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.rdf.namespaces import PLAN


@dataclass(frozen=True)
class Closing:
    """A class, and the properties that its entities may have, by their IRIs."""

    of: str
    properties: frozenset[str]


@dataclass(frozen=True)
class Query:
    """A query of a node shape that finds, for all focus nodes at once, what does not meet it.

    suspected: a quicker query (ASK) that is true wherever this one finds something; "" for none.
    closing: what it looks for exceptions from, where it is of a closed shape.
    """

    shape: Node
    constraint: Node | None
    select: str
    severity: Node
    messages: tuple[Literal, ...]
    suspected: str = ""
    component: URIRef = SH.SPARQLConstraintComponent
    closing: Closing | None = None


def take_queries(core: Graph, written: Graph) -> tuple[Query, ...]:
    """The queries of shapes, which bind $this to their targets themselves; they are taken out of
    the shapes."""
    found = []
    for shape, constraint in written.subject_objects(SH.sparql):
        core.remove((shape, SH.sparql, constraint))
        core.remove((constraint, None, None))
        select, messages = str(written.value(constraint, SH.select)), _messages(written, constraint)
        ask = str(written.value(constraint, PLAN.suspectedIf) or "")
        found.append(Query(shape, constraint, select, _severity(written, shape), messages, ask))
    return tuple(sorted(found, key=lambda query: (str(query.shape), query.select)))


def take_closed(core: Graph, written: Graph) -> tuple[Query, ...]:
    """Closed shapes, each of one class, as queries, taken out of the shapes."""
    found = []
    for shape in written.subjects(SH.closed, Literal(True)):
        about, listed = (written.value(shape, s) for s in (SH.targetClass, SH.ignoredProperties))
        assert about is not None and listed is not None
        core.remove((shape, SH.closed, None))
        core.remove((shape, SH.ignoredProperties, None))
        properties = [*Collection(written, listed)]
        allowed = " , ".join(term.n3() for term in properties)
        select = (
            f"SELECT $this ?path ?value WHERE {{ "
            f"{{ SELECT DISTINCT $this {{ $this a/<{RDFS.subClassOf}>* {about.n3()} }} }} "
            f"$this ?path ?value . FILTER ( ?path NOT IN ( {allowed} ) ) }}"
        )
        closing = Closing(str(about), frozenset(map(str, properties)))
        severity, messages = _severity(written, shape), _messages(written, shape)
        component = SH.ClosedConstraintComponent
        found.append(Query(shape, None, select, severity, messages, "", component, closing))
    return tuple(sorted(found, key=lambda query: str(query.shape)))


def _severity(written: Graph, shape: Node) -> Node:
    return written.value(shape, SH.severity) or SH.Violation


def _messages(written: Graph, said_by: Node) -> tuple[Literal, ...]:
    return tuple(m for m in written.objects(said_by, SH.message) if isinstance(m, Literal))
