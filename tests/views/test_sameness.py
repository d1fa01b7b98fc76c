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
    ],
)
def test_who_registered_as_unemployed_is_another_quantity_than_a_survey_tells(
    name: str, quantity: str
) -> None:
    assert likely_quantity(name) == quantity
