"""A plan's folder -> its validated graphs, compiled and kept; plans' folders -> a release."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox
from rdflib import Dataset, Graph, URIRef

from kg.errors import PlanlinkError
from kg.graph.build import build
from kg.graph.vocabulary import vocabulary
from kg.link.crosscheck import cross_check
from kg.link.identifiers import REGISTER, keep_register, register_digest
from kg.link.identities import load_identities
from kg.link.reading import Reading, read_plan
from kg.monitoring.graph import MonitoringGraph
from kg.monitoring.log import read_log
from kg.monitoring.model import Log
from kg.network.picture import work_ahead
from kg.network.relations import relation_graph
from kg.rdf.iris import plan_graph, plan_iri
from kg.rdf.quads import dataset_quads
from kg.rdf.shacl import validate
from kg.release.assemble import Publishing, publish_release
from kg.release.cache import Cache, folder_digest, key_of
from kg.release.compiled import Compiled, find_compiled, write_compiled
from kg.release.folder import only_publisher
from kg.release.manifest import Manifest, sha256
from kg.release.plans import PlanGraphs, refuse_violations
from kg.release.search import plan_entries
from kg.settings import Settings
from kg.source.plan import Plan, load_plan

PLAN_STEPS = ("read", "extract", "link", "build", "validate", "layout", "dumps")
RELEASE_STEPS = (
    "tables and exports",
    "changes and catalogue",
    "store",
    "search index",
    "report and manifest",
)
_ALLOCATIONS = 100_000  # objects made, beyond those given up, until garbage is looked for


def build_plan(
    reading: Reading, base: str, step: Callable[[str], None], say: Callable[[str], None]
) -> PlanGraphs:
    """Turn a plan's linked values into validated graphs.

    Args:
        reading: the plan, read and linked.
        base: the base of all IRIs.
        step: told the name of each step as it begins.
        say: told what a user should know.
    """
    step("build")
    findings = cross_check(reading.linked)
    read = reading.completeness()
    dataset = build(
        reading.plan,
        reading.document,
        reading.linked,
        findings,
        read.findings,
        reading.applied.made,
        reading.iris(base),
        reading.tagger,
        load_identities(reading.plan.folder),
        say,
    )
    log = read_log(reading.plan.folder).of_plan(reading.register.key, say)
    if log.imports:
        _add_monitoring(dataset, reading, log, base)
    quads, slug = dataset_quads(dataset), reading.plan.slug
    step("validate")
    report = validate((triple for graph in dataset.graphs() for triple in graph), vocabulary())
    step("layout")
    return PlanGraphs(
        reading.plan,
        quads,
        report,
        _picture(quads, plan_iri(base, slug)),
        tuple(plan_entries(dataset, slug)),
        read.as_json(),
        reading.register,
    )


def _add_monitoring(dataset: Dataset, reading: Reading, log: Log, base: str) -> None:
    """What was entered, in a graph of its own that repeats nothing of the document's: queries over
    all meet a triple once."""
    plan = plan_iri(base, reading.plan.slug)
    entered, document = Graph(), dataset.graph(URIRef(plan_graph(plan)))
    iris = reading.iris(base)
    MonitoringGraph(entered, reading.plan, reading.document, reading.linked, iris, base).add_log(
        log
    )
    monitored = dataset.graph(URIRef(plan_graph(plan, "monitoring")))
    for triple in entered:
        if triple not in document:
            monitored.add(triple)


def _picture(quads: list[ox.Quad], plan: str) -> str:
    """The relation graph's layout, centralities and communities."""
    store = ox.Store()
    store.extend(quads)
    return work_ahead(relation_graph(store, plan_graph(plan)), plan).as_json()


@contextmanager
def _garbage_seldom_looked_for() -> Iterator[None]:
    """What plans are read into stays to the end: looking through it for garbage as often as Python
    does takes a sixth of the time."""
    first, *others = gc.get_threshold()
    gc.set_threshold(_ALLOCATIONS, *others)
    try:
        yield
    finally:
        gc.set_threshold(first, *others)


@_garbage_seldom_looked_for()
def compile_plan(plan: Plan, cache: Cache, base: str, step: Callable[[str], None]) -> Compiled:
    """Compile a plan, unless it is kept as it would be compiled.

    The plan's folder, planlink as it is installed and the base tell all of what comes of it. The
    register that the folder is given by it comes to the same again.

    Args:
        plan: the plan, its folder already read.
        cache: where compiled plans are kept.
        base: the base of all IRIs.
        step: told the name of each step as it begins.

    Raises:
        PlanlinkError: something in the folder is wrong, or what was read violates a shape.
    """
    key, register = key_of(_read_from(plan), base), register_digest(plan.folder)
    found = find_compiled(cache, plan.slug, key)
    if found is not None and register in found.registers:
        return found
    notes: list[str] = []
    if plan.encoding != "utf-8":
        source = plan.folder / plan.source_name
        notes.append(f"{source}: read as {plan.encoding.upper()}, not UTF-8")
    graphs = build_plan(read_plan(plan, step, notes.append), base, step, notes.append)
    refuse_violations(graphs)
    step("dumps")
    if key_of(_read_from(plan), base) != key or register_digest(plan.folder) != register:
        raise PlanlinkError("it changed while it was read", str(plan.folder), "publish again")
    return write_compiled(cache, key, graphs, base, register=register, notes=notes)


def _read_from(plan: Plan) -> tuple[object, ...]:
    """What a plan's folder holds, but for its register, which is told apart."""
    outside = [plan.folder / plan.source_name, *([plan.model] if plan.model else [])]
    return (
        folder_digest(plan.folder, REGISTER),
        *(sha256(path.read_bytes()) for path in outside),
    )


@_garbage_seldom_looked_for()
def publish(folders: list[Path], out: Path, settings: Settings, publishing: Publishing) -> Manifest:
    """Compile plans and release them, beside those that the current release has.

    Args:
        folders: the plans' folders.
        out: the folder of releases.
        settings: who publishes, under which base of all IRIs.
        publishing: how they are to be released.

    Returns:
        The manifest of the release.

    Raises:
        PlanlinkError: something in the input is wrong; nothing has been released.
    """
    base, step, say = settings.site.base, publishing.step, publishing.say
    plans = [load_plan(folder) for folder in folders]
    slugs = [plan.slug for plan in plans]
    for folder, plan in zip(folders, plans, strict=True):
        if slugs.count(plan.slug) > 1:
            raise PlanlinkError(
                f"two plans have the slug {plan.slug!r}",
                str(folder / "plan.toml"),
                "give each plan a slug of its own",
            )
    cache = publishing.cache_of(out)
    with only_publisher(out):
        compiled = [compile_plan(plan, cache, base, step) for plan in plans]
        for plan, one in zip(plans, compiled, strict=True):
            for note in one.part.noted["notes"]:
                say(note)
            keep_register(plan.folder, one.registers[0], one.part.text(REGISTER))
    return publish_release(out, compiled, settings, publishing)
