"""The one kind of error a user sees: what is wrong, where, and how to mend it."""

from pathlib import Path


class PlanlinkError(Exception):
    """Bad input, told in one line.

    Args:
        what: what is wrong, in a few words.
        where: the file, line or key it was found at.
        mend: what the user can do about it.
    """

    def __init__(self, what: str, where: str, mend: str) -> None:
        super().__init__(f"{where}: {what}; {mend}")
        self.what = what
        self.where = where
        self.mend = mend


class CannotWriteError(PlanlinkError):
    """A file cannot be written: the disk is full or read-only, or a right is missing. Nothing was
    changed.

    Args:
        error: the system's word.
        path: the file or folder.
    """

    def __init__(self, error: OSError, path: Path) -> None:
        super().__init__(
            f"cannot be written ({error.strerror or error})",
            str(path),
            "make room, or let planlink write there, and try again",
        )
