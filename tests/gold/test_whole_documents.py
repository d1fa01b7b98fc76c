"""Whole invented documents are read as well as they were when their misses were mended."""

from __future__ import annotations

import pytest
from gold.document_scoring import Figure, figures

pytestmark = pytest.mark.xdist_group("documents")


@pytest.fixture(scope="module")
def reached() -> dict[str, Figure]:
    return figures()


@pytest.mark.parametrize(
    ("figure", "floor"),
    [("headings", 0.99), ("goals", 0.97), ("rows", 1.0)],
)
def test_all_but_few_are_found(reached: dict[str, Figure], figure: str, floor: float) -> None:
    assert reached[figure].right >= floor * reached[figure].wanted


def test_no_goal_and_no_row_is_invented(reached: dict[str, Figure]) -> None:
    assert reached["goals"].read == reached["goals"].right
    assert reached["rows"].read == reached["rows"].right


@pytest.mark.parametrize(
    ("figure", "floor"),
    [
        ("measures", 0.98),
        ("titles", 0.95),
        ("targets", 0.93),
        ("results", 0.97),
        ("zones", 0.87),
        ("institutions", 0.92),
    ],
)
def test_floors(reached: dict[str, Figure], figure: str, floor: float) -> None:
    assert reached[figure].f1 >= floor
