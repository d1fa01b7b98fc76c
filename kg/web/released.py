"""The release being served: opened once, left for the newer one as soon as that is in place."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import pyoxigraph as ox

from kg.query import Limits, QueryPool
from kg.release import current, manifest_of
from kg.search import Index
from kg.store import open_to_serve

_T = TypeVar("_T")


class Release:
    """One release: its folder, manifest, store, search index, and what pages have worked out from it."""

    def __init__(self, folder: Path, pool_size: int, limits: Limits) -> None:
        self.folder = folder
        self.manifest: dict[str, Any] = manifest_of(folder)
        self.store: ox.Store = open_to_serve(folder / "store")
        self.index = Index(folder / "search.sqlite")
        self._pool_size, self._limits = pool_size, limits
        self._worked_out: dict[tuple[str, ...], Any] = {}
        self._lock = threading.Lock()

    @property
    def base(self) -> str:
        """The base of the release's IRIs."""
        return str(self.manifest["base"])

    @property
    def number(self) -> int:
        """The release's number."""
        return int(self.manifest["release"])

    @cached_property
    def pool(self) -> QueryPool:
        """Processes that evaluate visitors' queries; started at the first."""
        return QueryPool(self.folder / "store", self._pool_size, self._limits)

    def plan(self, slug: str) -> dict[str, Any] | None:
        """What the manifest says of a plan."""
        return next((p for p in self.manifest["plans"] if p["slug"] == slug), None)

    def graph(self, slug: str) -> str:
        """The named graph of what was read from a plan."""
        return f"{self.base}/id/{slug}/graph/document"

    def source(self, slug: str) -> str:
        """A plan's text as published."""
        return self.once(("source", slug), lambda: (self.folder / "plans" / slug / "source.txt").read_bytes().decode("utf-8"))

    def once(self, key: tuple[str, ...], work: Callable[[], _T]) -> _T:
        """What a page needs of this release, worked out at its first use and kept."""
        if key not in self._worked_out:
            value = work()
            with self._lock:
                self._worked_out.setdefault(key, value)
        result: _T = self._worked_out[key]
        return result


class Releases:
    """Leads to the current release of a folder.

    Args:
        out: the folder of releases.
        pool_size: how many processes evaluate visitors' queries.
        limits: what each query may use.
    """

    def __init__(self, out: Path, pool_size: int, limits: Limits) -> None:
        self._out, self._pool_size, self._limits = out, pool_size, limits
        self._lock = threading.Lock()
        self._link = out / "current"
        self._target = self._link.readlink()
        self._release = Release(current(out), pool_size, limits)

    def get(self) -> Release:
        """The current release; a newer one is opened when it is there."""
        target = self._link.readlink()
        if target != self._target:
            with self._lock:
                if target != self._target:
                    former = self._release
                    self._release = Release(current(self._out), self._pool_size, self._limits)
                    self._target = target
                    if "pool" in former.__dict__:
                        former.pool.close()
        return self._release
