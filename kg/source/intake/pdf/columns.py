"""Blocks of a page (lines and tables) in reading order: columns of text one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from kg.source.gutters import Stretch, covered
from kg.source.intake.numerals import is_numbered
from kg.source.intake.pdf.grid import Grid
from kg.source.intake.pdf.lines import PrintedLine, lines_of, text_of

_LEAST_LINES = 4  # in each column
_LEAST_RUNNING = 3  # where all but the last are full and go on in the next
_ENDS = tuple("。;；:：!！?？")
_LEAST_FULL = 2
_LEAST_CELLS = 3  # of a row
_LEAST_WIDTH = 6.0  # em
_LEAST_TEXT_WIDTH = 12.0  # em: in which numbers that cells bear as well are headings
_WHOLE = 0.9  # … and those that go on in the next
_SET_OFF = 1.1  # of an em, from the base of a line: what is farther below it is set off
_SET_OFF_MORE = 1.3  # … and as many times farther than lines usually are
_OTHER_SIZE = 0.06  # of the lines' size: what differs by more stands apart
_RUNNING = 0.8  # of a column's lines: so many are full, or end what a full one begins
_FULL = 0.7  # of a column's width: most lines of running text fill more


@dataclass(frozen=True)
class Column:
    """Lines and tables that are read one after the other, and where the column begins and ends."""

    blocks: tuple[PrintedLine | Grid, ...]
    left: float
    right: float


def in_reading_order(blocks: Sequence[PrintedLine | Grid]) -> list[Column]:
    """A page, or a part of it, parted into columns in reading order."""
    ordered = sorted(blocks, key=lambda b: b.top if isinstance(b, Grid) else b.base - 0.5 * b.size)
    best = _gutter(ordered)
    if best is None:
        edges = [edge for b in ordered for edge in (b.left, b.right)]
        return [Column(tuple(ordered), min(edges), max(edges))] if ordered else []
    start, end, at = best
    while start < end and _is_centred(ordered[start], ordered[start:end]):
        start += 1
    inside = ordered[start:end]
    glyphs = [g for b in inside if isinstance(b, PrintedLine) for g in b.glyphs]
    grids = [b for b in inside if isinstance(b, Grid)]
    halves: list[Column] = []
    for right in (False, True):
        lines = lines_of(g for g in glyphs if ((g.left + g.right) / 2 > at) is right)
        halves += in_reading_order([*lines, *(g for g in grids if (g.left > at) is right)])
    return [*in_reading_order(ordered[:start]), *halves, *in_reading_order(ordered[end:])]


def _is_centred(block: PrintedLine | Grid, blocks: Sequence[PrintedLine | Grid]) -> bool:
    """Whether a block is a line of another size in the middle of all: it stands over the columns,
    though it may be in none but the middle one."""
    size = median(b.size for b in blocks)
    middle = (min(b.left for b in blocks) + max(b.right for b in blocks)) / 2
    apart = isinstance(block, PrintedLine) and abs(block.size - size) > _OTHER_SIZE * size
    return apart and abs((block.left + block.right) / 2 - middle) < size


def _gutter(blocks: Sequence[PrintedLine | Grid]) -> tuple[int, int, float] | None:
    """The longest stretch of blocks that a gutter parts into columns of running text: its first
    block, the one after its last, and where the gutter stands. What is set off from the text of
    columns, above or below, may be a table over all of them."""
    if len(blocks) < _LEAST_RUNNING:
        return None
    parts = [((b.left, b.right),) if isinstance(b, Grid) else b.stretches for b in blocks]
    gaps = {round((a[1] + b[0]) / 2) for row in parts for a, b in pairwise(row)} | {
        round(row[0][0]) - 1 for row in parts
    }
    cuts = _cuts(blocks)
    best: tuple[int, int, float] | None = None
    for at in sorted(gaps):
        for free, stop in _free(parts, at):
            inner = [cut for cut in cuts if free < cut < stop]
            below = inner[-1] if inner else stop
            if inner and _is_table(parts[free:below], parts[below:stop]):
                inner.pop()
            else:
                below = stop
            for start, end in [
                (free, below),
                *((free, c) for c in inner),
                *((c, below) for c in inner),
            ]:
                longer = best is None or end - start > best[1] - best[0]
                if longer and _parts_text(blocks[start:end], parts[start:end], at):
                    best = (start, end, _middle(parts[start:end], at))
    return best


def _cuts(blocks: Sequence[PrintedLine | Grid]) -> list[int]:
    """The indices of the blocks that are set off from the line before."""
    gaps = [b.top - a.base if isinstance(a, PrintedLine) else 0.0 for a, b in pairwise(blocks)]
    usual = _SET_OFF_MORE * median(gaps)
    sizes = (block.size for block in blocks)
    far = (gap > max(_SET_OFF * size, usual) for gap, size in zip(gaps, sizes, strict=False))
    return [i for i, cut in enumerate(far, 1) if cut]


def _is_table(text: Sequence[Sequence[Stretch]], rows: Sequence[Sequence[Stretch]]) -> bool:
    """Whether what is set off below columns of text is rows of cells over several of them, none of
    which fills the column that it begins in."""
    columns = covered([piece for row in text for piece in row])
    cells = [
        (column, piece)
        for row in rows
        for piece in row
        for column in columns
        if column[0] - 1 <= piece[0] < column[1]
    ]
    full = any(p[1] - p[0] >= _WHOLE * (c[1] - c[0]) for c, p in cells)
    across = len({column for column, _ in cells}) > 1
    return across and not full and 2 * sum(len(row) >= _LEAST_CELLS for row in rows) > len(rows)


def _middle(parts: Sequence[Sequence[Stretch]], at: float) -> float:
    """The middle of the gutter that a place is in."""
    every = [part for row in parts for part in row]
    left = max(right for left, right in every if left < at)
    return (left + min(left for left, right in every if left >= at)) / 2


def _free(parts: Sequence[Sequence[Stretch]], at: float) -> list[tuple[int, int]]:
    """The stretches of blocks in which nothing is printed at a place."""
    found: list[tuple[int, int]] = []
    start = 0
    for i, row in enumerate([*parts, [(at - 1, at + 1)]]):
        if any(left < at < right for left, right in row):
            if i > start:
                found.append((start, i))
            start = i + 1
    return found


def _parts_text(
    blocks: Sequence[PrintedLine | Grid], parts: Sequence[Sequence[Stretch]], at: float
) -> bool:
    """Whether what is left and right of a place is running text on both sides, perhaps in columns
    of its own."""
    size = median(b.size for b in blocks)
    pieces = [piece for row in parts for piece in row]
    for right in (False, True):
        own = covered([p for p in pieces if (p[0] >= at) is right], 0, size)
        if not own:
            return False
        side = own[0][0], own[-1][1]
        if not any(
            all(_is_text(blocks, parts, column, size) for column in columns)
            for columns in ([side], own)
        ):
            return False
    return True


def _is_text(
    blocks: Sequence[PrintedLine | Grid],
    parts: Sequence[Sequence[Stretch]],
    column: Stretch,
    size: float,
) -> bool:
    """Whether what stands in a column is running text: at least half of the lines are full,
    headings aside and the rows of a table that the column holds."""
    left, right = column[0] - 1, column[1] + 1
    side = [
        (own, _text(block, left, right))
        for block, row in zip(blocks, parts, strict=True)
        if (own := [p for p in row if left <= p[0] < right])
    ]
    texts = [text for _, text in side]
    width = column[1] - column[0]
    full = [sum(p[1] - p[0] for p in own) >= _FULL * width for own, _ in side]
    if width < _LEAST_WIDTH * size:
        return False
    if len(side) < _LEAST_LINES:
        return _runs_on(texts, full)
    if sum(full) < _LEAST_FULL:
        return False
    plain = sum(f and not is_numbered(text) for f, text in zip(full, texts, strict=True))
    strong = width < _LEAST_TEXT_WIDTH * size or plain < _LEAST_FULL
    headings = sum(is_numbered(text, strong) for text in texts)
    rows = sum(len(own) >= _LEAST_CELLS and not f for (own, _), f in zip(side, full, strict=True))
    aside = headings + (rows if 2 * rows < len(side) else 0)
    text = len(side) - aside
    ends = sum(before and not own for before, own in pairwise(full))  # of paragraphs
    runs = width >= _LEAST_TEXT_WIDTH * size and sum(full) + ends >= _RUNNING * text
    return sum(full) >= 0.5 * text or runs


def _runs_on(texts: Sequence[str], full: Sequence[bool]) -> bool:
    """Whether few lines are one sentence or more, perhaps with a heading above: each but the last
    is full and goes on in the next, as cells of a table do not."""
    first = 1 if texts and is_numbered(texts[0]) else 0
    before = texts[first:-1]
    ends = any(text[-1:] in _ENDS or is_numbered(text) for text in before)
    running = len(texts) >= _LEAST_RUNNING and all(full[first:-1]) and not ends
    return running and texts[-1][-1:] in _ENDS


def _text(block: PrintedLine | Grid, left: float, right: float) -> str:
    """The text of a line between two places."""
    glyphs = () if isinstance(block, Grid) else block.glyphs
    return text_of([g for g in glyphs if left <= g.left < right])
