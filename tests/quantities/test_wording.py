"""How quantities are worded for readers."""

from decimal import Decimal

import pytest

from kg.quantities.wording import target_worded


def test_what_a_number_is_for_each_of_is_not_said_twice() -> None:
    unit = "ten-thousand-yuan-per-person"
    worded = target_worded(Decimal(46), "每人46万元", unit, "万元/人", "Equal", "PointInTime")
    assert worded.zh == "每人46万元"


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("增长高于5%", "增长高于5%", "more than 5%"),
        ("累计增长高于5%", "累计增长高于5%", "more than 5% in total"),
        ("[增长高于5%]", "累计增长高于5%", "more than 5% in total"),
        ("新增高于5%", "累计新增高于5%", "more than 5% in total"),
    ],
)
def test_a_change_is_no_sum_where_nothing_says_so(text: str, zh: str, en: str) -> None:
    assert target_worded(Decimal(5), text, "percent", "%", "MoreThan", "Cumulative") == (zh, en)


def test_a_unit_goes_on_with_the_multiple_that_is_printed() -> None:
    unit = "ten-thousand-persons"
    worded = target_worded(Decimal(40), "40万以上", unit, "万人", "AtLeast", "PointInTime")
    assert worded.zh == "40万人以上"
