"""The flagship, read alone and without corrections, against the gold sample beside this file.

It needs nothing from outside the repository, so every clone checks the reading figures.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pyoxigraph as ox
import pytest
from gold.scoring import Figure, load_gold, score
from support import FLAGSHIP

pytestmark = pytest.mark.xdist_group("gold")

# F1 on chapters that the rules were written with, and on chapters that they were not.
KNOWN = {
    "measure sentences": 1.0,
    "zones per measure": 1.0,
    "institutions per measure": 1.0,
    "zone names": 1.0,
    "institution names": 1.0,
    "targets": 1.0,
    "measure-indicator links": 1.0,
    "annex indicators": 1.0,
    "goals": 1.0,
}
OTHER = {
    "measure sentences": 1.0,
    "zones per measure": 0.929,
    "institutions per measure": 0.90,
    "zone names": 0.95,
    "institution names": 0.90,
    "targets": 0.90,
    "measure-indicator links": 0.84,
}


@pytest.fixture(scope="module")
def gold() -> dict[str, Any]:
    return load_gold()


@pytest.fixture(scope="module")
def store(alone: list[ox.Quad]) -> ox.Store:
    found = ox.Store()
    found.extend(alone)
    return found


@pytest.fixture(scope="module")
def known(store: ox.Store, gold: dict[str, Any]) -> dict[str, Figure]:
    return score(store, gold, gold["known_chapters"])


@pytest.fixture(scope="module")
def other(store: ox.Store, gold: dict[str, Any]) -> dict[str, Figure]:
    return score(store, gold, gold["other_chapters"])


@pytest.mark.parametrize("figure", KNOWN)
def test_chapters_that_the_rules_were_written_with(known: dict[str, Figure], figure: str) -> None:
    assert known[figure].f1 >= KNOWN[figure], known[figure]


@pytest.mark.parametrize("figure", OTHER)
def test_other_chapters_of_the_same_plan(other: dict[str, Figure], figure: str) -> None:
    assert other[figure].f1 >= OTHER[figure], other[figure]


def test_the_sample_points_into_the_source(gold: dict[str, Any]) -> None:
    source = (FLAGSHIP / "source.txt").read_bytes().decode("utf-8")
    sentences = gold["sentences"]
    assert all(a["end"] <= b["start"] for a, b in pairwise(sentences))
    for sentence in sentences:
        text = source[sentence["start"] : sentence["end"]]
        for name in (*sentence.get("zones", ()), *sentence.get("institutions", ())):
            assert name in text, (sentence["start"], name)


def test_a_store_without_the_plan_scores_nothing(gold: dict[str, Any]) -> None:
    figures = score(ox.Store(), gold, gold["known_chapters"])
    assert {figure.f1 for figure in figures.values()} == {0.0}
    assert figures["measure sentences"] == Figure(found=0, extra=0, missed=80)


def test_the_figure_weighs_precision_and_recall() -> None:
    assert Figure(found=3, extra=1, missed=1).f1 == pytest.approx(0.75)
