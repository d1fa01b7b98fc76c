"""Import of a sheet: rows resolved against the plan, checked by SHACL, kept all or none."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from rdflib import Graph, URIRef

from kg.extract.model import Extraction, Indicator
from kg.files import only_writer
from kg.graph.vocabulary import vocabulary
from kg.lexicon import lexicon
from kg.link.reading import Reading
from kg.monitoring.graph import MonitoringGraph
from kg.monitoring.log import append, read_log
from kg.monitoring.model import Entry, Import, Log, MeasureState, Observation, Period
from kg.monitoring.sheet import Sheet, read_sheet, row_name
from kg.quantities.conversion import convert
from kg.quantities.grammar import unit_of, units
from kg.rdf.namespaces import PLAN
from kg.rdf.shacl import validate
from kg.source.text import normal

_OF_ROWS = str(PLAN.ActualValueShape)
_NUMBER = re.compile(r"(?<![\d.])-?\d+(?:\.\d+)?(?![\d.])")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3})")
_WORDS_AROUND = 30  # characters beside its number that a value may have and still be a number


@dataclass(frozen=True)
class Answer:
    """What became of a row: its number in the file, what it is about, and what is wrong with it
    (nothing where it is taken)."""

    row: int
    about: str
    wrong: tuple[tuple[str, str], ...]
    change: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of a sheet: an answer for each row, and the file of the log where it was kept."""

    answers: tuple[Answer, ...]
    kept: Path | None

    @property
    def accepted(self) -> bool:
        """Whether nothing is wrong with any row."""
        return not any(answer.wrong for answer in self.answers)


def observe(reading: Reading, file: Path, by: str, name: str, dry_run: bool, base: str) -> Outcome:
    """Take in a sheet of values or of measures' states.

    Args:
        reading: the plan as read.
        file: the sheet.
        by: who enters it.
        name: the name of the file as its giver knows it.
        dry_run: whether only to say what would change.
        base: the base of all IRIs.

    Raises:
        PlanlinkError: the sheet cannot be read at all, or the log cannot be written.
    """
    folder = reading.plan.folder
    sheet = read_sheet(file)
    # the number of an import and what its rows are checked beside hold until it is written
    with nullcontext() if dry_run else only_writer(folder):
        return _take(reading, sheet, file, by, name, dry_run, base)


def _take(
    reading: Reading, sheet: Sheet, file: Path, by: str, name: str, dry_run: bool, base: str
) -> Outcome:
    """Take in a sheet, see observe, while nobody else does."""
    folder = reading.plan.folder
    # what is no more in the plan is named when it is published
    log = read_log(folder).of_plan(reading.register.key, lambda _: None)
    taken = Import(
        max((one.number for one in log.imports), default=0) + 1,
        name,
        hashlib.sha256(file.read_bytes()).hexdigest(),
        by,
        datetime.now(UTC).isoformat(timespec="seconds"),
    )
    if not sheet.rows:
        return Outcome(
            (Answer(0, name, (("表中没有填写任何一行", "no row of the sheet is filled in"),)),),
            None,
        )
    resolver = Resolver(reading.linked.extraction)
    entered: tuple[Observation, ...] | tuple[MeasureState, ...]
    if sheet.kind == "indicators":
        entered = tuple(
            resolver.observation(Entry(taken.number, row), cells) for row, cells in sheet.rows
        )
    else:
        entered = tuple(
            resolver.state(Entry(taken.number, row), cells) for row, cells in sheet.rows
        )
    wrong = check(reading, log, taken, entered, base)
    answers = tuple(
        Answer(one.entry.row, _about(one), tuple(wrong.get(one.entry.row, ())), _change(one, log))
        for one in entered
    )
    outcome = Outcome(answers, None)
    if not outcome.accepted or dry_run:
        return outcome
    return Outcome(answers, append(folder, taken, _identified(entered, reading)))


def _identified(
    entered: tuple[Observation, ...] | tuple[MeasureState, ...], reading: Reading
) -> tuple[Observation, ...] | tuple[MeasureState, ...]:
    """What is entered, by the identifiers of what it is about: they last, and keys do not."""
    identifiers = reading.register.identifiers
    observations = tuple(
        replace(one, indicator=identifiers["indicator", one.indicator])
        for one in entered
        if isinstance(one, Observation)
    )
    return observations or tuple(
        replace(one, measure=identifiers["measure", one.measure])
        for one in entered
        if isinstance(one, MeasureState)
    )


def check(
    reading: Reading,
    log: Log,
    taken: Import,
    entered: tuple[Observation, ...] | tuple[MeasureState, ...],
    base: str,
) -> dict[int, list[tuple[str, str]]]:
    """What SHACL has against rows beside those kept already: messages in Chinese and English, by
    row."""
    graph = Graph()
    iris = reading.iris(base)
    writer = MonitoringGraph(graph, reading.plan, reading.document, reading.linked, iris, base)
    writer.add_context(entered)
    writer.add_entered(log, _related(log, entered))
    nodes = writer.add_candidates(taken, entered)
    wrong: dict[int, dict[str, tuple[str, str]]] = {}
    for result in sorted(validate(graph, vocabulary()).results, key=lambda r: r.shape == _OF_ROWS):
        if result.severity == "Violation" and (row := nodes.get(URIRef(result.focus))) is not None:
            # the shape of rows overrides the shape of all values in what it says of a property
            # of it
            wrong.setdefault(row, {})[result.path or result.message_en] = (
                result.message_zh,
                result.message_en,
            )
    return {row: sorted(messages.values()) for row, messages in wrong.items()}


def _related(log: Log, entered: Iterable[Observation | MeasureState]) -> tuple[Observation, ...]:
    """What is kept already of the indicators that the rows are about."""
    about = {one.indicator for one in entered if isinstance(one, Observation)}
    return tuple(one for one in log.current.values() if one.indicator in about)


def _about(one: Observation | MeasureState) -> str:
    if isinstance(one, MeasureState):
        return one.measure
    return f"{one.name} {one.area} {one.period.key if one.period else ''}".replace(
        "  ", " "
    ).strip()


def _change(one: Observation | MeasureState, log: Log) -> str:
    """What a row would change: "new", or the value or state that it takes the place of."""
    if isinstance(one, MeasureState):
        former = log.current_states.get(one.measure)
        return f"{former.state} → {one.state}" if former else "new"
    old = log.current.get(one.about)
    return f"{old.text} → {one.text}" if old else "new"


class Resolver:
    """Finds what rows speak of in a plan.

    Args:
        found: what was read from the plan.
    """

    def __init__(self, found: Extraction) -> None:
        self._found = found
        self._measures = {m.number for m in found.measures}
        self._by_name: dict[str, Indicator] = {}
        aliases = {
            name: c
            for c in lexicon("concepts")["concept"]
            for name in (c["zh"], *c.get("aliases", ()))
        }
        by_concept: dict[str, Indicator] = {}
        for indicator in sorted(found.indicators, key=lambda i: i.number is None):
            self._by_name.setdefault(_plain(indicator.name), indicator)
            if (concept := aliases.get(indicator.name)) is not None:
                by_concept.setdefault(concept["id"], indicator)
        for alias, concept in aliases.items():
            if concept["id"] in by_concept:
                self._by_name.setdefault(_plain(alias), by_concept[concept["id"]])

    def indicator(self, text: str) -> Indicator | None:
        """The indicator meant by its number in the annex, its name or another of its names."""
        plain = _plain(text)
        number = re.fullmatch(r"第?(\d+)(?:[.\-](\d+))?项?", plain)
        if number:
            rows = [i for i in self._found.indicators if i.number == int(number[1])]
            part = int(number[2]) if number[2] else None
            rows = rows if part is None else [i for i in rows if i.part == part]
            return rows[0] if len(rows) == 1 else None
        return self._by_name.get(plain) or self._numbered(text)

    def _numbered(self, text: str) -> Indicator | None:
        """As in a template: the number, a blank, and the name, which must agree."""
        number, _, name = text.strip().partition(" ")
        found = self.indicator(number) if name and number else None
        return found if found is not None and _plain(found.name) == _plain(name) else None

    def observation(self, entry: Entry, cells: dict[str, str]) -> Observation:
        """A row as an observation; what cannot be made out is left for the shapes to report."""
        words = lexicon("monitoring")
        indicator = self.indicator(cells["indicator"])
        text = normal(cells["value"])
        missing = text in words["judgement"]["missing"]
        numbers = [] if missing else _numbers(text)
        period = Period.read(cells["period"])
        unit, unit_text, factor_to = self._unit(indicator, cells.get("unit", ""), text, period)
        if numbers and unit and factor_to and unit != factor_to:
            numbers = [
                n for n in (convert(number, factor_to, unit) for number in numbers) if n is not None
            ]
        judgement = _judgement(cells.get("judgement", "")) or (
            _judgement(text) if not numbers and not missing else ""
        )
        return Observation(
            entry=entry,
            indicator=indicator.key if indicator else "",
            name=indicator.name if indicator else cells["indicator"],
            area=cells.get("area", ""),
            period=period,
            number=min(numbers) if numbers else None,
            upper=max(numbers) if len(numbers) > 1 else None,
            text=cells["value"]
            + (given if numbers and (given := cells.get("unit", "")) not in cells["value"] else ""),
            unit=unit,
            unit_text=unit_text,
            status=_word("status", cells.get("status", "")),
            judgement=judgement,
            missing=missing,
            source=cells["source"],
            link=cells.get("link", ""),
            date=cells.get("date", ""),
            note=cells.get("note", ""),
        )

    def _unit(
        self, indicator: Indicator | None, given: str, text: str, period: Period | None
    ) -> tuple[str | None, str, str | None]:
        """The unit of the indicator or one of its targets, what is written where none fits, and the
        unit as written."""
        if indicator is None:
            return None, "", None
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
        written = given or ("%" if text.endswith("%") else "")
        if not written or written == indicator.unit_text:
            return (allowed[0] if allowed else None), "", None
        unit = unit_of(written)
        if unit is None:
            return None, written, None
        wanted = next((u for u in allowed if u == unit.id), None) or next(
            (u for u in allowed if convert(Decimal(1), unit.id, u)), None
        )
        return (wanted, "", unit.id) if wanted else (None, written, None)

    def state(self, entry: Entry, cells: dict[str, str]) -> MeasureState:
        """A row as the state of a measure."""
        number = re.sub(r"^(?:举措|measure)[/ ]?", "", cells["measure"])
        return MeasureState(
            entry,
            number if number in self._measures else "",
            _word("state", cells["state"]),
            cells["state"],
            cells["source"],
            cells.get("link", ""),
            cells.get("date", ""),
            cells.get("note", ""),
        )


def _plain(text: str) -> str:
    """A name without white space and the brackets at its end, which hold its unit."""
    return re.sub(r"[\s“”\"]|\([^()]*\)$", "", normal(text))


def _numbers(text: str) -> list[Decimal]:
    """The numbers of a value: one, or several; none where it is words with a number in
    them."""
    plain = _GROUPED.sub("", text)
    found = _NUMBER.findall(plain)
    rest = _NUMBER.sub("", plain)
    return [Decimal(number) for number in found] if len(rest) <= _WORDS_AROUND else []


def _judgement(text: str) -> str:
    """What words say of a target: met, unmet or nothing. What denies is looked for first, but for
    "not below"."""
    words = lexicon("monitoring")["judgement"]
    unmet = any(word in text.replace("不低于", "") for word in words["unmet"])
    return "unmet" if unmet else "met" if any(word in text for word in words["met"]) else ""


def _word(kind: str, text: str) -> str:
    """The name of what a cell's word means; "" for one we do not know."""
    return next(
        (
            name
            for name, words in lexicon("monitoring")[kind].items()
            if text.strip().lower() in words
        ),
        "",
    )


def template_rows(reading: Reading, year: int | None) -> tuple[list[tuple[str, str]], int]:
    """The indicators of a plan's annex for a template, each by number and name with its unit, and
    the year to fill in.

    Args:
        reading: the plan as read.
        year: the year asked for; None for the last one of the plan that has ended.
    """
    first, last = reading.plan.period
    asked = year if year is not None else max(first, min(last, datetime.now(UTC).year - 1))
    rows = sorted(
        (
            (i.number, i.part or 0, i)
            for i in reading.linked.extraction.indicators
            if i.number is not None
        ),
        key=lambda r: r[:2],
    )
    return [(row_name(number, part, i.name), _unit_label(i)) for number, part, i in rows], asked


def _unit_label(indicator: Indicator) -> str:
    return units()[indicator.unit].labels[0] if indicator.unit else indicator.unit_text
