"""Which sentences commit, and what they are titled by."""

from __future__ import annotations

import pytest

from kg.extract.titling import action


@pytest.mark.parametrize(
    ("sentence", "title"),
    [
        ("充分发挥西站通达南北优势,主动融入城市群建设,大力发展枢纽经济。", "主动融入城市群建设"),
        ("坚持“产业+地产”思路,支持某公司扩建数据中心,推动周边土地开发。", "支持某公司扩建数据中心"),
        ("到2025年,建成雨污分流制系统。", "建成雨污分流制系统"),
        ("严格落实“无事不扰,有求必应”要求,扎实做好工作。", "严格落实“无事不扰,有求必应”要求"),
        ("落实《防治规划(2017-2025年)》,提升水平。", "落实《防治规划(2017-2025年)》"),
        ("以西站地区为重点,引进知名企业的地区总部。", "引进知名企业的地区总部"),
        ("以河西片区为重点完善防治体系,提高早筛比例。", "完善防治体系"),
        ("在河西片区稳妥实施清淤,扩充环境容量。", "稳妥实施清淤"),
        ("对转口企业实施信用分级管理,优化监管模式。", "实施信用分级管理"),
        ("围绕提升城市能级,推进更新改造。", "推进更新改造"),
        ("以推动转型、加强保护、促进就业为目标,完善政策体系。", "完善政策体系"),
        ("将河西片区打造成为示范样板,完善配套设施。", "将河西片区打造成为示范样板"),
        ("对纳入规划的项目优先推进,落实制度。", "对纳入规划的项目优先推进"),
        ("充分发挥企业家联盟作用,支持媒体参与。", "充分发挥企业家联盟作用"),
        ("坚持和完善协商制度,健全机制。", "坚持和完善协商制度"),
        ("深入贯彻落实会议精神,健全机制。", "健全机制"),
        ("开通县城直通车,新建起降点。", "开通县城直通车"),
        ("规范基本医保待遇,完善救助制度。", "规范基本医保待遇"),
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
