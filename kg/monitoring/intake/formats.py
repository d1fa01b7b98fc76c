"""Numbers and days of spreadsheets as texts, by the format that shows them."""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from kg.monitoring.intake.table import Cell

# In a format: [Red], [$¥-804], "text", \x, _x (a blank as wide as x), *x (filled up with x).
_PIECES = re.compile(
    r'\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[[^\]]*\]|"(?P<quoted>[^"]*)"|[\\!](?P<escaped>.)|[_*].'
)
_PLACES = re.compile(r"[#0?.,/ E+\-()]+|General|@", re.IGNORECASE)
_PLACE = re.compile(r"[#0?@]|General", re.IGNORECASE)
_SCALED = re.compile(r"[#0?],+(?![#0?,])")
_FALSE_POINT = re.compile(r"[\\!]\.")
_CONDITION = re.compile(r"\[[<>=]")
_TELLING = re.compile(r'["%,\\!]')
# How the part of a format for negative numbers tells them: a sign, brackets, a colour.
_BELOW_ZERO = re.compile(
    r"[-−(▲△]|\[(?:red|blue|green|magenta|cyan|yellow|color ?\d+)\]", re.IGNORECASE
)
_SIGN = re.compile(r"[-−(▲△]$")
_NO_LETTER = re.compile(r"[^A-Za-z]$")
_DAY_OR_MONTH = re.compile(r"[dDmM]")


def number_cell(number: float, number_format: str) -> Cell:
    """A number as its format shows it: 83.2% for 0.832, with a unit that is in the format, and by
    the 15 digits that count of what a spreadsheet computes."""
    section = _section(number_format, number)
    bare = _PIECES.sub("", section)
    exact = Decimal(f"{number:.15g}")
    hides_minus = number < 0 and section != number_format and not _BELOW_ZERO.search(section)
    if hides_minus or _shows_another_number(number_format, section, bare):
        return Cell(format(exact.normalize() + 0, "f"), "scaled")
    if "%" in bare:
        exact *= 100
    plain = format(exact.normalize() + 0, "f")
    before, after = _words(section)
    if exact < 0 and section != number_format:
        before, after = _SIGN.sub("", before), after.removeprefix(")")
    return Cell(f"{before}{plain}{after}")


def _shows_another_number(number_format: str, section: str, bare: str) -> bool:
    """Whether a format shows thousands, no number, a point that is but a mark, or by conditions."""
    return bool(
        _SCALED.search(bare)
        or not _PLACE.search(bare)
        or _FALSE_POINT.search(section)
        or (_CONDITION.search(number_format) and _TELLING.search(number_format))
    )


def _section(number_format: str, number: float) -> str:
    """The part of a format that a number is shown by: for positive, negative, and zero."""
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', number_format)
    if number < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if number == 0 and len(sections) > 2 else sections[0]


def _words(section: str) -> tuple[str, str]:
    """What a format shows before and behind the number."""
    shown, start, end = "", None, 0
    at = 0
    while at < len(section):
        if piece := _PIECES.match(section, at):
            shown += piece["currency"] or piece["quoted"] or piece["escaped"] or ""
        elif piece := _PLACES.match(section, at):
            start, end = (len(shown) if start is None else start), len(shown)
        else:
            shown += section[at]
            at += 1
            continue
        at = piece.end()
    return shown[: start or 0].strip(), shown[end:].strip()


def day_cell(value: date | time | timedelta, number_format: str) -> Cell:
    """A day as ISO 8601 has it, or as its year where its format shows no more."""
    if not isinstance(value, date):
        return Cell(str(value))
    shown = _PIECES.sub("", number_format)
    if shown and not _DAY_OR_MONTH.search(shown):
        return Cell(str(value.year))
    return Cell((value.date() if isinstance(value, datetime) else value).isoformat())


def shown_text(parts: Iterable[tuple[str, bool]]) -> str:
    """A text of parts, each with whether it is raised: behind a number or a Chinese word such a
    part marks a footnote (560[1]), behind a letter it belongs to a unit (km2)."""
    shown = ""
    for text, raised in parts:
        shown += f"[{text}]" if raised and _NO_LETTER.search(shown) else text
    return shown


def truth_cell(value: bool) -> Cell:
    """TRUE or FALSE as spreadsheets show them."""
    return Cell(str(value).upper())
