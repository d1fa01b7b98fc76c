"""Questions about all plans, on summaries of invented plans."""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pyoxigraph as ox
import pytest
from rdflib import DCTERMS, OWL, RDF
from support import searched_as

from kg.graph.vocabulary import vocabulary
from kg.rdf.iris import plan_iri
from kg.rdf.namespaces import PLAN, PREFIXES
from kg.rdf.shacl import validate_quads
from kg.release import summaries
from kg.release.across import across_plans
from kg.release.cache import Cache, Part, key_of
from kg.release.catalogue import area_series, examples
from kg.release.gaps import all_gaps
from kg.release.indexing import FOLDER, PlanEntries, write_index
from kg.release.questions import SUMMARIES, IndicatorRow, Named, Questions, was_met
from kg.release.summaries import write_summaries, write_summary
from kg.settings.loading import load_settings
from kg.views.annex import Figure
from kg.views.entity import EntityReader
from kg.views.sameness import likely_quantity, same_name
from kg.views.summary import Sentence, Summary, division_of
from kg.web.pages.corpus.answers import query
from kg.web.pages.corpus.indicators import distribution, drawn_map

COPIED = "推动旧厂房改造为创新街区，到期末建成十个以上的特色园区。"
NEARLY = "推动老旧厂房改造为创新街区，到期末建成十个以上的特色园区。"
OWN = "这一句话只有这一部规划里有，别的规划里没有相近的表述。"


def figure(number: str, first: int, last: int) -> Figure:
    years = (last, last) if first == last else (first, last)
    unit = "urn:ns#unit-percent"
    return Figure(f"urn:{number}", Decimal(number), number, unit, "Equal", "PointInTime", *years)


def indicator(plan: str, name: str, target: str, binding: bool = False) -> tuple[Any, ...]:
    told = asdict(figure(target, 2025, 2025))
    written = json.dumps(told | {"number": target}, ensure_ascii=False)
    return (
        *(
            plan,
            f"urn:{plan}/{same_name(name)}",
            name,
            same_name(name),
            likely_quantity(name),
            1,
            "",
        ),
        *(int(binding), "", written, float(target), "unit-percent PointInTime"),
        *(f"urn:{plan}/passage/{name}", f"{name}达到{target}"),
    )


def plan(
    slug: str,
    area: str,
    path: str,
    period: tuple[int, int],
    indicators: list[tuple[str, str, bool]] = [],  # noqa: B006
    institutions: list[tuple[str, str, str]] = [],  # noqa: B006
    zones: list[tuple[str, str, str]] = [],  # noqa: B006
    sentences: list[str] = [],  # noqa: B006
    issued: str = "",
    own: bool = True,
    kind: str = "",
) -> Summary:
    placed = (117.1, 39.1) if path else (None, None)
    return Summary(
        (slug, area, "", path, int(own), *period, issued, *placed, len(sentences), kind),
        [indicator(slug, *one) for one in indicators],
        *(
            rows
            for named in (institutions, zones)
            for rows in (
                [
                    (slug, f"urn:{slug}/{name}", name, same_name(name), kind, key, 1)
                    for name, kind, key in named
                ],
                [
                    (
                        slug,
                        f"urn:{slug}/{name}",
                        f"urn:{slug}/m/{name}",
                        f"依托{name}",
                        "urn:p",
                        "原句。",
                    )
                    for name, _, _ in named
                ],
            )
        ),
        [
            Sentence(f"urn:{slug}/passage/{at}", text, at * 100, at * 100 + len(text), "第一章")
            for at, text in enumerate(sentences)
        ],
    )


PLANS = [
    plan(
        "sheng",
        "云山省",
        "CN/990000",
        (2021, 2025),
        [("森林覆盖率（%）", "60", True), ("研发投入", "3", False), ("耕地保有量", "9", True)],
        [("云山大学", "university", "云山大学")],
        [
            ("青石江", "water", "990000 ~青石江"),
            ("云湖", "water", "云湖"),
            ("南区", "region", "1 南区"),
        ],
        [COPIED, OWN],
        "2021-01-20",
    ),
    plan(
        "shi",
        "云山省青石市",
        "CN/990000/990100",
        (2021, 2025),
        [("森林覆盖率", "55", False)],
        [
            ("云山大学", "university", "云山大学"),
            ("妇联", "party-or-people-organ", ""),
            ("市委", "party-or-people-organ", "1 市委"),
        ],
        [
            ("青石江", "water", "990100 ~青石江"),
            ("云湖", "water", "云湖"),
            ("南区", "region", "2 南区"),
        ],
        [NEARLY],
        "2021-03-01",
    ),
    plan(
        "shi-15",
        "云山省青石市",
        "CN/990000/990100",
        (2026, 2030),
        [("森林覆盖率", "58", False), ("新增学位数量", "2", False)],
        [("妇联", "party-or-people-organ", ""), ("市委", "party-or-people-organ", "2 市委")],
        [("青石江", "water", "990100 ~青石江")],
        [COPIED],
    ),
    plan("shi-wenwu", "云山省青石市", "CN/990000/990100", (2021, 2025), kind="文物"),
    plan("zhen", "云山省青石市白水镇", "CN/990000/990100", (2026, 2030), own=False),
    plan("yuan", "未知地", "", (2021, 2025)),
]


def summarised(folder: Path, plans: Sequence[Summary], former: Path | None = None) -> None:
    """Write the summaries of plans into a folder, in one cache with those of the one before."""
    cache, parts = Cache((former or folder) / "cache"), dict[str, Part]()
    folder.mkdir(exist_ok=True)
    for one in plans:
        slug = str(one.plan[0])
        parts[slug] = cache.make(
            slug, key_of(one), lambda to, one=one: write_summary(to, one) or {}
        )
    write_summaries(folder / SUMMARIES, parts, cache, former / SUMMARIES if former else None)


def shared_in(folder: Path) -> set[Any]:
    """The wordings of summaries, and how many two plans share, but for their numbers."""
    with closing(sqlite3.connect(folder / SUMMARIES)) as connection:
        groups: dict[int, list[Any]] = {}
        for number, *row in connection.execute("SELECT * FROM wording ORDER BY rowid"):
            groups.setdefault(number, []).append(tuple(row))
        first = "SELECT plans, text FROM phrase JOIN wording ON wording.rowid = first"
        pairs, phrases = (connection.execute(one) for one in ("SELECT * FROM pair", first))
        return {*map(tuple, groups.values()), *pairs, *phrases}


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Questions:
    """The questions of a release of these plans."""
    folder = tmp_path_factory.mktemp("questions")
    summarised(folder, PLANS)
    entries = [
        searched_as(s.iri, "Passage", str(one.plan[0]), "", "", s.text, s.chapter, s.start)
        for one in PLANS
        for s in one.sentences
    ]
    write_index(folder / FOLDER, [PlanEntries("", "", lambda: entries)])
    return Questions(folder)


def test_an_indicator_in_all_plans(asked: Questions) -> None:
    """However each plan prints its name; the earlier plan comes first."""
    names, total = asked.indicator_names("", 10, 0)
    assert total == 1 and (names[0].key, names[0].plans) == ("森林覆盖率", 3)
    assert asked.indicator_names("无此指标", 10, 0) == ([], 0)
    words, quantity = (asked.indicator_names(said, 10, 0) for said in ("数量 学位", "森林覆盖"))
    assert [one.name for one in words[0]] == ["新增学位数量"], "one plan alone has it"
    assert [one.name for one in quantity[0]] == ["森林覆盖率"]
    same, likely = asked.indicator("森林覆盖率（%）")
    assert [(row.plan, row.value, row.binding) for row in same] == [
        ("sheng", 60, True),
        ("shi", 55, False),
        ("shi-15", 58, False),
    ]
    assert likely == []
    assert same[0].target is not None and same[0].target.number == 60


def test_what_is_only_likely_the_same_stands_apart(tmp_path: Path) -> None:
    """每万人口高价值发明专利拥有量 counts less than 每万人口发明专利拥有量."""
    ours = [
        plan("a", "甲", "", (2021, 2025), [("每万人口发明专利拥有量", "9", False)]),
        plan("b", "乙", "", (2021, 2025), [("每万人口高价值发明专利拥有量", "5", False)]),
    ]
    summarised(tmp_path, ours)
    same, likely = Questions(tmp_path).indicator("每万人口发明专利拥有量")
    assert [row.plan for row in same] == ["a"] and [row.plan for row in likely] == ["b"]


def test_binding_indicators_that_a_lower_plan_lacks(asked: Questions) -> None:
    """Beside a plan stand those of its own period and kind: no sector's beside an outline."""
    assert [place.plan for place in asked.higher("shi")] == ["sheng"]
    assert [(low.plan, high.plan) for low, high in asked.levels()] == [
        ("zhen", "shi-15"),
        ("shi", "sheng"),
    ]
    matched = asked.matched("sheng", "shi")
    beside = [(one.first.name, one.second.value) for one in matched if one.first and one.second]
    assert beside == [("森林覆盖率（%）", 55)]
    lacking = [one.first for one in matched if one.first and not one.second]
    assert [row.name for row in lacking if row.binding] == ["耕地保有量"]


def test_a_plan_of_a_sector_lies_below_one_that_holds_it(asked: Questions) -> None:
    lower = asked.places["shi-wenwu"]
    for kind, first, held in (
        ("文物保护和科技", 2021, True),
        ("", 2021, False),
        ("文物", 2016, False),
    ):
        assert replace(lower, kind=kind, first=first).agrees(lower) == held, (kind, first)


def test_targets_of_one_unit_and_basis_stand_side_by_side(tmp_path: Path) -> None:
    """A level and a growth of one indicator, whichever a plan says first; a plan that says one of
    them has none beside the other, and lacks no indicator."""
    level, growth = indicator("a", "产值总量", "3426"), indicator("a", "产值总量", "5")
    growth = tuple(
        one.replace("PointInTime", "AnnualAverage") if isinstance(one, str) else one
        for one in growth
    )

    def of(slug: str, *rows: tuple[Any, ...]) -> Summary:
        own = [(slug, f"urn:{slug}/产值总量", *row[2:]) for row in rows]
        return replace(plan(slug, "甲", "", (2021, 2025)), indicators=own)

    summarised(tmp_path, [of("a", level, growth), of("b", growth, level), of("c", growth)])
    asked = Questions(tmp_path)

    def values(one: str, other: str) -> list[tuple[float | None, ...]]:
        return [tuple(s.value if s else -1 for s in (m.first, m.second))
            for m in asked.matched(one, other)]  # fmt: skip

    assert values("a", "b") == [(3426, 3426), (5, 5)]
    assert values("a", "c") == [(3426, None), (5, 5)]
    assert values("c", "a") == [(5, 5), (None, 3426)]
    same, _ = asked.indicator("产值总量")
    found = distribution(same)
    assert len(same) == 5 and found is not None and len(found.dots) == 3


def test_gaps_by_province(asked: Questions) -> None:
    """Plans of the same period alone; one that has it by another name of the quantity has it."""
    (found,) = all_gaps(asked)
    assert (found.higher.plan, [low.plan for low in found.lower]) == ("sheng", ["shi"])
    lacking = [(gap.indicator.name, [low.plan for low in gap.lacking]) for gap in found.gaps]
    assert lacking == [("耕地保有量", ["shi"]), ("森林覆盖率（%）", [])]
    assert found.lacking == 1


def test_successive_plans_of_one_area(asked: Questions) -> None:
    assert [(one.plan, other.plan) for one, other in asked.successive()] == [("shi", "shi-15")]
    both = [one for one in asked.matched("shi", "shi-15") if one.first and one.second]
    assert [(one.first and one.first.value, one.second and one.second.value) for one in both] == [
        (55, 58)
    ]
    after = [one.second for one in asked.matched("shi", "shi-15") if one.first is None]
    assert [row and row.name for row in after] == ["新增学位数量"]


@pytest.mark.parametrize(
    ("name", "before", "goal", "comparator", "value", "met"),
    [
        ("森林覆盖率", 50, 55, "Equal", 55, True),
        ("森林覆盖率", 50, 55, "Equal", 54, False),
        ("煤炭消费量", 50, 45, "Equal", 44, True),
        ("失业率", None, 5, "Equal", 6, False),
        ("森林覆盖率", None, 55, "MoreThan", 55, False),
        ("失业率", None, 5, "AtMost", 5, True),
        ("森林覆盖率", None, 55, "Between", 55, None),
    ],
)
def test_what_became_of_a_target(
    asked: Questions,
    name: str,
    before: int | None,
    goal: int,
    comparator: str,
    value: int,
    met: bool | None,
) -> None:
    target = replace(figure(str(goal), 2025, 2025), comparator=comparator)
    base = None if before is None else figure(str(before), 2020, 2020)
    row = asked.of_plan("shi")[0]
    earlier = replace(row, name=name, baseline=base, target=target)
    later = replace(row, baseline=figure(str(value), 2025, 2025))
    assert was_met(earlier, later) is met
    assert was_met(earlier, replace(row, baseline=figure(str(value), 2024, 2024))) is None


def test_what_plans_name_is_one_by_its_key_alone(asked: Questions) -> None:
    """An organ or a division of each of two areas is two; what is one within its area alone may be
    the same beyond it."""
    found, total = asked.shared("institution", "", 10, 0)
    assert total == 1 and (found[0].name, found[0].plans, found[0].measures) == ("云山大学", 2, 2)
    assert asked.shared("institution", "hospital", 10, 0) == ([], 0)
    named, measures = asked.named("institution", "云山大学")
    assert [row.plan for row in named] == ["sheng", "shi"]
    assert [one.title for one in measures] == ["依托云山大学", "依托云山大学"]
    assert [one.name for one in asked.shared("institution", "", 10, 0, sure=False)[0]] == ["妇联"]
    assert len(asked.named("institution", "妇联", sure=False)[0]) == 2
    zones, total = asked.shared("zone", "", 10, 0)
    assert total == 2 and [(one.name, one.plans) for one in zones] == [("青石江", 2), ("云湖", 2)]
    assert asked.types("zone") == {"water": 2}
    assert [(one.name, one.plans) for one in asked.shared("zone", "", 10, 0, sure=False)[0]] == [
        ("青石江", 3)
    ]
    assert [one.title for one in asked.named("zone", "云湖")[1]] == ["依托云湖", "依托云湖"]


def titled(asked: Questions, base: str) -> list[ox.Quad]:
    """The titles of all plans."""
    title, of = ox.NamedNode(str(DCTERMS.title)), ox.NamedNode(f"{base}/graph/x")
    plans = (ox.NamedNode(plan_iri(base, slug)) for slug in asked.places)
    return [ox.Quad(plan, title, ox.Literal("规划", language="zh"), of) for plan in plans]


def test_what_is_released_across_plans(asked: Questions) -> None:
    """The later plan's organisation or zone is the same as the earlier one's; what has no key, and what one
    plan alone names, is not. Datasets of one area follow each other in a series."""
    base = "http://localhost:8000"
    across: dict[str, list[tuple[str, str]]] = {}
    quads = across_plans(asked, base)
    for quad in quads:
        pair = quad.subject.value, quad.object.value
        across.setdefault(quad.predicate.value.rpartition("#")[2], []).append(pair)
    assert across["follows"] == [(f"{base}/id/shi-15", f"{base}/id/shi")]
    assert across["continues"] == [("urn:shi-15/森林覆盖率", "urn:shi/森林覆盖率")]
    said = across["sameAs"]
    assert said == [
        ("urn:shi/云山大学", "urn:sheng/云山大学"),
        ("urn:shi-15/青石江", "urn:shi/青石江"),
        ("urn:shi/云湖", "urn:sheng/云湖"),
    ]
    assert across["higherPlan"] == [
        (f"{base}/id/zhen", f"{base}/id/shi-15"),
        (f"{base}/id/shi", f"{base}/id/sheng"),
    ]
    assert across["higherIndicator"] == [("urn:shi/森林覆盖率", "urn:sheng/森林覆盖率")]
    assert across["sameNameAs"] == [
        ("urn:shi-15/妇联", "urn:shi/妇联"),
        ("urn:shi/青石江", "urn:sheng/青石江"),
        ("urn:shi-15/青石江", "urn:sheng/青石江"),
    ]
    assert dict(across["explanation"])["urn:sheng/云山大学#sameAs"].startswith("2 plans (")
    said_of = {(str(PLAN.sameNameAs), first) for _, first in across["sameNameAs"]}
    said_of |= {(str(OWL.sameAs), first) for _, first in said}
    reasons = [
        (predicate, first)
        for (one, predicate), (other, first) in zip(
            across["predicate"], across["object"], strict=True
        )
        if one == other
    ]
    assert sorted(reasons) == sorted(said_of)
    faults = validate_quads(quads, vocabulary()).results
    assert not [one for one in faults if "#same" in one.focus]
    store = ox.Store()
    store.extend([*quads, *titled(asked, base)])
    store.add(
        ox.Quad(*map(ox.NamedNode, ("urn:sheng/云山大学", str(RDF.type), str(PLAN.Institution))))
    )
    (example,) = (one for one in examples() if "several" in one)
    named = "INSERT DATA { <urn:x> a plan:Plan ; dcterms:title '规划'@zh . " + " ".join(
        f"<{one}> skos:prefLabel '云山大学'@zh ; dcterms:isPartOf <urn:x> ; "
        f"prov:wasQuotedFrom [ plan:text '云山大学'@zh ] ."
        for one in ("urn:sheng/云山大学", "urn:shi/云山大学")
    )
    known = "".join(f"PREFIX {name}: <{iri}> " for name, iri in PREFIXES.items())
    store.update(f"{known}{named} }}")
    assert len([*store.query(example["query"], use_default_graph_as_union=True)]) == 2
    groups = EntityReader(store, "zh").entity("urn:shi/云山大学").outgoing
    (group,) = (one for one in groups if one.property.iri == str(OWL.sameAs))
    assert group.entities[0].explanation.endswith("写有“云山大学”，这一名称只指一处或一家")
    for name, count in {"levels_all": 2, "periods_all": 1, "gaps_all": 0}.items():
        assert len([*store.query(query(name), use_default_graph_as_union=True)]) == count, name
    series = area_series(asked, load_settings())
    of = {
        q.predicate.value.rpartition("#")[2]: (q.subject.value, q.object.value)
        for q in series
        if q.predicate.value.endswith(("#prev", "#inSeries"))
    }
    later, earlier = f"{base}/id/shi-15/dataset", f"{base}/id/shi/dataset"
    assert of["prev"] == (later, earlier)
    assert of["inSeries"][1] == f"{base}/id/catalogue/series/990100"


@pytest.mark.parametrize(
    ("key", "names", "why"),
    [
        ("太湖", ("太湖",), "（甲市、乙县）写有“太湖”，这一名称只指一处或一家"),
        ("320100 ~河西区", ("河西区",), "（甲市、乙县）写有“河西区”，同在江苏省南京市"),
        (
            "320000 江苏省",
            ("江苏", "江苏省"),
            "（甲市、乙县）写有“江苏、江苏省”，都指行政区划江苏省",
        ),
    ],
)
def test_why_names_are_one(key: str, names: Sequence[str], why: str) -> None:
    plans = {"a": SimpleNamespace(area="甲市"), "b": SimpleNamespace(area="乙县")}
    named = [Named(plan, f"urn:{plan}", name) for plan, name in zip(plans, names * 2, strict=False)]
    asked = SimpleNamespace(
        places=plans,
        named_by=lambda kind, sure: {key: named} if kind == "zone" and sure else {},
        successive=list,
        levels=list,
        indicators_of_both=lambda _: [],
    )
    quads = across_plans(cast(Questions, asked), "http://localhost:8000")
    said = {q.object.value for q in quads if q.predicate.value == str(PLAN.explanation)}
    assert f"2份规划{why}" in said


def test_sentences_that_plans_share(asked: Questions) -> None:
    """The earlier plan comes first; a sentence of one plan alone is not listed."""
    assert asked.pairs("", 10) == [
        ("sheng", "shi", 1),
        ("sheng", "shi-15", 1),
        ("shi", "shi-15", 1),
    ]
    assert asked.pairs("青石", 10) == asked.pairs("", 10)
    assert asked.pairs("红河", 10) == []
    ((left, right),) = asked.wordings("sheng", "shi")
    assert (left.text, right.text) == (COPIED, NEARLY) and 0.6 < right.alike < 1
    assert [(one.text, plans) for one, plans in asked.phrases(10)] == [(COPIED, 3)]


@pytest.mark.parametrize("seed", range(6))
def test_wordings_brought_up_to_date_are_those_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Whatever of some plans changed: sentences, their order, the date, or the whole plan."""
    chance = random.Random(seed)
    pool = [f"{one}推动第{n}类{two}建设，到期末建成{n}个以上的示范项目。" for n in range(9)
        for one in ("加快", "大力") for two in ("特色园区", "特色街区", "公共文化场馆")]  # fmt: skip

    def made(number: int) -> Summary:
        said = chance.sample(pool, 6)
        return plan(f"p{number}", "甲", "", (2021, 2025), sentences=[*said, said[0][:-1] + "！"],
            issued=chance.choice(["", "2021-02-01", "2021-09-01"]))  # fmt: skip

    before = [made(number) for number in range(12)]
    monkeypatch.setattr(summaries, "_ANEW", 0.5)  # of so few plans
    changed, gone, moved = chance.sample(range(12), 3)
    after = [made(one) if at == changed else one for at, one in enumerate(before) if at != gone]
    at = moved - (gone < moved)
    if at != changed - (gone < changed):
        last = after[at].sentences
        after[at] = replace(after[at], sentences=[replace(last[-1], text="新" + last[0].text),
            *(replace(one, iri=f"{one.iri}-b", start=one.start + 9) for one in last)])  # fmt: skip
    after.append(made(12))
    summarised(tmp_path / "before", before)
    summarised(tmp_path / "after", after, tmp_path / "before")
    summarised(tmp_path / "anew", after)
    assert shared_in(tmp_path / "after") == shared_in(tmp_path / "anew")
    assert shared_in(tmp_path / "after") != shared_in(tmp_path / "before")


def test_who_names_a_term(asked: Questions) -> None:
    found = asked.naming("创新街区")
    assert [(one.plan, one.sentences) for one in found] == [
        ("sheng", 1),
        ("shi", 1),
        ("shi-15", 1),
    ]
    assert found[0].text == COPIED
    assert asked.naming("厂房")[0].plan == "sheng"  # a word of two characters
    assert asked.naming("无此词语") == [] and asked.naming("，") == []


def valued(plan: str, value: float | None, unit: str = "percent") -> Any:
    number = None if value is None else Decimal(str(value))
    target = Figure(
        "urn:t", number, "", f"urn:ns#unit-{unit}", "Equal", "PointInTime", 2025, 2025, ""
    )
    return IndicatorRow(
        plan, f"urn:{plan}", "", "", "", 1, "", False, None, target, value, "", "", ""
    )


def test_values_far_from_the_others() -> None:
    near = [valued(f"p{i}", 50 + i) for i in range(6)]
    far, other, none = valued("far", 95), valued("o", 5, "tonne"), valued("n", None)
    found = distribution([*near, far, other, none])
    assert found is not None
    assert found.far == [far] and found.apart == [other, none]
    assert (found.low, found.high, found.middle) == (50, 95, 53)
    few = distribution([valued("a", 1), valued("b", 90)])
    assert few is not None and few.far is None  # too few to tell
    assert distribution([far, other]) is None  # nothing can be compared
    found = distribution([
        valued("a", 4500, "hundred-million-yuan"), valued("b", 260, "hundred-million-yuan"),
        valued("c", 4.2, "trillion-yuan"),
    ])  # fmt: skip
    assert found is not None and (found.low, found.high) == (260, 42000)


def test_a_place_is_not_one_of_a_like_name() -> None:
    for area, name in (("临泽县", "临泽县"), ("临泽市", None), ("天津红桥区", "红桥区")):
        plan: Any = SimpleNamespace(area=area, period=(2026, 2030), level="")
        found = division_of(plan)
        assert (found and found.name) == name


def test_only_what_has_a_place_is_on_the_map(asked: Questions) -> None:
    same, _ = asked.indicator("森林覆盖率")
    found = distribution(same)
    assert found is not None
    drawn = drawn_map(found, asked.places)
    assert drawn is not None and len(drawn.dots) == 3
    assert all(0 < dot.x < drawn.width and 0 < dot.y < drawn.height for dot in drawn.dots)
    placeless = distribution([valued("yuan", 1), replace(valued("yuan", 2), iri="urn:o")])
    assert placeless is not None and drawn_map(placeless, asked.places) is None
