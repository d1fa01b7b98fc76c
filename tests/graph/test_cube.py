"""The values as an RDF Data Cube: the integrity constraints of the standard (https://www.w3.org/TR/vocab-data-cube/ §11)."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

PREFIXES = """PREFIX qb: <http://purl.org/linked-data/cube#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX plan: <https://w3id.org/planlink/ns#> """

# The two phases of normalisation (§10.1), as far as they bear on cubes without slices.
NORMALISE = [
    "INSERT { ?o rdf:type qb:Observation } WHERE { [] qb:observation ?o }",
    "INSERT { ?o rdf:type qb:Observation } WHERE { ?o qb:dataSet [] }",
    "INSERT { ?cs qb:componentProperty ?p . ?p rdf:type qb:DimensionProperty } WHERE { ?cs qb:dimension ?p }",
    "INSERT { ?cs qb:componentProperty ?p . ?p rdf:type qb:MeasureProperty } WHERE { ?cs qb:measure ?p }",
    "INSERT { ?cs qb:componentProperty ?p . ?p rdf:type qb:AttributeProperty } WHERE { ?cs qb:attribute ?p }",
]

# A query answers true where the constraint is broken. IC-15 to IC-18 are of cubes with measure dimensions and slices,
# IC-20 and IC-21 of hierarchical code lists: there are none here.
CONSTRAINTS = {
    "IC-1 one data set": """ASK { { ?obs a qb:Observation FILTER NOT EXISTS { ?obs qb:dataSet ?d } }
        UNION { ?obs a qb:Observation ; qb:dataSet ?a , ?b FILTER(?a != ?b) } }""",
    "IC-2 one structure": """ASK { { ?d a qb:DataSet FILTER NOT EXISTS { ?d qb:structure ?s } }
        UNION { ?d a qb:DataSet ; qb:structure ?a , ?b FILTER(?a != ?b) } }""",
    "IC-3 a measure": """ASK { ?dsd a qb:DataStructureDefinition
        FILTER NOT EXISTS { ?dsd qb:component [ qb:componentProperty [ a qb:MeasureProperty ] ] } }""",
    "IC-4 dimensions have a range": "ASK { ?d a qb:DimensionProperty FILTER NOT EXISTS { ?d rdfs:range [] } }",
    "IC-5 concepts have code lists": """ASK { ?d a qb:DimensionProperty ; rdfs:range skos:Concept
        FILTER NOT EXISTS { ?d qb:codeList [] } }""",
    "IC-6 only attributes are optional": """ASK { ?dsd qb:component ?c . ?c qb:componentRequired false ; qb:componentProperty ?p
        FILTER NOT EXISTS { ?p a qb:AttributeProperty } }""",
    "IC-7 slice keys are declared": """ASK { ?key a qb:SliceKey FILTER NOT EXISTS { [ a qb:DataStructureDefinition ] qb:sliceKey ?key } }""",
    "IC-11 every dimension has a value": """ASK { ?obs qb:dataSet/qb:structure/qb:component/qb:componentProperty ?d .
        ?d a qb:DimensionProperty FILTER NOT EXISTS { ?obs ?d [] } }""",
    "IC-12 no two observations alike": """ASK { FILTER(?allEqual)
        { SELECT (MIN(?equal) AS ?allEqual) WHERE { ?a qb:dataSet ?ds . ?b qb:dataSet ?ds FILTER(?a != ?b)
          ?ds qb:structure/qb:component/qb:componentProperty ?d . ?d a qb:DimensionProperty . ?a ?d ?x . ?b ?d ?y
          BIND(?x = ?y AS ?equal) } GROUP BY ?a ?b } }""",
    "IC-13 required attributes": """ASK { ?obs qb:dataSet/qb:structure/qb:component ?c . ?c qb:componentRequired true ; qb:componentProperty ?p .
        FILTER NOT EXISTS { ?obs ?p [] } }""",
    "IC-14 every measure has a value": """ASK { ?obs qb:dataSet/qb:structure ?dsd FILTER NOT EXISTS { ?dsd qb:component/qb:componentProperty qb:measureType }
        ?dsd qb:component/qb:componentProperty ?m . ?m a qb:MeasureProperty FILTER NOT EXISTS { ?obs ?m [] } }""",
    "IC-19 codes from the code list": """ASK { ?obs qb:dataSet/qb:structure/qb:component/qb:componentProperty ?d .
        ?d a qb:DimensionProperty ; qb:codeList ?list . ?list a skos:ConceptScheme . ?obs ?d ?v
        FILTER NOT EXISTS { ?v a skos:Concept ; skos:inScheme ?list } }""",
}


@pytest.fixture(scope="module")
def cube(release: Path) -> ox.Store:
    store = ox.Store()
    for quad in ox.Store.read_only(str((release / "current" / "store").resolve())):
        store.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    for update in NORMALISE:
        store.update(PREFIXES + update)
    return store


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_integrity(constraint: str, cube: ox.Store) -> None:
    assert not bool(cube.query(PREFIXES + CONSTRAINTS[constraint]))


def test_every_number_is_an_observation(cube: ox.Store) -> None:
    counts = [
        int(
            next(iter(cube.query(f"{PREFIXES} SELECT (COUNT(DISTINCT ?v) AS ?n) {{ {where} }}")))[
                0
            ].value
        )  # type: ignore[union-attr]
        for where in (
            "?v a plan:Value ; plan:value ?x",
            "?v a qb:Observation ; qb:dataSet ?d",
            "?v a plan:Value",
        )
    ]
    assert counts[0] == counts[1] < counts[2]


def test_a_constraint_can_fail(cube: ox.Store) -> None:
    """An observation without its dimensions is found."""
    broken = ox.Store()
    broken.bulk_extend(cube)
    dataset = next(
        iter(
            cube.quads_for_pattern(
                None, ox.NamedNode("http://purl.org/linked-data/cube#dataSet"), None, None
            )
        )
    ).object
    node = ox.NamedNode("http://e.example/o")
    broken.add(ox.Quad(node, ox.NamedNode("http://purl.org/linked-data/cube#dataSet"), dataset))
    for constraint in (
        "IC-11 every dimension has a value",
        "IC-13 required attributes",
        "IC-14 every measure has a value",
    ):
        assert bool(broken.query(PREFIXES + CONSTRAINTS[constraint]))
    value = next(
        q.subject
        for q in cube.quads_for_pattern(
            None, ox.NamedNode("http://purl.org/linked-data/cube#dataSet"), None, None
        )
    )
    for quad in cube.quads_for_pattern(value, None, None, None):
        broken.add(ox.Quad(ox.NamedNode("http://e.example/twin"), quad.predicate, quad.object))
    assert bool(broken.query(PREFIXES + CONSTRAINTS["IC-12 no two observations alike"]))
