"""Invented tables in the style of real plans (tables/*.toml), as text, HTML, Word and PDF.

Each file holds the table's cells ("<" goes on with the cell to the left, "^" with the one above),
the table as text in a layout that is found in real files, and what is right: name, unit, baseline,
target (all its numbers, or its words) and attribute of each row; a table that holds no indicators
of its plan has no such rows. "also" names the table that stands below it in the same plan, "open"
the rows whose attribute the text leaves open. They were written before the reader was run on them:
docs/benchmarks.md has the first scores.
"""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import twins

from kg.document.structure import read_document
from kg.extract.indicators import read_indicators

TABLES = Path(__file__).parent / "tables"
STYLE = """<style>@page { size: A4; margin: 25mm } body { font: 11pt 'Noto Serif CJK SC'; line-height: 1.6 }
p { text-indent: 2em; margin: 0 } table { border-collapse: collapse; width: 100%; font-size: 9.5pt; line-height: 1.3 }
td { border: RULE; padding: 1.5mm 1mm; text-align: center; vertical-align: middle }</style>"""
BETWEEN = "\n第二节 分领域目标\n各领域目标与总体目标相衔接。\n"
RULED, BARE = STYLE.replace("RULE", "0.5pt solid"), STYLE.replace("RULE", "none")


@dataclass(frozen=True)
class Row:
    """What is right for a row; words are compared as they are, numbers by themselves."""

    name: str
    unit: str
    baseline: str
    target: str
    attribute: str


@dataclass(frozen=True)
class Table:
    """A table as its file gives it; first: the period's first year."""

    name: str
    title: str
    first: int
    head: tuple[tuple[str, ...], ...]
    rows: tuple[tuple[str, ...], ...]
    text: str
    reference: tuple[Row, ...]
    note: str = ""
    again: str = ""
    every: int = 1000
    also: Table | None = None
    open: tuple[str, ...] = ()

    @property
    def plan(self) -> str:
        """The table as text in a plan."""
        texts = [table.text.strip() for table in self.tables()]
        return f"{self.before}{f'{BETWEEN}'.join(texts)}\n{twins.AFTER}"

    def tables(self) -> list[Table]:
        """The table, and that below it."""
        return [self, *(self.also.tables() if self.also else [])]

    @property
    def right(self) -> list[Row]:
        """The rows that the plan's tables hold."""
        return [row for table in self.tables() for row in table.reference]

    @property
    def before(self) -> str:
        """The plan's text in front of the table."""
        return twins.BEFORE if self.first == 2026 else twins.BEFORE.replace("十五个", "十四个")

    def pages(self) -> list[tuple[str, list[tuple[str, ...]]]]:
        """The table's parts, each with its title and its rows under the head."""
        starts = range(0, len(self.rows), self.every)
        return [
            (self.again if i else self.title, [*self.head, *self.rows[i : i + self.every]])
            for i in starts
        ]


def load() -> list[Table]:
    """All tables by name, each with the one below it."""
    found: dict[str, Table] = {}
    below: dict[str, str] = {}
    for path in sorted(TABLES.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        content.pop("middle", None)
        for key in ("head", "rows"):
            content[key] = tuple(tuple(row.split("|")) for row in content[key])
        content["reference"] = tuple(Row(*row.split("|")) for row in content["reference"])
        if "also" in content:
            below[path.stem] = content.pop("also")
        content["open"] = tuple(content.get("open", ()))
        found[path.stem] = Table(path.stem, **content)
    for name, other in below.items():
        found[name] = replace(found[name], also=found.pop(other))
    return list(found.values())


def spans(rows: Sequence[Sequence[str]]) -> list[tuple[int, int, int, int, str]]:
    """The cells: row, column, rows and columns taken up, content."""
    found = []
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            if cell in ("<", "^"):
                continue
            right = c + 1
            while right < len(row) and row[right] == "<":
                right += 1
            below = r + 1
            while below < len(rows) and rows[below][c] == "^":
                below += 1
            found.append((r, c, below - r, right - c, cell))
    return found


def laid_out(table: Table) -> list[tuple[str, list[tuple[str, ...]]]]:
    """The plan's tables, each part with its title and rows, and the lines below them without."""
    found: list[tuple[str, list[tuple[str, ...]]]] = []
    for one in table.tables():
        found += [(line, []) for line in BETWEEN.split() if one is not table]
        found += one.pages()
        found += [(line, []) for line in one.note.splitlines()]
    return found


def as_html(table: Table, style: str = "") -> str:
    """A page with the table as a table."""
    parts = [f"<p>{html.escape(line)}</p>" for line in table.before.splitlines()]
    for title, rows in laid_out(table):
        if not rows:
            parts.append(f"<p>{html.escape(title)}</p>")
            continue
        parts.append(f"<p>{html.escape(title)}</p><table>")
        cells = spans(rows)
        for r in range(len(rows)):
            parts.append("<tr>")
            for row, _, down, across, text in cells:
                if row == r:
                    size = f' rowspan="{down}"' * (down > 1) + f' colspan="{across}"' * (across > 1)
                    parts.append(f"<td{size}>{html.escape(text)}</td>")
            parts.append("</tr>")
        parts.append("</table>")
    parts += [f"<p>{html.escape(line)}</p>" for line in twins.AFTER.splitlines()]
    return f"<!doctype html><html><head><meta charset=utf-8>{style}</head><body>{''.join(parts)}</body></html>"


def as_word(table: Table, path: Path) -> None:
    """A Word document with the table as a table."""
    from docx import Document as WordDocument

    word = WordDocument()
    for line in table.before.splitlines():
        word.add_paragraph(line)
    for title, rows in laid_out(table):
        word.add_paragraph(title)
        if not rows:
            continue
        made = word.add_table(len(rows), len(rows[0]))
        made.style = "Table Grid"
        cells = [row.cells for row in made.rows]  # made.cell lays the whole table out each time
        for r, c, down, across, text in spans(rows):
            cell = cells[r][c]
            if down > 1 or across > 1:
                cell = cell.merge(cells[r + down - 1][c + across - 1])
            cell.text = text
    for line in twins.AFTER.splitlines():
        word.add_paragraph(line)
    word.save(str(path))


@dataclass
class Score:
    """Rows of the reference, those right, those not there, and those read that are none."""

    rows: int
    right: int
    wrong: list[str]
    invented: list[str]


def plain(name: str) -> str:
    """A name without marks, blanks and what stands in brackets."""
    return re.sub(r"（[^）]*）|\([^)]*\)|[\s*＊①-⑳/]|其中[:：]", "", name)


def told(text: str) -> object:
    """What a value says: its numbers, or its words where it has none."""
    found = {
        float(n) for n in re.findall(r"\d+(?:\.\d+)?", re.sub(r"（[^）]*年）|[①-⑳]", "", text))
    }
    return found or text.strip("—-/ ") or None


def score(text: str, table: Table) -> Score:
    """How a plan's text with the table was read: names, baselines, targets, attributes."""
    document = read_document(text, "invented")
    indicators, values = read_indicators(document, (table.first, table.first + 4))
    result = Score(len(table.right), 0, [], [])
    left = list(indicators)
    for row in table.right:
        match = next((i for i in left if plain(i.name) == plain(row.name)), None)
        if match is None:
            result.wrong.append(f"missed {row}")
            continue
        left.remove(match)
        printed = {
            kind: " ".join(
                v.quantity.text for v in values if v.indicator == match.key and v.kind == kind
            )
            for kind in ("Baseline", "Target")
        }
        good = (
            told(printed["Target"]) == told(row.target)
            and told(printed["Baseline"]) == told(row.baseline)
            and match.attribute == {"约束性": "Binding", "预期性": "Expected"}.get(row.attribute)
        )
        result.right += good
        if not good:
            result.wrong.append(f"wrong {row} read {printed} {match.attribute}")
    result.invented = [f"{i.key} {i.name}" for i in left]
    return result
