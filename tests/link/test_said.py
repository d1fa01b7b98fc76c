"""What is said to be wrong of a plan in which nothing is, and what must be said of one that errs."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from kg.document.structure import read_document
from kg.extract.extraction import extract
from kg.link.completeness import completeness
from kg.link.crosscheck import cross_check
from kg.link.links import link

_CASES: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (Path(__file__).parent / "said.toml").read_text(encoding="utf-8")
)
_PLAN = """第一章 发展基础
第一节 “十四五”发展成就
{review}
第二章 总体要求
第一节 主要目标
{goal}

{table}
第三章 重点任务
第一节 产业升级
{measure}
第四章 保障措施
加强组织领导。
"""
_HEAD = """专栏1 “十五五”时期主要指标

| 序号 | 指标 | 单位 | 2025年 | 2030年 | 属性 |
| - | - | - | - | - | - |
"""
# Of plans as small as these: not all of their parts are there.
_OF_SMALL_PLANS = {"GoalWithoutIndicator", "IndicatorWithoutMeasure", "goals-unread", "little-read"}


def said(case: dict[str, Any]) -> dict[str, str]:
    """The findings of a plan with the case's sentences and rows: each kind's last wording."""
    rows = [
        f"| {number} | {' | '.join(row)} | 预期性 |\n"
        for number, row in enumerate(case.get("rows", ()), 1)
    ]
    text = _PLAN.format(
        review=case.get("review", "过去五年，全县面貌焕然一新。"),
        goal=case.get("goal", "——发展质量明显提升。产业结构更加优化。"),
        table=_HEAD + "".join(rows) if rows else "",
        measure=case.get("measure", "建设墨池产业园。"),
    )
    document = read_document(text, "source.txt")
    linked = link(document, extract(document, (2026, 2030), "云湖市青石县"), ())
    found = {f.kind: f.zh for f in cross_check(linked)}
    found |= {f.kind: f.wording("zh") for f in completeness(document, linked).findings}
    return {kind: words for kind, words in found.items() if kind not in _OF_SMALL_PLANS}


@pytest.mark.parametrize("case", _CASES["quiet"], ids=str)
def test_nothing_is_said_of_what_fits(case: dict[str, Any]) -> None:
    assert said(case) == {}


@pytest.mark.parametrize("case", _CASES["loud"], ids=str)
def test_what_does_not_fit_is_said(case: dict[str, Any]) -> None:
    assert set(case["says"]) <= set(said(case))
