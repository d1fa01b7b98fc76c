"""The store that stays from publish to publish holds what one made anew would hold."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.rdf.gzipped import Blocks, one_member
from kg.release import kept_store
from kg.release.kept_store import KeptStore, Piece
from kg.release.manifest import sha256
from kg.release.store import write_store

MANY = 40  # pieces, so that one is a small share of them


@pytest.fixture
def made_anew(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The stores that were made anew."""
    made: list[Path] = []
    write = kept_store.write_store
    monkeypatch.setattr(
        kept_store, "write_store", lambda to, of: (made.append(to), write(to, of))[1]
    )
    return made


def lines(name: str, *words: str) -> bytes:
    return b"".join(
        f'<urn:{name}:{word}> <urn:says> "{word}"@zh <urn:{name}> .\n'.encode() for word in words
    )


def piece(folder: Path, name: str, content: bytes) -> Piece:
    """A piece whose file has another compressed part behind it."""
    file, own = folder / f"{name}.{sha256(content)[:8]}.gz", Blocks.of(content)
    file.write_bytes(b"".join(one_member([own, Blocks.of(lines("another", "none"))])))
    return Piece(file, own.noted, sha256(content))


@pytest.fixture
def pieces(tmp_path: Path) -> dict[str, Piece]:
    return {f"p{n}": piece(tmp_path, f"p{n}", lines(f"p{n}", "a", "b")) for n in range(MANY)}


def bring_up_to_date(kept: KeptStore, pieces: dict[str, Piece], into: Path) -> None:
    dump = into.with_suffix(".gz")
    dump.write_bytes(b"".join(one_member(one.blocks() for one in pieces.values())))
    kept.bring_up_to_date(pieces, dump, into)


def held(folder: Path) -> set[str]:
    return {str(quad) for quad in ox.Store.read_only(str(folder))}


def wanted(pieces: dict[str, Piece]) -> set[str]:
    content = b"".join(line for one in pieces.values() for line in one.lines())
    return {str(quad) for quad in ox.parse(content, format=ox.RdfFormat.N_QUADS)}


def test_what_differs_is_taken_in(
    tmp_path: Path, pieces: dict[str, Piece], made_anew: list[Path]
) -> None:
    kept = KeptStore(tmp_path / "kept")
    bring_up_to_date(kept, pieces, tmp_path / "1")
    changed = {
        **pieces,
        "p1": piece(tmp_path, "p1", lines("p1", "b", "c")),
        "new": piece(tmp_path, "new", lines("new", "a")),
    }
    del changed["p2"]
    bring_up_to_date(kept, changed, tmp_path / "2")
    assert len(made_anew) == 1
    assert held(tmp_path / "2") == wanted(changed)
    assert held(tmp_path / "1") == wanted(pieces), "the former release is as it was"
    bring_up_to_date(kept, changed, tmp_path / "3")
    assert held(tmp_path / "3") == wanted(changed)
    assert any(path.stat().st_nlink > 2 for path in (tmp_path / "3").glob("*.sst")), "links"


def test_pieces_one_after_the_other_are_one_gzip_file() -> None:
    contents = [b"", b"five", bytes(70_001), b"-year ", os.urandom(3_000_017), b"", b"plan"]
    whole = b"".join(one_member(map(Blocks.of, contents)))
    assert gzip.decompress(whole) == b"".join(contents), "with its checksum"


def test_a_quad_may_go_from_one_piece_to_another(tmp_path: Path, pieces: dict[str, Piece]) -> None:
    kept = KeptStore(tmp_path / "kept")
    bring_up_to_date(kept, pieces, tmp_path / "1")
    moved = {
        **pieces,
        "p1": piece(tmp_path, "p1", lines("p1", "a")),
        "p0": piece(tmp_path, "p0", lines("p0", "a", "b") + lines("p1", "b")),
    }
    bring_up_to_date(kept, moved, tmp_path / "2")
    assert held(tmp_path / "2") == wanted(moved) == wanted(pieces)


@pytest.mark.parametrize("fault", ["killed", "piece lost", "store lost", "much", "blank"])
def test_it_is_made_anew_where_that_is_safer(
    tmp_path: Path, pieces: dict[str, Piece], made_anew: list[Path], fault: str
) -> None:
    folder = tmp_path / "kept"
    bring_up_to_date(KeptStore(folder), pieces, tmp_path / "1")
    changed = {**pieces, "p1": piece(tmp_path, "p1", lines("p1", "c"))}
    if fault == "killed":
        (folder / "holds.json").unlink()
    elif fault == "piece lost":
        (folder / "pieces" / "p3").unlink()
    elif fault == "store lost":
        (folder / "store" / "CURRENT").write_text("MANIFEST-0\n")
    elif fault == "much":
        names = [f"p{n}" for n in range(MANY // 2)]
        changed |= {name: piece(tmp_path, name, lines(name, "c")) for name in names}
    else:
        content = b'_:b <urn:says> "b" <urn:p1> .\n'
        changed["p1"] = piece(tmp_path, "p1", content)
    bring_up_to_date(KeptStore(folder), changed, tmp_path / "2")
    assert len(made_anew) == 2
    assert len(held(tmp_path / "2")) == len(wanted(changed))


@pytest.mark.parametrize("unpacked", [0, 1, 4, 9_999, 10_000, 20_000])
@pytest.mark.parametrize("compressed", [False, True])
def test_a_store_that_is_loaded_in_two_parts_holds_both(
    unpacked: int, compressed: bool, tmp_path: Path
) -> None:
    content = b"".join(lines(f"p{n}", "a") for n in range(10_000))
    (tmp_path / "dump.gz").write_bytes(gzip.compress(content))
    with gzip.open(tmp_path / "dump.gz") as file:
        store = write_store(tmp_path / "store", file if compressed else content, unpacked)  # type: ignore[arg-type]
    assert len(store) == 10_000
    assert {f"{quad} ." for quad in store} == {*content.decode().splitlines()}
