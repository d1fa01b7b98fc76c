"""What is said of areas: as much as is known of them, and no more."""

from __future__ import annotations

import pytest
from rdflib import Graph, URIRef
from rdflib.namespace import DCAT, DCTERMS, OWL, SKOS

from kg.graph.area import area
from kg.rdf.namespaces import LOCN, PLAN
from kg.rdf.quads import as_triples

NODE = URIRef("urn:area")


@pytest.mark.parametrize(
    ("name", "year", "given", "code", "level", "placed"),
    [
        ("浙江省杭州市", 2026, "", "330100", "city", True),
        ("上海市", 2021, "310000", "310000", "province", True),
        ("中华人民共和国", 2021, "", None, "nation", True),
        ("鼓楼区", 2021, "", None, None, False),  # of four cities
        ("襄樊市", 2006, "", "420600", "city", False),  # there no more
        ("云湖市青禾区", 2026, "", None, None, False),  # invented
        ("天津市红桥区某某镇", 2021, "120106", "120106", None, False),  # the code of what holds it
        ("江苏省苏州市苏州工业园区", 2021, "", None, "zone", False),
    ],
)
def test_what_is_known(
    name: str, year: int, given: str, code: str | None, level: str | None, placed: bool
) -> None:
    quads = area(NODE, name, year, "urn:graph", code=given)
    said = {(p, str(o)) for _, p, o in as_triples(quads)}
    found = {str(p): o for p, o in said}
    assert found.get(str(DCTERMS.identifier)) == code
    assert found.get(str(PLAN.areaLevel)) == (level and str(PLAN[f"level-{level}"]))
    assert (str(DCAT.bbox) in found) is placed
    assert found.get(str(LOCN.geometry)) == found.get(str(DCAT.bbox))


@pytest.mark.parametrize(
    ("name", "year", "same", "within"),
    [
        ("天津市红桥区", 2021, "120106", ["120000", "CN"]),
        ("江苏省苏州市", 2026, "320500", ["320000", "CN"]),
        ("上海市", 2021, "310000", ["CN"]),
        ("中华人民共和国", 2021, "CN", []),
        ("襄樊市", 2006, "420600-2010", ["420000", "CN"]),  # its code is another name's today
        ("江苏省苏州市苏州工业园区", 2021, None, ["320500", "320000", "CN"]),  # no division by law
        ("鼓楼区", 2021, None, []),
        ("云湖市青禾区", 2026, None, []),
    ],
)
def test_an_area_is_one_division_for_all_plans(
    name: str, year: int, same: str | None, within: list[str]
) -> None:
    base = "http://a.example/id/area/"
    graph = Graph()
    for triple in as_triples(area(NODE, name, year, "urn:graph", "http://a.example")):
        graph.add(triple)
    division = graph.value(NODE, OWL.sameAs)
    assert division == (URIRef(base + same) if same else None)
    held = [*graph.transitive_objects(division or NODE, DCTERMS.isPartOf)][1:]
    assert held == [URIRef(base + one) for one in within]
    for one in held:
        assert graph.value(one, PLAN.areaLevel) and graph.value(one, SKOS.prefLabel)
    ends = (PLAN.standsSince, PLAN.knownSince), (PLAN.stoodUntil, PLAN.knownUntil)
    for one in [division, *held] if division else held:
        stated = [[str(year) for end in of for year in graph.objects(one, end)] for of in ends]
        assert [len(years) for years in stated] == [1, 1], one  # each says from when, and to when
    if same == "420600-2010":
        assert str(graph.value(division, PLAN.stoodUntil)) == "2010"
    if same == "320500":
        assert str(graph.value(division, PLAN.knownUntil)) == "2025"
