"""Where the current release of a folder is: all that `planlink serve` itself has to know of it."""

from pathlib import Path

from kg.errors import PlanlinkError

MANIFEST = "manifest.json"


def current(out: Path) -> Path:
    """The folder of the current release; PlanlinkError where nothing has been released."""
    folder = out / "current"
    if not (folder / MANIFEST).exists():
        raise PlanlinkError.of("no_release", out)
    return folder.resolve()
