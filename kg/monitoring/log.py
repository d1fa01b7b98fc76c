"""The folder plans/<plan>/monitoring: one CSV for each import, never changed once written."""

import csv
import io
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from kg.errors import PlanlinkError
from kg.files import make_durably, read_text, write_durably
from kg.monitoring.model import Entry, Import, Log, MeasureState, Observation, Period

_IMPORT = ("file", "sha256", "by", "at")
_OBSERVED = (
    "row", "column", "indicator", "name", "area", "period", "number", "upper", "text", "unit",
    "status", "judgement", "missing", "source", "link", "date", "note", "comparator",
)  # fmt: skip
_TYPED = frozenset(("row", "column", "period", "number", "upper", "unit", "missing", "comparator"))
_STATED = ("row", "measure", "state", "text", "source", "link", "date", "note")


def read_log(folder: Path) -> Log:
    """What was entered for the plan of a folder; PlanlinkError where a file is broken."""
    imports: list[Import] = []
    observations: list[Observation] = []
    states: list[MeasureState] = []
    for path in sorted((folder / "monitoring").glob("[0-9]*.csv")):
        number = int(path.name.split(".")[0])
        try:
            lines = list(csv.DictReader(io.StringIO(read_text(path))))
            imports.append(Import(number, **{name: lines[0][name] for name in _IMPORT}))
            for line in lines:
                if "measure" in line:
                    stated = {name: line[name] for name in _STATED[1:]}
                    states.append(MeasureState(Entry(number, int(line["row"])), **stated))
                else:
                    observations.append(_observation(number, line))
        except (LookupError, ValueError, InvalidOperation, TypeError, csv.Error) as error:
            raise PlanlinkError.of("import_broken", path, error) from error
    return Log(tuple(imports), tuple(observations), tuple(states))


def _observation(number: int, line: dict[str, str]) -> Observation:
    period = Period.read(line["period"].replace("-H", "H"))
    if period is None:
        raise ValueError(f"row {line['row']}: {line['period']!r} is no period")
    fields: dict[str, Any] = {name: line[name] for name in _OBSERVED if name not in _TYPED}
    fields |= {name: Decimal(line[name]) if line[name] else None for name in ("number", "upper")}
    # imports of earlier versions have no column, nor a comparator
    entry = Entry(number, int(line["row"]), line.get("column") or "")
    return Observation(
        entry=entry,
        period=period,
        unit=line["unit"] or None,
        unit_text="",
        missing=line["missing"] == "yes",
        comparator=line.get("comparator") or "Equal",
        **fields,
    )


def append(folder: Path, taken: Import, entered: Sequence[Observation | MeasureState]) -> Path:
    """Write an import of one kind to the log, whole or not at all; returns its file. PlanlinkError
    where the folder cannot be written, or another import took the number meanwhile."""
    out = io.StringIO()
    names = _OBSERVED if isinstance(entered[0], Observation) else _STATED
    writer = csv.DictWriter(out, [*names, *_IMPORT], lineterminator="\n")
    writer.writeheader()
    about = {name: getattr(taken, name) for name in _IMPORT}
    writer.writerows({**_line(one, names), **about} for one in entered)
    path = folder / "monitoring" / f"{taken.number:04}.csv"
    make_durably(path.parent)
    try:
        write_durably(path, out.getvalue().encode(), new=True)
    except FileExistsError as error:
        raise PlanlinkError.of("import_beside", path) from error
    return path


def _line(one: Observation | MeasureState, names: tuple[str, ...]) -> dict[str, str]:
    own = {"row": one.entry.row, "column": one.entry.column}
    if isinstance(one, Observation):
        own |= {
            "period": one.period.key if one.period else "",
            "missing": "yes" if one.missing else "",
        }
    fields = {name: own[name] if name in own else getattr(one, name, "") for name in names}
    return {name: "" if value is None else str(value) for name, value in fields.items()}
