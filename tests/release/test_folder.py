"""The folder of releases: what a publish keeps, what it adds, what it leaves when it is killed or
fails at any moment, and how damage shows.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from moments import EVERY, failing, moments, watching
from support import ROOT, TOKEN, form_key, pages

from kg.cli import main
from kg.errors import PlanlinkError
from kg.export.package import export_files
from kg.pipeline import compile_plan
from kg.rdf.quads import read_quads
from kg.release import assemble, edition, void
from kg.release.assemble import CACHE, Publishing
from kg.release.cache import Cache
from kg.release.check import faults
from kg.release.compiled import Compiled
from kg.release.folder import only_publisher, roll_back
from kg.release.history import ReleaseChanges
from kg.release.jobs import Jobs
from kg.release.manifest import Manifest, numbers, read_manifest
from kg.release.search import Index
from kg.release.store import open_store
from kg.release.swap import swapping
from kg.release.void import released_statistics
from kg.settings import Limits, Settings, Site, Token
from kg.source.plan import load_plan
from kg.web.released import Release

TEXT = """第一章 主要目标
——产业能级明显提升。先进制造业集群加快形成。
第二章 建设现代化产业体系
第一节 壮大先进制造业
建设墨池产业园。扩建青石科技产业园，引进配套企业。到2025年，国家高新技术企业达到120家。
"""
TABLE = """第三章 主要指标
| 序号 | 指标 | 单位 | 2020年 | 2025年 | 属性 |
|---|---|---|---|---|---|
| 1 | 空气优良天数比例 | % | 80 | 85 | 约束性 |
| 2 | 国家高新技术企业数量 | 家 | 60 | 120 | 预期性 |
"""
LESS = TEXT.replace("到2025年，国家高新技术企业达到120家。", "")
MORE = "支持云湖工业大学建设技术转移中心。\n"
Read = Callable[..., Compiled]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> Read:
    """Reads a short plan, whose text may be another, as a release takes it; the same again is read
    once.
    """
    found: dict[tuple[str, str, str], Compiled] = {}
    root = tmp_path_factory.mktemp("plans")
    cache = Cache(tmp_path_factory.mktemp("compiled"))

    def make(slug: str = "qingshi", text: str = TEXT, more: str = "") -> Compiled:
        if (slug, text, more) not in found:
            plan = load_plan(write_plan(root / str(len(found)), slug, text, more))
            found[slug, text, more] = compile_plan(plan, cache, Settings().site.base, quiet)
        return found[slug, text, more]

    return make


def write_plan(folder: Path, slug: str = "qingshi", text: str = TEXT, more: str = "") -> Path:
    """Write a plan's folder."""
    folder.mkdir(parents=True)
    (folder / "plan.toml").write_text(
        f'slug = "{slug}"\ntitle = "{slug}规划"\nissuer = "青石县人民政府"\narea = "青石县"\n'
        f'period = [2021, 2025]\nsource = "source.txt"\nissued = 2021-03-04\n{more}',
        encoding="utf-8",
    )
    (folder / "source.txt").write_text(text, encoding="utf-8")
    return folder


DATASET = "22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset>"


def quiet(_: str) -> None:
    pass


def publish(out: Path, *plans: Compiled, said: list[str] | None = None, **how: Any) -> Manifest:
    settings = how.pop("settings", Settings())
    say = quiet if said is None else said.append
    publishing = Publishing(quiet, say, **how)
    with only_publisher(out), closing(Jobs(publishing.jobs, publishing.progress)) as jobs:
        return assemble.assemble(out, list(plans), settings, publishing, jobs)


@pytest.fixture(scope="module", autouse=True)
def few_files() -> Iterator[None]:
    """One table and no workbook, and statistics that do not count themselves: that is tested
    elsewhere, and takes time.
    """
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(void, "_ROUNDS", 1)
        patched.setattr(edition, "export_files", lambda *of: islice(export_files(*of), 1))
        yield


@pytest.fixture(scope="module")
def three(few_files: None, read: Read, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three releases, the second with one measure more."""
    out = tmp_path_factory.mktemp("three") / "out"
    for text in (TEXT, TEXT + MORE, TEXT):
        publish(out, read(text=text))
    return out


@pytest.fixture
def out(three: Path, tmp_path: Path) -> Path:
    """A copy of them that a test may change."""
    shutil.copytree(three, tmp_path / "out", symlinks=True)
    return tmp_path / "out"


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, by path, but for what is kept of plans between releases."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    found = {path.relative_to(folder).as_posix(): path for path in files}
    kept = f"{CACHE}/"
    return {name: path.read_bytes() for name, path in found.items() if not name.startswith(kept)}


def gone(manifest: Manifest) -> set[str]:
    return {one.iri.removeprefix(f"{manifest.base}/id/") for one in manifest.removed}


# ---- what a publish adds


def test_an_unchanged_publish_adds_nothing(out: Path, read: Read) -> None:
    before = tree(out)
    said: list[str] = []
    assert publish(out, read(), said=said).release == 3
    assert said == ["nothing has changed since release 3; there is no new one"]
    assert tree(out) == before


@pytest.mark.parametrize("what", ["settings", "damage", "engine"])
def test_what_makes_a_new_release_of_the_same_plans(what: str, out: Path, read: Read) -> None:
    settings = Settings()
    if what == "settings":
        settings = settings.with_values("contact", email="data@example.org")
    if what == "damage":
        (out / "releases" / "3" / "search" / "meta.json").write_bytes(b"")
    engine = FakeEngine() if what == "engine" else None
    assert publish(out, read(), settings=settings, engine=engine).release == 4
    assert publish(out, read(), settings=settings, engine=engine).release == 4
    if engine:
        assert engine.said == ["stage", "swap", "sweep"] * 2, "it is loaded again"
    assert numbers(out) == [1, 2, 3, 4]


class FakeEngine:
    """An engine that only notes what it is asked."""

    query = "http://engine.example/sparql"

    def __init__(self) -> None:
        self.said: list[str] = []

    def stage(self, _: object) -> None:
        self.said.append("stage")

    def swap(self, *_: object) -> None:
        self.said.append("swap")

    def sweep(self) -> None:
        self.said.append("sweep")


def test_a_publish_keeps_the_other_plans_as_if_they_were_read_again(
    read: Read, tmp_path: Path
) -> None:
    one, other = read("one"), read("other", TEXT + MORE)
    said: list[str] = []
    both, alone = tmp_path / "both", tmp_path / "alone"
    publish(both, one, other)
    assert publish(both, other, one).release == 1, "in another order, they are the same"
    publish(alone, one)
    assert [plan.slug for plan in publish(alone, other, said=said).plans] == ["one", "other"]
    assert said == ["kept as they are: one (--remove SLUG takes one out)"]
    made, wanted = (
        {
            name: content
            for name, content in tree((folder / "current").resolve()).items()
            if name.startswith(("exports/", "plans/", "dumps/o"))
        }
        for folder in (alone, both)
    )
    assert made == wanted
    found = [Index(folder / "current").search("产业园") for folder in (alone, both)]
    assert found[0] == found[1] and found[0].hits
    assert [plan.slug for plan in publish(alone, read("one", TEXT + MORE)).plans] == [
        "one",
        "other",
    ]
    assert not faults(alone)


def test_a_plan_is_taken_out_where_that_is_asked(read: Read, tmp_path: Path) -> None:
    publish(tmp_path, read("one"), read("other"))
    with pytest.raises(PlanlinkError, match="has no plan third"):
        publish(tmp_path, remove=("third",))
    with pytest.raises(PlanlinkError, match="no plan would be left"):
        publish(tmp_path, remove=("one", "other"))
    manifest = publish(tmp_path, remove=("other",))
    assert [plan.slug for plan in manifest.plans] == ["one"]
    assert {"other", "other/measure/2.1.1", "other/section/2.1"} <= gone(manifest)
    assert any(iri.startswith("other/passage/") for iri in gone(manifest))
    assert not any(iri.startswith("one") for iri in gone(manifest))
    quads = [*open_store(tmp_path / "current" / "store")]
    led_to = {q.object for q in quads if str(q.object).startswith(f"<{manifest.base}/id/")}
    assert led_to <= {quad.subject for quad in quads}, "past releases lead to what is described"
    client = pages(tmp_path, Settings()).test_client()
    paths = [
        "dataset/other", "id/other/dataset/measures", "id/other/dataset/file/nq",
        "dumps/other.ttl", "dumps/other.nq.gz", "exports/other-goals.csv",
    ]  # fmt: skip
    never = ["dataset/third", "id/third/dataset/measures", "id/one/dataset/file/x"]
    never += [f"{name}-x.csv" for name in ("exports/one", "exports/third", "dumps/one")]
    assert {client.get(f"/{path}").status_code for path in paths} == {410}
    assert {client.get(f"/{path}").status_code for path in never} == {404}
    assert client.get("/dumps/planlink.nq.gz").status_code == 200
    whole, page = (
        {line.split()[0] for line in client.get(path).text.splitlines() if DATASET in line}
        for path in ("/catalogue.nt", "/catalogue.nt?page=1")
    )
    assert page == whole and any("/id/other/release/" in one for one in whole)
    assert "other/measure/2.1.1" not in gone(publish(tmp_path, read("other")))


def test_statistics_go_and_come_as_what_they_count_does(out: Path, read: Read) -> None:
    second, third = (
        released_statistics(open_store(out / "releases" / number / "store"))
        for number in ("2", "3")
    )
    client = pages(out, Settings()).test_client()
    went = {iri.removeprefix(Settings().site.base) for iri in second - third}
    assert {client.get(path).status_code for path in went} == {410}
    manifest = publish(out, read(text=TEXT + MORE))
    assert not second & {one.iri for one in manifest.removed}


def test_plans_under_another_base_are_not_kept(read: Read, tmp_path: Path) -> None:
    publish(tmp_path, read("one"))
    elsewhere = Settings().with_values("site", base="https://data.example")
    with pytest.raises(PlanlinkError, match="another base"):
        publish(tmp_path, read("other"), settings=elsewhere)
    assert numbers(tmp_path) == [1]


def test_a_kept_plan_must_be_what_was_published(read: Read, tmp_path: Path) -> None:
    publish(tmp_path, read("one"))
    source = tmp_path / "current" / "plans" / "one" / "source.txt"
    source.write_text("另一文本", encoding="utf-8")
    with pytest.raises(PlanlinkError, match=r"cannot be kept .*checksum differs.*publish its"):
        publish(tmp_path, read("other"))
    assert publish(tmp_path, read("one"), read("other")).release == 2


def names_earlier(out: Path) -> set[str]:
    """By which properties the dump of the later plan leads to the earlier one or from it."""
    quads = read_quads(out / "current" / "dumps" / "later.nq.gz")
    own = "/id/one"
    return {quad.predicate.value for quad in quads if own in f"{quad.subject} {quad.object}"}


def test_a_revised_plan_names_what_it_revises_also_where_one_of_the_two_is_kept(
    read: Read, tmp_path: Path
) -> None:
    earlier = read("one", TEXT + TABLE)
    later = read("later", TEXT + TABLE.replace("85", "88"), 'revision_of = "one"\n')
    together, apart = tmp_path / "together", tmp_path / "apart"
    joined = publish(together, earlier, later).plan("later")
    said: list[str] = []
    publish(apart, later, said=said)
    assert any(line.startswith("later: revision_of names one, which no plan") for line in said)
    assert not names_earlier(apart), "nobody describes it"
    assert publish(apart, earlier).plan("later").content == joined.content
    without = publish(apart, remove=("one",)).plan("later")
    assert without.content != joined.content
    told = ReleaseChanges(apart / "current" / "changes").of_plan("later")
    properties = {change.property for one in told.changed for change in one.changes}
    terms = "http://purl.org/dc/terms/"
    assert properties == {"http://www.w3.org/ns/prov#wasRevisionOf", f"{terms}replaces"}
    assert not names_earlier(apart)
    assert publish(apart, earlier).plan("later").content == joined.content
    assert {f"{terms}replaces", f"{terms}isReplacedBy"} < names_earlier(apart)


# ---- older releases


def test_old_releases_are_taken_away_and_what_they_withdrew_is_not_forgotten(
    out: Path, read: Read
) -> None:
    said: list[str] = []
    before = gone(read_manifest(out / "current"))
    assert "qingshi/measure/2.1.4" in before
    manifest = publish(out, read(text=LESS), keep=2, said=said)
    assert numbers(out) == [3, 4]
    assert gone(manifest) >= before
    assert "taken away: release 1, 2" in said[-1]
    catalogue = (out / "current" / "catalogue.ttl").read_text(encoding="utf-8")
    for number in range(1, 5):
        assert f"/id/qingshi/release/{number}>" in catalogue
        assert (f"/releases/{number}/dumps/" in catalogue) == (number > 2)
    assert [one.number for one in manifest.history] == [1, 2, 3]
    assert not faults(out)
    assert publish(out, read(text=LESS), keep=1).release == 4
    assert numbers(out) == [4], "an unchanged publish takes away as well"


def test_what_is_served_until_now_stays_for_who_still_reads_it(out: Path, read: Read) -> None:
    publish(out, read(text=TEXT + MORE), keep=1)
    assert numbers(out) == [3, 4]


def test_going_back(out: Path, read: Read) -> None:
    assert roll_back(out, 2).release == 2
    assert (out / "current").readlink() == Path("releases/2")
    assert not faults(out)
    with pytest.raises(PlanlinkError, match=r"no release 9; give one of 1, 2, 3"):
        roll_back(out, 9)
    manifest = publish(out, read("other"))
    assert (manifest.release, len(manifest.history)) == (4, 3)
    assert manifest.plan("qingshi").content == manifest.history[1].plans[0].content
    assert not faults(out)


def test_what_only_a_release_had_that_was_gone_back_from_is_withdrawn(
    out: Path, read: Read, tmp_path: Path
) -> None:
    publish(out, read(text=TEXT + "扩建栖霞渡科技园。\n"))
    roll_back(out, 3)
    (tmp_path / "release").symlink_to(out / "releases" / "3")
    served = Release(tmp_path, Limits())
    (out / "releases" / "1" / "summaries.sqlite").unlink()
    with pytest.raises(PlanlinkError, match=r"by an earlier planlink .*; publish its plans again"):
        served.kept(1)
    things = f"{served.base}/id/qingshi/zone"
    assert served.gone_back_from(f"{things}/qi-xia-du-ke-ji-yuan")
    assert not served.gone_back_from(f"{things}/never-was")
    assert "qingshi/zone/qi-xia-du-ke-ji-yuan" in gone(publish(out, read("other")))


def test_a_damaged_release_is_not_gone_back_to_but_gone_back_from(out: Path, read: Read) -> None:
    (out / "releases" / "1" / "catalogue.ttl").unlink()
    with pytest.raises(PlanlinkError, match=r"catalogue\.ttl: it cannot be read"):
        roll_back(out, 1)
    dump = out / "releases" / "3" / "dumps" / "qingshi.nq.gz"
    dump.write_bytes(dump.read_bytes()[:-20])
    with pytest.raises(PlanlinkError, match="planlink rollback"):
        publish(out, read())
    roll_back(out, 2)
    said: list[str] = []
    assert publish(out, read(), said=said).release == 4
    assert "Changes are counted from release 2" in said[0]


def test_only_one_writes_there_at_a_time(out: Path, read: Read) -> None:
    before = tree(out)
    with only_publisher(out):
        for work in (lambda: publish(out, read(text=LESS)), lambda: roll_back(out, 1)):
            with pytest.raises(PlanlinkError, match="another publish is writing there"):
                work()
    assert tree(out) == before


def test_of_many_publishers_at_once_each_releases_or_is_told(out: Path, read: Read) -> None:
    plans = [read(slug=f"plan-{n}") for n in range(2)]
    start, told = threading.Barrier(12), list[str]()

    def attempt(number: int) -> None:
        start.wait()
        try:
            told.append(str(publish(out, plans[number % 2]).release))
        except PlanlinkError as error:
            told.append(error.what)

    writers = [threading.Thread(target=attempt, args=(n,)) for n in range(12)]
    for one in writers:
        one.start()
    for one in writers:
        one.join()
    released = {one for one in told if one.isdigit()}
    assert set(told) - released <= {"another publish is writing there"} and len(told) == 12
    assert released and max(map(int, released)) == max(numbers(out)) and not faults(out)


def test_a_swap_that_was_cut_off_is_said(out: Path) -> None:
    """The engine may hold the new release, and the link still leads to the old one."""
    with pytest.raises(KeyboardInterrupt), swapping(out, "2"):
        raise KeyboardInterrupt
    (fault,) = faults(out)
    assert "another release" in fault.what and "rollback" in fault.mend


def test_a_link_that_is_lost_is_made_again(out: Path, read: Read) -> None:
    (out / "current").unlink()
    with pytest.raises(PlanlinkError, match="with planlink rollback"):
        publish(out, read())
    roll_back(out, 3)
    assert not faults(out)


def test_a_number_is_not_given_again_where_its_release_is_damaged(out: Path, read: Read) -> None:
    (out / "releases" / "3" / "manifest.json").write_text("{", encoding="utf-8")
    roll_back(out, 2)
    assert publish(out, read()).release == 4


def test_going_back_loads_the_engine(out: Path, read: Read) -> None:
    engine = FakeEngine()
    publish(out, read(text=TEXT + MORE), engine=engine)
    publish(out, read(), engine=engine)
    with pytest.raises(PlanlinkError, match="answered by an engine"):
        roll_back(out, 4)
    with pytest.raises(PlanlinkError, match="answered by another engine"):
        roll_back(out, 3, engine)
    engine.said.clear()
    roll_back(out, 4, engine)
    assert engine.said == ["stage", "swap", "sweep"]


def test_a_clock_that_goes_backwards(
    out: Path, read: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Behind(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime(2001, 2, 3, tzinfo=UTC)

    monkeypatch.setattr(assemble, "datetime", Behind)
    said: list[str] = []
    last = read_manifest(out / "current").issued
    manifest = publish(out, read(text=TEXT + MORE), said=said)
    assert manifest.issued == last
    assert {plan.modified for plan in manifest.plans} == {str(Site().day(last))}
    assert said == [
        f"the clock says 2001-02-03T00:00:00+00:00; the release is dated {last}, as the last"
    ]


def as_before_these_keys(out: Path) -> None:
    """Make releases what they were before manifests had a history and listed the store."""
    for folder in (out / "releases").iterdir():
        path = folder / "manifest.json"
        told = json.loads(path.read_text(encoding="utf-8"))
        for key in ("by", "content", "history"):
            del told[key]
        told["files"] = {
            name: entry
            for name, entry in told["files"].items()
            if not name.startswith("store/") and not name.endswith("/plan.json")
        }
        path.write_text(json.dumps(told), encoding="utf-8")
        for plan in folder.glob("plans/*/plan.json"):
            plan.unlink()


def test_a_folder_of_early_releases_goes_on(out: Path, read: Read) -> None:
    """Its plans are published again: those kept would lack what pages are made from."""
    as_before_these_keys(out)
    assert not faults(out)
    with pytest.raises(
        PlanlinkError, match=r"qingshi cannot be kept .*; publish its folder as well"
    ):
        publish(out, read("other"))
    manifest = publish(out, read(), read("other"))
    assert [plan.slug for plan in manifest.plans] == ["qingshi", "other"]
    assert [one.number for one in manifest.history] == [1, 2, 3]
    assert not faults(out)


def test_a_damaged_old_manifest_does_not_stop_a_publish(out: Path, read: Read) -> None:
    (out / "releases" / "1" / "manifest.json").write_text('{"release": 1, "iss', encoding="utf-8")
    assert [one.number for one in publish(out, read("other")).history] == [1, 2, 3]
    as_before_these_keys_but(out, 1)
    said: list[str] = []
    again = read(), read("other"), read("third")
    assert [one.number for one in publish(out, *again, said=said).history] == [2, 3, 4]
    assert "The history goes on without release 1" in said[0]
    assert any("this is no JSON" in fault.what for fault in faults(out))


def as_before_these_keys_but(out: Path, damaged: int) -> None:
    aside = out / "aside"
    (out / "releases" / str(damaged)).rename(aside)
    as_before_these_keys(out)
    aside.rename(out / "releases" / str(damaged))


# ---- damage


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


DAMAGE: dict[str, tuple[Callable[[Path], object], str, str]] = {
    "dump": (lambda r: flip(r / "2/dumps/qingshi.nq.gz"), "2/dumps/qingshi.nq", "checksum differs"),
    "source": (lambda r: (r / "3/plans/qingshi/source.txt").unlink(), "source.txt", "cannot be read"),
    "store": (lambda r: flip(max((r / "3/store").glob("*.sst"))), "3/store/", "checksum differs"),
    "file more": (lambda r: (r / "1/x.nq").touch(), "1/x.nq", "not in the manifest; take it away"),
    "manifest cut": (lambda r: (r / "1/manifest.json").write_text("{"), "1/manifest", "no JSON"),
    "other number": (lambda r: edit(r / "2", release=7), "releases/2", "this is release 7"),
    "counts": (lambda r: edit(r / "3", classes={"Zone": 900}), "3/store", "class Zone, the manifest"),
    "triples": (lambda r: edit(r / "3", triples=4), "3/store", "triples all, the manifest says 4"),
    "gap": (lambda r: shutil.rmtree(r / "2"), "releases", "no release between 1 and 3"),
    "dates": (lambda r: edit(r / "3", issued="1999-01-01T00:00:00+00:00"), "releases/3", "is dated"),
    "no current": (lambda r: (r.parent / "current").unlink(), "current", "leads to no release"),
    "killed": (
        lambda r: (r.parent / ".current-new").symlink_to("releases/9"), ".current-new", "did not come",
    ),
    "history": (lambda r: shutil.copytree(r / "3", r / "4"), "releases/4", "this is release 3"),
    "file beside releases": (lambda r: (r.parent / "x").touch(), "out/x", "none of planlink's"),
    "folder more": (lambda r: (r / "old").mkdir(), "releases/old", "it is no release"),
    "files gone": (lambda r: shutil.rmtree(r / "2/plans"), "2/plans", "directory) (and 5 files more)"),
}  # fmt: skip


def edit(folder: Path, **values: object) -> None:
    path = folder / "manifest.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(told | values), encoding="utf-8")


@pytest.mark.parametrize("kind", DAMAGE)
def test_damage_is_found(kind: str, out: Path) -> None:
    damage, where, what = DAMAGE[kind]
    damage(out / "releases")
    found = faults(out)
    told = [(fault.where, f"{fault.what}; {fault.mend}") for fault in found]
    assert any(where in place and what in words for place, words in told), told


def test_a_damaged_store_of_an_early_release_is_found(out: Path) -> None:
    as_before_these_keys(out)
    for path in (out / "releases" / "2" / "store").glob("*.sst"):
        path.write_bytes(path.read_bytes()[:100])
    assert ["the store cannot be read" in fault.what for fault in faults(out)] == [True]


def test_a_passage_that_is_not_its_texts_is_found(out: Path) -> None:
    as_before_these_keys(out)
    folder = out / "releases" / "2" / "store"
    store = ox.Store(str(folder))
    store.update(
        """PREFIX plan: <https://w3id.org/planlink/ns#>
        DELETE { GRAPH ?g { ?p plan:text ?text } } INSERT { GRAPH ?g { ?p plan:text ?other } }
        WHERE { { SELECT ?g ?p ?text { GRAPH ?g { ?p a plan:Passage ; plan:text ?text } } LIMIT 1 }
          BIND (STRLANG(CONCAT("假", SUBSTR(STR(?text), 2)), "zh") AS ?other) }"""
    )
    del store
    (fault,) = faults(out)
    assert "the passage" in fault.what and "is not the text's" in fault.what, fault
    assert fault.where == str(folder)


def test_a_whole_folder_is_said_to_be_whole(out: Path) -> None:
    done = CliRunner().invoke(main, ["check", str(out), "--format", "json"])
    assert (done.exit_code, json.loads(done.stdout)) == (0, {"releases": [1, 2, 3], "faults": []})
    (out / "current" / "catalogue.ttl").unlink()
    done = CliRunner().invoke(main, ["check", str(out), "--format", "json"])
    told = json.loads(done.stdout)["faults"]
    assert (done.exit_code, [set(one) for one in told]) == (2, [{"where", "what", "mend"}])
    done = CliRunner().invoke(main, ["check", str(out)])
    assert (done.exit_code, len(done.stderr.splitlines())) == (2, 1)
    assert done.stderr.startswith("planlink: ")
    assert CliRunner().invoke(main, ["check", str(out / "none")]).exit_code == 2


# ---- killed or failing at any moment


def is_old_or_new(out: Path, triples: dict[str, int]) -> str:
    """Whether one release is current and whole; returns its number."""
    number = (out / "current").readlink().name
    manifest = read_manifest(out / "current")
    assert len(open_store((out / "current").resolve() / "store")) == triples[number]
    assert manifest.triples == triples[number]
    return number


def test_a_publish_that_is_killed_at_any_moment(out: Path, read: Read, tmp_path: Path) -> None:
    """What lies on the disk before each system call is what a kill at that moment leaves."""
    snapshots: list[tuple[str, Path]] = []
    seen: set[str] = set()
    last = read_manifest(out / "current")

    def keep(moment: str) -> None:
        if EVERY or moment not in seen:
            seen.add(moment)
            snapshots.append((moment, tmp_path / f"killed-{len(snapshots)}"))
            shutil.copytree(
                out,
                snapshots[-1][1],
                symlinks=True,
                copy_function=lambda a, b: shutil.copy(a, b) if ".building" in a else os.link(a, b),
            )

    with watching(out, keep):
        manifest = publish(out, read(text=TEXT + MORE), keep=2)
    assert len(snapshots) >= 10
    triples = {"3": last.triples, "4": manifest.triples}
    found = [is_old_or_new(folder, triples) for _, folder in snapshots]
    assert found == sorted(found) and set(found) == {"3", "4"}
    committed = [
        moment for (moment, _), number in zip(snapshots, found, strict=True) if number == "3"
    ]
    assert committed[-1].startswith("os.rename /.current-new"), "nothing but this makes it current"
    for moment, folder in snapshots[-12::2]:
        publish(folder, read(text=TEXT + MORE), keep=2)
        assert not list(folder.glob(".building-*")), moment
        assert not faults(folder), moment
        assert max(numbers(folder)) == 4, moment


def test_a_publish_that_fails_at_any_moment(out: Path, read: Read) -> None:
    """It says so in a line, and leaves the former release and nothing else; after the link has
    moved, the new one.
    """
    before = tree(out)
    trial, kept = out.parent / "trial", out.parent / "kept"
    shutil.copytree(out, trial, symlinks=True)
    shutil.copytree(out / CACHE, kept)
    tried = moments(trial, lambda: publish(trial, read(text=TEXT + MORE)))
    for number, moment in tried:
        shutil.rmtree(out / CACHE)  # what one attempt made, the next one would find
        shutil.copytree(kept, out / CACHE)
        code = (errno.ENOSPC, errno.EROFS)[number % 2]  # a full and a read-only disk in turn
        says = pytest.raises(PlanlinkError, match=os.strerror(code))
        with failing(out, number, code), says as raised:
            publish(out, read(text=TEXT + MORE))
        assert len(str(raised.value).splitlines()) == 1
        if (out / "current").readlink().name != "3":
            break
        assert tree(out) == before, moment
        assert not (out / ".current-new").is_symlink(), moment
    assert len(tried) >= 10
    assert number >= tried[-2][0], "only the last fsync comes after the link"
    assert not faults(out)


# ---- backup, and the server


def test_the_commands_of_the_guide_bring_everything_back(out: Path, tmp_path: Path) -> None:
    if shutil.which("flock") is None:
        pytest.skip("flock (util-linux) is not installed")
    guide = (ROOT / "docs" / "how-to" / "keep-safe.md").read_text(encoding="utf-8")
    commands = re.findall(r"^\$ (.*)$", guide.partition("## Back up")[2], re.MULTILINE)
    work = tmp_path / "work"
    shutil.copytree(out, work / "release", symlinks=True)
    write_plan(work / "plans" / "mine")
    before, plans = tree(work / "release"), tree(work / "plans")
    (work / "planlink").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m kg "$@"\n')
    (work / "planlink").chmod(0o755)
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{work}:{os.environ['PATH']}"}
    for command in commands[:2]:
        subprocess.run(command, shell=True, cwd=work, env=environment, check=True)
    flip(max((work / "release" / "releases" / "3" / "store").glob("*.sst")))
    shutil.rmtree(work / "plans" / "mine")
    for command in commands[2:]:
        subprocess.run(command, shell=True, cwd=work, env=environment, check=True)
    assert len(commands) == 9
    assert (tree(work / "release"), tree(work / "plans")) == (before, plans)
    assert (work / "release" / "current").readlink() == Path("releases/3")


def test_a_full_disk_is_said_to_who_decides_or_enters_values(
    three: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_plan(tmp_path / "plans" / "mine")
    settings = Settings().with_values("server", plans=folder.parent, tokens=(Token(secret=TOKEN),))
    client = pages(three, settings).test_client()
    client.post("/review/qingshi/session", data={"token": TOKEN})
    key = form_key(client.get("/review/qingshi").text)
    decision = {
        "csrf": key,
        "action": "accept",
        "kind": "zone",
        "name": "墨池产业园",
        "reason": "确有其地",
    }
    about = {"measure": "2.1.1", "state": "已完成", "source": "公报"}
    entry = about | {"token": TOKEN, "by": "甲"}

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = tree(folder)
    for module, name in ((os, "fsync"), (tempfile, "mkdtemp")):
        with monkeypatch.context() as patched:
            patched.setattr(module, name, full)
            statuses = [
                client.post(f"/{page}/qingshi", data=form).status_code
                for page, form in (("review", decision), ("observe", entry))
            ]
        assert statuses == [503 if name == "fsync" else 303, 503]
        if name == "fsync":
            assert tree(folder) == before
    written = (folder / "corrections.toml").read_text(encoding="utf-8")
    assert 'by = "127.0.0.1"' in written and 'at = "2' in written
    assert client.post("/review/qingshi", data=decision | {"by": "李四"}).status_code == 303
    assert 'by = "李四"' in (folder / "corrections.toml").read_text(encoding="utf-8")


def test_a_release_that_was_taken_away_or_is_not_yet_answers_so(out: Path, read: Read) -> None:
    publish(out, read(text=LESS), keep=2)
    roll_back(out, 3)
    client = pages(out, Settings()).test_client()
    statuses = [client.get(f"/releases/{n}").status_code for n in (0, 2, 3, 4)]
    assert statuses == [404, 410, 200, 404]
    assert client.get("/id/qingshi/measure/2.1.4").status_code == 410
