"""Import of a sheet: rows resolved against the plan, checked by SHACL, kept all or none."""

import hashlib
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from rdflib.namespace import DCTERMS, RDFS

from kg.errors import PlanlinkError
from kg.files import only_writer
from kg.graph.vocabulary import vocabulary
from kg.link.reading import Reading
from kg.monitoring.entry import Fault, Resolver, fault_in
from kg.monitoring.graph import MonitoringGraph
from kg.monitoring.log import append, read_log
from kg.monitoring.model import Entry, Import, Log, MeasureState, Observation
from kg.monitoring.proportion import Sizes, out_of_proportion, sizes_of
from kg.monitoring.sheet import Row, Sheet, read_sheet
from kg.monitoring.template import last_ended, row_name
from kg.quantities.wording import Worded
from kg.rdf.namespaces import PLAN
from kg.rdf.shacl import validate_quads

_OF_ROWS = str(PLAN.ActualValueShape)
_COLUMN = {
    str(PLAN.ofIndicator): "indicator",
    str(PLAN.period): "period",
    str(PLAN.unitText): "unit",
    str(PLAN.observationStatus): "status",
    str(PLAN.ofMeasure): "measure",
    str(PLAN.progressState): "state",
    str(DCTERMS.source): "source",
    str(RDFS.label): "source",
}


@dataclass(frozen=True)
class Answer:
    """What became of a row: its number in the file, what it is about, what is wrong with it
    (nothing where it is taken), each with the letter and head of the column if there is one, what
    it would change, and why its value is worth a look, though it is taken."""

    row: int
    about: str
    wrong: tuple[Fault, ...]
    change: str = ""
    doubt: Worded | None = None


@dataclass(frozen=True)
class Outcome:
    """What became of a sheet, by its name in its book ("" in a text file): an answer for each row,
    the file of the log where it was kept, and the letter and head of each column that was not
    read."""

    answers: tuple[Answer, ...]
    kept: Path | None
    sheet: str = ""
    unread: tuple[str, ...] = ()

    @property
    def accepted(self) -> bool:
        """Whether nothing is wrong with any row."""
        return not any(answer.wrong for answer in self.answers)


def observe(reading: Reading, file: Path, by: str, name: str, dry_run: bool, base: str) -> Outcome:
    """Take in a sheet of values or of measures' states, called as its giver knows it, or only say
    what it would change; PlanlinkError where it cannot be read at all, or the log cannot be
    written."""
    sheet = read_sheet(file)
    # the number of an import and what its rows are checked beside hold until it is written
    with nullcontext() if dry_run else only_writer(reading.plan.folder):
        return _take(reading, sheet, file, by, name, dry_run, base)


def _take(
    reading: Reading, sheet: Sheet, file: Path, by: str, name: str, dry_run: bool, base: str
) -> Outcome:
    """Take in a sheet, see observe, while nobody else does."""
    folder = reading.plan.folder
    # what is no longer in the plan is named when it is published
    log = read_log(folder).of_plan(reading.register.key, lambda _: None)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    taken = Import(
        max((one.number for one in log.imports), default=0) + 1,
        name,
        hashlib.sha256(file.read_bytes()).hexdigest(),
        by,
        max([now, *(one.at for one in log.imports)]),  # also where the clock was set back
    )
    if not sheet.rows:
        raise PlanlinkError.of("sheet_without_rows", file)
    resolver = Resolver(reading.linked.extraction, reading.document.text)
    read = resolver.observation if sheet.kind == "indicators" else resolver.state
    rows = [read(Entry(taken.number, row.number, row.column), row) for row in sheet.rows]
    entered = tuple(one for one, _ in rows)
    twice = _given_twice(entered, "period" if sheet.kind == "indicators" else "measure")
    every = {one.entry: (*found, *twice.get(one.entry, ())) for one, found in rows}
    faults = {entry: found for entry, found in every.items() if found}
    wrong = check(reading, log, taken, entered, faults, base)
    sizes = sizes_of(log.current.values())
    answers = tuple(
        Answer(
            one.entry.row,
            _about(one, row),
            tuple(_at_column(fault, row) for fault in wrong.get(one.entry, ())),
            _change(one, log),
            _doubt(one, reading, sizes),
        )
        for one, row in zip(entered, sheet.rows, strict=True)
    )
    outcome = Outcome(answers, None, sheet.name, sheet.unread)
    if not outcome.accepted or dry_run:
        return outcome
    lasting = [_identified(one, reading) for one in entered]
    return replace(outcome, kept=append(folder, taken, lasting))


def _at_column(fault: Fault, row: Row) -> Fault:
    """A fault by the column's letter and head instead of its meaning; a unit that is in no column
    of its own is the value's, and so is all that is wrong with one value of a row of several."""
    name = "value" if fault.column == "unit" and "unit" not in row.columns else fault.column
    others = row.columns["value"] if row.column else ""
    return replace(fault, column=row.columns.get(name, others))


def _identified(one: Observation | MeasureState, reading: Reading) -> Observation | MeasureState:
    """An entered value or state with the identifier of its indicator or measure in place of the
    key, which a new reading may change."""
    identifiers = reading.register.identifiers
    if isinstance(one, Observation):
        return replace(one, indicator=identifiers["indicator", one.indicator])
    return replace(one, measure=identifiers["measure", one.measure])


def check(
    reading: Reading,
    log: Log,
    taken: Import,
    entered: tuple[Observation | MeasureState, ...],
    faults: dict[Entry, tuple[Fault, ...]],
    base: str,
) -> dict[Entry, list[Fault]]:
    """The faults of rows: those of their cells, and the violations that SHACL finds when they stand
    beside the values kept already; of rows whose cells cannot be taken only those of another
    column. PlanlinkError where who enters them has a name that cannot be published."""
    quads, nodes = MonitoringGraph(reading, base).of_rows(log, taken, entered)
    wrong: dict[Entry, dict[str, Fault]] = {
        row: {fault.column or fault.en: fault for fault in found} for row, found in faults.items()
    }
    named = {row: {fault.column for fault in found} for row, found in faults.items()}
    results = validate_quads(quads, vocabulary()).results
    broken = [result for result in results if result.severity == "Violation"]
    own = reading.iris(base).of("import", str(taken.number))
    if by := next((one for one in broken if one.focus == f"{own}/by"), None):
        raise PlanlinkError.of("entered_by", "--by", by.message_en, by.message_zh)
    for result in sorted(broken, key=lambda r: r.shape == _OF_ROWS):
        column = _COLUMN.get(result.path, "")
        for row in nodes.get(result.focus, ()):
            if _follows(column, named.get(row, set())):
                continue
            # the shape of rows overrides the shape of all values in what it says of a property
            wrong.setdefault(row, {})[column or result.path or result.message_en] = Fault(
                column, result.message_zh, result.message_en
            )
    return {row: sorted(found.values(), key=lambda f: f.zh) for row, found in wrong.items()}


def _follows(column: str, known: set[str]) -> bool:
    """Whether a fault may follow from cells that were not understood, by their columns."""
    return bool(known) and (column in {"", *known} or (column == "unit" and "value" in known))


def _given_twice(
    entered: Iterable[Observation | MeasureState], column: str
) -> dict[Entry, tuple[Fault, ...]]:
    """The rows of a sheet that are about what another one is about, which the column tells."""
    about: dict[object, list[Observation | MeasureState]] = {}
    for one in entered:
        if isinstance(one, MeasureState):
            key: object = one.measure
        else:
            key = one.about if one.indicator and one.period else ""
        if key:
            about.setdefault(key, []).append(one)
    several = (same for same in about.values() if len(same) > 1)
    return {
        one.entry: (
            fault_in(column, "given-twice", next(other.text for other in same if other is not one)),
        )
        for same in several
        for one in same
    }


def _about(one: Observation | MeasureState, row: Row) -> str:
    if isinstance(one, MeasureState):
        return one.measure or row.cells["measure"]
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


def _doubt(one: Observation | MeasureState, reading: Reading, sizes: Sizes) -> Worded | None:
    if isinstance(one, MeasureState):
        return None
    return out_of_proportion(reading.linked.extraction, one, sizes)


def template_rows(
    reading: Reading, year: int | None, today: date
) -> tuple[list[tuple[str, str]], str]:
    """The indicators of a plan's annex, or of its text where it has none, each by number and name
    with its unit, and the period to fill in: the year (PlanlinkError for none of the plan's), by
    default its last year or half of one that has ended, if any."""
    first, last = reading.plan.period
    if year is not None and not first <= year <= last:
        raise PlanlinkError.of("template_year", "--year", year, first, last)
    found = reading.linked.extraction
    aims = {value.indicator for value in found.values if value.kind in ("Target", "Baseline")}
    known = [i for i in found.indicators if i.number or i.key in aims]
    rows = sorted(
        [i for i in known if i.number] or known, key=lambda i: (i.number or 0, i.part or 0, i.span)
    )
    asked = last_ended(first, last, today) if year is None else str(year)
    named = {
        row_name(i.number, i.part, i.name): i.unit_text or i.counted("", i.unit, "") for i in rows
    }
    return [*named.items()], asked
