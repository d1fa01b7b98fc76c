"""Converting values between units of lexicon/units.toml, by pint."""

from __future__ import annotations

from decimal import Context, Decimal
from functools import cache
from typing import TYPE_CHECKING

from kg.quantities.grammar import Number, units

if TYPE_CHECKING:
    import pint


_AS_MANY_DIGITS_AS_COUNT = Context(prec=15)  # a mu is 0.0666… of a hectare


@cache
def _registry() -> pint.UnitRegistry[Decimal]:
    """Every unit of the lexicon; one without a base is a dimension of its own."""
    import pint  # noqa: PLC0415 — it takes half a second to load

    registry: pint.UnitRegistry[Decimal] = pint.UnitRegistry(
        None, non_int_type=Decimal, cache_folder=None
    )
    for unit in sorted(units().values(), key=lambda u: u.base is not None):
        name = _name(unit.id)
        registry.define(
            f"{name} = {unit.factor} * {_name(unit.base)}" if unit.base else f"{name} = [{name}]"
        )
    return registry


def _name(unit: str) -> str:
    return "u_" + unit.replace("-", "_")


def convert(number: Decimal, given: str, wanted: str) -> Decimal | None:
    """A number of one unit in another, by their ids; None where the one cannot be turned into the
    other."""
    if given == wanted:
        return number
    from pint import DimensionalityError  # noqa: PLC0415

    try:
        converted = _registry().Quantity(number, _name(given)).to(_name(wanted)).magnitude
    except DimensionalityError:
        return None
    return _AS_MANY_DIGITS_AS_COUNT.plus(Decimal(converted)).normalize() + 0


def is_convertible(given: str, wanted: str) -> bool:
    """Whether numbers of one unit can be turned into another, by their ids."""
    return convert(Decimal(1), given, wanted) is not None


def in_unit_of(number: Number, other: Number) -> Decimal | None:
    """The other number's value in the unit of the first; None where it cannot be turned into it."""
    if number.unit == other.unit or number.unit is None or other.unit is None:
        return other.value if number.unit == other.unit else None
    return convert(other.value, other.unit.id, number.unit.id)
