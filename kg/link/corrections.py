"""corrections.toml: a person's corrections, as they are kept (applied by kg.link.applying).

A correction names an entity by its name, or a sentence by words quoted from it, never by an
offset: it still applies when the text around it has moved. One that no longer finds its entity is
reported, and the others are applied.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from kg.errors import PlanlinkError
from kg.files import only_writer, parse_toml, read_text, read_toml, write_durably
from kg.lexicon import lexicon
from kg.rdf.iris import NAMED
from kg.source.dates import has_begun
from kg.source.plan import entries

_STATED = ("goal", "vision", "indicator")
_KEYS: dict[str, dict[str, tuple[str, ...]]] = {  # of each decision, by what it is about
    "accept": dict.fromkeys((*NAMED, "target", "link"), ("name",)),
    "reject": dict.fromkeys((*NAMED, *_STATED, "target", "link"), ("name",)),
    "rename": {
        **dict.fromkeys((*NAMED, *_STATED), ("name", "to")),
        **dict.fromkeys(("target", "achievement"), ("quote", "to")),
    },
    "retype": dict.fromkeys(NAMED, ("name", "type")),
    "split": dict.fromkeys(NAMED, ("name", "to")),
    "add": {
        **dict.fromkeys(NAMED, ("name", "type")),
        **dict.fromkeys(("target", "goal", "vision", "achievement"), ("name", "quote")),
        **dict.fromkeys(("measure", "section"), ("quote",)),
        "indicator": ("name", "type", "quote"),
        "link": ("name",),
    },
    "title": {"measure": ("quote", "title")},
    "drop": dict.fromkeys(("measure", "achievement", "target", "section"), ("quote",)),
}
_DAY = re.compile(r"\d{4}-\d\d-\d\d(?!\d)", re.ASCII)


@dataclass(frozen=True)
class Correction:
    """One decision and its reason; by whom it was made, and when (ISO), where that is known.

    accept, reject, rename, retype, split and add are for zones and institutions by name, title and
    drop for measures and achievements by words quoted from their sentence. A measure is added by
    such words, with a title of them if need be. A target of the text is accepted and rejected by
    its indicator's name; one of several is dropped, or given to another indicator, by words that
    hold its number. It is added by a name and such words: the last number in them is its own. Goals
    and rows of tables of indicators are rejected, renamed and added by their names; a goal with the
    words that state it, a row with words of it that end with a value. Visions are decided
    like goals. An achievement is renamed and added by words that end with its number; a numbered
    line is added as a section's heading, or dropped as none, by its words. Links are accepted,
    rejected or added by their statement: "section 3 supportsGoal goal 1".
    """

    ordinal: int
    action: str
    kind: str
    reason: str
    name: str = ""
    to: str = ""
    type: str = ""
    quote: str = ""
    title: str = ""
    by: str = ""
    at: str = ""


_WRITTEN = tuple(field.name for field in fields(Correction) if field.name != "ordinal")


def keys_of(action: str, kind: str) -> tuple[str, ...]:
    """The keys that a decision about an entity of a kind needs, besides kind and reason; none where
    no such decision is taken about the kind."""
    return _KEYS[action].get(kind, ())


def entity_types(kind: str) -> tuple[str, ...]:
    """The types that a zone or an institution may have, and those of values that a row of a table
    of indicators has; none for other kinds."""
    if kind == "indicator":
        return ("baseline", "target")
    return tuple(sorted(lexicon("names")[kind])) if kind in NAMED else ()


def load_corrections(folder: Path) -> tuple[Correction, ...]:
    """The corrections of a plan's folder, in order; PlanlinkError where the file is broken, a
    correction says what none can, or two written by hand contradict each other."""
    path = folder / "corrections.toml"
    return _read(read_toml(path), path) if path.exists() else ()


def _read(table: Mapping[str, Any], path: Path) -> tuple[Correction, ...]:
    written = entries(table, "correction", path, _WRITTEN, others=("at",))
    found = tuple(
        _correction(entry, ordinal, f"{path}, correction {ordinal}")
        for ordinal, entry in enumerate(written, 1)
    )
    for one, later in contradictions(found):
        if not one.at and not later.at:  # nobody can tell which was decided last
            where, words = f"{path}, correction {later.ordinal}", one.name or one.quote
            raise PlanlinkError.of(
                "correction_contradicts", where, later.action, words, one.action, one.ordinal
            )
    return found


def _correction(entry: Mapping[str, Any], ordinal: int, where: str) -> Correction:
    action, kind = (entry.get(key, "") for key in ("action", "kind"))
    if action not in _KEYS:
        raise PlanlinkError.of("correction_action", where, action, ", ".join(_KEYS))
    if kind not in _KEYS[action]:
        raise PlanlinkError.of("correction_kind", where, kind, action, ", ".join(_KEYS[action]))
    wanted, types = keys_of(action, kind), entity_types(kind)
    needed = ("kind", "reason", *wanted)
    for key in needed:
        if not entry.get(key, "").strip():
            lacks = "reason_missing" if key == "reason" else "correction_lacks"
            raise PlanlinkError.of(lacks, where, key, action, ", ".join(needed))
    if "type" in wanted and entry["type"] not in types:
        raise PlanlinkError.of("correction_type", where, entry["type"], ", ".join(types))
    at = _moment(entry["at"], where) if entry.get("at") else ""
    return Correction(ordinal, **{**entry, "at": at})


def _moment(given: Any, where: str) -> str:
    """The day or time at which something was decided (ISO 8601)."""
    text = given.isoformat() if isinstance(given, date) else str(given)
    with suppress(ValueError):
        if _DAY.match(text) and has_begun(datetime.fromisoformat(text).date()):
            return text
    raise PlanlinkError.of("correction_at", where, text)


def contradictions(corrections: Iterable[Correction]) -> Iterator[tuple[Correction, Correction]]:
    """Decisions about one thing of which the later undoes the earlier without a word."""
    before: dict[tuple[str, str], list[Correction]] = {}
    for later in corrections:
        decided = before.setdefault((later.kind, later.name or later.quote), [])
        yield from ((one, later) for one in decided if _contradict(one, later))
        decided.append(later)


def _contradict(one: Correction, other: Correction) -> bool:
    if one.kind in _STATED:  # several may bear one name, and what is renamed bears it no more
        return False
    if one.action == other.action:
        says = {"rename": "to", "retype": "type", "title": "title"}.get(one.action, "action")
        return bool(getattr(one, says) != getattr(other, says))
    actions = {one.action, other.action}
    if "add" in actions and one.name:  # what was rejected may be added anew, from other places
        return one.kind == "link" and "reject" in actions
    return not actions.isdisjoint(("reject", "drop"))


def as_toml(table: str, entry: Mapping[str, str]) -> str:
    """An entry of an array of tables; empty values are left out."""
    lines = (f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in entry.items() if v)
    return "\n".join((f"[[{table}]]", *lines, ""))


def record(folder: Path, entry: dict[str, str], by: str, once: bool = False) -> Correction:
    """Add a correction, by its keys, to a plan's corrections.toml; many may do so at once, and none
    is lost. PlanlinkError where it lacks something, or the file, which stays as it was, cannot be
    written.

    once: whether one that is there already, but for who made it, when and why, is enough.
    """
    path = folder / "corrections.toml"
    asked = {key: value for key, value in entry.items() if key != "reason"}
    entry = entry | {"by": by, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    with only_writer(folder):
        for one in load_corrections(folder) if once else ():
            if all(getattr(one, key) == value for key, value in asked.items()):
                return one
        text = read_text(path) if path.exists() else ""
        fresh = f"{text.rstrip()}\n\n{as_toml('correction', entry)}".lstrip()
        corrections = _read(parse_toml(fresh, path), path)
        write_durably(path, fresh.encode())
    return corrections[-1]


def withdraw(folder: Path, ordinal: int, at: str) -> Correction:
    """Take a correction back out of a plan's corrections.toml; the others stay as they are written.
    PlanlinkError where there is none that was made at that time, so that nobody takes back another
    than they saw, or the file, which stays as it was, cannot be written."""
    path = folder / "corrections.toml"
    with only_writer(folder):
        corrections = load_corrections(folder)
        held = {one.ordinal: one for one in corrections if one.at == at}
        if ordinal not in held:
            raise PlanlinkError.of("correction_gone", f"{path}, correction {ordinal}")
        head, *entries = re.split(r"(?m)^(?=[ \t]*\[\[[ \t]*correction[ \t]*\]\])", read_text(path))
        left = head + "".join(entries[: ordinal - 1] + entries[ordinal:])
        others = [replace(one, ordinal=0) for one in corrections if one.ordinal != ordinal]
        if [replace(one, ordinal=0) for one in _read(parse_toml(left, path), path)] != others:
            raise PlanlinkError.of("correction_entangled", path)
        write_durably(path, left.encode())
    return held[ordinal]
