"""Which entities of a plan its links join, and where its passages stand."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from functools import cached_property
from typing import TypeVar

from kg.document.structure import Document
from kg.rdf.iris import Node
from kg.source.text import Span
from kg.views.plan_entities import Entity, Link, Measure, Passage, Section

_T = TypeVar("_T", bound=Entity)


class Relations:
    """The entities of one plan by their nodes, and its links by subject and object."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.entities: dict[Node, Entity] = {}
        self.links_from: defaultdict[Node, list[Link]] = defaultdict(list)
        self.links_to: defaultdict[Node, list[Link]] = defaultdict(list)

    def of(self, kind: type[_T]) -> tuple[_T, ...]:
        """All entities of a class, in reading order."""
        return tuple(entity for entity in self.entities.values() if isinstance(entity, kind))

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        """All sections, in reading order."""
        return self.of(Section)

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """All measures, in reading order."""
        return self.of(Measure)

    @cached_property
    def _sentences(self) -> list[Span]:
        return sorted(sentence.span for sentence in self.document.sentences)

    def the(self, node: Node, kind: type[_T]) -> _T:
        """The entity of that kind and key."""
        entity = self.entities[node]
        assert isinstance(entity, kind)
        return entity

    def section(self, number: str | None) -> Section | None:
        """The section of a number; None for none."""
        return None if number is None else self.the(Node("section", number), Section)

    def passages(self, spans: Iterable[Span]) -> tuple[Passage, ...]:
        """The passages of spans, each once."""
        document = self.document
        return tuple(
            Passage(document.published(span), span.start, span.end, document.printed(span))
            for span in dict.fromkeys(spans)
        )

    def sentence(self, passage: Passage) -> Passage:
        """The sentence that a passage begins in; the passage itself where there is none."""
        at = bisect_right(self._sentences, passage.start, key=lambda span: span.start)
        if at and passage.start < self._sentences[at - 1].end:
            return self.passages([self._sentences[at - 1]])[0]
        return passage
