"""What a release holds of a plan beside what was compiled: files that name the release, and what
changed since the one before."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.export.package import export_files, made_file
from kg.export.tables import schema
from kg.graph.vocabulary import vocabulary_quads
from kg.rdf.gzipped import packed
from kg.rdf.iris import plan_iri, site_graph
from kg.rdf.quads import FORMATS, chinese_first, in_order, read_quads, serialize
from kg.release.cache import Cache, key_of
from kg.release.catalogue import core_metadata, plan_catalogue
from kg.release.compiled import Compiled, released_plan
from kg.release.history import Counts as ChangeCounts
from kg.release.history import changes, counts_of, withdrawn, write_plan_changes
from kg.release.kept_store import write_piece
from kg.release.manifest import PACKED, Manifest, PlanEntry, ReleaseFile, dumped, sha256
from kg.release.summaries import write_summary
from kg.release.void import Counts, classes_in, own_iris
from kg.settings import Settings
from kg.views.citation import Edition, Imprint
from kg.views.summary import summary

CATALOGUE, LISTED = "catalogue.nq.gz", "catalogue.ttl.gz"


def exports_key(compiled: Compiled, entry: PlanEntry, settings: Settings) -> str:
    """The key that files made of a plan's data are kept under."""
    site = (settings.site, settings.publisher, settings.contact, settings.licence)
    return key_of("exports", compiled.part.key, compiled.content, entry, *site)


def export_plan(
    cache: Cache, key: str, compiled: Compiled, entry: PlanEntry, settings: Settings
) -> None:
    """Make the files of a plan's data, its summary, and what the catalogue says of all that. They
    name the release in which its data last changed: the same data give the same files.

    Args:
        cache, key: where they are kept, and under which key.
        compiled: the plan.
        entry: what the manifest says of it.
        settings: who publishes, under which licence and address.
    """
    plan, own = compiled.plan, compiled.quads()
    imprint, quads = _imprinted(entry, own, settings)

    def write(folder: Path) -> dict[str, Any]:
        write_summary(folder, summary(plan, own, compiled.paragraphs(), settings.site.base))
        (folder / "exports").mkdir()
        made = []
        for file in export_files(plan.slug, imprint, quads, settings):
            measures = () if file.content is None else (len(file.content), sha256(file.content))
            if file.content is not None:
                (folder / "exports" / f"{file.name}{PACKED}").write_bytes(packed(file.content))
            about = (plan.slug, file.holds, file.name, f"/exports/{file.name}", file.media_type)
            made.append(ReleaseFile(*about, *measures))
        kinds = {table.name: (table.zh, table.en) for table in schema()}
        named = plan_catalogue(plan, [*compiled.dumps, *made], kinds, entry, settings)
        return {
            "exports": list(map(asdict, made)),
            **_write_catalogue(folder, named, settings.site.base, plan.slug),
        }

    cache.make(plan.slug, key, write)


def _imprinted(
    entry: PlanEntry, own: list[ox.Quad], settings: Settings
) -> tuple[Imprint, list[ox.Quad]]:
    """The imprint of a plan's files, and the quads that they are made of: the plan's own and the
    vocabulary's."""
    publisher, licence = settings.publisher.name["zh"], settings.licence.iri
    edition = Edition(entry.version, entry.modified, publisher, licence)
    iri = plan_iri(settings.site.base, entry.slug)
    imprint = Imprint(entry.title, entry.title_en or entry.title, iri, edition)
    return imprint, [*own, *vocabulary_quads(site_graph(settings.site.base, "vocabulary"))]


def made_when_asked(
    folder: Path, manifest: Manifest, known: ReleaseFile, settings: Settings
) -> bytes:
    """A file that a release lists and has not on the disk, made of a plan's N-Quads.

    Args:
        folder: the release's.
        known: what the manifest says of the file.

    Raises:
        PlanlinkError: the plan's dump is damaged.
    """
    entry = manifest.plan(known.plan)
    assert entry is not None, "a release has the plans of its files"
    own = dumped(folder, manifest, entry)
    if known.path.startswith("/dumps/"):
        (form,) = (one for one in FORMATS.values() if one.media_type == known.media_type)
        return serialize(own, form)
    settings = replace(settings, site=replace(settings.site, base=manifest.base))
    core = core_metadata(released_plan(folder / "plans" / entry.slug), entry, settings)
    return made_file(known.name, entry.slug, *_imprinted(entry, own, settings), settings, core)


def _write_catalogue(folder: Path, quads: list[ox.Quad], base: str, slug: str) -> dict[str, Any]:
    """What the catalogue says of a plan: in the first part of a file, and in a file of its own,
    what nothing else of a release speaks of (its files and datasets by kind). Returns what is to be
    noted of that."""
    own = f"{base}/id/{slug}/dataset/"
    inner = [q for q in quads if getattr(q.subject, "value", "").startswith(own)]
    outer = [q for q in quads if not getattr(q.subject, "value", "").startswith(own)]
    piece = write_piece(folder / CATALOGUE, in_order(inner), in_order(outer))
    (folder / LISTED).write_bytes(packed(serialize(chinese_first(inner), FORMATS["turtle"])))
    counts, classes = Counts(own_iris(base)), classes_in(inner)
    counts.add(inner)
    return {
        "inner": piece.noted,
        "quads": len(inner),
        "counted": counts.as_json(),
        "classes": [(getattr(iri, "value", ""), of) for iri, of in classes.items()],
    }


@dataclass(frozen=True)
class Withdrawn:
    """What is there no more of a plan.

    slug: the plan's. counts: how much of it changed.
    gone: by IRI, with the IRI of what took its place ("" where nothing did).
    back: what was there no more, and is again.
    """

    slug: str
    counts: ChangeCounts
    gone: dict[str, str]
    back: tuple[str, ...]


def write_changes_of(
    slug: str,
    plan: str,
    compiled: Compiled | None,
    former: Path | None,
    known: Iterable[str],
    into: Path,
) -> Withdrawn:
    """Write what changed of a plan.

    Args:
        slug, plan: its slug and IRI.
        compiled: the plan; None where it is published no more.
        former: its dump in the release before; None where it has none.
        known: IRIs in it of entities that were there once and are gone.
        into: the folder that gets what changed.
    """
    before = read_quads(former) if former else []
    after = compiled.quads() if compiled else []
    changed = changes(before, after)
    if any(counts := counts_of(changed)):
        write_plan_changes(into, slug, changed)
    successors = compiled.successors() if compiled else {}
    there = {quad.subject for quad in after}
    gone = withdrawn(before, after, plan, successors) if before else {}
    for entity in changed.removed:
        gone[entity.iri] = gone.get(entity.iri) or changed.replaced.get(entity.iri, "")
    back = tuple(iri for iri in known if ox.NamedNode(iri) in there)
    return Withdrawn(slug, counts, gone, back)
