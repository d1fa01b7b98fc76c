"""The indicators of the annex table, with their baselines and targets."""

from __future__ import annotations

import re
from decimal import Decimal

from kg.document import Document
from kg.extract.model import Indicator, Quantity, Value
from kg.extract.quantities import unit_of
from kg.lexicon import lexicon
from kg.table import Cell, IndicatorTable, Row

_BRACKET = re.compile(r"\((?P<inside>[^()]*)\)?$")


def read_indicators(document: Document, period: tuple[int, int]) -> tuple[tuple[Indicator, ...], tuple[Value, ...]]:
    """The rows of the annex tables as indicators and values.

    Args:
        document: the document; names are read with its errata mended.
        period: the plan's first and last year, for sums and averages and where the table names no year.
    """
    indicators: list[Indicator] = []
    values: list[Value] = []
    for table in document.tables:
        for row in table.rows:
            indicator, annual = _indicator(document, row)
            indicators.append(indicator)
            for kind, cell in row.values.items():
                quantity = _quantity(cell, indicator, annual)
                years = _years(kind, table, quantity.basis, period)
                values.append(Value(indicator.key, kind.capitalize(), indicator.key, quantity, years))
    return tuple(indicators), tuple(values)


def _indicator(document: Document, row: Row) -> tuple[Indicator, bool]:
    """The indicator of a row, its unit and basis taken from the brackets behind its name."""
    name = document.read(row.name.span).text
    annual_words = lexicon("tables")["names"]["annual"]
    unit, annual = None, False
    while match := _BRACKET.search(name):
        inside = match["inside"]
        if unit is None and (found := unit_of(inside)) is not None:
            unit = found.id
        elif inside in annual_words:
            annual = True
        else:
            break
        name = name[: match.start()].strip()
    annual = annual or any(word in name for word in annual_words)
    attribute = next((a for a, words in lexicon("tables")["attributes"].items() if row.attribute.text in words), None)
    category = row.category.text if row.category else None
    return Indicator(str(row.number), name, row.span, unit, row.number, category, attribute), annual


def _quantity(cell: Cell, indicator: Indicator, annual: bool) -> Quantity:
    """What a value cell says. [8.5] is a sum over the period; words are kept as they are printed."""
    cells = lexicon("tables")["cells"]
    text, basis = cell.text, "AnnualAverage" if annual else "PointInTime"
    if match := re.match(cells["cumulative"], text):
        text = match["value"].strip()
        basis = "AnnualAverage" if annual else "Cumulative"
    unit = indicator.unit
    label = ""
    if number := re.fullmatch(r"([<>≥≤≈约]?)\s*(-?\d+(?:\.\d+)?)\s*%?\s*(左右|以上|以内|以下)?", text.replace(",", "")):
        return Quantity(Decimal(number[2]), cell.text, unit, label, _comparator(number[1], number[3]), basis, cell.span)
    comparator = "Relative" if any(w in text for w in ("不低于", "同步", "高于", "不高于", "快于")) else "Task"
    if re.match(cells["none"], cell.text):
        comparator = "Missing"
    return Quantity(None, cell.text, unit, label, comparator, basis, cell.span)


def _comparator(sign: str, word: str | None) -> str:
    signs = {"<": "LessThan", ">": "MoreThan", "≥": "AtLeast", "≤": "AtMost", "≈": "About", "约": "About"}
    words = {"左右": "About", "以上": "AtLeast", "以内": "AtMost", "以下": "AtMost"}
    return signs.get(sign) or words.get(word or "") or "Equal"


def _years(kind: str, table: IndicatorTable, basis: str, period: tuple[int, int]) -> tuple[int, int]:
    """The years a value is for: a baseline's sums and averages run over the five years before the plan."""
    first, last = period
    length = last - first
    year = table.years.get(kind, last if kind == "target" else first - 1)
    return (year - length, year) if basis in ("Cumulative", "AnnualAverage") else (year, year)
