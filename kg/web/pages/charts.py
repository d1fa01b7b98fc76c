"""Charts drawn on the server as SVG: the coordinates of their points, lines and axes."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kg.quantities.wording import signed
from kg.views.annex import Figure, Row
from kg.views.evaluation import Assessment
from kg.web.context import text
from kg.web.pages.figures import figure_worded, figure_years, number_worded, years_worded

_LONGEST_WORDS = 9  # letters of what is beside a point
_BESIDE = 11  # pixels from a mark to the words above it, and half of those to the ones below
_BELOW = 2 * _BESIDE + 6  # pixels that words below a mark take


def _joined(places: Iterable[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)


@dataclass(frozen=True)
class Mark:
    """A point of a chart: its place, words, where these are from it (pixels), and the way they run
    from there (start, middle, end)."""

    x: float
    y: float
    words: str
    title: str
    anchor: str = "middle"
    across: float = 0
    down: float = -11


@dataclass(frozen=True)
class Chart:
    """An indicator over the years, in a box of width times height, which the axes bound (left to
    bottom), with their ticks (across, up), each with its place and words. path: the way from
    baseline to target; lines: what was reached, year after year; baseline: None where the plan
    gives none."""

    path: str
    lines: tuple[str, ...]
    points: tuple[Mark, ...]
    targets: tuple[Mark, ...]
    baseline: Mark | None
    across: tuple[tuple[float, str], ...]
    up: tuple[tuple[float, str], ...]
    left: float = 58
    right: float = 436
    top: float = 30
    bottom: float = 236
    width: int = 480
    height: int = 270


def _lines(points: Sequence[tuple[float, Mark]]) -> tuple[str, ...]:
    """The lines through points of years that follow each other; none crosses a year without one."""
    runs: list[list[tuple[float, Mark]]] = []
    for year, mark in points:
        if runs and year - runs[-1][-1][0] <= 1:
            runs[-1].append((year, mark))
        else:
            runs.append([(year, mark)])
    return tuple(_joined((m.x, m.y) for _, m in run) for run in runs if len(run) > 1)


@dataclass(frozen=True)
class _Axes:
    """Where years and numbers are in a chart: the first and the last year, the least and the
    greatest number, the numbers at ticks, and the pixels that are left free before the first
    year."""

    first: float
    last: float
    low: float
    high: float
    ticks: Sequence[float]
    room: int

    def place(self, year: float, number: Decimal | float | None) -> tuple[float, float]:
        """The coordinates of a number in a year."""
        across = (year - self.first) / (self.last - self.first)
        rise = (float(number or 0) - self.low) / (self.high - self.low)
        x = Chart.left + self.room + across * (Chart.right - Chart.left - self.room - 12)
        return round(x, 1), round(Chart.bottom - rise * (Chart.bottom - Chart.top), 1)

    def across(self) -> tuple[tuple[float, str], ...]:
        """The years below the chart, at most eight, each with its place."""
        first, last = int(self.first), int(self.last)
        every = -(-(last - first) // 8) or 1
        named = (year for year in range(first, last + 1) if (last - year) % every == 0)
        return tuple((self.place(year, self.low)[0], str(year)) for year in named)

    def up(self) -> tuple[tuple[float, str], ...]:
        """The numbers beside the chart, each with its place."""
        return tuple((self.place(self.first, n)[1], signed(Decimal(str(n)))) for n in self.ticks)


def _axes(
    years: Sequence[float], numbers: Sequence[float], below: Sequence[float], base: Figure | None
) -> _Axes:
    """The axes that hold some years and numbers. below: the numbers that may have their words below
    them: they stand so far above the years that these do not touch."""
    # where the line begins, there is room for the baseline's words beside it
    room = 12 if base is None else 18 + 11 * len(_short(figure_worded(base), base.number))
    ticks = _ticks(min(numbers), max(numbers))
    low, high = min(ticks[0], *numbers), max(ticks[-1], *numbers)
    share = _BELOW / (Chart.bottom - Chart.top)
    low = min([low, *((n - share * high) / (1 - share) for n in below)])
    return _Axes(min(years), max(years), low, high, ticks, room)


def indicator_chart(
    row: Row, targets: Sequence[Figure], steps: Sequence[Assessment]
) -> Chart | None:
    """An indicator's baseline, results by year and all its targets, on axes; None where there are
    no two numbers of one kind, or the plan's one target stands alone."""
    goal = row.target
    if goal is None or goal.number is None:
        return None
    ends = {float(goal.last): goal}
    for one in targets:
        if one.number is not None and (one.unit, one.basis) == (goal.unit, goal.basis):
            ends.setdefault(float(one.last), one)
    of_row = [step for step in steps if step.target in row.steps]
    reached = [(float(s.year), s) for s in of_row if s.reached is not None and not _of_a_half(s)]
    start, base = _start(row, goal), _base(row, goal)
    way = [*([start] if start else []), *((y, one.number) for y, one in sorted(ends.items()))]
    known = [*((y, n) for y, n in way if n is not None), *((y, s.reached) for y, s in reached)]
    known += [(float(base.last), base.number)] if base else []
    judged = [float(step.year) for step in of_row] if reached else []
    years = [*(year for year, _ in known), *judged]  # also the first ones, without a value
    if (base is None and not reached and len(ends) < 2) or min(years) == max(years):
        return None
    ordered = sorted((year, number) for year, number in known if number is not None)
    rises = ordered[-1][1] >= ordered[0][1]  # what is drawn is higher at its end
    ended = [one.number for year, one in ends.items() if not rises or year in dict(reached)]
    below = [float(n) for n in (*(s.reached for _, s in reached), *ended) if n is not None]
    axes = _axes(years, [float(number) for _, number in ordered], below, base)
    place = axes.place
    began: Mark | None = None
    first: list[tuple[float, Mark]] = []
    if base is not None:
        at, words = place(base.last, base.number), figure_worded(base)
        down = -7 if rises else 4  # off the axis, on which a rising line begins
        began = Mark(*at, _short(words, base.number), _title(base), "end", -10, down)
        first = [(float(base.last), began)] if goal.basis == "PointInTime" else []
    points = tuple(_point(place(year, step.reached), step, goal, rises) for year, step in reached)
    marks = tuple(
        _target(place(year, one.number), one, year == axes.last, rises)
        for year, one in sorted(ends.items())
    )
    points, marks = spread_labels(points, marks)
    return Chart(
        _joined([place(*at) for at in way]),
        _lines([*first, *zip((year for year, _ in reached), points, strict=True)]),
        points,
        marks,
        began,
        axes.across(),
        axes.up(),
    )


def courses(rows: Iterable[tuple[Row, Sequence[Assessment]]]) -> dict[str, Chart]:
    """The charts for the rows of a table, each with what was judged of it, by their IRIs: of those
    for which there is a line to draw."""
    drawn = ((row.iri, indicator_chart(row, (), steps)) for row, steps in rows)
    return {iri: chart for iri, chart in drawn if chart and (chart.lines or " " in chart.path)}


def _of_a_half(step: Assessment) -> bool:
    """Whether a value is of half a year, which is not judged though its year's is expected: on a
    line through years it would be a fall."""
    return step.state == "Undetermined" and step.expected is not None


def _short(words: str, number: Decimal | None) -> str:
    """A point's label: its words, or where they are long its number in the axis's unit.

    >>> _short("−30.1% a year on average", Decimal("-30.1"))
    '−30.1'
    """
    return words if len(words) <= _LONGEST_WORDS or number is None else signed(number)


def _title(figure: Figure) -> str:
    """What a baseline or target says when it is pointed at: its years and words."""
    return text("colon").join(filter(None, (figure_years(figure), figure_worded(figure))))


def _point(place: tuple[float, float], step: Assessment, goal: Figure, rises: bool) -> Mark:
    """A value that was reached, its words on the side of the path that it is on."""
    number = step.reached or Decimal(0)
    words = number_worded(number, goal)
    title = f"{years_worded(step.year, step.year)}{text('colon')}{words}"
    is_above = not rises if step.expected is None else number > step.expected
    down = -_BESIDE if is_above else 16
    anchor, across = ("end", -4) if is_above is rises else ("start", 8)
    return Mark(*place, _short(words, number), title, anchor, across, down)


def _target(place: tuple[float, float], figure: Figure, is_last: bool, rises: bool) -> Mark:
    words = figure_worded(figure)
    ends = ("end", 6) if is_last else ("middle", 0)
    beside = _short(words, figure.number)
    return Mark(*place, beside, _title(figure), *ends, -11 if rises else 22)


def spread_labels(
    points: tuple[Mark, ...], targets: tuple[Mark, ...]
) -> tuple[tuple[Mark, ...], tuple[Mark, ...]]:
    """The marks of a chart, the last value and a target of its year with their words on the two
    sides on which they lie: above the higher one, below the lower one."""
    aim = next((mark for mark in targets if points and mark.x == points[-1].x), None)
    if aim is None:
        return points, targets
    value = points[-1]
    above, below = -_BESIDE, 2 * _BESIDE
    down, aim_down = (above, below) if value.y < aim.y else (below, above)
    value, moved = replace(value, anchor="end", across=6, down=down), replace(aim, down=aim_down)
    return (*points[:-1], value), tuple(moved if mark is aim else mark for mark in targets)


def _base(row: Row, goal: Figure) -> Figure | None:
    """The baseline that a target is drawn beside, in its own year: of its unit, and earlier. A sum
    has none, since it begins with nothing."""
    base = row.baseline
    if base is None or base.number is None or base.unit != goal.unit or base.last >= goal.last:
        return None
    alike = goal.basis in (base.basis, "AnnualAverage") and goal.basis != "Cumulative"
    return base if alike else None


def _start(row: Row, goal: Figure) -> tuple[float, Decimal | None] | None:
    """Where the path to a target begins: the baseline, 0 for a sum, itself for a yearly mean and a
    bound that the baseline keeps."""
    if goal.basis == "Cumulative":
        return float(goal.first - 1), Decimal(0)
    if goal.basis == "AnnualAverage":
        return float(goal.first), goal.number
    base = _base(row, goal)
    return (float(base.last), goal.number if row.bound else base.number) if base else None


def _ticks(low: float, high: float) -> list[float]:
    """Round numbers, about four, from below the lowest to above the highest."""
    if low == high:
        low, high = low - (abs(low) or 1) / 10, high + (abs(high) or 1) / 10
    rough = (high - low) / 4
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * n for n in (1, 2, 2.5, 5, 10) if size * n >= rough)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(n * step, 10) for n in range(first, last + 1)]
