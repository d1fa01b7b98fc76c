"""Killed or failing at any moment: tests are notified of each system call by which Python changes or
opens something in a folder, before it is made.

PLANLINK_EVERY_MOMENT=1 tries every moment, not the first of each kind.
"""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

EVERY = "PLANLINK_EVERY_MOMENT" in os.environ
_CALLS = {
    "open", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink", "fcntl.flock",
    "sqlite3.connect",
}  # fmt: skip
_watcher: Callable[[str, str], None] | None = None


def _hook(event: str, arguments: tuple[Any, ...]) -> None:
    if _watcher is not None and event in _CALLS:
        made = 1 if event in ("os.link", "os.symlink") else 0
        _watcher(event, str(arguments[made]))


sys.addaudithook(_hook)  # for good: the interpreter takes none back


@contextmanager
def watching(folder: Path, watcher: Callable[[str], None]) -> Iterator[None]:
    """Tell of each moment by its kind: the name of the call and what it is made on, a place at most
    two steps down, without digits.
    """
    global _watcher
    fsync = os.fsync

    def tell(event: str, path: str) -> None:
        global _watcher  # noqa: PLW0603
        path = str(Path(f"/proc/self/fd/{path}").readlink()) if path.isdigit() else path
        if path.startswith(str(folder)):
            _watcher, own = None, _watcher
            place = Path(re.sub("[0-9]+", "", path.removeprefix(str(folder))) or "/")
            try:
                watcher(f"{event} {place if len(place.parts) < 3 else place.parent}")
            finally:
                _watcher = own

    def told_fsync(number: int) -> None:
        tell("fsync", str(number))
        fsync(number)

    _watcher, os.fsync = tell, told_fsync
    try:
        yield
    finally:
        _watcher, os.fsync = None, fsync


def moments(folder: Path, work: Callable[[], object]) -> list[tuple[int, str]]:
    """The moments of a piece of work that are to be tried, by number, with their kinds."""
    told: list[str] = []
    with watching(folder, told.append):
        work()
    return [(n, kind) for n, kind in enumerate(told) if EVERY or kind not in told[:n]]


@contextmanager
def failing(folder: Path, number: int, code: int = errno.ENOSPC) -> Iterator[None]:
    """While the call of that number fails as it does on a full disk, or with another of errno's
    codes.
    """
    left = iter(range(number))

    def fail(_: str) -> None:
        nonlocal left
        if next(left, None) is None:
            left = iter(range(1_000_000))
            raise OSError(code, os.strerror(code))

    with watching(folder, fail):
        yield
