"""The reading view: places that citations lead to, quotations, layers."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pytest
from support import ask, copy_release, pages, rewrite

PLAN = "/plan/hongqiao-2021"


def page(server: str, path: str) -> str:
    status, _, body = ask(f"{server}{path}")
    assert status == 200, body.decode()
    return body.decode()


def leads_to(server: str, place: str) -> str:
    """The id that the address of a place leads to in the text."""
    import http.client

    connection = http.client.HTTPConnection(server.removeprefix("http://"))
    connection.request("GET", f"{PLAN}/at/{place}")
    answer = connection.getresponse()
    assert answer.status == 303
    address = answer.headers["Location"]
    assert address.startswith(f"{PLAN}#")
    return address.partition("#")[2]


@pytest.mark.parametrize("place", ["9505-9556", "9510-9512", "24838-24856", "24858-24861", "0-3"])
def test_a_citation_leads_to_its_sentence(server: str, place: str) -> None:
    found = leads_to(server, place)
    html = page(server, PLAN)
    assert f'id="{found}"' in html
    if found.startswith("c"):
        start, end = map(int, found[1:].split("-"))
        assert start <= int(place.split("-", maxsplit=1)[0]) < end


def test_every_page_s_citations_lead_into_the_text(server: str) -> None:
    html = page(server, "/page/hongqiao-2021/measure/4.2.2")
    assert re.search(rf'href="{PLAN}/at/\d+-\d+"', html)
    assert 'href="/page/hongqiao-2021/passage/' not in html


def test_a_row_of_a_table_is_quoted_cell_by_cell(server: str) -> None:
    row = re.search(r'<tr id="c(\d+-\d+)"><td>8</td>', page(server, PLAN))
    assert row, "its rows can be quoted"
    cited = page(server, f"{PLAN}/quote/{row[1]}")
    assert "“8 · 国家高新技术企业数量(家) · 84 · 140 · 预期性”——" in cited
    of_table = page(server, "/page/hongqiao-2021/indicator/8?lang=en")
    assert '“<span lang="zh-Hans">红桥区‘十四五’规划主要指标表</span>”' in of_table


def test_a_quotation_names_its_source(server: str) -> None:
    html = page(server, f"{PLAN}/quote/9505-9556")
    cited = re.search(r"<pre[^>]*>(.*?)</pre>", html, re.S)
    assert cited is not None
    for said in (
        "鼓励科技领军企业",
        "天津市红桥区人民政府：《",
        "〔2021〕2号",
        "2021-03-08",
        "第四章",
        "/id/hongqiao-2021/passage/9505-9556",
    ):
        assert said in cited[1]
    assert "更正此处" not in html  # nobody can write here
    narrowed = page(
        server,
        f"{PLAN}/quote/9505-9556?words=%E7%A7%91%E6%8A%80%E9%A2%86%E5%86%9B%E4%BC%81%E4%B8%9A",
    )
    assert "“科技领军企业”——" in narrowed


def test_what_is_folded_is_counted_without_the_dots_of_contents(server: str) -> None:
    folded = re.findall(r"封面、目录、页码等（(\d+)字）(.*?)</details>", page(server, PLAN), re.S)
    assert folded
    for count, html in folded:
        assert int(count) == sum(map(str.isalnum, unescape(re.sub("<[^>]*>", "", html))))


@pytest.mark.parametrize("place", ["9-9", "9-3", "0-99999999", "0-9000"])
def test_there_is_no_such_place(server: str, place: str) -> None:
    for path in ("at", "quote"):
        status, _, body = ask(f"{server}{PLAN}/{path}/{place}", Accept="text/html")
        assert status == 404 and place.split("-")[1] in body.decode()


def test_every_layer_has_marks_and_the_contents_lead_somewhere(server: str) -> None:
    html = page(server, PLAN)
    for kind in re.findall(r'id="layer-([A-Z]\w+)"', html):
        assert f'class="mark {kind}"' in html
    anchors = re.findall(r'<li class="depth-\d"><a href="#([^"]+)"', html)
    assert len(anchors) > 60 and all(f'id="{anchor}"' in html for anchor in anchors)
    # headed by the plan's title, which the page has above
    assert "spreface" not in anchors and '<span id="spreface"></span>' in html
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_only_paragraphs_and_only_without_a_script_have_a_link_to_quote_them(server: str) -> None:
    html = page(server, PLAN)
    pins = re.findall(r'<noscript><a class="pin"[^>]*>¶</a></noscript></p>', html)
    assert pins and len(pins) == html.count('class="pin"')


def test_titles_of_marks_are_in_one_language(server: str) -> None:
    html = page(server, f"{PLAN}?lang=en")
    assert not re.search(r'(?:title|aria-label)="(?:Measure|Target|Zone|Institution|Goal):', html)
    chinese = page(server, f"{PLAN}?lang=zh")
    assert not re.search(r'(?:title|aria-label)="[^"]*[一-鿿][:;][^"]', chinese)
    assert '" lang="en" title="Quote or correct this passage"' in html
    assert re.search(r">In this section: (1 measure|\d+ measures), \d+ targets?, \d+ zones?", html)
    joined = page(server, "/page/hongqiao-2021/goal/1?lang=en")
    assert 'class="method' in joined and not re.search('class="method[^>]*title=', joined)


def test_columns_of_a_former_release_are_lines_that_were_not_read(
    small_release: Path, tmp_path: Path
) -> None:
    """Releases before grids, and plans kept from them, have lines in columns."""
    out = copy_release(small_release, tmp_path / "release")
    (plan,) = (out / "current" / "plans").iterdir()
    rewrite(plan / "source.txt", lambda text: f"甲桥\t3公里\n乙路\t5公里\n{text}")
    columns = [{"kind": "columns", "place": [0, 14], "section": ""}]
    rewrite(plan / "document.json", lambda _: json.dumps(columns))
    rewrite(out / "current" / "manifest.json", lambda text: f"{text}\n")  # another release by it
    answer = pages(out).test_client().get(f"/plan/{plan.name}?lang=zh")
    assert answer.status_code == 200
    assert all(words in answer.text for words in ("甲桥", "3公里", "乙路", "5公里"))


def test_what_a_section_promises_is_a_page_of_its_own(server: str) -> None:
    html = page(server, PLAN)
    listed = page(server, f"{PLAN}/committed/4.2")
    assert f'href="{PLAN}/committed/4.2"' in html
    assert '<ul class="Measure"><li><a href="/page/hongqiao-2021/measure/4.2.' in listed
    assert f'href="{PLAN}#s4.2"' in listed and 'id="s4.2"' in html
    assert ask(f"{server}{PLAN}/committed/99")[0] == 404
    targets = page(server, f"{PLAN}/committed/annex1")
    assert "/target/1" in targets and "/baseline/" not in targets


def test_a_row_s_citation_leads_to_that_row(own_small_release: Path) -> None:
    client = pages(own_small_release).test_client()
    whole = client.get("/plan/qinghe-2026").text
    for number, name in enumerate(("地区生产总值", "国家高新技术企业数量", "空气优良天数比例"), 1):
        page = client.get(f"/page/qinghe-2026/indicator/{number}").text
        (row,) = re.findall(rf'<tr id="([^"]+)">(?:(?!</tr>).)*>{name}<', whole, re.DOTALL)
        cited = re.findall(r'href="(/plan/qinghe-2026/at/[^"]+)"', page)
        led = [client.get(place).location.rpartition("#")[2] for place in cited]
        assert led.count(row) > 1 and led[-1] == row, "from its number as from its values"
