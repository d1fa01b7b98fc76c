"""Baselines, targets and values in the words of the visitor's language."""

import re
from decimal import Decimal

from flask import Flask, g

from kg.monitoring.model import Period
from kg.quantities import wording
from kg.rdf.namespaces import PLAN, local_name
from kg.views.annex import Figure, Row
from kg.views.evaluation import Verdict
from kg.web.context import reader, text


def unit_id(unit: str) -> str | None:
    """The identifier of a unit by its IRI; None for none."""
    return local_name(unit).removeprefix("unit-") if unit else None


def unit_name(figure: Figure | None) -> str:
    """What the unit of a baseline or target is called; "" for none."""
    if figure is None:
        return ""
    return wording.unit_worded(unit_id(figure.unit), figure.counted, figure.number).of(g.language)


def number_worded(number: Decimal, like: Figure, beside: Decimal | None = None) -> str:
    """A number with the unit of a baseline or target, with no more decimals than it takes; beside:
    the value that it is compared with."""
    return _number(number, like, beside).of(g.language)


def _number(number: Decimal, like: Figure, beside: Decimal | None = None) -> wording.Worded:
    if beside is None:
        places = wording.places_shown(number, like.number)
    else:
        places = wording.places_beside(number, beside, like.number)
    return wording.number_worded(number, unit_id(like.unit), like.counted, places)


def reached_worded(number: Decimal, like: Figure) -> str:
    """A value that was reached, with total or yearly average where its target is counted so."""
    return wording.on_basis(_number(number, like), like.basis).of(g.language)


def figure_worded(figure: Figure) -> str:
    """A baseline or target as the plan gives it, with its unit and what it is counted over."""
    return wording.target_worded(
        figure.number,
        figure.text,
        unit_id(figure.unit),
        figure.counted,
        figure.comparator,
        figure.basis,
    ).of(g.language)


def period_worded(key: str) -> str:
    """A period of values, such as 2023-H1."""
    return period.label(g.language) if (period := Period.read(key)) else key


def halves_worded(words: str) -> str:
    """Words, with the half-years in them as people say them."""
    return re.sub(r"\b\d{4}-H[12]\b", lambda half: period_worded(half[0]), words)


def years_worded(first: int, last: int) -> str:
    """A year, or the years from the first to the last."""
    return wording.years_worded(first, last).of(g.language)


def figure_years(figure: Figure) -> str:
    """The year or years that a baseline or target is for; "" where its own words give them."""
    point = figure.basis == "PointInTime"
    years = wording.years_worded(figure.last if point else figure.first, figure.last)
    return "" if years.zh in figure_worded(figure) else years.of(g.language)


def gap_worded(row: Row) -> str:
    """How far the target of a row is from its baseline, or that it is a bound which that keeps; a
    dash where neither can be said."""
    if row.bound:
        return text("gap_kept")
    return "—" if row.gap is None else _sign(row.gap) + _part_of_way(row, row.gap)


def yearly_worded(row: Row) -> str:
    """What each year must bring to the target of a row; a dash where that cannot be said."""
    if row.yearly is None or row.target is None:
        return "—"
    rises = row.target.basis == "PointInTime"
    return (_sign(row.yearly) if rises else "") + _of_each_year(row, row.target, row.yearly)


def asked_of_each_year(row: Row) -> str:
    """What a row asks of each year of the plan, in a sentence; "" where nothing can be said."""
    goal, base = row.target, row.baseline
    if row.bound and goal and goal.number is not None and goal.basis == "PointInTime":
        return text(f"asks_{row.bound}", number_worded(goal.number, goal))
    if row.yearly is None or goal is None or goal.basis == "AnnualAverage":
        return ""
    yearly = _of_each_year(row, goal, row.yearly)
    if goal.basis == "Cumulative":
        return text("asks_cumulative", yearly)
    if row.gap is None or base is None:
        return ""
    key = "asks_rise" if row.gap > 0 else "asks_fall" if row.gap < 0 else "asks_kept"
    return text(key, goal.last, base.last, _part_of_way(row, row.gap), yearly)


def _of_each_year(row: Row, goal: Figure, yearly: Decimal) -> str:
    """The number of each year: a share of the gap has one decimal more than the gap; one of a sum
    or a mean is a bound where that is."""
    if goal.basis == "PointInTime":
        return _part_of_way(row, yearly, 1)
    return wording.compared(_number(yearly, goal), goal.comparator).of(g.language)


def _part_of_way(row: Row, number: Decimal, more: int = 0) -> str:
    """A part of the way from baseline to target, without its sign, with more decimals than they."""
    figures = [figure for figure in (row.target, row.baseline) if figure]
    unit, printed = unit_id(figures[0].unit), figures[0].counted
    places = wording.places_of(*(figure.number for figure in figures)) + more
    return wording.difference_worded(number, unit, printed, places).of(g.language)


def _sign(number: Decimal) -> str:
    return "+" if number > 0 else "−" if number < 0 else ""


def state_name(state: str) -> str:
    """What a state of progress is called."""
    return reader().label(str(PLAN[f"progress-{state}"]))


def verdict_worded(one: Verdict) -> str:
    """What is known of a goal: its state, or while some of its indicators have no data how many of
    them are in the worst state that is known."""
    if one.partly is None:
        return state_name(one.state)
    state, many, all_ = one.partly
    return text("progress_partly", state_name(state), all_, many)


def register_figures(app: Flask) -> None:
    """Let templates word figures."""
    words = (
        figure_worded, figure_years, gap_worded, halves_worded, number_worded, period_worded,
        reached_worded, state_name, verdict_worded, years_worded, yearly_worded,
    )  # fmt: skip
    app.jinja_env.globals.update({word.__name__: word for word in words})
