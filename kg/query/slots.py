"""What each query process is at, in memory that its parent and its clients see: since when it works, and if it had to give way."""

from __future__ import annotations

import mmap
import struct
import time
from pathlib import Path

_SLOT = struct.Struct("<dI")  # when the work began (monotonic seconds, 0 while idle), the process that was last ended


class Slots:
    """A table with a row for each process, in a file that is mapped into memory.

    Args:
        path: the file.
        size: how many rows to make it with; None opens one that is there.
    """

    def __init__(self, path: Path, size: int | None = None) -> None:
        if size is not None:
            path.write_bytes(bytes(_SLOT.size * size))
        with path.open("r+b") as handle:
            self._map = mmap.mmap(handle.fileno(), 0)

    def begin(self, slot: int) -> None:
        """The process begins to work."""
        self._map[slot * _SLOT.size : slot * _SLOT.size + 8] = struct.pack("<d", time.monotonic())

    def rest(self, slot: int) -> None:
        """The process is idle."""
        self._map[slot * _SLOT.size : slot * _SLOT.size + 8] = bytes(8)

    def since(self, slot: int) -> float:
        """When the process began to work, 0 if it is idle."""
        return float(_SLOT.unpack_from(self._map, slot * _SLOT.size)[0])

    def end(self, slot: int, pid: int) -> None:
        """The process had to give way to queries that wait."""
        self._map[slot * _SLOT.size + 8 : (slot + 1) * _SLOT.size] = struct.pack("<I", pid)

    def ended(self, slot: int, pid: int) -> bool:
        """Whether a process had to give way."""
        return bool(_SLOT.unpack_from(self._map, slot * _SLOT.size)[1] == pid)
