"""Goals of chapters and indicators, against what a reader finds in a plan that weights were not
chosen on."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from gold.annotations import CORPUS, read
from link.promises import promises

from kg.document.structure import Document, read_document
from kg.link.applying import decide_links
from kg.link.corrections import Correction
from kg.link.links import link
from kg.link.model import Linked, statement
from kg.link.review import review

GOLD = sorted((CORPUS / "goals").glob("*.json"))
UNSEEN = "suzhou_city_15fyp_2026"


def linked_in(text: str) -> tuple[Document, Linked]:
    """A plan's document, and what is linked in it."""
    document = read_document(text, "plan-2026")
    return document, link(document, promises(document, (2026, 2030)))


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_goals_of_the_gold_are_in_order(path: Path) -> None:
    gold = read(path)
    numbers = range(1, len(gold["goals"]) + 1)
    starts = [chapter["start"] for chapter in gold["chapters"]]
    assert (
        starts == sorted(set(starts)) and 0 < starts[0] < starts[-1] < gold["source"]["characters"]
    )
    assert gold["goals"] == sorted(gold["goals"])
    for chosen in (*(c["goals"] for c in gold["chapters"]), *gold["indicators"].values()):
        assert chosen and set(chosen) <= set(numbers)


GOALS = (
    "一、发展目标\n到2030年，目标如下。\n——渔港设施更加完善。港池和码头安全耐用。\n"
    "——渔业装备更加先进。渔船更新换代。\n"
)
TASKS = (
    "（一）完善渔港设施\n疏浚港池，加固码头。\n（二）更新渔业装备\n淘汰老旧渔船，建造深海渔船。\n"
)
HEADED = "二、完善渔港设施\n疏浚港池，加固码头。\n三、更新渔业装备\n淘汰老旧渔船，建造深海渔船。\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{GOALS}二、主要任务\n{TASKS}", {"2.1": "1", "2.2": "2"}),
        (f"{GOALS}{HEADED}", {"2": "1", "3": "2"}),
        (
            f"{GOALS}{HEADED}".replace("加固码头。", "加固码头。(责任单位:市渔业局)"),
            {"2": "1", "3": "2"},
        ),
        (
            f"{GOALS}二、主要任务\n{TASKS}改造旧渔船。\n三、优化布局\n布局网箱。\n",
            {"2.1": "1", "2.2": "2"},
        ),
    ],
    ids=["one chapter of tasks", "chapters without 章", "words passed over", "most in one chapter"],
)
def test_what_stands_for_chapters_supports_goals(text: str, expected: dict[str, str]) -> None:
    """Sector plans have their tasks in one chapter, and many plans count 一、 without 章."""
    links = linked_in(text)[1].links
    supported = {
        one.subject.key: one.object.key
        for one in links
        if (one.predicate, one.subject.kind) == ("supportsGoal", "section")
    }
    assert supported == expected
    measures = {
        one.subject.key.rpartition(".")[0]: one.object.key
        for one in links
        if (one.predicate, one.subject.kind) == ("supportsGoal", "measure")
    }
    assert measures == expected


def test_chapters_of_several_subjects_support_goals_by_their_sections() -> None:
    """Fewer chapters than goals are each about several of them."""
    text = (
        f"{GOALS}——渔民生活更加殷实。渔民收入提高。\n"
        "二、完善渔港和更新渔船\n（一）完善渔港设施\n疏浚港池，加固码头。\n"
        "（二）更新渔业装备\n淘汰老旧渔船，建造深海渔船。\n"
        "三、增进福祉\n（一）改善渔民生活\n提高渔民收入。\n"
    )
    supported = {
        one.subject.key: one.object.key
        for one in linked_in(text)[1].links
        if one.predicate == "supportsGoal"
    }
    assert supported == {
        **{"2.1": "1", "2.1.1": "1"},
        **{"2.2": "2", "2.2.1": "2"},
        **{"3.1": "3", "3.1.1": "3"},
    }


def test_the_goal_that_sets_a_target_is_measured_by_its_indicator() -> None:
    text = (
        "一、主要目标\n——森林更加茂密。保护森林，森林生态系统更加健康。\n"
        "——民生更加殷实。绿化率提高到41%，城镇新增就业五年累计12万人。\n"
        "表1 主要指标\n序号\t指标\t单位\t2025年\t2030年\t属性\n"
        "1\t绿化率\t%\t39\t41\t约束性\n2\t森林生态系统健康指数\t分\t80\t85\t预期性\n"
        "二、主要任务\n（一）保护森林\n种植树木，建设林场。新建绿地，绿化率提高到41%。\n"
    )
    links = linked_in(text)[1].links
    supported = {
        one.subject.key: (one.object.key, one.method)
        for one in links
        if (one.predicate, one.subject.kind) == ("supportsGoal", "measure")
    }
    assert supported == {"2.1.1": ("1", "SameSection"), "2.1.2": ("2", "SameQuantity")}
    assert {
        one.object.key: (one.subject.key, one.method, one.score is None)
        for one in links
        if one.predicate == "measuredBy"
    } == {"1": ("2", "SameQuantity", True), "2": ("1", "SimilarWords", False)}


def test_an_indicator_of_another_theme_than_the_goal_most_alike_waits_for_a_person() -> None:
    text = (
        "一、主要目标\n——改革活力更足。产量监测的体制机制更加健全。\n"
        "——民生更加殷实。医疗、教育、养老、就业和粮食更有保障。\n"
        "表1 主要指标\n序号\t指标\t单位\t2025年\t2030年\t属性\n"
        "1\t粮食产量监测率\t%\t39\t41\t约束性\n2\t医疗床位\t张\t80\t85\t预期性\n"
        "二、深化改革\n健全制度。\n"
    )
    document, linked = linked_in(text)
    ends = (e for one in (*linked.links, *linked.likely) for e in (one.subject, one.object))
    identifiers = {(end.kind, end.key): end.key for end in ends}
    name = "goal 2 measuredBy indicator 1"
    assert [statement(one, identifiers) for one in linked.likely] == [name]
    assert {one.object.key for one in linked.links if one.predicate == "measuredBy"} == {"2"}
    points = review(document, linked, identifiers)
    assert [p.name for p in points if p.doubt == "an unpublished link"] == [name]
    for action, published in (("accept", True), ("reject", False)):
        one = Correction(1, action, kind="link", name=name, reason="read")
        decided, made, idle = decide_links(linked, (one,), identifiers)
        assert (made, idle) == ((one,), ())
        assert (
            {"1"} <= {x.object.key for x in decided.links if x.predicate == "measuredBy"}
        ) == published


def test_a_chapter_that_fits_two_goals_as_well_waits_for_a_person() -> None:
    text = (
        "一、发展目标\n到2030年，目标如下。\n——渔港更加安全。\n——渔船更加安全。\n"
        "二、完善渔港渔船\n修缮渔港渔船。\n"
        "三、防范渔港事故\n排查渔港。\n四、防范渔船事故\n排查渔船。\n"
    )
    linked = linked_in(text)[1]
    published, waiting = (
        {one.subject.key: one.object.key for one in links if one.subject.kind == "section"}
        for links in (linked.links, linked.likely)
    )
    assert published == {"3": "1", "4": "2"} and set(waiting) == {"2"}


def test_a_goal_of_one_branch_is_not_measured_by_the_economy_as_a_whole() -> None:
    """Nor is nature measured by the supply of food because its wording speaks of safety."""
    text = (
        "一、主要目标\n——海洋经济加快壮大。海洋生产总值增长7%，海洋经济增长极加快形成。\n"
        "——生态环境更加优美。生态安全屏障更加牢固，生态安全格局更加稳定。\n"
        "——综合实力显著增强。经济总量迈上新台阶，内需潜力充分释放。\n"
        "表1 主要指标\n序号\t指标\t单位\t2025年\t2030年\t属性\n"
        "1\t地区生产总值\t亿元\t3126\t4500\t预期性\n"
        "2\t社会消费品零售总额\t亿元\t900\t1200\t预期性\n"
        "3\t粮食安全保障率\t%\t80\t85\t约束性\n二、做强产业\n培育企业。\n"
    )
    linked = linked_in(text)[1]
    assert {
        (one.subject.key, one.object.key)
        for one in (*linked.links, *linked.likely)
        if one.predicate == "measuredBy"
    } == {("3", "1"), ("3", "2")}


def test_what_a_share_is_taken_of_tells_no_goal_of_an_indicator() -> None:
    text = (
        "一、主要目标\n——经济实力更强。地区生产总值突破4500亿元。\n"
        "——创新活力更足。研发投入占地区生产总值比重达到2.6%，地区创新能力提高。\n"
        "表1 主要指标\n序号\t指标\t单位\t2025年\t2030年\t属性\n"
        "1\t地区生产总值\t亿元\t3126\t4500\t预期性\n"
        "2\t研发投入占地区生产总值比重\t%\t1.9\t2.6\t预期性\n"
        "3\t亿元地区生产总值生产安全事故死亡人数\t人\t0.02\t0.01\t约束性\n"
        "二、做强产业\n培育企业。\n"
    )
    links = linked_in(text)[1].links
    measured = {(one.object.key, one.subject.key) for one in links if one.predicate == "measuredBy"}
    assert measured == {("1", "1"), ("2", "2")}


def test_what_output_comes_to_is_no_denominator() -> None:
    text = (
        "一、主要目标\n——实力更强。跨越千亿元地区生产总值台阶。\n——创新更足。创新能力提高。\n"
        "表1 主要指标\n序号\t指标\t单位\t2025年\t2030年\t属性\n"
        "1\t地区生产总值\t亿元\t812\t1100\t预期性\n二、做强产业\n培育企业。\n"
    )
    links = linked_in(text)[1].links
    assert "measuredBy" in {one.predicate for one in links}


def test_a_chapter_that_shares_no_word_of_a_subject_with_a_goal_is_left_out() -> None:
    """GDP is what a ratio is taken of: cutting energy for each unit of it is no economic growth."""
    goals = (
        "一、发展目标\n到2030年，目标如下。\n——经济实力再上新台阶。地区生产总值达到300亿元。\n"
        "——民生福祉达到新水平。新建学校，养老床位增加。\n"
    )
    tasks = "二、增进民生福祉\n新建学校10所，增加养老床位。\n三、推进节能降碳\n单位地区生产总值能耗下降14%，改造锅炉。\n"
    links = linked_in(f"{goals}{tasks}")[1].links
    supported = {
        one.subject.key: one.object.key
        for one in links
        if (one.predicate, one.subject.kind) == ("supportsGoal", "section")
    }
    assert supported == {"2": "2"}


@pytest.fixture(scope="module")
def reading(shared: Path) -> tuple[dict[str, Any], Document, Linked]:
    gold = read(CORPUS / "goals" / f"{UNSEEN}.json")
    text = (shared / "plans" / gold["source"]["file"]).read_bytes()
    assert hashlib.sha256(text).hexdigest() == gold["source"]["sha256"]
    return gold, *linked_in(text.decode())


def _numbers(gold: dict[str, Any], linked: Linked) -> dict[str, int]:
    """The gold's numbers of the goals that were read."""
    return {
        goal.number: at
        for goal in linked.extraction.goals
        for at, (start, end) in enumerate(gold["goals"], 1)
        if goal.span.start < end and start < goal.span.end
    }


def test_chapters_support_the_goals_that_a_reader_names(
    reading: tuple[dict[str, Any], Document, Linked],
) -> None:
    gold, document, linked = reading
    numbers = _numbers(gold, linked)
    found = {
        document.section(one.subject.key).heading_span.start: numbers.get(one.object.key)
        for one in linked.links
        if one.predicate == "supportsGoal" and one.subject.kind == "section"
    }
    wanted = {chapter["start"]: chapter["goals"] for chapter in gold["chapters"]}
    assert set(found) <= set(wanted)
    right = sum(found.get(start) in goals for start, goals in wanted.items())
    assert right / len(wanted) >= 0.85


def test_indicators_measure_the_goals_that_a_reader_names(
    reading: tuple[dict[str, Any], Document, Linked],
) -> None:
    gold, _, linked = reading
    numbers = _numbers(gold, linked)
    row = {i.key: str(i.number) for i in linked.extraction.indicators}
    found = [
        (row[one.object.key], numbers.get(one.subject.key))
        for one in linked.links
        if one.predicate == "measuredBy"
    ]
    right = sum(goal in gold["indicators"][n] for n, goal in found)
    assert right / len(found) >= 0.95
    assert right / len(gold["indicators"]) >= 0.9
