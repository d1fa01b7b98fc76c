"""Processes without a sign of life: which are taken to hang, and which only wait for their turn."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.sparql import heartbeat

# seconds since the last sign -> seconds of processor time by then
COMPUTES: dict[str, tuple[Callable[[float], float], int]] = {
    "stopped": (lambda _: 0.5, 11),
    "stopped later": (lambda since: min(since, 5.0) / 10, 14),
    "in an endless loop": (lambda since: since, 11),
    "waiting for its turn": (lambda since: since / 50, 61),
}


@pytest.mark.parametrize("kind", COMPUTES)
def test_a_process_without_a_sign_of_life(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    computed, expected = COMPUTES[kind]
    now = 0.0
    monkeypatch.setattr("kg.sparql.heartbeat.time.monotonic", lambda: now)
    monkeypatch.setattr(heartbeat, "cpu_time", lambda _: computed(now))
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        (tmp_path / str(process.pid)).touch()
        watch = heartbeat.Watch(tmp_path)
        ended: list[int] = []
        while not ended:
            now += 1.0
            ended = watch.look()
        assert (ended, process.wait()) == ([process.pid], -9)
        watch.close()
    assert now == pytest.approx(expected, abs=2)
