"""Parts, chapters and sections: what stands in what, and what stands for a measure at a depth."""

from __future__ import annotations

import pytest
from support_network import network

from kg.network.sections import Sections


def test_what_is_around_and_inside() -> None:
    sections = Sections(network())
    assert sections.chain("m/10") == ["s/p1", "s/4", "s/4.2", "s/box1", "m/10"]
    assert sections.inside("s/p1") == ["m/1", "m/10", "m/2"]
    assert sections.below("s/4.2") == ["m/1", "s/box1"]


def test_ranks() -> None:
    sections = Sections(network())
    ranks = {s: sections.rank(s) for s in sections.sections}
    assert ranks == {"s/p1": 0, "s/4": 1, "s/5": 1, "s/6": 1, "s/4.2": 2, "s/box1": 9}


@pytest.mark.parametrize(
    ("depth", "opened", "stand"),
    [
        ("part", (), {"m/1": "s/p1", "m/10": "s/p1", "m/2": "s/p1", "m/3": "s/6"}),
        ("chapter", (), {"m/1": "s/4", "m/10": "s/4", "m/2": "s/5", "m/3": "s/6"}),
        ("section", (), {"m/1": "s/4.2", "m/10": "s/4.2", "m/2": "s/5", "m/3": "s/6"}),
        ("measure", (), {"m/1": "m/1", "m/10": "m/10", "m/2": "m/2", "m/3": "m/3"}),
        ("part", ("s/p1",), {"m/1": "s/4", "m/10": "s/4", "m/2": "s/5", "m/3": "s/6"}),
        ("chapter", ("s/4",), {"m/1": "s/4.2", "m/10": "s/4.2", "m/2": "s/5", "m/3": "s/6"}),
        ("chapter", ("s/4.2",), {"m/1": "m/1", "m/10": "s/box1", "m/2": "s/5", "m/3": "s/6"}),
        ("chapter", ("s/6",), {"m/1": "s/4", "m/10": "s/4", "m/2": "s/5", "m/3": "m/3"}),
    ],
)
def test_what_stands_for_a_measure(
    depth: str, opened: tuple[str, ...], stand: dict[str, str]
) -> None:
    sections = Sections(network())
    assert {m: sections.drawn_as(m, depth, opened) for m in sections.measures} == stand


def test_depths_that_look_the_same_are_named_by_the_deeper() -> None:
    assert Sections(network()).depths() == ["part", "chapter", "section", "measure"]
    made = network()
    made.remove_nodes_from(["s/p1", "s/4.2", "s/box1"])
    assert Sections(made).depths() == ["section", "measure"]
