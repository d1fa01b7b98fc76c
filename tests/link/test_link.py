"""Links of the flagship: what is checked against what, and how links say they were found."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import pytest
from support import FLAGSHIP

from kg.document.structure import read_document
from kg.extract.extraction import extract
from kg.link.crosscheck import cross_check
from kg.link.explaining import explained
from kg.link.links import link
from kg.link.model import Linked
from kg.source.plan import load_plan


@pytest.fixture(scope="module")
def linked() -> Linked:
    plan = load_plan(FLAGSHIP)
    document = read_document(plan.source, "x", plan.errata)
    return link(document, extract(document, plan.period, plan.area))


def test_body_targets_are_checked_against_the_annex(linked: Linked) -> None:
    checks = {
        c.object.key: c
        for c in linked.links
        if c.predicate in ("consistentWith", "inconsistentWith")
    }
    assert {n: c.predicate for n, c in checks.items()} == {
        "8": "consistentWith", "6": "inconsistentWith", "9": "consistentWith", "15": "consistentWith",
        "16": "consistentWith",
        "21": "consistentWith", "22": "consistentWith", "23": "consistentWith",
    }  # fmt: skip
    assert "年均1.7×5年=8.5" in checks["16"].explanation
    assert (
        "“学前教育三年毛入园率”" in checks["22"].explanation
        and "“学前教育毛入学率”" in checks["22"].explanation
    )
    assert "超过2.6%" in checks["6"].explanation


def test_a_baseline_that_the_text_repeats_is_one() -> None:
    """What the text says beside the table: the same baseline, and another one."""
    document = read_document(
        "第一章 主要目标\n到2030年，每千人口医师数由2.4人提高到3.1人。"
        "到2030年，城镇化率由54%提高到60%。\n表1 主要指标\n序号\t指标\t2025年\t2030年目标\t属性\n"
        "1\t城镇化率（%）\t55\t60\t预期性\n2\t每千人口医师数（人）\t2.4\t3.1\t预期性\n"
        "3\t森林覆盖率（%）\t32\t35\t约束性\n",
        "x",
    )
    found = link(document, extract(document, (2026, 2030), "墨池县"))
    baselines = [v for v in found.extraction.values if v.kind == "Baseline"]
    assert [(v.indicator, v.quantity.text) for v in baselines] == [
        ("1", "55"),
        ("2", "2.4"),
        ("3", "32"),
    ]
    compared = {"consistentWith", "inconsistentWith"}
    agree = [one.predicate for one in found.links if one.predicate in compared]
    assert agree == ["consistentWith"] * 2, "targets are compared with targets"
    said = [f.values for f in found.extraction.findings if f.kind == "baselines-differ"]
    assert said == [{"name": "城镇化率", "text": "54%", "kept": "55"}]


def test_key_zones_have_four_sides(linked: Linked) -> None:
    sides = Counter(
        (x.subject.key, x.predicate) for x in linked.links if x.predicate.endswith("Boundary")
    )
    assert {zone for zone, _ in sides} == {
        "西站枢纽经济区",
        "光荣道智能科技示范区",
        "三岔河口文旅商贸区",
    }
    assert len(sides) == 12
    assert sides["西站枢纽经济区", "southBoundary"] == 2


def test_chapters_support_the_goals_of_their_subject(linked: Linked) -> None:
    goal = {x.subject.key: x.object.key for x in linked.links if x.subject.kind == "section"}
    assert {n: goal.get(n) for n in ("4", "5", "6", "7", "8", "9", "10", "11", "12", "13")} == {
        "4": "1", "5": "1", "6": "2", "7": "5", "8": "6", "9": "3", "10": "7", "11": "6", "12": "4", "13": None,
    }  # fmt: skip


def test_links_by_words_carry_a_score_and_others_none(linked: Linked) -> None:
    for one in linked.links:
        assert one.evidence
        if one.method in ("SimilarWords", "SubjectWords"):
            assert one.score is not None and 0 <= one.score <= 1
        elif one.method in ("NamedInSentence", "BoundaryStatement", "SameQuantity", "SameSentence"):
            assert one.score is None


def test_cells_before_a_measure_say_where_and_by_whom() -> None:
    text = """第一章 空间布局
专栏1 新城功能定位
桥林新城    以发展先进制造业为主，重点发展集成电路产业。
青禾区    柳埠大学    建设口袋公园，新增绿地20公顷。
桥林新城重点发展集成电路产业。
"""
    document = read_document(text, "plan.txt")
    linked = link(document, extract(document, (2021, 2025), "云湖市"))
    found = [x for x in linked.links if x.method == "NamedInRow"]
    assert [(x.subject.key, x.predicate, x.object.key) for x in found] == [
        ("box1.1", "locatedIn", "桥林新城"),
        ("box1.2", "locatedIn", "青禾区"),
        ("box1.2", "involves", "柳埠大学"),
    ]
    said = explained("NamedInRow", "locatedIn", [document.printed(found[0].evidence[0])])
    assert said[0] == "表中同一行写明“桥林新城”"


_RATES_BESIDE_LEVELS = """第一章 主要目标
第一节 “十四五”时期发展成就
规模以上服务业企业由2020年的64户增加到96户。
第二节 主要目标
到2030年，地区生产总值达到690亿元，年均增长6.5%左右，规模以上服务业企业达到140户。
城镇化率达到66%，住宅电梯达到3800部。展望二〇三五年，人均地区生产总值比2025年翻一番。
表1 主要指标
序号\t指标名称\t单位\t2025年\t2030年\t年均增长〔累计〕\t属性
1\t地区生产总值\t亿元\t512.6\t690\t6.5%左右\t预期性
2\t城镇化率\t%\t61.2\t66\t〔4.8〕\t预期性
3\t规模以上服务业企业数\t户\t96\t140\t〔44〕\t预期性
\t其中：科技服务业企业数\t户\t31\t52\t〔21〕\t预期性
4\t城乡居民收入比\t\t2.3\t<2.15\t\t预期性
第二章 发展现代产业
到2030年，规模以上服务业总收入突破300亿元。规模以上服务业企业由2020年的64户增加到140户。
科技服务业企业达到52家。城镇化率达到67%。城乡居民收入比降至2.15以下。到2028年，规模以上服务业企业达到125户。
利用外资由2025年的1.2亿元增加到2030年的3亿元。
规模以上服务业企业较2025年增加44户。科技服务业企业比2025年净增20家。地区生产总值比2025年增加177.4亿元。
"""


@pytest.fixture(scope="module")
def rates_beside_levels() -> Linked:
    document = read_document(_RATES_BESIDE_LEVELS, "x")
    return link(document, extract(document, (2026, 2030), "墨池市"))


def test_a_target_is_compared_with_the_value_of_its_row_on_its_basis(
    rates_beside_levels: Linked,
) -> None:
    """Levels with levels and rates with rates, of the same year: not 690 with 6.5% a year."""
    compared = {"consistentWith", "inconsistentWith"}
    found = rates_beside_levels.extraction
    said = {v.key: v.quantity.text for v in found.values if v.kind == "Target"}
    checks = [
        (said[c.subject.key], c.predicate, said[c.object.key])
        for c in rates_beside_levels.links
        if c.predicate in compared
    ]
    assert checks == [
        ("达到690亿元", "consistentWith", "690"),
        ("年均增长6.5%左右", "consistentWith", "6.5%左右"),
        ("达到140户", "consistentWith", "140"),
        ("达到66%", "consistentWith", "66"),
        ("由2020年的64户增加到140户", "consistentWith", "140"),
        ("达到52家", "consistentWith", "52"),
        ("达到67%", "inconsistentWith", "66"),
        ("降至2.15以下", "consistentWith", "<2.15"),
        ("较2025年增加44户", "consistentWith", "140"),
        ("20家", "inconsistentWith", "〔21〕"),
        ("比2025年增加177.4亿元", "consistentWith", "690"),
    ]
    kinds = {f.kind for f in cross_check(rates_beside_levels)}
    assert "UnitChanges" not in kinds, "a rate of growth is in percent whatever it is of"
    assert "ReviewAndBaselineDisagree" not in kinds, "64 is the value of 2020"
    assert [f.kind for f in found.findings] == []


def test_names_that_share_a_head_are_not_one_quantity(rates_beside_levels: Linked) -> None:
    found = rates_beside_levels.extraction
    own = {i.name for i in found.indicators if i.number is None}
    assert {"规模以上服务业总收入", "人均地区生产总值"} <= own


@pytest.mark.parametrize(
    ("said", "compared"),
    [
        ("高新技术企业达到2万家", "consistentWith"),
        ("高新技术企业不超过2万家", "inconsistentWith"),
        ("细颗粒物年均浓度达到19微克/立方米", "consistentWith"),
    ],
)
def test_a_target_is_compared_with_its_row(said: str, compared: str) -> None:
    document = read_document(
        f"第一章 主要目标\n到2030年，{said}。\n表1 主要指标\n序号\t指标\t2025年\t2030年\t属性\n"
        "1\t高新技术企业（家）\t15000\t20000\t预期性\n"
        "2\t细颗粒物（PM2.5）年均浓度（微克/立方米）\t22\t19\t约束性\n",
        "x",
    )
    found = link(document, extract(document, (2026, 2030), "墨池县"))
    assert [c.predicate for c in found.links if "onsistentWith" in c.predicate] == [compared]


@pytest.mark.parametrize(
    ("said", "of_the_row"),
    [
        ("旅游产业增加值占GDP比重达到6.8%", None),
        ("数字经济产业增加值占GDP比重达到9%", None),
        ("战略性新兴产业产值占规上工业总产值比重达到30%", None),
        ("数字经济核心产业增加值占地区生产总值的比重达到15%", "1"),
        ("高新技术产业产值占规模以上工业总产值比重达到40%", "2"),
        ("全社会研发经费投入年均增长8%", None),
        ("地区生产总值突破500亿元", None),
        ("园区规模以上工业总产值突破400亿元", None),
        ("规模以上工业总产值突破460亿元", "5"),
        ("万元规模以上工业总产值用水量下降12%", None),
        ("5A级旅游景区达到3家", None),
        ("A级旅游景区达到40家", "6"),
        ("新增冷链仓库库容40万立方米", None),
        ("森林覆盖率稳定在41.5%", None),
        ("林木绿化覆盖率达到43%", None),
        ("成片危旧住房改造面积达到20万平方米", None),
        ("算力规模达到60EFLOPS", "10"),
        ("智算规模达到50EFLOPS", None),
    ],
)
def test_one_measure_of_different_things_is_not_one_quantity(
    said: str, of_the_row: str | None
) -> None:
    document = read_document(
        f"第一章 主要目标\n到2030年，{said}。\n表1 主要指标\n序号\t指标\t2025年\t2030年\t属性\n"
        "1\t数字经济核心产业增加值占GDP比重（%）\t12\t15\t预期性\n"
        "2\t高新技术产业产值占规上工业总产值比重（%）\t35\t40\t预期性\n"
        "3\t全社会研发经费投入强度（%）\t1.9\t2.6\t预期性\n"
        "4\t地区生产总值增长（%）\t6.2\t5.5\t预期性\n"
        "5\t规模以上工业总产值（亿元）\t298\t460\t预期性\n"
        "6\tA级以上旅游景区（家）\t31\t40\t预期性\n"
        "7\t冷链仓库库容（万立方米）\t112\t152\t预期性\n"
        "8\t林木覆盖率（%）\t27.1\t27.5\t预期性\n"
        "9\t危旧住房改造面积（万平方米）\t31\t60\t预期性\n"
        "10\t算力规模（EFLOPS）\t15\t60\t预期性\n",
        "x",
    )
    found = link(document, extract(document, (2026, 2030), "墨池县")).extraction
    told = [v.indicator for v in found.values if v.sentence is not None]
    assert [None if found.indicator[i].number is None else i for i in told] == [of_the_row]


def test_the_years_that_a_sentence_gives(rates_beside_levels: Linked) -> None:
    """By which year, since which, and of which year the value is that it starts from."""
    found = rates_beside_levels.extraction
    names = {"人均地区生产总值", "利用外资"}
    years = [
        (found.indicator[v.indicator].name, v.kind, v.period[1], v.quantity.relative_to)
        for v in found.values
        if found.indicator[v.indicator].name in names
    ]
    assert years == [
        ("人均地区生产总值", "Target", 2035, 2025),
        ("利用外资", "Target", 2030, None),
        ("利用外资", "Baseline", 2025, None),
    ]


def test_a_fall_has_a_sign_unless_the_name_says_that_it_falls() -> None:
    document = read_document(
        "第一章 主要目标\n到2030年，单位国内生产总值二氧化碳排放下降17%以上。\n"
        "表1 主要指标\n序号\t指标\t单位\t2025年\t2030年\t属性\n"
        "1\t亿元地区生产总值事故死亡率\t人/亿元\t0.021\t下降10%\t约束性\n"
        "2\t单位GDP二氧化碳排放降低\t%\t-\t降低17%\t约束性\n"
        "3\t规上工业增加值率\t%\t20\t提高1-2个百分点\t预期性\n",
        "x",
    )
    found = link(document, extract(document, (2026, 2030), "墨池县")).extraction
    told = [
        (v.indicator, v.quantity.value, v.quantity.comparator, v.quantity.relative_to)
        for v in found.values
        if v.kind == "Target"
    ]
    assert sorted(told, key=str) == [
        ("1", Decimal(-10), "Equal", 2025),
        ("2", Decimal(17), "AtLeast", 2025),
        ("2", Decimal(17), "Equal", None),
        ("3", Decimal(1), "Between", 2025),
    ]


def test_a_yearly_average_that_the_level_grows_by_is_in_percent() -> None:
    document = read_document(
        "第一章 主要目标\n表1 主要指标\n序号\t指标\t单位\t2025年\t2030年\t年均/累计\t属性\n"
        "1\t全员劳动生产率\t万元/人\t16.2\t21.3\t5.6\t预期性\n"
        "2\t人均预期寿命\t岁\t78.9\t79.9\t0.2\t预期性\n",
        "x",
    )
    values = extract(document, (2026, 2030), "墨池县").values
    yearly = [v.quantity.unit for v in values if v.quantity.basis == "AnnualAverage"]
    assert yearly == ["percent", "year"]


def test_what_some_firms_are_to_reach_is_no_row_of_the_area() -> None:
    document = read_document(
        "第一章 主要目标\n表1 主要指标\n序号\t指标\t单位\t2025年\t2030年\t属性\n"
        "1\t全员劳动生产率\t万元/人\t16.2\t21.3\t预期性\n"
        "第二章 主要任务\n一、深化改革\n深化改革，县管企业全员劳动生产率提高20%。\n"
        "加强培训，全员劳动生产率达到21.3万元/人。\n",
        "x",
    )
    found = link(document, extract(document, (2026, 2030), "墨池县")).extraction
    names = {i.key: i.name for i in found.indicators}
    told = {(names[v.indicator], v.sentence) for v in found.values if v.kind == "Target"}
    assert told == {
        ("全员劳动生产率", None),
        ("全员劳动生产率", "2.1.2"),
        ("县管企业全员劳动生产率", "2.1.1"),
    }


def test_how_many_times_as_much_there_is_to_be_is_no_rate_of_growth() -> None:
    document = read_document(
        "第一章 主要目标\n第一节 二〇三五年远景目标\n到2035年，地区生产总值比2025年翻一番。\n"
        "表1 主要指标\n序号\t指标\t单位\t2025年\t2030年\t属性\n"
        "1\t地区生产总值增速\t%\t5.5\t6左右\t预期性\n2\t全员劳动生产率\t万元/人\t16\t21\t预期性\n",
        "x",
    )
    found = link(document, extract(document, (2026, 2030), "墨池县")).extraction
    (doubled,) = (v for v in found.values if v.quantity.unit == "times")
    assert found.indicator[doubled.indicator].number is None


def test_units_of_a_column_are_kept_as_printed() -> None:
    document = read_document(
        "第一章 主要目标\n表1 主要指标\n序号\t指标\t单位\t2025年\t2030年\t属性\n"
        "1\t每万人口专利拥有量\t件\t4.2\t6.5\t预期性\n2\t每千人口养老床位数\t张\t31\t38\t预期性\n"
        "3\t平均受教育年限\t年\t11\t11.8\t约束性\n4\t托位数\t个\t3\t5\t预期性\n",
        "x",
    )
    units = [(i.unit, i.unit_text) for i in extract(document, (2026, 2030), "墨池县").indicators]
    assert units == [("piece", "件"), ("piece", "张"), ("year", "年"), ("piece", "")]


def test_who_is_charged_is_linked_with_his_part() -> None:
    document = read_document(
        "一、总体要求\n坚持稳中求进。\n二、重点任务\n"
        "• 新建公园2座，绿地率达到40%〔责任单位：招商一局、各镇（街道）；配合单位：团工委〕。\n"
        "• 招商一局组织推介活动。\n"
        "• 由市水务局牵头，墨池区人民政府、各镇（街道）分工配合，推进栖霞河堤防加固。\n"
        "• 由栖霞自治州民政厅会同栖霞自治州财政厅建立养老补贴制度。\n"
        "• 支持柳埠化工股份有限公司牵头组建创新联合体。\n"
        "• 由各街道牵头、市水务局配合，建设泵站9座。\n"
        "• 市水务局要加强巡查，市民政局、市财政局要强化要素保障。\n"
        "• 支持墨池师范大学、墨池市第一人民医院牵头承担重大科研任务。\n"
        "• 市民政局、市财政局等部门按照职责分工抓好落实，完善养老补贴。\n"
        "• 由市民政局统筹协调，市财政局配合，新建养老院3所。\n"
        "• 由市发展改革、财政局主导，市审计局参与，推进老旧厂区改造。\n"
        "• 市民政局配合市财政局推进敬老院改造。\n",
        "x",
    )
    found = link(document, extract(document, (2026, 2030), "墨池市"))
    types = {i.name: i.type for i in found.extraction.institutions}
    assert {name: types[name] for name in ("招商一局", "各镇(街道)", "团工委")} == {
        "招商一局": "government",
        "各镇(街道)": "government",
        "团工委": "party-or-people-organ",
    }
    titles = [m.title for m in found.extraction.measures]
    assert titles[:2] == ["新建公园2座", "组织推介活动"]
    parts = {
        (x.subject.key, x.object.key): x.method for x in found.links if x.predicate == "involves"
    }
    assert parts == {
        ("2.1", "招商一局"): "NamedAsResponsible",
        ("2.1", "各镇(街道)"): "NamedAsResponsible",
        ("2.1", "团工委"): "NamedAsSupport",
        ("2.2", "招商一局"): "NamedInSentence",
        ("2.3", "市水务局"): "NamedAsLead",
        ("2.3", "墨池区人民政府"): "NamedAsSupport",
        ("2.3", "各镇(街道)"): "NamedAsSupport",
        ("2.4", "栖霞自治州民政厅"): "NamedAsResponsible",
        ("2.4", "栖霞自治州财政厅"): "NamedAsResponsible",
        ("2.5", "柳埠化工股份有限公司"): "NamedInSentence",
        ("2.6", "市水务局"): "NamedAsSupport",
        ("2.7", "市水务局"): "NamedAsResponsible",
        ("2.7", "市民政局"): "NamedAsResponsible",
        ("2.7", "市财政局"): "NamedAsResponsible",
        ("2.8", "墨池师范大学"): "NamedInSentence",
        ("2.8", "墨池市第一人民医院"): "NamedInSentence",
        ("2.9", "市民政局"): "NamedAsResponsible",
        ("2.9", "市财政局"): "NamedAsResponsible",
        ("2.10", "市民政局"): "NamedAsResponsible",
        ("2.10", "市财政局"): "NamedAsSupport",
        ("2.11", "市发展改革局"): "NamedAsLead",
        ("2.11", "市财政局"): "NamedAsLead",
        ("2.11", "市审计局"): "NamedAsSupport",
        ("2.12", "市民政局"): "NamedAsSupport",
        ("2.12", "市财政局"): "NamedAsResponsible",
    }
