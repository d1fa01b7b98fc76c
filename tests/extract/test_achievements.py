"""Results of the period before: what each number is of."""

from __future__ import annotations

import pytest

from kg.document.structure import read_document
from kg.extract.achievements import find_achievements
from kg.extract.extraction import extract

REVIEW = "第一章 发展环境\n第一节 “十四五”发展成就\n{}\n第二章 主要任务\n加快发展。\n"


def test_a_result_rests_on_the_clause_that_names_it_too() -> None:
    document = read_document(REVIEW.format("经济增长，总产值达到868亿元，年均增长6.1%。"), "x")
    spans = [document.printed(found.span) for found in find_achievements(document, (2026, 2030))]
    assert spans == ["总产值达到868亿元", "总产值达到868亿元，年均增长6.1%"]


def results(sentence: str) -> list[tuple[str, str]]:
    document = read_document(REVIEW.format(sentence), "x")
    return [
        (found.what, found.quantity.text) for found in find_achievements(document, (2026, 2030))
    ]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "地区生产总值由2020年的612亿元增加到868亿元，年均增长6.1%。",
            [
                ("地区生产总值", "由2020年的612亿元增加到868亿元"),
                ("地区生产总值年均增速", "年均增长6.1%"),
            ],
        ),
        # shares of several parts are no value, a ratio of two is one
        ("三次产业结构由10.8∶41.4∶47.8调整为9.2∶38.6∶52.2。", []),
        ("城乡居民收入比由1.92∶1缩小至1.86∶1。", [("城乡居民收入比", "由1.92:1缩小至1.86:1")]),
        (
            "规模以上工业企业达到412家，比2020年净增137家。",
            [("规模以上工业企业数量", "达到412家"), ("净增规模以上工业企业数量", "137家")],
        ),
        (
            "城镇、农村居民人均可支配收入分别达到61240元和35870元。",
            [
                ("城镇居民人均可支配收入", "分别达到61240元"),
                ("农村居民人均可支配收入", "35870元"),
            ],
        ),
        (
            "PM2.5年均浓度降至16.8微克/立方米，保持全国500万人口以上城市最优水平。",
            [("PM2.5年均浓度", "降至16.8微克/立方米")],
        ),
        (
            "固定资产投资累计达4.5万亿元，并于2024年历史性突破1万亿元。",
            [("固定资产投资", "累计达4.5万亿元"), ("固定资产投资", "突破1万亿元")],
        ),
        # whom a share means, who is counted in ten thousands, and how a place is by nature
        ("占全国种群1%以上的水鸟物种数达到13种。", [("占全国种群1%以上的水鸟物种数", "达到13种")]),
        ("4.5万农牧民吃上旅游饭。", [("农牧民吃上旅游饭", "4.5万")]),
        (
            "全市32.8万建档立卡低收入人口全部脱贫。",
            [("建档立卡低收入人口全部脱贫", "32.8万")],
        ),
        (
            "生产总值先后跨越3500亿元、4000亿元台阶。",
            [("生产总值", "跨越3500亿元"), ("生产总值", "4000亿元")],
        ),
        (
            "生产总值达到487亿元，年均增长7.3%；财政总收入突破百亿大关，达到100.6亿元。",
            [
                ("生产总值", "达到487亿元"),
                ("生产总值年均增速", "年均增长7.3%"),
                ("财政总收入", "达到100.6亿元"),
            ],
        ),
        ("每千名老人护理型床位不足20张。", [("每千名老人护理型床位数量", "不足20张")]),
        ("总产值达90亿元。同时，经济结构仍偏重，重工业占比达79%。", [("总产值", "达90亿元")]),
        ("总产值达90亿元。对照发展要求，仍存在短板弱项：入住率不足50%。", [("总产值", "达90亿元")]),
        ("同时，加快补短板强弱项，完成管网改造30公里。", [("管网改造", "30公里")]),
        ("同时，城乡差距不断缩小，收入比降至1.7。", [("收入比", "降至1.7")]),
        ("同时，一批瓶颈问题有待解决，入住率仅50%。", []),
        ("与此同时，克服要素制约，进出口总额达300亿元。", [("进出口总额", "达300亿元")]),
        ("目前，已改造薄弱学校50所。", [("改造薄弱学校数量", "50所")]),
        ("市场主体大量增加，达到5万户。", [("达到5万户", "达到5万户")]),
        ("青石县地处北端，冰雪期长达7个月，年均降雪日数98天。", []),
        ("湖心岛位于长江口，岸线长达120公里。", []),
        ("累计清退传统网箱1.9万口。", [("清退传统网箱数量", "1.9万口")]),
        ("经济总量跨越240亿元关口。", [("经济总量", "跨越240亿元")]),
        ("财政收入迈过20亿元门槛。", [("财政收入", "迈过20亿元")]),
        ("经济总量从168亿元跃上240亿元新台阶。", [("经济总量", "从168亿元跃上240亿元")]),
        (
            "生产总值连续跨上两个千亿元台阶，达到2400亿元。",
            [("生产总值", "达到2400亿元")],
        ),
        # Who is meant is no result of its own, and by how much something turned is no level.
        (
            "60岁以上户籍老人参保率达到99%，每千人口拥有3岁以下婴幼儿托位数达到4.1个。",
            [
                ("60岁以上户籍老人参保率", "达到99%"),
                ("每千人口拥有3岁以下婴幼儿托位数", "达到4.1个"),
            ],
        ),
        (
            "社会消费品零售总额较2020年增长21%，单位产值能耗比2020年下降9%。",
            [("社会消费品零售总额增长", "较2020年增长21%"), ("单位产值能耗下降", "比2020年下降9%")],
        ),
        (
            "农业总产值达到138亿元，按可比价格年均增长4.6%。",
            [("农业总产值", "达到138亿元"), ("农业总产值年均增速", "年均增长4.6%")],
        ),
        # What is estimated of the year before the plan is a result, not a target.
        (
            "2025年，地区生产总值预计达到186亿元，是2020年的1.4倍。",
            [("地区生产总值", "达到186亿元"), ("地区生产总值", "是2020年的1.4倍")],
        ),
        (
            "进出口总额由2020年的312亿元提高到2025年预计486亿元，年均增长9.3%。",
            [
                ("进出口总额", "由2020年的312亿元提高到2025年预计486亿元"),
                ("进出口总额年均增速", "年均增长9.3%"),
            ],
        ),
        ("预计到2027年，通车里程达到300公里。", []),
        (
            "平港港口吞吐量连续四年位居前三、2025年达到3120万吨。",
            [("平港港口吞吐量", "达到3120万吨")],
        ),
        # A line that begins with so much of something goes on with the sentence before it.
        (
            "五年来生态环境持续好转，河湖水质明显改善，绿色低碳水平不断提高，人均公园绿地面积提高到\n"
            "8.5 平方米。",
            [("人均公园绿地面积", "提高到8.5平方米")],
        ),
        # How many share what the next number states is no result; what so many do is one.
        (
            "57个脱贫县农村居民人均可支配收入年均增长8.4%。",
            [("脱贫县农村居民人均可支配收入年均增速", "年均增长8.4%")],
        ),
        ("12个镇垃圾分类覆盖率提高到98%。", [("镇垃圾分类覆盖率", "提高到98%")]),
        # How large those are that the next number counts is no result.
        (
            "产值过10亿元企业11家，出口突破5亿元的县达到3个。",
            [("产值过10亿元企业数量", "11家"), ("出口突破5亿元的县数量", "达到3个")],
        ),
        ("57个脱贫县全部摘帽。", [("脱贫县全部摘帽", "57个")]),
        ("3个园区产值突破百亿元。", [("园区产值突破百亿元", "3个"), ("园区产值", "突破百亿元")]),
    ],
)
def test_a_result_is_named_by_what_its_number_measures(
    sentence: str, expected: list[tuple[str, str]]
) -> None:
    assert results(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "reached", "targets"),
    [
        (
            "森林覆盖率从2020年的38%提高到2025年的41.2%，到2030年达到43%。",
            [("森林覆盖率", "41.2", (2025, 2025))],
            [("森林覆盖率", "43")],
        ),
        (
            "高新技术企业由2020年的90家增加到2025年底的180家，到2030年突破300家。",
            [("高新技术企业数量", "180", (2025, 2025))],
            [("高新技术企业数量", "300")],
        ),
        (
            "地区生产总值在2025年420亿元基础上，到2030年达到560亿元。",
            [("地区生产总值", "420", (2025, 2025))],
            [("地区生产总值", "560")],
        ),
        (
            "2024年人均预期寿命80.2岁，2030年达到81岁。",
            [("人均预期寿命", "80.2", (2024, 2024))],
            [("人均预期寿命", "81")],
        ),
        ("粮食产量由2025年的30万吨提高到2030年的32万吨。", [], [("粮食产量", "32")]),
        (
            "2019年，接待游客500万人次，2030年接待游客突破1000万人次。",
            [("接待游客数量", "500", (2019, 2019))],
            [("接待游客数量", "1000")],
        ),
    ],
)
def test_a_goal_tells_what_was_reached_before_it(
    sentence: str,
    reached: list[tuple[str, str, tuple[int, int]]],
    targets: list[tuple[str, str]],
) -> None:
    """What came about before the plan is a result though its goal is stated beside it."""
    text = f"第一章 总体要求\n第一节 主要目标\n——发展质量明显提升。{sentence}\n"
    read = extract(read_document(text, "x"), (2026, 2030), "")
    told = [(a.what, str(a.quantity.value), a.period) for a in read.achievements]
    aims = [v for v in read.values if v.kind == "Target"]
    assert told == reached
    assert [(read.indicator[v.indicator].name, str(v.quantity.value)) for v in aims] == targets
