"""What is said of areas: as much as is known of them, and no more."""

from __future__ import annotations

import pytest
from rdflib import URIRef
from rdflib.namespace import DCAT, DCTERMS

from kg.graph.area import area
from kg.rdf.namespaces import LOCN, PLAN

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
    said = {(p, str(o)) for _, p, o in area(NODE, name, year, given)}
    found = {str(p): o for p, o in said}
    assert found.get(str(DCTERMS.identifier)) == code
    assert found.get(str(PLAN.areaLevel)) == (level and str(PLAN[f"level-{level}"]))
    assert (str(DCAT.bbox) in found) is placed
    assert found.get(str(LOCN.geometry)) == found.get(str(DCAT.bbox))
