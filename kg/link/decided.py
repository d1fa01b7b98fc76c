"""A person's decision beside what was read: what each change of a reading is made of."""

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, TypeVar

from kg.document.structure import Document, Sentence
from kg.extract.model import Entity, Extraction, Years
from kg.link.corrections import Correction
from kg.source.text import Span, compact, normal, stretch

_T = TypeVar("_T")


class FindsNothingError(Exception):
    """A correction finds nothing to correct."""


def some(found: _T | None) -> _T:
    """What was found; FindsNothingError where that is nothing."""
    if not found:
        raise FindsNothingError
    return found


@dataclass(frozen=True)
class Decided:
    """A correction that is to be made. What it speaks of and is not there is a FindsNothingError.

    document, extraction: what was read. one: the correction. period: the plan's first and last
        year.
    """

    document: Document
    extraction: Extraction
    one: Correction
    period: Years

    @property
    def sentence(self) -> Sentence:
        """The one sentence that holds the words that it quotes."""
        return some(quoted(self.document, self.one.quote))

    @property
    def place(self) -> Span:
        """The one place in the text of the words that it quotes, whatever blanks and line breaks
        stand between them."""
        words = r"\s*".join(map(re.escape, compact(normal(self.one.quote))))
        found = [Span(*m.span()) for m in re.finditer(words, self.document.text)] if words else []
        return some(found[0] if len(found) == 1 else None)

    @property
    def entity(self) -> Entity:
        """The zone or institution that it names."""
        return some(entity_named(self.extraction, self.one.kind, self.one.name))

    def changed(self, field: str, one: Any, **values: Any) -> Extraction:
        """What was read with other values of one of the things of a field, of which these are
        certain."""
        certain = replace(one, confidence=1.0, **values)
        things = getattr(self.extraction, field)
        fields: Any = {field: tuple(certain if other is one else other for other in things)}
        return replace(self.extraction, **fields)

    def without(self, field: str, gone: Collection[Any]) -> Extraction:
        """What was read without some of its things, of which there must be one; field: where the
        extraction has them."""
        held, gone = getattr(self.extraction, field), some(gone)
        fields: Any = {field: tuple(one for one in held if one not in gone)}
        return replace(self.extraction, **fields)


def entities_of(extraction: Extraction, kind: str) -> tuple[Entity, ...]:
    """The zones or the institutions; none of another kind."""
    return {"zone": extraction.zones, "institution": extraction.institutions}.get(kind, ())


def entity_named(extraction: Extraction, kind: str, name: str) -> Entity | None:
    """The entity of a kind that bears a name, or else that has it among its other names."""
    found = entities_of(extraction, kind)
    return next((e for e in found if e.name == name), None) or next(
        (e for e in found if name in e.aliases), None
    )


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


def free_key(head: str, taken: Collection[str]) -> str:
    """The first key that begins with a head, goes on with a number, and is not taken."""
    return next(key for i in count(1) if (key := f"{head}{i}") not in taken)
