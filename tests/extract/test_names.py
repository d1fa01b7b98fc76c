"""Names of invented places and organisations, found by their form alone."""

from __future__ import annotations

import pytest

from kg.extract.names import Reader

READER = Reader(["云湖市青禾区", "青禾区", "青禾"], ["云湖市", "云湖"])


def names(text: str) -> set[tuple[str, str]]:
    return {(n.text, n.type) for n in READER.names(text)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("推动栖霞渡科技产业园建设", {("栖霞渡科技产业园", "industrial-park")}),
        (
            "支持云湖蔚然(云湖)勘测设计院有限公司等建设重点实验室",
            {("云湖蔚然(云湖)勘测设计院有限公司", "company")},
        ),
        (
            "依托柳埠店遗址建设云湖青铜器发现遗址碑亭",
            {("柳埠店遗址", "site"), ("云湖青铜器发现遗址碑亭", "site")},
        ),
        (
            "启动柳埠街、墨池街社区卫生服务中心迁建项目",
            {
                ("柳埠街社区卫生服务中心", "health-center"),
                ("墨池街社区卫生服务中心", "health-center"),
            },
        ),
        ("保障地铁4号线、7号线建设", {("地铁4号线", "metro-line"), ("地铁7号线", "metro-line")}),
        (
            "推动锦鲤坊、柳埠店、糖厂等地块挂牌出让",
            {("锦鲤坊", "land-plot"), ("柳埠店", "land-plot"), ("糖厂", "land-plot")},
        ),
        (
            "加大对甘肃省岷县、漳县等对口地区的帮扶力度",
            {("甘肃省岷县", "region"), ("漳县", "region")},
        ),
        ("向区人大常委会报告", {("区人大常委会", "party-or-people-organ")}),
        (
            "打响云湖运河品牌,选择栖霞渡科技产业园",
            {("云湖运河", "water"), ("栖霞渡科技产业园", "industrial-park")},
        ),
        (
            "栖霞渡科技产业园连续9年位列国家级经济技术开发区",
            {("栖霞渡科技产业园", "industrial-park")},
        ),
        ("完成青禾区中医医院建设项目", {("青禾区中医医院", "hospital")}),
    ],
)
def test_found(text: str, expected: set[tuple[str, str]]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "引进一批服务业载体,建设科技产业园和创新研究中心",
        "全面推进2家公立医院综合改革",
        "加快打通卡口路、断头路",
        "成功办结首例套路贷案件,头版进行专题报道",
        "地区生产总值年均增长6%",
        "引导会计、审计、评估、法律服务等专业服务机构集聚",
        "集聚研发类总部型企业、地区总部",
        "加强对云湖运河桃花文化旅游节的策划",
        "全面推进青禾区各项工作",
        "有序实施退圩还湖,建设柳埠门过江通道",
        "完善半导体、集成电路等区域布局",
    ],
)
def test_not_found(text: str) -> None:
    assert names(text) == set()
