"""Plans made for trying the reader of tables: one table of indicators, laid out in the ways that
offices, browsers, word processors and printed pages lay it out.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path


@dataclass(frozen=True)
class Indicator:
    """A row of the table as it is meant: a name with a slash is a part of what several rows
    share.
    """

    number: int
    category: str
    name: str
    unit: str
    baseline: str
    target: str
    rate: str = ""
    attribute: str = "预期性"


@dataclass(frozen=True)
class Shape:
    """What the table's head and columns look like.

    columns: their keys in order; head: the words of each, one string a row of the head, "<" where
    the cell to the left
        goes on, "^" where the one above does.
    category: "column", "row" (a row of its own) or "" (none); counted: with (3项) behind it.
    place: of its category: in the "first" row of it, the "middle" one, or "split" over rows, two
    characters in each. apart: whether a blank stands between Chinese characters and digits. unit:
    "brackets" behind the name, "column", or "" (none). number: "column", "name" (1.名称) or ""
    (none).
    """

    columns: tuple[str, ...]
    head: tuple[dict[str, str], ...]
    category: str = ""
    counted: bool = False
    place: str = "first"
    apart: bool = False
    unit: str = "brackets"
    number: str = "column"
    title: str = "表1  “十五五”时期经济社会发展主要指标"
    above: str = ""
    note: str = "注：［］内为五年累计数。"


def _head(**labels: str) -> tuple[dict[str, str], ...]:
    return (labels,)


PLAIN = Shape(
    ("number", "name", "baseline", "target", "attribute"),
    _head(number="序号", name="指标", baseline="2025年", target="2030年", attribute="属性"),
)
UNITS = Shape(
    ("number", "name", "unit", "baseline", "target", "attribute"),
    _head(
        number="序号",
        name="指标名称",
        unit="单位",
        baseline="2025年现状",
        target="2030年目标",
        attribute="指标属性",
    ),
    unit="column",
)
RATES = Shape(
    ("category", "number", "name", "baseline", "target", "rate", "attribute"),
    _head(category="类别", number="序号", name="指标", baseline="2025年预计", target="2030年目标", rate="年均/累计", attribute="属性"),
    category="column", counted=True,
)  # fmt: skip
TWO_ROWS = Shape(
    ("number", "name", "unit", "attribute", "target", "rate"),
    (
        {"number": "序号", "name": "指标", "unit": "单位", "attribute": "属性", "target": "“十五五”目标", "rate": "<"},
        {"number": "^", "name": "^", "unit": "^", "attribute": "^", "target": "2030年", "rate": "年均［累计］"},
    ),
    unit="column",
)  # fmt: skip
IN_NAME = Shape(
    ("category", "name", "unit", "baseline", "target", "attribute"),
    _head(category="类别", name="指标", unit="单位", baseline="2025年完成值", target="2030年目标值", attribute="属性"),
    category="column", unit="column", number="name",
)  # fmt: skip
SPANNING = Shape(
    ("number", "name", "baseline", "target", "attribute"),
    _head(
        number="序号",
        name="主要指标",
        baseline="2025年基期值",
        target="2030年目标值",
        attribute="指标性质",
    ),
    category="row",
    counted=True,
)
UNNUMBERED = Shape(
    ("name", "unit", "baseline", "target", "attribute"),
    _head(name="指标", unit="计量单位", baseline="2025年", target="2030年", attribute="属性"),
    unit="column", number="",
)  # fmt: skip
TARGETS = Shape(
    ("category", "number", "name", "attribute", "target"),
    _head(category="分类", number="序号", name="指标", attribute="属性", target="2030年目标值"),
    category="column", title="专栏1  “十五五”经济社会发展主要指标", note="注：带〔〕数据表示累计变化情况",
)  # fmt: skip
VALUES_SPANNED = Shape(
    ("number", "name", "unit", "baseline", "target", "attribute"),
    (
        {"number": "序号", "name": "指标", "unit": "单位", "baseline": "指标值", "target": "<", "attribute": "属性"},
        {"number": "^", "name": "^", "unit": "^", "baseline": "2025年", "target": "2030年", "attribute": "^"},
    ),
    category="row", unit="column", title="主要指标表",
)  # fmt: skip
ONLY_TARGET = Shape(
    ("category", "number", "name", "target", "attribute"),
    _head(category="指标类别", number="序号", name="指标名称", target="目标值", attribute="指标属性"),
    category="column", counted=True, title="“十五五”时期发展主要指标", note="",
)  # fmt: skip
SHAPES = {
    "plain": PLAIN, "units": UNITS, "rates": RATES, "two-rows": TWO_ROWS, "in-name": IN_NAME, "spanning": SPANNING,
    "unnumbered": UNNUMBERED, "targets": TARGETS, "values-spanned": VALUES_SPANNED, "only-target": ONLY_TARGET,
    "middle": replace(RATES, place="middle"), "split": replace(ONLY_TARGET, place="split"),
    "middle, uncounted": replace(TARGETS, place="middle"), "apart": replace(TARGETS, apart=True),
    "apart, units": replace(UNITS, apart=True),
}  # fmt: skip


@dataclass
class Grid:
    """A table as cells: a cell over several rows or columns stands in the first; the others are
    None.
    """

    head: list[list[str | None]]
    rows: list[list[str | None]]
    columns: tuple[str, ...]
    spanning: set[int] = field(default_factory=set)  # rows that are one cell over all columns


def grid(rows: Sequence[Indicator], shape: Shape) -> Grid:
    """The cells of the table that rows make in a shape."""
    head: list[list[str | None]] = []
    for labels in shape.head:
        head.append([None if labels[c] in "<^" else labels[c] for c in shape.columns])
    found = Grid(head, [], shape.columns)
    for category, members in groupby(rows, key=lambda r: r.category):
        block = list(members)
        counted = len({r.number for r in block})
        label = f"{category}（{counted}项）" if shape.counted and category else category
        if shape.category == "row" and category:
            found.spanning.add(len(found.rows))
            found.rows.append([label] + [None] * (len(shape.columns) - 1))
        number = 0
        for i, row in enumerate(block):
            cells = _cells(row, shape, first=row.number != number)
            if "category" in shape.columns:
                cells["category"] = _placed(label, i, len(block), shape.place)
            found.rows.append(
                [_apart(cells[c]) if shape.apart else cells[c] for c in shape.columns]
            )
            number = row.number
    return found


def _placed(label: str, row: int, rows: int, place: str) -> str | None:
    """What of a category stands in one of its rows."""
    if place == "split":
        text, _, count = label.partition("（")
        pieces = [
            *(text[i : i + 2] for i in range(0, len(text), 2)),
            *([f"（{count}"] if count else []),
        ]
        if len(pieces) <= rows:
            return pieces[row] if row < len(pieces) else None
    return label if row == ((rows - 1) // 2 if place == "middle" else 0) else None


def _apart(cell: str | None) -> str | None:
    """A cell with blanks between Chinese characters and digits."""
    if cell is None:
        return None
    return re.sub(r"(?<=[一-龥])(?=\d)|(?<=\d)(?=[一-龥])", " ", cell)


def _cells(row: Indicator, shape: Shape, first: bool) -> dict[str, str | None]:
    group, _, own = row.name.rpartition(" / ")
    name = row.name if not group else f"{group}{own}" if first else f"其中：{own}"
    if shape.unit == "brackets" and row.unit:
        name += f"（{row.unit}）"
    if shape.number == "name" and first:
        name = f"{row.number}.{name}"
    return {
        "number": str(row.number) if first else None, "name": name, "unit": row.unit or "/", "baseline": row.baseline or "—",
        "target": row.target or "—", "rate": row.rate or "—", "attribute": row.attribute,
    }  # fmt: skip


# ---------------------------------------------------------------- ways to lay it out


def tabs(table: Grid) -> list[str]:
    """As intake gives a grid: a tab between columns, nothing where a cell goes on."""
    return ["\t".join(c or "" for c in row) for row in table.head + table.rows]


def ragged(table: Grid) -> list[str]:
    """As copied from a page: cells that go on leave nothing behind."""
    return ["\t".join(c for c in row if c is not None) for row in table.head + table.rows]


def bars(table: Grid) -> list[str]:
    """As Markdown."""
    lines = [f"| {' | '.join(c or '' for c in row)} |" for row in table.head + table.rows]
    return [lines[0], "|" + "---|" * len(table.columns), *lines[1:]]


def even(table: Grid) -> list[str]:
    """Four blanks for each tab."""
    return ["    ".join(c or "" for c in row).rstrip() for row in table.head + table.rows]


def width(text: str) -> int:
    """The columns of a page that a text takes up."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def aligned(table: Grid) -> list[str]:
    """Columns below each other, as plain text is typed."""
    rows = table.head + table.rows
    plain = [row for i, row in enumerate(rows) if i - len(table.head) not in table.spanning]
    widths = [max(width(row[c] or "") for row in plain) + 3 for c in range(len(table.columns))]
    found = []
    for row in rows:
        line = ""
        for c, cell in enumerate(row):
            line += (cell or "") + " " * max(0, widths[c] - width(cell or ""))
        found.append(line.rstrip())
    return found


def blanks(table: Grid) -> list[str]:
    """A single blank between cells, as a page's text is extracted."""
    return [" ".join(c for c in row if c) for row in table.head + table.rows]


def cells(table: Grid) -> list[str]:
    """One cell a line."""
    return [c for row in table.head + table.rows for c in row if c]


def spaced_cells(table: Grid) -> list[str]:
    """One cell a line, an empty line between all of them."""
    return [line for cell in cells(table) for line in (cell, "")]


def parted_cells(table: Grid) -> list[str]:
    """One cell a line, an empty line behind each row."""
    found: list[str] = []
    for row in table.head:
        found += [c for c in row if c]
    for row in table.rows:
        found += [*(c for c in row if c), ""]
    return found


def _wrap(text: str, longest: int) -> list[str]:
    """A cell's lines, as typesetting breaks them: not within a number or behind an opening bracket,
    and a count (3项) on a line of its own.
    """
    found, rest = [], text
    while len(rest) > longest:
        at = longest
        while 1 < at < len(rest) and (
            rest[at - 1] in "（(〔["
            or rest[at] in "）)〕]，、"
            or (rest[at - 1 : at + 1].isascii())
        ):
            at -= 1
        if "（" in rest[1:at] and rest.endswith("项）"):
            at = rest.index("（")
        if rest.startswith("（") and rest.endswith("项）"):
            break
        found.append(rest[:at])
        rest = rest[at:]
    return [*found, rest]


def wrapped_cells(table: Grid) -> list[str]:
    """One cell a line, long cells broken: names at 12 characters, categories at 2, values at 8."""
    longest = {"name": 12, "category": 2}
    found: list[str] = []
    for row in table.head:
        found += [line for c in row if c for line in _wrap(c, 5)]
    for i, row in enumerate(table.rows):
        if i in table.spanning:
            found.append(row[0] or "")
            continue
        for key, cell in zip(table.columns, row, strict=True):
            found += _wrap(cell or "", longest.get(key, 8))
        found.append("")
    return found


def wrapped_rows(table: Grid) -> list[str]:
    """Rows between single blanks; a long name stands on lines of its own, as a page's text is
    extracted.
    """
    found = [" ".join(c for c in row if c) for row in table.head]
    for row in table.rows:
        line: list[str] = []
        for key, cell in zip(table.columns, row, strict=True):
            pieces = _wrap(cell or "", 14) if key == "name" else [cell or ""]
            if len(pieces) > 1:
                found += [" ".join(line)] if line else []
                found += pieces
                line = []
            elif cell:
                line.append(cell)
        found.append(" ".join(line))
    return [line for line in found if line]


def centred(table: Grid) -> list[str]:
    """A long name's lines stand above and below its row's, as cells centred on a page are
    extracted.
    """
    found = [" ".join(c for c in row if c) for row in table.head]
    for row in table.rows:
        name = table.columns.index("name")
        pieces = _wrap(row[name] or "", 14)
        if len(pieces) == 1 or "number" not in table.columns:
            found.append(" ".join(c for c in row if c))
            continue
        rest = [c for i, c in enumerate(row) if c and i != name]
        half = len(pieces) // 2
        if len(pieces) % 2:
            rest = (
                [c for i, c in enumerate(row[:name]) if c]
                + [pieces[half]]
                + [c for c in row[name + 1 :] if c]
            )
            found += [*pieces[:half], " ".join(rest), *pieces[half + 1 :]]
        else:
            found += [*pieces[:half], " ".join(rest), *pieces[half:]]
    return [line for line in found if line]


LAYOUTS: dict[str, Callable[[Grid], list[str]]] = {
    "tabs": tabs, "ragged": ragged, "bars": bars, "even gaps": even, "aligned": aligned, "blanks": blanks, "cells": cells,
    "spaced cells": spaced_cells, "parted cells": parted_cells, "wrapped cells": wrapped_cells, "wrapped rows": wrapped_rows,
    "centred names": centred,
}  # fmt: skip


RUNNING_HEAD = "天津市示例区国民经济和社会发展第十五个五年规划纲要"


def paged(lines: list[str], head: int, every: int, top: list[str]) -> list[str]:
    """Lines over pages: a page number, and what stands at the top of each further page."""
    found, page = lines[:head], 1
    for i in range(head, len(lines), every):
        if i > head:
            found += [f"— {page} —", *top]
            page += 1
        found += lines[i : i + every]
    return found


BEFORE = f"""{RUNNING_HEAD}
第一章 总体要求
第一节 主要目标
——综合实力持续增强。地区生产总值年均增长5%左右，人均预期寿命提高到83岁。
"""
AFTER = """第二章 建设现代化产业体系
第一节 壮大先进制造业
加快建设示例产业园，到2030年新增企业200家。
第三章 保障
加强组织领导。
"""


def document(lines: list[str], shape: Shape) -> str:
    """A plan with the table in its first chapter."""
    around = [shape.title, *([shape.above] if shape.above else [])]
    note = [shape.note] if shape.note else []
    return BEFORE + "\n".join([*around, *lines, *note]) + "\n" + AFTER


# ---------------------------------------------------------------- real documents


def _spans(table: Grid) -> list[list[tuple[str, int, int] | None]]:
    """Each cell with the rows and columns it takes up; None where another one reaches."""
    rows = table.head + table.rows
    found: list[list[tuple[str, int, int] | None]] = [[None] * len(table.columns) for _ in rows]
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell is None:
                continue
            right = c + 1
            whole = r - len(table.head) in table.spanning
            while (
                right < len(row)
                and row[right] is None
                and (whole or (r == 0 and rows[1][right] is not None))
            ):
                right += 1
            below = r + 1
            in_head = r < len(table.head)
            limit = len(table.head) if in_head else len(rows)
            merges = in_head or table.columns[c] in ("category", "number")
            while (
                below < limit
                and merges
                and right == c + 1
                and not whole
                and rows[below][c] is None
                and below - len(table.head) not in table.spanning
            ):
                below += 1
            found[r][c] = (cell, below - r, right - c)
    return found


def html_document(table: Grid, shape: Shape) -> str:
    """A page with the table as a table, its merged cells as rowspan and colspan."""
    body = []
    taken: set[tuple[int, int]] = set()
    for r, row in enumerate(_spans(table)):
        cells_ = []
        for c, cell in enumerate(row):
            if cell is None:
                if (r, c) not in taken:
                    cells_.append("<td></td>")
                continue
            text, down, right = cell
            taken |= {(r + i, c + j) for i in range(down) for j in range(right)}
            spans = (f' rowspan="{down}"' if down > 1 else "") + (
                f' colspan="{right}"' if right > 1 else ""
            )
            cells_.append(f"<td{spans}>{html.escape(text)}</td>")
        body.append(f"<tr>{''.join(cells_)}</tr>")
    paragraphs = [f"<p>{html.escape(line)}</p>" for line in BEFORE.splitlines()]
    paragraphs.append(f"<p>{shape.title}</p>")
    after = [
        f"<p>{html.escape(line)}</p>"
        for line in ([shape.note] if shape.note else []) + AFTER.splitlines()
    ]
    return f"<html><body>{''.join(paragraphs)}<table>{''.join(body)}</table>{''.join(after)}</body></html>"


def word_document(table: Grid, shape: Shape, path: Path) -> None:
    """A Word file with the table as a table, its merged cells merged."""
    from docx import Document as WordDocument

    word = WordDocument()
    for line in [*BEFORE.splitlines(), shape.title]:
        word.add_paragraph(line)
    spans = _spans(table)
    made = word.add_table(len(spans), len(table.columns))
    cells = [row.cells for row in made.rows]  # made.cell lays the whole table out each time
    for r, row in enumerate(spans):
        for c, cell in enumerate(row):
            if cell is None:
                continue
            text, down, right = cell
            target = cells[r][c]
            if down > 1 or right > 1:
                target = target.merge(cells[r + down - 1][c + right - 1])
            target.text = text
    for line in ([shape.note] if shape.note else []) + AFTER.splitlines():
        word.add_paragraph(line)
    word.save(str(path))
