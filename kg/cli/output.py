"""Where commands read releases and how they write files."""

from __future__ import annotations

from pathlib import Path

from kg.errors import PlanlinkError

RELEASE = Path("release")


def write_whole(output: Path, content: bytes) -> None:
    """Write a file whole or not at all.

    Raises:
        PlanlinkError: it cannot be written there.
    """
    partial = output.with_name(f".{output.name}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(output)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise PlanlinkError(f"cannot be written ({error.strerror})", str(output), "name a file in a folder you may write to") from error
