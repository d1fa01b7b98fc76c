"""Corrections, cross-checks and the review list."""

from __future__ import annotations

import csv
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from support import FLAGSHIP, TOKEN, form_key, run, serving_pages

from kg.document.structure import read_document
from kg.errors import PlanlinkError
from kg.extract.extraction import extract
from kg.extract.model import Entity, Extraction, Indicator, Measure
from kg.link.applying import apply_corrections, decide_links
from kg.link.corrections import Correction, load_corrections, record, withdraw
from kg.link.crosscheck import cross_check
from kg.link.links import link
from kg.link.model import Link, Linked
from kg.link.reading import read_plan
from kg.link.suggestions import Suggestion, add_suggestions
from kg.rdf.iris import Node
from kg.source.plan import Plan, load_plan
from kg.source.text import Erratum, Span


@pytest.fixture(scope="module")
def plan() -> Plan:
    return load_plan(FLAGSHIP)


def test_every_correction_of_the_flagship_applies(plan: Plan) -> None:
    document = read_document(plan.source, "x", plan.errata)
    before = extract(document, plan.period, plan.area)
    applied = apply_corrections(document, before, load_corrections(FLAGSHIP), plan.period)
    assert not applied.idle
    names = {e.name: e for e in (*applied.extraction.zones, *applied.extraction.institutions)}
    assert "北洋大学旧址" in names["北洋大学堂旧址"].aliases
    assert "新疆" not in names
    assert names["西站前广场"].type == "land-plot"
    assert any(document.published(m) == "三条石" for m in names["三条石"].mentions)
    assert "全力推动大胡同地区开发建设" in {m.title for m in applied.extraction.measures}
    name = "15分钟健身圈"  # its closing quotation mark is put in by an erratum
    start = plan.source.index(name)
    assert document.marked(Span(start, start + len(name))) == name


def test_corrections_hold_when_the_text_has_moved(plan: Plan) -> None:
    added, at = "\n本文有所增补。\n\n", plan.source.index("第一章红桥区")
    moved = plan.source[:at] + added + plan.source[at:]
    errata = tuple(_shifted(e, len(added)) if e.span.start >= at else e for e in plan.errata)
    document = read_document(moved, "x", errata)
    applied = apply_corrections(
        document,
        extract(document, plan.period, plan.area),
        load_corrections(FLAGSHIP),
        plan.period,
    )
    assert not applied.idle


def _shifted(erratum: Erratum, by: int) -> Erratum:
    span = Span(erratum.span.start + by, erratum.span.end + by)
    return replace(erratum, span=span)


def test_a_correction_that_finds_nothing_is_told(small_copy: Path, tmp_path: Path) -> None:
    folder = small_copy
    entry = '[[correction]]\naction = "reject"\nkind = "zone"\nname = "{}"\nreason = "test"\n'
    entries = entry.format("无此地") + entry.format("无此地" * 500)
    entries += entry.replace("reject", "split").format("柳埠河") + 'to = "无此河"\n'
    for action in ("accept", "reject"):  # as the page records that one thinks again
        entries += entry.replace("reject", action).format("墨池创新谷") + "at = 2026-03-08\n"
    (folder / "corrections.toml").write_text(entries, encoding="utf-8")
    done = run("publish", folder, "--out", tmp_path / "out")
    assert done.returncode == 0
    assert "correction 1: finds nothing to correct (无此地)" in done.stderr
    assert "correction 2: finds nothing to correct (无此地无此地" in done.stderr
    assert "correction 3: finds nothing to correct (柳埠河 → 无此河)" in done.stderr
    assert "correction 5: replaces correction 4 (墨池创新谷)" in done.stderr
    assert max(map(len, done.stderr.splitlines())) < 300


_REJECTS = "action = 'reject'\nkind = 'zone'\nname = '柳埠河'\nreason = 'x'\n"
_RENAMES = _REJECTS.replace("reject", "rename")


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ('action = "burn"', "action is 'burn'"),
        ('action = "reject"\nkind = "zone"\nname = "x"', "reason is missing"),
        ("action =", "no TOML"),
        (
            'action = "retype"\nkind = "measure"\nname = "x"\nreason = "x"',
            "kind is 'measure'; retype is for one of zone, institution",
        ),
        (
            _REJECTS.replace("zone", "zoen"),
            "correction 1: kind is 'zoen'; reject is for one of zone",
        ),
        (
            f"{_REJECTS}resaon2 = 'x'\n",
            "correction 1: there is no key 'resaon2'; its keys are action",
        ),
        (
            f"{_REJECTS}at = '2026-02-30'\n",
            "correction 1: at is '2026-02-30'; give a day or a time",
        ),
        (f"{_REJECTS}at = 2099-01-01\n", "correction 1: at is '2099-01-01'; give a day"),
        (
            f"{_REJECTS}[[correction]]\n{_REJECTS.replace('reject', 'accept')}",
            "correction 2: accept of '柳埠河' contradicts reject in correction 1",
        ),
        (
            "[[correction]]\n".join(f"{_RENAMES}to = '{to}'\n" for to in "甲乙"),
            "correction 2: rename of '柳埠河' contradicts rename in correction 1",
        ),
    ],
)
def test_broken_corrections(small_copy: Path, tmp_path: Path, entry: str, says: str) -> None:
    folder = small_copy
    (folder / "corrections.toml").write_text(f"[[correction]]\n{entry}\n", encoding="utf-8")
    done = run("publish", folder, "--out", tmp_path / "out")
    assert done.returncode == 2 and says in done.stderr.splitlines()[-1]


def test_findings_of_the_flagship(plan: Plan) -> None:
    document = read_document(plan.source, "x", plan.errata)
    findings = cross_check(link(document, extract(document, plan.period, plan.area)))
    told = {(f.kind, f.about[0].key): f for f in findings}
    assert ("TextAndTableDisagree", "4.1.5-5") in told
    assert "[8.5]低于基期值[15.5]" in told["TargetBelowBaseline", "16"].zh
    assert {key for kind, key in told if kind == "GoalWithoutIndicator"} == {"2", "3", "4", "7"}
    assert all(f.evidence and f.zh and f.en for f in findings)
    assert len(told) == len(findings)


def kinds(plan: Plan, source: str) -> list[str]:
    """The kinds of what is found in a plan's text."""
    document = read_document(source, "x")
    return [f.kind for f in cross_check(link(document, extract(document, plan.period, plan.area)))]


@pytest.fixture(scope="module")
def as_published(plan: Plan) -> list[str]:
    return kinds(plan, plan.source)


@pytest.mark.parametrize(
    "changes",
    [  # of one text as many as do not touch one another: to read it takes a second
        [
            ("年均新增就业1.7万人", "年均新增就业2.7万人", "SumDisagrees"),
            ("国家高新技术企业达到140家", "国家高新技术企业达到150家", "TextAndTableDisagree"),
            ("33.48\n\n36.31", "33.48\n\n30.31", "TargetBelowBaseline"),
            (
                "每千名老人拥有养老床位数达到35张",
                "每千名老人拥有养老床位数年均35张",
                "AverageOfStock",
            ),
        ],
        [
            ("国家高新技术企业达到140家", "国家高新技术企业达到140公里", "UnitChanges"),
            ("绿地率33.48%", "绿地率35.48%", "ReviewAndBaselineDisagree"),
        ],
    ],
)
def test_each_finding_can_be_made(
    plan: Plan, as_published: list[str], changes: list[tuple[str, str, str]]
) -> None:
    source = plan.source
    for old, new, _ in changes:
        assert old in source
        source = source.replace(old, new)
    found = kinds(plan, source)
    for _, _, kind in changes:
        assert found.count(kind) == as_published.count(kind) + 1, kind


def test_review_lists_what_is_doubtful(tmp_path: Path) -> None:
    done = run("review", FLAGSHIP, "--output", tmp_path / "review.csv")
    assert done.returncode == 0, done.stderr
    source = (FLAGSHIP / "source.txt").read_text(encoding="utf-8")
    rows = list(csv.DictReader((tmp_path / "review.csv").open(encoding="utf-8-sig", newline="")))
    assert {r["doubt"] for r in rows} >= {
        "a number but no target",
        "an uncertain name",
        "a link with a low score",
    }
    assert any("6支" in r["about"] for r in rows)
    sure = [float(r["confidence"] or "inf") for r in rows]
    assert sure == sorted(sure) and sure[0] < 0.8
    for r in rows:
        if r["doubt"] == "an uncertain name":
            assert float(r["confidence"]) < 0.8
            assert source[int(r["start"]) : int(r["end"])]


def test_a_person_chooses_a_chapters_goal(plan: Plan) -> None:
    reading = read_plan(plan, lambda _: None, lambda _: None)
    chosen = [
        x for x in reading.linked.links if x.subject.key == "3" and x.predicate == "supportsGoal"
    ]
    assert [(x.object.key, x.method, x.score) for x in chosen] == [("1", "ReviewedByPerson", None)]
    assert "第三章建设各经济功能区" in chosen[0].explanation
    inherited = [
        x
        for x in reading.linked.links
        if x.subject.key.startswith("3.1.") and x.predicate == "supportsGoal"
    ]
    assert {(x.object.key, x.method) for x in inherited} == {("1", "ReviewedSection")}


def test_decisions_are_taken_in_the_running_server(
    small_copy: Path, own_small_release: Path, tmp_path: Path
) -> None:
    folder, sentence = small_copy, "深入推进柳埠河综合治理,新建口袋公园20个。"  # as it is read
    add_suggestions(
        folder,
        [
            Suggestion("reject", "zone", sentence, "m, http://localhost", name="柳埠河"),
            Suggestion("rename", "zone", sentence, "m, http://localhost", name="柳埠河", to="柳河"),
        ],
    )

    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def get(address: str) -> str:
        with browser.open(address) as answer:
            return str(answer.read().decode())

    def post(address: str, **form: str) -> tuple[int, str]:
        try:
            with browser.open(address, data=urllib.parse.urlencode(form).encode()) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    wish = {
        "action": "rename",
        "kind": "zone",
        "name": "墨池创新谷",
        "value": "墨池谷",
        "reason": "“测试”",
    }
    access = {"PLANLINK_PLANS": str(folder.parent), "PLANLINK_TOKEN": TOKEN}
    with serving_pages(own_small_release, **access) as server:
        page = f"{server}/review/qinghe-2026"
        found = f"{page}?q={urllib.parse.quote('柳埠河')}"  # a page lists forty points
        assert "<mark>柳埠河</mark>" in get(found) and 'name="action"' not in get(found)
        assert re.search("比例：[^<]*83%", get(f"{page}?show=things&q=83"))
        assert post(page, **wish)[0] == 403
        assert post(f"{page}/session", token="guess")[0] == 403
        shown = post(f"{page}/session", token=TOKEN)[1]
        assert 'name="action"' in shown
        assert post(page, **wish)[0] == 403, "a form of no page of ours"
        wish |= (key := {"csrf": form_key(shown)})
        assert post(page, **{**wish, "action": "burn"})[0] == 400
        assert post(page, **{**wish, "reason": ""})[0] == 400
        assert post(page, **{**wish, "action": "retype", "value": "castle"})[0] == 400
        assert not (folder / "corrections.toml").exists()
        status, shown = post(page, **wish)
        assert status == 200
        assert "<mark>墨池创新谷</mark>" not in get(found)
        assert "由m, http://localhost建议" in shown and shown.count('name="suggestion"') == 2
        assert post(page, **key, suggestion="1", accept="", reason="")[0] == 400
        assert post(page, **key, suggestion="1", accept="", reason="核对")[0] == 200
        assert 'name="suggestion"' not in post(page, **key, suggestion="2", reject="")[1]
        assert post(page, **key, suggestion="2", accept="", reason="核对")[0] == 400
        for action, value, told in (
            ("rename", "", "请填写“新名称”"),
            ("merge", "", "请填写“并入”"),
            ("merge", "某园", "没有可并入的“某园”"),
        ):
            assert told in post(page, **wish | {"action": action, "value": value})[1]
        kept = {
            "asked_kind": "zone",
            "asked_name": "栖霞渡科技产业园",
            "kind": "zone",
            "name": "栖霞渡科技产业园",
        }
        status, shown = post(
            page, **key, **kept, action="retype", type="castle", reason="要留住的话"
        )
        assert status == 400 and "castle" in shown and 'value="要留住的话"' in shown
        shown = get(f"{page}?show=preview")
        assert all(f">{name} · " in shown for name in ("墨池创新谷", "墨池谷"))
        shown = get(f"{page}?show=decisions")
        made = re.findall(r'name="withdraw" value="(\d+)">\s*<input [^>]*value="([^"]+)"', shown)
        taken = (folder / "corrections.toml").read_text(encoding="utf-8")
        assert post(page, **key, withdraw=made[0][0], at="2001-01-01")[0] == 400
        assert post(page, **key, withdraw=made[0][0], at=made[0][1].replace("&#43;", "+"))[0] == 200
        assert (folder / "corrections.toml").read_text(encoding="utf-8") != taken
    done = run("publish", folder, "--out", tmp_path / "out")
    assert done.returncode == 0 and "finds nothing" not in done.stderr
    asked = run(
        "query",
        tmp_path / "out",
        'SELECT ?a { ?z skos:prefLabel "墨池谷"@zh ; skos:altLabel ?a }',
        "--format",
        "csv",
    )
    assert "墨池创新谷" in asked.stdout


def test_a_decision_is_taken_back_and_the_others_stay_as_written(tmp_path: Path) -> None:
    entry = {"action": "reject", "kind": "zone", "reason": "不是地名"}
    first = record(tmp_path, {**entry, "name": "甲"}, "a")
    path = tmp_path / "corrections.toml"
    path.write_text(f"# kept\n{path.read_text(encoding='utf-8')}# of both\n", encoding="utf-8")
    record(tmp_path, {**entry, "name": "[[correction]]"}, "b")
    second = path.read_text(encoding="utf-8").partition("# of both\n")[2]
    with pytest.raises(PlanlinkError, match="no such correction"):
        withdraw(tmp_path, 2, "2001-01-01T00:00:00+00:00")
    assert withdraw(tmp_path, 1, first.at).name == "甲"
    assert path.read_text(encoding="utf-8") == f"# kept\n{second.lstrip()}"
    assert [one.name for one in load_corrections(tmp_path)] == ["[[correction]]"]


def test_two_things_read_as_one_are_split() -> None:
    source = "第一章 任务\n建设青禾产业园。建设青禾园区。\n"
    document = read_document(source, "plan")
    spans = [
        Span(source.find(words), source.find(words) + len(words))
        for words in ("青禾产业园", "青禾园区")
    ]
    zone = Entity("青禾产业园", "zone", "park", spans, {"青禾园区"})
    found = Extraction((), (), (), (), (), (zone,), (), ())
    split = Correction(1, "split", "zone", "两个园区", "青禾产业园", to="青禾园区")
    applied = apply_corrections(document, found, (split, replace(split, ordinal=2)), (2021, 2025))
    assert [one.ordinal for one in applied.made] == [1]
    assert [(z.name, z.mentions, z.aliases) for z in applied.extraction.zones] == [
        ("青禾产业园", spans[:1], set()),
        ("青禾园区", spans[1:], set()),
    ]


@pytest.mark.parametrize(("kind", "made"), [("institution", 1), ("zone", 0), ("measure", 0)])
def test_an_institution_is_accepted_as_one_alone(kind: str, made: int) -> None:
    document = read_document("第一章 任务\n建设青禾产业园。\n", "plan")
    found = Extraction(
        (), (), (), (), (), (), (Entity("青禾局", "institution", "body", [Span(9, 12)]),), ()
    )
    accepted = Correction(1, "accept", kind, "确有此机构", "青禾局")
    applied = apply_corrections(document, found, (accepted,), (2021, 2025))
    assert (len(applied.made), len(applied.idle)) == (made, 1 - made)


@pytest.mark.parametrize("twin", [True, False])
def test_a_person_says_that_a_measure_serves_an_indicator(twin: bool) -> None:
    measure = Measure("4.1.1", "4.1", "举措", Span(0, 9), Span(0, 2))
    row = Indicator("6", "指标", Span(20, 22), None, number=6)
    found = Extraction((), (measure,), (row,), (), (), (), (), ())
    ends = Node("measure", "4.1.1"), Node("indicator", "6")
    near = Link(ends[0], "concerns", ends[1], "SubjectWords", (Span(0, 9),), Decimal("0.2"))
    identifiers = {("measure", "4.1.1"): "4.1.1", ("indicator", "6"): "six"}
    name = "measure 4.1.1 contributesTo indicator six"
    decided = Correction(1, "add", "link", "推动。", name)
    unknown = Correction(2, "add", "link", "推动。", name.replace("six", "seven"))
    linked, made, idle = decide_links(
        Linked(found, (near,) * twin, {}), (decided, unknown), identifiers
    )
    assert (made, idle) == ((decided,), (unknown,))
    (one,) = linked.links
    assert (one.predicate, one.method, one.evidence) == (
        "contributesTo",
        "ReviewedByPerson",
        (Span(0, 9),),
    )
    assert "推动。" in one.explanation


def test_a_plan_that_is_not_published_is_shown_after_signing_in(
    own_small_release: Path, small_copy: Path
) -> None:
    slug, told = "qinghe-unpublished", "青禾区"
    toml = small_copy / "plan.toml"
    toml.write_text(toml.read_text("utf-8").replace("qinghe-2026", slug), encoding="utf-8")
    assert told in (small_copy / "source.txt").read_text(encoding="utf-8")
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    settings = {"PLANLINK_PLANS": str(small_copy.parent), "PLANLINK_TOKEN": TOKEN}
    with serving_pages(own_small_release, **settings) as server:
        page = f"{server}/review/{slug}"
        with pytest.raises(urllib.error.HTTPError) as refused:
            browser.open(page)
        shown = refused.value.read().decode()
        assert refused.value.code == 403
        assert 'name="token"' in shown
        assert told not in shown
        wrong = urllib.request.Request(
            f"{page}/session", b"token=guess", {"Accept": "text/html", "Accept-Language": "zh"}
        )
        with pytest.raises(urllib.error.HTTPError) as refused:
            browser.open(wrong)
        shown = refused.value.read().decode()
        assert refused.value.code == 403 and "令牌不对" in shown and told not in shown
        with browser.open(
            f"{page}/session", data=urllib.parse.urlencode({"token": TOKEN}).encode()
        ) as answer:
            assert "<mark>" in answer.read().decode()


def test_without_a_token_there_is_no_review_page(server: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{server}/review/hongqiao-2021")
