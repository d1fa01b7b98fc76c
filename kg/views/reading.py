"""A plan's document as it is read on a page: headings, paragraphs, tables, and what is folded away,
each a block with its exact place in the text as published."""

import json
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from kg.source.text import opens_bracket

Place = tuple[int, int]
"""A stretch of the source text: code points from its start, end exclusive."""
_LINE_BREAK = re.compile(r"\s*\n\s*")  # that a page's width made; Chinese has no space there
_CELL = "\0"  # where a cell begins
_EMPTY_CELL = re.compile(rf"\n\s*(?=[—–-]+\s*(?:[\n{_CELL}]|\Z))")  # on a line of its own
_BETWEEN_CELLS = re.compile(rf"[\s|]*{_CELL}\s*")
_NUMBER = 12  # characters before a row's first cell that hold its number


@dataclass(frozen=True)
class Mended:
    """A place of the source whose words are read as others, "" for what is too much, or what only
    the page has; of_page: whether it is a page's mark, such as its number."""

    place: Place
    words: str
    of_page: bool


@dataclass(frozen=True)
class TableRow:
    """A row of a table: its category, where that has no column, its number, and its cells, each the
    places that it was printed in. The cell of the number's column is empty; a row without cells is
    its category alone."""

    category: tuple[Place, ...]
    number: str
    cells: tuple[tuple[Place, ...], ...]


@dataclass(frozen=True)
class Table:
    """A table: the words of its head, if it has one, which of its columns (from 0) holds the rows'
    numbers, None where none does, its rows and its note."""

    head: tuple[str, ...]
    numbers: int | None
    rows: tuple[TableRow, ...]
    note: tuple[Place, ...]


@dataclass(frozen=True)
class Block:
    """A piece of a document, in reading order.

    kind: "heading" or "paragraph"; "table" for one of indicators, "grid" for another; "page" for
        what only the page has; "folded" for cover, contents and what a web page adds; "cells" for
        lines that are a table's cells; "unread" for other words that no paragraph holds.
    section: the number of the section that it heads or is in, "" before the first.
    style: of a heading, that of its section ("part", "chapter", "section", "box" …).
    depth: of a heading, how many sections hold its own.
    sentences: the places of a paragraph's sentences.
    """

    kind: str
    place: Place
    section: str = ""
    style: str = ""
    depth: int = 0
    sentences: tuple[Place, ...] = ()
    mended: tuple[Mended, ...] = ()
    table: Table | None = None


class Paragraphs:
    """The paragraphs of a plan's text, whole where the lines and pages of a file part them."""

    def __init__(self, source: str, blocks: Iterable[Block]) -> None:
        found = list(blocks)
        self._source = source
        self._whole = [one.place for one in found if one.kind in ("paragraph", "heading")]
        every = dict.fromkeys(m for one in found for m in one.mended)
        mended = sorted(every, key=lambda m: m.place)  # what is put in at one place as it follows
        self._of_page = [(*m.place, "") for m in mended if m.of_page]
        self._mended = [(*m.place, m.words) for m in mended]
        self._rows, self._cells = self._rows_of(one.table for one in found if one.table)

    def _rows_of(self, tables: Iterable[Table]) -> tuple[list[Place], list[int]]:
        """The places of tables' rows, and where cells begin; a shared cell is of the first row."""
        rows, cells, seen = list[Place](), set[int](), set[Place]()
        for row in (row for table in tables for row in table.rows if row.cells):
            own = [fresh for cell in row.cells if (fresh := [p for p in cell if p not in seen])]
            seen.update(place for cell in own for place in cell)
            start = min((cell[0][0] for cell in own), default=0)
            number = re.compile(rf"\b{re.escape(row.number)}\s+$")
            before = row.number and number.search(self._source, max(0, start - _NUMBER), start)
            stop = max((cell[-1][1] for cell in own), default=0)
            rows.append((before.start() if before else start, stop))
            cells.update(cell[0][0] for cell in own)
        return sorted(rows), sorted(cells)

    def around(self, start: int, end: int) -> Place:
        """The paragraph, heading or row that a stretch of the source is in; else its lines."""
        at = bisect_right(self._whole, start, key=lambda place: place[0]) - 1
        if at >= 0 and end <= self._whole[at][1]:
            return self._whole[at]
        at = bisect_right(self._rows, start, key=lambda place: place[0]) - 1
        if at >= 0 and start < self._rows[at][1]:
            return self._rows[at][0], max(end, self._rows[at][1])
        stop = self._source.find("\n", end)
        return self._source.rfind("\n", 0, start) + 1, stop if stop >= 0 else len(self._source)

    def hold_cells(self, start: int, end: int) -> bool:
        """Whether cells of a table begin within a stretch of the source."""
        return bisect_right(self._cells, start) < bisect_left(self._cells, end)

    def printed(self, start: int, end: int, corrected: bool = False) -> str:
        """A stretch of the source on one line, without what only pages have, its cells apart; as
        it is read where it is corrected."""
        edits = self._mended if corrected else self._of_page
        first = bisect_left(edits, start, key=lambda edit: edit[1])
        last = bisect_right(edits, end, key=lambda edit: edit[0])
        inside = [
            (a, b, put)
            for a, b, put in edits[first:last]
            if (a < end and start < b) or (a == b and opens_bracket(put) == (a == start))
        ]
        cells = self._cells[bisect_right(self._cells, start) : bisect_right(self._cells, end)]
        words, position = "", start
        parts = [*((cell, cell, _CELL) for cell in cells), *inside]
        for a, b, put in sorted(parts, key=lambda part: part[:2]):
            words += self._source[position : max(a, position)] + put
            position = max(b, position)
        words = _EMPTY_CELL.sub(_CELL, words + self._source[position:end])
        return _BETWEEN_CELLS.sub(" · ", _LINE_BREAK.sub("", words))

    def quoted(self, start: int, end: int, reach: int) -> tuple[str, str, str]:
        """A stretch of the source between what is before and behind it in its paragraph, at most
        so many characters; dots stand for the rest."""
        begin, stop = self.around(start, end)
        first, last = max(begin, start - reach), min(stop, end + reach)
        before = f"{'…' if first > begin else ''}{self.printed(first, start)}"
        after = f"{self.printed(end, last)}{'…' if last < stop else ''}"
        return before, self.printed(start, end), after


def as_json(blocks: Iterable[Block]) -> str:
    """Blocks as JSON; what a block does not have is left out."""
    found = ({k: v for k, v in msgspec.to_builtins(block).items() if v} for block in blocks)
    return json.dumps([*found], ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> tuple[Block, ...]:
    """The blocks that as_json wrote."""
    return msgspec.json.decode(text, type=tuple[Block, ...])
