"""Workers forked from a process that has loaded a dataset, killed at their limits and replaced.

Every bound is the kernel's: an alarm ends a worker by the clock, RLIMIT_DATA by memory and
RLIMIT_FSIZE an answer by size. A query that has used its budget of CPU time gets the lowest
priority, and another worker is forked, so that new queries find one that is free.
"""

import contextlib
import ctypes
import gc
import logging
import math
import mmap
import os
import resource
import signal
import socket
import struct
import time
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from kg.settings import Limits
from kg.sparql.processes import beat
from kg.sparql.request import Answer, Request, Written, receive_request, send_answer

_MIB = 1024**2
_BUSY, _IDLE = 0.005, 0.05  # seconds between looks at workers, and where none is at work
_FREE, _PREPARING, _CONNECTED = 0.0, -1.0, math.inf  # what a worker does that has no request
_NICE = 5  # the priority of queries: pages come before them
_LOWEST = 19  # priority (setpriority(2))
_CLIENT = struct.pack("@ll", 5, 0)  # timeval: seconds for a client to say what it wants
_NOBODY = struct.pack("@ll", 0, 250_000)  # the same for one to come at all
_MEASURE = 0.05  # seconds between looks at the memory of queries
_SHARE = 0.8  # of the memory that all may take, from which on queries end: they grow between looks
_STACK = 256 * _MIB  # of a worker: the engine goes down a level for each negation or term
_PROCESS_MRELEASE = 448  # the number of that system call
_log = logging.getLogger("planlink")
Evaluate = Callable[[Request, bytes, Written], Answer]
"""Does what is asked, with the body that came with it, and writes the answer."""
Prepare = Callable[[bool], Evaluate]
"""Gives in a worker what answers requests; with whether nobody waits for one yet."""


class Workers:
    """Workers that answer on a socket, kept at the number that is wanted.

    Args:
        listener: the socket.
        limits: what each query may use, and how many workers there are.
        prepare: called once in each worker.
    """

    def __init__(self, listener: socket.socket, limits: Limits, prepare: Prepare) -> None:
        self._listener, self._limits, self._prepare = listener, limits, prepare
        self._spare, self._most = limits.spare, limits.spare + limits.long
        # In memory that all share, for each worker: the CPU time at which its request gives way, or
        # what else it does. Behind them how many workers are wanted.
        self._table = memoryview(mmap.mmap(-1, (self._most + 1) * 8)).cast("d")
        self._long = mmap.mmap(-1, self._most)  # whether it has given way
        self._rows: dict[int, int] = {}  # of both, by process
        self._measured = 0.0
        self._shared = 0  # bytes that workers share with this process when they have read the data
        self._memory = _bytes("self", "status", "VmData") + limits.memory * _MIB  # of a worker

    def run(self, beats: Path) -> NoReturn:
        """Keep workers until killed.

        Args:
            beats: the folder for signs of life, the first when workers are there.
        """
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _NOBODY)
        gc.collect()
        gc.freeze()  # a collection in a worker would copy all memory that it shares
        for _ in range(self._spare):
            self._fork(first=True)
        while any(self._table[row] == _PREPARING for row in self._rows.values()):
            time.sleep(_BUSY)
            self._reap()
        shared = [
            _bytes(pid, "status", "RssAnon") - _bytes(pid, "smaps_rollup", "Private_Dirty")
            for pid in self._rows
        ]
        self._shared = max(shared, default=0)
        while True:
            beat(beats)
            time.sleep(_BUSY if self._look() else _IDLE)

    def _look(self) -> bool:
        """Replace workers that ended, lower the priority of long queries, fork for new ones.

        Returns:
            Whether any worker is at work.
        """
        self._reap()
        busy, taken = False, 0
        for pid, row in self._rows.items():
            limit = self._table[row]
            taken += limit > _FREE
            if _FREE < limit < _CONNECTED:
                busy = True
                if not self._long[row] and _cpu_time(pid) > limit:
                    self._long[row] = True
                    _give_way(pid)
        wanted = min(self._spare + taken, self._most)
        self._table[self._most] = wanted
        for _ in range(wanted - len(self._rows)):
            self._fork()
        now = time.monotonic()
        long = [pid for pid, row in self._rows.items() if self._long[row]]
        if long and now - self._measured > _MEASURE:
            self._measured = now
            self._bound_memory(long)
        return busy

    def _reap(self) -> None:
        """Forget workers that have ended; those that somebody stopped, whom no alarm would end, are
        ended."""
        with contextlib.suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG | os.WUNTRACED)) != (0, 0):
                pid, status = found
                if os.WIFSTOPPED(status):
                    os.kill(pid, signal.SIGKILL)
                    continue
                row = self._rows.pop(pid)
                self._table[row], self._long[row] = _FREE, False

    def _bound_memory(self, long: list[int]) -> None:
        """End the queries that take most, as long as all together take more than they may."""
        # smaps_rollup tells more, but takes seconds in a storm: it waits for each that maps a page.
        anonymous = {pid: _bytes(pid, "status", "RssAnon") for pid in self._rows}
        taken = {pid: max(0, size - self._shared) for pid, size in anonymous.items()}
        beyond = sum(taken.values()) - _SHARE * self._limits.total_memory * _MIB
        for pid in sorted(long, key=lambda pid: -taken[pid]):
            if beyond <= 0:
                break
            _end_now(pid)
            beyond -= taken[pid]

    def _fork(self, first: bool = False) -> None:
        row = next(r for r in range(self._most) if r not in self._rows.values())
        self._table[row] = _PREPARING
        pool = os.getpid()
        if pid := os.fork():
            self._rows[pid] = row
            return
        try:
            evaluate = self._prepare(first)
            stack = resource.getrlimit(resource.RLIMIT_STACK)[1]
            stack = _STACK if stack == resource.RLIM_INFINITY else min(_STACK, stack)
            for what, most in (
                (resource.RLIMIT_DATA, self._memory),
                (resource.RLIMIT_FSIZE, self._limits.result * _MIB),
                (resource.RLIMIT_CORE, 0),
                (resource.RLIMIT_STACK, stack),
            ):
                resource.setrlimit(what, (most, most))
            os.nice(_NICE)
            self._work(pool, row, evaluate)
        except Exception:
            _log.exception("a query worker ended")
            time.sleep(1)  # not a loop of forks, where each fails
        finally:
            os._exit(1)

    def _work(self, pool: int, row: int, evaluate: Evaluate) -> None:
        """Answer one request after the other, as long as the pool lives, until one has been long:
        its priority stays; or until nobody has come for a while, and fewer workers are wanted."""
        table = self._table
        while os.getppid() == pool and not self._long[row]:
            table[row] = _FREE
            try:
                connection, _ = self._listener.accept()
            except BlockingIOError:
                if row >= table[self._most]:
                    return
                continue
            with connection, contextlib.suppress(OSError, EOFError):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _CLIENT)
                while os.getppid() == pool and not self._long[row]:
                    table[row] = _CONNECTED
                    asked = receive_request(connection)
                    table[row] = time.process_time() + self._limits.budget
                    _answer(connection, evaluate, *asked)


def _answer(
    connection: socket.socket, evaluate: Evaluate, until: float, request: Request, body: bytes
) -> None:
    seconds = until - time.monotonic()
    if seconds <= 0:  # the client has given up waiting
        raise EOFError
    # Nothing handles SIGALRM: it ends the process.
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        content = Written()
        send_answer(connection, evaluate(request, body, content), content)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _give_way(pid: int) -> None:
    """Let a process run only when no other wants to.

    Sixty of the lowest priority have as much weight as the web server: of the class SCHED_IDLE, a
    fifth of that (sched(7)). Where the system forbids that class, priority must do.
    """
    try:
        os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))
    except OSError:
        with contextlib.suppress(OSError):  # it has ended
            os.setpriority(os.PRIO_PROCESS, pid, _LOWEST)


def _cpu_time(process: int) -> float:
    """The CPU seconds of a process, by its clock (clock_getcpuclockid(3)); 0 once it has ended."""
    try:
        return time.clock_gettime((~process << 3) | 2)
    except OSError:
        return 0.0


def _end_now(pid: int) -> None:
    """Kill a process and take its memory away: it runs only when no other wants to, to end too."""
    os.kill(pid, signal.SIGKILL)
    with contextlib.suppress(OSError):  # a system without pidfd_open
        ctypes.CDLL(None).syscall(_PROCESS_MRELEASE, process := os.pidfd_open(pid), 0)
        os.close(process)


def _bytes(process: int | str, file: str, figure: str) -> int:
    """A figure of a process's memory (proc(5)); 0 where it is gone."""
    try:
        lines = Path(f"/proc/{process}/{file}").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(figure)), 0)
