"""The release being served: opened once, left for the newer one as soon as that is in place."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from kg.release.engine import engine_of
from kg.release.manifest import current, current_name, manifest_of, tag_of
from kg.release.search import Index
from kg.release.store import open_to_serve
from kg.sparql import Limits, QueryClient
from kg.sparql.lent import channel_path
from kg.sparql.processes import sockets_for, start_pool
from kg.web.lending import Lender

_T = TypeVar("_T")


class Release:
    """One release: its folder, manifest, store, search index, what answers queries, and what pages
    have worked out from it."""

    def __init__(self, folder: Path, sockets: Path, limits: Limits) -> None:
        self.folder = folder
        self.manifest: dict[str, Any] = manifest_of(folder)
        self.store, _ = open_to_serve(folder / "store")
        self.index = Index(folder / "search.sqlite")
        socket = sockets / f"{folder.name}.sock"
        self.queries = QueryClient(socket, limits)
        self.lender = Lender([channel_path(socket, i) for i in range(limits.serving)])
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
    def tag(self) -> str:
        """What tells this release from others, in entity tags."""
        return tag_of(self.folder)

    def plan(self, slug: str) -> dict[str, Any] | None:
        """What the manifest says of a plan."""
        return next((p for p in self.manifest["plans"] if p["slug"] == slug), None)

    def graph(self, slug: str) -> str:
        """The named graph of what was read from a plan."""
        return f"{self.base}/id/{slug}/graph/document"

    def source(self, slug: str) -> str:
        """A plan's text as published."""
        return self.once(
            ("source", slug),
            lambda: (self.folder / "plans" / slug / "source.txt").read_bytes().decode("utf-8"),
        )

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
        limits: what each query may use.
    """

    def __init__(self, out: Path, limits: Limits) -> None:
        self.folder, self._limits = out, limits
        self._former: tuple[int, subprocess.Popen[bytes], QueryClient] | None = None
        self._lock, self._opening = threading.Lock(), threading.Lock()
        self._link = str(out / "current")
        self._release = self._open(current(out))

    def get(self) -> Release:
        """The current release; a newer one is opened, which takes a while, when it is there and its
        query processes are ready."""
        if (release := self.opened()) is not None:
            return release
        folder = current(self.folder)
        if (self._sockets / f"{folder.name}.sock").exists() and self._opening.acquire(
            blocking=False
        ):
            try:
                if folder.name != self._release.folder.name:
                    self._release = self._open(folder)
            finally:
                self._opening.release()
        return self._release

    def opened(self) -> Release | None:
        """The current release, None where a newer one is yet to be opened."""
        return self._release if current_name(self._link) == self._release.folder.name else None

    def ready(self) -> bool:
        """Whether the query processes of the release are there."""
        return (self._sockets / f"{self._release.folder.name}.sock").exists()

    def has(self, number: int) -> bool:
        """Whether a release's own store is still kept; another engine has the current one alone."""
        folder = self.folder / "releases" / str(number)
        return number == self.get().number or (
            (folder / "store").is_dir() and engine_of(folder) is None
        )

    def queries_of(self, number: int) -> QueryClient:
        """Leads to the data of a release by its number: of a former one, by processes started for
        it, one release at a time."""
        if number == self.get().number:
            return self.get().queries
        with self._lock:
            if (
                self._former is None
                or self._former[0] != number
                or self._former[1].poll() is not None
            ):
                self._stop_former()
                path = self._sockets / f"former-{os.getpid()}-{number}.sock"
                process = start_pool("release", self.folder / "releases" / str(number), path)
                self._former = (number, process, QueryClient(path, self._limits))
            return self._former[2]

    def _stop_former(self) -> None:
        if self._former is not None and self._former[1].stdin is not None:
            self._former[1].stdin.close()
            self._former[1].wait()

    @cached_property
    def _sockets(self) -> Path:
        return sockets_for(self.folder)

    def _open(self, folder: Path) -> Release:
        return Release(folder, self._sockets, self._limits)
