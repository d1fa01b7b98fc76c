"""The server's processes: each is started again when it ends, and ended when it hangs.

A process that is stopped or stuck still has its socket, and clients whose connections the kernel
leads there would wait for ever. So each process renews the time of a file, named by its number,
and the supervisor ends one whose file has not changed for a while: it is replaced as any other.
"""

import contextlib
import ctypes
import logging
import math
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

PYTHON = [sys.executable, "-P", "-m"]  # -P: nothing is imported from the working folder
BEATS = "beats"  # the folder for signs of life, in the runtime folder
LOOK = 0.1  # seconds between looks at the processes
_EVERY = 1.0  # seconds between two signs of life
_PATIENCE = 100  # looks without a new one after which a process is taken to hang
AGAIN = 1.0  # seconds from one start of a process, or try to start it, to the next
_PR_SET_PDEATHSIG = 1  # prctl(2): a signal for when the parent ends
_log = logging.getLogger("planlink")


def started(command: Sequence[str], given: object, **options: Any) -> subprocess.Popen[bytes]:
    """A process that has been given its task on standard input, pickled.

    Args:
        options: those of subprocess.Popen.
    """
    process = subprocess.Popen(command, stdin=subprocess.PIPE, **options)
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError), process.stdin:  # it has ended: that shows later
        pickle.dump(given, process.stdin)
    return process


def end_with_parent(by: signal.Signals = signal.SIGKILL) -> None:
    """Have this process sent a signal when its parent ends."""
    parent = os.getppid()
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, by)
    if os.getppid() != parent:
        os._exit(1)


def beat(folder: Path) -> None:
    """Give a sign of life of this process."""
    with contextlib.suppress(FileNotFoundError):  # the folder goes when the server has been stopped
        (folder / str(os.getpid())).touch()


def beat_in_thread(folder: Path) -> None:
    """Give signs of life as long as this process lives and its threads take turns."""

    def run() -> NoReturn:
        while True:
            beat(folder)
            time.sleep(_EVERY)

    threading.Thread(target=run, daemon=True, name="heartbeat").start()


class Child:
    """A process that is started again when it ends.

    until: when it is no longer wanted (monotonic seconds).

    Args:
        grace: seconds that it is given to end.
    """

    until = math.inf

    def __init__(
        self, name: str, start: Callable[[], subprocess.Popen[bytes]], grace: float = 5.0
    ) -> None:
        self._name, self._start, self._grace = name, start, grace
        self.process, self._began = start(), time.monotonic()

    def look(self) -> None:
        """Start it again where it has ended."""
        status, now = self.process.poll(), time.monotonic()
        if status is not None and now - self._began > AGAIN:
            _log.warning("%s ended with %s; it is started again", self._name, status)
            self.process, self._began = self._start(), now

    def stop(self) -> None:
        """End it, by force where it does not end in time."""
        self.process.terminate()
        try:
            self.process.wait(self._grace)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Watch:
    """Ends processes that hang.

    Args:
        folder: that of their signs of life.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._seen: dict[Path, tuple[int, int]] = {}  # the last sign; looks since it was new

    def look(self) -> None:
        """End the processes that have given no sign of life for too many looks: where this process
        waits for its turn on a busy machine, so do the others."""
        for file in self._folder.iterdir():
            if not Path(f"/proc/{file.name}").exists():
                file.unlink()
                continue
            sign, (known, looks) = file.stat().st_mtime_ns, self._seen.get(file, (0, 0))
            self._seen[file] = sign, looks + 1 if sign == known else 0
            if looks > _PATIENCE:
                _log.warning("process %s hung and was ended", file.name)
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(file.name), signal.SIGKILL)
                del self._seen[file]
