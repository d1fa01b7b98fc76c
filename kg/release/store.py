"""Where released graphs live: an embedded Oxigraph store (any other engine: see
kg.release.engine)."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from kg.errors import PlanlinkError

IN_MEMORY = 300_000  # quads that one process holds in memory
_QUAD = 500  # bytes that a quad takes in memory
_CGROUP = Path(
    "/sys/fs/cgroup/memory.max"
)  # the memory that a container may use (cgroup v2), or "max"


def write_store(folder: Path, quads: Iterable[ox.Quad]) -> int:
    """Load quads into a new on-disk store and close it.

    Returns:
        How many quads the store holds.
    """
    store = ox.Store(str(folder))
    store.bulk_extend(quads)
    store.optimize()
    store.flush()
    return len(store)


def open_store(folder: Path) -> ox.Store:
    """Open a released store to read; many processes may do so at once.

    Raises:
        PlanlinkError: there is no store in the folder.
    """
    if not (folder / "CURRENT").exists():
        raise PlanlinkError(
            "no release is there",
            str(folder.parent),
            "run planlink publish first, or name the folder it wrote to",
        )
    return ox.Store.read_only(str(folder))


def fitting(copies: int) -> int:
    """How many quads fit into half of this machine's or container's memory.

    Args:
        copies: the processes that share the store: each comes to have most of it for itself, since
            reading counts references.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if _CGROUP.exists() and (limit := _CGROUP.read_text(encoding="ascii").strip()).isdigit():
        memory = min(memory, int(limit))
    return memory // 2 // _QUAD // (copies + 1)


def open_to_serve(folder: Path, in_memory: int = IN_MEMORY) -> tuple[ox.Store, bool]:
    """Open a released store for many small reads: as a copy in memory, which answers several times
    faster, if it is small.

    Args:
        folder: the store's folder.
        in_memory: up to how many quads are small.

    Returns:
        The store, and whether it is such a copy.

    Raises:
        PlanlinkError: there is no store in the folder.
    """
    store = open_store(folder)
    if any(True for _ in islice(store, in_memory, None)):
        return store, False
    copy = ox.Store()
    copy.bulk_extend(store)
    return copy, True
