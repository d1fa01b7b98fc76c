"""Which sentences commit, and what they are titled by."""

from __future__ import annotations

import pytest

from kg.extract.clauses import action


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        ("充分发挥西站通达南北优势,主动融入城市群建设,大力发展枢纽经济。", "主动融入城市群建设"),
        ("坚持“产业+地产”思路,支持某公司扩建数据中心,推动周边土地开发。", "支持某公司扩建数据中心"),
        ("到2025年,建成雨污分流制系统。", "建成雨污分流制系统"),
        ("严格落实“无事不扰,有求必应”要求,扎实做好工作。", "严格落实“无事不扰,有求必应”要求"),
        ("落实《防治规划(2017-2025年)》,提升水平。", "落实《防治规划(2017-2025年)》"),
        ("以西站地区为重点,引进知名企业的地区总部。", "引进知名企业的地区总部"),
        ("坚持党的领导,把政治优势转化为治理优势。", "把政治优势转化为治理优势"),
    ],
)
def test_title(sentence: str, title: str) -> None:
    clause = action(sentence)
    assert clause is not None
    assert clause.text.rstrip("。") == title
    assert sentence[clause.start : clause.end] == clause.text


@pytest.mark.parametrize(
    "sentence",
    ["我国已转向高质量发展阶段,经济长期向好。", "全区发展不平衡问题仍然突出。", "形势稳定。"],
)
def test_no_action(sentence: str) -> None:
    assert action(sentence) is None
