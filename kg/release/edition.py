"""What a release holds of a plan beside what was compiled: files that name the release, and what
changed since the one before."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import URIRef

from kg.export.package import export_files
from kg.graph.vocabulary import vocabulary
from kg.rdf.iris import plan_iri, site_graph
from kg.rdf.quads import graph_quads, read_quads
from kg.release.cache import Cache, Part, key_of
from kg.release.compiled import Compiled
from kg.release.core_metadata import core_metadata
from kg.release.history import changes, withdrawn
from kg.release.manifest import PlanEntry, ReleaseFile, sha256
from kg.settings import Settings
from kg.views.citation import Edition, Imprint


@dataclass(frozen=True)
class Told:
    """What changed of a plan.

    changes: as changes.json has it. removed, withdrawn: what is there no more, by IRI, with the IRI
        of what took its place ("" where nothing did): what the changes name, and all that had one.
    back: what was there no more, and is again.
    """

    changes: str
    removed: dict[str, str]
    withdrawn: dict[str, str]
    back: tuple[str, ...]


def export_plan(cache: Cache, compiled: Compiled, entry: PlanEntry, settings: Settings) -> Part:
    """The files made of a plan's data, in the folder exports. They name the release in which its
    data last changed: the same data give the same files.

    Args:
        cache: where they are kept.
        compiled: the plan.
        entry: what the manifest says of it.
        settings: who publishes, under which licence and address.
    """
    site = (settings.site, settings.publisher, settings.contact, settings.licence)
    key = key_of("exports", compiled.part.key, compiled.content, entry, *site)
    if (part := cache.find(compiled.slug, key)) is not None:
        return part
    edition = Edition(entry.version, entry.modified, settings.publisher.name["zh"])
    plan, iri = compiled.plan, plan_iri(settings.site.base, compiled.slug)
    imprint = Imprint(plan.title, plan.title_en or plan.slug, iri, edition)
    name = URIRef(site_graph(settings.site.base, "vocabulary"))
    quads = [*compiled.quads(), *graph_quads(vocabulary(), name)]
    core = core_metadata(plan, entry, settings)

    def write(folder: Path) -> dict[str, Any]:
        (folder / "exports").mkdir()
        made = []
        for file in export_files(plan.slug, imprint, quads, settings, core):
            (folder / "exports" / file.name).write_bytes(file.content)
            made.append(
                ReleaseFile(
                    plan.slug,
                    file.holds,
                    file.name,
                    f"/exports/{file.name}",
                    file.media_type,
                    len(file.content),
                    sha256(file.content),
                )
            )
        return {"exports": list(map(asdict, made))}

    return cache.make(compiled.slug, key, write)


def told_changes(
    plan: str, compiled: Compiled | None, former: Path | None, known: Iterable[str]
) -> Told:
    """What changed of a plan.

    Args:
        plan: its IRI.
        compiled: the plan; None where it is published no more.
        former: its dump in the release before; None where it has none.
        known: IRIs in it of things that were there once and are no more.
    """
    before = read_quads(former) if former else []
    after = compiled.quads() if compiled else []
    changed = changes(before, after)
    there = {quad.subject for quad in after}
    return Told(
        as_text(changed.as_json()),
        {thing.iri: changed.replaced.get(thing.iri, "") for thing in changed.removed},
        withdrawn(before, after, plan, compiled.successors() if compiled else {}),
        tuple(iri for iri in known if ox.NamedNode(iri) in there),
    )


def as_text(content: Any) -> str:
    """JSON as a release has it."""
    return json.dumps(content, ensure_ascii=False, indent=1)
