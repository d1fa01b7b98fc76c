"""Validated graphs -> one release: a store, dumps, a catalogue, a search index and a manifest,
complete or absent.

A release is built in a folder of its own and renamed into place; the link `current` then moves to
it in one step. A process killed at any moment leaves the former release served, and what it had
built is swept away by the next publish.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import RDF, URIRef

from kg.errors import PlanlinkError
from kg.export.package import export_files
from kg.export.tables import schema
from kg.files import lock, to_disk
from kg.graph.provenance import program
from kg.graph.vocabulary import vocabulary
from kg.link.completeness import Completeness
from kg.link.identifiers import Register
from kg.rdf.iris import plan_graph, plan_iri, shared_graph, site_graph
from kg.rdf.namespaces import PLAN, local_name
from kg.rdf.quads import FORMATS, Format, chinese_first, graph_quads, in_order, serialize
from kg.rdf.shacl import Report
from kg.release.catalogue import catalogue
from kg.release.core_metadata import FILE as CORE_METADATA
from kg.release.core_metadata import as_csv, core_metadata
from kg.release.engine import Engine, swapping, write_engine
from kg.release.history import Changes, changes_by_plan, withdrawn
from kg.release.manifest import (
    FileEntry,
    Manifest,
    PlanEntry,
    ReleaseFile,
    Removal,
    current,
    plan_quads,
    read_manifest,
    write_manifest,
)
from kg.release.search import Entry, write_index
from kg.release.store import write_store
from kg.release.versions import PastRelease, version_quads
from kg.release.void import void
from kg.settings import Settings
from kg.source.plan import Plan
from kg.views.citation import Edition, Imprint

_COMPRESSED = "nquads"  # the dump to exchange data by, whatever its size; the others are read as is
_EVERYTHING = "planlink"


@dataclass(frozen=True)
class PlanGraphs:
    """A plan with the quads of its named graphs, the report on them, what pictures of it start from
    (JSON), what search finds of it, how well it was read, and the register of its identifiers."""

    plan: Plan
    quads: list[ox.Quad]
    report: Report
    picture: str
    entries: tuple[Entry, ...]
    read: Completeness
    register: Register


def publish_release(
    out: Path,
    plans: list[PlanGraphs],
    settings: Settings,
    step: Callable[[str], None],
    engine: Engine | None = None,
) -> Manifest:
    """Write a release and make it the current one.

    Args:
        out: the folder of releases.
        plans: the plans, each with its graphs and report.
        settings: who publishes, under which base of all IRIs.
        step: told the name of each step as it begins.
        engine: another engine that is to hold the release as well.

    Returns:
        The release's manifest.

    Raises:
        PlanlinkError: a plan violates a shape, the folder cannot be written or the engine fails.
            The former release stays.
    """
    refuse_violations(plans)
    try:
        out.mkdir(parents=True, exist_ok=True)
        with _lock(out):
            return _write(out, plans, settings, step, engine)
    except OSError as error:
        raise PlanlinkError(
            f"the release cannot be written ({error.strerror})",
            str(error.filename or out),
            "name a folder you may write to with --out",
        ) from error


def refuse_violations(plans: Iterable[PlanGraphs]) -> None:
    """Refuse what must not be published.

    Raises:
        PlanlinkError: a plan violates a shape; the message gives the first result.
    """
    for graphs in plans:
        if graphs.report.conforms:
            continue
        first = graphs.report.results[0]
        raise PlanlinkError(
            f"{graphs.report.count('Violation')} SHACL violations, "
            f"the first: {first.message_zh} / {first.message_en} ({first.focus})",
            str(graphs.plan.folder),
            "nothing was released; mend the plan's text, errata or metadata",
        )


@contextmanager
def _lock(out: Path) -> Iterator[None]:
    """Only one publish at a time writes into a folder."""
    with (out / ".lock").open("w") as handle:
        try:
            lock(handle.fileno(), wait=False)
        except BlockingIOError as error:
            raise PlanlinkError(
                "another publish is writing there", str(out), "wait for it to end"
            ) from error
        yield


def _write(
    out: Path,
    plans: list[PlanGraphs],
    settings: Settings,
    step: Callable[[str], None],
    engine: Engine | None,
) -> Manifest:
    """What a release consists of, part by part."""
    building = _Building(out, plans, settings)
    step("dumps")
    building.write_dumps()
    step("tables and exports")
    building.write_exports()
    building.write_changes()
    building.write_catalogue()
    step("store")
    building.write_store()
    step("search index")
    building.write_search_index()
    step("report and manifest")
    building.write_plan_files()
    manifest = building.write_manifest()
    if engine:
        step("load engine")
        building.stage(engine)
    building.put_in_place(engine)
    return manifest


class _Building:
    """A release in a folder of its own, until it is put in place. Its parts are written in the
    order of the methods: later ones hold what earlier ones found.

    Args:
        out: the folder of releases; what killed publishes left there is removed.
        plans: the plans, each with its graphs and report.
        settings: who publishes, under which base of all IRIs.
    """

    def __init__(self, out: Path, plans: list[PlanGraphs], settings: Settings) -> None:
        self._out, self._plans, self._settings = out, plans, settings
        self._base, self._releases = settings.site.base, out / "releases"
        self._releases.mkdir(exist_ok=True)
        for left in out.glob(".building-*"):
            shutil.rmtree(left)
        self._past = _past(self._releases)
        self._number = max((manifest.release for manifest in self._past), default=0) + 1
        self._issued = datetime.now(UTC).isoformat(timespec="seconds")
        self._today = self._issued[:10]
        self._folder = out / f".building-{self._number}"
        for name in ("dumps", "exports"):
            (self._folder / name).mkdir(parents=True)
        self._vocabulary = graph_quads(vocabulary(), URIRef(site_graph(self._base, "vocabulary")))
        self._quads = {graphs.plan.slug: in_order(graphs.quads) for graphs in plans}
        self._made: list[ReleaseFile] = []
        self._entries: dict[str, PlanEntry] = {}
        self._removals: list[Removal] = []
        self._everything: list[ox.Quad] = []
        self._stored = 0

    def write_dumps(self) -> None:
        """Each plan in every RDF format."""
        for graphs in self._plans:
            slug, quads = graphs.plan.slug, self._quads[graphs.plan.slug]
            dumps = {
                name: _write_dump(self._folder / "dumps", slug, quads, form)
                for name, form in FORMATS.items()
            }
            self._made += dumps.values()
            self._entries[slug] = _plan_entry(
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

    def write_changes(self) -> None:
        """What changed since the release before, and what is there no more."""
        last = self._past[-1] if self._past else None
        former = plan_quads(self._releases / str(last.release), last) if last else {}
        changed = changes_by_plan(former, self._quads)
        there = {quad.subject for quads in self._quads.values() for quad in quads}
        gone = {
            graphs.plan.slug: withdrawn(
                former[graphs.plan.slug],
                self._quads[graphs.plan.slug],
                plan_iri(self._base, graphs.plan.slug),
                graphs.register.successors(),
            )
            for graphs in self._plans
            if graphs.plan.slug in former
        }
        self._removals = _removals(last, changed, gone, self._number, self._today, there)
        _write_json(
            self._folder / "changes.json", {slug: one.as_json() for slug, one in changed.items()}
        )

    def write_catalogue(self) -> None:
        """The catalogue with the release history and VoID, and the dump of everything, which has
        each of its triples once."""
        listed = self._listed()
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

    def _listed(self) -> list[ox.Quad]:
        """The catalogue and the release history, each in its graph."""
        kinds = {table.name: (table.zh, table.en) for table in schema()}
        plans = [graphs.plan for graphs in self._plans]
        this = PastRelease(
            self._number,
            self._issued,
            program(),
            self._settings.licence.iri,
            tuple(self._entries.values()),
        )
        return [
            *graph_quads(
                catalogue(plans, self._made, kinds, self._entries, self._settings),
                URIRef(site_graph(self._base, "catalogue")),
            ),
            *version_quads(
                self._settings,
                ox.NamedNode(site_graph(self._base, "releases")),
                [*map(_past_release, self._past), this],
                self._removals,
            ),
        ]

    def write_store(self) -> None:
        """Everything, to be queried."""
        self._stored = write_store(self._folder / "store", self._everything)

    def write_search_index(self) -> None:
        """What search finds of each plan."""
        entries = (entry for graphs in self._plans for entry in graphs.entries)
        write_index(self._folder / "search.sqlite", entries)

    def write_plan_files(self) -> None:
        """Each plan's source text as published, validation report, and what pictures start
        from."""
        for graphs in self._plans:
            _write_plan_files(self._folder, graphs, self._base)

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
        )
        write_manifest(self._folder, manifest)
        return manifest

    def stage(self, engine: Engine) -> None:
        """Load everything into another engine, where no reader looks yet."""
        engine.stage(self._everything)
        write_engine(self._folder, engine)

    def put_in_place(self, engine: Engine | None) -> None:
        """Make the release the current one, here and in the other engine."""
        _sync(self._folder)
        with swapping(self._out) if engine else nullcontext():
            if engine:
                served = (self._out / "current").exists()
                engine.swap(read_manifest(current(self._out)).graphs if served else ())
            self._folder.rename(self._releases / str(self._number))
            _point(self._out / "current", Path("releases") / str(self._number))
            _point(self._out / "dumps", Path("current") / "dumps")


def _past(releases: Path) -> list[Manifest]:
    """The manifests of the releases before, the first one first."""
    return [
        read_manifest(releases / name)
        for name in sorted((p.name for p in releases.iterdir() if p.name.isdigit()), key=int)
    ]


def _past_release(manifest: Manifest) -> PastRelease:
    plans = tuple(plan for plan in manifest.plans if plan.dump)
    return PastRelease(manifest.release, manifest.issued, manifest.program, manifest.licence, plans)


def _plan_entry(
    graphs: PlanGraphs,
    dump: ReleaseFile,
    triples: int,
    past: list[Manifest],
    this: tuple[int, str],
) -> PlanEntry:
    """What the manifest says of a plan; this is the release's number and its day."""
    plan, (number, today) = graphs.plan, this
    former = [p for m in past for p in m.plans if p.slug == plan.slug and p.content]
    same = former and former[-1].content == dump.sha256
    return PlanEntry(
        slug=plan.slug,
        title=plan.title,
        title_en=plan.title_en,
        issuer=plan.issuer,
        area=plan.area,
        period=plan.period,
        revision_of=plan.revision_of,
        source_sha256=plan.sha256,
        source_encoding=plan.encoding,
        errata=len(plan.errata),
        warnings=graphs.report.count("Warning"),
        dump=dump.name,
        content=dump.sha256,
        issued=former[0].issued if former else today,
        modified=former[-1].modified if same else today,
        triples=triples,
        version=_version(past, plan.slug, dump.sha256) or number,
    )


def _version(past: list[Manifest], slug: str, content: str) -> int:
    """The first of the releases, up to the last one, that hold a plan's data unchanged; 0 where
    the last one holds others."""
    number = 0
    for manifest in reversed(past):
        plan = manifest.plan(slug)
        if plan is None or plan.content != content:
            break
        number = manifest.release
    return number


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
        hashlib.sha256(content).hexdigest(),
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
        sha256 = hashlib.sha256(file.content).hexdigest()
        yield ReleaseFile(
            plan.slug,
            file.holds,
            file.name,
            f"/exports/{file.name}",
            file.media_type,
            len(file.content),
            sha256,
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


def _write_plan_files(building: Path, graphs: PlanGraphs, base: str) -> None:
    folder = building / "plans" / graphs.plan.slug
    folder.mkdir(parents=True)
    text = graphs.plan.source
    (folder / "source.txt").write_bytes(text.encode("utf-8"))
    (folder / "picture.json").write_text(graphs.picture, encoding="utf-8")
    plan = plan_iri(base, graphs.plan.slug)
    report = graphs.report.graph(f"{base}/reports/{graphs.plan.slug}.ttl")
    named = in_order(graph_quads(report, URIRef(plan_graph(plan, "report"))))
    (folder / "report.ttl").write_bytes(serialize(named, FORMATS["turtle"]))
    (folder / "completeness.json").write_text(graphs.read.as_json(), encoding="utf-8")
    (folder / "report.json").write_text(
        json.dumps([r.as_json() for r in graphs.report.results], ensure_ascii=False, indent=1),
        encoding="utf-8",
    )


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
    """What there is of a release but its store, by path."""
    found = {path.relative_to(building): path for path in building.rglob("*") if path.is_file()}
    return {
        str(name): FileEntry(path.stat().st_size, hashlib.sha256(path.read_bytes()).hexdigest())
        for name, path in sorted(found.items())
        if "store" not in name.parts
    }


def _sync(folder: Path) -> None:
    """Have every file of a folder on the disk before the folder gets its name."""
    for path in [folder, *folder.rglob("*")]:
        to_disk(path)


def _point(link: Path, target: Path) -> None:
    """Make a symbolic link lead to a target, in one step."""
    fresh = link.with_name(f".{link.name}-new")
    fresh.unlink(missing_ok=True)
    fresh.symlink_to(target)
    fresh.replace(link)
