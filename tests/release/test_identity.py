"""Five releases of a plan whose text changes each time: no IRI comes to mean another thing."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from support import ask, run, serving_pages

from kg.rdf.quads import read_quads
from kg.release.manifest import read_manifest
from kg.source.plan import load_plan

PLAN = """第一章 主要目标
——产业能级明显提升。先进制造业集群加快形成。
——生态环境持续改善。空气质量稳定达标。
第二章 建设现代化产业体系
第一节 壮大先进制造业
建设墨池产业园。扩建青石科技产业园，引进配套企业。到2025年，国家高新技术企业达到120家。
第二节 提升服务业
改造云湖商业街，培育夜间经济。支持云湖工业大学建设技术转移中心。
第三章 建设美丽家园
第一节 改善环境
整治柳埠河，修复沿岸湿地。新建口袋公园20个。
第二节 完善设施
修建栖霞渡大桥。改造老旧供水管网，保障饮水安全。
"""
# what each sentence or name is about, whatever else of it changes
SUBJECTS = (
    "墨池产业园", "青石科技产业园", "云湖商业街", "云湖工业大学", "柳埠河", "口袋公园", "栖霞渡大桥",
    "供水管网", "高新技术企业", "产业能级", "生态环境", "清石科技产业园", "粮食仓库", "先进制造业",
    "提升服务业", "改善环境", "完善设施", "美丽家园", "现代化产业体系", "主要目标",
)  # fmt: skip
CHANGES = (
    # inserted before others
    ("建设墨池产业园。", "新建粮食仓库。建设墨池产业园。"),
    # deleted, and a homophone added
    ("修建栖霞渡大桥。", ""),
    ("新建粮食仓库。", "加快清石科技产业园建设。新建粮食仓库。"),
    # reworded, and a number changed
    ("改造云湖商业街，培育夜间经济。", "改造提升云湖商业街，培育夜间经济。"),
    ("达到120家", "达到150家"),
    # split
    ("整治柳埠河，修复沿岸湿地。", "整治柳埠河。修复沿岸湿地。"),
    # moved to another section
    ("新建口袋公园20个。", ""),
    ("改造云湖商业街", "新建口袋公园20个。改造云湖商业街"),
)  # fmt: skip
MERGED = """[[correction]]
action = "rename"
kind = "zone"
name = "清石科技产业园"
to = "青石科技产业园"
reason = "同一园区的两种写法"
"""
SWAPPED = ("第一节 改善环境", "第二节 完善设施")
KINDS = ("measure", "section", "goal", "zone", "institution", "indicator", "target")


def texts() -> Iterator[str]:
    """The text of each release."""
    text = PLAN
    yield text
    for steps in ([0], [1, 2, 6, 7], [3, 4], [5]):
        for before, after in (CHANGES[step] for step in steps):
            assert before in text
            text = text.replace(before, after)
        if steps == [5]:
            first, second = (text.index(heading) for heading in SWAPPED)
            one = text[first:second].replace("第一节", "第二节")
            text = text[:first] + text[second:].replace("第二节", "第一节") + one
        yield text


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The folder of a plan and that of its releases."""
    root = tmp_path_factory.mktemp("identity")
    folder, out = root / "plan", root / "out"
    folder.mkdir()
    (folder / "plan.toml").write_text(
        'slug = "qingshi-2021"\ntitle = "青石县国民经济和社会发展第十四个五年规划纲要"\n'
        'issuer = "青石县人民政府"\narea = "青石县"\nperiod = [2021, 2025]\nsource = "source.txt"\n',
        encoding="utf-8",
    )
    for number, text in enumerate(texts(), 1):
        (folder / "source.txt").write_text(text, encoding="utf-8")
        (folder / "corrections.toml").write_text(MERGED if number == 5 else "", encoding="utf-8")
        done = run("publish", folder, "--out", out)
        assert done.returncode == 0, done.stderr
        if number == 1:
            for table in (
                "举措,进展,来源\n2.1.1,已完成,2022年工作报告\n",
                "指标,时期,数值,来源\n国家高新技术企业数量,2022,90,2022年公报\n",
            ):
                sheet = root / "entered.csv"
                sheet.write_text(table, encoding="utf-8")
                entered = run("observe", folder, sheet, "--by", "统计局")
                assert entered.returncode == 0, entered.stdout + entered.stderr
    return folder, out


def meanings(release: Path) -> dict[str, str]:
    """What each IRI of a release is about: the subject in its words."""
    found: dict[str, str] = {}
    words: dict[str, str] = {}
    (dump,) = (release / "dumps").glob("qingshi-2021.nq*")
    for quad in read_quads(dump):
        name = str(quad.predicate).rstrip(">").rpartition("#")[2].rpartition("/")[2]
        if name in ("prefLabel", "text", "heading") and isinstance(quad.object, ox.Literal):
            words.setdefault(quad.subject.value, quad.object.value)
    for iri, text in words.items():
        kind = iri.split("/id/qingshi-2021/")[-1].split("/")[0]
        about = [subject for subject in SUBJECTS if subject in text]
        if kind in KINDS and about:
            found[iri] = about[0]
        elif kind == "passage":
            found[iri] = text
    return found


def test_no_iri_changes_its_meaning(releases: tuple[Path, Path]) -> None:
    meant: dict[str, str] = {}
    for number in range(1, 6):
        of_release = meanings(releases[1] / "releases" / str(number))
        kinds = {iri.split("/id/qingshi-2021/")[-1].split("/")[0] for iri in of_release}
        assert kinds >= {"measure", "section", "goal", "zone", "passage"}, number
        changed = {i: (meant[i], of_release[i]) for i in of_release if i in meant}
        assert {i: pair for i, pair in changed.items() if pair[0] != pair[1]} == {}, number
        meant |= of_release


def test_what_stays_in_the_plan_keeps_its_iri(releases: tuple[Path, Path]) -> None:
    def of_subjects(number: int) -> dict[tuple[str, str], str]:
        return {
            (iri.split("/id/qingshi-2021/")[-1].split("/")[0], about): iri
            for iri, about in meanings(releases[1] / "releases" / str(number)).items()
            if "/passage/" not in iri
        }

    first, last = of_subjects(1), of_subjects(5)
    lost = {key for key in first if key not in last or last[key] != first[key]}
    assert {about for _, about in lost} <= {"栖霞渡大桥"}
    assert ("measure", "栖霞渡大桥") in lost


def test_all_that_was_withdrawn_is_gone_with_its_successor(releases: tuple[Path, Path]) -> None:
    out = releases[1]
    last = json.loads((out / "current" / "manifest.json").read_text("utf-8"))
    removed = {entry["iri"]: entry for entry in last["removed"]}
    now = set(meanings(out / "current"))
    for number in range(1, 5):
        for iri in set(meanings(out / "releases" / str(number))) - now:
            assert iri in removed, iri
    kinds = {iri.split("/id/qingshi-2021/")[-1].split("/")[0] for iri in removed}
    assert kinds >= {"measure", "passage", "link"}
    succeeded = [e for i, e in removed.items() if "/passage/" in i and e["successor"]]
    assert succeeded
    assert {entry["successor"] for entry in succeeded} <= now
    merged = next(iri for iri in removed if iri.endswith("/zone/qing-shi-ke-ji-chan-ye-yuan-2"))
    assert removed[merged]["successor"] == merged.removesuffix("-2")


def test_what_was_withdrawn_is_cited_from_the_release_where_it_last_stood(
    releases: tuple[Path, Path],
) -> None:
    out = releases[1]
    last = json.loads((out / "current" / "manifest.json").read_text("utf-8"))
    gone = next(e for e in last["removed"] if "/passage/" in e["iri"] and e["release"] == 5)
    done = run("cite", out, gone["iri"])
    assert done.returncode == 0, done.stderr
    assert "第4次发布" in done.stdout


def test_what_was_entered_stays_with_its_thing(releases: tuple[Path, Path]) -> None:
    query = """PREFIX plan: <https://w3id.org/planlink/ns#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?label ?number { ?m plan:hasState ?s ; skos:prefLabel ?label ; plan:number ?number }"""
    values = """PREFIX plan: <https://w3id.org/planlink/ns#>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT DISTINCT ?label ?value { ?v a plan:ActualValue ; plan:value ?value ;
          plan:ofIndicator ?i . ?i skos:prefLabel ?label }"""
    store = ox.Store.read_only(str((releases[1] / "current").resolve() / "store"))
    found = store.query(query, use_default_graph_as_union=True)
    ((label, number),) = {(row["label"].value, row["number"].value) for row in found}
    assert "墨池产业园" in label
    assert number == "2.1.3"
    found = store.query(values, use_default_graph_as_union=True)
    assert {(row["label"].value, row["value"].value) for row in found} == {
        ("国家高新技术企业数量", "90")
    }


def test_an_unchanged_publish_writes_no_register(releases: tuple[Path, Path]) -> None:
    folder, out = releases
    before = (folder / "identifiers.csv").read_bytes()
    done = run("publish", folder, "--out", out)
    assert done.returncode == 0, done.stderr
    assert (folder / "identifiers.csv").read_bytes() == before


def test_a_register_that_is_lost_is_put_back(releases: tuple[Path, Path], tmp_path: Path) -> None:
    """Without it identifiers that were withdrawn would be given to other things."""
    folder, out = (tmp_path / one.name for one in releases)
    for there, copy in zip(releases, (folder, out), strict=True):
        shutil.copytree(there, copy, symlinks=True)
    register = folder / "identifiers.csv"
    before = register.read_bytes()
    for left in (b"", b"".join(before.splitlines(keepends=True)[:9])):  # gone, and from a backup
        register.write_bytes(left) if left else register.unlink()
        with (folder / "source.txt").open("a", encoding="utf-8") as source:
            source.write("\n")
        done = run("publish", folder, "--out", out)
        assert done.returncode == 0 and "are put back" in done.stderr, done.stderr
        assert set(before.splitlines()) <= set(register.read_bytes().splitlines())
    register.unlink()
    shutil.rmtree(out / ".compiled")
    done = run("publish", folder, "--out", out)
    assert done.returncode == 2 and "from a backup" in done.stderr, done.stderr
    assert not register.exists()


@pytest.mark.parametrize(
    ("before", "after", "text", "refused"),
    [
        ('area = "青石县"', 'area = "红桥区"', "\n", True),
        ("国民经济和社会发展第十四个五年规划纲要", "“十四五”养老服务规划", "\n", True),
        ("[2021, 2025]", "[2026, 2030]", "\n", True),
        ("国民经济和社会发展第十四个五年规划纲要", "“十四五”规划纲要", "\n", False),
        ('area = "青石县"', 'area = "青岩县"', "", False),
    ],
    ids=["area", "kind", "period", "title corrected", "area of the same text corrected"],
)
def test_another_plan_does_not_take_the_place_of_one(
    releases: tuple[Path, Path], tmp_path: Path, before: str, after: str, text: str, refused: bool
) -> None:
    """Its IRIs would be given to what the other has, and its register to the other's folder."""
    folder, out = (tmp_path / one.name for one in releases)
    for there, copy in zip(releases, (folder, out), strict=True):
        shutil.copytree(there, copy, symlinks=True)
    path, register = folder / "plan.toml", folder / "identifiers.csv"
    about = path.read_text(encoding="utf-8")
    assert before in about
    path.write_text(about.replace(before, after), encoding="utf-8")
    with (folder / "source.txt").open("a", encoding="utf-8") as source:
        source.write(text)
    if refused:
        register.unlink()
    done = run("publish", folder, "--out", out)
    if not refused:
        assert done.returncode == 0, done.stderr
        return
    assert done.returncode == 2 and done.stderr.count("\n") == 1, done.stderr
    assert "青石县国民经济和社会发展第十四个五年规划纲要 is released, and this is" in done.stderr
    assert "a slug of its own" in done.stderr and not register.exists()
    done = run("publish", folder, "--out", out, "--remove", "qingshi-2021")
    assert done.returncode == 0 and "put back" not in done.stderr, done.stderr
    (now,) = read_manifest(out / "current").plans
    plan = load_plan(folder)
    assert (now.area, now.title, now.period) == (plan.area, plan.title, plan.period)


def test_what_a_failed_plan_was_to_replace_stays(
    releases: tuple[Path, Path], tmp_path: Path
) -> None:
    folder, out = (tmp_path / one.name for one in releases)
    for there, copy in zip(releases, (folder, out), strict=True):
        shutil.copytree(there, copy, symlinks=True)
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    about = (folder / "plan.toml").read_text(encoding="utf-8")
    (other / "plan.toml").write_text(about.replace("qingshi-2021", "other-2021"), "utf-8")
    (other / "identifiers.csv").unlink(missing_ok=True)
    (folder / "source.txt").write_bytes(b"")
    done = run("publish", folder, other, "--out", out, "--remove", "qingshi-2021")
    assert done.returncode == 1 and str(folder) in done.stderr, done.stderr
    assert {plan.slug for plan in read_manifest(out / "current").plans} == {
        "qingshi-2021",
        "other-2021",
    }


def test_former_iris_answer_that_they_are_gone(releases: tuple[Path, Path]) -> None:
    removed = json.loads((releases[1] / "current" / "manifest.json").read_text("utf-8"))["removed"]
    with serving_pages(releases[1]) as address:
        for kind in ("measure", "passage", "link"):
            entry = next(e for e in removed if f"/{kind}/" in e["iri"])
            path = entry["iri"].split("/id/")[1]
            status, _, page = ask(f"{address}/id/{path}")
            assert status == 410, path
            assert entry["date"] in page.decode(), path
        merged = f"{address}/page/qingshi-2021/zone/qing-shi-ke-ji-chan-ye-yuan-2"
        status, _, page = ask(merged, Accept="text/html")
        assert status == 410 and ">青石科技产业园</a>" in page.decode()
        told = next(e for e in removed if e["iri"].endswith("/zone/qing-shi-ke-ji-chan-ye-yuan-2"))
        _, _, page = ask(f"{address}/releases/{told['release']}", Accept="text/html")
        assert " → 青石科技产业园</a>" in page.decode(), "what has its place is named beside it"
