"""Links of the flagship: what is checked against what, and how links say they were found."""

from __future__ import annotations

from collections import Counter

import pytest
from support import FLAGSHIP

from kg.document.structure import read_document
from kg.extract.extraction import extract
from kg.link.links import link
from kg.link.model import Linked
from kg.source.plan import load_plan


@pytest.fixture(scope="module")
def linked() -> Linked:
    plan = load_plan(FLAGSHIP)
    document = read_document(plan.source, "x", plan.errata)
    return link(document, extract(document, plan.period, plan.area))


def test_body_targets_are_checked_against_the_annex(linked: Linked) -> None:
    checks = {
        c.object.key: c
        for c in linked.links
        if c.predicate in ("consistentWith", "inconsistentWith")
    }
    assert {n: c.predicate for n, c in checks.items()} == {
        "8": "consistentWith", "6": "inconsistentWith", "9": "consistentWith", "16": "consistentWith",
        "21": "consistentWith", "22": "consistentWith", "23": "consistentWith",
    }  # fmt: skip
    assert "年均1.7×5年=8.5" in checks["16"].explanation
    assert (
        "“学前教育三年毛入园率”" in checks["22"].explanation
        and "“学前教育毛入学率”" in checks["22"].explanation
    )
    assert "超过2.6%" in checks["6"].explanation


def test_a_baseline_that_the_text_repeats_is_one() -> None:
    """What the text says beside the table: the same baseline, and another one."""
    document = read_document(
        "第一章 主要目标\n到2030年，每千人口医师数由2.4人提高到3.1人。"
        "到2030年，城镇化率由54%提高到60%。\n表1 主要指标\n序号\t指标\t2025年\t2030年目标\t属性\n"
        "1\t城镇化率（%）\t55\t60\t预期性\n2\t每千人口医师数（人）\t2.4\t3.1\t预期性\n"
        "3\t森林覆盖率（%）\t32\t35\t约束性\n",
        "x",
    )
    found = link(document, extract(document, (2026, 2030), "墨池县"))
    baselines = [v for v in found.extraction.values if v.kind == "Baseline"]
    assert [(v.indicator, v.quantity.text) for v in baselines] == [
        ("1", "55"),
        ("2", "2.4"),
        ("3", "32"),
    ]
    compared = {"consistentWith", "inconsistentWith"}
    agree = [one.predicate for one in found.links if one.predicate in compared]
    assert agree == ["consistentWith"] * 2, "targets are compared with targets"
    said = [f.values for f in found.extraction.findings if f.kind == "baselines-differ"]
    assert said == [{"name": "城镇化率", "text": "54%", "kept": "55"}]


def test_key_zones_have_four_sides(linked: Linked) -> None:
    sides = Counter(
        (x.subject.key, x.predicate) for x in linked.links if x.predicate.endswith("Boundary")
    )
    assert {zone for zone, _ in sides} == {
        "西站枢纽经济区",
        "光荣道智能科技示范区",
        "三岔河口文旅商贸区",
    }
    assert len(sides) == 12
    assert sides["西站枢纽经济区", "southBoundary"] == 2


def test_chapters_support_the_goals_of_their_subject(linked: Linked) -> None:
    goal = {x.subject.key: x.object.key for x in linked.links if x.subject.kind == "section"}
    assert {n: goal.get(n) for n in ("4", "5", "6", "7", "8", "9", "10", "11", "12", "13")} == {
        "4": "1", "5": "1", "6": "2", "7": "5", "8": "6", "9": "3", "10": "7", "11": "6", "12": "4", "13": None,
    }  # fmt: skip


def test_links_by_words_carry_a_score_and_others_none(linked: Linked) -> None:
    for one in linked.links:
        assert one.evidence
        if one.method in ("SimilarWords", "SubjectWords"):
            assert one.score is not None and 0 <= one.score <= 1
        elif one.method in ("NamedInSentence", "BoundaryStatement", "SameQuantity", "SameSentence"):
            assert one.score is None
