"""How two entities are connected: paths that differ, around what is joined with everything."""

from __future__ import annotations

import networkx as nx
import pytest
from support_network import INHERITED, LOCATED, NAMED, network

from kg.network.paths import Step, connections
from kg.network.relations import CONCERNS, CONTRIBUTES


def ways(made: nx.MultiDiGraph, start: str, end: str, **bounds: int) -> list[list[str]]:
    """The nodes of each path found; each step begins where the one before it ended."""
    found = connections(made, start, end, **bounds)
    for path in found:
        assert [step.start for step in path[1:]] == [step.end for step in path[:-1]]
    return [[path[0].start, *(step.end for step in path)] for path in found]


def joined(*edges: tuple[str, str]) -> nx.MultiDiGraph:
    made = nx.MultiDiGraph()
    for a, b in edges:
        for node in (a, b):
            made.add_node(node, type="Zone", label=node, zone="")
        made.add_edge(a, b, property=LOCATED, method=NAMED, link=f"{a}>{b}")
    return made


def test_hubs_are_avoided() -> None:
    """Two ways of one length: by what a hundred others hang on too, and by what joins just two."""
    hub = [("hub", f"other {i}") for i in range(100)]
    made = joined(("a", "hub"), ("hub", "b"), ("a", "x"), ("x", "b"), *hub)
    assert ways(made, "a", "b") == [["a", "x", "b"], ["a", "hub", "b"]]
    longer = joined(("a", "hub"), ("hub", "b"), ("a", "x"), ("x", "y"), ("y", "b"), *hub)
    assert ways(longer, "a", "b")[0] == ["a", "x", "y", "b"]


def test_paths_that_differ_come_first() -> None:
    """Of two bundles of ways, one of each comes before the second of the first."""
    made = joined(
        ("a", "x"), ("x", "x1"), ("x", "x2"), ("x1", "b"), ("x2", "b"), ("a", "y"), ("y", "y1"),
        ("y1", "b"), ("y", "far 1"), ("y", "far 2"), ("y", "far 3"),
    )  # fmt: skip
    found = ways(made, "a", "b")
    assert {found[0][1], found[1][1]} == {"x", "y"}
    assert len(found) == 3
    alike = joined(("a", "m"), ("a", "n"), ("m", "z"), ("n", "z"), ("z", "y"), ("y", "b"))
    assert len(ways(alike, "a", "b")) == 1  # the other differs in one of three


def test_how_many_paths_and_how_long() -> None:
    made = joined(
        ("a", "x"), ("x", "b"), ("a", "y"), ("y", "b"), ("a", "p"), ("p", "q"), ("q", "b")
    )
    assert len(ways(made, "a", "b", most=1)) == 1
    assert {len(path) for path in ways(made, "a", "b", longer=0)} == {3}
    assert sorted(len(path) for path in ways(made, "a", "b", longer=1)) == [3, 3, 4]


def test_ways_that_are_alike_come_in_the_order_of_their_links() -> None:
    """In every process: a set of names has another order in each."""
    names = [f"x{i}" for i in range(40)]
    made = joined(*((a, b) for name in names for a, b in (("a", name), (name, "b"))))
    assert ways(made, "b", "a", most=3) == [["b", name, "a"] for name in names[:3]]


@pytest.mark.parametrize(
    ("start", "end"),
    [("z/a", "z/a"), ("z/a", "i/2"), ("z/a", "none"), ("none", "z/a"), ("p", "z/a"), ("z/a", "p")],
)
def test_no_way(start: str, end: str) -> None:
    """The plan itself joins all, and so is no way between two things."""
    assert connections(network(), start, end) == []


def test_a_step_says_by_which_link_and_which_way() -> None:
    assert connections(network(), "z/b", "m/2") == [
        [Step("z/b", "m/2", LOCATED, NAMED, "m/2>z/b", False)]
    ]
    assert connections(network(), "m/2", "z/b")[0][0].forward


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
    made.add_edge("m", "i", property=CONTRIBUTES, method=NAMED, link="urn:1")
    made.add_edge("n", "i", property=CONCERNS, method=NAMED, link="urn:2")
    assert connections(made, "m", "n") == []
    assert [step.end for step in connections(made, "m", "i")[0]] == ["i"]
