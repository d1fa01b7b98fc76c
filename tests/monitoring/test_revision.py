"""A revised document is a new version of its plan: each target keeps its history, and what changed
is told.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import ROOT, ask, run, serving_pages

pytestmark = pytest.mark.xdist_group("revision")


@pytest.fixture(scope="module")
def revised(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A server on an invented plan and its revision: one target raised, one lowered, one indicator
    dropped, one added.
    """
    folder = tmp_path_factory.mktemp("versions")
    assert run("new", ROOT / "tests" / "plans" / "qinghe.md", folder / "first").returncode == 0
    text = (ROOT / "tests" / "plans" / "qinghe.md").read_text(encoding="utf-8")
    for old, new in (
        ("| 520 | 680 | 5.5 |", "| 520 | 700 | 5.5 |"),
        ("| 80 | 85 | | 约束性", "| 80 | 84 | | 约束性"),
        (
            "| 4 | 城镇新增就业 | 万人 | | | [6] | 预期性 |",
            "| 4 | 森林覆盖率 | % | 20 | 22 | | 约束性 |",
        ),
    ):
        assert old in text
        text = text.replace(old, new)
    (folder / "revised.md").write_text(text, encoding="utf-8")
    assert run("new", folder / "revised.md", folder / "second").returncode == 0
    toml = folder / "second" / "plan.toml"
    slug = next(
        line.split('"')[1]
        for line in toml.read_text(encoding="utf-8").splitlines()
        if line.startswith("slug")
    )
    toml.write_text(
        toml.read_text(encoding="utf-8").replace(
            f'slug = "{slug}"', f'slug = "{slug}-rev"\nrevision_of = "{slug}"'
        ),
        encoding="utf-8",
    )
    done = run("publish", folder / "first", folder / "second", "--out", folder / "out")
    assert done.returncode == 0, done.stderr
    with serving_pages(folder / "out") as address:
        yield address, folder


def test_what_was_raised_lowered_dropped_and_added(revised: tuple[str, Path]) -> None:
    server, _ = revised
    slug = json.loads(ask(f"{server}/manifest.json")[2])["plans"][1]["slug"]
    html = ask(f"{server}/revision/{slug}", Accept_Language="zh-CN")[2].decode()
    kinds = dict(re.findall(r"<section>\s*<h2>(\w+).*?(<table.*?)</section>", html, re.DOTALL))
    for kind, name, *values in (
        ("上调", "地区生产总值", ">680<", ">700<"),
        ("下调", "空气优良天数比例", ">85<", ">84<"),
        ("不变", "国家高新技术企业数量"),
        ("新增", "森林覆盖率"),
        ("取消", "城镇新增就业"),
    ):
        (row,) = (row for row in kinds[kind].split("<tr")[1:] if name in row)
        assert all(value in row for value in values), row
    assert "format=xlsx" in html
    lines = ask(f"{server}/revision/{slug}?format=csv")[2].decode("utf-8-sig").splitlines()
    (raised,) = (line for line in lines if line.startswith("上调,地区生产总值,"))
    assert raised.startswith("上调,地区生产总值,680亿元,700亿元,http")


def test_a_target_says_which_one_it_revises_and_its_page_shows_both(
    revised: tuple[str, Path],
) -> None:
    server, _ = revised
    slug = json.loads(ask(f"{server}/manifest.json")[2])["plans"][1]["slug"]
    html = ask(f"{server}/page/{slug}/indicator/1")[2].decode()
    assert "目标值由哪一版规划确定" in html and "680" in html and "700" in html
    plan = ask(f"{server}/data/{slug}.nt")[2].decode()
    assert (
        f"/id/{slug}> <http://www.w3.org/ns/prov#wasRevisionOf> "
        f"<http://localhost:8000/id/{slug.removesuffix('-rev')}>" in plan
    )


def test_a_plan_without_an_earlier_version(server: str) -> None:
    assert ask(f"{server}/revision/hongqiao-2021")[0] == 404


def test_a_plan_cannot_revise_itself(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "plans" / "hongqiao-2021", tmp_path / "plan")
    toml = tmp_path / "plan" / "plan.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace(
            "horizon", 'revision_of = "hongqiao-2021"\nhorizon', 1
        ),
        encoding="utf-8",
    )
    done = run("publish", tmp_path / "plan", "--out", tmp_path / "out")
    assert done.returncode != 0 and "revision_of" in done.stderr and "Traceback" not in done.stderr
