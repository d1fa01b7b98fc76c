"""The worker pool of one dataset: forked from a process that has loaded it, killed at their limits,
replaced at once.

    python -m kg.sparql.pool    with a pickled Job on standard input

Every bound is the kernel's: an alarm ends a worker by the clock, RLIMIT_DATA by memory and
RLIMIT_FSIZE an answer by size. A query that has used its budget of CPU time gets the lowest
priority, and another worker is forked, so that new queries find one that is free.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import logging
import mmap
import os
import pickle
import resource
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from functools import cache
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import NoReturn

import pyoxigraph as ox
import urllib3

from kg.errors import PlanlinkError
from kg.release.current import current
from kg.release.engine import address_and_headers, engine_of, reading
from kg.release.manifest import read_manifest
from kg.release.store import IN_MEMORY, open_store
from kg.settings import Limits
from kg.sparql.evaluate import Evaluate, evaluator
from kg.sparql.heartbeat import Heartbeat
from kg.sparql.job import NOT_OPENED, Job, end_with_parent
from kg.sparql.remote import forward
from kg.sparql.request import Outcome, Request, Written, receive_request, send_outcome

_CLONE_NEWNET, _CLONE_NEWUSER = 0x40000000, 0x10000000  # unshare(2)
_MIB = 1024**2
_BUSY, _IDLE = 0.005, 0.05  # seconds between looks at workers, and where none is at work
_CONNECTED = -1.0  # when a worker began that waits for the next request of a client
_WAITS = 1.0  # seconds after which a query counts as long, though it takes no CPU time
_NICE, _LOWEST = 5, 19  # priorities: pages come before queries, short queries before long ones
_CLIENT = struct.pack("@ll", 5, 0)  # timeval: seconds for a client to say what it wants
_MEASURE = 0.25  # seconds between looks at the memory of queries
_SHARE = 0.8  # of the memory that all may take, from which on queries end: they grow between looks
_STACK = 256 * _MIB  # of a worker: the engine goes down a level for each negation or term
_SURPLUS = 2  # seconds of idleness after which workers that are not needed end, one a look
_SOON = urllib3.Timeout(connect=2, read=3)  # seconds that an engine has to say that it is there
_NOT_SURE = Outcome(
    "engine", problem="it is not known which release the engine that holds the data has: publish it"
)
_LARGE = 2  # exit status of the process that reads a store, where it is too large for memory
_EVERYTHING = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


class _Table:
    """When each worker began with what it is at, in memory that all share."""

    _ROW = struct.Struct("<dd")  # monotonic seconds, CPU seconds; zero while idle

    def __init__(self, rows: int) -> None:
        self._map = mmap.mmap(-1, rows * self._ROW.size)

    def begin(self, row: int) -> None:
        """The worker that calls this begins with a request."""
        self._put(row, time.monotonic(), time.process_time())

    def connect(self, row: int) -> None:
        """It waits for a client's request."""
        self._put(row, _CONNECTED, 0.0)

    def end(self, row: int) -> None:
        """It waits for a client."""
        self._put(row, 0.0, 0.0)

    def read(self, row: int) -> tuple[float, float]:
        """When it began, and the CPU time that it had used then; 0 or _CONNECTED while it waits."""
        began, used = self._ROW.unpack_from(self._map, row * self._ROW.size)
        return began, used

    def _put(self, row: int, began: float, used: float) -> None:
        self._ROW.pack_into(self._map, row * self._ROW.size, began, used)


class Pool:
    """Keeps workers that answer on a socket.

    Args:
        listener: the socket.
        limits: what each query may use, and how many workers there are.
        single: whether there may be but one worker, since it alone has the data open.
    """

    def __init__(self, listener: socket.socket, limits: Limits, beats: Path, single: bool) -> None:
        self._listener, self._limits, self._beats = listener, limits, beats
        self._spare = 1 if single else limits.spare
        self._most = 1 if single else limits.spare + limits.long
        self._table = _Table(self._most)
        self._workers: dict[int, int] = {}  # row by process
        self._long: set[int] = set()
        self._idle_since = time.monotonic()
        self._measured = 0.0
        self._memory = 0  # bytes that a worker may have, known when what it shares is loaded

    def run(self, prepare: Callable[[bool], Evaluate], ready: int) -> NoReturn:
        """Keep workers until told to end.

        Args:
            prepare: called once in each worker, with whether it is one of the first, for which
                nobody waits yet; gives what answers requests.
            ready: a pipe that a byte is written to when the first are there.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD, signal.SIGTERM})
        self._memory = _data_size() + self._limits.memory * _MIB
        gc.collect()
        gc.freeze()  # a collection in a worker would copy all memory that it shares
        prepared, tell = os.pipe()
        for _ in range(self._spare):
            self._fork(prepare, tell)
        os.close(tell)
        for _ in range(self._spare):
            if not os.read(prepared, 1):
                break  # one has died; the others do
        os.close(prepared)
        os.write(ready, b"1")
        os.close(ready)
        heartbeat = Heartbeat(self._beats)
        while True:
            heartbeat.beat()
            busy = self._look(prepare)
            wait = _BUSY if busy else _IDLE
            came = signal.sigtimedwait({signal.SIGCHLD, signal.SIGTERM}, wait)
            if came is not None and came.si_signo == signal.SIGTERM:
                for pid in self._workers:
                    os.kill(pid, signal.SIGKILL)
                os._exit(0)

    def _look(self, prepare: Callable[[bool], Evaluate]) -> bool:
        """Reap workers that ended, lower the priority of long queries, fork for new ones.

        Returns:
            Whether any worker is at work.
        """
        while (pid := _ended_child()) is not None:
            self._table.end(self._workers.pop(pid))
            self._long.discard(pid)
        now, busy, taken = time.monotonic(), 0, 0
        for pid, row in self._workers.items():
            began, used_before = self._table.read(row)
            taken += began != 0
            if began <= 0:
                continue
            busy += 1
            if pid not in self._long and (
                now - began > _WAITS or _cpu_time(pid) - used_before > self._limits.budget
            ):
                self._long.add(pid)
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.setpriority(os.PRIO_PROCESS, pid, _LOWEST)
                    # Sixty of the lowest priority have as much weight as the web server: of this
                    # class, a fifth of that (sched(7)).
                    os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))
        wanted = min(self._spare + taken, self._most) - len(self._workers)
        for _ in range(wanted):
            self._fork(prepare)
        if self._long and now - self._measured > _MEASURE:
            self._measured = now
            self._bound_memory()
        self._end_surplus(now, busy)
        return bool(busy)

    def _bound_memory(self) -> None:
        """End the queries that take most, as long as all together take more than they may."""
        taken = {pid: _own_memory(pid) for pid in self._workers}
        beyond = sum(taken.values()) - _SHARE * self._limits.total_memory * _MIB
        for pid in sorted(self._long, key=lambda pid: -taken[pid]):
            if beyond <= 0:
                break
            os.kill(pid, signal.SIGKILL)
            beyond -= taken[pid]

    def _end_surplus(self, now: float, busy: int) -> None:
        """Have a worker end that has been needed by nobody for a while."""
        if busy or len(self._workers) <= self._spare:
            self._idle_since = now
        elif now - self._idle_since > _SURPLUS:
            free = [pid for pid, row in self._workers.items() if not self._table.read(row)[0]]
            if len(free) > self._spare:
                os.kill(free[0], signal.SIGTERM)
            self._idle_since = now

    def _fork(self, prepare: Callable[[bool], Evaluate], tell: int | None = None) -> None:
        """Start a worker, which writes a byte to the pipe tell, where given, when it is ready."""
        row = next(r for r in range(self._most) if r not in self._workers.values())
        parent = os.getpid()
        if pid := os.fork():
            self._workers[pid] = row
            return
        try:
            end_with_parent(parent, signal.SIGTERM)
            evaluate = prepare(tell is not None)
            resource.setrlimit(resource.RLIMIT_DATA, (self._memory, self._memory))
            resource.setrlimit(resource.RLIMIT_FSIZE, (self._limits.result * _MIB,) * 2)
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            hard = resource.getrlimit(resource.RLIMIT_STACK)[1]
            stack = _STACK if hard == resource.RLIM_INFINITY else min(_STACK, hard)
            resource.setrlimit(resource.RLIMIT_STACK, (stack, hard))
            if tell is not None:
                os.write(tell, b"1")
                os.close(tell)
            os.nice(_NICE)
            _Worker(self._listener, self._table, row, evaluate).run()
        except Exception:
            logging.getLogger("planlink").exception("a query worker ended")
            time.sleep(1)  # not a loop of forks, where each fails
        finally:
            os._exit(1)


class _Worker:
    """Answers one request after the other."""

    def __init__(
        self, listener: socket.socket, table: _Table, row: int, evaluate: Evaluate
    ) -> None:
        self._listener, self._table, self._row = listener, table, row
        self._evaluate = evaluate
        self._waits = self._ends = False

    def run(self) -> NoReturn:
        """Work until told to end, and until a query has been long: its priority stays low."""
        signal.signal(signal.SIGTERM, self._end)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD, signal.SIGTERM})
        priority = os.getpriority(os.PRIO_PROCESS, 0)
        while not self._ends and os.getpriority(os.PRIO_PROCESS, 0) == priority:
            self._waits = True
            connection, _ = self._listener.accept()
            with connection, contextlib.suppress(OSError, EOFError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _CLIENT)
                while not self._ends and os.getpriority(os.PRIO_PROCESS, 0) == priority:
                    self._table.connect(self._row)
                    self._waits = True
                    asked = receive_request(connection)
                    self._waits = False
                    self._answer(connection, *asked)
            self._table.end(self._row)
        os._exit(0)

    def _answer(
        self, connection: socket.socket, until: float, request: Request, body: bytes
    ) -> None:
        """Answer a request."""
        seconds = until - time.monotonic()
        if seconds <= 0:  # the client has given up waiting
            raise EOFError
        self._table.begin(self._row)
        # Nothing handles SIGALRM: it ends the process.
        signal.setitimer(signal.ITIMER_REAL, seconds)
        try:
            with Written() as answer, Written() as nothing:
                outcome = self._evaluate(request, body, answer)
                send_outcome(connection, outcome, answer if outcome.name == "ok" else nothing)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _end(self, *_: object) -> None:
        """End, at once where nothing is under way."""
        self._ends = True
        if self._waits:
            os._exit(0)


def serve_release(job: Job, listener: socket.socket) -> NoReturn:
    """Answer queries on a release, which does not change: the workers share it.

    Raises:
        PlanlinkError, OSError, ValueError: it cannot be opened.
    """
    folder, limits, ready = Path(job.folder), job.limits, job.ready
    read_manifest(folder)  # what pages cannot do without
    pool = Pool(listener, limits, Path(job.beats), single=False)
    if (engine := engine_of(folder)) is not None:
        pool.run(lambda _: _remote(folder, engine, limits), ready)
    import_module("rdflib.plugins.sparql.parser")  # what the guard loads late, once for all
    isolated = _without_network()
    shared = _in_memory(folder / "store")

    def prepare(first: bool) -> Evaluate:
        if shared is not None and first:
            # Reading counts references, which copies memory at its first use: better now.
            shared.query(_EVERYTHING)
        store = open_store(folder / "store") if shared is None else shared
        answer_own = evaluator(store, union=True)

        def evaluate(request: Request, body: bytes, answer: Written) -> Outcome:
            if request.operation == "about":
                answer.write(json.dumps({"isolated": isolated}).encode())
                return Outcome("ok")
            if request.release:
                return _on_former(folder.parent / str(request.release), request, body, answer)
            return answer_own(request, body, answer)

        return evaluate

    pool.run(prepare, ready)


def _in_memory(folder: Path) -> ox.Store | None:
    """A copy in memory of a store on disk, which answers several times faster; None of a large one.

    It is read by a process of its own: RocksDB leaves threads behind, and to fork beside threads
    is not safe.

    Raises:
        PlanlinkError: the store cannot be opened.
    """
    copy = os.memfd_create("store", os.MFD_CLOEXEC)
    pid = os.fork()
    if not pid:
        status = 1
        try:
            with contextlib.suppress(PlanlinkError, OSError):
                on_disk = open_store(folder)
                status = _LARGE
                if not any(True for _ in islice(on_disk, IN_MEMORY, None)):
                    on_disk.dump(f"/proc/self/fd/{copy}", format=ox.RdfFormat.N_QUADS)
                    status = 0
        finally:
            os._exit(status)
    ended = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    if ended not in (0, _LARGE):
        raise PlanlinkError("the store cannot be opened", str(folder), "publish the release again")
    store = ox.Store() if ended == 0 else None
    if store is not None:
        store.bulk_load(path=f"/proc/self/fd/{copy}", format=ox.RdfFormat.N_QUADS)
    os.close(copy)
    return store


def _on_former(folder: Path, request: Request, body: bytes, answer: Written) -> Outcome:
    """Answer on a former release, opened for this request alone."""
    try:
        store = open_store(folder / "store")
    except (PlanlinkError, OSError):
        return Outcome("absent", problem=f"release {folder.name} is no longer kept")
    return evaluator(store, union=True)(request, body, answer)


def _remote(folder: Path, engine: str, limits: Limits) -> Evaluate:
    """What passes queries on to another engine, which has the graphs of the current release."""
    address, headers = address_and_headers(engine)
    out = folder.parent.parent
    graphs_of = cache(lambda release: sorted(read_manifest(release).graphs))
    timeout = urllib3.Timeout(connect=5, read=limits.seconds)
    connections = urllib3.PoolManager(timeout=timeout, headers=headers)

    def evaluate(request: Request, _: bytes, answer: Written) -> Outcome:
        if request.operation == "about":
            return _about_engine(address, headers, out, answer)
        if request.operation != "query" or request.release:
            return Outcome("absent", problem="the engine that holds the data has no such graph")
        with reading(out) as sure:  # its graphs are the current release's until this is given back
            if not sure:
                return _NOT_SURE
            return forward(connections, address, graphs_of(current(out)), request, answer)

    return evaluate


def _about_engine(address: str, headers: dict[str, str], out: Path, answer: Written) -> Outcome:
    """What the pool says of itself, where the engine answers a small query, and soon."""
    connections = urllib3.PoolManager(timeout=_SOON, headers=headers)
    with connections, Written() as said, reading(out) as sure:
        if not sure:
            return _NOT_SURE
        outcome = forward(connections, address, [], Request("ASK {}"), said)
    if outcome.name == "ok":
        answer.write(json.dumps({"isolated": None}).encode())
    return outcome


def serve_dataset(job: Job, listener: socket.socket) -> NoReturn:
    """Answer queries and updates on a dataset that changes: one worker has it open."""
    _without_network()
    prepare = lambda _: evaluator(ox.Store(job.folder), union=False)  # noqa: E731
    Pool(listener, job.limits, Path(job.beats), single=True).run(prepare, job.ready)


def _without_network() -> bool:
    """Take the network away from this process and those that it forks; whether the system lets it.

    With the right to (CAP_SYS_ADMIN) by a network namespace alone, else by one in a user namespace,
    where the system allows those to everybody.
    """
    system = ctypes.CDLL(None)
    return any(
        not system.unshare(flags) for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET)
    )


def _ended_child() -> int | None:
    """A child that has ended; those that somebody stopped, whom no alarm would end, are ended."""
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG | os.WUNTRACED)) != (0, 0):
            pid, status = found
            if not os.WIFSTOPPED(status):
                return pid
            os.kill(pid, signal.SIGKILL)
    return None


def _cpu_time(pid: int) -> float:
    """The CPU seconds of a process, by its clock (clock_getcpuclockid(3)); 0 once it has ended."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0


def _own_memory(pid: int) -> int:
    """The bytes of memory that a process has changed and so shares with nobody, its copies of what
    it was forked with included (smaps_rollup in proc(5)); 0 where it is gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Private_Dirty"))


def _data_size() -> int:
    """The bytes of data that this process has, which those it forks begin with."""
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmData"))


def main() -> NoReturn:
    """Read the job, see the module."""
    parent = os.getppid()
    end_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the supervisor says when to end
    job: Job = pickle.load(sys.stdin.buffer)
    listener = socket.socket(fileno=job.listener)
    serve = serve_dataset if job.writable else serve_release
    try:
        serve(job, listener)
    except (PlanlinkError, OSError, ValueError):  # ValueError: an engine.json that is cut off
        sys.exit(NOT_OPENED)  # the supervisor says so


if __name__ == "__main__":
    main()
