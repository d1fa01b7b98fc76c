"""Texts as scanning, copying and cutting leave them: published without a violation, or refused in
a line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from gold.annotations import CORPUS

from kg.errors import PlanlinkError
from kg.link.reading import read_plan
from kg.pipeline import PlanGraphs, build_plan
from kg.source.plan import load_plan

PLANS = sorted((CORPUS / "invented").glob("*.txt"))
LENGTH = 2500  # characters of a cutting
NOISE = (
    *(
        "\u200b",
        "\f",
        "\x01",
        "\t",
        "\n",
        "\n\n",
        "|",
        "①",
        "⼀",
        "（",
        "）",
        "“",
        "《",
        "——",
        "；",
    ),
    *(
        "第一章 ",
        "（一）",
        "1.",
        "表1",
        "专栏1 ",
        "2030年",
        "%",
        "1,2",
        ".5",
        "每年",
        "其中",
        "翻",
        "百分之",
    ),
)


def built(folder: Path) -> PlanGraphs:
    """A plan as a publish builds it."""
    quiet = lambda _: None  # noqa: E731
    reading = read_plan(load_plan(folder), quiet, quiet)
    return build_plan(reading, "http://localhost:8000", quiet, quiet)


def noisy(text: str, chance: Random) -> str:
    """The text with something of no meaning in each stretch of some dozen characters."""
    letters = list(text)
    for _ in range(len(letters) // chance.choice((40, 200))):
        letters.insert(chance.randrange(len(letters)), chance.choice(NOISE))
    return "".join(letters)


def lossy(text: str, chance: Random) -> str:
    """The text without some of its characters."""
    return "".join(letter for letter in text if chance.random() > 0.02)


def shuffled(text: str, chance: Random) -> str:
    """The text's lines in any order."""
    return "\n".join(chance.sample(lines := text.split("\n"), len(lines)))


def wrapped(text: str, chance: Random) -> str:
    """The text in lines of one width."""
    width = chance.choice((8, 20, 38))
    pieces = (line[i : i + width] for line in text.split("\n") for i in range(0, len(line), width))
    return "\n".join(pieces)


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_text_violates_no_shape(seed: int, plan_copy: Callable[..., Path]) -> None:
    chance = Random(seed)
    text = chance.choice(PLANS).read_text(encoding="utf-8")
    start = chance.randrange(max(1, len(text) - LENGTH))
    text = text[start : start + LENGTH]
    for damage in chance.choices((noisy, lossy, shuffled, wrapped), k=3):
        text = damage(text, chance)
    folder = plan_copy(text.encode())
    (folder / "corrections.toml").unlink()
    try:
        report = built(folder).report
    except PlanlinkError as refused:
        assert "\n" not in str(refused)
    else:
        assert [one for one in report.results if one.severity == "Violation"] == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("第一章 产业\n第一节 载体\n建设墨池\u200b高新区和柳坪科技园。\n", "墨池高新区"),
        (
            "第一章 载体\n（三）完善园区\n建设墨池高新区。\n（五）完善路网\n建设柳坪大道。\n"
            "第一节 产业\n发展产业。\n第二节 科技\n（四）加强研究\n推进研究。\n",
            "墨池高新区",
        ),
        (
            "第一章 发展基础\n第一节 发展成就\n五年来成绩显著。2015年，细颗粒物年平均浓度53微克/立方米。\n"
            "第二章 载体\n建设墨池高新区。\n",
            "墨池高新区",
        ),
        ("第一篇 产业\n第一章 载体\n建设墨池高新区。\n第二篇 民生第二章", "墨池高新区"),
        ("12.1 载体\n建设墨池高新区。\n12.2 交通\n建设柳坪大道。\n", "墨池高新区"),
        (
            "第一章 目标\n第一节 远景目标\n再奋斗五年,到2035年\n第二章 载体\n建设墨池高新区。\n",
            "墨池高新区",
        ),
    ],
    ids=[
        "a sign that nobody sees",
        "headings that count on in a section and in another's first",
        "a result of long ago",
        "a chapter without a name",
        "sections without their chapter",
        "a vision of nothing but when",
    ],
)
def test_what_once_stood_in_the_way(text: str, name: str, plan_copy: Callable[..., Path]) -> None:
    folder = plan_copy(text.encode())
    (folder / "corrections.toml").unlink()
    graphs = built(folder)
    assert [one for one in graphs.report.results if one.severity == "Violation"] == []
    called = [q for q in graphs.quads if q.predicate.value.endswith(("prefLabel", "altLabel"))]
    assert [getattr(q.object, "value", "") for q in called].count(name) == 1
