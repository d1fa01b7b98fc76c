"""Subscripts that a text of a PDF has on lines of their own."""

from itertools import pairwise

import pytest

from kg.document.structure import read_document

_BELOW = """第一章 生态环境
第一节 空气
细颗粒物（PM ）浓度由 2025 年 38 微克/立方米下降至 32
2.5
微克/立方米，二氧化硫（SO ）、臭氧（O ）浓度稳中有降，推进 PM
2 3 2.5
和氮氧化物协同减排。新建绿地20万m
2
，供水300万m 。
3
"""
_OTHER = """第一章 生态环境
第一节 空气
完善 PM 监测，细颗粒物浓度下降至 32
38
微克/立方米以下。
"""


def test_a_formula_gets_its_subscript_from_the_line_below() -> None:
    sentence, behind = read_document(_BELOW, "plan").sentences
    assert behind.text == "新建绿地20万m2,供水300万m3。"
    assert sentence.text == (
        "细颗粒物(PM2.5)浓度由2025年38微克/立方米下降至32微克/立方米,"
        "二氧化硫(SO2)、臭氧(O3)浓度稳中有降,推进PM2.5和氮氧化物协同减排。"
    )
    places = [sentence.read.locate(at, at + 1).start for at in range(len(sentence.text))]
    assert all(a <= b for a, b in pairwise(places))  # offsets point into the file as published
    value = sentence.read.locate(sentence.text.index("32微"), sentence.text.index("32微") + 2)
    assert _BELOW[value.start : value.end] == "32"


@pytest.mark.parametrize("line", ["30.5", "2.5 10"])
def test_a_line_that_is_no_subscript_is_none(line: str) -> None:
    read = read_document(_OTHER.replace("\n38\n", f"\n{line}\n"), "plan").sentences
    assert any(line in sentence.text for sentence in read)
    assert not any("PM2.5" in sentence.text for sentence in read)
