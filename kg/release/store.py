"""Where released graphs live: an embedded Oxigraph store (any other engine: see
kg.release.engine)."""

from pathlib import Path
from typing import IO

import pyoxigraph as ox

from kg.errors import PlanlinkError

IN_MEMORY = 100_000  # quads that one process holds in memory


def write_store(folder: Path, quads: IO[bytes] | bytes) -> ox.Store:
    """Load N-Quads into a new on-disk store; returns it, open."""
    store = ox.Store(str(folder))
    store.bulk_load(quads, ox.RdfFormat.N_QUADS)
    store.optimize()
    store.flush()
    return store


def open_store(folder: Path) -> ox.Store:
    """Open a released store to read, with others at once; PlanlinkError where there is none."""
    if not (folder / "CURRENT").exists():
        raise PlanlinkError.of("no_release", folder.parent)
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
