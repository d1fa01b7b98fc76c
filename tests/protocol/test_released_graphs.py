"""Queries passed on to another engine: the released graphs are named in their text, where the
SPARQL 1.1 Protocol would name them beside it, with the same outcome."""

from __future__ import annotations

import re
from collections import Counter

import pyoxigraph as ox
import pytest
from support import SHARED

from kg.sparql.dataset import has_dataset_clause, with_from
from kg.sparql.guard import fault_on_nothing

RELEASED = ["urn:a", "urn:b"]
BASE = "http://example.org/"


def rows(found: object) -> Counter[str]:
    """Rows or triples, or a truth value, without the names of blank nodes."""
    if isinstance(found, ox.QueryBoolean):
        return Counter({str(bool(found)): 1})
    assert isinstance(found, ox.QuerySolutions | ox.QueryTriples)
    return Counter(re.sub(r"_:\w+|value=\w{32}", "_:", str(row)) for row in found)


def by_text_and_by_protocol(query: str) -> tuple[Counter[str], Counter[str]]:
    """What a query finds in two of three graphs, named in it and beside it."""
    store = ox.Store()
    for name in "abc":
        graph = f"GRAPH <urn:{name}> {{ <urn:{name}> <urn:p> <urn:{name}>, <urn:o>, '{name}' }}"
        store.update(f"INSERT DATA {{ {graph} }}")
    graphs = [ox.NamedNode(name) for name in RELEASED]
    beside = store.query(query, base_iri=BASE, default_graph=graphs, named_graphs=graphs)
    return rows(store.query(with_from(query, RELEASED), base_iri=BASE)), rows(beside)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ?p ?o }",
        "select (count(*) as ?n) where { ?s ?p ?o }",
        "SELECT (EXISTS { ?s ?p 'WHERE {' } AS ?x) ?s { { ?s ?p ?o } UNION { ?o ?p ?s } } LIMIT 90",
        "PREFIX where: <urn:> PREFIX group: <urn:> SELECT ?g { GRAPH ?g { ?s where:p ?group } }",
        "ASK # where {\n{ GRAPH <urn:c> { ?s ?p ?o } }",
        "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } ORDER BY ?s",
        "CONSTRUCT{?s ?p []}WHERE{GRAPH ?g{?s ?p ?o}}",
        "CONSTRUCT WHERE { ?s ?p ?o }",
        "DESCRIBE <urn:a> # a comment at the end",
        "DESCRIBE <urn:c> <urn:a> LIMIT 1",
        "DESCRIBE ?s WHERE { ?s ?p 'b' }",
        "SELECT ?s { ?s ?p ?o } VALUES ?s { <urn:a> <urn:c> }",
    ],
)
def test_a_query_is_on_the_released_graphs(query: str) -> None:
    by_text, by_protocol = by_text_and_by_protocol(query)
    assert by_text == by_protocol and "urn:c" not in str(by_text)


@pytest.mark.skipif(not SHARED.is_dir(), reason="W3C's suite is not here")
def test_queries_of_the_suite_are_too() -> None:
    """Those that parse, name no dataset, and give the same each time."""
    seen = 0
    for path in sorted((SHARED / "suites" / "sparql11").rglob("*.rq")):
        query = path.read_text(encoding="utf-8")
        varies = re.search("rand|now|uuid|bnode|service|sample|group_concat", query.lower())
        if not varies and not has_dataset_clause(query) and not fault_on_nothing(query):
            by_text, by_protocol = by_text_and_by_protocol(query)
            assert by_text == by_protocol, path
            seen += 1
    assert seen > 200
