"""What is held in memory, and what is read from disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.release import store


def test_a_containers_memory_bounds_what_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "_CGROUP", tmp_path / "memory.max")
    machine = store.fitting(5)
    (tmp_path / "memory.max").write_text("max\n")
    assert store.fitting(5) == machine
    (tmp_path / "memory.max").write_text("240000000\n")
    assert store.fitting(5) == 40_000
    assert store.fitting(11) == 20_000


def test_a_large_release_is_read_from_disk(release: Path) -> None:
    folder = release / "current" / "store"
    held, copied = store.open_to_serve(folder, in_memory=100)
    assert not copied
    in_memory, copied = store.open_to_serve(folder)
    assert copied
    assert len(in_memory) == len(held)
