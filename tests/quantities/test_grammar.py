"""Numbers with units in running text: value, unit, comparator and place, and what is none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.quantities.grammar import Number, find_numbers, unit_of, units


def only(clause: str) -> Number:
    found = list(find_numbers(clause))
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("clause", "value", "unit", "comparator"),
    [
        ("高新技术企业达到140家", "140", "enterprise", "Equal"),
        ("轨道站点覆盖率不低于50%", "50", "percent", "AtLeast"),
        ("全科医生数3.52人以上", "3.52", "person", "AtLeast"),
        ("服务业占比超过12.5%", "12.5", "percent", "MoreThan"),
        ("失业率控制在5.5%以内", "5.5", "percent", "AtMost"),
        ("能耗降至30%", "30", "percent", "AtMost"),
        ("贫困人口少于3万人", "3", "ten-thousand-persons", "LessThan"),
        ("投资约20亿元", "20", "hundred-million-yuan", "About"),
        ("投资20亿元左右", "20", "hundred-million-yuan", "About"),
        ("绿地为0.8公顷", "0.8", "hectare", "Equal"),
        ("发展企业50余家", "50", "enterprise", "MoreThan"),  # more than the round number
        ("提高2个百分点", "2", "percentage-point", "Equal"),
    ],
)
def test_value_unit_and_comparator(
    clause: str, value: str, unit: str, comparator: str | None
) -> None:
    number = only(clause)
    assert number.unit is not None
    assert (number.value, number.unit.id, number.comparator) == (Decimal(value), unit, comparator)
    assert clause[number.start :].startswith(value)


@pytest.mark.parametrize(
    ("clause", "comparator"),
    [
        ("保持在不低于90%", "AtLeast"),  # the longer wording, not its beginning
        ("覆盖率达到不低于90%", "AtLeast"),  # a plain verb gives way to a bound beside it
        ("覆盖率不低于达到90%", "AtLeast"),
        ("失业率不高于5%", "AtMost"),  # "高于" alone would be more than
        ("失业率不超过5%", "AtMost"),
        ("企业达到90家以上", "AtLeast"),  # what follows the number decides
    ],
)
def test_the_comparator_that_wins(clause: str, comparator: str) -> None:
    assert only(clause).comparator == comparator


def test_places_are_those_of_the_clause() -> None:
    clause = "力争就业达到1.7万人以上,其他"
    number = only(clause)
    assert clause[number.start : number.end] == "1.7万人以上"
    assert clause[number.lead : number.start] == "达到"
    assert number.unit_text == "万人"
    assert number.governed
    assert not only("就业1.7万人").governed


@pytest.mark.parametrize("between", ["-", "—", "~", "至"])
def test_a_range_has_both_ends(between: str) -> None:
    number = only(f"建设停车场3{between}5.5个")
    assert (number.value, number.upper) == (Decimal(3), Decimal("5.5"))
    assert only("建设停车场3个").upper is None


def test_several_numbers_in_order() -> None:
    found = list(find_numbers("雏鹰、瞪羚企业分别达到100家和6家"))
    assert [(n.value, n.unit_text) for n in found] == [(100, "家"), (6, "家")]


def test_a_number_without_a_unit_counts_at_the_end_under_a_verb() -> None:
    assert only("人均预期寿命指数达到1.05").unit is None
    assert list(find_numbers("人均预期寿命指数1.05")) == []
    assert list(find_numbers("指数达到1.05的要求")) == []


@pytest.mark.parametrize(
    "clause",
    [
        "到2025年",
        "2017-2025年",
        "5月底前",
        "自2020年以来",
        "30年来",
        "自6月1日起",
        "在2021基础上",
        "实施第2期工程",
        "每5家企业",
        "构建15分钟健身圈",
        "推进5G网络建设",
        "建设110千伏变电站",
        "落实《新建5所养老院方案》",
        "创建3A级景区",
        "推广V2.0家",
        "建设“十四五-5家”",
        "没有数字",
        "",
    ],
)
def test_no_quantity(clause: str) -> None:
    assert list(find_numbers(clause)) == []


def test_a_number_after_a_title_counts() -> None:
    assert only("落实《方案》,新建5所养老院").value == 5


@pytest.mark.parametrize(
    ("label", "unit"),
    [("%", "percent"), ("百分点", "percentage-point"), ("万家", "ten-thousand-enterprises")],
)
def test_a_printed_label_means_a_unit(label: str, unit: str) -> None:
    found = unit_of(label)
    assert found is not None
    assert found.id == unit


def test_an_unknown_label_means_none() -> None:
    assert unit_of("光年") is None


def test_every_label_means_one_unit() -> None:
    labels = [label for unit in units().values() for label in unit.labels]
    assert sorted(labels) == sorted(set(labels))


def test_every_base_is_a_unit_and_has_none_itself() -> None:
    for unit in units().values():
        assert unit.factor > 0
        if unit.base is not None:
            assert units()[unit.base].base is None
