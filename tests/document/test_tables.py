"""Indicator tables in every layout: rows, columns and spans, and what is no table."""

from __future__ import annotations

import re

import pytest

from kg.document.tables import IndicatorTable, Line, Row, read_table
from kg.document.tables.model import attribute_of, is_number, is_value
from kg.errors import PlanlinkError
from kg.source.text import Span


def lines_of(text: str) -> list[Line]:
    """The lines that are not blank, as a document hands them over."""
    return [
        Line(Span(m.start(), m.end()), m.group()) for m in re.finditer(r"\S(?:[^\n]*\S)?", text)
    ]


def read(text: str) -> IndicatorTable | None:
    """The table whose title is the first line; every span is held against the text."""
    table = read_table(lines_of(text), 0, text, "plan.txt")
    if table is None:
        return None
    cells = [table.note] if table.note else []
    for row in table.rows:
        cells += [c for c in (row.category, row.name, row.unit, *row.values.values()) if c]
        assert table.span.contains(row.span)
    for cell in cells:
        printed = re.sub(r"[\s|]", "", text[cell.span.start : cell.span.end])
        assert printed == re.sub(r"\s", "", cell.text)
    assert text[table.title_span.start : table.title_span.end] == table.title
    return table


def told(row: Row) -> tuple[int, str, dict[str, str], str]:
    return (
        row.number,
        row.name.text,
        {column: cell.text for column, cell in row.values.items()},
        row.attribute.text,
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
    assert table.years == {"baseline": 2020, "target": 2025}
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
    ],
    ids=["cells", "column", "numbered line", "plain line", "without numbers"],
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
         {"baseline": "5", "target": "6", "extra": "3"}),
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
    assert found.values["target"].text == "36"


def test_a_row_between_single_blanks() -> None:
    text = line_table("1 绿地率(%) 36.31 约束性", head="序号 指标 2025年 属性")
    assert rows(text) == [(1, "绿地率(%)", {"target": "36.31"}, "约束性")]


@pytest.mark.xfail(strict=True, reason="both values are read as one cell, the target's")
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
            row.values["target"].text,
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
        "主要指标表\n\n序号\n\n指标名称\n\n2020年\n\n2025年",  # no column of attributes
        "主要指标表\n\n序号\n\n2020年\n\n2025年\n\n属性",  # no names
        cells(),  # a header alone
        line_table(),
        line_table("2\t绿地率\t33\t36\t约束性"),  # does not begin at 1
        "主要指标表\n序号指标2025年属性,这些词在一句话里都出现,但不是表头",
        "主要指标表\n指标\t2020年\t2025年\n绿地率\t33\t36",  # neither numbers nor attributes
    ],
)
def test_no_table(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "message", "where"),
    [
        (cells("1", "甲", "5", "6", "预期性", "2", "乙", "36", "约束性"),
         "row 2 should have a name and 2 value cells", 25),
        (cells("1", "甲", "5", "6", "预期性", "1", "乙", "3", "4", "约束性"),
         "indicator number 1 comes twice", 25),
        (cells("1", "甲", "5", "6", "预期性", "乙", "约束性"), "a row has no number", 25),
        (cells("1", "甲", "5", "6", "预期性", "2", "乙", "3", "4"),
         "row 2 has no attribute cell", 25),
        (line_table("1\t绿地率\t约束性"), "row 1 should have a name and a value", 3),
    ],
)  # fmt: skip
def test_a_broken_row_is_told_with_its_line(text: str, message: str, where: int) -> None:
    with pytest.raises(PlanlinkError) as raised:
        read(text)
    assert message in raised.value.what
    assert raised.value.where == f"plan.txt, line {where}"


@pytest.mark.parametrize(
    ("cell", "value", "number"),
    [
        ("33.48", True, True), ("1,234", True, True), ("-2.5%", True, True),
        ("≥90", True, True), ("[8.5]", True, True), ("(约 12)", True, True), ("5以上", True, True),
        ("—", True, False), ("[ - ]", True, False), ("完成市下达任务", True, False),
        ("高于全市平均水平", True, False), ("绿地率", False, False), ("", False, False),
        ("每百户 5 辆", False, False),
    ],
)  # fmt: skip
def test_what_a_cell_holds(cell: str, value: bool, number: bool) -> None:
    assert (is_value(cell), is_number(cell)) == (value, number)


@pytest.mark.parametrize(
    ("cell", "attribute"),
    [("约束性", "Binding"), ("约束", "Binding"), ("预期性", "Expected"), ("指导性", "Expected"),
     ("约束性指标", None), ("", None)],
)  # fmt: skip
def test_attribute(cell: str, attribute: str | None) -> None:
    assert attribute_of(cell) == attribute
