"""Headings, contents lists, boxes, page marks and notes: in ten real plans and in small cases.

headings.json holds, for each of the ten plans of ../shared/plans, where its headings begin (Unicode
code points of the text) and their numbers, and nothing of the text. It was made from what was read:
every line that looks like a heading was then looked at, what was missed added. Not counted are the
entries of boxes that are named before a colon, captions of figures, and rows of tables.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from support import ANNOTATED, annotated

from kg.document.structure import Document, read_document
from kg.extract.extraction import extract

REFERENCE = json.loads(Path(__file__).with_name("headings.json").read_text(encoding="utf-8"))
FRONT = "示例市国民经济和社会发展第十五个五年规划纲要\n示例市人民政府\n"


def read(text: str) -> Document:
    return read_document(FRONT + text, "x")


def outline(document: Document) -> list[str]:
    return [f"{s.number} {s.heading}" for s in document.sections]


def sentences(document: Document) -> list[str]:
    return [s.text for s in document.sentences]


@pytest.fixture
def case(shared: Path, request: pytest.FixtureRequest) -> Document:
    """A case of ../shared/cases/documents, by the beginning of its name."""
    (path,) = (shared / "cases" / "documents").glob(f"{request.param}-*.txt")
    return read_document(path.read_text(encoding="utf-8"), path.name)


@pytest.mark.parametrize("plan", ANNOTATED)
def test_headings_of_real_plans(plan: str) -> None:
    """0.98 of the headings of the reference (place and number), none doubled or invented."""
    wanted = {(start, number) for start, number in REFERENCE[plan]}
    sections = annotated(plan).sections
    found = [(s.heading_span.start, s.number) for s in sections if s.style != "annex"]
    if (
        found[0][1] == "preface" and found[0] not in wanted
    ):  # the title, above a preface without a heading
        found = found[1:]
    assert len(wanted & set(found)) >= 0.98 * len(wanted)
    assert len(found) == len(set(found))
    assert not set(found) - wanted


@pytest.mark.parametrize("case", ["b"], indirect=True)
def test_a_title_that_ends_in_and_does_not_take_the_text(case: Document) -> None:
    assert "4 积极稳妥推进碳达峰碳中和" in outline(case)
    assert "5.1 鼓励公众参与" in outline(case)


@pytest.mark.parametrize(
    ("printed", "heading"),
    [
        ("第一篇　推进绿色转型　建设美丽家园", "推进绿色转型 建设美丽家园"),
        ("一、推进绿色转型 建设美丽家园", "推进绿色转型 建设美丽家园"),
        ("第一章　发展　目标", "发展目标"),  # a word that is set wide
        ("第一章　促进城乡融合与\n区域协调发展", "促进城乡融合与区域协调发展"),
    ],
)
def test_a_blank_parts_the_halves_of_a_title(printed: str, heading: str) -> None:
    document = read_document(f"{printed}\n第一节　增进福祉\n　　建设公园。\n", "x")
    assert document.sections[0].heading == heading


def test_a_broken_title_takes_its_second_line_and_no_more() -> None:
    document = read(
        "第一章 促进城乡融合与\n区域协调发展\n第一节 振兴乡村和\n"
        "深入实施乡村建设行动，统筹推进农村道路、供水和\n污水处理。\n"
    )
    assert outline(document) == ["1 促进城乡融合与区域协调发展", "1.1 振兴乡村和"]
    assert sentences(document) == ["深入实施乡村建设行动,统筹推进农村道路、供水和污水处理。"]


@pytest.mark.parametrize("case", ["c"], indirect=True)
def test_a_second_title_line_is_no_text(case: Document) -> None:
    assert outline(case)[0] == "p1 锚定发展目标奋力谱写中国式现代化的示例篇章"
    assert not any("全力服务保障中心功能" in s for s in sentences(case))


def test_a_chapters_second_title_line_is_no_text() -> None:
    document = read(
        "第一章 筑牢产业根基\n加快构建现代产业体系\n"
        "现代产业体系是高质量发展的根本支撑，必须一以贯之抓好落实。\n第一节 农业\n发展果业。\n"
    )
    assert outline(document)[0] == "1 筑牢产业根基加快构建现代产业体系"
    assert len(sentences(document)) == 2


@pytest.mark.parametrize(
    ("case", "numbers"),
    [
        ("d", ["1.1", "1.2", "2.1", "2.2", "3.1", "3.2"]),
        ("e", ["1.1", "1.2", "2.1", "2.2.1", "2.2.2", "3.1", "3.1.1"]),
    ],
    indirect=["case"],
)
def test_counts_restart_under_each_parent(case: Document, numbers: list[str]) -> None:
    assert set(numbers) <= {s.number for s in case.sections}


def test_articles_count_on_across_chapters() -> None:
    document = read(
        "第一章 总体要求\n第一条 指导方针\n坚持改革开放。\n第二条 主要目标\n建成交通强市。\n"
        "第二章 主要任务\n第三条　壮大产业\n第三条生产线建成投产。\n第四条规定的事项抓好落实。\n"
    )
    assert outline(document) == [
        "1 总体要求",
        "1.1 指导方针",
        "1.2 主要目标",
        "2 主要任务",
        "2.3 壮大产业",
    ]
    assert len(sentences(document)) == 4


def test_bracketed_digits_restart_under_each_heading() -> None:
    document = read(
        "一、建设产业\n(一)做强工业\n（1）链条延伸。加快延链。\n（2）集群培育。加快建群。\n"
        "(二)做优农业\n（1）良种推广。推广良种。\n二、改善民生\n(一)教育\n新建学校。\n"
    )
    assert outline(document)[2:4] == ["1.1.1 链条延伸", "1.1.2 集群培育"]
    assert "1.2.1 良种推广" in outline(document)


def test_counts_may_go_on_across_chapters() -> None:
    document = read(
        "一、创新\n1.强平台。建设平台。\n2.引人才。引进人才。\n二、开放\n3.扩大开放。开放口岸。\n"
    )
    assert outline(document)[-1] == "2.3 扩大开放"


def test_decimal_sections_may_stand_at_the_top() -> None:
    document = read(
        "1.1 取得的成效\n工业增加值年均增长9%。\n1.2 存在的问题\n创新能力不强。\n"
        "2.1 主要任务\n建设产业园。\n"
    )
    assert outline(document) == ["1.1 取得的成效", "1.2 存在的问题", "2.1 主要任务"]
    assert document.findings == ()


def test_a_quantity_at_the_head_of_a_line_is_no_heading() -> None:
    text = (
        "1 总则\n1.1 规模\n公路总里程达到\n1.6万公里，货运量达到\n3.5亿吨。\n2 任务\n2.1 公路\n"
        "完成改造\n2.4万公里。\n2.2 航运\n整治航道。\n"
    )
    document = read(text)
    assert outline(document) == ["1 总则", "1.1 规模", "2 任务", "2.1 公路", "2.2 航运"]
    assert document.findings == ()


def test_bare_numbers_may_count_on_across_parts() -> None:
    chapters = [
        "回望:五年耕耘",
        "展望",
        "总体要求",
        "发展目标",
        "强业",
        "兴农",
        "便民",
        "护绿",
        "增收",
    ]
    text = "".join(
        f"第{'一二三四五六七八九'[i]}篇 {name}篇\n{i + 1} {name}\n建设园区。\n"
        for i, name in enumerate(chapters)
    )
    document = read(f"{text}9.1 富农\n新建园区。\n第十篇 保障篇\n10 落实责任\n建设队伍。\n")
    assert [s.heading for s in document.sections][1::2] == [*chapters, "保障篇"]
    assert outline(document)[-3:] == ["9.1 富农", "p10 保障篇", "10 落实责任"]
    assert document.findings == ()


def test_bare_numbers_need_no_decimal_ones_below() -> None:
    text = "1 发展基础\n新建水库3座。\n2 总体要求\n推进节水。\n3 主要任务\n建设现代水网。\n"
    document = read(text)
    assert outline(document) == ["1 发展基础", "2 总体要求", "3 主要任务"]
    counted = "一、重点任务\n建设园区：\n1 甲园区\n2 乙园区\n3 丙园区\n新建水库。\n"
    assert outline(read(counted)) == ["1 重点任务"]


def test_a_list_of_sentences_is_no_row_of_headings() -> None:
    document = read(
        "第一章 布局\n1.东区重点发展新材料、装备制造和现代物流。\n"
        "2.西区重点发展文化旅游。\n第二章 保障\n加强领导。\n"
    )
    assert outline(document) == ["1 布局", "2 保障"]


@pytest.mark.parametrize("case", ["f"], indirect=True)
def test_page_numbers_glued_to_lines_vanish(case: Document) -> None:
    assert "3 强化资源配置功能，提升服务能级" in outline(case)
    (sentence,) = [s for s in case.sentences if "闵行片区" in s.text]
    start = sentence.text.index("闵行片区")
    assert case.published(sentence.read.locate(start, start + 4)) == "闵\n82行片区"


def test_page_numbers_vanish_and_counts_stay() -> None:
    document = read(
        "一、工业\n加快建设青石产业园区和\n21北岸物流港，完善园区各类\n22配套设施。\n"
        "23二、农业\n到2030年，新建粮库和果蔬市场\n15个。\n"
    )
    assert outline(document) == ["1 工业", "2 农业"]
    assert sentences(document) == [
        "加快建设青石产业园区和北岸物流港,完善园区各类配套设施。",
        "到2030年,新建粮库和果蔬市场15个。",
    ]


def test_running_heads_and_page_numbers_stand_in_no_sentence() -> None:
    page = "示例市国民经济和社会发展规划纲要\n— {} —\n"
    document = read(
        "第一章 产业\n加快建设东湖产业园，打造现代产业\n"
        + page.format(1)
        + "集群。推进西岭文化园\n"
        + page.format(2)
        + "提质。\n"
        + page.format(3)
    )
    assert sentences(document) == ["加快建设东湖产业园,打造现代产业集群。", "推进西岭文化园提质。"]
    once = read(
        f"第一章 产业\n加快建设东湖产业园，打造现代产业\n— 1 —\n{FRONT[: FRONT.index(chr(10)) + 1]}集群。\n"
    )
    assert sentences(once) == ["加快建设东湖产业园,打造现代产业集群。"], "the cover's title"


BODY = (
    "一、发展基础\n(一)主要成就\n五年来经济平稳增长。\n二、发展目标\n——实力增强。稳步增长。\n"
    "三、重点任务\n(一)建设产业园区\n加快建设青山产业园。\n(二)加强组织保障\n建立督查机制。\n"
)
ENTRIES = ("一、发展基础", "(一)主要成就", "二、发展目标", "三、重点任务", "(一)建设产业园区")


@pytest.mark.parametrize("title", ["目  录\n", ""])
@pytest.mark.parametrize("form", ["{}", "{}\t{n}", "{} ………… {n}", "{}......{n}", "{}    {n}"])
@pytest.mark.parametrize("last", ["(二)加强组织保障", "(二)加强组织\n保障", "(二)加强组织保障 9"])
def test_contents_lists_are_not_doubled(title: str, form: str, last: str) -> None:
    listed = "".join(form.format(entry, n=n) + "\n" for n, entry in enumerate(ENTRIES, 1))
    document = read(title + listed + last + "\n" + BODY)
    assert outline(document) == outline(read(BODY))
    assert sentences(document) == sentences(read(BODY))


@pytest.mark.parametrize("gap", ["    ", "\t"])
def test_a_page_number_beside_a_heading_makes_it_no_entry(gap: str) -> None:
    body = "第一章 产业\n第一节 集群\n壮大集群。\n第二章 生态{0}12\n第一节 山水\n保护山水。\n"
    document = read(body.format(gap))
    assert outline(document) == outline(read(body.replace("{0}12", "")))
    assert document.section("2").heading == "生态"


def test_a_box_ends_with_its_list() -> None:
    document = read(
        "第一章 产业\n第一节 集群\n壮大集群。\n专栏1 重点集群\n1.北区:新材料。\n2.南区:生物医药。\n"
        "推动集群联动发展。\n第二节 载体\n建设载体。\n"
    )
    assert [s.section for s in document.sentences] == ["1.1", "box1", "box1", "1.1", "1.2"]
    box = document.section("box1")
    assert document.section("1.1").span.contains(box.span)
    assert document.section_at(document.text.index("推动集群")) == "1.1"


def test_rows_of_projects_give_no_sentence_of_cells() -> None:
    document = read(
        "第一章 项目\n重点项目如下:\n序号    项目    内容\n"
        "1    青石科技城    新建研发中心，配套人才公寓。\n2    南湾码头    改建泊位\n"
        "附表1 重大项目\n东岭隧道\n新建\n3公里\n"
    )
    read_as = {s.text: document.role(s) for s in document.sentences}
    assert read_as["青石科技城:新建研发中心,配套人才公寓。"] == "measures"
    assert read_as["南湾码头:改建泊位"] == "measures"
    assert read_as["东岭隧道"] == read_as["新建"] == "cells"
    assert not any("序号" in text or "1" in text for text in read_as)


@pytest.mark.parametrize("case", ["p"], indirect=True)
def test_footnote_digits_vanish_and_glossaries_are_notes(case: Document) -> None:
    assert "大力发展多模态大模型、垂类大模型,打造“广州科技GI”平台。" in sentences(case)
    assert {case.role(s) for s in case.sentences if s.section == "notes"} == {"notes"}


def test_footnotes_are_told_from_counts() -> None:
    document = read(
        "第一章 产业\n打造“北湾智谷”园区3，建设算力平台4个，形成低碳示范带5和创新街区12。\n"
        "全市排名升至第6。\n新建客房24间，铺设管径36英寸的管线，疏浚航道58\n公里。\n附件:名词解释\n1.“北湾智谷”:指示例市的园区。\n2.示范带:指河岸。\n"
    )
    assert sentences(document)[:3] == [
        "打造“北湾智谷”园区,建设算力平台4个,形成低碳示范带和创新街区。",
        "全市排名升至第6。",
        "新建客房24间,铺设管径36英寸的管线,疏浚航道58公里。",
    ]


@pytest.mark.parametrize("glued", ["高新企业达到600家57", "高新企业占比达到8%57"])
@pytest.mark.parametrize("end", ["", "名词解释\n1.示范带:指河岸。\n"])
def test_the_mark_of_a_single_note_vanishes(glued: str, end: str) -> None:
    note = "57 高新企业：指重点支持的领域内的企业。\n"
    document = read(f"第一章 产业\n到2030年{glued}。\n新建客房24间。\n{note}{end}")
    assert sentences(document)[0] == f"到2030年{glued.removesuffix('57')}。"
    assert [document.role(s) for s in document.sentences if s.text[:2] == "57"] == ["notes"]


PARAGRAPH = "　　加快建设现代物流基地和示例产业园区并完善各类\n生产生活配套设施。\n"


@pytest.mark.parametrize(
    ("printed", "read_as"),
    [
        ("　　产量由2020年的1.8万吨提高到\n2.64万吨。\n", ["产量由2020年的1.8万吨提高到2.64万吨。"]),
        ("　　5G基站2.6万个，2030年达到\n28EFLOPS。\n", ["5G基站2.6万个,2030年达到28EFLOPS。"]),
        ("　　在校生1200人，是2020年12.5%的\n3.5倍。\n", ["在校生1200人,是2020年12.5%的3.5倍。"]),
        ("　　三次产业结构由2020年的12∶42∶46优化为9.5∶\n40∶50.5。\n",
         ["三次产业结构由2020年的12:42:46优化为9.5:40:50.5。"]),
        ("　　围绕产业园区和物流基地，实施重点工程3个：\n建设青石园。\n",
         ["围绕产业园区和物流基地,实施重点工程3个:", "建设青石园。"]),
        # a full line that ends a sentence, before an indent and without one
        ("　　加快建设现代物流基地和示例产业园区，建设青石粮库。\n　　建设北岭粮库。\n",
         ["加快建设现代物流基地和示例产业园区,建设青石粮库。", "建设北岭粮库。"]),
        # a label, and a line that an indent parts from the one before
        ("示范工程\n　　建设青石园。\n", ["示范工程", "建设青石园。"]),
        ("　　青石园、南湾园、北岭园、东湖园\n　　建设西岭园。\n",
         ["青石园、南湾园、北岭园、东湖园", "建设西岭园。"]),
    ],
)  # fmt: skip
def test_an_indent_tells_which_broken_lines_go_on(printed: str, read_as: list[str]) -> None:
    document = read("第一章 产业\n" + PARAGRAPH * 10 + printed + PARAGRAPH * 2)
    assert sentences(document)[10:-2] == read_as
    assert len({s.paragraph for s in document.sentences}) == 12 + len(read_as)


def test_a_heading_follows_a_full_line_that_is_a_remark() -> None:
    remark = "（2026年2月4日青石县第三届人民代表大会第六次会议批准）"
    document = read(f"{remark}\n一、主要目标\n{PARAGRAPH * 10}二、主要任务\n{PARAGRAPH}")
    assert [s.heading for s in document.sections] == ["主要目标", "主要任务"]


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("附件1“十五五”重大项目表", True),
        ("附表2重点任务分工(节选)", True),
        ("附件三城市更新片区一览", True),
        ("附件1所列项目由县发展改革局建立清单", False),
        ("附表2中的项目加快建设，附表3为储备项目表", False),
    ],
)
def test_what_is_attached_has_a_heading(line: str, heading: bool) -> None:
    document = read(f"第一章 保障\n加强领导。\n{line}\n建设青石园。\n")
    assert (document.sections[-1].style == "appendix") == heading


@pytest.mark.parametrize("attached", ["附件", "附件：青石县水利发展“十五五”规划"])
def test_a_plan_that_is_attached_to_its_letter_is_no_appendix(attached: str) -> None:
    text = f"{attached}\n青石县水利发展“十五五”规划\n一、规划背景\n供水能力增强。\n二、主要任务\n建设水库。\n"
    document = read_document(f"{text}附件1 重大项目表\n新建水库。\n", "x")
    assert [s.number for s in document.sections if s.style != "preface"] == ["1", "2", "appendix1"]


def test_who_signed_is_no_text_of_the_plan() -> None:
    signed = "第一章 产业\n发展农业。\n%s示例市人民政府办公室\n2026年3月5日印发\n"
    document = read(signed % "")
    assert [document.role(s) for s in document.sentences] == ["measures", "signature", "signature"]
    copied = read(signed % "抄送:县委各部门,县人武部,县法院,县检察院。\n")
    assert [copied.role(s) for s in copied.sentences] == ["measures", *["signature"] * 3]
    reported = read(signed % "定期报送进展。\n")
    assert [reported.role(s) for s in reported.sentences][:2] == ["measures", "measures"]


def test_a_heading_out_of_sequence_is_said() -> None:
    document = read("第一章 产业\n发展农业。\n第三章 民生\n改善民生。\n")
    (finding,) = document.findings
    assert (finding.kind, finding.values["heading"]) == ("heading-out-of-sequence", "民生")


HOSTILE = {
    "open titles": "《" * 50_000,
    "chapters": "第一章 总则\n" * 5_000,
    "items": "1. 甲乙丙丁\n" * 5_000,
    "digits": "1" * 50_000,
    "lines": "甲\n" * 20_000,
    "contents": "目录\n" * 10_000,
    "blanks": "甲" + " " * 50_000 + "乙",
    "notes": "甲1," * 10_000 + "\n名词解释\n1.甲\n",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_reading_ends_on_hostile_text(text: str) -> None:
    document = read("第一章 总则\n" + text)
    assert document.sections[0].heading == "总则"


def test_decimal_headings_behind_a_preface() -> None:
    text = (
        "前　言\n依据上级部署编制。\n1 现状\n1.1 发展基础\n新增企业32家。\n2 任务\n2.1 建设枢纽\n"
    )
    assert outline(read(text))[1:] == ["1 现状", "1.1 发展基础", "2 任务", "2.1 建设枢纽"]


@pytest.mark.parametrize(
    ("mark", "counts", "kept"),
    [("— {} —", True, False), (" - {} - ", True, False), ("— {} —", False, True)],
)
def test_a_page_number_between_dashes_inside_a_line(mark: str, counts: bool, kept: bool) -> None:
    """What a program that reads pages left in their midst, where it counts pages."""
    page = "加快建设产业园区并完善基础设施，提升产业承载能力和公共服务水平。\n" * 6
    numbers = range(3, 8) if counts else [5] * 5
    lines = (f"推动服务业{mark.format(n)}提质增效。\n{page}" for n in numbers)
    text = "第一章 重点任务\n" + "".join(lines)
    read = [s.text for s in read_document(text, "x").sentences if "服务业" in s.text]
    assert len(read) == 5
    assert all(("提质" in sentence and "—" in sentence) is kept for sentence in read)
    assert kept or set(read) == {"推动服务业提质增效。"}


SIGNS = [
    "— {} —",
    "-{}-",
    "第 {} 页",
    "第{}页 共9页 ",
    "—第{}页—",
    "·{}·",
    "Page {} of 9 ",
    "- {}/9 -",
]
HEADS = ["{mark}{heading}", "{mark}  {heading}", "{heading}{mark}"]
RUN_IN = [(sign, place) for sign in SIGNS for place in HEADS]


@pytest.mark.parametrize(
    ("sign", "place"), [*RUN_IN, ("{} ", "{mark}{heading}"), ("{}/9", "{mark}{heading}")]
)
def test_a_page_number_run_into_a_heading(sign: str, place: str) -> None:
    """A page's number with its signs before or behind a heading, on its line."""
    wanted = ["第二章 做优粮仓", "第一节 建设良田", "第二节 选育良种"]
    headings = [
        place.format(mark=sign.format(n), heading=words) for n, words in enumerate(wanted, 4)
    ]
    lines = ("第一章 做强果业", *headings)
    read_ = read("".join(f"{line}\n建设仓储园区。\n" for line in lines))
    assert outline(read_) == ["1 做强果业", "2 做优粮仓", "2.1 建设良田", "2.2 选育良种"]
    assert {s.text for s in read_.sentences} == {"建设仓储园区。"}


def test_a_running_head_run_into_the_next_pages_heading() -> None:
    heads = ("第二章 做优粮仓", "第三章 做大牧场", "第四章 做精渔业")
    pages = (f"花溪县规划纲要— {n} —{head}\n新建园区。\n" for n, head in enumerate(heads, 8))
    assert [s.heading for s in read("第一章 做强果业\n新建园区。\n" + "".join(pages)).sections] == [
        "做强果业", "做优粮仓", "做大牧场", "做精渔业"
    ]  # fmt: skip


@pytest.mark.parametrize("entry", ["-{}-整治河道。", "—202{}—2030年整治河道。", "·{}·整治河道。"])
def test_what_looks_like_page_numbers_but_numbers_a_list(entry: str) -> None:
    entries = [entry.format(n) for n in range(1, 5)]
    kept = "".join(s.text for s in read("第一章 做强果业\n" + "\n".join(entries)).sentences)
    assert all(str(n) in kept for n in range(1, 5)), kept


@pytest.mark.parametrize(
    "foot",
    [
        "抄送：省委各部门，省军区，省人大常委会办公厅，省法院。",
        "抄送：省委各部门，省法院。\n注释\n注1：时点为2020年11月1日零时。",
        "抄送：省委各部门。\n云湖省人民政府办公厅 2021年8月6日印发",
        "主办：云湖市人民政府办公室  承办：云湖市数据局  网站标识码：1234560001",
    ],
)
def test_whom_a_plan_is_sent_to_and_a_sites_foot_are_no_text_of_it(foot: str) -> None:
    text = f"第一章 重点任务\n建设墨池产业园。\n第二章 保障措施\n承办云湖论坛。\n{foot}\n"
    assert extract(read_document(text, "x"), (2026, 2030), "").institutions == ()
    document = read_document(text, "x")
    assert [s.text for s in document.sentences if document.acts(s)] == [
        "建设墨池产业园。",
        "承办云湖论坛。",
    ]


SLOGANS = (
    "实干为先，交出厚重答卷\n五年来，新增企业32家。\n（一）产业更强\n产值增长6%。\n"
    "向新而行，做强实业筋骨\n建设墨池产业园，培育企业。\n示例市人民政府办公室\n"
    "枝叶关情，温暖百姓生活\n新建学校6所，改造医院。\n"
)
WRAPPED = "".join(
    f"加快建设产业园区{n}处并完善基础设施，提升产业承载能力和公共服务水平，扩大\n开放{n}项。\n"
    for n in range(3, 11)
)


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        (
            SLOGANS,
            [
                "1 实干为先，交出厚重答卷",
                "1.1 产业更强",
                "2 向新而行，做强实业筋骨",
                "3 枝叶关情，温暖百姓生活",
            ],
        ),
        (
            f"工作回顾\n{WRAPPED}做强实业\n工业强市\n{WRAPPED}农业兴市\n{WRAPPED}",
            ["1 工作回顾", "2 做强实业", "2.1 工业强市", "2.2 农业兴市"],
        ),
        (
            "第一章 强实业\n工业强市\n建设园区。\n农业兴市\n建设良田。\n保障措施\n健全机制。\n",
            ["1 强实业"],
        ),
    ],
    ids=["slogans", "two deep, broken lines", "beside numbers"],
)
def test_lines_above_paragraphs_are_headings_where_none_bears_a_number(
    text: str, headings: list[str]
) -> None:
    assert outline(read(text)) == headings
