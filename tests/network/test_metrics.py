"""Communities of a plan's network, and how many measures are linked with each node."""

from __future__ import annotations

import itertools

import networkx as nx

from kg.network.relations import CONCERNS, Metrics


def network() -> nx.MultiDiGraph:
    """Two zones, each with measures around it, one of which joins them; the plan leads to all."""
    made = nx.MultiDiGraph()
    made.add_node("p", type="Plan")
    for zone, many in (("z/a", 5), ("z/b", 4)):
        made.add_node(zone, type="Zone")
        measures = [f"m/{zone[-1]}{i}" for i in range(many)]
        made.add_nodes_from(measures, type="Measure")
        made.add_edges_from((measure, zone) for measure in measures)
        made.add_edges_from(itertools.pairwise(measures))
    made.add_edge("m/a0", "m/b0")
    made.add_edges_from(("p", node) for node in list(made) if node != "p")
    return made


def test_communities_are_numbered_from_the_largest() -> None:
    found = Metrics(network())
    assert found.communities == {n: "ab".index(n[2]) for n in network() if n != "p"}
    assert found.naming == {0: "z/a", 1: "z/b"}


def test_measures_are_counted_once_whatever_the_links() -> None:
    made = network()
    made.add_edge("m/a0", "z/a")
    made.add_edge("z/a", "m/a0")
    found = Metrics(made).measures
    assert (found["z/a"], found["z/b"], found["m/a1"], "p" in found) == (5, 4, 2, False)


def test_measures_of_the_same_subject_alone_are_not_counted() -> None:
    made = network()
    made.add_edge("m/b1", "z/a", property=CONCERNS)
    found, plain = Metrics(made), Metrics(network())
    assert (found.measures, found.communities) == (plain.measures, plain.communities)
    assert made.has_edge("m/b1", "z/a")
