"""What the annex table asks of each year, by the kind of value."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from support import ask

from kg.views.annex import Figure, Row


def figure(number: str | None, basis: str, first: int, last: int) -> Figure:
    return Figure(
        "urn:v", Decimal(number) if number else None, number or "—", "", "Equal", basis, first, last
    )


@pytest.mark.parametrize(
    ("baseline", "target", "gap", "yearly"),
    [
        (
            figure("30", "PointInTime", 2020, 2020),
            figure("40", "PointInTime", 2025, 2025),
            "10",
            "2",
        ),
        (
            figure("40", "PointInTime", 2020, 2020),
            figure("30", "PointInTime", 2025, 2025),
            "-10",
            "-2",
        ),
        (figure("8", "Cumulative", 2016, 2020), figure("10", "Cumulative", 2021, 2025), "2", "2"),
        (
            figure("4", "AnnualAverage", 2016, 2020),
            figure("6", "AnnualAverage", 2021, 2025),
            "2",
            "6",
        ),
        (figure("4", "PointInTime", 2020, 2020), figure("10", "Cumulative", 2021, 2025), None, "2"),
        (
            figure(None, "PointInTime", 2020, 2020),
            figure("10", "PointInTime", 2025, 2025),
            None,
            None,
        ),
        (
            figure("1", "PointInTime", 2020, 2020),
            figure(None, "PointInTime", 2025, 2025),
            None,
            None,
        ),
        (None, figure("10", "PointInTime", 2025, 2025), None, None),
        (figure("1", "PointInTime", 2025, 2025), figure("2", "PointInTime", 2025, 2025), "1", None),
    ],
)
def test_gap_and_yearly(
    baseline: Figure | None, target: Figure | None, gap: str | None, yearly: str | None
) -> None:
    row = Row("urn:i", 1, 0, "某指标", "", "", baseline, target, concept="")
    assert row.gap == (Decimal(gap) if gap else None)
    assert row.yearly == (Decimal(yearly) if yearly else None)


def test_the_flagships_board(server: str) -> None:
    rows = json.loads(ask(f"{server}/board/hongqiao-2021?format=json")[2])
    assert [row["number"] for row in rows] == list(range(1, 24))
    green = rows[13]
    assert (
        green["name"],
        green["binding"],
        green["baseline"]["value"],
        green["target"]["value"],
    ) == ("绿地率", True, 33.48, 36.31)
    assert round(green["gap"], 2) == 2.83
    assert ask(f"{server}/board/none")[0] == 404
