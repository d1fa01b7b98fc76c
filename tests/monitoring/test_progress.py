"""How indicators stand: by each basis on an invented plan's values, and on Nanjing's real ones."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
import nanjing
import pyoxigraph as ox
import pytest
from support import FLAGSHIP, ask, run, serving, serving_pages

from kg.extract.model import Extraction, Indicator, Quantity, Value
from kg.monitoring.model import Entry, Observation, Period
from kg.monitoring.progress import Monitor, combined
from kg.monitoring.proportion import out_of_proportion, sizes_of
from kg.quantities.conversion import convert
from kg.source.text import Span
from kg.views.annex import Figure, Row
from kg.views.evaluation import Point, Progress, Verdict

pytestmark = pytest.mark.xdist_group("progress")

SPAN = Span(0, 1)

# What a planning officer would say of each of the 28, by the outline's own figures.
NANJING = {
    1: "Missed", 2: "Met", 3: "Met", 4: "Met", 5: "Met", 6: "Met", 7: "Missed", 8: "Met", 9: "Met", 10: "PartlyMet", 11: "NoData",
    12: "Met", 13: "Missed", 14: "Met", 15: "Met", 16: "Met", 17: "Met", 18: "NoData", 19: "Met", 20: "Met", 21: "Met", 22: "Met",
    23: "Met", 24: "Met", 25: "Met", 26: "NoData", 27: "NoData", 28: "NoData",
}  # fmt: skip


def test_nanjing_s_indicators_get_states_an_officer_would_agree_with(
    shared: Path, tmp_path: Path
) -> None:
    assert shared
    assert run("new", nanjing.document(tmp_path / "plan.md"), tmp_path / "plan").returncode == 0
    toml = tmp_path / "plan" / "plan.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace('issuer = "请填写"', 'issuer = "南京市人民政府"'),
        encoding="utf-8",
    )
    done = run("observe", tmp_path / "plan", nanjing.sheet(tmp_path / "values.csv"))
    assert done.returncode == 0, done.stderr
    done = run("publish", tmp_path / "plan", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    with serving_pages(tmp_path / "out") as server:
        told = json.loads(ask(f"{server}/progress/nanjing-2021.json?year=2025")[2])
    assert {one["number"]: one["state"] for one in told["indicators"]} == NANJING
    by_number = {one["number"]: one["targets"] for one in told["indicators"]}
    assert "19428.78亿元" in by_number[1][0]["zh"] and "差571.22亿元" in by_number[1][0]["zh"]
    assert "未公布" in by_number[18][0]["zh"]
    assert "44.2%" in by_number[25][0]["zh"]


def quantity(
    value: str | None,
    basis: str = "PointInTime",
    comparator: str = "Equal",
    text: str = "",
    unit: str = "percent",
) -> Quantity:
    return Quantity(
        None if value is None else Decimal(value),
        text or str(value),
        unit,
        "",
        comparator,
        basis,
        SPAN,
    )


def judged(
    target: Quantity,
    values: dict[str, str],
    year: int,
    base: Quantity | None = None,
    name: str = "某率",
    others: dict[str, str] | None = None,
) -> tuple[str, str]:
    """The state and the sentence of one indicator of an invented plan for 2021 to 2025."""
    years = (2021, 2025) if target.basis != "PointInTime" else (2025, 2025)
    found = [Value("1", "Target", "1", target, years)]
    found += [Value("b", "Baseline", "1", base, (2020, 2020))] if base else []
    extraction = Extraction(
        (), (), (Indicator("1", name, SPAN, target.unit, number=1),), tuple(found), (), (), (), ()
    )
    entered = [observed(i, period, text, "") for i, (period, text) in enumerate(values.items(), 1)]
    entered += [observed(99, period, text, "全市") for period, text in (others or {}).items()]
    entered = [replace(one, unit=target.unit) for one in entered]
    monitor = Monitor(extraction, {}, entered, (2021, 2025))
    (one,) = monitor.assess(extraction.indicators[0], year)
    return one.state, one.zh


def observed(row: int, period: str, text: str, area: str) -> Observation:
    number = None if text in ("met", "unmet", "—") else Decimal(text)
    judgement = text if text in ("met", "unmet") else ""
    return Observation(Entry(1, row), "1", "某率", area, Period.read(period), number, None, text, "percent", "", "Final", judgement, text == "—", "s", "", "", "")  # fmt: skip


UP, DOWN = quantity("36"), quantity("5", comparator="AtMost")


@pytest.mark.parametrize(
    ("target", "values", "year", "base", "state"),
    [
        (UP, {"2022": "32.4"}, 2022, quantity("30"), "OnTrack"),
        (UP, {"2022": "31"}, 2022, quantity("30"), "Behind"),
        (UP, {"2022": "34"}, 2022, quantity("30"), "Ahead"),
        (UP, {"2022": "36.5"}, 2022, quantity("30"), "Met"),
        (UP, {"2025": "35.9"}, 2025, quantity("30"), "Missed"),
        (UP, {"2025": "36"}, 2025, quantity("30"), "Met"),
        (UP, {"2022": "31"}, 2022, None, "Undetermined"),
        (UP, {}, 2022, quantity("30"), "NoData"),
        (UP, {"2022": "—"}, 2022, quantity("30"), "NoData"),
        (UP, {"2022H1": "31", "2022H2": "33"}, 2022, quantity("30"), "OnTrack"),
        (UP, {"2022H1": "32.4"}, 2022, quantity("30"), "Undetermined"),
        (UP, {"2025H1": "35"}, 2025, quantity("30"), "Undetermined"),
        (quantity("120", "Cumulative"), {"2021": "24", "2022H1": "12"}, 2022, None, "Undetermined"),
        (quantity("5", "AnnualAverage"), {"2021H2": "5.5"}, 2021, None, "Undetermined"),
        (quantity("120", "Cumulative"), {"2021H1": "12"}, 2022, None, "NoData"),
        (quantity("36", unit="yuan"), {"2022H1": "16"}, 2022, None, "Undetermined"),
        (quantity("36", unit="yuan"), {"2025H2": "36"}, 2025, None, "Undetermined"),
        (UP, {"2025H2": "35"}, 2025, quantity("30"), "Missed"),
        (
            quantity("5", unit="yuan", comparator="AtMost"),
            {"2022H1": "3"},
            2022,
            None,
            "Undetermined",
        ),
        (quantity("96", comparator="AtLeast"), {"2022": "96.2"}, 2022, quantity("98"), "OnTrack"),
        (quantity("96", comparator="AtLeast"), {"2022": "95"}, 2022, quantity("98"), "Behind"),
        (quantity("96", text="保持在96%"), {"2022": "96.2"}, 2022, quantity("98"), "OnTrack"),
        (quantity("96", text="保持在96%"), {"2025": "96.2"}, 2025, quantity("98"), "Met"),
        (quantity("7.5", text="降到7.5%"), {"2025": "7.2"}, 2025, None, "Met"),
        (quantity("7.5", text="缩小至7.5%"), {"2025": "7.9"}, 2025, None, "Missed"),
        (DOWN, {"2022": "4.8"}, 2022, quantity("4.9"), "OnTrack"),
        (DOWN, {"2025": "5.2"}, 2025, quantity("4.9"), "Missed"),
        (quantity("10", "Cumulative"), {"2021": "2", "2022": "2.1"}, 2022, None, "OnTrack"),
        (quantity("10", "Cumulative"), {"2021-2022": "3"}, 2022, None, "Behind"),
        (quantity("10", "Cumulative"), {"2021": "2", "2023": "4"}, 2023, None, "Undetermined"),
        (quantity(None, comparator="Missing", text="—"), {"2023": "3"}, 2023, None, "Undetermined"),
        (quantity("6", "AnnualAverage"), {"2021": "8", "2022": "3"}, 2022, None, "Behind"),
        (quantity("6", "AnnualAverage"), {"2021": "8", "2022": "5"}, 2022, None, "OnTrack"),
        (quantity("4", comparator="About"), {"2025": "3.9"}, 2025, None, "Met"),
        (quantity("4", comparator="About"), {"2025": "3.5"}, 2025, None, "Missed"),
        (quantity("10", comparator="MoreThan"), {"2025": "10"}, 2025, None, "Missed"),
        (
            quantity(None, comparator="Task", text="完成市下达任务"),
            {"2022": "met"},
            2022,
            None,
            "Met",
        ),
        (
            quantity(None, comparator="Task", text="完成市下达任务"),
            {"2022": "unmet"},
            2022,
            None,
            "Behind",
        ),
        (
            quantity(None, comparator="Task", text="完成市下达任务"),
            {"2022": "3"},
            2022,
            None,
            "Undetermined",
        ),
    ],
)
def test_a_state_by_each_basis(
    target: Quantity, values: dict[str, str], year: int, base: Quantity | None, state: str
) -> None:
    found, why = judged(target, values, year, base)
    assert found == state, why
    assert ("判断" if state == "Undetermined" else str(year)) in why


@pytest.mark.parametrize(
    ("target", "values", "base", "says"),
    [
        (quantity("188"), {"2023": "3.612"}, quantity("147"), "2023年为3.61%，按时间进度应为171.6%，滞后167.99个"),
        (quantity("10", "AnnualAverage"), {"2021": "9", "2022": "8", "2023": "9.929"}, None, "年均为8.98%，"),
        (quantity("36.31"), {"2023": "35"}, quantity("33.48"), "滞后0.18个百分点（目标：2025年36.31%）"),
        (quantity("6", "AnnualAverage"), {"2021": "8", "2022": "3", "2023": "2"}, None,
         "2021—2023年年均为4.3%，按时间进度应为6%，滞后1.7个百分点（目标：2021—2025年年均6%）"),
        (quantity("9", "Cumulative", text="[9]"), {"2021-2023": "4"}, None,
         "2021—2023年累计为4%，按时间进度应为5%，滞后1个百分点（目标：2021—2025年累计9%）"),
        (quantity("5.5", text="≤5.5", comparator="AtMost"), {"2023": "5.6"}, quantity("5.2"),
         "2023年为5.6%，不在目标要求之内，相差0.1个百分点（目标：2025年≤5.5%）"),
        (quantity("0.01", comparator="LessThan", text="<0.01"), {"2023": "0.0083"}, None,
         "2023年为0.0083%，已达到目标"),
    ],
)  # fmt: skip
def test_the_sentence_is_an_official_report_s(
    target: Quantity, values: dict[str, str], base: Quantity | None, says: str
) -> None:
    """Percentages are percentage points apart, sums and averages are named with their years, and
    no number has more decimals than the plan and who reports use."""
    assert says in judged(target, values, 2023, base)[1]


YEARS, NEW = quantity("81", unit="year"), quantity("100", "Cumulative", unit="piece")


@pytest.mark.parametrize(
    ("target", "base", "value", "area", "beside"),
    [
        (YEARS, "80", "820", "", "规划所列的81岁"),
        (YEARS, "80", "8.2", "", "规划所列的80岁"),
        (YEARS, "80", "17", "", ""),
        (YEARS, "80", "0", "", ""),
        (YEARS, None, "8.2", "", ""),  # it may begin with nothing
        (NEW, "80", "1000", "", "规划所列的100个"),
        (NEW, "80", "3", "", ""),
        (quantity("6", "AnnualAverage"), None, "40", "", ""),
        (YEARS, "80", "820", "全市", "此前录入的79岁"),
        (YEARS, "80", "8.2", "全市", "此前录入的79岁"),
    ],
)
def test_a_value_out_of_proportion_is_told(
    target: Quantity, base: str | None, value: str, area: str, beside: str
) -> None:
    found = [Value("1", "Target", "1", target, (2025, 2025))]
    found += (
        [Value("b", "Baseline", "1", replace(target, value=Decimal(base)), (2020, 2020))]
        if base
        else []
    )
    row = Indicator("1", "某量", SPAN, target.unit, number=1)
    extraction = Extraction((), (), (row,), tuple(found), (), (), (), ())
    one, *others = (
        replace(observed(1, *what), unit=target.unit)
        for what in (("2023", value, area), ("2022", "79", area), ("2021", "1", "别处"))
    )
    told = out_of_proportion(extraction, one, sizes_of(others))
    assert (told.zh if told else "").startswith(f"数值{value}" if beside else "")
    assert (f"与{beside}相差5倍以上" in told.zh) if told else not beside


@pytest.mark.parametrize(
    ("beside", "values", "states", "says"),
    [
        ("Cumulative", {"2023": "121"}, ["OnTrack", "OnTrack"], "2021—2023年累计为29%"),
        ("Cumulative", {"2023": "115"}, ["Behind", "Behind"], "2021—2023年累计为23%"),
        ("Cumulative", {"2021-2023": "24"}, ["NoData", "Behind"], "2021—2023年累计为24%"),
        ("Cumulative", {}, ["NoData", "NoData"], "尚未录入2021—2023年累计"),
        ("AnnualAverage", {"2021": "99", "2022": "110", "2023": "121"}, ["OnTrack", "NoData"], ""),
    ],
)
def test_a_year_s_level_is_what_the_sum_beside_it_has_come_to(
    beside: str, values: dict[str, str], states: list[str], says: str
) -> None:
    """92, 140 and 〔48〕 in one row: 121 of a year is a level, from which the sum follows."""
    row = Indicator("1", "某率", SPAN, "percent", number=1)
    found = (
        Value("1", "Target", "1", quantity("140"), (2025, 2025)),
        Value("1-yearly", "Target", "1", quantity("48", beside), (2021, 2025)),
        Value("b", "Baseline", "1", quantity("92"), (2020, 2020)),
    )
    extraction = Extraction((), (), (row,), found, (), (), (), ())
    entered = [observed(i, period, text, "") for i, (period, text) in enumerate(values.items(), 1)]
    assessed = Monitor(extraction, {}, entered, (2021, 2025)).assess(row, 2023)
    assert [one.state for one in assessed] == states, [one.zh for one in assessed]
    assert says in assessed[1].zh


def test_a_value_has_as_many_decimals_in_its_sentence_as_beside_it() -> None:
    entered, target = Decimal("82.34567"), quantity("95")
    said = judged(target, {"2023": str(entered)}, 2023)[1]
    goal = Figure("t", Decimal(95), "95", "", "Equal", "PointInTime", 2025, 2025)
    row = Row("i", 1, 0, "某率", "", "", None, goal, "")
    point = Point("v", "2023", entered, "82.34567%", "x#unit-percent", "Final", elsewhere=False)
    beside = Progress(row, "Behind", (), (), (point,)).words(point)
    assert beside == ("82.35%", "82.35%") and "为82.35%，" in said


@pytest.mark.parametrize(
    ("year", "state", "said"), [(2021, "Met", "2021年累计3%"), (2025, "Missed", "累计10%")]
)
def test_a_year_is_judged_by_the_target_for_it_or_the_next_later_one(
    year: int, state: str, said: str
) -> None:
    of_year, of_plan = quantity("3", "Cumulative"), quantity("10", "Cumulative")
    found = (
        Value("1", "Target", "1", of_plan, (2021, 2025)),
        Value("2", "Target", "1", of_year, (2021, 2021)),
    )
    one = Indicator("1", "某量", SPAN, "percent", number=1)
    entered = [observed(1, "2021", "4", ""), observed(2, "2021-2025", "9", "")]
    monitor = Monitor(Extraction((), (), (one,), found, (), (), (), ()), {}, entered, (2021, 2025))
    (judged_,) = monitor.assess(one, year)
    assert judged_.state == state and said in judged_.zh


def test_a_value_that_no_target_can_be_compared_with_is_not_called_missing() -> None:
    """A level entered where the plan promises percentage points, and gives no baseline."""
    row = Indicator("1", "某率", SPAN, "percent", number=1)
    target = quantity("1", "Cumulative", unit="percentage-point", text="提高1个百分点以上")
    found = (Value("1", "Target", "1", target, (2021, 2025)),)
    extraction = Extraction((), (), (row,), found, (), (), (), ())
    for entered, state, says in (
        ("22", "Undetermined", "已录入的数值22%与目标"),
        ("—", "NoData", "未公布"),
    ):
        monitor = Monitor(extraction, {}, [observed(1, "2022", entered, "")], (2021, 2025))
        (one,) = monitor.assess(row, 2022)
        assert one.state == state and says in one.zh, one.zh


def test_beside_another_area_s_figure() -> None:
    target = quantity(None, comparator="Relative", text="不低于全市增长水平")
    assert judged(target, {"2022": "6.1"}, 2022, others={"2022": "6.6"})[0] == "Behind"
    assert judged(target, {"2022": "6.6"}, 2022, others={"2022": "6.6"})[0] == "OnTrack"
    assert judged(target, {"2025": "6.1"}, 2025, others={"2025": "6.6"})[0] == "Missed"
    half = judged(target, {"2022H1": "6.1"}, 2022, others={"2022H1": "6.6"})[1]
    assert "2022年上半年为6.1%" in half, half
    assert judged(target, {"2022": "6.1"}, 2022)[0] == "Undetermined"
    yearly = replace(target, basis="AnnualAverage")  # one year beside one is no mean of both
    said = judged(yearly, {"2022": "6.1"}, 2022, others={"2022": "6.6"})[1]
    assert said.startswith("2022年为6.1%"), said


def test_what_an_indicator_counts_tells_whether_less_is_better() -> None:
    assert judged(quantity("5"), {"2025": "4.5"}, 2025, name="城镇调查失业率")[0] == "Met"
    assert judged(quantity("20"), {"2025": "25"}, 2025, name="单位能耗降低")[0] == "Met"


def test_states_together() -> None:
    assert combined(["Met", "NoData"]) == "Met"
    assert combined(["Met", "Missed"]) == "PartlyMet"
    assert combined(["OnTrack", "Behind"]) == "Behind"
    assert combined([]) == "NoData"


def test_a_goal_is_called_no_better_than_is_known_of_all_its_indicators() -> None:
    states = [("Met", "NoData"), ("Behind", "Met"), ("Behind", "NoData"), ("NoData",), ("Met",)]
    told = [Verdict("g", dict.fromkeys(of, 2)) for of in states]
    assert [one.state for one in told] == ["Undetermined", "Behind", "Behind", "NoData", "Met"]
    assert [one.partly for one in told] == [("Met", 2, 4), None, ("Behind", 2, 4), None, None]


def test_units_are_converted_where_they_may_be() -> None:
    assert convert(Decimal(17000), "person", "ten-thousand-persons") == Decimal("1.7")
    assert convert(Decimal("1.5"), "ten-thousand-households", "household") == 15000
    assert convert(Decimal(1), "household", "person") is None


@pytest.fixture(scope="module")
def entered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release of the flagship that values have been entered for."""
    folder = tmp_path_factory.mktemp("entered")
    plan, sheet = folder / "plan", folder / "v.csv"
    shutil.copytree(FLAGSHIP, plan)
    sheet.write_text(
        "指标,时期,数值,来源\n14,2022,34.2,x\n12,2022,66.0,x\n14,2021,34.1,x\n"
        "1,2024,4.3,x\n15,2024,4.7,x\n",  # incomes are to grow as the economy does
        encoding="utf-8",
    )
    assert run("observe", plan, sheet).returncode == 0
    assert run("publish", plan, "--out", folder / "out").returncode == 0
    return folder / "out"


@pytest.fixture(scope="module")
def monitored(entered: Path) -> Iterator[str]:
    with serving(entered) as address:
        yield address


def test_the_page_of_an_import_says_who_when_and_what(monitored: str) -> None:
    html = ask(f"{monitored}/page/hongqiao-2021/import/1?lang=zh")[2].decode()
    said = html.partition('<details class="data">')[0]
    assert re.search(r"由此得出的内容 <small>5条</small>", said)
    assert re.search(r'<dd><time datetime="[^"]+">\d{4}-\d\d-\d\d \d\d:\d\d</time>', said)
    (value,) = re.findall(r"/page/(hongqiao-2021/actual/14\.2022[^\"]*)", said)
    told = (
        ask(f"{monitored}/page/{value}?lang=zh")[2].decode().partition('<details class="data">')[0]
    )
    assert "录入的数值" in told and "所印文字" not in told


def test_the_evaluation_as_page_document_and_table(monitored: str, tmp_path: Path) -> None:
    html = ask(f"{monitored}/progress/hongqiao-2021?year=2022")[2].decode()
    assert (
        "2022年度进展评估" in html and "滞后0.41个百分点" in html and 'class="small-chart"' in html
    )
    assert html.index("空气优良天数比例") < html.index("地区生产总值增长率")  # binding ones first
    table = html.partition("<tbody>")[2].partition("</tbody>")[0]
    states = re.findall('class="state ([A-Za-z]+)"', table)
    assert "有数据的列在前" in html and states == sorted(states, key=lambda one: one == "NoData")
    assert html.count("与回顾章一致") == 3
    told = r'/page/([^"]*/goal/\d+)">[^<]*</a>\s*<span class="state Undetermined">(部分[^<]+)<'
    for goal, verdict in re.findall(told, html):
        page = ask(f"{monitored}/page/{goal}?lang=zh")[2].decode()
        other = ask(f"{monitored}/progress/hongqiao-2021?lang=zh")[2].decode()  # of its own year
        assert verdict in other and verdict in page, goal
    assert ">66%<" in html and "66.0%" not in html
    report = tmp_path / "report.docx"
    report.write_bytes(ask(f"{monitored}/progress/hongqiao-2021.docx?year=2022")[2])
    assert {part.date_time[0] for part in ZipFile(report).infolist()} == {1980}  # not the clock's
    opened = docx.Document(str(report))
    issued = json.loads(ask(f"{monitored}/manifest.json")[2])["issued"]
    assert opened.core_properties.created == datetime.fromisoformat(issued)
    bar, bars, table = opened.tables[:3]
    assert len(bar.rows) == 1 and "滞后 1" in [cell.text for cell in bar.rows[0].cells]
    assert len(bars.rows) == 2 and all(row.cells[1].tables for row in bars.rows)
    assert len(table.rows) == 24
    said = [paragraph.text for paragraph in opened.paragraphs]
    assert "举措：推进城市绿化工程建设" in "\n".join(said)
    assert any(re.match("共23项指标：.*滞后 1、无数据 21。$", words) for words in said), said
    report.write_bytes(ask(f"{monitored}/progress/hongqiao-2021.docx?year=2022&lang=en")[2])
    said = [paragraph.text for paragraph in docx.Document(str(report)).paragraphs]
    assert any(re.search("behind 1, no data 21", words) for words in said), said
    table = ask(f"{monitored}/progress/hongqiao-2021.csv?year=2022")[2].decode()
    assert "绿地率" in table and ",Behind," in table
    lines = [*csv.DictReader(table.splitlines())]
    assert {one["plan_iri"].rpartition("/id/")[2] for one in lines} == {"hongqiao-2021"}
    assert all(one["release"] == "1" and one["date"] and one["plan"] for one in lines)
    for query, status in (("year=1999", 400), ("year=x", 400)):
        assert ask(f"{monitored}/progress/hongqiao-2021?{query}", Accept="text/plain")[0] == status
    gaps = ask(f"{monitored}/gaps/hongqiao-2021")[2].decode()
    assert all(f'<th scope="col">{year}</th>' in gaps for year in range(2021, 2026))
    assert "程序未能确认承担机构的举措" in gaps and gaps.count("✓") == 5
    assert len(re.findall(r'class="none">\s*✓', gaps)) == 5, "a phone lists what is missing alone"


@pytest.mark.parametrize("page", ["goal/1", "indicator/1"])
def test_a_value_that_cannot_be_judged_is_shown_as_the_latest(monitored: str, page: str) -> None:
    html = ask(f"{monitored}/page/hongqiao-2021/{page}?lang=zh")[2].decode()
    assert re.search(r"4\.3%(?:\s|<[^>]+>)*2024年", html)
    assert "暂不能评估" in html


def test_without_values_the_page_says_so(server: str) -> None:
    html = ask(f"{server}/progress/hongqiao-2021")[2].decode()
    assert "尚未录入任何年度的数值" in html
    html = ask(f"{server}/progress/hongqiao-2021?year=2022")[2].decode()
    assert "2022年度进展评估" in html and "已判断的指标中" not in html
    status, _, report = ask(f"{server}/progress/hongqiao-2021.docx?year=2022")
    said = [paragraph.text for paragraph in docx.Document(BytesIO(report)).paragraphs]
    assert status == 200 and said[0].endswith("2022年度进展评估") and "无数据的指标" in said
    assert not any("滞后" in words for words in said), "nothing was judged"


def test_the_values_are_queried_and_exported_like_all_data(monitored: str) -> None:
    from kg.release.catalogue import examples

    queries = [e for e in examples() if e.get("monitoring")]
    assert len(queries) >= 4
    for example in queries:
        status, _, body = ask(
            f"{monitored}/sparql",
            example["query"].encode(),
            Content_Type="application/sparql-query",
        )
        assert status == 200 and json.loads(body)["results"]["bindings"], example["en"]
    values = ask(f"{monitored}/exports/hongqiao-2021-values.csv")[2].decode()
    assert values.count("实际值") == 5
    assessed = ask(f"{monitored}/exports/hongqiao-2021-assessments.csv")[2].decode()
    assert "滞后0.41个百分点" in assessed and "地区生产总值增长率为4.3%，符合" in assessed
    catalogue = ask(f"{monitored}/catalogue.ttl")[2].decode()
    assert "hongqiao-2021-assessments.csv" in catalogue


def test_the_cube_keeps_its_integrity_with_values_entered(entered: Path) -> None:
    from graph.cubes import broken, normalised

    from kg.rdf.namespaces import PREFIXES
    from kg.rdf.quads import read_quads

    store = ox.Store()
    dump = next((entered / "current" / "dumps").glob("planlink.nq*"))
    store.bulk_extend(ox.Quad(q.subject, q.predicate, q.object) for q in read_quads(dump))
    asked = f"PREFIX qb: <{PREFIXES['qb']}> PREFIX plan: <{PREFIXES['plan']}> "
    assert bool(store.query(asked + "ASK { ?o a qb:Observation , plan:ActualValue }"))
    assert broken(normalised(store)) == []
