"""Shapes: pySHACL's own evaluation and ours find the same, and each constraint can fail."""

from __future__ import annotations

from pathlib import Path

import pyshacl
import pytest
from pyshacl_findings import pyshacl_findings
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import RDF, SH, XSD

from kg.graph.vocabulary import vocabulary
from kg.rdf.namespaces import OA, PLAN
from kg.rdf.shacl import Report, load_graph, shapes, targeted, validate

pytestmark = pytest.mark.xdist_group("validate")

NODE = "http://localhost:8000/id/hongqiao-2021/"
PARTS = (f"{NODE}measure/4.1.1", f"{NODE}zone/shui-you-cheng")


@pytest.fixture(scope="module")
def plan(release: Path) -> Graph:
    named = load_graph(next((release / "dumps").glob("hongqiao-2021.nq*")))
    return next(graph for name, graph in named if name.endswith("graph/document>"))


@pytest.fixture(scope="module")
def part(plan: Graph) -> Graph:
    """Those of the flagship that are broken below, what they are compared with, and what they
    name."""
    broken = {
        s
        for s in plan.subjects()
        if str(s).startswith((f"{NODE}indicator/", f"{NODE}target/16")) or str(s) in PARTS
    }
    kept_subjects = broken | {o for s in broken for o in plan.objects(s)}
    kept = Graph()
    for triple in plan:
        if triple[0] in kept_subjects:
            kept.add(triple)
    return kept


def violations(report: Report) -> set[tuple[str, str]]:
    return {
        (r.focus.removeprefix(NODE), r.message_en)
        for r in report.results
        if r.severity == "Violation"
    }


@pytest.fixture(scope="module")
def unbroken(part: Graph) -> set[tuple[str, str]]:
    """What is missing in the part because the rest is left out."""
    return violations(validate(part, vocabulary()))


def test_the_flagship_conforms(plan: Graph) -> None:
    report = validate(plan, vocabulary())
    assert report.conforms
    assert report.count("Warning") > 0


@pytest.mark.parametrize(
    ("triple", "replacement", "focus", "message"),
    [
        ("target/16 value", None, "target/16", "a value without a number says why"),
        ("measure/4.1.1 prefLabel", None, "measure/4.1.1", "there is exactly one Chinese label"),
        ("measure/4.1.1 wasQuotedFrom", None, "measure/4.1.1", "the passage it rests on is named"),
        (
            "indicator/14 number",
            Literal(13),
            "indicator/14",
            "the number comes twice in the annex table",
        ),
        ("target/16 basis", PLAN.Binding, "target/16", "a value has one basis"),
        ("zone/shui-you-cheng zoneType", None, "zone/shui-you-cheng", "a zone has one type"),
        (
            "target/16 value",
            Literal("viel", datatype=XSD.string),
            "target/16",
            "there is at most one number, a decimal",
        ),
    ],
)
def test_each_constraint_can_fail(
    part: Graph,
    unbroken: set[tuple[str, str]],
    triple: str,
    replacement: URIRef | Literal | None,
    focus: str,
    message: str,
) -> None:
    subject, name = triple.split()
    broken = Graph()
    for s, p, o in part:
        if str(s) == NODE + subject and str(p).rsplit("#", 1)[-1].rsplit("/", 1)[-1] == name:
            if replacement is not None:
                broken.add((s, p, replacement))
            continue
        broken.add((s, p, o))
    assert set(broken) != set(part)
    found = violations(validate(broken, vocabulary()))
    assert (focus, message) in found - unbroken


def test_a_passage_of_the_wrong_length_and_a_link_that_is_not_there(plan: Graph) -> None:
    broken = Graph()
    for triple in plan:
        broken.add(triple)
    passage = next(s for s in plan.subjects(RDF.type, PLAN.Passage))
    broken.set((passage, OA.end, Literal(10**6, datatype=XSD.nonNegativeInteger)))
    statement = next(s for s in plan.subjects(RDF.type, PLAN.Link))
    broken.set((statement, RDF.object, URIRef("http://nowhere.example/")))
    found = violations(validate(broken, vocabulary()))
    assert (str(passage).removeprefix(NODE), "the text is not as long as its span") in found
    assert (
        str(statement).removeprefix(NODE),
        "the link that it speaks of is not in the graph",
    ) in found


def test_our_evaluation_of_queries_is_pyshacls(plan: Graph) -> None:
    small = Graph()
    for subject in [
        s
        for s in set(plan.subjects())
        if any(k in str(s) for k in ("/goal/", "/indicator/1", "/target/4.1", "/zone/x"))
    ]:
        for triple in plan.triples((subject, None, None)):
            small.add(triple)
    ours = {(r.severity, r.focus, r.message_en) for r in validate(small, vocabulary()).results}
    theirs = {
        (severity, focus, str(message))
        for severity, focus, _, _, message in pyshacl_findings(small, shapes())
        if str(message).isascii()  # pySHACL drops the language tag of a query's messages
    }
    assert len(theirs) > 10
    assert ours == theirs


def test_property_shapes_with_targets_of_their_own_find_the_same(plan: Graph) -> None:
    """A third of the plan's triples is left out; pySHACL is given the shapes as they are written, but for the queries."""
    holed, core = Graph(), Graph() + shapes()
    core.remove((None, SH.sparql, None))
    for ordinal, triple in enumerate(sorted(plan)):
        if ordinal % 3:
            holed.add(triple)
    ours = {
        (r.severity, r.focus, r.path, r.value, r.message_en)
        for r in validate(holed, vocabulary()).results
        if r.path
    }  # the queries' have none
    found = pyshacl_findings(holed, core, advanced=False)
    theirs = {(*where, str(message)) for *where, message in found if message.language == "en"}
    assert len(theirs) > 1000
    assert ours == theirs


def test_a_shape_that_others_refer_to_still_holds() -> None:
    prefixes = "@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix : <http://x.example/> . "
    written, data = Graph(), Graph()
    named = ":Named a sh:NodeShape ; sh:targetClass :Town ; sh:property [ sh:path :name ; sh:minCount 1 ] . "
    twice = ":Twice a sh:NodeShape ; sh:targetClass :Town , :River ; sh:property [ sh:path :length ; sh:minCount 1 ] . "
    written.parse(
        data=f"{prefixes}{named}{twice}:Held a sh:NodeShape ; sh:targetClass :Lake ; sh:node :Named .",
        format="turtle",
    )
    data.parse(
        data=f"{prefixes}:a a :Town . :b a :Lake . :c a :River ; :length 1 .", format="turtle"
    )

    def found(given: Graph) -> list[tuple[str, str]]:
        report = pyshacl.validate(data, shacl_graph=given)[1]
        return sorted(
            (str(report.value(n, SH.focusNode)), str(report.value(n, SH.resultPath)))
            for n in report.subjects(RDF.type, SH.ValidationResult)
        )

    assert len(found(written)) == 4
    assert found(targeted(written)) == found(written)
