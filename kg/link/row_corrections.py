"""What a person decides about rows of tables of indicators: no row, named wrongly, missed, or of
another value."""

import re
from dataclasses import replace

from kg.extract.indicators import read_row
from kg.extract.model import Extraction, Indicator
from kg.link.decided import Decided, some
from kg.source.text import Span


def _row(decided: Decided, name: str) -> Indicator | None:
    rows = (i for i in decided.extraction.indicators if i.number is not None)
    return next((row for row in rows if row.name == name), None)


def reject_row(decided: Decided) -> Extraction:
    """The extraction without the row of a name and its values."""
    row = some(_row(decided, decided.one.name))
    kept = tuple(v for v in decided.extraction.values if v.indicator != row.key)
    return replace(decided.without("indicators", [row]), values=kept)


def rename_row(decided: Decided) -> Extraction:
    """The extraction with a row called otherwise, as no other is."""
    row, to = some(_row(decided, decided.one.name)), decided.one.to
    some(_row(decided, to) is None)
    return decided.changed("indicators", row, name=to, other_names=(*row.other_names, row.name))


def add_value(decided: Decided) -> Extraction:
    """The extraction with a value of a row as a person reads it, in place of what was read, and
    with the row where that was missed: the words quoted are of the row and end with the value, and
    what is parted by blanks is a cell."""
    document, extraction, one, at = decided.document, decided.extraction, decided.one, decided.place
    cells = [Span(*m.span()) for m in re.compile(r"\S+").finditer(document.text, at.start, at.end)]
    known = _row(decided, one.name)
    taken = {i.number for i in extraction.indicators if i.number is not None}
    first = document.read(cells[0]).text
    printed = int(first) if first.isdecimal() and len(cells) > 1 else 0
    number = printed if printed and printed not in taken else max(taken, default=0) + 1
    row, value = some(read_row(document, cells, one.name, number, one.type, decided.period, known))
    own = (value.indicator, value.kind)
    kept = (v for v in extraction.values if (v.indicator, v.kind) != own)
    indicators = extraction.indicators if known else (*extraction.indicators, row)
    return replace(extraction, indicators=indicators, values=(*kept, value))
