"""What a person decides about rows of tables of indicators: no row, named wrongly, missed, or of
another value."""

import re
from dataclasses import replace

from kg.document.structure import Document
from kg.extract.indicators import read_row
from kg.extract.model import Extraction, Indicator
from kg.link.goal_corrections import locate


def _row(extraction: Extraction, name: str) -> Indicator | None:
    return next((i for i in extraction.indicators if i.number is not None and i.name == name), None)


def reject_row(extraction: Extraction, name: str) -> Extraction | None:
    """The extraction without the row of that name and its values; None where there is none."""
    row = _row(extraction, name)
    if row is None:
        return None
    return replace(
        extraction,
        indicators=tuple(i for i in extraction.indicators if i is not row),
        values=tuple(v for v in extraction.values if v.indicator != row.key),
    )


def rename_row(extraction: Extraction, name: str, to: str) -> Extraction | None:
    """The extraction with a row called otherwise; None where there is none, or another is called
    so."""
    row = _row(extraction, name)
    if row is None or _row(extraction, to) is not None:
        return None
    called = replace(row, name=to, other_names=(*row.other_names, row.name), confidence=1.0)
    return replace(
        extraction, indicators=tuple(called if i is row else i for i in extraction.indicators)
    )


def add_value(
    document: Document,
    extraction: Extraction,
    name: str,
    quote: str,
    kind: str,
    period: tuple[int, int],
) -> Extraction | None:
    """The extraction with a value of a row as a person reads it, in place of what was read, and
    with the row where that was missed; None where the words are not found once, or end with none.

    Args:
        quote: words of the row that end with the value; what is parted by blanks is a cell.
        kind: "target" or "baseline".
    """
    place = locate(document, quote)
    cells = (
        [
            replace(place, start=place.start + m.start(), end=place.start + m.end())
            for m in re.finditer(r"\S+", document.text[place.start : place.end])
        ]
        if place
        else []
    )
    if not cells:
        return None
    known = _row(extraction, name)
    taken = {i.number for i in extraction.indicators if i.number is not None}
    first = document.read(cells[0]).text
    printed = int(first) if first.isdecimal() and len(cells) > 1 else 0
    number = printed if printed and printed not in taken else max(taken, default=0) + 1
    read = read_row(document, cells, name, number, kind, period, known)
    if read is None:
        return None
    row, value = read
    kept = tuple(
        v for v in extraction.values if (v.indicator, v.kind) != (value.indicator, value.kind)
    )
    indicators = extraction.indicators if known else (*extraction.indicators, row)
    return replace(extraction, indicators=indicators, values=(*kept, value))
