"""Plans side by side: the flagship and an invented plan."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
from pathlib import Path
from urllib.parse import quote

import openpyxl
import pytest
from support import ask, pages, rewrite, run

from kg.link.themes import theme
from kg.release.manifest import PlanEntry
from kg.views.annex import Row
from kg.views.comparison import Cell, likely_indicators, matrix, same_indicators, shared_names
from kg.web.context import plan_kind

FORMS = ("&format=csv", "")
pytestmark = pytest.mark.xdist_group("compare")


def compared(server: str, query: str = "") -> dict[str, list[list[str]]]:
    """The rows of a comparison as it is taken along, by the title of their table."""
    status, headers, body = ask(f"{server}/compare?format=csv{query}", Accept_Language="zh-CN")
    assert status == 200 and headers.get_content_type() == "text/csv", body
    found: dict[str, list[list[str]]] = {}
    for title, *row, cited in list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))[1:]:
        assert "第1次发布" in cited and "release=1" in cited
        found.setdefault(title, []).append(row)
    return found


def test_the_same_indicator_stands_in_one_row(two: str) -> None:
    for row in compared(two)["同一指标"]:
        iris = [cell for cell in row if "/indicator/" in cell]
        assert len({iri.split("/indicator/")[0] for iri in iris}) == 2, row


def test_an_indicator_leads_to_the_same_one_of_another_plan(two: str) -> None:
    row = compared(two)["同一指标"][0]
    one, other = (cell.partition("/id/")[2] for cell in row if "/indicator/" in cell)
    for shown, there in ((one, other), (other, one)):
        page = ask(f"{two}/page/{shown}", Accept="text/html")[2].decode()
        assert f'href="/page/{there}"' in page
        file = re.search(r'href="(/corpus/indicators[^"]*format=xlsx)">', page)
        assert file and ask(f"{two}{html.unescape(file[1])}")[0] == 200


def test_a_page_of_one_plan_leads_to_that_of_another_also_where_it_fails(two: str) -> None:
    def switch(path: str) -> list[str]:
        page = ask(f"{two}{path}", Accept="text/html")[2].decode()
        shown = re.search(r'<details class="switch">.*?</details>', page, re.S)
        assert shown is not None and 'href="/board/hongqiao-2021"' in page, path
        return re.findall(r'href="(/[^"]*)"', shown[0])

    assert switch("/board/hongqiao-2021") == ["/board/qinghe-2026", "/"]
    for path in ("/progress/hongqiao-2021?year=1900", "/page/hongqiao-2021/measure/99.9"):
        assert switch(path)[-1] == "/"
    found = ask(f"{two}/board/hongqiao-2021", Accept="text/html")[2].decode()
    assert '<input type="hidden" name="plan" value="hongqiao-2021">' in found


def test_a_plan_of_a_sector_is_named_with_it_beside_its_area() -> None:
    def plan(title: str) -> PlanEntry:
        return PlanEntry(
            slug="x",
            title=title,
            title_en=None,
            issuer="",
            area="湖北省",
            period=(2021, 2025),
            revision_of=None,
            source_sha256="",
            source_encoding="utf-8",
            errata=0,
            warnings=0,
        )

    assert plan_kind(plan("湖北省文物事业发展“十四五”规划")) == "文物"
    assert plan_kind(plan("湖北省国民经济和社会发展第十四个五年规划纲要")) == ""


def test_indicators_are_the_same_by_name_and_likely_ones_stand_apart() -> None:
    def row(name: str) -> Row:
        return Row(f"urn:{name}", 1, 0, name, "", "", None, None, "")

    patents, better = row("每万人口发明专利拥有量"), row("每万人口高价值发明专利拥有量")
    one = [row("常住人口城镇化率（%）"), patents, row("全市市场主体数量")]
    other = [row("市场主体数量"), better, row("常住人口城镇化率")]
    same = [
        (name, [cell and cell.name for cell in cells])
        for name, cells in same_indicators([one, other])
    ]
    assert same == [
        ("常住人口城镇化率（%）", ["常住人口城镇化率（%）", "常住人口城镇化率"]),
        ("全市市场主体数量", ["全市市场主体数量", "市场主体数量"]),
    ]
    assert likely_indicators([one, other]) == [[patents, better]]


def test_a_name_that_means_several_organs_stands_once_for_each() -> None:
    """An organ of each of two areas, and one of the whole province, under one short name."""
    title = {("国家区域医疗中心", ""): "e", ("国家实验室", ""): "f"}
    city, other = {("市委", "120106"): "a", ("市委", ""): "b"}, {("市委", "120106"): "c"}
    found = shared_names([{**city, **title}, other, {("市委", ""): "d", **title}])
    assert found == [("市委", ["b", None, "d"]), ("市委", ["a", "c", None])]


def test_names_that_entities_share_stand_once() -> None:
    """Two names of one zone in both plans; a third plan knows it by the shorter one alone."""
    long, short = ("青石江地区", ""), ("青石江", "")
    plans = [{long: "a", short: "a"}, {long: "b", short: "b"}]
    assert shared_names(plans) == [("青石江", ["a", "b"])]
    assert shared_names([*plans, {short: "c"}]) == [("青石江", ["a", "b", "c"])]
    apart = [*plans, {long: "c", short: "d"}]
    assert shared_names(apart) == [("青石江", ["a", "b", "d"]), ("青石江地区", ["a", "b", "c"])]


def test_goals_without_a_theme_stand_in_the_last_row() -> None:
    none, other, empty = Cell(("g",), 1), Cell(("h",), 0), Cell((), 0)
    lines = matrix([{"": none}, {"theme-a": other}])
    assert list(lines.items()) == [("theme-a", [empty, other]), ("", [none, empty])]


def test_themes_hold_every_goal(two: str) -> None:
    page = ask(f"{two}/compare", Accept_Language="zh-CN")[2].decode()
    table = page.split('class="stacked matrix"')[1].partition("</table>")[0]
    goals = re.findall(r'href="/page/([^"]+/goal/[^"]+)"', table)
    assert len(goals) == len(set(goals)) > 7
    taken = "".join(cell for row in compared(two)["目标领域"] for cell in row)
    titles = [html.unescape(title) for title in re.findall(r"/goal/[^\"]+\">([^<]+)</a>", table)]
    assert len(titles) == len(goals) and all(title in taken for title in titles)


def test_a_comparison_is_taken_along_as_files_and_cited(two: str) -> None:
    plans = "&plan=".join(p["slug"] for p in json.loads(ask(f"{two}/manifest.json")[2])["plans"])
    page = html.unescape(ask(f"{two}/compare?plan={plans}", Accept="text/html")[2].decode())
    assert f"/compare?plan={plans}&release=1" in page and f"plan={plans}&format=xlsx" in page
    told = compared(two, f"&plan={plans}")
    assert len({len(row) for rows in told.values() for row in rows}) == 1
    for title, rows in told.items():
        counted = rf"{title}\s*(?:</?small>\s*)+{len(rows)}条"
        assert title == "目标领域" or re.search(counted, page), title
    book = openpyxl.load_workbook(io.BytesIO(ask(f"{two}/compare?plan={plans}&format=xlsx")[2]))
    for sheet in book.worksheets:
        widths = {
            place: columns.width
            for columns in sheet.column_dimensions.values()
            for place in range(columns.min, columns.max + 1)
        }
        for cell in (cell for row in sheet.iter_rows(max_row=sheet.max_row - 2) for cell in row):
            wide = len(str(cell.value or "").encode("gbk", "replace"))  # 2 for a Chinese sign
            lines = (sheet.row_dimensions[cell.row].height or 15) / 15
            assert wide <= widths[cell.column] * lines, (
                f"{sheet.title} {cell.coordinate} is cut off"
            )
    assert ask(f"{two}/compare?release=9", Accept="text/plain")[0] == 404


def test_a_comparison_stays_at_the_address_that_is_cited(
    own_small_release: Path, small_copy: Path, tmp_path: Path
) -> None:
    """Also where one of its plans is released no more."""
    other = shutil.copytree(small_copy, tmp_path / "other")
    rewrite(other / "plan.toml", lambda text: text.replace("qinghe-2026", "other-2026"))
    assert run("publish", other, "--out", own_small_release).returncode == 0
    asked = "/compare?plan=qinghe-2026&plan=other-2026&release=2"
    cited, page = (pages(own_small_release).test_client().get(asked + form) for form in FORMS)
    assert cited.status_code == page.status_code == 200
    done = run("publish", small_copy, "--remove", "other-2026", "--out", own_small_release)
    assert done.returncode == 0, done.stderr
    client = pages(own_small_release).test_client()
    assert client.get(asked.replace("&release=2", "")).status_code == 404
    assert client.get(f"{asked}&format=csv").data == cited.data
    again = client.get(asked)
    assert again.status_code == 200 and again.text.count("<td") == page.text.count("<td")


def test_the_page_shows_it_and_names_what_it_does_not_know(two: str) -> None:
    html = ask(f"{two}/compare")[2].decode()
    assert 'class="stacked matrix"' in html and "经济发展稳中有进" in html
    assert html.count('class="behind-query"') == 3
    shares = [int(n) for n in re.findall(r"项举措，占(\d+)%", html)]
    assert len(shares) == html.count('class="portion"') > 7 and sum(shares) >= 99
    assert "请再选一部规划" in ask(f"{two}/compare?plan=hongqiao-2021")[2].decode()
    found, _, body = ask(f"{two}/compare?plan=nowhere", Accept="text/plain")
    assert (found, len(body.decode().splitlines())) == (404, 1)


def test_a_title_to_choose_by_is_marked_with_its_language(two: str) -> None:
    told = json.loads(ask(f"{two}/sparql/builder", Accept_Language="en")[2])["plans"]
    assert {one["lang"] for one in told} == {"en", "zh-Hans"}
    assert all((one["lang"] == "en") is one["label"].isascii() for one in told)


def test_the_form_offers_the_same_columns_in_each_language(two: str) -> None:
    zh, en = (
        [
            [column["iri"] for column in one["properties"]]
            for one in json.loads(ask(f"{two}/sparql/builder", Accept_Language=tag)[2])["classes"]
        ]
        for tag in ("zh-CN", "en")
    )
    assert zh == en
    assert [iri.rpartition("#")[2].rpartition("/")[2] for iri in zh[0][:3]] == [
        "prefLabel", "wasQuotedFrom", "isPartOf",
    ]  # fmt: skip


def test_one_plan_is_told_so(server: str) -> None:
    assert "只发布了一部规划" in ask(f"{server}/compare")[2].decode()


@pytest.mark.parametrize(
    ("title", "found"),
    [
        ("生态环境明显改善", "theme-ecology"),
        ("文明风尚蔚然成风", "theme-culture"),
        ("社会治理与平安建设", "theme-governance"),
        ("其他", None),
    ],
)
def test_a_goal_s_theme_by_its_cues(title: str, found: str | None) -> None:
    assert theme(title, "") == found


@pytest.mark.parametrize(
    ("title", "wording", "found"),
    [
        ("再上新台阶", "推动产业发展。", "theme-economy"),
        ("城区颜值全面焕新", "绿化覆盖率达到37%,空气质量优良率不低于86%。", "theme-ecology"),
        ("基本实现社会主义现代化", "生态环境更加优美。", None),
        ("迈上新台阶", "创新、生态、文化、法治、经济协调。", None),
    ],
)
def test_the_wording_decides_where_the_title_is_silent(
    title: str, wording: str, found: str | None
) -> None:
    assert theme(title, wording) == found


def test_the_front_page_of_several_plans_is_their_directory(two: str) -> None:
    """Every plan once, with the counts of its own graph; a filter holds for title and period."""
    html = page(f"{two}/")
    rows = re.findall(
        r'href="/overview/([\w-]+)">.*?<td [^>]*class="n">(\d+)</td>', html, re.DOTALL
    )
    measures = {slug: int(count) for slug, count in rows}
    assert len(rows) == len(measures) == 2
    assert measures["hongqiao-2021"] > 200
    assert 'href="/?format=xlsx" download>下载 Excel</a>' in html
    table = list(csv.DictReader(page(f"{two}/?format=csv&q=紅橋").lstrip("\ufeff").splitlines()))
    assert "/?q=%E7%B4%85%E6%A9%8B&release=1" in next(iter(table))["引用"], table[0]
    assert [row["举措"] for row in table] == [str(measures["hongqiao-2021"])]
    assert page(f"{two}/?q=紅橋").count('href="/overview/') == 1  # however it is written
    assert page(f"{two}/?period=2021–2025").count('href="/overview/') == 1
    assert page(f"{two}/?q=无此规划").count('href="/overview/') == 0
    for chosen in ("area=天津市", "level=county", "state=current"):
        assert f'value="{chosen.partition("=")[2]}" selected' in page(f"{two}/?{chosen}"), chosen
    assert page(f"{two}/?area=天津市&level=county").count('href="/overview/') == 1
    assert page(f"{two}/?area=天津市&level=nation").count('href="/overview/') == 0
    counted = re.search(
        r'class="n">(\d+)\s*<small class="years">附表(\d+)，正文(\d+)</small>', html
    )
    assert counted and int(counted[1]) == int(counted[2]) + int(counted[3]) > int(counted[2]) > 0
    known = r'aria-labelledby="progress-hongqiao-2021 plan-hongqiao-2021">([^<]+)<'
    assert re.findall(known, html) == ["无数据"], "how far the values go, and not the column's name"
    assert ">2021—2025年（1）</option>" in html and 'value="2021–2025"' in html


def test_the_data_of_a_plan_among_several_are_searched_for_as_plans_are(two: str) -> None:
    def offered(query: str = "") -> list[str]:
        shown = page(f"{two}/downloads{query}").partition("<main")[2]
        return re.findall(r'href="/dataset/([\w-]+)"', shown)

    assert len(offered()) == 2 and offered("?q=紅橋") == ["hongqiao-2021"]
    assert (
        offered("?level=county&area=天津市") == ["hongqiao-2021"] and offered("?q=无此规划") == []
    )
    assert 'action="/downloads#plans"' in page(f"{two}/downloads")


def test_navigation_stays_with_the_plan_one_is_in(two: str) -> None:
    (other,) = set(re.findall(r'href="/overview/([\w-]+)"', page(f"{two}/"))) - {"hongqiao-2021"}
    for path in (f"/overview/{other}", f"/progress/{other}", f"/plan/{other}"):
        html = page(two + path)
        head, switch, _ = re.split(r'<details class="switch">|</details>', html, maxsplit=2)
        assert "/hongqiao-2021" not in head and "/hongqiao-2021" in switch
        assert f'href="/relations/{other}"' in head
        assert 'aria-current="page">' in head
    assert 'href="/plan/' not in page(f"{two}/search?q=x").partition("<main")[0]


def test_where_a_page_is_does_not_say_the_plan_s_title_twice(two: str) -> None:
    for path in ("/page/hongqiao-2021", "/dataset/hongqiao-2021", "/plan/hongqiao-2021",
                 "/search?q=%E5%85%BB%E8%80%81&plan=hongqiao-2021"):  # fmt: skip
        (where,) = re.findall(r'<nav class="crumbs".*?</nav>', page(two + path), re.DOTALL)
        assert where.count("远景目标纲要") == 1, path


def page(address: str) -> str:
    status, _, body = ask(quote(address, safe="/:?=&"), Accept="text/html")
    assert status == 200
    return body.decode()
