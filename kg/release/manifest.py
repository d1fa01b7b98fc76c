"""Where the current release of a folder is, and what a release says of itself."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import takewhile
from pathlib import Path

import msgspec
import pyoxigraph as ox

from kg.errors import PlanlinkError
from kg.files import MAY_READ, read_bytes
from kg.rdf.gzipped import MOST, unpacked
from kg.rdf.iris import area_iri, plan_iri
from kg.rdf.quads import parse_quads
from kg.release.current import MANIFEST
from kg.settings import Contact, Licence, Publisher

PACKED = ".gz"
"""The ending of a file of a release that is kept compressed, beyond its address."""
COMING = ".current-new"  # the link to a release that has its name but is not yet put in place
_MEND = "put it back from a backup, or go back to another release with planlink rollback"


@dataclass(frozen=True, kw_only=True)
class PlanEntry:
    """A plan in a release.

    title_en, revision_of: None where the plan has none; revision_of is the slug of the version
        that it revises.
    period: its first and last year.
    errata, warnings: how many errata it has, and SHACL warnings on what was read from it.
    dump: the name of its N-Quads file. content: that file's SHA-256.
    issued, modified: the dates (ISO) of the plan's first release and of the data's last change.
    triples: how many it has.
    version: the number of the release in which its data last changed; 0 in early releases.
    place: the key of its area among those of all plans (kg.graph.area.shared_area); "" where its
        area is only its own, and in early releases.
    """

    slug: str
    title: str
    title_en: str | None
    issuer: str
    area: str
    period: tuple[int, int]
    revision_of: str | None
    source_sha256: str
    source_encoding: str
    errata: int
    warnings: int
    # Early releases lack what follows.
    dump: str = ""
    content: str = ""
    issued: str = ""
    modified: str = ""
    triples: int = 0
    version: int = 0
    place: str = ""

    def area_iri(self, base: str) -> str:
        """The IRI of the area that it is for: the one of all plans, where there is such.

        Args:
            base: the base of all IRIs.
        """
        return area_iri(base, self.place) if self.place else f"{plan_iri(base, self.slug)}/area"


@dataclass(frozen=True)
class FileEntry:
    """A file's length in bytes, and its SHA-256."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class ReleaseFile:
    """A file to download: its plan, content ("plan" or a table), address and measures, which one
    made of the plan's N-Quads when it is asked for lacks (0 and "")."""

    plan: str
    holds: str
    name: str
    path: str
    media_type: str
    size: int = 0
    sha256: str = ""


@dataclass(frozen=True)
class Removal:
    """An entity that was released once: in which release it was taken out, what took its place (""
    where nothing did), and when (ISO; early releases do not say)."""

    iri: str
    release: int
    successor: str
    date: str = ""


def by_kind(classes: Mapping[str, int]) -> dict[str, int]:
    """How many there are of each kind, by the sizes of classes: a vision, which is a goal too, is
    counted as a vision alone."""
    return {**classes, "Goal": classes.get("Goal", 0) - classes.get("Vision", 0)}


@dataclass(frozen=True)
class PastRelease:
    """A release: number, time (ISO, UTC), program, IRI of the licence, and plans.

    gone: in a manifest's file, the slugs of plans that the release before had and this one lacks;
        plans are those alone, then, that it has not as that one had them. None elsewhere, and in
        early manifests, which list all plans of every release.
    """

    number: int
    issued: str
    program: str
    licence: str
    plans: tuple[PlanEntry, ...]
    gone: tuple[str, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Manifest:
    """What a release says of itself; the fields are the keys of manifest.json, in its order.

    release: its number. issued: when it was made (ISO, UTC). program: what made it.
    base: the base of its IRIs. licence: the IRI of the licence it was released under.
    publisher, contact, terms: who published it, whom to ask, and what the licence is called; None
        in early releases.
    triples: how many it holds, over all its graphs. graphs: how many each has, by IRI.
    classes: how many instances the vocabulary's classes have, by local name.
    files: every file, by its path in the release; early releases leave out the store's.
    exports: the files to be downloaded of each plan. removed: what former releases held.
    by: who published it. content: a digest of what the plans, settings and words make of it; a
        publish that comes to the same adds nothing. history: the releases before, the first one
        first, those that are kept no more as well. Early releases lack these three.
    """

    release: int
    issued: str
    program: str
    base: str
    licence: str = Licence().iri  # what early releases lack: there was one licence only
    publisher: Publisher | None = None
    contact: Contact | None = None
    terms: Licence | None = None
    triples: int
    graphs: dict[str, int]
    classes: dict[str, int]
    plans: tuple[PlanEntry, ...]
    files: dict[str, FileEntry]
    exports: tuple[ReleaseFile, ...] = ()
    removed: tuple[Removal, ...] = ()
    by: str = ""
    content: str = ""
    history: tuple[PastRelease, ...] = ()

    @property
    def as_past(self) -> PastRelease:
        """The release as later ones remember it."""
        plans = tuple(plan for plan in self.plans if plan.dump)
        return PastRelease(self.release, self.issued, self.program, self.licence, plans)

    def plan(self, slug: str) -> PlanEntry | None:
        """The plan of that slug, if it is in the release."""
        return self._by_slug.get(slug)

    @cached_property
    def _by_slug(self) -> dict[str, PlanEntry]:
        return {plan.slug: plan for plan in self.plans}

    @cached_property
    def served(self) -> dict[str, ReleaseFile]:
        """The files to be downloaded, by where they are served."""
        return {file.path: file for file in self.exports}

    def plan_of(self, iri: str) -> str:
        """The IRI of the plan that an IRI is of or in; "" where it is of none."""
        slug = iri.removeprefix(plan_iri(self.base, "")).partition("/")[0]
        plan = plan_iri(self.base, slug)
        held = slug in self._by_slug and (iri == plan or iri.startswith(f"{plan}/"))
        return plan if held else ""


def past_of_plans(past: Sequence[PastRelease]) -> dict[str, dict[int, PlanEntry | None]]:
    """Each plan's entries by slug and release number; None where a release lacks the plan."""
    found: dict[str, dict[int, PlanEntry | None]] = {}
    for release in past:
        for plan in release.plans:
            found.setdefault(plan.slug, dict.fromkeys(one.number for one in past))
            found[plan.slug][release.number] = plan
    return found


def dated(
    entry: PlanEntry, past: Mapping[int, PlanEntry | None], number: int, today: str
) -> PlanEntry:
    """What the manifest says of a plan, with when it was first released and last changed.

    Args:
        entry: what it says else.
        past: what former releases said of the plan, by their numbers, the first one first.
        today: its date (ISO).
    """
    former = [one for one in past.values() if one and one.content]
    same = bool(former) and former[-1].content == entry.content
    latest = reversed([*past.items()])
    alike = takewhile(lambda of: of[1] is not None and of[1].content == entry.content, latest)
    return replace(
        entry,
        issued=former[0].issued if former else today,
        modified=former[-1].modified if same else today,
        version=min((release for release, _ in alike), default=number),
    )


def numbers(out: Path) -> list[int]:
    """The numbers of the releases that a folder keeps, the first one first."""
    found = (path.name for path in (out / "releases").iterdir())
    return sorted(int(name) for name in found if re.fullmatch("[1-9][0-9]*", name))


def tag_of(folder: Path) -> str:
    """What distinguishes a release from others, in entity tags."""
    return sha256((folder / MANIFEST).read_bytes())[:16]


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a release's folder.

    Keys that it does not know are passed over: a later planlink may have written them.

    Raises:
        PlanlinkError: it cannot be read, is no JSON, or lacks a key or has a value of another type
            than releases have.
    """
    path = folder / MANIFEST
    try:
        manifest = msgspec.json.decode(read_bytes(path, _MEND, MOST), type=Manifest)
        return replace(manifest, history=tuple(_whole(manifest.history)))
    except msgspec.ValidationError as error:
        raise PlanlinkError.of("no_manifest", path, error) from error
    except msgspec.DecodeError as error:
        raise PlanlinkError.of("manifest_no_json", path, error) from error


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write manifest.json into a release's folder."""
    short = replace(manifest, history=tuple(_differences(manifest.history)))
    text = msgspec.json.format(msgspec.json.encode(short), indent=1)
    (folder / MANIFEST).write_bytes(text + b"\n")


def _differences(history: Iterable[PastRelease]) -> Iterator[PastRelease]:
    """Each release by what differs from the one before: a plan that stays is named once."""
    former: dict[str, PlanEntry] = {}
    for one in history:
        now = {plan.slug: plan for plan in one.plans}
        differing = tuple(plan for plan in one.plans if former.get(plan.slug) != plan)
        yield replace(one, plans=differing, gone=tuple(slug for slug in former if slug not in now))
        former = now


def _whole(history: Iterable[PastRelease]) -> Iterator[PastRelease]:
    """Each release with all its plans."""
    former: dict[str, PlanEntry] = {}
    for one in history:
        stay = {} if one.gone is None else {k: p for k, p in former.items() if k not in one.gone}
        former = stay | {plan.slug: plan for plan in one.plans}
        yield replace(one, plans=tuple(former.values()), gone=None)


def measured(path: Path) -> FileEntry:
    """How long a file is, and its SHA-256; it may be too large for memory."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        return FileEntry(file.tell(), digest)


def check_released(folder: Path, manifest: Manifest, name: str) -> None:
    """Refuse a file of a release that is not what was published.

    Args:
        name: the file's path in it.

    Raises:
        PlanlinkError: it is missing, cannot be read, or is another than was published.
    """
    path, entry = folder / name, manifest.files.get(name)
    try:
        found = measured(path)
    except OSError as error:
        mend = MAY_READ if isinstance(error, PermissionError) else _MEND
        what = f"it cannot be read ({error.strerror or error})"
        raise PlanlinkError(what, str(path), mend) from error
    if entry and entry != found:
        raise PlanlinkError.of("release_changed", path)


def released(folder: Path, manifest: Manifest, name: str) -> bytes:
    """A file of a release, which must be what was published (check_released)."""
    check_released(folder, manifest, name)
    return (folder / name).read_bytes()


def sha256(content: bytes) -> str:
    """The SHA-256 of bytes, in hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()


def dumped(folder: Path, manifest: Manifest, plan: PlanEntry) -> list[ox.Quad]:
    """The quads of a plan in a release; PlanlinkError where its dump is damaged."""
    name = f"dumps/{plan.dump}"
    content = released(folder, manifest, name)
    return parse_quads(unpacked(content, folder / name), folder / name)
