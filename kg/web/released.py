"""The release being served: opened once, replaced when the supervisor serves a newer one."""

import atexit
import contextlib
import logging
import threading
import time
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Self, TypeVar

import pyoxigraph as ox
from cachetools import LRUCache

from kg.errors import PlanlinkError
from kg.rdf.iris import plan_graph, plan_iri
from kg.rdf.select import select, solutions_of
from kg.release.current import current
from kg.release.engine import engine_of
from kg.release.history import CHANGES
from kg.release.indexing import FOLDER as INDEX
from kg.release.manifest import PlanEntry, numbers, read_manifest, tag_of
from kg.release.questions import SUMMARIES, Questions
from kg.release.search import Index
from kg.release.store import open_store, open_to_serve
from kg.settings import Limits
from kg.sparql import QueryClient
from kg.sparql.processes import LOOK
from kg.sparql.supervisor import SERVING, Supervisor, runtime_folder

_T = TypeVar("_T")
_KEPT = 1000  # of what pages have worked out, about ten of each plan
_SHOWN_FROM = (SUMMARIES, INDEX, CHANGES)  # what pages read beside the store
_WAIT = 0.02  # seconds between looks for the first release


class Release:
    """One release, the one that is served, or that of a folder that is kept: its manifest, store,
    search index, what pages have worked out, and the pool that answers queries; PlanlinkError where
    it is damaged, or an earlier planlink made it, without what pages need."""

    def __init__(self, pool: Path, limits: Limits, folder: Path | None = None) -> None:
        self.pool = pool
        self.folder = folder or (pool / "release").resolve(strict=True)
        self.manifest = read_manifest(self.folder)
        if not all((self.folder / name).exists() for name in _SHOWN_FROM):
            raise PlanlinkError.of("release_early", self.folder, self.manifest.release)
        self.store = open_to_serve(self.folder / "store", self.manifest.triples)
        self.index = Index(self.folder)
        self.queries = QueryClient(pool / "socket", limits)
        self._worked_out: LRUCache[tuple[str, ...], Any] = LRUCache(_KEPT)
        self._lock = threading.Lock()

    @property
    def base(self) -> str:
        """The base of the release's IRIs."""
        return self.manifest.base

    @property
    def number(self) -> int:
        """The release's number."""
        return self.manifest.release

    @cached_property
    def tag(self) -> str:
        """An identifier of this release, for entity tags."""
        return tag_of(self.folder)

    def plan(self, slug: str) -> PlanEntry | None:
        """What the manifest says of a plan."""
        return self.manifest.plan(slug)

    def graph(self, slug: str) -> str:
        """The named graph of what was read from a plan."""
        return plan_graph(plan_iri(self.base, slug))

    def source(self, slug: str) -> str:
        """A plan's text as published."""
        path = self.folder / "plans" / slug / "source.txt"
        return self.once(("source", slug), lambda: path.read_bytes().decode("utf-8"))

    def has(self, number: int) -> bool:
        """Whether a release's own store is still kept; an engine has the current one alone."""
        folder = self.folder.parent / str(number)
        kept = (folder / "store").is_dir() and engine_of(folder) is None
        return number == self.number or kept

    def gone_back_from(self, iri: str) -> bool:
        """Whether a later release that is still kept, and was gone back from, speaks of an IRI."""
        out, node = self.folder.parent.parent, ox.NamedNode(iri)
        if (out / "current").resolve() != self.folder:  # a later one is about to be served
            return False
        later = (n for n in numbers(out) if n > self.number and self.has(n))
        return any(
            next(open_store(store).quads_for_pattern(node, None, None), None) is not None
            for store in (out / "releases" / str(number) / "store" for number in later)
        )

    def kept(self, number: int) -> Self:
        """A release by its number, this one among them; FileNotFoundError where it is not kept,
        PlanlinkError where it cannot be shown."""
        if number == self.number:
            return self
        folder = (self.folder.parent / str(number)).resolve(strict=True)
        opened = partial(type(self), self.pool, self.queries.limits, folder)
        return self.once(("release", str(number)), opened)

    @cached_property
    def questions(self) -> Questions:
        """Its questions about all plans."""
        return Questions(self.folder)

    def select(self, query: str, slug: str) -> list[dict[str, Any]]:
        """The rows of a query on what was read from a plan: text by variable."""
        return select(self.store, query, self.graph(slug))

    def solutions(self, query: str) -> ox.QuerySolutions:
        """The solutions of a SELECT of ours over all graphs; usual prefixes are known."""
        return solutions_of(self.store, query)

    def once(self, key: tuple[str, ...], work: Callable[[], _T]) -> _T:
        """What a page needs, worked out at its first use and kept till others take its place."""
        with self._lock:
            if key in self._worked_out:
                found: _T = self._worked_out[key]
                return found
        value = work()
        with self._lock:
            found = self._worked_out.setdefault(key, value)
        return found


class Releases:
    """Leads to the release that is served; runtime: its supervisor's folder, else one starts."""

    def __init__(self, out: Path, limits: Limits, runtime: Path | None = None) -> None:
        self.folder, self._limits = out, limits
        self._opening = threading.Lock()
        self._link = (runtime or _own_pools(out, limits)) / SERVING
        while not self._link.exists():  # the supervisor that has started this process ends it
            time.sleep(_WAIT)  # where there is nothing to serve
        self._release, self._looked = Release(self._link.readlink(), limits), 0.0

    def get(self) -> Release:
        """The release that is served; a newer one is opened, which takes a while, by one thread,
        while the others go on with the former, whose pool stays for as long as a query may take."""
        if (now := time.monotonic()) < self._looked + LOOK:
            return self._release
        self._looked, pool = now, self._link.readlink()
        if pool != self._release.pool and self._opening.acquire(blocking=False):
            try:
                self._release = Release(pool, self._limits)
            except (OSError, PlanlinkError):
                logging.getLogger("planlink").exception("the release in %s does not open", pool)
            finally:
                self._opening.release()
        return self._release


def _own_pools(out: Path, limits: Limits) -> Path:
    """The runtime folder of query pools that end with this process, for any WSGI server;
    PlanlinkError where nothing has been released, or it cannot be opened."""
    current(out)
    until_exit, ending = contextlib.ExitStack(), threading.Event()
    folder = until_exit.enter_context(runtime_folder())
    atexit.register(until_exit.close)  # after the folder's own clean-up, so that it comes before

    def keep() -> None:  # children are told of the end of the thread that starts them: this one
        with (
            contextlib.suppress(PlanlinkError),
            contextlib.closing(Supervisor(out.absolute(), folder, limits)) as supervisor,
        ):
            while not ending.wait(LOOK):
                supervisor.look()

    keeper = threading.Thread(target=keep, daemon=True, name="supervisor")
    keeper.start()
    until_exit.callback(keeper.join)
    until_exit.callback(ending.set)
    while not (folder / SERVING).exists():
        if not keeper.is_alive():
            raise PlanlinkError.of("release_not_opened", out)
        time.sleep(_WAIT)
    return folder
