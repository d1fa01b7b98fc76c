"""What a person decides about targets of the text: right, wrong, missed."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count

from kg.document.structure import Document, Sentence
from kg.extract.model import Extraction, Indicator, Value
from kg.extract.targets import read_target
from kg.source.text import Span, normal, stretch

_JOINING = ",，、;；。 "  # what parts the words of a value from those of the one before


def accept_target(extraction: Extraction, name: str) -> Extraction | None:
    """The targets of that name as certain; None where there is none."""
    right = set(_named(extraction, name))
    if not right:
        return None
    return replace(
        extraction,
        indicators=tuple(
            replace(i, confidence=1.0) if i.name == name else i for i in extraction.indicators
        ),
        values=tuple(replace(v, confidence=1.0) if v in right else v for v in extraction.values),
    )


def reject_target(extraction: Extraction, name: str) -> Extraction | None:
    """The extraction without the targets of that name; None where there is none."""
    return _without(extraction, _named(extraction, name))


def add_target(
    document: Document, extraction: Extraction, name: str, quote: str, period: tuple[int, int]
) -> Extraction | None:
    """The extraction with a target that was missed; None where it cannot be read.

    Args:
        quote: words of one sentence; the last number in them is the target's.
    """
    sentence = quoted(document, quote)
    if sentence is None:
        return None
    key = _free_key(extraction, sentence.number)
    found = read_target(sentence, name, as_read(quote), key, period)
    if found is None:
        return None
    indicator, values = found
    return replace(
        extraction,
        indicators=(*extraction.indicators, indicator),
        values=(*extraction.values, *values),
    )


def drop_target(document: Document, extraction: Extraction, quote: str) -> Extraction | None:
    """The extraction without the targets of a sentence that a quote holds; None where none is."""
    return _without(extraction, _held(document, extraction, quote))


def rename_target(
    document: Document, extraction: Extraction, quote: str, to: str
) -> Extraction | None:
    """The extraction with the targets that a quote holds, in numbers or in words, as those of
    another indicator; None where it holds none."""
    held = _held(document, extraction, quote)
    rest = _without(extraction, held)
    if rest is None:
        return None
    before, key = extraction.indicator[held[0].indicator], _free_key(extraction, held[0].sentence)
    moved = tuple(replace(value, indicator=key, confidence=1.0) for value in held)
    return replace(
        rest,
        indicators=(
            *rest.indicators,
            Indicator(key, as_read(to), before.span, before.unit, before.unit_text),
        ),
        values=(*rest.values, *moved),
    )


def _free_key(extraction: Extraction, sentence: str | None) -> str:
    """A key that no indicator has, of a sentence."""
    taken = {i.key for i in extraction.indicators}
    return next(k for i in count(1) if (k := f"{sentence}-{i}") not in taken)


def as_read(quote: str) -> str:
    """A quote in the characters that a text is read in, without the lines it is printed on."""
    return normal(stretch(quote, Span(0, len(quote))).text)


def quoted(document: Document, quote: str) -> Sentence | None:
    """The one sentence that holds the quoted words, as published or as read."""
    words = as_read(quote)
    found = [
        s for s in document.sentences if words in s.text or quote in document.published(s.span)
    ]
    return found[0] if len(found) == 1 else None


def _held(document: Document, extraction: Extraction, quote: str) -> list[Value]:
    """The values of a sentence whose numbers are in the words that a quote has of it."""
    sentence, words = quoted(document, quote), as_read(quote)
    if sentence is None or (at := sentence.text.find(words)) < 0:
        return []
    place = sentence.read.locate(at, at + len(words))
    stated = (v for v in extraction.values if v.sentence == sentence.number)
    return [v for v, at in number_places(document, stated) if place.contains(at)]


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


def _named(extraction: Extraction, name: str) -> list[Value]:
    """The values that the text states for indicators of a name."""
    keys = {i.key for i in extraction.indicators if i.name == name}
    return [v for v in extraction.values if v.indicator in keys and v.sentence is not None]


def _without(extraction: Extraction, values: Iterable[Value]) -> Extraction | None:
    """The extraction without some values, and without the indicators that are left bare."""
    gone = set(values)
    if not gone:
        return None
    kept = tuple(v for v in extraction.values if v not in gone)
    bare = {v.indicator for v in gone} - {v.indicator for v in kept}
    indicators = tuple(i for i in extraction.indicators if i.key not in bare)
    return replace(extraction, indicators=indicators, values=kept)
