"""Where released graphs live: an embedded Oxigraph store (any other engine: see
kg.release.engine)."""

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg.release.current import nothing_released

IN_MEMORY = 100_000  # quads that one process holds in memory
# bytes that are loaded at once, in up to 2 GiB of memory: what several loads make is joined, and
# while it is small RocksDB writes what it joins without compression, twice the size
_AT_A_TIME = 1 << 28


def write_store(folder: Path, pieces: Iterable[bytes]) -> ox.Store:
    """Load N-Quads, in pieces of whole lines, into a new on-disk store; returns it, open."""
    store, waiting = ox.Store(str(folder)), bytearray()
    for piece in pieces:
        waiting += piece
        if len(waiting) > _AT_A_TIME:
            store.bulk_load(bytes(waiting), ox.RdfFormat.N_QUADS)
            waiting.clear()
    store.bulk_load(bytes(waiting), ox.RdfFormat.N_QUADS)
    store.optimize()
    store.flush()
    return store


def open_store(folder: Path) -> ox.Store:
    """Open a released store to read, with others at once; PlanlinkError where there is none."""
    if not (folder / "CURRENT").exists():
        raise nothing_released(folder.parent)
    return ox.Store.read_only(str(folder))


def open_to_serve(folder: Path, quads: int) -> ox.Store:
    """Open a released store for many small reads: one of at most IN_MEMORY quads as a copy in
    memory, several times faster. PlanlinkError where there is none.

    Args:
        quads: how many it has, which the manifest says: to count them takes as long as to copy.
    """
    store = open_store(folder)
    if quads > IN_MEMORY:
        return store
    # Not from the dump, which is sorted: a query of 200 patterns then took 30 times as long.
    copy = ox.Store()
    copy.bulk_extend(store)
    return copy
