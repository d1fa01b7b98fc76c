"""Graphs + shapes -> report.

Core constraints are checked by pySHACL, a sh:sparql constraint is one query over the whole graph on
an in-memory Oxigraph store.
pySHACL reads a property shape anew for every focus node of the node shape that it belongs to, and
parses a query anew for each: property shapes that have the targets themselves, and queries asked
once, take a fraction of the time (benchmarks/publish.py).
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, groupby
from pathlib import Path

import pyoxigraph as ox
from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS, RDFS
from rdflib.term import Node

from kg.errors import PlanlinkError
from kg.rdf.namespaces import local_name, shipped
from kg.rdf.quads import graph_quads, rdf_format, read_quads

Triple = tuple[Node, Node, Node]

SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True, order=True)
class Result:
    """One finding: severity, the node at fault, the property path and value if any, and the
    messages by language."""

    severity: str
    focus: str
    path: str
    value: str
    message_zh: str
    message_en: str
    shape: str


@dataclass(frozen=True)
class Report:
    """All findings on a graph, the gravest first."""

    results: tuple[Result, ...]

    def count(self, severity: str) -> int:
        """How many findings have that severity."""
        return sum(r.severity == severity for r in self.results)

    @property
    def conforms(self) -> bool:
        """Whether nothing violates a shape; warnings do not count."""
        return self.count("Violation") == 0

    def graph(self, report: str) -> Graph:
        """The findings as a SHACL validation report (SHACL §3.6).

        Args:
            report: the IRI of the report.
        """
        graph = Graph()
        node = URIRef(report)
        graph.add((node, RDF.type, SH.ValidationReport))
        graph.add((node, SH.conforms, Literal(self.conforms)))
        graph.add((node, DCTERMS.title, Literal("校验报告", lang="zh")))
        graph.add((node, DCTERMS.title, Literal("Validation report", lang="en")))
        for ordinal, result in enumerate(self.results, 1):
            finding = URIRef(f"{report}/{ordinal}")
            graph.add((node, SH.result, finding))
            graph.add((finding, RDF.type, SH.ValidationResult))
            graph.add((finding, SH.resultSeverity, SH[result.severity]))
            graph.add((finding, SH.focusNode, URIRef(result.focus)))
            if result.path:
                graph.add((finding, SH.resultPath, URIRef(result.path)))
            if result.value.startswith(("http://", "https://")):
                graph.add((finding, SH.value, URIRef(result.value)))
            elif result.value:
                graph.add((finding, SH.value, Literal(result.value)))
            graph.add((finding, SH.resultMessage, Literal(result.message_zh, lang="zh")))
            graph.add((finding, SH.resultMessage, Literal(result.message_en, lang="en")))
            graph.add((finding, RDFS.seeAlso, URIRef(result.shape)))
        return graph


# pySHACL keeps state of a run in its module: in two threads at once it fails
_ONE_AT_A_TIME = threading.Lock()


@dataclass(frozen=True)
class _Query:
    shape: URIRef
    severity: str
    select: str
    messages: tuple[str, str]


@cache
def shapes() -> Graph:
    """All shapes of shapes/*.ttl."""
    graph = Graph()
    for path in sorted(shipped("shapes").glob("*.ttl")):
        graph.parse(path, format="turtle")
    return graph


def targeted(written: Graph) -> Graph:
    """Shapes with the same findings, each property shape with the targets of its node shape (SHACL
    §2.1.3).

    Args:
        written: the shapes; a node shape that others refer to stays as it is written.
    """
    graph = Graph() + written
    for node_shape, target in written.subject_objects(SH.targetClass):
        if (None, None, node_shape) in written:
            continue
        for property_shape in written.objects(node_shape, SH.property):
            graph.remove((node_shape, SH.property, property_shape))
            graph.add((property_shape, RDF.type, SH.PropertyShape))
            graph.add((property_shape, SH.targetClass, target))
    return graph


@cache
def _split() -> tuple[Graph, tuple[_Query, ...]]:
    """The shapes without their queries, and the queries."""
    core = targeted(shapes())
    prefixes = "".join(
        f"PREFIX {shapes().value(d, SH.prefix)}: <{shapes().value(d, SH.namespace)}>\n"
        for d in shapes().objects(None, SH.declare)
    )
    queries = []
    for shape, constraint in sorted(
        shapes().subject_objects(SH.sparql),
        key=lambda pair: (str(pair[0]), str(shapes().value(pair[1], SH.select))),
    ):
        core.remove((shape, SH.sparql, constraint))
        core.remove((constraint, None, None))
        severity = shapes().value(shape, SH.severity) or SH.Violation
        select = prefixes + str(shapes().value(constraint, SH.select))
        assert isinstance(shape, URIRef)
        queries.append(
            _Query(
                shape,
                local_name(str(severity)),
                select,
                _messages(shapes(), constraint, SH.message),
            )
        )
    return core, tuple(queries)


def _messages(graph: Graph, node: Node, predicate: URIRef) -> tuple[str, str]:
    """The messages in Chinese and English that a property of a node holds."""
    found = {m.language: str(m) for m in graph.objects(node, predicate) if isinstance(m, Literal)}
    return found.get("zh", ""), found.get("en", "")


def validate(triples: Iterable[Triple], vocabulary: Iterable[Triple]) -> Report:
    """Check triples against the shapes.

    Args:
        triples: those of one plan, a graph or several.
        vocabulary: what the types of concepts are known from.
    """
    import pyshacl  # noqa: PLC0415 — it takes a while to load, and pages need shapes alone

    core, queries = _split()
    together = Graph()
    for triple in chain(vocabulary, triples):
        together.add(triple)
    with _ONE_AT_A_TIME:
        _, found, _ = pyshacl.validate(together, shacl_graph=core, advanced=False, inference="none")
    results = _core_results(found) + _query_results(together, queries)
    return Report(tuple(sorted(set(results), key=lambda r: (SEVERITIES.index(r.severity), r))))


def _core_results(found: Graph) -> list[Result]:
    results = []
    for node in found.subjects(RDF.type, SH.ValidationResult):
        shape = _named_shape(found.value(node, SH.sourceShape))
        results.append(
            Result(
                local_name(str(found.value(node, SH.resultSeverity))),
                str(found.value(node, SH.focusNode)),
                str(found.value(node, SH.resultPath) or ""),
                str(found.value(node, SH.value) or ""),
                *_messages(found, node, SH.resultMessage),
                shape,
            )
        )
    return results


def _named_shape(source: Node | None) -> str:
    """The named shape that a constraint belongs to."""
    owner = (
        source
        if isinstance(source, URIRef)
        else shapes().value(None, SH.property, source)
        if source is not None
        else None
    )
    return str(owner or "")


def _query_results(graph: Graph, queries: Sequence[_Query]) -> list[Result]:
    store = ox.Store()
    store.extend(graph_quads(graph, URIRef("urn:validated")))
    results = []
    for query in queries:
        solutions = store.query(query.select, use_default_graph_as_union=True)
        assert isinstance(solutions, ox.QuerySolutions)
        names = [v.value for v in solutions.variables]
        for solution in solutions:
            value = solution["value"] if "value" in names else None
            text = getattr(value, "value", "")
            zh, en = (_filled(message, names, solution) for message in query.messages)
            results.append(
                Result(query.severity, solution["this"].value, "", text, zh, en, str(query.shape))
            )
    return results


def _filled(message: str, names: Iterable[str], solution: ox.QuerySolution) -> str:
    """A message with the values of a solution in place of {?name} and {$name} (SHACL, section
    5.3.2)."""
    for name in names:
        value = getattr(solution[name], "value", "")
        message = message.replace(f"{{?{name}}}", value).replace(f"{{${name}}}", value)
    return message


def load_graph(path: Path) -> list[tuple[str, Graph]]:
    """The graphs to validate in a file, or in the RDF files of a folder: one for each plan's named
    graph.

    Raises:
        PlanlinkError: nothing is there, or a file is broken; the message names the line.
    """
    if not path.exists():
        raise PlanlinkError(
            "there is no such file or folder", str(path), "name an RDF file or a folder of them"
        )
    files = (
        sorted(p for p in path.rglob("*") if rdf_format(p) is not None) if path.is_dir() else [path]
    )
    if not files:
        raise PlanlinkError(
            "there is no RDF file in this folder",
            str(path),
            "name a .ttl, .nt, .nq, .trig, .rdf or .jsonld file",
        )
    found = []
    for file in files:
        quads = read_quads(file)
        for name, group in groupby(
            sorted(quads, key=lambda q: str(q.graph_name)), key=lambda q: str(q.graph_name)
        ):
            found.append((f"{file} {name}" if name != "DEFAULT" else str(file), _to_graph(group)))
    return found


def _to_graph(quads: Iterable[ox.Quad]) -> Graph:
    graph = Graph()
    triples = (ox.Triple(q.subject, q.predicate, q.object) for q in quads)
    graph.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")
    return graph
