"""Core constraints that are looked up before pySHACL is asked: nothing that it finds passes
unseen.
"""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef

from kg.graph.vocabulary import vocabulary
from kg.rdf.quads import graph_quads
from kg.rdf.shacl import _ours
from kg.rdf.statements import Statements
from kg.rdf.suspects import Lookup

PREFIXES = """@prefix : <http://e.example/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""
CASES = [  # what a shape of :Thing says of :p, values that meet it, values that do not
    ("sh:minCount 1", ":x", ""),
    ("sh:maxCount 1", ":x", ":x , :y"),
    ("sh:class :Wide", ":narrow", ":x"),
    ("sh:datatype xsd:decimal", "1.5", "'1.5'"),
    ("sh:datatype xsd:date", "'2021-02-03'^^xsd:date", "'2021-02-30'^^xsd:date"),
    ("sh:nodeKind sh:IRI", ":x", "[]"),
    ("sh:uniqueLang true", "'a'@en , 'b'@zh , 'c'", "'a'@en , 'b'@en"),
    ("sh:hasValue :x", ":y , :x", ":y"),
    ("sh:languageIn ( 'zh' )", "'a'@zh , 'b'@zh-CN", "'a'"),
    ("sh:pattern '^a+$'", "'aa'", "'ba'"),
    ("sh:pattern '^a+$' ; sh:flags 'i'", "'A'", "'b'"),
    ("sh:in ( :x 'y' )", ":x , 'y'", "'x'"),
    ("sh:minInclusive 1 ; sh:maxInclusive 2", "1 , 2.0", "3"),
    ("sh:minInclusive 1", "1", "'many'"),
    ("sh:minLength 2", "'ab'", "'a'"),
    ("sh:equals :q", ":q", ":x"),
    ("sh:disjoint :q", ":x", ":q"),
    ("sh:lessThanOrEquals :day", "'2021-01-01'^^xsd:date", "'2021-01-03'^^xsd:date"),
    ("sh:or ( [ sh:datatype xsd:date ] [ sh:class :Wide ] )", ":narrow", ":x"),
    (
        "sh:qualifiedValueShape [ sh:languageIn ( 'zh' ) ] ; sh:qualifiedMinCount 1 ; "
        "sh:qualifiedMaxCount 1",
        "'a'@zh , 'b'@en",
        "'a'@zh , 'b'@zh",
    ),
]


def _told(constraint: str, values: str) -> tuple[bool, bool]:
    """Whether data conform by pySHACL, and whether nothing in them is suspicious."""
    shapes = Graph().parse(
        data=f"{PREFIXES}[] a sh:PropertyShape ; sh:targetClass :Thing ; sh:path :p ; {constraint} .",
        format="turtle",
    )
    said = f":t :p {values} ." if values else ""
    data = Graph().parse(
        data=f"{PREFIXES}:t a :Thing ; :q :q ; :day '2021-01-02'^^xsd:date . :narrow a :Narrow . "
        f":Narrow rdfs:subClassOf :Wide . {said}",
        format="turtle",
    )
    quads = graph_quads(data, URIRef("urn:g"))
    twice = [ox.Quad(*quad.triple, ox.NamedNode("urn:other")) for quad in quads]
    import pyshacl

    conforms = pyshacl.validate(data, shacl_graph=shapes)[0]
    return conforms, not Lookup(shapes, Statements([*quads, *twice])).suspicious()


@pytest.mark.parametrize(("constraint", "good", "bad"), CASES)
def test_what_does_not_meet_a_constraint_is_suspicious(
    constraint: str, good: str, bad: str
) -> None:
    assert _told(constraint, good) == (True, True)
    assert _told(constraint, bad) == (False, False)


def test_what_is_not_looked_up_is_left_to_pyshacl() -> None:
    assert _told("sh:maxLength 5", "'a'") == (True, False)
    assert _told("sh:xone ( [ sh:class :Wide ] [ sh:nodeKind sh:IRI ] )", ":x") == (True, False)


def test_each_of_our_own_constraints_is_looked_up() -> None:
    core, _ = _ours()
    statements = Statements(graph_quads(vocabulary(), URIRef("urn:g")))
    assert Lookup(core, statements).suspicious() == set()
