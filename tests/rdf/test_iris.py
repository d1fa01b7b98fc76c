"""IRIs: ASCII, readable, one for each thing, and the same at every rebuild."""

from __future__ import annotations

import pytest

from kg.link.identifiers import Register
from kg.link.identifying import named
from kg.rdf.iris import Iris, Node, readable, reading_order

ROOT = "https://data.example/id/plan-1"


def iris(version: int = 1, **names: list[str]) -> Iris:
    register = Register()
    for kind, of_kind in names.items():
        register.identify(kind, named(dict.fromkeys(of_kind, ())))
    return Iris("https://data.example", "plan-1", register.identifiers, version)


@pytest.mark.parametrize(
    ("name", "ascii_name"),
    [
        ("红桥区", "hong-qiao-qu"),
        ("重庆", "chong-qing"),  # a character with two readings, read as the word is
        ("旅馆", "lv-guan"),
        ("AI+产业园(一期)", "ai-chan-ye-yuan-yi-qi"),
        ("地铁4号线", "di-tie-4-hao-xian"),
        ("  ABC -- 12 ", "abc-12"),
        ("。", "x"),
        ("", "x"),
    ],
)
def test_readable(name: str, ascii_name: str) -> None:
    assert readable(name) == ascii_name


def test_numbers_are_read_as_numbers() -> None:
    printed = ["measure/4.10", "measure/4.2", "measure/4.2.1", "goal/11", "goal/9", "measure"]
    assert sorted(printed, key=reading_order) == [
        "goal/9", "goal/11", "measure", "measure/4.2", "measure/4.2.1", "measure/4.10",
    ]  # fmt: skip
    assert reading_order("a1²3")  # a superscript is no number


def test_a_name_is_minted_once_whatever_the_order() -> None:
    names = ["甲", "家", "佳"]
    first, second = iris(zone=names), iris(zone=names[::-1])
    locals_ = [first.local(Node("zone", name)) for name in names]
    assert sorted(locals_) == ["jia", "jia-2", "jia-3"]
    assert locals_ == [second.local(Node("zone", name)) for name in names]


@pytest.mark.parametrize("names", [["甲", "家", "甲2"], ["家", "家2", "甲"], ["家-2", "家", "甲"]])
def test_a_number_given_for_a_twin_is_no_other_names_own(names: list[str]) -> None:
    minted = iris(zone=names)
    assert len({minted.of("zone", name) for name in names}) == len(names)


def test_names_are_apart_by_kind() -> None:
    minted = iris(zone=["甲"], institution=["家"])
    assert str(minted.of("zone", "甲")) == f"{ROOT}/zone/jia"
    assert str(minted.of("institution", "家")) == f"{ROOT}/institution/jia"
    assert minted.names(Node("zone", "甲"))
    assert not minted.names(Node("institution", "甲"))


def test_what_is_minted_of_what() -> None:
    minted = iris(zone=["甲园"])
    measure, zone = Node("measure", "4.2.1"), Node("zone", "甲园")
    assert {
        str(iri)
        for iri in (
            minted.plan,
            minted.of("section", "4.2"),
            minted.node(measure),
            minted.node(zone),
            minted.passage(3, 9),
            minted.link(measure, "locatedIn", zone),
            minted.graph("document"),
            minted.period(2021, 2025),
            minted.period(2025, 2025),
        )
    } == {
        ROOT,
        f"{ROOT}/section/4.2",
        f"{ROOT}/measure/4.2.1",
        f"{ROOT}/zone/jia-yuan",
        f"{ROOT}/passage/3-9",
        f"{ROOT}/link/measure-4.2.1.locatedIn.zone-jia-yuan",
        f"{ROOT}/graph/document",
        "https://data.example/id/period/2021-2025",
        "https://data.example/id/period/2025",
    }
