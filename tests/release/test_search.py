"""Full-text search: what is found of a plan, in which order, and what a query may hold."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDF, Literal, URIRef
from rdflib.namespace import DCTERMS, PROV, SKOS
from support import searched_as

from kg.errors import PlanlinkError
from kg.rdf.namespaces import OA, PLAN
from kg.rdf.quads import graph_quads
from kg.rdf.statements import Statements
from kg.release.indexing import FOLDER, Entry, PlanEntries, write_index
from kg.release.search import Index, plan_entries
from kg.release.tokens import tokens
from kg.views.reading import Block, Mended, Paragraphs

WHOLE = Paragraphs("建设园区。" * 5, [])


def entry(iri: str, label: str, text: str = "", type_: str = "Zone", plan: str = "a") -> Entry:
    return searched_as(iri, type_, plan, label, label, text)


def index(folder: Path, *entries: Entry) -> Index:
    write_index(folder / FOLDER, [PlanEntries("", "", lambda: entries)])
    return Index(folder)


PARK = entry("z/park", "光荣道科技产业园")
TOWER = searched_as("z/tower", "Zone", "a", "正融科技大厦", "正融科技大厦 正融大厦", "")
MEASURE = entry("m/1", "建设科技产业园", "建设光荣道科技产业园,引进5G企业。", "Measure")
OTHER = entry("m/2", "发展文化旅游", "依托大运河发展文化旅游。", "Measure", plan="b")
ENTRIES = (PARK, TOWER, MEASURE, OTHER)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("科技园", ["科技", "技园", "园"]),
        ("园", ["园"]),
        ("5G网络", ["5g", "网络", "络"]),
        ("V2.0版", ["v2.0", "版"]),
        ("甲、乙", ["甲", "乙"]),
        ("二〇三五", ["二〇", "〇三", "三五", "五"]),
        ("。", []),
        ("", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("科技产业园", ["z/park", "m/1"]),
        ("产业园", ["z/park", "m/1"]),
        ("园", ["z/park", "m/1"]),
        ("大厦", ["z/tower"]),
        ("正融大厦", ["z/tower"]),  # another of its names
        ("5g", ["m/1"]),
        ("5G企业", ["m/1"]),
        ("光荣道 引进", ["m/1"]),  # every word
        ("引进 光荣道", ["m/1"]),
        ("光荣道 运河", []),
        ("园产业", []),  # the characters in another order
        ("技业", []),  # characters that do not stand together
        ("运河", ["m/2"]),
        ("无此物", []),
    ],
)
def test_found(tmp_path: Path, query: str, found: list[str]) -> None:
    answer = index(tmp_path, *ENTRIES).search(query)
    assert sorted(h.iri for h in answer.hits) == sorted(found)
    assert answer.total == sum(answer.types.values()) == len(found)


@pytest.mark.parametrize(
    "query", ["", " ", "。", '"', "*", "()", "^", "-"],
)  # fmt: skip
def test_a_query_without_words_finds_nothing(tmp_path: Path, query: str) -> None:
    searched = index(tmp_path, *ENTRIES)
    assert (searched.search(query).hits, searched.search(query).total) == ([], 0)
    assert searched.suggest(query) == []


@pytest.mark.parametrize(
    "query", ['大厦"', "大厦 AND", "大厦 OR 运河", "NOT 大厦", "names:大厦", "大厦*", "(大厦", "大厦;'"]
)  # fmt: skip
def test_a_query_is_words_and_no_syntax(tmp_path: Path, query: str) -> None:
    hits = index(tmp_path, *ENTRIES).search(query).hits
    assert {h.iri for h in hits} <= {"z/tower"}


def test_names_come_before_texts(tmp_path: Path) -> None:
    named = entry("z", "运河")
    quoted = entry("a", "", "运河运河运河。", "Passage")
    found = index(tmp_path, quoted, named).search("运河")
    assert [h.iri for h in found.hits] == ["z", "a"]
    assert found.types == {"Zone": 1, "Passage": 1}


def test_choices_and_their_counts(tmp_path: Path) -> None:
    """Each count is of what is left when the other choices hold."""
    placed = [
        searched_as("m/1", "Measure", "a", "建园区", "建园区", "建设园区。", "第十章", 900),
        searched_as("m/2", "Measure", "a", "扩园区", "扩园区", "扩大园区。", "第二章", 100),
        searched_as("z/1", "Zone", "a", "园区", "园区", ""),
        searched_as("m/3", "Measure", "b", "园区更新", "园区更新", "更新园区。", "第一章", 10),
    ]
    searched = index(tmp_path, *placed)
    found = searched.search("园区")
    assert (found.total, found.types) == (4, {"Measure": 3, "Zone": 1})
    assert (found.plans, found.chapters) == ({"a": 3, "b": 1}, {})
    found = searched.search("园区", type_="Measure", plan="a")
    assert {hit.iri for hit in found.hits} == {"m/1", "m/2"}
    assert (found.types, found.plans) == ({"Measure": 2, "Zone": 1}, {"a": 2, "b": 1})
    assert list(found.chapters.items()) == [("第二章", 1), ("第十章", 1)]  # as they follow
    found = searched.search("园区", plan="a", chapter="第十章")
    assert [(h.iri, h.chapter) for h in found.hits] == [("m/1", "第十章")]
    assert found.chapters == {"第二章": 1, "第十章": 1}
    found = searched.search("园区", within={"b"})
    assert ([h.iri for h in found.hits], found.total, found.types) == (["m/3"], 1, {"Measure": 1})
    assert found.plans == {"a": 3, "b": 1}
    assert searched.search("园区", within=set()).total == 0


def test_an_index_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    searched = index(tmp_path, *ENTRIES)
    (tmp_path / FOLDER / "meta.json").write_text("{}")
    with pytest.raises(PlanlinkError, match="the search index cannot be read"):
        searched.search("产业园")
    with pytest.raises(PlanlinkError, match="the search index cannot be written"):
        write_index(tmp_path / "next", [PlanEntries("", "", list)], tmp_path / FOLDER)


def test_searching_writes_nothing_into_a_release(tmp_path: Path) -> None:
    """Which may be on a disk that nobody can write on."""
    searched = index(tmp_path, *ENTRIES)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    assert searched.search("产业园").total == 2
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


def test_pages_hold_each_hit_once(tmp_path: Path) -> None:
    searched = index(tmp_path, *(entry(f"z/{n}", "园区") for n in range(7)))
    pages = [searched.search("园区", limit=3, offset=offset) for offset in (0, 3, 6, 9)]
    assert [len(page.hits) for page in pages] == [3, 3, 1, 0]
    assert {hit.iri for page in pages for hit in page.hits} == {f"z/{n}" for n in range(7)}
    assert {page.total for page in pages} == {7}


@pytest.mark.parametrize("query", ["５Ｇ網絡", "5g网络", "5G 網络", "⽹络"])
def test_words_are_found_however_they_are_written(tmp_path: Path, query: str) -> None:
    searched = index(tmp_path, entry("m", "建设5G网络"), entry("n", "建设５Ｇ網絡"))
    assert searched.search(query).total == 2


def test_rare_characters_are_found(tmp_path: Path) -> None:
    searched = index(tmp_path, entry("z", "𠮷野𰀀园"))
    assert searched.search("𠮷野").total == searched.search("𰀀").total == 1


@pytest.mark.parametrize(
    ("query", "plan", "found"),
    [
        ("科", None, ["正融科技大厦", "建设科技产业园", "光荣道科技产业园"]),  # the shortest first
        ("科技产", None, ["建设科技产业园", "光荣道科技产业园"]),
        ("引进", None, []),  # in a text, and in no name
        ("发展", "a", []),
        ("发展", "b", ["发展文化旅游"]),
    ],
)
def test_suggestions(tmp_path: Path, query: str, plan: str | None, found: list[str]) -> None:
    hits = index(tmp_path, *ENTRIES).suggest(query, plan)
    assert [h.label for h in hits] == found


def test_a_name_is_suggested_once_for_a_plan(tmp_path: Path) -> None:
    searched = index(
        tmp_path, entry("1", "西站"), entry("2", "西站"), entry("3", "西站", plan="b"),
        entry("4", "", "西站。"),
    )  # fmt: skip
    assert [h.plan for h in searched.suggest("西站")] == ["a", "b"]
    assert len(searched.suggest("西站", limit=1)) == 1


def said(*triples: tuple[str, URIRef, URIRef | Literal]) -> list[ox.Quad]:
    return graph_quads([(URIRef(s), p, value) for s, p, value in triples], URIRef("urn:g"))


def test_a_thing_stands_in_its_outermost_section() -> None:
    made = said(
        ("urn:s1", RDF.type, PLAN.Section),
        ("urn:s1", SKOS.prefLabel, Literal("第一章 产业", lang="zh")),
        ("urn:s1", DCTERMS.isPartOf, URIRef("urn:plan")),
        ("urn:s2", RDF.type, PLAN.Section),
        ("urn:s2", SKOS.prefLabel, Literal("第一节 园区", lang="zh")),
        ("urn:s2", DCTERMS.isPartOf, URIRef("urn:s1")),
        ("urn:m", RDF.type, PLAN.Measure),
        ("urn:m", SKOS.prefLabel, Literal("建设园区", lang="zh")),
        ("urn:m", DCTERMS.isPartOf, URIRef("urn:s2")),
        ("urn:m", PROV.wasQuotedFrom, URIRef("urn:p")),
        ("urn:p", RDF.type, PLAN.Passage),
        ("urn:p", OA.start, Literal(20)),
        ("urn:p", OA.end, Literal(25)),
        ("urn:p", DCTERMS.isPartOf, URIRef("urn:s2")),
    )
    assert [(e.iri, e.chapter, e.place) for e in plan_entries(Statements(made), "a", WHOLE)] == [
        ("urn:m", "第一章 产业", 20),
        ("urn:s1", "第一章 产业", 0),
        ("urn:s2", "第一章 产业", 0),
    ]


def test_what_is_found_of_a_plan() -> None:
    """A measure by its sentence, a passage by its own where no measure stands for it; each as it is
    read, without lines and marks of pages."""
    source = "建设2.\n— 6 —\n5公顷园区。“园区很大！第一章 园区园匚好。”"
    quoted, alone, heading, damaged = passages = ["urn:p1", "urn:p2", "urn:p3", "urn:p4"]
    ends = [0, *(source.index(end) + len(end) for end in ("区。", "！", "章 园区", "好。”"))]
    page, letter = source.index("— 6 —"), source.index("匚")
    mended = (
        Mended((page, page + 5), "", of_page=True),
        Mended((letter, letter + 1), "区", of_page=False),
    )
    made = said(
        ("urn:m", RDF.type, PLAN.Measure),
        ("urn:m", SKOS.prefLabel, Literal("建设园区", lang="zh")),
        ("urn:m", PROV.wasQuotedFrom, URIRef(quoted)),
        ("urn:z", RDF.type, PLAN.Zone),
        ("urn:z", SKOS.prefLabel, Literal("园区", lang="zh")),
        ("urn:z", SKOS.altLabel, Literal("园", lang="zh")),
        ("urn:z", PROV.wasQuotedFrom, URIRef(alone)),
        ("urn:v", RDF.type, PLAN.Value),
        ("urn:v", SKOS.prefLabel, Literal("值", lang="zh")),
        *((p, RDF.type, PLAN.Passage) for p in (quoted, alone, heading, damaged)),
        *((p, OA.start, Literal(start)) for p, start in zip(passages, ends, strict=False)),
        *((p, OA.end, Literal(end)) for p, end in zip(passages, ends[1:], strict=True)),
    )
    whole = Paragraphs(source, [Block("paragraph", (0, len(source)), mended=mended)])
    assert list(plan_entries(Statements(made), "a", whole)) == [
        searched_as("urn:m", "Measure", "a", "建设园区", "建设园区", "建设2.5公顷园区。"),
        searched_as("urn:z", "Zone", "a", "园区", "园区 园", "", place=ends[1]),
        searched_as(alone, "Passage", "a", "", "", "“园区很大！", place=ends[1]),
        searched_as(damaged, "Passage", "a", "", "", "园区好。”", place=ends[3]),
    ]


def test_an_index_takes_in_what_changed(tmp_path: Path) -> None:
    """It finds what an index made at once finds, and holds no more."""

    def of(plan: str, *entries: Entry) -> PlanEntries:
        return PlanEntries(plan, str(hash(entries)), lambda: entries)

    def tree(folder: Path) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in folder.iterdir()}

    same = [of(name, entry(f"z/{name}", f"光荣道{name}", plan=name)) for name in "bcdef"]
    former, gone = of("a", PARK, TOWER, MEASURE), of("g", OTHER)
    before, after, anew = (tmp_path / name / FOLDER for name in ("before", "after", "anew"))
    for folder in (before, after, anew):
        folder.parent.mkdir()
    write_index(before, [former, *same, gone])
    was = tree(before)
    later = of(
        "a", PARK, searched_as("m/1", "Measure", "a", "建设产业园", "建设产业园 建园", "大运河。")
    )
    new = of("h", entry("z/h", "科技大厦", plan="h"))
    write_index(after, [later, *same, new], before)
    write_index(anew, [later, *same, new])
    assert tree(before) == was, "whose files the new one shares"
    for words in ("科技", "建园", "大运河", "光荣道", "正融"):
        found = [Index(folder.parent).search(words) for folder in (after, anew)]
        assert {hit.iri: hit for hit in found[0].hits} == {hit.iri: hit for hit in found[1].hits}
        assert replace(found[0], hits=[]) == replace(found[1], hits=[]), words
    assert [hit.iri for hit in Index(after.parent).search("大厦").hits] == ["z/h"]
