"""What the annex table asks of each year, by the kind of value."""

from __future__ import annotations

import json
from decimal import Decimal

import pyoxigraph as ox
import pytest
from support import ask

from kg.rdf.namespaces import PREFIXES
from kg.views.annex import Figure, Row, annex_table, indicator_row


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


@pytest.mark.parametrize("years", [(2027, 2030), (2030, 2027), (2030, 2035), (2028, 2027, 2030)])
def test_a_row_of_several_years_has_the_target_of_the_plans_last_one(
    years: tuple[int, ...],
) -> None:
    store = ox.Store()
    targets = "".join(
        f"""<p/t{n}> a plan:Target ; plan:ofIndicator <p/i> ; plan:valueText "{year}" ;
        plan:period <y{year}> ; plan:comparator plan:Equal ; plan:basis plan:PointInTime .
        <y{year}> schema:startDate "{year}-01-01" ; schema:endDate "{year}-12-31" . """
        for n, year in enumerate(years)
    )
    plan = '<p> a plan:Plan ; dcterms:temporal <y> . <y> schema:endDate "2030-12-31" . '
    row = '<p/i> a plan:Indicator ; skos:prefLabel "甲" ; plan:number 1 . '
    data = f"INSERT DATA {{ GRAPH <g> {{ {plan}{row}{targets} }} }}"
    store.update(data, base_iri="http://x/", prefixes=PREFIXES)
    (of_table,) = annex_table(store, "http://x/g")
    found = indicator_row(store, "http://x/g", "http://x/p/i")
    assert found is not None and found[0] == of_table
    assert of_table.target is not None and of_table.target.last == 2030
