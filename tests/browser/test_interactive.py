"""planlink export --format html: one file that draws offline and runs nothing that a plan holds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from support import HANGING, run

from kg.export.interactive import interactive
from kg.network.drawing import drawing, legend, words_in
from kg.network.picture import WHOLE, View, picture
from kg.network.relations import Metrics

HOSTILE = (
    "</script><script>window.taken=1</script><img src=x onerror=window.taken=1>"
    '<a href="javascript:window.taken=1">\'"{{ 7*7 }}</a>'
)


def opened(browser: Browser, file: Path) -> tuple[Page, list[str], list[str]]:
    """A page on a file, without a network; what went wrong on it; what it asked for."""
    context = browser.new_context(offline=True, viewport={"width": 1200, "height": 800})
    context.set_default_timeout(HANGING * 1000)
    page = context.new_page()
    errors: list[str] = []
    asked: list[str] = []
    page.on("console", lambda m: errors.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda e: errors.append(str(e)))
    page.on("request", lambda r: asked.append(r.url))
    page.goto(file.as_uri())
    return page, errors, asked


def test_the_file_draws_the_plan_offline(browser: Browser, release: Path, tmp_path: Path) -> None:
    file = tmp_path / "relations.html"
    done = run("export", release, "--format", "html", "--output", file)
    assert done.returncode == 0, done.stderr
    page, errors, asked = opened(browser, file)
    expect(page.locator("#mynetwork canvas")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_contain_text("天津市红桥区国民经济和社会发展")
    listed = "目标 指标 章节 区域 机构 虚线框：一列中列不下的其余各项 实线：以指标衡量 支撑目标"
    expect(page.get_by_role("list", name="图例").get_by_role("listitem")).to_have_text(
        [re.compile(name) for name in listed.split()]
    )
    assert page.evaluate("nodes.length") > 60 and page.evaluate("edges.length") > 80
    assert page.evaluate("network.physics.physicsEnabled") is False
    node = page.evaluate("nodes.get().find((n) => n.id.endsWith('/goal/1'))")
    # what parts the lines of names is no word
    assert node["label"].replace("<code>\u200b</code>", "") == "◆ 经济发展稳中有进"
    assert node["title"] == "目标：经济发展稳中有进"
    place = page.evaluate("(id) => network.getPosition(id)", node["id"])
    assert all(abs(place[axis] - node[axis]) <= 1 for axis in "xy")  # whole pixels
    drawn = """() => { const c = document.querySelector('canvas');
        return new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size }"""
    assert page.evaluate(drawn) > 20
    assert asked == [file.as_uri()] and not errors
    assert page.title().startswith("关系图")
    page.emulate_media(color_scheme="dark")
    coloured = "getComputedStyle(document.querySelector('#mynetwork')).filter"
    assert page.evaluate(coloured).startswith("invert")
    page.context.close()


def test_nothing_in_a_name_runs(browser: Browser, tmp_path: Path) -> None:
    import networkx as nx

    network = nx.MultiDiGraph()
    plan, goal, measure = (f"http://localhost/id/x/{kind}/1{HOSTILE}" for kind in ("p", "g", "m"))
    for node, kind in ((plan, "Plan"), (goal, "Goal"), (measure, "Measure")):
        network.add_node(node, type=kind, label=HOSTILE, zone="")
    network.add_edge(measure, goal, property=HOSTILE, method=HOSTILE, link=HOSTILE)
    metrics, view = Metrics(network), View(WHOLE)
    words = words_in("zh", {HOSTILE: HOSTILE, "Goal": HOSTILE, "Measure": HOSTILE})
    drawn = drawing(picture(network, metrics, view), metrics, view, words)
    html = interactive(drawn, legend(drawn, words), (HOSTILE, plan))
    assert html.count("<meta charset") == 1, "HTML allows one"
    file = tmp_path / "hostile.html"
    file.write_text(html, encoding="utf-8")
    page, errors, asked = opened(browser, file)
    expect(page.locator("#mynetwork canvas")).to_be_visible()
    assert page.evaluate("nodes.get().map((n) => n.words)") == [f"{HOSTILE}：{HOSTILE}"] * 2
    place = page.evaluate("network.canvasToDOM(network.getPosition(nodes.getIds()[1]))")
    page.locator("#mynetwork").hover(position=place)
    expect(page.locator("div.vis-tooltip")).to_have_text(f"{HOSTILE}：{HOSTILE}")
    expect(page.locator("div.vis-tooltip")).to_be_visible()
    assert page.evaluate("window.taken") is None
    assert page.locator("img").count() == 0
    assert asked == [file.as_uri()] and not errors
    page.context.close()


def test_the_policy_stops_a_script_that_was_not_written_into_the_file(
    browser: Browser, release: Path, tmp_path: Path
) -> None:
    file = tmp_path / "relations.html"
    assert run("export", release, "--format", "html", "--output", file).returncode == 0
    planted = "<script>window.taken=1</script><img src=x onerror=window.taken=1>"
    text = file.read_text(encoding="utf-8").replace("</header>", f"{planted}</header>", 1)
    file.write_text(text, encoding="utf-8")
    page, errors, _ = opened(browser, file)
    expect(page.locator("#mynetwork canvas")).to_be_visible()
    assert page.evaluate("window.taken") is None
    assert any("Content Security Policy" in error for error in errors)
    page.context.close()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--format", "html", "--plan", "none"), "no plan none is released; give --plan one of"),
        (("--format", "turtle", "--plan", "hongqiao-2021"), "leave it out, or ask for html"),
    ],
)
def test_a_plan_that_cannot_be_given(
    options: tuple[str, ...], message: str, release: Path, tmp_path: Path
) -> None:
    done = run("export", release, *options, "--output", tmp_path / "x")
    assert done.returncode == 2 and message in done.stderr
    assert done.stderr.count("\n") == 1 and not (tmp_path / "x").exists()


def test_one_of_several_plans_has_to_be_named(
    small_plan: Path, small_copy: Path, tmp_path: Path
) -> None:
    toml = small_copy / "plan.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace('"qinghe-2026"', '"other-2026"'), encoding="utf-8")
    assert run("publish", small_plan, small_copy, "--out", tmp_path / "out").returncode == 0
    done = run("export", tmp_path / "out", "--format", "html")
    assert done.returncode == 2
    assert "several plans are released; give --plan one of qinghe-2026, other-2026" in done.stderr
    done = run("export", tmp_path / "out", "--format", "html", "--plan", "other-2026")
    assert "/id/other-2026/goal/1" in done.stdout and "/id/qinghe-2026/" not in done.stdout
