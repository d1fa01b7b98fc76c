"""Queries of shapes (sh:sparql), asked once for all focus nodes where that finds the same."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rdflib import RDF, RDFS, SH, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.namespace import OWL
from rdflib.term import Node

_TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
# what looks at all solutions, or does not see $this of the group around it
_FOR_ONE_NODE = re.compile(
    r"\b(?:GROUP|HAVING|LIMIT|OFFSET|COUNT|SUM|MIN|MAX|AVG|SAMPLE|BIND|UNION|SELECT)\b"
    r"|[$?](?:PATH|shapesGraph|currentShape|value\s*\))",
    re.IGNORECASE,
)
_BEFORE_GROUP = re.compile(r"(\w*)\s*\{")


@dataclass(frozen=True)
class Closing:
    """The properties that the entities of classes may have, all by their IRIs."""

    classes: frozenset[str]
    properties: frozenset[str]


@dataclass(frozen=True)
class Query:
    """A query of a node shape that finds, for all focus nodes at once, what does not meet it.

    closing: what it looks for exceptions from, where it is of a closed shape for classes.
    """

    shape: Node
    constraint: Node | None
    select: str
    severity: str
    messages: tuple[Literal, ...]
    component: URIRef = SH.SPARQLConstraintComponent
    closing: Closing | None = None


def take_queries(core: Graph, written: Graph, binds_this: bool) -> tuple[Query, ...]:
    """The queries of shapes that can be asked at once; they are taken out of the shapes.

    Args:
        binds_this: whether each query binds $this to its targets itself. Where not, those stay in
            the shapes that would mean something else when they are asked for all nodes at once.
    """
    found = []
    for shape, constraint in written.subject_objects(SH.sparql):
        select = str(written.value(constraint, SH.select) or "")
        if not binds_this:
            targets = [(t, v) for t in _TARGETS for v in written.objects(shape, t)]
            select = _asked_at_once(select, targets) if _stands_alone(written, shape) else ""
        if not select or (constraint, SH.deactivated, Literal(True)) in written:
            continue
        core.remove((shape, SH.sparql, constraint))
        if (None, SH.sparql, constraint) not in core:
            core.remove((constraint, None, None))
        prefixes = "".join(_prefixes(written, constraint))
        severity = written.value(shape, SH.severity) or SH.Violation
        messages = tuple(
            m for m in written.objects(constraint, SH.message) if isinstance(m, Literal)
        ) or tuple(m for m in written.objects(shape, SH.message) if isinstance(m, Literal))
        found.append(Query(shape, constraint, prefixes + select, str(severity), messages))
    return tuple(sorted(found, key=lambda query: (str(query.shape), query.select)))


def take_closed(core: Graph, written: Graph) -> tuple[Query, ...]:
    """Closed shapes that list every property allowed, as queries, taken out of the shapes."""
    found = []
    for shape in written.subjects(SH.closed, Literal(True)):
        targets = [(t, v) for t in _TARGETS for v in written.objects(shape, t)]
        messages = tuple(m for m in written.objects(shape, SH.message) if isinstance(m, Literal))
        listed = written.value(shape, SH.ignoredProperties)
        if (
            (shape, SH.property, None) in written
            or not (_stands_alone(written, shape) and targets and messages)
            or listed is None
        ):
            continue
        core.remove((shape, SH.closed, None))
        core.remove((shape, SH.ignoredProperties, None))
        properties = [*Collection(written, listed)]
        allowed = " , ".join(term.n3() for term in properties)
        select = (
            f"SELECT $this ?path ?value WHERE {{ {_all_focus(targets)} $this ?path ?value . "
            f"FILTER ( ?path NOT IN ( {allowed} ) ) }}"
        )
        severity = str(written.value(shape, SH.severity) or SH.Violation)
        component = SH.ClosedConstraintComponent
        closing = None
        if all(target == SH.targetClass for target, _ in targets):
            closing = Closing(
                frozenset(str(about) for _, about in targets), frozenset(map(str, properties))
            )
        found.append(Query(shape, None, select, severity, messages, component, closing))
    return tuple(sorted(found, key=lambda query: str(query.shape)))


def _prefixes(written: Graph, constraint: Node) -> Iterator[str]:
    """The prefixes that a constraint declares, those of imported ontologies among them."""
    for declarer in written.objects(constraint, SH.prefixes):
        for ontology in written.transitive_objects(declarer, OWL.imports):
            for declared in written.objects(ontology, SH.declare):
                prefix, namespace = (
                    written.value(declared, said) for said in (SH.prefix, SH.namespace)
                )
                yield f"PREFIX {prefix}: <{namespace}>\n"


def _stands_alone(written: Graph, shape: Node) -> bool:
    """Whether a node shape is looked at for its targets only, and is not deactivated."""
    return (
        (None, None, shape) not in written
        and not any((shape, said, None) in written for said in (SH.path, SH.deactivated, SH.target))
        and not any((shape, RDF.type, implicit) in written for implicit in (RDFS.Class, OWL.Class))
    )


def _asked_at_once(select: str, targets: list[tuple[URIRef, Node]]) -> str:
    """A query that itself binds $this to all focus nodes; "" where each must be asked for alone."""
    head, brace, rest = select.partition("{")
    groups = {word.upper() for word in _BEFORE_GROUP.findall(rest)}
    if (
        not (brace and targets)
        or _FOR_ONE_NODE.search(rest)
        or _FOR_ONE_NODE.search(re.sub("SELECT", "", head, count=1, flags=re.IGNORECASE))
        or groups - {"EXISTS", "OPTIONAL"}
    ):
        return ""
    return f"{head}{{ {_all_focus(targets)} {rest}"


def _all_focus(targets: list[tuple[URIRef, Node]]) -> str:
    """A group that binds $this to each focus node of targets once."""
    focus = " UNION ".join(f"{{ {_focus(*target)} }}" for target in targets)
    return f"{{ SELECT DISTINCT $this {{ {focus} }} }}"


def _focus(target: URIRef, value: Node) -> str:
    """A pattern of the focus nodes of a target."""
    about = value.n3()
    return {
        SH.targetClass: f"$this a/<{RDFS.subClassOf}>* {about}",
        SH.targetSubjectsOf: f"$this {about} []",
        SH.targetObjectsOf: f"[] {about} $this",
    }.get(target, f"BIND ( {about} AS $this )")
