"""Measures that serve an indicator's quantity, and measures of its subject alone."""

from __future__ import annotations

import pytest
from gold.annotations import invented
from link.promises import promises

from kg.document.structure import read_document
from kg.extract.model import Indicator
from kg.link.contributions import judge
from kg.link.links import link
from kg.link.model import Linked
from kg.link.pairs import FEATURES, about, asked, pairs
from kg.source.text import Span

PLANS = [plan for plan in invented() if plan["plan_period"]]


@pytest.mark.parametrize(
    ("name", "whole", "subject"),
    [
        ("规模以上人工智能核心产业营业收入", "人工智能核心产业营业收入", "人工智能核心产业"),
        ("研究与试验发展(R&D)经费支出与地区生产总值之比", "研究与试验发展经费支出", "研究与试验发展经费"),
        ("每千人口拥有执业(助理)医师数", "执业医师数", "执业医师"),
        ("单位GDP用水量下降率", "用水量下降率", "用水"),
        ("森林覆盖率", "森林覆盖率", "森林"),
        ("地区生产总值年均增长", "地区生产总值年均增长", "地区生产总值"),
    ],
)  # fmt: skip
def test_a_name_without_what_does_not_tell_it(name: str, whole: str, subject: str) -> None:
    assert about(name) == (whole, subject)


def test_a_quantity_is_not_found_in_another_ones_name() -> None:
    growth = asked(Indicator("1", "地区生产总值", Span(0, 6), None, number=1))
    assert "生产总值" not in growth.read("单位地区生产总值能耗下降")
    assert "生产总值" in growth.read("地区生产总值达到一千亿元")


@pytest.mark.parametrize(
    "text",
    [
        "统筹资金投入教育发展、医疗健康、居民增收等领域",
        "为新市民、增收困难农民等群体提供优质租赁住房",
    ],
)
def test_a_field_or_group_that_something_else_is_for_is_not_acted_on(text: str) -> None:
    income = asked(Indicator("1", "居民人均可支配收入增长", Span(0, 11), None, number=1))
    assert "增收" not in income.read(text)
    assert "居民增收" in income.read("拓宽渠道,促进居民增收")


def test_words_beside_the_name() -> None:
    places = asked(Indicator("1", "3岁以下婴幼儿入托率", Span(0, 10), None, number=1))
    assert ("托位",) in places.serves
    assert ("托育",) in places.concerns
    assert asked(Indicator("2", "从未有过的指标", Span(0, 7), None, number=2)).serves == ()
    water = asked(Indicator("3", "地表水优良水体比例", Span(0, 9), None, number=3))
    assert "地下水污染" in water.excluded


def test_what_counts_something_new_is_served_by_what_adds_to_it() -> None:
    text = "一、主要任务\n雨水泵站能力要按雨水量计算。新建雨水泵站。\n"
    document = read_document(text, "x")
    row = Indicator("1", "新增雨水泵站能力", Span(0, 8), None, number=1)
    numbers = [sentence.number for sentence in document.sentences]
    found = [pair.sentence.text for pair in pairs(document, numbers, [row], {})]
    assert found == ["新建雨水泵站。"]


@pytest.mark.parametrize(
    ("text", "target", "row"),
    [
        ("城市轨道交通运营里程达到160公里", "城市轨道交通运营里程", "铁路营业里程"),
        ("工业投资占固定资产投资比重不低于40%", "工业投资占固定资产投资比重", "固定资产投资增速"),
        ("邮轮旅客吞吐量恢复到60万人次", "邮轮旅客吞吐量", "机场旅客吞吐量"),
        ("新能源汽车产量占汽车产量比重达到40%", "新能源汽车产量占汽车产量比重", "汽车产量"),
        ("提高基础研究投入,基础研究经费年均增长9%", "基础研究经费年均增速", "研发经费投入增长"),
    ],
)  # fmt: skip
def test_a_target_for_another_quantity_serves_none_whose_words_it_has(
    text: str, target: str, row: str
) -> None:
    document = read_document(f"一、主要任务\n推进重点建设,{text}。\n", "x")
    rows = [Indicator("1", row, Span(0, len(row)), None, number=1)]
    numbers = [sentence.number for sentence in document.sentences]
    serves = judge("serves")
    alone, beside = (
        [one.stated or serves.probability(one.own) >= serves.least for one in found]
        for found in (
            pairs(document, numbers, rows, {numbers[-1]: [name]}) for name in (row, target)
        )
    )
    assert any(alone)
    assert not any(beside)


@pytest.mark.parametrize(
    ("text", "serves_row"),
    [
        ("公布一批省级文物保护单位", True),
        ("公布一批各级文物保护单位", True),
        ("公布一批市级文物保护单位", False),
    ],
)
def test_what_is_of_another_grade_is_not_counted(text: str, serves_row: bool) -> None:
    document = read_document(f"一、主要任务\n{text}。\n", "x")
    row = Indicator("1", "新增省级文物保护单位数量", Span(0, 12), None, number=1)
    numbers = [sentence.number for sentence in document.sentences]
    rule = judge("serves")
    found = [
        one.stated is not None or rule.probability(one.own) >= rule.least
        for one in pairs(document, numbers, [row], {})
    ]
    assert any(found) is serves_row


@pytest.mark.parametrize("name", ["serves", "concerns"])
def test_sharing_more_never_tells_against_a_link(name: str) -> None:
    rule = judge(name)
    assert (
        rule.probability([0.0] * len(FEATURES))
        < rule.least
        < rule.probability([1.0] * len(FEATURES))
    )
    assert min(rule.weights) >= 0


@pytest.fixture(scope="module")
def linked() -> list[tuple[dict[str, object], Linked]]:
    found = []
    for plan in PLANS:
        first, last = (int(year) for year in str(plan["plan_period"]).split("-"))
        document = read_document(plan["source"], plan["slug"])
        extraction = promises(document, (first, last))
        if any(i.number is not None for i in extraction.indicators):
            found.append((plan, link(document, extraction)))
    return found


def test_links_of_invented_plans(linked: list[tuple[dict[str, object], Linked]]) -> None:
    right = extra = missed = 0
    for plan, found in linked:
        rows = {i.key: i.number for i in found.extraction.indicators}
        spans = {m.number: m.span.start for m in found.extraction.measures}
        sentences = plan["sentences"]
        assert isinstance(sentences, dict)
        got = {
            (f"s{spans[one.subject.key]}", rows[one.object.key])
            for one in found.links
            if one.predicate == "contributesTo"
        }
        asked_for, left_open = (
            {
                (key, number)
                for key, s in sentences.items()
                if s["kind"] == "measure"
                for number in s[field]
            }
            for field in ("indicators", "optional_indicators")
        )
        right += len(got & asked_for)
        extra += len(got - asked_for - left_open)
        missed += len(asked_for - got)
    assert len(linked) >= 6
    assert right / (right + extra) >= 0.9
    assert right / (right + missed) >= 0.65


def test_links_say_how_sure_they_are(linked: list[tuple[dict[str, object], Linked]]) -> None:
    methods = {"SameQuantity": False, "QuantityWords": True, "SubjectWords": True}
    seen = set()
    for _, found in linked:
        sentence = {m.number: m.span for m in found.extraction.measures}
        ends: dict[str, set[tuple[str, str]]] = {"contributesTo": set(), "concerns": set()}
        for one in found.links:
            if one.predicate not in ends:
                continue
            seen.add(one.method)
            assert (one.score is not None) == methods[one.method]
            assert (one.predicate == "concerns") == (one.method == "SubjectWords")
            assert sentence[one.subject.key] in one.evidence
            assert all(sentence[one.subject.key].contains(span) for span in one.evidence)
            ends[one.predicate].add((one.subject.key, one.object.key))
        assert not ends["contributesTo"] & ends["concerns"]
    assert seen == set(methods)
