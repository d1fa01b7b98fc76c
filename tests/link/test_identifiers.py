"""The register of identifiers: what keeps its identifier, what gets another, what never returns."""

from __future__ import annotations

from difflib import Match, SequenceMatcher
from pathlib import Path

import pytest

from kg.errors import PlanlinkError
from kg.link.alignment import Candidate, Registered
from kg.link.corrections import Correction
from kg.link.identifiers import (
    Register,
    keep_register,
    read_register,
    register_digest,
    restore_register,
)
from kg.link.identifying import named, names_given
from kg.link.reading import Reading, read_plan
from kg.source.plan import load_plan

ROADS = "到2025年新建改建农村公路120公里，实现村村通客车。"
SCHOOLS = "扩建城南、城北两所小学，新增学位1800个。"
WELLS = "完成老旧供水管网改造，保障居民饮水安全。"


def measures(*wordings: str, within: str = "4.2") -> list[Candidate]:
    return [
        Candidate(f"{within}.{place}", f"{within}.{place}", wording, within)
        for place, wording in enumerate(wordings, 1)
    ]


def published(
    register: Register, candidates: list[Candidate], kind: str = "measure"
) -> dict[str, str]:
    """The identifiers by wording."""
    register.identify(kind, candidates)
    return {thing.wording: register.identifiers[kind, thing.key] for thing in candidates}


def keep(folder: Path, register: Register) -> None:
    """Keep the register as a publish does that nobody else comes between."""
    keep_register(folder, register_digest(folder), register.written())


def again(register: Register, folder: Path) -> Register:
    """What the next publish finds."""
    keep(folder, register)
    return read_register(folder)


def test_first_identifiers_are_the_numbers(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    assert published(register, measures(ROADS, SCHOOLS)) == {ROADS: "4.2.1", SCHOOLS: "4.2.2"}
    assert register.key("measure", "4.2.2") == "4.2.2"
    assert register.key("measure", "4.2.3") is None


def test_a_sentence_put_before_others_takes_nothing_of_theirs(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    before = published(register, measures(ROADS, SCHOOLS))
    register = again(register, tmp_path)
    after = published(register, measures(WELLS, ROADS, SCHOOLS))
    assert {w: after[w] for w in before} == before
    assert after[WELLS] == "4.2.1-2"
    assert register.key("measure", "4.2.1") == "4.2.2"  # the first one's words, second now


def test_what_was_withdrawn_is_given_to_nothing_else_and_comes_back(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    published(register, measures(ROADS, SCHOOLS))
    register = again(register, tmp_path)
    published(register, measures(SCHOOLS))
    register = again(register, tmp_path)
    (gone,) = (line for line in register.lines if line.withdrawn)
    assert (gone.wording, gone.identifier) == (ROADS, "4.2.1")
    assert published(register, measures(WELLS, SCHOOLS)) == {WELLS: "4.2.1-2", SCHOOLS: "4.2.2"}
    register = again(register, tmp_path)
    assert published(register, measures(ROADS, WELLS, SCHOOLS))[ROADS] == "4.2.1"


def test_a_changed_wording_keeps_its_identifier_within_its_section(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    published(register, measures(ROADS, SCHOOLS))
    register = again(register, tmp_path)
    raised = ROADS.replace("120", "150")
    assert published(register, measures(SCHOOLS, raised))[raised] == "4.2.1"
    register = read_register(tmp_path)
    elsewhere = published(register, [*measures(SCHOOLS), *measures(raised, within="5.1")])
    assert elsewhere[raised] == "5.1.1"


def test_a_long_register_is_compared_with_what_may_be_like_it_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []

    class Counted(SequenceMatcher):
        def get_matching_blocks(self) -> list[Match]:
            compared.append((self.a, self.b))
            return super().get_matching_blocks()

    monkeypatch.setattr("kg.link.alignment.SequenceMatcher", Counted)
    places = ["东湖", "西山", "南沟", "北坡", "中街", "上塘", "下坝", "前店", "后坊", "里屯"]
    before = [
        f"到2025年，{a}修路{n}公里、{b}种树{n}亩。" for a in places for b in places for n in (3, 5)
    ]
    register = read_register(tmp_path)
    published(register, measures(*before))
    register = again(register, tmp_path)
    now = [f"到2025年，引进第{n}批人才，兴办{a}职业学校。" for n, a in enumerate(places)]
    published(register, measures(*now, before[0].replace("公里", "千米")))
    assert len(compared) < len(before), "of 2,200 pairs of a line and a sentence read now"


def test_the_same_words_keep_their_identifier_in_another_section(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    published(register, measures(ROADS, SCHOOLS))
    register = again(register, tmp_path)
    moved = published(register, [*measures(SCHOOLS), *measures(ROADS, within="5.1")])
    assert moved == {SCHOOLS: "4.2.2", ROADS: "4.2.1"}


def test_the_more_alike_of_two_keeps_the_identifier(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    published(register, measures(ROADS))
    register = again(register, tmp_path)
    near, nearest = ROADS.replace("村村通客车", "乡乡通客运"), ROADS.replace("120", "121")
    found = published(register, measures(near, nearest))
    assert found[nearest] == "4.2.1"
    assert found[near] not in ("4.2.1", found[nearest])


def test_equal_sentences_keep_their_order(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    register.identify("measure", measures(ROADS, ROADS))
    register = again(register, tmp_path)
    register.identify("measure", measures(SCHOOLS, ROADS, ROADS))
    numbers = [register.identifiers["measure", f"4.2.{n}"] for n in (2, 3)]
    assert numbers == ["4.2.1", "4.2.2"]


def targets(*places: str, of: str = "8") -> list[Candidate]:
    """Targets for the same year of one indicator: of its row, and of sentences."""
    return [Candidate(place, place, f"{of} 2030-2030", of) for place in places]


def test_targets_of_one_indicator_keep_their_places(tmp_path: Path) -> None:
    """However they are ordered, and also where one of them is dropped."""
    register = read_register(tmp_path)
    register.version("text")
    register.identify("target", targets("8", "2.3.3-3", "3.1.1-1"))
    for places in (("3.1.1-1", "8", "2.3.3-3"), ("8", "3.1.1-1"), ("8",)):
        register = again(register, tmp_path)
        register.version("text")
        register.identify("target", targets(*places))
        found = {place: register.identifiers["target", place] for place in places}
        assert found == {place: place for place in places}


@pytest.mark.parametrize(
    ("of_plan", "identifier"), [(True, "8"), (False, "8-2")], ids=["the plan's year", "printed"]
)
def test_a_target_for_another_year_is_another(
    tmp_path: Path, of_plan: bool, identifier: str
) -> None:
    register = read_register(tmp_path)
    register.identify("target", targets("8"))
    register = again(register, tmp_path)
    moved = Candidate("8", "8", "8 2031-2031", "8", may_vary=of_plan)
    assert published(register, [moved], "target")[moved.wording] == identifier


def test_two_that_would_get_one_identifier_get_two(tmp_path: Path) -> None:
    """A measure keeps the number that another sentence has now; both state the same target."""
    register = read_register(tmp_path)
    register.version("text")
    register.identify("target", targets("2.3.3-1"))
    register = again(register, tmp_path)
    register.version("text")
    both = [Candidate(key, "2.3.3-1", "8 2030-2030", "8") for key in ("2.3.3-1", "2.3.4-1")]
    register.identify("target", both)
    found = [register.identifiers["target", one.key] for one in both]
    assert found == ["2.3.3-1", "2.3.3-1-2"]


def test_targets_of_one_indicator_move_with_their_sentences(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    register.version("text")
    register.identify("target", targets("8", "2.3.3-3", "2.3.4-3"))
    register = again(register, tmp_path)
    register.version("a sentence before them")
    register.identify("target", targets("8", "2.3.4-3", "2.3.5-3"))
    found = [register.identifiers["target", place] for place in ("8", "2.3.4-3", "2.3.5-3")]
    assert found == ["8", "2.3.3-3", "2.3.4-3"]


@pytest.mark.parametrize(
    ("text", "identifier"), [("same", "1.1.2-1"), ("another", "1.1.2-1-2")], ids=["same", "another"]
)
def test_what_is_named_anew_keeps_its_place_in_the_same_text(
    tmp_path: Path, text: str, identifier: str
) -> None:
    """A reader that names a result better gives it no other IRI, where the text has not changed."""
    register = read_register(tmp_path)
    register.version("same")
    published(
        register, [Candidate("1.1.2-1", "1.1.2-1", "收入由增加到12905元", "1.1")], "achievement"
    )
    register = again(register, tmp_path)
    register.version(text)
    found = published(register, [Candidate("1.1.2-1", "1.1.2-1", "收入", "1.1")], "achievement")
    assert found == {"收入": identifier}


def test_a_homophone_takes_no_identifier_of_an_older_name(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    register.identify("zone", named(dict.fromkeys(["青石产业园"], ())))
    assert register.identifiers["zone", "青石产业园"] == "qing-shi-chan-ye-yuan"
    register = again(register, tmp_path)
    register.identify("zone", named(dict.fromkeys(["青石产业园", "清石产业园", "倾石产业园"], ())))
    assert register.identifiers["zone", "青石产业园"] == "qing-shi-chan-ye-yuan"
    assert len(set(register.identifiers.values())) == 3
    register = again(register, tmp_path)
    register.identify("zone", named(dict.fromkeys(["清石产业园"], ())))
    assert register.identifiers["zone", "清石产业园"] != "qing-shi-chan-ye-yuan"


def test_a_name_is_never_taken_for_one_that_is_like_it(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    register.identify("zone", named(dict.fromkeys(["墨池第一工业园区"], ())))
    register = again(register, tmp_path)
    register.identify("zone", named(dict.fromkeys(["墨池第二工业园区"], ())))
    (identifier,) = register.identifiers.values()
    assert identifier == "mo-chi-di-er-gong-ye-yuan-qu"


def test_a_thing_that_is_named_in_full_keeps_the_identifier_of_its_short_name(
    tmp_path: Path,
) -> None:
    register = read_register(tmp_path)
    register.identify("zone", named({"墨池": ["墨池园"], "墨池市": ()}))
    register = again(register, tmp_path)
    register.identify("zone", named({"墨池": ["墨池市"]}))  # the longer one is found to be the same
    assert register.successors() == {("zone", "mo-chi-shi"): "mo-chi"}
    register = again(register, tmp_path)
    register.identify("zone", named({"墨池市": ["墨池"]}))  # and is what it is called now
    assert register.identifiers["zone", "墨池市"] == "mo-chi"
    assert register.successors() == {("zone", "mo-chi-shi"): "mo-chi"}


def test_a_renamed_thing_keeps_its_identifier(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    register.identify("zone", named(dict.fromkeys(["墨池园"], ())))
    register = again(register, tmp_path)
    register.identify("zone", named(dict.fromkeys(["墨池工业园"], ())), {"墨池园": "墨池工业园"})
    assert register.identifiers["zone", "墨池工业园"] == "mo-chi-yuan"


def test_what_is_merged_into_another_names_it_as_its_successor(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    register.identify("zone", named(dict.fromkeys(["墨池园", "墨池工业园"], ())))
    register = again(register, tmp_path)
    register.identify("zone", named(dict.fromkeys(["墨池工业园"], ())), {"墨池园": "墨池工业园"})
    assert register.successors() == {("zone", "mo-chi-yuan"): "mo-chi-gong-ye-yuan"}
    register = again(register, tmp_path)
    register.identify("zone", named(dict.fromkeys(["墨池工业园"], ())), {"墨池园": "墨池工业园"})
    assert register.successors() == {("zone", "mo-chi-yuan"): "mo-chi-gong-ye-yuan"}


def test_a_split_gives_one_new_identifier_until_it_is_taken_back(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    read, own = {"青禾产业园": ["青禾园区"]}, "qing-he-chan-ye-yuan"
    register.identify("zone", named(read))
    for split in (True, False, True):
        register = again(register, tmp_path)
        register.identify("zone", named({"青禾产业园": [], "青禾园区": []} if split else read))
        assert register.identifiers["zone", "青禾产业园"] == own
        gone = {} if split else {("zone", "qing-he-yuan-qu"): own}
        assert register.successors() == gone
    assert register.identifiers["zone", "青禾园区"] == "qing-he-yuan-qu"


@pytest.mark.parametrize(
    ("before", "now", "successor"),
    [
        ([ROADS, SCHOOLS, WELLS], [SCHOOLS, f"{ROADS[:-1]}，{WELLS}"], {"4.2.3": "4.2.1"}),
        (["兴修水利。", SCHOOLS], [f"兴修水利，{SCHOOLS}"], {"4.2.2": "4.2.1"}),
        ([ROADS, SCHOOLS], ["新建农村公路。", "实现村村通客车。", SCHOOLS], {"4.2.1": "4.2.2-2"}),
        ([ROADS, SCHOOLS], [SCHOOLS], {}),
    ],
    ids=["joined", "joined behind a few words", "parted", "gone"],
)
def test_what_became_of_a_sentence_is_its_successor(
    tmp_path: Path, before: list[str], now: list[str], successor: dict[str, str]
) -> None:
    register = read_register(tmp_path)
    published(register, measures(*before))
    register = again(register, tmp_path)
    published(register, measures(*now))
    assert {old: new for (_, old), new in register.successors().items()} == successor


@pytest.mark.parametrize(
    ("number", "wording", "identifier"),
    [
        ("3", "城区空气达到二级以上天数占比", "3"),
        ("3", "常住人口城镇化率", "3-2"),
        ("4", "城区空气达到二级以上天数占比", "4"),
    ],
    ids=["reworded", "another quantity", "rows moved"],
)
def test_a_row_worded_anew_is_known_by_its_number(
    tmp_path: Path, number: str, wording: str, identifier: str
) -> None:
    rows = {"1": "地区生产总值", "2": "森林覆盖率", "3": "空气质量优良天数比例"}
    register = read_register(tmp_path)
    published(register, [Candidate(n, n, name) for n, name in rows.items()], "indicator")
    register = again(register, tmp_path)
    later = {"1": rows["1"], str(int(number) - 1): rows["2"], number: wording}
    found = published(register, [Candidate(n, n, name) for n, name in later.items()], "indicator")
    assert found[wording] == identifier


@pytest.mark.parametrize(
    ("heading", "holds", "identifier"),
    [
        ("推进健康城市建设", {ROADS, SCHOOLS}, "4.2"),
        ("推进健康城市建设", {ROADS, WELLS}, "5.1"),
        ("完善基础设施网络布局", {WELLS}, "4.2"),
        ("推进健康城市建设", set[str](), "5.1"),
    ],
    ids=["the same sentences", "half of them", "like words", "nothing"],
)
def test_a_heading_worded_anew_is_known_by_what_it_heads(
    tmp_path: Path, heading: str, holds: set[str], identifier: str
) -> None:
    register = read_register(tmp_path)
    published(register, [Candidate("4.2", "4.2", "完善基础设施网络", "惠民生")], "section")
    published(register, measures(ROADS, SCHOOLS))
    register = again(register, tmp_path)
    found = Candidate("5.1", "5.1", heading, "惠民生", holds=frozenset(holds))
    assert published(register, [found], "section")[heading] == identifier


@pytest.mark.parametrize(
    ("goals", "identifier"),
    [
        (["综合实力迈上新台阶", "治理效能得到新增强", "生态文明建设取得新成效"], "2"),
        (["综合实力迈上新台阶", "治理效能得到新增强", "开放水平得到新提升"], "3-2"),
        (["综合实力迈上新台阶", "生态安全有新保障", "生态文明建设取得新成效"], "3-2"),
        (["综合实力迈上新台阶", "生态品质实现新提升", "治理污染取得新成效"], "3-2"),
    ],
    ids=["reworded and moved", "another one", "one of two", "of another theme"],
)
def test_the_only_goal_that_begins_so_may_be_worded_anew(
    tmp_path: Path, goals: list[str], identifier: str
) -> None:
    register = read_register(tmp_path)
    before = ["综合实力迈上新台阶", "生态品质实现新提升", "治理效能得到新增强"]
    published(register, measures(*before, within="1.3"), "goal")
    register = again(register, tmp_path)
    found = published(register, measures(*goals, within="1.3"), "goal")
    assert found[goals[2]] == f"1.3.{identifier}"


@pytest.mark.parametrize("to", ["墨池高新区", ""], ids=["changed", "taken back"])
def test_a_name_that_a_person_gave_and_changed_is_the_same_things(tmp_path: Path, to: str) -> None:
    register = read_register(tmp_path)
    wording = "rename zone 墨池园 → 墨池工业园"
    register.identify("correction", [Candidate("1", "1", wording)])
    register.identify("zone", named({"墨池工业园": ()}), {"墨池园": "墨池工业园"})
    register = again(register, tmp_path)
    made = [Correction(1, "rename", "zone", "", "墨池园", to)] if to else []
    name = to or "墨池园"
    register.identify("zone", named({name: ()}), names_given(register, made))
    assert register.identifiers["zone", name] == "mo-chi-gong-ye-yuan"


def test_a_line_that_a_person_changed_decides(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    published(register, measures(ROADS, SCHOOLS))
    keep(tmp_path, register)
    path = tmp_path / "identifiers.csv"
    path.write_text(path.read_text("utf-8").replace(SCHOOLS, WELLS), encoding="utf-8")
    register = read_register(tmp_path)
    assert published(register, measures(ROADS, WELLS))[WELLS] == "4.2.2"


def test_an_identifier_that_a_person_changed_is_gone_for_the_other(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    published(register, measures(ROADS, SCHOOLS, WELLS))
    keep(tmp_path, register)
    path, before = tmp_path / "identifiers.csv", register.written()
    changed = [line.replace("4.2.2", "schools") for line in before.splitlines(keepends=True)]
    path.write_text("".join(changed[:-1]), encoding="utf-8")
    assert restore_register(tmp_path, before) == 2
    register = read_register(tmp_path)
    found = published(register, measures(ROADS, SCHOOLS, WELLS))
    assert found == {ROADS: "4.2.1", SCHOOLS: "schools", WELLS: "4.2.3"}
    assert register.successors() == {("measure", "4.2.2"): "schools"}


def test_versions_of_the_text_are_numbered(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    assert register.version("aa") == 1
    register = again(register, tmp_path)
    assert register.version("bb") == 2
    register = again(register, tmp_path)
    assert register.version("aa") == 1
    register = again(register, tmp_path)
    assert register.version("cc") == 3


def test_nothing_is_written_where_nothing_changed(tmp_path: Path) -> None:
    register = read_register(tmp_path)
    published(register, measures(ROADS))
    register = again(register, tmp_path)
    kept = (tmp_path / "identifiers.csv").stat().st_ino
    published(register, measures(ROADS))
    keep(tmp_path, register)
    assert (tmp_path / "identifiers.csv").stat().st_ino == kept


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kind,identifier\n", "its first line is not kind,"),
        ("{head}\nmeasure,4.2.1\n", "line 2"),
        ("{head}\nmeasure,1,a,,,,\nmeasure,1,b,,,,\n", "measure 1 is there twice"),
        ('{head}\nmeasure,1,"a\n', "line"),
    ],
)
def test_a_broken_register_is_refused(tmp_path: Path, text: str, said: str) -> None:
    head = ",".join(Registered.__dataclass_fields__)
    (tmp_path / "identifiers.csv").write_text(text.replace("{head}", head), encoding="utf-8")
    with pytest.raises(PlanlinkError, match=said):
        read_register(tmp_path)


def test_entries_of_one_wording_are_told_by_their_place(tmp_path: Path) -> None:
    """As errata that add a quotation mark here and there."""
    errata = [Candidate(str(n), str(n), "→ ”", str(place)) for n, place in ((1, 546), (2, 24059))]
    first = read_register(tmp_path)
    first.identify("erratum", errata)
    before = first.written()
    second = again(first, tmp_path)
    second.identify("erratum", errata)
    assert second.written() == before


PLAN = """第一章 主要指标
| 序号 | 指标 | 单位 | 2020年 | 2025年 | 属性 |
|---|---|---|---|---|---|
| 1 | 空气优良天数比例 | % | 80 | 85 | 约束性 |
第二章 建设现代化产业体系
第一节 壮大先进制造业
加快建设墨渔产业园。到2025年，国家高新技术企业数量达到120家。
"""
ROW = "| 2 | 国家高新技术企业数量 | 家 | 60 | 120 | 预期性 |\n"


def read_again(folder: Path, source: str, misprint: str = "", mended: str = "") -> Reading:
    """A plan as the next publish reads it, with an erratum if its text has a misprint."""
    (folder / "plan.toml").write_text(
        'slug = "qingshi"\ntitle = "青石县规划"\nissuer = "青石县人民政府"\narea = "青石县"\n'
        'period = [2021, 2025]\nsource = "source.txt"\n',
        encoding="utf-8",
    )
    (folder / "source.txt").write_text(source, encoding="utf-8")
    erratum = (
        f'[[erratum]]\nstart = {source.index(misprint)}\npublished = "{misprint}"\n'
        f'correction = "{mended}"\nreason = "misprint"\n'
    )
    (folder / "errata.toml").write_text(erratum if misprint else "", encoding="utf-8")
    reading = read_plan(load_plan(folder), lambda _: None, lambda _: None)
    keep(folder, reading.register)
    return reading


def test_a_name_that_an_erratum_mends_keeps_its_identifier(tmp_path: Path) -> None:
    before = read_again(tmp_path, PLAN).register.identifiers["zone", "墨渔产业园"]
    after = read_again(tmp_path, PLAN, "墨渔", "墨池").register.identifiers
    assert after["zone", "墨池产业园"] == before


def test_a_row_takes_no_identifier_of_a_target_that_a_sentence_states(tmp_path: Path) -> None:
    """Though both are of one indicator, which was read from the sentence before."""
    read_again(tmp_path, PLAN)
    reading = read_again(tmp_path, PLAN.replace("第二章", ROW + "第二章"))
    stated = {
        reading.register.identifiers["target", value.key]: value.sentence is not None
        for value in reading.linked.extraction.values
        if value.kind == "Target" and value.indicator == "2"
    }
    assert stated == {"2.1.2-1": True, "2.1.2-1-2": False}
