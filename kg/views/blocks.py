"""The blocks of a document, as pages show them (kg.views.reading), which read no document."""

import re
from bisect import bisect_right
from collections.abc import Container, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from kg.document.lines import FURNITURE
from kg.document.numbering import numbered
from kg.document.responsibility_notes import CHARGE
from kg.document.structure import Document, Section
from kg.document.tables import Cell, IndicatorTable
from kg.document.task_tables import CELLS
from kg.link.review import SHORT_LINES
from kg.rdf.iris import outward
from kg.source.text import Span, normal, strip_span
from kg.views.grids import grids
from kg.views.reading import Block, Mended, Place, Table, TableRow

_BLANKS = re.compile(r"\s+")
_LEADER = re.compile(r"[\s.·…—\d-]+$")
_LONGEST_CELL = 24  # characters
_CONTENTS = 3  # lines that name headings are a contents list


def blocks_of(document: Document) -> tuple[Block, ...]:
    """The blocks of a document."""
    headings = {_compact(document.printed(s.heading_span)) for s in document.sections}
    read = _with_grids(document, _read_blocks(document), headings)
    return tuple(_grouped(_without_gaps(document, read, headings), document.source))


def _pair(span: Span) -> Place:
    return span.start, span.end


def _mended(
    document: Document, span: Span, as_printed: Container[str] = (CHARGE,)
) -> tuple[Mended, ...]:
    """What is mended in a span; notes of who is charged, and cells of a grid, stand as printed."""
    at = bisect_right(document.errata, span.start - 1, key=lambda e: e.span.start)
    found = []
    for one in document.errata[at:]:
        if one.span.start > span.end:
            break
        if span.contains(one.span) and one.reason not in as_printed:
            found.append(Mended(_pair(one.span), one.correction, one.reason == FURNITURE))
    return tuple(found)


def _spaced(document: Document, section: Section) -> tuple[Mended, ...]:
    """What is mended in a heading, with one blank behind its number and between its halves."""
    heading = section.heading_span
    mended, words = _mended(document, heading), document.printed(heading)
    number, halves = numbered(normal(words)), section.heading.split()
    if number is not None:
        halves.insert(0, words.removesuffix(words[-len(number.wording) :]))
    starts = {*accumulate(_BLANKS.sub("", half) for half in halves)}
    for run in _BLANKS.finditer(document.source, heading.start, heading.end):
        before = _BLANKS.sub("", document.printed(Span(heading.start, run.start())))
        if before in starts and not any(run.start() <= m.place[0] <= run.end() for m in mended):
            mended += (Mended(run.span(), " ", False),)
    return tuple(sorted(mended, key=lambda m: m.place))


def _read_blocks(document: Document) -> list[Block]:
    """What was read, in order; nothing overlaps."""
    depths = _depths(document.sections)
    blocks = []
    for section in document.sections:
        if section.style != "annex":
            place, mended = _pair(section.heading_span), _spaced(document, section)
            named = (section.number, section.style, depths[section.number])
            blocks.append(Block("heading", place, *named, mended=mended))
    for i, one in enumerate(document.paragraphs):
        sentences = tuple(_pair(s.span) for s in document.sentences_of(i))
        about = (_pair(one.span), one.section)
        mended = _mended(document, one.span)
        blocks.append(Block("paragraph", *about, sentences=sentences, mended=mended))
    annexes = [section for section in document.sections if section.style == "annex"]
    for section, table in zip(annexes, document.tables, strict=True):
        titled = _pair(table.title_span)
        heads = table.title_span.start >= table.span.start and len(table.title_span)
        if heads:
            blocks.append(Block("heading", titled, section.number, "annex"))
        rest = strip_span(
            document.source, Span(titled[1] if heads else table.span.start, table.span.end)
        )
        mended = _mended(document, table.span)
        blocks.append(
            Block("table", _pair(rest), section.number, mended=mended, table=_table(table))
        )
    return sorted(blocks, key=lambda block: block.place)


def _with_grids(document: Document, read: Sequence[Block], headings: Container[str]) -> list[Block]:
    """What was read, with tables in the place of what is in them."""
    found = []
    for place, table in grids(document, read):
        if not _lists(headings, document.source[slice(*place)]):
            section = document.section_at(place[0]) or ""
            mended = _mended(document, Span(*place), (CHARGE, CELLS))
            found.append(Block("grid", place, section, mended=mended, table=table))
    ends = [0, *(grid.place[1] for grid in found)]
    starts = [*(grid.place[0] for grid in found), len(document.source)]
    around = (bisect_right(starts, block.place[0]) for block in read)
    apart = [b for b, i in zip(read, around, strict=True) if b.place[0] >= ends[i]]
    return sorted([*apart, *found], key=lambda block: block.place)


def _depths(sections: Sequence[Section]) -> dict[str, int]:
    parents = {section.number: section.parent for section in sections}
    return {number: len(outward(number, parents.get)) - 1 for number in parents}


def _table(table: IndicatorTable) -> Table:
    """A table with a column for each of its own; categories that have none head their rows."""
    kinds = [column.kind for column in table.columns]
    own = "category" in kinds
    rows = []
    for row in table.rows:
        values = dict(row.values)
        named = [*_parts(row.group), *_parts(row.name)]
        plain = {"unit": row.unit, "attribute": row.attribute, "category": row.category}
        cells = (
            tuple(dict.fromkeys(named))
            if column.kind == "name"
            else _parts(values.get(column) or plain.get(column.kind))
            for column in table.columns
        )
        number = f"{row.number}" + (f".{row.part}" if row.part else "")
        rows.append(TableRow(() if own else _parts(row.category), number, tuple(cells)))
    numbers = kinds.index("number") if "number" in kinds else None
    return Table(tuple(c.label for c in table.columns), numbers, tuple(rows), _parts(table.note))


def _parts(cell: Cell | None) -> tuple[Place, ...]:
    return tuple(map(_pair, cell.parts)) if cell is not None else ()


def _without_gaps(
    document: Document, read: Sequence[Block], headings: Container[str]
) -> list[Block]:
    """The blocks with what is between them; a stop that follows a heading belongs to it, and a note
    on who is charged to what it follows."""
    source, blocks = document.source, list[Block]()
    of_page = [erratum.span for erratum in document.errata if erratum.reason == FURNITURE]
    notes = {charge.span.start: charge.span.end for charge in document.charges}
    position = 0
    for block in read:
        gap = strip_span(source, Span(position, block.place[0]))
        if len(gap) and blocks and blocks[-1].kind == "heading" and source[gap.start] in "。.：:":
            blocks[-1] = replace(blocks[-1], place=(blocks[-1].place[0], gap.start + 1))
            gap = strip_span(source, Span(gap.start + 1, gap.end))
        while blocks and len(gap) and (end := notes.get(gap.start)) is not None:
            blocks[-1] = replace(blocks[-1], place=(blocks[-1].place[0], end))
            gap = strip_span(source, Span(end, gap.end))
        if len(gap):
            front = not any(b.kind != "folded" for b in blocks)
            kind = "folded" if front else _kind(document, gap, headings, of_page)
            blocks.append(Block(kind, _pair(gap), blocks[-1].section if blocks else ""))
        blocks.append(block)
        position = block.place[1]
    rest = strip_span(source, Span(position, len(source)))
    return [*blocks, Block("folded", _pair(rest))] if len(rest) else blocks


def _compact(words: str) -> str:
    return _BLANKS.sub("", _LEADER.sub("", words))


def _kind(document: Document, gap: Span, headings: Container[str], of_page: Sequence[Span]) -> str:
    """What words that no block holds are: a page's marks, a contents list, or unread."""
    at = bisect_right(of_page, gap.start - 1, key=lambda span: span.start)
    inside = [span for span in of_page[at : at + 9] if gap.contains(span)]
    starts = [gap.start, *(span.end for span in inside)]
    ends = [*(span.start for span in inside), gap.end]
    left = "".join(document.source[a:b] for a, b in zip(starts, ends, strict=True))
    if not left.strip():
        return "page"
    return "folded" if _lists(headings, left) else "unread"


def _lists(headings: Container[str], words: str) -> bool:
    """Whether lines are a list of contents: they name headings."""
    lines = [_compact(line) for line in words.splitlines() if line.strip()]
    return sum(line in headings for line in lines) >= max(_CONTENTS, len(lines) // 2)


def _grouped(blocks: Sequence[Block], source: str) -> Iterator[Block]:
    """The blocks, with many short lines that follow each other as one: the cells of a table."""
    run: list[Block] = []
    for block in [*blocks, None]:
        if block is not None and _is_cell(block, source):
            run.append(block)
            continue
        if len(run) >= SHORT_LINES:
            yield Block(
                "cells",
                (run[0].place[0], run[-1].place[1]),
                run[0].section,
                sentences=tuple(p for one in run for p in one.sentences or (one.place,)),
                mended=tuple(m for one in run for m in one.mended),
            )
        else:
            yield from run
        run = []
        if block is not None:
            yield block


def _is_cell(block: Block, source: str) -> bool:
    words = source[block.place[0] : block.place[1]].rstrip()
    short = len(words) <= _LONGEST_CELL or block.kind == "unread"
    return block.kind in ("paragraph", "unread", "page") and short and words[-1:] not in "。；;：:"
