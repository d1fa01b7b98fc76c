"""Names of indicators: which count the same, and which only look alike."""

import pytest

from kg.link.same_quantities import are_apart, name_likeness


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("年接待滑雪游客数量", "年接待国内游客"),
        ("高速铁路运营里程", "铁路运营里程"),
        ("一般公共预算支出", "一般公共预算收入"),
        ("出口总额", "进出口总额"),
        ("新能源汽车产量", "汽车产量"),
        ("电子商务交易额", "跨境电商交易额"),
        ("高技术制造业增加值占比", "制造业增加值占比"),
        ("省级非遗项目数量", "国家级非遗项目"),
    ],
)
def test_names_that_look_alike(name: str, other: str) -> None:
    assert are_apart(name, other) and are_apart(other, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("高新技术企业数量", "有效期内高新技术企业"),
        ("累计新增专利授权", "新增专利授权"),
        ("接待国内游客数量", "年接待国内游客"),
        ("外贸进出口总额", "进出口总额"),
    ],
)
def test_names_of_one_quantity(name: str, other: str) -> None:
    assert not are_apart(name, other)
    assert name_likeness(name, other) >= 0.7
