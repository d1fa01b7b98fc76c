"""What is said of a plan that was not understood: on the smallest plans that have it."""

from __future__ import annotations

import json
import re
from html import unescape
from pathlib import Path

import pyoxigraph as ox
import pytest
from support import pages, run

from kg.document.structure import read_document
from kg.extract.extraction import extract
from kg.lexicon import lexicon
from kg.link.completeness import Completeness, completeness, numbers_without_targets
from kg.link.links import link
from kg.link.review import review
from kg.source.findings import Finding
from kg.source.plan import load_plan

UNDERSTOOD = """第一章 主要目标
——产业能级明显提升。先进制造业集群加快形成。
第二章 建设现代化产业体系
第一节 壮大先进制造业
加快墨池产业园建设。到2025年，国家高新技术企业达到120家。
第三章 保障措施
加强组织领导。
"""
SILENT = """第一章 主要目标
这里写下的是别的话。
第二章 往日的风光
第一节 山水之间
当地的山很高，水很清。
第三章 建设现代化产业体系
建设墨池产业园，栽植行道树3000株。
"""
GENERATED = ("chapter-without-measure", "goals-unread", "numbers-without-target", "little-read")


def read(text: str, *of_file: Finding) -> Completeness:
    document = read_document(text, "source.txt")
    linked = link(document, extract(document, (2021, 2025), "云湖市青石县"), ())
    return completeness(document, linked, of_file)


def test_a_plan_that_was_understood() -> None:
    report = read(UNDERSTOOD)
    assert report.findings == ()
    assert (report.chapters, report.goals, report.tables, report.rows) == (3, 1, 0, 0)
    assert report.measures >= 2
    assert report.targets == 1
    assert report.zones == 1
    # all but what no goal, measure or heading says
    assert report.share_read == 1


def test_sections_that_nothing_was_read_from_are_named() -> None:
    report = read(SILENT)
    found = {(f.kind, f.span and SILENT[f.span.start : f.span.end]) for f in report.findings}
    assert ("goals-unread", "第一章 主要目标") in found
    assert ("chapter-without-measure", "第二章 往日的风光") in found
    assert not any(kind == "chapter-without-measure" and "第三章" in at for kind, at in found if at)


def test_a_number_in_a_goal_that_gave_no_target_is_said() -> None:
    report = read(UNDERSTOOD.replace("先进制造业集群加快形成", "走好600公里新长征路"))
    assert [(f.kind, f.values["first"]) for f in report.findings] == [
        ("numbers-without-target", "600公里")
    ]


def test_a_vision_is_no_goal_of_a_section_that_states_goals() -> None:
    text = "第一章 主要目标\n到2025年，目标引领人心。\n展望2035年，建成强县。\n"
    assert "goals-unread" in {finding.kind for finding in read(text).findings}


def test_a_chapter_whose_text_is_a_review_needs_no_measure() -> None:
    text = """第一章 开启新征程
第一节 发展基础
过去五年，全县经济实力显著增强，地区生产总值年均增长6.1%，建成高标准农田20万亩。
第二章 发展产业
第一节 壮大工业
建设墨池产业园。
"""
    assert not any(f.kind == "chapter-without-measure" for f in read(text).findings)


def test_numbers_that_gave_no_target_are_counted_by_section() -> None:
    text = UNDERSTOOD.replace("加强组织领导。", "在3个街道设立便民点。为5万户改造水管。")
    text = text.replace("第三章 保障措施", "第三章 改善民生")
    document = read_document(text, "source.txt")
    linked = link(document, extract(document, (2021, 2025), "云湖市青石县"), ())
    without = [s.text for s, _ in numbers_without_targets(document, linked)]
    (finding,) = (f for f in read(text).findings if f.kind == "numbers-without-target")
    assert finding.values["heading"] == "改善民生"
    assert int(finding.values["count"]) == len(without) > 0
    assert finding.values["first"] in without[0]


@pytest.mark.parametrize(
    ("head", "left"),
    [
        ("序号\t指标\t2019年实际\t2020年预计\t2025年目标\t属性", []),
        ("序号\t指标\t2020年目标\t2020年实际\t2025年目标\t属性", ["2020年目标"]),
        (
            "序号\t指标\t目标水平\t\t\t属性\n\t\t2019年\t2020年\t2025年\t",
            ["目标水平2019年"],
        ),
    ],
)
def test_values_of_a_table_that_are_not_taken_are_said(head: str, left: list[str]) -> None:
    table = f"表1 主要指标\n{head}\n1\t绿地率（%）\t55\t60\t70\t约束性\n2\t入学率（%）\t80\t85\t90\t预期性\n"
    text = UNDERSTOOD.replace("第三章", table + "第三章", 1)
    found = read(text).findings
    assert [f.values["column"] for f in found if f.kind == "table-values-left"] == left
    document = read_document(text, "x")
    values = extract(document, (2021, 2025), "云湖市青石县").values
    bases = [v.quantity.text for v in values if v.kind == "Baseline" and v.indicator == "1"]
    assert bases == ["60"]


def test_ages_spans_of_time_and_slogans_are_no_numbers_without_a_target() -> None:
    said = (
        "大力发展3岁以下婴幼儿照护服务。提供24小时自助服务。加快建设一刻钟便民生活圈。推行7×24小时不打烊服务。"
        "实施“一号工程”。打造15分钟步行生活圈。按照“300米见绿、500米见园”建设公园体系。"
        "面向60岁以上老年人开展健康体检。探索12年一贯制办学。发挥12.5米深水航道作用。为5万户改造水管。"
    )
    text = UNDERSTOOD.replace("加强组织领导。", said).replace("第三章 保障措施", "第三章 改善民生")
    document = read_document(text, "source.txt")
    linked = link(document, extract(document, (2021, 2025), "云湖市青石县"), ())
    assert [first for _, first in numbers_without_targets(document, linked)] == ["5万户"]


@pytest.mark.parametrize(
    ("said", "first", "names"),
    [
        ("企业诉求5个工作日内作出答复。", [], {"企业诉求作出答复时间"}),
        ("推动受灾群众10小时内得到救助。", [], {"受灾群众得到救助时间"}),
        ("推动办事窗口30分钟内响应。", [], {"办事窗口响应时间"}),
        ("5个工作日内作出答复。", ["5个工作日内"], set()),
        ("推动窗口提供24小时服务。", [], set()),
    ],
)
def test_times_within_which_something_is_done_are_targets_or_said(
    said: str, first: list[str], names: set[str]
) -> None:
    text = UNDERSTOOD.replace("加强组织领导。", said).replace("第三章 保障措施", "第三章 改善民生")
    document = read_document(text, "source.txt")
    linked = link(document, extract(document, (2021, 2025), "云湖市青石县"), ())
    assert [number for _, number in numbers_without_targets(document, linked)] == first
    indicators = linked.extraction.indicator
    times = {v.indicator for v in linked.extraction.values if v.quantity.comparator == "AtMost"}
    assert {indicators[key].name for key in times} == names


@pytest.mark.parametrize(
    ("head", "rows", "first"),
    [
        ("项目名称 建设内容 总投资", "墨池产业园 新建厂房12万平方米 8.6亿元", "12万平方米"),
        ("项目名称\t建设内容\t年度投资（亿元）", "墨池产业园\t新建厂房\t8.6", "8.6"),
        ("序号\t项目名称\t2025年\t2026年", "1\t墨池产业园\t8.6\t9.2", "8.6"),
    ],
)
def test_numbers_of_projects_are_said_though_their_names_are_read(
    head: str, rows: str, first: str
) -> None:
    report = read(f"{UNDERSTOOD}附件 重大项目表\n{head}\n{rows}\n")
    (aside,) = (f.values for f in report.findings if f.kind == "numbers-aside")
    assert (aside["heading"], aside["count"], aside["first"]) == ("附件 重大项目表", "1", first)
    assert report.zones >= 1


def test_numbers_in_lists_and_other_tables_are_said() -> None:
    text = UNDERSTOOD.replace(
        "第三章 保障措施",
        "产能清单\n序号\t名称\t规模\n1\t墨池水厂\t日供水2万吨\n2\t青石物流港\t冷库3万吨\n"
        "第三章 改善民生\n学校6所\n医院2所\nⅡ 养老\nB. 托育\n第四章 年度安排\n2022 13 92\n2023 14 99\n"
        "第五章 保障措施",
    )
    found = read(text).findings
    aside = [
        (f.values["heading"], f.values["count"], f.values["first"])
        for f in found
        if f.kind == "numbers-aside"
    ]
    assert aside == [
        ("壮大先进制造业", "2", "2万吨"),
        ("改善民生", "2", "6所"),
        ("年度安排", "2", "2022"),
    ]
    bare = [f.values["heading"] for f in found if f.kind == "chapter-without-measure"]
    assert bare == ["改善民生", "年度安排"]
    assert [f.values["number"] for f in found if f.kind == "heading-not-understood"] == ["2", "2"]


@pytest.mark.parametrize("parted", ["\t", " "])
def test_a_whole_number_in_a_row_of_projects_is_said(parted: str) -> None:
    rows = "\n".join(parted.join(row) for row in (("项目名称", "投资（亿元）"), ("墨池水厂", "8")))
    (aside,) = read(f"{UNDERSTOOD}附件 重大项目表\n{rows}\n").findings
    assert (aside.kind, aside.values["first"]) == ("numbers-aside", "8")


PROJECTS = """附件2
重大项目表
类别\t序号\t项目名称\t建设内容\t责任单位\t投资（万元）\t建设年限
医疗\t1\t墨池医院扩建\t扩建业务用房8600平方米\t县卫生健康局\t9800\t2021—2023
\t2\t青石防疫中心提升\t改造实验室5个\t县疾控局\t6400\t2022—2024
急救\t3\t急救站点加密\t增设急救站点19个\t县卫生健康局\t5200\t2023—2025
"""


def test_numbers_that_count_rows_behind_a_category_are_not_said() -> None:
    text = UNDERSTOOD + PROJECTS
    assert not any(f.kind == "numbers-aside" for f in read(text).findings)
    values = extract(read_document(text, "x"), (2021, 2025), "云湖市青石县").values
    assert [v.period for v in values if v.quantity.text in ("8600平方米", "5个", "19个")] == [
        (2021, 2023),
        (2022, 2024),
        (2023, 2025),
    ]


def test_text_without_measures_goals_or_names_is_said_to_be_unread() -> None:
    text = "第一章 总论\n" + "那一年的冬天来得很早，街上没有什么人。\n" * 40
    report = read(text)
    assert report.share_read < 0.1
    (finding,) = (f for f in report.findings if f.kind == "little-read")
    assert finding.span is None
    assert finding.values == {"share": f"{report.share_read:.0%}"}


def test_what_the_file_did_not_give_stands_with_the_rest() -> None:
    page = Finding("unread-page", None, {"page": "7"})
    report = read(UNDERSTOOD, page)
    assert report.findings == (page,)
    assert "7" in page.wording("zh")
    assert page.wording("en").startswith("page 7")


def test_the_report_is_published_with_the_plan(small_plan: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plan"
    folder.mkdir()
    for file in small_plan.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    plan = load_plan(folder)
    silent = "\n## 第三章　建设美丽家园\n\n### 第一节　改善环境\n\n当地的山很高，水很清。\n"
    (folder / plan.source_name).write_text(plan.source + silent.replace("#", ""), encoding="utf-8")
    done = run("publish", folder, "--out", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    current = tmp_path / "out" / "current"
    report = json.loads((current / "plans" / plan.slug / "completeness.json").read_text("utf-8"))
    assert report["measures"] > 0
    (unread,) = (f for f in report["findings"] if f["kind"] == "chapter-without-measure")
    source = (folder / plan.source_name).read_text("utf-8")
    assert source[unread["start"] : unread["end"]].endswith("建设美丽家园")
    store = ox.Store.read_only(str(current.resolve() / "store"))
    found = store.query(
        """PREFIX plan: <https://w3id.org/planlink/ns#> PREFIX prov: <http://www.w3.org/ns/prov#>
        SELECT ?f ?zh ?text { ?f plan:findingType plan:finding-ChapterWithoutMeasure ;
          plan:explanation ?zh ; prov:wasQuotedFrom/plan:text ?text ; plan:about/a plan:Section
          FILTER(lang(?zh) = "zh") }""",
        use_default_graph_as_union=True,
    )
    ((focus, zh, text),) = {(row["f"].value, row["zh"].value, row["text"].value) for row in found}
    assert zh == unread["zh"]
    assert text.endswith("建设美丽家园")
    results = json.loads((current / "plans" / plan.slug / "report.json").read_text("utf-8"))
    assert [r["severity"] for r in results if r["focus"] == focus] == ["Warning"]
    shown = run("review", folder)
    assert shown.returncode == 0, shown.stderr
    assert unread["en"] in shown.stdout
    site = pages(tmp_path / "out").test_client()
    for language in ("zh", "en"):
        page = site.get(f"/plan/{plan.slug}/report?lang={language}")
        assert page.status_code == 200
        assert unread[language] in unescape(re.sub("<[^>]*>", "", page.text))


def test_a_new_folder_is_told_how_well_its_plan_was_understood(tmp_path: Path) -> None:
    """The last that planlink new says, each finding with its line."""
    (tmp_path / "plan.txt").write_text(SILENT, encoding="utf-8")
    done = run("new", tmp_path / "plan.txt", tmp_path / "plan")
    assert done.returncode == 0, done.stderr
    told = done.stdout.partition("\nread: ")[2].splitlines()
    assert told[0].startswith("3 chapters, 0 goals, 1 measure, 0 rows of 0 indicator tables")
    assert "  line 1: “主要目标” should list goals, and none was read" in told
    assert "  line 3: no measure was read in “往日的风光”" in told


def test_a_new_folder_is_told_why_a_value_is_open(tmp_path: Path) -> None:
    text = (
        "澜州市国民经济和社会发展第十五个五年规划纲要\n澜州市人民政府\n二〇二六年二月\n"
        + UNDERSTOOD
    )
    (tmp_path / "plan.txt").write_text(text, encoding="utf-8")
    done = run("new", tmp_path / "plan.txt", tmp_path / "plan")
    told = " ".join(done.stdout.replace("│", " ").split())
    assert "澜州市 may be of several" in told and "month alone, 2026-02" in told


def test_every_kind_is_worded_in_both_languages() -> None:
    for kind, wording in lexicon("findings").items():
        assert set(wording) >= {"name", "zh", "en"}, kind
        assert set(wording["name"]) == {"zh", "en"}, kind
    assert set(GENERATED) <= set(lexicon("findings"))


def test_numbers_left_out_beside_targets_are_named() -> None:
    """Of 产值占比达52%, 4个万亿级产业 and 15个千亿级产业集群 the second gave no target."""
    sentence = (
        "到2025年，新兴产业产值占比达52%左右，形成新材料、新能源4个万亿级产业和15个千亿级产业集群。"
    )
    report = read(UNDERSTOOD.replace("到2025年，国家高新技术企业达到120家。", sentence))
    (finding,) = (f for f in report.findings if f.kind == "numbers-partly-read")
    assert (finding.values["count"], finding.values["first"]) == ("1", "4个")


def test_a_number_is_said_once() -> None:
    """Shares are no number half understood, and a number half understood is no measure left."""
    of_numbers = {"number-half-read", "shares-unread", "numbers-without-target", "measures-left"}
    for sentence, kind in (
        ("三次产业结构调整为9.2∶38.6∶52.2。", "shares-unread"),
        ("石湾水库库容减少1/3以上。", "number-half-read"),
    ):
        report = read(f"{UNDERSTOOD}{sentence}\n")
        assert [f.kind for f in report.findings if f.kind in of_numbers] == [kind]


def test_sentences_that_may_be_measures_are_named() -> None:
    """Those that describe, list names or say what is known are none."""
    text = UNDERSTOOD.replace(
        "第三章",
        "多山的乡镇适度增加露营服务配套设施。墨池产业园是全县工业的根基。墨池、石湾、林泉三大组团。"
        "“一湾”指石湾沿岸茶旅融合发展带。\n第三章",
    )
    (finding,) = (f for f in read(text).findings if f.kind == "measures-left")
    assert finding.values["first"] == "多山的乡镇适度增加露营服务配套设施。"
    assert finding.values["count"] == "1"


@pytest.mark.parametrize(
    "sentence",
    [
        "推进墨江6米水深航道整治，新增泊位12个。",
        "轨道站点600米范围覆盖居住用地，新增泊位12个。",
        "支持山外小学等60所学校改造，新增泊位12个。",
    ],
)
def test_sizes_and_lists_promise_nothing(sentence: str) -> None:
    assert not any(f.kind.startswith("num") for f in read(f"{UNDERSTOOD}{sentence}\n").findings)


def test_labels_that_come_again_are_no_names_left() -> None:
    box = "专栏1 产业集群\n墨溪片\n发展导向\n加快发展茶业。\n青陂片\n发展导向\n加快发展林业。\n"
    report = read(UNDERSTOOD.replace("第三章", f"{box}第三章"))
    assert [f.values["names"] for f in report.findings if f.kind == "names-left"] == [
        "墨溪片、青陂片"
    ]


@pytest.mark.parametrize(
    ("sentence", "shares"),
    [
        ("三次产业结构调整为9.2∶38.6∶52.2。", ["9.2:38.6:52.2"]),
        ("三次产业投资之比为1:3:6，供排水比为3∶2。", ["1:3:6"]),
        ("城乡居民收入比缩小至1.86∶1，每日8:30开放。", []),
    ],
)
def test_shares_of_several_parts_are_said(sentence: str, shares: list[str]) -> None:
    report = read(f"{UNDERSTOOD}{sentence}\n")
    found = [f.values["shares"] for f in report.findings if f.kind == "shares-unread"]
    assert found == shares


@pytest.mark.parametrize(
    ("entry", "names"),
    [
        ("教育：智学云平台二期、校安扩面、墨池产业园", ["智学云平台二期、校安扩面"]),
        (
            "【数字】政务云、应急广播二期（含终端、机房）。",
            ["政务云、应急广播二期（含终端、机房）"],
        ),
        ("文化：智学云平台、墨池产业园、城市书房20个", ["智学云平台"]),
        ("智学云平台二期\n墨池产业园\n校安扩面", ["智学云平台二期、校安扩面"]),
        ("推动特种陶瓷、高性能纤维产业化", []),
        ("智能制造：特种陶瓷、高性能纤维等。", []),
        ("到2030年，特种陶瓷、高性能纤维做大做强。", []),
    ],
)
def test_names_in_lists_of_projects_that_nothing_was_read_of_are_said_one_by_one(
    entry: str, names: list[str]
) -> None:
    text = UNDERSTOOD.replace("第三章", f"专栏1 重点工程\n{entry}\n第三章")
    found = [f.values["names"] for f in read(text).findings if f.kind == "names-left"]
    assert found == names


def test_the_cells_of_a_table_that_was_not_read_are_one_doubt() -> None:
    cells = [f"{name}\n\n{n}%\n" for n, name in enumerate(("河道", "管网", "泵站", "闸门"), 11)]
    text = "\n".join(["第一章 甲", "改造管网。", "", *cells, "加快建设管网。", "", "短行", ""])
    document = read_document(text, "x")
    points = review(document, link(document, extract(document, (2026, 2030), "云湖市")), {})
    told = {p.doubt: p.words.split() for p in points}
    assert len(points) == 2 and told["a short line that is no heading"] == ["短行"]
    assert told["a table that was not read"] == ["河道", "11%", "管网", "12%", "泵站", "13%"]
