"""Validated graphs -> one release: a store, dumps, a catalogue, a search index and a manifest,
complete or absent.

A release is built in a hidden folder, renamed into place, and made the current one in one step. A
process killed at any moment leaves the former release served, and what it had built is swept away
by the next publish.
"""

from __future__ import annotations

import gzip
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import RDF, URIRef

from kg.errors import PlanlinkError
from kg.export.package import export_files
from kg.export.tables import schema
from kg.graph.provenance import program
from kg.graph.vocabulary import vocabulary
from kg.rdf.iris import plan_iri, shared_graph, site_graph
from kg.rdf.namespaces import PLAN, local_name
from kg.rdf.quads import (
    FORMATS,
    Format,
    chinese_first,
    graph_quads,
    in_order,
    read_quads,
    serialize,
)
from kg.release.before import Before, read_before
from kg.release.catalogue import catalogue
from kg.release.check import BESIDE, release_faults
from kg.release.core_metadata import FILE as CORE_METADATA
from kg.release.core_metadata import as_csv, core_metadata
from kg.release.engine import Engine, write_engine
from kg.release.folder import (
    ASIDE,
    EVERYTHING,
    only_publisher,
    outdated,
    put_in_place,
    swapped,
    take_away,
)
from kg.release.history import Changes, changes_by_plan, withdrawn
from kg.release.manifest import (
    FileEntry,
    Manifest,
    PastRelease,
    PlanEntry,
    ReleaseFile,
    Removal,
    numbers,
    sha256,
    write_manifest,
)
from kg.release.plans import (
    PlanGraphs,
    join_versions,
    plan_entry,
    write_plan_files,
)
from kg.release.search import write_index
from kg.release.store import write_store
from kg.release.versions import version_quads
from kg.release.void import void
from kg.settings import Settings
from kg.source.plan import Plan
from kg.views.citation import Edition, Imprint

_COMPRESSED = "nquads"  # the dump to exchange data by, whatever its size; the others are read as is
_EVERYTHING = "planlink"


@dataclass(frozen=True)
class Publishing:
    """How plans are to be released.

    step: told the name of each step as it begins. say: told what a user should know.
    engine: another engine that is to hold the release as well.
    remove: the slugs of plans to take out; those that are neither published nor named here stay.
    keep: how many releases to keep, the latest ones; None for all.
    by: who publishes.
    """

    step: Callable[[str], None]
    say: Callable[[str], None]
    engine: Engine | None = None
    remove: tuple[str, ...] = ()
    keep: int | None = None
    by: str = ""


def publish_release(
    out: Path, plans: list[PlanGraphs], settings: Settings, publishing: Publishing
) -> Manifest:
    """Write a release and make it the current one, unless the current one says the same already.

    Args:
        out: the folder of releases.
        plans: the plans that were read, each with its graphs and a report without violations. The
            release keeps the others that the current one has.
        settings: who publishes, under which base of all IRIs.
        publishing: how they are to be released.

    Returns:
        The manifest of the current release.

    Raises:
        PlanlinkError: the folder cannot be written, the current release is damaged, a plan that
            should be kept or removed cannot be, or the engine fails. The former release stays.
    """
    with only_publisher(out):
        before = read_before(out, publishing.say)
        together = (
            [*plans]
            if before is None
            else before.with_kept(plans, publishing.remove, settings.site.base, publishing.say)
        )
        if before is None and publishing.remove:
            raise PlanlinkError("nothing is released there", str(out), "leave --remove out")
        if not together:
            raise PlanlinkError(
                "no plan would be left", str(out), "a release holds at least one; publish another"
            )
        join_versions(together, settings.site.base)
        return _publish(_Building(out, together, settings, before, publishing), publishing)


def _publish(building: _Building, publishing: Publishing) -> Manifest:
    """What a release consists of, part by part."""
    step, engine = publishing.step, publishing.engine
    step("dumps")
    building.write_dumps()
    step("tables and exports")
    building.write_exports()
    building.write_plan_files()
    building.list_files()
    if (same := building.unchanged()) is not None:
        return same
    building.write_changes()
    building.write_catalogue()
    step("store")
    building.write_store()
    step("search index")
    building.write_search_index()
    step("report and manifest")
    manifest = building.write_manifest()
    if engine:
        step("load engine")
        building.stage(engine)
    building.put_in_place()
    return manifest


class _Building:
    """A release in a hidden folder, until it is put in place. Its parts are written in the order
    of the methods: later ones hold what earlier ones found.

    Args:
        out: the folder of releases.
        plans: the plans, each with its graphs and report.
        settings: who publishes, under which base of all IRIs.
        before: the releases before.
        publishing: how it is to be released.
    """

    def __init__(
        self,
        out: Path,
        plans: list[PlanGraphs],
        settings: Settings,
        before: Before | None,
        publishing: Publishing,
    ) -> None:
        self._out, self._plans, self._settings = out, plans, settings
        self._before, self._publishing = before, publishing
        self._base = settings.site.base
        self._past = before.history if before else ()
        self._number = max([0, *numbers(out), *(one.number for one in self._past)]) + 1
        self._issued = self._dated()
        self._today = self._issued[:10]
        self._folder = out / f"{ASIDE}{self._number}"
        for name in ("dumps", "exports"):
            (self._folder / name).mkdir(parents=True)
        self._vocabulary = graph_quads(vocabulary(), URIRef(site_graph(self._base, "vocabulary")))
        self._quads = {graphs.plan.slug: in_order(graphs.quads) for graphs in plans}
        self._made: list[ReleaseFile] = []
        self._entries: dict[str, PlanEntry] = {}
        self._listed: list[ox.Quad] = []
        self._content = ""
        self._removals: list[Removal] = []
        self._everything: list[ox.Quad] = []
        self._stored = 0

    def _dated(self) -> str:
        """Now (ISO, UTC), or the date of the release before where the clock is behind it."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        last = max(self._before.last.issued, self._before.served.issued) if self._before else ""
        if last > now:
            self._publishing.say(f"the clock says {now}; the release is dated {last}, as the last")
        return max(now, last)

    def write_dumps(self) -> None:
        """Each plan in every RDF format."""
        for graphs in self._plans:
            slug, quads = graphs.plan.slug, self._quads[graphs.plan.slug]
            dumps = {
                name: _write_dump(self._folder / "dumps", slug, quads, form)
                for name, form in FORMATS.items()
            }
            self._made += dumps.values()
            self._entries[slug] = plan_entry(
                graphs, dumps["nquads"], len(quads), self._past, (self._number, self._today)
            )

    def write_exports(self) -> None:
        """Each plan's tables and other files."""
        for graphs in self._plans:
            quads = [*self._quads[graphs.plan.slug], *self._vocabulary]
            entry = self._entries[graphs.plan.slug]
            self._made += _export_plan(
                self._folder / "exports", graphs.plan, entry, quads, self._settings
            )

    def write_plan_files(self) -> None:
        """Each plan's metadata, source text as published, validation report, and what pictures
        start from."""
        for graphs in self._plans:
            write_plan_files(self._folder, graphs, self._base)

    def list_files(self) -> None:
        """The catalogue but for the release history, and a digest of all that there is so far."""
        kinds = {table.name: (table.zh, table.en) for table in schema()}
        plans, name = [graphs.plan for graphs in self._plans], site_graph(self._base, "catalogue")
        listed = catalogue(plans, self._made, kinds, self._entries, self._settings)
        self._listed = graph_quads(listed, URIRef(name))
        engine = self._publishing.engine
        told = [
            *(f"{name} {entry.sha256}" for name, entry in _files(self._folder).items()),
            *map(str, in_order([*self._listed, *self._vocabulary])),
            *(str(asdict(entry)) for graphs in self._plans for entry in graphs.entries),
            *(str(asdict(entry)) for entry in self._entries.values()),
            f"{program()} {engine.query if engine else ''}",
        ]
        self._content = sha256("\n".join(told).encode())

    def unchanged(self) -> Manifest | None:
        """The current release, where it has the same content and is whole: then nothing is
        released, its engine is loaded again, and what is being built goes."""
        if self._before is None or self._before.served.content != self._content:
            return None
        folder, engine = self._before.folder, self._publishing.engine
        if release_faults(folder):
            return None
        if engine:
            self._publishing.step("load engine")
            engine.stage(read_quads(folder / EVERYTHING))
            with swapped(self._out, engine, self._before.served):
                pass
        shutil.rmtree(self._folder)
        self._publishing.say(
            f"nothing has changed since release {folder.name}; there is no new one"
        )
        self._take_away()
        return self._before.served

    def write_changes(self) -> None:
        """What changed since the release before, and what is there no more."""
        last, former = (self._before.last, self._before.quads) if self._before else (None, {})
        changed = changes_by_plan(former, self._quads)
        there = {quad.subject for quads in self._quads.values() for quad in quads}
        successors = {graphs.plan.slug: graphs.register.successors() for graphs in self._plans}
        gone = {
            slug: withdrawn(
                quads,
                self._quads.get(slug, ()),
                plan_iri(self._base, slug),
                successors.get(slug, {}),
            )
            for slug, quads in former.items()
        }
        self._removals = _removals(last, changed, gone, self._number, self._today, there)
        _write_json(
            self._folder / "changes.json", {slug: one.as_json() for slug, one in changed.items()}
        )

    def write_catalogue(self) -> None:
        """The catalogue with the release history and VoID, and the dump of everything, which has
        each of its triples once."""
        listed = [*self._listed, *self._history()]
        read = _once_each(
            [*(quad for quads in self._quads.values() for quad in quads), *self._vocabulary],
            ox.NamedNode(shared_graph(self._base)),
        )
        without_counts = [*read, *_new_to(read, listed)]
        counted = void(
            without_counts,
            ox.NamedNode(site_graph(self._base, "catalogue")),
            self._settings.site,
            {slug: (entry.triples, entry.dump) for slug, entry in self._entries.items()},
        )
        self._everything = in_order([*without_counts, *counted])
        _write_dump(self._folder / "dumps", _EVERYTHING, self._everything, FORMATS["nquads"])
        (self._folder / CORE_METADATA).write_bytes(
            as_csv(
                core_metadata(graphs.plan, self._entries[graphs.plan.slug], self._settings)
                for graphs in self._plans
            )
        )
        (self._folder / "catalogue.ttl").write_bytes(
            serialize(chinese_first([*listed, *counted]), FORMATS["turtle"])
        )

    def _history(self) -> list[ox.Quad]:
        """The release history in its graph; files that will be there no more are not listed."""
        this = PastRelease(
            self._number,
            self._issued,
            program(),
            self._settings.licence.iri,
            tuple(self._entries.values()),
        )
        there = [*numbers(self._out), self._number]
        kept = {*there} - {*self._old(there)}
        name = ox.NamedNode(site_graph(self._base, "releases"))
        return version_quads(self._settings, name, [*self._past, this], self._removals, kept)

    def write_store(self) -> None:
        """Everything, to be queried."""
        self._stored = write_store(self._folder / "store", self._everything)

    def write_search_index(self) -> None:
        """What search finds of each plan."""
        entries = (entry for graphs in self._plans for entry in graphs.entries)
        write_index(self._folder / "search.sqlite", entries)

    def write_manifest(self) -> Manifest:
        """What the release says of itself: the last file, as it lists the others."""
        manifest = Manifest(
            release=self._number,
            issued=self._issued,
            program=program(),
            base=self._base,
            licence=self._settings.licence.iri,
            publisher=self._settings.publisher,
            contact=self._settings.contact,
            terms=self._settings.licence,
            triples=self._stored,
            graphs=_graph_sizes(self._everything),
            classes=_class_sizes(self._everything),
            plans=tuple(self._entries.values()),
            files=_files(self._folder),
            exports=tuple(self._made),
            removed=tuple(self._removals),
            by=self._publishing.by,
            content=self._content,
            history=self._past,
        )
        write_manifest(self._folder, manifest)
        return manifest

    def stage(self, engine: Engine) -> None:
        """Load everything into another engine, where no reader looks yet."""
        engine.stage(self._everything)
        write_engine(self._folder, engine)

    def put_in_place(self) -> None:
        """Make the release the current one, here and in the other engine, and take away those that
        are not to be kept."""
        served = self._before.served if self._before else None
        swap = swapped(self._out, self._publishing.engine, served)
        put_in_place(self._out, self._folder, self._number, swap)
        self._take_away()

    def _old(self, there: list[int]) -> list[int]:
        """Those of the releases that are not to be kept."""
        served = self._before.served.release if self._before else None
        return outdated(there, self._publishing.keep, served)

    def _take_away(self) -> None:
        """Take away the releases that are not to be kept."""
        if doomed := self._old(numbers(self._out)):
            take_away(self._out, doomed)
            self._publishing.say(
                f"taken away: release {', '.join(map(str, doomed))}, with its files and queries on "
                "it; every IRI answers as before, what was withdrawn is known to the last release"
            )


def _removals(
    last: Manifest | None,
    changed: dict[str, Changes],
    gone: dict[str, dict[str, str]],
    number: int,
    today: str,
    there: set[Any],
) -> list[Removal]:
    """What was released once and is no more: what former releases held, and what went with this
    one."""
    known = {removal.iri: removal for removal in last.removed} if last else {}
    for one in changed.values():
        known |= {
            thing.iri: Removal(thing.iri, number, one.replaced.get(thing.iri, ""), today)
            for thing in one.removed
        }
    for successors in gone.values():
        for iri, successor in successors.items():
            found = successor or (known[iri].successor if iri in known else "")
            known[iri] = Removal(iri, number, found, today)
    gone_now = {iri: one for iri, one in known.items() if ox.NamedNode(iri) not in there}
    return [
        replace(one, successor=_last_successor(one, gone_now))
        for _, one in sorted(gone_now.items())
    ]


def _last_successor(removal: Removal, removed: dict[str, Removal]) -> str:
    """What has the place of a thing now, where its successors were removed in their turn."""
    seen = {removal.iri}
    while (following := removed.get(removal.successor)) and following.iri not in seen:
        seen.add(following.iri)
        removal = following
    return removal.successor if removal.successor not in removed else ""


def _write_dump(folder: Path, name: str, quads: list[ox.Quad], form: Format) -> ReleaseFile:
    content = serialize(quads, form)
    file = f"{name}.{form.extension}"
    if form is FORMATS[_COMPRESSED]:
        file, content = f"{file}.gz", gzip.compress(content, mtime=0)
    (folder / file).write_bytes(content)
    return ReleaseFile(
        name,
        "plan",
        file,
        f"/dumps/{file}",
        form.media_type,
        len(content),
        sha256(content),
    )


def _export_plan(
    folder: Path, plan: Plan, entry: PlanEntry, quads: list[ox.Quad], settings: Settings
) -> Iterator[ReleaseFile]:
    """The files made of a plan. They name the release in which its data last changed: the same
    data give the same files."""
    edition = Edition(entry.version, entry.modified, settings.publisher.name["zh"])
    iri = plan_iri(settings.site.base, plan.slug)
    imprint = Imprint(plan.title, plan.title_en or plan.slug, iri, edition)
    core = core_metadata(plan, entry, settings)
    for file in export_files(plan.slug, imprint, quads, settings, core):
        (folder / file.name).write_bytes(file.content)
        yield ReleaseFile(
            plan.slug,
            file.holds,
            file.name,
            f"/exports/{file.name}",
            file.media_type,
            len(file.content),
            sha256(file.content),
        )


def _once_each(quads: list[ox.Quad], shared: ox.NamedNode) -> list[ox.Quad]:
    """Quads of several graphs in which each triple stands once: what several plans say, of a year
    or of the program, goes to a graph of its own."""
    seen: set[ox.Triple] = set()
    several: dict[ox.Triple, None] = {}
    for quad in quads:
        if (triple := quad.triple) in seen:
            several[triple] = None
        seen.add(triple)
    return [
        *(quad for quad in quads if quad.triple not in several),
        *(ox.Quad(one.subject, one.predicate, one.object, shared) for one in several),
    ]


def _new_to(read: list[ox.Quad], listed: list[ox.Quad]) -> list[ox.Quad]:
    """What the catalogue says that no other graph does: queries over all graphs meet every triple
    once."""
    there = {q.triple for q in read}
    return [q for q in listed if q.triple not in there]


def _write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _graph_sizes(quads: list[ox.Quad]) -> dict[str, int]:
    """How many quads each named graph has, by its IRI."""
    sizes = Counter(q.graph_name.value for q in quads if isinstance(q.graph_name, ox.NamedNode))
    return dict(sorted(sizes.items()))


def _class_sizes(quads: list[ox.Quad]) -> dict[str, int]:
    """How many instances each class of the vocabulary has, by its local name."""
    rdf_type = ox.NamedNode(str(RDF.type))
    sizes = Counter(
        local_name(q.object.value)
        for q in quads
        if q.predicate == rdf_type
        and isinstance(q.object, ox.NamedNode)
        and q.object.value.startswith(str(PLAN))
    )
    return dict(sorted(sizes.items()))


def _files(building: Path) -> dict[str, FileEntry]:
    """What there is of a release, by path, but for what its engines write for themselves."""
    found = {
        path.relative_to(building).as_posix(): path.read_bytes()
        for path in sorted(building.rglob("*"))
        if path.is_file()
    }
    return {
        name: FileEntry(len(content), sha256(content))
        for name, content in found.items()
        if not BESIDE.fullmatch(name)
    }
