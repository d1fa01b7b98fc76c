"""Processes without a sign of life: which are taken to hang, and which only wait for their turn."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kg.sparql import processes


@pytest.mark.parametrize(("late", "expected"), [(1, 20), (10, 100)])
def test_a_process_without_a_sign_of_life(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    late: int,
    expected: int,
) -> None:
    """Where the supervisor's own looks are late, the machine is busy: it waits for longer."""
    now = 0.0
    monkeypatch.setattr("kg.sparql.processes.time.monotonic", lambda: now)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        sign = tmp_path / str(process.pid)
        sign.touch()
        watch = processes.Watch(tmp_path)
        while not caplog.records:
            now += late * processes.LOOK
            watch.look()
        assert process.wait() == -9
    watch.look()
    assert not sign.exists()
    assert now == pytest.approx(expected, rel=0.05)
