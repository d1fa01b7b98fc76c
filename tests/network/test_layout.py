"""Places of boxes: columns in order, each box with room of its own, few crossings, no chance."""

from __future__ import annotations

import itertools
import json
import os
import random
import subprocess
import sys

import networkx as nx
import pytest
from support import ROOT

from kg.network.layout import (
    WIDTH,
    Place,
    box_width,
    column_layout,
    gaps_of,
    way_between,
)

COLUMNS = {"g/1": 0, "g/2": 0, "g/10": 0, "s/3": 1, "s/4": 1, "z/a": 4, "z/b": 4}
LINES = [("s/3", "g/1"), ("s/4", "g/2"), ("s/3", "z/a"), ("s/4", "z/b")]
HEIGHTS = dict.fromkeys(COLUMNS, 30.0) | {"s/3": 60.0}


def laid_out(lines: list[tuple[str, str]]) -> dict[str, Place]:
    made = nx.MultiDiGraph(lines)
    made.add_nodes_from(COLUMNS)
    return column_layout(made, COLUMNS, HEIGHTS)


def test_columns_stand_in_order_and_fill_the_width() -> None:
    places = laid_out(LINES)
    across = [{places[n][0] for n in COLUMNS if COLUMNS[n] == c} for c in (0, 1, 4)]
    assert all(len(x) == 1 for x in across)
    first, second, third = (x.pop() for x in across)
    assert first == box_width(3) / 2 and third == WIDTH - box_width(3) / 2
    assert second == pytest.approx(WIDTH / 2)  # a column without boxes takes no room


def test_boxes_have_room_between_them() -> None:
    places = laid_out(LINES)
    for a, b in itertools.combinations(COLUMNS, 2):
        if COLUMNS[a] == COLUMNS[b]:
            assert abs(places[a][1] - places[b][1]) >= (HEIGHTS[a] + HEIGHTS[b]) / 2 + 10


@pytest.mark.parametrize("columns", range(1, 9))
def test_boxes_of_any_number_of_columns_leave_room_for_lines(columns: int) -> None:
    assert columns * box_width(columns) + (columns - 1) * 56 <= WIDTH


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
    assert crossings(lines, laid_out(lines)) == 0


def test_one_column_stands_in_the_middle_and_nothing_has_no_places() -> None:
    made = nx.MultiDiGraph()
    assert column_layout(made, {}, {}) == {}
    made.add_node("g/1")
    assert column_layout(made, {"g/1": 3}, {"g/1": 30.0})["g/1"][0] == WIDTH / 2


def test_the_same_network_always_looks_the_same() -> None:
    order = random.Random(7)
    lines = LINES.copy()
    order.shuffle(lines)
    assert laid_out(LINES) == laid_out(lines)
    code = """import json, test_layout
print(json.dumps(test_layout.laid_out(test_layout.LINES)))"""
    path = os.pathsep.join(map(str, (ROOT, ROOT / "tests", ROOT / "tests" / "network")))
    environment = {**os.environ, "PYTHONHASHSEED": "3", "PYTHONPATH": path}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout) == {n: list(place) for n, place in laid_out(LINES).items()}


def test_lines_past_one_box_keep_apart_and_go_round_it() -> None:
    """A column of one box among tall ones has room on both sides of it, for lines side by side."""
    ends = [(300.0 * side, 100.0 * row, 30.0) for side in (0, 2) for row in range(7)]
    gaps = gaps_of([*ends, (300.0, 300.0, 60.0)])
    ways = [way_between((0.0, y), (600.0, y + 200), gaps, 100) for y in (0.0, 100.0, 200.0, 400.0)]
    heights = [[down for _, down in way] for way in ways]
    assert [sorted(one) for one in heights] == heights  # nearly straight, and so downwards
    assert len({tuple(one) for one in heights}) == len(ways)
    assert all(abs(down - 300) > 30 for one in heights for down in one)
