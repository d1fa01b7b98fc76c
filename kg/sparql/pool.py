"""The process that loads one dataset and keeps workers on it: a release's store, another engine's
address, or a dataset that may be written.

    python -m kg.sparql.pool    with the arguments of serve(), pickled, on standard input
"""

import ctypes
import logging
import pickle
import socket
import sys
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import NoReturn

import pyoxigraph as ox
import urllib3

from kg.errors import PlanlinkError
from kg.files import lock
from kg.lexicon.messages import Message
from kg.release.current import current
from kg.release.engine import engine_of
from kg.release.manifest import read_manifest
from kg.release.store import IN_MEMORY, open_store
from kg.release.swap import reading
from kg.settings import Limits
from kg.sparql.evaluate import evaluate
from kg.sparql.processes import end_with_parent
from kg.sparql.remote import forward
from kg.sparql.request import Answer, Request, Written
from kg.sparql.workers import Evaluate, Prepare, Workers

_CLONE_NEWNET, _CLONE_NEWUSER = 0x40000000, 0x10000000  # unshare(2)
_SOON = urllib3.Timeout(connect=2, read=3)  # seconds that an engine has to say that it is there
_log = logging.getLogger("planlink")
_EVERYTHING = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"


def serve(dataset: Path, held: int | None, listener: int, beats: Path, limits: Limits) -> NoReturn:
    """Answer requests until killed; exit where the dataset cannot be opened.

    Args:
        dataset: the folder of a release or, where it may be written, of that dataset.
        held: where it may be written, its open folder, which the one worker locks.
        listener: the open socket to listen on.
        beats: the folder for signs of life, the first when workers are there.
        limits: what each query may use.
    """
    end_with_parent()
    try:
        if held is not None:
            limits, prepare = replace(limits, spare=1, long=0), _on_dataset(dataset, held)
        elif engine_of(dataset) is not None:
            prepare = _on_engine(dataset, limits)
        else:
            prepare = _on_release(dataset)
    # ValueError: an engine.json that is cut off; BrokenExecutor: the engine has ended its process
    except (PlanlinkError, OSError, ValueError, BrokenExecutor):
        sys.exit(1)  # the supervisor says so
    Workers(socket.socket(fileno=listener), limits, prepare).run(beats)


def _on_release(folder: Path) -> Prepare:
    """What prepares to answer queries on a release, which does not change: workers share it.

    Raises:
        PlanlinkError, OSError, ValueError, BrokenExecutor: it cannot be opened.
    """
    manifest = read_manifest(folder)  # what pages cannot do without either
    limitation = "" if _without_network() else Message("not_isolated")
    shared = ox.Store() if manifest.triples <= IN_MEMORY else None
    # RocksDB leaves threads behind, and to fork beside threads is not safe: it is opened apart, to
    # know that workers can, and copied into memory where that fits, which is several times faster.
    with ProcessPoolExecutor(1, get_context("fork"), end_with_parent) as apart:
        dumped = apart.submit(_dumped, folder / "store", shared is not None).result()
    if shared is not None:
        shared.bulk_load(dumped, ox.RdfFormat.N_QUADS)

    def prepare(first: bool) -> Evaluate:
        if shared is not None and first:
            # Reading counts references, which copies memory at its first use: better now.
            shared.query(_EVERYTHING)
        own = open_store(folder / "store") if shared is None else shared

        def answer(request: Request, body: bytes, to: Written) -> Answer:
            store = own
            if request.operation == "about":
                return Answer("ok", problem=limitation)
            if request.release:  # a former one is opened for this request alone
                former = folder.parent / str(request.release)
                try:
                    store = open_store(former / "store")
                except (PlanlinkError, OSError):
                    return Answer("absent", problem=Message("store_not_kept", former.name))
            return evaluate(store, True, request, body, to)

        return answer

    return prepare


def _dumped(folder: Path, copied: bool) -> bytes:
    """The N-Quads of a store on disk, where it is to be copied; PlanlinkError or OSError where it
    cannot be opened."""
    store = open_store(folder)
    return store.dump(format=ox.RdfFormat.N_QUADS) or b"" if copied else b""


def _on_engine(folder: Path, limits: Limits) -> Prepare:
    """What prepares to pass queries on to the engine that has the current release's graphs.

    Raises:
        PlanlinkError, ValueError: the release has no manifest.
    """
    read_manifest(folder)
    out = folder.parent.parent
    held_by = cache(lambda release: (engine_of(release), read_manifest(release).graphs))
    timeout = urllib3.Timeout(connect=5, read=limits.seconds)
    connections, soon = (urllib3.PoolManager(timeout=waits) for waits in (timeout, _SOON))

    def answer(request: Request, _: bytes, to: Written) -> Answer:
        about = request.operation == "about"
        if request.operation not in ("about", "query", "get") or request.release:
            return Answer("absent", problem=Message("engine_no_graph"))
        with ExitStack() as held:  # its graphs are the current release's until this is given back
            try:
                sure = held.enter_context(reading(out))
            except BlockingIOError:
                return Answer("busy", problem=Message("engine_swapping"))
            engine, graphs = held_by(current(out))
            if not sure or engine is None:
                return Answer("engine", problem=Message("engine_not_sure"))
            if about:
                return forward(soon, engine, {}, Request("ASK {}"), to)
            return forward(connections, engine, graphs, request, to)

    return lambda _: answer


def _on_dataset(dataset: Path, held: int) -> Prepare:
    """What prepares to answer queries and updates on a dataset that changes: one worker has it
    open, of one server.

    While another server has it, requests are answered so, and each tries anew.

    Args:
        held: its folder, opened by the server, which so keeps its lock when the worker that took it
            is replaced.
    """
    _without_network()

    @cache  # keeps no error
    def opened() -> ox.Store:
        lock(held, wait=False)
        return ox.Store(str(dataset))

    def answer(request: Request, body: bytes, to: Written) -> Answer:
        try:
            store = opened()
        except OSError:
            return Answer("busy", problem=Message("workspace_held"))
        return evaluate(store, False, request, body, to)

    def prepare(_: bool) -> Evaluate:
        try:
            opened()
        except OSError as error:
            taken = isinstance(error, BlockingIOError) or "/LOCK: " in str(error)
            reason = "another server holds it" if taken else error
            _log.error("the workspace %s is not served: %s", dataset, reason)
        return answer

    return prepare


def _without_network() -> bool:
    """Take the network away from this process and those that it forks; whether the system lets it.

    With the right to (CAP_SYS_ADMIN) by a network namespace alone, else by one in a user namespace,
    where the system allows those to everybody.
    """
    system = ctypes.CDLL(None)
    return any(
        not system.unshare(flags) for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET)
    )


if __name__ == "__main__":
    serve(*pickle.load(sys.stdin.buffer))
