"""A sheet of values or of measures' states: rows by the meaning of their columns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from xlsxwriter.utility import xl_col_to_name

from kg.errors import PlanlinkError
from kg.lexicon import grouped, lexicon
from kg.lexicon import pattern as rule
from kg.monitoring.heads import (
    PeriodHead,
    meanings,
    period_head,
    place,
    plain,
    unit_of_bracket,
    unit_said,
)
from kg.monitoring.intake import read_book
from kg.monitoring.intake.table import Area, Cell, Table
from kg.monitoring.model import Period
from kg.quantities.conversion import is_convertible
from kg.quantities.grammar import unit_of
from kg.quantities.numerals import half_width
from kg.source.characters import cleaned
from kg.source.text import normal

KINDS = ("indicators", "measures")
_HEADING_WITHIN = 40  # rows above the heading may hold a title, who fills the sheet in, a letter
# What a template has filled in; a row with no more than that says nothing.
_GIVEN = frozenset(("indicator", "measure", "unit", "period"))


@dataclass(frozen=True)
class Row:
    """A row of a sheet by its number in the file, from 1.

    cells: its texts by the meaning of their columns; "" where empty or without such a column.
    columns: the letter and head of each column that is read, by its meaning.
    wrong: the meaning of a cell's column ("" for the row) and the refusal
        (lexicon/monitoring.toml).
    column: the letter of the value's column, where there are several; "" in other sheets.
    """

    number: int
    cells: dict[str, str]
    columns: dict[str, str]
    wrong: tuple[tuple[str, str], ...] = ()
    column: str = ""


@dataclass(frozen=True)
class Sheet:
    """A sheet of indicators or measures that was read, by its name in its book ("" in a text file):
    the letter and head of each column that is not read, and the rows that are filled in; of a row
    with a column for each of several periods, one for each value."""

    kind: str
    name: str
    unread: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(path: Path) -> Sheet:
    """Read the sheet of values or of measures' states in a file, known by its heading.
    PlanlinkError for an unreadable file, no such sheet or several, or a column headed twice."""
    book = read_book(path)
    headed = [heading for table in book.tables if (heading := _heading(table, path)) is not None]
    if not headed:
        wanted = lexicon("monitoring")["indicators"]
        heads = "、".join(wanted["columns"][name]["heads"][0] for name in wanted["needed"])
        raise PlanlinkError.of("sheet_without_heads", path, heads)
    if book.one_of_them:
        return headed[0].sheet()
    sheets = [one.sheet() for one in headed]
    filled = [one for one in sheets if one.rows]
    if len(filled) > 1:
        names = ", ".join(one.name for one in filled)
        raise PlanlinkError.of("sheet_several", path, names)
    return (filled or sheets)[0]


def _heading(table: Table, path: Path) -> _Headed | None:
    """The table under its heading; None where no row is one."""
    origin = _origin(table)
    given = {"source"} if origin else set()
    where = f"{path}, sheet {table.name}" if table.name else str(path)
    for row in range(1, min(table.height, _HEADING_WITHIN) + 1):
        heads = _heads(table, row)
        for kind in KINDS:
            columns = meanings(kind, heads)
            if set(lexicon("monitoring")[kind]["needed"]) <= set(columns) | given:
                _refuse_twice(columns, heads, f"{where}, row {row}")
                places = {name: at[0] for name, at in columns.items()}
                return _Headed(table, kind, row, places, heads, {}, origin)
        if (headed := _by_period(table, row, where, origin)) is not None:
            parted = not table.at(row + 1, headed.columns["indicator"]).text.strip()
            return (parted and _by_period(table, row + 1, where, origin)) or headed
    return None


def _by_period(table: Table, row: int, where: str, origin: str) -> _Headed | None:
    """The table under a heading with a column for each period; None where the row is none. The
    heading may have a row above it, for what is over several columns."""
    above = _heads(table, row - 1) if row > 1 else {}
    own = _heads(table, row)
    heads = above | own if meanings("indicators", above).get("indicator") else own
    columns = meanings("indicators", heads)
    if "indicator" not in columns or "period" in columns:
        return None
    name = columns["indicator"][0]
    over = {at: max((c for c in above if name < c <= at), default=0) for at in heads}
    read = {at: period_head(head, above.get(over[at], "")) for at, head in sorted(heads.items())}
    periods = {at: head for at, head in read.items() if head}
    columns.pop("value", None)
    if not periods:
        return None
    of_period = grouped(
        (str(Period.read(found.period)), column) for column, found in periods.items()
    )
    _refuse_twice(columns | of_period, heads, f"{where}, row {row}")
    places = {name: at[0] for name, at in columns.items()}
    return _Headed(table, "indicators", row, places, heads, periods, origin)


def _heads(table: Table, row: int) -> dict[int, str]:
    """The texts of a row, by their columns."""
    return {
        column: head
        for column in range(1, table.width + 1)
        if (head := cleaned(table.at(row, column).text).strip())
    }


def _origin(table: Table) -> str:
    """The source of all values where a line of its own gives one, and no other line another."""
    found = {
        match["source"]
        for row in range(1, table.height + 1)
        for column in range(1, table.width + 1)
        if (text := table.at(row, column).text)
        and (match := rule("monitoring", "heads", "origin").search(half_width(cleaned(text))))
    }
    return found.pop() if len(found) == 1 else ""


def _refuse_twice(columns: dict[str, list[int]], heads: dict[int, str], where: str) -> None:
    for places in columns.values():
        if len(places) > 1:
            named = " and ".join(place(column, heads[column]) for column in places)
            raise PlanlinkError.of("sheet_same_columns", where, named)


@dataclass(frozen=True)
class _Headed:
    """A table whose columns have a meaning, below a row with their heads.

    periods: what the heads of columns say that hold a period's values; none where one column
        has all.
    origin: the source of all values, where a line outside the columns gives it.
    period: the one that the column of values is read for, where periods have columns.
    """

    table: Table
    kind: str
    row: int
    columns: dict[str, int]
    heads: dict[int, str]
    periods: dict[int, PeriodHead]
    origin: str
    period: PeriodHead | None = None

    def sheet(self) -> Sheet:
        """What is filled in under the heading."""
        read = {*self.columns.values(), *self.periods}
        unread = tuple(place(c, head) for c, head in self.heads.items() if c not in read)
        return Sheet(self.kind, self.table.name, unread, tuple(self._rows()))

    def _rows(self) -> Iterator[Row]:
        layouts = [
            replace(self, columns={**self.columns, "value": column}, period=period)
            for column, period in self.periods.items()
        ] or [self]
        for number in range(self._begin, self.table.height + 1):
            if any(self.table.at(number, c).text.strip() != h for c, h in self.heads.items()):
                for one in layouts:
                    yield from one._filled(number)

    def _filled(self, number: int) -> Iterator[Row]:
        """The row, unless it says nothing."""
        cells = {name: self._cell(number, column) for name, column in self.columns.items()}
        if not self._says_something(number, cells) or self._is_signed(number):
            return
        wrong = [(name, cell.wrong) for name, cell in cells.items() if cell.wrong]
        hidden = [n for n, c in self.columns.items() if c in self.table.hidden_columns]
        wrong += [(name, "hidden-column") for name in hidden if cells[name].text]
        if number in self.table.hidden_rows:
            wrong.append(("", "hidden-row"))
        if self._is_longer(number):
            wrong.append(("", "longer-row"))
        texts = {name: cell.text for name, cell in cells.items()}
        own = texts.get("unit", "")
        if own in lexicon("monitoring")["judgement"]["missing"]:
            own = ""
        of_head = self._of_head not in ("", half_width(normal(own)))
        if own and (of_head or _of_one_kind(own, self._unit_above)):
            wrong.append(("unit", "units-differ"))
        texts["unit"] = own or self._of_head or self._unit_above
        if self.origin and "source" not in self.columns:
            texts["source"] = self.origin
        places, column = self._places, ""
        if self.period is not None:
            texts = {"status": self.period.status, "source": "", **texts}
            texts["period"] = self.period.period
            places = {"period": places["value"], **places}
            column = xl_col_to_name(self.columns["value"] - 1)
        yield Row(number, texts, places, tuple(wrong), column)

    def _is_longer(self, number: int) -> bool:
        """Whether a row of a text file has more cells than the heading: a comma in a number that is
        not quoted (1,234.5) parts it."""
        named = self.table.lengths[self.row - 1] if self.table.lengths else self.table.width
        return any(self.table.at(number, c).text for c in range(named + 1, self.table.width + 1))

    def _is_signed(self, number: int) -> bool:
        """Whether a row tells who filled the sheet in, and when."""
        texts = (self.table.at(number, c).text.strip() for c in range(1, self.table.width + 1))
        first = half_width(normal(next(filter(None, texts), "")))
        return rule("monitoring", "heads", "signed").match(first) is not None

    @cached_property
    def _places(self) -> dict[str, str]:
        return {name: place(column, self.heads[column]) for name, column in self.columns.items()}

    def _says_something(self, number: int, cells: dict[str, Cell]) -> bool:
        if self.period is not None:
            return bool(cells["value"].text or cells["value"].wrong)
        filled = {
            name
            for name, cell in cells.items()
            if (cell.text or cell.wrong) and not self._is_from_above(number, self.columns[name])
        }
        return bool(filled - _GIVEN)

    @cached_property
    def _begin(self) -> int:
        """The first row below the heading, whose cells may be merged over several rows."""
        bottoms = [
            area.bottom
            for area in self.table.merged
            if area.top <= self.row <= area.bottom and area.left in self.heads
        ]
        return max(bottoms, default=self.row) + 1

    def _cell(self, row: int, column: int) -> Cell:
        """A cell, or the one that it is merged with above it; what it holds is for both."""
        area = self._merged.get((row, column))
        cell = self.table.at(area.top if area else row, column)
        cell = replace(cell, text=cleaned(cell.text).strip())
        if rule("monitoring", "heads", "error").fullmatch(cell.text) and not cell.wrong:
            return replace(cell, wrong="error")
        if column == self.columns.get("value") and cell.text and self._is_shared(row, column):
            return replace(cell, wrong="merged")
        return cell

    def _is_shared(self, row: int, column: int) -> bool:
        """Whether a value is merged with the cells of other rows or periods."""
        return (row, column) in self._merged or any(
            (area.top, area.left) == (row, column)
            and any(area.left < other <= area.right for other in self.periods)
            for area in self.table.merged
        )

    def _is_from_above(self, row: int, column: int) -> bool:
        area = self._merged.get((row, column))
        return area is not None and area.top < row

    @cached_property
    def _merged(self) -> dict[tuple[int, int], Area]:
        """The area of each cell below the heading that is merged with others above or below it."""
        return {
            (row, area.left): area
            for area in self.table.merged
            if area.bottom > area.top >= self._begin
            for row in range(area.top, area.bottom + 1)
        }

    @cached_property
    def _of_head(self) -> str:
        """The unit in the bracket behind the value's head."""
        if self.period is not None:
            return self.period.unit
        if "value" not in self.columns:
            return ""
        return unit_of_bracket(plain(self.heads[self.columns["value"]])[1])

    @cached_property
    def _unit_above(self) -> str:
        """The unit that a line above the heading gives for the table."""
        for row in range(1, self.row):
            for column in range(1, self.table.width + 1):
                text = half_width(normal(self.table.at(row, column).text))
                match = rule("monitoring", "heads", "unit").search(text)
                if match and not rule("monitoring", "heads", "office").search(match["unit"]):
                    return unit_said(match["unit"])
        return ""


def _of_one_kind(own: str, above: str) -> bool:
    """Whether two units are of one quantity, and not the same: one in a row, another over the
    table, which says nothing of a row in per cent."""
    one, other = (unit_of(half_width(normal(text))) for text in (own, above))
    if one is None or other is None or one.id == other.id:
        return False
    return is_convertible(one.id, other.id)
