"""Candidates -> headings: which numbers count on, and at which level each stands."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import takewhile

from kg.document.headings import Candidate
from kg.document.numbering import LOOSE, MARKED, Numbered, strong, styles
from kg.lexicon import lexicon
from kg.source.findings import Finding
from kg.source.text import shortened

_APPENDIX = "appendix"
_ALONE = ("preface", "closing", "notes", _APPENDIX)  # are beside the chapters
_SHOWN = 40  # characters of a heading, in what is said of it
_WORDS = 2  # letters that the wording of a heading begins with at least


@dataclass(frozen=True)
class Heading:
    """A heading in its place.

    parent: the index of the heading it is under, None at the top.
    """

    candidate: Candidate
    parent: int | None


@dataclass(frozen=True)
class _Level(Numbered):
    heading: int | None  # None for a list whose entries are running text


@dataclass
class Hierarchy:
    """The headings kept so far, in reading order; repeated: running heads; findings: what was not
    understood; outermost: the style of the widest units, which nothing holds."""

    outermost: str
    headings: list[Heading] = field(default_factory=list)
    repeated: list[Candidate] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    _open: list[_Level] = field(default_factory=list)
    _last: dict[tuple[str, int], int] = field(default_factory=dict)

    def take(self, candidate: Candidate) -> None:
        """Give a candidate its place, or leave it to the running text."""
        if candidate.style == MARKED:
            self._place(self._depth(candidate), candidate)
            return
        if candidate.style in strong() or candidate.style in (*_ALONE, "box"):
            if candidate.heading:
                self._take_strong(candidate)
            elif candidate.style in strong():
                self._say("heading-not-understood", candidate)
            return
        level = self._level_for(candidate)
        if level is None:
            if self._would_be_heading(candidate):
                self._say("heading-not-understood", candidate)
            return
        before = self._open[level] if level < len(self._open) else None
        own = candidate.style, candidate.path[:-1]
        beside = before is not None and (before.style, before.path[:-1]) == own
        counted = before.number if before is not None and beside else None
        listed = before is not None and before.heading is None and candidate.style in LOOSE
        if not candidate.heading or listed or (candidate.style in LOOSE and self._explains()):
            self._list(level, candidate)
            return
        self._count(candidate, counted)
        self._place(level, candidate)

    def _would_be_heading(self, candidate: Candidate) -> bool:
        """Whether a candidate lacks but the number; in boxes tables are numbered too."""
        boxed = any(o.style == "box" for o in self._open)
        whole = candidate.heading and candidate.rest is None
        return whole and not boxed and candidate.wording[:_WORDS].isalpha()

    def _take_strong(self, candidate: Candidate) -> None:
        same = next((o for o in self._open if o.style == candidate.style), None)
        if same is not None and same.heading is not None and candidate.style in strong():
            before = self.headings[same.heading].candidate
            if before.path == candidate.path and _plain(before) == _plain(candidate):
                self.repeated.append(candidate)
                return
            self._count(candidate, same.number)
        elif candidate.style in strong():
            self._count(candidate, None)
        self._place(self._rank(candidate), candidate)

    def _rank(self, candidate: Candidate) -> int:
        """How many open levels hold a strong heading: the strong ones outside it."""
        if candidate.style in _ALONE:
            return 0
        if candidate.style == "box":
            return next(
                (k for k, o in enumerate(self._open) if o.style == "box" or o.heading is None),
                len(self._open),
            )
        order = [name for name, _ in styles() if name in strong()]
        outer = order[: order.index(candidate.style)]
        return next((k for k, o in enumerate(self._open) if o.style not in outer), len(self._open))

    def _depth(self, candidate: Candidate) -> int:
        """How many open levels hold a heading that only the file marks: those less deep."""
        held = (o.heading is not None and self.headings[o.heading] for o in self._open)
        levels = (one.candidate.level if one else 0 for one in held)
        deep = (k for k, level in enumerate(levels) if not 0 < level < candidate.level)
        return next(deep, len(self._open))

    def _level_for(self, candidate: Candidate) -> int | None:
        """The open level of a counted candidate; None where its number fits nowhere."""
        if candidate.style == "decimal":
            return self._decimal_level(candidate)
        same = [k for k, o in enumerate(self._open) if o.style == candidate.style]
        for k in reversed(same):
            if self._open[k].number + 1 == candidate.number:
                return k
        box = next((k for k, o in enumerate(self._open) if o.style == "box"), -1)
        inside = [
            k for k in same if k > box and (candidate.heading or self._open[k].heading is None)
        ]
        if candidate.number == 1:
            widest = candidate.style == self.outermost
            outside = [o for o in self._open if not (widest and o.style == "preface")]
            return inside[-1] if inside else len(outside)
        if not candidate.heading:
            return None
        if not same and self._last.get(_kind(candidate), 0) + 1 == candidate.number:
            return len(self._open)
        found = self._jump(candidate, same)
        return self._misnumbered(candidate, same) if found is None else found

    def _jump(self, candidate: Candidate, same: list[int]) -> int | None:
        """The level of a heading before which others are missing."""
        ahead = lexicon("headings")["limits"]["ahead"]
        for k in reversed(same):
            if self._open[k].heading is not None and (
                0 < candidate.number - self._open[k].number <= ahead
            ):
                return k
        last = self._last.get(_kind(candidate))
        if not same and last is not None and 0 < candidate.number - last <= ahead:
            return len(self._open)
        first = last is None and candidate.style == "enumerated" and not self._open
        return 0 if first else None

    def _misnumbered(self, candidate: Candidate, same: list[int]) -> int | None:
        """The level of a heading on a line of its own, as those beside it are, whose number has
        been before."""
        if candidate.style in LOOSE or not self._would_be_heading(candidate):
            return None
        for k in reversed(same):
            heading = self._open[k].heading
            before = self.headings[heading].candidate if heading is not None else None
            if before is not None and before.rest is None and _plain(before) != _plain(candidate):
                return k
        return None

    def _decimal_level(self, candidate: Candidate) -> int | None:
        """Where 2.3.1 stands: behind 2.3.0, under 2.3, or under section 3 of chapter 2."""
        outer, ahead = candidate.path[:-1], lexicon("headings")["limits"]["ahead"]
        for k in range(len(self._open) - 1, -1, -1):
            level = self._open[k]
            if level.style == "decimal" and level.path[:-1] == outer:
                return k if 0 < candidate.number - level.number <= ahead else None
            counted = tuple(o.number for o in self._open[: k + 1])
            under = level.path if level.style == "decimal" else counted[-len(outer) :]
            if outer and under == outer and level.style != "box":
                return k + 1 if candidate.number <= ahead else None
        if not outer:
            counts_on = candidate.number in (1, self._last.get(_kind(candidate), 0) + 1)
            inside = (k for k, o in enumerate(self._open) if o.style not in strong())
            return next(inside, len(self._open)) if counts_on else None
        alone = all(level.style in ("decimal", *_ALONE) for level in self._open)
        return 0 if alone and candidate.number == 1 and len(outer) == 1 else None

    def _explains(self) -> bool:
        """Whether an open heading announces explanations of words."""
        cue = lexicon("headings")["notes"]["heading"]
        headings = (self.headings[o.heading] for o in self._open if o.heading is not None)
        return any(re.search(cue, h.candidate.wording) for h in headings)

    def _count(self, candidate: Candidate, before: int | None) -> None:
        """Say where a number does not follow the one before it."""
        expected = {1, self._last.get(_kind(candidate), 0) + 1}
        if before is not None:
            expected = {before + 1}
        if candidate.number not in expected:
            self._say("heading-out-of-sequence", candidate)

    def _place(self, level: int, candidate: Candidate) -> None:
        inside_box = any(o.style == "box" for o in self._open[:level])
        del self._open[level:]
        parent = next((o.heading for o in reversed(self._open) if o.heading is not None), None)
        self.headings.append(Heading(candidate, parent))
        self._open.append(
            _Level(candidate.style, candidate.path, candidate.wording, len(self.headings) - 1)
        )
        if candidate.style in _ALONE:
            self._last.clear()
        elif not inside_box:
            self._last[_kind(candidate)] = candidate.number

    def _list(self, level: int, candidate: Candidate) -> None:
        """Count an entry that is running text, so that the next is known by its number."""
        heading = self._open[level].heading if level < len(self._open) else None
        del self._open[level:]
        self._open.append(_Level(candidate.style, candidate.path, candidate.wording, heading))

    def _say(self, kind: str, candidate: Candidate) -> None:
        values = {"number": str(candidate.number), "heading": shortened(candidate.wording, _SHOWN)}
        self.findings.append(Finding(kind, candidate.span, values))


def nest(candidates: Iterable[Candidate]) -> Hierarchy:
    """Keep the candidates whose numbers fit, each under its parent; what is attached to the letter
    above the plan, and ahead of all its headings, is the plan."""
    known = list(candidates)
    decimal = "decimal"  # stands under the number that it begins with
    order = [n for n, pattern in styles() if "number" in pattern.groupindex and n != decimal]
    styled = (c.style for c in known if c.heading and c.style in order)
    found = Hierarchy(min(styled, key=order.index, default=""))
    headings = (c for c in known if c.heading)
    ahead = [*takewhile(lambda c: c.style in ("preface", _APPENDIX), headings)]
    for candidate in known:
        is_plan = found.outermost and candidate.style == _APPENDIX and candidate in ahead
        if not is_plan:
            found.take(candidate)
    return found


def _kind(candidate: Candidate) -> tuple[str, int]:
    """What counts together: a style, and how many components its numbers have."""
    return candidate.style, len(candidate.path)


def _plain(candidate: Candidate) -> str:
    return re.sub(r"\W", "", candidate.wording)
