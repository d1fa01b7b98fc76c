"""The relation graph of a plan: read from its named graph, chapters, neighbours and paths."""

from __future__ import annotations

import networkx as nx
import pyoxigraph as ox
import pytest

from kg.network.relations import (
    PART_OF,
    Step,
    behind,
    chapters,
    connections,
    neighbourhood,
    relation_graph,
    without_inherited,
)
from kg.rdf.namespaces import PLAN, PREFIXES

GRAPH, OTHER_GRAPH = "urn:graph", "urn:other"
SUPPORTS, LOCATED, MEASURED = (str(PLAN[p]) for p in ("supportsGoal", "locatedIn", "measuredBy"))
NAMED, INHERITED = str(PLAN["method-named"]), str(PLAN["method-SameSection"])

# One plan: chapter 4 with section 4.2 and measures 1 and 10 in it, chapter 5 with measure 2.
NODES = {
    "p": "Plan", "g": "Goal", "g2": "Goal", "s/4": "Section", "s/4.2": "Section", "s/5": "Section",
    "m/1": "Measure", "m/10": "Measure", "m/2": "Measure", "z": "Zone", "y": "Zone",
    "i": "Indicator", "o": "Institution",
}  # fmt: skip
LINKS = [
    ("s/4", SUPPORTS, "g", NAMED), ("m/1", SUPPORTS, "g", INHERITED),
    ("m/10", SUPPORTS, "g2", INHERITED), ("m/1", LOCATED, "z", NAMED),
    ("m/10", LOCATED, "z", NAMED), ("m/2", LOCATED, "z", NAMED), ("g", MEASURED, "i", NAMED),
]  # fmt: skip
PARTS = [
    ("s/4.2", "s/4"),
    ("m/1", "s/4.2"),
    ("m/10", "s/4.2"),
    ("m/2", "s/5"),
    ("s/4", "p"),
    ("s/5", "p"),
]


def network() -> nx.MultiDiGraph:
    """The plan above as a network, made without a store."""
    made = nx.MultiDiGraph()
    for node, kind in NODES.items():
        made.add_node(node, type=kind, label=node, zone="")
    for a, property_, b, method in LINKS:
        made.add_edge(a, b, property=property_, method=method, link=f"{a}>{b}")
    for part, whole in PARTS:
        made.add_edge(part, whole, property=PART_OF, method="", link="")
    return made


def stored(turtle: str, other: str = "") -> ox.Store:
    prefixes = "".join(f"@prefix {name}: <{iri}> . " for name, iri in PREFIXES.items())
    store = ox.Store()
    for graph, text in ((GRAPH, turtle), (OTHER_GRAPH, other)):
        store.load(
            (prefixes + text).encode(), format=ox.RdfFormat.TURTLE, to_graph=ox.NamedNode(graph)
        )
    return store


def test_read_from_the_store() -> None:
    store = stored(
        """
        <urn:m> a plan:Measure ; skos:prefLabel "举措"@zh ; dcterms:isPartOf <urn:s> .
        <urn:s> a plan:Section ; skos:prefLabel "章"@zh ; dcterms:isPartOf <urn:nowhere> .
        <urn:z> a plan:Zone ; skos:prefLabel "区"@zh ; plan:zoneType plan:zone-hospital ;
            dcterms:isPartOf <urn:s> .
        <urn:v> a plan:Value ; skos:prefLabel "值"@zh ; dcterms:isPartOf <urn:s> .
        <urn:l> a plan:Link ; rdf:subject <urn:m> ; rdf:predicate plan:locatedIn ;
            rdf:object <urn:z> ; plan:method plan:method-named .
        <urn:l2> a plan:Link ; rdf:subject <urn:m> ; rdf:predicate plan:hasTarget ;
            rdf:object <urn:v> ; plan:method plan:method-named .
        """,
        """<urn:other> a plan:Zone ; skos:prefLabel "别处"@zh .""",
    )
    read = relation_graph(store, GRAPH)
    assert dict(read.nodes(data=True)) == {
        "urn:m": {"type": "Measure", "label": "举措", "zone": ""},
        "urn:s": {"type": "Section", "label": "章", "zone": ""},
        "urn:z": {"type": "Zone", "label": "区", "zone": "hospital"},
    }
    assert list(read.edges(data=True)) == [
        ("urn:m", "urn:z", {"property": LOCATED, "method": NAMED, "link": "urn:l"}),
        ("urn:m", "urn:s", {"property": PART_OF, "method": "", "link": ""}),
    ]
    assert set(relation_graph(store, OTHER_GRAPH)) == {"urn:other"}
    assert not relation_graph(store, "urn:none")


def test_chapters() -> None:
    assert chapters(network()) == {
        "s/4": "s/4", "s/4.2": "s/4", "m/1": "s/4", "m/10": "s/4", "s/5": "s/5", "m/2": "s/5",
    }  # fmt: skip


def test_a_measure_outside_sections_is_in_no_chapter() -> None:
    made = network()
    made.add_node("m/3", type="Measure", label="m/3", zone="")
    made.add_edge("m/3", "p", property=PART_OF, method="", link="")
    assert "m/3" not in chapters(made)


def test_without_what_is_inherited() -> None:
    whole = network()
    drawn = without_inherited(whole)
    assert set(whole) - set(drawn) == {"g2", "y", "o"}  # only an inherited link, or none at all
    assert not drawn.has_edge("m/1", "g")
    assert drawn.has_edge("s/4", "g") and drawn.has_edge("m/1", "z")
    assert whole.has_edge("m/1", "g")  # the network itself stays as it was
    assert drawn.number_of_edges() == whole.number_of_edges() - 2


@pytest.mark.parametrize(
    ("a", "b", "links"),
    [
        ("m/1", "z", ["m/1>z"]),
        ("z", "m/1", ["m/1>z"]),
        ("s/4", "g", ["s/4>g"]),  # a link of the chapter itself
        ("s/4", "z", ["m/1>z", "m/10>z"]),  # else those of its measures
        ("z", "s/4", ["m/1>z", "m/10>z"]),
        ("s/5", "z", ["m/2>z"]),
        ("s/4.2", "z", []),  # a section that is no chapter
        ("z", "i", []),
    ],
)
def test_the_links_behind_a_line(a: str, b: str, links: list[str]) -> None:
    assert [data["link"] for _, _, data in behind(network(), a, b)] == links


def test_links_are_in_reading_order() -> None:
    made = network()
    made.add_edge("m/2", "m/1", property=LOCATED, method=NAMED, link="b")
    made.add_edge("m/2", "m/1", property=MEASURED, method=NAMED, link="a")
    assert [data["link"] for _, _, data in behind(made, "m/1", "m/2")] == ["a", "b"]


@pytest.mark.parametrize(
    ("node", "steps", "near"),
    [
        ("z", 1, {"z", "m/1", "m/10", "m/2"}),
        ("i", 1, {"i", "g"}),
        ("i", 2, {"i", "g", "s/4", "m/1"}),
        ("o", 1, {"o"}),
        ("z", 0, {"z"}),
    ],
)
def test_neighbourhood(node: str, steps: int, near: set[str]) -> None:
    whole = network()
    part = neighbourhood(whole, node, steps)
    assert set(part) == near
    assert set(part.edges) == {(a, b, k) for a, b, k in whole.edges if a in near and b in near}
    assert len(whole) == len(NODES)


def ways(start: str, end: str, **bounds: int) -> list[list[str]]:
    """The nodes of each path found; each step begins where the one before it ended."""
    found = connections(network(), start, end, **bounds)
    for path in found:
        assert [step.start for step in path[1:]] == [step.end for step in path[:-1]]
    return [[path[0].start, *(step.end for step in path)] for path in found]


def test_the_shortest_paths_come_first_then_those_a_little_longer() -> None:
    shortest = ways("m/1", "m/10", longer=0)
    assert sorted(shortest) == [["m/1", "s/4.2", "m/10"], ["m/1", "z", "m/10"]]
    lengths = [len(path) for path in ways("m/1", "s/4", longer=3)]
    assert lengths == sorted(lengths) and len(lengths) > len(ways("m/1", "s/4", longer=0)) > 0


def test_how_many_paths_and_how_long() -> None:
    assert len(ways("m/1", "m/10", most=1)) == 1
    assert {len(path) for path in ways("m/1", "s/4", longer=0)} == {3}


@pytest.mark.parametrize(
    ("start", "end"), [("z", "z"), ("z", "o"), ("z", "none"), ("none", "z"), ("p", "z"), ("z", "p")]
)
def test_no_way(start: str, end: str) -> None:
    """The plan itself joins all, and so is no way between two things."""
    assert connections(network(), start, end) == []


def test_the_plan_is_no_way() -> None:
    made = network()
    made.remove_node("z")
    assert connections(made, "m/1", "m/2") == []


def test_a_step_says_by_which_link_and_which_way() -> None:
    assert connections(network(), "z", "m/2")[0] == [
        Step("z", "m/2", LOCATED, NAMED, "m/2>z", False)
    ]
    assert connections(network(), "m/2", "z")[0] == [
        Step("m/2", "z", LOCATED, NAMED, "m/2>z", True)
    ]


@pytest.mark.parametrize(
    ("edges", "link"),
    [
        ([("b", INHERITED), ("c", NAMED)], "c"),  # stated rather than inherited
        ([("", ""), ("b", INHERITED)], "b"),  # a link rather than the outline
        ([("c", NAMED), ("b", NAMED)], "b"),  # always the same one
    ],
)
def test_the_better_link_of_two(edges: list[tuple[str, str]], link: str) -> None:
    made = nx.MultiDiGraph()
    made.add_nodes_from(["x", "y"], type="Zone")
    for number, method in edges:
        made.add_edge("x", "y", property=LOCATED, method=method, link=number)
    ((step,),) = connections(made, "y", "x")
    assert (step.link, step.forward) == (link, False)


def test_what_shares_a_subject_connects_nothing() -> None:
    made = nx.MultiDiGraph()
    made.add_nodes_from(("m", "n", "i"), type="Measure")
    made.add_edge("m", "i", property=str(PLAN.contributesTo), method=NAMED, link="urn:1")
    made.add_edge("n", "i", property=str(PLAN.concerns), method=NAMED, link="urn:2")
    assert connections(made, "m", "n") == []
    assert [step.end for step in connections(made, "m", "i")[0]] == ["i"]
    assert without_inherited(made).number_of_edges() == 2
