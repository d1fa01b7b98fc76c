"""Places of nodes in pictures: every node has one, the same at every call, and none hides another."""

from __future__ import annotations

import itertools
import math
import random

import networkx as nx
import pytest

from kg.network.layout import Place, column_layout, layout, places_around, radial_layout

PLAN = "p"


def plan_network() -> nx.MultiDiGraph:
    """A plan with goals, two chapters of sections and measures, what those name, and a zone apart."""
    made = nx.MultiDiGraph()

    def add(node: str, kind: str, *leads_to: str) -> None:
        made.add_node(node, type=kind)
        made.add_edges_from((node, other) for other in leads_to)

    add(PLAN, "Plan")
    add("g/1", "Goal")
    add("g/2", "Goal")
    for chapter, goal in (("3", "g/1"), ("4", "g/2")):
        add(f"s/{chapter}", "Section", PLAN, goal)
        for section in (f"{chapter}.1", f"{chapter}.2"):
            add(f"s/{section}", "Section", f"s/{chapter}")
            for measure in range(1, 4):
                add(f"m/{section}.{measure}", "Measure", f"s/{section}", f"z/{section}")
            made.nodes[f"z/{section}"]["type"] = "Zone"
    add("z/apart", "Zone")
    add("z/apart-2", "Zone")
    return made


def shuffled(network: nx.MultiDiGraph) -> nx.MultiDiGraph:
    """The same network, its nodes and edges put in in another order."""
    order = random.Random(7)
    nodes, edges = list(network.nodes(data=True)), list(network.edges(data=True))
    order.shuffle(nodes)
    order.shuffle(edges)
    made = nx.MultiDiGraph()
    made.add_nodes_from(nodes)
    made.add_edges_from(edges)
    return made


def apart(places: dict[str, Place] | list[Place]) -> float:
    """The distance of the two nearest places."""
    found = list(places.values()) if isinstance(places, dict) else places
    return min(math.dist(a, b) for a, b in itertools.combinations(found, 2))


def inside_the_plane(places: dict[str, Place]) -> bool:
    return all(math.isfinite(x) and math.isfinite(y) for x, y in places.values())


def test_around_a_thing_each_node_has_a_place_of_its_own() -> None:
    star = nx.MultiDiGraph([("m", f"z{i}") for i in range(12)])
    places = layout(star)
    assert set(places) == set(star)
    assert inside_the_plane(places)
    assert apart(places) > 20
    assert places == layout(star) == layout(shuffled(star))


def test_neighbours_stand_nearer_than_strangers() -> None:
    """Two cliques joined by one edge: on average, a node is nearer its own."""
    made = nx.MultiDiGraph()
    for side in ("a", "b"):
        made.add_edges_from(itertools.combinations([f"{side}{i}" for i in range(6)], 2))
    made.add_edge("a0", "b0")
    places = layout(made)
    own, other = [], []
    for a, b in itertools.combinations(places, 2):
        (own if a[0] == b[0] else other).append(math.dist(places[a], places[b]))
    assert sum(own) / len(own) < 0.7 * sum(other) / len(other)


@pytest.mark.parametrize(
    "edges", [[], [("a", "a")], [("a", "b"), ("b", "a"), ("a", "b")]], ids=["none", "own", "twice"]
)
def test_small_networks(edges: list[tuple[str, str]]) -> None:
    made = nx.MultiDiGraph(edges)
    made.add_node("a")
    places = layout(made)
    assert set(places) == set(made)
    assert inside_the_plane(places)


COLUMNS = {"g/1": 0, "g/2": 0, "g/10": 0, "s/3": 1, "s/4": 1, "z/a": 2, "z/b": 2}
LINES = [("s/3", "g/1"), ("s/4", "g/2"), ("s/3", "z/a"), ("s/4", "z/b")]


def columns(lines: list[tuple[str, str]]) -> tuple[nx.MultiDiGraph, dict[str, Place]]:
    made = nx.MultiDiGraph(lines)
    made.add_nodes_from(COLUMNS)
    return made, column_layout(made, COLUMNS)


def test_a_column_is_a_line_and_columns_stand_in_order() -> None:
    made, places = columns(LINES)
    assert set(places) == set(made)
    across = {c: {places[n][0] for n in COLUMNS if COLUMNS[n] == c} for c in (0, 1, 2)}
    assert all(len(x) == 1 for x in across.values())
    first, second, third = (x.pop() for x in across.values())
    assert second - first == third - second > 300  # room for names between columns


def test_rows_of_a_column_are_spread_evenly_over_the_height_of_the_fullest() -> None:
    _, places = columns(LINES)
    by_column = {c: sorted(places[n][1] for n in COLUMNS if COLUMNS[n] == c) for c in (0, 1, 2)}
    steps = {c: {round(b - a, 1) for a, b in itertools.pairwise(ys)} for c, ys in by_column.items()}
    assert all(len(step) == 1 for step in steps.values())
    assert {sum(ys) / len(ys) for ys in by_column.values()} == {87.0}  # the middle of three rows
    assert min(min(step) for step in steps.values()) >= 50


def crossings(lines: list[tuple[str, str]], places: dict[str, Place]) -> int:
    found = 0
    for one, other in itertools.combinations(lines, 2):
        (a, b), (c, d) = (sorted(line, key=lambda n: places[n][0]) for line in (one, other))
        if places[a][0] == places[c][0] and places[b][0] == places[d][0]:
            found += (places[a][1] - places[c][1]) * (places[b][1] - places[d][1]) < 0
    return found


@pytest.mark.parametrize(
    "lines",
    [
        LINES,
        [("s/3", "g/2"), ("s/4", "g/1"), ("s/3", "z/b"), ("s/4", "z/a")],
        [("s/4", "g/1"), ("s/3", "g/2"), ("s/4", "z/b"), ("s/3", "z/a"), ("s/3", "g/10")],
    ],
)
def test_lines_do_not_cross_where_they_need_not(lines: list[tuple[str, str]]) -> None:
    assert crossings(lines, columns(lines)[1]) == 0


def test_columns_are_the_same_at_every_call() -> None:
    made, places = columns(LINES)
    assert places == column_layout(made, COLUMNS) == column_layout(shuffled(made), COLUMNS)


def test_columns_without_lines() -> None:
    _, places = columns([])
    assert set(places) == set(COLUMNS)
    assert apart(places) >= 50


@pytest.mark.parametrize("many", [0, 1, 6, 7, 40])
def test_places_around(many: int) -> None:
    centre = (100.0, -50.0)
    taken = [centre, (300.0, -50.0)]
    places = places_around(centre, taken, many)
    assert len(places) == many
    for (x, y), (a, b) in itertools.combinations([*taken, *places], 2):
        assert abs(x - a) >= 128 or abs(y - b) >= 46.4 or {(x, y), (a, b)} == set(taken)
    assert places == places_around(centre, taken, many)
    assert places == places_around(centre, taken, many + 5)[:many]  # the nearest first


@pytest.mark.parametrize(("many", "rings"), [(6, 1), (18, 2), (36, 3)])
def test_places_around_are_near(many: int, rings: int) -> None:
    """Each ring, of 200 by 72.5 units more, is filled before the next one."""
    places = places_around((0.0, 0.0), [(0.0, 0.0)], many)
    assert max(math.hypot(x / 200, y / 72.5) for x, y in places) < rings + 0.01


def test_places_around_leave_room_where_something_stands() -> None:
    free = places_around((0.0, 0.0), [], 1)
    assert places_around((0.0, 0.0), free, 1) != free


def test_the_whole_plan_has_the_plan_in_the_middle() -> None:
    made = plan_network()
    places = radial_layout(made, PLAN)
    assert set(places) == set(made)
    assert places[PLAN] == (0.0, 0.0)
    assert apart(places) > 50
    assert places == radial_layout(shuffled(made), PLAN)


def test_rings_go_outwards_from_goals_to_what_measures_name() -> None:
    """Rings are ellipses 1.55 times as wide as high."""
    made = plan_network()
    places = radial_layout(made, PLAN)

    def rings(*nodes: str) -> set[int]:
        return {round(math.hypot(places[n][0] / 1.55, places[n][1])) for n in nodes}

    in_order = [
        rings(PLAN),
        rings("g/1", "g/2"),
        rings("s/3", "s/4"),
        rings("s/3.1", "s/3.2", "s/4.1", "s/4.2"),
        rings(*(n for n in made if n.startswith("m/"))),
        rings("z/3.1", "z/3.2", "z/4.1", "z/4.2"),
        rings("z/apart", "z/apart-2"),
    ]
    assert [len(ring) for ring in in_order] == [1] * 7  # all of a kind on one ring
    radii = [ring.pop() for ring in in_order]
    assert radii == sorted(set(radii))


def test_each_chapter_and_section_keeps_to_its_own_sector() -> None:
    """Once around, the measures of one section come one after another, and so do a chapter's."""
    made = plan_network()
    places = radial_layout(made, PLAN)
    measures = [n for n in made if n.startswith("m/")]
    measures.sort(key=lambda n: math.atan2(places[n][1], places[n][0] / 1.55))
    for length, groups in ((len("m/3"), 2), (len("m/3.1"), 4)):
        names = [n[:length] for n in measures]
        changes = sum(a != b for a, b in zip(names, [*names[1:], names[0]], strict=True))
        assert changes == groups == len(set(names))


def test_a_plan_alone() -> None:
    made = nx.MultiDiGraph()
    made.add_node(PLAN, type="Plan")
    assert radial_layout(made, PLAN) == {PLAN: (0.0, 0.0)}
