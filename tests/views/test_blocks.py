"""A document as it is read on a page: every piece of its text in one block, lines joined, pages
passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

import pytest
from markupsafe import Markup
from support import ROOT

from kg.document.structure import read_document
from kg.source.intake import read_published
from kg.views.blocks import blocks_of
from kg.views.entity import Reference
from kg.views.reading import Block, Mended, Paragraphs, as_json, from_json
from kg.web.pages.flow import Flow, Mark, nested

PAGED = """\
青禾区发展规划
目 录
一、总体要求……1
二、重点任务……1
（一）产业……2
（二）交通……2
三、保障措施……3
一、总体要求
坚持稳中求进，到 2030 年建
— 1 —
成现代化新区。
二、重点任务
（一）产业。
建设青禾产业园。
— 2 —
（二）交通
新建青禾大桥。
序号
路名
长度
1
青禾路
3公里
— 3 —
三、保障措施
加强组织领导。
抄送：各街道。
"""


def blocks(source: str) -> tuple[Block, ...]:
    found = blocks_of(read_document(source, "plan"))
    at = 0
    for block in found:
        assert not source[at : block.place[0]].strip(), block
        at = block.place[1]
    assert not source[at:].strip()
    assert from_json(as_json(found)) == found
    return found


def words(source: str, block: Block) -> str:
    return Flow(source, block.place, block.mended).plain()


def test_lines_are_joined_and_pages_and_contents_folded() -> None:
    found = blocks(PAGED)
    assert found[0].kind == "folded" and "保障措施" in words(PAGED, found[0])
    told = [(block.kind, words(PAGED, block)) for block in found[1:]]
    assert ("paragraph", "坚持稳中求进，到 2030 年建成现代化新区。") in told or (
        "paragraph",
        "坚持稳中求进，到2030年建成现代化新区。",
    ) in told
    assert ("heading", "（一）产业。") in told
    assert not any("— 1 —" in said for _, said in told)
    headings = [(block.section, block.depth) for block in found if block.kind == "heading"]
    assert headings == [("1", 0), ("2", 0), ("2.1", 1), ("2.2", 1), ("3", 0)]


def test_cells_that_were_not_read_as_a_table_stay_together() -> None:
    (cells,) = (block for block in blocks(PAGED) if block.kind == "cells")
    said = [PAGED[a:b] for a, b in cells.sentences]
    assert said[:3] == ["序号", "路名", "长度"] and "3公里" in said


def test_a_table_of_indicators_is_a_table() -> None:
    source = read_published(ROOT / "tests" / "plans" / "qinghe.md").text
    (table,) = (block for block in blocks(source) if block.kind == "table")
    assert table.table is not None and table.table.rows
    shown = [
        "".join(source[a:b] for a, b in cell) or row.number
        for row in table.table.rows
        for cell in row.cells
    ]
    held = source[slice(*table.place)]
    assert all(word in held for word in shown)
    assert json.loads(as_json([table]))[0]["kind"] == "table"
    evidence, (row, *_) = Paragraphs(source, [table]), table.table.rows
    for cell in filter(None, row.cells):  # each is quoted in its row, the cells apart
        whole = evidence.printed(*evidence.around(*cell[0])).split(" · ")
        assert source[slice(*cell[0])] in whole and len(whole) > 2


def test_a_cell_of_a_dash_alone_is_quoted_as_one() -> None:
    table = "主要指标\n序号\n指标\n2025年\n2030年\n年均\n属性\n"
    rows = ["1\n绿地率（%）\n80\n85\n—\n预期性\n", "2\n就业人数（万人）\n3\n—\n[15]\n约束性\n"]
    source = f"一、总体要求\n坚持稳中求进。\n{table}{''.join(rows)}二、重点项目\n加强组织领导。\n"
    quoted = Paragraphs(source, blocks(source))
    for row, number in zip(rows, ("80", "[15]"), strict=True):
        place = source.index(f"\n{number}\n") + 1
        printed = quoted.printed(*quoted.around(place, place + len(number)))
        assert row.strip().replace("\n", " · ").startswith(printed) and " · — · " in printed


GRID = """\
领域\t项目名称\t建设内容\t投资（亿元）
一、交通\t\t\t
公路\t青禾大桥\t新建大桥，长3公里。\t5
\t青禾路\t改建3公里\t1
注：以批复为准\t\t\t
"""
AROUND = "一、总体要求\n坚持稳中求进。\n二、重点项目\n{}三、保障措施\n加强组织领导。\n"


@pytest.mark.parametrize("between", ["\t", " | ", "   "])
def test_rows_of_other_tables_stand_as_printed(between: str) -> None:
    """Whatever was read in them: headings of rows, projects, and what no paragraph holds."""
    table = re.sub(r"(?m)^(.+)$", r"| \1 |", GRID) if between == " | " else GRID
    if between == "   ":  # gaps tell of no empty cell
        table = re.sub(r".*\t\t\n", "", table).replace("\n\t", "\n公路\t")
    source = AROUND.format(table.replace("\t", between))
    (grid,) = (block for block in blocks(source) if block.kind == "grid")
    assert grid.table is not None and grid.section == "2" and not grid.mended
    assert grid.table.head == ("领域", "项目名称", "建设内容", "投资（亿元）")

    def said(places: Iterable[tuple[int, int]]) -> str:
        return "".join(source[a:b] for a, b in places)

    rows = [" ".join(map(said, row.cells)) or said(row.category) for row in grid.table.rows]
    both = ["公路 青禾大桥 新建大桥，长3公里。 5", "公路 青禾路 改建3公里 1"]
    assert rows == (both if between == "   " else ["一、交通", *both, "注：以批复为准"])
    quoted = Paragraphs(source, [grid])
    place = source.index("新建大桥")
    assert quoted.printed(*quoted.around(place, place + 4)) == both[0].replace(" ", " · ")


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("第一章   总\n体要求", "第一章 总体要求"),
        ("第一章　推进绿色转型  建设美丽家园", "第一章 推进绿色转型 建设美丽家园"),
        ("一、推进绿色转型　建设美丽家园", "一、推进绿色转型 建设美丽家园"),
        ("第一章　发展　目标", "第一章 发展目标"),
    ],
)
def test_a_heading_keeps_the_blanks_behind_its_number_and_between_its_halves(
    printed: str, shown: str
) -> None:
    source = f"{printed}\n坚持稳中求进。\n第二章 重点任务\n建设青禾产业园。\n"
    headings = [words(source, block) for block in blocks(source) if block.kind == "heading"]
    assert headings[0] == shown


def test_a_paragraph_is_whole_over_lines_and_pages() -> None:
    whole = Paragraphs(PAGED, blocks(PAGED))
    start = PAGED.index("成现代化")
    assert whole.printed(*whole.around(start, start + 4)) == (
        "坚持稳中求进，到 2030 年建成现代化新区。"
    )
    assert whole.quoted(start, start + 4, 9) == ("…年建", "成现代化", "新区。")
    ends = (Mended((2, 2), "”", of_page=False), Mended((2, 2), "“", of_page=False))
    quoted = Paragraphs("甲乙丙", [Block("paragraph", (0, 3), mended=ends)])
    parts = [quoted.printed(*place, corrected=True) for place in ((0, 2), (2, 3), (0, 3))]
    assert parts == ["甲乙”", "“丙", "甲乙”“丙"]
    row = PAGED.index("青禾路\n")
    assert PAGED[slice(*whole.around(row, row + 3))] == "青禾路"


def _html(mark: Mark, inner: Markup, linked: bool) -> Markup:
    if mark.page:
        return Markup("[page]")
    return Markup("<{0}{1}>{2}</{0}>").format(mark.name or "m", "" if linked else "+", inner)


@pytest.mark.parametrize(
    ("marks", "shown"),
    [
        ([], "甲乙丙丁"),
        ([(0, 2)], "<m>甲乙</m>丙丁"),
        ([(0, 7), (1, 2)], "<m+>甲<m>乙</m>丙丁</m>"),
        ([(0, 2), (1, 6)], "<m+>甲<m>乙</m></m>丙丁"),
        ([(1, 6)], "甲<m>乙丙</m>丁"),
    ],
)
def test_marks_lie_inside_one_another(marks: list[tuple[int, int]], shown: str) -> None:
    source = "甲乙\n7\n丙丁"
    flow = Flow(source, (0, 7), (Mended((3, 4), "", True),), _html)
    thing = (Reference("urn:x", "x", "Zone"),)
    assert flow.render((0, 7), nested([Mark(a, b, thing) for a, b in marks], 7)) == shown


def test_what_is_missing_is_put_in_and_set_off_at_the_very_end_too() -> None:
    flow = Flow("甲“乙", (0, 3), (Mended((3, 3), "”", False),))
    assert flow.render((0, 3), []) == "甲“乙<ins>”</ins>"
    marks = nested([Mark(1, 3, (Reference("urn:x", "x", "Zone"),)), Mark(2, 3, ())], 3)
    assert flow.render((0, 3), marks) == "甲“乙<ins>”</ins>"  # once, whatever ends there
    assert flow.locate("“乙”") == (1, 3)
    assert flow.locate("丙") is None and flow.locate("") is None
    assert Flow("甲<乙", (0, 3), ()).render((0, 3), []) == "甲&lt;乙"


def test_a_note_on_who_is_charged_stays_with_its_paragraph() -> None:
    note = "〔责任单位：建设局〕"
    source = (
        f"一、总体要求\n坚持稳中求进。\n二、重点任务\n• 新建青禾大桥。{note}\n• 建设园区{note}。\n"
    )
    said = [source[slice(*one.place)] for one in blocks(source) if one.kind == "paragraph"]
    assert said == ["坚持稳中求进。", f"• 新建青禾大桥。{note}", f"• 建设园区{note}。"]
    assert not any(one.mended for one in blocks(source))


def test_a_row_broken_over_lines_is_one_row_of_its_table() -> None:
    """With cells that a wider gap tells to be empty, so that what is below one head stays so."""
    gap = " " * 4
    rows = [
        f"1{gap}生产总值{gap}预期性{gap}2万以上{gap}6.5%\n左右{gap}1.9万",
        *(f"{n}{gap}研发比重{gap}预期性{gap}4左右{gap * 2}4.{n}" for n in range(2, 6)),
        f"6{gap}能耗降低{gap}约束性{gap}完成省\n下达指标{gap * 2}完成省\n下达指标",
        f"7{gap}人均收入{gap}预期性{gap}9万{gap}与经济同步{gap}7.8万，增速超过\n经济增速",
        f"8{gap}耕地{gap}约束性{gap}84{gap * 2}85",
    ]
    source = AROUND.format("\n".join(rows) + "\n")
    (grid,) = (block for block in blocks(source) if block.kind == "grid")
    assert grid.table is not None
    said = [
        ["".join(source[a:b] for a, b in cell) for cell in row.cells] for row in grid.table.rows
    ]
    assert said == [
        ["1", "生产总值", "预期性", "2万以上", "6.5%左右", "1.9万"],
        *([f"{n}", "研发比重", "预期性", "4左右", "", f"4.{n}"] for n in range(2, 6)),
        ["6", "能耗降低", "约束性", "完成省下达指标", "", "完成省下达指标"],
        ["7", "人均收入", "预期性", "9万", "与经济同步", "7.8万，增速超过经济增速"],
        ["8", "耕地", "约束性", "84", "", "85"],
    ]
