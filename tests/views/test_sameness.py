"""Which wordings of indicators mean one quantity."""

import pytest

from kg.views.sameness import likely_quantity


@pytest.mark.parametrize(
    ("name", "quantity"),
    [
        ("城镇调查失业率", "surveyed-unemployment-rate"),
        ("调查失业率", "surveyed-unemployment-rate"),
        ("城镇登记失业率", "registered-unemployment-rate"),
        ("全市城镇登记失业率(%)", "registered-unemployment-rate"),
        ("失业率", "失业率"),
        ("细颗粒物年均浓度", "fine-particulate-matter"),
        ("PM2.5年均浓度", "fine-particulate-matter"),
        ("非化石能源消费占比", "non-fossil-energy-share"),
        ("养老床位占比", "养老床位占比"),
        ("地区生产总值（GDP）增长", "gdp-growth"),
        ("全市生产总值年均增长率（%）", "gdp-growth"),
        ("人均地区生产总值年均增速", "人均gdp增长"),
        ("文化产业增加值占地区生产总值的比例", "文化产业增加值占gdp比重"),
        ("单位GDP二氧化碳排放量累计下降率", "carbon-intensity-cut"),
        ("研究与试验发展（R&D）经费支出相当于地区生产总值比例", "rd-intensity"),
        ("耕地保有量", "耕地"),
    ],
)
def test_a_wording_is_of_its_own_quantity_alone(name: str, quantity: str) -> None:
    assert likely_quantity(name) == quantity
