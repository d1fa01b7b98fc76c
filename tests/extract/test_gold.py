"""Extraction from the document alone, no corrections, against the gold annotation of chapters 3, 4,
5 and 9.
"""

from __future__ import annotations

import gzip
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("gold")

FLOORS = {
    "measure sentences": 0.98,
    "zones per measure": 0.95,
    "institutions per measure": 0.95,
    "zone names": 0.95,
    "institution names": 0.95,
    "targets": 0.97,
    "measure-indicator links": 0.85,
    "annex indicators": 1.0,
    "goals": 1.0,
}


@pytest.fixture(scope="module")
def figures(
    alone: Path, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, float]:
    dump = next((alone / "dumps").glob("planlink.nq*"))
    plain = tmp_path_factory.mktemp("score") / "dump.nq"
    plain.write_bytes(
        gzip.decompress(dump.read_bytes()) if dump.suffix == ".gz" else dump.read_bytes()
    )
    done = subprocess.run(
        [sys.executable, shared / "gold" / "score.py", plain],
        capture_output=True,
        text=True,
        check=True,
    )
    return {
        m[1].strip(): float(m[2])
        for m in re.finditer(r"^(\S[^\n]*?)\s+P .*?F1 ([\d.]+)", done.stdout, re.MULTILINE)
    }


@pytest.mark.parametrize("figure", FLOORS)
def test_floor(figures: dict[str, float], figure: str) -> None:
    assert figures[figure] >= FLOORS[figure]
