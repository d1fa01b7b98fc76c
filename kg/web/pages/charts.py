"""Small charts drawn on the server as SVG: the coordinates of their points."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kg.views.evaluation import Progress

_WIDTH, _HEIGHT, _EDGE = 150, 46, 7  # of a chart, in pixels


@dataclass(frozen=True)
class Series:
    """A chart of an indicator: the path from baseline to target as a line, what was reached as
    points joined by another."""

    path: str
    line: str
    points: tuple[tuple[float, float, str], ...]
    target: tuple[float, float]
    description: str
    width: int = _WIDTH
    height: int = _HEIGHT


def series(one: Progress) -> Series | None:
    """The chart of an indicator at points in time whose target has a number; None where there is
    nothing to compare."""
    base, target = one.row.baseline, one.row.target
    if target is None or target.number is None or target.basis != "PointInTime":
        return None
    known = [
        (float(p.period[:4]), p)
        for p in one.series
        if p.number is not None and not p.elsewhere and p.unit == target.unit
    ]
    start = (
        (float(base.last), base.number)
        if base is not None and base.number is not None and base.basis == target.basis
        else None
    )
    end = (float(target.last), target.number)
    numbers = [*(p.number for _, p in known), *([start[1]] if start else []), end[1]]
    years = [*(year for year, _ in known), *([start[0]] if start else []), end[0]]
    low, high = min(n for n in numbers if n is not None), max(n for n in numbers if n is not None)
    if len(numbers) < 2 or min(years) == max(years):
        return None

    def place(year: float, number: Decimal | None) -> tuple[float, float]:
        x = _EDGE + (year - min(years)) / (max(years) - min(years)) * (_WIDTH - 2 * _EDGE)
        rise = float((number or Decimal(0)) - low) / float(high - low) if high != low else 0.5
        return round(x, 1), round(_HEIGHT - _EDGE - rise * (_HEIGHT - 2 * _EDGE), 1)

    reached = [(*place(year, p.number), f"{p.period}: {p.text}") for year, p in known]
    before = [f"{base.last}: {base.text}"] if start and base else []
    description = "; ".join([*before, *(p[2] for p in reached), f"→ {target.last}: {target.text}"])
    first = [place(*start)] if start else []
    return Series(
        _joined([*first, place(*end)]),
        _joined([*first, *((x, y) for x, y, _ in reached)]),
        tuple(reached),
        place(*end),
        description,
    )


def _joined(places: list[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in places)
