"""Where the current release of a folder is: all that `planlink serve` itself has to know of it."""

from pathlib import Path

from kg.errors import PlanlinkError

MANIFEST = "manifest.json"


def current(out: Path) -> Path:
    """The folder of the current release; PlanlinkError where nothing has been released."""
    folder = out / "current"
    if not (folder / MANIFEST).exists():
        raise nothing_released(out)
    return folder.resolve()


def nothing_released(out: Path) -> PlanlinkError:
    """The error that nothing has been released into a folder."""
    return PlanlinkError.of("no_release", out)
