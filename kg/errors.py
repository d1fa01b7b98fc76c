"""The one kind of error a user sees: what is wrong, where, and how to mend it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any


class PlanlinkError(Exception):
    """Bad input, reported in one line.

    Args:
        what: what is wrong, in a few words.
        where: the file, line or key it was found at.
        mend: what the user can do about it.
    """

    def __init__(self, what: str, where: str, mend: str) -> None:
        # a name that was given may hold ends of lines
        super().__init__(" ".join(f"{where}: {what}; {mend}".splitlines()))
        self.what = what
        self.where = where
        self.mend = mend

    def __reduce__(self) -> tuple[Any, ...]:
        """What another process makes it from."""
        return PlanlinkError, (self.what, self.where, self.mend)


class SeveralErrors(PlanlinkError):
    """Several faults of one input, a line each.

    Args:
        errors: what is wrong, two or more.
    """

    def __init__(self, errors: Sequence[PlanlinkError]) -> None:
        super().__init__(errors[0].what, errors[0].where, errors[0].mend)
        self.args = ("\n".join(map(str, errors)),)
        self.errors = tuple(errors)

    def __reduce__(self) -> tuple[Any, ...]:
        """What another process makes it from."""
        return SeveralErrors, (self.errors,)


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
