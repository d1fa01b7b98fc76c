"""Contents lists: which lines only announce headings that stand elsewhere."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Sequence
from itertools import accumulate

from kg.document.lines import FURNITURE, Page
from kg.document.numbering import Numbered, numbered, strong
from kg.document.tables import Line
from kg.lexicon import lexicon, pattern
from kg.source.text import Erratum, Span

CONTENTS = "contents list"  # the reason why its lines are passed over
_TAIL = 20  # characters at the end of a line that show a page number and what leads to it
_LONGEST = 200  # characters of an entry, its dots included
_LED = "0123456789 \t.…·()[]—–-"
_SAME = 6  # characters by which an entry and its heading are taken to be the same
_ENTRIES = 3  # entries that make a list where no title says that it is one
_BODY = 40  # characters of a line that ends a sentence and is no entry
_KNOWN = 0.6  # share of a list's entries whose headings are found again

_INNER = ("bracketed", "item", "paren", "box")  # styles that no contents list begins with

_Key = tuple[str, tuple[int, ...], str]


def contents_lines(lines: Sequence[Line]) -> frozenset[int]:
    """The indices of the lines of contents lists: titles, entries, and what continues them."""
    return _Contents(lines).found()


def without_pages_behind(lines: Sequence[Line]) -> Page:
    """The lines, headings without the number of the page that a wide gap parts from them."""
    kept, passed = list(lines), []
    for i, line in enumerate(lines):
        number = numbered(line.text)
        if number is None or number.style not in strong() or not (gap := _page_behind(line)):
            continue
        start, end = line.span.start + gap.start(), line.span.end
        kept[i] = Line(Span(line.span.start, start), line.text[: gap.start()])
        passed.append(Erratum(Span(start, end), gap.group(), "", FURNITURE))
    return Page(tuple(kept), tuple(passed))


def _page_behind(line: Line) -> re.Match[str] | None:
    """The gap and the number that a line ends with."""
    return re.search(r"(?:\s{2,}|\t)\d{1,4}$", line.text)


class _Contents:
    """Looks for runs of entries without text between them whose headings come again."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._title, self._leader, self._attachments, self._glued = (
            pattern("headings", "contents", key)
            for key in ("heading", "leader", "attachments", "glued")
        )
        self._lines = lines
        self._numbered = [numbered(line.text) for line in lines]
        self._leads = [bool(self._leader.search(line.text[-_TAIL:])) for line in lines]
        self._places: dict[_Key, list[int]] = defaultdict(list)
        self._texts: dict[str, int] = {}
        for i, number in enumerate(self._numbered):
            if number is not None:
                self._places[self._key(number)].append(i)
            self._texts[self._plain(lines[i].text)] = i
        self._body = self._next_body()
        places = range(len(lines))
        # running sums, so that a list's entries are counted without going through them
        self._entries = [0, *accumulate(self._numbered[j] is not None for j in places)]
        self._known = [
            0,
            *accumulate(
                self._numbered[j] is not None
                and (self._leads[j] or self._repeated_at(j) is not None)
                for j in places
            ),
        ]

    def found(self) -> frozenset[int]:
        """The lines of all contents lists."""
        taken: set[int] = set()
        i = 0
        while i < len(self._lines):
            end = self._attached(i) or self._list_from(i)
            if end is None:
                if self._title.match(self._lines[i].text) or self._entry(i):
                    taken.add(i)
                i += 1
            else:
                taken.update(range(i, end))
                i = end
        return frozenset(taken)

    def _attached(self, i: int) -> int | None:
        """Where a list of what is attached ends, if one begins at a line."""
        if not self._attachments.match(self._lines[i].text):
            return None
        count, j = 2, i + 1
        while j < len(self._lines) and (number := self._numbered[j]) and number.path == (count,):
            count, j = count + 1, j + 1
        return j

    def _entry(self, i: int) -> bool:
        """Whether a line by itself is an entry: numbered, and led to a page number; no heading that
        a number is beside, which comes once and has no such line next to it."""
        number = self._numbered[i]
        if number is None or not self._leads[i]:
            return False
        once = number.style in strong() and len(self._places[self._key(number)]) == 1
        beside = (j for j in (i - 1, i + 1) if 0 <= j < len(self._lines))
        listed = any(self._numbered[j] and self._leads[j] for j in beside)
        return listed or not once or _page_behind(self._lines[i]) is None

    def _list_from(self, i: int) -> int | None:
        """Where the list that begins at a line ends; None where none begins."""
        titled = bool(self._title.match(self._lines[i].text))
        if not titled and not self._may_begin(i):
            return None
        body = self._body[i]
        first = next((j for j in range(i, min(body, i + 6)) if self._numbered[j]), None)
        if first is None:
            return self._unnumbered(i, body) if titled else None
        again = self._repeated_at(first)
        end = body if again is None else min(body, again)
        entries = self._entries[end] - self._entries[i]
        known = self._known[end] - self._known[i]
        if entries < (1 if titled else _ENTRIES) or known < _KNOWN * entries:
            return None
        if again is not None and again <= body:
            return again
        return self._last_entry(i, end) + 1

    def _may_begin(self, i: int) -> bool:
        """Whether a line can be an untitled list's first: a chapter's heading that comes again."""
        number = self._numbered[i]
        return (
            number is not None and number.style not in _INNER and self._repeated_at(i) is not None
        )

    def _last_entry(self, i: int, end: int) -> int:
        """The last line before a text that can only be an entry of a contents list."""
        for j in range(end - 1, i, -1):
            if self._leads[j] or self._announces(j):
                return j
        return i

    def _announces(self, i: int) -> bool:
        if self._numbered[i] is not None:
            return self._repeated_at(i) is not None
        return self._texts[self._plain(self._lines[i].text)] > i

    def _unnumbered(self, i: int, body: int) -> int | None:
        """The end of a list without a number: its lines lead to pages or come again."""
        j = i + 1
        while j < body and (self._leads[j] or self._announces(j)):
            j += 1
        return j if j > i + 1 else None

    def _repeated_at(self, i: int) -> int | None:
        """The first later line with the same number and the same words."""
        number = self._numbered[i]
        return None if number is None else _first_behind(self._places[self._key(number)], i)

    def _key(self, number: Numbered) -> _Key:
        own = self._glued.split(number.wording, 1)[0]  # of entries that a line runs together
        return number.style, number.path, self._plain(own)[:_SAME]

    def _plain(self, text: str) -> str:
        """An entry's words alone; "" for a line that is too long to be one."""
        if len(text) > _LONGEST:
            return ""
        return re.sub(r"\W", "", text.rstrip(_LED))

    def _is_glued(self, text: str) -> bool:
        """Whether a line runs entries together."""
        fewest: int = lexicon("headings")["contents"]["fewest"]
        return len(self._glued.findall(text)) >= fewest

    def _next_body(self) -> list[int]:
        """For each line the first line from it on that is text: it ends a sentence, or is long."""
        longest = lexicon("headings")["limits"]["longest"]
        following = [len(self._lines)] * (len(self._lines) + 1)
        for i in range(len(self._lines) - 1, -1, -1):
            text = self._lines[i].text
            led = self._leads[i] or ("。" not in text and self._is_glued(text))
            body = not led and (
                (text[-1] in "。;" and len(text) > _BODY) or len(text) > 2 * longest or "。" in text
            )
            following[i] = i if body else following[i + 1]
        return following


def _first_behind(places: list[int], i: int) -> int | None:
    """The first of the places, which are in order, behind i."""
    at = bisect_right(places, i)
    return places[at] if at < len(places) else None
