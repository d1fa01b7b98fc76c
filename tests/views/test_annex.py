"""What the annex table asks of each year, by the kind of value."""

from __future__ import annotations

import re
from decimal import Decimal

import flask
import pyoxigraph as ox
import pytest
from support import ask

from kg.rdf.namespaces import PREFIXES
from kg.views.annex import Figure, Row, annex_table, indicator_row
from kg.views.evaluation import Assessment
from kg.web.pages.charts import indicator_chart
from kg.web.pages.figures import (
    asked_of_each_year,
    gap_worded,
    number_worded,
    yearly_worded,
)


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


def ratio(number: str, comparator: str, text: str, year: int) -> Figure:
    basis, first = "PointInTime", year
    if comparator == "mean":
        comparator, basis, first = "Equal", "AnnualAverage", 2026
    return Figure("urn:v", Decimal(number), text, "", comparator, basis, first, year)


@pytest.mark.parametrize(
    ("base", "goal", "name", "asked", "base_at", "path"),
    [
        (
            "96.8",
            ratio("96", "AtLeast", "≥96", 2030),
            "空气质量优良天数比率",
            "规划要求保持在96以上。",
            (2025, 96.8),
            [(2025, 96), (2030, 96)],
        ),
        (
            "3.6",
            ratio("4", "AtMost", "≤4", 2030),
            "失业率",
            "规划要求控制在4以内。",
            (2025, 3.6),
            [(2025, 4), (2030, 4)],
        ),
        (
            "4.8",
            ratio("5", "Equal", "稳定在5", 2030),
            "失业率",
            "规划要求控制在5以内。",
            (2025, 4.8),
            [(2025, 5), (2030, 5)],
        ),
        (
            "4",
            ratio("3", "Equal", "3", 2030),
            "某率",
            "规划要求2030年比2025年减少1，平均每年减少0.2。",
            (2025, 4),
            [(2025, 4), (2030, 3)],
        ),
        (
            "388",
            ratio("390", "AtLeast", "≥390", 2030),
            "某产量",
            "规划要求2030年比2025年增加2，平均每年增加0.4。",
            (2025, 388),
            [(2025, 388), (2030, 390)],
        ),
        (
            "6.2",
            ratio("5.5", "mean", "5.5", 2030),
            "某增速",
            "",
            (2025, 6.2),
            [(2026, 5.5), (2030, 5.5)],
        ),
    ],
)
def test_a_bound_that_the_baseline_keeps_asks_for_no_change(
    base: str,
    goal: Figure,
    name: str,
    asked: str,
    base_at: tuple[int, float],
    path: list[tuple[int, float]],
) -> None:
    row = Row("urn:i", 1, 0, name, "", "", ratio(base, "Equal", base, 2025), goal, concept="")
    with flask.Flask("pages").app_context():
        flask.g.language = "zh"
        assert asked_of_each_year(row) == asked
        assert (gap_worded(row) == "基期已达到") == ("保持" in asked or "控制" in asked)
        chart = indicator_chart(row, [goal], [])
    assert chart is not None and chart.baseline is not None
    marks = {x: int(word) for x, word in chart.across}
    ticks = {float(word): place for place, word in chart.up}
    (low, below), (high, above) = min(ticks.items()), max(ticks.items())

    def read(x: float, y: float) -> tuple[int, float]:
        return marks[x], round(low + (below - y) / (below - above) * (high - low), 1)

    assert read(chart.baseline.x, chart.baseline.y) == base_at
    ends = [tuple(map(float, at.split(","))) for at in chart.path.split()]
    assert [read(*at) for at in ends] == path


@pytest.mark.parametrize(
    ("comparator", "basis", "asked"),
    [
        ("MoreThan", "AnnualAverage", ">7"),
        ("AtMost", "AnnualAverage", "≤7"),
        ("AtLeast", "Cumulative", "≥1.4"),
        ("Equal", "Cumulative", "1.4"),
    ],
)
def test_each_year_of_a_bound_has_a_bound(comparator: str, basis: str, asked: str) -> None:
    goal = Figure("urn:v", Decimal(7), "7", "", comparator, basis, 2026, 2030)
    row = Row("urn:i", 1, 0, "某增速", "", "", None, goal, concept="")
    with flask.Flask("pages").app_context():
        flask.g.language = "zh"
        assert yearly_worded(row) == asked


@pytest.mark.parametrize(
    ("years", "lines"),
    [((2021, 2022), [(2020, 2021, 2022)]), ((2022, 2023, 2025), [(2022, 2023)]), ((2022,), [])],
)
def test_no_line_crosses_a_year_without_a_value(
    years: tuple[int, ...], lines: list[tuple[int, ...]]
) -> None:
    base, goal = figure("30", "PointInTime", 2020, 2020), figure("40", "PointInTime", 2025, 2025)
    row = Row("urn:i", 1, 0, "某率", "", "", base, goal, "", steps=frozenset({"urn:v"}))
    steps = [
        Assessment("urn:i", year, "urn:v", "OnTrack", "", "", Decimal(32), None, None)
        for year in years
    ]
    with flask.Flask("pages").app_context():
        flask.g.language = "zh"
        chart = indicator_chart(row, [goal], steps)
    assert chart is not None
    marks = {x: int(word) for x, word in chart.across}
    drawn = [
        tuple(marks[float(point.split(",")[0])] for point in line.split()) for line in chart.lines
    ]
    assert drawn == lines


@pytest.mark.parametrize(
    ("base", "aim", "reached"),
    [("147", "188", ("4", "4", "3.6")), ("10", "0.3", ()), ("10", "0", (*"8421", "0.2"))],
)
def test_words_below_a_mark_stand_above_the_years(
    base: str, aim: str, reached: tuple[str, ...]
) -> None:
    start, goal = figure(base, "PointInTime", 2020, 2020), figure(aim, "PointInTime", 2025, 2025)
    row = Row("urn:i", 1, 0, "某率", "", "", start, goal, "", steps=frozenset({"urn:v"}))
    steps = [
        Assessment("urn:i", 2021 + n, "urn:v", "OnTrack", "", "", Decimal(one), None, None)
        for n, one in enumerate(reached)
    ]
    with flask.Flask("pages").app_context():
        flask.g.language = "zh"
        chart = indicator_chart(row, [goal], steps)
    assert chart is not None
    assert max(m.y + m.down for m in (*chart.points, *chart.targets)) < chart.bottom
    assert all(mark.y <= chart.bottom for mark in (*chart.points, *chart.targets))


@pytest.mark.parametrize(
    ("base", "aim", "reached", "where"),
    [
        ("10", "20", "17", ("end", True)),
        ("10", "20", "13", ("start", False)),
        ("20", "10", "17", ("start", True)),
        ("20", "10", "13", ("end", False)),
    ],
)
def test_a_value_s_words_are_on_its_side_of_the_path(
    base: str, aim: str, reached: str, where: tuple[str, bool]
) -> None:
    start, goal = figure(base, "PointInTime", 2020, 2020), figure(aim, "PointInTime", 2025, 2025)
    row = Row("urn:i", 1, 0, "某率", "", "", start, goal, "", steps=frozenset({"urn:v"}))
    expected = (Decimal(base) + Decimal(aim)) / 2
    step = Assessment("urn:i", 2022, "urn:v", "OnTrack", "", "", Decimal(reached), expected, None)
    with flask.Flask("pages").app_context():
        flask.g.language = "zh"
        chart = indicator_chart(row, [goal], [step])
    assert chart is not None
    (mark,) = chart.points
    assert (mark.anchor, mark.down < 0) == where


def test_a_small_number_is_told_apart_from_its_target() -> None:
    with flask.Flask("x").test_request_context():
        flask.g.language = "zh"
        like = Figure("urn:v", Decimal("0.01"), "<0.01", "", "LessThan", "PointInTime", 2025, 2025)
        assert number_worded(Decimal("0.0083"), like) == "0.0083"
        assert number_worded(Decimal("4.2333"), like) == "4.23"


def test_a_chart_begins_with_the_first_year_that_was_judged() -> None:
    goal = figure("40", "PointInTime", 2025, 2025)
    row = Row("urn:i", 1, 0, "某率", "", "", None, goal, "", steps=frozenset({"urn:v"}))
    steps = [
        Assessment("urn:i", year, "urn:v", "NoData", "", "", value, None, None)
        for year, value in ((2021, None), (2022, None), (2023, Decimal(32)))
    ]
    with flask.Flask("pages").app_context():
        flask.g.language = "zh"
        chart = indicator_chart(row, [goal], steps)
    assert chart is not None and next(year for _, year in chart.across) == "2021"


def test_the_flagships_board(server: str) -> None:
    page = ask(f"{server}/board/hongqiao-2021", Accept_Language="zh-CN")[2].decode()
    rows = [row for row in re.findall(r"<tr\b.*?</tr>", page, re.DOTALL) if "/indicator/" in row]
    assert len(rows) == 23
    (green,) = (row for row in rows if ">绿地率<" in row)
    for words in ("约束性", "33.48", "36.31", "+2.83"):
        assert words in green, words
    assert ask(f"{server}/board/none")[0] == 404


def test_tables_follow_as_they_are_printed_each_by_its_numbers() -> None:
    store = ox.Store()
    printed = [("丙", 1, 300), ("丁", 2, 320), ("甲", 1, 100), ("乙", 2, 120)]
    rows = "".join(
        f"""<p/{at}> a plan:Indicator ; skos:prefLabel "{name}" ; plan:number {number} ;
        prov:wasQuotedFrom <r{at}> . <r{at}> oa:start {at} ; oa:end {at + 9} . """
        for name, number, at in printed
    )
    data = f"INSERT DATA {{ GRAPH <g> {{ <p> a plan:Plan . {rows} }} }}"
    store.update(data, base_iri="http://x/", prefixes=PREFIXES)
    assert [row.name for row in annex_table(store, "http://x/g")] == [*"甲乙丙丁"]


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
    assert sorted(one.last for one in of_table.targets) == sorted(years)


def test_the_target_of_its_row_leads_whatever_the_text_says() -> None:
    """The text's growth of the amount stands for the plan's years as the row's share does, and
    nothing ties the two; the row's own target disagrees with one more of the text."""
    store = ox.Store()
    stated = [("a", "年均增长8%以上", 10, ""), ("b", "2.6", 105, "; plan:inconsistentWith <p/c>")]
    targets = "".join(
        f"""<p/{key}> a plan:Target ; plan:ofIndicator <p/i> ; plan:valueText "{words}" ;
        plan:period <y> ; plan:comparator plan:Equal ; plan:basis plan:PointInTime {tied} ;
        prov:wasQuotedFrom <q{key}> . <q{key}> oa:start {at} ; dcterms:isPartOf <s> . """
        for key, words, at, tied in stated
    )
    years = 'schema:startDate "2030-01-01" ; schema:endDate "2030-12-31"'
    plan = f"<p> a plan:Plan ; dcterms:temporal <y> . <y> {years} . "
    row = """<p/i> a plan:Indicator ; skos:prefLabel "甲" ; plan:number 5 ; prov:wasQuotedFrom <r> .
        <r> oa:start 100 ; oa:end 120 . """
    data = f"INSERT DATA {{ GRAPH <g> {{ {plan}{row}{targets} }} }}"
    store.update(data, base_iri="http://x/", prefixes=PREFIXES)
    (of_table,) = annex_table(store, "http://x/g")
    assert of_table.target is not None and of_table.target.text == "2.6"
    assert [one.text for one in of_table.also] == ["年均增长8%以上"]
