"""The relation graph over HTTP: one picture from one address, in every form."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import quote, urlencode

import networkx as nx
import pyoxigraph as ox
import pytest
from lxml import html
from support import ask

ID = "http://localhost:8000/id/hongqiao-2021"
PARK = f"{ID}/zone/guang-rong-dao-ke-ji-chan-ye-yuan"


def shown(server: str, **view: Any) -> dict[str, Any]:
    status, _, body = ask(f"{server}/relations/hongqiao-2021.json?{urlencode(view, doseq=True)}")
    assert status == 200, body
    told: dict[str, Any] = json.loads(body)
    return told


def test_the_outline_tells_the_story_in_columns(server: str) -> None:
    outline = shown(server)
    order = ("Goal", "Indicator", "Section", "Zone")
    columns = {kind: {n["x"] for n in outline["nodes"] if n["kind"] == kind} for kind in order}
    assert all(len(places) == 1 for places in columns.values())
    across = [max(columns[kind]) for kind in order]
    assert across == sorted(across)
    told = [n for n in outline["nodes"] if n["kind"] == "Section"]
    assert len(told) == 11 and sum(n["measures"] for n in told) == 272
    properties = {e["property"].rsplit("#", 1)[-1] for e in outline["edges"]}
    assert properties == {"supportsGoal", "measuredBy", "contributesTo", "locatedIn", "involves"}


def test_what_is_said_of_a_picture_holds_for_its_depth(server: str) -> None:
    def goals_served(**view: str) -> bool:
        return any(e["property"].endswith("supportsGoal") for e in shown(server, **view)["edges"])

    for depth, dotted in (("chapter", True), ("measure", False)):
        page = ask(f"{server}/relations/hongqiao-2021?depth={depth}&lang=zh")[2].decode()
        assert goals_served(depth=depth) == dotted == ("橙色点线" in page)
        assert ("筛选“支撑目标”时才连线" in page) != dotted
    assert goals_served(depth="measure", link="supportsGoal"), "as is said"


@pytest.mark.parametrize(
    "view",
    [{}, {"view": "whole"}, {"depth": "section"}, {"node": f"{ID}/goal/1"}, {"node": PARK},
     {"node": f"{ID}/section/4"}, {"view": "outline", "node": f"{ID}/section/4"},
     {"view": "whole", "type": ["Goal", "Indicator", "Measure"]}, {"type": "Zone"}],
)  # fmt: skip
def test_no_name_hides_another_in_any_view(view: dict[str, Any], server: str) -> None:
    """Names are boxes of a known size, at least 12 pixels high where the picture is as wide as it
    is made; none lies on another, and no line runs behind one."""
    told = shown(server, **view)
    boxes = [
        (
            n["x"],
            n["y"],
            n["widthConstraint"]["maximum"],
            n["heightConstraint"]["minimum"] + 2 * n["margin"],
        )
        for n in told["nodes"]
    ]
    for x, y in (place for edge in told["edges"] for place in edge["way"]):
        for a, b, across, down in boxes:
            assert abs(x - a) > across / 2 or abs(y - b) > down / 2
    for i, (x, y, width, height) in enumerate(boxes):
        for a, b, across, down in boxes[:i]:
            assert abs(x - a) >= (width + across) / 2 or abs(y - b) >= (height + down) / 2
    column = {n["id"]: [*sorted({x for x, *_ in boxes})].index(n["x"]) for n in told["nodes"]}
    for edge in told["edges"]:
        between = abs(column[edge["from"]] - column[edge["to"]]) - 1
        assert len(edge["way"]) == 2 * max(between, 0)
    assert all(n["font"]["size"] >= 12 for n in told["nodes"])
    assert told["width"] <= 1120 and len(boxes) < 130


def test_a_wide_line_stands_for_that_many_links(server: str) -> None:
    line = max(
        (e for e in shown(server)["edges"] if "/zone/" in e["to"]), key=lambda e: e["weight"]
    )
    html = ask(
        f"{server}/relations/hongqiao-2021/panel?{urlencode({'from': line['from'], 'to': line['to']})}"
    )[2].decode()
    assert line["weight"] > 1
    assert html.count("<li>") == line["weight"]
    assert html.count("<mark>") >= line["weight"]


def test_what_is_not_drawn_is_counted_and_listed(server: str) -> None:
    rest = next(n for n in shown(server)["nodes"] if n["id"].endswith("rest:Zone"))
    many = int("".join(c for c in rest["label"] if c.isdigit()))
    html = ask(f"{server}/relations/hongqiao-2021/panel?about={quote(rest['id'])}")[2].decode()
    assert html.count("<li>") == many > 50


def test_links_of_the_same_subject_are_told_apart(server: str) -> None:
    near = "http://localhost:8000/id/hongqiao-2021/indicator/16"
    edges = shown(server, node=near)["edges"]
    dashed = {e["property"].rsplit("#", 1)[-1] for e in edges if e["dashes"] == [5, 4]}
    assert dashed == {"concerns"}
    assert not any(e["dashes"] for e in edges if e["property"].endswith("contributesTo"))
    pages = {
        view: ask(f"{server}/relations/hongqiao-2021?{view}", Cookie="language=en")[2].decode()
        for view in (f"node={near}", f"link=contributesTo&node={near}")
    }
    assert ["Dashed:" in page for page in pages.values()] == [True, False]
    jobs = ask(f"{server}/id/hongqiao-2021/indicator/16.html", Cookie="language=en")[2].decode()
    assert "Contributes to" in jobs and "Same subject as" in jobs


def test_what_is_around_a_thing(server: str) -> None:
    near = shown(server, node=PARK)
    assert 3 < len(near["nodes"]) < 30
    assert sum(n["id"] == PARK for n in near["nodes"]) == 1


def test_a_goal_place_or_body_can_be_chosen_from_a_list(server: str) -> None:
    page = html.fromstring(ask(f"{server}/relations/hongqiao-2021?{urlencode({'node': PARK})}")[2])
    (around,) = page.xpath("//select[@id='around']")
    offered = {group.get("label"): [*group] for group in around.xpath("optgroup")}
    assert list(offered) == ["目标", "区域", "机构"] and len(offered["目标"]) == 8
    (chosen,) = around.xpath(".//option[@selected]")
    assert chosen.get("value") == PARK and chosen in offered["区域"]
    assert not page.xpath("//*[@id='opened']//input")  # the list itself says what was chosen


def test_opening_a_chapter_shows_its_sections_and_keeps_the_rest(server: str) -> None:
    before = {n["id"] for n in shown(server)["nodes"]}
    after = {n["id"] for n in shown(server, view="outline", node=f"{ID}/section/4")["nodes"]}
    assert {f"{ID}/section/4.{i}" for i in (1, 2, 3, 4)} <= after - before
    assert {n for n in before if "/section/" in n} <= after


def test_what_is_told_of_a_box_holds_no_scores(server: str) -> None:
    html = ask(f"{server}/relations/hongqiao-2021/panel?about={quote(PARK)}&lang=zh")[2].decode()
    assert "4项举措与其相连" in html and "<mark>光荣道科技产业园</mark>" in html
    assert "置信度" not in html and "0.9" not in html


def test_a_chapter_offers_its_measures_before_it_is_opened(server: str) -> None:
    about = urlencode({"about": f"{ID}/section/4"})
    html = ask(f"{server}/relations/hongqiao-2021/panel?{about}", Cookie="language=en")[2].decode()
    assert "Expand (23 measures)" in html
    assert "/measure/4." in html.partition('class="behind"')[2], "links of what is in it"
    assert "1 measure is linked" not in html and "No link could be confirmed" not in html
    opened = html.split("Expand (23")[0].rsplit('href="', 1)[1].split('"')[0]
    assert "section%2F4" in opened and "view=outline" in opened
    html = ask(
        f"{server}/relations/hongqiao-2021/panel?{about}&view=outline&node={ID}/section/4",
        Cookie="language=en",
    )[2].decode()
    assert "Collapse" in html


def test_filters_leave_what_they_name(server: str) -> None:
    assert {n["kind"] for n in shown(server, view="whole", type=["Zone", "Measure"])["nodes"]} == {
        "Zone",
        "Measure",
    }
    assert {
        e["property"].rsplit("#")[-1] for e in shown(server, view="whole", link="involves")["edges"]
    } == {"involves"}
    zone = f"{ID}/zone/xi-zhan-shu-niu-jing-ji-qu"
    bounds = shown(server, node=zone, method="BoundaryStatement")["edges"]
    assert {e["title"] for e in bounds} == {"四至表述"}
    chapter = shown(server, view="whole", chapter=f"{ID}/section/9")
    measures = [n["id"] for n in chapter["nodes"] if n["kind"] == "Measure"]
    assert measures and all("/measure/9." in m or "rest" in m for m in measures)
    assert shown(server, method="SameSection")["edges"], "what is asked for is drawn"
    page = ask(f"{server}/relations/hongqiao-2021?type=Section&view=whole&lang=zh")[2].decode()
    assert "请放宽条件" in page and "程序未能确认这里有任何关联" not in page
    assert "关联表" not in page and "图中内容" not in page and '<ul class="legend"' not in page


def test_colour_tells_of_groups(server: str) -> None:
    groups = {n["color"]["border"] for n in shown(server, view="whole", colour="group")["nodes"]}
    assert len(groups) > 4


def test_the_same_picture_as_poster_and_graphml(server: str) -> None:
    view = urlencode({"view": "outline", "node": f"{ID}/section/9"})
    told = shown(server, view="outline", node=f"{ID}/section/9")
    status, headers, svg = ask(
        f"{server}/relations/hongqiao-2021.svg?{view}", Accept_Language="zh-CN"
    )
    assert (status, headers.get_content_type()) == (200, "image/svg+xml")
    root = ET.fromstring(svg)
    assert int(root.get("width", "0")) >= 3000
    texts = [t.text or "" for t in root.iter("{http://www.w3.org/2000/svg}text")]
    assert [text for text in texts if ID in text]  # plan, release and date
    assert [text for text in texts if "天津市红桥区人民政府" in text]  # where it comes from
    for node in told["nodes"]:
        for line in node["label"].split("\n"):
            assert line.removeprefix(node["label"][:2]) in texts
    assert {"目标", "指标", "章节", "区域", "机构"} <= set(texts)
    graph = nx.parse_graphml(ask(f"{server}/relations/hongqiao-2021.graphml?{view}")[2].decode())
    assert set(graph) == {n["id"] for n in told["nodes"] if "rest:" not in n["id"]}
    assert graph.number_of_edges() == len(told["edges"])


def test_letters_of_a_poster_are_outlines_where_there_is_a_font() -> None:
    from kg.network.drawing import Drawing
    from kg.network.poster import Caption, outlines, poster

    caption = Caption("红桥", ("一", "二"), (("Goal", "#b04a00", "目标"),))
    plain = ET.fromstring(poster(Drawing([], []), caption, None, "zh-Hans"))
    svg = "{http://www.w3.org/2000/svg}"
    assert not list(plain.iter(f"{svg}use"))
    assert {t.get("fill") for t in plain.iter(f"{svg}text")} == {"#1c1b1a", "#5c5a57"}
    english = Caption("red", ("bridge " * 60,), ())
    texts = ET.fromstring(poster(Drawing([], []), english, None, "en")).iter(f"{svg}text")
    lines = [(t.text or "").split() for t in texts]
    assert {word for line in lines for word in line} == {"red", "bridge"}
    assert len(lines[-1]) < len(lines[1]) == len(lines[2]), "filled, not evened"
    font = outlines()
    assert font is not None, "tests need Debian's fonts-noto-cjk: sh tests/install-programs.sh"
    drawn = ET.fromstring(poster(Drawing([], []), caption, font, "zh-Hans"))
    letters = {p.get("id"): p.get("d") for p in drawn.iter(f"{svg}path") if p.get("id")}
    assert len(letters) == 6 == len(list(drawn.iter(f"{svg}use")))
    assert all(letters.values())
    assert {t.get("fill") for t in drawn.iter(f"{svg}text")} == {"none"}


def test_a_view_can_be_framed_and_taken_away(server: str) -> None:
    view = urlencode({"node": PARK})
    page = ask(f"{server}/relations/hongqiao-2021?{view}")[2].decode()
    assert f"/relations/hongqiao-2021/embed?{view}" in page
    status, headers, framed = ask(f"{server}/relations/hongqiao-2021/embed?{view}")
    assert status == 200 and "<title>关系图：光荣道科技产业园 · 天津市" in framed.decode()
    assert "frame-ancestors *" in headers["Content-Security-Policy"]
    assert len(headers.get_all("Content-Security-Policy")) == 1
    chapter = ask(f"{server}/relations/hongqiao-2021/embed?chapter={quote(ID)}/section/9")[2]
    assert "<title>关系图：建设新型智慧便捷城市示范区 · 天津市" in chapter.decode()
    others = ask(f"{server}/relations/hongqiao-2021")[1]["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in others
    assert ask(f"{server}/relations/hongqiao-2021.svg?{view}")[0] == 200
    status, headers, html = ask(f"{server}/relations/hongqiao-2021.html?{view}")
    assert status == 200 and headers["Content-Disposition"].startswith("attachment")
    assert PARK.encode() in html and "<title>关系图：光荣道科技产业园 · 天津市" in html.decode()


def test_the_picture_can_be_read_as_a_list(server: str) -> None:
    page = ask(f"{server}/relations/hongqiao-2021", Accept_Language="zh-CN")[2].decode()
    entries = page.split('id="list"')[1].split("</section>")[0]
    for node in shown(server)["nodes"]:
        if "rest:" not in node["id"]:
            assert node["page"] in entries, node


@pytest.mark.parametrize(
    ("query", "status"),
    [("node=http://nowhere.example/", 404), ("view=sideways", 400), ("colour=red", 400), ("depth=deep", 400), ("type=Zebra", 400), ("chapter=x", 404),
     ("link=knows", 400), ("&".join(f"node={quote(ID)}/measure/4.1.{i}&node={quote(ID)}/measure/9.1.{i}" for i in range(1, 40)), 404)],
)  # fmt: skip
def test_what_cannot_be_shown_is_told_in_a_line(server: str, query: str, status: int) -> None:
    found, _, body = ask(f"{server}/relations/hongqiao-2021.json?{query}", Accept="text/plain")
    assert found == status
    assert len(body.decode().splitlines()) == 1
    assert len(body) < 400


def test_a_refused_choice_is_told_in_one_language(server: str) -> None:
    address = f"{server}/relations/hongqiao-2021?depth=9&lang="
    said = {lang: ask(address + lang, Accept="text/html")[2].decode() for lang in ("zh", "en")}
    assert "地址里的“9”不在可选之列" in said["zh"]
    assert "“9” in the address is none of the choices" in said["en"]


def test_names_are_suggested_while_typing(server: str) -> None:
    found = json.loads(ask(f"{server}/search/suggest?plan=hongqiao-2021&q={quote('光荣道')}")[2])
    assert found[0]["label"] == "光荣道"
    assert {"iri", "label", "type"} == set(found[0])
    assert len({f["label"] for f in found}) == len(found) > 2
    assert json.loads(ask(f"{server}/search/suggest?plan=elsewhere&q={quote('光荣道')}")[2]) == []
    assert json.loads(ask(f"{server}/search/suggest?q=")[2]) == []


def test_the_query_of_the_annex_table_gives_its_rows(server: str, release: Any) -> None:
    html = ask(f"{server}/board/hongqiao-2021")[2].decode()
    query = _query_behind(html)
    rows = list(
        ox.Store.read_only(str(release / "current" / "store")).query(
            query, use_default_graph_as_union=True
        )
    )
    table = json.loads(ask(f"{server}/exports/hongqiao-2021-indicators.json")[2])
    assert sorted((int(r["number"].value), r["indicator"].value) for r in rows) == sorted(
        (one["number"], one["iri"]) for one in table if "number" in one
    )
    assert all(f"/page/{r['indicator'].value.partition('/id/')[2]}" in html for r in rows)


def _query_behind(html: str) -> str:
    from html import unescape
    from urllib.parse import parse_qs, urlsplit

    address = unescape(html.split('class="behind-query" href="')[1].split('"', maxsplit=1)[0])
    return parse_qs(urlsplit(address).query)["edit"][0]


@pytest.mark.parametrize(
    "page",
    [
        "/",
        "/gaps/hongqiao-2021",
        "/progress/hongqiao-2021",
        "/relations/hongqiao-2021",
        "/page/hongqiao-2021/goal/1",
    ],
)
def test_the_query_behind_every_table_runs(page: str, server: str) -> None:
    from html import unescape
    from urllib.parse import parse_qs, urlsplit

    links = ask(server + page)[2].decode().split('class="behind-query" href="')[1:]
    assert links
    for link in links:
        query = parse_qs(urlsplit(unescape(link.split('"')[0])).query)["edit"][0]
        status, _, body = ask(
            f"{server}/sparql", query.encode(), Content_Type="application/sparql-query"
        )
        assert status == 200, query
        found = json.loads(body)["results"]["bindings"]
        assert bool(found) == (page != "/progress/hongqiao-2021"), query  # no values are known yet
