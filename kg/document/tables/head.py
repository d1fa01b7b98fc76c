"""The head of a table: what its columns are, and the role of each value among them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from kg.document.tables.model import OVER_YEARS, Column
from kg.document.tables.words import column_of, pattern
from kg.lexicon import lexicon

MOST_COLUMNS = 48
HEAD_ROWS = 4
_OPEN = ("baseline", "target", "value")  # kinds whose role the words or the order decide


@dataclass(frozen=True)
class Head:
    """The columns of a table, in order.

    atoms: how many pieces of text, or rows of a grid, the head takes up.
    places: what of the page each column's head takes up, where that is known.
    """

    columns: tuple[Column, ...]
    atoms: int
    places: tuple[tuple[int, int] | None, ...] = ()


def tells_indicators(columns: Sequence[Column]) -> bool:
    """Whether columns are those of an indicator table: a name, a value, and one thing more; no name
    is behind a value, as where another table stands beside it."""
    kinds = [c.kind for c in columns]
    first = next((i for i, c in enumerate(columns) if c.holds_values), len(columns))
    if "name" in kinds[first:] and "name" in kinds[:first]:
        return False
    values = [c for c in columns if c.holds_values]
    others = {"number", "attribute", "unit", "category"} & set(kinds)
    return kinds.count("name") >= 1 and bool(values) and (bool(others) or len(values) > 1)


def with_roles(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns with each value's role: by its words, else by its year's place in the order.

    The first column of numbers has the rows' own.
    Where no column has names, one of aims beside values of years has them.
    Where no head cell names a target, the value of the latest year is one, or else the last; those
    before it are baselines.
    """
    columns = [replace(c, kind="other") if _is_of_more(c, columns) else c for c in columns]
    values = [i for i, c in enumerate(columns) if c.kind in _OPEN]
    if not any(c.kind == "name" for c in columns) and any(columns[i].year for i in values):
        named = {i for i in values if pattern("columns", "aim").fullmatch(columns[i].label)}
        columns = [replace(c, kind="name") if i in named else c for i, c in enumerate(columns)]
        values = [i for i in values if i not in named]
    known = {columns[i].kind for i in values}
    found = list(columns)
    levels = [i for i, c in enumerate(columns) if pattern("columns", "level").fullmatch(c.label)]
    for i in levels[:-1]:
        found[i] = replace(found[i], kind="category")
    for i in [i for i, c in enumerate(columns) if c.kind == "number"][1:]:
        found[i] = replace(found[i], kind="other")
    open_ = [i for i in values if columns[i].kind == "value"]
    aims = any(c.kind in OVER_YEARS for c in columns)
    if "target" not in known and open_ and not (aims and "baseline" not in known and not open_[1:]):
        latest = max(open_, key=lambda i: (columns[i].year or 0, i))
        found[latest] = replace(found[latest], kind="target")
        open_.remove(latest)
    targets = [c.year for c in found if c.kind == "target" and c.year]
    for i in open_:
        year = found[i].year
        later = year is not None and bool(targets) and year > min(targets)
        unsaid = year is None and "baseline" in known
        role = "target" if later or unsaid or (not targets and year is None) else "baseline"
        found[i] = replace(found[i], kind=role)
    return tuple(found)


def _is_of_more(column: Column, columns: Sequence[Column]) -> bool:
    """Whether a column's values are of a wider area, beside the same of the plan's own."""
    inner: str = lexicon("tables")["scopes"].get(_scope_of(column), "")
    beside = (c for c in columns if c.year == column.year and _same_role(c, column))
    return column.holds_values and any(_scope_of(c) in inner for c in beside if inner)


def _same_role(one: Column, other: Column) -> bool:
    """Whether two columns may hold the same values of two areas."""
    return one.kind == other.kind or (one.kind in _OPEN and "value" in (one.kind, other.kind))


def _scope_of(column: Column) -> str:
    """The area that a column's head names, by its level; "" for none."""
    scope = pattern("columns", "scoped").search(column.label)
    return scope[1] if scope else ""


def known_columns(labels: Iterable[str], promised: bool) -> tuple[Column, ...]:
    """The columns that head cells name, those that are not known left out."""
    return with_roles([c for label in labels if (c := column_of(label, promised))])


def with_attributes(head: Head) -> Head:
    """The head of a table whose column of types holds attributes; itself if it has one of those."""
    kinds = [c.kind for c in head.columns]
    if "attribute" in kinds or "category" not in kinds[kinds.index("name") :]:
        return head
    at = len(kinds) - 1 - kinds[::-1].index("category")
    column = replace(head.columns[at], kind="attribute")
    return replace(head, columns=(*head.columns[:at], column, *head.columns[at + 1 :]))


def with_numbers(head: Head) -> Head | None:
    """The head of a table with numbered rows but no column for them; None if it has one."""
    if any(c.kind == "number" for c in head.columns):
        return None
    at = next(i for i, c in enumerate(head.columns) if c.kind == "name")
    columns = (*head.columns[:at], Column("number"), *head.columns[at:])
    places = (*head.places[:at], None, *head.places[at:]) if head.places else ()
    return replace(head, columns=columns, places=places)
