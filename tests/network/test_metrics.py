"""Communities and centrality of a plan's network."""

from __future__ import annotations

import itertools

import networkx as nx

from kg.network.centrality import centralities, community_names
from kg.network.metrics import Centrality, Metrics
from kg.network.relations import CONCERNS


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
    found = centralities(network())
    assert {n: c.community for n, c in found.items()} == {n: "ab".index(n[2]) for n in found}
    assert "p" not in found
    assert community_names(network(), found) == {0: "z/a", 1: "z/b"}


def test_measures_are_counted_once_whatever_the_links() -> None:
    made = network()
    made.add_edge("m/a0", "z/a")
    made.add_edge("z/a", "m/a0")
    found = centralities(made)
    assert (found["z/a"].measures, found["z/b"].measures, found["m/a1"].measures) == (5, 4, 2)


def test_measures_of_the_same_subject_alone_are_not_counted() -> None:
    made = network()
    made.add_edge("m/b1", "z/a", property=CONCERNS)
    assert centralities(made) == centralities(network())
    assert made.has_edge("m/b1", "z/a")


def test_betweenness_is_that_of_networkx_without_the_plan() -> None:
    made = network()
    alone = nx.Graph(made.to_undirected())
    alone.remove_node("p")
    expected = {n: round(b, 4) for n, b in nx.betweenness_centrality(alone).items()}
    assert {n: c.betweenness for n, c in centralities(made).items()} == expected
    assert max(expected.values()) > 0.4


def test_it_is_stored_and_read_again() -> None:
    metrics = Metrics({"z": Centrality(1, 2, 0.25)}, {1: "z"})
    stored = metrics.as_json()
    assert Metrics.from_json(stored) == metrics
    earlier = stored.replace('"centralities"', '"standings"').replace('"communities"', '"groups"')
    assert earlier != stored
    assert Metrics.from_json(earlier) == metrics
