"""Graphs of another engine swapped while no query of ours is under way, and what a swap that was
cut off has done."""

import os
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.files import lock, to_disk, write_durably
from kg.release.engine import engine_of, held_mark
from kg.release.manifest import COMING

_PATIENCE = 5.0  # seconds that a query waits for a swap
_LOOK = 0.02  # seconds between looks at whether it is over
_UNSURE = ".engine-unsure"  # while graphs are swapped: which release they are of, and its mark


def is_unsure(out: Path) -> bool:
    """Whether a swap of graphs was cut off, so that what an engine holds is not known."""
    return (out / _UNSURE).exists()


@contextmanager
def reading(out: Path, patience: float = _PATIENCE) -> Iterator[bool]:
    """While a query runs: no graphs are swapped, and it waits for a swap that is waiting.

    Args:
        patience: seconds to wait at most.

    Yields:
        Whether the engine is known to hold the current release, see settle().

    Raises:
        BlockingIOError: a swap takes longer.
    """
    import fcntl  # not on Windows, where no server runs  # noqa: PLC0415

    until = time.monotonic() + patience
    with _open(out, "gate", os.O_RDONLY) as gate, _open(out, "room", os.O_RDONLY) as room:
        _share(gate, until)
        _share(room, until)
        fcntl.flock(gate, fcntl.LOCK_UN)
        yield settle(out)


def _share(held: int, until: float) -> None:
    """Hold an open file with others who only read; BlockingIOError where a swap has it for longer
    than until a time of the monotonic clock."""
    import fcntl  # not on Windows, where no server runs  # noqa: PLC0415

    while True:
        try:
            return fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise
            time.sleep(_LOOK)


def settle(out: Path) -> bool:
    """Bring to its end what a publish left that was cut off while graphs were swapped; to be called
    while none is swapping.

    Returns:
        Whether the current release is the one that the engine holds, as far as is known. It is not
        where the swap was cut off half done, or the engine does not say.
    """
    try:
        number, _, mark = (out / _UNSURE).read_text(encoding="ascii").partition(" ")
    except FileNotFoundError:
        return True
    coming = out / "releases" / number
    engine = engine_of(coming if coming.is_dir() else out / "current")
    held = held_mark(engine) if engine and mark else None
    if held != mark or not coming.is_dir():
        return held not in (None, mark)  # not begun: it holds what it held
    try:
        link = out / COMING
        if not link.is_symlink():  # gone back to, or several queries are at it
            link.symlink_to(coming.relative_to(out))
        link.replace(out / "current")
        to_disk(out)
        (out / _UNSURE).unlink(missing_ok=True)
    except OSError:
        return (out / "current").resolve() == coming.resolve()
    return True


@contextmanager
def swapping(out: Path, number: str) -> Iterator[str]:
    """While graphs are swapped, queries wait; where this does not come to its end, settle() finds
    out what was done.

    Args:
        number: that of the release that the graphs are of.

    Yields:
        The mark that the engine is to be given with them.
    """
    with _open(out, "gate", os.O_RDWR) as gate, _open(out, "room", os.O_RDWR) as room:
        lock(gate)
        lock(room)
        mark = secrets.token_hex(16)
        write_durably(out / _UNSURE, f"{number} {mark}".encode())
        yield mark
        (out / _UNSURE).unlink()


@contextmanager
def _open(out: Path, name: str, how: int) -> Iterator[int]:
    """A file that is locked: who only reads needs no right to write where it is there."""
    held = os.open(out / f".engine-{name}", how | os.O_CREAT, 0o644)
    try:
        yield held
    finally:
        os.close(held)
