"""Areas as RDF: names, code, level, and where they lie, as far as the gazetteer knows them."""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF, RDFS, SKOS

from kg.rdf.namespaces import GEO, LOCN, PLAN, SCHEMA
from kg.source import gazetteer
from kg.source.gazetteer import Division, Level
from kg.source.plan import Plan

Triple = tuple[URIRef, URIRef, URIRef | Literal]


def area_of_plan(plan: Plan, node: URIRef) -> Iterator[Triple]:
    """What is known of the area that a plan is for.

    Args:
        plan: the plan.
        node: the area's IRI.
    """
    yield from area(node, plan.area, plan.period[0], plan.area_code or "", plan.level or "")


def area(node: URIRef, name: str, year: int, code: str = "", level: str = "") -> Iterator[Triple]:
    """What is known of an area: its place only where its whole name is that of one division.

    Args:
        node: its IRI.
        name: its full name.
        year: a year in which it stood.
        code: its code of GB/T 2260; "" for the gazetteer's.
        level: nation, province, city, county, zone or town; "" for the gazetteer's.
    """
    one = _division(name, year, code)
    yield node, RDF.type, PLAN.Area
    yield node, RDF.type, DCTERMS.Location
    zone = one is not None and one.level is Level.ZONE
    if not zone:
        yield node, RDF.type, SCHEMA.AdministrativeArea
    yield node, RDFS.label, Literal(name, lang="zh")
    yield node, SKOS.prefLabel, Literal(name, lang="zh")
    if known := code or (one.code if one and not zone else ""):  # a zone's is not of GB/T 2260
        yield node, DCTERMS.identifier, Literal(known)
    if stands := level or (str(one.level) if one else ""):
        yield node, PLAN.areaLevel, PLAN[f"level-{stands}"]
    if one is not None:
        yield from place(node, one)


def _division(name: str, year: int, code: str) -> Division | None:
    """The one division of a name, and of a code where one is given: a code may also be that of what
    holds an area."""
    found = gazetteer.resolve(name, year) or gazetteer.resolve(name)
    found = tuple(one for one in found if not code or one.code == code[:6])
    return found[0] if len({one.code for one in found}) == 1 else None


def place(node: URIRef, one: Division) -> Iterator[Triple]:
    """How far a division reaches: as DCAT says it, and as portals that read LOCN expect it.

    Args:
        node: the area's IRI.
        one: what the gazetteer knows of it.
    """
    if one.extent is not None:
        west, south, east, north = one.extent
        corners = ((west, south), (east, south), (east, north), (west, north), (west, south))
        box = _wkt(f"POLYGON(({', '.join(f'{x} {y}' for x, y in corners)}))")
        yield node, DCAT.bbox, box
        yield node, LOCN.geometry, box
    if one.middle is not None:
        yield node, DCAT.centroid, _wkt(f"POINT({one.middle[0]} {one.middle[1]})")


def _wkt(text: str) -> Literal:
    return Literal(text, datatype=GEO.wktLiteral)
