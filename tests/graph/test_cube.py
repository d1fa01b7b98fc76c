"""The values as an RDF Data Cube: the 21 integrity constraints of the standard, as published and
with all that OWL 2 RL concludes from it.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import reasonable
from cubes import CONSTRAINTS, broken, is_broken, normalised
from rdflib import Graph, URIRef

from kg.rdf.namespaces import PREFIXES
from kg.rdf.quads import graph_quads


@pytest.fixture(scope="module")
def published(release: Path) -> ox.Store:
    """All triples of a release, in one graph."""
    store = ox.Store()
    quads = ox.Store.read_only(str((release / "current" / "store").resolve()))
    store.bulk_extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    return store


def test_the_published_cube_is_whole(published: ox.Store) -> None:
    store = ox.Store()
    store.bulk_extend(published)
    assert broken(normalised(store)) == []


def test_the_cube_is_whole_with_all_that_is_concluded(published: ox.Store, tmp_path: Path) -> None:
    triples = tmp_path / "release.ttl"
    published.dump(str(triples), format=ox.RdfFormat.TURTLE, from_graph=ox.DefaultGraph())
    reasoner = reasonable.PyReasoner()
    reasoner.load_file(str(triples))
    concluded = Graph()
    concluded.addN((*triple, concluded) for triple in reasoner.reason())
    store = ox.Store()
    store.bulk_extend(
        ox.Quad(q.subject, q.predicate, q.object) for q in graph_quads(concluded, URIRef("urn:x"))
    )
    assert len(store) > len(published)
    assert broken(normalised(store)) == []


@pytest.mark.parametrize("name", CONSTRAINTS)
def test_each_constraint_can_be_broken(name: str) -> None:
    store = ox.Store()
    known = {"": "http://e.example/", **PREFIXES}
    prefixes = "".join(f"@prefix {prefix}: <{iri}> . " for prefix, iri in known.items())
    store.load(f"{prefixes} {CONSTRAINTS[name]['broken']}", format=ox.RdfFormat.TURTLE)
    assert is_broken(normalised(store), name)


def test_every_number_is_an_observation(published: ox.Store) -> None:
    counts = [
        int(next(iter(published.query(query, prefixes=PREFIXES)))[0].value)  # type: ignore[union-attr]
        for where in (
            "?v a plan:Value ; plan:value ?x",
            "?v a qb:Observation ; qb:dataSet ?d",
            "?v a plan:Value",
        )
        for query in [f"SELECT (COUNT(DISTINCT ?v) AS ?n) {{ {where} }}"]
    ]
    assert counts[0] == counts[1] < counts[2]
