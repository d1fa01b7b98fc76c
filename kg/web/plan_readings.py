"""Plans as they are read now, from the folders that this server may write to."""

from __future__ import annotations

import hashlib
import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kg.link.reading import Reading

_one_reads = threading.Lock()
_KEPT = 2  # readings of plans; one of an outline takes some 6 MiB


def reading_of(folder: Path) -> Reading:
    """A plan as its folder has it now, read again only where a file has changed, by one thread at a
    time. PlanlinkError where a file is broken."""
    with _one_reads:
        return read(folder, digest(folder))


@lru_cache(maxsize=_KEPT)
def read(folder: Path, digest: str) -> Reading:
    """A plan as read, kept for the next visitor; the digest tells whether it is still the same."""
    # What reads plans takes a second to load, and few decide or enter values.
    from kg.link.reading import read_plan  # noqa: PLC0415
    from kg.source.plan import load_plan  # noqa: PLC0415

    return read_plan(load_plan(folder), lambda _: None, lambda _: None)


def digest(folder: Path) -> str:
    """Of all that a plan is read from: the files of its folder, but for what was entered."""
    content = hashlib.sha256()
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        content.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        content.update(path.read_bytes())
    return content.hexdigest()
