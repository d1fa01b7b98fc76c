"""Numbers with units in running text: value, unit, comparator and place, and what is none."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kg.quantities.grammar import (
    Number,
    cell_number,
    find_numbers,
    read_numbers,
    unit_of,
    units,
)
from kg.quantities.numerals import value_of


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
        ("能耗降至30%", "30", "percent", "Equal"),
        ("能耗降到30%", "30", "percent", "Equal"),
        ("能耗控制至30%", "30", "percent", "AtMost"),
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
        ("年用水总量不突破250亿立方米", "AtMost"),
        ("用水总量未突破250亿立方米", "AtMost"),
        ("产值突破250亿元", "MoreThan"),
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


def test_a_year_is_no_end_of_a_range() -> None:
    change, level = find_numbers("普及率提高4.6个百分点至2020年的97.7%")
    assert (change.value, change.upper, change.unit_text) == (Decimal("4.6"), None, "个百分点")
    assert (level.value, level.since) == (Decimal("97.7"), "")
    assert only("产值是2020年的2.1倍").since == "是2020年的"


@pytest.mark.parametrize(
    ("clause", "value", "unit"),
    [
        ("达到1,200亿元", "1200", "hundred-million-yuan"),
        ("达到1，200亿元", "1200", "hundred-million-yuan"),
        ("达到１２．５％", "12.5", "percent"),
        ("达到百分之三十五", "35", "percent"),
        ("突破一千亿元", "1000", "hundred-million-yuan"),
        ("突破千亿元", "1000", "hundred-million-yuan"),
        ("达到两千三百万亩", "2300", "ten-thousand-mu"),
        ("达到四成五", "45", "percent"),
        ("占到四分之一", "25", "percent"),
        ("比2025年翻两番", "4", "times"),
        ("城镇化率提高一个百分点", "1", "percentage-point"),
        ("执业医师达到三点二人", "3.2", "person"),
        ("龙头企业增加到五家", "5", "enterprise"),
        ("选派三十名专家", "30", "person"),
        ("控制在10/10万以内", "10", "per-hundred-thousand"),
        ("缩小到2.3∶1", "2.3", "to-one"),
        ("达到5万余户", "5", "ten-thousand-households"),
        ("达到1.9万口", "19000", "piece"),
        ("达到500万千瓦(5GW)", "500", "ten-thousand-kilowatts"),
        ("年限提高到11.5年", "11.5", "year"),
        ("位居全国第3位", "3", "rank"),
    ],
)
def test_numerals_and_units_of_every_kind(clause: str, value: str, unit: str) -> None:
    number = only(clause)
    assert number.unit is not None
    assert (number.value, number.unit.id) == (Decimal(value), unit)


@pytest.mark.parametrize(
    ("clause", "unit"),
    [("达到百分之三十五", "%"), ("控制在千分之三以内", "‰"), ("达到500万千瓦", "万千瓦")],
)
def test_a_unit_is_called_by_what_stands_behind_a_number(clause: str, unit: str) -> None:
    assert only(clause).unit_text == unit


def test_a_fall_is_negative_and_its_bounds_turn() -> None:
    number = only("能耗比2025年下降13.5%以上")
    assert (number.value, number.comparator, number.since) == (
        Decimal("-13.5"),
        "AtMost",
        "比2025年",
    )
    assert number.change
    assert not only("能耗降至13.5%").change
    assert only("控制在-2%以内").comparator == "AtLeast"


def test_a_result_says_how_much_it_fell_without_a_sign() -> None:
    result = only("浓度下降29%以上").as_result()
    assert (result.value, result.comparator) == (29, "AtLeast")
    risen = only("比重由30%提高到35%").as_result()
    assert risen.base is not None
    assert (risen.base.value, risen.value) == (30, 35)
    bound = only("防洪标准由不足20年一遇提升到50年一遇")
    assert bound.base is not None
    assert (bound.base.value, bound.base.comparator, bound.value) == (20, "LessThan", 50)


def test_a_unit_of_a_rate_is_kept_as_printed() -> None:
    number = only("产出达到450千瓦时/户")
    assert (number.unit, number.unit_text, number.value) == (None, "千瓦时/户", 450)


@pytest.mark.parametrize(
    "clause",
    [
        "结构调整为5:40:55",
        "能耗减少三分之一",
        "速度达到3Xbps",
        "开行量突破1000飗",
        "电量高于全省平均水平3个百分点",
        "大班额占比由6.7%降为零",
    ],
)
def test_what_is_half_understood_is_no_quantity(clause: str) -> None:
    assert list(find_numbers(clause)) == []
    assert sum(number.half for number in read_numbers(clause)) == 1


@pytest.mark.parametrize(
    "clause", ["三个方面", "千家万户", "一次办好", "亿元以上企业", "三年行动", "双一流"]
)
def test_words_with_chinese_digits_are_no_quantities(clause: str) -> None:
    assert read_numbers(clause) == ()


@pytest.mark.parametrize(
    ("cell", "value", "comparator"),
    [
        ("≥35", "35", "AtLeast"),
        ("四成左右", "40", "About"),
        ("一千亿元", "1000", None),
        ("10/10万", "10", None),
        ("3-5", "3", "Between"),
        ("≤5-6%", "5", "Between"),  # an upper bound beside any other comparator is refused
        ("下降10%以上", "-10", "AtMost"),
        ("下降到5.1", "5.1", None),
        ("控制在5.1", "5.1", "AtMost"),
        ("逐年下降3%", "-3", None),
    ],
)
def test_a_cell_is_read_by_the_same_grammar(cell: str, value: str, comparator: str | None) -> None:
    number = cell_number(cell)
    assert number is not None
    assert (number.value, number.comparator) == (Decimal(value), comparator)


@pytest.mark.parametrize("cell", ["8358/244", "基本完成", "5:40:55"])
def test_a_cell_of_more_or_less_than_one_number_is_none(cell: str) -> None:
    assert cell_number(cell) is None


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
        "2020年7月17日召开会议",
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


@pytest.mark.parametrize(
    ("numeral", "value"),
    [("十点二", "10.2"), ("三点", "3"), ("三点五点", None), ("三点百", None), ("三点几", None)],
)
def test_digits_alone_stand_behind_a_point(numeral: str, value: str | None) -> None:
    assert value_of(numeral) == (None if value is None else Decimal(value))
