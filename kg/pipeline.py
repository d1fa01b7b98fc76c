"""A plan's folder -> its validated graphs, compiled and kept; plans' folders -> a release."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from kg.errors import PlanlinkError, SeveralErrors
from kg.files import read_bytes, read_toml
from kg.graph.build import build
from kg.graph.vocabulary import vocabulary
from kg.link.identifiers import REGISTER, keep_register, register_digest, restore_register
from kg.link.reading import Reading, read_plan
from kg.memory import garbage_seldom_looked_for
from kg.monitoring.graph import MonitoringGraph
from kg.monitoring.log import read_log
from kg.monitoring.model import Log
from kg.rdf.shacl import validate_quads, with_vocabulary
from kg.rdf.statements import Statements
from kg.release.assemble import Publishing, assemble
from kg.release.cache import Cache, folder_digest, key_of
from kg.release.compiled import Compiled, find_compiled, register_of, write_compiled
from kg.release.folder import only_publisher, room_for
from kg.release.jobs import Jobs
from kg.release.manifest import Manifest, PlanEntry, numbers, read_manifest, sha256
from kg.release.plans import PlanGraphs, refuse_violations
from kg.release.previous import is_same
from kg.release.search import plan_entries
from kg.settings import Settings
from kg.source.plan import Plan, load_plan
from kg.source.schema import UNSURE
from kg.views.blocks import blocks_of
from kg.views.reading import Paragraphs, as_json

PLAN_STEPS = ("read", "extract", "link", "build", "validate", "dumps")
RELEASE_STEPS = (
    "tables and exports", "summaries", "changes and catalogue", "store", "search index",
    "manifest",
)  # fmt: skip
_SMALLEST = 8 << 20  # bytes on disk that any release takes while it is made, about
_COMPILED = 160  # and a byte of a plan's text
_RELEASED = 220  # and a triple of a plan that was compiled before


def build_plan(
    reading: Reading, base: str, step: Callable[[str], None], say: Callable[[str], None]
) -> PlanGraphs:
    """Turn a plan's linked values into validated graphs."""
    step("build")
    read = reading.completeness()
    quads = build(reading, base, read.findings, say)
    log = read_log(reading.plan.folder).of_plan(reading.register.key, say)
    if log.imports:
        quads += _monitoring(quads, reading, log, base)
    slug, blocks = reading.plan.slug, blocks_of(reading.document)
    step("validate")
    statements = Statements(with_vocabulary(quads, vocabulary()))
    report = validate_quads(quads, vocabulary(), statements)
    return PlanGraphs(
        reading.plan,
        quads,
        report,
        tuple(plan_entries(statements, slug, Paragraphs(reading.plan.source, blocks))),
        read.as_json(),
        as_json(blocks),
        reading.register,
    )


def _monitoring(quads: list[ox.Quad], reading: Reading, log: Log, base: str) -> list[ox.Quad]:
    """What was entered, in a graph of its own without triples of the document's."""
    document = ox.NamedNode(reading.iris(base).graph("document"))
    there = {quad.triple for quad in quads if quad.graph_name == document}
    monitored = MonitoringGraph(reading, base).of_log(log)
    return [quad for quad in monitored if quad.triple not in there]


def compile_plan(plan: Plan, cache: Cache, base: str, step: Callable[[str], None]) -> Compiled:
    """Compile a plan, unless it is kept as it would be compiled.

    The plan's folder, planlink as it is installed and the base tell all of what comes of it. The
    register that the folder is given by it comes to the same again.

    Args:
        plan: the plan, its folder already read.
        cache: where compiled plans are kept.

    Raises:
        PlanlinkError: something in the folder is wrong, or what was read violates a shape.
    """
    key = _key(plan.folder, plan.source_name, plan.model, base)
    if (found := _kept_plan(cache, plan.folder, plan.slug, key)) is not None:
        return found
    register, notes = register_digest(plan.folder), list[str]()
    if plan.encoding != "utf-8":
        source = plan.folder / plan.source_name
        notes.append(f"{source}: read as {plan.encoding.upper()}, not UTF-8")
    graphs = build_plan(read_plan(plan, step, notes.append), base, step, notes.append)
    refuse_violations(graphs)
    step("dumps")
    now = _key(plan.folder, plan.source_name, plan.model, base), register_digest(plan.folder)
    if now != (key, register):
        raise PlanlinkError.of("publication_changed", plan.folder)
    return write_compiled(cache, key, graphs, base, register=register, notes=notes)


def _key(folder: Path, source: str, model: Path | None, base: str) -> str:
    """The key of what a plan's folder holds, but for its register, which is distinguished.

    Args:
        folder: the folder.
        source, model: the files of its text and model, which may lie elsewhere.

    Raises:
        PlanlinkError: a file cannot be read.
    """
    beside = [folder / source, *([model] if model else [])]
    try:
        digests = [sha256(read_bytes(path)) for path in beside]
        return key_of(folder_digest(folder, REGISTER), digests, base)
    except OSError as error:
        raise PlanlinkError.of(
            "folder_unreadable", error.filename or folder, error.strerror or error
        ) from error


def _kept_plan(cache: Cache, folder: Path, slug: str, key: str) -> Compiled | None:
    """A plan as it is kept, if that was made with the register of its folder, or gave it that."""
    found = find_compiled(cache, slug, key)
    return found if found and register_digest(folder) in found.registers else None


@garbage_seldom_looked_for()
def publish(folders: list[Path], out: Path, settings: Settings, publishing: Publishing) -> Manifest:
    """Compile what changed of plans and release them, beside those that the current release has.

    Args:
        folders: the plans' folders.
        out: the folder of releases.
        publishing: how they are to be released.

    Returns:
        The manifest of the release.

    Raises:
        PlanlinkError: two plans have one slug, no plan can be released (or one cannot, and that
            is not for publishing.failed), or the folder of releases cannot be written;
            nothing has been released.
    """
    tables, base = _tables(folders), settings.site.base
    with only_publisher(out), publishing.workers() as jobs:
        cache = publishing.cache_of(out)
        found = {folder: _find(cache, folder, table, base) for folder, table in tables.items()}
        last = max(numbers(out), default=0)
        released = _released(out, last) if last else {}
        slugs = {folder: str(table.get("slug", "")) for folder, table in tables.items()}
        staying = released.keys() - {*publishing.remove}
        there = {f: released[slug] for f, slug in slugs.items() if slug in staying}
        without = _other_plans(there, found)
        changed = {f: one for f, one in there.items() if found[f] is None and f not in without}
        without |= _restore_registers(changed, last, cache, publishing.say)
        with room_for(out, _SMALLEST + sum(_room(folder, found[folder]) for folder in folders)):
            tasks = [f for f, one in found.items() if one is None and f not in without]
            errors = _compile_missing(found, tasks, cache, base, publishing, jobs)
            _report([*without.values(), *errors], found, publishing)
            _report(_keep_registers(found, publishing.say), found, publishing)
            compiled = [one for one in found.values() if one is not None]
            # what a failed plan was to replace stays, as its former version would
            failed = {slugs[folder] for folder, one in found.items() if one is None}
            left = tuple(slug for slug in publishing.remove if slug not in failed)
            return assemble(out, compiled, settings, replace(publishing, remove=left), jobs)


def _tables(folders: list[Path]) -> dict[Path, dict[str, Any]]:
    """The plan.toml of each folder, {} for a broken one; PlanlinkError for two of one slug."""
    found: dict[Path, dict[str, Any]] = {}
    slugs: dict[str, Path] = {}
    for folder in folders:
        table: dict[str, Any] = {}
        with suppress(PlanlinkError):
            table = read_toml(folder / "plan.toml")
        slug = str(table.get("slug", ""))
        if UNSURE in slug:  # what to fill in is said of each such plan when it is compiled
            table, slug = {}, ""
        if slug in slugs:
            raise PlanlinkError.of("slug_twice", folder / "plan.toml", slug, slugs[slug])
        if slug:
            slugs[slug] = folder
        found[folder] = table
    return found


def _released(out: Path, last: int) -> dict[str, PlanEntry]:
    """The plans of a folder's last release, which has that number, by slug."""
    with suppress(PlanlinkError):  # of a damaged release, which is reported when one is made
        plans = read_manifest(out / "releases" / str(last)).plans
        return {plan.slug: plan for plan in plans if plan.content}
    return {}


def _other_plans(
    there: dict[Path, PlanEntry], found: dict[Path, Compiled | None]
) -> dict[Path, PlanlinkError]:
    """What is wrong by folder: another plan was released under its slug, whose IRIs would be given
    to what this one has. Such a plan is taken out of what was found.

    Args:
        there: what was released under their slugs.
    """
    errors = {}
    for folder, entry in there.items():
        with suppress(PlanlinkError):  # reported when it is compiled
            kept = found[folder]
            plan = kept.plan if kept else load_plan(folder)
            if not is_same(entry, plan):
                taken = (entry.slug, entry.title, plan.title)
                errors[folder] = PlanlinkError.of("slug_taken", folder / "plan.toml", *taken)
                found[folder] = None
    return errors


def _restore_registers(
    there: dict[Path, PlanEntry], last: int, cache: Cache, say: Callable[[str], None]
) -> dict[Path, PlanlinkError]:
    """Give plans' folders back what their registers have lost since the last release: without it
    identifiers would be given again, to other things.

    Args:
        there: what was released of them.
        last: in which release.

    Returns:
        What is wrong by folder: a register is broken or cannot be written, or it is missing, and
        that of the release is not kept.
    """
    without = dict[Path, PlanlinkError]()
    for folder, entry in there.items():
        path, then = folder / REGISTER, register_of(cache, entry)
        if then is None and not path.exists():
            without[folder] = PlanlinkError.of("register_missing", path, last)
        try:
            if then is not None and (lost := restore_register(folder, then)):
                say(
                    f"{path}: lines that it had for release {last} are put back ({lost}); to give "
                    "an identifier up, write another one in its line"
                )
        except PlanlinkError as error:
            without[folder] = error
    return without


def _keep_registers(
    found: dict[Path, Compiled | None], say: Callable[[str], None]
) -> list[PlanlinkError]:
    """Give plans' folders their registers, and tell what was noted of them. What cannot be given
    its own is taken out of what was found."""
    errors = []
    for folder, one in found.items():
        if one is None:
            continue
        try:
            keep_register(folder, one.registers[0], one.register)
        except PlanlinkError as error:
            errors.append(error)
            found[folder] = None
        for note in one.part.noted["notes"]:
            say(note)
    return errors


def _find(cache: Cache, folder: Path, table: dict[str, Any], base: str) -> Compiled | None:
    """The plan of a folder where it is kept as it would be compiled."""
    slug, source, model = (table.get(name) for name in ("slug", "source", "model"))
    if not isinstance(slug, str) or not isinstance(source, str):
        return None
    beside = [folder / source, *([folder / str(model)] if model else [])]
    if any(path.exists() and not path.is_file() for path in beside):
        return None  # a pipe or a device would be read without end; load_plan refuses it
    with suppress(PlanlinkError):  # reported when it is compiled
        key = _key(folder, source, folder / str(model) if model else None, base)
        return _kept_plan(cache, folder, slug, key)
    return None


def _room(folder: Path, kept: Compiled | None) -> int:
    """About how many bytes a plan takes in a release, and until it is there."""
    if kept is not None:
        return int(kept.part.noted["triples"]) * _RELEASED
    return sum(path.stat().st_size for path in folder.glob("*.txt")) * _COMPILED


def _compile_missing(
    found: dict[Path, Compiled | None],
    folders: list[Path],
    cache: Cache,
    base: str,
    publishing: Publishing,
    jobs: Jobs,
) -> list[PlanlinkError]:
    """Compile the plans of folders and add them to what was found; returns what went wrong."""
    step = publishing.step if len(folders) == 1 else _unreported
    tasks = [(str(one), partial(_compile, one, cache.folder, base, step)) for one in folders]
    errors = []
    for folder, result in zip(folders, jobs.each("compiled", tasks), strict=True):
        if isinstance(result, PlanlinkError):
            errors.append(result)
        elif (made := find_compiled(cache, *result)) is not None:
            found[folder] = made
        else:
            errors.append(PlanlinkError.of("compiled_lost", folder))
    return errors


def _report(
    errors: list[PlanlinkError], found: dict[Path, Compiled | None], publishing: Publishing
) -> None:
    """Name plans that failed; PlanlinkError where none is left, or failing is final."""
    if errors and (publishing.failed is None or not any(found.values())):
        raise errors[0] if len(errors) == 1 else SeveralErrors(errors)
    for error in errors:
        assert publishing.failed is not None
        publishing.failed(error)


def _unreported(_: str) -> None:
    """Steps of one plan among many are reported to nobody."""


def _compile(folder: Path, cache: Path, base: str, step: Callable[[str], None]) -> tuple[str, str]:
    """Compile the plan of a folder, in any process; the slug and key that it is kept under."""
    made = compile_plan(load_plan(folder), Cache(cache), base, step)
    return made.slug, made.part.key
