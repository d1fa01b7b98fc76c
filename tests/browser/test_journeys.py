"""What visitors do, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from support import FLAGSHIP, run, serving
from visitor import Visitor, visitor_on

pytestmark = pytest.mark.xdist_group("browser")


def test_from_an_institution_to_the_sentence(visitor: Visitor) -> None:
    page = visitor.go("/")
    visitor.shoot("overview")
    page.get_by_role("searchbox").fill("七〇七研究所")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="中船重工七〇七研究所").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("中船重工七〇七研究所")
    visitor.shoot("institution")
    page.locator("dl.links").get_by_role("link", name="推动建立科技资源共享服务管理平台").click()
    expect(page.locator("mark").first).to_contain_text("促进河北工业大学、天津商业大学、中船重工七〇七研究所等高校")
    visitor.shoot("measure")
    visitor.fine()


def test_from_an_indicator_to_the_measures(visitor: Visitor) -> None:
    page = visitor.go("/")
    page.get_by_role("table").get_by_role("link", name="新增就业人数").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("新增就业人数")
    expect(page.locator("dl.links")).to_contain_text("大力推动创业带动就业")
    visitor.shoot("indicator")
    page.get_by_role("link", name="大力推动创业带动就业").click()
    expect(page.locator("mark").first).to_contain_text("大力推动创业带动就业")
    visitor.fine()


def test_from_the_text_to_a_thing_and_back(visitor: Visitor) -> None:
    page = visitor.go("/plan/hongqiao-2021")
    page.get_by_role("navigation", name="目录").get_by_role("link", name="加快创新产业载体建设").click()
    assert page.url.endswith("#s4.2")
    visitor.shoot("text")
    page.locator("a.mark.Zone", has_text="旭海大健康总部").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("旭海大健康总部")
    expect(page.locator("mark").first).to_have_text("旭海大健康总部")
    visitor.fine()


def test_the_relation_graph_of_the_whole_plan(visitor: Visitor) -> None:
    page = visitor.go("/relations/hongqiao-2021")
    page.wait_for_selector("#network[data-ready=true] canvas")
    assert page.evaluate("document.getElementById('network').network.body.nodeIndices.length") > 400
    page.wait_for_timeout(500)
    visitor.shoot("relations")
    expect(page.get_by_role("region", name="关系表")).to_contain_text("涉及区域")
    visitor.fine()


def test_the_relation_graph_around_a_thing_leads_on(visitor: Visitor) -> None:
    page = visitor.go("/page/hongqiao-2021/zone/guang-rong-dao-ke-ji-chan-ye-yuan")
    page.get_by_role("link", name="在关系图中查看").click()
    page.wait_for_selector("#network[data-ready=true] canvas")
    assert page.evaluate("document.getElementById('network').network.body.data.edges.get().every(e => e.label)")
    places = page.evaluate(
        """() => { const n = document.getElementById('network').network; const all = n.getPositions();
        return Object.entries(all).map(([id, p]) => [id, n.canvasToDOM(p)]); }"""
    )
    node, place = next((i, p) for i, p in places if "/measure/" in i)
    page.locator("#network").click(position=place)
    expect(page.locator("#panel")).to_be_visible()
    visitor.shoot("around")
    page.locator("#panel").get_by_role("link", name="打开页面").click()
    assert page.url.endswith("/page/" + node.split("/id/")[1])
    visitor.fine()


def test_a_query_in_the_browser(visitor: Visitor) -> None:
    page = visitor.go("/sparql")
    page.get_by_label("示例查询").select_option(label="各目标有多少举措支撑")
    page.get_by_role("button", name="运行").click()
    expect(page.locator("#result table tbody tr")).to_have_count(7)
    visitor.shoot("sparql")
    page.get_by_label("SPARQL", exact=True).fill("SELECT * { ?s ?p }")
    visitor.fine()
    page.get_by_role("button", name="运行").click()
    expect(page.get_by_role("alert")).to_contain_text("line 1, column 19")


def test_english_keeps_the_place(visitor: Visitor) -> None:
    page = visitor.go("/page/hongqiao-2021/indicator/16")
    page.get_by_role("link", name="English").click()
    assert page.url.endswith("/page/hongqiao-2021/indicator/16")
    expect(page.get_by_role("heading", name="The plan says so")).to_be_visible()
    visitor.shoot("english")
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", name="原文依据")).to_be_visible()
    visitor.fine()


PAGES = ("/", "/plan/hongqiao-2021", "/plan/hongqiao-2021/report", "/page/hongqiao-2021/measure/4.2.2", "/search?q=%E5%85%BB%E8%80%81",
         "/relations/hongqiao-2021", "/sparql", "/downloads", "/ns", "/nowhere")  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_every_page_without_scrolling_sideways(browser: Browser, server: str, scheme: str) -> None:
    visitor = visitor_on(browser, server, 390, 800, color_scheme=scheme)
    for path in PAGES:
        page = visitor.go(path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    visitor.go("/")
    visitor.shoot(f"phone-{scheme}")
    visitor.errors = [e for e in visitor.errors if "404" not in e]
    visitor.fine()
    visitor.page.context.close()


def test_pages_work_without_javascript(browser: Browser, server: str) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{server}/search?q=%E8%A5%BF%E7%AB%99")
    page.locator("ol.hits a").first.click()
    expect(page.locator("mark").first).to_contain_text("西站")
    page.goto(f"{server}/relations/hongqiao-2021")
    expect(page.get_by_role("region", name="关系表").get_by_role("row")).to_have_count(301)
    page.context.close()


def test_script_in_a_plan_is_shown_and_never_run(browser: Browser, plan_copy: Callable[..., Path], tmp_path: Path) -> None:
    source = (FLAGSHIP / "source.txt").read_text(encoding="utf-8")
    hostile = """<script>window.taken=1</script></script><img src=x onerror="window.taken=1">'"href"""
    changed = source.replace("大力培育高新技术企业", f"大力培育高新{hostile}技术企业").replace("正融科技大厦", "正融<b onclick=1>科技大厦")
    assert changed != source
    folder = plan_copy(source=changed.encode())
    done = run("publish", folder, "--out", tmp_path / "release")
    assert done.returncode == 0, done.stderr
    with serving(tmp_path / "release") as server:
        visitor = visitor_on(browser, server)
        for path in (
            *PAGES[:-1],
            "/page/hongqiao-2021/measure/4.1.1",
            "/search?q=script",
            "/search?q=%3Cscript%3Ewindow.taken%3D1%3C/script%3E",
        ):
            page = visitor.go(path)
            page.wait_for_timeout(150)
            assert page.evaluate("window.taken") is None, path
        page = visitor.go("/page/hongqiao-2021/measure/4.1.1")
        expect(page.locator("mark").first).to_contain_text("<script>window.taken=1</script>")
        visitor.fine()
        visitor.page.context.close()


def test_how_two_things_are_connected(visitor: Visitor) -> None:
    page = visitor.go("/page/hongqiao-2021/institution/hong-qiao-qu-kou-qiang-yi-yuan")
    page.get_by_role("link", name="查看与他者的关联").click()
    expect(page.get_by_label("起点")).to_have_value("红桥区口腔医院")
    page.get_by_label("终点").fill("民生福祉持续增强")
    page.get_by_role("button", name="查看关联").click()
    first = page.locator("section.path").first
    expect(first).to_contain_text("涉及机构")
    expect(first.locator("blockquote").first).to_contain_text("口腔医院")
    visitor.shoot("connect")
    first.get_by_role("link", name="民生福祉持续增强").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("民生福祉持续增强")
    visitor.fine()


def test_the_indicator_board(visitor: Visitor) -> None:
    page = visitor.go("/board/hongqiao-2021")
    row = page.get_by_role("row").filter(has_text="绿地率")
    expect(row).to_contain_text("33.48")
    expect(row).to_contain_text("+2.83")
    expect(row).to_contain_text("+0.566")
    expect(row.locator("svg.slope")).to_be_visible()
    expect(row).to_contain_text("约束性")
    visitor.shoot("board")
    visitor.fine()
