"""The process that loads one dataset and keeps workers on it: a release's store, another engine's
address, or a dataset that may be written.

    python -m kg.sparql.pool    with a pickled Job on standard input
"""

import ctypes
import logging
import os
import pickle
import signal
import socket
import sys
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import NoReturn

import pyoxigraph as ox
import urllib3

from kg.errors import PlanlinkError
from kg.files import lock
from kg.lexicon.messages import Message
from kg.release.current import current
from kg.release.engine import address_and_headers, engine_of, reading
from kg.release.manifest import read_manifest
from kg.release.store import IN_MEMORY, open_store
from kg.settings import Limits
from kg.sparql.evaluate import Evaluate, evaluator
from kg.sparql.job import NOT_OPENED, Job, end_with_parent
from kg.sparql.remote import forward
from kg.sparql.request import Outcome, Request, Written
from kg.sparql.workers import Workers

_CLONE_NEWNET, _CLONE_NEWUSER = 0x40000000, 0x10000000  # unshare(2)
_SOON = urllib3.Timeout(connect=2, read=3)  # seconds that an engine has to say that it is there
_log = logging.getLogger("planlink")
_EVERYTHING = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


def serve_release(job: Job, listener: socket.socket) -> NoReturn:
    """Answer queries on a release, which does not change: the workers share it.

    Raises:
        PlanlinkError, OSError, ValueError: it cannot be opened.
    """
    folder, limits = Path(job.folder), job.limits
    manifest = read_manifest(folder)  # what pages cannot do without either
    workers = Workers(listener, limits, Path(job.beats))
    if (engine := engine_of(folder)) is not None:
        workers.run(lambda _: _remote(folder, engine, limits))
    limitation = "" if _without_network() else Message("not_isolated")
    shared = _opened_apart(folder / "store", manifest.triples <= IN_MEMORY)

    def prepare(first: bool) -> Evaluate:
        if shared is not None and first:
            # Reading counts references, which copies memory at its first use: better now.
            shared.query(_EVERYTHING)
        store = open_store(folder / "store") if shared is None else shared
        answer_own = evaluator(store, union=True)

        def evaluate(request: Request, body: bytes, answer: Written) -> Outcome:
            if request.operation == "about":
                return Outcome("ok", problem=limitation)
            if request.release:
                return _on_former(folder.parent / str(request.release), request, body, answer)
            return answer_own(request, body, answer)

        return evaluate

    workers.run(prepare)


def _opened_apart(folder: Path, copied: bool) -> ox.Store | None:
    """Open a store on disk, to know that workers can, by a process of its own: RocksDB leaves
    threads behind, and to fork beside threads is not safe.

    Args:
        copied: whether to have a copy of it in memory, which answers several times faster.

    Raises:
        PlanlinkError: the store cannot be opened.
    """
    copy = os.memfd_create("store", os.MFD_CLOEXEC)
    path = f"/proc/self/fd/{copy}"
    pid = os.fork()
    if not pid:
        try:
            opened = open_store(folder)
            if copied:
                opened.dump(path, format=ox.RdfFormat.N_QUADS)
            os._exit(0)
        finally:
            os._exit(1)
    if os.waitpid(pid, 0)[1]:
        raise PlanlinkError.of("store_not_opened", folder)
    store = None
    if copied:
        store = ox.Store()
        store.bulk_load(path=path, format=ox.RdfFormat.N_QUADS)
    os.close(copy)
    return store


def _on_former(folder: Path, request: Request, body: bytes, answer: Written) -> Outcome:
    """Answer on a former release, opened for this request alone."""
    try:
        store = open_store(folder / "store")
    except (PlanlinkError, OSError):
        return Outcome("absent", problem=Message("store_not_kept", folder.name))
    return evaluator(store, union=True)(request, body, answer)


def _remote(folder: Path, engine: str, limits: Limits) -> Evaluate:
    """What passes queries on to another engine, which has the graphs of the current release."""
    address, headers = address_and_headers(engine)
    out = folder.parent.parent
    graphs_of = cache(lambda release: sorted(read_manifest(release).graphs))
    timeout = urllib3.Timeout(connect=5, read=limits.seconds)
    connections = urllib3.PoolManager(timeout=timeout, headers=headers)
    soon = urllib3.PoolManager(timeout=_SOON, headers=headers)

    def evaluate(request: Request, _: bytes, answer: Written) -> Outcome:
        about = request.operation == "about"
        if not about and (request.operation != "query" or request.release):
            return Outcome("absent", problem=Message("engine_no_graph"))
        with reading(out) as sure:  # its graphs are the current release's until this is given back
            if not sure:
                return Outcome("engine", problem=Message("engine_not_sure"))
            if about:
                return forward(soon, address, [], Request("ASK {}"), answer)
            return forward(connections, address, graphs_of(current(out)), request, answer)

    return evaluate


def serve_dataset(job: Job, held: int, listener: socket.socket) -> NoReturn:
    """Answer queries and updates on a dataset that changes: one worker has it open, of one server.

    While another server has it, requests are answered so, and each tries anew.

    Args:
        held: the dataset's folder, opened by the server, which so keeps its lock when the worker
            that took it is replaced.
    """
    _without_network()

    @cache  # keeps no error
    def opened() -> Evaluate:
        lock(held, wait=False)
        return evaluator(ox.Store(job.folder), union=False)

    def evaluate(request: Request, body: bytes, answer: Written) -> Outcome:
        try:
            answer_own = opened()
        except OSError:
            return Outcome("busy", problem=Message("workspace_held"))
        return answer_own(request, body, answer)

    def prepare(_: bool) -> Evaluate:
        try:
            opened()
        except OSError as error:
            taken = isinstance(error, BlockingIOError) or "/LOCK: " in str(error)
            reason = "another server holds it" if taken else error
            _log.error("the workspace %s is not served: %s", job.folder, reason)
        return evaluate

    alone = replace(job.limits, spare=1, long=0)
    Workers(listener, alone, Path(job.beats)).run(prepare)


def _without_network() -> bool:
    """Take the network away from this process and those that it forks; whether the system lets it.

    With the right to (CAP_SYS_ADMIN) by a network namespace alone, else by one in a user namespace,
    where the system allows those to everybody.
    """
    system = ctypes.CDLL(None)
    return any(
        not system.unshare(flags) for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET)
    )


def main() -> NoReturn:
    """Read the job, see the module."""
    parent = os.getppid()
    end_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the supervisor says when to end
    job: Job = pickle.load(sys.stdin.buffer)
    listener = socket.socket(fileno=job.listener)
    try:
        if job.held is None:
            serve_release(job, listener)
        serve_dataset(job, job.held, listener)
    except (PlanlinkError, OSError, ValueError):  # ValueError: an engine.json that is cut off
        sys.exit(NOT_OPENED)  # the supervisor says so


if __name__ == "__main__":
    main()
