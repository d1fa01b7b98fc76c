"""Layouts and groups of any network: complete, apart, and the same at every call and in every process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

import networkx as nx
import pytest
from support import ROOT

from kg.network.layout import column_layout, layout, radial_layout
from kg.network.metrics import centralities, community_names


def joined(graph: nx.Graph) -> nx.MultiDiGraph:
    """A graph as a plan's network: the first node the plan, the others its measures."""
    network = nx.MultiDiGraph()
    for i in range(graph.number_of_nodes()):
        network.add_node(f"n/{i}", type="Measure" if i else "Plan", label=str(i), zone="")
    network.add_edges_from((f"n/{a}", f"n/{b}") for a, b in graph.edges())
    return network


GRAPHS: list[Callable[[], nx.Graph]] = [
    lambda: nx.empty_graph(1),
    lambda: nx.empty_graph(5),
    lambda: nx.path_graph(2),
    lambda: nx.star_graph(40),
    lambda: nx.complete_graph(12),
    lambda: nx.disjoint_union(nx.cycle_graph(7), nx.balanced_tree(3, 3)),
]


@pytest.mark.parametrize("make", GRAPHS)
@pytest.mark.parametrize("lay", [layout, lambda network: radial_layout(network, "n/0")])
def test_every_node_has_a_place_of_its_own(
    make: Callable[[], nx.Graph], lay: Callable[[nx.MultiDiGraph], dict[str, tuple[float, float]]]
) -> None:
    network = joined(make())
    places = lay(network)
    assert set(places) == set(network)
    assert len(set(places.values())) == len(network)
    assert places == lay(network)


def test_nothing_has_no_places() -> None:
    assert layout(nx.MultiDiGraph()) == {}


def test_forces_keep_neighbours_near() -> None:
    network = joined(nx.disjoint_union(nx.complete_graph(8), nx.complete_graph(8)))
    network.add_edge("n/0", "n/8")
    places = layout(network)

    def apart(a: str, b: str) -> float:
        return sum((p - q) ** 2 for p, q in zip(places[a], places[b], strict=True)) ** 0.5

    near = [apart(f"n/{a}", f"n/{b}") for a in range(8) for b in range(a)]
    far = [apart(f"n/{a}", f"n/{b}") for a in range(8) for b in range(8, 16)]
    assert sum(near) / len(near) < 0.6 * sum(far) / len(far)


def test_columns_are_put_in_an_order_without_crossings_where_there_is_one() -> None:
    network = nx.MultiDiGraph()
    columns = {f"a/{i}": 0 for i in range(9)} | {f"b/{i}": 1 for i in range(9)}
    network.add_nodes_from(columns)
    network.add_edges_from((f"a/{i}", f"b/{(5 * i + 3) % 9}") for i in range(9))
    places = column_layout(network, columns)
    assert len(set(places.values())) == 18
    left = sorted(range(9), key=lambda i: places[f"a/{i}"][1])
    right = [places[f"b/{(5 * i + 3) % 9}"][1] for i in left]
    assert right == sorted(right)
    assert {x for name, (x, _) in places.items() if name.startswith("a")} == {0.0}


def test_groups_are_what_hangs_together_the_largest_first() -> None:
    network = joined(
        nx.disjoint_union_all([nx.empty_graph(1), nx.complete_graph(4), nx.star_graph(6)])
    )
    found = centralities(network)
    assert "n/0" not in found
    assert {found[f"n/{i}"].community for i in range(5, 12)} == {0}
    assert {found[f"n/{i}"].community for i in range(1, 5)} == {1}
    assert found["n/5"].measures == 6 and found["n/6"].betweenness == 0.0
    assert found["n/5"].betweenness == max(one.betweenness for one in found.values())
    assert community_names(network, found)[0] == "n/5"


def test_another_process_gives_the_same() -> None:
    code = """import json, networkx as nx
from test_places import joined
from kg.network.layout import layout
from kg.network.metrics import centralities
network = joined(nx.gnm_random_graph(80, 160, seed=3))
print(json.dumps([layout(network), {n: [s.community, s.betweenness] for n, s in centralities(network).items()}]))"""
    found = []
    for seed in ("1", "2"):
        path = os.pathsep.join(map(str, (ROOT, ROOT / "tests", ROOT / "tests" / "network")))
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": path}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        found.append(json.loads(done.stdout))
    assert found[0] == found[1]
