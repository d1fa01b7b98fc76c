"""One supervisor for every child of the server: the pool of each release that is served, the
workspace's, the web server.

It follows `current` of a folder of releases. A release is served when a pool on it has answered:
then the link `serving` in the runtime folder leads to that pool, and whoever asks goes over to it.
While `current` is missing, or leads to a release that cannot be opened, the former one stays.
"""

import contextlib
import logging
import os
import pickle
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from ctypes.util import find_library
from functools import partial
from pathlib import Path
from typing import Any

from kg.errors import CannotWriteError, PlanlinkError
from kg.files import lock
from kg.release.current import current
from kg.settings import Limits
from kg.sparql.heartbeat import Watch
from kg.sparql.job import BEATS, NOT_OPENED, PACKETS, Job

PYTHON = [sys.executable, "-P", "-m"]  # -P: nothing is imported from the working folder
SERVING = "serving"  # the link that leads to the pool of the release that is served
_PREFIX = "planlink-"
_STARTING = 60  # seconds that a folder may be older than its lock
LOOK = 0.1  # seconds between looks at children and at what is current
_RETIRE = 5.0  # seconds beyond a query's limit that the pool of a former release stays
_AGAIN = (0.1, 5.0)  # seconds until a child that ended is started again: at first, and at most
_STEADY = 10.0  # seconds after which a child counts as started well
_WAITING = 128  # requests that may wait for a worker
_log = logging.getLogger("planlink")


class _Child:
    """A process that is started again when it ends."""

    def __init__(self, name: str, start: Callable[[], subprocess.Popen[bytes]]) -> None:
        self.name, self._start = name, start
        self._wait = _AGAIN[0]
        self.process, self._began = start(), time.monotonic()

    def look(self) -> None:
        """Start it again where it has ended, later each time where it ends soon."""
        status, lived = self.process.poll(), time.monotonic() - self._began
        if status is None or lived < self._wait:
            return
        self._wait = _AGAIN[0] if lived > _STEADY else min(2 * self._wait, _AGAIN[1])
        if status != NOT_OPENED:
            _log.warning("%s ended with %s; it is started again", self.name, status)
        self.process, self._began = self._start(), time.monotonic()

    def stop(self, seconds: float = 5.0) -> None:
        """End it, by force where it does not end in time."""
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class PoolProcess(_Child):
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
        number = self._listener.fileno()
        self._held = _opened(dataset) if writable else None
        job = Job(str(dataset), self._held, number, str(self._beats), limits)
        environment = dict(os.environ)
        if "LD_PRELOAD" not in environment and (allocator := find_library("jemalloc")):
            # With it most queries take a third to two thirds of the time.
            environment |= {"LD_PRELOAD": allocator}
        command = [*PYTHON, "kg.sparql.pool"]
        passed = (number,) if self._held is None else (number, self._held)
        start = partial(started, command, job, env=environment, pass_fds=passed)
        super().__init__(f"the query pool on {dataset.name}", start)

    def is_ready(self) -> bool:
        """Whether it has given a sign of life: its workers have been prepared."""
        return (self._beats / str(self.process.pid)).exists()

    def stop(self, seconds: float = 5.0) -> None:
        """End it and its workers."""
        super().stop(seconds)
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
        self._out, self._runtime, self._limits, self._grace = out, runtime, limits, grace
        self._served: PoolProcess | None = None
        self._coming: PoolProcess | None = None
        self._retired: dict[PoolProcess, float] = {}
        self._tried: tuple[Path, int, int] | None = None  # the release that a pool was started on
        self._count = 0
        self._workspace: PoolProcess | None = None
        self._web: _Child | None = None
        (self._runtime / BEATS).mkdir()
        self._watch = Watch(self._runtime / BEATS)
        try:
            if web is not None:  # it loads while the pool does, and waits for it
                self._web = _Child("the web server", web)
            self._begin(workspace)
        except BaseException:
            self.close()
            raise

    def _begin(self, workspace: Path | None) -> None:
        """Start the pools, and wait for that on the current release."""
        current(self._out)
        if workspace is not None:
            folder = self._runtime / "workspace"
            self._workspace = PoolProcess(folder, workspace, True, self._limits)
        while self._served is None:
            self.look()
            if self._served is None and self._coming is None:
                raise PlanlinkError.of("release_not_opened", self._out)
            time.sleep(LOOK / 10)

    def look(self) -> None:
        """Keep every child going, and go over to a newer release when it is there."""
        for process in self._watch.look():
            _log.warning("process %d hung and was ended", process)
        for child in (self._web, self._served, self._workspace, *self._retired):
            if child is not None:
                child.look()
        self._follow()
        now = time.monotonic()
        for pool in [pool for pool, until in self._retired.items() if now > until]:
            del self._retired[pool]
            pool.stop()

    def _follow(self) -> None:
        """Start a pool on what is current, and serve it when it is ready."""
        found = self._found()
        if self._coming is None and found is not None and found != self._tried:
            self._tried = found
            self._count += 1
            folder = self._runtime / f"pool-{self._count}"
            self._coming = PoolProcess(folder, found[0], False, self._limits)
        pool = self._coming
        if pool is None:
            return
        if pool.is_ready():
            self._coming = None
            self._serve(pool)
        elif pool.process.poll() == NOT_OPENED:
            self._coming = None
            if self._served is not None:
                name = pool.dataset.name
                _log.error("release %s cannot be opened; the former one stays", name)
            pool.stop()
        else:
            pool.look()

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
            self._retired[self._served] = time.monotonic() + self._limits.seconds + _RETIRE
        self._served = pool

    def close(self) -> None:
        """End the web server when it has answered what it has begun, then the pools."""
        if self._web is not None:
            self._web.stop(self._grace)
        for pool in (self._served, self._workspace, self._coming, *self._retired):
            if pool is not None:
                pool.stop()
        self._watch.close()


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


def started(command: Sequence[str], given: object, **options: Any) -> subprocess.Popen[bytes]:
    """A process that has been given its task on standard input, pickled.

    Args:
        options: those of subprocess.Popen.
    """
    process = subprocess.Popen(command, stdin=subprocess.PIPE, **options)
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError), process.stdin:  # it has ended: that shows later
        pickle.dump(given, process.stdin)
    return process
