"""Compiled plans -> one release: a store, dumps, a catalogue, a search index and a manifest,
complete or absent.

A release is built in a hidden folder, renamed into place, and made the current one in one step. A
process killed at any moment leaves the former release served, and what it had built is swept away
by the next publish.
"""

import json
import shutil
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from kg.errors import PlanlinkError
from kg.files import files_below
from kg.graph.vocabulary import vocabulary_quads
from kg.rdf.gzipped import one_member, read_content
from kg.rdf.iris import outward, plan_iri, program, shared_graph, site_graph
from kg.rdf.namespaces import PLAN, local_name
from kg.rdf.quads import FORMATS, chinese_first, in_order, serialize
from kg.release.across import across_plans
from kg.release.cache import Cache, Part
from kg.release.catalogue import (
    CORE_METADATA,
    area_series,
    core_metadata,
    core_metadata_csv,
    endpoint_quads,
    own_catalogue,
    version_quads,
)
from kg.release.check import BESIDE, is_complete
from kg.release.compiled import SEARCH, Compiled, join_versions
from kg.release.edition import (
    CATALOGUE,
    LISTED,
    Withdrawn,
    export_plan,
    exports_key,
    write_changes_of,
)
from kg.release.engine import Engine, write_engine
from kg.release.folder import ASIDE, EVERYTHING, outdated, put_in_place, swapped, take_away
from kg.release.history import CHANGES, UNCHANGED, write_counts
from kg.release.history import Counts as ChangeCounts
from kg.release.indexing import FOLDER as INDEX
from kg.release.indexing import Entry, PlanEntries, write_index
from kg.release.jobs import Jobs, Progress, cluster_at, refuse
from kg.release.kept_store import KeptStore, Piece, write_piece
from kg.release.manifest import (
    FileEntry,
    Manifest,
    PastRelease,
    PlanEntry,
    ReleaseFile,
    Removal,
    dated,
    measured,
    numbers,
    past_of_plans,
    sha256,
    write_manifest,
)
from kg.release.previous import PreviousReleases, read_previous
from kg.release.questions import SUMMARIES, Questions
from kg.release.store import open_store
from kg.release.summaries import write_summaries
from kg.release.void import Classes, Counts, released_statistics, statistics_in, void
from kg.settings import Settings

CACHE = ".compiled"
"""The folder, in a folder of releases, where what is made of plans is kept."""
KEPT_STORE = ".store"
"""The folder, in that one, of the store that takes in what differs."""
_REST = ".rest.nq.gz"  # what no plan alone says, until it is loaded; no plan is called so


@dataclass(frozen=True)
class Publishing:
    """How plans are to be released.

    step: called with the name of each step as it begins. say: called with what a user should know.
    engine: another engine that is to hold the release as well.
    remove: the slugs of plans to take out, which other plans may be published under; those that are
        neither published nor named here stay.
    keep: how many releases to keep, the latest ones; None for all.
    by: who publishes.
    cache: the folder where what is made of plans is kept; None for one in the folder of releases.
    jobs: how many processes work on plans; 1 for this one alone.
    scheduler: the address of a cluster's scheduler, whose workers work on plans instead; "" for
        none.
    progress: called with how far work on several plans has come.
    failed: called with what is wrong with a plan that is not released, or stays as it was released
        before, while the others are; None where nothing is to be released then.
    """

    step: Callable[[str], None]
    say: Callable[[str], None]
    engine: Engine | None = None
    remove: tuple[str, ...] = ()
    keep: int | None = None
    by: str = ""
    cache: Path | None = None
    jobs: int = 1
    progress: Callable[[Progress], None] = lambda _: None
    failed: Callable[[PlanlinkError], None] | None = None
    scheduler: str = ""

    @contextmanager
    def workers(self) -> Iterator[Jobs]:
        """Who works on plans; PlanlinkError where the cluster cannot be reached."""
        with ExitStack() as stack:
            cluster = stack.enter_context(cluster_at(self.scheduler)) if self.scheduler else None
            yield stack.enter_context(closing(Jobs(self.jobs, self.progress, cluster)))

    def cache_of(self, out: Path) -> Cache:
        """Where what is made of plans is kept, for a folder of releases."""
        return Cache(self.cache or out / CACHE)


def assemble(
    out: Path, plans: list[Compiled], settings: Settings, publishing: Publishing, jobs: Jobs
) -> Manifest:
    """Write a release and make it the current one, unless the current one says the same already.

    Args:
        out: the folder of releases, which this process holds (only_publisher).
        plans: the plans that were compiled. The release keeps the others that the current one has.

    Returns:
        The manifest of the current release.

    Raises:
        PlanlinkError: the folder cannot be written, the current release is damaged, a plan that
            should be kept or removed cannot be, or the engine fails. The former release stays.
    """
    cache, base = publishing.cache_of(out), settings.site.base
    before = read_previous(out, publishing.say)
    together = (
        [*plans]
        if before is None
        else before.with_kept(plans, publishing.remove, base, cache, publishing.say)
    )
    if before is None and publishing.remove:
        raise PlanlinkError.of("nothing_to_remove", out)
    if not together:
        raise PlanlinkError.of("no_plan_left", out)
    slugs = {one.slug for one in together}
    for one in together:
        if (earlier := one.plan.revision_of) and earlier not in slugs:
            publishing.say(
                f"{one.slug}: revision_of names {earlier}, which no plan here is called; it is "
                "left out until that one is published"
            )
    together = join_versions(cache, together, base)
    return _publish(_Building(out, together, settings, before, publishing, jobs), publishing)


def _publish(building: "_Building", publishing: Publishing) -> Manifest:
    """What a release consists of, part by part."""
    step, engine = publishing.step, publishing.engine
    step("tables and exports")
    building.write_plans()
    building.write_exports()
    building.list_files()
    if (same := building.unchanged()) is not None:
        return same
    step("summaries")
    building.write_summaries()
    step("changes and catalogue")
    building.write_changes()
    building.write_catalogue()
    step("store")
    building.write_store()
    step("search index")
    building.write_search_index()
    step("manifest")
    manifest = building.write_manifest()
    if engine:
        step("load engine")
        building.stage(engine)
    building.put_in_place()
    return manifest


class _Building:
    """A release in a hidden folder, until it is put in place. Its parts are written in the order
    of the methods: later ones hold what earlier ones found."""

    def __init__(
        self,
        out: Path,
        plans: list[Compiled],
        settings: Settings,
        before: PreviousReleases | None,
        publishing: Publishing,
        jobs: Jobs,
    ) -> None:
        self._out, self._plans, self._settings = out, plans, settings
        self._before, self._publishing, self._jobs = before, publishing, jobs
        self._base, self._cache = settings.site.base, publishing.cache_of(out)
        self._past = before.history if before else ()
        self._number = max([0, *numbers(out), *(one.number for one in self._past)]) + 1
        self._issued = self._dated()
        self._today = str(settings.site.day(self._issued))
        self._folder = out / f"{ASIDE}{self._number}"
        self._folder.mkdir()
        self._vocabulary = vocabulary_quads(site_graph(self._base, "vocabulary"))
        self._outer = [quad for one in plans for quad in one.inner.others()]
        self._files: dict[str, FileEntry] = {}
        self._made: list[ReleaseFile] = []
        self._entries: dict[str, PlanEntry] = {}
        self._exports: list[Part] = []
        self._used = {(one.slug, part.key) for one in plans for part in one.parts}
        self._listed: list[ox.Quad] = []
        self._content = ""
        self._removals: list[Removal] = []
        self._counts = Counts(())
        self._pieces: dict[str, Piece] = {}
        self._graphs: dict[str, int] = {}

    def _dated(self) -> str:
        """Now (ISO, UTC), or the date of the release before where the clock is behind it."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        last = max(self._before.last.issued, self._before.served.issued) if self._before else ""
        if last > now:
            self._publishing.say(f"the clock says {now}; the release is dated {last}, as the last")
        return max(now, last)

    def write_plans(self) -> None:
        """Each plan's dump, metadata, source text and validation report."""
        past = past_of_plans(self._past)
        for one in self._plans:
            self._files |= one.part.link(self._folder, "dumps/", "plans/")
            self._made += one.dumps
            self._entries[one.slug] = dated(
                one.entry(), past.get(one.slug, {}), self._number, self._today
            )

    def write_exports(self) -> None:
        """Each plan's tables and other files."""
        found, keys, tasks = dict[str, Part | None](), dict[str, str](), []
        for one in self._plans:
            entry = self._entries[one.slug]
            key = exports_key(one, entry, self._settings)
            self._used.add((one.slug, key))
            if (there := self._cache.find(one.slug, key)) is None:
                made = partial(export_plan, self._cache, key, one, entry, self._settings)
                tasks.append((one.slug, made))
            keys[one.slug], found[one.slug] = key, there
        refuse(self._jobs.each("tables and exports", tasks))
        for slug, there in found.items():
            part = there or self._cache.find(slug, keys[slug])
            assert part is not None
            self._exports.append(part)
            self._files |= part.link(self._folder, "exports/")
            self._made += [ReleaseFile(**file) for file in part.noted["exports"]]

    def list_files(self) -> None:
        """The catalogue but for the release history, and a digest of all that there is so far."""
        plans = [one.plan for one in self._plans]
        own = own_catalogue(plans, self._entries, self._settings)
        quads = dict.fromkeys(own)
        for part in self._exports:  # what several say, of a licence or a format, stands once
            quads |= dict.fromkeys(_catalogue_piece(part).others())
        self._listed = [*quads]
        engine = self._publishing.engine
        parts = [
            *(f"{name} {entry.sha256}" for name, entry in sorted(self._files.items())),
            *map(str, in_order([*own, *self._vocabulary])),
            *(part.files[CATALOGUE].sha256 for part in self._exports),
            *(one.part.files[SEARCH].sha256 for one in self._plans),
            *(str(asdict(entry)) for entry in self._entries.values()),
            f"{program()} {engine.query if engine else ''}",
        ]
        self._content = sha256("\n".join(parts).encode())

    def unchanged(self) -> Manifest | None:
        """The current release where it is whole and the same: then nothing new is released."""
        if self._before is None or self._before.served.content != self._content:
            return None
        folder, engine = self._before.folder, self._publishing.engine
        if not is_complete(folder, self._before.served):
            return None
        if engine:
            self._publishing.step("load engine")
            engine.stage(folder / EVERYTHING)
            with swapped(self._out, engine, self._before.served, self._before.served.release):
                pass
        shutil.rmtree(self._folder)
        self._cache.prune(self._used)
        self._publishing.say(
            f"nothing has changed since release {folder.name}; there is no new one"
        )
        self._take_away()
        return self._before.served

    def write_changes(self) -> None:
        """What changed since the release before, and what is there no more."""
        plans = {one.slug: one for one in self._plans}
        former = self._before.former if self._before else {}
        known = self._known_removals()
        texts = self._folder / CHANGES
        texts.mkdir()
        tasks = []
        for slug in sorted({*plans, *former}):
            one, last = plans.get(slug), former.get(slug)
            if one is None or last is None or one.content != last.content:
                iri, dump = plan_iri(self._base, slug), self._former_dump(last)
                own = known.get(slug, ())
                tasks.append((slug, partial(write_changes_of, slug, iri, one, dump, own, texts)))
        changes = refuse(self._jobs.each("changes", tasks))
        there = {getattr(quad.subject, "value", "") for quad in self._outer}
        there |= {iri for one in changes for iri in one.back}
        self._removals = self._gone(changes, there)
        counts: dict[str, ChangeCounts] = dict.fromkeys([*plans, *former], UNCHANGED)
        write_counts(texts, counts | {one.slug: one.counts for one in changes})

    def _known_removals(self) -> dict[str, list[str]]:
        """The IRIs of what was there no more in the release before, by the slug of its plan."""
        known: dict[str, list[str]] = {}
        for one in self._before.last.removed if self._before else ():
            slug = one.iri.removeprefix(plan_iri(self._base, "")).partition("/")[0]
            known.setdefault(slug, []).append(one.iri)
        return known

    def _former_dump(self, plan: PlanEntry | None) -> Path | None:
        if plan is None or self._before is None:
            return None
        return self._before.last_folder / "dumps" / plan.dump

    def _gone(self, changes: Collection[Withdrawn], there: set[str]) -> list[Removal]:
        """Every entity that was withdrawn, by former releases or by this one."""
        known = {one.iri: one for one in self._before.last.removed} if self._before else {}
        for one in changes:
            for iri, successor in one.gone.items():
                known[iri] = Removal(iri, self._number, successor, self._today)
        gone = {iri: one for iri, one in known.items() if iri not in there}
        return [
            replace(one, successor=_last_successor(one, gone)) for _, one in sorted(gone.items())
        ]

    def write_catalogue(self) -> None:
        """The catalogue with the release history and VoID, and the dump of everything."""
        asked = Questions(self._folder)
        self._listed += area_series(asked, self._settings)
        across = across_plans(asked, self._base)
        listed, without_counts, counted = self._counted(across)
        if self._note_statistics(statistics_in(counted)):  # what is said of them is counted too
            listed, without_counts, counted = self._counted(across)
        rest, graph = in_order([*without_counts, *counted]), site_graph(self._base, "catalogue")
        sizes = Counter(getattr(quad.graph_name, "value", "") for quad in rest)
        self._pieces = {one.slug: one.inner for one in self._plans}
        for one, part in zip(self._plans, self._exports, strict=True):
            self._pieces[f".{one.slug}"] = _catalogue_piece(part)
            sizes.update(one.part.noted["graphs"])
            sizes[graph] += part.noted["quads"]
        self._pieces[_REST] = write_piece(self._folder / _REST, rest)
        self._graphs = dict(sorted(sizes.items()))
        with (self._folder / EVERYTHING).open("wb") as out:
            out.writelines(one_member(piece.blocks() for piece in self._pieces.values()))
        (self._folder / CORE_METADATA).write_bytes(
            core_metadata_csv(
                core_metadata(one.plan, self._entries[one.slug], self._settings)
                for one in self._plans
            )
        )
        with (self._folder / "catalogue.ttl").open("wb") as out:
            out.write(serialize(chinese_first([*listed, *counted]), FORMATS["turtle"]))
            out.writelines(read_content(part.folder / LISTED) for part in self._exports)

    def _counted(self, across: list[ox.Quad]) -> tuple[list[ox.Quad], list[ox.Quad], list[ox.Quad]]:
        """The catalogue with the release history; all that no plan alone says, with that in it;
        VoID of that and of the plans.

        Args:
            across: what ties plans together.
        """
        listed = [*self._listed, *self._history()]
        read = _once_each([*self._outer, *self._vocabulary], ox.NamedNode(shared_graph(self._base)))
        graph = site_graph(self._base, "catalogue")
        there, plans = {quad.triple for quad in read}, [one.part for one in self._plans]
        without_counts = [
            *read,
            *(quad for quad in listed if quad.triple not in there),  # so that each is there once
            *across,
            *endpoint_quads(self._settings),
        ]
        counted, self._counts = void(
            without_counts,
            (Counts.of_json(one.noted["counted"]) for one in (*plans, *self._exports)),
            {
                **self._named_in(without_counts),
                **{
                    ox.NamedNode(iri): tuple(of)
                    for part in self._exports
                    for iri, of in part.noted["classes"]
                },
            },
            self._named_in(across),
            graph,
            self._settings.site,
            {slug: (entry.triples, entry.dump) for slug, entry in self._entries.items()},
        )
        return listed, without_counts, counted

    def _named_in(self, quads: list[ox.Quad]) -> Classes:
        """The classes of entities in plans that quads name, as the plans say them."""
        plans = {one.slug: one.part.noted["kinds"] for one in self._plans}
        found: dict[object, tuple[str, ...]] = {}
        for term in (term for quad in quads for term in (quad.subject, quad.object)):
            iri = getattr(term, "value", "").removeprefix(plan_iri(self._base, ""))
            slug, _, within = iri.partition("/")
            kind = "" if "#" in within else within.partition("/")[0]  # else what is said of one
            if classes := plans.get(slug, {}).get(kind):
                found[term] = tuple(classes)
        return found

    def _note_statistics(self, there: set[str]) -> bool:
        """Note which statistics of former releases are there no more; whether that changes what was
        noted."""
        if self._before is None:
            return False
        try:
            former = released_statistics(open_store(self._before.last_folder / "store"))
        except (PlanlinkError, OSError) as error:
            self._publishing.say(f"{error}. Statistics that went since are not noted")
            return False
        noted = {one.iri: one for one in self._removals}
        gone = {iri: Removal(iri, self._number, "", self._today) for iri in former - there}
        now = {iri: one for iri, one in (gone | noted).items() if iri not in there}
        self._removals = [now[iri] for iri in sorted(now)]
        return now.keys() != noted.keys()

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
        return version_quads(self._settings, [*self._past, this], self._removals, kept)

    def write_store(self) -> None:
        """Everything, to be queried."""
        kept = KeptStore(self._cache.folder / KEPT_STORE)
        kept.bring_up_to_date(self._pieces, self._folder / EVERYTHING, self._folder / "store")
        self._pieces[_REST].file.unlink()

    def write_search_index(self) -> None:
        """What search finds of each plan; of those that did not change it is taken from the index
        of the release before."""
        plans = [
            PlanEntries(one.slug, one.part.files[SEARCH].sha256, partial(_search_entries, one))
            for one in self._plans
        ]
        write_index(self._folder / INDEX, plans, self._former(INDEX))

    def _former(self, path: str) -> Path | None:
        """A file or folder of the release before, where it is as it was published."""
        if self._before is None:
            return None
        folder, served = self._before.folder, self._before.served
        names = [name for name in served.files if name == path or name.startswith(f"{path}/")]
        try:
            same = all(measured(folder / name) == served.files[name] for name in names)
        except FileNotFoundError:
            same = False
        return folder / path if names and same else None

    def write_summaries(self) -> None:
        """What questions about all plans are answered from."""
        parts = {one.slug: part for one, part in zip(self._plans, self._exports, strict=True)}
        write_summaries(self._folder / SUMMARIES, parts, self._cache, self._former(SUMMARIES))

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
            triples=sum(self._graphs.values()),
            graphs=self._graphs,
            classes=self._class_sizes(),
            plans=tuple(self._entries.values()),
            files=_files(self._folder, self._files, self._before),
            exports=tuple(self._made),
            removed=tuple(self._removals),
            by=self._publishing.by,
            content=self._content,
            history=self._past,
        )
        write_manifest(self._folder, manifest)
        return manifest

    def _class_sizes(self) -> dict[str, int]:
        """How many instances each class of the vocabulary has, by its local name."""
        named = sorted(self._counts.classes.items())
        return {local_name(iri): n for iri, n in named if iri.startswith(str(PLAN))}

    def stage(self, engine: Engine) -> None:
        """Load what has changed into another engine, where no reader looks yet."""
        engine.stage(self._folder / EVERYTHING)
        write_engine(self._folder, engine)

    def put_in_place(self) -> None:
        """Make the release current, here and in the engine, and remove those not to be kept."""
        self._cache.prune(self._used)
        served = self._before.served if self._before else None
        swap = swapped(self._out, self._publishing.engine, served, self._number)
        put_in_place(self._out, self._folder, self._number, swap, self._files)
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


def _catalogue_piece(part: Part) -> Piece:
    """What the catalogue alone says of a plan."""
    return Piece(part.folder / CATALOGUE, part.noted["inner"], part.files[CATALOGUE].sha256)


def _search_entries(plan: Compiled) -> list[Entry]:
    return [Entry(*row) for row in json.loads(plan.part.text(SEARCH))]


def _last_successor(removal: Removal, removed: dict[str, Removal]) -> str:
    """What has the place of an entity now, where its successors were removed in their turn."""
    last = outward(removal.iri, lambda iri: removed[iri].successor if iri in removed else None)[-1]
    return "" if last in removed else last


def _once_each(quads: list[ox.Quad], shared: ox.NamedNode) -> list[ox.Quad]:
    """Quads with each triple once: those of several graphs move to the shared graph."""
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


def _files(
    building: Path, known: dict[str, FileEntry], before: PreviousReleases | None
) -> dict[str, FileEntry]:
    """The files of a release by path, engines' own aside.

    Args:
        known: those measured already.
        before: the releases before; a file that the current one has under the same name, as one
            file with two names, is not read again: it may be of a store of gigabytes.
    """
    found = {**known}
    for name in files_below(building):
        if name not in known and not BESIDE.fullmatch(name):
            former = before.served.files.get(name) if before else None
            path = before.folder / name if before and former else None
            linked = path and path.exists() and path.samefile(building / name)
            found[name] = former if former and linked else measured(building / name)
    return dict(sorted(found.items()))
