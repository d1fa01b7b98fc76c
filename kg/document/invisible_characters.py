"""A text without the characters that nobody sees, and the way back to its places as published."""

from array import array
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from kg.source.characters import unseen
from kg.source.text import Erratum, Span, Stretch


class SeenText:
    """A source text as it is seen.

    Args:
        source: the text as published; what it holds unseen (zero-width characters, controls) stays
            there, and every span that comes back points into it.
        passed: further stretches that are not to be read with it.
        instead: characters to be read in the place of those that are there, by their places.

    Attributes:
        text: the text without unseen characters.
    """

    def __init__(
        self, source: str, passed: Sequence[Span] = (), instead: Mapping[int, str] | None = None
    ) -> None:
        characters = list(source)
        for place, character in (instead or {}).items():
            characters[place] = character
        self._places = array("l")  # of the seen characters in the source, and its end
        pieces: list[str] = []
        position, end = 0, len(source)
        gaps = sorted((*unseen(source), *((span.start, span.end) for span in passed)))
        for start, behind in (*gaps, (end, end)):
            self._places.extend(range(position, start))
            pieces += characters[position:start]
            position = max(position, behind)
        self.text = "".join(pieces)
        self._places.append(end)

    @property
    def whole(self) -> bool:
        """Whether all of the source is seen."""
        return len(self.text) == self._places[-1]

    def _span(self, span: Span) -> Span:
        start = self._places[span.start]
        return Span(start, self._places[span.end - 1] + 1) if len(span) else Span(start, start)

    def errata(self, errata: Sequence[Erratum]) -> tuple[Erratum, ...]:
        """Errata of the source as those of the seen text."""
        return tuple(
            replace(one, span=Span(self.seen_at(one.span.start), self.seen_at(one.span.end)))
            for one in errata
        )

    def seen_at(self, offset: int) -> int:
        """How many seen characters are before an offset of the source."""
        return bisect_left(self._places, offset)

    def back(self, value: Any) -> Any:
        """What was read in the seen text, with all its spans those of the source."""
        if isinstance(value, Span):
            return self._span(value)
        if isinstance(value, Stretch):
            starts = tuple(self._places[start] for start in value.starts)
            ends = tuple(self._places[end - 1] + 1 for end in value.ends)
            return Stretch(self._span(value.span), value.text, starts, ends)
        if isinstance(value, tuple):
            return tuple(self.back(one) for one in value)
        if is_dataclass(value) and not isinstance(value, type):
            held = {f.name: self.back(getattr(value, f.name)) for f in fields(value) if f.init}
            return type(value)(**held)
        return value
