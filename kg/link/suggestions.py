"""suggestions.toml: what a language model suggests about a reading, until a person decides.

Nothing in it changes what is read. What a person accepts becomes a correction, and is accepted for
as long as that stands; what was rejected stays in the file, so that it is not suggested again.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from itertools import product
from pathlib import Path
from typing import Any

from kg.document.structure import Document
from kg.errors import PlanlinkError
from kg.files import only_writer, read_toml, write_durably
from kg.link.corrections import as_toml, keys_of, load_corrections, record
from kg.rdf.iris import NAMED
from kg.source.plan import entries
from kg.source.text import Span

FILE = "suggestions.toml"
_SUGGESTED = {*product(("add", "reject", "rename"), NAMED)}
_SUGGESTED |= {("add", "target"), ("drop", "target")}
_DECISIONS = ("", "accepted", "rejected")


@dataclass(frozen=True)
class Suggestion:
    """A correction that is suggested.

    action, kind, name, to, type, quote: those of the correction that it would become. sentence: the
    sentence that it is about, as read. origin: who suggests it. decision: "" until a person says
    "accepted", by a correction that asks the same, or "rejected". ordinal: its number in the file,
    from 1.
    """

    action: str
    kind: str
    sentence: str
    origin: str
    name: str = ""
    to: str = ""
    type: str = ""
    quote: str = ""
    decision: str = ""
    ordinal: int = 0

    @property
    def asks(self) -> tuple[str, ...]:
        """The fields by which two suggestions are the same."""
        return self.action, self.kind, self.name, self.to, self.quote

    @property
    def about(self) -> str:
        """The names and words that it is about, for a list."""
        parts = (self.name, self.quote if self.kind == "target" else "", self.to)
        return " → ".join(part for part in parts if part)

    def place(self, document: Document) -> Span | None:
        """Where its words are in the text, None where the text has its sentence no more."""
        words = self.quote or self.name
        for sentence in document.sentences:
            if sentence.text == self.sentence:
                at = sentence.text.find(words)
                return sentence.read.locate(at, at + len(words)) if at >= 0 else sentence.span
        return None


_WRITTEN = tuple(field.name for field in fields(Suggestion) if field.name != "ordinal")


def load_suggestions(folder: Path) -> tuple[Suggestion, ...]:
    """The suggestions of a plan's folder, in order, decided ones as well; PlanlinkError where this
    file or that of corrections is broken, or a suggestion says what none can."""
    made = {(c.action, c.kind, c.name, c.to, c.quote) for c in load_corrections(folder)}
    return tuple(
        replace(one, decision="accepted") if one.asks in made else one for one in _written(folder)
    )


def _written(folder: Path) -> tuple[Suggestion, ...]:
    """The suggestions as they stand in the file."""
    path = folder / FILE
    if not path.exists():
        return ()
    found = entries(read_toml(path), "suggestion", path, _WRITTEN)
    return tuple(_read(entry, i, path) for i, entry in enumerate(found, 1))


def _read(entry: dict[str, Any], ordinal: int, path: Path) -> Suggestion:
    right = entry.get("decision", "") in _DECISIONS
    asked = (entry.get("action", ""), entry.get("kind", ""))
    wanted = keys_of(*asked) if right and asked in _SUGGESTED else None
    if wanted is None or any(not entry.get(k) for k in (*wanted, "sentence", "origin")):
        raise PlanlinkError.of("no_suggestion", f"{path}, suggestion {ordinal}")
    return Suggestion(**entry, ordinal=ordinal)


def add_suggestions(folder: Path, found: Iterable[Suggestion]) -> int:
    """Add suggestions to those of a plan's folder, but for what was suggested before; how many were
    added."""
    with only_writer(folder):
        kept = list(_written(folder))
        known = {one.asks for one in kept}
        fresh = {one.asks: one for one in found if one.asks not in known}
        if fresh:
            _write(folder, [*kept, *fresh.values()])
    return len(fresh)


def decide(folder: Path, ordinal: int, accept: bool, reason: str, by: str) -> None:
    """Accept a suggestion, which makes it a correction for a reason, or reject it; PlanlinkError
    where there is none, it is decided, or the reason is missing."""
    if accept:
        one = _open_one(folder, ordinal)
        keys = ("action", "kind", "name", "to", "type", "quote")
        record(folder, {key: getattr(one, key) for key in keys} | {"reason": reason}, by, once=True)
        return
    with only_writer(folder):
        rejected = replace(_open_one(folder, ordinal), decision="rejected")
        _write(folder, [rejected if s.ordinal == ordinal else s for s in _written(folder)])


def _open_one(folder: Path, ordinal: int) -> Suggestion:
    """The suggestion of a number; PlanlinkError where none is open under it."""
    one = next((s for s in load_suggestions(folder) if s.ordinal == ordinal), None)
    where = f"{folder / FILE}, suggestion {ordinal}"
    if one is None:
        raise PlanlinkError.of("suggestion_gone", where)
    if one.decision:
        raise PlanlinkError.of("suggestion_decided", where, one.decision)
    return one


def _write(folder: Path, suggestions: Iterable[Suggestion]) -> None:
    entries = ({k: v for k, v in asdict(one).items() if k != "ordinal"} for one in suggestions)
    texts = (as_toml("suggestion", entry) for entry in entries)
    write_durably(folder / FILE, "\n".join(texts).encode())
