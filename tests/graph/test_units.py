"""What a value counts, where the unit is none that planlink knows, or where there is none."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from support import run

PLAN = """第一章 发展基础
过去五年，全县登录可移动文物1.08亿件/套，城乡居民收入比缩小至1.62。
第二章 发展产业
建设墨池产业园。
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> ox.Store:
    root = tmp_path_factory.mktemp("units")
    (root / "plan").mkdir()
    (root / "plan" / "source.txt").write_text(PLAN, encoding="utf-8")
    (root / "plan" / "plan.toml").write_text(
        'slug = "qingshi-2021"\ntitle = "青石县规划"\nissuer = "青石县人民政府"\narea = "青石县"\n'
        'period = [2021, 2025]\nsource = "source.txt"\n',
        encoding="utf-8",
    )
    done = run("publish", root / "plan", "--out", root / "out")
    assert done.returncode == 0, done.stderr
    return ox.Store.read_only(str((root / "out" / "current").resolve() / "store"))


def test_a_unit_that_is_not_known_is_given_as_printed_and_a_ratio_has_none(store: ox.Store) -> None:
    rows = store.query(
        """PREFIX plan: <https://w3id.org/planlink/ns#>
        SELECT ?value ?unit ?text { ?a a plan:Achievement ; plan:value ?value
          OPTIONAL { ?a plan:unit ?unit } OPTIONAL { ?a plan:unitText ?text } }""",
        use_default_graph_as_union=True,
    )
    found = {
        (row["value"].value, row["unit"] and row["unit"].value, row["text"] and row["text"].value)
        for row in rows
    }
    assert found == {("1.08", None, "亿件/套"), ("1.62", None, None)}
