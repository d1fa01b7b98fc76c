"""What is made of a plan, kept under a digest of all that it is made from: it is made once.

A part is made in a hidden folder and gets its name when it is whole and on the disk: a process
killed at any moment leaves parts that are whole, and a draft that the next publish sweeps away.
"""

import errno
import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Container, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import requires, version
from importlib.resources import files
from pathlib import Path
from re import match
from typing import Any

from kg.files import read_bytes, to_disk
from kg.rdf.gzipped import read_content
from kg.rdf.namespaces import shipped
from kg.release.manifest import FileEntry, sha256

_LISTED = "part.json"
# what a system says where the cache is on another disk, or the disk has no links, or enough of them
_NO_LINKS = (errno.EXDEV, errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK)
_APART = ("web", "cli", "sparql", "__pycache__")  # of kg, what has no part in making a plan's data


@dataclass(frozen=True)
class Part:
    """Files that were made together.

    key: the digest that it is kept under. folder: where the files are.
    noted: what was noted of them. files: each by its path in the folder.
    """

    key: str
    folder: Path
    noted: dict[str, Any]
    files: dict[str, FileEntry]

    def text(self, name: str) -> str:
        """The content of a file of it, compressed or not."""
        return read_content(self.folder / name).decode("utf-8")

    def link(self, into: Path, *under: str) -> dict[str, FileEntry]:
        """Link files whose paths begin so into a folder; returns those put there."""
        put = {name: entry for name, entry in self.files.items() if name.startswith(under)}
        for name in put:
            path = into / name
            path.parent.mkdir(parents=True, exist_ok=True)
            link_or_copy(self.folder / name, path)
        return put


def link_or_copy(file: Path, path: Path) -> None:
    """Give a file a further, free name, by a hard link where the disk has them."""
    try:
        path.hardlink_to(file)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copyfile(file, path)


class Cache:
    """A folder of parts, by plan and key, made with the first; hidden folders are others'."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def find(self, plan: str, key: str) -> Part | None:
        """The part of a plan under a key; None where there is none, or it is damaged."""
        folder = self.folder / plan / key
        try:
            listing = json.loads((folder / _LISTED).read_text(encoding="utf-8"))
            listed = {name: FileEntry(*entry[:2]) for name, entry in listing["files"].items()}
            changed = {name: entry[2] for name, entry in listing["files"].items()}
            if not all(_whole(folder / name, one, changed[name]) for name, one in listed.items()):
                return None
            return Part(key, folder, listing["noted"], listed)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def of(self, plan: str) -> Iterator[Part]:
        """The parts of a plan that are whole."""
        for folder in sorted((self.folder / plan).glob("[!.]*")):
            if (part := self.find(plan, folder.name)) is not None:
                yield part

    def make(self, plan: str, key: str, write: Callable[[Path], dict[str, Any]]) -> Part:
        """Make a part, in the place of the one that has its key.

        Args:
            plan: the plan's slug.
            key: the digest of what it is made from.
            write: writes its files into a folder, and returns what is to be noted of them.

        Raises:
            OSError: it cannot be written; nothing of it is left.
        """
        folder = self.folder / plan / key
        draft = folder.with_name(f".{key}.{secrets.token_hex(4)}")
        try:
            draft.mkdir(parents=True)
            noted = write(draft)
            made = {}
            for path in sorted(path for path in draft.rglob("*") if path.is_file()):
                name, content = path.relative_to(draft).as_posix(), path.read_bytes()
                made[name] = FileEntry(len(content), sha256(content)), path.stat().st_mtime_ns
            listed = json.dumps(
                {
                    "noted": noted,
                    "files": {n: (e.bytes, e.sha256, at) for n, (e, at) in made.items()},
                },
                ensure_ascii=False,
            )
            (draft / _LISTED).write_text(listed, encoding="utf-8")
            for path in [*draft.rglob("*"), draft]:
                to_disk(path)
            if folder.exists():
                shutil.rmtree(folder)
            draft.rename(folder)
            to_disk(folder.parent)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            with suppress(OSError):  # it holds other parts
                folder.parent.rmdir()
            raise
        files = {name: entry for name, (entry, _) in made.items()}
        return Part(key, folder, json.loads(listed)["noted"], files)

    def prune(self, used: Container[tuple[str, str]]) -> None:
        """Remove drafts, and parts whose plan and key are not used."""
        for folder in [*self.folder.glob("[!.]*/*")]:
            if (folder.parent.name, folder.name) not in used:
                shutil.rmtree(folder)
        for plan in [*self.folder.glob("[!.]*")]:
            if plan.is_dir() and not any(plan.iterdir()):
                plan.rmdir()


def _whole(path: Path, entry: FileEntry, changed: int) -> bool:
    """Whether a file is unchanged; it is read only where its size and mtime do not tell."""
    status = path.stat()
    if status.st_size != entry.bytes:
        return False
    return status.st_mtime_ns == changed or sha256(path.read_bytes()) == entry.sha256


def key_of(*made_from: object) -> str:
    """The key of what is made from these, by this program."""
    digest = hashlib.sha256(program_digest().encode())
    for one in made_from:
        digest.update(repr(one).encode() + b"\n")
    return digest.hexdigest()[:40]


def folder_digest(folder: Path, *but: str) -> str:
    """A digest of a folder's files by path and content, hidden ones and some names aside."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part.startswith(".") or part in but for part in parts):
            digest.update(f"{'/'.join(parts)} {sha256(read_bytes(path, most=2**31))}\n".encode())
    return digest.hexdigest()


@cache
def program_digest() -> str:
    """A digest of code, lexicon, model, vocabulary, shapes and versions of libraries."""
    needed = (match(r"[\w.-]+", one) for one in requires("planlink") or () if "extra ==" not in one)
    versions = [f"{name[0]} {version(name[0])}" for name in needed if name]
    versions.append(folder_digest(Path(str(files("kg"))), *_APART))
    versions += [folder_digest(Path(str(shipped(name)))) for name in ("ontology", "shapes")]
    return sha256("\n".join(versions).encode())
