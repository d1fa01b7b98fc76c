"""What a person decides about goals and about rows of tables of indicators."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from link.promises import promises

from kg.document.structure import Document, read_document
from kg.extract.model import Entity, Extraction
from kg.link.applying import apply_corrections, headings_decided
from kg.link.corrections import Correction
from kg.link.links import link
from kg.source.text import Span

TEXT = """第一章 总体要求
第一节 指导思想
把青禾建成山水相依的宜居县城。
第二节 主要目标
到2030年,努力实现以下目标:
——经济实力迈上新台阶。地区生产总值年均增长6%左右。
——生态环境更加优美。森林覆盖率稳定在62%以上。
专栏1 主要指标
序号 指标名称 单位 2025年 2030年 属性
1 全员劳动生产率 万元/人 11.2 15 预期性
2 森林覆盖率 % 61.2 ≥62 约束性
第二章 特色产业
推进柳埠河治理。
附:3 粮食产量 万吨 18.6 ≥18.5 约束性
"""
PERIOD = (2026, 2030)


@pytest.fixture(scope="module")
def document() -> Document:
    return read_document(TEXT, "x")


@pytest.fixture(scope="module")
def extraction(document: Document) -> Extraction:
    found = promises(document, PERIOD)
    assert len(found.goals) == 2 and len(rows(found)) == 2
    return found


def corrected(
    document: Document, extraction: Extraction, action: str, kind: str, **said: str
) -> Extraction | None:
    one = Correction(1, action, kind, "test", **said)
    applied = apply_corrections(document, extraction, (one,), PERIOD)
    return applied.extraction if applied.made else None


def rows(found: Extraction) -> dict[str, dict[str, Decimal | None]]:
    """The values of each row of a table, by the row's name and their kind."""
    return {
        i.name: {v.kind: v.quantity.value for v in found.values if v.indicator == i.key}
        for i in found.indicators
        if i.number is not None
    }


def test_a_goal_is_taken_out_retitled_and_added(document: Document, extraction: Extraction) -> None:
    known, words = "经济实力迈上新台阶", "把青禾建成山水相依的宜居县城"
    less = corrected(document, extraction, "reject", "goal", name=known)
    assert less and [goal.title for goal in less.goals] == ["生态环境更加优美"]
    other = corrected(
        document, extraction, "rename", "goal", name=known, to="地区生产总值年均增长6%左右"
    )
    assert other and document.published(other.goals[0].span) == "地区生产总值年均增长6%左右"
    more = corrected(document, extraction, "add", "goal", name="宜居县城", quote=words)
    assert more and more.goals[-1].number == "3"
    assert document.published(more.goals[-1].statement[0]) == words


def test_a_vision_is_added_retitled_and_taken_out(
    document: Document, extraction: Extraction
) -> None:
    words = "把青禾建成山水相依的宜居县城"
    more = corrected(document, extraction, "add", "vision", name="宜居县城", quote=words)
    assert more and more.goals[-1].number == "vision-1" and more.goals[-1].vision
    other = corrected(document, more, "rename", "vision", name="宜居县城", to="山水相依")
    assert other and other.goals[-1].title == "山水相依"
    assert corrected(document, more, "reject", "vision", name="宜居县城") == extraction


def test_a_result_is_added_renamed_and_taken_out(
    document: Document, extraction: Extraction
) -> None:
    words = "地区生产总值年均增长6%左右"
    more = corrected(document, extraction, "add", "achievement", name="经济增速", quote=words)
    assert more and more.achievements[0].quantity.value == 6
    assert corrected(document, more, "add", "achievement", name="增速", quote=words) is None
    other = corrected(document, more, "rename", "achievement", quote=words, to="增速")
    assert other and other.achievements[0].what == "增速"
    assert corrected(document, more, "drop", "achievement", quote=words) == extraction
    for quote in ("地区生产总值", "原文没有的话"):
        assert corrected(document, extraction, "add", "achievement", name="x", quote=quote) is None


@pytest.mark.parametrize("line", ["第二节 主要目标", "第二章 特色产业"])
def test_a_line_is_no_heading(document: Document, extraction: Extraction, line: str) -> None:
    wish = Correction(1, "drop", "section", "不是标题", quote=line)
    assert not apply_corrections(document, extraction, (wish,), PERIOD).made
    without = read_document(TEXT, "x", decided=headings_decided([wish]))
    assert len(without.sections) == len(document.sections) - 1
    assert any(line in without.published(p.span) for p in without.paragraphs)
    assert apply_corrections(without, extraction, (wish,), PERIOD).made == (wish,)
    back = Correction(1, "add", "section", "是标题", quote=line)
    assert not apply_corrections(without, extraction, (back,), PERIOD).made


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("reject", {"name": "无此目标"}),
        ("rename", {"name": "经济实力迈上新台阶", "to": "原文没有的话"}),
        ("add", {"name": "宜居县城", "quote": "原文没有的话"}),
        ("add", {"name": "原文没有的话", "quote": "把青禾建成山水相依的宜居县城"}),
        ("add", {"name": "生态环境更加优美", "quote": "生态环境更加优美"}),
    ],
)
def test_a_goal_that_is_not_in_the_text_or_there_already(
    document: Document, extraction: Extraction, action: str, said: dict[str, str]
) -> None:
    assert corrected(document, extraction, action, "goal", **said) is None


def test_a_measure_that_was_missed_is_linked_with_what_its_sentence_names(
    document: Document, extraction: Extraction
) -> None:
    at = TEXT.index("青禾")
    place = Entity("青禾", "zone", "town", [Span(at, at + 2)])
    before = replace(extraction, zones=(place,))
    words = "把青禾建成山水相依的宜居县城"
    for title, titled in (("", words), ("宜居县城", "宜居县城")):
        found = corrected(document, before, "add", "measure", quote=words, title=title)
        assert found
        measure = next(m for m in found.measures if m not in extraction.measures)
        assert measure.title == titled == document.published(measure.title_span)
        linked = {
            (one.predicate, one.object.key)
            for one in link(document, found).links
            if one.subject.key == measure.number and one.subject.kind == "measure"
        }
        assert ("locatedIn", "青禾") in linked
        again = corrected(document, found, "add", "measure", quote=words, title=title)
        assert again is None, "it is known"
    for quote, title in (("原文没有的话", ""), (words, "原文没有的话")):
        assert corrected(document, before, "add", "measure", quote=quote, title=title) is None


def test_a_row_is_taken_out_and_renamed(document: Document, extraction: Extraction) -> None:
    less = corrected(document, extraction, "reject", "indicator", name="森林覆盖率")
    assert less and list(rows(less)) == ["全员劳动生产率"]
    assert len(extraction.values) - len(less.values) == 2, "what the text says of it is left"
    named = corrected(
        document, extraction, "rename", "indicator", name="森林覆盖率", to="林木覆盖率"
    )
    assert named and rows(named)["林木覆盖率"] == rows(extraction)["森林覆盖率"]


def test_a_value_takes_the_place_of_what_was_read(
    document: Document, extraction: Extraction
) -> None:
    said = {"name": "全员劳动生产率", "type": "target", "quote": "1 全员劳动生产率 万元/人 11.2"}
    wrong = corrected(document, extraction, "add", "indicator", **said)
    assert wrong and rows(wrong)["全员劳动生产率"]["Target"] == Decimal("11.2")
    right = corrected(
        document, wrong, "add", "indicator", **said | {"quote": said["quote"] + "\n15"}
    )
    assert right and rows(right) == rows(extraction)


def test_a_row_that_was_missed(document: Document, extraction: Extraction) -> None:
    quote = "粮食产量 万吨 18.6 ≥18.5"
    found = corrected(
        document, extraction, "add", "indicator", name="粮食产量", type="target", quote=quote
    )
    assert found
    row, value = found.indicators[-1], found.values[-1]
    assert (row.number, row.unit, row.attribute) == (3, "ten-thousand-tonnes", "Binding")
    assert (value.quantity.value, value.quantity.comparator) == (Decimal("18.5"), "AtLeast")
    assert value.period == (2030, 2030) and document.published(value.quantity.span) == "≥18.5"
    base = corrected(
        document, found, "add", "indicator", name="粮食产量", type="baseline", quote=quote[:12]
    )
    assert base and base.values[-1].period == (2025, 2025)


@pytest.mark.parametrize("quote", ["粮食产量 万吨", "没有这一行 18", "万元/人 11.2 15 预期性"])
def test_a_row_without_a_value_at_its_end(
    document: Document, extraction: Extraction, quote: str
) -> None:
    said = {"name": "粮食产量", "type": "target", "quote": quote}
    assert corrected(document, extraction, "add", "indicator", **said) is None
