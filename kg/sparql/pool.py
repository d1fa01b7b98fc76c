"""The processes that evaluate queries: forked from one that has loaded the release and shares it,
killed at their limit, replaced at once.

Long queries take turns (kg.sparql.turns). For each process that one of them holds another is
forked, so that some are always free for new queries; where no more may be, the one that came last
gives way.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import logging
import os
import resource
import select
import signal
import socket
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NoReturn

from kg.sparql.evaluate import Sink, TooLargeError
from kg.sparql.lent import channel_path
from kg.sparql.request import TICKET, Limits, Request, read_frame
from kg.sparql.slots import Slots, cpu_time
from kg.sparql.turns import Turns

Answering = Callable[[Request, bytes, Sink], None]
Borrowing = Callable[[socket.socket], Callable[[], None]]

_PR_SET_PDEATHSIG = 1  # prctl(2): a signal for when the parent ends
_TICK, _QUIET_TICK = 0.005, 0.05  # seconds between looks at what runs, and where nothing does
_NICE = 15  # pages come before queries
_IDLE_CLIENT = 5.0  # seconds for a client to say what it wants


class Pool:
    """Listens on a socket and keeps processes that answer there.

    Args:
        path: the socket, there as soon as processes are ready; a table of what each is at stands
            beside it.
        limits: what each query may use, and how many are worked on.
        single: whether there may be but one process, since it alone has the data open.
    """

    def __init__(self, path: Path, limits: Limits, single: bool = False) -> None:
        self._limits = limits
        self._ready, self._most = (1, 1) if single else (limits.ready, limits.ready + limits.held)
        self._slots = Slots(path.with_suffix(".slots"), self._most)
        self._listener = socket.socket(socket.AF_UNIX)
        self._path, self._not_yet = path, path.with_suffix(".new")
        self._not_yet.unlink(missing_ok=True)
        self._listener.bind(str(self._not_yet))
        self._listener.listen(limits.waiting)
        self._memory = _data_size() + limits.memory
        self._pids: dict[int, int] = {}
        self._turns = Turns(limits)
        self._serving: frozenset[int] = frozenset()
        self._wake = [os.eventfd(0) for _ in range(self._most)]

    def run(
        self, prepare: Callable[[bool], Answering], borrow: Borrowing | None = None
    ) -> NoReturn:
        """Keep the processes until told to end.

        Args:
            prepare: called once in each process, with whether it is one of the first, for which no
                query waits yet; what it gives is called for each request.
            borrow: called once in each process that connections are lent to, with what it listens
                on; what it gives then answers on them. None where there are to be no such
                processes.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD, signal.SIGTERM})
        gc.collect()
        gc.freeze()  # a collection in a process would copy all memory that it shares
        starts: list[Callable[[int | None], int]] = []
        if borrow is not None:
            paths = [channel_path(self._path, i) for i in range(self._limits.serving)]
            starts = [partial(self._start, partial(borrow, _listening(path))) for path in paths]
        prepared, tell = os.pipe()
        for slot in range(self._ready):
            self._fork(slot, prepare, tell)
        lent = {start(tell): start for start in starts}
        os.close(tell)
        for _ in range(self._ready + len(lent)):
            os.read(prepared, 1)
        os.close(prepared)
        self._oversee(prepare)
        self._not_yet.replace(self._path)
        while True:
            while (pid := _ended_child()) is not None:
                if (start := lent.pop(pid, None)) is not None:
                    lent[start(None)] = start
                    continue
                slot = next(s for s, p in self._pids.items() if p == pid)
                del self._pids[slot]
                self._slots.leave(slot)
            busy = self._oversee(prepare)
            told = signal.sigtimedwait(
                {signal.SIGCHLD, signal.SIGTERM}, _TICK if busy else _QUIET_TICK
            )
            if told is not None and told.si_signo == signal.SIGTERM:
                for pid in (*self._pids.values(), *lent):
                    os.kill(pid, signal.SIGKILL)
                os._exit(0)

    def _oversee(self, prepare: Callable[[bool], Answering]) -> bool:
        """Pause long queries and have them go on, and fork for new ones; returns whether anything
        runs."""
        at = {slot: work for slot in self._pids if (work := self._slots.work(slot)) is not None}
        decision = self._turns.decide(
            at, {slot: cpu_time(pid) for slot, pid in self._pids.items()}, time.monotonic()
        )
        for slots, told in (
            (decision.pause, signal.SIGSTOP),
            (decision.go_on, signal.SIGCONT),
            (decision.end, signal.SIGKILL),
        ):
            for slot in slots:
                os.kill(self._pids[slot], told)
        self._let_serve(decision.serve)
        held = decision.held
        waiting = bool(held) and bool(select.select([self._listener], [], [], 0)[0])
        wanted = self._ready * (2 if waiting else 1) - len(self._pids) + len(held)
        for slot in [slot for slot in range(self._most) if slot not in self._pids][
            : max(wanted, 0)
        ]:
            self._fork(slot, prepare)
        if waiting and len(held) == self._most > 1:
            last = max(held, key=lambda slot: at[slot].begun)
            self._slots.end(last)
            os.kill(self._pids[last], signal.SIGKILL)
        return bool(at)

    def _let_serve(self, serve: frozenset[int]) -> None:
        """Have some of the processes take new requests, and the others stand by."""
        for slot in self._serving - serve:
            self._slots.stand_by(slot, True)
        for slot in serve - self._serving:
            self._slots.stand_by(slot, False)
            os.eventfd_write(self._wake[slot], 1)
        self._serving = serve

    def _fork(
        self, slot: int, prepare: Callable[[bool], Answering], tell: int | None = None
    ) -> None:
        """Start a process that answers requests."""
        self._serving -= {slot}
        self._slots.stand_by(slot, True)
        pid = self._start(lambda: partial(self._serve, slot, prepare(tell is not None)), tell)
        self._pids[slot] = pid
        self._slots.take(slot, pid)

    def _start(self, prepare: Callable[[], Callable[[], None]], tell: int | None) -> int:
        """Start a process within the limits of one query; returns its number.

        Args:
            prepare: what it does before the limits hold; gives what it does then.
            tell: a pipe to write a byte to when it is prepared.
        """
        parent = os.getpid()
        if pid := os.fork():
            return pid
        try:
            die_with_parent(parent)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD, signal.SIGTERM})
            os.nice(_NICE)
            work = prepare()
            resource.setrlimit(resource.RLIMIT_DATA, (self._memory, self._memory))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            if tell is not None:
                os.write(tell, b"1")
                os.close(tell)
            work()
        except Exception:
            logging.getLogger("planlink").exception("a query process ended")
            time.sleep(1)
        finally:
            os._exit(1)

    def _serve(self, slot: int, work: Answering) -> None:
        """Answer one request after the other, until there are more idle processes than are
        needed."""
        while self._slots.idle() <= self._ready + self._limits.heavy:
            while self._slots.stands_by(slot):
                os.eventfd_read(self._wake[slot])
            connection, _ = self._listener.accept()
            with connection, contextlib.suppress(OSError, EOFError):
                connection.settimeout(_IDLE_CLIENT)
                with connection.makefile("rb") as stream:
                    until, ticket = TICKET.unpack(read_frame(stream))
                    request, body = Request.of_key(read_frame(stream)), read_frame(stream)
                seconds = until - time.monotonic()
                if seconds <= 0:  # the client has given up waiting
                    continue
                connection.settimeout(None)
                self._slots.begin(slot, until, ticket)
                signal.setitimer(
                    signal.ITIMER_REAL, seconds
                )  # nothing handles SIGALRM: it ends the process
                with contextlib.suppress(
                    TooLargeError, ValueError, RuntimeError
                ):  # the answer then ends without its last frame
                    work(request, body, Sink(connection, self._limits.result, self._limits.quick))
                signal.setitimer(signal.ITIMER_REAL, 0)
            self._slots.rest(slot)
        self._slots.leave(slot)


def _listening(path: Path) -> socket.socket:
    """A socket that messages of a web process come to."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(str(path))
    listener.listen()
    return listener


def _ended_child() -> int | None:
    try:
        pid, _ = os.waitpid(-1, os.WNOHANG)
    except ChildProcessError:
        return None
    return pid or None


def die_with_parent(parent: int) -> None:
    """Have this process killed when its parent ends.

    Args:
        parent: the parent's process.
    """
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _data_size() -> int:
    """The bytes of data that this process has, which those it forks begin with."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(
        int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmData")
    )
