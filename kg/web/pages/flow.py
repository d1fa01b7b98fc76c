"""Words of the source as a page shows them: joined over line breaks, mended, and marked."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from markupsafe import Markup, escape

from kg.source.text import Erratum, Span, stretch
from kg.views.entity import Reference
from kg.views.reading import Mended, Place


@dataclass
class Mark:
    """A marked stretch of the source: something read from it, a sentence, or the page's own."""

    start: int
    end: int
    entities: tuple[Reference, ...]
    name: str = ""
    page: bool = False
    inner: list[Mark] = field(default_factory=list)


def nested(marks: Iterable[Mark], limit: int) -> list[Mark]:
    """Marks, what holds others first, as a tree: one that crosses another's edge is cut there."""
    roots: list[Mark] = []
    open_marks: list[Mark] = []
    for mark in marks:
        while open_marks and open_marks[-1].end <= mark.start:
            open_marks.pop()
        end = min(mark.end, open_marks[-1].end if open_marks else limit)
        fresh = Mark(mark.start, end, mark.entities, mark.name, mark.page)
        (open_marks[-1].inner if open_marks else roots).append(fresh)
        open_marks.append(fresh)
    return roots


class Flow:
    """The words of a block of the source; html makes the HTML of a mark."""

    def __init__(
        self,
        source: str,
        place: Place,
        mended: Sequence[Mended],
        html: Callable[[Mark, Markup, bool], Markup] | None = None,
    ) -> None:
        self.mended, self._html = mended, html or (lambda mark, inner, linked: inner)
        errata = [
            Erratum(Span(*m.place), source[m.place[0] : m.place[1]], m.words, "")
            for m in sorted(mended, key=lambda m: m.place)
        ]
        self._read = stretch(source, Span(*place), errata)
        self._added = frozenset(m.place for m in mended if m.words.strip())

    def plain(self) -> str:
        """The words on one line."""
        return self._read.text.strip()

    def locate(self, words: str) -> Place | None:
        """The place of words that are in the block as they are read; None where they do not."""
        at = self._read.text.find(words)
        if not words or at < 0:
            return None
        found = self._read.locate(at, at + len(words))
        return found.start, found.end

    def render(self, place: Place, marks: Iterable[Mark]) -> Markup:
        """The HTML of a place in the block, with marks that lie inside one another, and behind all
        of them what is missing at the block's end."""
        read, last = self._read, len(self._read.text)
        missing = bisect_left(read.starts, read.span.end) if place[1] == read.span.end else last
        return self._marked(place, marks) + self._shown(missing, last)

    def _marked(self, place: Place, marks: Iterable[Mark]) -> Markup:
        html, at = Markup(""), place[0]
        for mark in marks:
            inner = self._marked((mark.start, mark.end), mark.inner)
            linked = not any(one.entities or one.name for one in mark.inner)
            html += self._between(at, mark.start) + self._html(mark, inner, linked)
            at = mark.end
        return html + self._between(at, place[1])

    def _between(self, start: int, end: int) -> Markup:
        starts = self._read.starts
        return self._shown(bisect_left(starts, start), bisect_left(starts, end))

    def _shown(self, position: int, last: int) -> Markup:
        """The words from one position to another, those added marked so."""
        html, read = Markup(""), self._read
        if not self._added:
            return escape(read.text[position:last])
        for added, run in groupby(range(position, last), self._is_added):
            words = escape("".join(read.text[i] for i in run))
            html += Markup("<ins>{}</ins>").format(words) if added else words
        return html

    def _is_added(self, position: int) -> bool:
        return (self._read.starts[position], self._read.ends[position]) in self._added
