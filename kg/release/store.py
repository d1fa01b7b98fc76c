"""Where released graphs live: an embedded Oxigraph store (any other engine: see
kg.release.engine)."""

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from kg.rdf.gzipped import read_content
from kg.release.current import nothing_released

IN_MEMORY = 100_000  # quads that one process holds in memory
# bytes that are loaded at once, in up to 2 GiB of memory: what several loads make is joined, and
# while it is small RocksDB writes what it joins without compression, twice the size
_AT_A_TIME = 1 << 28


def write_store(folder: Path, pieces: Iterable[bytes]) -> int:
    """Load N-Quads into a new on-disk store and close it.

    Args:
        pieces: the N-Quads, each piece whole lines.

    Returns:
        How many quads the store holds.
    """
    store, waiting = ox.Store(str(folder)), bytearray()
    for piece in pieces:
        waiting += piece
        if len(waiting) > _AT_A_TIME:
            store.bulk_load(bytes(waiting), ox.RdfFormat.N_QUADS)
            waiting.clear()
    store.bulk_load(bytes(waiting), ox.RdfFormat.N_QUADS)
    store.optimize()
    store.flush()
    return len(store)


def open_store(folder: Path) -> ox.Store:
    """Open a released store to read, with others at once; PlanlinkError where there is none."""
    _require(folder)
    return ox.Store.read_only(str(folder))


def _require(folder: Path) -> None:
    if not (folder / "CURRENT").exists():
        raise nothing_released(folder.parent)


def dump_of(release: Path) -> Path | None:
    """The N-Quads of everything in a release, gzip or, of an early one, plain; None of the first,
    which had none."""
    return next(iter(sorted((release / "dumps").glob("planlink.nq*"))), None)


def in_memory(release: Path, quads: int) -> ox.Store | None:
    """All of a release in memory, where many small reads are several times faster than in its store
    on disk; None of more than IN_MEMORY quads. It is read from the dump: RocksDB leaves threads
    behind, and to fork beside threads is not safe.

    Args:
        quads: how many it has, which the manifest says.

    Raises:
        PlanlinkError: the release has no store, or its dump is damaged.
    """
    _require(release / "store")
    dump = dump_of(release)
    if dump is None or quads > IN_MEMORY:
        return None
    store = ox.Store()
    store.bulk_load(read_content(dump), ox.RdfFormat.N_QUADS)
    return store
