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
        ("失业率", ""),
        ("细颗粒物年均浓度", "fine-particulate-matter"),
        ("PM2.5年均浓度", "fine-particulate-matter"),
        ("非化石能源消费占比", "non-fossil-energy-share"),
        ("养老床位占比", ""),
    ],
)
def test_a_wording_is_of_its_own_quantity_alone(name: str, quantity: str) -> None:
    assert likely_quantity(name) == quantity
