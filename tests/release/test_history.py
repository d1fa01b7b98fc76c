"""Releases: what changed, what is gone, and that all of it stays addressable."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from support import ask, copy_release, run, serving_pages

from kg.rdf.namespaces import PLAN
from kg.release.history import withdrawn
from kg.release.store import open_store

GONE = "/id/qinghe-2026/institution/yun-hu-wei-ran-cai-liao-you-xian-gong-si"
REJECTED = """
[[correction]]
action = "reject"
kind = "institution"
name = "云湖蔚然材料有限公司"
reason = "a trial"
[[correction]]
action = "accept"
kind = "zone"
name = "墨池创新谷"
reason = "a trial"
"""


@pytest.fixture(scope="module")
def twice(small_plan: Path, small_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of three releases: the plan, the same without one institution, with a place confirmed
    a target raised and a chapter numbered anew, and that again.
    """
    folder = tmp_path_factory.mktemp("twice")
    plan = folder / "plan"
    shutil.copytree(small_plan, plan)
    out = copy_release(small_release, folder / "release")
    (plan / "corrections.toml").write_text(REJECTED, encoding="utf-8")
    source = plan / "source.txt"
    text = source.read_text(encoding="utf-8")
    assert text.count("680") == 1
    source.write_text(text.replace("680", "700").replace("第三章", "第四章"), encoding="utf-8")
    (folder / "site.toml").write_text('[contact]\nemail = "data@example.org"\n', encoding="utf-8")
    for option in ((), ("--site", folder / "site.toml")):
        done = run("publish", plan, "--out", out, *option)
        assert done.returncode == 0, done.stderr
    return out


@pytest.fixture(scope="module")
def address(twice: Path) -> Iterator[str]:
    with serving_pages(twice) as found:
        yield found


def changes(address: str, path: str) -> dict[str, list[dict[str, object]]]:
    found: dict[str, list[dict[str, object]]] = json.loads(
        ask(f"{address}{path}", Accept="application/json")[2]
    )["qinghe-2026"]
    return found


def test_what_changed_in_terms_of_the_plan(address: str) -> None:
    told = changes(address, "/releases/2")
    assert [t["label"] for t in told["removed"] if t["kind"] == "Institution"] == [
        "云湖蔚然材料有限公司"
    ]
    target = next(c for c in told["changed"] if c["thing"]["iri"].endswith("/target/1"))
    assert {
        "property": "https://w3id.org/planlink/ns#value",
        "before": ["680"],
        "after": ["700"],
    } in target["changes"]
    assert [t["kind"] for t in told["added"]] == ["Finding"]  # that the numbering has a gap
    page, listing = (
        ask(f"{address}{path}", Accept="text/html")[2].decode()
        for path in ("/releases/2", "/releases")
    )
    found = re.search(r"(?:新增|删除|变更)\d+项，[^<\n]*关联删除\d+条[^<\n]*", page)
    assert found and found[0] in listing  # links apart from things
    worded, silent = page.partition(">变更</h3>")[2].split(">仅数据层面的变化</h3>")
    listed = worded.partition("<h3>")[0]
    assert "编号" not in listed, "what numbers things is the program's, not the plan's"
    assert listed.count("<del") and listed.count('class="chip') == listed.count("<ul>") - 1
    assert silent.count('class="chip') == silent.count("<summary>"), "by kind, after what has words"


def test_the_same_again_changes_nothing(address: str) -> None:
    assert changes(address, "/releases/3") == {
        "added": [],
        "removed": [],
        "changed": [],
        "replaced": {},
    }
    assert changes(address, "/releases/compare?from=1&to=3") == changes(address, "/releases/2")
    page = ask(f"{address}/releases/compare?from=1&to=3", Accept="text/html")[2].decode()
    assert "<h1>第1次与第3次发布的比较</h1>" in page
    page = ask(f"{address}/releases/compare?from=3&to=3", Accept="text/html")[2].decode()
    assert "<h1>第3次发布与其本身的比较</h1>" in page
    back = changes(address, "/releases/compare?from=3&to=1")
    assert [t["label"] for t in back["added"] if t["kind"] == "Institution"] == [
        "云湖蔚然材料有限公司"
    ]


def test_what_is_gone_answers_410(address: str) -> None:
    for path in (GONE, GONE.replace("/id/", "/page/"), GONE.replace("/id/", "/data/") + ".ttl"):
        status, _, body = ask(f"{address}{path}", Accept="text/turtle")
        assert status == 410, path
        assert "release 2" in body.decode()
    page = ask(f"{address}{GONE}", Accept="text/html")[2].decode()
    assert re.search(r"<p>该内容在第2次发布（\d{4}-\d\d-\d\d）中移除", page)
    assert re.search(r'href="/releases/2">第2次发布', page)
    assert ask(f"{address}/id/qinghe-2026/institution/never-was")[0] == 404


def test_of_passages_with_the_same_words_the_one_in_its_place_succeeds() -> None:
    plan = "https://data.example/id/p"

    def passages(version: str, *words: str) -> list[ox.Quad]:
        return [
            ox.Quad(
                ox.NamedNode(f"{plan}/passage/{version}{place * 9}-{place * 9 + 5}"),
                ox.NamedNode(str(PLAN.text)),
                ox.Literal(text),
            )
            for place, text in enumerate(words)
        ]

    before = passages("", "天津", "河北", "天津", "公园", "北京", "天津")
    after = passages("v2.", "天津", "广场", "天津", "河北", "天津", "天津", "公园")
    found = withdrawn(before, after, plan, {})
    places = {
        tuple(iri.rpartition("/")[2].partition("-")[0] for iri in pair) for pair in found.items()
    }
    assert places == {
        ("0", "v2.18"), ("9", "v2.27"), ("18", "v2.36"), ("27", "v2.54"), ("36", ""), ("45", "v2.0"),
    }  # fmt: skip


def test_older_releases_stay(address: str, twice: Path) -> None:
    manifest = json.loads(ask(f"{address}/releases/1/manifest.json")[2])
    dump = manifest["plans"][0]["dump"]
    status, _, body = ask(f"{address}/releases/1/dumps/{dump}")
    assert (status, body) == (200, (twice / "releases" / "1" / "dumps" / dump).read_bytes())
    assert ask(f"{address}/releases/9")[0] == 404
    assert ask(f"{address}/releases/1/dumps/..%2fmanifest.json")[0] == 404
    assert ask(f"{address}/releases/compare?from=1&to=x")[0] == 400


def test_the_feed(address: str) -> None:
    atom = "{http://www.w3.org/2005/Atom}"
    _, headers, body = ask(f"{address}/releases.atom")
    assert headers["Content-Type"].startswith("application/atom+xml")
    root = ET.fromstring(body)
    entries = root.findall(f"{atom}entry")
    assert [e.findtext(f"{atom}id", "").rsplit("/", 1)[-1] for e in entries] == ["3", "2", "1"]
    assert all(root.findtext(f"{atom}{tag}") for tag in ("id", "title", "updated"))
    assert {link.get("rel") for link in root.findall(f"{atom}link")} == {"self", "first", "last"}
    whole = json.loads(ask(f"{address}/releases/2/changes.json")[2])  # put together of its files
    assert whole["qinghe-2026"] == changes(address, "/releases/2")


def test_history_as_rdf(address: str, twice: Path) -> None:
    body = ask(f"{address}/releases/2", Accept="text/turtle")[2]
    told = {
        (t.subject.value, t.predicate.value.rsplit("#", 1)[-1])
        for t in ox.parse(body, format=ox.RdfFormat.TURTLE)
    }
    assert (f"http://localhost:8000{GONE}", "wasInvalidatedBy") in told
    query = """PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX prov: <http://www.w3.org/ns/prov#>
      SELECT ?v ?former { ?v dcat:inSeries ?s OPTIONAL { ?v prov:wasRevisionOf ?former } } ORDER BY ?v"""
    store = open_store((twice / "current").resolve() / "store")
    rows = [*store.query(query, use_default_graph_as_union=True)]
    assert [row["v"].value.rsplit("/", 1)[-1] for row in rows] == ["1", "2", "3"]
    assert rows[2]["former"].value.endswith("/release/2")


def test_what_is_published_conforms_after_a_deletion(twice: Path) -> None:
    done = run("validate", twice / "current" / "dumps" / "planlink.nq.gz")
    assert done.returncode == 0, done.stdout


def test_dates_say_when_the_data_changed(twice: Path) -> None:
    plans = [
        json.loads((twice / "releases" / n / "manifest.json").read_text(encoding="utf-8"))["plans"][
            0
        ]
        for n in "123"
    ]
    assert plans[1]["content"] == plans[2]["content"] != plans[0]["content"]
    assert plans[2]["modified"] == plans[1]["modified"]
    assert {p["issued"] for p in plans} == {plans[0]["issued"]}
