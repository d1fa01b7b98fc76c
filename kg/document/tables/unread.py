"""What of tables was not understood: rows, columns, whole tables."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence

from kg.document.tables.align import GridRow
from kg.document.tables.grid import parted_cells, ruled_cells
from kg.document.tables.merged_cells import brings_unit
from kg.document.tables.model import Column, IndicatorTable, Line, Page, Reading, Refused
from kg.document.tables.title import LONGEST_TITLE, bare_title
from kg.document.tables.words import column_of, is_missing, is_number, number_of, pattern
from kg.quantities.numerals import chinese_number
from kg.source.findings import Finding
from kg.source.text import Span

_MOST_REPORTED = 50  # refused rows of a table that are reported one by one
_SHOWN = 40  # characters of a refused row that a finding shows
_REACH = 10  # lines behind a table's last row, or one more, that may go on with it
_TITLE_LINES = 4  # lines between the words that announce a table and its first row
_NEARLY_ALL = 0.8  # of a table's rows


def rows_unread(table: IndicatorTable, read: Reading, page: Page) -> Iterator[Finding]:
    """What a table that was read leaves open."""
    for row in read.refused[:_MOST_REPORTED]:
        shown = " ".join(page.text[row.span.start : row.span.end].split())[:_SHOWN]
        yield Finding("table-row-refused", row.span, {"table": table.heading, "row": shown})
    yield from _left_behind(table, page, read.end)
    yield from _gaps(table, read.refused)
    yield from _repeated(table)
    yield from _columns_unread(table, read.others)
    yield from _lacking(table, page.text)
    yield from _cells_missing(table)


def tables_unread(taken: Container[int], lines: Sequence[Line]) -> Iterator[Finding]:
    """Titles that promise a table of indicators, and sentences that announce one right below,
    where none was read."""
    for i, line in enumerate(lines):
        if _announces(lines, i, taken):
            yield Finding("table-not-read", line.span, {"table": line.text[-_SHOWN:]})
            continue
        text = bare_title(line.text)
        if i in taken or len(line.text) > LONGEST_TITLE:
            continue
        if not pattern("title", "promise").search(text) or pattern("title", "review").search(text):
            continue
        if not pattern("title", "heading").match(text):
            yield Finding("table-not-read", line.span, {"table": line.text})


def tables_missing(lines: Sequence[Line]) -> Iterator[Finding]:
    """Tables and boxes that no title bears, though later ones count on from them or the text refers
    to them: the first of each kind."""
    titled: dict[str, dict[int, Span]] = {}
    wanted: dict[str, dict[int, Span]] = {}
    for line in lines:
        title = pattern("title", "counted").match(line.text)
        if title and len(line.text) <= LONGEST_TITLE:
            number = chinese_number(title["number"]) or 0
            titled.setdefault(title["kind"], {}).setdefault(number, line.span)
        for match in pattern("title", "referred").finditer(line.text):
            number = chinese_number(match["number"]) or 0
            wanted.setdefault(match["kind"], {}).setdefault(number, line.span)
    for kind in titled | wanted:
        known, named = titled.get(kind, {}), wanted.get(kind, {})
        counted = {n: known[max(known)] for n in range(1, max(known, default=1))}
        missing = [n for n in sorted(counted | named) if n not in known]
        if missing:
            span = named.get(missing[0]) or counted[missing[0]]
            yield Finding("table-not-there", span, {"table": f"{kind}{missing[0]}"})


def _announces(lines: Sequence[Line], i: int, taken: Container[int]) -> bool:
    """Whether a line ends by announcing a table right below, and a heading is there instead."""
    announced = pattern("title", "announced").search(lines[i].text)
    if i in taken or announced is None:
        return False
    below = range(i + 1, min(i + 1 + (_TITLE_LINES if announced["table"] else 1), len(lines)))
    first = lines[i + 1].text if below else ""
    heads = not first or pattern("end", "section").match(first) is not None
    return heads if not announced["table"] else not any(j in taken for j in below)


def numbers_unread(columns: Sequence[Column], grid: Sequence[GridRow]) -> Counter[str]:
    """For each column whose head is not known, how many rows have a number in it."""
    unknown = [i for i, c in enumerate(columns) if c.kind == "other" and column_of(c.label) is None]
    found: Counter[str] = Counter()
    for row in grid:
        for i in unknown:
            if is_number("".join(a.text for a in row.cells.get(i, ()))):
                found[columns[i].label] += 1
    return found


def _left_behind(table: IndicatorTable, page: Page, end: int) -> Iterator[Finding]:
    """Rows that are behind a table and go on with its numbers, which were not read."""
    last, reported, at = max((row.number for row in table.rows), default=0), 0, end
    reach = end + _REACH
    while at < min(reach, len(page.lines)) and reported < _MOST_REPORTED and table.rows:
        line = page.lines[at]
        parted = ruled_cells(page.text, line) or parted_cells(page.text, line.span)
        cells = [cell.text for cell in parted if cell.text]
        numbers = [n for text in cells[:2] if (n := number_of(text)) is not None]
        if len(cells) + 2 > len(table.columns) and last + 1 in numbers:
            shown = " ".join(line.text.split())[:_SHOWN]
            yield Finding("table-row-refused", line.span, {"table": table.heading, "row": shown})
            last, reported, reach = last + 1, reported + 1, at + _REACH
        at += 1


def _gaps(table: IndicatorTable, refused: Sequence[Refused]) -> Iterator[Finding]:
    """The numbers that a table leaves out, those of refused rows aside."""
    numbers = {row.number for row in table.rows} | {r.number for r in refused if r.number}
    missing = sorted(set(range(1, max(numbers, default=0) + 1)) - numbers)
    if missing:
        listed = ", ".join(map(str, missing[:20]))
        yield Finding(
            "table-number-gap", table.title_span, {"table": table.heading, "numbers": listed}
        )


def _repeated(table: IndicatorTable) -> Iterator[Finding]:
    """Rows that bear the number of another row before them."""
    reported: set[tuple[int, int]] = set()
    for row in table.rows:
        if row.again and (row.number, row.again) not in reported:
            reported.add((row.number, row.again))
            values = {"table": table.heading, "number": str(row.number), "name": row.name.text}
            yield Finding("table-number-twice", row.span, values)


def _columns_unread(table: IndicatorTable, others: Counter[str]) -> Iterator[Finding]:
    """Columns whose head was not understood although most rows have a number in them."""
    for label, numbers in others.items():
        if numbers >= _NEARLY_ALL * len(table.rows):
            values = {"table": table.heading, "column": label or "?"}
            yield Finding("table-column-not-read", table.title_span, values)


def _lacking(table: IndicatorTable, text: str) -> Iterator[Finding]:
    """Rows without a value where nearly all have one and no empty cell or dash tells why."""
    wanted = sum(column.holds_values for column in table.columns)
    whole = sum(len(row.values) >= wanted for row in table.rows)
    if whole < _NEARLY_ALL * len(table.rows):
        return
    for row in table.rows:
        printed = text[row.span.start : row.span.end]
        parted = "\t" in printed or any(is_missing(piece) for piece in printed.split())
        if len(row.values) < wanted and not parted:
            values = {"table": table.heading, "name": row.name.text}
            yield Finding("table-value-missing", row.span, values)


def _cells_missing(table: IndicatorTable) -> Iterator[Finding]:
    """Rows without a target, an attribute, or a unit that they need, where the table has a column
    of them: left out, or printed once for rows that are not known."""
    without = [row for row in table.rows if row.unit is None]
    lacking = {
        "target": [r for r in table.rows if all(c.kind == "baseline" for c, _ in r.values)],
        "attribute": [row for row in table.rows if row.attribute is None],
        "unit": [r for r in without if not brings_unit(r.name.text, (c for _, c in r.values))],
    }
    for kind, bare in lacking.items():
        if bare and any(column.kind == kind for column in table.columns):
            values = {"table": table.heading, "count": str(len(bare)), "name": bare[0].name.text}
            yield Finding(f"table-{kind}-missing", bare[0].span, values)
