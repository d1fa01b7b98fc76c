"""Which line of a register is which of the things read now: by the same words, by place, by
likeness."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import chain

from kg.lexicon import grouped
from kg.link.same_quantities import concept_of
from kg.link.themes import theme
from kg.rdf.iris import readable, reading_order

_LIKE = 0.75  # of shared characters in order, for a changed wording to be of the same entity
_PART = 0.4  # of a wording, for what it was split into to be the same entity
_LITTLE = 0.2  # of shared characters, for what stands at the same place to be the same entity
_NUMBERED = 1 / 3  # of shared characters, for a row of the same number to be the same one
_MOST = 0.51  # of what two sections hold, for them to be the same one
_WORD = 2  # characters of the word that a goal begins with
_TELLING = 3  # characters in a row that tell of a sentence what became of it
_ROW = re.compile(r"(?:t\d+\.)?\d+(?:-\d+)?")
_ENDS = "。；;.，,"


@dataclass(frozen=True)
class Registered:
    """A line of the register.

    kind, identifier: what its IRI ends in. wording: the words that it was published with.
    within: the identifier of the section that it is in, or of what it belongs to; "" for what
        belongs to the whole plan.
    since, withdrawn: dates (ISO); withdrawn is "" while it is published.
    successor: the identifier of what took its place; "" where nothing did.
    """

    kind: str
    identifier: str
    wording: str
    within: str = ""
    since: str = ""
    withdrawn: str = ""
    successor: str = ""


@dataclass(frozen=True)
class Candidate:
    """Something read that is to be identified: its key in the extraction, the identifier given to
    it ("" for what its key reads as), its wording, what it is in, the other names that the plan
    uses for it, the wordings of what is in it, and whether a like wording is one of it."""

    key: str
    given: str
    wording: str
    within: str = ""
    aliases: tuple[str, ...] = ()
    holds: frozenset[str] = frozenset()
    may_vary: bool = True

    @cached_property
    def natural(self) -> str:
        """The identifier that it gets where it is new and nothing has that: few names are new where
        a plan is read again, and what they read as takes a dictionary."""
        return self.given or readable(self.key)


class Alignment:
    """Lines of the register and candidates, joined step by step."""

    def __init__(self, lines: list[Registered], candidates: list[Candidate]) -> None:
        # what is published comes before what was withdrawn, so that it keeps its words
        self.lines = dict.fromkeys(
            sorted(lines, key=lambda one: (bool(one.withdrawn), reading_order(one.identifier)))
        )
        self._candidates = candidates
        self._joined: dict[str, Registered] = {}

    def candidates(self) -> Iterator[tuple[Candidate, Registered | None]]:
        """The candidates in their order, each with its line."""
        for candidate in self._candidates:
            yield candidate, self._joined.get(candidate.key)

    def _open(self) -> list[Candidate]:
        return [candidate for candidate in self._candidates if candidate.key not in self._joined]

    def _join(self, candidate: Candidate, line: Registered) -> None:
        self._joined[candidate.key] = line
        del self.lines[line]

    def join(self, by: Callable[[Registered | Candidate], object], same_text: bool) -> None:
        """Join what is equal by a key, in reading order. Where the text is the same, or something
        came or went, what is where it was comes first: order would give it what its neighbour had.
        """
        if not self.lines:
            return
        lines = grouped((by(line), line) for line in self.lines)
        candidates = grouped((by(candidate), candidate) for candidate in self._open())
        for key, open_ in candidates.items():
            equal, left = dict.fromkeys(lines[key]), []
            published = sum(not line.withdrawn for line in equal)
            by_place = same_text or published != len(open_)
            placed = {line.identifier: line for line in equal} if by_place else {}
            for candidate in sorted(open_, key=lambda one: reading_order(one.natural)):
                if (there := placed.pop(candidate.natural, None)) is not None:
                    del equal[there]
                    self._join(candidate, there)
                else:
                    left.append(candidate)
            for candidate, line in zip(left, equal, strict=False):
                self._join(candidate, line)

    def join_names(self) -> None:
        """Join published names: each candidate by its own name first, then by another of its names.
        A name that was withdrawn would else take the candidate to another IRI."""
        published = {line.wording: line for line in self.lines if not line.withdrawn}
        for own in (True, False):
            for candidate in self._open():
                for name in (candidate.wording,) if own else candidate.aliases:
                    if (line := published.pop(name, None)) is not None:
                        self._join(candidate, line)
                        break

    def rename(self, before: str, after: str) -> None:
        """Join a candidate to the line that has its name before, unless the new name has a line."""
        line = next((one for one in self.lines if one.wording == before), None)
        candidate = next((one for one in self._open() if one.wording == after), None)
        if line is not None and candidate is not None:
            self._join(candidate, line)

    def join_rows(self) -> None:
        """Join rows of tables that are worded anew by their numbers, unless the words are those of
        another quantity. Where rows came, went or changed places, numbers tell nothing."""
        rows = [one for one in self._candidates if _ROW.fullmatch(one.natural)]
        lines = {line.identifier: line for line in self.lines if not line.withdrawn}
        for row in rows:
            line = self._joined.get(row.key) or lines.get(row.natural)
            if line is None or line.identifier != row.natural or line.withdrawn:
                return
        for row in rows:
            if row.key not in self._joined and _same_row(lines[row.natural], row):
                self._join(row, lines[row.natural])

    def taken_into(self, line: Registered) -> Candidate | None:
        """What of its section has the words of a sentence that was joined with it, or that were
        parted from it."""
        telling = (self._telling.get((line.within, part), ()) for part in _parts(line.wording))
        near = Counter(chain.from_iterable(telling))
        shares = (
            (_shared(line.wording, self._candidates[place].wording, parts), -place)
            for place, parts in near.items()
        )
        share, place = max(shares, default=(0.0, 0))
        return self._candidates[-place] if share >= _LIKE else None

    @cached_property
    def _telling(self) -> dict[tuple[str, str], list[int]]:
        """The candidates' places by their section and what tells of them."""
        return grouped(
            ((candidate.within, part), place)
            for place, candidate in enumerate(self._candidates)
            for part in set(_parts(candidate.wording))
        )

    def join_places(self) -> None:
        """Join what has the identifier that its place gives it, and words a little like those: the
        same number or sentence under another name. In a sentence of which more or fewer numbers
        are read than before, places tell nothing."""
        published = {line.identifier: line for line in self.lines if not line.withdrawn}
        before, now = _by_sentence(published), _by_sentence(c.natural for c in self._candidates)
        for candidate in self._open():
            sentence, line = _sentence(candidate.natural), published.get(candidate.natural)
            if line is None or line.within != candidate.within or before[sentence] != now[sentence]:
                continue
            matcher = SequenceMatcher(None, line.wording, candidate.wording, autojunk=False)
            if matcher.ratio() >= _LITTLE:
                self._join(candidate, line)

    def join_alike(self) -> None:
        """Join what is in the same section and is like enough, the most alike first."""
        sections = {line.within for line in self.lines if not line.withdrawn}
        near: dict[str, list[tuple[int, Candidate, SequenceMatcher[str]]]] = defaultdict(list)
        for place, one in enumerate(self._candidates):
            if one.within in sections and one.may_vary and one.key not in self._joined:
                matcher = SequenceMatcher(None, "", one.wording, autojunk=False)
                near[one.within].append((place, one, matcher))

        def likeness(line: Registered) -> Iterator[tuple[int, float]]:
            for place, one, matcher in near[line.within]:
                yield place, _likeness(line.wording, one.wording, matcher)

        self._join_best(likeness, _LIKE)

    def join_contents(self, held: Mapping[str, Set[str]]) -> None:
        """Join what holds more of the same than of other things: a heading that is worded anew
        heads the same sentences and sections. held: the wordings of what each line had in it, by
        its identifier."""

        def shares(line: Registered) -> Iterator[tuple[int, float]]:
            if before := held.get(line.identifier):
                for place, one in enumerate(self._candidates):
                    yield place, len(before & one.holds) / max(len(before), len(one.holds))

        self._join_best(shares, _MOST)

    def join_beginnings(self) -> None:
        """Join what is left of a section with what is left there now, begins with the same word and
        is of the same theme, the only one of each: it is worded anew, and may stand elsewhere."""

        def begins(one: Registered | Candidate) -> tuple[str, str, str | None]:
            return one.within, one.wording[:_WORD], theme(one.wording, "")

        published = [line for line in self.lines if not line.withdrawn]
        before, now = Counter(map(begins, published)), Counter(map(begins, self._open()))
        lines = {begins(line): line for line in published}
        for candidate in self._open():
            word = begins(candidate)
            if before[word] == now[word] == 1:
                self._join(candidate, lines[word])

    def _join_best(
        self, likeness: Callable[[Registered], Iterable[tuple[int, float]]], least: float
    ) -> None:
        """Join published lines and candidates that are that much alike, the most alike first; a
        line's likeness gives the places of candidates that may be like it, and how much they are.
        """
        published = [line for line in self.lines if not line.withdrawn]
        pairs = sorted(
            (-alike, i, j)
            for i, line in enumerate(published)
            for j, alike in likeness(line)
            if alike >= least and self._candidates[j].key not in self._joined
        )
        used: set[int] = set()
        for _, i, j in pairs:
            if i not in used and self._candidates[j].key not in self._joined:
                used.add(i)
                self._join(self._candidates[j], published[i])


def _sentence(identifier: str) -> str:
    """The sentence of what is numbered in it: 1.1.6 of 1.1.6-2."""
    return identifier.rpartition("-")[0]


def _by_sentence(identifiers: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for identifier in identifiers:
        found[_sentence(identifier)].add(identifier)
    return found


def _likeness(a: str, b: str, matcher: SequenceMatcher[str]) -> float:
    """The share of characters that two wordings have in common, in order; a good part of a
    sentence that was split, or joined with another, is like it, most of all what it begins with,
    by which it is called. The matcher has looked through b, once for many of a."""
    shorter, longer = sorted((a.rstrip(_ENDS), b.rstrip(_ENDS)), key=len)
    if shorter and longer.startswith(shorter) and longer[len(shorter) :][:1] in _ENDS:
        return 1.0
    if shorter and shorter in longer and len(shorter) >= _PART * len(longer):
        return max(_LIKE, len(shorter) / len(longer))
    matcher.set_seq1(a)
    if matcher.real_quick_ratio() < _LIKE or matcher.quick_ratio() < _LIKE:
        return 0.0
    return matcher.ratio()


def _same_row(line: Registered, row: Candidate) -> bool:
    """Whether a row of the same number is worded as the same quantity may be."""
    before, now = concept_of(line.wording), concept_of(row.wording)
    if before and now:
        return before == now
    matcher = SequenceMatcher(None, line.wording, row.wording, autojunk=False)
    return line.within == row.within and matcher.ratio() >= _NUMBERED


def _parts(wording: str) -> list[str]:
    return [wording[i : i + _TELLING] for i in range(len(wording) - _TELLING + 1)]


def _shared(a: str, b: str, parts: int) -> float:
    """The share of the shorter of two sentences that stands in the other, in order; 0 where they
    have fewer parts in common than likeness takes."""
    a, b = a.rstrip(_ENDS), b.rstrip(_ENDS)
    if _TELLING * parts < _LIKE * min(len(a), len(b)):
        return 0.0
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    shared = sum(block.size for block in blocks if block.size >= _TELLING)
    return shared / max(1, min(len(a), len(b)))
