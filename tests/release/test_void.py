"""VoID: every count is that of the whole release, the statistics themselves counted in."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from kg.rdf.namespaces import PLAN, PREFIXES
from kg.release.void import Counts, own_iris, void
from kg.settings import Site

BASE = "https://data.example"
ROOT = f"{BASE}/id/catalogue/everything"
GRAPH = f"{BASE}/id/catalogue/graph"
VOID, TYPE = PREFIXES["void"], PREFIXES["rdf"] + "type"


def quad(subject: str, predicate: str, value: str | ox.Literal) -> ox.Quad:
    term = ox.NamedNode(value) if isinstance(value, str) else value
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(predicate), term, ox.NamedNode("urn:g"))


RELEASED = [
    quad(f"{BASE}/id/p/zone/a", TYPE, f"{PLAN}Zone"),
    quad(f"{BASE}/id/p/zone/b", TYPE, f"{PLAN}Zone"),
    quad(f"{BASE}/id/p/zone/a", f"{PLAN}locatedIn", f"{BASE}/id/p/zone/b"),
    quad(f"{BASE}/id/p/zone/a", f"{PREFIXES['owl']}sameAs", "http://www.wikidata.org/entity/Q1"),
    quad(f"{BASE}/id/p/zone/b", f"{PREFIXES['owl']}sameAs", "http://www.wikidata.org/entity/Q2"),
    quad(f"{BASE}/id/p/zone/b", f"{PLAN}unit", "http://qudt.org/vocab/unit/PERCENT"),
    *(
        quad(f"{BASE}/id/{name}", TYPE, f"{PREFIXES[prefix]}Dataset")
        for name in ("catalogue/everything", "p/dataset", "q/dataset")
        for prefix in ("void", "dcat")
    ),
    quad("https://elsewhere.example/x", TYPE, "https://elsewhere.example/ns/Thing"),
    quad(f"{BASE}/id/p/zone/a", f"{PLAN}text", ox.Literal("http://qudt.org/ in words")),
]
PLANS = {"p": (5, "p.nq.gz"), "q": (3, "q.nq")}


@pytest.fixture(scope="module")
def made() -> list[ox.Quad]:
    return void(RELEASED, [], {}, {}, GRAPH, Site(base=BASE), PLANS)[0]


@pytest.fixture(scope="module")
def store(made: list[ox.Quad]) -> ox.Store:
    """The whole release with its statistics, to count in."""
    everything = ox.Store()
    everything.extend([*RELEASED, *made])
    return everything


def values(made: list[ox.Quad], subject: str, name: str) -> list[str]:
    return [
        q.object.value  # type: ignore[union-attr]
        for q in made
        if (q.subject.value, q.predicate.value) == (subject, VOID + name)
    ]


def counted(store: ox.Store, what: str, where: str) -> int:
    query = f"SELECT (COUNT({what}) AS ?n) {{ {where} }}"
    solutions = store.query(query, use_default_graph_as_union=True)
    return int(next(iter(solutions))["n"].value)  # type: ignore[union-attr, arg-type, index]


@pytest.mark.parametrize(
    ("name", "what", "where"),
    [
        ("triples", "*", "?s ?p ?o"),
        ("distinctSubjects", "DISTINCT ?s", "?s ?p ?o"),
        ("properties", "DISTINCT ?p", "?s ?p ?o"),
        ("classes", "DISTINCT ?o", "?s a ?o"),
        ("entities", "DISTINCT ?s", f'?s ?p ?o FILTER(STRSTARTS(STR(?s), "{BASE}/id/"))'),
    ],
)
def test_counts_of_the_whole(
    made: list[ox.Quad], store: ox.Store, name: str, what: str, where: str
) -> None:
    assert values(made, ROOT, name) == [str(counted(store, what, where))]


@pytest.mark.parametrize(
    ("partition", "of", "count", "where"),
    [
        ("classPartition", "class", "entities", "?s a <{iri}>"),
        ("propertyPartition", "property", "triples", "?s <{iri}> ?o"),
    ],
)
def test_counts_by_class_and_property(
    made: list[ox.Quad], store: ox.Store, partition: str, of: str, count: str, where: str
) -> None:
    nodes = values(made, ROOT, partition)
    assert len(nodes) == len(set(nodes)) > 0
    found = {values(made, node, of)[0]: values(made, node, count) for node in nodes}
    assert found == {iri: [str(counted(store, "*", where.format(iri=iri)))] for iri in found}
    total = "DISTINCT ?o" if of == "class" else "DISTINCT ?p"
    assert len(found) == counted(store, total, "?s a ?o" if of == "class" else "?s ?p ?o")


EDITORS_ASK = """PREFIX void: <http://rdfs.org/ns/void#> PREFIX void-ext: <http://ldf.fi/void-ext#>
SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype ?n {
  ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
  ?pp void:property ?prop ; void:triples ?n
  OPTIONAL { { ?pp void:classPartition [ void:class ?objectClass ] }
    UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] } } }"""


def test_editors_of_queries_find_what_each_class_has(store: ox.Store) -> None:
    """By the query of sib-swiss/sparql-editor; each count is that of the data."""
    rows = list(store.query(EDITORS_ASK, use_default_graph_as_union=True))  # type: ignore[arg-type]
    found = {(row["subjectClass"].value, row["prop"].value): row["n"].value for row in rows}
    assert found == {
        (own, name): str(counted(store, "*", f"?s a <{own}> ; <{name}> ?o")) for own, name in found
    }
    pairs = "SELECT DISTINCT ?c ?p { ?s a ?c ; ?p ?o }"
    there = store.query(pairs, use_default_graph_as_union=True)
    assert {(row["c"].value, row["p"].value) for row in there} == {*found}  # type: ignore[union-attr]
    kinds = {
        (row["objectClass"] or row["objectDatatype"]).value for row in rows if row[2] or row[3]
    }
    assert {f"{PREFIXES['xsd']}integer", f"{VOID}Dataset"} <= kinds


def test_what_parts_lead_to_is_counted_by_the_classes_that_others_tell() -> None:
    """A plan's target to a unit of the vocabulary, and what is said of all plans to the target."""
    one, unit, target = f"{BASE}/id/p/target/1", f"{PLAN}unit-percent", f"{PLAN}Target"
    part = Counts(own_iris(BASE))
    part.add([quad(one, TYPE, target), quad(one, f"{PLAN}unit", unit)])
    outer = [
        quad(unit, TYPE, f"{PLAN}Unit"),
        quad(f"{BASE}/id/p", TYPE, f"{PLAN}Plan"),
        quad(f"{BASE}/id/p", f"{PLAN}has", one),
    ]
    known = {ox.NamedNode(one): (target,)}
    counts = void(outer, [part], known, {}, GRAPH, Site(base=BASE), PLANS)[1]
    assert counts.partitions[target, f"{PLAN}unit", f"{PLAN}Unit"] == 1
    assert counts.partitions[f"{PLAN}Plan", f"{PLAN}has", target] == 1


def test_links_that_lead_out(made: list[ox.Quad]) -> None:
    linksets = [node for node in values(made, ROOT, "subset") if "/linkset/" in node]
    found = {
        (
            *values(made, node, "linkPredicate"),
            *values(made, node, "subjectsTarget"),
            *values(made, node, "objectsTarget"),
            *values(made, node, "triples"),
        )
        for node in linksets
    }
    assert found == {
        (f"{PREFIXES['owl']}sameAs", ROOT, "http://www.wikidata.org/", "2"),
        (f"{PLAN}unit", ROOT, "http://qudt.org/", "1"),
    }


def test_each_plan_is_a_subset_with_its_dump(made: list[ox.Quad]) -> None:
    parts = [node for node in values(made, ROOT, "subset") if node.endswith("/dataset")]
    assert parts == [f"{BASE}/id/p/dataset", f"{BASE}/id/q/dataset"]
    assert [values(made, part, "triples") for part in parts] == [["5"], ["3"]]
    assert values(made, parts[0], "dataDump") == [f"{BASE}/dumps/p.nq.gz"]
    assert values(made, parts[0], "uriSpace") == [f"{BASE}/id/p/"]
    assert values(made, parts[1], "exampleResource") == [f"{BASE}/id/q"]


def test_the_vocabularies_are_those_used(made: list[ox.Quad]) -> None:
    assert values(made, ROOT, "vocabulary") == sorted(
        [
            *(str(PLAN), *(PREFIXES[name] for name in ("owl", "rdf", "rdfs", "void", "dcat"))),
            *("http://ldf.fi/void-ext#", "https://elsewhere.example/ns/"),
        ]
    )


def test_the_way_to_the_data(made: list[ox.Quad]) -> None:
    assert values(made, ROOT, "sparqlEndpoint") == [f"{BASE}/sparql"]
    assert values(made, ROOT, "uriSpace") == [f"{BASE}/id/"]
    assert {q.graph_name for q in made} == {ox.NamedNode(GRAPH)}
    assert len(made) == len(set(made))


def test_nothing_released_counts_only_itself() -> None:
    alone = void([], [], {}, {}, GRAPH, Site(base=BASE), {})[0]
    assert values(alone, ROOT, "triples") == [str(len(alone))]
