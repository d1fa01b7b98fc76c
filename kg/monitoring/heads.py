"""What the head of a sheet's column says: a meaning that we know, or a period of its own."""

import re
from dataclasses import dataclass
from functools import cache

from xlsxwriter.utility import xl_col_to_name

from kg.lexicon import grouped, lexicon, longest_first
from kg.lexicon import pattern as rule
from kg.monitoring.model import Period
from kg.quantities.grammar import unit_of
from kg.quantities.numerals import half_width
from kg.source.text import normal


@dataclass(frozen=True)
class PeriodHead:
    """The head of a column that holds the values of one period, as written, and from its bracket
    the unit and the word for the state of the values (preliminary), "" where there is none."""

    period: str
    unit: str = ""
    status: str = ""


def meanings(kind: str, heads: dict[int, str]) -> dict[str, list[int]]:
    """The columns of each meaning, by the heads of the columns that have one."""
    return grouped(
        (name, column)
        for column, head in heads.items()
        if (name := _names(kind).get(plain(head)[0])) is not None
    )


@cache
def _names(kind: str) -> dict[str, str]:
    columns = lexicon("monitoring")[kind]["columns"]
    return {plain(head)[0]: name for name, column in columns.items() for head in column["heads"]}


def plain(head: str) -> tuple[str, str]:
    """A head without blanks, marks and the bracket at its end, and what the bracket holds."""
    text = re.sub(r"[\s*:]", "", half_width(normal(head)))
    match = re.fullmatch(r"(?P<head>[^()]+)\((?P<bracket>[^()]*)\)", text)
    return (match["head"].lower(), match["bracket"]) if match else (text.lower(), "")


def place(column: int, head: str) -> str:
    """A column's letters and its head, as a user finds it."""
    return f"{xl_col_to_name(column - 1)} {''.join(head.split())}"


def unit_of_bracket(bracket: str) -> str:
    """The unit in the bracket behind a value's head; "" where it holds none."""
    if bracket in lexicon("monitoring")["heads"]["remarks"]:
        return ""
    match = rule("monitoring", "heads", "unit").search(bracket)
    return unit_said(match["unit"] if match else bracket)


def unit_said(words: str) -> str:
    """A unit as a head or a line above it has it; "" where it says that it stands elsewhere."""
    return "" if rule("monitoring", "heads", "elsewhere").match(words) else words


def period_head(head: str, above: str) -> PeriodHead | None:
    """What a head says that names a period, alone or with the head above it and its neighbours, and
    nothing else than that its values were reached; None where its values may be others: targets,
    growth, shares."""
    own, bracket = plain(head)
    over, of_over = plain(above)
    if rule("monitoring", "years", "other").search(f"{own} {over} {bracket} {of_over}"):
        return None
    words = "|".join(map(re.escape, longest_first([*_reached()])))
    period = re.sub(rf"^(?:{words})|(?:{words})$", "", own)
    if Period.read(period) is None and Period.read(period := f"{over}{period}") is None:
        return None  # nor with what is above it
    if bracket in {word for words in lexicon("monitoring")["status"].values() for word in words}:
        return PeriodHead(period, unit_of_bracket(of_over), bracket)
    unit = unit_of_bracket(bracket)
    if unit and unit_of(unit) is None:
        return None
    return PeriodHead(period, unit or unit_of_bracket(of_over))


@cache
def _reached() -> frozenset[str]:
    own = lexicon("monitoring")
    return frozenset([*own["indicators"]["columns"]["value"]["heads"], *own["years"]["reached"]])
