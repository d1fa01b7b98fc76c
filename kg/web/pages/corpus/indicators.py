"""One indicator over all areas: table, distribution, map, and values far from the others."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from operator import itemgetter
from statistics import median, quantiles

from flask import Response, abort

from kg.quantities.conversion import convert
from kg.release.questions import IndicatorRow, Place, Shared
from kg.source import gazetteer
from kg.source.gazetteer import Level
from kg.views.annex import Figure
from kg.views.sameness import same_name
from kg.web.context import here, text
from kg.web.messages import Message
from kg.web.pages.corpus import cells
from kg.web.pages.corpus.answers import Answer, Asked, Columns, literal, query, question, table
from kg.web.pages.corpus.cells import Cell
from kg.web.pages.figures import number_worded, unit_id, unit_name
from kg.web.parameters import choice_asked

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
    """Values that can be compared, on a line, in the unit of a target (like): a dot for each, the
    least, the greatest, the median and where that is, those far from the others (None where there
    are too few to tell), and those apart: of another kind of unit or basis, or without a number."""

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
    """How the targets of one indicator lie: those of the most frequent basis and unit, and those
    whose unit can be turned into that; of several of one kind, the first. None where no two can be
    compared."""
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


@question("indicators")
def indicators(asked: Asked) -> Response | str:
    """The names of indicators that several plans have, or that hold the words asked for; or all
    indicators of one name, where the address asks for it in full or only one name is found."""
    choice_asked("period", {cells.years(place) for place in asked.places.values()})
    if name := asked.words("name"):
        return _one_indicator(asked, name)
    words = asked.words()
    found, total = asked.questions.indicator_names(words, *asked.rows())
    if total == 1 or (found and found[0].key == same_name(words) and total == len(found)):
        return _one_indicator(asked, found[0].name, found[1:])
    holds = " && ".join(f"CONTAINS(?name, {literal(one)})" for one in words.split())
    behind = query("indicator_names_with", holds=holds) if words else query("indicator_names")
    return asked.answer([_names(found, words)], behind, words=words, **asked.paging(total))


def _names(found: Sequence[Shared], words: str) -> Answer:
    title = text("corpus_indicators_with", words) if words else text("corpus_indicator_names")
    columns: Columns[Shared] = (
        ("indicator", lambda one: Cell(one.name, here(name=one.name, q=None, page=None))),
        ("plans", lambda one: cells.count(one.plans)),
    )
    return table(title, columns, found)


def _one_indicator(asked: Asked, name: str, others: Sequence[Shared] = ()) -> Response | str:
    same, likely = asked.questions.indicator(name)
    if not same:
        abort(404, Message("no_indicator", name))
    places = asked.places
    periods = Counter(cells.years(places[row.plan]) for row in same)
    period = choice_asked("period", periods)
    same, likely = (
        [row for row in rows if period in ("", cells.years(places[row.plan]))]
        for rows in (same, likely)
    )
    found, columns = distribution(same), _columns(asked)
    names = " ".join(literal(one, "zh") for one in dict.fromkeys(row.name for row in same))
    answers = [
        table(text("corpus_same"), columns, same),
        table(text("corpus_likely"), columns, likely, "likely"),
        _names(others, asked.words()),
    ]
    return asked.answer(
        answers,
        query("indicators", names=names),
        same[0].name,
        period=period,
        periods=dict(sorted(periods.items())),
        areas=len({row.plan for row in same}),
        found=found,
        drawn=drawn_map(found, places) if found else None,
        places=places,
        far=table("", columns, found.far or ()).rows if found else [],
        figure_of=cells.figure,
        shown=lambda value: (
            number_worded(Decimal(str(round(value, 4))), found.like) if found else ""
        ),
    )


def _columns(asked: Asked) -> Columns[IndicatorRow]:
    return (
        ("area", asked.placed(cells.area)),
        ("period", asked.placed(cells.period)),
        ("indicator", cells.indicator),
        ("attribute", cells.attribute),
        ("baseline", lambda row: cells.figure(row.baseline)),
        ("target", cells.target),
        ("number", lambda row: cells.number(row.value)),
        ("unit", lambda row: Cell(unit_name(row.target))),
        ("sentence", cells.sentence),
        ("plan", asked.placed(cells.plan)),
    )
