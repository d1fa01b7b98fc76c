"""Cross-checks: each finding by the smallest plan that has it, and the plan beside it without."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from kg.extract.model import Achievement, Extraction, Goal, Indicator, Quantity, Value
from kg.link.crosscheck import Finding, corroborations, cross_check
from kg.link.model import Link, Linked
from kg.rdf.iris import Node
from kg.source.text import Span

NOTHING = Extraction((), (), (), (), (), (), (), ())
AT = {name: Span(10 * i, 10 * i + 5) for i, name in enumerate(
    ["indicator", "target", "baseline", "goal", "result", "body"]
)}  # fmt: skip


def quantity(
    value: str | None,
    unit: str | None = "percent",
    basis: str = "PointInTime",
    at: str = "target",
    unit_text: str = "%",
) -> Quantity:
    number = None if value is None else Decimal(value)
    return Quantity(number, value or "完成任务", unit, unit_text, "Equal", basis, AT[at])


def indicator(
    name: str = "绿地率", unit: str | None = "percent", number: int | None = 1
) -> Indicator:
    return Indicator("1", name, AT["indicator"], unit, number=number)


def target(of: Quantity, sentence: str | None = None) -> Value:
    return Value("t", "Target", "1", of, (2025, 2025), sentence=sentence)


def baseline(of: Quantity) -> Value:
    return Value("b", "Baseline", "1", replace(of, span=AT["baseline"]), (2020, 2020))


def served() -> Link:
    """A measure that serves the indicator, which therefore is no finding itself."""
    return Link(Node("measure", "4.1"), "contributesTo", Node("indicator", "1"), "m", ())


def checked(
    *values: Value,
    one: Indicator | None = None,
    links: tuple[Link, ...] = (),
    concept: str | None = None,
    goals: tuple[Goal, ...] = (),
    results: tuple[Achievement, ...] = (),
) -> tuple[Finding, ...]:
    read = replace(
        NOTHING,
        indicators=(one or indicator(),),
        values=values,
        goals=goals,
        achievements=results,
    )
    concepts = {"1": concept} if concept else {}
    return cross_check(Linked(read, (served(), *links), concepts))


def kinds(found: tuple[Finding, ...]) -> list[str]:
    return [finding.kind for finding in found]


def test_a_plan_in_which_all_fits() -> None:
    assert (
        checked(target(quantity("40")), baseline(quantity("30")), concept="green-space-ratio") == ()
    )


@pytest.mark.parametrize(
    ("body", "table", "kind"),
    [
        ("AnnualAverage", "Cumulative", "SumDisagrees"),
        ("AnnualAverage", "AnnualAverage", "TextAndTableDisagree"),
        ("Cumulative", "Cumulative", "TextAndTableDisagree"),
        ("PointInTime", "PointInTime", "TextAndTableDisagree"),
    ],
)
def test_text_and_table_disagree(body: str, table: str, kind: str) -> None:
    of_text = Value("s", "Target", "1", quantity("2", basis=body, at="body"), (2021, 2025))
    of_table = target(quantity("8", basis=table))
    check = Link(
        Node("target", "s"), "inconsistentWith", Node("target", "t"), "m",
        (AT["body"], AT["target"]), explanation="2×5=10≠8", explanation_en="10, not 8",
    )  # fmt: skip
    one = indicator("新增就业")
    assert checked(of_text, of_table, one=one, links=(check,)) == (
        Finding(
            kind,
            (Node("target", "s"), Node("target", "t")),
            (AT["body"], AT["target"]),
            "“新增就业”：2×5=10≠8",
            "“新增就业”: 10, not 8",
        ),
    )
    agreed = replace(check, predicate="consistentWith")
    assert checked(of_text, of_table, one=one, links=(agreed,)) == ()


@pytest.mark.parametrize(
    ("concept", "before", "after", "words"),
    [
        ("gdp-growth", "6", "5.5", ("目标值5.5低于基期值6", "below the baseline 6")),
        ("gdp-growth", "6", "6", None),
        ("gdp-growth", "6", "≥5.5", None),  # a floor asks for no decline
        ("gdp-growth", "5.5", "6", None),
        (
            "surveyed-unemployment-rate",
            "5",
            "5.5",
            ("目标值5.5高于基期值5", "above the baseline 5"),
        ),
        ("surveyed-unemployment-rate", "5.5", "5", None),
        (None, "6", "5.5", None),  # not known whether more is better
        ("gdp-growth", None, "5.5", None),
        ("gdp-growth", "6", None, None),
    ],
)
def test_a_target_behind_its_baseline(
    concept: str | None, before: str | None, after: str | None, words: tuple[str, str] | None
) -> None:
    goal = quantity(after and after.lstrip("≥"))
    goal = replace(goal, comparator="AtLeast" if "≥" in (after or "") else "Equal")
    found = checked(target(goal), baseline(quantity(before)), concept=concept)
    assert kinds(found) == (["TargetBelowBaseline"] if words else [])
    for finding in found:
        assert words is not None
        assert words[0] in finding.zh and words[1] in finding.en
        assert finding.evidence == (AT["target"], AT["baseline"])
        assert finding.about == (
            Node("indicator", "1"),
            Node("target", "t"),
            Node("baseline", "b"),
        )


def test_growth_may_go_on_by_less() -> None:
    one = indicator("地区生产总值年均增长")
    values = (target(quantity("6")), baseline(quantity("6.4")))
    assert checked(*values, one=one, concept="gdp-growth") == ()


def test_a_sum_is_not_held_against_a_level() -> None:
    after = quantity("1", basis="Cumulative")
    assert checked(target(after), baseline(quantity("6")), concept="gdp-growth") == ()


@pytest.mark.parametrize(
    ("name", "unit", "basis", "found"),
    [
        ("常住人口", "person", "AnnualAverage", True),
        ("常住人口", "person", "PointInTime", False),
        ("常住人口", "person", "Cumulative", False),
        ("新增就业人数", "person", "AnnualAverage", False),  # counted over a time
        ("新改建农村公路", "kilometre", "AnnualAverage", False),
        ("地区生产总值", "percent", "AnnualAverage", False),  # a rate
        ("某项", None, "AnnualAverage", False),
    ],
)
def test_a_yearly_average_of_a_stock(name: str, unit: str | None, basis: str, found: bool) -> None:
    one = indicator(name, unit)
    findings = checked(target(quantity("5", unit, basis)), one=one)
    assert kinds(findings) == (["AverageOfStock"] if found else [])
    for finding in findings:
        assert finding.evidence == (AT["target"], AT["indicator"])
        assert finding.about[1] == Node("target", "t")


def test_what_a_verb_brings_about_each_year_is_no_stock() -> None:
    brought = target(quantity("100", "person", "AnnualAverage"), sentence="1.1.1")
    assert checked(brought, one=indicator("顶尖人才数量", "person")) == ()


@pytest.mark.parametrize(
    ("text_unit", "table_unit", "sentence", "number", "found"),
    [
        ("household", "person", "s", 1, True),
        ("ten-thousand-persons", "person", "s", 1, False),  # turns into it
        ("person", "person", "s", 1, False),
        ("household", "person", None, 1, False),  # a value of the table itself
        ("household", "person", "s", None, False),  # no indicator of the annex
        (None, "person", "s", 1, False),
        ("household", None, "s", 1, False),
    ],
)
def test_units_that_do_not_turn_into_one_another(
    text_unit: str | None, table_unit: str | None, sentence: str | None, number: int | None,
    found: bool,
) -> None:  # fmt: skip
    one = indicator("参保人数", table_unit, number)
    given = quantity("5", text_unit, at="body", unit_text="户")
    findings = checked(target(given, sentence), one=one)
    assert kinds(findings) == (["UnitChanges"] if found else [])
    for finding in findings:
        assert "“户”" in finding.zh and "“人”" in finding.zh
        assert finding.evidence == (AT["body"], AT["indicator"])


@pytest.mark.parametrize(
    ("what", "result", "unit", "findings", "same"),
    [
        ("绿地率", "31", "percent", ["ReviewAndBaselineDisagree"], 0),
        ("绿地率", "30", "percent", [], 1),
        ("绿地率", "30.0", "percent", [], 1),
        ("绿地率", "31", "person", [], 0),  # another unit counts something else
        ("绿地面积比率", "31", "percent", [], 0),  # not alike enough to contradict
        ("绿地面积比率", "30", "percent", [], 1),  # but alike enough to confirm
        ("失业", "30", "percent", [], 0),
    ],
)
def test_the_review_and_the_baselines(
    what: str, result: str, unit: str, findings: list[str], same: int
) -> None:
    told = Achievement("1", what, quantity(result, unit, at="result"), AT["result"])
    value = baseline(quantity("30"))
    found = checked(value, results=(told,))
    assert kinds(found) == findings
    for finding in found:
        assert finding.evidence == (AT["result"], AT["baseline"])
        assert finding.about[1] == Node("achievement", "1")
    read = replace(NOTHING, indicators=(indicator(),), values=(value,), achievements=(told,))
    assert corroborations(read) == [(value, told)] * same


def test_a_result_is_held_against_the_row_whose_name_is_nearest() -> None:
    told = Achievement("1", "铁路营业里程", quantity("38", at="result"), AT["result"])
    fast = indicator("城际铁路营业里程")
    assert kinds(checked(baseline(quantity("15")), one=fast, results=(told,))) != []
    rows = (fast, replace(indicator("铁路营业里程"), key="2", number=2))
    value = baseline(quantity("15"))
    read = replace(NOTHING, indicators=rows, values=(value,), achievements=(told,))
    found = cross_check(Linked(read, (served(),), {}))
    assert kinds(found) == ["IndicatorWithoutMeasure"]


@pytest.mark.parametrize("basis", ["Cumulative", "AnnualAverage"])
def test_what_is_of_years_is_not_held_against_the_value_of_one(basis: str) -> None:
    of_years = quantity("31.5", "person", basis, at="result")
    told = Achievement("1", "城镇新增就业", of_years, AT["result"])
    of_one = baseline(quantity("6.3", "person"))
    assert checked(of_one, one=indicator("城镇新增就业", "person"), results=(told,)) == ()


def test_a_baseline_in_words_confirms_nothing() -> None:
    told = Achievement("1", "绿地率", quantity(None, at="result"), AT["result"])
    value = baseline(quantity(None))
    read = replace(NOTHING, indicators=(indicator(),), values=(value,), achievements=(told,))
    assert corroborations(read) == []


@pytest.mark.parametrize(("measured", "found"), [(("1",), ["2"]), (("1", "2"), []), ((), [])])
def test_a_goal_that_no_indicator_measures(measured: tuple[str, ...], found: list[str]) -> None:
    """Where no goal at all is measured, the plan has no such links, which is no finding of one."""
    goals = tuple(Goal(n, f"目标{n}", AT["goal"], (AT["goal"],)) for n in ("1", "2"))
    vision = Goal("3", "远景", AT["goal"], (AT["goal"],), vision=True)
    links = tuple(
        Link(Node("goal", n), "measuredBy", Node("indicator", "1"), "m", ()) for n in measured
    )
    findings = checked(goals=(*goals, vision), links=links)
    assert [(f.kind, f.about, f.evidence) for f in findings] == [
        ("GoalWithoutIndicator", (Node("goal", n),), (AT["goal"],)) for n in found
    ]


@pytest.mark.parametrize(("number", "found"), [(1, True), (None, False)])
def test_an_annex_indicator_that_no_measure_serves(number: int | None, found: bool) -> None:
    read = replace(NOTHING, indicators=(indicator(number=number),))
    findings = cross_check(Linked(read, (), {}))
    assert kinds(findings) == (["IndicatorWithoutMeasure"] if found else [])
    assert kinds(cross_check(Linked(read, (served(),), {}))) == []
