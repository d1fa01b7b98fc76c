"""Whether a folder of releases is whole: every file what was published, every store opened and
counted, every passage the text's, the history without gaps."""

import re
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

import pyoxigraph as ox

from kg.errors import PlanlinkError
from kg.files import files_below
from kg.rdf.iris import plan_graph, plan_iri
from kg.rdf.namespaces import PLAN, PREFIXES
from kg.rdf.select import select
from kg.release.current import current
from kg.release.engine import COUNTED
from kg.release.manifest import COMING, Manifest, check_released, numbers, read_manifest
from kg.release.store import open_store
from kg.release.swap import is_unsure
from kg.source.characters import writable

_MEND = (
    "put that release back from a backup, or make another the current one (planlink rollback), "
    "publish, and take this one away (--keep)"
)
_FOREIGN = "take it away"
_FEW = 3  # files of a release with one fault that are named one by one
_CLASSES = f"""SELECT ?name (COUNT(*) AS ?n) {{
  GRAPH ?g {{ ?s <{PREFIXES["rdf"]}type> ?name }} FILTER(STRSTARTS(STR(?name), "{PLAN}"))
}} GROUP BY ?name"""
_PASSAGES = """SELECT ?start ?end ?text {
  ?passage a plan:Passage ; plan:text ?text ; oa:start ?start ; oa:end ?end
} ORDER BY ?start ?end"""
# files of a folder of releases: locks and marks, and queries that visitors saved
_OF_ALL = re.compile(r"\..*|queries\.sqlite(-\w+)?")
# what is in a release beside the files that the manifest lists: RocksDB's lock and its log, and
# which engine holds it
BESIDE = re.compile(r"manifest\.json|engine\.json|store/(LOCK|LOG.*)")


def faults(out: Path) -> list[PlanlinkError]:
    """What is wrong in a folder of releases, oldest first; PlanlinkError where none is there."""
    if not (out / "releases").is_dir():
        current(out)
    found: list[PlanlinkError] = []
    manifests: list[Manifest] = []
    for number in numbers(out):
        folder = out / "releases" / str(number)
        found += release_faults(folder)
        with suppress(PlanlinkError):  # reported by release_faults
            manifests.append(read_manifest(folder))
    return [*found, *_foreign(out), *_history_faults(out, manifests), *_link_faults(out)]


def is_complete(folder: Path, manifest: Manifest) -> bool:
    """Whether all files of a release are there, as long as they were published: release_faults
    reads them all, which of thousands of plans takes minutes."""
    try:
        return all(
            (folder / name).stat().st_size == entry.bytes for name, entry in manifest.files.items()
        )
    except FileNotFoundError:
        return False


def release_faults(folder: Path) -> list[PlanlinkError]:
    """What is wrong with one release, by its folder."""
    try:
        manifest = read_manifest(folder)
    except PlanlinkError as error:
        return [error]
    if str(manifest.release) != folder.name:
        what = f"the manifest says that this is release {manifest.release}"
        return [PlanlinkError(what, str(folder), _MEND)]
    found = []
    for name in manifest.files:
        try:
            check_released(folder, manifest, name)
        except PlanlinkError as error:
            found.append(error)
    listed = any(name.startswith("store/") for name in manifest.files)
    for name in sorted({*files_below(folder)} - {*manifest.files}):
        if not BESIDE.fullmatch(name) and (listed or not name.startswith("store/")):
            found.append(PlanlinkError("it is not in the manifest", str(folder / name), _FOREIGN))
    return _together(found) or [*_store_faults(folder, manifest)]


def _together(found: list[PlanlinkError]) -> list[PlanlinkError]:
    """The faults of a release's files; where many have the same, the first with their number."""
    alike: dict[tuple[str, str], list[PlanlinkError]] = {}
    for fault in found:
        itself = fault.mend == _FOREIGN or isinstance(fault.__cause__, PermissionError)
        mend = fault.mend if itself else _MEND
        alike.setdefault((fault.what, mend), []).append(fault)
    return [
        PlanlinkError(f"{what} (and {len(same) - 1} files more)", same[0].where, mend)
        if len(same) > _FEW
        else PlanlinkError(what, fault.where, mend)
        for (what, mend), same in alike.items()
        for fault in (same[:1] if len(same) > _FEW else same)
    ]


def _store_faults(release: Path, manifest: Manifest) -> Iterator[PlanlinkError]:
    """What a store holds, against what its release says and the texts of its plans."""
    folder = release / "store"
    try:
        store = open_store(folder)
        graphs, classes = (_counts(store, query) for query in (COUNTED, _CLASSES))
    except (OSError, RuntimeError, PlanlinkError) as error:  # both of which the engine raises
        yield PlanlinkError(f"the store cannot be read ({error})", str(folder), _MEND)
        return
    checks = (
        ("triples", {"all": sum(graphs.values())}, {"all": manifest.triples}),
        ("triples in the graph", graphs, manifest.graphs),
        ("entities of the class", classes, manifest.classes),
    )
    for what, counted, listed in checks:
        for name in sorted({*counted, *listed}):
            if (n := counted.get(name, 0)) != (wanted := listed.get(name, 0)):
                words = f"the store has {n} {what} {name}, the manifest says {wanted}"
                yield PlanlinkError(words, str(folder), _MEND)
    for plan in manifest.plans:
        path = release / "plans" / plan.slug / "source.txt"
        source = writable(path.read_bytes().decode())
        for row in select(store, _PASSAGES, plan_graph(plan_iri(manifest.base, plan.slug))):
            if row["text"] != source[int(row["start"]) : int(row["end"])]:
                words = f"the passage {row['start']}-{row['end']} of {plan.slug} is not the text's"
                yield PlanlinkError(words, str(folder), _MEND)
                break


def _counts(store: ox.Store, query: str) -> dict[str, int]:
    found = store.query(query)
    assert isinstance(found, ox.QuerySolutions)
    return {row["name"].value.removeprefix(str(PLAN)): int(row["n"].value) for row in found}


def _foreign(out: Path) -> Iterator[PlanlinkError]:
    """What lies beside the releases and is none, and files beside the folder of them."""
    there = {str(number) for number in numbers(out)}
    for path in sorted((out / "releases").iterdir()):
        if path.name not in there:
            yield PlanlinkError("it is no release", str(path), _FOREIGN)
    for path in sorted(out.iterdir()):
        if path.is_file() and not _OF_ALL.fullmatch(path.name):
            yield PlanlinkError("it is none of planlink's", str(path), _FOREIGN)


def _history_faults(out: Path, manifests: list[Manifest]) -> Iterator[PlanlinkError]:
    """Gaps in the numbers, dates that go backwards, releases that the last one does not know."""
    there = numbers(out)
    for before, after in pairwise(there):
        if after != before + 1:
            what = f"there is no release between {before} and {after}"
            yield PlanlinkError(what, str(out / "releases"), _MEND)
    for one, next_ in pairwise(manifests):
        if next_.issued < one.issued:
            what = f"it is dated {next_.issued}, and release {one.release} {one.issued}"
            yield PlanlinkError(what, str(out / "releases" / str(next_.release)), _MEND)
    if manifests and manifests[-1].history:
        known = {one.number for one in manifests[-1].history}
        for number in sorted(set(there) - known - {manifests[-1].release}):
            where = out / "releases" / str(manifests[-1].release)
            yield PlanlinkError(f"its history lacks release {number}", str(where), _MEND)


def _link_faults(out: Path) -> Iterator[PlanlinkError]:
    """Links that do not lead to the current release, and what a killed publish left."""
    try:
        folder = current(out)
    except PlanlinkError:
        mend = "make a release the current one with planlink rollback"
        yield PlanlinkError("it leads to no release", str(out / "current"), mend)
        return
    if (out / "dumps").resolve() != folder / "dumps":
        mend = "remove it; the next publish makes it anew"
        yield PlanlinkError("it does not lead to the current dumps", str(out / "dumps"), mend)
    if is_unsure(out):
        mend = "give it that release anew: planlink rollback with its number and --store"
        what = "the engine may answer from another release: a publish or rollback was cut off"
        yield PlanlinkError(what, str(folder), mend)
    if (out / COMING).is_symlink():
        mend = "the next publish removes what it left"
        yield PlanlinkError("a publish did not come to its end", str(out / COMING), mend)
