"""A store that stays from one publish to the next and takes in what differs: after one plan has
changed, neither the others' quads are loaded again nor their files written.

It belongs to who publishes and is never served. A release gets a copy, whose files are links to the
same bytes: RocksDB writes a file once and never changes it.
"""

import gzip
import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from kg.files import to_disk, write_durably
from kg.rdf.gzipped import BEGIN, Blocks, inflated, one_member
from kg.rdf.quads import FORMATS, parse_quads, serialize
from kg.release.cache import link_or_copy
from kg.release.manifest import sha256
from kg.release.store import write_store

_ANEW = 0.25  # of all bytes changed: loading everything anew gives a store that is faster to read
_FORMAT = ox.RdfFormat.N_QUADS


@dataclass(frozen=True)
class Piece:
    """Quads that are loaded together and share none with another piece.

    file: N-Quads, compressed, of one member.
    noted: how many bytes of its blocks are the piece, from the first, and what else Blocks note of
        them; what follows is not the piece.
    digest: tells it from another of the same name.
    """

    file: Path
    noted: tuple[int, int, int]
    digest: str

    def blocks(self) -> Blocks:
        """The piece as it lies there."""
        length, *of_content = self.noted
        with self.file.open("rb") as file:
            file.seek(BEGIN)
            return Blocks(file.read(length), *of_content)

    def others(self) -> list[ox.Quad]:
        """The quads of the file that are not the piece's."""
        with self.file.open("rb") as file:
            file.seek(BEGIN + self.noted[0])
            return parse_quads(inflated(file.read()), self.file)

    def lines(self) -> list[bytes]:
        """The quads, a line each."""
        return inflated(self.blocks().deflated).splitlines(keepends=True)


def write_piece(file: Path, own: Sequence[ox.Quad], others: Sequence[ox.Quad] = ()) -> Piece:
    """Write a piece, and behind it quads that are not of it."""
    parts = [Blocks.of(serialize(quads, FORMATS["nquads"])) for quads in (own, others)]
    content = b"".join(one_member(parts))
    file.write_bytes(content)
    return Piece(file, parts[0].noted, sha256(content))


class KeptStore:
    """The store and its pieces, in a folder of their own, made when needed."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._store = folder, folder / "store"
        self._listed, self._pieces = folder / "holds.json", folder / "pieces"

    def bring_up_to_date(self, pieces: Mapping[str, Piece], dump: Path, into: Path) -> None:
        """Have the store hold these pieces and nothing else, and copy it.

        Args:
            dump: all of them as one file, compressed.
            into: the folder of the copy, which must not be there yet.

        Raises:
            OSError: it cannot be written; the next call begins anew.
        """
        held = self._held_pieces()
        was, now = ({name: one.digest for name, one in of.items()} for of in (held, pieces))
        changed = [name for name in was | now if was.get(name) != now.get(name)]
        size = sum(pieces[name].noted[0] for name in changed if name in pieces)
        if self._listed.exists():
            self._listed.unlink()
            to_disk(self._folder)
        few = held and size <= _ANEW * sum(piece.noted[0] for piece in pieces.values())
        store = self._changed(held, pieces, changed) if few else None
        if store is None:
            store, changed = self._anew(dump), [*pieces]
        store.backup(str(into))
        self._keep(pieces, changed)

    def _held_pieces(self) -> dict[str, Piece]:
        """What the store holds; nothing where that is not sure."""
        try:
            listed = json.loads(self._listed.read_text(encoding="utf-8"))
            found = {
                name: Piece(self._pieces / name, (length, crc, size), digest)
                for name, (length, crc, size, digest) in listed.items()
            }
        except (FileNotFoundError, ValueError, TypeError):
            return {}
        return found if all(piece.file.exists() for piece in found.values()) else {}

    def _anew(self, dump: Path) -> ox.Store:
        if self._folder.exists():
            shutil.rmtree(self._folder)
        self._pieces.mkdir(parents=True)
        with gzip.open(dump) as quads:
            return write_store(self._store, cast(IO[bytes], quads))

    def _changed(
        self, held: Mapping[str, Piece], pieces: Mapping[str, Piece], changed: list[str]
    ) -> ox.Store | None:
        """The store with what differs; None where that is not known."""
        gone, come = list[bytes](), list[bytes]()
        for name in changed:
            before, after = (
                {*of[name].lines()} if name in of else set[bytes]() for of in (held, pieces)
            )
            gone += before - after
            come += after - before
        if any(line.startswith(b"_:") or b" _:" in line for line in chain(gone, come)):
            return None  # nobody but the store knows which those are
        try:
            store = ox.Store(str(self._store))
        except OSError:
            return None
        for quad in ox.parse(b"".join(gone), format=_FORMAT):
            store.remove(quad)
        store.bulk_load(b"".join(come), _FORMAT)
        store.flush()
        return store

    def _keep(self, pieces: Mapping[str, Piece], changed: list[str]) -> None:
        """Note what the store holds, and keep that."""
        for name in changed:
            kept = self._pieces / name
            kept.unlink(missing_ok=True)
            if name in pieces:
                link_or_copy(pieces[name].file, kept)
        listed = {name: (*of.noted, of.digest) for name, of in pieces.items()}
        write_durably(self._listed, json.dumps(listed).encode())
