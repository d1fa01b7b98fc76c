"""The processes that evaluate queries: forked from one that has loaded the release and shares it, killed at their limit, replaced at once.

    python -m kg.query.pool follow FOLDER SOCKETS    for every release of a folder, as it becomes the current one
    python -m kg.query.pool release FOLDER SOCKET    for one release, whether current or former
    python -m kg.query.pool dataset FOLDER SOCKET    for a dataset that may be written

Ends when its standard input does, that is, with the server that started it.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import logging
import os
import resource
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NoReturn

import pyoxigraph as ox
import urllib3

from kg.engine import address_and_headers, engine_of, reading
from kg.query.engine import forward
from kg.query.evaluate import Sink, TooLargeError, answer
from kg.query.request import Limits, Request, frame, read_frame
from kg.query.slots import Slots
from kg.release import current, manifest_of
from kg.store import SHARED_IN_MEMORY, open_to_serve

Work = Callable[[Request, bytes, Sink], None]

_CLONE_NEWNET = 0x40000000  # unshare(2): a network namespace of its own, without any address
_PR_SET_PDEATHSIG = 1  # prctl(2): a signal for when the parent ends
_TICK = 0.025  # seconds between looks at what runs
_SPARE = 0.5  # seconds without a long query's end after which those beyond the bound give way
_PATIENCE = 1.0  # seconds that a query beyond the bound may run in any case while others wait
_NICE = 15  # pages come before queries
_IDLE_CLIENT = 5.0  # seconds for a client to say what it wants
_RETIRE = 5.0  # seconds beyond a query's limit that the processes of a former release stay


class Pool:
    """Listens on a socket and keeps processes that answer there.

    Args:
        path: the socket; a table of what each process is at stands beside it.
        limits: what each query may use.
        processes: how many answer.
    """

    def __init__(self, path: Path, limits: Limits, processes: int) -> None:
        self._limits, self._size = limits, processes
        self._slots = Slots(path.with_suffix(".slots"), processes)
        self._listener = socket.socket(socket.AF_UNIX)
        fresh = path.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        self._listener.bind(str(fresh))
        self._listener.listen(limits.waiting)
        fresh.replace(path)
        self._pids: dict[int, int] = {}
        self._heavy: set[int] = set()
        self._heavy_ended = 0.0

    def run(self, prepare: Callable[[], Work]) -> NoReturn:
        """Keep the processes until told to end. Each calls prepare once, and the work it gives for each request."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD, signal.SIGTERM})
        for slot in range(self._size):
            self._fork(slot, prepare)
        while True:
            told = signal.sigtimedwait({signal.SIGCHLD, signal.SIGTERM}, _TICK)
            if told is not None and told.si_signo == signal.SIGTERM:
                self._stop()
            while (pid := self._ended_child()) is not None:
                slot = next(s for s, p in self._pids.items() if p == pid)
                self._slots.rest(slot)
                self._fork(slot, prepare)
            self._make_room()

    def _fork(self, slot: int, prepare: Callable[[], Work]) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self._pids[slot] = pid
            return
        try:
            _die_with_parent(parent)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD, signal.SIGTERM})
            work = prepare()
            _bound_memory(self._limits.memory)
            self._serve(slot, work)
        except Exception:
            logging.getLogger("planlink").exception("a query process ended")
            time.sleep(1)
        finally:
            os._exit(1)

    def _serve(self, slot: int, work: Work) -> NoReturn:
        hello = frame(json.dumps([os.getpid(), slot]).encode())
        while True:
            connection, _ = self._listener.accept()
            with connection, contextlib.suppress(OSError, EOFError):
                connection.settimeout(_IDLE_CLIENT)
                connection.sendall(hello)  # fails where the client has given up waiting: it is not worked for
                with connection.makefile("rb") as stream:
                    until, asked, body = float(read_frame(stream)), json.loads(read_frame(stream)), read_frame(stream)
                seconds = until - time.monotonic()
                if seconds <= 0:
                    continue
                connection.settimeout(None)
                self._slots.begin(slot)
                signal.setitimer(signal.ITIMER_REAL, seconds)  # nothing handles SIGALRM: it ends the process
                with contextlib.suppress(TooLargeError, ValueError, RuntimeError):  # the answer then ends without its last frame
                    work(Request(**asked), body, Sink(connection, self._limits.result))
                signal.setitimer(signal.ITIMER_REAL, 0)
            self._slots.rest(slot)

    def _make_room(self) -> None:
        """Let long queries beyond the bound give way where others wait and no long one has ended of late."""
        now = time.monotonic()
        long = {slot for slot in self._pids if 0 < self._slots.since(slot) < now - self._limits.quick}
        if self._heavy - long:
            self._heavy &= long
            self._heavy_ended = now
        for slot in sorted(long - self._heavy, key=self._slots.since):
            if len(self._heavy) < self._limits.heavy:
                self._heavy.add(slot)
            elif select.select([self._listener], [], [], 0)[0] and (
                now - self._heavy_ended > _SPARE or now - self._slots.since(slot) > _PATIENCE
            ):
                self._slots.end(slot, self._pids[slot])
                os.kill(self._pids[slot], signal.SIGKILL)

    def _ended_child(self) -> int | None:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return None
        return pid or None

    def _stop(self) -> NoReturn:
        for pid in self._pids.values():
            os.kill(pid, signal.SIGKILL)
        os._exit(0)


def _die_with_parent(parent: int) -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _bound_memory(memory: int) -> None:
    """Let this process take so many bytes beyond what it has."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    has = next(int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmData"))
    resource.setrlimit(resource.RLIMIT_DATA, (has + memory, has + memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _without_network() -> None:
    ctypes.CDLL(None).unshare(_CLONE_NEWNET)  # fails without the right to it; what would reach out is refused before


def serve_release(folder: Path, path: Path, limits: Limits) -> NoReturn:
    """Answer queries on a release, which does not change: the processes share it."""
    os.nice(_NICE)
    if (engine := engine_of(folder)) is not None:
        address, headers = address_and_headers(engine)
        out = folder.parent.parent
        graphs_of = cache(lambda release: sorted(manifest_of(release)["graphs"]))

        def to_engine() -> Work:
            connections = urllib3.PoolManager(timeout=urllib3.Timeout(connect=5, read=limits.seconds), headers=headers)

            def pass_on(request: Request, _: bytes, sink: Sink) -> None:
                with reading(out):  # the graphs in the engine are those of the current release until the lock is given back
                    forward(connections, address, graphs_of(current(out)), request, sink)

            return pass_on

        Pool(path, limits, limits.processes).run(to_engine)
    _without_network()
    store = open_to_serve(folder / "store", SHARED_IN_MEMORY)
    Pool(path, limits, limits.processes).run(lambda: lambda request, body, sink: answer(store, True, request, body, sink))


def serve_dataset(folder: Path, path: Path, limits: Limits) -> NoReturn:
    """Answer queries and updates on a dataset that changes: one process has it open."""
    _without_network()

    def prepare() -> Work:
        store = ox.Store(str(folder))
        return lambda request, body, sink: answer(store, False, request, body, sink)

    Pool(path, limits, 1).run(prepare)


def follow(out: Path, sockets: Path, limits: Limits) -> NoReturn:
    """Have a pool on the current release at <sockets>/<its number>.sock, and on former ones until their queries have ended."""
    pools: dict[str, int] = {}
    retired: dict[str, float] = {}
    parent = os.getpid()
    while True:
        number = current(out).name
        if number not in pools:
            pools[number] = pid = os.fork()
            if not pid:
                _die_with_parent(parent)
                serve_release(out / "releases" / number, sockets / f"{number}.sock", limits)
        now = time.monotonic()
        for former in set(pools) - {number}:
            if now > retired.setdefault(former, now + limits.seconds + _RETIRE):
                (sockets / f"{former}.sock").unlink(missing_ok=True)
                os.kill(pools.pop(former), signal.SIGTERM)
                retired.pop(former)
        retired.pop(number, None)
        while pools and (ended := os.waitpid(-1, os.WNOHANG)[0]):
            pools = {n: pid for n, pid in pools.items() if pid != ended}
        if select.select([sys.stdin], [], [], 0.2)[0] and not os.read(0, 1):
            for pid in pools.values():
                os.kill(pid, signal.SIGTERM)
            os._exit(0)


def main() -> None:
    """Read the command line, see the module."""
    what, folder, path = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    limits = Limits.from_environment(os.environ)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the server that started this ends it when its requests are answered
    if what == "follow":
        follow(folder, path, limits)
    if what == "release":
        _with_input(lambda: serve_release(folder, path, replace(limits, heavy=1, light=1)))
    _with_input(lambda: serve_dataset(folder, path, limits))


def _with_input(work: Callable[[], NoReturn]) -> NoReturn:
    """Run a pool in a child until the standard input ends."""
    parent, child = os.getpid(), os.fork()
    if not child:
        _die_with_parent(parent)
        work()
    while os.read(0, 1):
        pass
    os.kill(child, signal.SIGTERM)
    os._exit(0)


if __name__ == "__main__":
    main()
