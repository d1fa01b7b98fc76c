"""Tables of projects, as text and as HTML: what each costs and when it is built, from file to
page."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from support import complete, run

from kg.release.manifest import read_manifest
from kg.settings import Settings
from kg.web.application import create_app

HEAD = ["序号", "项目名称", "建设内容", "建设年限", "总投资", "责任单位"]
ROWS = [
    ["1", "甲河水库", "新建大坝、溢洪道，总库容1200万立方米", "2026—2030", "8.6", "区水务局"],
    ["2", "乙路改建", "建设双向四车道高速公路36公里", "2027年", "—", "区交通局"],
]
LATER = ["序号 项目名称 建设内容 总投资（万元） 竣工时间", "1 丙医院二期 床位300张 12,600 2028年底"]
SMALL = "2 丁驿站 新建驿站1座 8.5 2027年底"
BEFORE = [
    "虚构区国民经济和社会发展第十五个五年规划纲要",
    "虚构区人民政府",
    "第一章 主要任务",
    "加快建设示范园。",
]
FACTS = """
SELECT ?m ?name ?yuan ?printed (STRAFTER(STR(?p), "/period/") AS ?years) WHERE {
  ?m a plan:Measure ; skos:prefLabel ?name . FILTER CONTAINS(STR(?m), "/measure/appendix")
  OPTIONAL { ?m plan:investment ?yuan ; plan:investmentText ?printed }
  OPTIONAL { ?m dcterms:temporal ?p } } ORDER BY ?m"""


def as_text() -> str:
    """The plan with its tables, parted by tabs and by single blanks."""
    rows = ["\t".join(row) for row in (HEAD, *ROWS)]
    return "\n".join(
        [*BEFORE, "附件1 重大项目表", "单位：亿元", *rows, "附件2 民生项目表", *LATER, SMALL]
    )


def as_html() -> str:
    """The same with a table in HTML, the unit in its head."""
    head = [f"{cell}（亿元）" if cell == "总投资" else cell for cell in HEAD]
    table = "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in (head, *ROWS))
    first = "".join(f"<p>{line}</p>" for line in (*BEFORE, "附件1 重大项目表"))
    last = "".join(f"<p>{line}</p>" for line in ("附件2 民生项目表", *LATER, SMALL))
    return f"<html><body>{first}<table>{table}</table>{last}</body></html>"


@pytest.fixture(scope="module", params=["txt", "html"])
def out(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Either of them, published."""
    folder = tmp_path_factory.mktemp("projects")
    made, plan, release = folder / f"plan.{request.param}", folder / "plan", folder / "release"
    made.write_text(as_text() if request.param == "txt" else as_html(), encoding="utf-8")
    done = run("new", made, plan)
    assert done.returncode == 0, done.stderr
    complete(plan)
    done = run("publish", plan, "--out", release)
    assert done.returncode == 0, done.stderr
    assert "8.6" not in done.stderr  # as a number that was not read
    return release


def facts(out: Path) -> list[list[str]]:
    """Of each project its IRI, name, cost in yuan and as printed, and years."""
    done = run("query", out, FACTS, "--format", "csv")
    assert done.returncode == 0, done.stderr
    return list(csv.reader(io.StringIO(done.stdout)))[1:]


def test_what_a_project_builds_is_no_place_by_its_kind_alone(out: Path) -> None:
    asked = "SELECT ?name { ?z a plan:Zone ; skos:prefLabel ?name } ORDER BY ?name"
    told = run("query", out, asked, "--format", "csv").stdout
    assert "甲河水库" in told
    assert not any(kind in told for kind in ("大坝", "溢洪道", "车道"))


def test_a_project_has_what_it_costs_in_yuan_and_when_it_is_built(out: Path) -> None:
    assert [row[1:] for row in facts(out)] == [
        ["甲河水库", "860000000", "8.6亿元", "2026-2030"],
        ["乙路改建", "", "", "2027"],
        ["丙医院二期", "126000000", "12,600万元", ""],
        ["丁驿站", "85000", "8.5万元", ""],
    ]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh", ["<dt>建设年限</dt><dd>2026—2030年</dd>", "<dt>总投资</dt><dd>8.6亿元</dd>"]),
        ("en", ["<dt>Built in</dt><dd>2026–2030</dd>", "<dt>Investment</dt><dd>860 million yuan</dd>"]),
    ],
)  # fmt: skip
def test_its_page_tells_both(out: Path, language: str, told: list[str]) -> None:
    client = create_app(out, Settings()).test_client()
    asked = {"Accept-Language": language}
    paths = [urlsplit(row[0]).path.replace("/id/", "/page/", 1) for row in facts(out)]
    page, other, _, small = (client.get(path, headers=asked).text for path in paths)
    assert all(one in page for one in told)
    assert told[1].split("</dt>")[0] not in other
    assert f"<dd>{'8.5万元' if language == 'zh' else '85,000 yuan'}</dd>" in small


def test_indicators_without_baselines_are_not_said_to_have_them(tmp_path: Path) -> None:
    rows = ["序号\t指标\t单位\t2030年目标", "1\t甲产品产量\t万吨\t30", "2\t乙覆盖率\t%\t85"]
    made, plan, release = tmp_path / "plan.txt", tmp_path / "plan", tmp_path / "release"
    made.write_text("\n".join([*BEFORE, "主要指标", *rows]), encoding="utf-8")
    assert run("new", made, plan).returncode == 0
    complete(plan)
    assert run("publish", plan, "--out", release).returncode == 0
    (slug,) = (entry.slug for entry in read_manifest(release / "current").plans)
    client = create_app(release, Settings()).test_client()
    board = client.get(f"/board/{slug}?lang=zh").text
    assert "甲产品产量" in board and "目标值与年均要求" in board and "基期值、" not in board
    assert "差距" not in board and "年均要求为目标值的平均分摊" in board
    progress = client.get(f"/progress/{slug}?lang=zh").text
    heads = re.findall(r'<th scope="col"[^>]*>([^<]+)', progress)
    assert heads == ["序号", "指标", "目标值"], "nothing else is known"
    assert "无数据" not in progress and "仅列规划所载数值" in progress
    refused = client.get(f"/revision/{slug}?lang=zh")
    assert refused.status_code == 404
    assert "虚构区国民经济" in refused.text and slug not in refused.text
