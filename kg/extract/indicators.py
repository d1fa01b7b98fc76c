"""The indicators of a plan's tables, with their baselines and targets."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kg.document.structure import Document
from kg.document.tables import Cell, Column, IndicatorTable, Row
from kg.document.tables.model import OVER_YEARS, RATES
from kg.document.tables.words import attribute_of, is_missing, pattern
from kg.extract.model import Achievement, Indicator, Quantity, Value, Years
from kg.extract.timing import counts_what_there_is, names_a_sum
from kg.lexicon import lexicon
from kg.quantities.bounds import counts_fall, counts_growth
from kg.quantities.grammar import cell_number, unit_of
from kg.source.text import Span, compact, line_around, normal

# characters of what is in the last brackets behind a name, for it to be a unit
_LONGEST_UNIT = 8
_LONGEST_ATTRIBUTE = 12  # characters behind a row's last value
_NEAR = Decimal("0.02")  # of a target, for it to be what growth by a rate comes to
_POINTS = "percentage-point"  # what a percentage is to change by, not what it is to be


@dataclass(frozen=True)
class _Reading:
    """What a row's values are read with; sums: whether its name alone says that they are sums."""

    document: Document
    table: IndicatorTable
    period: Years
    indicator: Indicator
    annual: bool
    sums: bool = False


def read_indicators(
    document: Document, period: Years
) -> tuple[tuple[Indicator, ...], tuple[Value, ...]]:
    """The rows of the indicator tables as indicators and values.

    period: the plan's first and last year, for sums and averages and where the table names no year.
    A table whose years all lie before it holds results and gives nothing.
    """
    indicators: list[Indicator] = []
    values: list[Value] = []
    for reading, row in _rows(document, period):
        indicator = reading.indicator
        found = _with_growth(_one_baseline(list(_values(reading, row))))
        numeric = [v.quantity for v in found if v.quantity.value is not None]
        levels = [quantity for quantity in numeric if quantity.basis == "PointInTime"]
        own = {quantity.unit for quantity in levels or numeric}
        if indicator.unit is None and not indicator.unit_text and len(own) == 1:
            indicator = replace(indicator, unit=own.pop())
        indicators.append(indicator)
        values += found
    return tuple(indicators), tuple(values)


def earlier_results(document: Document, period: Years) -> Iterator[Achievement]:
    """What the tables observed in years before the baseline's (the year's result beside the next
    one's estimate), and those of the last period in any of its years."""
    for reading, row in _rows(document, period):
        if not any(column.kind in ("baseline", "value") for column in reading.table.columns):
            continue
        found = list(_values(reading, row))
        kept = _one_baseline(found)
        yield from _achieved(reading, row, [value for value in found if value not in kept])
    last = period[0] - 1
    for reading, row in _rows_of(document, document.results, period, len(document.tables) + 1):
        reached = (
            (_level(column, last), cell)
            for column, cell in row.values
            if not pattern("values", "target").search(column.label)
        )
        values = _values(reading, replace(row, values=tuple(reached)))
        yield from _achieved(reading, row, list(values))


def _level(column: Column, last: int) -> Column:
    """A column of values that were reached, whatever stands beside it; rates and sums without a
    year are those up to the last before the plan."""
    if column.year is None:
        return replace(column, year=last) if column.kind in OVER_YEARS else column
    return replace(column, kind="baseline") if column.kind in ("target", "value") else column


def _achieved(reading: _Reading, row: Row, values: Sequence[Value]) -> Iterator[Achievement]:
    """The values of a row as results, where they are numbers of years before the plan's."""
    for value in values:
        years = value.period
        if value.quantity.value is not None and years[1] < reading.period[0]:
            number = f"annex-{value.key.removesuffix(f'-{years[1]}')}-{years[1]}"
            yield Achievement(
                number, reading.indicator.name, value.quantity, row.span, period=years
            )


def _rows(document: Document, period: Years) -> Iterator[tuple[_Reading, Row]]:
    """The rows of the tables that are not of the years before the plan's."""
    tables = [table for table in document.tables if not _is_past(table, period)]
    return _rows_of(document, tables, period, 1)


def _rows_of(
    document: Document, tables: Sequence[IndicatorTable], period: Years, first: int
) -> Iterator[tuple[_Reading, Row]]:
    """The rows of tables, which are counted from a number on."""
    for place, table in enumerate(tables, first):
        for row in table.rows:
            indicator, annual = _indicator(document, table, row, place)
            reading = _Reading(document, table, period, indicator, annual)
            yield replace(reading, sums=_is_of_sums(reading, row)), row


def _is_of_sums(reading: _Reading, row: Row) -> bool:
    """Whether a row's numbers are sums by its name: it has no level to begin with, and none that
    is a sum or mean by its column or brackets, so that a number without is one of a year."""
    if not names_a_sum(normal(reading.indicator.name), reading.indicator.unit):
        return False
    marked = pattern("cells", "cumulative")
    return not any(
        _kind(column, reading) == "baseline" or column.kind in OVER_YEARS
        or marked.match(compact(cell.text))
        for column, cell in row.values if not is_missing(cell.text)
    )  # fmt: skip


def _is_past(table: IndicatorTable, period: Years) -> bool:
    """Whether all values of a table are of the years before the plan's. An undated rate beside
    one year is the plan's; beside two, it tells what happened between them."""
    years = {c.year for c in table.columns if c.holds_values and c.year is not None}
    aims = ("target",) if len(years) > 1 else ("target", *OVER_YEARS)
    undated = any(c.kind in aims and c.year is None for c in table.columns)
    return bool(years) and max(years) < period[0] and not undated


def read_row(
    document: Document,
    cells: Sequence[Span],
    name: str,
    number: int,
    kind: str,
    period: Years,
    known: Indicator | None,
) -> tuple[Indicator, Value] | None:
    """A row as a person reads it, of which one value ("target" or "baseline") is known: its
    indicator, known where it was read, and value; None where the last cell holds no number.

    cells: the row's, up to the one that holds the value.
    """
    units = [found for span in cells if (found := unit_of(compact(document.read(span).text)))]
    span = Span(cells[0].start, cells[-1].end)
    behind = line_around(document.text, span.start, span.end, _LONGEST_ATTRIBUTE)[1]
    indicator = known or Indicator(
        str(number), name, span, units[0].id if units else None, number=number,
        attribute=attribute_of(behind),
    )  # fmt: skip
    column, cell = Column(kind), Cell(cells[-1], document.read(cells[-1]).text)
    table = IndicatorTable("", span, span, (column,), (), None)
    annual = any(word in name for word in lexicon("tables")["names"]["annual_inside"])
    reading = _Reading(document, table, period, indicator, annual)
    quantity = _quantity(reading, column, cell)
    if quantity.value is None:
        return None
    years = _years(reading, column, cell, kind, quantity.basis)
    return indicator, Value(indicator.key, kind.capitalize(), indicator.key, quantity, years)


# ---------------------------------------------------------------- names and units


def _printed(document: Document, cell: Cell) -> str:
    return "".join(document.printed(part) for part in cell.parts)


def _printed_name(document: Document, cell: Cell) -> str:
    """A name without a mark before it."""
    return pattern("marks", "leading").sub("", _printed(document, cell))


def _indicator(
    document: Document, table: IndicatorTable, row: Row, place: int
) -> tuple[Indicator, bool]:
    """The indicator of a row, its unit and basis taken from the brackets behind its name."""
    printed = own = _printed_name(document, row.name)
    if row.group is not None:
        printed = f"{_without_unit(_printed_name(document, row.group))} / {printed}"
    plain = pattern("names", "bracketed").sub("", normal(printed))
    name, unit, unit_text, annual = _name_and_unit(plain, _unit_cell(row))
    if unit is None and not unit_text and table.unit:
        unit, unit_text = _unit(table.unit)
    annual = annual or any(word in name for word in lexicon("tables")["names"]["annual_inside"])
    key = str(row.number) if not row.again else f"{row.number}-{row.again + 1}"
    key = key if row.part is None else f"{key}.{row.part}"
    key = key if place == 1 else f"t{place}.{key}"
    name = printed[: len(name)].strip()
    category = _printed(document, row.category) if row.category else None
    attribute = attribute_of(row.attribute.text) if row.attribute else None
    of_row = row.number, row.part, category, attribute, _other_names(own, name)
    return Indicator(key, name, row.span, unit, unit_text, *of_row), annual


def _other_names(printed: str, name: str) -> tuple[str, ...]:
    """The name as its cell has it, with its unit, and without a long explanation behind it."""
    found = []
    if printed != name and normal(printed).count("(") == normal(printed).count(")"):
        found.append(printed)
    match = pattern("marks", "brackets").search(normal(name))
    if match and match.start() and len(match["inside"]) > _LONGEST_UNIT:
        found.append(name[: match.start()].strip())
    return tuple(found)


def _unit(label: str) -> tuple[str | None, str]:
    """A unit's id, or its text where it is none that is known."""
    found = unit_of(label)
    return (found.id, "") if found else (None, label)


def _unit_cell(row: Row) -> tuple[str | None, str]:
    if row.unit is None or is_missing(row.unit.text):
        return None, ""
    label = re.sub(r"^[(\[](.*)[)\]]$", r"\1", compact(row.unit.text))
    unit = unit_of(label)
    return (unit.id, "" if label == unit.labels[0] else label) if unit else (None, label)


def _name_and_unit(name: str, stated: tuple[str | None, str]) -> tuple[str, str | None, str, bool]:
    """A name without marks and brackets, its unit, and whether it is a yearly average."""
    unit, unit_text = stated
    annual = False
    annual_words = lexicon("tables")["names"]["annual"]
    head, _, behind = name.partition("/")
    name = f"{head}({behind})" if unit_of(behind) else name
    while True:
        marked = pattern("marks", "trailing").sub("", name).rstrip()
        match = pattern("marks", "brackets").search(marked)
        if match is None or not match.start():
            return marked, unit, unit_text, annual
        inside = match["inside"]
        if inside in annual_words:
            annual = True
        elif (unit is None and not unit_text and len(inside) <= _LONGEST_UNIT) or (
            unit is not None and inside and _unit(inside)[0] == unit
        ):
            unit, unit_text = _unit(inside)
        else:
            return marked, unit, unit_text, annual
        name = marked[: match.start()].rstrip()


def _without_unit(printed: str) -> str:
    """The name that parts share, without a unit or mark behind it."""
    bare = pattern("marks", "trailing").sub("", normal(printed)).rstrip()
    match = pattern("marks", "brackets").search(bare)
    if match and match.start() and unit_of(match["inside"]):
        bare = bare[: match.start()]
    return printed[: len(bare)].strip()


# ---------------------------------------------------------------- values


def _one_baseline(found: list[Value]) -> list[Value]:
    """The values, with only the latest of several baselines, of those that say something: what was
    reached, before rates and sums over the years up to then."""
    bases = [v for v in found if v.kind == "Baseline"]
    latest = max(
        bases,
        key=lambda v: (
            v.quantity.comparator != "Missing",
            v.key in (v.indicator, f"{v.indicator}-{v.period[1]}"),
            v.period[1],
        ),
        default=None,
    )
    return [v for v in found if v.kind != "Baseline" or v is latest]


def _with_growth(values: list[Value]) -> list[Value]:
    """The values, a yearly average in percent where the level grows so: 16.2, 21.3 and 5.6."""
    levels = {v.kind: v for v in values if v.quantity.basis == "PointInTime" and v.quantity.value}
    if set(levels) != {"Baseline", "Target"}:
        return values
    base, aim = (levels[kind].quantity.value or Decimal() for kind in ("Baseline", "Target"))
    years = levels["Target"].period[1] - levels["Baseline"].period[1]

    def grows(rate: Quantity) -> bool:
        by = rate.value
        if rate.basis != "AnnualAverage" or by is None or years < 1:
            return False
        missed = abs(base * (1 + by / 100) ** years - aim)
        return missed <= abs(aim) * _NEAR and missed < abs(base + by * years - aim)

    return [
        replace(v, quantity=replace(v.quantity, unit="percent")) if grows(v.quantity) else v
        for v in values
    ]


def _values(reading: _Reading, row: Row) -> Iterator[Value]:
    """A row's values; rates and sums over the period are targets of their own."""
    taken: set[tuple[str, str]] = set()
    for column, cell in row.values:
        kind = _kind(column, reading)
        if kind is None or (kind == "target" and is_missing(cell.text)):
            continue
        quantity = _quantity(reading, column, cell)
        years = _years(reading, column, cell, kind, quantity.basis)
        for key in _keys(reading.indicator.key, column, years):
            if (kind, key) not in taken:
                taken.add((kind, key))
                yield Value(key, kind.capitalize(), reading.indicator.key, quantity, years)
                break


def _kind(column: Column, reading: _Reading) -> str | None:
    """Whether a column has baselines or targets, by its year and words; None for neither. What was
    aimed at before the plan is a baseline where the table has none."""
    if column.year is None:
        said = column.kind in OVER_YEARS and pattern("values", "before").search(column.label)
        return "baseline" if column.kind == "baseline" or said else "target"
    if column.year >= reading.period[0]:
        return "target"
    level = column.kind == "target" and all(c.kind != "baseline" for c in reading.table.columns)
    return "baseline" if column.kind != "target" or level else None


def _keys(key: str, column: Column, years: Years) -> tuple[str, ...]:
    """What the value may be called by, apart from the indicator's other values."""
    if column.kind in OVER_YEARS:
        key = f"{key}-yearly" if column.kind in RATES else f"{key}-total"
    return key, f"{key}-{years[1]}"


def _quantity(reading: _Reading, column: Column, cell: Cell) -> Quantity:
    """What a value cell says: [8.5] is a sum over the period, a fall by 10% a change against the
    year before it; words stay as printed.
    """
    rules, name = lexicon("tables"), reading.indicator.name
    aims = _kind(column, reading) == "target"
    text, printed = compact(cell.text), _printed(reading.document, cell)
    text = pattern("marks", "trailing").sub("", text)
    basis = _basis(reading, column, text)
    if match := pattern("cells", "cumulative").match(text):
        text = match["value"] + (match["behind"] or "")
    text = pattern("quantity", "dated").sub("", text)
    number = cell_number(text)
    unit = _unit_of_value(reading.indicator, column, basis, "%" in text)
    if number is not None:
        own = number.unit
        if basis == "Cumulative" and column.kind == "yearly" and not ("%" in text or number.change):
            unit = reading.indicator.unit  # a sum, in a column of rates
        if own is not None and (own.id == _POINTS or reading.indicator.unit is None):
            unit = own.id
        since = None
        changes = number.change and not (counts_growth(name) or counts_fall(name))
        if aims and (changes or pattern("values", "against").search(column.label)):
            basis = "Cumulative" if basis == "PointInTime" else basis
            since = reading.period[0] - 1 if basis == "Cumulative" else None
        quantity = Quantity(
            number.value, printed, unit, "", number.comparator or "Equal", basis, cell.span,
            number.upper, since,
        )  # fmt: skip
        return quantity.of(name) if number.change else quantity
    comparator = next(
        (c for c, words in rules["wordings"].items() if any(w in text for w in words)), "Task"
    )
    if is_missing(cell.text):
        comparator = "Missing"
    return Quantity(None, printed, unit, "", comparator, basis, cell.span)


def _basis(reading: _Reading, column: Column, text: str) -> str:
    """Whether a value is one of a year, a mean of years or a sum over them: by its words, by its
    brackets, and else by its column. A percentage of what is not in percent is a rate."""
    rules = lexicon("tables")["names"]
    rate = column.kind in RATES
    yearly = any(word in text for word in rules["annual"])
    before = re.sub(r"^\W+|\d.*", "", text)
    if counts_what_there_is(reading.indicator.name + before, reading.indicator.unit):
        return "PointInTime"
    grows = column.kind == "change" and "%" in text and reading.indicator.unit != "percent"
    if pattern("cells", "cumulative").match(text):
        said = _meaning(reading.table, text[0])
        mean, summed = (any(w in said for w in rules[k]) for k in ("annual", "cumulative"))
        means = yearly or grows or (reading.annual and not rate)
        if mean and summed:  # either: a row's name tells which
            means = yearly or reading.annual or counts_growth(reading.indicator.name)
        elif mean or summed:
            means = mean
        return "AnnualAverage" if means else "Cumulative"
    number = cell_number(text)
    points = column.kind == "change" and number is not None and number.unit_id == _POINTS
    summed = column.kind == "cumulative" or text.startswith(tuple(rules["cumulative"])) or points
    if summed and not yearly:
        return "Cumulative"  # points are added up, by whatever a column of rates or sums is headed
    if reading.annual or rate or yearly:
        return "AnnualAverage"
    names = (reading.indicator.name, *reading.indicator.other_names)
    sums = any(pattern("names", "summed").search(normal(name)) for name in names)
    sums |= reading.sums and number is not None
    return "Cumulative" if sums else "PointInTime"


def _meaning(table: IndicatorTable, bracket: str) -> str:
    """What the note below a table says of the values in such brackets; "" for nothing."""
    found = pattern("notes", "meaning").finditer(table.note.text if table.note else "")
    return next((match["what"] for match in found if match["bracket"] == bracket), "")


def _unit_of_value(indicator: Indicator, column: Column, basis: str, percent: bool) -> str | None:
    """The unit of a value: growth is in percent, whatever the indicator is counted in."""
    rate = column.kind in RATES and basis == "AnnualAverage"
    grows = pattern("values", "growth").search(column.label)
    if percent or ((rate or _unit(column.unit)[0] == "percent") and grows):
        return "percent"
    if indicator.unit is None and not indicator.unit_text and column.unit:
        return _unit(column.unit)[0]
    return indicator.unit


def _years(reading: _Reading, column: Column, cell: Cell, kind: str, basis: str) -> Years:
    """A value's years: a baseline's sums and means are of the five years before the plan."""
    first, last = reading.period
    year = column.year or (last if kind == "target" else first - 1)
    if dated := pattern("quantity", "dated").search(compact(cell.text)):
        year = int(dated["year"]) if kind == "baseline" else year
    begin = first if first <= year <= last else year - (last - first)
    return (begin, year) if basis in ("Cumulative", "AnnualAverage") else (year, year)
