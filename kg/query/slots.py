"""What each query process is at, in memory that it shares with its parent and its clients."""

from __future__ import annotations

import mmap
import struct
import time
from dataclasses import dataclass
from pathlib import Path

_ROW = struct.Struct("<dddII")  # begun, until, spent before, the process, the one that was last ended
_WORK = struct.Struct("<ddd")
_PIDS = struct.Struct("<II")


@dataclass(frozen=True)
class Work:
    """What a process works on: since when and until when it may (monotonic seconds), and the CPU time it had spent before."""

    begun: float
    until: float
    spent_before: float


class Slots:
    """A table with a row for each process, in a file that is mapped into memory.

    Args:
        path: the file.
        size: how many rows to make it with; None opens one that is there.
    """

    def __init__(self, path: Path, size: int | None = None) -> None:
        if size is not None:
            path.write_bytes(bytes(_ROW.size * size))
        with path.open("r+b") as handle:
            self._map = mmap.mmap(handle.fileno(), 0)

    def take(self, slot: int, pid: int) -> None:
        """A process is there, and idle."""
        self._map[slot * _ROW.size : slot * _ROW.size + _WORK.size] = bytes(_WORK.size)
        self._put_pids(slot, pid, self._pids(slot)[1])

    def leave(self, slot: int) -> None:
        """The process is no more."""
        self.take(slot, 0)

    def begin(self, slot: int, until: float) -> None:
        """The process that calls this begins to work."""
        work = _WORK.pack(time.monotonic(), until, time.process_time())
        self._map[slot * _ROW.size : slot * _ROW.size + _WORK.size] = work

    def rest(self, slot: int) -> None:
        """The process is idle."""
        self._map[slot * _ROW.size : slot * _ROW.size + _WORK.size] = bytes(_WORK.size)

    def work(self, slot: int) -> Work | None:
        """What the process works on, None where it is idle or not there."""
        work = Work(*_WORK.unpack_from(self._map, slot * _ROW.size))
        return work if work.begun else None

    def idle(self) -> int:
        """How many processes are there and idle."""
        rows = _ROW.iter_unpack(self._map[:])
        return sum(pid != 0 and not begun for begun, _, _, pid, _ in rows)

    def end(self, slot: int, pid: int) -> None:
        """The process had to give way to queries that wait."""
        self._put_pids(slot, self._pids(slot)[0], pid)

    def ended(self, slot: int, pid: int) -> bool:
        """Whether a process had to give way."""
        return self._pids(slot)[1] == pid

    def _pids(self, slot: int) -> tuple[int, int]:
        there, ended = _PIDS.unpack_from(self._map, slot * _ROW.size + _WORK.size)
        return there, ended

    def _put_pids(self, slot: int, there: int, ended: int) -> None:
        _PIDS.pack_into(self._map, slot * _ROW.size + _WORK.size, there, ended)


def cpu_time(pid: int) -> float:
    """The CPU time that a process has spent, in seconds, by its clock (clock_getcpuclockid(3)); 0 where it is no more."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0
