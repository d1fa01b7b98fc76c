"""What a picture shows: links rolled up to what stands for measures, and counts of the rest."""

from __future__ import annotations

import networkx as nx
import pytest
from support_network import INVOLVES, LOCATED, MEASURED_BY, network

from kg.network.drawing import Words, drawing, legend, wrapped
from kg.network.picture import (
    AROUND,
    MOST_OF_PLAN,
    REST,
    WHOLE,
    Picture,
    View,
    picture,
)
from kg.network.relations import CONCERNS, CONTRIBUTES, PART_OF, SUPPORTS, Metrics

Line = tuple[str, str, str, int]


def seen(view: View, made: nx.MultiDiGraph | None = None) -> Picture:
    made = network() if made is None else made
    return picture(made, Metrics(made), view)


def lines(shown: Picture) -> set[Line]:
    return {
        (a, b, d["property"].rsplit("#")[-1].rsplit("/")[-1], d["weight"])
        for a, b, d in shown.network.edges(data=True)
    }


@pytest.mark.parametrize(
    ("depth", "expected"),
    [
        ("part", {("s/p1", "g/1", "supportsGoal", 1), ("s/p1", "g/2", "supportsGoal", 1),
                  ("s/p1", "i/1", "contributesTo", 1), ("s/p1", "z/a", "locatedIn", 2),
                  ("s/p1", "z/b", "locatedIn", 1), ("s/p1", "o/a", "involves", 1),
                  ("g/1", "i/1", "measuredBy", 1)}),
        ("chapter", {("s/4", "g/1", "supportsGoal", 1), ("s/5", "g/2", "supportsGoal", 1),
                     ("s/4", "i/1", "contributesTo", 1), ("s/4", "z/a", "locatedIn", 2),
                     ("s/5", "z/b", "locatedIn", 1), ("s/5", "o/a", "involves", 1),
                     ("g/1", "i/1", "measuredBy", 1)}),
        ("section", {("s/4.2", "g/1", "supportsGoal", 2), ("s/5", "g/2", "supportsGoal", 1),
                     ("s/4.2", "i/1", "contributesTo", 1), ("s/4.2", "z/a", "locatedIn", 2),
                     ("s/5", "z/b", "locatedIn", 1), ("s/5", "o/a", "involves", 1),
                     ("g/1", "i/1", "measuredBy", 1)}),
    ],
)  # fmt: skip
def test_links_are_rolled_up_to_any_depth(depth: str, expected: set[Line]) -> None:
    """A chapter's link to a goal is seen from its part, and from the sections below it."""
    shown = seen(View(depth=depth))
    assert lines(shown) == expected
    assert shown.depth == depth
    told = dict(shown.network.nodes(data="measures"))
    assert sum(told[n] for n, kind in shown.network.nodes(data="type") if kind == "Section") == 4
    boxes = [n for n, kind in shown.network.nodes(data="type") if kind == "Section"]
    in_text = ["s/p1", "s/4", "s/4.2", "s/5", "s/6"]  # and not as a set has them
    assert boxes == sorted(boxes, key=in_text.index)


def test_a_plan_begins_with_its_chapters_and_a_long_one_with_its_parts() -> None:
    assert seen(View()).depth == "chapter"
    made = network()
    for i in range(10, 45):
        made.add_node(f"s/{i}", type="Section", label="", zone="")
        made.add_node(f"m/{i}", type="Measure", label="", zone="")
        made.add_edge(f"s/{i}", "s/p1", property=PART_OF, method="", link="")
        made.add_edge(f"m/{i}", f"s/{i}", property=PART_OF, method="", link="")
    assert seen(View(), made).depth == "part"


def test_single_measures_leave_out_what_is_inherited() -> None:
    shown = lines(seen(View(WHOLE)))
    assert ("m/1", "i/1", "contributesTo", 1) in shown and ("m/3", "i/1", "concerns", 1) in shown
    assert not any(property_ == "supportsGoal" for _, _, property_, _ in shown)
    (supports,) = {p for _, _, p in network().edges(data="property") if p.endswith("Goal")}
    asked = lines(seen(View(WHOLE, links=frozenset((supports,)))))
    assert {property_ for _, _, property_, _ in asked} == {"supportsGoal"}


def test_an_outline_shows_the_same_subject_only_where_it_is_asked_for() -> None:
    assert not any(line[2] == "concerns" for line in lines(seen(View())))
    assert lines(seen(View(links=frozenset((CONCERNS,))))) == {("s/6", "i/1", "concerns", 1)}


def test_opening_a_chapter_shows_what_is_in_it_beside_it() -> None:
    shown = seen(View(opened=("s/4.2",)))
    parts = {line[:2] for line in lines(shown) if line[2] == "isPartOf"}
    assert parts == {("s/4.2", "m/1"), ("s/4.2", "s/box1")}
    assert ("m/1", "z/a", "locatedIn", 1) in lines(shown)
    assert ("s/box1", "z/a", "locatedIn", 1) in lines(shown)
    column = dict(shown.network.nodes(data="column"))
    assert column["s/4.2"] < column["s/box1"] < column["z/a"]
    assert column["s/box1"] == column["m/1"]  # one measure takes no column of its own


@pytest.mark.parametrize(
    ("focus", "boxes"),
    [
        ("g/1", {"g/1", "i/1", "m/1", "m/10", "z/a"}),
        ("s/4", {"s/4", "g/1", "i/1", "m/1", "m/10", "z/a"}),
        ("z/a", {"z/a", "m/1", "m/10", "g/1", "i/1", "o/a"}),
        ("o/a", {"o/a", "m/2", "g/2", "z/b", "z/a"}),
        ("i/1", {"i/1", "g/1", "m/1", "m/3", "z/a"}),
        ("m/2", {"m/2", "g/2", "z/b", "o/a"}),
        ("i/2", {"i/2"}),
    ],
)
def test_what_has_to_do_with_an_entity(focus: str, boxes: set[str]) -> None:
    assert set(seen(View(AROUND, (focus,))).network) == boxes


def test_a_neighbour_of_the_same_type_stands_in_another_column() -> None:
    column = dict(seen(View(AROUND, ("z/a",))).network.nodes(data="column"))
    assert column["o/a"] > column["z/a"]


@pytest.mark.parametrize(
    ("view", "kinds"),
    [
        (View(types=frozenset(("Zone",))), {"Zone"}),
        (View(types=frozenset(("Goal", "Indicator", "Measure"))), {"Goal", "Indicator", "Measure"}),
        (View(links=frozenset((INVOLVES,))), {"Section", "Institution"}),
        (View(chapter="s/5"), {"Section", "Measure", "Goal", "Zone", "Institution"}),
    ],
)
def test_filters_leave_what_they_name(view: View, kinds: set[str]) -> None:
    assert set(dict(seen(view).network.nodes(data="type")).values()) == kinds


def test_what_there_is_no_room_for_is_one_box_with_a_number() -> None:
    made = network()
    many = MOST_OF_PLAN["Zone"] + 5
    for i in range(many):
        made.add_node(f"z/{i}", type="Zone", label="", zone="")
        made.add_edge("m/2", f"z/{i}", property=LOCATED, method="", link=str(i))
    made.add_node("z/alone", type="Zone", label="", zone="")
    shown = seen(View(), made)
    zones = [n for n, kind in shown.network.nodes(data="type") if kind == "Zone"]
    assert len(zones) == MOST_OF_PLAN["Zone"] + 1
    assert len(shown.rest[f"{REST}Zone"]) == many + 3 - MOST_OF_PLAN["Zone"]
    assert "z/alone" in shown.rest[f"{REST}Zone"]
    assert shown.rest[f"{REST}Indicator"] == ["i/2"]  # without a line, it is only counted


def test_the_links_behind_a_line() -> None:
    shown = seen(View())
    assert [data["link"] for *_, data in shown.behind("s/4", "z/a")] == ["m/1>z/a", "m/10>z/a"]
    assert [data["link"] for *_, data in shown.behind("g/1", "s/4")] == ["s/4>g/1"]
    assert shown.behind("s/4", "z/b") == []


def test_the_same_view_is_the_same_picture() -> None:
    one, other = seen(View()), seen(View())
    assert list(one.network.nodes(data=True)) == list(other.network.nodes(data=True))
    assert list(one.network.edges(data=True)) == list(other.network.edges(data=True))


def test_boxes_do_not_overlap_and_say_what_they_stand_for() -> None:
    made = network()
    shown, metrics = seen(View(), made), Metrics(made)
    words = Words({"Behind": "behind"}, "{} measures", "{} more {}", "dashed", solid="is {}")
    drawn = drawing(shown, metrics, View(), words, {"i/1": "Behind"})
    boxes = {box.id: box for box in drawn.boxes}
    assert boxes["s/4"].lines[-1].endswith("2 measures")
    assert boxes["i/1"].lines[-1].endswith("behind") and boxes["i/1"].fill != boxes["g/1"].fill
    assert boxes[f"{REST}Indicator"].lines == ("▲ 1 more Indicator",)
    for one in drawn.boxes:
        assert one.x - one.width / 2 >= 0 and one.x + one.width / 2 <= drawn.width
        assert one.y - one.height / 2 >= 0 and one.y + one.height / 2 <= drawn.height
    entries = legend(drawn, words)
    assert [kind for kind, _, _ in entries] == ["Goal", "Indicator", "Section", "Zone",
                                                "Institution", "fill", "rest", "line",
                                                "dotted"]  # fmt: skip
    lines = {one.name for one in drawn.lines if not one.dashes}
    assert f"Is {', '.join(sorted(lines))}" in [text for _, _, text in entries]


def test_a_legend_says_what_a_dashed_line_is_where_there_is_one() -> None:
    made = network()
    drawn = drawing(seen(View(WHOLE), made), Metrics(made), View(WHOLE), Words({}, dashed="x"))
    assert ("dashed", "X") in {
        (kind, words) for kind, _, words in legend(drawn, Words({}, dashed="x"))
    }
    drawn = drawing(seen(View(), made), Metrics(made), View(), Words({}))
    assert "dashed" not in {kind for kind, _, _ in legend(drawn, Words({}))}


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("■ 甲乙", 10, ("■ 甲乙",)),
        ("■ 甲乙丙丁戊己", 6, ("■ 甲乙", "丙丁戊己")),
        ("甲乙丙丁戊己庚辛", 3, ("甲乙丙", "丁戊…")),
        ("甲乙\n3", 6, ("甲乙 · 3",)),
        ("甲乙丙丁\n33", 5, ("甲乙丙丁", "33")),
        ("甲乙丙丁戊己庚辛\n3", 5, ("甲乙丙丁戊", "己… · 3")),
        ("甲乙丙、丁戊", 3, ("甲乙", "丙、…")),
        ("甲浓度PM下降", 4, ("甲浓度", "PM下降")),
        ("甲乙丙丁戊己庚辛\n12项举措", 7, ("甲乙丙丁", "戊己庚辛", "12项举措")),
        ("甲乙丙“丁”、戊己庚辛壬", 5.5, ("甲乙丙", "“丁”、…")),
        ("■ 甲乙丙丁 戊己庚辛壬癸", 8, ("■ 甲乙丙丁", "戊己庚辛壬癸")),
        ("■ 甲乙丙丁 戊己庚辛壬癸\n3", 6.5, ("■ 甲乙丙丁", "戊己… · 3")),
    ],
)
def test_names_are_cut_where_they_are_too_long(
    text: str, room: float, expected: tuple[str, ...]
) -> None:
    assert wrapped(text, room) == expected


def test_properties_are_those_of_the_vocabulary() -> None:
    assert {SUPPORTS, MEASURED_BY, CONTRIBUTES} < {d for *_, d in network().edges(data="property")}
