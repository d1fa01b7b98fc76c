"""Indicator tables in every layout: rows, columns and spans, what is no table, and what is not
understood.
"""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
import twins

from kg.document.structure import read_document
from kg.document.tables import Found, IndicatorTable, Line, Row, find_tables, running_text
from kg.document.tables.costs import Atom
from kg.document.tables.head import Head
from kg.document.tables.text_head import text_head
from kg.document.tables.words import attribute_of, column_of, is_number, is_value
from kg.extract.indicators import earlier_results, read_indicators
from kg.lexicon import lexicon
from kg.source.intake import read_published
from kg.source.text import Span, normal


def lines_of(text: str) -> list[Line]:
    """The lines that are not blank, as a document hands them over."""
    return [
        Line(Span(m.start(), m.end()), m.group()) for m in re.finditer(r"\S(?:[^\n]*\S)?", text)
    ]


def find(text: str) -> Found:
    """What is found in a text; every span is held against the text."""
    text = normal(text)
    found = find_tables(lines_of(text), text)
    for table in found.tables:
        cells = [table.note] if table.note else []
        for row in table.rows:
            cells += [
                c for c in (row.category, row.name, row.unit, *(c for _, c in row.values)) if c
            ]
            assert table.span.contains(row.span)
        for cell in cells:
            printed = "".join(text[part.start : part.end] for part in cell.parts)
            assert re.sub(r"\s", "", printed) == re.sub(r"\s", "", cell.text)
            assert cell.span.contains(cell.parts[0])
        assert text[table.title_span.start : table.title_span.end] == table.title
    for finding in found.findings:
        wording = lexicon("findings")[finding.kind]
        assert wording["zh"].format(**finding.values) and wording["en"].format(**finding.values)
        assert finding.span is not None
    return found


def read(text: str) -> IndicatorTable | None:
    """The only table of a text."""
    tables = find(text).tables
    assert len(tables) <= 1
    return tables[0] if tables else None


def told(row: Row) -> tuple[int, str, dict[str, str], str]:
    return (
        row.number,
        row.name.text,
        {column.kind: cell.text for column, cell in row.values},
        row.attribute.text if row.attribute else "",
    )


def rows(text: str) -> list[tuple[int, str, dict[str, str], str]]:
    table = read(text)
    assert table is not None
    return [told(row) for row in table.rows]


def cells(*content: str) -> str:
    """A table with one cell on a line, under a header of two value columns."""
    head = ["主要指标表", "类别", "序号", "指标名称", "2020年", "2025年", "属性"]
    return "\n\n".join([*head, *content])


def line_table(*content: str, head: str = "序号\t指标\t2020年\t2025年\t属性") -> str:
    return "\n".join(["主要指标表", head, *content])


GROWTH = (1, "地区生产总值增长率", {"baseline": "5", "target": "6"}, "预期性")
GREEN = (2, "绿地率", {"baseline": "33.48", "target": "36.31"}, "约束性")


@pytest.mark.parametrize(
    "text",
    [
        cells("1", "地区生产总值增长率", "5", "6", "预期性", "2", "绿地率", "33.48", "36.31", "约束性"),
        cells("1", "地区生产", "总值增长率", "5", "6", "预期性", "2", "绿地率", "33.48", "36.31", "约束性"),
        line_table("1\t地区生产总值增长率\t5\t6\t预期性", "2\t绿地率\t33.48\t36.31\t约束性"),
        line_table("1\t地区生产\n总值增长率\t5\t6\t预期性", "2\t绿地率\t33.48\t36.31\t约束性"),
        line_table(
            "|---|---|---|---|---|",
            "| 1 | 地区生产总值增长率 | 5 | 6 | 预期性 |",
            "| 2 | 绿地率 | 33.48 | 36.31 | 约束性 |",
            head="| 序号 | 指标 | 2020年 | 2025年 | 属性 |",
        ),
        line_table("1  地区生产总值增长率  5  6  预期性", "2  绿地率  33.48  36.31  约束性"),
        line_table(
            "1\t地区生产总值增长率\t5\t6\t预期性", "— 31 —",
            "序号\t指标\t2020年\t2025年\t属性", "2\t绿地率\t33.48\t36.31\t约束性",
        ),
    ],
    ids=["cells", "broken cell", "tabs", "broken line", "bars", "gaps", "over a page"],
)  # fmt: skip
def test_one_table_in_every_layout(text: str) -> None:
    table = read(text)
    assert table is not None
    assert [told(row) for row in table.rows] == [GROWTH, GREEN]
    assert {c.kind: c.year for c in table.columns if c.year} == {"baseline": 2020, "target": 2025}
    assert table.title == "主要指标表"
    assert {row.part for row in table.rows} == {None}


@pytest.mark.parametrize(
    "text",
    [
        cells(
            "经济", "发展", "1", "增长率", "5", "6", "预期性", "2", "投资", "7", "8", "预期性",
            "绿色生态", "3", "绿地率", "33", "36", "约束性",
        ),
        line_table(
            "经济发展\t1\t增长率\t5\t6\t预期性", "\t2\t投资\t7\t8\t预期性",
            "绿色生态\t3\t绿地率\t33\t36\t约束性", head="类别\t序号\t指标\t2020年\t2025年\t属性",
        ),
        line_table(
            "一、经济发展(2 项)", "1\t增长率\t5\t6\t预期性", "2\t投资\t7\t8\t预期性",
            "(二)绿色生态", "3\t绿地率\t33\t36\t约束性",
        ),
        line_table(
            "经济发展", "1\t增长率\t5\t6\t预期性", "2\t投资\t7\t8\t预期性",
            "绿色生态", "3\t绿地率\t33\t36\t约束性",
        ),
        line_table(
            "| 经济发展 | 增长率 | 5 | 6 | 预期性 |", "| | 投资 | 7 | 8 | 预期性 |",
            "| 绿色生态 | 绿地率 | 33 | 36 | 约束性 |",
            head="| 类别 | 指标 | 2020年 | 2025年 | 属性 |",
        ),
        line_table(
            "经济发展 增长率 5 6 预期性", "投资 7 8 预期性", "绿色生态 绿地率 33 36 约束性", "",
            "项目表", "1 医院 800张", "2 学校 3所", head="类别 指标 2020年 2025年 属性",
        ),
    ],
    ids=["cells", "column", "numbered line", "plain line", "without numbers", "single blanks"],
)  # fmt: skip
def test_categories(text: str) -> None:
    table = read(text)
    assert table is not None
    found = [(row.number, row.name.text, row.category and row.category.text) for row in table.rows]
    assert found == [
        (1, "增长率", "经济发展"),
        (2, "投资", "经济发展"),
        (3, "绿地率", "绿色生态"),
    ]


@pytest.mark.parametrize(
    ("head", "row", "values"),
    [
        ("序号\t指标\t2020年\t2025年\t属性", "1\t甲\t5\t6\t预期性", {"baseline": "5", "target": "6"}),
        ("序号\t指标\t2025年\t属性", "1\t甲\t6\t预期性", {"target": "6"}),
        ("序号\t指标\t基期值\t目标值\t属性", "1\t甲\t5\t6\t预期性", {"baseline": "5", "target": "6"}),
        ("序号\t指标\t2020年实际\t2025年目标\t年均增速\t属性", "1\t甲\t5\t6\t3\t预期性",
         {"baseline": "5", "target": "6", "yearly": "3"}),
        ("序号\t指标\t2020年\t2025年\t属性", "1\t甲\t\t6\t预期性", {"target": "6"}),
    ],
)  # fmt: skip
def test_value_columns(head: str, row: str, values: dict[str, str]) -> None:
    assert rows(line_table(row, head=head)) == [(1, "甲", values, "预期性")]


@pytest.mark.parametrize(
    ("row", "unit"),
    [
        ("1\t绿地率\t%\t33\t36\t约束性", "%"),
        ("1\t绿地率\t\t33\t36\t约束性", None),
        ("1\t绿地率\t%\t36\t约束性", "%"),  # a cell short: told by what the cells hold
    ],
)
def test_a_column_of_units(row: str, unit: str | None) -> None:
    table = read(line_table(row, head="序号\t指标\t单位\t2020年\t2025年\t属性"))
    assert table is not None
    (found,) = table.rows
    assert (found.unit and found.unit.text) == unit
    assert told(found)[2]["target"] == "36"


HEAD_OF_SEVEN = "序号\t指标\t单位\t2025年\t2030年\t年均增长\t属性"
SHORT = "2\t粮食产能\t亿斤\t80\t82\t约束性"


@pytest.mark.parametrize(
    "by", ["\t", "|", "  ", " ", "\n"], ids=["tabs", "bars", "gaps", "blanks", "cells"]
)
@pytest.mark.parametrize(
    "short", [SHORT, SHORT.replace("约束性", "约束性\t"), "2\t粮食产能\t亿斤\t82\t约束性"]
)
def test_a_row_short_of_one_of_its_values_is_refused(short: str, by: str) -> None:
    """Which of its cells is not there, nothing tells for certain."""
    first, last = "1\t总产值\t亿元\t1900\t2500\t6左右\t预期性", "3\t绿地率\t%\t31\t33\t—\t约束性"
    text = line_table(first, short, last, head=HEAD_OF_SEVEN).replace("\t", by)
    found = find(text)
    assert [row.name.text for row in found.tables[0].rows] == ["总产值", "绿地率"]
    assert [f.kind for f in found.findings] == ["table-row-refused"]
    assert "粮食产能" in found.findings[0].values["row"]


@pytest.mark.parametrize("gap", ["\t", "\t\t"])
def test_two_tables_side_by_side(gap: str) -> None:
    head, left, right = "序号\t指标\t2020年\t2025年", "1\t总产值\t5\t6", "2\t绿地率\t33\t36"
    text = line_table(left + gap + right, head=head + gap + head)
    assert [(row[1], row[2]["target"]) for row in rows(text)] == [("总产值", "6"), ("绿地率", "36")]


def test_another_table_beside_one_gives_no_row_the_values_of_its_neighbour() -> None:
    head = "序号\t指标\t2020年\t2025年\t编号\t名称\t基期\t目标\t属性"
    found = find(line_table("1\t总产值\t5\t6\t2\t绿地率\t33\t36\t预期性", head=head))
    assert not found.tables
    assert "table-not-read" in [finding.kind for finding in found.findings]


def test_wrapped_cells_of_a_drawn_table() -> None:
    text = line_table(
        "│1│总产值增│5│与经济增│预期性│", "│ │速（%） │ │长同步  │      │", "│2│绿地率  │33│36│约束性│",
        head="│序号│指标│2020年│2025年│属性│",
    )  # fmt: skip
    assert rows(text) == [
        (1, "总产值增速(%)", {"baseline": "5", "target": "与经济增长同步"}, "预期性"),
        (2, "绿地率", {"baseline": "33", "target": "36"}, "约束性"),
    ]


def test_a_note_over_two_lines_is_all_of_it_a_note() -> None:
    text = (
        line_table("1\t总产值\t5\t6\t预期性")
        + "\n说明：①产值按可比价格计算，为当年增\n速；②为弹性目标。\n"
    )
    table = read(text)
    assert table is not None and table.note is not None
    assert table.span.end >= len(normal(text).rstrip())


def test_a_short_row_whose_value_tells_its_column() -> None:
    text = line_table(
        "1\t新增就业\t万人\t累计20\t预期性", head=HEAD_OF_SEVEN.replace("年均增长", "年均/累计")
    )
    assert rows(text) == [(1, "新增就业", {"change": "累计20"}, "预期性")]


def test_numbers_in_brackets_that_begin_anew_below_each_category() -> None:
    body = ["一、经济\t", "（一）产值\t5\t6\t预期性", "（二）投资\t3\t4\t预期性"]
    body += ["二、生态\t", "（一）绿地率\t33\t36\t约束性"]
    table = read(line_table(*body, head="指标\t2020年\t2025年\t属性"))
    assert table is not None
    found = [(r.number, r.name.text, r.part, r.category and r.category.text) for r in table.rows]
    assert found == [
        (1, "产值", None, "经济"), (2, "投资", None, "经济"), (3, "绿地率", None, "生态")
    ]  # fmt: skip


def test_a_row_between_single_blanks() -> None:
    text = line_table("1 绿地率(%) 36.31 约束性", head="序号 指标 2025年 属性")
    assert rows(text) == [(1, "绿地率(%)", {"target": "36.31"}, "约束性")]


def test_cells_that_one_blank_parts_among_wide_gaps() -> None:
    text = line_table(
        "1     绿地率（%）                33.48     36.31      约束性",
        "2     单位产值能耗累计降低率（%） —         完成下达任务   约束性",
        "3     收入增长（%）              6.4       与经济增长同步 预期性",
        head="序号  指标                      2020年    2025年     属性",
    )
    assert rows(text) == [
        (1, "绿地率(%)", {"baseline": "33.48", "target": "36.31"}, "约束性"),
        (2, "单位产值能耗累计降低率(%)", {"baseline": "—", "target": "完成下达任务"}, "约束性"),
        (3, "收入增长(%)", {"baseline": "6.4", "target": "与经济增长同步"}, "预期性"),
    ]


def test_two_values_between_single_blanks() -> None:
    text = line_table("1 绿地率(%) 33.48 36.31 约束性", head="序号 指标 2020年 2025年 属性")
    values = {"baseline": "33.48", "target": "36.31"}
    assert rows(text) == [(1, "绿地率(%)", values, "约束性")]


def test_parts_of_one_number() -> None:
    table = read(
        line_table(
            "1\t生产安全事故\t起数下降\t5\t6\t约束性",
            "死亡人数下降\t7\t8\t约束性",
            "2\t绿地率\t33\t36\t约束性",
        )
    )
    assert table is not None
    found = [
        (
            row.number,
            row.part,
            row.group and row.group.text,
            row.name.text,
            told(row)[2]["target"],
        )
        for row in table.rows
    ]
    assert found == [
        (1, 1, "生产安全事故", "起数下降", "6"),
        (1, 2, "生产安全事故", "死亡人数下降", "8"),
        (2, None, None, "绿地率", "36"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        cells("1", "绿地率", "33", "36", "约束性", "注:[ ]内为五年累计数。", "后面的正文。"),
        line_table("1\t绿地率\t33\t36\t约束性", "注:[ ]内为五年累计数。", "2\t甲\t1\t2\t预期性"),
    ],
)
def test_a_note_ends_the_table(text: str) -> None:
    table = read(text)
    assert table is not None and table.note is not None
    assert table.note.text == "注:[ ]内为五年累计数。"
    assert text[table.span.start : table.span.end].endswith("五年累计数。")
    assert len(table.rows) == 1


TWO_SENTENCES = ["甲率 28 40 预期性", "乙收入 89.5 120 预期性"]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ("一、甲率：2025年28%，2030年40%，预期性；/二、乙收入：2025年89.5亿元，2030年达到120亿元，预期性。", TWO_SENTENCES),
        ("——甲率（%）：2025年28，2030年40（预期性）。/——乙收入（亿元）：2025年89.5，2030年120（预期性）。", TWO_SENTENCES),
        ("1.甲率，单位为%，2025年为28，2030年为40，预期性。/2.乙收入，单位为亿元，2025年为89.5，2030年为120，预期性。", TWO_SENTENCES),
        ("（1）甲率。现状：2025年28%；目标：2030年40%；属性：预期性。/（2）乙收入。现状：2025年89.5亿元；目标：2030年120亿元；属性：预期性。", TWO_SENTENCES),
        ("指标1 甲率：现状值28%，目标值40%，预期性/指标2 乙收入：现状值89.5亿元，目标值120亿元，预期性", TWO_SENTENCES),
        ("一期工程：2026年建成10公里，2030年建成20公里。/二期工程：2026年建成10公里，2030年建成20公里。", []),
        ("甲率：2025年28%，2030年40%。/全区乙收入2030年达到120亿元，预期性指标全部完成。", []),
    ],
)  # fmt: skip
def test_indicators_told_in_sentences(lines: str, expected: list[str]) -> None:
    text = "\n".join([twins.BEFORE, "第二节 主要目标", *lines.split("/"), twins.AFTER])
    rows = [row for table in read_document(text, "x").tables for row in table.rows]
    assert [
        " ".join(
            [
                row.name.text.split("(")[0],
                *(re.sub(r"[^\d.]", "", c.text) for _, c in row.values),
                row.attribute.text,
            ]
        )
        for row in rows
        if row.attribute
    ] == expected
    assert len(rows) == len(expected)


def test_what_is_no_row_ends_the_table() -> None:
    text = line_table("1\t绿地率\t33\t36\t约束性", "第二章 加快建设绿色低碳的现代城区")
    table = read(text)
    assert table is not None
    assert text[table.span.start : table.span.end].endswith("约束性")


def test_a_target_in_words() -> None:
    assert rows(cells("1", "失业率", "—", "完成市下达任务", "约束性")) == [
        (1, "失业率", {"baseline": "—", "target": "完成市下达任务"}, "约束性")
    ]


@pytest.mark.parametrize(
    "text",
    [
        "主要指标表",
        "主要指标表\n\n下面是正文。",
        "主要指标表\n\n序号\n\n2020年\n\n2025年\n\n属性",  # no names
        cells(),  # a header alone
        line_table(),
        "主要指标表\n序号指标2025年属性,这些词在一句话里都出现,但不是表头",
        "项目表\n序号\t项目名称\t总投资\t2025年投资\n1\t某产业园\t3.5亿元\t1亿元",
        "重点项目表\n序号\t指标\t2025年\t属性\n1\t某产业园\t3\t约束性",
        "临江县重点水利项目\n序号\t项目名称\t单位\t2025年\t2030年\t属性\n1\t某引水\t万元\t3\t9\t续建",
        "表2 任务分工\n序号\t指标\t牵头部门\n1\t绿地率\t园林局",
        "表3 人口\n地区\t2020年\t2025年\n甲区\t33\t36\n乙区\t3\t6",
        "表1 “十三五”主要指标完成情况\n序号\t指标\t2020年目标\t完成情况\n1\t绿地率\t33\t36",
    ],
)
def test_no_table(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        (line_table("1\t绿地率\t33\t36\t约束性", "2\t98\t5\t6\t预期性"), "table-row-refused", "2 98 5 6 预期性"),
        (line_table("1\t甲量\t5\t600以上 1\t预期性"), "table-row-refused", "1 甲量 5 600以上 1"),
        (line_table("1\t甲量(万人)386\t5\t6\t预期性"), "table-row-refused", "1 甲量(万人)386 5 6"),
        (line_table("1\t甲\t5\t6\t预期性", "2\t乙\t3\t4\t预期性", "1\t丙\t3\t4\t预期性"), "table-number-twice", "丙"),
        (line_table("1\t甲\t5\t6\t预期性", "1\t乙\t3\t4\t预期性", "\t其中：丙\t3\t4\t预期性"), "table-number-twice", "乙"),
        (line_table("1\t甲\t5\t6\t预期性", "4\t乙\t3\t4\t预期性"), "table-number-gap", "2, 3"),
        (line_table("1\t甲\t5\t6\t7\t预期性", head="序号\t指标\t2025年\t国际先进\t2030年\t属性"), "table-column-not-read", "国际先进"),
        ("表1 主要指标\n\n下面没有表。", "table-not-read", "表1 主要指标"),
        ("专栏一 甲工程\n建设甲。\n专栏三 乙工程\n建设乙。", "table-not-there", "专栏2"),
        ("表2 甲项目\n建设甲,详见表1-1。", "table-not-there", "表1"),
        ("建设甲(项目详见附表３)。\n表1 乙项目", "table-not-there", "附表3"),
        ("“十五五”时期经济社会发展主要指标\n(图略)", "table-not-read", "主要指标"),
    ],
)  # fmt: skip
def test_what_is_not_understood_is_told(text: str, kind: str, shown: str) -> None:
    (finding,) = find(text).findings
    assert finding.kind == kind
    assert any(shown in value for value in finding.values.values())


@pytest.mark.parametrize(
    "text",
    [
        "第一节 主要指标\n到2030年绿地率提高。",
        "二、主要指标\n……",
        "建设甲,见表2和专栏1。\n表1 甲项目\n表2 乙项目\n表2 乙项目(续)\n专栏1 丙工程",
        "表2-1 甲项目\n表15个项目的进度如下。\n见表20%以上的指标。",
        line_table("1\t甲\t5\t6\t预期性"),
        line_table("1\t甲\t5\t6\t7\t预期性", head="序号\t指标\t2025年\t2030年\t权重\t属性"),
    ],
)
def test_no_finding_without_cause(text: str) -> None:
    assert find(text).findings == []


@pytest.mark.parametrize(
    ("cell", "value", "number"),
    [
        ("33.48", True, True), ("1,234", True, True), ("-2.5%", True, True),
        ("≥90", True, True), ("[8.5]", True, True), ("(约 12)", True, True), ("5以上", True, True),
        ("—", True, False), ("[ - ]", True, False), ("完成市下达任务", True, False), ("4.5-5", True, True), ("5.2左右", True, True),
        ("21.5(2024年)", True, True), ("下降15%", True, True), ("提高1岁", True, True),
        ("高于全市平均水平", True, False), ("绿地率", False, False), ("", False, False),
        ("每百户 5 辆", False, False),
    ],
)  # fmt: skip
def test_what_a_cell_holds(cell: str, value: bool, number: bool) -> None:
    assert (is_value(cell), is_number(cell)) == (value, number)


@pytest.mark.parametrize(
    ("cell", "attribute"),
    [("约束性", "Binding"), ("约束", "Binding"), ("预期性", "Expected"), ("指导性", "Expected"),
     ("约束性指标", "Binding"), ("", None)],
)  # fmt: skip
def test_attribute(cell: str, attribute: str | None) -> None:
    assert attribute_of(cell) == attribute


@pytest.mark.parametrize(
    ("label", "kind", "year"),
    [
        ("2025年", "value", 2025), ("2025年预计", "baseline", 2025), ("2030年目标值", "target", 2030),
        ("“十五五”目标", "target", 2030), ("“十三五”末", "value", 2020), ("二〇三〇年目标", "target", 2030),
        ("年均增速(%)", "yearly", None), ("五年累计", "cumulative", None), ("年均/累计", "change", None),
        ("2021-2025年年均增长", "yearly", 2025), ("目标(2030年)", "target", 2030), ("指 标", "name", None),
        ("计量单位", "unit", None), ("指标性质", "attribute", None), ("责任单位", "other", None), ("序 号", "number", None),
        ("分类", "category", None), ("年均递增(%)", "yearly", None), ("“十五五”新增", "cumulative", 2030),
        ("顺序号", "number", None), ("考核内容", "name", None), ("量化指标", "name", None), ("约束力", "attribute", None),
        ("门类", "category", None), ("起点值", "baseline", None), ("每年增速", "yearly", None), ("五年变化", "cumulative", None),
    ],
)  # fmt: skip
def test_what_a_head_cell_names(label: str, kind: str, year: int | None) -> None:
    column = column_of(label)
    assert column is not None and (column.kind, column.year) == (kind, year)


@pytest.mark.parametrize(
    "label",
    [
        "项目", "总投资", "绿地率", "经济发展", "2020年2025年", "目标完成情况", "单位名称", "考核方式", "x" * 99, "",
    ],
)  # fmt: skip
def test_what_is_no_head_cell(label: str) -> None:
    assert column_of(label) is None


# ---------------------------------------------------------------- twins: one table in many shapes
# and layouts

ROWS = (
    twins.Indicator(1, "经济发展", "地区生产总值（GDP）年均增速", "%", "5.2左右", "5以上"),
    twins.Indicator(2, "经济发展", "全员劳动生产率", "万元/人", "28.5", "36"),
    twins.Indicator(3, "经济发展", "高技术制造业增加值占规模以上工业增加值的比重", "%", "31", ">35"),
    twins.Indicator(4, "民生福祉", "居民人均可支配收入增长", "%", "与经济增长同步", "与经济增长同步"),
    twins.Indicator(5, "民生福祉", "3岁以下婴幼儿入托率", "%", "12.3", "≥20"),
    twins.Indicator(6, "民生福祉", "城镇新增就业人数", "万人", "—", "[12.5]"),
    twins.Indicator(7, "绿色生态", "单位地区生产总值二氧化碳排放降低", "%", "—", "完成市下达任务", attribute="约束性"),
    twins.Indicator(8, "绿色生态", "空气质量优良天数比例", "%", "80.5", "83.5", attribute="约束性"),
)  # fmt: skip


def published(text: str) -> list[tuple[int, str, str | None, str | None, list[str], list[str]]]:
    """The indicators of a plan: number, name, category, attribute, baselines and targets."""
    document = read_document(text, "twin")
    assert [f.kind for f in document.findings] == []
    indicators, values = read_indicators(document, (2026, 2030))
    told_ = {
        (i.key, kind): [v.quantity.text for v in values if v.indicator == i.key and v.kind == kind]
        for i in indicators
        for kind in ("Baseline", "Target")
    }
    return [
        (
            i.number or 0,
            i.name,
            i.category,
            i.attribute,
            told_[i.key, "Baseline"],
            told_[i.key, "Target"],
        )
        for i in indicators
    ]


def meant(
    shape: twins.Shape,
) -> list[tuple[int, str, str | None, str | None, list[str], list[str]]]:
    """What a twin of that shape says."""
    return [
        (
            row.number, row.name, row.category if shape.category else None,
            "Binding" if row.attribute == "约束性" else "Expected",
            [row.baseline] if "baseline" in shape.columns else [], [row.target],
        )
        for row in ROWS
    ]  # fmt: skip


@pytest.mark.parametrize("layout", twins.LAYOUTS)
@pytest.mark.parametrize("name", [n for n, shape in twins.SHAPES.items() if not shape.apart])
def test_twins_as_text(name: str, layout: str) -> None:
    shape = twins.SHAPES[name]
    text = twins.document(twins.LAYOUTS[layout](twins.grid(ROWS, shape)), shape)
    assert published(text) == meant(shape)


@pytest.mark.parametrize("short", ["甲镇收入", "乙街道茶叶收入"])
def test_categories_of_a_row_each_below_one_another(short: str) -> None:
    rows_ = [
        twins.Indicator(1, "经济发展", short, "亿元", "5", "6"),
        twins.Indicator(2, "民生福祉", "丙学校入学率", "%", "7", "8"),
        twins.Indicator(3, "绿色生态", "丁河水质达标率", "%", "9", "10"),
        twins.Indicator(4, "绿色生态", "戊山绿化面积", "公顷", "11", "12"),
    ]
    shape = twins.SHAPES["targets"]
    found = published(twins.document(twins.aligned(twins.grid(rows_, shape)), shape))
    assert [(row[1], row[2]) for row in found] == [(r.name, r.category) for r in rows_]


BY_ATTRIBUTE = """主要指标表
序号 指标 单位 2025年 2030年
约束性指标
1 甲地保有量 万亩 31 32
2 乙水用量 立方米 30 27
预期性指标
3 丙田面积 万亩 8 25
4 丁苗数量 株 16 26"""
LEVELS = """主要指标表
一级指标   二级指标   三级指标            2025年   2030年   属性
质量效益   甲类规模   乙业产值（亿元）    41       56       预期性
           丙类结构   丁业占比（%）       46       50       预期性
幸福和谐   戊类服务   己校入学率（%）     92       96       预期性"""
BROKEN_BRACKETS = """主要指标表
序号           指标           基期（2025   期末（2030    属性
                                 年）         年）
 1     甲镇商户数量（个）        36           60        预期性
 2     乙镇网上零售额（亿        15.5         30        预期性
               元）
 3       丙镇通车率（%）         91           100       约束性"""


@pytest.mark.parametrize("layout", ["blanks", "cells", "gaps"])
def test_rows_below_the_attribute_that_they_share(layout: str) -> None:
    """Such a line is no column of the head above it, though its words could be one's."""
    by = {"blanks": " ", "cells": "\n", "gaps": "    "}
    attributes = [attribute for _, _, _, attribute in rows(BY_ATTRIBUTE.replace(" ", by[layout]))]
    assert attributes == ["约束性指标"] * 2 + ["预期性指标"] * 2


@pytest.mark.parametrize("layout", ["gaps", "tabs"])
def test_a_head_of_levels_has_its_names_in_the_last(layout: str) -> None:
    text = LEVELS if layout == "gaps" else re.sub(" {3,}", "\t", LEVELS)
    assert [name for _, name, _, _ in rows(text)] == [
        "乙业产值(亿元)",
        "丁业占比(%)",
        "己校入学率(%)",
    ]


def test_a_line_that_closes_a_bracket_goes_on_with_the_one_above() -> None:
    assert rows(BROKEN_BRACKETS) == [
        (1, "甲镇商户数量(个)", {"baseline": "36", "target": "60"}, "预期性"),
        (2, "乙镇网上零售额(亿元)", {"baseline": "15.5", "target": "30"}, "预期性"),
        (3, "丙镇通车率(%)", {"baseline": "91", "target": "100"}, "约束性"),
    ]


def test_a_unit_with_brackets_of_its_own_is_no_part_of_the_name() -> None:
    head = "序号\t指标\t2025年\t2030年\t属性"
    text = line_table("1\t甲类住房（万套（间））\t2\t3\t预期性", head=head)
    (found,), _ = read_indicators(
        read_document("\n".join([twins.BEFORE, text, twins.AFTER]), "x"), (2026, 2030)
    )
    assert (found.name, found.unit_text) == ("甲类住房", "万套(间)")


@pytest.mark.parametrize(
    "above", ["\t\t\t规划目标\t\t", "\t\t2025年\t“十五五”目标\t\t", "规划目标"]
)
def test_a_row_above_the_head_with_what_its_values_share(above: str) -> None:
    head = "序号\t指标\t2025年\t2030年\t年均增长\t属性"
    table = read("\n".join(["主要指标表", above, head, "1\t甲业产值\t41\t56\t5\t预期性"]))
    assert table is not None and table.title == "主要指标表"
    (row,) = table.rows
    assert told(row)[2] == {"baseline": "41", "target": "56", "yearly": "5"}


@pytest.mark.parametrize(("label", "cell"), [("2025年占全省比重", "5%"), ("代号", "A1")])
def test_a_column_of_a_share_or_a_code_is_no_value_and_no_name(label: str, cell: str) -> None:
    text = f"主要指标表\n序号|指标|2025年|{label}|2030年|属性\n1|甲业产值|41|{cell}|56|预期性"
    table = read(text)
    assert table is not None
    assert told(table.rows[0]) == (1, "甲业产值", {"baseline": "41", "target": "56"}, "预期性")


def test_an_unknown_column_between_the_others_of_aligned_text() -> None:
    text = """主要指标表
序号   指标              统计口径   单位   2025年   2030年   属性
1      甲镇产值          在地统计   亿元   42       60       预期性
2      乙河水质达标率    国控断面   %      88       92       约束性"""
    assert rows(text) == [
        (1, "甲镇产值", {"baseline": "42", "target": "60"}, "预期性"),
        (2, "乙河水质达标率", {"baseline": "88", "target": "92"}, "约束性"),
    ]


@pytest.mark.parametrize("between", [" ", "\n", "    "])
def test_a_column_of_types_behind_the_names_holds_attributes(between: str) -> None:
    text = """主要指标表
编号 发展指标 计量单位 2025年 2030年 指标类型
1 甲业产值 亿元 96 150 预期
2 乙木保护率 % 90 100 约束"""
    assert rows(text.replace(" ", between)) == [
        (1, "甲业产值", {"baseline": "96", "target": "150"}, "预期"),
        (2, "乙木保护率", {"baseline": "90", "target": "100"}, "约束"),
    ]


@pytest.mark.parametrize(
    ("first", "names"),
    [("A级景区（个）", ["A级景区(个)", "游客人次(万人次)"]), ("甲县", []), ("甲县（万亩）", [])],
)
def test_a_table_without_a_title_by_its_units_and_its_old_and_new_values(
    first: str, names: list[str]
) -> None:
    """Rows of parts of the area are no indicators: the table's title names what is of them."""
    second = "游客人次（万人次）" if names else first.replace("甲", "乙")
    text = (
        f"主要预期目标\n序号|项目名称|基年（2025）|末年（2030）\n1|{first}|7|10\n2|{second}|62|90"
    )
    assert [told(row)[1] for table in find(text).tables for row in table.rows] == names


@pytest.mark.parametrize(("begun", "end"), [("居民人均可支", "配收入"), ("单位产值能耗", "降低率")])
def test_the_end_of_the_last_name_is_on_the_line_below(begun: str, end: str) -> None:
    text = f"""主要指标表
指标            单位   2025年   2030年   属性
玉米制种面积    万亩   28       30       约束性
{begun}    元     18000    25000    预期性
{end}
第二章 任务"""
    assert [name for _, name, _, _ in rows(text)] == ["玉米制种面积", begun + end]


def test_a_column_of_signed_changes_is_read() -> None:
    head = "序号\t指标\t2025年\t2030年\t增幅\t属性"
    first = "1\t甲类取暖率\t81\t95\t14个百分点\t约束性"
    found = find(line_table(first, "2\t乙类占比\t52\t44\t-8个百分点\t约束性", head=head))
    (table,) = found.tables
    assert not found.findings
    assert [[(c.kind, cell.text) for c, cell in row.values][-1] for row in table.rows] == [
        ("cumulative", "14个百分点"),
        ("cumulative", "-8个百分点"),
    ]


@pytest.mark.parametrize("layout", ["tabs", "blanks", "aligned", "even gaps"])
@pytest.mark.parametrize("name", ["plain", "units", "rates", "two-rows", "targets"])
def test_twins_over_pages(name: str, layout: str) -> None:
    shape = twins.SHAPES[name]
    lines, head = twins.LAYOUTS[layout](twins.grid(ROWS, shape)), len(shape.head)
    assert published(twins.document(twins.paged(lines, head, 3, lines[:head]), shape)) == meant(
        shape
    )
    running = twins.paged(lines, head, 4, [twins.RUNNING_HEAD])
    text = twins.document(running, shape) + f"— 2 —\n{twins.RUNNING_HEAD}\n落实责任。\n"
    assert published(text) == meant(shape)


@pytest.mark.parametrize("name", [n for n, shape in twins.SHAPES.items() if not shape.apart])
def test_twins_as_html_and_word(name: str, tmp_path: Path) -> None:
    shape = twins.SHAPES[name]
    grid = twins.grid(ROWS, shape)
    page, word = tmp_path / "twin.html", tmp_path / "twin.docx"
    page.write_text(twins.html_document(grid, shape), encoding="utf-8")
    twins.word_document(grid, shape, word)
    for path in (page, word):
        rows_ = published(read_published(path).text)
        assert [(r[0], r[1], r[5]) for r in rows_] == [(r[0], r[1], r[5]) for r in meant(shape)]


# ---------------------------------------------------------------- kinds that went wrong


def indicators(
    *lines: str, period: tuple[int, int] = (2026, 2030)
) -> dict[str, list[tuple[str, Decimal | None, str, str]]]:
    """The values of each indicator, by name: kind, number, comparator, basis."""
    text = "\n".join([*twins.BEFORE.splitlines(), *lines, *twins.AFTER.splitlines()])
    found, values = read_indicators(read_document(text, "plan"), period)
    return {
        i.name: [
            (v.kind, v.quantity.value, v.quantity.comparator, v.quantity.basis)
            for v in values
            if v.indicator == i.key
        ]
        for i in found
    }


def test_a_unit_in_the_cells_of_levels_is_the_indicators() -> None:
    row = "1\t甲镇收入\t12510元\t18800元\t8.5%\t预期性"
    lines = ["主要指标表", "序号\t指标\t2025年\t2030年\t年均增长\t属性", row]
    found, _ = read_indicators(
        read_document("\n".join([twins.BEFORE, *lines, twins.AFTER]), "x"), (2026, 2030)
    )
    assert [(i.name, i.unit) for i in found] == [("甲镇收入", "yuan")]


def test_a_dash_is_never_a_target() -> None:
    found = indicators("主要指标表", "序号\t指标\t2025年\t2030年\t属性", "1\t甲率(%)\t—\t—\t预期性")
    assert found == {"甲率": [("Baseline", None, "Missing", "PointInTime")]}


def test_a_change_by_points_is_not_a_share() -> None:
    lines = ["主要指标表", "序号\t指标\t2025年\t2030年\t属性"]
    row = "1\t甲占比(%)\t20%\t提高1个百分点以上\t预期性"
    text = "\n".join([*twins.BEFORE.splitlines(), *lines, row, *twins.AFTER.splitlines()])
    _, values = read_indicators(read_document(text, "plan"), (2026, 2030))
    assert [(v.kind, v.quantity.value, v.quantity.unit) for v in values] == [
        ("Baseline", Decimal(20), "percent"),
        ("Target", Decimal(1), "percentage-point"),
    ]


def test_results_of_the_last_period_give_no_indicator() -> None:
    head = "序号\t指标\t2025年目标\t2025年完成\t属性"
    assert indicators("表1 “十四五”主要指标", head, "1\t甲率(%)\t5\t6\t预期性") == {}


def test_several_tables_are_told_apart() -> None:
    head, row = "序号\t指标\t2030年目标\t属性", "1\t{}率(%)\t5\t预期性"
    text = "\n".join(
        [
            twins.BEFORE,
            "表1 主要指标",
            head,
            row.format("甲"),
            "说明文字在这里。",
            "表2 建设主要指标",
            head,
            row.format("乙"),
            twins.AFTER,
        ]
    )
    found, values = read_indicators(read_document(text, "plan"), (2026, 2030))
    assert [(i.key, i.name, i.number) for i in found] == [("1", "甲率", 1), ("t2.1", "乙率", 1)]
    assert len({(v.kind, v.key) for v in values}) == len(values) == 2


def test_ranges_bounds_and_years_of_values() -> None:
    head = "序号\t指标\t2025年\t2030年\t属性"
    found = indicators(
        "主要指标表", head, "1\t甲率(%)\t5.4\t4.5-5，努力争取更好结果\t预期性", "2\t乙率(%)\t21.5（2024年）\t力争达到25左右\t预期性",
        "3\t丙率(%)\t设区市≥25 县级市≥20\t持续提升\t约束性",
    )  # fmt: skip
    assert [v[1:3] for v in found["甲率"]] == [
        (Decimal("5.4"), "Equal"),
        (Decimal("4.5"), "Between"),
    ]
    assert [v[1:3] for v in found["乙率"]] == [(Decimal("21.5"), "Equal"), (Decimal(25), "About")]
    assert [v[1:3] for v in found["丙率"]] == [(None, "Task"), (None, "Trend")]


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("年均5.5以上", (Decimal("5.5"), "AtLeast", "AnnualAverage")),
        ("〔15〕以上", (Decimal(15), "AtLeast", "Cumulative")),
        ("（15）左右", (Decimal(15), "About", "Cumulative")),
    ],
)
def test_a_value_that_is_said_to_be_of_each_year_or_of_all(
    cell: str, wanted: tuple[Decimal, str, str]
) -> None:
    head = "序号\t指标\t2025年\t2030年\t年均/累计\t属性"
    document = read_document(
        "\n".join([twins.BEFORE, "主要指标表", head, f"1\t甲额增长(%)\t5.9\t—\t{cell}\t预期性"]),
        "x",
    )
    (found,) = (
        v.quantity
        for v in read_indicators(document, (2026, 2030))[1]
        if v.kind == "Target" and v.quantity.value is not None
    )
    assert (found.value, found.comparator, found.basis) == wanted


def test_sums_and_means_said_in_cells_of_an_interim_year_and_units_behind_a_slash() -> None:
    text = "\n".join([
        twins.BEFORE, "主要指标表", "序号\t指标\t2025年\t2027年目标\t2030年目标\t属性",
        "1\t甲值/亿元\t1280\t1450\t1720左右\t预期性", "2\t乙额增速/%\t6.1\t〔年均6.5〕\t〔年均6〕\t预期性",
        "3\t丙人数/万人\t2.3\t—\t累计11\t预期性", twins.AFTER,
    ])  # fmt: skip
    indicators, values = read_indicators(read_document(text, "x"), (2026, 2030))
    assert [(i.name, i.unit) for i in indicators] == [
        ("甲值", "hundred-million-yuan"), ("乙额增速", "percent"), ("丙人数", "ten-thousand-persons"),
    ]  # fmt: skip
    aims = [(v.quantity.basis, v.period) for v in values if v.kind == "Target"]
    assert aims == [
        ("PointInTime", (2027, 2027)),
        ("PointInTime", (2030, 2030)),
        ("AnnualAverage", (2026, 2027)),
        ("AnnualAverage", (2026, 2030)),
        ("Cumulative", (2026, 2030)),
    ]


def test_circled_numbers_that_count_all_rows_make_none_a_part() -> None:
    rows = [
        "① 甲值（亿元）\t860\t1150\t预期性",
        "② 乙率（%）\t12\t16\t约束性",
        "③ 丙率（%）\t5\t6\t预期性",
    ]
    head = "指标名称\t2025年\t2030年\t属性"
    for lines, names in (
        (rows, ["甲值", "乙率", "丙率"]),
        (["总值（亿元）\t900\t1200\t预期性", *rows[:2]], ["总值", "总值 / 甲值", "总值 / 乙率"]),
    ):
        text = "\n".join([twins.BEFORE, "主要指标表", head, *lines, twins.AFTER])
        indicators, _ = read_indicators(read_document(text, "x"), (2026, 2030))
        assert [i.name for i in indicators] == names


def test_a_unit_above_the_table_and_marks_at_names() -> None:
    text = "\n".join([
        twins.BEFORE, "表1 主要指标", "单位：万元", "序号\t指标\t2030年目标\t属性",
        "1\t甲额①\t5\t预期性", "2\t乙额*\t6\t预期性", "3\t丙额（亿元）\t7\t预期性", twins.AFTER,
    ])  # fmt: skip
    found, _ = read_indicators(read_document(text, "plan"), (2026, 2030))
    assert [(i.name, i.unit) for i in found] == [
        ("甲额", "ten-thousand-yuan"), ("乙额", "ten-thousand-yuan"), ("丙额", "hundred-million-yuan"),
    ]  # fmt: skip


def test_parts_of_a_whole() -> None:
    table = read(
        line_table(
            "1\t研发经费投入(亿元)\t50\t60\t预期性",
            "\t其中:基础研究(亿元)\t5\t8\t预期性",
            "2\t绿地率\t33\t36\t约束性",
        )
    )
    assert table is not None
    assert [(r.number, r.part, r.group and r.group.text, r.name.text) for r in table.rows] == [
        (1, None, None, "研发经费投入(亿元)"), (1, 1, "研发经费投入(亿元)", "基础研究(亿元)"), (2, None, None, "绿地率"),
    ]  # fmt: skip


def test_cells_centred_on_a_page() -> None:
    """As text is taken from a printed page: head, names, units and values stand over several
    lines.
    """
    found = indicators(
        "示例市“十五五”规划《纲要》主要指标", "序 “十五五”目标", "指 标 单位 属性", "号", "2030年 年均[累计]",
        "1 地区生产总值年均增速 % 预期性 - 5左右", "万元/", "2 全员劳动生产率 预期性 36左右 -", "人", "全社会研发经费支出相当于",
        "3 % 预期性 4.5左右 -", "地区生产总值的比例", "老旧小区成片改造的 万平 [成片：累计约110", "4 约束性 -", "房屋面积 方米 零星：累计约20]",
        "5 森林覆盖率 % 约束性 19.5 -",
    )  # fmt: skip
    assert {name: [v[1] for v in values] for name, values in found.items()} == {
        "地区生产总值年均增速": [Decimal(5)], "全员劳动生产率": [Decimal(36)], "全社会研发经费支出相当于地区生产总值的比例": [Decimal("4.5")],
        "老旧小区成片改造的房屋面积": [None], "森林覆盖率": [Decimal("19.5")],
    }  # fmt: skip


def test_categories_printed_in_the_middle_of_their_rows() -> None:
    table = read("\n".join([
        "主要指标", "指标                      2030 年   属性", "       新增保护单位的数量         ≥50     约束性",
        "保护   建设运行开放的考古遗址", "                                  ≥20     约束性", "       公园和展示园（处）", "       博物馆数量                ≥260    预期性",
        "       安全巡检率                 100     预期性", "安全", "       消防设施建设率             100     预期性",
    ]))  # fmt: skip
    assert table is not None
    assert [(r.name.text, r.category and r.category.text) for r in table.rows] == [
        ("新增保护单位的数量", "保护"), ("建设运行开放的考古遗址公园和展示园(处)", "保护"), ("博物馆数量", "保护"), ("安全巡检率", "安全"),
        ("消防设施建设率", "安全"),
    ]  # fmt: skip


HEAD = "序号 指标 2025年 2030年 属性"


LENGTHS = [
    f"{i} {name}长度（公里） {30 + i} {40 + i} 预期性"
    for i, name in enumerate(["公路", "铁路", "河道", "堤防", "管网", "绿道", "电网", "航道"], 1)
]


@pytest.mark.parametrize("sizes", [(4, 2, 2), (2, 4, 2), (2, 2, 4)])
def test_categories_between_the_rows_that_they_are_in_the_middle_of(sizes: tuple[int, ...]) -> None:
    lines, owned = [HEAD], []
    for label, size in zip(["经济发展", "民生福祉", "安全保障"], sizes, strict=True):
        rows = LENGTHS[len(owned) : len(owned) + size]
        lines += [*rows[: size // 2], label, *rows[size // 2 :]]
        owned += [label] * size
    table = read("\n".join(["主要指标", *lines]))
    assert table is not None
    assert [r.category and r.category.text for r in table.rows] == owned


@pytest.mark.parametrize(
    "lines",
    [
        [HEAD, *("1 2 3 4 5 6 7 8 9" for _ in range(20_000))],
        [HEAD, "1 " * 100_000],
        [HEAD, *(f"{i} 甲 {i} {i} 预期性" for i in range(1, 3_000))],
        [HEAD.replace(" ", "\t"), *(f"{i}\t甲\t{i}\t预期性" for i in range(1, 20_000))],
        ["\t".join(["序号", "指标", *["2025年"] * 10_000]), "\t".join(["1"] * 10_002)],
        [HEAD] * 20_000,
        [HEAD.replace(" ", "\n")] * 100,
    ],
    ids=["digits", "long line", "many rows", "many broken rows", "columns", "heads", "heads in cells"],
)  # fmt: skip
def test_hostile_tables_are_bounded(lines: list[str]) -> None:
    found = find("\n".join(["主要指标表", *lines]))
    assert len(found.findings) <= 60 and len(found.tables) <= 1


def test_heads_without_end_are_not_all_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[int] = []

    def counted(atoms: list[Atom], promised: bool) -> list[Head]:
        tried.append(atoms[0].line)
        return text_head(atoms, promised)

    monkeypatch.setattr(running_text, "text_head", counted)
    monkeypatch.setattr(running_text, "_BUDGET", 1_200)
    table = ["主要指标表", HEAD, "1 绿地率（%） 30 35 约束性", "2 灌溉面积（公顷） 3 5 预期性"]
    assert len(find("\n".join(table)).tables) == 1
    tried.clear()
    found = find("\n".join([*[HEAD.replace(" ", "\n")] * 100, "第二章 指标", *table]))
    assert not found.tables and len(tried) <= 1_200 / 24
    assert [f.kind for f in found.findings] == ["table-not-read"]


def test_a_head_over_the_category_and_the_name() -> None:
    table = read(
        line_table(
            "保护\t保护单位数量\t50\t约束性", "\t遗址公园数量\t20\t约束性", "安全\t安全巡检率\t100\t预期性",
            head="指标\t\t2030年\t属性",
        )
    )  # fmt: skip
    assert table is not None
    assert [(r.number, r.name.text, r.category and r.category.text) for r in table.rows] == [
        (1, "保护单位数量", "保护"), (2, "遗址公园数量", "保护"), (3, "安全巡检率", "安全"),
    ]  # fmt: skip


def test_values_for_parts_are_shared_out_evenly() -> None:
    head = "主要指标表\n序号 指标 2025年 2030年 属性\n1 绿地率（%） 30 35 约束性\n"
    assert rows(f"{head}2 达标面积比例（%） 大城市≥25 小城市≥20 大城市≥55 小城市≥45 预期性\n")[
        1
    ] == (
        2,
        "达标面积比例(%)",
        {"baseline": "大城市≥25小城市≥20", "target": "大城市≥55小城市≥45"},
        "预期性",
    )


@pytest.mark.parametrize(
    ("last", "whole"),
    [
        ("大城市≥55\n小城市≥45\n", "大城市≥55小城市≥45"),
        ("4.5-5,\n争取更好结果\n", "4.5-5,争取更好结果"),
    ],
)
def test_a_last_value_over_two_lines_is_whole(last: str, whole: str) -> None:
    head = "主要指标表\n序号\n指标\n属性\n2030年\n目标值\n1\n绿地率（%）\n约束性\n35\n"
    (_, row) = rows(f"{head}2\n达标面积比例（%）\n预期性\n{last}第二章 产业\n")
    assert row == (2, "达标面积比例(%)", {"target": whole}, "预期性")


def test_the_head_of_the_next_page_is_no_part_of_the_last_value() -> None:
    text = (
        "主要指标表\n序号\t指标名称\t2025年\t2030年\t属性\n1\t绿地率（%）\t30\t35\t约束性\n"
        "2\t出口总额（亿元）\t35\t〔45〕指标值\t预期性\n第二章 产业\n"
    )
    assert [values for _, _, values, _ in rows(text)] == [
        {"baseline": "30", "target": "35"},
        {"baseline": "35", "target": "[45]"},
    ]


@pytest.mark.parametrize("number", ["{} ", "{}", "0{} "])
def test_numbers_without_a_mark_before_names(number: str) -> None:
    names = ["绿地率（%）", "高铁里程（公里）", "粮食产量（万吨）"]
    lines = "".join(f"{number.format(i)}{n}\t30\t35\t约束性\n" for i, n in enumerate(names, 1))
    text = f"主要指标表\n指标\t2025年\t2030年\t属性\n{lines}第二章 产业\n"
    found = [(row[0], row[1]) for row in rows(text)]
    assert [n for n, _ in found] == [1, 2, 3]
    assert [name[:2] for _, name in found] == ["绿地", "高铁", "粮食"]


def test_a_row_that_is_cut_short_behind_its_one_value_is_refused() -> None:
    text = (
        "主要指标表\n序号\t指标\t单位\t2025年\t2030年\t属性\n1\t绿地率\t%\t30\t35\t约束性\n"
        "2\t森林覆盖率\t%\t77.9\n3\t粮食产量\t万吨\t12\t13\t约束性\n第二章 产业\n"
    )
    assert [number for number, *_ in rows(text)] == [1, 3]
    refused = (f for f in find(text).findings if f.kind == "table-row-refused")
    assert ["森林覆盖率" in f.values["row"] for f in refused] == [True]


def test_a_unit_over_two_lines_and_a_year_apart_from_its_word() -> None:
    table = read("""
表1 主要指标
序号 指标 单位 属性 2030 年目标
1 城镇化率 % 预期性 65
2 森林覆盖率 % 约束性 19.5
万元/
3 全员劳动生产率 预期性 36左右
人
4 人均预期寿命 岁 预期性 84.5
5 研发经费投入强度 % 预期性 4左右
人/亿
6 生产安全事故死亡率 约束性 <0.01
元
第二章 保障
""")
    assert table is not None
    assert [c.kind for c in table.columns] == ["number", "name", "unit", "attribute", "target"]
    units = [row.unit.text for row in table.rows if row.unit is not None]
    assert units == ["%", "%", "万元/人", "岁", "%", "人/亿元"]
    assert [row.category for row in table.rows] == [None] * 6


@pytest.mark.parametrize("before", ["单位", "2030年", ""])
def test_a_column_that_is_not_known_leaves_the_others(before: str) -> None:
    """In lines aligned by blanks, a head cell of which nothing is known costs no row."""
    heads, rows = ["序号", "指标", "单位", "2025年", "2030年"], ["1", "绿地率", "%", "33", "36"]
    at = heads.index(before) if before else len(heads)
    heads.insert(at, "统计口径")
    rows.insert(at, "全市")
    found = find("\n".join(["表1 主要指标", "   ".join(heads), "   ".join(rows)]))
    (row,) = found.tables[0].rows
    assert (row.name.text, [cell.text for _, cell in row.values]) == ("绿地率", ["33", "36"])


def test_a_last_name_that_goes_on_behind_a_pages_end_is_whole() -> None:
    rows = ("1\t绿地率（%）\t33\t36\t约束性", "2\t死亡人数下\t5\t6\t约束性")
    table = read(line_table(*rows) + "\n　　　降（%）\n注：[]内为累计数。")
    assert table is not None
    assert [row.name.text for row in table.rows] == ["绿地率(%)", "死亡人数下降(%)"]


@pytest.mark.parametrize(
    ("head", "row", "expected"),
    [
        ("“十四五”年均增速（%）\t“十五五”年均增速（%）", "甲产值（亿元）\t5.5\t6", [
            ("Baseline", "5.5", "percent", "AnnualAverage", (2021, 2025), None),
            ("Target", "6", "percent", "AnnualAverage", (2026, 2030), None),
        ]),
        ("2021-2025年累计\t2026-2030年累计", "甲产值（亿元）\t210\t260", [
            ("Baseline", "210", "hundred-million-yuan", "Cumulative", (2021, 2025), None),
            ("Target", "260", "hundred-million-yuan", "Cumulative", (2026, 2030), None),
        ]),
        ("“十四五”年均增速（%）\t2025年\t2030年", "甲产值（亿元）\t5.5\t1280\t1720", [
            ("Baseline", "1280", "hundred-million-yuan", "PointInTime", (2025, 2025), None),
            ("Target", "1720", "hundred-million-yuan", "PointInTime", (2030, 2030), None),
        ]),
        ("2025年增长率（%）\t2030年目标", "甲产值（亿元）\t5.6\t1720", [
            ("Baseline", "5.6", "percent", "PointInTime", (2025, 2025), None),
            ("Target", "1720", "hundred-million-yuan", "PointInTime", (2030, 2030), None),
        ]),
        ("2025年\t2030年比2025年增长（%）", "甲产值（亿元）\t1280\t34", [
            ("Baseline", "1280", "hundred-million-yuan", "PointInTime", (2025, 2025), None),
            ("Target", "34", "percent", "Cumulative", (2026, 2030), 2025),
        ]),
        ("2025年\t年均/累计", "甲产值（亿元）\t1280\t[6%]", [
            ("Baseline", "1280", "hundred-million-yuan", "PointInTime", (2025, 2025), None),
            ("Target", "6", "percent", "AnnualAverage", (2026, 2030), None),
        ]),
        ("2025年\t年均增长（%）", "甲岗位数（万人）\t4.2\t累计20", [
            ("Baseline", "4.2", "ten-thousand-persons", "PointInTime", (2025, 2025), None),
            ("Target", "20", "ten-thousand-persons", "Cumulative", (2026, 2030), None),
        ]),
        ("2025年\t年均增长（%）", "甲产值（亿元）\t1280\t累计增长34", [
            ("Baseline", "1280", "hundred-million-yuan", "PointInTime", (2025, 2025), None),
            ("Target", "34", "percent", "Cumulative", (2026, 2030), 2025),
        ]),
    ],
)  # fmt: skip
def test_rates_and_sums_of_the_years_before_are_baselines_where_no_level_is(
    head: str, row: str, expected: list[tuple[str, str, str, str, tuple[int, int], int | None]]
) -> None:
    lines = ["主要指标表", f"序号\t指标\t{head}\t属性", f"1\t{row}\t预期性"]
    _, values = read_indicators(
        read_document("\n".join([twins.BEFORE, *lines, twins.AFTER]), "x"), (2026, 2030)
    )
    assert [
        (
            v.kind, str(v.quantity.value), v.quantity.unit, v.quantity.basis, v.period,
            v.quantity.relative_to,
        )
        for v in values
    ] == expected  # fmt: skip


TWO_ROWS = {
    "totals and rates": (
        "2025年 2030年 属性", "总量 年均增速（%） 总量 年均增速（%）", "1280 5.5 1720 6",
        ["1280 PointInTime 2025", "1720 PointInTime 2030", "6 AnnualAverage 2030"],
    ),
    "aimed at before": (
        "“十四五”期间 “十五五”期间 属性", "目标 完成 目标 年均", "1200 1280 1720 6%",
        ["1280 PointInTime 2025", "1720 PointInTime 2030", "6 AnnualAverage 2030"],
    ),
    "periods below": (
        "年均增长（%） 2030年 属性", "“十四五” “十五五”", "5.5 6 1720",
        ["5.5 AnnualAverage 2025", "6 AnnualAverage 2030", "1720 PointInTime 2030"],
    ),
    "shares": (
        "2025年 2030年 属性", "总量 占比（%） 总量 占比（%）", "210 9.8 360 13",
        ["210 PointInTime 2025", "360 PointInTime 2030", "13 PointInTime 2030"],
    ),
    "sums of the years before": (
        "基期年 规划期 属性", "2025年 五年累计 2030年 五年累计", "40 210 55 260",
        ["40 PointInTime 2025", "55 PointInTime 2030", "260 Cumulative 2030"],
    ),
    "two years before and the aims": (
        "“十四五”完成情况 “十五五”目标 属性", "2020年 2025年 2030年 年均增长（%）", "1210 1638 2150 5.6",
        ["1638 PointInTime 2025", "2150 PointInTime 2030", "5.6 AnnualAverage 2030"],
    ),
    "points among rates": (
        "2025年 2030年 年均增速或累计增加 属性", "", "1280 1720 1.3个百分点",
        ["1280 PointInTime 2025", "1720 PointInTime 2030", "1.3 Cumulative 2030"],
    ),
    "either in brackets": (
        "2025年 2030年 [年均增速/累计] 属性", "", "1280 1720 [6%]",
        ["1280 PointInTime 2025", "1720 PointInTime 2030", "6 AnnualAverage 2030"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("apart", [" ", "\n"])
@pytest.mark.parametrize("kind", TWO_ROWS)
def test_heads_of_two_rows_in_which_words_go_on_with_those_above(kind: str, apart: str) -> None:
    upper, lower, values, expected = TWO_ROWS[kind]
    head = [f"序号 指标 {upper}", *([lower] if lower else [])]
    rows = [f"{i} {name}产值（亿元） {values} 预期性" for i, name in enumerate("甲乙丙", 1)]
    lines = [line.replace(" ", apart) for line in [*head, *rows]]
    document = read_document("\n".join([twins.BEFORE, "主要指标表", *lines, twins.AFTER]), "x")
    found, read = read_indicators(document, (2026, 2030))
    assert document.findings == ()
    for indicator in found:
        assert [
            f"{v.quantity.value} {v.quantity.basis} {v.period[1]}"
            for v in read
            if v.indicator == indicator.key
        ] == expected
    assert len(found) == len(rows)


def test_rows_are_numbered_behind_their_category_without_a_head_for_it() -> None:
    lines = [
        "主要指标表", "类别 指标名称 单位 2025年 2030年 属性", "经济 1 甲产值 亿元 45 60 预期性",
        "2 乙产值 亿元 35 50 预期性", "绿色 3 丙覆盖率 % 41 43 约束性", "4 丁处理率 % 90 95 约束性",
    ]  # fmt: skip
    document = read_document("\n".join([twins.BEFORE, *lines, twins.AFTER]), "x")
    found = read_indicators(document, (2026, 2030))[0]
    assert [(one.number, one.name, one.category) for one in found] == [
        (1, "甲产值", "经济"), (2, "乙产值", "经济"), (3, "丙覆盖率", "绿色"), (4, "丁处理率", "绿色"),
    ]  # fmt: skip


@pytest.mark.parametrize("apart", [" ", "\n"])
def test_a_unit_in_brackets_is_of_the_head_cell_above_it(apart: str) -> None:
    head = ["指标 2025年 2030年 年均增长 属性", "实际 目标 （%）"]
    rows = [f"{i}.{name}产值（亿元） 45 60 6左右 预期性" for i, name in enumerate("甲乙丙", 1)]
    lines = [line.replace(" ", apart) for line in [*head, *rows]]
    document = read_document("\n".join([twins.BEFORE, "主要指标表", *lines, twins.AFTER]), "x")
    read = read_indicators(document, (2026, 2030))[1]
    units = {(str(v.quantity.value), v.quantity.unit) for v in read}
    assert units == {
        ("45", "hundred-million-yuan"), ("60", "hundred-million-yuan"), ("6", "percent"),
    }  # fmt: skip


def test_a_spread_between_two_years_is_a_change_since_the_first() -> None:
    lines = [
        "主要指标表",
        "序号\t指标\t2025年\t2030年\t增长幅度\t属性",
        "1\t甲产值（亿元）\t10\t12\t20%\t预期性",
    ]
    document = read_document("\n".join([twins.BEFORE, *lines, twins.AFTER]), "x")
    (*_, last), found = read_indicators(document, (2026, 2030))[1], document.findings
    assert (str(last.quantity.value), last.quantity.unit, last.quantity.relative_to) == (
        "20", "percent", 2025,
    )  # fmt: skip
    assert not found


def test_the_last_character_of_a_broken_name_is_no_unit() -> None:
    lines = ["主要指标表", "序号\t指标\t单位\t2030年目标\t属性", "1\t推广优质玉 米\t\t60\t预期性"]
    document = read_document("\n".join([twins.BEFORE, *lines, twins.AFTER]), "x")
    ((indicator,), _) = read_indicators(document, (2026, 2030))
    assert (indicator.name, indicator.unit, indicator.unit_text) == ("推广优质玉米", None, "")


@pytest.mark.parametrize(
    ("cell", "taken"), [("260 7.8", False), ("420 12", False), ("12 800", True), ("≥260 ≥8", False)]
)
def test_two_numbers_in_one_cell_are_no_value(cell: str, taken: bool) -> None:
    rows_ = [f"1\t甲率\t{cell}\t6\t预期性", "2\t乙率\t5\t6\t预期性"]
    head = "序号\t指标\t2025年\t2030年\t属性"
    found = find("\n".join(["主要指标表", head, *rows_]))
    names = [row.name.text for table in found.tables for row in table.rows]
    assert ("甲率" in names) is taken
    assert [f.kind for f in found.findings] == ([] if taken else ["table-row-refused"])


@pytest.mark.parametrize(
    ("before", "after", "years"),
    [
        ("", "", "20 25"),
        ("实际", "完成", "20 25"),
        ("", "目标", "20"),
        ("规划目标", "完成值", "25"),
    ],
)
def test_a_table_of_the_last_period_gives_results(before: str, after: str, years: str) -> None:
    """Each value that was reached, none that was aimed at, and no indicator of this plan."""
    document = read_document(
        "第一章 发展基础\n过去五年，全县稳步发展。\n专栏1 “十四五”主要指标完成情况\n"
        f"序号\t指标\t2020年{before}\t2025年{after}\n1\t茶园面积（万亩）\t10\t12\n"
        "2\t森林覆盖率（%）\t60\t61.5\n3\t茶叶产量（吨）\t2100\t2600\n第二章 做强茶业\n加快建设。\n",
        "x",
    )
    assert read_indicators(document, (2026, 2030)) == ((), ())
    told = [
        f"{one.what} {one.quantity.text} {one.period[1]}"
        for one in earlier_results(document, (2026, 2030))
    ]
    right = {
        "20": ["茶园面积 10 2020", "森林覆盖率 60 2020", "茶叶产量 2100 2020"],
        "25": ["茶园面积 12 2025", "森林覆盖率 61.5 2025", "茶叶产量 2600 2025"],
    }
    assert sorted(told) == sorted(line for year in years.split() for line in right[year])


STRAY = (
    "专栏1 主要指标\n序号{0}指标{0}2025年{0}2030年{0}属性\n1{0}茶园面积（万亩）{0}12{0}15{0}预期性\n{1}\n"
    "2{0}森林覆盖率（%）{0}61.2{0}62{0}约束性\n3{0}公路里程（公里）{0}610{0}680{0}预期性\n第二章 做优林业\n"
)


@pytest.mark.parametrize("gap", ["\t", "   "])
@pytest.mark.parametrize(
    "line",
    [
        "单位：万亩",
        "转下页",
        "（接上表）",
        "表1续",
        "（下接第13页）",
        "云泽县人民政府公报",
        "续上表",
    ],
)
def test_what_only_the_page_says_between_rows_is_no_category(line: str, gap: str) -> None:
    table = read(STRAY.format(gap, line))
    assert table is not None
    assert [(row.number, row.category) for row in table.rows] == [(1, None), (2, None), (3, None)]


@pytest.mark.parametrize("gap", ["\t", "   "])
def test_rows_behind_a_note_are_said(gap: str) -> None:
    found = find(STRAY.format(gap, "注：面积为实有面积"))
    assert [f.kind for f in found.findings] == ["table-row-refused"] * 2


@pytest.mark.parametrize(
    "name",
    [
        "{}（五年累计）（万人）",
        "{}（五年累计，万人）",
        "{}（万人，五年累计）",
        "{}（万人）（五年累计）",
    ],
)
def test_a_name_says_that_its_values_are_sums(name: str) -> None:
    """Those of this plan and of the last one; the rate beside them is of the years up to it."""
    jobs, head = name.format("新增就业"), "序号\t指标\t"
    document = read_document(
        "第一章 发展基础\n过去五年，全县稳步发展。\n专栏1 “十四五”主要指标完成情况\n"
        f"{head}2020年\t2025年\t年均增长（%）\n1\t{jobs}\t21\t29\t6.7\n2\t粮食产量（万吨）\t8.1\t8.6\t1.2\n"
        f"第二章 主要目标\n专栏2 主要指标\n{head}2025年\t2030年\t属性\n1\t{jobs}\t29\t35\t预期性\n"
        "2\t累计发电装机（万千瓦）\t60\t70\t预期性\n第三章 做强茶业\n加快建设。\n",
        "x",
    )
    indicators, values = read_indicators(document, (2026, 2030))
    assert (indicators[0].name, indicators[0].unit) == ("新增就业", "ten-thousand-persons")
    assert [(v.quantity.text, v.quantity.basis, v.period[0]) for v in values] == [
        ("29", "Cumulative", 2021), ("35", "Cumulative", 2026), ("60", "PointInTime", 2025), ("70", "PointInTime", 2030),
    ]  # fmt: skip
    results = list(earlier_results(document, (2026, 2030)))[:3]
    assert [(r.quantity.text, r.quantity.basis, r.period) for r in results] == [
        ("21", "Cumulative", (2016, 2020)),
        ("29", "Cumulative", (2021, 2025)),
        ("6.7", "AnnualAverage", (2021, 2025)),
    ]


ROUND = """专栏1 “十五五”主要指标
序号\t指标\t2025年\t2030年\t年均增长〔累计〕\t属性
1\t社会消费品零售总额（亿元）\t210\t290\t〔6.7〕\t预期性
2\t单位地区生产总值能耗降低（%）\t—\t—\t（12）\t约束性
3\t劳动力转移就业（万人）\t—\t—\t（8）\t预期性
4\t城镇调查失业率（%）\t5.2\t5左右\t—\t预期性
5\t用水强度（%）\t40\t每年下降0.5个百分点\t—\t预期性
"""


@pytest.mark.parametrize(
    ("note", "sales"),
    [
        ("注：〔〕内为年均增速，（）内为五年累计数。\n", "6.7 percent AnnualAverage"),
        ("注：（ ）内数据为五年累计数。\n", "6.7 hundred-million-yuan Cumulative"),
        ("", "6.7 hundred-million-yuan Cumulative"),
    ],
)
def test_brackets_mean_what_the_note_says(note: str, sales: str) -> None:
    """In round brackets a number alone is a sum as in square ones, unless the note says else."""
    document = read_document(f"第一章 目标\n{ROUND}{note}第二章 措施\n加快建设。\n", "x")
    _, values = read_indicators(document, (2026, 2030))
    over = {
        v.indicator: f"{v.quantity.value} {v.quantity.unit} {v.quantity.basis}"
        for v in values
        if v.quantity.basis != "PointInTime"
    }
    assert over == {
        "1": sales,
        "2": "12 percent Cumulative",
        "3": "8 ten-thousand-persons Cumulative",
        "5": "-0.5 percentage-point AnnualAverage",
    }


@pytest.mark.parametrize(
    ("note", "attributes"),
    [
        ("注：▲表示约束性，△表示预期性", "EB--"),
        ("说明：约束性指标以▲标注。", "-B--"),
        ("备注：1.标注*的为约束性指标；2.未标注*的为预期性指标。", "EEBE"),
        ("注：约束性指标为第2、4项，其余为预期性。", "EBEB"),
        ("注：除第2项和第4项为约束性外，其余均为预期性指标。", "EBEB"),
        ("注：除第2、4项外均为预期性指标。", "E-E-"),
        ("注：1—3项为预期性指标，4项为约束性指标。", "EEE-"),
        ("注：以上指标均为预期性指标。", "EEEE"),
        ("注：共4项指标，其中2项为约束性指标，2项为预期性指标。", "----"),
        ("注：约束性指标1项，预期性指标3项。", "----"),
        ("注：△为全市口径，▲为约束性指标。", "-B--"),
        ("注：第1至3项为预期性，第3至4项为约束性。", "----"),
        ("注：第9项为约束性，其余为预期性。", "----"),
        ("注：★为约束性，其余为预期性。", "----"),
    ],
)
def test_attributes_that_a_note_tells(note: str, attributes: str) -> None:
    rows = [
        "1\t△甲产值（亿元）\t3\t4",
        "2\t▲乙率（%）\t3\t4",
        "3\t丙率*（%）\t3\t4",
        "4\t丁数（个）\t3\t4",
    ]
    text = "\n".join(
        [twins.BEFORE, "主要指标表", "序号\t指标\t2025年\t2030年", *rows, note, twins.AFTER]
    )
    found, _ = read_indicators(read_document(text, "x"), (2026, 2030))
    assert [i.name for i in found] == ["甲产值", "乙率", "丙率", "丁数"]
    assert "".join((i.attribute or "-")[0] for i in found) == attributes


def test_a_row_s_name_tells_which_of_two_things_its_brackets_mean() -> None:
    lines = ["主要指标表", "序号\t指标\t单位\t2030年\t属性"]
    lines += ["1\t地区产值增长\t%\t[5.5]\t预期性", "2\t单位产值碳排放降低\t%\t[17]\t约束性"]
    # what there is by then is no sum of what there was in each year; what is done is one
    lines += ["3\t外资总部数量\t家\t[累计达到900]\t预期性", "4\t新增总部\t家\t累计达到90\t预期性"]
    text = "第一章 甲\n第一节 乙\n" + "\n".join([*lines, "注：[]内为五年累计数或年均增速。", ""])
    _, values = read_indicators(read_document(text, "source.txt"), (2026, 2030))
    bases = [v.quantity.basis for v in values]
    assert bases == ["AnnualAverage", "Cumulative", "PointInTime", "Cumulative"]


@pytest.mark.parametrize(
    ("name", "unit", "basis"),
    [
        ("建设雨水管网", "公里", "Cumulative"),
        ("提标改造管网", "公里", "Cumulative"),
        ("清淤排水管网", "公里", "Cumulative"),
        ("增加应急设备能力", "万m³/小时", "Cumulative"),
        ("省级层面培训人员", "人次", "Cumulative"),
        ("工业增加值", "亿元", "PointInTime"),
        ("建设用地总规模", "公顷", "PointInTime"),
        ("年度举办陈列展览数量", "个", "PointInTime"),
        ("新增劳动力平均受教育年限", "年", "PointInTime"),
        ("老旧小区改造率", "%", "PointInTime"),
    ],
)
def test_what_is_built_added_or_done_in_the_period_is_a_sum(
    name: str, unit: str, basis: str
) -> None:
    def bases(before: str) -> set[str]:
        rows = ["序号\t指标\t单位\t2025年\t2030年\t属性", "1\t森林覆盖率\t%\t30\t31\t约束性"]
        rows.append(f"2\t{name}\t{unit}\t{before}\t20\t预期性")
        text = "第一章 甲\n第一节 乙\n主要指标表\n" + "\n".join(rows) + "\n第二节 丙\n加快建设。\n"
        values = read_indicators(read_document(text, "plan"), (2026, 2030))[1]
        return {v.quantity.basis for v in values if v.indicator == "2" and v.kind == "Target"}

    assert bases("—") == {basis}
    assert bases("12") == {"PointInTime"}, "a level to begin with tells that it is one"


def test_tables_with_nothing_between_them_are_told_apart() -> None:
    tables = find(
        line_table(
            "1\t绿地率\t33\t36\t约束性", "2\t投资\t7\t8\t预期性",
            "序号\t类别\t指标名称\t单位\t2030年", "1\t水务\t供水普及率\t%\t99", "2\t水务\t污水处理率\t%\t98",
        )
    ).tables  # fmt: skip
    assert [[row.name.text for row in table.rows] for table in tables] == [
        ["绿地率", "投资"], ["供水普及率", "污水处理率"]
    ]  # fmt: skip


UNLISTED = [  # as number, name, unit, value, target, attribute
    "序\t名目\t计量\t2025年底数\t2030年预定\t管理",
    "号\t测度\t量度\t2025年度值\t2030年拟达\t约束程度",
    "No\t事项及口径\t以何计\t2025年末\t2030年末\t刚性与否",
]
MEASURED = (
    "1\t绿地率\t%\t30\t35\t约束性\n2\t灌溉面积\t公顷\t3\t5以上\t预期性\n3\t床位\t张\t20\t40\t预期性"
)


@pytest.mark.parametrize("head", UNLISTED)
@pytest.mark.parametrize("title", ["主要指标表", "发展情况"])
def test_columns_under_words_of_no_list_are_told_by_their_cells(title: str, head: str) -> None:
    (table,) = find(f"{title}\n{head}\n{MEASURED}\n推进绿化。").tables
    read = [(r.name.text, r.unit.text, [(c.kind, v.text) for c, v in r.values]) for r in table.rows]
    assert read == [
        ("绿地率", "%", [("baseline", "30"), ("target", "35")]),
        ("灌溉面积", "公顷", [("baseline", "3"), ("target", "5以上")]),
        ("床位", "张", [("baseline", "20"), ("target", "40")]),
    ]
    assert [row.attribute.text for row in table.rows] == ["约束性", "预期性", "预期性"]


@pytest.mark.parametrize(
    "rows",
    [
        "工程\t地点\t2026年投入\t2027年投入\n甲桥\t东乡\t3\t4\n乙渠\t西乡\t5\t6\n丙路\t北乡\t7\t8",
        "名目\t说法\n甲\t一种做法\n乙\t另一种做法\n丙\t又一种做法",
    ],
)
def test_rows_that_show_no_indicators_are_no_table(rows: str) -> None:
    assert not find(f"建设安排\n{rows}\n推进绿化。").tables


def test_a_table_goes_on_below_its_number_and_words_that_say_so() -> None:
    head = "序号\t指标\t单位\t2025年\t2030年"
    first, second = "1\t绿地率★\t%\t30\t35\n2\t床位☆\t张\t3\t5", "3\t灌溉率★\t%\t60\t70"
    note = "注：标★的为约束性，标☆的为预期性。"
    (table,) = find(f"主要指标表\n{head}\n{first}\n表一（接上页）\n{head}\n{second}\n{note}").tables
    assert [row.attribute.text for row in table.rows] == ["约束性", "预期性", "约束性"]
