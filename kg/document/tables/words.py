"""What the words of a table's cells tell: the column a head cell names, what a cell can hold."""

import re
from dataclasses import replace
from functools import cache, lru_cache, partial
from unicodedata import normalize

from kg.document.tables.model import Column
from kg.lexicon import lexicon
from kg.lexicon import pattern as lexicon_pattern
from kg.quantities.grammar import unit_of, units
from kg.quantities.numerals import chinese_number
from kg.source.text import compact

_KINDS = ("number", "unit", "attribute", "category", "name", "other")
LONGEST_ROW = 400  # characters; a longer line without tabs is no row
_LONG_LABEL = 30  # characters; a longer cell is no head cell


def pattern(table: str, key: str) -> re.Pattern[str]:
    """A pattern of lexicon/tables.toml."""
    return lexicon_pattern("tables", table, key)


_value = partial(pattern, "values")


@cache
def going_on() -> tuple[str, ...]:
    """What a head cell that goes on ends or begins with."""
    return tuple(lexicon("tables")["marks"]["going_on"])


@cache
def open_ends() -> tuple[str, ...]:
    """What a cell that goes on ends with."""
    return tuple(lexicon("tables")["marks"]["open_ends"])


@lru_cache(maxsize=4096)
def column_of(label: str, promised: bool = False) -> Column | None:
    """The column that a head cell names; None where it names none. Weaker words for names
    count where the title promises indicators."""
    label = pattern("marks", "trailing").sub("", compact(label))  # marks that lead to a note
    if promised and pattern("columns", "weak_name").fullmatch(label):
        return Column("name", label)
    if not label or len(label) > _LONG_LABEL or label.endswith(going_on()):
        return None
    bare, unit = label, ""
    if (match := pattern("marks", "brackets").search(label)) and unit_of(match["inside"]):
        bare, unit = label[: match.start()], match["inside"]
    if pattern("columns", "scope").search(label):
        return Column("other", label)
    for kind in _KINDS:
        if any(map(pattern("columns", kind).fullmatch, {bare, label})):
            return Column(kind, label, None, unit)
    column = _value_column(bare)
    return replace(column, label=label, unit=unit) if column else None


def _value_column(label: str) -> Column | None:
    if not _value("whole").fullmatch(label) or not _value("must").search(label):
        return None
    if _value("cut_off").match(label):
        return None
    years = list(_value("year").finditer(label))
    between = label[years[0].end() : years[-1].start()] if len(years) > 1 else ""
    if len(years) > 2 or (len(years) == 2 and not _value("years_apart").search(between)):
        return None
    if _is_two_values(label, years[-1].start()) if years else _names_two_plans(label):
        return None
    against = bool(_value("against").search(label))
    kind = "cumulative" if against else _kind_of_value(label, len(years))
    if kind is None:
        return None
    year = chinese_number(years[0 if against else -1].group()) if years else _plan_year(label)
    return Column(kind, label, year)


def column_of_year(label: str) -> Column | None:
    """The column of values that a whole head cell names by its year, whatever else it says."""
    bare = compact(label)
    years = [chinese_number(year) for year in _value("year").findall(bare)]
    years += [] if years else [_plan_year(bare)]
    dated = _value("dated").fullmatch(bare) and len(years) == 1 and years[0]
    return Column("value", label, years[0]) if dated else None


def _kind_of_value(label: str, dated: int) -> str | None:
    """The kind of a value column that names so many years; None where its words contradict each
    other."""
    yearly, cumulative = _value("yearly").search(label), _value("cumulative").search(label)
    if dated == 1 and not _value("mean").search(label):
        yearly = None  # growth in that year alone
    old, new = _value("baseline").search(label), _value("target").search(label)
    if dated and new and not old and cumulative and not yearly:
        return "target"  # the brackets around a value say that it is a sum
    if yearly or cumulative:
        return "change" if yearly and cumulative else "yearly" if yearly else "cumulative"
    if old and new:
        return None
    return "baseline" if old else "target" if new else "value"


def _is_two_values(label: str, at: int) -> bool:
    """Whether a label tells an old value before a year and one aimed at behind it."""
    before, behind = label[:at], label[at:]
    old, aimed = _value("baseline").search(before), _value("target").search(behind)
    return bool(old and aimed and not _value("years_apart").search(before))


def _names_two_plans(label: str) -> bool:
    """Whether a label names two plans' periods side by side, as two head cells do."""
    plans = list(_value("plan").finditer(label))
    between = label[plans[0].end() : plans[-1].start()] if plans else ""
    return len({p["number"] for p in plans}) > 1 and not _value("years_apart").search(between)


def _plan_year(label: str) -> int | None:
    """The last year of the plan that a head cell names."""
    rules = lexicon("tables")["values"]
    found = list(_value("plan").finditer(label))
    number = chinese_number(found[-1]["number"]) if found else None
    if number is None:
        return None
    return int(rules["plan_last"]) + 5 * (number - int(rules["plan_number"]))


def number_of(text: str) -> int | None:
    """The row number that a cell holds."""
    match = pattern("cells", "number").fullmatch(text)
    return int(normalize("NFKC", match["number"]).strip("().")) if match else None


@cache
def _attributes() -> dict[str, str]:
    rules = lexicon("tables")["attributes"]
    return {word: str(attribute) for attribute, words in rules.items() for word in words}


@lru_cache(maxsize=4096)
def attribute_of(text: str) -> str | None:
    """The attribute that a cell names (Binding, Expected), None for any other."""
    return _attributes().get(compact(text))


@lru_cache(maxsize=4096)
def is_number(text: str) -> bool:
    """Whether a cell holds a number, with or without a sign, a range, bounds or its unit."""
    return bool(pattern("cells", "value").match(text)) or is_quantity(text)


@lru_cache(maxsize=4096)
def is_missing(text: str) -> bool:
    """Whether a cell says that it holds nothing."""
    return bool(pattern("cells", "none").match(text))


def is_count(text: str) -> bool:
    """Whether a cell says how many rows a category has, in brackets."""
    return pattern("cells", "count").match(text) is not None


@lru_cache(maxsize=4096)
def is_value(text: str) -> bool:
    """Whether a cell holds a value: a number, nothing, or one of the usual wordings."""
    words = lexicon("tables")["cells"]["words"]
    if is_number(text) or is_missing(text) or any(word in text for word in words):
        return True
    return bool(pattern("cells", "whole_words").match(text))


def is_quantity(text: str) -> bool:
    """Whether a cell holds a number with a known unit behind it."""
    match = pattern("cells", "quantity").match(text)
    return match is not None and is_unit(match["unit"])


def says_years(text: str) -> bool:
    """Whether a cell says that its value is a sum or a mean over years: [8.5]."""
    rules = lexicon("tables")["names"]
    words = (*rules["cumulative"], *rules["annual"])
    return bool(pattern("cells", "cumulative").match(text)) or text.startswith(words)


@cache
def tells_scope(column: Column) -> bool:
    """Whether a column's head says that its values are of a part of the area alone."""
    return bool(pattern("columns", "scope").search(column.label))


def is_labelled(text: str) -> bool:
    """Whether a cell holds values for parts of what is measured."""
    return bool(pattern("cells", "labelled").match(text))


def ends_as_measured(text: str) -> bool:
    """Whether a text ends as names of what is measured do, by its last word."""
    return bool(pattern("cells", "measured").search(text))


def is_unit(text: str) -> bool:
    """Whether a cell holds a unit that is known."""
    return unit_of(compact(text)) is not None


@cache
def _beginnings() -> frozenset[str]:
    """What known units begin with."""
    labels = [label for unit in units().values() for label in unit.labels]
    return frozenset(label[:i] for label in labels for i in range(2, len(label)))


def is_whole_unit(text: str) -> bool:
    """Whether a cell holds a known unit, or known ones set against each other."""
    return is_unit(text) or all(is_unit(part) for part in re.split(r"[/·]", compact(text)))


def is_unit_like(text: str) -> bool:
    """Whether a cell may hold a unit that is not known: one that begins as a known one does, the
    beginning of one, or one that sets one against another."""
    if pattern("cells", "ratio_unit").fullmatch(compact(text)):
        return True
    parts = re.split(r"[/·]", compact(text).strip("()"))
    known = [unit_of(part) is not None for part in parts]
    if len(parts) > 1:
        return any(known) and all(len(part) <= 6 for part in parts)
    if not 2 <= len(parts[0]) <= 6:
        return False
    return parts[0] in _beginnings() or any(unit_of(parts[0][:i]) for i in range(2, len(parts[0])))


def is_furniture(text: str) -> bool:
    """Whether a line belongs to the page, or says that the table goes on."""
    return bool(
        pattern("cells", "furniture").match(text) or pattern("title", "continued").match(text)
    )


def ends_table(text: str, ruled: bool) -> bool:
    """Whether a line is behind a table: a note, a heading, a sentence.

    Args:
        ruled: whether tabs, bars or gaps part its cells.
    """
    if pattern("end", "note").match(text):
        return True
    if ruled or is_furniture(text):
        return False
    return bool(
        pattern("end", "heading").match(text)
        or pattern("end", "sentence").search(text)
        or len(text) > LONGEST_ROW
    )
