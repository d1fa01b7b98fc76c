"""The pages that ask all plans: as pages, as files, with addresses to cite and queries with
rows.
"""

from __future__ import annotations

import csv
import html as markup
import io
import json
import re
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote, urlsplit

import openpyxl
import pyoxigraph as ox
import pytest
from rdflib import RDF, Graph, Namespace
from rdflib.namespace import DCAT, SH
from support import ask, pages

from kg.release.questions import Named, Place, Questions, Shared, Wording
from kg.web.linked_data.catalogue import page_quads, paging_quads
from kg.web.pages.corpus.named import full_name

pytestmark = pytest.mark.xdist_group("compare")

HYDRA = Namespace("http://www.w3.org/ns/hydra/core#")
WORD = "建设"
FORMATTED = ("/ns?", "/shapes?", "/releases/1?", "/sparql?", "/sparql?query=ASK {}&")
CHOOSING = (
    *(f"/search?q={WORD}&{facet}" for facet in ("type", "area", "level", "period")),
    *(f"/?{facet}" for facet in ("area", "level", "period", "state")),
    "/corpus/indicators?period",
)
PAGES = (
    "/corpus",
    "/corpus/indicators",
    f"/corpus/words?q={WORD}",
    "/corpus/levels",
    "/corpus/gaps",
    "/corpus/institutions",
    "/corpus/zones",
    "/corpus/wordings",
    "/corpus/periods",
)


def get(address: str, **headers: str) -> tuple[int, str]:
    status, _, body = ask(quote(address, safe="/:?=&"), **headers)
    return status, body.decode()


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_question_has_a_page(two: str, path: str, language: str) -> None:
    status, page = get(two + path, Accept="text/html", Cookie=f"language={language}")
    assert status == 200
    assert page.count("<h1>") == 1
    if path != "/corpus":
        files = ["format=csv" in page, "format=xlsx" in page]
        assert files == ["<tbody>" in page] * 2
        assert "<tbody>" not in page or found_by(two, page)
        assert "release=1" in markup.unescape(page)


def test_the_questions_are_reached_from_the_front_page(two: str) -> None:
    assert 'href="/corpus"' in get(f"{two}/", Accept="text/html")[1]
    listed = get(f"{two}/corpus", Accept="text/html")[1]
    for path in PAGES[1:]:
        assert f'href="{path.partition("?")[0]}"' in listed


def test_an_indicator_as_page_and_files_with_its_query(two: str) -> None:
    names = table(f"{two}/corpus/indicators")
    assert names, "the two plans share an indicator"
    assert found_by(two, get(f"{two}/corpus/indicators", Accept="text/html")[1])
    name = names[0][0]
    address = f"{two}/corpus/indicators?name={name}"
    page = get(address, Accept="text/html")[1]
    assert f"{name} · " in page and "<svg" in page  # in its citation
    assert "见于2部规划。单位、口径相同的目标值2个" in page and "目标年份不同（2025、2030）" in page
    page = get(f"{two}/corpus/indicators?q={name}", Accept="text/html")[1]
    assert "<svg" in page and "目标数值" not in page  # which is for files
    assert page.count("<title") > page.count('<title lang="zh') == page.count("<circle") > 0
    lines = table(address)
    assert len(lines) >= 2 and len({len(line) for line in lines}) == 1
    body = ask(quote(f"{address}&format=xlsx", safe="/:?=&"))[2]
    sheet = openpyxl.load_workbook(io.BytesIO(body)).worksheets[0]
    assert sheet.max_row > 3
    assert len(found_by(two, page)) >= 2


def table(address: str) -> list[list[str]]:
    """The rows of an answer as it is downloaded, without their heads and their citation."""
    body = get(f"{address}{'&' if '?' in address else '?'}format=csv")[1]
    rows = list(csv.reader(io.StringIO(body.lstrip("\ufeff"))))[1:]
    assert all("/corpus/" in row[-1] and "release=" in row[-1] for row in rows)
    return [row[:-1] for row in rows]


def found_by(server: str, page: str) -> list[dict[str, dict[str, str]]]:
    """What the query behind a page's answer finds."""
    link = re.search(r'class="behind-query" href="([^"]+)"', page)
    assert link is not None
    query = parse_qs(urlsplit(markup.unescape(link[1])).query)["edit"][0]
    address = f"{server}/sparql?query={quote(query)}"
    status, _, body = ask(address, Accept="application/sparql-results+json")
    assert status == 200, body
    rows: list[dict[str, dict[str, str]]] = json.loads(body)["results"]["bindings"]
    return rows


def test_the_query_behind_a_term_counts_what_the_page_counts(two: str) -> None:
    page = get(f"{two}/corpus/words?q={WORD}", Accept="text/html")[1]
    counted = [(one["plan"]["value"], one["sentences"]["value"]) for one in found_by(two, page)]
    rows = table(f"{two}/corpus/words?q={WORD}")
    assert sorted(counted) == sorted((row[2], row[5]) for row in rows) and len(rows) == 2
    assert all(any(WORD in cell for cell in row) for row in rows)


@pytest.mark.parametrize(
    ("key", "name", "full"),
    [
        ("320000 省委", "省委", "江苏省委"),
        ("320500 市政府", "市政府", "苏州市政府"),
        ("320000 发展改革委", "发展改革委", "江苏省发展改革委"),
        ("320000 省委", "江苏省委", "江苏省委"),
        ("国务院", "国务院", "国务院"),
        ("330106 西湖区", "西湖区", "浙江省杭州市西湖区"),
        ("320000 江苏省", "江苏", "江苏省"),
        ("310000 港", "上海港", "上海港"),
        ("320100 ~河西商务区", "河西商务区", "南京市河西商务区"),
    ],
)
def test_an_organ_in_a_list_of_all_plans_has_its_areas_name(key: str, name: str, full: str) -> None:
    assert full_name(key, name) == full


@pytest.mark.parametrize("path", ["gaps", "levels"])
def test_where_no_plan_is_below_another_that_is_said(two: str, path: str) -> None:
    page = get(f"{two}/corpus/{path}", Accept="text/html", Cookie="language=zh")[1]
    assert "目前没有上下级规划" in page and "0条" not in page


def test_what_cannot_be_answered_is_said(two: str) -> None:
    for path, status in (
        ("indicators?name=无此指标", 404),
        ("indicators?release=9", 404),
        ("indicators?release=x", 400),
        ("institutions?key=无此机构", 404),
        ("zones?name=无此区域", 404),
        ("gaps?higher=hongqiao-2021", 404),
        ("levels?higher=hongqiao-2021&lower=nowhere", 404),
        ("levels?higher=hongqiao-2021&lower=hongqiao-2021", 400),
        ("periods?before=hongqiao-2021&after=hongqiao-2021", 400),
        ("wordings?one=hongqiao-2021&other=hongqiao-2021", 400),
    ):
        found, line = get(f"{two}/corpus/{path}", Accept="text/plain")
        assert (found, len(line.splitlines())) == (status, 1), path
    nothing = get(f"{two}/corpus/words?q=无此词语", Accept="text/html", Cookie="language=zh")
    assert nothing[0] == 200 and "没有找到" in nothing[1]


@pytest.mark.parametrize(
    ("path", "status", "what"),
    [
        (f"/corpus/words?q={WORD}&release=x", 400, "release"),
        (f"/corpus/words?q={WORD}&format=pdf", 400, "html, csv, xlsx"),
        ("/compare?format=pdf", 400, "pdf"),
        (f"/search?q={WORD}&format=xml", 400, "html, json"),
        *((f"{path}format=foo", 400, "“foo”") for path in FORMATTED),
        *((f"{path}=foo", 400, "“foo”") for path in CHOOSING),
        ("/search?plan=foo", 404, "foo"),
        (f"/search?q={WORD}&page=99999999999", 404, "99999999999"),
        ("/catalogue.ttl?page=99999999999", 404, "99999999999"),
        (f"/search?q={WORD}&page=x", 400, "“x”"),
        (f"/search?q={WORD}&page=999", 404, "999"),
        ("/search?q=无此词语&page=10001", 404, "10001; the list has pages 1 to 1"),
        ("/corpus/institutions?type=nix", 400, "nix"),
        ("/corpus/zones?page=0", 400, "“0”"),
        ("/corpus/indicators?page=99", 404, "99"),
        ("/?page=2", 404, "the list has pages 1 to 1"),
        ("/catalogue.ttl?page=abc", 400, "abc"),
        ("/releases.atom?page=7", 404, "7"),
        ("/releases/compare?from=x&to=1", 400, "from"),
    ],
)
def test_what_an_address_asks_for_and_is_not_there_is_said(
    two: str, path: str, status: int, what: str
) -> None:
    found, line = get(two + path, Accept="text/plain, */*;q=0.1")
    assert (found, len(line.splitlines())) == (status, 1) and what in line, line
    page = get(two + path, Accept="text/html")[1]  # it keeps what was searched for
    assert f'value="{WORD}"' in page or WORD not in path
    if status == 404 and "page=" in path:
        first = re.search(r'href="([^"]*)">[^<]*第1页', page)
        assert first and get(two + markup.unescape(first[1]), Accept="*/*")[0] == 200


def test_a_name_that_nothing_has_is_said_before_the_other_is_given(two: str) -> None:
    found, page = get(f"{two}/connect/hongqiao-2021?from=无此名称", Accept="text/html")
    assert found == 404 and page.count('role="alert"') == 1


def test_an_answer_of_a_named_release_is_cited_at_its_address(two: str) -> None:
    page = markup.unescape(get(f"{two}/corpus/words?q={WORD}", Accept="text/html")[1])
    cited = re.search(r"(/corpus/words\?[^\s<]*release=1[^\s<]*)", page)
    assert cited is not None
    status, again = get(two + unquote(cited[1]), Accept="text/html")
    assert status == 200 and WORD in again


def test_search_is_narrowed_by_what_plans_are_for(two: str) -> None:
    """By province, level and period; the counts are those of the plans left."""

    def total(query: str) -> int:
        page = get(f"{two}/search?q={WORD}{query}", Accept="text/html", Cookie="language=en")[1]
        found = re.search(r'<p role="status">\D*(\d+)', page)
        return int(found[1]) if found else 0

    of_flagship = total("&plan=hongqiao-2021")
    assert 0 < of_flagship < total("")
    assert total("&area=天津市") == of_flagship
    assert total("&area=天津市&period=2021–2025&level=county") == of_flagship
    assert total("&area=天津市&period=2011–2015") == 0


def test_the_site_map_of_several_plans_is_an_index(two: str) -> None:
    places = re.findall(r"<loc>([^<]*)</loc>", get(f"{two}/sitemap.xml")[1])
    assert len(places) == 3 and "<sitemapindex" in get(f"{two}/sitemap.xml")[1]
    listed = [
        re.findall(r"<loc>([^<]*)</loc>", get(two + urlsplit(place).path)[1]) for place in places
    ]
    assert any(one.endswith("/corpus") for one in listed[0])
    assert len(listed[1]) + len(listed[2]) > 500
    for place in (listed[0][-1], listed[1][40], listed[2][20]):
        assert ask(two + urlsplit(place).path)[0] == 200, place
    assert get(f"{two}/sitemap/nowhere.xml", Accept="text/plain")[0] == 404


def test_a_page_of_the_catalogue_says_what_the_whole_says(two: str) -> None:
    """The first page of one is the whole catalogue, with Hydra's words."""
    whole, page = (
        Graph().parse(data=get(f"{two}/catalogue.ttl{query}")[1], format="turtle")
        for query in ("", "?page=1")
    )
    datasets = {*whole.subjects(RDF.type, DCAT.Dataset)}
    assert len([one for one in datasets if "/release/" in str(one)]) == 2 < len(datasets) - 10
    for node in datasets:
        assert set(page.predicate_objects(node)) >= set(whole.predicate_objects(node)), node
    further = {*page.subjects()} - {*whole.subjects()}
    assert further == {*page.subjects(RDF.type, HYDRA.PagedCollection)}, "words of the vocabulary"
    assert (None, SH.declare, None) not in page
    files = {o for d in datasets for o in whole.objects(d, DCAT.distribution)}
    assert files and files <= set(page.subjects(RDF.type, DCAT.Distribution))
    (node,) = page.subjects(RDF.type, HYDRA.PagedCollection)
    assert int(str(page.value(node, HYDRA.totalItems))) == 2
    assert not list(page.objects(node, HYDRA.next))  # there is no further one


def test_pages_lead_to_each_other_and_hold_their_own_plans_alone() -> None:
    base, store = "http://localhost:8000", ox.Store()
    said = f"""@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix : <{base}/id/> .
    :catalogue dcat:dataset <{base}/id/a/dataset> , <{base}/id/b/dataset> .
    <{base}/id/a/dataset> a dcat:Dataset ; dcat:distribution <{base}/id/a/dataset/file/x> .
    <{base}/id/a/dataset/file/x> a dcat:Distribution ; dcat:accessURL <{base}/x> .
    <{base}/id/b/dataset> a dcat:Dataset ."""
    store.load(said.encode(), ox.RdfFormat.TURTLE)
    found = page_quads(store, base, ["a"], {"a", "b"})
    assert len(found) == 5 and not any("/id/b/" in str(quad) for quad in found)
    told = {
        (q.predicate.value.rpartition("#")[2], getattr(q.object, "value", ""))
        for q in paging_quads("http://x/catalogue.ttl", 2, 3, 283)
    }
    assert {
        ("next", "http://x/catalogue.ttl?page=3"),
        ("nextPage", "http://x/catalogue.ttl?page=3"),
    } <= told
    assert {("previous", "http://x/catalogue.ttl?page=1"), ("totalItems", "283")} <= told


def test_sentences_that_are_alike_are_told_so_in_words(
    small_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shares = (1.0, 0.93, 0.67)
    pairs = [(Wording(1, "", "", 0, "", "甲", 1.0), Wording(1, "", "", 0, "", "乙", share))
        for share in shares]  # fmt: skip
    monkeypatch.setattr(Questions, "wordings", lambda *_: pairs)
    placed = Questions.places.func  # of the one plan that there is

    def with_another(questions: Questions) -> dict[str, Place]:
        [place] = placed(questions).values()
        return {one.plan: one for one in (replace(place, plan="qinghe-2021"), place)}

    monkeypatch.setattr(Questions, "places", property(with_another))
    address = "/corpus/wordings?one=qinghe-2021&other=qinghe-2026&lang=zh"
    page = pages(small_release).test_client().get(address).text
    assert all(words in page for words in ("文字相同", "大部分相同", ">部分相同")), page
    assert "0.93" not in page and "0.67" not in page


def test_a_file_has_addresses_and_says_who_names_what(
    small_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What leads on a page to two plans side by side is their address in a file."""
    slug = "qinghe-2026"
    monkeypatch.setattr(Questions, "pairs", lambda *_: [(slug, slug, 3)])
    found = [Shared("k", "云湖", "water", 2, 1)]
    monkeypatch.setattr(Questions, "shared", lambda *_, **__: (found, 1))
    named = [Named(slug, iri, "云湖") for iri in ("urn:a", "urn:b")]
    monkeypatch.setattr(Questions, "named_by", lambda *_, **__: {"k": named})
    client = pages(small_release).test_client()
    pairs, zones = (client.get(f"/corpus/{name}?format=csv").text for name in ("wordings", "zones"))
    there = f"http://localhost:8000/corpus/wordings?one={slug}&other={slug}&release=1"
    assert there in pairs and "并列查看" not in pairs
    assert "urn:a urn:b" in zones and "青禾区" in zones
