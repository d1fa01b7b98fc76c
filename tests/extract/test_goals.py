"""Goals of the period, however a plan marks them, the vision, and the numbers in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support import ANNOTATED, annotated, annotation

from kg.document.structure import read_document
from kg.extract.goals import find_goals
from kg.extract.measures import find_measures
from kg.extract.model import Goal
from kg.extract.targets import Targets, find_targets

FRONT = "示例市国民经济和社会发展第十五个五年规划纲要\n第一章 发展基础\n五年来经济平稳增长。\n"
BEHIND = "第三章 产业\n加快建设东湖产业园。\n"


def goals(text: str) -> list[Goal]:
    return list(find_goals(read_document(FRONT + text + BEHIND, "x")))


def titles(text: str) -> list[str]:
    return [goal.title for goal in goals(text) if not goal.vision]


def targets(text: str) -> Targets:
    return find_targets(read_document(FRONT + text + BEHIND, "x"), (2026, 2030))


@pytest.mark.parametrize(
    "text",
    [
        "——实力更强。经济增长5%。\n——生态更优。水更清。\n",
        "一是实力更强。经济增长5%。\n二是生态更优。水更清。\n",
        "今后五年主要目标:一是实力更强，在全省领先。二是生态更优，水更清。\n",
        "●实力更强:经济增长5%。\n●生态更优:水更清。\n",
        "·实力更强。经济增长5%。\n·生态更优。水更清。\n",
        "▲实力更强。经济增长5%。\n▲生态更优。水更清。\n（1）森林覆盖率达到76%（约束性）；\n",
        "(一)实力更强。经济增长5%。\n(二)生态更优。水更清。\n",
        "1.实力更强\n经济增长5%。\n2.生态更优\n水更清。\n",
        "(1)实力更强。经济增长5%。\n(2)生态更优。水更清。\n",
        "①实力更强。经济增长5%。\n②生态更优。水更清。\n",
        "(1)实力更强。经济增长5%。(2)生态更优。水更清。\n",
        "1.实力更强。经济增长5%，总量更大。2.生态更优。水更清。\n",
        "目标之一：实力更强。经济增长5%。\n目标之二：生态更优。水更清。\n",
        "今后五年聚力实现跃升:①实力更强。经济增长5%。②生态更优。水更清。\n",
        "2.1 实力更强。经济增长5%。\n2.2 生态更优。水更清。\n",
        "【实力更强】经济增长5%。\n【生态更优】水更清。\n",
        "(一)实力更强\n1.总量。经济增长5%。\n2.结构。稳步优化。\n(二)生态更优\n水更清。\n",
        "1.总体目标:强起来。\n2.分项目标:\n实力更强。经济增长5%。\n生态更优。水更清。\n",
        "到2027年，实力更强。经济增长5%。\n到2030年，生态更优，水更清。\n展望2035年，全面建成强市。\n",
        "第一节 到2028年目标\n1.实力更强\n经济增长5%。\n2.生态更优\n水更清。\n第二节 总体布局\n形成一核两带。\n",
    ],
)
def test_forms(text: str) -> None:
    assert titles("第二章 主要目标\n" + text) == ["实力更强", "生态更优"]


def test_headings_of_their_own_without_numbers() -> None:
    text = (
        "第二章 发展目标\n综合实力显著增强\n到2030年，经济总量和人均水平都迈上新的台阶，实现翻番。\n"
        "生态环境更加优美\n空气质量优良天数比率达到85%以上，河流水质全部达标。\n"
    )
    assert titles(text) == ["综合实力显著增强", "生态环境更加优美"]


def test_long_headings_of_their_own_and_the_first_behind_a_dash() -> None:
    text = (
        "第二章 发展目标\n经济高质量发展取得新成效\n生产总值年均增长6%左右，规上工业企业达到600家。\n"
        "改革开放迈出新步伐\n进出口总额年均增长8%，实际使用外资累计5亿美元。\n"
    )
    assert titles(text) == ["经济高质量发展取得新成效", "改革开放迈出新步伐"]
    announced = (
        "第二章 主要目标\n到2030年，要在以下方面取得突破性进展——\n"
        "高质量发展取得明显成效，生产总值突破1200亿元。\n创新能力大幅提高，高企达到300家。\n"
    )
    assert titles(announced) == ["高质量发展取得明显成效", "创新能力大幅提高"]


def test_one_headed_goal_alone() -> None:
    assert titles("第二章 主要目标\n(一)工业倍增见效。产值突破40亿元。\n") == ["工业倍增见效"]
    assert titles("第二章 主要目标\n(一)总体目标\n经济持续增长。\n") != ["总体目标"]
    assert titles("第二章 主要目标\n(一)到2030年\n城乡面貌迈上新台阶。\n") == ["城乡面貌迈上新台阶"]


def test_a_state_reached_is_a_goal_among_goals() -> None:
    text = "第二章 主要目标\n1.实力再上新台阶。经济增长5%。\n2.生态建设取得新成效。森林覆盖率达到62.5%。\n"
    assert titles(text) == ["实力再上新台阶", "生态建设取得新成效"]


@pytest.mark.parametrize(
    ("inside", "found"),
    [
        ("地区生产总值增长{}%。", ["经济发展目标", "生态环境目标"]),
        ("（1）实力更强{0}。增长{0}%。\n（2）品质更优{0}。增长{0}%。", [
            "实力更强6", "品质更优6", "实力更强7", "品质更优7",
        ]),
    ],
)  # fmt: skip
def test_fields_of_goals_are_goals_where_none_is_marked(inside: str, found: list[str]) -> None:
    text = "第二章 主要目标\n1.经济发展目标。\n{}\n2.生态环境目标。\n{}\n"
    assert titles(text.format(inside.format(6), inside.format(7))) == found
    assert (
        titles(
            text.replace("经济发展", "总体").replace("生态环境", "具体").format("增6%。", "增7%。")
        )
        == []
    )


def test_sections_of_tasks_are_no_goals_though_they_state_what_is_reached() -> None:
    text = (
        "第二章 重点任务\n第一节 加强林业\n到2030年，森林覆盖率达到35%。\n"
        "第二节 发展农业\n到2030年，粮食产量达到12万吨。\n"
    )
    assert titles(text) == []


def test_states_of_the_sentence_that_announces_them() -> None:
    first = "总体目标是：综合实力再上台阶，民生福祉更加殷实。"
    found = goals(f"第二章 主要目标\n{first}城镇化率提高到62%，粮食产量稳定在80亿斤以上。\n")
    assert [goal.title for goal in found] == ["综合实力再上台阶", "民生福祉更加殷实"]
    assert len(found[-1].statement[0]) == len("民生福祉更加殷实。")


def test_short_first_sentences() -> None:
    text = (
        "第二章 发展目标\n今后五年要努力实现以下目标:\n"
        "实体经济更有活力。制造业增加值比重稳步提高。\n人民生活更有保障。就业稳定增长。\n"
    )
    assert titles(text) == ["实体经济更有活力", "人民生活更有保障"]


def test_goals_that_name_the_field_first() -> None:
    text = (
        "第二章 主要目标\n在更高的基础上再提升。这是总的要求。\n"
        "在产业升级上取得新突破。经济增长5%。\n在共同富裕方面走在前列。收入增长6%。\n"
    )
    assert titles(text) == ["在产业升级上取得新突破", "在共同富裕方面走在前列"]


def test_themes_before_a_colon() -> None:
    text = "第二章 预期目标\n经济增长方面:生产总值年均增长6%左右。\n社会发展方面:就业稳定增长。\n"
    assert titles(text) == ["经济增长方面", "社会发展方面"]


def test_states_reached_between_semicolons() -> None:
    text = "第二章 主要目标\n到2030年，主要目标是:\n经济发展迈出新步伐，总值达到320亿元；"
    assert titles(text + "城乡融合开创新局面，城镇化率达到52%。\n") == [
        "经济发展迈出新步伐",
        "城乡融合开创新局面",
    ]
    assert titles(text + "用水总量不超过5亿立方米。\n") == []  # only half of it would be understood


@pytest.mark.parametrize(
    ("prose", "goals"),
    [
        (
            "到2030年，博物馆体系初步形成，发展质量显著提升。管理服务更加优化，市场健康有序发展。\n",
            ["博物馆体系初步形成", "管理服务更加优化"],
        ),
        (
            "通过盘活存量，闲置资源得到充分利用。形成多方参与的保护格局。\n",
            ["闲置资源得到充分利用", "形成多方参与的保护格局"],
        ),
        ("到那时，水更清，天更蓝。目标催人奋进，使命重在担当。\n", []),
        ("到2030年，主要目标如下。\n", []),
    ],
)
def test_of_prose_each_sentence_that_states_what_is_reached_is_a_goal(
    prose: str, goals: list[str]
) -> None:
    assert titles("第二章 主要目标\n" + prose) == goals


def test_prose_beside_marked_goals_is_none() -> None:
    text = "第二章 主要目标\n到2030年，博物馆体系初步形成。\n——展陈更加丰富。新增展览6个。\n——服务更加优化。\n"
    assert titles(text) == ["展陈更加丰富", "服务更加优化"]


def test_dashes_elsewhere_are_no_goals() -> None:
    text = "第二章 基本原则\n——坚持党的全面领导。发挥核心作用。\n——坚持人民至上。维护利益。\n"
    assert titles(text) == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "第二节 2035年远景目标\n面向2035年，建成现代化新城区，人民更加幸福。\n",
            "建成现代化新城区",
        ),
        ("第二节 二〇三五年远景目标\n展望到2035年，全域建成先行区。\n", "全域建成先行区"),
    ],
)
def test_a_vision_under_a_heading_that_only_names_the_year(text: str, title: str) -> None:
    goals_of_the_period = "第二章 目标\n第一节 主要目标\n——实力更强。经济增长5%。\n"
    assert [g.title for g in goals(goals_of_the_period + text) if g.vision] == [title]


def test_two_visions_of_one_heading_keep_their_years() -> None:
    text = "第二章 目标\n第一节 主要目标\n——实力更强。经济增长5%。\n" + "".join(
        f"第{number}节 {year}年全域空间格局\n{year}年，全域形成“双核两带”格局。\n"
        for number, year in (("二", 2035), ("三", 2050))
    )
    assert [g.title for g in goals(text) if g.vision] == [
        "2035年全域空间格局",
        "2050年全域空间格局",
    ]


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("到2035年，全市将率先建成现代化城市，人民更加幸福。", "率先建成现代化城市"),
        ("到2035年全省基本实现现代化时，城市竞争力大幅跃升，人民更加幸福。", "城市竞争力大幅跃升"),
    ],
)
def test_a_vision_stated_among_goals(stated: str, title: str) -> None:
    text = f"第二章 主要目标\n——实力更强。经济增长5%。\n在此基础上再奋斗五年，{stated}\n"
    goal, vision = goals(text)
    assert (goal.title, goal.vision) == ("实力更强", False)
    assert (vision.title, vision.vision) == (title, True)


@pytest.mark.parametrize(
    ("stages", "visions"),
    [
        (
            "到2027年，产值突破800亿元；到2030年，产值突破千亿元；展望2035年，全市建成创新强市。",
            ["全市建成创新强市"],
        ),
        (
            "到2028年，枢纽地位更加稳固。到2030年，枢纽全面建成。展望二〇三五年，我市将跻身前列。",
            ["跻身前列"],
        ),
        ("到2027年，产值突破800亿元；到2030年，产值突破千亿元，再展宏图。", []),
        ("到2030年，产值突破千亿元；为展望2035年打下基础。", []),
    ],
)
def test_the_last_of_several_stages_is_a_vision(stages: str, visions: list[str]) -> None:
    found = goals(f"第二章 主要目标\n——实力更强。经济增长5%。\n——民生更好。稳步改善。\n{stages}\n")
    assert [goal.title for goal in found if goal.vision] == visions
    assert sum(not goal.vision for goal in found) == 2


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("——实力更强。到2030年，城镇化率达到72%，民生持续改善。\n", [2030]),
        # what a sentence before, a heading or an announcement says of the year
        (
            "到2027年，实力更强。城镇化率达到72%。\n到2030年，实力更强。城镇化率达到72%。\n",
            [2027, 2030],
        ),
        ("一、到2028年目标\n1.实力更强\n城镇化率达到72%。\n", [2028]),
        ("一、二〇三五年远景目标\n全面建成强市。城镇化率达到72%。\n", [2035]),
        ("到2028年，主要目标如下：\n——实力更强。城镇化率达到72%。\n", [2028]),
        # what does not
        ("到2027年，实力更强。\n——民生更优。城镇化率达到72%。\n", [2030]),
        ("展望2035年，全面建成强市。“十五五”时期，城镇化率达到72%。\n", [2030]),
        ("一、“十五五”主要目标和2035年远景目标\n1.实力更强\n城镇化率达到72%。\n", [2030]),
        (
            "——实力更强。\n第三章 产业\n加快建设园区。支持东湖集团扩产。\n第四章 新城\n加快建设东湖新城。"
            "到2027年，建设新城2座。推动城镇化率达到72%。\n",
            [2027, 2030],
        ),
    ],
)
def test_numbers_in_goals_are_targets_of_their_stage(text: str, years: list[int]) -> None:
    found = targets("第二章 主要目标\n" + text)
    assert [value.period[1] for value in found.values] == years
    assert {i.name for i in found.indicators} - {"新城数量"} == {"城镇化率"}


def test_results_of_the_past_are_no_targets() -> None:
    text = "第二章 主要目标\n——实力更强。稳步增长。\n"
    past = "新征程上写华章\n过去五年，经营主体达到90万户，新增上市公司24家。\n"
    document = read_document(FRONT.replace("发展基础\n", past) + text + BEHIND, "x")
    assert find_targets(document, (2026, 2030)).values == ()


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("q", ["高质量发展成效显著", "民生福祉进一步改善"]),
        ("r", ["高质量发展迈上新台阶", "城乡融合发展形成新格局"]),
    ],
)
def test_cases(shared: Path, name: str, wanted: list[str]) -> None:
    (path,) = (shared / "cases" / "documents").glob(f"{name}-*.txt")
    document = read_document(path.read_text(encoding="utf-8"), path.name)
    assert [goal.title for goal in find_goals(document)] == wanted


@pytest.mark.parametrize(("name", "count"), [("n", 6), ("o", 0)])
def test_targets_of_cases(shared: Path, name: str, count: int) -> None:
    (path,) = (shared / "cases" / "documents").glob(f"{name}-*.txt")
    document = read_document(path.read_text(encoding="utf-8"), path.name)
    assert len(find_targets(document, (2026, 2030)).values) == count


def test_a_glossary_gives_no_measure_and_no_target(shared: Path) -> None:
    (path,) = (shared / "cases" / "documents").glob("p-*.txt")
    document = read_document(path.read_text(encoding="utf-8"), path.name)
    found = find_targets(document, (2026, 2030))
    assert [v.sentence for v in found.values] == ["2.1.2", "2.1.2", "2.1.4", "3.1.1"]
    assert {m.section for m in find_measures(document, found.pure, (2026, 2030))} == {"3.1"}


@pytest.mark.parametrize("plan", ANNOTATED)
def test_goals_of_real_plans(plan: str) -> None:
    """0.95 of the goal headings that the annotation marks, and no others beside them."""
    marked = [_plain(one["title"]) for one in annotation(plan) if one.get("mark") == "goal-heading"]
    found = [_plain(g.title) for g in find_goals(annotated(plan)) if not g.vision]
    hits = [title for title in marked if any(title in f or f in title for f in found)]
    assert len(hits) >= 0.95 * len(marked)
    if marked:
        assert len(found) == len(marked)


def _plain(title: str) -> str:
    return re.sub(r"[\s()（）“”\"《》—\-，,。:：]", "", title)
