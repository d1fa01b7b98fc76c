"""Days and years as title pages print them."""

import re
from datetime import date, datetime, timedelta, timezone

from kg.lexicon import lexicon
from kg.quantities.numerals import chinese_number
from kg.source.patterns import pattern, year

_EARLIEST_DAY = timezone(timedelta(hours=14))  # where a day begins before it does elsewhere
_FIRST_OF_14 = 2021  # the fourteenth five-year plan's first year
_LONGEST = 30  # years of a period
_DIGITS = re.compile(r"(?P<year>(?:19|20)\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})")


def has_begun(day: date) -> bool:
    """Whether it is that day, or a later one, anywhere on earth."""
    return day <= datetime.now(_EARLIEST_DAY).date()


def named_month(text: str) -> str:
    """The month that a whole text is, as 2021-03; "" where it is none."""
    match = pattern("{month}").fullmatch(text)
    first = match and _date(year(match["year"]) or 0, chinese_number(match["month"]) or 0, 1)
    return f"{first:%Y-%m}" if first else ""


def day(text: str, whole: bool = False) -> date | None:
    """The day that a text begins with, or is as a whole, with words for the units or signs between
    the numbers: 2021-03-08, 2021/3/8."""
    forms = (pattern("{date}"), _DIGITS)
    matches = (form.fullmatch(text) if whole else form.match(text) for form in forms)
    return next((day_of(match) for match in matches if match), None)


def day_of(match: re.Match[str]) -> date | None:
    """The day of a match of {date}; None where there is no such day."""
    numbers = (year(match["year"]), chinese_number(match["month"]), chinese_number(match["day"]))
    return _date(*(number or 0 for number in numbers))


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def plan_years(words: str) -> tuple[int, int] | None:
    """The years of a plan's period: its first and last, or those of the five-year plan's number."""
    if match := pattern(lexicon("titles")["period"]["years"]).match(words):
        first, last = year(match["first"]), year(match["last"])
        return (first, last) if first and last and 0 <= last - first < _LONGEST else None
    words = re.sub(r"[^\u4e00-\u9fff\d]", "", words)
    match = re.fullmatch(lexicon("titles")["period"]["number"], words)
    number = chinese_number(match[1] or match[2]) if match else None
    first = _FIRST_OF_14 + (number - 14) * 5 if number else None
    return (first, first + 4) if first else None
