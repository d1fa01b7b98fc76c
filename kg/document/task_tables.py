"""Tables of tasks and of projects: what a row says is to be done, and who is charged with it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from kg.document.lines import text_lines
from kg.document.responsibility_notes import Body, Charge, Cost, bodies_of, part_of
from kg.document.tables.grid import is_rule, parted_cells, ruled_cells, whole_line
from kg.document.tables.model import Cell, Line
from kg.document.tables.title import Title, title_above
from kg.document.tables.words import is_furniture, is_number
from kg.lexicon import lexicon, pattern
from kg.quantities.conversion import convert
from kg.quantities.grammar import cell_number, unit_of
from kg.source.text import Erratum, Span, compact

CELLS = "cells of a row"  # the reason why some are passed over, and what parts others replaced
_HEAD = 20  # lines of a head with a cell a line
_LABEL = 30  # characters of a head's cell, at most
_STOPS = ("。", ";")
_COST = "cost:"  # of a column's kind, before the unit that its head or its title gives


@dataclass
class Work:
    """What tables of tasks and projects hold.

    charges: who is charged with what a row says. passed: what of the rows is no running text.
    joints: what is read in the place of what parts two cells. rows: where what rows say begins.
    breaks: where lines begin and rows end that no paragraph goes on across.
    """

    charges: list[Charge] = field(default_factory=list)
    passed: list[Span] = field(default_factory=list)
    joints: list[Erratum] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    breaks: list[int] = field(default_factory=list)


def find_work(text: str) -> Work:
    """The tables of tasks and projects of a normalised text."""
    found, kinds, above = Work(), list[str](), list[Body]()
    lines = list(text_lines(text))
    for i, line in enumerate(lines):
        cells = cells_of(text, line) or _counted_cells(text, line, kinds)
        if cells is None and line.text == lexicon("charges")["rows"]["first"]:
            for row in _listed(lines, i, kinds := [], title_above(lines, i)):
                above = _add(
                    found, text, Span(row[0].span.start, row[-1].span.end), row, kinds, above
                )
        if cells is None:
            goes_on = is_furniture(line.text) or text[: line.span.start].endswith("  ")
            kinds = kinds if goes_on else []
        elif head := _head([cell.text for cell in cells]):
            title = title_above(lines, i)
            kinds, above = [] if title.review else _with_unit(head, title), []
            found.passed += [whole_line(text, line)] if kinds else []
        elif kinds and is_rule(line):
            found.passed.append(whole_line(text, line))
        elif len(cells) == len(kinds):
            above = _add(found, text, whole_line(text, line), cells, kinds, above)
    return found


def _listed(lines: Sequence[Line], i: int, kinds: list[str], title: Title) -> Iterator[list[Cell]]:
    """The rows of a table with a cell a line, numbered from 1, whose head begins at a line; those
    with more or fewer cells are left out. Its columns' kinds are added to those given."""
    labels, at = list[str](), i
    while at < len(lines) and at < i + _HEAD and lines[at].text != "1":
        label = compact(lines[at].text)
        if labels and (label[0] == "(" or (not _kind(labels[-1]) and _kind(labels[-1] + label))):
            labels[-1] += label
        else:
            labels.append(label)
        at += 1
    while labels and not _kind(labels[-1]):
        labels.pop()  # a category above the first row
    kinds += _with_unit(_head(labels), title)
    number, size = 1, len(kinds)
    while kinds and at + size <= len(lines) and lines[at].text == str(number):
        number += 1
        behind = range(at + size, min(len(lines), at + 2 * size + _HEAD))
        ends = (
            j for j in (*behind[:1], *range(at + 1, behind.stop)) if lines[j].text == str(number)
        )
        end = next(ends, at + size)
        cells = [Cell(line.span, line.text) for line in lines[at : max(end, at + size)]]
        words = [*(cells[i] for i in _core(kinds)), *cells[size:]]
        if end >= at + size and not any(is_number(cell.text) for cell in words):
            yield cells[:size]
        at = end


def cells_of(text: str, line: Line) -> Sequence[Cell] | None:
    """The cells of a line, parted by tabs, bars or wide gaps; None for any other."""
    if (ruled := ruled_cells(text, line)) is not None or "  " not in line.text:
        return ruled
    return parted_cells(text, line.span)


def _counted_cells(text: str, line: Line, kinds: Sequence[str]) -> Sequence[Cell] | None:
    """The cells of a head between single blanks that begins with the rows' numbers, or of a row
    below it; None for any other line."""
    first, heads = line.text.split(maxsplit=1)[0], lexicon("charges")["rows"]["first"]
    if first != heads and not first.isdigit():
        return None
    cells = parted_cells(text, line.span, r"\s+")
    if first == heads:
        return cells if _head([cell.text for cell in cells]) else None
    return cells if len(cells) == len(kinds) else None


def _head(labels: Sequence[str]) -> list[str]:
    """The kinds of a head's columns, or the part that bodies have; none where it is no such head:
    it names work, and contents or bodies, and neither indicators nor results."""
    kinds = [_kind(compact(label)) for label in labels]
    parts = sum(kind.startswith("=") for kind in kinds)
    known = ("task" in kinds and parts) or ("project" in kinds and (parts or "content" in kinds))
    return kinds if known and "never" not in kinds else []


def _kind(label: str) -> str:
    if len(label) > _LABEL:
        return ""
    if part := part_of(label):
        return f"={part}"
    for kind in lexicon("charges")["columns"]:
        if match := pattern("charges", "columns", kind).fullmatch(label):
            return f"{_COST}{match['unit'] or ''}" if kind == "cost" else str(kind)
    return ""


def _with_unit(kinds: list[str], title: Title) -> list[str]:
    """The kinds of columns, that of costs with the unit that stands above the table."""
    return [f"{kind}{title.unit}" if kind == _COST else kind for kind in kinds]


def _cost(cells: Sequence[Cell], kinds: Sequence[str]) -> Cost | None:
    """What a row says that its project costs; None where it is no one number of money."""
    at = next((i for i, kind in enumerate(kinds) if kind.startswith(_COST)), None)
    number = cell_number(compact(cells[at].text)) if at is not None else None
    if at is None or number is None or number.value is None or number.upper is not None:
        return None
    label = number.unit.labels[0] if number.unit else kinds[at].removeprefix(_COST)
    unit = number.unit or unit_of(label)
    yuan = convert(number.value, unit.id, "yuan") if unit else None
    text = cells[at].text + ("" if number.unit else label)
    return None if yuan is None else Cost(text, yuan, cells[at].span)


def _years(cells: Sequence[Cell], kinds: Sequence[str], kind: str) -> list[int]:
    """The years that a row names in columns of a kind, in order."""
    text = " ".join(cell.text for cell, own in zip(cells, kinds, strict=True) if own == kind)
    return sorted(map(int, re.findall(r"20\d\d", text)))


def _add(
    found: Work, text: str, row: Span, cells: Sequence[Cell], kinds: list[str], above: list[Body]
) -> list[Body]:
    """Add a row; the bodies of its first column of bodies, which a row below may share."""
    rules, bodies, first = lexicon("charges")["rows"], list[Body](), list[Body]()
    for at, i in enumerate(i for i, kind in enumerate(kinds) if kind.startswith("=")):
        own = list(bodies_of(text, cells[i].span, kinds[i][1:]))
        if at == 0:
            own = first = own if cells[i].text else above
        bodies += own
    core = [i for i in _core(kinds) if cells[i].text]
    if not core:
        return first
    full = [i for i, k in enumerate(kinds) if cells[i].text and (i in core or not k)]
    spans = {i: _bare(text, cells[i].span) for i in full}
    found.passed += [Span(row.start, spans[full[0]].start), Span(spans[full[-1]].end, row.end)]
    for i, j in pairwise(full):
        gap = Span(spans[i].end, spans[j].start)
        found.passed.append(Span(gap.start + 1, gap.end))
        if core[0] <= i and j <= core[-1] and not cells[i].text.endswith(_STOPS):
            sign = rules["behind_name" if kinds[i] == "project" else "between"]
            found.joints.append(Erratum(gap, text[gap.start : gap.end], sign, CELLS))
        else:
            found.joints.append(Erratum(gap, text[gap.start : gap.end], "\n", CELLS))
            found.breaks.append(gap.end)
    found.breaks += [spans[full[0]].start, row.end]
    found.rows.append(spans[core[0]].start)
    about = Span(spans[core[0]].start, spans[core[-1]].end)
    name = next((spans[i] for i in core if kinds[i] == "project"), None)
    when, by = _years(cells, kinds, "when"), _years(cells, kinds, "by")
    until, years = max([*when, *by], default=None), (when[0], when[-1]) if when else None
    place, cost = Span(row.end, row.end), _cost(cells, kinds)
    found.charges.append(Charge(place, tuple(bodies), about, name, until, years, cost))
    return first


def _core(kinds: list[str]) -> list[int]:
    """The columns that say what is to be done: of several for tasks the last alone."""
    tasks = [i for i, kind in enumerate(kinds) if kind == "task"]
    return [i for i, k in enumerate(kinds) if k in ("project", "place", "content")] or tasks[-1:]


def _bare(text: str, cell: Span) -> Span:
    """A cell without the number that counts what it says."""
    number = pattern("charges", "rows", "number").match(text, cell.start, cell.end)
    return Span(number.end(), cell.end) if number else cell
