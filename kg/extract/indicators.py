"""The indicators of the annex table, with their baselines and targets."""

from __future__ import annotations

import re
from decimal import Decimal

from kg.document.structure import Document
from kg.document.tables import Cell, IndicatorTable, Row
from kg.extract.model import Indicator, Quantity, Value
from kg.lexicon import lexicon
from kg.quantities.grammar import unit_of
from kg.source.text import normal

_LONGEST_UNIT = (
    8  # characters of what stands in the last brackets behind a name, for it to be a unit
)
_BRACKET = re.compile(r"\((?P<inside>[^()]*)\)?$")


def read_indicators(
    document: Document, period: tuple[int, int]
) -> tuple[tuple[Indicator, ...], tuple[Value, ...]]:
    """The rows of the annex tables as indicators and values.

    Args:
        document: the document; names are read with its errata mended.
        period: the plan's first and last year, for sums and averages and where the table names no
            year.
    """
    indicators: list[Indicator] = []
    values: list[Value] = []
    for table in document.tables:
        for row in table.rows:
            indicator, annual = _indicator(document, row)
            indicators.append(indicator)
            for column, cell in row.values.items():
                # a column of yearly growth or five-year sums states a target beside the one for the
                # last year
                kind, key = (
                    ("target", f"{indicator.key}-yearly")
                    if column == "extra"
                    else (column, indicator.key)
                )
                quantity = _quantity(
                    document, cell, indicator, annual or column == "extra", column == "extra"
                )
                years = _years(kind, table, quantity.basis, period)
                values.append(Value(key, kind.capitalize(), indicator.key, quantity, years))
    return tuple(indicators), tuple(values)


def _indicator(document: Document, row: Row) -> tuple[Indicator, bool]:
    """The indicator of a row, its unit and basis taken from the brackets behind its name."""
    printed = document.printed(row.name.span)
    if row.group is not None:
        printed = f"{document.printed(row.group.span)} / {printed}"
    name = normal(printed)
    annual_words = lexicon("tables")["names"]["annual"]
    unit, unit_text, annual = None, "", False
    if row.unit is not None:
        stated = unit_of(row.unit.text)
        unit, unit_text = (stated.id, "") if stated else (None, row.unit.text)
    while match := _BRACKET.search(name):
        inside = match["inside"]
        if inside in annual_words:
            annual = True
        elif unit is None and not unit_text and len(inside) <= _LONGEST_UNIT:
            found = unit_of(inside)
            unit, unit_text = (found.id, "") if found else (None, inside)
        else:
            break
        name = name[: match.start()].rstrip()
    annual = annual or any(word in name for word in annual_words)
    attribute = next(
        (a for a, words in lexicon("tables")["attributes"].items() if row.attribute.text in words),
        None,
    )
    category = document.printed(row.category.span) if row.category else None
    name = printed[: len(name)].strip()
    key = str(row.number) if row.part is None else f"{row.number}.{row.part}"
    return Indicator(
        key, name, row.span, unit, unit_text, row.number, row.part, category, attribute
    ), annual


def _quantity(
    document: Document, cell: Cell, indicator: Indicator, annual: bool, yearly: bool = False
) -> Quantity:
    """What a value cell says. [8.5] is a sum over the period; words are kept as they are
    printed."""
    rules = lexicon("tables")
    text, basis = re.sub(r"\s", "", cell.text), "AnnualAverage" if annual else "PointInTime"
    if match := re.match(rules["cells"]["cumulative"], text):
        text = match["value"]
        basis = "AnnualAverage" if annual and not yearly else "Cumulative"
    # a column of yearly growth is in percent, whatever the indicator itself is counted in
    unit = "percent" if "%" in text or (yearly and basis == "AnnualAverage") else indicator.unit
    if number := re.fullmatch(
        r"([<>≥≤≈约]?)(-?\d+(?:\.\d+)?)%?(左右|以上|以内|以下)?", text.replace(",", "")
    ):
        return Quantity(
            Decimal(number[2]),
            document.printed(cell.span),
            unit,
            "",
            _comparator(number[1], number[3]),
            basis,
            cell.span,
        )
    comparator = next(
        (c for c, words in rules["wordings"].items() if any(w in text for w in words)), "Task"
    )
    if re.match(rules["cells"]["none"], cell.text):
        comparator = "Missing"
    return Quantity(None, document.printed(cell.span), unit, "", comparator, basis, cell.span)


def _comparator(sign: str, word: str | None) -> str:
    signs = {
        "<": "LessThan",
        ">": "MoreThan",
        "≥": "AtLeast",
        "≤": "AtMost",
        "≈": "About",
        "约": "About",
    }
    words = {"左右": "About", "以上": "AtLeast", "以内": "AtMost", "以下": "AtMost"}
    return signs.get(sign) or words.get(word or "") or "Equal"


def _years(
    kind: str, table: IndicatorTable, basis: str, period: tuple[int, int]
) -> tuple[int, int]:
    """The years a value is for: a baseline's sums and averages run over the five years before the
    plan."""
    first, last = period
    length = last - first
    year = table.years.get(kind, last if kind == "target" else first - 1)
    return (year - length, year) if basis in ("Cumulative", "AnnualAverage") else (year, year)
