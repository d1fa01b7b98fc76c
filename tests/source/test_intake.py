"""planlink new, and invented plans in other shapes all the way to a release."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from support import ROOT, complete, run

from kg.document.structure import read_document
from kg.errors import PlanlinkError
from kg.link.reading import read_plan
from kg.pipeline import build_plan
from kg.source.intake import read_published
from kg.source.new import new_plan
from kg.source.plan import load_plan
from kg.source.published import Published
from kg.source.title_page import read_title_page

PLANS = ROOT / "tests" / "plans"
PREFIXES = "PREFIX plan: <https://w3id.org/planlink/ns#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "


def published(file: Path, tmp_path: Path) -> ox.Store:
    """A document taken from planlink new to a store."""
    made = run("new", file, tmp_path / "plan")
    assert made.returncode == 0, made.stderr
    complete(tmp_path / "plan")
    done = run("publish", tmp_path / "plan", "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    return ox.Store.read_only(str((tmp_path / "out" / "current").resolve() / "store"))


def rows(store: ox.Store, query: str) -> set[tuple[str, ...]]:
    found = store.query(PREFIXES + query, use_default_graph_as_union=True)
    names = [v.value for v in found.variables]
    return {tuple(getattr(row[n], "value", "") for n in names) for row in found}


def test_markdown_with_years_units_and_growth_in_columns(tmp_path: Path) -> None:
    store = published(PLANS / "qinghe.md", tmp_path)
    table = rows(
        store,
        "SELECT ?n ?l ?c ?u ?t { ?i plan:number ?n ; skos:prefLabel ?l ; plan:category ?c ; "
        "plan:unit/skos:prefLabel ?u ; plan:hasTarget/plan:valueText ?t FILTER(lang(?u)='zh') }",
    )
    assert {(n, label, c, t) for n, label, c, _, t in table} >= {
        ("1", "地区生产总值", "产业能级", "680"),
        ("1", "地区生产总值", "产业能级", "5.5"),
        ("2", "国家高新技术企业数量", "产业能级", "120"),
        ("3", "空气优良天数比例", "生态环境", "85"),
        ("4", "城镇新增就业", "生态环境", "[6]"),
    }
    assert rows(store, "SELECT ?l { ?g a plan:Goal ; skos:prefLabel ?l }") == {
        ("产业能级明显提升",),
        ("生态环境持续改善",),
    }
    zones = {z for (z,) in rows(store, "SELECT ?l { ?z a plan:Zone ; skos:prefLabel ?l }")}
    assert {"栖霞渡科技产业园", "墨池创新谷", "柳埠河"} <= zones
    institutions = {
        i for (i,) in rows(store, "SELECT ?l { ?z a plan:Institution ; skos:prefLabel ?l }")
    }
    assert {"云湖工业大学", "云湖蔚然材料有限公司"} <= institutions
    checks = rows(
        store,
        "SELECT ?n ?p { ?t ?p ?o . ?t plan:ofIndicator/plan:number ?n VALUES ?p { "
        "plan:consistentWith plan:inconsistentWith } }",
    )
    assert checks == {
        ("2", "https://w3id.org/planlink/ns#consistentWith"),
        ("3", "https://w3id.org/planlink/ns#inconsistentWith"),
    }
    periods = {
        p
        for (p,) in rows(
            store,
            "PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> SELECT ?l { ?i plan:number 1 ; "
            "plan:hasTarget/plan:period/rdfs:label ?l }",
        )
    }
    assert periods == {"2030", "2026-2030"}


def test_markdown_in_a_text_file(tmp_path: Path) -> None:
    """What planlink new keeps of it is what was read, and not its marks."""
    (tmp_path / "plan.txt").write_text(
        "# 梨山县“十五五”茶业发展规划\n**发布机构：** 梨山县农业农村局\n\n## 一、做优茶业\n"
        "- 新建茶园2万亩。\n\n## 二、做强加工\n- 建成茶厂3座。\n",
        encoding="utf-8",
    )
    found = new_plan(tmp_path / "plan.txt", tmp_path / "plan")
    assert found.value("issuer") == "梨山县农业农村局"
    document = read_document((tmp_path / "plan" / "source.txt").read_text("utf-8"), "source")
    assert [section.heading for section in document.sections] == ["做优茶业", "做强加工"]


def test_html_in_gbk_and_traditional_characters(tmp_path: Path) -> None:
    file = tmp_path / "plan.html"
    file.write_bytes((PLANS / "lanling.html").read_text(encoding="utf-8").encode("gb18030"))
    store = published(file, tmp_path)
    assert rows(
        store, "SELECT ?n ?l ?c { ?i plan:number ?n ; skos:prefLabel ?l ; plan:category ?c }"
    ) == {
        ("1", "森林覆蓋率", "資源"),
        ("2", "濕地保護面積", "資源"),
    }
    assert rows(store, "SELECT ?v { ?i plan:number 1 ; plan:hasBaseline/plan:value ?v }") == {
        ("41.2",)
    }
    sections = rows(store, "SELECT ?n ?h { ?s a plan:Section ; plan:number ?n ; plan:heading ?h }")
    assert {
        ("1", "發展目標"),
        ("2", "重點任務"),
        ("2.1", "加強資源保護"),
        ("box1", "重點工程"),
        ("3", "保障措施"),
    } <= sections
    assert ("翠屏山國家森林公園",) in rows(
        store, "SELECT ?l { ?z a plan:Zone ; skos:prefLabel ?l }"
    )
    assert ("嵐嶺林業科學研究院",) in rows(
        store, "SELECT ?l { ?z a plan:Institution ; skos:prefLabel ?l }"
    )
    assert ("推進翠屏山國家森林公園建設",) in rows(
        store, "SELECT ?l { ?m a plan:Measure ; skos:prefLabel ?l }"
    )


def word(path: Path) -> None:
    from docx import Document as WordDocument

    document = WordDocument()
    for line in (
        "云湖市墨池县国民经济和社会发展第十三个五年规划纲要",
        "本规划为虚构,仅供测试。",
        "云湖市墨池县人民政府",
        "第一章 主要目标",
        "——城乡面貌焕然一新。基础设施更加完善。",
        "墨池县“十三五”主要指标",
    ):
        document.add_paragraph(line)
    table = document.add_table(rows=0, cols=5)
    for cells in (
        ("序号", "指标", "2015年", "2020年", "属性"),
        ("1", "常住人口城镇化率(%)", "48", "60", "预期性"),
        ("2", "城镇新增就业(万人)", "-", "[2.5]", "预期性"),
    ):
        for cell, text in zip(table.add_row().cells, cells, strict=True):
            cell.text = text
    for line in (
        "第二章 建设美丽县城",
        "一、完善城市功能",
        "推进墨池老街、锦鲤坊等片区改造,新建停车场6个。",
    ):
        document.add_paragraph(line)
    document.save(str(path))


def test_word_with_a_former_period(tmp_path: Path) -> None:
    word(tmp_path / "plan.docx")
    store = published(tmp_path / "plan.docx", tmp_path)
    plan = tomllib.loads((tmp_path / "plan" / "plan.toml").read_text())
    assert (
        plan["area"] == "云湖市墨池县"
        and plan["period"] == [2016, 2020]
        and plan["issuer"] == "云湖市墨池县人民政府"
    )
    assert (tmp_path / "plan" / "published.docx").exists()
    assert rows(
        store,
        "SELECT ?n ?l ?t ?v { ?i a plan:Indicator ; plan:number ?n ; skos:prefLabel ?l ; "
        "plan:hasTarget [ plan:valueText ?t ; skos:prefLabel ?v ] }",
    ) == {
        ("1", "常住人口城镇化率", "60", "常住人口城镇化率（2020）：60%"),
        ("2", "城镇新增就业", "[2.5]", "城镇新增就业（2016-2020）：累计2.5万人"),
    }
    assert ("6",) in rows(store, "SELECT ?v { ?m a plan:Measure ; plan:hasTarget/plan:value ?v }")


def test_pdf_with_a_text_layer(font: Path, tmp_path: Path) -> None:
    from paper import Paper

    pdf = Paper(font)
    pdf.add_page()
    pdf.lines(
        "云湖市国民经济和社会发展第十四个五年规划纲要",
        "本规划为虚构,仅供测试。",
        "第一章 加快创新发展",
        "第一节 建设创新平台",
        "加快建设栖霞渡科学城,到2025年,研发投入强度达到3.2%。",
        height=9,
    )
    pdf.output(str(tmp_path / "plan.pdf"))
    store = published(tmp_path / "plan.pdf", tmp_path)
    assert ("3.2",) in rows(store, "SELECT ?v { ?t a plan:Target ; plan:value ?v }")
    assert ("栖霞渡科学城",) in rows(store, "SELECT ?l { ?z a plan:Zone ; skos:prefLabel ?l }")


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "plan.txt", "the file is empty"),
        (b"%PDF-1.4 broken", "plan.pdf", r"cannot be read as .pdf"),
        (b"not a zip", "plan.docx", r"cannot be read as .docx"),
        (b"x", "plan.xls", "no kind of document that is read"),
        ("推进建设。\n".encode(), "plan.txt", "no chapter or section heading was found"),
        (b"a" * 1_000_001, "plan.md", "more than the 1,000,000 taken"),
        (("<p>第一章</p>" + "㐀㐁㐂" * 200).encode(), "plan.html", "make no Chinese"),
    ],
)
def test_documents_that_cannot_be_read(
    tmp_path: Path, content: bytes, name: str, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    done = run("new", tmp_path / name, tmp_path / "plan")
    assert done.returncode == 2 and says in done.stderr and done.stderr.count("\n") == 1
    assert not (tmp_path / "plan").exists() and not list(tmp_path.glob(".plan*"))


def test_a_folder_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "plan").mkdir()
    done = run("new", PLANS / "qinghe.md", tmp_path / "plan")
    assert done.returncode == 2 and "is there already" in done.stderr


def test_what_cannot_be_told_is_left_to_a_person(tmp_path: Path) -> None:
    (tmp_path / "plan.txt").write_text("第一章 总则\n一、加强建设\n推进建设。\n", encoding="utf-8")
    done = run("new", tmp_path / "plan.txt", tmp_path / "plan")
    assert done.returncode == 0 and "fill it in" in done.stdout
    assert "请填写" in (tmp_path / "plan" / "plan.toml").read_text(encoding="utf-8")
    refused = run("publish", tmp_path / "plan", "--out", tmp_path / "out")
    assert refused.returncode == 2 and refused.stderr.count("\n") == 1


def test_guesses_of_the_flagship(published_flagship: Callable[[], str]) -> None:
    found = read_title_page(Published(published_flagship()))
    assert [found.value(key) for key in ("area", "period", "slug")] == [
        "天津市红桥区",
        (2021, 2025),
        "hongqiao-2021",
    ]


@pytest.mark.parametrize("name", ["suzhou_city_15fyp_2026", "nanjing_city_15fyp_2026"])
def test_tables_of_real_plans_of_other_governments(name: str, shared: Path, tmp_path: Path) -> None:
    """The graph is built as a publish builds it, of the chapters up to the table; releases of whole
    plans are made below."""
    text = (shared / "plans" / f"{name}.txt").read_text(encoding="utf-8")
    document = read_document(text, name)
    numbers = [section.number for section in document.sections]
    assert numbers and not [n for n in numbers if "-" in n], "a heading came twice"
    end = max(table.span.end for table in document.tables)
    text = text[: next(s.span.end for s in document.sections if s.span.end >= end)]
    (tmp_path / "plan.txt").write_text(text, encoding="utf-8")
    made = run("new", tmp_path / "plan.txt", tmp_path / "plan")
    assert made.returncode == 0, made.stderr
    complete(tmp_path / "plan")
    quiet = lambda _: None  # noqa: E731
    reading = read_plan(load_plan(tmp_path / "plan"), quiet, quiet)
    graphs = build_plan(reading, "http://localhost:8000", quiet, quiet)
    assert [one for one in graphs.report.results if one.severity == "Violation"] == []
    store = ox.Store()
    store.extend(graphs.quads)
    assert rows(store, "SELECT ?s { ?s a plan:Section }")
    scored = re.compile("/(?:indicator|target)/")
    told = [q for q in graphs.quads if scored.search(str(q.subject))]
    (tmp_path / "dump.nq").write_bytes(ox.serialize(told, format=ox.RdfFormat.N_QUADS))
    score = [
        sys.executable,
        shared / "gold" / "score_table.py",
        tmp_path / "dump.nq",
        shared / "plans" / f"{name}.indicators.tsv",
    ]
    said = subprocess.run(score, capture_output=True, text=True, check=True).stdout
    assert "right 1.000  invented 0" in said, said


@pytest.mark.parametrize(
    "name", ["hubei_province_cultural_relics_14fyp_2021", "yunnan_province_10fyp_2001"]
)
def test_real_plans_of_other_governments(name: str, shared: Path, tmp_path: Path) -> None:
    store = published(shared / "plans" / f"{name}.txt", tmp_path)
    assert rows(store, "SELECT ?m { ?m a plan:Measure }")


@pytest.mark.parametrize("piece", ["*a_ ", "|", "[", "`"])
def test_markdown_of_marks_alone_is_refused(piece: str, tmp_path: Path) -> None:
    file = tmp_path / "plan.md"
    file.write_text("第一章 目标\n" + piece * 120_000, encoding="utf-8")
    with pytest.raises(PlanlinkError, match="marks of Markdown"):
        read_published(file)


def test_attributes_of_markdown_headings_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "plan.md"
    path.write_text("# 青石市规划\n\n## 第一节 发展基础 {#s1}\n\n建成公园12个{约}。\n", "utf-8")
    assert read_published(path).text == "青石市规划\n第一节 发展基础\n建成公园12个{约}。\n"
