"""The processes that answer queries allocate memory by jemalloc where the system has it and nothing else is asked for."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest
from support import looped

from kg.sparql.client import QueryClient
from kg.sparql.processes import start_pool
from kg.sparql.request import Limits, Request


@pytest.mark.parametrize(
    ("preload", "found"), [(None, True), ("", False)], ids=["as found", "as asked for"]
)
def test_how_memory_is_allocated(
    preload: str | None, found: bool, release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LD_PRELOAD", raising=False) if preload is None else monkeypatch.setenv(
        "LD_PRELOAD", preload
    )
    pool = start_pool("release", (release / "current").resolve(), tmp_path / "queries.sock")
    assert pool.stdin is not None
    try:
        client = QueryClient(tmp_path / "queries.sock", Limits())
        assert looped(client.ask_awaiting(Request("ASK {}"))).outcome == "ok"
        for process in psutil.Process(pool.pid).children(recursive=True):
            assert (
                "libjemalloc" in Path(f"/proc/{process.pid}/maps").read_text(encoding="utf-8")
            ) is found
    finally:
        pool.stdin.close()
        pool.wait(timeout=20)
