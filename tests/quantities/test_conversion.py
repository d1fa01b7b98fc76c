"""Values from one unit into another, exactly, and where none leads to the other."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from kg.quantities.conversion import convert
from kg.quantities.grammar import units


@pytest.mark.parametrize(
    ("number", "given", "wanted", "converted"),
    [
        ("1.7", "ten-thousand-persons", "person", "17000"),
        ("17000", "person", "ten-thousand-persons", "1.7"),
        ("52000", "yuan-per-person", "ten-thousand-yuan-per-person", "5.2"),
        ("0.1", "ten-thousand-hectares", "hectare", "1000"),
        ("3", "hundred-million-yuan", "ten-thousand-yuan", "30000"),
        ("-2.5", "ten-thousand-enterprises", "enterprise", "-25000"),
        ("100", "hectare", "square-kilometre", "1"),
        ("4.1", "square-kilometre", "mu", "6150"),
        ("6.15", "ten-thousand-mu", "ten-thousand-hectares", "0.41"),
        ("1", "mu", "hectare", "0.0666666666666667"),
        ("1", "mu", "square-metre", "666.666666666667"),
        ("0", "ten-thousand-persons", "person", "0"),
        ("5.50", "percent", "percent", "5.50"),
    ],
)
def test_converted(number: str, given: str, wanted: str, converted: str) -> None:
    found = convert(Decimal(number), given, wanted)
    assert found == Decimal(converted)
    assert format(found, "f") == converted  # no exponent, no digits of binary fractions


@pytest.mark.parametrize(
    ("given", "wanted"),
    [("person", "household"), ("percent", "percentage-point"), ("hectare", "hundred-million-yuan")],
)
def test_not_converted(given: str, wanted: str) -> None:
    assert convert(Decimal(1), given, wanted) is None
    assert convert(Decimal(1), wanted, given) is None


def test_every_unit_with_a_base_turns_into_it_by_its_factor_and_back() -> None:
    based = [unit for unit in units().values() if unit.base is not None]
    assert based
    for unit in based:
        assert unit.base is not None
        assert convert(Decimal(3), unit.id, unit.base) == 3 * unit.factor
        assert convert(3 * unit.factor, unit.base, unit.id) == 3


def test_units_without_a_common_base_are_dimensions_of_their_own() -> None:
    bases = [unit.id for unit in units().values() if unit.base is None]
    for one in bases:
        assert [other for other in bases if convert(Decimal(1), one, other) is not None] == [one]


def test_no_unit_s_english_name_holds_a_number_that_reads_as_a_value() -> None:
    """1.4 trillion jin (500 million tonnes) would say that the two are the same."""
    assert not [unit.id for unit in units().values() if re.search(r"\d", unit.english)]
