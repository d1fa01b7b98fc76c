"""What a person decides about targets of the text: right, wrong, missed."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import count

from kg.document.structure import Document, Sentence
from kg.extract.model import Extraction, Value
from kg.extract.targets import read_target


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
        quote: words of one sentence that end with the number.
    """
    sentence = quoted(document, quote)
    if sentence is None:
        return None
    taken = {i.key for i in extraction.indicators}
    key = next(k for i in count(1) if (k := f"{sentence.number}-{i}") not in taken)
    found = read_target(sentence, name, quote, key, period)
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
    sentence = quoted(document, quote)
    return _without(
        extraction,
        [
            v
            for v in extraction.values
            if sentence and v.sentence == sentence.number and v.quantity.text in quote
        ],
    )


def quoted(document: Document, quote: str) -> Sentence | None:
    """The one sentence that holds the quoted words, as published or as read."""
    found = [
        s for s in document.sentences if quote in s.text or quote in document.published(s.span)
    ]
    return found[0] if len(found) == 1 else None


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
