"""What a person decides about targets of the text, goals, and rows of tables of indicators: right,
wrong, missed, named wrongly, or of another value."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from kg.document.structure import Document
from kg.extract.indicators import read_row
from kg.extract.model import Extraction, Goal, Indicator, Value
from kg.extract.targets import read_target
from kg.link.decided import Decided, as_read, free_key, quoted, some
from kg.source.text import Span, normal

_JOINING = ",，、;；。 "  # what parts the words of a value from those of the one before


def _accept_target(decided: Decided) -> Extraction:
    """The extraction with the targets of a name as certain."""
    found, name, right = decided.extraction, decided.one.name, {*some(_named(decided))}
    rows = (replace(i, confidence=1.0) if i.name == name else i for i in found.indicators)
    values = (replace(v, confidence=1.0) if v in right else v for v in found.values)
    return replace(found, indicators=tuple(rows), values=tuple(values))


def _add_target(decided: Decided) -> Extraction:
    """The extraction with a target that was missed: the last number in the words quoted."""
    found, sentence, words = decided.extraction, decided.sentence, as_read(decided.one.quote)
    key = free_key(f"{sentence.number}-", found.indicator.keys())
    indicator, values = some(read_target(sentence, decided.one.name, words, key, decided.period))
    rows = (*found.indicators, indicator)
    return replace(found, indicators=rows, values=(*found.values, *values))


def _rename_target(decided: Decided) -> Extraction:
    """The extraction with the targets that the words quoted hold, in numbers or in words, as those
    of another indicator."""
    some(decided.one.quote)
    held, extraction = _quoted_values(decided), decided.extraction
    rest = _without(decided, held)
    before = extraction.indicator[held[0].indicator]
    key = free_key(f"{held[0].sentence}-", extraction.indicator.keys())
    moved = (replace(value, indicator=key, confidence=1.0) for value in held)
    other = Indicator(key, as_read(decided.one.to), before.span, before.unit, before.unit_text)
    return replace(rest, indicators=(*rest.indicators, other), values=(*rest.values, *moved))


def _quoted_values(decided: Decided) -> list[Value]:
    """The values of a sentence whose numbers are in the words that a quote has of it."""
    sentence, words = decided.sentence, as_read(decided.one.quote)
    if (at := sentence.text.find(words)) < 0:
        return []
    place = sentence.read.locate(at, at + len(words))
    stated = (v for v in decided.extraction.values if v.sentence == sentence.number)
    return [v for v, at in number_places(decided.document, stated) if place.contains(at)]


def number_places(document: Document, values: Iterable[Value]) -> Iterator[tuple[Value, Span]]:
    """Where the number of each value of the text stands, in the words that it was read from."""
    before: Counter[tuple[Span, str]] = Counter()
    for value in values:
        place, words = value.quantity.span, value.quantity.text
        read = document.read(place)
        found = [m.span() for m in re.finditer(rf"(?<![\d.]){re.escape(words)}", read.text)]
        if found:
            yield value, read.locate(*found[min(before[place, words], len(found) - 1)])
        before[place, words] += 1


def words_of(document: Document, value: Value, number: Span, others: Iterable[Span]) -> str:
    """The shortest words of a value's sentence, as published, that hold its number, stand in no
    other sentence and, where possible, hold no other number."""
    sentence = next(s for s in document.sentences if s.number == value.sentence)
    begin = max((o.end for o in others if sentence.span.start <= o.start < number.start), default=0)
    parted = document.printed(Span(max(begin, sentence.span.start), number.end))
    alone, whole = parted.lstrip(_JOINING), Span(sentence.span.start, number.end)
    return alone if quoted(document, alone) else document.printed(whole)


def _named(decided: Decided) -> list[Value]:
    """The values that the text states for indicators of the name."""
    extraction, name = decided.extraction, decided.one.name
    keys = {i.key for i in extraction.indicators if i.name == name}
    return [v for v in extraction.values if v.indicator in keys and v.sentence is not None]


def _without(decided: Decided, gone: list[Value]) -> Extraction:
    """The extraction without some values, and without the indicators that are left bare."""
    kept = decided.without("values", {*gone})
    bare = {v.indicator for v in gone} - {v.indicator for v in kept.values}
    indicators = tuple(i for i in kept.indicators if i.key not in bare)
    return replace(kept, indicators=indicators)


def _place_in_statement(decided: Decided, stated: Iterable[Span], words: str) -> Span:
    """The first place of words in what states a goal."""
    for span in stated:
        read = decided.document.read(span)
        if (at := read.text.find(normal(words))) >= 0:
            return read.locate(at, at + len(normal(words)))
    return some(None)


def _titled(decided: Decided) -> list[Goal]:
    return [goal for goal in decided.extraction.goals if goal.title == decided.one.name]


def _rename_goal(decided: Decided) -> Extraction:
    """The extraction with a goal titled by other words of its statement."""
    goal, to = some(_titled(decided))[0], decided.one.to
    return decided.changed(
        "goals", goal, title=to, span=_place_in_statement(decided, goal.statement, to)
    )


def _add_goal(decided: Decided) -> Extraction:
    """The extraction with a goal or a vision that was missed and is not known, titled by words of
    those that state it."""
    one, known, stated = decided.one, decided.extraction.goals, decided.place
    place = _place_in_statement(decided, (stated,), one.name)
    some(not _titled(decided))
    taken, vision = {goal.number for goal in known}, one.kind == "vision"
    number = free_key("vision-" if vision else "", taken)
    fresh = Goal(number, one.name, place, (stated,), vision=vision)
    return replace(decided.extraction, goals=(*known, fresh))


def _row(decided: Decided, name: str) -> Indicator | None:
    rows = (i for i in decided.extraction.indicators if i.number is not None)
    return next((row for row in rows if row.name == name), None)


def _reject_row(decided: Decided) -> Extraction:
    """The extraction without the row of a name and its values."""
    row = some(_row(decided, decided.one.name))
    kept = tuple(v for v in decided.extraction.values if v.indicator != row.key)
    return replace(decided.without("indicators", [row]), values=kept)


def _rename_row(decided: Decided) -> Extraction:
    """The extraction with a row called otherwise, as no other is."""
    row, to = some(_row(decided, decided.one.name)), decided.one.to
    some(_row(decided, to) is None)
    return decided.changed("indicators", row, name=to, other_names=(*row.other_names, row.name))


def _add_value(decided: Decided) -> Extraction:
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


CHANGES: dict[tuple[str, str], Callable[[Decided], Extraction]] = {
    ("target", "accept"): _accept_target,
    ("target", "reject"): lambda decided: _without(decided, _named(decided)),
    ("target", "add"): _add_target,
    ("target", "drop"): lambda decided: _without(decided, _quoted_values(decided)),
    ("target", "rename"): _rename_target,
    ("goal", "reject"): lambda decided: decided.without("goals", _titled(decided)),
    ("goal", "rename"): _rename_goal,
    ("goal", "add"): _add_goal,
    ("indicator", "reject"): _reject_row,
    ("indicator", "rename"): _rename_row,
    ("indicator", "add"): _add_value,
}
"""What each decision changes, by what it is about and its action."""
