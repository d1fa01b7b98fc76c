"""One supervisor for every child of the server: the pool of each release that is served, the
workspace's, the web server.

It follows `current` of a folder of releases. A release is served when a pool on it has answered:
then the link `serving` in the runtime folder leads to that pool, and whoever asks goes over to it.
While `current` is missing, or leads to a release that cannot be opened, the former one stays.
"""

import contextlib
import itertools
import logging
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from ctypes.util import find_library
from functools import partial
from pathlib import Path

from kg.errors import CannotWriteError, PlanlinkError
from kg.files import lock
from kg.release.current import current
from kg.settings import Limits
from kg.sparql.processes import AGAIN, BEATS, PYTHON, Child, Watch, started
from kg.sparql.request import PACKETS

SERVING = "serving"  # the link that leads to the pool of the release that is served
_PREFIX = "planlink-"
_STARTING = 60  # seconds that a folder may be older than its lock
_RETIRE = 5.0  # seconds beyond a query's limit that the pool of a former release stays
_WAITING = 128  # requests that may wait for a worker
_log = logging.getLogger("planlink")


class PoolProcess(Child):
    """A pool in a process of its own; its socket stays when that process is replaced.

    Args:
        folder: where its socket, and a link to its release, are put.
        dataset: the folder of the release, or of the dataset that may be written.
        writable: whether it may be written.
    """

    def __init__(self, folder: Path, dataset: Path, writable: bool, limits: Limits) -> None:
        self.folder, self.dataset = folder, dataset
        self._beats = folder.parent / BEATS
        folder.mkdir()
        (folder / "release").symlink_to(dataset.resolve())
        self._listener = socket.socket(socket.AF_UNIX, PACKETS)
        self._listener.bind(str(folder / "socket"))
        self._listener.listen(_WAITING)
        self._held = _opened(dataset) if writable else None
        number = self._listener.fileno()
        start = partial(
            started,
            [*PYTHON, "kg.sparql.pool"],
            (dataset, self._held, number, self._beats, limits),
            # With jemalloc most queries take a third to two thirds of the time.
            env={"LD_PRELOAD": find_library("jemalloc") or ""} | os.environ,
            pass_fds=(number,) if self._held is None else (number, self._held),
            process_group=0,
        )
        super().__init__(f"the query pool on {dataset.name}", start)

    def is_ready(self) -> bool:
        """Whether it has given a sign of life: its workers have been prepared."""
        return (self._beats / str(self.process.pid)).exists()

    def stop(self) -> None:
        """End it and its workers."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        super().stop()
        self._listener.close()
        if self._held is not None:
            os.close(self._held)
        shutil.rmtree(self.folder)


def _opened(dataset: Path) -> int:
    """The open folder of a dataset that may be written, made where it is missing.

    Its workers lock it. As they inherit it from here, the lock lasts as long as this process.
    """
    try:
        dataset.mkdir(parents=True, exist_ok=True)
        return os.open(dataset, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise CannotWriteError(error, dataset) from error


class Supervisor:
    """Keeps the pools and, where there is one, the web server.

    Args:
        out: the folder of releases.
        runtime: the folder for sockets and the link to what is served, nobody else's.
        workspace: the folder of the dataset that may be written; None for none.
        web: starts the web server; none to keep pools alone.
        grace: seconds that it is given to end.
    """

    def __init__(
        self,
        out: Path,
        runtime: Path,
        limits: Limits,
        workspace: Path | None = None,
        web: Callable[[], subprocess.Popen[bytes]] | None = None,
        grace: float = 30.0,
    ) -> None:
        self._out, self._runtime, self._limits = out, runtime, limits
        (runtime / BEATS).mkdir()
        self._watch = Watch(runtime / BEATS)
        self._children: list[Child] = []
        self._numbers = itertools.count(1)  # of pools
        self._served: PoolProcess | None = None
        self._coming: PoolProcess | None = None
        self._tried: tuple[Path, int, int] | None = None  # the release that a pool was started on
        if workspace is not None:
            self._children.append(PoolProcess(runtime / "workspace", workspace, True, limits))
        if web is not None:  # it loads while the pool does, and is the first to end
            self._children.insert(0, Child("the web server", web, grace))

    def look(self) -> None:
        """Keep every child going, and go over to a newer release when it is there. What the system
        refuses, such as another process, is tried again later.

        Raises:
            PlanlinkError, OSError: the release cannot be opened, and none is served yet.
        """
        try:
            self._watch.look()
            self._follow()
            for child in tuple(self._children):
                if time.monotonic() > child.until:
                    self._end(child)
                else:
                    child.look()
        except OSError as error:
            if self._served is None:
                raise
            _log.error("a process of the server could not be started or ended: %s", error)
            time.sleep(AGAIN)

    def _follow(self) -> None:
        """Start a pool on what is current, and serve it when it is ready."""
        found = self._found()
        if self._coming is None and found is not None and found != self._tried:
            folder = self._runtime / f"pool-{next(self._numbers)}"
            self._coming = PoolProcess(folder, found[0], False, self._limits)
            self._children.append(self._coming)
            self._tried = found
        pool = self._coming
        if pool is None:
            return
        if pool.is_ready():
            self._coming = None
            self._serve(pool)
        elif (pool.process.poll() or 0) > 0:  # it has ended by itself
            self._coming = None
            self._end(pool)
            if self._served is None:
                raise PlanlinkError.of("release_not_opened", self._out)
            _log.error("release %s cannot be opened; the former one stays", pool.dataset.name)

    def _found(self) -> tuple[Path, int, int] | None:
        """What tells the current release from others; None where there is none for the moment."""
        try:
            folder = current(self._out)
            file = (folder / "manifest.json").stat()
        except (PlanlinkError, OSError):
            return None
        return folder, file.st_ino, file.st_mtime_ns

    def _serve(self, pool: PoolProcess) -> None:
        """Lead everybody to a pool, and keep the former one until its queries have ended."""
        link = self._runtime / f"{SERVING}.new"
        link.symlink_to(pool.folder)
        link.replace(self._runtime / SERVING)
        if self._served is not None:
            self._served.until = time.monotonic() + self._limits.seconds + _RETIRE
        self._served = pool

    def _end(self, child: Child) -> None:
        self._children.remove(child)
        child.stop()

    def close(self) -> None:
        """End the web server when it has answered what it has begun, then the pools."""
        for child in self._children:
            child.stop()


@contextlib.contextmanager
def runtime_folder() -> Iterator[Path]:
    """A folder for a server's sockets; those that killed servers left behind are removed.

    A server holds a lock on its folder for as long as it lives (flock(2)).
    """
    for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.stat().st_mtime > _STARTING:
                with _locked(left):
                    shutil.rmtree(left)
    folder, owner = Path(tempfile.mkdtemp(prefix=_PREFIX)), os.getpid()
    try:
        with _locked(folder):
            yield folder
    finally:
        if os.getpid() == owner:  # not at the end of one that was forked from it
            shutil.rmtree(folder)


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """While this process holds a folder; OSError where another one does."""
    held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        lock(held, wait=False)
        yield
    finally:
        os.close(held)
