"""A text without the characters that nobody sees, and the way back to its places as published."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

from kg.source.characters import unseen
from kg.source.text import Erratum, Span, Stretch

_T = TypeVar("_T")


class SeenText:
    """A source text as it is seen.

    Args:
        source: the text as published; what it holds unseen (zero-width characters, controls) stays
            there, and every span that comes back points into it.
        passed: further stretches that are not to be read with it.
        instead: characters to be read in the place of those that are there, by their places.
    """

    def __init__(
        self, source: str, passed: Sequence[Span] = (), instead: Mapping[int, str] | None = None
    ) -> None:
        self._source = source
        if instead:
            self._source = "".join(instead.get(i, char) for i, char in enumerate(source))
        self._gaps: list[tuple[int, int]] = []
        for gap in sorted(
            (*unseen(source), *((span.start, span.end) for span in passed if len(span)))
        ):
            if not self._gaps or gap[0] >= self._gaps[-1][1]:
                self._gaps.append(gap)

    @cached_property
    def text(self) -> str:
        """The text without unseen characters."""
        kept, position = [], 0
        for start, end in self._gaps:
            kept.append(self._source[position:start])
            position = end
        return "".join(kept) + self._source[position:] if self._gaps else self._source

    @property
    def whole(self) -> bool:
        """Whether all of the source is seen."""
        return not self._gaps

    @cached_property
    def _places(self) -> list[int]:
        """For each gap, how many seen characters are before it."""
        places, passed = [], 0
        for start, end in self._gaps:
            places.append(start - passed)
            passed += end - start
        return places

    @cached_property
    def _passed(self) -> list[int]:
        """How many unseen characters are before each gap; all of them at last."""
        passed = [0]
        for start, end in self._gaps:
            passed.append(passed[-1] + end - start)
        return passed

    def _offset(self, place: int) -> int:
        """Where the seen character of a place is in the source."""
        return place + self._passed[bisect_left(self._places, place + 1)]

    def _span(self, span: Span) -> Span:
        start = self._offset(span.start)
        return Span(start, self._offset(span.end - 1) + 1) if len(span) else Span(start, start)

    def _stretch(self, read: Stretch) -> Stretch:
        span = self._span(read.span)
        if read.places is None and len(span) == len(read.text):
            return Stretch(span, read.text)
        spans = (self._span(Span(*place)) for place in read.each)
        return Stretch(span, read.text, tuple((one.start, one.end) for one in spans))

    def errata(self, errata: Sequence[Erratum]) -> tuple[Erratum, ...]:
        """Errata of the source as those of the seen text."""
        return tuple(
            replace(one, span=Span(self.seen_at(one.span.start), self.seen_at(one.span.end)))
            for one in errata
        )

    def seen_at(self, offset: int) -> int:
        """How many seen characters are before an offset of the source."""
        at = bisect_left(self._gaps, (offset, offset))
        ahead = max(0, self._gaps[at - 1][1] - offset) if at else 0
        return offset - self._passed[at] + ahead

    def back(self, found: _T) -> _T:
        """What was read in the seen text, with all its spans those of the source."""
        return found if self.whole else self._back(found)

    def _back(self, value: Any) -> Any:
        if isinstance(value, Span):
            return self._span(value)
        if isinstance(value, Stretch):
            return self._stretch(value)
        if isinstance(value, tuple):
            return tuple(self._back(one) for one in value)
        if isinstance(value, Mapping):
            return {key: self._back(one) for key, one in value.items()}
        if is_dataclass(value) and not isinstance(value, type):
            held = {f.name: self._back(getattr(value, f.name)) for f in fields(value) if f.init}
            return replace(value, **held)
        return value
