"""Values out of proportion to what the plan gives their indicator, or to earlier ones: most likely
a slip of the point, or another unit."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from kg.extract.model import Extraction
from kg.lexicon import lexicon
from kg.monitoring.model import Observation, Period
from kg.quantities.bounds import counts_fall, counts_growth
from kg.quantities.wording import Worded, number_worded

Sizes = Mapping[tuple[str, str, str | None], Sequence[tuple[Period, Decimal]]]
"""How large values are, each with its period, by their indicator, area and unit."""


def sizes_of(observations: Iterable[Observation]) -> Sizes:
    """The sizes of observations that have a period and a number other than nought."""
    found: dict[tuple[str, str, str | None], list[tuple[Period, Decimal]]] = {}
    for one in observations:
        if one.period is not None and one.number:
            sizes = found.setdefault((one.indicator, one.area, one.unit), [])
            sizes.append((one.period, abs(one.number)))
    return found


def out_of_proportion(found: Extraction, one: Observation, sizes: Sizes) -> Worded | None:
    """What is said of a value that is several times (monitoring.toml, proportion) above the
    greatest or below the least of its indicator's baseline and targets of the same unit, or where
    there is none, of the values in force for earlier periods as long; None of any other. Rates of
    growth are left out, since they swing. No change is too little, nor a part of a sum, nor what
    has no baseline and may have begun with nothing."""
    indicator = found.indicator.get(one.indicator)
    if indicator is None or one.number is None:
        return None
    own = [
        v.quantity
        for v in found.values
        if (v.indicator, v.quantity.unit, "") == (one.indicator, one.unit, one.area)
        and v.quantity.relative_to is None
    ]
    planned = [abs(end) for quantity in own for end in (quantity.value, quantity.upper) if end]
    known = planned or [*_earlier(one, sizes)]
    bases, name = {q.basis for q in own}, indicator.name
    if not known or (one.unit == "percent" and (counts_growth(name) or "AnnualAverage" in bases)):
        return None
    rules = lexicon("monitoring")
    times, changes = rules["proportion"]["times"], rules["direction"]["balance"]
    change = counts_fall(name) or any(word in name for word in changes)
    new = planned and one.indicator not in found.baselines
    if max(abs(one.number), abs(one.upper or Decimal(0))) > times * max(known):
        bound = max(known)
    elif not (change or new or bases - {"PointInTime"}) and 0 < one.number < min(known) / times:
        bound = min(known)
    else:
        return None
    printed = indicator.counted("", one.unit, "")
    value, beside = (number_worded(n, one.unit, printed) for n in (one.number, bound))
    said = rules["proportion"]["planned" if planned else "earlier"]
    return Worded(
        said["zh"].format(value=value.zh, beside=beside.zh, times=times),
        said["en"].format(value=value.en, beside=beside.en, times=times),
    )


def _earlier(one: Observation, sizes: Sizes) -> Iterator[Decimal]:
    """The sizes of the same indicator, area and unit for earlier periods as long."""
    if (mine := one.period) is None:
        return
    for its, size in sizes.get((one.indicator, one.area, one.unit), ()):
        alike = (its.last - its.first, its.half) == (mine.last - mine.first, mine.half)
        if alike and its.last < mine.last:
            yield size
