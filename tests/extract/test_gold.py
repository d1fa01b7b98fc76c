"""Extraction from the document alone, no corrections, against the gold annotation of chapters 3, 4,
5 and 9.
"""

from __future__ import annotations

import csv
import gzip
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from support import ROOT

pytestmark = pytest.mark.xdist_group("gold")

GOLD = ROOT / "tests" / "gold"
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


READ_WRONG = {("measure sentences", "extra s224")}  # a principle in a chapter of measures


def scored(dump: bytes, folder: Path, shared: Path, *given: object) -> str:
    """What score.py prints of N-Quads."""
    (folder / "dump.nq").write_bytes(dump)
    command = [sys.executable, shared / "gold" / "score.py", folder / "dump.nq", *given]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def figures(
    alone: list[ox.Quad], shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, float]:
    dump = ox.serialize(alone, format=ox.RdfFormat.N_QUADS)
    printed = scored(dump, tmp_path_factory.mktemp("score"), shared)
    return {
        m[1].strip(): float(m[2])
        for m in re.finditer(r"^(\S[^\n]*?)\s+P .*?F1 ([\d.]+)", printed, re.MULTILINE)
    }


@pytest.mark.parametrize("figure", FLOORS)
def test_floor(figures: dict[str, float], figure: str) -> None:
    assert figures[figure] >= FLOORS[figure]


def test_what_differs_from_the_gold_is_disputed_with_its_sentence(
    flagship: Path, shared: Path, tmp_path: Path, published_flagship: Callable[[], str]
) -> None:
    gold = shared / "gold" / "gold-flagship.json"
    dump = gzip.decompress((flagship / "dumps" / "planlink.nq.gz").read_bytes())
    figure, differing = "", set()
    for line in scored(dump, tmp_path, shared, gold, "--misses").splitlines():
        if not line.startswith(" "):
            figure = line.partition("  ")[0]
        elif miss := re.match(r" +(missed|extra) (?:\['(?P<name>[^']+)'\]|(?P<key>.+?)) \|", line):
            differing.add((figure, f"{miss[1]} {miss['name'] or miss['key']}"))
    with (GOLD / "disputed.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert differing == READ_WRONG | {(row["figure"], row["miss"]) for row in rows}
    text = re.sub(r"\s", "", published_flagship())
    assert all(row["sentence"] in text and row["reason"] for row in rows)
