"""JSON-LD documents: the shape that developers read, and the same statements as the quads."""

from __future__ import annotations

import json
from typing import Any

import pyoxigraph as ox
import pytest

from kg.rdf.jsonld import context, document
from kg.rdf.namespaces import PLAN, PREFIXES, expand

IRI = "https://data.example/id/p/measure/1"
OTHER = "https://data.example/id/p/zone/a"
ADDRESS = "https://data.example/context.jsonld"
Term = ox.NamedNode | ox.BlankNode | ox.Literal


def typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(expand(datatype)))


def quad(predicate: str, value: Term, subject: str = IRI, graph: str = "urn:g") -> ox.Quad:
    return ox.Quad(
        ox.NamedNode(subject), ox.NamedNode(expand(predicate)), value, ox.NamedNode(graph)
    )


def made(*quads: ox.Quad) -> dict[str, Any]:
    """A document without what each has."""
    found = document(IRI, quads, ADDRESS)
    assert (found.pop("@context"), found.pop("id")) == (ADDRESS, IRI)
    return found


@pytest.mark.parametrize(
    ("predicate", "value", "expected"),
    [
        ("plan:number", typed("4.1", "xsd:string"), {"number": "4.1"}),
        ("plan:indexNumber", typed("14", "xsd:integer"), {"indexNumber": 14}),
        ("plan:higherIsBetter", typed("true", "xsd:boolean"), {"higherIsBetter": True}),
        ("plan:higherIsBetter", typed("false", "xsd:boolean"), {"higherIsBetter": False}),
        ("plan:higherIsBetter", typed("1", "xsd:boolean"), {"higherIsBetter": True}),
        ("plan:value", typed("33.48", "xsd:decimal"),
         {"value": {"@value": "33.48", "@type": "xsd:decimal"}}),
        ("plan:unit", ox.NamedNode("http://qudt.org/vocab/unit/PERCENT"),
         {"unit": {"id": "http://qudt.org/vocab/unit/PERCENT"}}),
        ("plan:locatedIn", ox.BlankNode("b"), {"locatedIn": {"id": "_:b"}}),
        ("skos:prefLabel", ox.Literal("举措", language="zh"), {"label": {"zh": "举措"}}),
        ("skos:prefLabel", ox.Literal("x"), {"label": {"@none": "x"}}),
        ("skos:note", ox.Literal("注", language="zh"),
         {"skos:note": {"@value": "注", "@language": "zh"}}),
        ("dcterms:isPartOf", ox.NamedNode(OTHER), {"isPartOf": {"id": OTHER}}),
        ("rdf:type", ox.NamedNode(f"{PLAN}Measure"), {"type": "Measure"}),
        ("rdf:type", ox.NamedNode(expand("qb:Observation")), {"type": "qb:Observation"}),
        ("rdf:type", ox.NamedNode("https://other.example/a#B"),
         {"type": "https://other.example/a#B"}),
    ],
)  # fmt: skip
def test_a_statement(predicate: str, value: Term, expected: dict[str, Any]) -> None:
    assert made(quad(predicate, value)) == expected


def test_several_values_are_a_list_and_words_are_by_language() -> None:
    assert made(
        quad("rdf:type", ox.NamedNode(f"{PLAN}Value")),
        quad("rdf:type", ox.NamedNode(expand("qb:Observation"))),
        quad("skos:altLabel", ox.Literal("甲", language="zh")),
        quad("skos:altLabel", ox.Literal("乙", language="zh")),
        quad("skos:altLabel", ox.Literal("a", language="en")),
        quad("plan:locatedIn", ox.NamedNode(OTHER)),
        quad("plan:locatedIn", ox.NamedNode(IRI)),
    ) == {
        "type": ["Value", "qb:Observation"],
        "alsoCalled": {"zh": ["甲", "乙"], "en": "a"},
        "locatedIn": [{"id": OTHER}, {"id": IRI}],
    }


def test_what_leads_here_is_under_reverse() -> None:
    found = made(
        quad("plan:locatedIn", ox.NamedNode(IRI), subject=OTHER),
        quad("dcterms:isPartOf", ox.NamedNode(IRI), subject=f"{OTHER}2"),
        quad("dcterms:isPartOf", ox.NamedNode(IRI), subject=f"{OTHER}3"),
    )
    assert found == {
        "@reverse": {
            "isPartOf": [{"id": f"{OTHER}2"}, {"id": f"{OTHER}3"}],
            "locatedIn": [{"id": OTHER}],
        }
    }
    assert list(found["@reverse"]) == ["isPartOf", "locatedIn"]


def test_a_statement_of_two_graphs_is_there_once() -> None:
    one = quad("plan:indexNumber", typed("1", "xsd:integer"))
    two = quad("plan:indexNumber", typed("1", "xsd:integer"), graph="urn:h")
    assert made(one, two) == {"indexNumber": 1}


def test_it_says_what_the_quads_say() -> None:
    """Read by another reader of JSON-LD, with the published context, it gives the triples back."""
    quads = [
        quad("rdf:type", ox.NamedNode(f"{PLAN}Measure")),
        quad("skos:prefLabel", ox.Literal("举措", language="zh")),
        quad("plan:explanation", ox.Literal("why", language="en")),
        quad("plan:number", ox.Literal("4.1")),
        quad("plan:value", typed("33.48", "xsd:decimal")),
        quad("plan:indexNumber", typed("14", "xsd:integer")),
        quad("plan:higherIsBetter", typed("false", "xsd:boolean")),
        quad("plan:unit", ox.NamedNode("http://qudt.org/vocab/unit/PERCENT")),
        quad("oa:start", typed("7", "xsd:integer")),
        quad("dcterms:created", typed("2021-03-08", "xsd:date")),
        quad("plan:locatedIn", ox.NamedNode(OTHER)),
        quad("plan:ofIndicator", ox.NamedNode(IRI), subject=OTHER),
    ]
    written = json.dumps(document(IRI, quads, ADDRESS) | {"@context": context()})
    read = ox.parse(written.encode(), format=ox.RdfFormat.JSON_LD)
    assert {q.triple for q in read} == {q.triple for q in quads}


def test_the_context_names_every_property_once() -> None:
    terms = {name: term for name, term in context().items() if isinstance(term, dict)}
    iris = [expand(term["@id"]) for term in terms.values()]
    assert sorted(iris) == sorted(set(iris))
    assert context()["@vocab"] == str(PLAN)
    replaced = {prefix for prefix, iri in PREFIXES.items() if context()[prefix] != iri}
    assert replaced == {"unit"}  # by plan:unit
    assert terms["label"] == {"@id": "skos:prefLabel", "@container": "@language"}
    assert terms["locatedIn"] == {"@id": "plan:locatedIn"}
