"""What planlink serve starts to have queries answered: processes for every release as it becomes
current, or for one dataset.

    python -m kg.sparql.serve follow FOLDER SOCKETS    for every release of a folder, as it becomes
    the current one python -m kg.sparql.serve release FOLDER SOCKET    for one release, whether
    current or former python -m kg.sparql.serve dataset FOLDER SOCKET    for a dataset that may be
    written

Ends when its standard input does, that is, with the server that started it.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import NoReturn

import pyoxigraph as ox
import urllib3

from kg.release.engine import address_and_headers, engine_of, reading
from kg.release.manifest import current, current_name, manifest_of, tag_of
from kg.release.store import fitting, open_to_serve
from kg.sparql.engine import forward
from kg.sparql.evaluate import Sink, answer, at_once
from kg.sparql.lent import LentConnections
from kg.sparql.pool import Answering, Pool, die_with_parent
from kg.sparql.request import Limits, Request
from kg.web.rates import RATE, within

_CLONE_NEWNET = 0x40000000  # unshare(2): a network namespace of its own, without any address
_EVERYTHING = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
_RETIRE = 5.0  # seconds beyond a query's limit that the processes of a former release stay


def _without_network() -> None:
    ctypes.CDLL(None).unshare(
        _CLONE_NEWNET
    )  # fails without the right to it; what would reach out is refused before


def _cpu_time_of(work: Callable[[], object]) -> float:
    """The CPU time that a piece of work takes, in seconds.

    It is done in a process of its own: a query here would seed the engine's random numbers, the
        same for all that are forked.
    """
    pid = os.fork()
    if not pid:
        try:
            work()
        finally:
            os._exit(0)
    spent = os.wait4(pid, 0)[2]
    return spent.ru_utime + spent.ru_stime


def serve_release(folder: Path, path: Path, limits: Limits, follows: bool) -> NoReturn:
    """Answer queries on a release, which does not change: the processes share it.

    Args:
        folder: the release.
        path: the socket to answer at.
        limits: what queries may use.
        follows: whether it is the current release, so that clients' connections are lent to some of
            the processes.
    """
    if (engine := engine_of(folder)) is not None:
        address, headers = address_and_headers(engine)
        out = folder.parent.parent
        graphs_of = cache(lambda release: sorted(manifest_of(release)["graphs"]))

        def to_engine(_: bool) -> Answering:
            connections = urllib3.PoolManager(
                timeout=urllib3.Timeout(connect=5, read=limits.seconds), headers=headers
            )

            def pass_on(request: Request, _: bytes, sink: Sink) -> None:
                with reading(
                    out
                    # the graphs in the engine are those of the current release until the lock is given
                    # back
                ):
                    forward(connections, address, graphs_of(current(out)), request, sink)

            return pass_on

        Pool(path, limits).run(to_engine)
    _without_network()
    store, in_memory = open_to_serve(
        folder / "store", fitting(limits.ready + limits.serving + 2 * limits.heavy)
    )
    if in_memory:
        reading_all = _cpu_time_of(lambda: store.query(_EVERYTHING))
        limits = replace(limits, quick=max(limits.quick, reading_all / 100))

    link, tag = str(folder.parent.parent / "current"), tag_of(folder)

    def warm() -> None:
        # reading counts references, which copies memory at its first use: better now than in a
        # query
        if in_memory:
            store.query(_EVERYTHING)

    def sharing(first: bool) -> Answering:
        if first:
            warm()
        return lambda request, body, sink: answer(store, True, request, body, sink)

    def borrowing(listener: socket.socket) -> Callable[[], NoReturn]:
        warm()
        return LentConnections(
            listener,
            tag=tag,
            current=lambda: current_name(link) == folder.name,
            evaluate=partial(at_once, store, True),
            within_rate=within(os.environ.get("PLANLINK_RATE", RATE)),
            quick=2 * limits.quick,
            seconds=limits.seconds,
            prompt=bool(os.environ.get("PLANLINK_LOG")),
        ).serve

    Pool(path, limits).run(sharing, borrowing if follows else None)


def serve_dataset(folder: Path, path: Path, limits: Limits) -> NoReturn:
    """Answer queries and updates on a dataset that changes: one process has it open."""
    _without_network()

    def prepare(_: bool) -> Answering:
        store = ox.Store(str(folder))
        return lambda request, body, sink: answer(store, False, request, body, sink)

    Pool(path, limits, single=True).run(prepare)


def follow(out: Path, sockets: Path, limits: Limits) -> NoReturn:
    """Have a pool on the current release at <sockets>/<its number>.sock, and on former ones until
    their queries have ended."""
    pools: dict[str, int] = {}
    retired: dict[str, float] = {}
    parent = os.getpid()
    while True:
        number = current(out).name
        if number not in pools:
            pools[number] = pid = os.fork()
            if not pid:
                die_with_parent(parent)
                serve_release(
                    out / "releases" / number, sockets / f"{number}.sock", limits, follows=True
                )
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
    signal.signal(
        signal.SIGINT, signal.SIG_IGN
    )  # the server that started this ends it when its requests are answered
    if what == "follow":
        follow(folder, path, limits)
    if what == "release":
        _with_input(
            lambda: serve_release(folder, path, replace(limits, heavy=1, ready=1), follows=False)
        )
    _with_input(lambda: serve_dataset(folder, path, limits))


def _with_input(work: Callable[[], NoReturn]) -> NoReturn:
    """Run a pool in a child until the standard input ends."""
    parent, child = os.getpid(), os.fork()
    if not child:
        die_with_parent(parent)
        work()
    while os.read(0, 1):
        pass
    os.kill(child, signal.SIGTERM)
    os._exit(0)


if __name__ == "__main__":
    main()
