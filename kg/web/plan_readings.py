"""Plans as they are read now, from the folders that this server may write to."""

from __future__ import annotations

import threading
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from kg.release.cache import folder_digest

if TYPE_CHECKING:
    from kg.link.reading import Reading

_one_reads = threading.Lock()
_KEPT = 8  # readings of plans; one of an outline takes some 6 MiB


def reading_of(folder: Path) -> Reading:
    """A plan as its folder has it now, read again only where a file has changed, by one thread at a
    time. PlanlinkError where a file is broken."""
    with _one_reads:
        # What was entered is no part of the reading; what is being written is in a hidden file.
        return read(folder, folder_digest(folder, "monitoring"))


@lru_cache(maxsize=_KEPT)
def read(folder: Path, digest: str) -> Reading:
    """A plan as read, kept for the next visitor; the digest tells whether it is still the same."""
    # What reads plans takes a second to load, and few decide or enter values.
    from kg.link.reading import read_plan  # noqa: PLC0415
    from kg.source.plan import load_plan  # noqa: PLC0415

    return read_plan(load_plan(folder), lambda _: None, lambda _: None)
