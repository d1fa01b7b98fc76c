"""Processes without a sign of life: which are taken to hang, and which only wait for their turn."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kg.sparql import processes

PROCESS = [sys.executable, "-c", "input()"]


def test_a_process_without_a_sign_of_life(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """It is given so many looks of the supervisor, not seconds: where these are late, the machine
    is busy, and it waits for its turn as well."""
    watch, looks = processes.Watch(tmp_path), 0
    with (
        subprocess.Popen(PROCESS, stdin=subprocess.PIPE) as hung,
        subprocess.Popen(PROCESS, stdin=subprocess.PIPE) as busy,
    ):
        signs = [tmp_path / str(process.pid) for process in (hung, busy)]
        for sign in signs:
            sign.touch()
        while not caplog.records:
            looks += 1
            if looks % 90 == 0:
                os.utime(signs[1], (looks, looks))
            watch.look()
        assert (hung.wait(), busy.poll()) == (-9, None)
    watch.look()
    assert not any(sign.exists() for sign in signs)
    assert looks * processes.LOOK == pytest.approx(10, rel=0.05)
