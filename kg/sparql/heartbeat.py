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


class _Process:
    """A process that gives signs of life in a file named by its number.

    descriptor: its pidfd (pidfd_open(2)).
    """

    def __init__(self, file: Path) -> None:
        self.number = int(file.name)
        self.descriptor = os.pidfd_open(self.number)
        self._file, self._sign = file, 0
        self._since = self._moved = 0.0  # when its last sign was first seen; it last computed
        self._begun = self._latest = 0.0  # processor time that it had had at the two

    def hangs(self, now: float, was_held_up: bool) -> bool:
        """Whether it has given no sign for so long that it has stopped, or computes for ever."""
        sign, computed = self._file.stat().st_mtime_ns, cpu_time(self.number)
        if sign != self._sign or was_held_up:
            self._sign, self._since, self._moved = sign, now, now
            self._begun = self._latest = computed
        if computed > self._latest:
            self._latest, self._moved = computed, now
        silent = now - self._since
        stopped = now - self._moved > _PATIENCE
        endless = silent > _PATIENCE and computed - self._begun > _ENOUGH
        return stopped or endless or silent > _LONGEST

    def end(self) -> None:
        """Kill it; it is given time anew to be gone."""
        signal.pidfd_send_signal(self.descriptor, signal.SIGKILL)
        self._sign = 0


class Watch:
    """Ends processes that hang."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[Path, _Process] = {}
        self._looked = time.monotonic()

    def look(self) -> list[int]:
        """End the processes that have given no sign for too long; their numbers."""
        now = time.monotonic()
        was_held_up, self._looked = now - self._looked > _LATE, now
        there = [one for file in self._folder.iterdir() if (one := self._find(file))]
        hung = [one for one in there if one.hangs(now, was_held_up)]
        for one in hung:
            one.end()
        return [one.number for one in hung]

    def close(self) -> None:
        """Give back the descriptors."""
        for one in self._known.values():
            os.close(one.descriptor)

    def _find(self, file: Path) -> _Process | None:
        """The process of a file; None, and the file is removed, where it has ended."""
        if file not in self._known:
            with suppress(ProcessLookupError):
                self._known[file] = _Process(file)
        one = self._known.get(file)
        if one is not None and not select.select([one.descriptor], [], [], 0)[0]:
            return one
        if one is not None:
            os.close(self._known.pop(file).descriptor)
        file.unlink(missing_ok=True)
        return None


def cpu_time(process: int) -> float:
    """The CPU seconds of a process, by its clock (clock_getcpuclockid(3)); 0 once it has ended."""
    try:
        return time.clock_gettime((~process << 3) | 2)
    except OSError:
        return 0.0
