"""Citations by GB/T 7714-2015, as BibTeX and as RIS, of what a release says."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pyoxigraph as ox
import pytest

from kg.rdf.namespaces import PREFIXES
from kg.settings import Publisher
from kg.views.citation import STYLES, Citation, Edition, Imprint, citation, reference

PLAN = "https://data.example/id/p"
EDITION = Edition(3, "2026-11-26", "某区数据局")
TODAY = date(2026, 12, 1)
DATA = """
<https://data.example/id/p> a plan:Plan ; dcterms:title "某区“十四五”规划"@zh ;
  plan:documentNumber "某政发〔2021〕2号" ; dcterms:issued "2021-03-08"^^xsd:date ;
  plan:issuer <https://data.example/id/p/issuer> .
<https://data.example/id/p/issuer> foaf:name "某区人民政府"@zh .
<https://data.example/id/p/measure/1> a plan:Measure ; skos:prefLabel "建设50%_新园区"@zh .
<https://data.example/id/p/actual/1> a plan:Value , plan:ActualValue ; skos:prefLabel "就业（2022）：5"@zh .
<https://data.example/id/p/dataset> a dcat:Dataset ; dcterms:title "某区规划知识图谱"@zh .
<https://data.example/id/q> a plan:Plan ; dcterms:title "另一规划"@zh ;
  plan:issuer <https://data.example/id/p/issuer> .
"""


@pytest.fixture(scope="module")
def store() -> ox.Store:
    made = ox.Store()
    prefixes = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    made.load((prefixes + DATA).encode(), format=ox.RdfFormat.TURTLE)
    return made


def cited(store: ox.Store, path: str, plan: str = PLAN) -> Citation:
    return citation(store, f"https://data.example/id/{path}", plan, EDITION)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (
            "p",
            "某区人民政府. 某区“十四五”规划: 某政发〔2021〕2号[EB/OL]. 第3次发布. "
            "(2021-03-08)[2026-12-01]. https://data.example/id/p.",
        ),
        (
            "p/measure/1",
            "某区人民政府. 建设50%_新园区[EB/OL]//某区“十四五”规划: 某政发〔2021〕2号. 第3次发布. "
            "(2021-03-08)[2026-12-01]. https://data.example/id/p/measure/1.",
        ),
        (
            "p/dataset",
            "某区数据局. 某区规划知识图谱[DS/OL]. 第3次发布. (2026-11-26)[2026-12-01]. "
            "https://data.example/id/p/dataset.",
        ),
        (
            "p/actual/1",
            "某区数据局. 就业（2022）：5[DS/OL]. 第3次发布. (2026-11-26)[2026-12-01]. "
            "https://data.example/id/p/actual/1.",
        ),
    ],
)
def test_gbt7714(store: ox.Store, path: str, expected: str) -> None:
    """A value entered is the publisher's; what stands in the plan is the government's."""
    assert reference(cited(store, path), "gbt7714", TODAY) == expected


def test_a_plan_without_number_and_day(store: ox.Store) -> None:
    found = reference(cited(store, "q", "https://data.example/id/q"), "gbt7714", TODAY)
    assert found.startswith("某区人民政府. 另一规划[EB/OL]. 第3次发布. (2026-11-26)[2026-12-01]. ")


def test_bibtex_is_well_formed(store: ox.Store) -> None:
    entry = reference(cited(store, "p/measure/1"), "bibtex", TODAY)
    assert entry.startswith("@incollection{p-measure-1,\n")
    assert r"title = {{建设50\%\_新园区}}" in entry
    plain = re.sub(r"\\[{}]", "", entry)
    assert plain.count("{") == plain.count("}")
    fields = dict(re.findall(r"(?m)^  (\w+) = \{(.*)\},?$", entry))
    assert fields["author"] == "{某区人民政府}"
    assert (fields["year"], fields["urldate"]) == ("2021", "2026-12-01")
    assert fields["edition"] == "第3次发布 (release 3, 2026-11-26)"
    assert reference(cited(store, "p/dataset"), "bibtex", TODAY).startswith("@dataset{p-dataset,")


def test_a_publisher_that_has_no_name_is_left_out(store: ox.Store) -> None:
    unnamed = replace(EDITION, publisher=Publisher().cited)
    of = citation(store, "https://data.example/id/p/dataset", PLAN, unnamed)
    assert reference(of, "gbt7714", TODAY).startswith("某区规划知识图谱[DS/OL]. 第3次发布. ")
    assert not re.search("author|publisher", reference(of, "bibtex", TODAY))
    assert not re.search("(?m)^(AU|PB) ", reference(of, "ris", TODAY))


def test_ris_is_well_formed(store: ox.Store) -> None:
    record = reference(cited(store, "p/measure/1"), "ris", TODAY)
    lines = record.split("\r\n")
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)
    assert (lines[0], lines[-1]) == ("TY  - GOVDOC", "ER  - ")
    fields = dict(line.split("  - ", 1) for line in lines)
    assert fields["T2"] == "某区“十四五”规划"
    assert (fields["PY"], fields["DA"], fields["Y2"]) == ("2021", "2021/03/08", "2026/12/01")
    assert fields["UR"] == "https://data.example/id/p/measure/1"


@pytest.mark.parametrize("sign", list("{}%&#_$\\~^"))
def test_signs_of_tex_are_escaped(sign: str) -> None:
    of = Citation("https://a.example/id/x", sign, "t", "", "", "2026-01-02", EDITION, True)
    author = re.search(r"author = \{\{(.*)\}\},", reference(of, "bibtex", TODAY))
    assert author is not None
    assert author[1].startswith("\\")
    assert author[1] != sign


def test_every_style_names_the_iri(store: ox.Store) -> None:
    for style in STYLES:
        assert "https://data.example/id/p/dataset" in reference(
            cited(store, "p/dataset"), style, TODAY
        )


def test_an_imprint_in_both_languages() -> None:
    imprint = Imprint("某规划", "A plan", PLAN, EDITION)
    assert imprint.line() == "某规划，第3次发布（2026-11-26），https://data.example/id/p"
    assert imprint.line("en") == "A plan, release 3 (2026-11-26), https://data.example/id/p"
