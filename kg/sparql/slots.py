"""What each query process is at, in memory that it shares with its parent and its clients."""

from __future__ import annotations

import mmap
import struct
import time
from dataclasses import dataclass
from pathlib import Path

_WORK = struct.Struct("<dddQ")  # begun, until, spent before, ticket; all zero while idle
_ENDED = struct.Struct("<Q")  # the ticket of the request whose process last had to give way
_PID = struct.Struct("<I")
_STANDS_BY = struct.Struct("<I")
_ROW = struct.Struct("<dddQQII")
_AT_ENDED, _AT_PID = _WORK.size, _WORK.size + _ENDED.size
_AT_STANDS_BY = _AT_PID + _PID.size


@dataclass(frozen=True)
class Work:
    """What a process works on.

    begun, until: since when, and until when it may (monotonic seconds).
    spent_before: the CPU time that the process had spent before (seconds).
    ticket: the number of the request.
    """

    begun: float
    until: float
    spent_before: float
    ticket: int = 0


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
        self.rest(slot)
        _PID.pack_into(self._map, slot * _ROW.size + _AT_PID, pid)

    def leave(self, slot: int) -> None:
        """The process is no more."""
        self.take(slot, 0)

    def begin(self, slot: int, until: float, ticket: int) -> None:
        """The process that calls this begins to work on a request."""
        work = _WORK.pack(time.monotonic(), until, time.process_time(), ticket)
        self._map[slot * _ROW.size : slot * _ROW.size + _WORK.size] = work

    def rest(self, slot: int) -> None:
        """The process is idle."""
        self._map[slot * _ROW.size : slot * _ROW.size + _WORK.size] = bytes(_WORK.size)

    def stand_by(self, slot: int, standing_by: bool) -> None:
        """Whether the process shall take no other request for now."""
        _STANDS_BY.pack_into(self._map, slot * _ROW.size + _AT_STANDS_BY, standing_by)

    def stands_by(self, slot: int) -> bool:
        """Whether the process that calls this shall take no other request for now."""
        return bool(_STANDS_BY.unpack_from(self._map, slot * _ROW.size + _AT_STANDS_BY)[0])

    def work(self, slot: int) -> Work | None:
        """What the process works on, None where it is idle or not there."""
        work = Work(*_WORK.unpack_from(self._map, slot * _ROW.size))
        return work if work.begun else None

    def idle(self) -> int:
        """How many processes are there and idle."""
        return sum(
            pid != 0 and not begun for begun, _, _, _, _, pid, _ in _ROW.iter_unpack(self._map[:])
        )

    def end(self, slot: int) -> None:
        """What the process works on has to give way to queries that wait."""
        ticket = _WORK.unpack_from(self._map, slot * _ROW.size)[3]
        _ENDED.pack_into(self._map, slot * _ROW.size + _AT_ENDED, ticket)

    def gave_way(self, ticket: int) -> bool:
        """Whether a request had to give way."""
        return any(ended == ticket for _, _, _, _, ended, _, _ in _ROW.iter_unpack(self._map[:]))


def cpu_time(pid: int) -> float:
    """The CPU time that a process has spent, in seconds, by its clock (clock_getcpuclockid(3)); 0
    where it is no more."""
    try:
        return time.clock_gettime((~pid << 3) | 2)
    except OSError:
        return 0.0
