"""Findings of one kind about one thing: each is a thing of its own."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
from support import ROOT, complete, run

PLAN = ROOT / "tests" / "gold" / "corpus" / "invented" / "jiangqiao_district_15fyp.txt"


def test_two_targets_below_one_baseline(tmp_path: Path) -> None:
    text = PLAN.read_text(encoding="utf-8")
    for rate, share in (("年均增长（%）", "（%）"), ("年均增长5%", "达到5%")):
        text = text.replace(f"地区生产总值{rate}", f"常住人口城镇化率{share}")
    source = tmp_path / "jiangqiao.txt"
    source.write_text(text, encoding="utf-8")
    assert run("new", source, tmp_path / "plan").returncode == 0
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
