"""Targets that ask for no change: floors below what there is already, and ceilings above it."""

from decimal import Decimal

from kg.lexicon import lexicon

FLOORS, CEILINGS = ("AtLeast", "MoreThan"), ("AtMost", "LessThan")
"""The comparators that set a bound from below, and from above."""

_ROUNDED = Decimal("0.1")  # of a figure, by which what it is rounded from may differ at most

OPPOSITE = dict(zip((*FLOORS, *CEILINGS), (*CEILINGS, *FLOORS), strict=True))
"""What a bound becomes where the sign of its number is turned."""


def counts_fall(name: str) -> bool:
    """Whether an indicator's name says that it falls, so that its values are by how much it does,
    without a sign.
    """
    return any(word in name for word in lexicon("monitoring")["direction"]["reduction"])


def counts_growth(name: str) -> bool:
    """Whether an indicator's name says that it grows."""
    return any(word in name for word in lexicon("monitoring")["direction"]["growth"])


def guarded(name: str) -> str:
    """The comparator of a number that an indicator is to be kept at: a ceiling where its name says
    that less is better."""
    lower = lexicon("monitoring")["direction"]["lower"]
    return CEILINGS[0] if any(word in name for word in lower) else FLOORS[0]


def may_state(
    comparator: str, stated: Decimal, exact: Decimal, step: Decimal | None = None
) -> bool:
    """Whether a plan may state one figure for another: the same, or the rounded one it says it is.

    More than 5500 may stand for 5506, and about 120 for 121.3: what lies less than a unit of the
    stated figure's last digit beyond it, or half of that around it, and within a tenth of it. A
    figure with decimals stands for what it is rounded from. step: a unit of the stated figure's
    last digit, where it was printed in another unit.

    >>> may_state("MoreThan", Decimal(5500), Decimal(5506))
    True
    >>> may_state("Equal", Decimal(5500), Decimal(5506))
    False
    """
    step = last_digit(stated) if step is None else step
    beyond = exact - stated
    if comparator in FLOORS:
        return 0 <= beyond < min(step, abs(stated) * _ROUNDED)
    if comparator in CEILINGS:
        return 0 <= -beyond < min(step, abs(stated) * _ROUNDED)
    if comparator == "About":
        return abs(beyond) <= min(step / 2, abs(stated) * _ROUNDED)
    return stated == exact or (step < 1 and abs(beyond) <= step / 2)


def last_digit(number: Decimal) -> Decimal:
    """A unit of a number's last digit, zeros before the point aside: 100 of 5500, 0.1 of 7.5."""
    least = min(0, int(number.as_tuple().exponent))
    return Decimal(1).scaleb(least or int(number.normalize().as_tuple().exponent))


def kept_bound(
    comparator: str, text: str, name: str, goal: Decimal | None, base: Decimal | None
) -> str | None:
    """What a target asks to be kept: AtLeast of a floor that the baseline is not below, AtMost of a
    ceiling that it is not above; None where it asks for a change, or either has no number. Words
    such as keep at in the target's text make a bound of a plain number, by the indicator's name.

    >>> kept_bound("AtLeast", "≥96", "空气质量优良天数比率", Decimal(96), Decimal("96.8"))
    'AtLeast'
    >>> kept_bound("Equal", "保持在5", "失业率", Decimal(5), Decimal("4.8"))
    'AtMost'
    """
    if goal is None or base is None:
        return None
    rules = lexicon("monitoring")["direction"]
    if comparator == "Equal" and base != goal and any(word in text for word in rules["kept"]):
        comparator = guarded(name)
    if comparator in FLOORS and base >= goal:
        return "AtLeast"
    return "AtMost" if comparator in CEILINGS and base <= goal else None


def reached(
    comparator: str, name: str, goal: Decimal, value: Decimal, base: Decimal | None
) -> bool | None:
    """Whether a value is what a target asks for: on the side of its bound, of a plain number the
    side away from its baseline, or that the indicator's name tells; None of a target of another
    kind.

    >>> reached("Equal", "PM2.5浓度", Decimal(30), Decimal(28), Decimal(35))
    True
    >>> reached("AtLeast", "森林覆盖率", Decimal(30), Decimal(28), None)
    False
    """
    if comparator in ("Equal", "About"):
        turns = None if base is None or base == goal else base > goal
        comparator = guarded(name) if turns is None else (CEILINGS if turns else FLOORS)[0]
    if comparator not in FLOORS + CEILINGS:
        return None
    if value == goal:
        return comparator in (FLOORS[0], CEILINGS[0])
    return (value > goal) == (comparator in FLOORS)
