"""Notes behind tasks that name who is charged with them."""

from __future__ import annotations

import pytest

from kg.document.responsibility_notes import bodies_of, find_charges
from kg.document.responsibility_scope import charged
from kg.document.structure import read_document
from kg.source.text import Span


@pytest.mark.parametrize(
    ("note", "bodies"),
    [
        ("[责任单位:甲局、乙局;配合单位:丙局]", "甲局 responsible,乙局 responsible,丙局 support"),
        (
            "(牵头部门:甲办;协办部门:各镇(街道)、乙公司)",
            "甲办 lead,各镇(街道) support,乙公司 support",
        ),
        (
            "(责任单位:甲局(乙局)、丙\n局,完成时限:2027年)",
            "甲局(乙局) responsible,丙局 responsible",
        ),
        ("(责任单位:甲局,乙局,2026年启动)", "甲局 responsible,乙局 responsible"),
        ("(甲局牵头,乙局、各县区政府配合)", "甲局 lead,乙局 support,各县区政府 support"),
        ("(甲局、乙办按职责分工负责)", "甲局 responsible,乙办 responsible"),
        ("(牵头单位:甲局 配合单位:乙局 丙局)", "甲局 lead,乙局 support,丙局 support"),
        ("(责任单位:甲局等有关部门)", "甲局 responsible"),
        ("(责任单\n位:甲局,配合\n部门:乙局)", "甲局 responsible,乙局 support"),
        ("(责任单位:各有关部门)", ""),
        ("(责任单位:甲局、市直有关部门)", "甲局 responsible"),
        ("(责任单位:甲局、各县(市、区)政府)", "甲局 responsible,各县(市、区)政府 responsible"),
        ("——责任单位:甲局\n", "甲局 responsible"),
        ("责任单位:甲局、乙局。\n", "甲局 responsible,乙局 responsible"),
        ("(责任单位:甲局(牵头)、乙局)", "甲局 lead,乙局 responsible"),
        ("(第一责任单位:甲局;责任单位:乙局)", "甲局 lead,乙局 responsible"),
        ("(责任单位:甲局牵头,乙局、丙局配合)", "甲局 lead,乙局 support,丙局 support"),
        ("(以下简称甲局)", None),
        ("(2027年底前完成)", None),
        ("(责任单位:推进甲工程的通知》要求落实“三个清单”)", None),
    ],
)
def test_a_note(note: str, bodies: str | None) -> None:
    text = f"建设泵站3座。{note}"
    found = find_charges(text)
    told = [",".join(f"{b.name} {b.part}" for b in one.bodies) for one in found]
    assert told == ([] if bodies is None else [bodies])
    for one in found:
        for body in one.bodies:
            assert text[body.span.start : body.span.end].replace("\n", "") == body.name


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("甲镇人民 政府", ["甲镇人民政府"]),
        ("乙集团 有限公司", ["乙集团有限公司"]),
        ("甲市住房和城 乡建设局 丙局", ["甲市住房和城乡建设局", "丙局"]),
        ("省发展改革 委、乙省水 利厅", ["省发展改革委", "乙省水利厅"]),
        ("甲局 乙县人民政府 丙院", ["甲局", "乙县人民政府", "丙院"]),
        ("项目业主 甲集团 乙中心", ["项目业主", "甲集团", "乙中心"]),
    ],
)
def test_a_name_goes_on_in_a_cells_next_line(cell: str, names: list[str]) -> None:
    assert [b.name for b in bodies_of(cell, Span(0, len(cell)), "lead")] == names


def test_what_a_note_is_about() -> None:
    document = read_document(
        "一、总体要求\n坚持稳中求进。\n二、重点任务\n(一)强化治理(责任单位:丁局)\n• 建设泵站3座。\n"
        "• 改造管网，漏损率降到8%（责任单位：甲局）。\n• 新建公园2座。种树9万株。〔责任单位：乙局〕\n"
        "• 清淤河道。\n责任单位：丙局\n",
        "x",
    )
    found = charged(document)
    told = {s.text: "".join(b.name for b in found.with_measure(document, s.number, s.section))
            for s in document.sentences}  # fmt: skip
    assert told == {
        "坚持稳中求进。": "",
        "建设泵站3座。": "丁局",
        "改造管网,漏损率降到8%。": "甲局",
        "新建公园2座。": "乙局",
        "种树9万株。": "乙局",
        "清淤河道。": "丙局",
    }
    assert document.section("2.1").heading == "强化治理"
