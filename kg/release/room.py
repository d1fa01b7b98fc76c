"""Room on the disk for a release, and how much is missing where it runs out."""

import errno
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.errors import PlanlinkError

_MIB = 1 << 20
_FULL = ("no space left", "is full", "disk quota exceeded")  # as engines say it
_AT_LEAST = 0.05  # of what is needed: more was needed than was thought


@contextmanager
def room_for(folder: Path, needed: int) -> Iterator[None]:
    """While a release is made: a full disk is reported with what is missing.

    Args:
        folder: where it is made.
        needed: about how many bytes it takes.

    Raises:
        PlanlinkError: the disk is full.
    """
    free = shutil.disk_usage(folder).free
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        full = getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
        if not full and not any(words in str(error).lower() for words in _FULL):
            raise
        missing = max(needed - free, int(needed * _AT_LEAST), _MIB)
        raise PlanlinkError.of("publication_disk", folder, _mib(needed), _mib(missing)) from error


def _mib(count: int) -> str:
    return f"{-(-count // _MIB):,} MiB"
