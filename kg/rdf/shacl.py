"""Graphs + shapes -> report.

Core constraints are looked up in tables of the triples (kg.rdf.suspects), and pySHACL checks those
that something may fail; a sh:sparql constraint is one query over the whole graph on an in-memory
Oxigraph store.
pySHACL reads a property shape anew for every focus node of the node shape that it belongs to, and
parses a query anew for each: property shapes that have the targets themselves, and queries asked
once, take a fraction of the time (benchmarks/publish.py).
"""

import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache, lru_cache
from itertools import chain
from typing import Any

import pyoxigraph as ox
from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from kg.errors import PlanlinkError
from kg.rdf.quads import as_rdflib, as_triples, graph_quads, term
from kg.rdf.select import solutions_of
from kg.rdf.shapes import Query, parts_of, shapes, take_closed, take_queries, targeted
from kg.rdf.statements import Statements
from kg.rdf.suspects import Lookup, outline
from kg.rdf.turtle import stated

Triple = tuple[Node, Node, Node]

_VALIDATED = URIRef("urn:validated")
SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True)
class Terms:
    """A result's focus node, value, shape and constraint, as terms."""

    focus: Node
    value: Node | None
    source: Node
    constraint: Node | None


@dataclass(frozen=True)
class Result:
    """One finding: severity, the node at fault, the property path and value if any, the messages
    by language, the named shape that was not met and the component of its constraint; and all that
    as terms, for a report that programs read."""

    severity: str
    focus: str
    path: str
    value: str
    message_zh: str
    message_en: str
    shape: str
    component: str = ""
    terms: Terms | None = field(default=None, compare=False, repr=False)

    def as_json(self) -> dict[str, str]:
        """The finding as texts by name."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "terms"}


@dataclass(frozen=True)
class ValidationReport:
    """All findings on a graph, the gravest first; written: the shapes, if not planlink's."""

    results: tuple[Result, ...]
    written: Graph | None = field(default=None, compare=False)

    def count(self, severity: str) -> int:
        """How many findings have that severity."""
        return sum(r.severity == severity for r in self.results)

    @property
    def conforms(self) -> bool:
        """Whether nothing violates a shape; warnings do not count."""
        return self.count("Violation") == 0

    def graph(self, document: str) -> Graph:
        """The findings as a SHACL validation report (SHACL §3.6), in which a graph conforms where
        there are none at all.

        Args:
            document: the address that the report is read at; the report and its results are
                called by fragments of it.
        """
        written = shapes() if self.written is None else self.written
        quads = stated(
            "kg.rdf",
            "report",
            document=document,
            results=self.results,
            terms_of=lambda one: (
                one.terms or Terms(URIRef(one.focus), None, URIRef(one.shape), None)
            ),
            severity_iri=lambda name: SH[name] if name in SEVERITIES else name,
            path_of=lambda shape: _steps(written.value(shape, SH.path), written),
            term=term,
        )
        graph = Graph()
        graph += as_triples(quads)
        for number, result in enumerate(self.results, 1):
            source = result.terms.source if result.terms else URIRef(result.shape)
            graph.add((URIRef(f"{document}#{number}"), SH.sourceShape, source))
            if isinstance(source, BNode):  # which shape it is, nothing but what it says can tell
                graph += written.cbd(source)
        return graph


def _steps(path: Node | None, written: Graph) -> str:
    """A path of several steps as Turtle; "" for any other."""
    if not isinstance(path, BNode):
        return ""
    if (path, RDF.first, None) in written:
        steps = Collection(written, path)
        return f"( {' '.join(_steps(step, written) or str(term(step)) for step in steps)} )"
    kinds = written.predicate_objects(path)
    said = (f"{term(kind)} {_steps(of, written) or term(of)}" for kind, of in kinds)
    return f"[ {' ; '.join(said)} ]"


def _severity_name(severity: Node | None) -> str:
    name = str(severity).removeprefix(str(SH))
    return name if name in SEVERITIES else str(severity)


# pySHACL keeps state of a run in its module: in two threads at once it fails
_ONE_AT_A_TIME = threading.Lock()


@cache
def _ours() -> tuple[Graph, tuple[Query, ...]]:
    """planlink's own shapes without their queries, and the queries."""
    core = targeted(shapes())
    return core, take_queries(core, shapes()) + take_closed(core, shapes())


def validate(
    triples: Iterable[Triple], vocabulary: Graph, given: Graph | None = None
) -> ValidationReport:
    """Check triples against shapes.

    Args:
        vocabulary: what the types of concepts are known from.
        given: the shapes; planlink's own unless given.

    Raises:
        PlanlinkError: what is given as shapes is none.
    """
    if given is None:
        return validate_quads(graph_quads(triples, _VALIDATED), vocabulary)
    found = _by_pyshacl(chain(vocabulary, triples), given, planlinks=False)
    return ValidationReport(_in_order(_core_results(found, given)), given)


def validate_quads(
    quads: Sequence[ox.Quad], vocabulary: Graph, statements: Statements | None = None
) -> ValidationReport:
    """Check the triples of quads, in whatever graphs, against planlink's own shapes.

    Args:
        statements: those of the quads with the vocabulary, where they are there already.
    """
    (core, queries), own, results = _ours(), with_vocabulary(quads, vocabulary), []
    statements = statements or Statements(own)
    lookup = Lookup(core, statements)
    # a query finds nothing where its shape has no targets
    asked = {shape for shape in {query.shape for query in queries} if lookup.targets(shape)}
    queries = tuple(query for query in queries if query.shape in asked)
    if core := parts_of(core, lookup.suspicious()):
        found = _by_pyshacl(as_triples(_looked_at(own, core)), core, planlinks=True)
        results = _core_results(found, shapes())
    results += dict.fromkeys(_query_results(own, queries, statements))
    return ValidationReport(_in_order(results))


def _looked_at(quads: Iterable[ox.Quad], core: Graph) -> Iterator[ox.Quad]:
    """What shapes may look at: core constraints and targets follow properties that shapes name, and
    types."""
    named = {str(node) for node in core.all_nodes()} | {str(RDF.type), str(RDFS.subClassOf)}
    return (quad for quad in quads if quad.predicate.value in named)


def _in_order(results: Iterable[Result]) -> tuple[Result, ...]:
    """The results, the gravest first."""
    rank = {severity: i for i, severity in enumerate(SEVERITIES)}
    last = len(rank)
    return tuple(sorted(results, key=lambda r: (rank.get(r.severity, last), *r.as_json().values())))


def _by_pyshacl(triples: Iterable[Triple], core: Graph, planlinks: bool) -> Graph:
    """pySHACL's report on triples.

    Args:
        triples: what is checked, and the vocabulary.
        core: the shapes.
        planlinks: whether they are planlink's own.

    Raises:
        PlanlinkError: they cannot be used.
    """
    import pyshacl  # noqa: PLC0415 — it takes a while to load, and is seldom asked

    together = Graph()
    for triple in triples:
        together.add(triple)
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        # what shapes say that lead back to themselves is not defined (SHACL §3.4.3)
        warnings.simplefilter("error", pyshacl.errors.ShapeRecursionWarning)
        advanced = (None, SH.sparql, None) in core
        try:
            _, found, _ = pyshacl.validate(
                together, shacl_graph=core, advanced=advanced, inference="none"
            )
        except Exception as error:  # other people's shapes may end pySHACL in any way
            if planlinks:
                raise
            found = error
    if not isinstance(found, Graph):
        why = str(found).partition("\n")[0] or type(found).__name__
        raise PlanlinkError.of("shapes_wrong", "shapes", why)
    return found


def _core_results(found: Graph, written: Graph) -> list[Result]:
    results = []
    for node in found.objects(None, SH.result):
        focus, value, source, constraint = (
            found.value(node, property_)
            for property_ in (SH.focusNode, SH.value, SH.sourceShape, SH.sourceConstraint)
        )
        assert focus is not None and source is not None
        messages = [m for m in found.objects(node, SH.resultMessage) if isinstance(m, Literal)]
        if constraint is not None:  # pySHACL drops the languages of a query's messages
            own = [m for m in written.objects(constraint, SH.message) if isinstance(m, Literal)]
            messages = [m for m in own if str(m) in {*map(str, messages)}] or messages
        zh, en = _in_both_languages(messages)
        results.append(
            Result(
                _severity_name(found.value(node, SH.resultSeverity)),
                str(focus),
                _path_text(found, found.value(node, SH.resultPath)),
                _text(value),
                zh,
                en,
                _named_shape(source, written),
                _text(found.value(node, SH.sourceConstraintComponent)),
                Terms(focus, value, source, constraint),
            )
        )
    return results


def _text(node: Node | None) -> str:
    """A term as text; "" for none."""
    return "" if node is None else str(node)


def _in_both_languages(messages: Sequence[Literal]) -> tuple[str, str]:
    """The messages in Chinese and English; what is in neither stands for both."""
    found = {m.language: str(m) for m in messages}
    other = next((str(m) for m in messages), "")
    return found.get("zh", other), found.get("en", other)


def _path_text(graph: Graph, path: Node | None) -> str:
    """A path as text: an IRI, or for a sequence its IRIs with / between."""
    if not isinstance(path, BNode):
        return _text(path)
    return "/".join(_path_text(graph, step) for step in Collection(graph, path))


def _named_shape(source: Node | None, written: Graph) -> str:
    owner = written.value(None, SH.property, source) if source is not None else None
    return str(owner if isinstance(owner, URIRef) else source or "")


def with_vocabulary(quads: Sequence[ox.Quad], vocabulary: Graph) -> list[ox.Quad]:
    """The quads, and what they are checked with."""
    return [*quads, *_quads_of(vocabulary)]


@lru_cache(1)
def _quads_of(vocabulary: Graph) -> list[ox.Quad]:
    """The triples of a vocabulary, which stays the same from plan to plan."""
    return graph_quads(vocabulary, _VALIDATED)


def _query_results(
    quads: Iterable[ox.Quad], queries: Sequence[Query], statements: Statements
) -> list[Result]:
    store, kinds = ox.Store(), ox.Store()
    store.bulk_extend(quads)
    kinds.bulk_extend(outline(statements))
    results = []
    for query in queries:
        if query.of_kinds and not any(solutions_of(kinds, query.select)):
            continue
        solutions = solutions_of(store, query.select)
        names = [v.value for v in solutions.variables]
        zh, en = _in_both_languages(query.messages)
        for solution in solutions:
            found = {name: solution[name] for name in names if solution[name] is not None}
            focus = as_rdflib(found["this"])
            value = as_rdflib(found["value"]) if "value" in found else None
            path = as_rdflib(found["path"]) if "path" in found else None
            results.append(
                Result(
                    _severity_name(query.severity),
                    str(focus),
                    str(path) if isinstance(path, URIRef) else "",
                    _text(value),
                    _filled(zh, found),
                    _filled(en, found),
                    str(query.shape),
                    str(query.component),
                    Terms(focus, focus if value is None else value, query.shape, query.constraint),
                )
            )
    return results


def _filled(message: str, solution: Mapping[str, Any]) -> str:
    """A message with a solution's values in place of {?name} and {$name} (SHACL §5.3.2)."""
    for name, found in solution.items():
        value = getattr(found, "value", "")
        message = message.replace(f"{{?{name}}}", value).replace(f"{{${name}}}", value)
    return message
