"""Files: tables that are shipped in packages, reading within a bound, and writing so that nothing
acknowledged is lost, by one writer at a time in a folder, each file whole and on the disk."""

import contextlib
import csv
import io
import os
import re
import secrets
import stat
import sys
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from kg.errors import CannotWriteError, PlanlinkError

_DRAFT = ".partial"
_LARGEST = 64 * 2**20  # bytes of a file that is read; the longest plans have about a hundredth
_CHECK = "check the path and its permissions"
MAY_READ = "let the user that planlink runs as read it"
_DEEP_KEY = re.compile(r"""^[ \t\[]*["']?[\w-]+["']?([ \t]*\.[ \t]*["']?[\w-]+["']?){50}""", re.M)
# where a formula begins for a spreadsheet; a number with its sign is none
_FORMULA = re.compile(r"^(?=[=@\t\r]|[+-](?![\d.,]+[%％]?$))")


@cache
def packaged(package: str, name: str) -> dict[str, Any]:
    """The content of a TOML file that is shipped in a package.

    >>> list(packaged("kg.lexicon", "themes"))
    ['subject', 'theme']
    """
    file = resources.files(package) / f"{name}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def read_bytes(path: Path, mend: str = _CHECK, most: int = _LARGEST) -> bytes:
    """The content of a regular file; PlanlinkError where it is none, unreadable or too large.

    Args:
        mend: what to do where it cannot be read.
        most: bytes that are read of it.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise PlanlinkError("this is no file", str(path), mend)
        if found.st_size > most:
            raise PlanlinkError.of("file_large", path, found.st_size / 2**20, most // 2**20)
        if found.st_size:
            return path.read_bytes()
        # of /proc: they say 0, and may have no end or wait
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb", buffering=0) as file:
            if file.read(1):
                raise PlanlinkError.of("file_says_empty", path)
        return b""
    except OSError as error:
        mend = MAY_READ if isinstance(error, PermissionError) else mend
        raise PlanlinkError(f"cannot be read ({error.strerror})", str(path), mend) from error


def read_text(path: Path, mend: str = _CHECK) -> str:
    """The text of a file; PlanlinkError as read_bytes and decoded."""
    return decoded(read_bytes(path, mend), str(path))


def decoded(content: bytes, where: str) -> str:
    """Content in UTF-8 as text with plain line ends; PlanlinkError where it is in another
    encoding."""
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise PlanlinkError.of("no_utf8", where, error) from error


def read_toml(path: Path) -> dict[str, Any]:
    """The content of a TOML file; PlanlinkError, with the line, where missing or broken."""
    return parse_toml(read_text(path), path)


def parse_toml(text: str, path: Path) -> dict[str, Any]:
    """The content of a TOML text; PlanlinkError, with the line, where it is broken."""
    if _DEEP_KEY.search(text):  # tomllib would take memory by its square
        raise PlanlinkError.of("toml_key_deep", path)
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise PlanlinkError.of("toml_deep", path) from error
    except tomllib.TOMLDecodeError as error:
        raise PlanlinkError.of("no_toml", path, error) from error
    except ValueError as error:  # of int()
        raise PlanlinkError.of("toml_number", path) from error


def csv_bytes(rows: Iterable[Iterable[object]]) -> bytes:
    """Rows as CSV (RFC 4180) in UTF-8, with the byte order mark by which spreadsheets know it. A
    text that they would take for a formula, which no plan's text should be, stands behind an
    apostrophe.

    >>> csv_bytes([("a", "=1+1", -2.5, "+3%")]).decode("utf-8-sig")
    "a,'=1+1,-2.5,+3%\\r\\n"
    """
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(
        [_FORMULA.sub("'", cell) if isinstance(cell, str) else cell for cell in row] for row in rows
    )
    return out.getvalue().encode("utf-8-sig")


@contextlib.contextmanager
def only_writer(folder: Path) -> Iterator[None]:
    """Hold a folder against other processes and threads that write in it by this function, from
    reading what is to be changed on.

    The lock is the system's, on the folder itself: it ends with the process that holds it and
    leaves no file behind (on Windows, where folders cannot be locked, a file .lock). Drafts that a
    killed writer left are removed.

    Raises:
        CannotWriteError: the folder cannot be held.
    """
    try:
        if sys.platform == "win32":
            held = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT)
        else:
            held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise CannotWriteError(error, folder) from error
    try:
        try:
            lock(held)
            for draft in folder.rglob(f".*{_DRAFT}"):
                draft.unlink(missing_ok=True)
        except OSError as error:
            raise CannotWriteError(error, folder) from error
        yield
    finally:
        with contextlib.suppress(OSError):  # nothing was written by it
            os.close(held)


def write_durably(path: Path, content: bytes, new: bool = False) -> None:
    """Write a file whole or not at all; when this returns, it is on the disk.

    Args:
        new: whether the file must not be there yet.

    Raises:
        FileExistsError: it is there, and new is set.
        CannotWriteError: it cannot be written, or what is there is no regular file, such as a
            device; it is unchanged, or whole and perhaps not on the disk yet.
    """
    try:
        path = Path(os.path.realpath(path))
        if os.path.lexists(path) and not stat.S_ISREG(path.stat().st_mode):
            raise OSError("this is no regular file")
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
            with contextlib.suppress(OSError):  # the next writer removes it
                draft.unlink()
        to_disk(path.parent)
    except FileExistsError:
        raise
    except OSError as error:
        raise CannotWriteError(error, path) from error


def make_durably(folder: Path) -> None:
    """Make a missing folder, and have it on the disk; CannotWriteError where that fails."""
    try:
        folder.mkdir(exist_ok=True)
        to_disk(folder.parent)
    except OSError as error:
        raise CannotWriteError(error, folder) from error


def files_below(folder: Path) -> Iterator[str]:
    """The files in a folder and in those within it, by their paths there (POSIX), in no order."""
    for where, _, names in os.walk(folder):
        within = Path(where).relative_to(folder).as_posix()
        yield from (name if within == "." else f"{within}/{name}" for name in names)


def lock(held: int, wait: bool = True) -> None:
    """Hold an open file against other processes, until it is closed (flock(2)).

    Args:
        wait: whether to wait for a process that holds it.

    Raises:
        BlockingIOError: another process holds it, and wait is not set.
    """
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415

        try:
            msvcrt.locking(held, msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError(*error.args) from error
    else:
        import fcntl  # not on Windows  # noqa: PLC0415

        fcntl.flock(held, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)


def to_disk(path: Path) -> None:
    """Have a file's content, or a folder's names, on the disk (fsync(2)); not on Windows."""
    if sys.platform == "win32":
        return
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
