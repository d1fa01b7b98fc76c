"""A row of a sheet -> a value of an indicator or the state of a measure, or what is wrong."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from kg.extract.model import Extraction, Indicator
from kg.lexicon import lexicon
from kg.lexicon import pattern as rule
from kg.link.same_quantities import concept_of, concepts
from kg.monitoring.heads import unit_of_bracket
from kg.monitoring.model import Entry, MeasureState, Observation, Period
from kg.monitoring.sheet import Row
from kg.monitoring.template import row_name
from kg.quantities.bounds import counts_fall, counts_growth
from kg.quantities.conversion import convert, is_convertible
from kg.quantities.entered import Entered, counted_in, entered_number
from kg.quantities.grammar import unit_of, units
from kg.quantities.numerals import half_width
from kg.source import dates
from kg.source.gazetteer import resolve
from kg.source.text import compact, normal


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row: the meaning of the column ("" for the row), in both languages."""

    column: str
    zh: str
    en: str


@dataclass(frozen=True)
class _Unit:
    """The unit wanted, which a value is kept in (None where there is none, or it cannot be
    had), the one given (None for none written), and what is written that is alien to the
    indicator's units."""

    wanted: str | None
    given: str | None = None
    alien: str = ""


class Resolver:
    """Finds what rows speak of in a plan, by what was read of its text."""

    def __init__(self, found: Extraction, text: str) -> None:
        self._found, self._text = found, text
        self._measures = {m.number for m in found.measures}
        self._by_name: dict[str, Indicator] = {}
        by_concept: dict[str, Indicator] = {}
        for indicator in sorted(found.indicators, key=lambda i: i.number is None):
            for name in _name_variants(indicator.name):
                self._by_name.setdefault(name, indicator)
            if (concept := concept_of(indicator.name)) is not None:
                by_concept.setdefault(concept, indicator)
        for alias, concept in concepts().items():
            if concept in by_concept:
                self._by_name.setdefault(_plain(alias), by_concept[concept])

    def indicator(self, text: str) -> Indicator | None:
        """The indicator meant by its number in the annex, its name or another of its names."""
        plain = _plain(text)
        rows = self._of_number(plain)
        if rows is not None:
            return rows[0] if len(rows) == 1 else None
        named = (plain, rule("monitoring", "rows", "part").sub("", plain))
        return next(filter(None, map(self._by_name.get, named)), None) or self._numbered(text)

    def _of_number(self, plain: str) -> list[Indicator] | None:
        """The rows of the annex that a number may mean, None for a text that is no number: 8 is the
        row that 8-1 and 8-2 are parts of, where it has one."""
        number = rule("monitoring", "rows", "number").fullmatch(plain)
        if not number:
            return None
        rows = [i for i in self._found.indicators if i.number == int(number[1])]
        part = int(number[2]) if number[2] else None
        return [i for i in rows if i.part == part] or (rows if part is None else [])

    def _numbered(self, text: str) -> Indicator | None:
        """As in a template: the number and the name, which must agree; of two tables that are
        numbered alike, the name tells the row."""
        match = re.match(
            r"\(?(\d+(?:-\d+)?)(?:[.、,:)]|\s)\s*(.+)", half_width(normal(text.strip())), re.S
        )
        if not match:
            return None
        rows = self._of_number(_plain(match[1])) or []
        found = [one for one in rows if _plain(match[2]) in _name_variants(one.name)]
        return found[0] if len(found) == 1 else None

    def observation(self, entry: Entry, row: Row) -> tuple[Observation, tuple[Fault, ...]]:
        """A row as an observation, with its cells' faults; the shapes check the rest."""
        cells, period = row.cells, Period.read(row.cells["period"])
        indicator, area = self.indicator(cells["indicator"]), cells.get("area", "")
        text = normal(cells["value"])
        missing = half_width(text) in lexicon("monitoring")["judgement"]["missing"]
        units = (normal(indicator.unit_text) if indicator else "", _unit_given(cells))
        number = None if missing else entered_number(text, units)
        unit = self._unit(indicator, cells, number, period)
        values, wrong = self._value(cells, number, unit, indicator)
        in_words = number is None and not re.search(r"\d", text)
        given = _judgement(normal(cells.get("judgement", "")))
        judgement = given or (_judgement(text) if in_words else "")
        faults = [*_refused(row), *self._of_names(cells), *_of_origin(cells), *wrong]
        if number is None and not missing and not judgement:
            faults.append(fault_in("value", "no-number", cells["value"]))
        return (
            Observation(
                entry=entry,
                indicator=indicator.key if indicator else "",
                name=indicator.name if indicator else cells["indicator"],
                area=area,
                period=period,
                number=values[0] if values else None,
                upper=values[1] if len(values) > 1 else None,
                text=cells["value"] + (_unwritten_unit(cells, number) if values else ""),
                unit=unit.wanted,
                unit_text=unit.alien,
                status=_status(cells),
                judgement=judgement,
                missing=missing,
                source=cells["source"],
                link=cells.get("link", ""),
                date=_day(cells.get("date", "")),
                note=cells.get("note", ""),
                comparator=number.comparator if number else "Equal",
            ),
            _each_column_once(faults),
        )

    def _of_names(self, cells: dict[str, str]) -> Iterator[Fault]:
        """What is wrong with the indicator, the judgement and the area that a row names."""
        rows = self._of_number(_plain(cells["indicator"])) or []
        if len(rows) > 1:
            listed = "、".join(row_name(i.number, i.part, i.name) for i in rows)
            yield fault_in("indicator", "several-rows", listed)
        if (judged := cells.get("judgement")) and not _judgement(normal(judged)):
            yield fault_in("judgement", "no-judgement", judged)
        area = cells.get("area", "")
        if area and not resolve(area) and normal(area) not in self._text:
            yield fault_in("area", "no-area", area)

    def _value(
        self,
        cells: dict[str, str],
        number: Entered | None,
        unit: _Unit,
        indicator: Indicator | None,
    ) -> tuple[list[Decimal], list[Fault]]:
        """A number and the end of its range in the unit wanted, and what is wrong with them."""
        if number is None:
            return [], []
        values, wrong = _values(number, unit, indicator)
        conflict = None if wrong else _conflict(cells, number)  # growth has a unit of its own
        wrong = wrong or self._unlike_its_own(values, number, unit, indicator)
        faults = [conflict] if conflict else []
        return values, faults + ([fault_in("value", wrong, cells["value"])] if wrong else [])

    def _unlike_its_own(
        self, values: list[Decimal], number: Entered, unit: _Unit, indicator: Indicator | None
    ) -> str:
        """The key of what is wrong with a value beside those that the plan gives its indicator:
        0.832 without a sign of per cent may mean 83.2, and nothing is counted in parts or below
        nothing."""
        if indicator is None or unit.wanted is None:
            return ""
        own = [v.quantity for v in self._found.values if v.indicator == indicator.key]
        if unit.wanted == "percent" and not number.unit_text and 0 < number.value <= 1:
            near = any(q.unit == "percent" and (q.value or 0) >= _FAR for q in own)
            return "ratio" if near else ""
        words, kept = lexicon("monitoring")["direction"], units()[unit.wanted]
        if kept.kind != "count":
            return ""
        known = [q.value for q in own if q.unit == unit.wanted and q.value is not None]
        if min(values, default=Decimal(0)) < min([Decimal(0), *known]):
            signed = counts_growth(indicator.name) or any(
                w in indicator.name for w in words["balance"]
            )
            return "" if signed else "below-nothing"
        broken = any(value * kept.factor % 1 for value in values)
        parts = any(value * kept.factor % 1 for value in known)
        average = any(word in indicator.name for word in words["average"])
        return "no-part" if broken and not parts and not average else ""

    def _unit(
        self,
        indicator: Indicator | None,
        cells: dict[str, str],
        number: Entered | None,
        period: Period | None,
    ) -> _Unit:
        """The unit of the indicator or one of its targets that a value is kept in."""
        if indicator is None:
            return _Unit(None)
        targets = [
            v.quantity
            for v in self._found.values
            if v.indicator == indicator.key and v.kind == "Target"
        ]
        # a span of years answers to a target over years, if there is one
        if period is not None and period.first != period.last:
            own = [*(q.unit for q in targets if q.basis != "PointInTime"), indicator.unit]
        else:
            own = [indicator.unit, *(q.unit for q in targets)]
        allowed = [u for u in dict.fromkeys(own) if u]
        written = (number.unit_text if number else "") or _unit_given(cells)
        if not written or written == half_width(normal(indicator.unit_text)):
            wanted = allowed[0] if allowed else None
            return _Unit(wanted, _counted(wanted) if number and number.scale > 1 else None)
        unit = unit_of(written)
        if unit is None:
            return _Unit(None, None, written)
        fitting = next((u for u in allowed if u == unit.id), None) or next(
            (u for u in allowed if is_convertible(unit.id, u)), None
        )
        return _Unit(fitting, unit.id) if fitting else _Unit(None, None, written)

    def state(self, entry: Entry, row: Row) -> tuple[MeasureState, tuple[Fault, ...]]:
        """A row as the state of a measure, and what is wrong with its cells."""
        cells = row.cells
        number = rule("monitoring", "rows", "measure").sub("", half_width(normal(cells["measure"])))
        return (
            MeasureState(
                entry,
                number if number in self._measures else "",
                _word("state", cells["state"]),
                cells["state"],
                cells["source"],
                cells.get("link", ""),
                _day(cells.get("date", "")),
                cells.get("note", ""),
            ),
            _each_column_once([*_refused(row), *_of_origin(cells)]),
        )


def _refused(row: Row) -> Iterator[Fault]:
    """What is wrong with the cells as they are in the file."""
    return (fault_in(name, wrong, row.cells.get(name, "")) for name, wrong in row.wrong)


def fault_in(column: str, key: str, text: str) -> Fault:
    """What is wrong with a cell, in the words of the lexicon (monitoring.toml, refused)."""
    words = lexicon("monitoring")["refused"][key]
    shown = re.sub(r"\s+", " ", text)[:60]
    return Fault(column, words["zh"].format(text=shown), words["en"].format(text=shown))


def _of_origin(cells: dict[str, str]) -> list[Fault]:
    """What is wrong with the day and the link of a row's source."""
    faults, day, link = [], cells.get("date", ""), cells.get("link", "")
    try:
        if day and not dates.has_begun(date.fromisoformat(_day(day))):
            faults.append(fault_in("date", "day-to-come", day))
    except ValueError:
        faults.append(fault_in("date", "no-day", day))
    if link and not _LINK.fullmatch(link):
        faults.append(fault_in("link", "no-link", link))
    return faults


_LINK = re.compile(r"https?://[^ ]+")


def _each_column_once(faults: list[Fault]) -> tuple[Fault, ...]:
    """The first fault of each column: the others follow from it."""
    first: dict[str, Fault] = {}
    for fault in faults:
        first.setdefault(fault.column, fault)
    return tuple(first.values())


def _unit_given(cells: dict[str, str]) -> str:
    """The unit in its own column, or after the indicator's name where it is a known one."""
    return _BLANK.sub("", half_width(normal(cells["unit"]))).strip("() ") or _named(cells)


_BLANK = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")


def _named(cells: dict[str, str]) -> str:
    match = _BRACKET.search(half_width(normal(cells["indicator"])).strip())
    return match[1] if match and unit_of(match[1]) is not None else ""


_BRACKET = re.compile(r"\(([^()]*)\)$")


def _conflict(cells: dict[str, str], number: Entered) -> Fault | None:
    """The fault of a value written with one unit, and given another in the column of units."""
    given, own = _unit_given(cells), number.unit_text
    if not given:
        return None
    if _named(cells) and unit_of(given) != unit_of(_named(cells)):
        return fault_in("unit", "units-differ", given)
    if own:
        unit = unit_of(own)
        same = given in (own, counted_in(own)) or (unit is not None and unit == unit_of(given))
    else:  # 52.5万 beside 人 is one thing, beside 万人 it is either of two
        same = number.scale == 1 or counted_in(given) == given
    return None if same else fault_in("value", "units-differ", own or cells["value"])


_FAR = 20  # per cent, which no year takes to below one


def _counted(unit: str | None) -> str | None:
    """What a unit counts, where numbers of it are given by ten thousands."""
    if unit is None:
        return None
    counted = unit_of(counted_in(units()[unit].labels[0]))
    return counted.id if counted else unit


def _values(number: Entered, unit: _Unit, indicator: Indicator | None) -> tuple[list[Decimal], str]:
    """A number and the end of its range in the unit wanted, and the key of what is wrong."""
    ends = [number.value, *([] if number.upper is None else [number.upper])]
    name = indicator.name if indicator else ""
    if number.both and not re.search(lexicon("quantities")["entered"]["both"], name):
        return [], "no-number"
    if number.turn:
        reduction = counts_fall(name)
        growth = counts_growth(name) or (
            unit.wanted == "percent" and indicator is not None and indicator.unit != "percent"
        )
        if min(ends) < 0 or not (number.fell if reduction else growth):
            return [], "no-growth"
        if number.fell and not reduction:
            ends = sorted(-end for end in ends)
    given = unit.given or unit.wanted
    if given and unit.wanted:
        converted = [convert(end * number.scale, given, unit.wanted) for end in ends]
        return [end for end in converted if end is not None], ""
    return [end * number.scale for end in ends], ""


def _unwritten_unit(cells: dict[str, str], number: Entered | None) -> str:
    if number and number.unit_text:
        return ""  # with the number, perhaps in other words
    unit = cells.get("unit", "") or _named(cells)
    return unit if unit not in cells["value"] else ""


def _day(text: str) -> str:
    """A day as ISO 8601 has it; the text as it is where it is none."""
    plain = half_width(normal(text)).strip()
    match = rule("monitoring", "period", "day").fullmatch(plain)
    if match is None:
        found = dates.day(compact(plain), whole=True)
        return found.isoformat() if found else text
    month, day = match["month"] or match["mm"], match["day"] or match["dd"]
    try:
        return date(int(match["year"]), int(month), int(day)).isoformat()
    except ValueError:
        return plain.replace("-", "/")  # a day that does not exist


def _plain(text: str) -> str:
    """A name without white space, footnote marks, and the unit or abbreviation in brackets at its
    end; other words there tell what it is of, as urban population is not all population."""
    name = _FOOTNOTE.sub("", re.sub(r"[\s“”\"]", "", normal(text)))
    match = _BRACKET.search(name)
    inner = unit_of_bracket(match[1]) if match else ""
    return _BRACKET.sub("", name) if inner.isascii() or unit_of(inner) is not None else name


def _name_variants(name: str) -> tuple[str, str]:
    """A name of a plan's as a sheet may give it: with and without what is in brackets behind it."""
    return _plain(name), _BRACKET.sub("", _plain(name))


_FOOTNOTE = re.compile(r"(?:[①-⑳*]|\[\d+\])+$")


def _judgement(text: str) -> str:
    """Whether words judge a target met or unmet, "" for neither; denials are sought first."""
    words = lexicon("monitoring")["judgement"]
    not_below = lexicon("monitoring")["direction"]["not_below"]
    unmet = any(word in text.replace(not_below, "") for word in words["unmet"])
    return "unmet" if unmet else "met" if any(word in text for word in words["met"]) else ""


def _status(cells: dict[str, str]) -> str:
    """The state of a value by its column, or where that is empty by a word of the remarks."""
    if cells.get("status"):
        return _word("status", cells["status"])
    remarks = (_word("status", word) for word in re.findall(r"\w+", cells.get("note", "")))
    return next(filter(None, remarks), "Final")


def _word(kind: str, text: str) -> str:
    """The name of what a cell's word means; "" for one we do not know."""
    plain = re.sub(r"\s+", " ", normal(text)).strip().lower()
    return next((name for name, words in lexicon("monitoring")[kind].items() if plain in words), "")
