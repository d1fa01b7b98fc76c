"""Compiled plans: made once, told by all that they are made from, and never trusted when
damaged.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from test_folder import MORE, TABLE, TEXT, write_plan

from kg.link.identifiers import REGISTER, keep_register
from kg.pipeline import PLAN_STEPS, compile_plan
from kg.rdf.quads import parse_quads
from kg.release.cache import Cache
from kg.release.compiled import SEARCH, Compiled, join_versions
from kg.settings import DEFAULT_BASE
from kg.source.plan import load_plan


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "cache")


def compiled(folder: Path, cache: Cache, base: str = DEFAULT_BASE) -> tuple[Compiled, bool]:
    """A plan, compiled, and whether that had to be done."""
    steps: list[str] = []
    found = compile_plan(load_plan(folder), cache, base, steps.append)
    assert steps in ([], [*PLAN_STEPS])
    return found, bool(steps)


def test_a_plan_is_compiled_once_until_something_changes(cache: Cache, tmp_path: Path) -> None:
    folder = write_plan(tmp_path / "plan")
    first, made = compiled(folder, cache)
    assert made
    keep_register(folder, first.registers[0], first.register)
    assert compiled(folder, cache) == (first, False), "its own register changes nothing"
    (folder / "source.txt").write_text(TEXT + MORE, encoding="utf-8")
    assert compiled(folder, cache)[1]
    register = folder / REGISTER
    register.write_text(register.read_text("utf-8").replace("mo-chi", "mochi"), encoding="utf-8")
    again, made = compiled(folder, cache)
    assert made and "mochi" in again.register, "a person changed an identifier"
    assert compiled(folder, cache, "https://data.example")[1]


def test_what_is_damaged_is_compiled_again(cache: Cache, tmp_path: Path) -> None:
    folder = write_plan(tmp_path / "plan")
    first, _ = compiled(folder, cache)
    for name in (SEARCH, "part.json"):
        path = first.part.folder / name
        content = path.read_bytes()
        path.write_bytes(content[:-9] + bytes(9))
        assert compiled(folder, cache)[1]
        assert name == "part.json" or path.read_bytes() == content
    os.utime(first.part.folder / SEARCH)
    assert not compiled(folder, cache)[1], "touched, and still what was written"
    (first.part.folder / SEARCH).unlink()
    assert cache.find(first.slug, first.part.key) is None


def test_parts_hold_all_and_nothing_twice(cache: Cache, tmp_path: Path) -> None:
    """What is loaded as it lies there and what is separated are together what was read, and
    nothing is said of one thing in both.
    """
    found, _ = compiled(write_plan(tmp_path / "plan", text=TEXT + TABLE), cache)
    inner, outer = parse_quads(b"".join(found.inner.lines()), Path("a.nq")), found.inner.others()
    assert len(inner) > len(outer) > 0
    assert {*inner, *outer} == {*found.quads()}
    assert not {quad.subject for quad in inner} & {quad.subject for quad in outer}


def test_a_later_version_is_joined_once(
    cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier, _ = compiled(write_plan(tmp_path / "one", "one", TEXT + TABLE), cache)
    text, more = TEXT + TABLE.replace("85", "88"), 'revision_of = "one"\n'
    later, _ = compiled(write_plan(tmp_path / "later", "later", text, more), cache)
    assert join_versions(cache, [later], DEFAULT_BASE) == [later]
    plans = join_versions(cache, [later, earlier], DEFAULT_BASE)
    assert plans[1] == earlier
    assert {*later.quads()} < {*plans[0].quads()}
    monkeypatch.setattr(Cache, "make", None)
    assert join_versions(cache, [later, earlier], DEFAULT_BASE) == plans


def test_what_is_not_used_any_more_is_taken_away(cache: Cache, tmp_path: Path) -> None:
    one, _ = compiled(write_plan(tmp_path / "one", "one"), cache)
    other, _ = compiled(write_plan(tmp_path / "other", "other"), cache)
    (one.part.folder.parent / ".draft").mkdir()
    cache.prune({("one", one.part.key)})
    assert [path.name for path in cache.folder.glob("*/*")] == [one.part.key]
    assert not other.part.folder.parent.exists()


def test_a_failed_write_leaves_nothing(
    cache: Cache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Iterator[None]:
        raise OSError

    monkeypatch.setattr("kg.release.compiled.plan_iri", fail)
    with pytest.raises(OSError):
        compiled(write_plan(tmp_path / "plan"), cache)
    assert not list(cache.folder.glob("*"))
