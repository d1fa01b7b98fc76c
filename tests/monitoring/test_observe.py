"""Entering values: every row is checked, all are kept or none, and a revision overwrites
nothing.
"""

from __future__ import annotations

import csv
import re
import shutil
import urllib.error
import urllib.parse
import urllib.request
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pyoxigraph as ox
import pytest
from pyshacl_findings import pyshacl_findings
from rdflib import Graph
from support import FLAGSHIP, ROOT, TOKEN, ask, form_key, run, serving_pages

from kg.graph.vocabulary import vocabulary
from kg.link.reading import read_plan
from kg.monitoring import record
from kg.rdf.namespaces import PLAN
from kg.rdf.quads import as_triples
from kg.rdf.shacl import validate_quads
from kg.rdf.shapes import shapes
from kg.source.plan import load_plan

HEAD = "指标,时期,数值,单位,来源,状态,地区,链接,公布日期\n"
SMALL = (
    HEAD
    + "3,2022,81.2,,公报,,,https://example.org/a,2023-02-01\n空气优良天数比例,2023年,82.9,%,公报,初步,,,\n"
    + "城镇新增就业,2021,17000,人,公报,,,,\n4 城镇新增就业,2022,1.5,万人,公报,,,,\n"
)
PREFIXES = """PREFIX plan: <https://w3id.org/planlink/ns#> PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX dcterms: <http://purl.org/dc/terms/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


def write(folder: Path, text: str, name: str = "values.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def kept(plan: Path) -> list[Path]:
    return sorted((plan / "monitoring").glob("*")) if (plan / "monitoring").exists() else []


def rows(out: Path, query: str) -> list[tuple[str, ...]]:
    store = ox.Store.read_only(str((out / "current").resolve() / "store"))
    found: Any = store.query(PREFIXES + query, use_default_graph_as_union=True)
    names = [v.value for v in found.variables]
    return sorted(tuple(getattr(row[n], "value", "") for n in names) for row in found)


def test_values_go_in_and_come_out_as_observations(earlier_copy: Path, tmp_path: Path) -> None:
    plan = earlier_copy
    more = "2,2021,64,,公报,,,,\n2,2021,650,,公报,,云湖市,,\n1,2021,53600,,公报,,,,\n"
    halves = (
        "3,2023H1,80.5,,公报,,,,\n3,2024年上半年,80.9,,公报,,,,\n4,2024年下半年,0.6,,公报,,,,\n"
        "4,2021-2024,5.1,,公报,,,,\n"
    )
    sheet = write(tmp_path, SMALL + more + halves)
    dry = run("observe", plan, sheet, "--dry-run")
    assert (dry.returncode, kept(plan)) == (0, [])
    assert "11 rows would be taken" in dry.stdout
    doubt = "数值53600亿元与规划所列的680亿元相差5倍以上，请核对小数点和单位"
    assert f"row 8 (地区生产总值 2021): {doubt} / 5.36 trillion yuan: more" in dry.stderr
    assert dry.stderr.count("相差") == 1
    done = run("observe", plan, sheet, "--by", "监测科")
    assert done.returncode == 0, done.stderr
    done = run("publish", plan, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    values = rows(
        tmp_path / "out",
        "SELECT ?n ?p ?v ?t { ?i plan:hasActual ?o ; plan:number ?n . ?o plan:value ?v ; "
        "plan:valueText ?t ; plan:period/<http://www.w3.org/2000/01/rdf-schema#label> ?p }",
    )
    assert ("4", "2021", "1.7", "17000人") in values and ("3", "2022", "81.2", "81.2") in values
    assert ("3", "2023-H1", "80.5", "80.5") in values and ("4", "2024-H2", "0.6", "0.6") in values
    assert len(values) == 11
    with serving_pages(tmp_path / "out") as server:
        page = ask(f"{server}/page/qinghe-2021/indicator/3?lang=zh", Accept="text/html")[2].decode()
        progress = ask(f"{server}/progress/qinghe-2021?lang=zh", Accept="text/html")[2].decode()
        findings = ask(f"{server}/plan/qinghe-2021/report?lang=zh", Accept="text/html")[2].decode()
        judged = ask(f"{server}/progress/qinghe-2021.csv?year=2021")[2].decode()
    assert re.search(rf"{doubt}</a>.*?地区生产总值（2021）：53600亿元", findings, re.S)
    assert findings.count(doubt) == 1 and f"。{doubt}。" in judged
    assert "2021—2024年" in progress and "2021-2024年" not in progress
    history = page.partition("<h2>历年进展")[2].partition("</h2>")[0]
    assert '/exports/qinghe-2021.xlsx">下载 Excel</a>' in history
    table = page.partition("<h2>历年进展")[2].partition("</table>")[0].partition("<tbody>")[2]
    for line in re.findall(r"<tr>.*?</tr>", table, re.DOTALL):
        year, reached, expected, _, why = re.findall(r"<td[^>]*>\s*(.*?)\s*</td>", line, re.DOTALL)
        if year == "2024":
            assert why.startswith("截至2024年上半年的数值为80.9%；尚无全年数值"), why
        elif "按时间进度" in why:
            assert f"为{reached}，按时间进度应为{expected}，" in why
    assert table.count("按时间进度应为") > 0 and "截至2024年上半年" in table
    latest = page.partition(">最新值<")[2].partition(">目标值<")[0]
    assert "80.9%" in latest and "2024年上半年" in latest, "half a year is not called a year"
    by = rows(
        tmp_path / "out",
        "SELECT DISTINCT ?who ?file { ?o prov:wasGeneratedBy ?a . ?a "
        "prov:wasAssociatedWith/<http://xmlns.com/foaf/0.1/name> ?who ; "
        "prov:used/<http://www.w3.org/2000/01/rdf-schema#label> ?file }",
    )
    assert by == [("监测科", "values.csv")]
    graphs = rows(tmp_path / "out", "SELECT DISTINCT ?g { GRAPH ?g { ?o a plan:ActualValue } }")
    assert graphs == [("http://localhost:8000/id/qinghe-2021/graph/monitoring",)]
    twice = rows(
        tmp_path / "out",
        "SELECT ?s { GRAPH ?g { ?s ?p ?o } GRAPH ?h { ?s ?p ?o } FILTER(?g != ?h && "
        "CONTAINS(STR(?g), 'monitoring')) }",
    )
    assert twice == []


@pytest.fixture(scope="module")
def earlier(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a small invented plan whose years have ended."""
    folder = tmp_path_factory.mktemp("earlier")
    text = (ROOT / "tests" / "plans" / "qinghe.md").read_text(encoding="utf-8")
    for then, before in (("2025", "2020"), ("2030", "2025"), ("2026", "2021"), ("十五", "十四")):
        text = text.replace(then, before)
    (folder / "plan.md").write_text(text, encoding="utf-8")
    done = run("new", folder / "plan.md", folder / "plan")
    assert done.returncode == 0, done.stderr
    return folder / "plan"


@pytest.fixture
def earlier_copy(earlier: Path, tmp_path: Path) -> Path:
    """A copy of that folder that a test may enter values into."""
    return shutil.copytree(earlier, tmp_path / "plan")


@pytest.fixture(scope="module")
def entered(earlier: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of that folder that values have been entered for."""
    folder = tmp_path_factory.mktemp("entered")
    shutil.copytree(earlier, folder / "plan")
    assert run("observe", folder / "plan", write(folder, SMALL)).returncode == 0
    return folder / "plan"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("不存在的指标,2022,34.2,,公报,,,,", "没有这个指标"),
        ("空气优良天数比例,2023,650,%,公报,,,,", "百分比650超出"),
        ("空气优良天数比例,2023,34,户,公报,,,,", "不能换算"),
        ("空气优良天数比例,2029,35,,公报,,,,", "不在规划期内"),
        ("空气优良天数比例,昨天,35,,公报,,,,", "时期应写作"),
        ("空气优良天数比例,2021-2023,35,,公报,,,,", "时点指标的时期请填一年或半年"),
        ("空气优良天数比例,2021,很多,,公报,,,,", "不是数字"),
        ("空气优良天数比例,2021,35,,,,,,", "请填写来源"),
        ("空气优良天数比例,2021,35,,公报,更正,,,", "没有可更正的原值"),
        ("空气优良天数比例,2021,35,,公报,大概,,,", "状态请填"),
        ("空气优良天数比例,2021,35,,公报,,,ftp:x,", "以 http:// 或 https:// 开头"),
        ("空气优良天数比例,2021,35,,公报,,,,2023-02-31", "日期应写作"),
        ("空气优良天数比例,2022,35,,公报,,,,", "已有或重复"),
        ("城镇新增就业,2022-2023,3,,公报,,,,", "请从规划期首年算起"),
        (
            "城镇新增就业,2021-2022,1,万人,公报,,,,\n城镇新增就业,2021-2023,0.5,万人,公报,,,,",
            "低于此前的累计值",
        ),
        (
            "城镇新增就业,2023,1,万人,公报,,,,\n城镇新增就业,2023,2,万人,公报,,,,",
            "另有一行填的是“2万人”",
        ),
        ("空气优良天数比例,2021,35,,<b>公报</b>,,,,", "row 3, column E 来源"),
        ("空气优良天数比例,2021,35,,公报\ufffd,,,,", "含有乱码"),
    ],
)
def test_a_row_that_cannot_be_is_refused_and_nothing_is_kept(
    row: str, told: str, entered: Path, tmp_path: Path
) -> None:
    plan = entered
    before = {path: path.read_bytes() for path in kept(plan)}
    done = run(
        "observe",
        plan,
        write(tmp_path, HEAD + "国家高新技术企业数量,2022,64,,公报,,,,\n" + row + "\n"),
    )
    assert done.returncode != 0
    assert told in done.stderr
    assert "Traceback" not in done.stderr
    assert "row 2" not in done.stderr
    assert {path: path.read_bytes() for path in kept(plan)} == before


def test_a_value_is_kept_with_its_unit_once(earlier_copy: Path, tmp_path: Path) -> None:
    more = "1,2022,1 234,,公报,,,,\n"
    sheet = write(tmp_path, f"{HEAD}3,2022,百分之八十,%,公报,,,,\n3,2021,79.5,%,公报,,,,\n{more}")
    assert run("observe", earlier_copy, sheet).returncode == 0
    (path,) = (one for one in kept(earlier_copy) if one.suffix == ".csv")
    lines = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    assert [line["text"] for line in lines] == ["百分之八十", "79.5%", "1 234"]


def test_a_revision_supersedes_and_keeps_what_was(earlier_copy: Path, tmp_path: Path) -> None:
    plan = earlier_copy
    assert run("observe", plan, write(tmp_path, SMALL)).returncode == 0
    first = kept(plan)[0].read_bytes()
    revision = write(tmp_path, HEAD + "空气优良天数比例,2022,81.7,,修订公报,更正,,,\n")
    assert "81.2 → 81.7" in run("observe", plan, revision, "--dry-run").stdout
    assert run("observe", plan, revision).returncode == 0
    assert kept(plan)[0].read_bytes() == first
    assert run("publish", plan, "--out", tmp_path / "out").returncode == 0
    revised = rows(
        tmp_path / "out",
        "SELECT ?new ?old { ?n prov:wasRevisionOf ?o . ?n plan:value ?new . ?o plan:value ?old ; "
        "dcterms:isReplacedBy ?n }",
    )
    assert revised == [("81.7", "81.2")]
    current = rows(
        tmp_path / "out",
        "SELECT ?l { ?i plan:number 3 ; plan:hasActual/"
        "<http://www.w3.org/2004/02/skos/core#prefLabel> ?l }",
    )
    assert current == [
        ("空气优良天数比例（2022）：81.7%",),
        ("空气优良天数比例（2023）：82.9%",),
    ]
    cube = rows(
        tmp_path / "out",
        "SELECT ?v { ?o a <http://purl.org/linked-data/cube#Observation>, plan:ActualValue ; "
        "plan:ofIndicator/plan:number 3 ; plan:value ?v }",
    )
    assert cube == [("81.7",), ("82.9",)]


def test_measures_have_states_with_evidence(earlier_copy: Path, tmp_path: Path) -> None:
    plan = earlier_copy
    head = "举措,进展,依据\n"
    bad = run(
        "observe",
        plan,
        write(tmp_path, head + "2.1.1,进行中,报告\n99.1,进行中,报告\n3.1.1,飞快,报告\n"),
    )
    assert (
        bad.returncode != 0
        and "row 3" in bad.stderr
        and "row 4" in bad.stderr
        and "row 2" not in bad.stderr
    )
    assert run("observe", plan, write(tmp_path, head + "2.1.1,进行中,报告\n")).returncode == 0
    assert run("observe", plan, write(tmp_path, head + "2.1.1,已完成,报告二\n")).returncode == 0
    assert run("publish", plan, "--out", tmp_path / "out").returncode == 0
    state = rows(
        tmp_path / "out",
        "SELECT ?s ?e { ?m plan:hasState ?n . ?n plan:progressState ?s ; "
        "dcterms:source/<http://www.w3.org/2000/01/rdf-schema#label> ?e }",
    )
    assert state == [("https://w3id.org/planlink/ns#measure-Done", "报告二")]
    labels = rows(
        tmp_path / "out",
        "SELECT ?l ?m { ?x plan:hasState/skos:prefLabel ?l ; skos:prefLabel ?m }",
    )
    assert sorted(label.removeprefix(title) for label, title in labels) == [": done", "：已完成"]
    rows_of_one = "2.1.1,已完成,报告\n2.1.1,进行中,报告\n99.1,进行中,报告\n"
    bad = run("observe", plan, write(tmp_path, head + rows_of_one), "--dry-run")
    assert "另有一行填的是“进行中”" in bad.stderr and "(99.1)" in bad.stderr


@pytest.mark.parametrize("by", ["", "  ", "甲\n乙", "张三 <a@b.cn>"])
def test_who_enters_is_named_in_words(by: str, entered: Path, tmp_path: Path) -> None:
    done = run("observe", entered, write(tmp_path, f"{HEAD}3,2021,80,,公报,,,,\n"), "--by", by)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("planlink: --by: the words")


def test_a_template_never_takes_the_place_of_a_sheet(entered: Path, tmp_path: Path) -> None:
    sheet = write(tmp_path, SMALL)
    before = sheet.read_bytes()
    for file in ((), (sheet,)):
        done = run("observe", entered, *file, "--template", sheet)
        assert done.returncode == 2 and len(done.stderr.splitlines()) == 1
    assert sheet.read_bytes() == before


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.csv", b"", "the file is empty"),
        ("a.xlsx", b"junk", "nothing parts its cells"),
        ("a.csv", "甲,乙\n1,2\n".encode(), "no row heads the columns"),
        ("a.xlsx", b"PK not a workbook", "this is no XLSX"),
        ("a.csv", HEAD.encode(), "a.csv: no row of the sheet is filled in; fill in one"),
    ],
)
def test_what_is_no_sheet_is_told_in_a_line(
    name: str, content: bytes, told: str, earlier_copy: Path, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    done = run("observe", earlier_copy, path)
    assert done.returncode != 0
    assert told in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("extension", ["csv", "xlsx"])
def test_a_template_filled_in_is_taken(extension: str, earlier_copy: Path, tmp_path: Path) -> None:
    plan, sheet = earlier_copy, tmp_path / f"t.{extension}"
    assert run("observe", plan, "--template", sheet, "--year", "2022").returncode == 0
    if extension == "csv":
        table = list(csv.reader(sheet.read_text(encoding="utf-8-sig").splitlines()))
        assert len(table) == 5
        at, row = table[0].index("数值"), next(r for r in table if r[0].startswith("3 "))
        row[at], row[table[0].index("来源")] = "81.2", "公报"
        sheet.write_text("\n".join(",".join(r) for r in table), encoding="utf-8")
    else:
        book = openpyxl.load_workbook(sheet)
        page = book["指标数值"]
        heads = [c.value for c in page[1]]
        assert page.cell(2, heads.index("时期") + 1).value == 2022
        row = next(r for r in page.iter_rows() if str(r[0].value).startswith("3 "))
        row[heads.index("数值")].value, row[heads.index("来源")].value = 81.2, "公报"
        book.save(sheet)
    done = run("observe", plan, sheet)
    assert done.returncode == 0, done.stderr
    assert "1 row kept" in done.stdout


def test_without_a_table_the_indicators_of_the_text_stand_in_its_place(
    earlier: Path, tmp_path: Path
) -> None:
    plan, sheet = tmp_path / "plan", tmp_path / "t.csv"
    source = earlier.parent / "plan.md"
    text = re.sub(r"(?m)^### 第三节.*\n|^青禾区“.*\n|^\|.*\n", "", source.read_text("utf-8"))
    promised = "到2025年，国家高新技术企业达到120家，空气优良天数比例达到85%"
    source = write(tmp_path, text.replace("创新能力显著增强", promised), "plan.md")
    assert run("new", source, plan).returncode == 0
    done = run("observe", plan, "--template", sheet, "--year", "2022")
    assert done.returncode == 0, done.stderr
    table = list(csv.DictReader(sheet.read_text("utf-8-sig").splitlines()))
    assert {"国家高新技术企业数量", "空气优良天数比例"} <= {row["指标"] for row in table}
    entered = (
        "指标,时期,数值,来源\n空气优良天数比例,2022,86,公报\n国家高新技术企业数量,2022,—,公报\n"
    )
    done = run("observe", plan, write(tmp_path, entered))
    assert done.returncode == 0, done.stderr
    done = run("publish", plan, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    with serving_pages(tmp_path / "out") as server:
        pages = {
            name: ask(f"{server}/{name}/qinghe-2021{more}?lang=zh")[2].decode()
            for name, more in (
                ("board", ""), ("progress", ""), ("gaps", ""), ("page", "/goal/1"),
                ("overview", ""),
            )
        }  # fmt: skip
        english = ask(f"{server}/overview/qinghe-2021?lang=en")[2].decode()
    assert "<dt>Indicators in its own words" in english
    for name in ("board", "progress", "overview"):  # two of a name are one row of the template
        assert "以下9项指标及其数值读自正文" in pages[name] and len(table) == 7, name
        assert pages[name].count("原句</summary>") == 9, name
        assert promised in re.sub("<[^>]*>", "", pages[name]), name
    assert '<strong>9</strong> <a href="#values">' in " ".join(pages["gaps"].split())
    assert pages["gaps"].count("✓") == 1 and pages["gaps"].count("未公布") == 1
    goal = pages["page"].partition('<details class="data">')[0]
    assert "目标表述中提出的指标" in goal and "程序未能确认有指标衡量此目标" not in goal
    assert ">已达到<" in goal and "目标表述中提出的指标" in pages["overview"]


def test_the_form_takes_what_the_token_s_holder_enters(earlier_copy: Path, tmp_path: Path) -> None:
    plan = earlier_copy
    source = next(plan.glob("source.*"))
    row, beds = "城镇新增就业\t万人\t\t\t[6]", "每千名老人拥有养老床位数\t张\t30\t35\t"
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace(row, beds), encoding="utf-8")
    assert run("publish", plan, "--out", tmp_path / "out").returncode == 0
    access = {"PLANLINK_PLANS": str(tmp_path), "PLANLINK_TOKEN": TOKEN}
    with serving_pages(tmp_path / "out", **access) as server:
        address = f"{server}/observe/qinghe-2021"
        form = "indicator=3&period=2022&value=81.2&source=x&by=me"
        assert ask(address, f"{form}&token=wrong".encode())[0] == 403
        status, _, body = ask(
            address, f"{form}&token=a-token-for-the-tests".replace("81.2", "650").encode()
        )
        assert status == 422 and "超出可能的范围" in body.decode() and kept(plan) == []
        assert (
            ask(address, f"{form}&token=a-token-for-the-tests&dry=on".encode())[0] == 200
            and kept(plan) == []
        )
        status, _, body = ask(address, f"{form}&token=a-token-for-the-tests".encode())
        assert status == 200 and "已录入1行" in body.decode() and len(kept(plan)) == 1
        slip = form.replace("indicator=3", "indicator=2").replace("81.2", "640") + "&dry=on"
        status, _, body = ask(address, f"{slip}&token=a-token-for-the-tests&lang=zh".encode())
        assert status == 200 and "相差5倍以上" in body.decode()
        assert (
            ask(f"{server}/observe/qinghe-2021/template.csv")[2]
            .decode("utf-8-sig")
            .startswith("指标,地区,时期,数值")
        )
        assert ask(f"{server}/observe/qinghe-2021/template.pdf")[0] == 404
        missing = ask(f"{server}/gaps/qinghe-2021?lang=en")[2].decode()
        hidden = r'<span class="hidden"> 3 <span lang="zh-Hans">[^<]+</span> 2024<'
        leads = re.search(rf'href="([^"]+)">missing\s*{hidden}', missing)
        assert leads is not None, "to the form for what is missing"
        shown = ask(f"{server}{unescape(leads[1])}&lang=zh")[2].decode()
        assert re.findall(r" selected[^>]*>([^<]+)", shown)[:2] == [
            "3 空气优良天数比例（%）",
            "2024年",
        ]
        assert re.findall(r'id="([\w-]+)"[^>]* autofocus', shown) == ["indicators-value"]
        _rows_are_pasted_after_signing_in_once(address, plan)


def _rows_are_pasted_after_signing_in_once(address: str, plan: Path) -> None:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def post(to: str = address, **form: str) -> tuple[int, str]:
        try:
            with browser.open(to, data=urllib.parse.urlencode(form | key).encode()) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    key: dict[str, str] = {}
    session = address.replace("/observe/", "/review/") + "/session"
    shown = post(session, token=TOKEN, by="监测科", page="observe")[1]
    assert 'name="token"' not in shown and 'name="by"' not in shown
    key = {"csrf": form_key(shown)}
    assert '<option value="2022-H1">2022年上半年</option>' in shown
    assert re.search(
        r">[^<]*空气[^<]*</td>\s*<td[^>]*>2022</td>\s*<td[^>]*>81.2%</td>", shown
    )  # waits
    assert "国家高新技术企业数量" in shown
    status, shown = post(
        indicator="3", period="2022", value="六百", source="公报", date="2023-01-02"
    )
    assert status == 422
    field = re.search(
        r'id="fault-value">“六百”不是数字[^<]*</small>\s*<input id="indicators-value"[^>]*>', shown
    )
    assert field and 'aria-describedby="fault-value"' in field[0], "beside its field, named once"
    assert "autofocus" in field[0]
    assert shown.count("不是数字") == shown.count("aria-invalid") == 1
    for held in (
        'value="六百"',
        'value="公报"',
        'value="2023-01-02"',
        '<option value="3" selected>',
    ):
        assert held in shown
    status, shown = post(
        pasted="3\t\t2023\t82.9\t\t\t\t统计局\n3\t\t2024\t650\t\t\t\t统计局\n2\t\t2023\t999"
    )
    assert status == 422 and "82.9\t" in shown and "合格" in shown and "新增</td>" not in shown
    assert re.findall(r"<details open>\s*<summary>([^<]+)", shown) == ["从表格粘贴多行"]
    assert re.search(r'<td [^>]*class="n">3</td>', shown) and not re.search(
        r'<td [^>]*class="n">4</td>', shown
    )
    status, shown = post(pasted="年份\t数值\t指标\t来源\n2023\t82.9\t3\t统计局")
    assert status == 200 and "已录入1行" in shown and len(kept(plan)) == 2
    shown = post(indicator="4", period="2023", value="31", source="公报")[1]
    assert re.search(r"<td[^>]*>31张</td>", shown), "as the plan prints its unit"
    form = shown.partition('name="indicator"')[2].partition("</form>")[0]
    assert re.search(r'value="2023" selected', form) and 'value="公报"' in form, "for the next one"
    assert 'value="31"' not in form and '<option value="4" selected' not in form
    shown = post(measure="2.1.1", state="已完成", source="公报")[1]
    assert re.findall(r"<details open>\s*<summary>([^<]+)", shown) == ["录入一项举措的进展"]
    assert "监测科" in kept(plan)[1].read_text(encoding="utf-8")
    assert "没有找到表头行" in post(pasted="")[1] or "没有填写" in post(pasted="")[1]


def test_without_a_token_nothing_is_taken(server: str) -> None:
    assert ask(f"{server}/observe/hongqiao-2021", b"indicator=14&token=")[0] == 404
    assert "不接受网页录入" in ask(f"{server}/observe/hongqiao-2021")[2].decode()


def test_rows_are_judged_as_pyshacl_judges_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each fault that takes two rows to see, and what looks like one: another area, a name that
    allows more than 100 %.
    """
    rows = (
        "14,2022,34.2,,甲,,,,\n14,2022,34.3,,甲,,,,\n14,2022,34.2,,甲,,丁字沽街道,,\n12,2022,650,,甲,,,,\n1,2022,150,,甲,,,,\n"
        "新增就业人数,2021-2022,4,万人,甲,,,,\n新增就业人数,2021-2023,3,万人,甲,,,,\n新增就业人数,2021-2023,3,万人,甲,,丁字沽街道,,\n"
        "新增就业人数,2022-2023,3,万人,甲,,,,\n13,1999,60,%,甲,,,,\n15,2022,5,,甲,更正,,,\n"
    )
    seen: list[list[ox.Quad]] = []
    monkeypatch.setattr(
        record,
        "validate_quads",
        lambda quads, words: seen.append(quads) or validate_quads(quads, words),
    )
    reading = read_plan(load_plan(FLAGSHIP), lambda _: None, lambda _: None)
    record.observe(
        reading, write(tmp_path, HEAD + rows), "x", "values.csv", True, "http://localhost:8000"
    )
    shape_of_rows = PLAN.ActualValueShape  # pySHACL takes 40 s for all shapes of so small a graph
    results = validate_quads(seen[0], vocabulary()).results
    found = [r for r in results if r.shape == str(shape_of_rows)]
    graph = Graph()
    for triple in as_triples(seen[0]):
        graph.add(triple)
    ours = {(r.focus, r.message_en) for r in found}
    theirs = {
        (focus, str(message))
        for _, focus, _, _, message in pyshacl_findings(graph, shapes(), of=[shape_of_rows])
        if str(message)[0].isascii()  # pySHACL drops the language tag of a query's messages
    }
    told = " ".join(message for _, message in ours)
    for fault in (
        "already",
        "impossible",
        "earlier one",
        "outside the plan",
        "begin a sum",
        "no value to revise",
    ):
        assert fault in told, fault
    assert ours == theirs


def test_the_form_reads_a_plan_again_only_where_it_changed(
    small_plan: Path, tmp_path: Path
) -> None:
    from kg.web.plan_readings import reading_of

    plan = tmp_path / "plan"
    shutil.copytree(small_plan, plan)
    first = reading_of(plan)
    (plan / "monitoring").mkdir()
    (plan / "monitoring" / "0001.csv").write_text("x", encoding="utf-8")
    (plan / ".corrections.toml.partial").write_text("", encoding="utf-8")  # being written
    assert reading_of(plan) is first
    with (plan / "corrections.toml").open("a", encoding="utf-8") as corrections:
        corrections.write("# another decision\n")
    assert reading_of(plan) is not first
