"""What changed from one release to the next, in terms of the plan: entities added, removed, and
changed, with the values before and after."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path

import msgspec
import pyoxigraph as ox

from kg.rdf.gzipped import packed, read_content
from kg.rdf.iris import reading_order
from kg.rdf.namespaces import PLAN, PREFIXES, local_name

_TYPE = PREFIXES["rdf"] + "type"
_LABEL = PREFIXES["skos"] + "prefLabel"
_EVIDENCE = PREFIXES["prov"] + "wasQuotedFrom"
_TEXT = str(PLAN.text)
_KINDS = {
    str(PLAN[kind]): kind
    for kind in (
        "Plan", "Goal", "Measure", "Indicator", "Baseline", "Target", "ActualValue", "Achievement",
        "Zone", "Institution", "Finding", "Link",
    )
}  # fmt: skip
CHANGES = "changes"
"""The folder, in a release's, of what it changed: plan by plan, so that a page reads the plans that
it shows, and of all others no more than how much changed."""
_COUNTS = "counts.json"

Counts = tuple[int, ...]
"""How many entities were added, removed and changed, and then how many links were."""
UNCHANGED: Counts = (0,) * 6


@dataclass(frozen=True)
class Entity:
    """An entity by its IRI, the local name of its class, and its label."""

    iri: str
    kind: str
    label: str


@dataclass(frozen=True)
class Change:
    """A property of an entity with its values before and after, those on both sides left out."""

    property: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True)
class Changed:
    """An entity that is in both releases, and what changed of it."""

    thing: Entity
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class Changes:
    """What changed between two releases; replaced maps removed IRIs to those now so named."""

    added: tuple[Entity, ...]
    removed: tuple[Entity, ...]
    changed: tuple[Changed, ...]
    replaced: dict[str, str]


def changes(before: Iterable[ox.Quad], after: Iterable[ox.Quad]) -> Changes:
    """What changed between two releases of the same plans, in reading order.

    Evidence alone does not make an entity changed: a passage's IRI moves with the text before it.
    """
    old, new = _entities(before), _entities(after)
    added = tuple(_entity(iri, new[iri]) for iri in sorted(set(new) - set(old), key=reading_order))
    gone = sorted(set(old) - set(new), key=reading_order)
    removed = tuple(_entity(iri, old[iri]) for iri in gone)
    changed = (
        Changed(_entity(iri, new[iri]), tuple(_differing(old[iri], new[iri])))
        for iri in sorted(set(old) & set(new), key=reading_order)
    )
    names = {(t.kind, t.label): t.iri for t in added}
    replaced = {t.iri: names[t.kind, t.label] for t in removed if (t.kind, t.label) in names}
    return Changes(added, removed, tuple(one for one in changed if one.changes), replaced)


def withdrawn(
    before: Iterable[ox.Quad],
    after: Iterable[ox.Quad],
    plan: str,
    successors: Mapping[tuple[str, str], str],
) -> dict[str, str]:
    """The IRIs that a plan's data had before and has no more, of entities of any class, each with
    the IRI of its successor ("" for none).

    Args:
        plan: its IRI.
        successors: identifiers of successors, by kind and former identifier. A passage is
            succeeded by the one that has its words now, in its place where several have them.
    """
    then, now = _words(before, plan), _words(after, plan)
    succeeded, found = _aligned(_passages(then), _passages(now)), {}
    for iri in sorted(set(then) - set(now)):
        kind, _, identifier = iri.removeprefix(f"{plan}/").partition("/")
        successor = successors.get((kind, identifier))
        found[iri] = f"{plan}/{kind}/{successor}" if successor else succeeded.get(iri, "")
    return found


def _passages(words: dict[str, str]) -> dict[str, str]:
    """The passages with their words, in the order of the text."""
    return {iri: words[iri] for iri in sorted(filter(words.get, words), key=reading_order)}


def _aligned(then: dict[str, str], now: dict[str, str]) -> dict[str, str]:
    """The passage of the later version that succeeds each of the earlier: the one of the same words
    in the same sequence; for a passage that was moved, the first of its words that succeeds no
    other."""
    old, new = [*then], [*now]
    blocks = SequenceMatcher(None, [*then.values()], [*now.values()], autojunk=False)
    found = {old[a + k]: new[b + k] for a, b, n in blocks.get_matching_blocks() for k in range(n)}
    taken, moved = set(found.values()), defaultdict[str, list[str]](list)
    for iri in (one for one in reversed(new) if one not in taken):
        moved[now[iri]].append(iri)
    for iri, words in then.items():
        if iri not in found and moved[words]:
            found[iri] = moved[words].pop()
    return found


def _words(quads: Iterable[ox.Quad], plan: str) -> dict[str, str]:
    """What has an IRI of a plan, with its words where it is a passage, "" where it is none."""
    found: dict[str, str] = {}
    for quad in quads:
        iri = getattr(quad.subject, "value", "")
        if iri.startswith(f"{plan}/"):
            found.setdefault(iri, "")
            if quad.predicate.value == _TEXT and iri.startswith(f"{plan}/passage/"):
                found[iri] = getattr(quad.object, "value", "")
    return found


def _differing(old: dict[str, set[str]], new: dict[str, set[str]]) -> Iterator[Change]:
    for name in sorted((set(old) | set(new)) - {_EVIDENCE}):
        before, after = old.get(name, set()), new.get(name, set())
        if before != after:
            yield Change(name, tuple(sorted(before - after)), tuple(sorted(after - before)))


def _entities(quads: Iterable[ox.Quad]) -> dict[str, dict[str, set[str]]]:
    """The entities of the plan's kinds, with the values of their properties."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for quad in quads:
        if isinstance(quad.subject, ox.NamedNode) and not isinstance(quad.object, ox.Triple):
            found[quad.subject.value][quad.predicate.value].add(quad.object.value)
    return {iri: dict(of) for iri, of in found.items() if of.get(_TYPE, set()) & _KINDS.keys()}


def _entity(iri: str, of: dict[str, set[str]]) -> Entity:
    types = of[_TYPE]
    kind = next(kind for class_, kind in _KINDS.items() if class_ in types)
    label = min(of.get(_LABEL, set()), default=local_name(iri))
    return Entity(iri, kind, label)


def counts_of(changed: Changes) -> Counts:
    """How much changed."""
    kinds = [
        [one.kind for one in changed.added],
        [one.kind for one in changed.removed],
        [one.thing.kind for one in changed.changed],
    ]
    links = [kind.count("Link") for kind in kinds]
    entities = [len(kind) - of_links for kind, of_links in zip(kinds, links, strict=True)]
    return (*entities, *links)


def write_plan_changes(folder: Path, slug: str, changed: Changes) -> None:
    """Write what changed of a plan into the folder of changes."""
    text = msgspec.json.format(msgspec.json.encode(changed), indent=1)
    _file(folder, slug).write_bytes(packed(text))


def write_counts(folder: Path, counts: Mapping[str, Counts]) -> None:
    """Write how much changed of each plan, by slug."""
    (folder / _COUNTS).write_text(json.dumps(dict(sorted(counts.items()))), encoding="utf-8")


def _file(folder: Path, slug: str) -> Path:
    return folder / f"{slug}.json.gz"


@dataclass(frozen=True)
class ReleaseChanges:
    """What a release changed.

    folder: of what it changed, in the release's folder.
    """

    folder: Path

    @cached_property
    def counts(self) -> dict[str, Counts]:
        """How much changed of each plan, by slug."""
        return msgspec.json.decode((self.folder / _COUNTS).read_bytes(), type=dict[str, Counts])

    @property
    def changed(self) -> list[str]:
        """The slugs of the plans that changed."""
        return [slug for slug, counts in self.counts.items() if any(counts)]

    def of_plan(self, slug: str) -> Changes:
        """What changed of a plan; PlanlinkError where the file is damaged."""
        return msgspec.json.decode(self._text(slug), type=Changes)

    def as_json(self) -> Iterator[str]:
        """All that changed as JSON by slug, in pieces; PlanlinkError where a file is damaged."""
        yield "{"
        for place, slug in enumerate(self.counts):
            yield f"{',' if place else ''}\n {json.dumps(slug)}: {self._text(slug)}"
        yield "\n}\n"

    def _text(self, slug: str) -> str:
        if not any(self.counts[slug]):
            return msgspec.json.encode(Changes((), (), (), {})).decode()
        return read_content(_file(self.folder, slug)).decode("utf-8")
