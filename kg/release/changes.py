"""What a release changed, kept plan by plan: a page reads the plans that it shows, and of all
others no more than how much changed."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from kg.rdf.gzipped import packed, read_content
from kg.release.history import Changes

FOLDER = "changes"
_COUNTS = "counts.json"
_NOTHING = msgspec.json.encode(Changes((), (), (), {})).decode()
_LINK = "Link"  # the kind of what leads from one entity to another
_TOGETHER = "changes.json"  # where earlier releases have all

Counts = tuple[int, ...]
"""How many entities were added, removed and changed, and then how many links were."""
UNCHANGED: Counts = (0,) * 6


def counts_of(changed: Changes) -> Counts:
    """How much changed."""
    kinds = [
        [one.kind for one in changed.added],
        [one.kind for one in changed.removed],
        [one.thing.kind for one in changed.changed],
    ]
    links = [kind.count(_LINK) for kind in kinds]
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

    folder: the release's folder.
    """

    folder: Path

    @cached_property
    def counts(self) -> dict[str, Counts]:
        """How much changed of each plan, by slug; earlier releases count links as entities."""
        return {
            slug: tuple(kept) if len(kept) == len(UNCHANGED) else counts_of(self.of_plan(slug))
            for slug, kept in self._kept.items()
        }

    @property
    def changed(self) -> list[str]:
        """The slugs of the plans that changed."""
        return [slug for slug, counts in self._kept.items() if any(counts)]

    def of_plan(self, slug: str) -> Changes:
        """What changed of a plan; PlanlinkError where the file is damaged."""
        return msgspec.json.decode(self._text(slug), type=Changes)

    def as_json(self) -> Iterator[str]:
        """All that changed as JSON by slug, in pieces; PlanlinkError where a file is damaged."""
        yield "{"
        for place, slug in enumerate(self._kept):
            yield f"{',' if place else ''}\n {json.dumps(slug)}: {self._text(slug)}"
        yield "\n}\n"

    def _text(self, slug: str) -> str:
        if slug in self._earlier:
            return json.dumps(self._earlier[slug], ensure_ascii=False, indent=1)
        if not any(self._kept[slug]):
            return _NOTHING
        return read_content(_file(self.folder / FOLDER, slug)).decode("utf-8")

    @cached_property
    def _kept(self) -> dict[str, list[int]]:
        """How much changed of each plan as the release has it, by slug."""
        path = self.folder / FOLDER / _COUNTS
        if not path.exists():
            return {slug: [*counts_of(self.of_plan(slug))] for slug in self._earlier}
        read: dict[str, list[int]] = json.loads(path.read_text(encoding="utf-8"))
        return read

    @cached_property
    def _earlier(self) -> dict[str, Any]:
        """What an earlier release has of all plans in one file."""
        path = self.folder / _TOGETHER
        found: dict[str, Any] = (
            json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
        )
        return found
