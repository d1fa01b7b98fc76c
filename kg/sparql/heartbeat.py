"""Signs of life of the server's processes, and the end of those that give none.

A process that is stopped or stuck still has its socket, and clients whose connections the kernel
leads there would wait for ever. So each process renews the time of a file, named by its number,
and the supervisor ends one whose file has not changed for a while: it is replaced as any other.
One that only waits for its turn on a busy machine is given more time.
"""

import os
import select
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

_EVERY = 1.0  # seconds between two signs of life
_PATIENCE = 10.0  # seconds without one after which a process is taken to hang
_LONGEST = 60.0  # the same for one that computes now and then, as on a busy machine
_ENOUGH = 3.0  # seconds of processor time in which every process gives a sign of life
_LATE = 2.0  # seconds after which a look is late: the supervisor was itself held up


def beat(folder: Path) -> None:
    """Give a sign of life of this process."""
    with suppress(FileNotFoundError):  # the folder goes when the server has been stopped
        (folder / str(os.getpid())).touch()


def beat_in_thread(folder: Path) -> None:
    """Give signs of life as long as this process lives and its threads take turns."""

    def run() -> NoReturn:
        while True:
            beat(folder)
            time.sleep(_EVERY)

    threading.Thread(target=run, daemon=True, name="heartbeat").start()


@dataclass
class _Seen:
    """A process: its pidfd (pidfd_open(2)), its last sign of life and when that was first seen.

    begun: the processor time, in seconds, that it had had then. latest, moved: that which it had at
    the last look, and when that was last seen to grow.
    """

    process: int
    sign: int = 0
    since: float = 0.0
    begun: float = 0.0
    latest: float = 0.0
    moved: float = 0.0

    def begin(self, sign: int, now: float, computed: float) -> None:
        """Note a sign of life."""
        self.sign, self.since, self.moved = sign, now, now
        self.begun = self.latest = computed

    def hangs(self, now: float, computed: float) -> bool:
        """Whether it has given no sign for so long that it has stopped, or computes for ever."""
        if computed > self.latest:
            self.latest, self.moved = computed, now
        silent = now - self.since
        stopped = now - self.moved > _PATIENCE
        endless = silent > _PATIENCE and computed - self.begun > _ENOUGH
        return stopped or endless or silent > _LONGEST


class Watch:
    """Ends processes that hang."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[Path, _Seen] = {}
        self._looked = time.monotonic()

    def look(self) -> list[int]:
        """End the processes that have given no sign for too long; their numbers."""
        now = time.monotonic()
        was_held_up, self._looked = now - self._looked > _LATE, now
        ended = []
        for path in self._folder.iterdir():
            if (seen := self._find(path)) is None:
                continue
            process, sign = int(path.name), path.stat().st_mtime_ns
            computed = cpu_time(process)
            if sign != seen.sign or was_held_up:
                seen.begin(sign, now, computed)
            elif seen.hangs(now, computed):
                signal.pidfd_send_signal(seen.process, signal.SIGKILL)
                ended.append(process)
                seen.begin(sign, now, computed)
        return ended

    def close(self) -> None:
        """Give back the descriptors."""
        for seen in self._seen.values():
            os.close(seen.process)

    def _find(self, path: Path) -> _Seen | None:
        """What is known of a process; None, and its file is removed, where it has ended."""
        if path not in self._seen:
            with suppress(ProcessLookupError):
                self._seen[path] = _Seen(os.pidfd_open(int(path.name)))
        seen = self._seen.get(path)
        if seen is not None and not select.select([seen.process], [], [], 0)[0]:
            return seen
        if seen is not None:
            os.close(self._seen.pop(path).process)
        path.unlink(missing_ok=True)
        return None


def cpu_time(process: int) -> float:
    """The CPU seconds of a process, by its clock (clock_getcpuclockid(3)); 0 once it has ended."""
    try:
        return time.clock_gettime((~process << 3) | 2)
    except OSError:
        return 0.0
