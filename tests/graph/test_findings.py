"""Findings of one kind about one thing: each is a thing of its own."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
from support import ROOT, complete, run

PLAN = ROOT / "tests" / "gold" / "corpus" / "invented" / "jiangqiao_district_15fyp.txt"


def test_two_targets_below_one_baseline(tmp_path: Path) -> None:
    assert run("new", PLAN, tmp_path / "plan").returncode == 0
    complete(tmp_path / "plan")
    done = run("publish", tmp_path / "plan", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    store = ox.Store.read_only(str((tmp_path / "out" / "current").resolve() / "store"))
    rows = store.query(
        """PREFIX plan: <https://w3id.org/planlink/ns#> SELECT ?f (COUNT(?zh) AS ?n)
        { ?f plan:findingType plan:finding-TargetBelowBaseline ; plan:explanation ?zh
          FILTER(lang(?zh) = "zh") } GROUP BY ?f""",
        use_default_graph_as_union=True,
    )
    found = [int(row["n"].value) for row in rows]
    assert found == [1, 1]
