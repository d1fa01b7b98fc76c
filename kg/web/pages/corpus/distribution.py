"""How values of one indicator lie: their distribution, those far from the others, and where they
are on the map, as coordinates for SVG."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from statistics import median, quantiles

from kg.quantities.conversion import convert
from kg.release.questions import IndicatorRow, Place
from kg.source import gazetteer
from kg.source.gazetteer import Level
from kg.views.annex import Figure
from kg.web.pages.figures import unit_id

_FENCE = 1.5  # quartile distances beyond the quartiles from which a value is far (Tukey 1977)
_ENOUGH = 5  # values that quartiles say something of
_WIDTH, _HEIGHT, _EDGE, _STEP = 640, 96, 16, 7  # of the distribution, in pixels
_MAP_WIDTH, _WEST, _EAST, _SOUTH, _NORTH = 640, 73.0, 135.5, 17.5, 54.0  # in pixels and degrees
_STRETCH = math.cos(math.radians(36))  # a degree of longitude against one of latitude, about there
_SMALL, _LARGE = 4.0, 9.0  # radius of a value on the map, in pixels


@dataclass(frozen=True)
class Dot:
    """A value in a drawing: place, size, indicator, number in the unit that all are compared in,
    and whether it is far from the others."""

    x: float
    y: float
    radius: float
    row: IndicatorRow
    value: float
    far: bool


@dataclass(frozen=True)
class Distribution:
    """Values that can be compared, on a line.

    dots: one for each. low, high, middle: the least, the greatest, the median.
    like: a target whose unit these are in.
    middle_x: where the median is. far: those far from the others; None where there are too few
        values to tell.
    apart: those of another kind of unit or basis, or without a number, which are not on the line.
    """

    dots: list[Dot]
    low: float
    high: float
    middle: float
    middle_x: float
    far: list[IndicatorRow] | None
    apart: list[IndicatorRow]
    like: Figure
    width: int = _WIDTH
    height: int = _HEIGHT


@dataclass(frozen=True)
class Map:
    """Values on a map, those far away last, and points of all cities as its ground."""

    dots: list[Dot]
    ground: str
    width: int
    height: int


def distribution(rows: Sequence[IndicatorRow]) -> Distribution | None:
    """How the targets of one indicator lie; None where no two can be compared.

    Args:
        rows: the indicators. Those of the most frequent basis and unit are compared, and those
            whose unit can be turned into that; of several targets of one kind, the first.
    """
    first = {(row.iri, row.measure): row for row in reversed(rows)}
    rows = [row for row in rows if row is first[row.iri, row.measure]]
    targets = [row.target for row in rows if row.target and row.target.number is not None]
    if not targets:
        return None
    most = Counter((one.unit, one.basis) for one in targets).most_common(1)[0][0]
    like = next(one for one in targets if (one.unit, one.basis) == most)
    compared = [
        (row, value) for row in rows if (value := _in_unit_of(like, row.target)) is not None
    ]
    if len(compared) < 2:
        return None
    values = [value for _, value in compared]
    low, high = min(values), max(values)
    fences = _fences(values)

    def place(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(_EDGE + share * (_WIDTH - 2 * _EDGE), 1)

    stacked: Counter[int] = Counter()
    dots = []
    for row, value in sorted(compared, key=itemgetter(1)):
        x = place(value)
        column = round(x / _STEP)
        y = _HEIGHT - 30 - stacked[column] * _STEP
        far = fences is not None and not fences[0] <= value <= fences[1]
        dots.append(Dot(x, y, 3.2, row, value, far))
        stacked[column] += 1
    return Distribution(
        dots,
        low,
        high,
        median(values),
        place(median(values)),
        [dot.row for dot in dots if dot.far] if fences else None,
        [row for row in rows if all(row is not one for one, _ in compared)],
        like,
    )


def _in_unit_of(like: Figure, target: Figure | None) -> float | None:
    """A target's number in the unit of another; None where they cannot be compared."""
    if target is None or target.number is None or target.basis != like.basis:
        return None
    given, wanted = unit_id(target.unit), unit_id(like.unit)
    if given == wanted:
        return float(target.number)
    number = convert(target.number, given, wanted) if given and wanted else None
    return None if number is None else float(number)


def _fences(values: Sequence[float]) -> tuple[float, float] | None:
    if len(values) < _ENOUGH:
        return None
    first, _, third = quantiles(values, n=4, method="inclusive")
    reach = _FENCE * (third - first)
    return first - reach, third + reach


def drawn_map(found: Distribution, places: dict[str, Place]) -> Map | None:
    """The values of a distribution at their areas' centroids; None where none has a place."""
    dots = []
    for dot in found.dots:
        place = places[dot.row.plan]
        if place.longitude is not None and place.latitude is not None:
            x, y = _projected(place.longitude, place.latitude)
            span = found.high - found.low
            share = (dot.value - found.low) / span if span else 0.5
            radius = round(_SMALL + share * (_LARGE - _SMALL), 1)
            dots.append(Dot(x, y, radius, dot.row, dot.value, dot.far))
    if not dots:
        return None
    _, height = _projected(_EAST, _SOUTH)
    return Map(sorted(dots, key=lambda one: -one.radius), _ground(), _MAP_WIDTH, round(height))


def _projected(longitude: float, latitude: float) -> tuple[float, float]:
    scale = _MAP_WIDTH / (_EAST - _WEST)
    return (round((longitude - _WEST) * scale, 1), round((_NORTH - latitude) * scale / _STRETCH, 1))


@cache
def _ground() -> str:
    """The centroids of all cities and provinces as a path of small squares."""
    places = (
        one.middle or one.centre
        for one in gazetteer.divisions()
        if one.level in (Level.CITY, Level.PROVINCE) and one.until is None
    )
    drawn = (_projected(*place) for place in places if place is not None)
    return "".join(f"M{x} {y}h2v2h-2z" for x, y in drawn)
