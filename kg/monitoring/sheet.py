"""A sheet of values or of measures' states: rows by the meaning of their columns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

from kg.errors import PlanlinkError
from kg.lexicon import lexicon
from kg.lexicon import pattern as rule
from kg.monitoring.intake import read_book
from kg.monitoring.intake.table import Area, Cell, Table
from kg.quantities.numerals import half_width
from kg.source.characters import cleaned
from kg.source.text import normal

KINDS = ("indicators", "measures")
_HEADING_WITHIN = 40  # rows above the heading may hold a title, who fills the sheet in, a letter
# What a template has filled in; a row with no more than that says nothing.
_GIVEN = frozenset(("indicator", "measure", "unit", "period"))


@dataclass(frozen=True)
class Row:
    """A row of a sheet.

    number: its number in the file, the first being 1.
    cells: its texts by the meaning of their columns; "" where empty or without such a column.
    wrong: what is wrong with cells, each by the meaning of its column ("" for the whole row) and
        the key of the refusal in lexicon/monitoring.toml.
    """

    number: int
    cells: dict[str, str]
    wrong: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A sheet that was read.

    kind: indicators or measures.
    name: the sheet's name in its book, "" in a text file.
    columns: the letter and head of each column that is read, by its meaning.
    unread: those of the other columns that have a head.
    rows: what is filled in.
    """

    kind: str
    name: str
    columns: dict[str, str]
    unread: tuple[str, ...]
    rows: tuple[Row, ...]


def read_sheet(path: Path) -> Sheet:
    """Read the sheet of values or of measures' states in a file, told by its heading.

    Raises:
        PlanlinkError: the file cannot be read, none or several of its sheets have a heading that we
            know, or a column is headed twice.
    """
    book = read_book(path)
    headed = [heading for table in book.tables if (heading := _heading(table, path)) is not None]
    if not headed:
        wanted = lexicon("monitoring")["indicators"]
        heads = "、".join(wanted["columns"][name]["heads"][0] for name in wanted["needed"])
        raise PlanlinkError(
            "no row heads the columns",
            str(path),
            f"head them {heads} on a sheet that is shown, or start from planlink observe "
            "--template",
        )
    if book.one_of_them:
        return headed[0].sheet()
    sheets = [one.sheet() for one in headed]
    filled = [one for one in sheets if one.rows]
    if len(filled) > 1:
        names = ", ".join(one.name for one in filled)
        raise PlanlinkError(
            f"several sheets hold values: {names}", str(path), "give each a file of its own"
        )
    return (filled or sheets)[0]


def _heading(table: Table, path: Path) -> _Headed | None:
    """The table under its heading; None where no row is one."""
    for row in range(1, min(table.height, _HEADING_WITHIN) + 1):
        heads = {
            column: head
            for column in range(1, table.width + 1)
            if (head := cleaned(table.at(row, column).text).strip())
        }
        for kind in KINDS:
            columns = _columns(kind, heads)
            if set(lexicon("monitoring")[kind]["needed"]) <= set(columns):
                where = f"{path}, sheet {table.name}" if table.name else str(path)
                _refuse_twice(columns, heads, f"{where}, row {row}")
                return _Headed(
                    table, kind, row, {name: at[0] for name, at in columns.items()}, heads
                )
    return None


def _columns(kind: str, heads: dict[int, str]) -> dict[str, list[int]]:
    """Where each meaning is a column's head."""
    found: dict[str, list[int]] = {}
    for column, head in heads.items():
        if (name := _meanings(kind).get(_plain(head)[0])) is not None:
            found.setdefault(name, []).append(column)
    return found


@cache
def _meanings(kind: str) -> dict[str, str]:
    columns = lexicon("monitoring")[kind]["columns"]
    return {_plain(head)[0]: name for name, column in columns.items() for head in column["heads"]}


def _refuse_twice(columns: dict[str, list[int]], heads: dict[int, str], where: str) -> None:
    for places in columns.values():
        if len(places) > 1:
            named = " and ".join(_place(column, heads[column]) for column in places)
            raise PlanlinkError(
                f"columns {named} mean the same", where, "delete one, or give it another head"
            )


def _plain(head: str) -> tuple[str, str]:
    """A head without blanks, marks and the bracket at its end, and what the bracket holds."""
    text = re.sub(r"[\s*:]", "", half_width(normal(head)))
    match = re.fullmatch(r"(?P<head>[^()]+)\((?P<bracket>[^()]*)\)", text)
    return (match["head"].lower(), match["bracket"]) if match else (text.lower(), "")


def _place(column: int, head: str) -> str:
    """A column's letters and its head, as a user finds it."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters} {''.join(head.split())}"


@dataclass(frozen=True)
class _Headed:
    """A table whose columns have a meaning.

    row: the row of the heading.
    columns: the column of each meaning.
    heads: the text of each column's head.
    """

    table: Table
    kind: str
    row: int
    columns: dict[str, int]
    heads: dict[int, str]

    def sheet(self) -> Sheet:
        """What is filled in under the heading."""
        read = set(self.columns.values())
        return Sheet(
            self.kind,
            self.table.name,
            {name: _place(column, self.heads[column]) for name, column in self.columns.items()},
            tuple(_place(c, head) for c, head in self.heads.items() if c not in read),
            tuple(self._rows()),
        )

    def _rows(self) -> Iterator[Row]:
        hidden = [n for n, c in self.columns.items() if c in self.table.hidden_columns]
        for number in range(self._begin, self.table.height + 1):
            cells = {name: self._cell(number, column) for name, column in self.columns.items()}
            filled = {
                name
                for name, cell in cells.items()
                if (cell.text or cell.wrong) and not self._is_from_above(number, self.columns[name])
            }
            if not filled - _GIVEN:
                continue
            wrong = [(name, cell.wrong) for name, cell in cells.items() if cell.wrong]
            wrong += [(name, "hidden-column") for name in hidden if cells[name].text]
            if number in self.table.hidden_rows:
                wrong.append(("", "hidden-row"))
            texts = {name: cell.text for name, cell in cells.items()}
            own = texts.get("unit", "")
            if own in lexicon("monitoring")["judgement"]["missing"]:
                own = ""
            if own and self._of_head not in ("", half_width(normal(own))):
                wrong.append(("unit", "units-differ"))
            unit = own or self._of_head or self._above
            yield Row(number, texts | {"unit": unit}, tuple(wrong))

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
        if _is_error(cell.text) and not cell.wrong:
            return replace(cell, wrong="error")
        if area and column == self.columns.get("value") and cell.text:
            return replace(cell, wrong="merged")
        return cell

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
        if "value" not in self.columns:
            return ""
        bracket = _plain(self.heads[self.columns["value"]])[1]
        if bracket in lexicon("monitoring")["heads"]["remarks"]:
            return ""
        match = rule("monitoring", "heads", "unit").search(bracket)
        return match["unit"] if match else bracket

    @cached_property
    def _above(self) -> str:
        """The unit that a line above the heading gives for the whole table (单位：万元); what is
        called 单位 may also be an office."""
        for row in range(1, self.row):
            for column in range(1, self.table.width + 1):
                text = half_width(normal(self.table.at(row, column).text))
                match = rule("monitoring", "heads", "unit").search(text)
                if match and not rule("monitoring", "heads", "office").search(match["unit"]):
                    return match["unit"]
        return ""


def _is_error(text: str) -> bool:
    return rule("monitoring", "heads", "error").fullmatch(text) is not None
