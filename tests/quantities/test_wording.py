"""How quantities are worded for readers."""

from decimal import Decimal

from kg.quantities.wording import target_worded


def test_what_a_number_is_for_each_of_is_not_said_twice() -> None:
    unit = "ten-thousand-yuan-per-person"
    worded = target_worded(Decimal(46), "每人46万元", unit, "万元/人", "Equal", "PointInTime")
    assert worded.zh == "每人46万元"


def test_a_unit_goes_on_with_the_multiple_that_is_printed() -> None:
    unit = "ten-thousand-persons"
    worded = target_worded(Decimal(40), "40万以上", unit, "万人", "AtLeast", "PointInTime")
    assert worded.zh == "40万人以上"
