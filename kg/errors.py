"""The one kind of error a user sees: what is wrong, where, and how to mend it."""

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any


@cache
def _words() -> dict[str, dict[str, str]]:
    file = resources.files("kg") / "errors.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


class PlanlinkError(Exception):
    """Bad input, reported in one line.

    Args:
        what: what is wrong, in a few words.
        where: the file, line or key it was found at.
        mend: what the user can do about it.
        key, values: by which pages word it in Chinese, where they can (kg.web.messages).
    """

    def __init__(
        self, what: str, where: str, mend: str, key: str = "", values: tuple[str, ...] = ()
    ) -> None:
        # a name that was given may hold ends of lines
        super().__init__(" ".join(f"{where}: {what}; {mend}".splitlines()))
        self.what = what
        self.where = where
        self.mend = mend
        self.key = key
        self.values = values

    @staticmethod
    def of(key: str, where: object, *values: object) -> "PlanlinkError":
        """The error of a key of errors.toml, which words what is wrong and how to mend it.

        Args:
            where: a path, or what else it was found at.
            values: what is put into the words.

        >>> str(PlanlinkError.of("slug_twice", "a/plan.toml", "baihe-2021", "b"))
        "a/plan.toml: the slug 'baihe-2021' is that of b too; give each plan a slug of its own"
        """
        what, mend = (_words()[key][part].format(*values) for part in ("what", "mend"))
        return PlanlinkError(what, str(where), mend, key, tuple(map(str, values)))

    def __reduce__(self) -> tuple[Any, ...]:
        """What another process makes it from."""
        return PlanlinkError, (self.what, self.where, self.mend, self.key, self.values)


class SeveralErrors(PlanlinkError):
    """Several faults of one input, a line each.

    Args:
        errors: what is wrong, two or more.
    """

    def __init__(self, errors: Sequence[PlanlinkError]) -> None:
        first = errors[0]
        super().__init__(first.what, first.where, first.mend, first.key, first.values)
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
            "cannot_write",
        )
