"""Identifiers that last: what got an IRI once keeps it, and nothing else ever gets it.

Each plan's folder has a register, identifiers.csv. When the text has changed, what is read now is
aligned with it: the same words in the same section first, then the same words anywhere, then
likeness within the section. Where only reading has changed, and not the text, the same place comes
before likeness. A line that a person changed in the register decides above all.
"""

import csv
import hashlib
import io
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from operator import attrgetter
from pathlib import Path

from kg.errors import PlanlinkError
from kg.files import only_writer, read_text, write_durably
from kg.link.alignment import Alignment, Candidate, Registered
from kg.rdf.iris import NAMED, reading_order

REGISTER = "identifiers.csv"
"""The register's name in a plan's folder."""
_WORDED_HERE = ("achievement",)  # named by the reader alone; no person says which is which
_DECIDED = ("correction", "erratum", "identity")  # a person's entries: other words, another one
_SOURCE = "source"
_MEND = "put it back from a backup; identifiers that are lost are given again"


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

        candidates: all of that kind, in the order in which new ones get identifiers. renamed: the
        names that a person gave, by the names before.
        """
        aligned = self._aligned(kind, list(candidates), renamed or {})
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
            if not _may_vary(kind)
        }
        for line in aligned.lines:
            now = (renamed or {}).get(line.wording, line.wording)
            successor = names.get(now, line.successor)
            if kind == "measure" and not line.withdrawn and (into := aligned.taken_into(line)):
                successor = self.identifiers[kind, into.key]
            self._kept.append(
                replace(line, withdrawn=line.withdrawn or self.today, successor=successor)
            )

    def _aligned(
        self, kind: str, candidates: list[Candidate], renamed: Mapping[str, str]
    ) -> Alignment:
        """The lines of a kind and its candidates, joined."""
        aligned = Alignment([one for one in self.lines if one.kind == kind], candidates)
        if kind in NAMED:
            aligned.join_names()
        elif self._unchanged and kind in _WORDED_HERE:
            aligned.join_places()
        aligned.join(lambda one: (one.wording, one.within), self._unchanged)
        if kind == "indicator":
            aligned.join_rows()
        aligned.join(lambda one: one.wording, self._unchanged)
        for before, after in renamed.items():
            aligned.rename(before, after)
        if _may_vary(kind):
            self._join_varied(kind, aligned)
        return aligned

    def _join_varied(self, kind: str, aligned: Alignment) -> None:
        """Join what is worded anew: by place, by what is in it, by likeness."""
        if self._unchanged:
            aligned.join_places()
        if kind == "section":
            aligned.join_contents(self._wordings_by_section())
        aligned.join_alike()
        if kind == "goal":
            aligned.join_beginnings()

    def _wordings_by_section(self) -> dict[str, set[str]]:
        """The wordings of the sentences and headings in each section, by its identifier."""
        published = [line for line in self.lines if not line.withdrawn]
        headed = {line.wording: line.identifier for line in published if line.kind == "section"}
        held: dict[str, set[str]] = defaultdict(set)
        for line in published:
            if line.kind == "measure":
                held[line.within].add(line.wording)
            elif line.kind == "section" and line.within in headed:
                held[headed[line.within]].add(line.wording)
        return held

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


def _may_vary(kind: str) -> bool:
    """Whether a like wording may be of the same thing: a like name is another name."""
    return kind not in (*NAMED, *_DECIDED)


def _free(natural: str, taken: set[str]) -> str:
    """An identifier that nothing ever had: the natural one, or with a number behind it."""
    identifier, number = natural, 1
    while identifier in taken:
        number += 1
        identifier = f"{natural}-{number}"
    return identifier


def read_register(folder: Path) -> Register:
    """The register of a plan's folder, empty where nothing was published yet; PlanlinkError, which
    names the line, where it is broken."""
    path = folder / REGISTER
    return Register(_lines(register_text(folder), path) if path.exists() else ())


def restore_register(folder: Path, released: str) -> int:
    """Give a plan's folder the lines of a register, as it is written, that its own lacks: their
    identifiers would else be given again. Those that a person has given other identifiers are
    withdrawn for these. Returns how many it lacked.

    Raises PlanlinkError where the folder's own is broken, or cannot be written.
    """
    own, before = read_register(folder).lines, _lines(released, folder / REGISTER)
    known, there = ({(one.kind, one.identifier) for one in lines} for lines in (own, before))
    given = {
        (one.kind, one.wording, one.within): one.identifier
        for one in own
        if (one.kind, one.identifier) not in there
    }
    lost = []
    for one in before:
        if (one.kind, one.identifier) not in known:
            now = given.get((one.kind, one.wording, one.within), "")
            gone = one.withdrawn or (Register().today if now else "")
            lost.append(replace(one, withdrawn=gone, successor=one.successor or now))
    if lost:
        whole = Register(_kept=[*own, *lost]).written()
        keep_register(folder, register_digest(folder), whole)
    return len(lost)


def _lines(text: str, path: Path) -> tuple[Registered, ...]:
    """The lines of a register; PlanlinkError where it is broken."""
    mend = _MEND
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
            raise PlanlinkError.of("identifier_twice", path, kind, identifier)
    return tuple(lines)


def register_text(folder: Path) -> str:
    """The register of a plan's folder as it is written; "" where nothing was published yet,
    PlanlinkError where it cannot be read."""
    path = folder / REGISTER
    return read_text(path, _MEND) if path.exists() else ""


def register_digest(folder: Path) -> str:
    """The SHA-256 of the register of a plan's folder; PlanlinkError as register_text."""
    return hashlib.sha256(register_text(folder).encode()).hexdigest()


def keep_register(folder: Path, read: str, written: str) -> None:
    """Write the register into a plan's folder, if it has changed, over the one of the digest that
    was read: CannotWriteError where it cannot be written and stays as it was, PlanlinkError where
    somebody else has changed it."""
    path = folder / REGISTER
    if register_text(folder) == written:
        return
    with only_writer(folder):
        if register_digest(folder) != read:
            raise PlanlinkError.of("publication_changed", path)
        write_durably(path, written.encode())
