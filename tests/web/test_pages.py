"""The pages and documents over HTTP."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from datetime import datetime, timedelta
from html import escape, unescape
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import docx
import openpyxl
import pyoxigraph as ox
import pytest
from support import HANGING, ask, copy_release, pages, rewrite, run

from kg.errors import PlanlinkError
from kg.rdf.iris import reading_order
from kg.rdf.namespaces import PREFIXES
from kg.rdf.select import select
from kg.settings.loading import settings_from
from kg.views import entity
from kg.web.pages import questions
from kg.web.pages.charts import Mark, spread_labels
from kg.web.pages.plans import WITHOUT_GOAL


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = urllib.request.build_opener(_NoRedirect)


def get(address: str, **headers: str) -> tuple[int, Mapping[str, str], bytes]:
    request = urllib.request.Request(
        address, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )
    try:
        with _OPENER.open(request, timeout=HANGING) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


SLUG = "hongqiao-2021"
PARK = "hongqiao-2021/zone/guang-rong-dao-ke-ji-chan-ye-yuan"


def test_overview_shows_goals_with_what_supports_them(server: str) -> None:
    status, _, body = get(f"{server}/")
    html = body.decode()
    assert status == 200
    for words in (
        "经济发展稳中有进",
        "治理效能显著提升",
        "红桥政发〔2021〕2号",
        "<dd>2021-03-08</dd>",
        ">均为推断</small>",
        "新增就业人数",
        "累计8.5万人",
        "约束性",
        "程序未能确认有指标衡量此目标",
    ):
        assert words in html
    assert html.count('<article class="card">') == 8


def test_chapters_of_measures_that_support_no_goal_are_told() -> None:
    """Sections of a chapter of tasks stand for chapters; what lies within one that is told is
    not.
    """
    store = ox.Store()
    store.update(
        """INSERT DATA { <p> a plan:Plan .
        <s3> a plan:Section ; dcterms:isPartOf <p> .
        <s3.1> a plan:Section ; dcterms:isPartOf <s3> ; plan:supportsGoal <g> .
        <s3.2> a plan:Section ; dcterms:isPartOf <s3> .
        <s3.2.1> a plan:Section ; dcterms:isPartOf <s3.2> .
        <s4> a plan:Section ; dcterms:isPartOf <p> .
        <a> a plan:Measure ; dcterms:isPartOf <s3.1> ; plan:supportsGoal <g> .
        <b> a plan:Measure ; dcterms:isPartOf <s3.2.1> . <c> a plan:Measure ; dcterms:isPartOf <s4>
        }""",
        base_iri="http://x/",
        prefixes=PREFIXES,
    )
    found = {row["x"] for row in select(store, WITHOUT_GOAL)}
    assert found == {"http://x/s3.2", "http://x/s4"}


@pytest.mark.parametrize(
    ("named", "language"),
    [
        ("EN", "en"),
        ("en-GB", "en"),
        ("zh-CN", "zh-Hans"),
        ("ZH_hans", "zh-Hans"),
        ("fr", "zh-Hans"),
    ],
)
def test_a_language_may_be_named_by_any_tag_of_it(server: str, named: str, language: str) -> None:
    other = {"en": "zh", "zh-Hans": "en"}[language] if named != "fr" else "zh"
    _, headers, body = get(f"{server}/search?lang={named}", Cookie=f"language={other}")
    assert f'<html lang="{language}"' in body.decode()
    assert ("Set-Cookie" in headers) == (named != "fr"), "what was chosen is kept"


def test_english_by_switch_keeps_the_place(server: str) -> None:
    status, headers, body = get(f"{server}/search?q=%E5%B0%B1%E4%B8%9A&lang=en")
    assert status == 200 and 'href="/search?q=%E5%B0%B1%E4%B8%9A&amp;lang=zh"' in body.decode()
    chosen = headers["Set-Cookie"].split(";")[0]
    _, headers, body = get(f"{server}/?lang=en", Cookie=chosen)
    assert "Set-Cookie" not in headers, "a choice that is remembered is not told again"
    _, _, body = get(f"{server}/", Cookie=chosen)
    assert "Goals and what supports them" in body.decode()
    assert 'lang="en"' in body.decode()


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("text/html", f"/page/{PARK}"),
        ("text/turtle", f"/data/{PARK}.ttl"),
        ("application/ld+json;q=0.9, text/html;q=0.2", f"/data/{PARK}.jsonld"),
        ("application/rdf+xml, */*;q=0.1", f"/data/{PARK}.rdf"),
        ("*/*", f"/page/{PARK}"),
        ("", f"/page/{PARK}"),
    ],
)
def test_an_identifier_leads_to_what_was_asked_for(server: str, accept: str, location: str) -> None:
    status, headers, _ = get(f"{server}/id/{PARK}", Accept=accept)
    assert status == 303
    assert headers["Location"].endswith(location)
    assert "Accept" in headers["Vary"]


def test_an_unknown_identifier_is_404(server: str) -> None:
    for path in (
        "/id/hongqiao-2021/zone/nowhere",
        "/page/hongqiao-2021/zone/nowhere",
        "/data/hongqiao-2021/zone/nowhere.ttl",
        "/plan/nowhere",
        "/nowhere",
    ):
        assert get(server + path)[0] == 404, path


@pytest.mark.parametrize("extension", ["ttl", "nt", "rdf", "jsonld", "trig"])
def test_documents_parse_and_keep_datatypes(server: str, extension: str) -> None:
    status, headers, body = get(f"{server}/data/{PARK}.{extension}")
    assert status == 200
    assert "describes" in headers["Link"]
    if (
        extension == "jsonld"
    ):  # its context is at the base's address, which this server does not have
        body = json.dumps(
            json.loads(body)
            | {"@context": json.loads(get(f"{server}/context.jsonld")[2])["@context"]}
        ).encode()
    quads = list(ox.parse(body, format=ox.RdfFormat.from_extension(extension)))
    assert any(
        q.predicate.value.endswith("prefLabel") and q.object.value == "光荣道科技产业园"
        for q in quads
    )


def test_a_passage_keeps_its_offsets_datatype(server: str) -> None:
    _, _, body = get(f"{server}/data/{PARK}.nt")
    passage = re.search(rb"<http://localhost:8000/id/(hongqiao-2021/passage/\d+-\d+)>", body)
    assert passage
    _, _, body = get(f"{server}/data/{passage[1].decode()}.nt")
    assert re.search(
        rb'oa#start> "\d+"\^\^<http://www.w3.org/2001/XMLSchema#nonNegativeInteger>', body
    )


def test_a_page_shows_links_both_ways_and_the_sentence(server: str) -> None:
    html = get(f"{server}/page/hongqiao-2021/measure/4.2.2")[2].decode()
    assert "<h1>" in html and "支持天津卓朗科技发展有限公司扩建一期云计算数据中心" in html
    assert "<mark>坚持产业+地产思路,支持天津卓朗科技发展有限公司" in html
    assert "订正后" in html and "“产业+地产”" in html
    assert (
        'href="/page/hongqiao-2021/institution/tian-jin-zhuo-lang-ke-ji-fa-zhan-you-xian-gong-si"'
        in html
    )
    back = get(
        f"{server}/page/hongqiao-2021/institution/tian-jin-zhuo-lang-ke-ji-fa-zhan-you-xian-gong-si"
    )[2].decode()
    assert 'href="/page/hongqiao-2021/measure/4.2.2"' in back
    assert "句中点名" in back


def _without_data(html: str) -> str:
    """What a page says outside its folded data, as text."""
    main = html.partition("<main")[2].partition('<details class="data">')[0]
    return unescape(re.sub(r"<script.*?</script>|<[^>]+>", " ", main, flags=re.S))


@pytest.mark.parametrize(
    "path",
    ["page/hongqiao-2021/goal/1", "progress/hongqiao-2021", f"page/{PARK}", "page/hongqiao-2021/section/4",
     "relations/hongqiao-2021", "dataset/hongqiao-2021"],
)  # fmt: skip
def test_a_table_leads_to_its_plan_as_a_workbook(path: str, server: str) -> None:
    html = get(f"{server}/{path}?lang=zh")[2].decode()
    assert re.search(r'href="[^"]*/hongqiao-2021\.xlsx">下载 Excel</a>', html)


def test_counts_stand_below_one_another(server: str) -> None:
    html = get(f"{server}/page/hongqiao-2021/section/4?lang=zh")[2].decode()
    assert '<th scope="col" class="n">举措数</th>' in html
    assert re.search(r'<td data-head="举措数" class="n">\d+</td>', html)


def test_an_indicator_s_page_answers_first(server: str) -> None:
    """Baseline and target with units and years, the yearly requirement, a chart that is described,
    goal and measures; and the picture by itself tells what it is of."""
    html = get(f"{server}/page/hongqiao-2021/indicator/14")[2].decode()
    said = " ".join(_without_data(html).split())
    assert "基期值 33.48% 2020年" in said and "目标值 36.31% 2025年" in said
    assert "增加2.83个百分点，平均每年增加0.566个百分点" in said
    assert said.index("生态环境明显改善") < said.index("原文依据")
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="indicator-chart" role="img"' in html
    status, headers, picture = get(f"{server}/chart/hongqiao-2021/indicator/14.svg")
    assert (status, headers["Content-Type"].partition(";")[0]) == (200, "image/svg+xml")
    words = "".join(ET.fromstring(picture).itertext())
    for name in ("绿地率", "天津市红桥区国民经济", "第1次发布", "/id/hongqiao-2021/indicator/14"):
        assert name in words
    assert get(f"{server}/chart/hongqiao-2021/indicator/10.svg")[0] == 404
    for number in (14, 3):  # a short name and a long one, which is not cut off
        drawn = ET.fromstring(get(f"{server}/chart/hongqiao-2021/indicator/{number}.svg")[2])
        title = next(one for one in drawn.iter() if one.get("font-weight") == "700")
        wide = float(title.get("font-size", "0")) * len(title.text or "")
        assert 14 + wide <= float(drawn.get("viewBox", "").split()[2])


@pytest.mark.parametrize(("value", "aim"), [(90.0, 110.0), (110.0, 90.0)])
def test_a_value_and_the_target_of_its_year_have_their_words_on_either_side(
    value: float, aim: float
) -> None:
    (point,), (target,) = spread_labels(
        (Mark(400, value, "96%", ""),), (Mark(400, aim, "95%", ""),)
    )
    upper, lower = sorted((point, target), key=lambda mark: mark.y)
    assert upper.y + upper.down < upper.y and lower.y + lower.down > lower.y + 12
    apart = (Mark(300, value, "96%", ""),), (Mark(400, aim, "95%", ""),)
    assert spread_labels(*apart) == apart


def test_the_titles_of_things_of_one_name_differ(server: str) -> None:
    for thing, kind in (
        ("indicator/4.1.5-2", "指标"),
        ("quantity/4.1.5-2", "指标概念"),
        ("achievement/1.1.6-2", "已有成效"),
    ):
        html = get(f"{server}/page/hongqiao-2021/{thing}")[2].decode()
        assert f"<title>雏鹰企业数量 · {kind} · 天津市" in html


def test_pages_of_places_goals_and_measures_answer_first(server: str) -> None:
    for path, answer in (
        (PARK, "打造光荣道科技产业园"),
        ("hongqiao-2021/goal/1", "第四章 培育引领经济高质量发展新动能"),
        ("hongqiao-2021/measure/4.2.2", "天津卓朗科技发展有限公司"),
        ("hongqiao-2021/section/4.2", "打造光荣道科技产业园"),
    ):
        html = get(f"{server}/page/{path}")[2].decode()
        assert answer in " ".join(_without_data(html).split()), path
    here = " ".join(_without_data(get(f"{server}/page/{PARK}")[2].decode()).split())
    assert "第四章第二节第1段" in here and here.index("打造光荣道科技产业园") < here.index(
        "原文依据"
    )
    beside = get(f"{server}/page/hongqiao-2021/measure/4.2.2")[2].decode()
    goal = get(f"{server}/page/hongqiao-2021/goal/1")[2].decode()
    assert re.search(r"培育引领经济高质量发展新动能<small[^>]*>推断</small>", goal)
    assert re.search(r"经济发展稳中有进</a><small[^>]*>推断</small>", beside)
    company = re.search(r'href="(/page/hongqiao-2021/link/measure-4\.2\.2\.involves[^"]*)"', beside)
    assert company is not None
    link = " ".join(_without_data(get(f"{server}{company[1]}")[2].decode()).split())
    assert re.search(r"关联依据.{0,200}原文载明", link), link
    why = re.findall(
        r'title="\s*([^"]*)">\s*(句中点名|所在章节经人工审定|词语相似)</a>', beside + goal
    )
    assert {("句中写明“天津卓朗科技发展有限公司”", "句中点名")} <= {*why}, why
    assert any("相似度0." in words for words, method in why if method == "词语相似"), why
    assert re.findall(
        r'rel="(prev|next)" href="/page/hongqiao-2021/measure/4\.2\.(\d)"', beside
    ) == [
        ("prev", "1"),
        ("next", "3"),
    ]


@pytest.mark.parametrize(
    ("thing", "held"),
    [
        ("hongqiao-2021/issuer", "该机构发布的规划"),
        ("hongqiao-2021/values", "包含的数值"),
        ("period/2025", "属于此时期的数值"),
    ],
)
def test_what_has_no_words_of_its_own_lists_what_it_holds(
    server: str, thing: str, held: str
) -> None:
    html = get(f"{server}/page/{thing}?lang=zh")[2].decode()
    said = re.search(rf"<h2>{held} <small>(\d+)条</small></h2>\s*<ul>(.*?)</ul>", html, re.S)
    assert said is not None
    assert said[2].count("<li>") == int(said[1]) > 0


def test_a_goal_s_indicators_stand_before_what_the_plan_says(server: str) -> None:
    html = get(f"{server}/page/hongqiao-2021/goal/1?lang=zh")[2].decode()
    assert html.index("衡量指标及进展") < html.index("原文依据") < html.index("各章举措")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_reading_pages_speak_one_language_and_no_rdf(server: str, language: str) -> None:
    """Outside the folded data no identifiers, scores, offsets or names of properties; on English
    pages nothing of the interface is Chinese, on Chinese ones nothing is English."""
    for path in (PARK, *(f"hongqiao-2021/{x}" for x in ("goal/1", "measure/4.2.2", "indicator/8"))):
        html = get(f"{server}/page/{path}", Cookie=f"language={language}")[2].decode()
        said = _without_data(html.partition('<details class="cite">')[0])
        assert not re.search(
            r"dataSet|wasRevisionOf|\d{4,}-\d{4,}|/id/|0\.\d{3}\b|measure-\d", said
        )
        headings = re.findall(r"<h2>(.*?)</h2>|<t[hd][^>]* scope=\"col\"[^>]*>(.*?)<", html, re.S)
        words = re.sub("<[^>]+>", "", " ".join(map("".join, headings)))
        assert not re.search("[\u4e00-\u9fff]" if language == "en" else "[A-Za-z]{2}", words), words


@pytest.mark.parametrize(
    ("path", "first"), [("sparql", "示例"), ("relations/hongqiao-2021", "穿过")]
)
def test_sentences_follow_as_the_language_parts_them(path: str, first: str, server: str) -> None:
    html = get(f"{server}/{path}?lang=zh")[2].decode()
    words = re.sub("<[^>]+>", "", html.split("<h1")[1].partition("<a ")[0])
    assert re.search(f"{first}[^。]*。[\u4e00-\u9fff]", words)


def test_the_full_text_marks_what_was_read(server: str) -> None:
    html = get(f"{server}/plan/hongqiao-2021")[2].decode()
    text = re.sub(r'<a class="ref[^>]*>[^<]*</a>|<[^>]+>', "", html)
    assert "聚焦智能科技、数字内容、智慧能源三大产业" in text
    assert (
        'class="mark Zone"' in html
        and 'class="mark Institution"' in html
        and 'class="mark Measure"' in html
    )
    assert len(re.findall('class="mark Measure"', html)) > 200


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("西站", "西站"),
        ("养老床位", "每千名老人拥有养老床位数"),
        ("光荣道科技", "光荣道科技产业园"),
        ("PM2.5", "PM2.5"),
        ("养老床位的目标是多少？", "每千名老人拥有养老床位数"),
        ("2030年养老床位目标是多少", "每千名老人拥有养老床位数"),
    ],
)
def test_search_finds_names_first(server: str, words: str, first: str) -> None:
    html = get(f"{server}/search?q={urllib.parse.quote(words)}")[2].decode()
    hits = re.findall(r'<li>\s*<span class="chip \w+">[^<]+</span> <a href="[^"]+">(.*?)</a>', html)
    assert hits
    assert first in re.sub("<[^>]+>", "", hits[0])
    item = html.partition('<ol class="hits"')[2].partition("</li>")[0]
    assert '<p class="quiet" lang="zh-Hans">' in item  # where it is said, if only a name was found


def test_a_release_older_than_its_pages_is_refused_in_a_line(
    small_release: Path, tmp_path: Path
) -> None:
    out = copy_release(small_release, tmp_path / "release")
    served = pages(out).test_client()
    shutil.rmtree((out / "current" / "changes").resolve())
    refused = served.get("/releases/1")
    assert refused.status_code == 410 and "earlier planlink" in refused.text
    with pytest.raises(PlanlinkError, match="publish its plans again"):
        pages(out)


@pytest.mark.parametrize(
    "words",
    [
        "研究（R&D）与飞行器（eVTOL）“City Walk”路线",
        "石堰年均浓度（PM、CO）",
        "涉VOCs（挥发性有机物）治理",
    ],
)
def test_chinese_in_an_english_page_is_marked_to_its_end(words: str, server: str) -> None:
    """With what stands in Latin letters in its brackets, and with short names before Chinese."""
    asked = urllib.parse.quote(f"{words} of 2030")
    page = get(f"{server}/search?q={asked}&lang=en")[2].decode()
    assert f'<span lang="zh-Hans">{escape(words)}</span> of 2030' in page


def test_search_facets_add_up(server: str) -> None:
    html = get(f"{server}/search?q={urllib.parse.quote('就业')}")[2].decode()
    total = int(re.search(r"共(\d+)项", html)[1])  # type: ignore[index]
    facets = [int(n) for n in re.findall(r"type=\w+\"\s*>[^<]*&nbsp;(\d+)</a>", html)]
    assert total == sum(facets) > 10


@pytest.mark.parametrize("words", ["", "*", '"', "' OR 1=1", "龘龘龘", "a" * 3000, "%00", "\u202e"])
def test_search_takes_any_words(server: str, words: str) -> None:
    assert get(f"{server}/search?q={urllib.parse.quote(words)}")[0] == 200


def test_a_choice_without_words_lists_all_of_it(server: str) -> None:
    """What the overview counts, it leads to; a search from there stays within the choice."""
    overview = unescape(get(f"{server}/")[2].decode())
    counted = re.findall(r'<strong>(\d+)</strong>\s*<a href="(/search\?[^"]+)">', overview)
    assert len(counted) == 4
    for number, address in counted:
        page = get(f"{server}{address}")[2].decode()
        assert f"共{number}项" in page
        assert '<input type="hidden" name="plan" value="hongqiao-2021">' in page
    listed = get(f"{server}{counted[0][1]}")[2].decode().partition('<ol class="hits"')[2]
    measures = re.findall(r'href="([^"]+/measure/[^"]+)"', listed)
    assert measures == sorted(measures, key=reading_order), "as they follow in the text"
    assert "可检索目标" in get(f"{server}/search")[2].decode()


def test_search_goes_on_page_by_page(server: str) -> None:
    """Every hit stands on one page, with its chapter, and each choice keeps the others."""
    hit = r'<li>\s*<span class="chip \w+">[^<]+</span> <a href="([^"]+)">'
    found: list[str] = []
    address = f"/search?q={urllib.parse.quote('發展')}&plan=hongqiao-2021"
    while address:
        html = get(f"{server}{address}")[2].decode()
        found += re.findall(hit, html)
        following = re.search(r'<a rel="next" href="([^"]+)"', html)
        address = following[1].replace("&amp;", "&") if following else ""
        assert "plan=hongqiao-2021" in address or not address
    said = re.search(r"共(\d+)项，以下为第(\d+)至(\d+)项", html)
    assert said is not None
    assert said[1] == said[3] == str(len(set(found))) == str(len(found))
    measures = get(f"{server}/search?q={urllib.parse.quote('发展')}&type=Measure")[2].decode()
    assert set(re.findall(r'class="chip (\w+)"', measures)) == {"Measure"}
    assert "<cite>" in measures


def test_one_page_of_results_is_not_counted_from_first_to_last(server: str) -> None:
    words = urllib.parse.quote("光荣道科技产业园")
    page = get(f"{server}/search?q={words}&type=Zone&lang=zh")[2].decode()
    assert re.search(r"共1项\s*<a", page) and "以下为第" not in page


def test_a_search_within_a_choice_does_not_blame_the_word(server: str) -> None:
    words = urllib.parse.quote("养老")
    narrow = get(f"{server}/search?q={words}&type=Goal&level=nation&lang=zh")[2]
    assert "在所选范围内没有找到" in narrow.decode() and "请换一个词" not in narrow.decode()
    assert f'href="/search?q={words}"' in narrow.decode()
    nothing = urllib.parse.quote("无此事物")
    assert "请换一个词" in get(f"{server}/search?q={nothing}&lang=zh")[2].decode()


def test_downloads_lead_to_what_programs_ask(server: str) -> None:
    page = get(f"{server}/downloads")[2].decode()
    assert "<code>http://localhost:8000/sparql</code>" in page and 'href="/openapi.json"' in page


def test_downloads_are_what_the_manifest_says(server: str) -> None:
    manifest = json.loads(get(f"{server}/manifest.json")[2])
    for name, entry in manifest["files"].items():
        if name.startswith("dumps/"):
            assert hashlib.sha256(get(f"{server}/{name}")[2]).hexdigest() == entry["sha256"]
    assert get(f"{server}/dumps/..%2fmanifest.json")[0] == 404


def test_a_plan_s_text_is_saved_under_the_plan_s_name(server: str) -> None:
    headers = get(f"{server}/sources/hongqiao-2021.txt")[1]
    assert headers["Content-Disposition"] == "inline; filename=hongqiao-2021.txt"


def test_vocabulary_in_both_forms(server: str) -> None:
    assert 'id="locatedIn"' in get(f"{server}/ns")[2].decode()
    status, _, body = get(f"{server}/ns", Accept="text/turtle")
    assert status == 200
    assert len(list(ox.parse(body, format=ox.RdfFormat.TURTLE))) > 500


def test_nothing_asks_another_host(server: str) -> None:
    for path in (
        "/",
        "/plan/hongqiao-2021",
        "/relations/hongqiao-2021",
        "/sparql",
        f"/page/{PARK}",
    ):
        html = get(server + path)[2].decode()
        assert not re.findall(r'(?:src|<link rel="(?:stylesheet|icon)" href)="https?://', html), (
            path
        )
        assert not re.findall(r'<script(?![^>]*(?:src=|type="application/ld\+json"))', html), path


def test_how_two_things_are_connected(server: str) -> None:
    """From an institution to a goal, by names; each step rests on a sentence of the plan or on its
    outline.
    """
    query = urllib.parse.urlencode({"from": "红桥区口腔医院", "to": "民生福祉持续增强"})
    page = get(f"{server}/connect/hongqiao-2021?{query}")[2].decode()
    (_, *paths) = page.split('class="path"')
    assert paths
    for path in paths:
        _, start, *steps = path.partition("</ol>")[0].split("<li>")
        assert "/institution/hong-qiao-qu-kou-qiang-yi-yuan" in start and steps
        assert all("<blockquote" in step for step in steps if 'class="method"' in step)
        assert "/goal/" in steps[-1]
    assert "口腔医院" in paths[0].partition("<blockquote")[2]


def test_pages_cite_chapters_and_name_links_in_words(server: str) -> None:
    """No code points and no identifiers stand where an officer reads."""
    query = urllib.parse.urlencode({"from": "红桥区口腔医院", "to": "民生福祉持续增强"})
    path = _without_data(get(f"{server}/connect/hongqiao-2021?{query}")[2].decode())
    assert re.search("第.{1,3}章", path) and not re.search(r"\b\d{4,6}-\d{4,6}\b", path)
    decided = _without_data(get(f"{server}/page/hongqiao-2021/correction/11")[2].decode())
    assert "支撑目标" in decided and "supportsGoal" not in decided
    refused = _without_data(get(f"{server}/page/hongqiao-2021/correction/19")[2].decode())
    assert "contributesTo" not in refused and "measure 11.4.2" not in refused.lower()
    square = f"{server}/page/hongqiao-2021/zone/xi-zhan-qian-guang-chang"
    assert "第三章和第九章均将其作为待开发地块" in _without_data(get(square)[2].decode())
    board = get(f"{server}/board/hongqiao-2021")[2].decode()
    indicators = _without_data(board)
    assert "−7" in indicators and "[-]" not in indicators
    green = board.partition("绿地率</a>")[2].partition("</tr>")[0]
    for told in ("约束性", "33.48", "+2.83", "+0.566", 'class="small-chart"'):
        assert told in green
    english = get(f"{server}/board/hongqiao-2021", Cookie="language=en")[2].decode()
    assert "+15,000 households" in english and "+0.8 percentage points" in english
    graph = get(f"{server}/relations/hongqiao-2021", Cookie="language=en")[2].decode()
    assert "33 more indicators" in graph and "<h3>Institutions</h3>" in graph
    assert "Bytes" not in get(f"{server}/dataset/hongqiao-2021")[2].decode()


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("hongqiao-2021/area", "/page/hongqiao-2021"),
        ("hongqiao-2021", "/plan/hongqiao-2021"),
        ("hongqiao-2021/goals", "/page/hongqiao-2021/goal/1"),
        ("hongqiao-2021/quantity/7.1.3-1", "/page/hongqiao-2021/indicator/7.1.3-1"),
    ],
)
def test_things_without_a_text_of_their_own_lead_on(path: str, leads_to: str, server: str) -> None:
    main = get(f"{server}/page/{path}")[2].decode().partition("<main")[2]
    assert f'href="{leads_to}"' in main.partition('<details class="data">')[0]


def test_what_was_not_found_is_searched_for(server: str) -> None:
    status, _, body = get(f"{server}/page/hongqiao-2021/measure/99.1", Accept="text/html")
    assert status == 404 and 'action="/search"' in body.decode().partition("<main")[2]


def test_a_refused_choice_leads_back_to_the_page_without_it(server: str) -> None:
    for path, back in (
        ("/progress/hongqiao-2021?year=abc", "/progress/hongqiao-2021"),
        ("/relations/hongqiao-2021?colour=none", "/relations/hongqiao-2021"),
        ("/board/hongqiao-2021?year=1", "/board/hongqiao-2021"),
        ("/gaps/hongqiao-2021?year=1", "/gaps/hongqiao-2021"),
        ("/releases/compare?from=x", "/releases"),
    ):
        status, _, body = get(f"{server}{path}", Accept="text/html")
        button, shown = f'class="button" href="{back}"', body.decode().partition("<main")[2]
        assert status == 400 and button in shown, path
        assert "Back to the form" not in shown and shown.count('class="button"') == 1, path
        assert "<button>" not in shown, "one way is offered before the others"


def test_a_chart_in_english_names_the_unit_of_its_axis(server: str) -> None:
    page = get(f"{server}/page/hongqiao-2021/indicator/4?lang=en", Accept="text/html")[2].decode()
    chart = page.partition('class="indicator-chart"')[2].partition("</svg>")[0]
    assert ">ten thousand households or businesses</text>" in chart and ">5.5</text>" in chart


def test_the_data_of_a_plan_are_found_and_told_apart(server: str) -> None:
    slug = "hongqiao-2021"
    overview = get(f"{server}/overview/{slug}?lang=zh", Accept="text/html")[2].decode()
    assert f'href="/dataset/{slug}"' in overview.partition("<main")[2]
    page = get(f"{server}/dataset/{slug}?lang=zh", Accept="text/html")[2].decode()
    files = re.findall(r'<tr>\s*<td[^>]*><a href="[^"]+">([^<]+)</a></td>\s*<td[^>]*>([^<]+)', page)
    assert files[0] == (f"{slug}.xlsx", "Excel 工作簿，各表各为一页")
    assert all(re.search("[\u4e00-\u9fff]", words) for _, words in files) and len(files) > 20
    shown, _, folded = page.partition("<main")[2].partition('<details class="data"')
    assert shown.count("<table") == folded.count("<table") == 1  # of what each table holds, first
    assert "SHA-256" not in shown and "知识共享署名" in shown
    assert re.findall(r'aria-label="(目标 [^"]+)"', shown) == ["目标 CSV", "目标 CSVW", "目标 JSON"]


@pytest.mark.parametrize(
    ("link", "language", "sentence"),
    [
        ("measure-4.1.1.supportsGoal.goal-1", "zh", r"举措“大力培育高新技术企业”支撑目标“[^”]+”"),
        ("target-4.1.5-5.inconsistentWith.target-6", "en", "Target “.+” disagrees with “.+” of .+"),
    ],
)
def test_a_link_is_a_sentence_on_its_page(
    server: str, link: str, language: str, sentence: str
) -> None:
    page = get(f"{server}/page/hongqiao-2021/link/{link}?lang={language}", Accept="text/html")[2]
    shown = page.decode().partition("<main")[2].partition('<details class="data"')[0]
    heading = re.sub("<[^>]+>|&#[^;]+;", "", shown.partition("<h1>")[2].partition("</h1>")[0])
    assert re.fullmatch(f"(关联|Link) {sentence}", heading.strip())
    terms = set(re.findall("<dt>([^<]+)</dt>", shown))
    assert not terms & {"主体", "客体", "关系", "Subject", "Object", "Property"}


def test_what_a_release_describes_has_a_name(server: str) -> None:
    slug = "hongqiao-2021"
    for path, name in (
        (f"{slug}/dataset/period", "2021-2025"),
        (f"{slug}/dataset/zones/file/zones.csv/checksum", "SHA-256"),
        ("catalogue/contact", "数据服务"),
        ("catalogue/sparql/example/1", "机构"),
    ):
        page = get(f"{server}/page/{path}?lang=zh", Accept="text/html")[2].decode()
        heading = page.partition("<h1")[2].partition("</h1>")[0]
        assert name in heading, path


def test_a_year_that_is_asked_for_is_the_year_shown(server: str) -> None:
    status, headers, _ = get(f"{server}/board/hongqiao-2021?year=2022")
    assert (status, headers["Location"]) == (302, "/progress/hongqiao-2021?year=2022")
    page = get(f"{server}/gaps/hongqiao-2021?year=2022")[2].decode()
    assert re.findall(r"<th[^>]*>(20\d\d)</th>", page) == ["2022"]


def test_a_year_or_unit_printed_with_a_number_stands_once(small_copy: Path, tmp_path: Path) -> None:
    source = small_copy / "source.txt"
    words = source.read_text(encoding="utf-8")
    words = words.replace("亿元\t520", "亿元\t520（2024年）")
    each = "空气质量稳定达标，全员劳动生产率提高到每人46万元，"
    source.write_text(words.replace(each[:9], each), encoding="utf-8")
    done = run("publish", small_copy, "--out", tmp_path / "release")
    assert done.returncode == 0, done.stderr
    client = pages(tmp_path / "release").test_client()
    for language, years in (("zh", "2024年"), ("en", "2024")):
        page = client.get(f"/page/qinghe-2026/indicator/1?lang={language}").text
        figures = page.partition('class="key-figures"')[2].partition("</dl>")[0]
        assert figures.count(years) == 1
    page = client.get("/page/qinghe-2026/indicator/1.2.4-2?lang=zh").text
    assert ">提高到每人46万元<" in page and "人万元" not in page
    assert "单位不是" not in client.get("/plan/qinghe-2026/report?lang=zh").text


def test_no_connection_and_no_such_thing(server: str) -> None:
    for query, says, expected in (
        (
            {"from": "红桥区口腔医院", "to": "没有这个名称"},
            "没有找到名称与“没有这个名称”相符的",
            404,
        ),
        ({"from": "红桥区口腔医院"}, "两者有何关联", 200),
    ):
        address = f"{server}/connect/hongqiao-2021?{urllib.parse.urlencode(query)}"
        status, _, page = ask(address)
        assert (status, says in page.decode()) == (expected, True)


def test_a_long_list_is_cut_and_tells_the_query_for_the_rest(
    release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (entity, questions):
        monkeypatch.setattr(module, "MOST", 5)
    html = pages(release).test_client().get("/page/hongqiao-2021/goal/6").get_data(as_text=True)
    listed = re.search(
        r'supportsGoal">[^<]+</a>\s*<small>(\d+)</small>\s*</dt>\s*<dd>\s*<ul>(.*?)</ul>\s*'
        r'<p>\s*另有(\d+)项。\s*<a [^>]*href="([^"]+)"',
        html,
        re.S,
    )
    assert listed
    total, rows, more, address = listed.groups()
    assert (rows.count("<li>"), int(more)) == (5, int(total) - 5)
    query = urllib.parse.parse_qs(urllib.parse.urlsplit(unescape(address)).query)["edit"][0]
    store = ox.Store.read_only(str((release / "current").resolve() / "store"))
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, ox.QuerySolutions)
    assert len({row["entity"] for row in found}) == int(total)


def test_a_report_calls_things_by_their_names(own_small_release: Path) -> None:
    path = own_small_release / "current" / "plans" / "qinghe-2026" / "report.json"
    goal = "http://localhost:8000/id/qinghe-2026/goal/1"
    said = {"message_zh": f"又称与{goal}的名称相同", "message_en": f"{goal}, another goal, is it"}
    result = {"focus": goal, "shape": "", "severity": "Warning", **said}
    rewrite(path, lambda _: json.dumps([result]))
    client = pages(own_small_release).test_client()
    for language, words in (("zh", "又称与“产业能级"), ("en", "提升</span>”, another goal")):
        page = unescape(client.get(f"/plan/qinghe-2026/report?lang={language}").text)
        assert goal not in page and words in page, page


def test_a_plan_without_a_table_of_indicators_says_what_that_leaves_open(
    small_copy: Path, tmp_path: Path
) -> None:
    def without_table(words: str) -> str:
        return "\n".join(line for line in words.splitlines() if "\t" not in line)

    rewrite(small_copy / "source.txt", without_table)
    done = run("publish", small_copy, "--out", tmp_path / "release")
    assert done.returncode == 0, done.stderr
    client = pages(tmp_path / "release").test_client()
    gaps = client.get("/gaps/qinghe-2026?lang=zh").text
    assert not re.search(r"<th [^>]*>\s*序号<", gaps), "an empty column"
    assert 'id="values"' in gaps and 'id="bodies"' in gaps and "没有缺项" not in gaps
    report = docx.Document(BytesIO(client.get("/progress/qinghe-2026.docx?lang=zh").data))
    said = "".join(paragraph.text for paragraph in report.paragraphs)
    assert "共5项指标：无数据 5" in said and "均有数据" not in said
    for path in ("board", "progress", "overview"):
        page = client.get(f"/{path}/qinghe-2026?lang=zh").text
        assert "未能从原文中读出指标表；以下5项指标及其数值读自正文" in page
        assert not re.search(r"<th [^>]*>\s*序号<", page), "an empty column"


def test_errata_of_one_place_are_listed_as_they_follow(small_copy: Path, tmp_path: Path) -> None:
    before = (small_copy / "source.txt").read_text(encoding="utf-8").index("，新建公园")
    missing = [f"、其中第{n}产业" for n in "一二三四"]
    errata = [
        f'[[erratum]]\nstart = {before}\npublished = ""\ncorrection = "{words}"\nreason = "lost"\n'
        for words in missing
    ]
    (small_copy / "errata.toml").write_text("\n".join(errata), encoding="utf-8")
    done = run("publish", small_copy, "--out", tmp_path / "release")
    assert done.returncode == 0, done.stderr
    page = pages(tmp_path / "release").test_client().get("/plan/qinghe-2026/report?lang=zh").text
    assert re.findall(r"<ins>([^<]+)</ins>", page.partition('id="errata"')[2]) == missing


@pytest.mark.parametrize(
    ("path", "sheet"), [("/releases", "历次发布"), (f"/plan/{SLUG}/report", "提示")]
)
def test_a_page_s_table_is_taken_as_a_workbook(path: str, sheet: str, server: str) -> None:
    html = get(f"{server}{path}", Accept_Language="zh-CN")[2].decode()
    link = re.search(r'href="([^"]+)" download>下载 Excel</a>', html)
    assert link
    book = openpyxl.load_workbook(BytesIO(get(server + unescape(link[1]))[2]))
    heads, *rows, _, cited = book[sheet].iter_rows(values_only=True)
    shown = re.search(r"<table.*?</table>", html, re.S)
    assert shown and shown[0].count("<tr>") == 1 + len(rows) > 1
    assert set(filter(None, heads)) - {"IRI", "级别"} <= set(re.findall(r'col"[^>]*>(.*?)<', html))
    assert f"{path}?release=1" in str(cited[0])
    assert get(f"{server}{path}?release=1")[0] == 200 and get(f"{server}{path}?release=9")[0] == 404


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Pacific/Kiritimati", "Pacific/Niue"])
def test_a_moment_is_shown_by_the_office_s_clock(own_small_release: Path, zone: str) -> None:
    settings = settings_from({"site": {"time_zone": zone}}, "site.toml")
    page = (
        pages(own_small_release, settings)
        .test_client()
        .get("/releases", headers={"Accept": "text/html"})
        .text
    )
    found = re.search(r'<time datetime="([^"]+)">([^<]+)</time>', page)
    assert found is not None
    moment = datetime.fromisoformat(found[1])
    assert moment.utcoffset() == timedelta(0), "programs read it in UTC"
    assert found[2] == moment.astimezone(ZoneInfo(zone)).date().isoformat()
    imprint = re.search(r'class="imprint">.*?</p>', page, re.DOTALL)
    assert imprint is not None and f"<time>{found[2]}</time>" in imprint[0]
    today = datetime.now(ZoneInfo(zone)).date()
    cited = pages(own_small_release, settings).test_client().get("/cite/qinghe-2026?style=ris").text
    accessed = re.search(r"Y2  - (\S+)", cited)
    assert accessed and f"{today:%Y/%m/%d}" <= accessed[1], "not the day in Greenwich"
    assert f"(release 1, {found[2]})" in cited
    reading = pages(own_small_release, settings).test_client().get("/page/qinghe-2026/reading").text
    shown = re.search(r'<time datetime="([^"]+)">([^<]+)</time>', reading)
    assert shown is not None
    minute = datetime.fromisoformat(shown[1]).astimezone(ZoneInfo(zone))
    assert shown[2] == minute.strftime("%Y-%m-%d %H:%M")


def test_a_release_tells_no_counts_of_nothing(own_small_release: Path) -> None:
    page = (
        pages(own_small_release)
        .test_client()
        .get("/releases?lang=zh", headers={"Accept": "text/html"})
        .text
    )
    tally = re.search(r'<td[^>]*class="tally">(.*?)</td>', page, re.DOTALL)
    assert tally is not None and tally[1].strip()
    assert not re.search(r"(?<!\d)0[项条]", tally[1])


@pytest.mark.parametrize(("language", "unit"), [("zh", "兆字节"), ("en", "megabytes")])
def test_the_limits_of_queries_are_told_in_words(server: str, language: str, unit: str) -> None:
    page = get(f"{server}/sparql?lang={language}", Accept="text/html")[2].decode()
    assert unit in page
    assert re.search(r"\d,\d{3}", page), "thousands are set apart"


@pytest.mark.parametrize("path", ["/ns", "/shapes"])
def test_the_vocabulary_and_its_rules_begin_with_their_contents(server: str, path: str) -> None:
    page = get(f"{server}{path}", Accept="text/html")[2].decode()
    contents = re.search(r"<nav [^>]*>\s*<ul[^>]*>\s*<li><a href=\"#.*?</nav>", page, re.DOTALL)
    assert contents is not None
    led = re.findall(r'href="#([^"]+)"', contents[0])
    assert led and led == re.findall(r'<h2 id="([^"]+)"', page)
    assert {"/ns": "qudt:Unit", "/shapes": "qb:DataSet"}[path] in page, "as it is written"


def test_properties_stand_by_the_class_that_they_are_of(server: str) -> None:
    page = get(f"{server}/ns?lang=zh", Accept="text/html")[2].decode()
    for name, of in (("hasBaseline", "指标"), ("supportsGoal", "举措、章节")):
        before = page.partition(f'<tr id="{name}">')[0]
        assert re.findall(r'scope="rowgroup">([^<]+)</th>', before)[-1] == of, name
    assert "rowgroup" not in page.partition('<h2 id="ObjectProperty">')[0]
    assert ">TTL</a>" in page, "as the pages of data sets name it"


@pytest.mark.parametrize(
    ("language", "nought"), [("zh", r"(?<![\d.])0[项条]"), ("en", r">\s*0\s*<")]
)
def test_a_head_counts_nothing_by_saying_nothing(
    own_small_release: Path, language: str, nought: str
) -> None:
    """Of what was not found the sentence below says so; states of measures nobody entered."""
    site, slug = pages(own_small_release).test_client(), "qinghe-2026"
    for path in ("indicator/1", "indicator/2", "goal/1"):
        page = site.get(f"/page/{slug}/{path}?lang={language}", headers={"Accept": "text/html"})
        heads = re.findall(r"<h[23]>.*?</h[23]>", page.text, re.DOTALL)
        assert heads and not [head for head in heads if re.search(nought, head)], path
    told = site.get(f"/progress/{slug}?lang={language}", headers={"Accept": "text/html"}).text
    assert {"zh": "尚未录入进展", "en": "has been entered yet"}[language] in told


def test_a_framed_picture_marks_a_plan_s_words_as_chinese(own_small_release: Path) -> None:
    client = pages(own_small_release).test_client()
    page = client.get("/relations/qinghe-2026/embed?lang=en").text
    for part in (r"<h1>.*?</h1>", r'<p class="imprint">.*?</p>'):
        (said,) = re.findall(part, page, re.DOTALL)
        unmarked = re.sub(r'<span lang="zh-Hans">.*?</span>|<[^>]+>', "", said)
        assert "青禾区" in said and "青禾区" not in unmarked
