"""Identifiers that last: what got an IRI once keeps it, and nothing else ever gets it.

Each plan's folder has a register, identifiers.csv. When the text has changed, what is read now is
aligned with it: the same words in the same section first, then the same words anywhere, then
likeness within the section. Where only reading has changed, and not the text, the same place comes
before likeness. A line that a person changed in the register decides above all.
"""

import csv
import hashlib
import io
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from difflib import SequenceMatcher
from operator import attrgetter
from pathlib import Path

from kg.document.structure import Document
from kg.errors import PlanlinkError
from kg.extract.model import Extraction
from kg.files import only_writer, read_text, write_durably
from kg.link.corrections import Correction
from kg.link.identities import load_identities
from kg.link.model import NAMED
from kg.link.same_quantities import concept_of
from kg.rdf.iris import readable, reading_order
from kg.source.plan import Plan
from kg.source.text import Span

REGISTER = "identifiers.csv"
"""The register's name in a plan's folder."""
_LIKE = 0.75  # of shared characters in order, for a changed wording to be of the same entity
_PART = 0.4  # of a wording, for what it was split into to be the same entity
_LITTLE = 0.2  # of shared characters, for what stands at the same place to be the same entity
_NUMBERED = 1 / 3  # of shared characters, for a row of the same number to be the same one
_TELLING = 3  # characters in a row that tell of a sentence what became of it
_WORDED_HERE = ("achievement",)  # named by the reader alone; no person says which is which
_DECIDED = ("correction", "erratum", "identity")  # a person's entries: other words, another one
_ROW = re.compile(r"(?:t\d+\.)?\d+(?:-\d+)?")
_ENDS = "。；;.，,"
_BECOMES = " → "
_SOURCE = "source"
_MEND = "put it back from a backup; identifiers that are lost are given again"


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
    """Something read that is to be identified: its key in the extraction, the identifier that it
    gets where it is new and nothing has that, its wording, what it is in, and the other names
    that the plan uses for it."""

    key: str
    natural: str
    wording: str
    within: str = ""
    aliases: tuple[str, ...] = ()


@dataclass
class Register:
    """The register of a plan: its lines, and what they become as candidates are identified.

    identifiers: what has been identified so far.
    """

    lines: tuple[Registered, ...] = ()
    today: str = field(default_factory=lambda: date.today().isoformat())
    identifiers: dict[tuple[str, str], str] = field(default_factory=dict)
    _keys: dict[tuple[str, str], str] = field(default_factory=dict)
    _kept: list[Registered] = field(default_factory=list)
    _unchanged: bool = False

    def identify(
        self, kind: str, candidates: Iterable[Candidate], renamed: Mapping[str, str] | None = None
    ) -> None:
        """Give each candidate of a kind its identifier; registered lines of none are withdrawn.

        Args:
            candidates: all candidates of that kind, in the order in which new ones get identifiers.
            renamed: the names that a person gave, by the names before.
        """
        alike = kind not in (*NAMED, *_DECIDED)  # a like name is another name
        aligned = _Alignment([one for one in self.lines if one.kind == kind], list(candidates))
        if kind in NAMED:
            aligned.join_names()
        elif self._unchanged and kind in _WORDED_HERE:
            aligned.join_places()
        aligned.join(lambda one: (one.wording, one.within), self._unchanged)
        if kind == "indicator":
            aligned.join_rows()
        aligned.join(lambda one: one.wording, self._unchanged)
        for before, after in (renamed or {}).items():
            aligned.rename(before, after)
        if alike and self._unchanged:
            aligned.join_places()
        if alike:
            aligned.join_alike()
        taken = {one.identifier for one in self.lines if one.kind == kind}
        for candidate, line in aligned.candidates():
            identifier = line.identifier if line else _free(candidate.natural, taken)
            taken.add(identifier)
            self.identifiers[kind, candidate.key] = identifier
            self._keys[kind, identifier] = candidate.key
            since = line.since if line else self.today
            self._kept.append(
                Registered(kind, identifier, candidate.wording, candidate.within, since)
            )
        names = {
            name: self.identifiers[kind, candidate.key]
            for candidate, _ in aligned.candidates()
            for name in (*candidate.aliases, candidate.wording)
            if not alike
        }
        for line in aligned.lines:
            now = (renamed or {}).get(line.wording, line.wording)
            successor = names.get(now, line.successor)
            if kind == "measure" and not line.withdrawn and (into := aligned.taken_into(line)):
                successor = self.identifiers[kind, into.key]
            self._kept.append(
                replace(line, withdrawn=line.withdrawn or self.today, successor=successor)
            )

    def version(self, sha256: str) -> int:
        """The number of a version of the source text, by its digest; the first is 1. To be asked
        before anything is identified."""
        known = [one for one in self.lines if one.kind == _SOURCE]
        numbers = {one.wording: int(one.identifier) for one in known}
        number = numbers.setdefault(sha256, len(known) + 1)
        fresh = Registered(_SOURCE, str(number), sha256, since=self.today)
        self._unchanged = [one.wording for one in known] == [sha256]
        self._kept += known if number <= len(known) else [*known, fresh]
        return number

    def key(self, kind: str, identifier: str) -> str | None:
        """The key of what has an identifier now; None where nothing has."""
        return self._keys.get((kind, identifier))

    def written(self) -> str:
        """The register as it is to be kept (RFC 4180), a line for each identifier."""
        out = io.StringIO()
        names = [f.name for f in fields(Registered)]
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        ordered = sorted(self._kept, key=lambda one: (one.kind, reading_order(one.identifier)))
        writer.writerows(map(attrgetter(*names), ordered))
        return out.getvalue()

    def successors(self) -> dict[tuple[str, str], str]:
        """What took the place of what was withdrawn: identifiers by kind and former identifier."""
        return {
            (one.kind, one.identifier): one.successor
            for one in self._kept
            if one.withdrawn and one.successor
        }


class _Alignment:
    """Lines of the register and candidates, joined step by step."""

    def __init__(self, lines: list[Registered], candidates: list[Candidate]) -> None:
        # what is published comes before what was withdrawn, so that it keeps its words
        self.lines = sorted(lines, key=_published_first)
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
        self.lines.remove(line)

    def join(self, by: Callable[[Registered | Candidate], object], same_text: bool) -> None:
        """Join what is equal by a key, in reading order. Where the text is the same, or something
        came or went, what is where it was comes first: order would give it what its neighbour had.
        """
        if not self.lines:
            return
        lines: dict[object, list[Registered]] = defaultdict(list)
        for line in self.lines:
            lines[by(line)].append(line)
        candidates: dict[object, list[Candidate]] = defaultdict(list)
        for candidate in self._open():
            candidates[by(candidate)].append(candidate)
        for key, open_ in candidates.items():
            equal, left = lines[key], []
            published = sum(not line.withdrawn for line in equal)
            by_place = same_text or published != len(open_)
            placed = {line.identifier: line for line in equal} if by_place else {}
            for candidate in sorted(open_, key=lambda one: reading_order(one.natural)):
                if (there := placed.pop(candidate.natural, None)) is not None:
                    equal.remove(there)
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
        near = [(_shared(line.wording, c.wording), c) for c in self._candidates]
        told = [(share, c) for share, c in near if c.within == line.within and share >= _LIKE]
        return max(told, key=lambda pair: pair[0], default=(0.0, None))[1]

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
        published = [line for line in self.lines if not line.withdrawn]
        pairs = sorted(
            (-likeness, i, j)
            for i, line in enumerate(published)
            for j, candidate in enumerate(self._candidates)
            if candidate.key not in self._joined
            and line.within == candidate.within
            and (likeness := _likeness(line.wording, candidate.wording)) >= _LIKE
        )
        used: set[int] = set()
        for _, i, j in pairs:
            if i not in used and self._candidates[j].key not in self._joined:
                used.add(i)
                self._join(self._candidates[j], published[i])


def _published_first(line: Registered) -> tuple[bool, list[tuple[int, str]]]:
    """Sorts lines: what is published first, each in reading order."""
    return bool(line.withdrawn), reading_order(line.identifier)


def _sentence(identifier: str) -> str:
    """The sentence of what is numbered in it: 1.1.6 of 1.1.6-2."""
    return identifier.rpartition("-")[0]


def _by_sentence(identifiers: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for identifier in identifiers:
        found[_sentence(identifier)].add(identifier)
    return found


def _likeness(a: str, b: str) -> float:
    """The share of characters that two wordings have in common, in order; a good part of a
    sentence that was split, or joined with another, is like it."""
    shorter, longer = sorted((a.rstrip(_ENDS), b.rstrip(_ENDS)), key=len)
    if shorter and shorter in longer and len(shorter) >= _PART * len(longer):
        return max(_LIKE, len(shorter) / len(longer))
    matcher = SequenceMatcher(None, a, b, autojunk=False)
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


def _shared(a: str, b: str) -> float:
    """The share of the shorter of two sentences that stands in the other, in order."""
    a, b = a.rstrip(_ENDS), b.rstrip(_ENDS)
    blocks = SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks()
    shared = sum(block.size for block in blocks if block.size >= _TELLING)
    return shared / max(1, min(len(a), len(b)))


def _free(natural: str, taken: set[str]) -> str:
    """An identifier that nothing ever had: the natural one, or with a number behind it."""
    identifier, number = natural, 1
    while identifier in taken:
        number += 1
        identifier = f"{natural}-{number}"
    return identifier


def identify_structure(
    register: Register, document: Document, found: Extraction, renamed: Mapping[str, str]
) -> None:
    """Identify sections and goals, by which links are chosen; renamed as identify_rest has it."""
    headings = {section.number: section.heading for section in document.sections}
    register.identify(
        "section",
        [
            Candidate(s.number, s.number, s.heading, headings.get(s.parent or "", ""))
            for s in document.sections
        ],
    )
    register.identify(
        "goal",
        [
            Candidate(g.number, g.number, g.title, _section_of(register, document, g.span))
            for g in found.goals
        ],
        renamed,
    )


def identify_rest(
    register: Register, document: Document, found: Extraction, renamed: Mapping[str, str]
) -> None:
    """Identify what links join and values belong to.

    Args:
        register: the register, sections and goals identified.
        renamed: the names that a person gave to things, by the names before.
    """
    for kind, entities in (("zone", found.zones), ("institution", found.institutions)):
        register.identify(kind, named({e.name: e.aliases for e in entities}), renamed)
    register.identify(
        "measure",
        [
            Candidate(m.number, m.number, document.read(m.span).text, _within(register, m.section))
            for m in found.measures
        ],
    )
    register.identify(
        "achievement",
        [
            Candidate(a.number, a.number, a.what, _section_of(register, document, a.span))
            for a in found.achievements
        ],
    )
    register.identify("indicator", _indicators(register, document, found), renamed)
    for kind in ("baseline", "target"):
        register.identify(kind, _values(register, found, kind))
    for indicator in found.indicators:
        own = register.identifiers["indicator", indicator.key]
        register.identifiers["quantity", indicator.key] = own


def identify_decided(register: Register, plan: Plan, corrections: Iterable[Correction]) -> None:
    """Identify what a person wrote beside the text by what it says: places in files move.

    Args:
        register: the register.
        plan: the plan, with its errata; its folder has its identities.
        corrections: those that were carried out.
    """
    errata = ((f"{e.published}{_BECOMES}{e.correction}", str(e.span.start)) for e in plan.errata)
    identities = load_identities(plan.folder)
    for kind, entries in (
        ("correction", ((str(c.ordinal), _decision(c), "") for c in corrections)),
        ("erratum", ((str(n), *told) for n, told in enumerate(errata, 1))),
        ("identity", ((str(i.ordinal), f"{i.kind} {i.name}", i.source) for i in identities)),
    ):
        register.identify(
            kind,
            [
                Candidate(ordinal, ordinal, " ".join(wording.split()), within)
                for ordinal, wording, within in entries
            ],
        )


def _decision(one: Correction) -> str:
    """What was decided, without who, when and why."""
    about = (part for part in (one.action, one.kind, one.name, one.quote) if part)
    made = (part for part in (" ".join(about), one.to, one.type, one.title) if part)
    return _BECOMES.join(made)


def names_given(register: Register, corrections: Iterable[Correction]) -> dict[str, str]:
    """The names that a person gave, by the names before: those read, and those given by
    corrections that were published and have been changed or taken back since."""
    given = {one.name: one.to for one in corrections if one.action == "rename" and one.name}
    for line in register.lines:
        if line.kind == "correction" and line.wording.startswith("rename ") and not line.withdrawn:
            read, _, former = line.wording.split(" ", 2)[2].partition(_BECOMES)
            if (now := given.get(read, read)) != former:
                given.setdefault(former, now)
    return given


def named(names: Mapping[str, Collection[str]]) -> list[Candidate]:
    """Candidates by name with its other names, in a fixed order: of those that read alike in ASCII,
    the later one gets a number."""
    return [
        Candidate(name, readable(name), name, aliases=tuple(sorted(others)))
        for name, others in sorted(names.items())
    ]


def _within(register: Register, number: str | None) -> str:
    return register.identifiers["section", number] if number else ""


def _section_of(register: Register, document: Document, span: Span) -> str:
    return _within(register, document.section_at(span.start))


def _indicators(register: Register, document: Document, found: Extraction) -> list[Candidate]:
    """Rows of tables by their names and categories, those of running text by their sections."""
    return [
        Candidate(i.key, i.key, i.name, i.category or "")
        if i.number is not None
        else Candidate(i.key, i.key, i.name, _section_of(register, document, i.span))
        for i in found.indicators
    ]


def _values(register: Register, found: Extraction, kind: str) -> list[Candidate]:
    """Values by the indicator that they are of and their years: a target that is raised is the same
    target. Of several, those of a row are known by the row's identifier, others by their
    sentence's."""
    candidates = []
    for value in found.values:
        if value.kind.lower() != kind:
            continue
        own = register.identifiers["indicator", value.indicator]
        if value.sentence is None or value.key == value.indicator:
            natural = own + value.key.removeprefix(value.indicator)
        else:
            sentence = register.identifiers.get(("measure", value.sentence), value.sentence)
            natural = sentence + value.key.removeprefix(value.sentence)
        first, last = value.period
        candidates.append(Candidate(value.key, natural, f"{own} {first}-{last}", own))
    return candidates


def read_register(folder: Path) -> Register:
    """The register of a plan's folder; an empty one where nothing was published yet.

    Raises:
        PlanlinkError: the file is broken; the message names the line.
    """
    path = folder / REGISTER
    if not path.exists():
        return Register()
    text, mend = register_text(folder), _MEND
    names = [f.name for f in fields(Registered)]
    lines: list[Registered] = []
    reader = csv.DictReader(io.StringIO(text), strict=True)
    try:
        if reader.fieldnames != names:
            raise PlanlinkError(f"its first line is not {','.join(names)}", str(path), mend)
        for row in reader:
            if None in row or None in row.values():
                where = f"{path}, line {reader.line_num}"
                raise PlanlinkError(f"it has not {len(names)} fields", where, mend)
            lines.append(Registered(**row))
    except csv.Error as error:
        raise PlanlinkError(f"{error}", f"{path}, line {reader.line_num}", mend) from error
    lines = list(dict.fromkeys(lines))  # two registers merged have the same lines
    counts = Counter((one.kind, one.identifier) for one in lines)
    for (kind, identifier), count in counts.items():
        if count > 1:
            mend = "leave the line of what was published first; the other thing gets another one"
            raise PlanlinkError(f"{kind} {identifier} is there twice", str(path), mend)
    return Register(tuple(lines))


def register_text(folder: Path) -> str:
    """The register of a plan's folder as it is written; "" where nothing was published yet.

    Raises:
        PlanlinkError: it cannot be read.
    """
    path = folder / REGISTER
    return read_text(path, _MEND) if path.exists() else ""


def register_digest(folder: Path) -> str:
    """The SHA-256 of the register of a plan's folder; PlanlinkError as register_text."""
    return hashlib.sha256(register_text(folder).encode()).hexdigest()


def keep_register(folder: Path, read: str, written: str) -> None:
    """Write the register into a plan's folder, if it has changed.

    Args:
        read: the digest of the register as it was read.

    Raises:
        CannotWriteError: it cannot be written; what was there is unchanged.
        PlanlinkError: somebody else has changed it since it was read.
    """
    path = folder / REGISTER
    if register_text(folder) == written:
        return
    with only_writer(folder):
        if register_digest(folder) != read:
            raise PlanlinkError("it has changed since it was read", str(path), "publish again")
        write_durably(path, written.encode())
