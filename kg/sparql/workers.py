"""Workers forked from a process that has loaded a dataset, killed at their limits and replaced.

Every bound is the kernel's: an alarm ends a worker by the clock, RLIMIT_DATA by memory and
RLIMIT_FSIZE an answer by size. A query that has used its budget of CPU time gets the lowest
priority, and another worker is forked, so that new queries find one that is free.
"""

import contextlib
import ctypes
import gc
import logging
import mmap
import os
import resource
import signal
import socket
import struct
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NoReturn

from kg.settings import Limits
from kg.sparql.evaluate import Evaluate
from kg.sparql.heartbeat import beat, cpu_time
from kg.sparql.job import end_with_parent
from kg.sparql.request import Request, Written, receive_request, send_outcome

_MIB = 1024**2
_BUSY, _IDLE = 0.005, 0.05  # seconds between looks at workers, and where none is at work
_BEGAN, _USED = 0, 1  # when a worker began with its request, and the CPU seconds used by then
_CONNECTED = -1.0  # when a worker began that waits for the next request of a client
_WAITS = 1.0  # seconds after which a query counts as long, though it takes no CPU time
_NICE = 5  # the priority of queries: pages come before them
_LOWEST = 19  # priority (setpriority(2))
_CLIENT = struct.pack("@ll", 5, 0)  # timeval: seconds for a client to say what it wants
_MEASURE = 0.05  # seconds between looks at the memory of queries
_SHARE = 0.8  # of the memory that all may take, from which on queries end: they grow between looks
_STACK = 256 * _MIB  # of a worker: the engine goes down a level for each negation or term
_PROCESS_MRELEASE = 448  # the number of that system call
_SURPLUS = 2  # seconds of idleness after which workers that are not needed end, one a look
_log = logging.getLogger("planlink")


class Workers:
    """Workers that answer on a socket, kept at the number that is wanted.

    Args:
        listener: the socket.
        limits: what each query may use, and how many workers there are.
        beats: the folder for signs of life.
    """

    def __init__(self, listener: socket.socket, limits: Limits, beats: Path) -> None:
        self._listener, self._limits, self._beats = listener, limits, beats
        self._spare, self._most = limits.spare, limits.spare + limits.long
        # in memory that all share, a row for each worker: _BEGAN and _USED
        self._table = memoryview(mmap.mmap(-1, self._most * 16)).cast("d", (self._most, 2))
        self._rows: dict[int, int] = {}  # of the table, by process
        self._long: set[int] = set()
        self._idle_since = time.monotonic()
        self._measured = 0.0
        self._is_said = False  # that no priority can be lowered
        self._shared = 0  # bytes that workers share with this process when they have read the data
        self._memory = 0  # bytes that a worker may have, known when what it shares is loaded

    def run(self, prepare: Callable[[bool], Evaluate]) -> NoReturn:
        """Keep workers until asked to end.

        Args:
            prepare: called once in each worker, with whether it is one of the first, for which
                nobody waits yet; gives what answers requests.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD, signal.SIGTERM})
        self._memory = _bytes("self", "status", "VmData") + self._limits.memory * _MIB
        gc.collect()
        gc.freeze()  # a collection in a worker would copy all memory that it shares
        prepared, tell = os.pipe()
        for _ in range(self._spare):
            self._fork(prepare, tell)
        os.close(tell)
        os.read(prepared, 1)  # its end: each has let go of it, be it that it has died
        os.close(prepared)
        self._shared = max(  # one that has died has none
            _bytes(pid, "status", "RssAnon") - _bytes(pid, "smaps_rollup", "Private_Dirty")
            for pid in self._rows
        )
        while True:
            beat(self._beats)
            busy = self._look(prepare)
            wait = _BUSY if busy else _IDLE
            came = signal.sigtimedwait({signal.SIGCHLD, signal.SIGTERM}, wait)
            if came is not None and came.si_signo == signal.SIGTERM:
                for pid in self._rows:
                    os.kill(pid, signal.SIGKILL)
                os._exit(0)

    def _note(self, row: int, began: float) -> None:
        """What a worker does now: since when it is at a request, _CONNECTED, or 0 for nothing."""
        self._table[row, _USED] = time.process_time()  # first: who reads looks at what began
        self._table[row, _BEGAN] = began

    def _look(self, prepare: Callable[[bool], Evaluate]) -> bool:
        """Reap workers that ended, lower the priority of long queries, fork for new ones.

        Returns:
            Whether any worker is at work.
        """
        while (pid := _ended_child()) is not None:
            self._table[self._rows.pop(pid), _BEGAN] = 0.0
            self._long.discard(pid)
        now, busy, taken = time.monotonic(), 0, 0
        for pid, row in self._rows.items():
            began = self._table[row, _BEGAN]
            taken += began != 0
            if began <= 0:
                continue
            busy += 1
            if pid not in self._long and (
                now - began > _WAITS
                or cpu_time(pid) - self._table[row, _USED] > self._limits.budget
            ):
                self._long.add(pid)
                if not _give_way(pid) and not self._is_said:
                    self._is_said = True
                    _log.warning("the system does not let the priority of long queries be lowered")
        wanted = min(self._spare + taken, self._most) - len(self._rows)
        for _ in range(wanted):
            self._fork(prepare)
        if self._long and now - self._measured > _MEASURE:
            self._measured = now
            self._bound_memory()
        self._end_surplus(now, busy)
        return bool(busy)

    def _bound_memory(self) -> None:
        """End the queries that take most, as long as all together take more than they may."""
        # smaps_rollup tells more, but takes seconds in a storm: it waits for each that maps a page.
        anonymous = {pid: _bytes(pid, "status", "RssAnon") for pid in self._rows}
        taken = {pid: max(0, size - self._shared) for pid, size in anonymous.items()}
        beyond = sum(taken.values()) - _SHARE * self._limits.total_memory * _MIB
        for pid in sorted(self._long, key=lambda pid: -taken[pid]):
            if beyond <= 0:
                break
            _end_now(pid)
            beyond -= taken[pid]

    def _end_surplus(self, now: float, busy: int) -> None:
        """Have a worker end that has been needed by nobody for a while."""
        if busy or len(self._rows) <= self._spare:
            self._idle_since = now
        elif now - self._idle_since > _SURPLUS:
            free = [pid for pid, row in self._rows.items() if not self._table[row, _BEGAN]]
            if len(free) > self._spare:
                os.kill(free[0], signal.SIGTERM)
            self._idle_since = now

    def _fork(self, prepare: Callable[[bool], Evaluate], tell: int | None = None) -> None:
        """Start a worker, which closes the pipe tell, where given, when it is ready."""
        row = next(r for r in range(self._most) if r not in self._rows.values())
        parent = os.getpid()
        if pid := os.fork():
            self._rows[pid] = row
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
                os.close(tell)
            with contextlib.suppress(PermissionError):
                os.nice(_NICE)
            _work(self._listener, evaluate, partial(self._note, row))
        except Exception:
            _log.exception("a query worker ended")
            time.sleep(1)  # not a loop of forks, where each fails
        finally:
            os._exit(1)


def _work(listener: socket.socket, evaluate: Evaluate, note: Callable[[float], None]) -> None:
    """Answer one request after the other, until one has been long: that priority stays.

    Args:
        note: called with what is done now: since when, _CONNECTED, or 0.
    """
    usual = _priority()
    while _priority() == usual:
        with _may_end():
            connection, _ = listener.accept()
        with connection, contextlib.suppress(OSError, EOFError):
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _CLIENT)
            while _priority() == usual:
                note(_CONNECTED)
                with _may_end():  # whose request is not taken up sends it again
                    connection.recv(1, socket.MSG_PEEK)
                asked = receive_request(connection)
                note(time.monotonic())
                _answer(connection, evaluate, *asked)
        note(0.0)


@contextlib.contextmanager
def _may_end() -> Iterator[None]:
    """While a worker waits, SIGTERM ends it: what it has begun, it finishes."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})


def _answer(
    connection: socket.socket, evaluate: Evaluate, until: float, request: Request, body: bytes
) -> None:
    seconds = until - time.monotonic()
    if seconds <= 0:  # the client has given up waiting
        raise EOFError
    # Nothing handles SIGALRM: it ends the process.
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        with Written() as answer, Written() as nothing:
            outcome = evaluate(request, body, answer)
            send_outcome(connection, outcome, answer if outcome.name == "ok" else nothing)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _give_way(pid: int) -> bool:
    """Let a process run only when no other wants to; whether the system lets it, by either way.

    Sixty of the lowest priority have as much weight as the web server: of the class SCHED_IDLE, a
    fifth of that (sched(7)).
    """
    for lower in (
        partial(os.sched_setscheduler, pid, os.SCHED_IDLE, os.sched_param(0)),
        partial(os.setpriority, os.PRIO_PROCESS, pid, _LOWEST),
    ):
        try:
            lower()
        except ProcessLookupError:  # it has ended
            return True
        except OSError:
            continue
        return True
    return False


def _priority() -> tuple[int, int]:
    """The class and the priority of this process: _give_way changes either."""
    return os.sched_getscheduler(0), os.getpriority(os.PRIO_PROCESS, 0)


def _ended_child() -> int | None:
    """A child that has ended; those that somebody stopped, whom no alarm would end, are ended."""
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitpid(-1, os.WNOHANG | os.WUNTRACED)) != (0, 0):
            pid, status = found
            if not os.WIFSTOPPED(status):
                return pid
            os.kill(pid, signal.SIGKILL)
    return None


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
