"""Work on many plans at once: in this process, in several of this machine, or on a cluster.

Work that fails names its plan and stops no other. Where a process is killed, what was in its hands
is tried once more by itself: what ends its process again has failed.
"""

import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, TypeVar

from kg.errors import PlanlinkError
from kg.memory import garbage_seldom_looked_for

_PATIENCE = 10  # seconds until a scheduler must have answered
_R = TypeVar("_R")
_Task = tuple[str, Callable[[], _R]]
"""Where it is done (a folder, a plan's slug), and what is to be called."""
_MEND = "report this, with the plan's folder, to who maintains planlink"


@dataclass(frozen=True)
class Cluster:
    """Workers elsewhere.

    executor: gives them work. lost: what is raised where workers died of it, or the cluster went.
    """

    executor: Executor
    lost: tuple[type[BaseException], ...]


@contextmanager
def cluster_at(scheduler: str) -> Iterator[Cluster]:
    """The workers that a scheduler has. They must have the same planlink installed, and see the
    plans' folders and the cache under the same paths.

    Args:
        scheduler: its address, such as tcp://localhost:8786.

    Raises:
        PlanlinkError: dask.distributed is not installed, or no scheduler answers.
    """
    try:
        distributed: Any = import_module("distributed")  # an extra, slow to load
    except ImportError as error:
        raise PlanlinkError.of("dask_missing", "--scheduler") from error
    try:
        client = distributed.Client(scheduler, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise PlanlinkError.of("scheduler_silent", scheduler) from error
    with client:
        yield Cluster(client.get_executor(pure=False), (distributed.KilledWorker, CancelledError))


@dataclass(frozen=True)
class Progress:
    """How far work on plans has come.

    what: the work. done, failed, total: how many plans. seconds: since it began.
    """

    what: str
    done: int
    failed: int
    total: int
    seconds: float

    @property
    def rate(self) -> float:
        """Plans a second."""
        return (self.done + self.failed) / max(self.seconds, 1e-3)

    @property
    def remaining(self) -> float:
        """Seconds until the end at this rate; 0 before the first plan."""
        return (self.total - self.done - self.failed) / self.rate if self.rate else 0.0

    def __str__(self) -> str:
        failed = f", {self.failed} failed" if self.failed else ""
        return (
            f"{self.what}: {self.done} of {self.total}{failed}; "
            f"{self.rate:.2g} a second, {self.remaining:.0f} s left"
        )


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # not on Windows and macOS
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def refuse(results: Sequence[_R | PlanlinkError]) -> list[_R]:
    """The results of work that must not fail; raises the first PlanlinkError among them."""
    for result in results:
        if isinstance(result, PlanlinkError):
            raise result
    return [result for result in results if not isinstance(result, PlanlinkError)]


class Jobs:
    """Does work on many plans.

    Args:
        jobs: how many processes work; with 1, this one does.
        tell: called with how far it has come, whenever a plan is done.
        cluster: whose workers work instead, if any.
    """

    def __init__(
        self, jobs: int, tell: Callable[[Progress], None], cluster: Cluster | None = None
    ) -> None:
        self._jobs, self._tell, self._cluster = jobs, tell, cluster
        self._pool: Executor | None = None

    def close(self) -> None:
        """End the processes that were started."""
        if self._pool is not None:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None

    def each(self, what: str, tasks: Sequence[_Task[_R]]) -> list[_R | PlanlinkError]:
        """Do a piece of work for each task.

        Args:
            what: what the work is called.
            tasks: where each is done, and what is called: where several processes work, a function
                of a module with its arguments (functools.partial).

        Returns:
            What came of each, in the order of the tasks; the error where it failed.

        Raises:
            OSError: something cannot be written.
        """
        found: dict[int, _R | PlanlinkError] = {}
        begun, failed = time.monotonic(), 0
        alone = self._cluster is None and min(self._jobs, len(tasks)) <= 1
        done = self._in_process if alone else self._elsewhere
        for number, result in done(tasks):
            found[number] = result
            failed += isinstance(result, PlanlinkError)
            self._tell(
                Progress(what, len(found) - failed, failed, len(tasks), time.monotonic() - begun)
            )
        return [found[number] for number in range(len(tasks))]

    def _in_process(self, tasks: Sequence[_Task[_R]]) -> Iterator[tuple[int, _R | PlanlinkError]]:
        for number, (where, work) in enumerate(tasks):
            yield number, _result_of_task(where, work, len(tasks) > 1)

    def _elsewhere(self, tasks: Sequence[_Task[_R]]) -> Iterator[tuple[int, _R | PlanlinkError]]:
        left = dict(enumerate(tasks))
        while left:
            for number, result in self._until_killed(left, self._jobs):
                del left[number]
                yield number, result
            # one more waits in each pool; a cluster gives what it lost to others by itself
            in_hand = [*left] if self._cluster else [*left][: self._jobs + 1]
            for number in in_hand:
                one = {number: left.pop(number)}
                finished = [] if self._cluster else [*self._until_killed(one, 1)]
                killed = PlanlinkError.of("process_killed", one[number][0])
                yield from finished or [(number, killed)]
            if in_hand:
                self.close()

    def _until_killed(
        self, tasks: dict[int, _Task[_R]], jobs: int
    ) -> Iterator[tuple[int, _R | PlanlinkError]]:
        """What comes of tasks as they are done; of all until one of our processes is killed, or of
        those that the cluster has not lost."""
        lost: tuple[type[BaseException], ...] = ()
        if self._cluster is not None:
            executor, lost = self._cluster.executor, self._cluster.lost
        else:
            executor = self._pool = self._pool or _pool(jobs)
        futures: dict[Future[_R | PlanlinkError], int] = {}
        try:
            for number, (where, work) in tasks.items():
                futures[executor.submit(_result_of_task, where, work)] = number
            for future in as_completed(futures):
                with suppress(*lost):
                    yield futures[future], future.result()
        except BrokenProcessPool:
            self.close()


def _pool(jobs: int) -> ProcessPoolExecutor:
    """Processes that are started clean, so that none inherits a lock, and end with this one."""
    ways = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in ways else "spawn")
    if "forkserver" in ways:
        context.set_forkserver_preload(["kg.pipeline", "kg.extract.loaded"])
    return ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin)


def _begin() -> None:
    """Have a process end with its parent, and leave SIGINT to that."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    end_with_starter()


def end_with_starter() -> None:
    """Have this process end with the one that started it, even a killed one, on any system."""
    parent = multiprocessing.parent_process()

    def end() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=end, daemon=True).start()


@garbage_seldom_looked_for()
def _result_of_task(where: str, work: Callable[[], _R], several: bool = True) -> _R | PlanlinkError:
    """What comes of a task; among several, an error in planlink is one plan's."""
    try:
        return work()
    except PlanlinkError as error:
        return error
    except OSError:
        raise
    except Exception as error:
        if not several:
            raise
        last = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(last.filename).name}, line {last.lineno}"
        what = f"planlink failed on it ({type(error).__name__}: {error}; {place})"
        return PlanlinkError(" ".join(what.split()), where, _MEND)
