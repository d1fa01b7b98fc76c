"""A plan compiled: all that a release holds of it and no other plan has a say in, kept in files.

Its N-Quads dump has two parts, compressed one after the other (RFC 1952, section 2.2). What only
this plan can say is in the first, which goes into the dump of everything as it is; what other
plans or the catalogue may say as well (of a year, of the program, of the plan itself) is in the
second, so that a release can say each triple once.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import partial
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec
import pyoxigraph as ox
from rdflib import URIRef
from rdflib.namespace import DCTERMS, PROV

from kg.errors import PlanlinkError
from kg.graph.area import shared_area
from kg.link.identifiers import REGISTER, Register
from kg.rdf.gzipped import packed
from kg.rdf.iris import plan_graph, plan_iri
from kg.rdf.quads import FORMATS, Format, graph_quads, in_order, read_quads, serialize
from kg.rdf.shacl import Result, ValidationReport
from kg.rdf.statements import Statements
from kg.release.cache import Cache, Part, key_of
from kg.release.kept_store import Piece, write_piece
from kg.release.manifest import Manifest, PlanEntry, ReleaseFile, dumped, released, sha256
from kg.release.plans import PlanGraphs
from kg.release.search import plan_entries
from kg.release.void import Counts, classes_by_kind, own_iris
from kg.source.plan import Plan
from kg.views.comparison import revised_targets
from kg.views.reading import Paragraphs, as_json, from_json

SEARCH = "search.json.gz"
_REGISTER = f"{REGISTER}.gz"
_DUMP = FORMATS["nquads"]  # to exchange data by, and so compressed where it is served as well
# what a plan's IRI is followed by where the catalogue speaks of it
_CATALOGUED = ("dataset", "release", "series")
# fields of a plan that the manifest has as well
_SAME = ("slug", "title", "title_en", "issuer", "area", "period", "revision_of")
# fields of a plan that plan.json leaves out
_ELSEWHERE = ("folder", "source", "errata", "origin", "model")
_REVISES = ox.NamedNode(str(PROV.wasRevisionOf))
_REPLACES, _REPLACED = (ox.NamedNode(str(DCTERMS[n])) for n in ("replaces", "isReplacedBy"))


@dataclass(frozen=True)
class Compiled:
    """A plan that has been compiled.

    plan: what is known of it, without its text and errata.
    part: the files. noted there: content (the N-Quads dump's SHA-256), triples, errata, warnings,
        successors (kind, former identifier, and that of what has its place), inner (bytes of the
        dump's first part), graphs (how many quads each has there), counted (counts of those quads),
        kinds (the classes that all of a kind have there), register, registered (the SHA-256 of the
        register compiled with, and of its own).
    base: the compiled plan that it was made of, where another plan had a say in it after all.
    """

    plan: Plan
    part: Part
    base: Compiled | None = None

    @property
    def slug(self) -> str:
        """The plan's slug."""
        return self.plan.slug

    @property
    def content(self) -> str:
        """The SHA-256 of its N-Quads dump."""
        return str(self.part.noted["content"])

    @property
    def dumps(self) -> list[ReleaseFile]:
        """Its RDF files."""
        return [ReleaseFile(**one) for one in self.part.noted["dumps"]]

    @property
    def parts(self) -> list[Part]:
        """The part of the cache that it is, and that of the plan that it was joined from."""
        return [self.part, *(self.base.parts if self.base else [])]

    def quads(self) -> list[ox.Quad]:
        """All that was read from it, in an order of its own."""
        return read_quads(self.dump)

    def paragraphs(self) -> Paragraphs:
        """The paragraphs of its text."""
        folder = self.part.folder / "plans" / self.slug
        source = (folder / "source.txt").read_bytes().decode()
        return Paragraphs(source, from_json((folder / "document.json").read_bytes().decode()))

    @property
    def dump(self) -> Path:
        """Its N-Quads dump."""
        return self.part.folder / "dumps" / _dump_name(self.slug, _DUMP)

    @property
    def inner(self) -> Piece:
        """The first part of its dump: quads about subjects that no other plan or the catalogue
        speaks of."""
        return Piece(self.dump, self.part.noted["inner"], self.content)

    @property
    def registers(self) -> tuple[str, str]:
        """The SHA-256 of the register compiled with, and of that to be given to the folder."""
        return str(self.part.noted["register"]), str(self.part.noted["registered"])

    @property
    def register(self) -> str:
        """The register that is to be given to the folder."""
        return self.part.text(_REGISTER)

    def successors(self) -> dict[tuple[str, str], str]:
        """What took the place of what was withdrawn: identifiers by kind and former identifier."""
        return {(kind, former): now for kind, former, now in self.part.noted["successors"]}

    def entry(self) -> PlanEntry:
        """What the manifest says of it, but for when it was released."""
        plan, noted = self.plan, self.part.noted
        return PlanEntry(
            **{name: getattr(plan, name) for name in _SAME},
            source_sha256=plan.sha256,
            source_encoding=plan.encoding,
            errata=noted["errata"],
            warnings=noted["warnings"],
            dump=_dump_name(plan.slug, _DUMP),
            content=self.content,
            triples=noted["triples"],
            place=shared_area(plan),
        )


def write_compiled(
    cache: Cache,
    key: str,
    graphs: PlanGraphs,
    base: str,
    released_files: Mapping[str, bytes] = MappingProxyType({}),
    **noted: object,
) -> Compiled:
    """Keep a plan that was read.

    Args:
        key: the digest of what it was made from.
        released_files: those of its files that are kept as a release has them, by name.
        noted: what else is to be noted of it.
    """

    def write(folder: Path) -> dict[str, Any]:
        _write_plan_files(folder / "plans" / graphs.plan.slug, graphs, base, released_files)
        entries = json.dumps(graphs.entries, ensure_ascii=False)
        (folder / SEARCH).write_bytes(packed(entries.encode()))
        register = graphs.register.written().encode()
        (folder / _REGISTER).write_bytes(packed(register))
        return {
            "errata": len(graphs.plan.errata) if graphs.kept is None else graphs.kept.errata,
            "warnings": graphs.report.count("Warning"),
            "registered": sha256(register),
            "successors": [(*of, now) for of, now in sorted(graphs.register.successors().items())],
            **noted,
            **_write_quads(folder, graphs.plan.slug, graphs.quads, base),
        }

    return _compiled(cache.make(graphs.plan.slug, key, write))


def find_compiled(cache: Cache, slug: str, key: str) -> Compiled | None:
    """The compiled plan that is kept under a key, if it is."""
    part = cache.find(slug, key)
    return _compiled(part) if part else None


def _compiled(part: Part, base: Compiled | None = None) -> Compiled:
    return Compiled(released_plan(part.folder / "plans" / part.folder.parent.name), part, base)


def _write_plan_files(
    folder: Path, graphs: PlanGraphs, base: str, released_files: Mapping[str, bytes]
) -> None:
    """A plan's metadata, source text as published, the blocks of its document, validation report,
    and how well it was read."""
    plan = plan_iri(base, graphs.plan.slug)
    report = graphs.report.graph(f"{base}/reports/{graphs.plan.slug}.ttl")
    named = in_order(graph_quads(report, URIRef(plan_graph(plan, "report"))))
    results = [result.as_json() for result in graphs.report.results]
    about = {
        field.name: getattr(graphs.plan, field.name)
        for field in fields(Plan)
        if field.name not in _ELSEWHERE
    }
    as_json = partial(json.dumps, ensure_ascii=False, indent=1, default=str)
    folder.mkdir(parents=True)
    for name, content in {
        "plan.json": as_json(about).encode(),
        "source.txt": graphs.plan.source.encode(),
        "document.json": graphs.document.encode(),
        "report.ttl": serialize(named, FORMATS["turtle"]),
        "report.json": as_json(results).encode(),
        "completeness.json": graphs.read.encode(),
    }.items():
        (folder / name).write_bytes(released_files.get(name, content))


def _write_quads(folder: Path, slug: str, quads: Sequence[ox.Quad], base: str) -> dict[str, Any]:
    """A plan's N-Quads, of which other formats are made when they are asked for; returns what is to
    be noted of its quads."""
    quads = in_order(quads)
    inner, outer = _own_and_shared(quads, plan_iri(base, slug))
    kept = _dump_name(slug, _DUMP)
    (folder / "dumps").mkdir()
    piece = write_piece(folder / "dumps" / kept, inner, outer)
    dumps = []
    for form in FORMATS.values():
        name = _dump_name(slug, form)
        measures = (piece.file.stat().st_size, piece.digest) if name == kept else ()
        dumps.append(ReleaseFile(slug, "plan", name, f"/dumps/{name}", form.media_type, *measures))
    counts = Counts(own_iris(base))
    counts.add(inner)
    return {
        "content": piece.digest,
        "triples": len(quads),
        "dumps": list(map(asdict, dumps)),
        "inner": piece.noted,
        "graphs": Counter(getattr(quad.graph_name, "value", "") for quad in inner),
        "counted": counts.as_json(),
        "kinds": classes_by_kind(inner, plan_iri(base, slug)),
    }


def _own_and_shared(quads: Sequence[ox.Quad], plan: str) -> tuple[list[ox.Quad], list[ox.Quad]]:
    """Quads, in order, parted by subject: first those of subjects that this plan alone speaks of;
    then those that others may speak of, or whose triples are in several graphs."""
    several = quads and quads[0].graph_name != quads[-1].graph_name
    times = Counter(quad.triple for quad in quads) if several else Counter()
    twice = {triple.subject for triple, n in times.items() if n > 1}
    inner, outer = list[ox.Quad](), list[ox.Quad]()
    for subject, of_subject in groupby(quads, key=attrgetter("subject")):
        name = getattr(subject, "value", "")
        kind, within, _ = name.removeprefix(f"{plan}/").partition("/")
        own = within and name.startswith(f"{plan}/")
        alone = own and kind not in _CATALOGUED and subject not in twice
        (inner if alone else outer).extend(of_subject)
    return inner, outer


def _dump_name(slug: str, form: Format) -> str:
    return f"{slug}.{form.extension}{'.gz' if form is _DUMP else ''}"


def released_plan(folder: Path) -> Plan:
    """The plan whose files are in a folder, without its text and errata."""
    return _plan(folder, json.loads((folder / "plan.json").read_text(encoding="utf-8")))


def _plan(folder: Path, about: dict[str, Any], source: str = "") -> Plan:
    """A plan by what plan.json says of it."""
    held = {"source_name": "source.txt", **about, "folder": folder, "source": source, "errata": ()}
    return msgspec.convert(held, Plan, dec_hook=lambda _, path: path)


def _kept_of(cache: Cache, entry: PlanEntry) -> Iterator[tuple[Part, Part]]:
    """The parts of the cache that a plan of a release was made into, each with the part that it was
    joined from, or itself."""
    for part in cache.of(entry.slug):
        # an earlier program may have made it
        current_layout = "kinds" in part.noted
        if current_layout and part.noted.get("content") == entry.content:
            origin = cache.find(entry.slug, part.noted.get("made_of", part.key))
            if origin:
                yield part, origin


def register_of(cache: Cache, entry: PlanEntry) -> str | None:
    """The register that a plan's folder was given when a release was made; None where that is not
    kept."""
    for _, origin in _kept_of(cache, entry):
        if "register" in origin.noted:  # made from the folder, not from a release
            return _compiled(origin).register
    return None


def kept_plan(cache: Cache, folder: Path, manifest: Manifest, entry: PlanEntry) -> Compiled:
    """A plan that the next release keeps as it is, as it was compiled or made from its files.
    PlanlinkError where a file is missing, or is another than was published."""
    for part, origin in _kept_of(cache, entry):
        if all(
            manifest.files.get(name) == file
            for name, file in part.files.items()
            if name.startswith(f"plans/{entry.slug}/")
        ):
            return _compiled(origin)
    under = f"plans/{entry.slug}/"
    try:
        graphs = _graphs_of(folder, manifest, entry)
        files = {
            name.removeprefix(under): released(folder, manifest, name)
            for name in manifest.files
            if name.startswith(under)
        }
    except (PlanlinkError, TypeError, ValueError, msgspec.ValidationError) as error:
        raise PlanlinkError.of("plan_not_kept", folder, entry.slug, error) from error
    key = key_of("kept", entry, manifest.base)
    return write_compiled(cache, key, graphs, manifest.base, files)


def _graphs_of(folder: Path, manifest: Manifest, entry: PlanEntry) -> PlanGraphs:
    """A plan as a release holds it."""

    def text(name: str) -> str:
        return released(folder, manifest, f"plans/{entry.slug}/{name}").decode("utf-8")

    quads = dumped(folder, manifest, entry)
    if entry.revision_of is not None:
        earlier = plan_iri(manifest.base, entry.revision_of)
        quads = [quad for quad in quads if not _is_revision(quad, earlier)]
    source, blocks = text("source.txt"), from_json(text("document.json"))
    return PlanGraphs(
        _plan(folder / "plans" / entry.slug, json.loads(text("plan.json")), source),
        quads,
        ValidationReport(tuple(Result(**result) for result in json.loads(text("report.json")))),
        tuple(plan_entries(Statements(quads), entry.slug, Paragraphs(source, blocks))),
        text("completeness.json"),
        as_json(blocks),
        Register(),
        entry,
    )


def _is_revision(quad: ox.Quad, earlier: str) -> bool:
    """Whether a later version says of itself that it revises an earlier one, by its IRI."""
    of = quad.subject if quad.predicate == _REPLACED else quad.object
    within = f"{getattr(of, 'value', '')}/".startswith(f"{earlier}/")
    return within and quad.predicate in (_REVISES, _REPLACES, _REPLACED)


def join_versions(cache: Cache, plans: Sequence[Compiled], base: str) -> list[Compiled]:
    """The plans, with what revised ones and their targets revise, if that is released: nothing
    leads to a plan that is not there."""
    by_slug = {one.slug: one for one in plans}
    return [
        _joined_with_earlier(cache, later, by_slug[later.plan.revision_of], base)
        if later.plan.revision_of in by_slug
        else later
        for later in plans
    ]


def _joined_with_earlier(cache: Cache, later: Compiled, earlier: Compiled, base: str) -> Compiled:
    """A later version of a plan, it and its targets joined with those that they revise."""
    key = key_of("joined", later.part.key, later.content, earlier.content, base)
    if (part := cache.find(later.slug, key)) is not None:
        return _compiled(part, later)
    quads, store = later.quads(), ox.Store()
    store.extend([*earlier.quads(), *quads])
    this, former = plan_iri(base, later.slug), plan_iri(base, earlier.slug)
    said = [(this, _REVISES, former), (this, _REPLACES, former), (former, _REPLACED, this)]
    for change in revised_targets(store, plan_graph(former), plan_graph(this)):
        if change.before and change.after and change.before.target and change.after.target:
            said.append((change.after.target.iri, _REVISES, change.before.target.iri))
    graph = ox.NamedNode(plan_graph(this))
    quads += [ox.Quad(ox.NamedNode(s), p, ox.NamedNode(o), graph) for s, p, o in said]

    def write(folder: Path) -> dict[str, Any]:
        later.part.link(folder, "plans/", SEARCH, _REGISTER)
        written = _write_quads(folder, later.slug, quads, base)
        return {**later.part.noted, "made_of": later.part.key, **written}

    return _compiled(cache.make(later.slug, key, write), later)
