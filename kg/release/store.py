"""Where released graphs live: an embedded Oxigraph store (any other engine: see
kg.release.engine)."""

import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from kg.errors import PlanlinkError

IN_MEMORY = 100_000  # quads that one process holds in memory
# Quads whose indexes are larger than 512 MiB each: RocksDB packs what it joins above so many alone.
_UNPACKED = 12_000_000
_TOGETHER = 4096  # lines that are read together


def write_store(folder: Path, quads: IO[bytes] | bytes, unpacked: int = _UNPACKED) -> ox.Store:
    """Load N-Quads into a new on-disk store.

    Args:
        unpacked: how many are joined before the others are loaded, so that these are packed: of
            18 million quads the store took 3.5 GB so, and 5.6 GB loaded at once.

    Returns:
        The store, open.
    """
    store = ox.Store(str(folder))
    lines = io.BytesIO(quads) if isinstance(quads, bytes) else quads
    first = cast(IO[bytes], _Lines(islice(lines, unpacked)))
    store.bulk_load(first, ox.RdfFormat.N_QUADS)
    store.optimize()
    if following := lines.readline():
        store.bulk_load(following, ox.RdfFormat.N_QUADS)
        store.bulk_load(lines, ox.RdfFormat.N_QUADS)
        store.optimize()
    store.flush()
    return store


class _Lines(io.RawIOBase):
    """Lines as a file to read."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines, self._block, self._at = lines, b"", 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Fill a buffer; how many bytes there were, none at the end."""
        if self._at == len(self._block):
            self._block, self._at = b"".join(islice(self._lines, _TOGETHER)), 0
        piece = self._block[self._at : self._at + len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


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
