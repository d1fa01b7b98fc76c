"""The folder of releases: one publisher at a time, a release put in place, an older one made the
current one again, the oldest taken away, and how much room is missing where the disk is full.

A release that is being built or taken away is in a hidden folder. A hidden link leads to a
release that has its name but is not the current one yet: it is none. What a process that was killed
left of these is removed by the next one that writes here, and by none that reads."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from kg.errors import PlanlinkError
from kg.files import files_below, lock, to_disk
from kg.release.check import release_faults
from kg.release.current import current
from kg.release.engine import Engine, engine_of
from kg.release.manifest import COMING, Manifest, numbers, read_manifest
from kg.release.swap import settle, swapping

ASIDE = ".building-"
EVERYTHING = "dumps/planlink.nq.gz"
_MIB = 1 << 20
_FULL = ("no space left", "is full", "disk quota exceeded")  # as engines say it
_AT_LEAST = 0.05  # of what is needed: more was needed than was thought


@contextmanager
def only_publisher(out: Path) -> Iterator[None]:
    """Hold a folder of releases, made where missing, against other publishes, and remove what is
    half done. PlanlinkError where another one is writing, it is a plan's, or cannot be written."""
    there, first = out.is_dir(), not (out / "releases").is_dir()
    if first and (out / "plan.toml").exists():
        # what it wrote there would be read as the plan's: a change with each publish
        raise PlanlinkError.of("folder_of_plan", out)
    try:
        if first:
            (out / "releases").mkdir(parents=True, exist_ok=True)
            to_disk(out.parent)
        with (out / ".lock").open("w") as handle:
            try:
                lock(handle.fileno(), wait=False)
            except BlockingIOError as error:
                raise PlanlinkError.of("publication_busy", out) from error
            _sweep(out)
            try:
                yield
            except BaseException:
                _sweep(out)
                if first:
                    _unmake(out, there)
                raise
    except (OSError, sqlite3.Error) as error:
        raise PlanlinkError.of(
            "release_not_written",
            getattr(error, "filename", None) or out,
            getattr(error, "strerror", None) or error,
        ) from error


def _unmake(out: Path, there: bool) -> None:
    """Remove a folder in which nothing was released or kept; out itself unless it was there."""
    if not any((out / "releases").iterdir()):
        (out / "releases").rmdir()
        (out / ".lock").unlink()
        if not there and not any(out.iterdir()):
            out.rmdir()


def _sweep(out: Path) -> None:
    """Remove what is half done, but for a release that an engine answers from already."""
    settle(out)
    coming = out / COMING
    if coming.is_symlink():
        built = out / "releases" / coming.readlink().name
        if built.resolve() != (out / "current").resolve():
            shutil.rmtree(built, ignore_errors=True)
        coming.unlink()
    for left in out.glob(f"{ASIDE}*"):
        shutil.rmtree(left, ignore_errors=True)


def put_in_place(
    out: Path,
    built: Path,
    number: int,
    swapped: AbstractContextManager[None],
    kept: Collection[str] = (),
) -> None:
    """Make a release that has been built the current one.

    Args:
        built: the hidden folder where it was built, on the same disk.
        swapped: has another engine answer from it when it becomes the current one.
        kept: files of it that were brought to the disk when they were made, and are linked here.
    """
    for where, *_ in os.walk(built):
        to_disk(Path(where))
    for name in files_below(built):
        if name not in kept or (built / name).stat().st_nlink == 1:
            to_disk(built / name)
    if not (out / "dumps").is_symlink():
        (out / "dumps").symlink_to(Path("current") / "dumps")
    coming, folder = out / COMING, out / "releases" / str(number)
    coming.symlink_to(folder.relative_to(out))
    to_disk(out)
    built.rename(folder)
    to_disk(folder.parent)
    with swapped:
        coming.replace(out / "current")
    to_disk(out)


def outdated(kept: list[int], keep: int | None, served: int | None) -> list[int]:
    """The numbers of releases to take away.

    Args:
        kept: those that are there, the first one first.
        keep: how many to keep, the latest ones; None for all.
        served: the one that readers may still be using; it stays with those after it.
    """
    old = [] if keep is None else kept[:-keep]
    return [number for number in old if served is None or number < served]


def take_away(out: Path, doomed: list[int]) -> None:
    """Remove releases, each at once."""
    for number in doomed:
        aside = out / f"{ASIDE}old-{number}"
        (out / "releases" / str(number)).rename(aside)
        to_disk(out / "releases")
        shutil.rmtree(aside)


def roll_back(out: Path, number: int, engine: Engine | None = None) -> Manifest:
    """Make a release that the folder keeps the current one again; those after it stay, and the next
    publish gets the number after theirs.

    Args:
        engine: the engine that answers from it, where it was published to one.

    Returns:
        The manifest of the release.

    Raises:
        PlanlinkError: it is not there or is not whole, its engine is not given or fails, or the
            folder cannot be written. The current release stays.
    """
    if not (out / "releases").is_dir():
        current(out)  # says that nothing is there
    with only_publisher(out):
        folder = out / "releases" / str(number)
        if number not in numbers(out):
            there = ", ".join(map(str, numbers(out)))
            raise PlanlinkError.of("release_unknown", out, number, there)
        for fault in release_faults(folder):
            raise fault
        if engine_of(folder) != (engine.query if engine else None):
            raise PlanlinkError.of(
                "release_of_engine", folder, number, "another" if engine else "an"
            )
        served = read_manifest(current(out)) if engine else None
        if engine:
            engine.stage(folder / EVERYTHING)
        back = out / ".current-back"
        back.unlink(missing_ok=True)
        back.symlink_to(folder.relative_to(out))
        with swapped(out, engine, served, number):
            back.replace(out / "current")
        to_disk(out)
    return read_manifest(folder)


@contextmanager
def swapped(
    out: Path, engine: Engine | None, served: Manifest | None, number: int
) -> Iterator[None]:
    """While this lasts, readers of the engine wait; then the engine answers from what has been
    staged in it. What is done meanwhile should be short.

    Args:
        engine: the engine; None where there is none.
        served: the manifest of the release that it answers from now.
        number: that of the release that it is to answer from.
    """
    if engine is None:
        yield
        return
    with swapping(out, str(number)) as mark:
        engine.swap(served.graphs if served else (), mark)
        yield
    engine.sweep()


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
