"""Sections, sentences and tables with exact spans."""

from __future__ import annotations

import pytest
from support import FLAGSHIP

from kg.document.structure import Document, read_document
from kg.errors import PlanlinkError
from kg.extract.clauses import clauses
from kg.quantities.numerals import chinese_number
from kg.source.plan import Plan, load_plan
from kg.source.text import Erratum, Span, stretch


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(FLAGSHIP)


@pytest.fixture(scope="module")
def document(plan: Plan) -> Document:
    return read_document(plan.source, "source.txt", plan.errata)


def test_chapters_and_sections_follow_the_documents_numbering(document: Document) -> None:
    chapters = [s for s in document.sections if s.style == "chapter"]
    assert [s.number for s in chapters] == [str(n) for n in range(1, 14)]
    assert chapters[0].heading == "红桥区全面建成高质量小康社会的重大成就和二〇三五年远景目标"
    assert document.section("1.2.1").heading == "发展机遇"
    assert document.section("12.3").heading == "促进文化旅游产业发展"
    assert {document.section(n).role for n in ("1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "4.4")} == {
        "review", "situation", "vision", "guidance", "principles", "goals", "measures",
    }  # fmt: skip


def test_sections_nest_without_gaps(document: Document) -> None:
    for section in document.sections:
        if section.parent:
            assert document.section(section.parent).span.contains(section.span)
        assert section.span.contains(section.heading_span)
    starts = [s.span.start for s in document.sections]
    assert starts == sorted(starts)


def test_every_sentence_lies_in_its_section_and_none_overlap(document: Document) -> None:
    before = 0
    for sentence in document.sentences:
        assert document.section(sentence.section).span.contains(sentence.span)
        assert sentence.span.start >= before
        before = sentence.span.end
        assert document.published(sentence.span).strip() == document.published(sentence.span)


def test_what_several_readers_ask_for_is_read_once(document: Document) -> None:
    spans = [p.span for p in document.paragraphs]
    read = [document.read(span) for span in spans]
    assert all(document.read(span) is one for span, one in zip(spans, read, strict=True))
    texts = [f"建设第{number}座站点" for number in range(4000)]  # as many sentences as a plan has
    cut = [clauses(text) for text in texts]
    assert all(clauses(text) is one for text, one in zip(texts, cut, strict=True))


def test_the_annex_table(document: Document) -> None:
    (table,) = document.tables
    assert [r.number for r in table.rows] == list(range(1, 24))
    assert {c.kind: c.year for c in table.columns if c.year} == {"baseline": 2020, "target": 2025}
    assert table.rows[16].name.text == "基本养老保险参保人数(万人)"
    assert {r.category.text for r in table.rows if r.category} == {
        "经济发展",
        "创新驱动",
        "绿色生态",
        "民生福祉",
    }
    assert table.note is not None and "五年累计数" in table.note.text
    for row in table.rows:
        assert "".join(document.published(row.name.span).split()) == row.name.text


def test_full_width_punctuation_is_read_alike(plan: Plan, document: Document) -> None:
    wide = plan.source.translate({ord(a): b for a, b in zip(",:;()", ",:;()", strict=True)})
    read = read_document(wide, "wide")
    assert [s.number for s in read.sections] == [s.number for s in document.sections]
    plain = read_document(plan.source, "plain")
    assert [s.span for s in read.sentences] == [s.span for s in plain.sentences]


def test_windows_line_ends_keep_offsets(plan: Plan) -> None:
    source = plan.source.replace("\n", "\r\n")
    read = read_document(source, "windows")
    assert len(read.sentences) == len(read_document(plan.source, "plain").sentences)
    assert all(source[s.span.start : s.span.end] == s.text for s in read.sentences)


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("十", 10),
        ("二十三", 23),
        ("一百零五", 105),
        ("二〇三五", 2035),
        ("12", 12),
        ("两", 2),
        ("三千", 3000),
        ("", None),
        ("天", None),
    ],
)
def test_chinese_numbers(numeral: str, value: int | None) -> None:
    assert chinese_number(numeral) == value


def test_a_stretch_mends_errata_and_leads_back() -> None:
    text = "甲乙十四五时期丙\n丁"
    errata = (
        Erratum(Span(2, 2), "", "“", ""),
        Erratum(Span(5, 5), "", "”", ""),
        Erratum(Span(7, 8), "丙", "戊己", ""),
    )
    read = stretch(text, Span(0, len(text)), errata)
    assert read.text == "甲乙“十四五”时期戊己丁"
    assert read.locate(3, 6) == Span(2, 5)
    assert read.locate(9, 10) == Span(7, 8)
    assert read.locate(11, 12) == Span(9, 10)


def test_errata_at_the_edge_belong_to_what_they_open_or_close() -> None:
    errata = (Erratum(Span(2, 2), "", "”", ""), Erratum(Span(2, 2), "", "“", ""))
    assert stretch("甲乙丙丁", Span(0, 2), errata).text == "甲乙”"
    assert stretch("甲乙丙丁", Span(2, 4), errata).text == "“丙丁"


def test_a_plan_without_headings_is_refused() -> None:
    with pytest.raises(PlanlinkError, match="no chapter or section heading"):
        read_document("只有正文。没有标题。", "x")


def test_every_erratum_is_found_and_reasoned(plan: Plan, document: Document) -> None:
    kinds = {e.correction for e in plan.errata}
    assert {"Ⅲ", "个", "—", "、", "和", "。", "2021年3月8日", "“", "”", ")"} <= kinds
    assert all(e.reason for e in plan.errata)
    mended = {document.read(s.span).text for s in document.sentences if "救助目标" in s.text}
    assert any("建成7个120急救站点" in text for text in mended)


def test_text_behind_a_table_is_its_sections() -> None:
    text = (
        "第一章 目标\n第一节 指标\n主要指标表\n序号\t指标\t2025年\t2030年\t属性\n1\t绿地率（%）\t33\t36\t约束性\n"
        "注：以上为预计数。\n加快建设示例产业园。\n第二章 产业\n建设物流园。\n"
    )
    document = read_document(text, "x")
    assert document.section_at(text.index("绿地率")) == "annex1"
    assert document.section_at(text.index("加快建设")) == "1.1"
    assert document.section_at(text.index("建设物流")) == "2"


@pytest.mark.parametrize(
    "head", ["指标\t数值\t\t属性\n\t2025年\t2030年\t", "| 指标 | 2025年 | 2030年 | 属性 |"]
)
def test_a_table_without_a_title_is_called_by_its_head(head: str) -> None:
    row = "绿地率（%）\t33\t36\t约束性".replace("\t", "|" if "|" in head else "\t")
    document = read_document(
        f"第一章 目标\n绿地更多。\n{head}\n{row}\n第二章 产业\n建设园区。\n", "x"
    )
    heading = "指标 2025年 2030年 属性" if "|" in head else "指标 数值 属性"
    assert document.section("annex1").heading == heading


def test_headings_and_titles_are_shown_with_ideographs_for_radicals() -> None:
    source = "第一章 壮⼤钨业\n加快建设⼤余钨产业园。\n"
    document = read_document(source, "x")
    assert document.sections[0].heading == "壮大钨业"
    (sentence,) = document.sentences
    assert document.printed(sentence.span) == "加快建设大余钨产业园。"
    assert document.published(sentence.span) == "加快建设⼤余钨产业园。"


def test_headings_in_traditional_characters_tell_what_they_are_for() -> None:
    document = read_document(
        "第一章 總體要求\n第一節 主要目標\n——經濟更強。地區生產總值年均增長6%。\n"
        "第二章 重點任務\n第一節 做強產業\n加快建設產業園。\n",
        "x",
    )
    roles = {s.heading: s.role for s in document.sections}
    assert (roles["主要目標"], roles["做強產業"]) == ("goals", "measures")


def test_characters_that_a_conversion_lost_are_said() -> None:
    document = read_document("第一章 任务\n新增企业8\ufffd家，新建学校\ufffd所。\n", "x")
    (lost,) = (f for f in document.findings if f.kind == "lost-characters")
    assert lost.values == {"count": "2"}
    assert document.source[lost.span.start] == "\ufffd"


def test_what_word_puts_in_for_an_object_is_not_read() -> None:
    document = read_document(
        "第一章 目标\n建设园区。\n第\ufffc二章 任务\n新增企业8\ufffc8家。\n", "x"
    )
    assert [s.heading for s in document.sections] == ["目标", "任务"]
    assert document.sentences[-1].text == "新增企业88家。"


@pytest.mark.parametrize("heading", ["注释：", "尾注", "术语表"])
def test_notes_under_one_word(heading: str) -> None:
    document = read_document(
        f"第一章 任务\n推广“链长制”1，建设灯塔工厂2 8家。\n{heading}\n1.链长制：由领导推进园区建设。\n"
        "2.灯塔工厂：标杆工厂，全球153座。\n",
        "x",
    )
    assert document.sections[-1].role == "notes"
    assert document.sentences[0].text == "推广“链长制”,建设灯塔工厂8家。"
