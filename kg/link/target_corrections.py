"""What a person decides about targets of the text: right, wrong, missed."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count

from kg.document.structure import Document
from kg.extract.model import Extraction, Indicator, Value
from kg.extract.targets import read_target
from kg.link.decided import Decided, as_read, quoted, some
from kg.source.text import Span

_JOINING = ",，、;；。 "  # what parts the words of a value from those of the one before


def accept_target(decided: Decided) -> Extraction:
    """The extraction with the targets of a name as certain."""
    extraction, name, right = decided.extraction, decided.one.name, {*some(_named(decided))}
    return replace(
        extraction,
        indicators=tuple(
            replace(i, confidence=1.0) if i.name == name else i for i in extraction.indicators
        ),
        values=tuple(replace(v, confidence=1.0) if v in right else v for v in extraction.values),
    )


def reject_target(decided: Decided) -> Extraction:
    """The extraction without the targets of a name."""
    return _without(decided, _named(decided))


def add_target(decided: Decided) -> Extraction:
    """The extraction with a target that was missed: the last number in the words quoted."""
    extraction, sentence, words = decided.extraction, decided.sentence, as_read(decided.one.quote)
    key = _free_key(extraction, sentence.number)
    indicator, values = some(read_target(sentence, decided.one.name, words, key, decided.period))
    return replace(
        extraction,
        indicators=(*extraction.indicators, indicator),
        values=(*extraction.values, *values),
    )


def drop_target(decided: Decided) -> Extraction:
    """The extraction without the targets of a sentence that the words quoted hold."""
    return _without(decided, _held(decided))


def rename_target(decided: Decided) -> Extraction:
    """The extraction with the targets that the words quoted hold, in numbers or in words, as those
    of another indicator."""
    some(decided.one.quote)
    held, extraction = _held(decided), decided.extraction
    rest = _without(decided, held)
    before, key = extraction.indicator[held[0].indicator], _free_key(extraction, held[0].sentence)
    moved = (replace(value, indicator=key, confidence=1.0) for value in held)
    other = Indicator(key, as_read(decided.one.to), before.span, before.unit, before.unit_text)
    return replace(rest, indicators=(*rest.indicators, other), values=(*rest.values, *moved))


def _free_key(extraction: Extraction, sentence: str | None) -> str:
    """A key that no indicator has, of a sentence."""
    taken = {i.key for i in extraction.indicators}
    return next(k for i in count(1) if (k := f"{sentence}-{i}") not in taken)


def _held(decided: Decided) -> list[Value]:
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
    alone = parted.lstrip(_JOINING)
    return (
        alone
        if quoted(document, alone)
        else document.printed(Span(sentence.span.start, number.end))
    )


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
