"""Writing files so that nothing acknowledged is lost: one writer at a time in a folder, each file
whole, and on the disk."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

from kg.errors import CannotWriteError

_DRAFT = ".partial"


@contextlib.contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold a folder against other processes and threads that write in it by this function, from
    reading what is to be changed on.

    The lock is the system's, on the folder itself (flock(2)): it ends with the process that holds
    it and leaves no file behind. Drafts that a killed writer left are removed.

    Raises:
        CannotWriteError: the folder cannot be opened.
    """
    import fcntl  # not on Windows, where planlink reads and publishes  # noqa: PLC0415

    try:
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise CannotWriteError(error, folder) from error
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        for draft in folder.rglob(f".*{_DRAFT}"):
            draft.unlink(missing_ok=True)
        yield
    finally:
        os.close(held)


def write_durably(path: Path, content: bytes, new: bool = False) -> None:
    """Write a file whole or not at all; when this returns, it is on the disk.

    Args:
        path: the file.
        content: all of it.
        new: whether the file must not be there yet.

    Raises:
        FileExistsError: it is there, and new is set.
        CannotWriteError: it cannot be written; what was there is unchanged.
    """
    try:
        draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}{_DRAFT}")
        try:
            with draft.open("xb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
            if new:
                path.hardlink_to(draft)
            else:
                draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        _to_disk(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        raise CannotWriteError(error, path) from error


def make_durably(folder: Path) -> None:
    """Make a folder where it is missing; when this returns, it is on the disk.

    Raises:
        CannotWriteError: it cannot be made.
    """
    try:
        folder.mkdir(exist_ok=True)
        _to_disk(folder.parent)
    except OSError as error:
        raise CannotWriteError(error, folder) from error


def _to_disk(folder: Path) -> None:
    """Have the names in a folder on the disk (fsync(2))."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
