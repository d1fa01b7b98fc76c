"""Sheets as offices write them are read right, or refused in a line that names the place
(sheets.toml).
"""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sheet_files import Case, written
from support import run

from kg.errors import PlanlinkError
from kg.link.reading import Reading, read_plan
from kg.monitoring.entry import Resolver
from kg.monitoring.log import read_log
from kg.monitoring.model import Entry, Observation
from kg.monitoring.record import Outcome, observe
from kg.monitoring.sheet import Row, read_sheet
from kg.source.plan import load_plan

HERE = Path(__file__).parent
CASES: list[Case] = tomllib.loads((HERE / "sheets.toml").read_text(encoding="utf-8"))["sheet"]
BASE = "http://localhost:8000"
# The sheets of the brief, as rows of indicator, period and number; none where a row is refused.
SHARED = {
    "01-percent-format.xlsx": [("4", "2023", "83.2")],
    "10-merged-source.xlsx": [("1", "2023", "560"), ("1", "2024", "590")],
    "17-date-slash.xlsx": [("1", "2023", "560")],
    "39-ok.ods": [("1", "2023", "560")],
    "52-utf16le-tab.csv": [("1", "2023", "560")],
}


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Reading:
    """An invented plan of a county with seven indicators."""
    folder = tmp_path_factory.mktemp("qingshi") / "plan"
    done = run("new", HERE / "qingshi.md", folder)
    assert done.returncode == 0, done.stderr
    return read_plan(load_plan(folder), lambda _: None, lambda _: None)


@pytest.fixture
def plan(reading: Reading) -> Iterator[Reading]:
    """The plan, with nothing entered."""
    yield reading
    shutil.rmtree(reading.plan.folder / "monitoring", ignore_errors=True)


def taken(plan: Reading, file: Path) -> Outcome:
    return observe(plan, file, "x", file.name, False, BASE)


def row(plan: Reading, one: Observation) -> list[str]:
    """An observation as sheets.toml gives it."""
    numbers = {i.key: str(i.number) for i in plan.linked.extraction.indicators}
    ends = [format(n.normalize(), "f") for n in (one.number, one.upper) if n is not None]
    assert one.period is not None
    return [numbers[one.indicator], one.period.key, *(ends or [""]), one.unit or ""]


@pytest.mark.parametrize("case", [c for c in CASES if "right" in c], ids=lambda case: case["name"])
def test_what_is_plain_is_taken(case: Case, reading: Reading, tmp_path: Path) -> None:
    resolver = Resolver(reading.linked.extraction, reading.document.text)
    sheet = read_sheet(written(case, tmp_path))
    found = [resolver.observation(Entry(1, one.number, one.column), one) for one in sheet.rows]
    assert [faults for _, faults in found if faults] == []
    assert [row(reading, one) for one, _ in found] == case["right"]
    for name in ("date", "comparator", "status"):
        if name in case:
            assert [getattr(one, name) for one, _ in found] == [case[name]]


@pytest.mark.parametrize(
    "case", [c for c in CASES if "refused" in c], ids=lambda case: case["name"]
)
def test_what_is_not_is_refused_with_its_place(case: Case, plan: Reading, tmp_path: Path) -> None:
    file = written(case, tmp_path)
    try:
        faults = of_cells(plan, file) or of_shapes(plan, file)
    except PlanlinkError as error:
        assert "at" not in case, error
        assert case["refused"] in str(error)
        assert "\n" not in str(error)
    else:
        assert len({number for number, _, _ in faults}) == len(faults)
        number, column, told = faults[-1]
        assert case["refused"] in told and "\n" not in told
        if "at" in case:
            assert f"{column.partition(' ')[0]}{number}" == case["at"]


def of_cells(plan: Reading, file: Path) -> list[tuple[int, str, str]]:
    """What is wrong with single cells: row, column and words."""
    sheet = read_sheet(file)
    resolver = Resolver(plan.linked.extraction, plan.document.text)
    return [
        (one.number, one.columns.get(fault.column, ""), fault.zh)
        for one in sheet.rows
        for fault in resolver.observation(Entry(1, one.number, one.column), one)[1]
    ]


def of_shapes(plan: Reading, file: Path) -> list[tuple[int, str, str]]:
    """What SHACL has against rows whose cells are plain; nothing is kept."""
    outcome = taken(plan, file)
    assert read_log(plan.plan.folder).observations == ()
    return [(a.row, fault.column, fault.zh) for a in outcome.answers for fault in a.wrong]


@pytest.mark.parametrize("name", SHARED)
def test_the_shared_sheets_are_taken(name: str, plan: Reading, shared: Path) -> None:
    outcome = taken(plan, shared / "cases" / "sheets" / name)
    assert outcome.accepted, outcome.answers
    keys = {i: key for (kind, key), i in plan.register.identifiers.items() if kind == "indicator"}
    log = read_log(plan.plan.folder).of_plan(lambda _, one: keys[one], lambda _: None)
    assert [tuple(row(plan, one)[:3]) for one in log.observations] == SHARED[name]


def test_of_a_formula_the_result_counts_and_an_error_is_named(plan: Reading, shared: Path) -> None:
    outcome = taken(plan, shared / "cases" / "sheets" / "04-formula-cached.xlsx")
    first, second = outcome.answers
    assert (first.wrong, first.change) == ((), "new")
    assert "#DIV/0!" in second.wrong[0].zh and second.wrong[0].column == "C 数值"


def test_each_value_of_a_row_is_kept_and_superseded_by_itself(
    plan: Reading, tmp_path: Path
) -> None:
    heads = ["指标", "单位", "2023年", "2024年", "状态", "来源"]
    for at, told in enumerate([(560, 590, ""), ("", 595, "更正")]):
        folder = tmp_path / str(at)
        folder.mkdir()
        table = [heads, ["1", "亿元", *told, "公报"]]
        assert taken(plan, written({"table": table}, folder)).accepted
    log = read_log(plan.plan.folder)
    assert [one.entry.key for one in log.observations] == ["1-2C", "1-2D", "2-2D"]
    assert sorted(one.entry.key for one in log.current.values()) == ["1-2C", "2-2D"]


def test_every_bad_row_of_the_shared_sheet_is_refused(plan: Reading, shared: Path) -> None:
    outcome = taken(plan, shared / "cases" / "sheets" / "bad.csv")
    assert [answer.row for answer in outcome.answers if answer.wrong] == [2, 3, 4, 5, 6]


def test_the_line_names_sheet_row_and_column(reading: Reading, tmp_path: Path) -> None:
    case: dict[str, Any] = {
        "table": [["指标", "时期", "数值", "来源", "上年"], ["1", 2023, "0x1F", "公报", 1]]
    }
    done = run("observe", reading.plan.folder, written(case, tmp_path))
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "sheet 汇总, row 2, column C 数值 (地区生产总值 2023): 数值“0x1F”不是数字" in done.stderr
    assert "not read: columns E 上年" in done.stderr


def test_a_number_means_the_row_and_not_its_parts(reading: Reading) -> None:
    """5 is the row above 5-1; where only 6-1 and 6-2 are in the annex, 6 is neither."""
    places = {5: (5, None), 6: (5, 1), 3: (6, 1), 7: (6, 2)}
    found = reading.linked.extraction
    parted = [
        replace(i, number=places[i.number][0], part=places[i.number][1])
        for i in found.indicators
        if i.number in places
    ]
    resolver = Resolver(replace(found, indicators=tuple(parted)), "")
    named = {text: resolver.indicator(text) for text in ("5", "5-1", "5 城镇新增就业", "6", "6-2")}
    assert [one and one.name for one in named.values()] == [
        "城镇新增就业", "高标准农田面积", "城镇新增就业", None, "城镇调查失业率",
    ]  # fmt: skip
    cells = dict.fromkeys(("unit", "source"), "") | {
        "indicator": "6",
        "period": "2023",
        "value": "1",
    }
    faults = resolver.observation(Entry(1, 2), Row(2, cells, {}))[1]
    assert [fault.column for fault in faults] == ["indicator"]
    assert "6-1 常住人口、6-2 城镇调查失业率" in faults[0].zh


def test_of_two_tables_numbered_alike_the_name_tells_the_row(reading: Reading) -> None:
    """As the refusal of the number alone asks for it, and as templates write it."""
    found = reading.linked.extraction
    alike = [replace(i, number=1, part=None) for i in found.indicators if i.number in (5, 6)]
    resolver = Resolver(replace(found, indicators=tuple(alike)), "")
    assert resolver.indicator("1") is None and len(alike) == 2
    assert [resolver.indicator(f"1 {one.name}") for one in alike] == alike
    assert resolver.indicator("1 无此指标") is None
