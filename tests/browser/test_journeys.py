"""What visitors do, in a real browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from pypdfium2 import PdfDocument
from support import HANGING, TOKEN, ask, eventually, run, serving
from visitor import SHOTS, Visitor, visitor_on

pytestmark = pytest.mark.xdist_group("browser")


# Of these the last alone becomes a link, and its octet that is no UTF-8 stays as it is written.
STRANGE = [
    *("javascript:alert(1)", "JAVASCRIPT:alert(1)", "data:text/html,x", "blob:http://a.example/1"),
    *("httpx://a.example/", "urn:http://a.example/", "http://a.example/%FF"),
]


def test_from_an_institution_to_the_sentence(visitor: Visitor) -> None:
    page = visitor.go("/")
    visitor.shoot("overview")
    page.get_by_label("检索词").fill("七〇七研究所")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="中船重工七〇七研究所").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("中船重工七〇七研究所")
    visitor.shoot("institution")
    page.get_by_role("region", name="点名该机构的举措").get_by_role(
        "link", name="推动建立科技资源共享服务管理平台"
    ).click()
    expect(page.locator("mark").first).to_contain_text(
        "促进河北工业大学、天津商业大学、中船重工七〇七研究所等高校"
    )
    visitor.shoot("measure")
    visitor.fine()


def test_from_an_indicator_to_the_measures(visitor: Visitor) -> None:
    page = visitor.go("/")
    page.get_by_role("table").get_by_role("link", name="国家高新技术企业数量").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("国家高新技术企业数量")
    expect(page.locator(".key-figure.goal")).to_contain_text("140")
    expect(page.get_by_role("img", name="国家高新技术企业数量")).to_be_visible()
    visitor.shoot("indicator")
    with page.expect_download() as picture:
        page.get_by_role("link", name="下载图片（PNG）").click()
    assert picture.value.path().read_bytes().startswith(b"\x89PNG")
    page.get_by_role("region", name="推动举措").get_by_role(
        "link", name="大力培育高新技术企业"
    ).click()
    expect(page.locator("mark").first).to_contain_text("大力培育高新技术企业")
    visitor.fine()


def test_from_the_text_to_a_thing_and_back(visitor: Visitor) -> None:
    page = visitor.go("/plan/hongqiao-2021")
    page.get_by_role("navigation", name="目录").get_by_role(
        "link", name="加快创新产业载体建设"
    ).click()
    assert page.url.endswith("#s4.2")
    visitor.shoot("text")
    page.locator("a.mark.Zone", has_text="旭海大健康总部").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("旭海大健康总部")
    expect(page.locator("mark").first).to_have_text("旭海大健康总部")
    visitor.fine()


# How much higher sections are than their text, of those whose list is there.
_LONGER = """() => [...document.querySelectorAll(".run:has(> .committed .lists)")].map((run) =>
  run.getBoundingClientRect().bottom
    - run.firstElementChild.lastElementChild.getBoundingClientRect().bottom)"""


def test_the_text_has_layers_and_gives_quotations(browser: Browser, server: str) -> None:
    visitor = visitor_on(browser, server, permissions=["clipboard-read", "clipboard-write"])  # type: ignore[arg-type]
    page = visitor.go("/page/hongqiao-2021/measure/4.2.2")
    page.locator(f"a[href*='{'/plan/hongqiao-2021/at/'}']").first.click()
    place = page.url.partition("#")[2]
    sentence = page.locator(f"[id='{place}']")
    expect(sentence).to_be_in_viewport()
    quoted = page.get_by_role("link", name="引用或更正此处").last
    expect(quoted).to_have_attribute("href", re.compile(f"/quote/{place.removeprefix('c')}$"))
    assert sentence.evaluate("e => getComputedStyle(e).backgroundColor") != "rgba(0, 0, 0, 0)"
    expect(page.locator(".committed .lists").nth(2)).to_be_attached()
    early = """() => { const [painted] = performance.getEntriesByName("first-contentful-paint");
        return performance.getEntriesByType("resource").filter(({ name, startTime }) =>
          name.includes("/committed/") && startTime < painted.startTime).length; }"""
    assert page.evaluate(early) == 0, "the text is painted first"
    assert max(page.evaluate(_LONGER)) < 100  # px
    zone = page.locator(".text a.mark.Zone").first
    line = "e => getComputedStyle(e).borderBottomWidth"
    assert zone.evaluate(line) != "0px"
    page.get_by_label("区域", exact=True).uncheck()
    assert zone.evaluate(line) == "0px"
    figures = page.locator(".text td:not(.long) > a.mark")
    figures.first.scroll_into_view_if_needed()
    sizes = "(all) => all.map((e) => [e.offsetWidth, e.offsetHeight]).flat()"
    assert min(figures.evaluate_all(sizes)) >= 24  # WCAG 2.5.8
    unmarked = page.locator(".text p > span[id^=c]:not(.mark, :has(a))").first
    unmarked.scroll_into_view_if_needed()
    line = unmarked.evaluate("e => e.getClientRects()[0].toJSON()")
    page.mouse.click(line["x"] + line["width"] / 2, line["y"] + line["height"] / 2)
    clicked = (unmarked.get_attribute("id") or "").removeprefix("c")
    expect(quoted).to_have_attribute("href", re.compile(f"/quote/{clicked}$"))
    sentence.evaluate("e => getSelection().selectAllChildren(e)")
    page.get_by_role("button", name="复制引文").last.click()
    expect(page.locator("#selected small")).to_have_text("已复制")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "天津市红桥区人民政府：《" in copied and "第四章" in copied
    page.emulate_media(media="print")  # without what opens nothing on paper
    expect(page.locator(".committed:visible, .folded:visible")).to_have_count(0)
    expect(page.get_by_role("contentinfo").locator("time")).to_have_css("white-space", "nowrap")
    page.emulate_media(media="screen")
    page.get_by_role("link", name="引用或更正此处").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("引用原文")
    visitor.fine()
    page.context.close()


_PLACE = """(like) => { const n = document.getElementById('network').network;
const id = n.body.nodeIndices.find((i) => i.includes(like)); return n.canvasToDOM(n.getPosition(id)); }"""
_COUNT = "document.getElementById('network').network.body.nodeIndices.length"


def _until(page: Page, holds: str) -> None:
    """Wait for an expression to hold (the pages' policy keeps Playwright from waiting for it inside
    the page).
    """
    eventually(lambda: page.evaluate(holds), holds)


def _picture(visitor: Visitor, path: str) -> Page:
    page = visitor.go(path)
    page.wait_for_selector("#network[data-ready=true] canvas")
    return page


def test_the_relation_graph_opens_a_chapter_and_leads_back(visitor: Visitor) -> None:
    page = _picture(visitor, "/relations/hongqiao-2021")
    before = page.evaluate(_COUNT)
    assert 50 < before < 90
    assert page.evaluate("document.getElementById('network').network.getScale()") >= 1
    visitor.shoot("relations")
    page.locator("#network").click(position=page.evaluate(_PLACE, "/section/4"))
    expect(page.locator("#panel")).to_contain_text("举措 23")
    links = page.get_by_role("region", name="关联表").locator("td:nth-child(2)")
    expect(links.first).to_have_css("white-space", "nowrap")
    told = """() => [".vis-tooltip", ".frame"].map(
        (part) => document.querySelector(part).getBoundingClientRect().right)"""
    for _ in range(2):  # as it comes up, and as it follows
        page.locator("#network").hover(position=page.evaluate(_PLACE, "/section/11"))
        expect(page.locator(".vis-tooltip")).to_be_visible()
        over = page.evaluate(told)
        assert over[0] < over[1], "what is told of a box is not cut off by the panel"
    assert page.evaluate(_COUNT) == before  # it offers first, and opens when it is asked to
    page.get_by_role("link", name="展开（23项举措）").click()
    expect(page.locator("#opened")).to_contain_text("培育引领经济高质量发展新动能")
    expect(page.get_by_role("region", name="关联表")).to_contain_text("加快创新产业载体建设")
    opened = page.evaluate(_COUNT)
    assert opened >= before + 4
    expect(page).to_have_title(re.compile("^培育引领经济高质量发展新动能 · 关系图"))
    visitor.shoot("opened")
    page.go_back()
    _until(page, f"{_COUNT} === {before}")
    expect(page).to_have_title(re.compile("^关系图"))
    page.go_forward()
    _until(page, f"{_COUNT} === {opened}")
    shared = _picture(visitor, page.url.removeprefix(visitor.server))
    assert shared.evaluate(_COUNT) == opened
    visitor.fine()


def _contrast(*colours: str) -> float:
    """By WCAG 2, of two colours such as rgb(127, 122, 114)."""
    light = []
    for colour in colours:
        parts = [int(part) / 255 for part in re.findall(r"\d+", colour)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        light.append(sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), linear, strict=True)))
    return (max(light) + 0.05) / (min(light) + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_lines_of_the_relation_graph_stand_out(scheme: str, visitor: Visitor) -> None:
    visitor.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page = _picture(visitor, "/relations/hongqiao-2021?depth=section")
    drawn, lines, paper = page.evaluate("""() => {
        const holder = document.getElementById("network"), canvas = holder.querySelector("canvas");
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        const drawn = {};
        for (let at = 0; at < data.length; at += 4) {
          const colour = `rgb(${data.subarray(at, at + 3).join(", ")})`;
          if (data[at + 3] === 255) drawn[colour] = (drawn[colour] ?? 0) + 1;
        }
        const lines = holder.network.body.data.edges.get().map((edge) => {
          holder.style.color = edge.color.color;
          return getComputedStyle(holder).color;
        });
        const paper = getComputedStyle(document.querySelector(".frame")).backgroundColor;
        return [drawn, [...new Set(lines)], paper]; }""")
    page.emulate_media(color_scheme="light")
    assert len(lines) == 2, "those that support a goal have its colour"
    for line in lines:
        assert drawn.get(line, 0) > 100, f"{line} is drawn, and not thinned"
        assert _contrast(line, paper) >= 3
    visitor.fine()


def test_a_line_tells_the_sentences_behind_it(visitor: Visitor) -> None:
    page = _picture(visitor, "/relations/hongqiao-2021")
    middle = page.evaluate(
        """() => { const n = document.getElementById('network').network; const e =
        n.body.data.edges.get().find((e) => e.to.includes('/zone/') && e.weight > 1); const { x, y }
        = n.body.edges[e.id].edgeType.getPoint(0.5); return n.canvasToDOM({ x, y }); }
        """
    )
    page.locator("#network").click(position=middle)
    expect(page.get_by_role("heading", name="连线的依据")).to_be_visible()
    seen = """() => { const n = document.getElementById('network').network;
        const frame = document.querySelector('.frame').getBoundingClientRect();
        const box = document.getElementById('network').getBoundingClientRect();
        return n.getSelectedEdges().flatMap((id) => { const e = n.body.data.edges.get(id).ends;
          return [e.from, e.to]; }).every((id) => { const x = box.left
          + n.canvasToDOM(n.getPosition(id)).x; return frame.left < x && x < frame.right; }); }"""
    assert page.evaluate(seen), "both of its ends, beside what is told of it"
    expect(page.locator("#panel mark").first).to_be_visible()
    visitor.fine()


def test_the_relation_graph_finds_filters_and_colours(visitor: Visitor) -> None:
    page = _picture(visitor, "/relations/hongqiao-2021")
    page.get_by_label("查找并定位").fill("红桥区口腔医院")
    page.keyboard.press("Enter")
    expect(page.locator("#panel h2")).to_contain_text("红桥区口腔医院")
    expect(page.locator("#intro")).to_contain_text("围绕“红桥区口腔医院”")
    off = page.evaluate(
        """() => { const holder = document.getElementById('network'), n = holder.network;
        const { x, y } = n.canvasToDOM(n.getPosition(n.getSelectedNodes()[0]));
        const box = holder.getBoundingClientRect();
        return [x - box.width / 2, y - box.height / 2, box.top + y > 0 && box.top + y <
        innerHeight]; }
        """
    )
    assert abs(off[0]) < 2 > abs(off[1]) and off[2]
    page.get_by_role("link", name="回到规划概貌").click()
    page.get_by_label("颜色").select_option(label="按群组")
    expect(page.locator("#legend")).to_contain_text("一组")
    page.get_by_text("筛选", exact=True).click()
    page.get_by_label("机构", exact=True).check()
    page.wait_for_url("**type=Institution**")
    expect(page.get_by_label("机构", exact=True)).to_be_focused()
    visitor.shoot("filtered")
    kinds = "[...new Set(document.getElementById('network').network.body.data.nodes.get().map((n) => n.kind))].join()"
    _until(page, f"{kinds} === 'Institution'")
    visitor.fine()


def test_the_wheel_scrolls_the_page_unless_it_is_asked_to_zoom(visitor: Visitor) -> None:
    page = _picture(visitor, "/relations/hongqiao-2021")
    scale = "document.getElementById('network').network.getScale()"
    page.locator("#network").hover(position={"x": 300, "y": 100})
    before = page.evaluate(scale)
    page.mouse.wheel(0, 200)
    _until(page, "scrollY > 0")
    assert page.evaluate(scale) == before
    page.get_by_role("button", name="滚轮缩放").click()
    page.locator("#network").hover(position={"x": 300, "y": 200})
    page.mouse.wheel(0, -200)
    _until(page, f"{scale} > {before}")
    page.get_by_role("button", name="恢复全图").click()
    _until(page, f"{scale} === {before}")
    visitor.fine()


def test_the_picture_can_be_taken_away(visitor: Visitor) -> None:
    page = _picture(visitor, "/relations/hongqiao-2021?depth=section")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载图片（PNG）").click()
    png = Path(download.value.path()).read_bytes()
    assert png.startswith(b"\x89PNG")
    assert int.from_bytes(png[16:20], "big") >= 3000
    (SHOTS / "poster.png").write_bytes(png)
    page.get_by_role("link", name="海报（SVG）").click()
    expect(page.locator("svg text", has_text="民生福祉持续增强").first).to_be_attached()
    visitor.fine()


def test_on_paper_a_small_chart_is_as_high_as_the_words_beside_it(visitor: Visitor) -> None:
    page = visitor.go("/board/hongqiao-2021")
    chart = page.locator(".small-chart").first
    shown = chart.bounding_box()
    page.emulate_media(media="print")
    printed = chart.bounding_box()
    page.emulate_media(media="null")
    assert shown and printed and printed["height"] < 50 < shown["height"]
    visitor.fine()


def test_the_relation_graph_is_printed_across_with_its_list_below(visitor: Visitor) -> None:
    page = _picture(visitor, "/relations/hongqiao-2021")
    printed = PdfDocument(page.pdf(prefer_css_page_size=True))
    assert all(sheet.get_width() > sheet.get_height() for sheet in printed)
    first, *others = (sheet.get_textpage().get_text_bounded() for sheet in printed)
    assert "关系图" in first and "筛选" not in first and "English" not in first
    assert any("民生福祉持续增强" in words for words in others) and len(others) < 8
    page.emulate_media(media="print", color_scheme="dark")
    expect(page.locator("#network")).to_be_hidden()
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    assert page.evaluate(
        "[...document.querySelectorAll('.still img')].every((img) => img.naturalWidth > 700)"
    )
    twice = page.evaluate("""() => {
        const { width, height } = document.querySelector('#network canvas');
        const parts = [...document.querySelectorAll('.still img')];
        const all = parts.reduce((sum, image) => sum + image.naturalHeight, 0);
        return all / parts[0].naturalWidth - height / width;
    }""")
    assert twice < 0.1, "a page ends where few boxes are cut, which stand on the next"
    cut = """() => [...document.querySelectorAll('.still img')].flatMap((image, at, all) => {
        const [width, height] = [image.naturalWidth, image.naturalHeight];
        const sheet = Object.assign(document.createElement('canvas'), { width, height });
        const drawing = sheet.getContext('2d');
        drawing.drawImage(image, 0, 0);
        const rows = [at && 0, at < all.length - 1 && height - 1].filter((row) => row !== false);
        return rows.flatMap((row) => {
            const { data } = drawing.getImageData(0, row, width, 1);
            return [...Array(width).keys()].map((x) => data.slice(4 * x, 4 * x + 3).join());
        });
    })"""
    assert not {"0,115,79", "138,96,0", "155,68,119"} & set(page.evaluate(cut)), "sides of boxes"
    page.emulate_media(media="null", color_scheme="light")


def test_the_menu_of_a_phone_shows_where_one_is_and_is_swept(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    for path, here in (("/", "总览"), ("/downloads", "数据下载")):
        menu = visitor.go(path).get_by_role("banner").get_by_role("navigation")
        expect(menu.locator("[aria-current]")).to_have_text(here)
        expect(menu.locator("[aria-current]")).to_be_in_viewport(ratio=1)
    assert menu.evaluate("(e) => e.scrollWidth > e.clientWidth && e.clientHeight < 60")
    menu.get_by_role("link", name="关系图").click()  # is swept to, and nothing lies on it
    expect(menu.locator("[aria-current]")).to_have_text("关系图")
    visitor.page.set_viewport_size({"width": 1280, "height": 900})
    visitor.fine()


def test_the_relation_graph_around_a_thing_leads_on(visitor: Visitor) -> None:
    page = visitor.go("/page/hongqiao-2021/zone/guang-rong-dao-ke-ji-chan-ye-yuan")
    page.get_by_role("link", name="在关系图中查看").click()
    page.wait_for_selector("#network[data-ready=true] canvas")
    page.locator("#network").dblclick(position=page.evaluate(_PLACE, "/measure/"))
    page.wait_for_url("**/page/hongqiao-2021/measure/*")
    visitor.fine()


def test_a_picture_in_a_frame_leads_to_pages(visitor: Visitor) -> None:
    page = _picture(visitor, "/relations/hongqiao-2021/embed?depth=chapter")
    with page.context.expect_page() as opened:
        page.locator("#network").click(position=page.evaluate(_PLACE, "/goal/1"))
    opened.value.wait_for_url("**/page/hongqiao-2021/goal/1")
    visitor.shoot("embedded")
    page.locator(".frame").press("Tab")
    expect(page.locator(".vis-network:focus")).to_have_count(0)  # it has nothing for the keyboard
    listed = page.locator(".entries")
    expect(listed).to_be_hidden()
    size = page.viewport_size
    for width in (390, 700):  # as much of the list as there is room for, and nothing to scroll to
        page.set_viewport_size({"width": width, "height": 800})
        expect(page.locator(".frame")).to_be_hidden()
        assert page.locator(".entries > li:visible").count() > 4
        over = "(e) => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]"
        assert max(page.locator("html").evaluate(over)) <= 0
        expect(page.get_by_role("link", name="其余内容见完整页面")).to_be_visible()
        imprint = page.locator(".imprint").bounding_box()
        assert imprint and imprint["y"] < 800, "it ends with what it is of"
    page.set_viewport_size({"width": 390, "height": 20000})
    expect(page.locator("#rest")).to_be_hidden()
    assert size is not None
    page.set_viewport_size(size)
    visitor.fine()


def test_the_frame_that_is_offered_holds_the_whole_picture(visitor: Visitor) -> None:
    """In an article a thousand pixels wide, nothing is left to scroll to."""
    page = visitor.go("/relations/hongqiao-2021")
    offered = page.locator("#embedding pre").text_content() or ""
    height = re.search(r'height="(\d+)"', offered)
    assert height and page.viewport_size
    size = page.viewport_size
    page.set_viewport_size({"width": 1000, "height": int(height[1])})
    page = _picture(visitor, "/relations/hongqiao-2021/embed")
    over = "(e) => [e.scrollWidth - e.clientWidth, e.scrollHeight - e.clientHeight]"
    for holds in ("html", ".frame"):
        assert max(page.locator(holds).evaluate(over)) <= 0, holds
    page.set_viewport_size(size)
    visitor.fine()


def test_a_phone_s_picture_is_there_before_one_comes_to_it(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    page = _picture(visitor, "/relations/hongqiao-2021")
    top = page.locator("#network").bounding_box()
    assert top and top["y"] > 2 * 844 and page.evaluate("scrollY") == 0, "below the list"
    visitor.page.set_viewport_size({"width": 1280, "height": 900})
    visitor.fine()


def test_a_citation_lands_below_text_that_is_as_high_as_it_is(visitor: Visitor) -> None:
    """What is laid out later, above the cited sentence, would carry it away."""
    page = visitor.go("/plan/hongqiao-2021/at/10944-10960")
    cited = page.evaluate("location.hash")
    page = visitor.go("/plan/hongqiao-2021")
    page.evaluate("(cited) => { location.hash = cited; }", cited)  # as a link of the page does
    page.wait_for_function("document.querySelector(':target') && scrollY > 0")
    top = "document.querySelector(':target').getBoundingClientRect().top"
    assert 0 <= page.evaluate(top) < 900
    here = page.evaluate(f"{top} + scrollY")
    page.evaluate("""() => document.querySelectorAll(".runs, .run").forEach(
        (one) => { one.style.contentVisibility = "visible"; })""")
    assert abs(page.evaluate(f"{top} + scrollY") - here) < 2
    visitor.fine()


def test_a_zone_answers_what_a_person_asks(visitor: Visitor) -> None:
    page = visitor.go("/page/hongqiao-2021/zone/guang-rong-dao-ke-ji-chan-ye-yuan")
    measures = page.get_by_role("region", name="在此开展的举措").get_by_role("row")
    expect(measures).to_have_count(5)
    expect(measures.last).to_contain_text("第九章第二节第1段")
    expect(measures.last).to_be_in_viewport()
    goals = page.locator("section.counted", has_text="服务的目标")
    expect(goals).to_contain_text("经济发展稳中有进")
    visitor.shoot("zone")
    goals.get_by_role("link", name="查看查询语句").click()
    page.wait_for_selector("body[data-ready=true]")
    page.get_by_role("button", name="运行", exact=True).click()
    expect(page.locator("#result table tbody tr").first).to_contain_text("经济发展稳中有进")
    visitor.go("/page/hongqiao-2021/zone/xi-zhan-shu-niu-jing-ji-qu")
    expect(page.locator(".bounds .north")).to_contain_text("光荣道")
    visitor.shoot("bounds")
    visitor.fine()


def _editor(visitor: Visitor) -> Page:
    page = visitor.go("/sparql")
    page.wait_for_selector("body[data-ready=true]")
    return page


def _write(page: Page, query: str) -> None:
    page.evaluate("(query) => document.getElementById('query-form').editor_.setValue(query)", query)


def test_a_query_in_the_browser(visitor: Visitor) -> None:
    visitor.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = _editor(visitor)
    page.get_by_label("示例查询").select_option(label="各目标有多少举措支撑")
    page.get_by_role("button", name="运行", exact=True).click()
    expect(page.locator("#result table tbody tr")).to_have_count(8)
    expect(page.locator("#result th.n, #result td.n")).to_have_count(9)  # numbers below one another
    visitor.shoot("sparql")
    page.get_by_role("button", name="图表").click()
    _until(page, "document.getElementById('result').chart?.data.datasets[0].data.length === 8")
    visitor.shoot("sparql-chart")
    page.get_by_role("button", name="关系图", exact=True).click()
    _until(page, "document.getElementById('result').network?.body.nodeIndices.length > 8")
    _write(page, "SELECT ?type (COUNT(?x) AS ?many) { ?x a ?type } GROUP BY ?type")
    page.get_by_role("button", name="运行", exact=True).click()
    expect(page.locator("#result")).to_contain_text("数值不连线")
    page.emulate_media(color_scheme="dark")
    page.evaluate("""() => { const same = document.createElement("span");
        same.className = "cm-matchhighlight"; document.querySelector(".yasqe").append(same); }""")
    expect(page.locator(".yasqe > .cm-matchhighlight")).to_have_css(
        "background-color", "rgb(58, 55, 51)"
    )
    page.emulate_media(color_scheme="light")
    _write(page, "ASK {}")
    page.get_by_role("button", name="运行", exact=True).click()
    expect(page.locator("#result")).to_have_text("是")
    expect(page.locator("#views button:visible")).to_have_count(0)
    _write(page, f"SELECT ?x {{ VALUES ?x {{ {' '.join(f'<{iri}>' for iri in STRANGE)} }} }}")
    page.get_by_role("button", name="运行", exact=True).click()
    page.get_by_role("button", name="表格", exact=True).click()
    expect(page.locator("#result td")).to_have_count(len(STRANGE))
    expect(page.locator("#result td a")).to_have_text(["a.example/%FF"])
    page.get_by_text("在程序中使用此查询").click()
    page.locator("#code .copy").first.click()
    expect(page.locator("#code small").first).to_have_text("已复制")
    _write(page, "SELECT * { ?s ?p }")
    visitor.fine()
    page.locator(".CodeMirror textarea").press("Control+Enter")
    expect(page.get_by_role("alert")).to_contain_text("第1行第19列")


def test_a_query_is_made_by_choosing(visitor: Visitor) -> None:
    page = _editor(visitor)
    _write(page, "ASK {}")
    page.get_by_label("示例查询").press("Tab")
    expect(page.locator("#builder summary")).to_have_css("outline-width", "3px")
    page.get_by_text("不写代码，按条件查询").click()
    page.wait_for_selector("#builder[data-ready=true]")
    page.get_by_label("查询对象").select_option(label="指标")
    page.get_by_role("button", name="添加条件").click()
    page.get_by_label("内容", exact=True).select_option(label="属性")
    page.get_by_label("比较值").fill("约束性")
    page.get_by_role("button", name="写入并运行").click()
    expect(page.locator("#result table tbody tr")).to_have_count(5)
    expect(page.locator("#result table")).to_contain_text("天津市红桥区")
    expect(page.locator("#result table")).to_be_in_viewport()
    expect(page.locator("#result table th").first).to_have_text("规划")
    expect(page.locator("#query")).to_have_value(re.compile(r"\?this a plan:Indicator \."))
    visitor.shoot("sparql-builder")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 391
    page.set_viewport_size({"width": 1280, "height": 900})
    page.get_by_label("最多条数").fill("2")
    page.get_by_role("button", name="写入并运行").click()
    expect(page.locator("#count")).to_have_text("查询限定的2条已列满，可能还有更多")
    page.get_by_label("查询对象").select_option(label="举措")
    page.get_by_role("button", name="添加条件").click()
    page.get_by_label("内容", exact=True).select_option(label="涉及机构")
    page.get_by_label("比较值").press_sequentially("工业大学")
    expect(page.locator("#builder datalist option").first).to_have_attribute(
        "value", "河北工业大学"
    )
    page.get_by_label("查询对象").select_option(label="指标")
    page.get_by_role("button", name="写入并运行").click()
    expect(page.locator("#result table tbody tr")).to_have_count(2)
    made = page.locator("#query").input_value()
    _write(page, made.replace("LIMIT 2", "LIMIT 1"))
    page.get_by_role("button", name="运行", exact=True).click()
    expect(page.locator("#result table tbody tr")).to_have_count(1)
    page.get_by_role("button", name="恢复我写的查询").click()
    expect(page.locator("#query")).to_have_value("ASK {}")
    visitor.fine()


def test_a_query_that_fails_or_is_cancelled_says_so(visitor: Visitor) -> None:
    visitor.page.set_viewport_size({"width": 390, "height": 844})
    page = _editor(visitor)  # without what a phone does not need at first
    page.locator("#query").evaluate("(e) => { e.value = 'SELECT * { ?s ?p ?o'; }")
    expect(page.locator(".CodeMirror")).to_have_count(0)
    page.get_by_role("button", name="运行", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("“{”没有与之对应的“}”")
    expect(page.locator(".at-fault")).to_have_text("{")
    begins = "(e) => getComputedStyle(e, '::first-letter').textTransform"
    assert page.get_by_role("alert").evaluate(begins) == "uppercase"
    page.set_viewport_size({"width": 1280, "height": 900})
    page.route("**/sparql", lambda route: None)  # no answer comes
    page.get_by_role("button", name="运行", exact=True).click()
    page.get_by_role("button", name="取消").click()
    expect(page.get_by_role("alert")).to_contain_text("查询已取消")
    page.unroute_all()
    page.route("**/sparql", lambda route: route.abort())
    page.get_by_role("button", name="运行", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("没有得到答复")
    expect(page.locator("#busy")).to_be_hidden()
    page.unroute_all()
    _write(
        page,
        "SELECT ?m ?part { ?m a <https://w3id.org/planlink/ns#Measure> ; "
        "<http://purl.org/dc/terms/isPartOf> ?part }",
    )
    page.get_by_role("button", name="运行", exact=True).click()
    page.get_by_role("button", name="下一页").click()
    expect(page.locator("#result")).to_contain_text("第101至")
    expect(page.locator("#result thead")).to_be_in_viewport()
    page.get_by_role("button", name="关系图", exact=True).click()
    expect(page.locator("#result")).to_contain_text("条关联未画出：图中最多40个节点")


def test_a_construct_is_drawn_with_names(visitor: Visitor) -> None:
    page = _editor(visitor)
    page.get_by_label("示例查询").select_option(label="目标、章节与区域的关系图（CONSTRUCT）")
    page.get_by_role("button", name="运行", exact=True).click()
    expect(page.locator("#result table")).to_contain_text("经济发展稳中有进")
    page.get_by_role("button", name="关系图", exact=True).click()
    _until(
        page,
        "document.getElementById('result').network?.body.data.nodes.get().some((n) => n.label === "
        "'光荣道科技产业园')",
    )
    visitor.shoot("sparql-graph")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="表格", exact=True).click()
    page.get_by_role("button", name="关系图", exact=True).click()
    empty = """() => { const network = document.getElementById('result').network;
        const heights = Object.values(network.getPositions()).map(({ y }) => y);
        return document.querySelector('.graph').clientHeight
          - (Math.max(...heights) - Math.min(...heights)) * network.getScale(); }"""
    assert page.evaluate(empty) < 300, "as high as what is drawn"
    page.set_viewport_size({"width": 1280, "height": 900})
    visitor.fine()


def test_the_editor_completes_a_chinese_name(visitor: Visitor) -> None:
    page = _editor(visitor)
    _write(page, "SELECT * WHERE { ?m plan:locatedIn 光荣道")
    page.evaluate(
        "(() => { const e = document.getElementById('query-form').editor_; e.focus(); "
        "e.setCursor({ line: 0, ch: 99 }); })()"
    )
    page.keyboard.type("科")  # of further keys each would ask again, and put up another list
    page.locator(".CodeMirror-hint", has_text="光荣道科技产业园 · 区域").wait_for()
    expect(page.locator(".notificationContainer")).to_be_hidden()  # it speaks English alone
    visitor.shoot("sparql-completion")
    page.keyboard.press("Enter")
    expect(page.locator("#query")).to_have_value(
        re.compile("zone/guang-rong-dao-ke-ji-chan-ye-yuan>")
    )
    visitor.fine()


def test_a_query_is_saved_shared_and_copied(visitor: Visitor) -> None:
    page = _editor(visitor)
    _write(page, "SELECT ?g WHERE { ?g a <https://w3id.org/planlink/ns#Goal> }")
    page.get_by_text("在程序中使用此查询").click()
    expect(page.locator("#code pre").first).to_contain_text(
        "--data-urlencode query='SELECT ?g WHERE"
    )
    visitor.shoot("sparql-code")
    page.get_by_role("button", name="保存并编号").click()
    page.wait_for_url("**/queries/*")
    expect(page.get_by_role("heading", level=1)).to_contain_text("号查询")
    visitor.shoot("saved-query")
    assert page.request.get(page.url + "/results?format=csv").text().count("/goal/") == 8
    page.get_by_role("link", name="在当前发布").click()
    page.wait_for_selector("body[data-ready=true]")
    page.get_by_role("button", name="运行", exact=True).click()
    expect(page.locator("#result table tbody tr")).to_have_count(8)
    visitor.fine()


def test_english_keeps_the_place(visitor: Visitor) -> None:
    page = visitor.go("/page/hongqiao-2021/indicator/16")
    page.get_by_role("link", name="English").click()
    assert page.url.endswith("/page/hongqiao-2021/indicator/16?lang=en")
    expect(page.get_by_role("heading", name="What the plan says")).to_be_visible()
    visitor.shoot("english")
    page.get_by_role("link", name="中文").click()
    expect(page.get_by_role("heading", name="原文依据")).to_be_visible()
    visitor.fine()


PAGES = ("/", "/plan/qinghe-2026", "/plan/qinghe-2026/quote/20-60", "/plan/qinghe-2026/report", "/page/qinghe-2026/measure/2.1.1",
         "/page/qinghe-2026/indicator/2", "/search?q=%E5%9B%AD",
         "/relations/qinghe-2026", "/progress/qinghe-2026", "/gaps/qinghe-2026", "/observe/qinghe-2026", "/compare",
         "/sparql", "/downloads", "/ns")  # fmt: skip


def test_a_plan_is_corrected_and_published_from_its_pages(
    browser: Browser, own_small_release: Path, small_copy: Path
) -> None:
    access = {"PLANLINK_PLANS": str(small_copy.parent), "PLANLINK_TOKEN": TOKEN}
    with serving(own_small_release, **access) as server:
        visitor = visitor_on(browser, server)
        page = visitor.go("/review/qinghe-2026?kind=measure&name=3.1.1")
        page.get_by_label("审定人").fill("赵发")
        page.get_by_label("令牌").fill(TOKEN)
        page.get_by_role("button", name="登录后审定").click()
        missed = page.locator("section.decision", has_text="补充漏掉的关联")
        missed.get_by_label("关联到").select_option("地区生产总值")
        missed.get_by_label("理由").fill("原文如此")
        missed.get_by_role("button").click()
        page = visitor.go("/review/qinghe-2026?kind=zone&name=墨池创新谷")
        expect(page).to_have_title(re.compile("更正内容 · 墨池创新谷 · "))
        retyped = page.locator("section.decision", has=page.get_by_role("heading", name="改类型"))
        retyped.get_by_label("类型").select_option("商业区")
        retyped.get_by_label("理由").fill("原文如此")
        retyped.get_by_role("button").click()
        page.set_viewport_size({"width": 390, "height": 844})
        page = visitor.go("/observe/qinghe-2026")
        wide = "[...document.querySelectorAll('details')].map((one) => { one.open = true; }) && "
        assert page.evaluate(f"{wide} document.documentElement.scrollWidth") == 390, (
            "each form fits"
        )
        page.set_viewport_size({"width": 1280, "height": 900})
        page = visitor.go("/observe/qinghe-2026")
        page.get_by_label("指标 必填").select_option(label="1 地区生产总值（亿元）")
        page.get_by_label("时期").first.select_option(label="2026年上半年")
        page.get_by_label("数值").first.fill("268.5")
        page.get_by_label("来源 必填").first.fill("统计公报")
        page.get_by_role("button", name="录入", exact=True).first.click()
        page.get_by_role("link", name="查看变化并发布").click()
        expect(page.get_by_role("cell", name="墨池创新谷 · 商业区")).to_be_visible()
        expect(page.get_by_text("关联新增1条")).to_be_visible()
        page.get_by_role("button", name="立即发布").click()
        expect(page.get_by_role("progressbar")).to_be_visible()
        expect(page.get_by_role("status")).to_contain_text("已完成第2次发布")
        eventually(lambda: b">2</a>" in ask(f"{server}/releases")[2], "the release to be served")
        page = visitor.go("/page/qinghe-2026/indicator/1")
        expect(page.locator(".key-figures")).to_contain_text("268.5亿元")
        drawn = page.locator("svg.indicator-chart")
        expect(drawn).to_contain_text("520亿元")
        expect(drawn).not_to_contain_text("268.5")  # half a year would be a fall
        visitor.fine()
        page.context.close()


def test_pages_work_without_javascript(browser: Browser, server: str) -> None:
    page = browser.new_context(java_script_enabled=False, locale="zh-CN").new_page()
    page.set_default_timeout(HANGING * 1000)
    page.goto(f"{server}/search?q=%E8%A5%BF%E7%AB%99")
    page.locator("ol.hits a").first.click()
    expect(page.locator("mark").first).to_contain_text("西站")
    page.goto(f"{server}/plan/hongqiao-2021")
    marked = page.locator(".text p:has(a.mark.Zone)").first
    marked.get_by_role("link", name="¶").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("引用原文")
    page.goto(f"{server}/relations/hongqiao-2021?view=whole")
    expect(page.locator("noscript img, #network img").first).to_be_visible()
    assert page.get_by_role("region", name="关联表").get_by_role("row").count() > 60
    page.context.close()


def test_script_in_a_plan_is_shown_and_never_run(
    browser: Browser, small_copy: Path, tmp_path: Path
) -> None:
    source = (small_copy / "source.txt").read_text(encoding="utf-8")
    hostile = (
        """<script>window.taken=1</script></script><img src=x onerror="window.taken=1">'"href"""
    )
    for before, after in (
        ("深入推进柳埠河综合", f"深入推进柳埠河综合{hostile}"),
        ("墨池创新谷", "墨池<b onclick=1>创新谷"),
    ):
        assert before in source
        source = source.replace(before, after)
    (small_copy / "source.txt").write_text(source, encoding="utf-8")
    (small_copy / "identifiers.csv").unlink(missing_ok=True)  # of another test's publish
    done = run("publish", small_copy, "--out", tmp_path / "release")
    assert done.returncode == 0, done.stderr
    with serving(tmp_path / "release") as server:
        visitor = visitor_on(browser, server)
        for path in (
            *PAGES,
            "/page/qinghe-2026/measure/3.1.1",
            "/search?q=script",
            "/search?q=%3Cscript%3Ewindow.taken%3D1%3C/script%3E",
        ):
            page = visitor.go(path)
            page.wait_for_load_state("networkidle")
            assert page.evaluate("window.taken") is None, path
        page = visitor.go("/page/qinghe-2026/measure/3.1.1")
        expect(page.locator("mark").first).to_contain_text("<script>window.taken=1</script>")
        visitor.fine()
        visitor.page.context.close()


def test_how_two_things_are_connected(visitor: Visitor) -> None:
    page = visitor.go("/page/hongqiao-2021/institution/hong-qiao-qu-kou-qiang-yi-yuan")
    page.get_by_role("link", name="查看与其他对象的关联").click()
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


def test_the_first_picture_is_drawn_where_the_server_laid_it_out(visitor: Visitor) -> None:
    """The layout is not worked out in the browser: things stand where they were placed, and
    stay. Beside them are the stops of lines that run past others.
    """
    page = _picture(visitor, "/relations/hongqiao-2021")
    laid_out = json.loads(ask(f"{visitor.server}/relations/hongqiao-2021.json")[2])["nodes"]
    network = "document.getElementById('network').network"
    drawn = page.evaluate(f"{network}.getPositions()")
    assert {name for name in drawn if " " not in name} == {n["id"] for n in laid_out}
    for n in laid_out:  # vis-network gives whole numbers
        assert abs(drawn[n["id"]]["x"] - n["x"]) < 1 > abs(drawn[n["id"]]["y"] - n["y"])
    assert page.evaluate(f"{network}.physics.physicsEnabled") is False
    width = """() => { const hint = document.querySelector("#intro [data-scripted]");
      hint.hidden = true; return hint.getBoundingClientRect().width; }"""
    assert page.evaluate(width) > 0, "what the script shows has its room before"
