"""W3C's SHACL test suite (../shared/suites/shacl) through planlink's validator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from rdflib import RDF, SH, BNode, Graph, Namespace
from rdflib.compare import isomorphic
from rdflib.term import Node

from kg.errors import PlanlinkError
from kg.rdf.shacl import validate

MF = Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SHT = Namespace("http://www.w3.org/ns/shacl-test#")
# what the suite compares of a result
COMPARED = (
    SH.focusNode,
    SH.resultPath,
    SH.resultSeverity,
    SH.sourceConstraintComponent,
    SH.sourceShape,
    SH.value,
)
AT_LEAST = 118


def cases(suite: Path) -> Iterator[tuple[Graph, Node, Path]]:
    """Each case of the suite: the graph that tells of it, its node, and the file."""
    for file in sorted(suite.rglob("*.ttl")):
        told = Graph().parse(file, format="turtle", publicID=file.as_uri())
        for case in told.subjects(RDF.type, SHT.Validate):
            yield told, case, file


def passes(told: Graph, case: Node, file: Path) -> bool:
    """Whether the report on a case is the one that the suite expects."""
    action = told.value(case, MF.action)
    data, shapes = (
        loaded(told, told.value(action, g), file) for g in (SHT.dataGraph, SHT.shapesGraph)
    )
    expected = told.value(case, MF.result)
    try:
        results = validate(data, Graph(), shapes)
    except PlanlinkError:
        return expected == SHT.Failure
    if expected in (SHT.Failure, None):
        return False
    found = results.graph(f"{file.as_uri()}.report")
    report = next(found.subjects(RDF.type, SH.ValidationReport))
    return isomorphic(compared(told, expected), compared(found, report))


def loaded(told: Graph, graph: Node | None, file: Path) -> Graph:
    path = Path(str(graph).removeprefix("file://"))
    return told if path == file else Graph().parse(path, format="turtle", publicID=path.as_uri())


def compared(graph: Graph, report: Node) -> Graph:
    """What counts of a report, its nodes without names."""
    found, node = Graph(), BNode()
    found.add((node, SH.conforms, graph.value(report, SH.conforms)))
    for result in graph.objects(report, SH.result):
        found.add((node, SH.result, one := BNode()))
        for said in COMPARED:
            for value in graph.objects(result, said):
                found.add((one, said, value))
                if isinstance(value, BNode) and said == SH.resultPath:
                    found += graph.cbd(value)
    return found


def test_the_suite(shared: Path) -> None:
    every = list(cases(shared / "suites" / "shacl" / "tests"))
    failed = [
        str(file.relative_to(shared)) for told, case, file in every if not passes(told, case, file)
    ]
    assert len(every) == 121
    assert len(every) - len(failed) >= AT_LEAST, failed
