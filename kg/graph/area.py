"""Areas as RDF: names, code, level, and where they lie, as far as the gazetteer knows them.

A plan's area has an IRI of the plan's; it is the same as a division of the gazetteer, which has one
IRI for all plans, with those above it.
"""

from collections.abc import Iterator

from rdflib import Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, OWL, RDF, RDFS, SKOS, XSD

from kg.rdf.iris import area_iri
from kg.rdf.namespaces import GEO, LOCN, PLAN, SCHEMA
from kg.source import gazetteer
from kg.source.gazetteer import Division, Level
from kg.source.plan import Plan

Triple = tuple[URIRef, URIRef, URIRef | Literal]


def area_of_plan(plan: Plan, node: URIRef) -> Iterator[Triple]:
    """What is known of the area that a plan is for."""
    yield from area(node, plan.area, plan.period[0], plan.area_code or "", plan.level or "")


def area(node: URIRef, name: str, year: int, code: str = "", level: str = "") -> Iterator[Triple]:
    """What is known of an area: its place only where its whole name is that of one division.

    Args:
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


def as_division(node: URIRef, name: str, year: int, base: str, code: str = "") -> Iterator[Triple]:
    """Which division of the gazetteer an area is, or a zone lies in, and those above it."""
    one = _division(name, year, code)
    if one is None:
        return
    if one.level is Level.ZONE:
        one = gazetteer.above(one)[0]
        yield node, DCTERMS.isPartOf, _division_iri(one, base)
    else:
        yield node, OWL.sameAs, _division_iri(one, base)
    yield from _with_those_above(one, base)


def shared_area(plan: Plan) -> str:
    """By which key the area of a plan is known whichever plan speaks of it (kg.rdf.iris.area_iri);
    "" where it is no division of the gazetteer."""
    one = _division(plan.area, plan.period[0], plan.area_code or "")
    return "" if one is None or one.level is Level.ZONE else _key(one)


def shared_area_triples(plan: Plan, base: str) -> Iterator[Triple]:
    """What is known of the division that a plan is for, and of those above it.

    Args:
        plan: the plan, of a division of the gazetteer.
        base: the base of all IRIs.
    """
    one = _division(plan.area, plan.period[0], plan.area_code or "")
    if one is not None:
        yield from _with_those_above(one, base)


def _with_those_above(one: Division, base: str) -> Iterator[Triple]:
    """A division of the gazetteer and those above it."""
    for held in (one, *gazetteer.above(one), *([gazetteer.nation()] if one.code else [])):
        yield from _division_triples(held, base)


def _division_iri(one: Division, base: str) -> URIRef:
    return URIRef(area_iri(base, _key(one)))


def _key(one: Division) -> str:
    """A division's code, with the last year of one that ended, as codes are reused."""
    ended = f"-{one.until}" if one.until is not None else ""
    return f"{one.code or _NATION}{ended}"


_NATION = "CN"


def _division_triples(one: Division, base: str) -> Iterator[Triple]:
    """A division: its name, code, level, what it is part of, and its first and last year."""
    node = _division_iri(one, base)
    for kind in (PLAN.Area, DCTERMS.Location, SCHEMA.AdministrativeArea):
        yield node, RDF.type, kind
    name = Literal(gazetteer.full_name(one), lang="zh")
    yield node, RDFS.label, name
    yield node, SKOS.prefLabel, name
    yield node, PLAN.areaLevel, PLAN[f"level-{one.level}"]
    if one.code:
        yield node, DCTERMS.identifier, Literal(one.code)
        above = next(iter(gazetteer.above(one)), gazetteer.nation())
        yield node, DCTERMS.isPartOf, _division_iri(above, base)
    for property_, year in ((PLAN.standsSince, one.since), (PLAN.stoodUntil, one.until)):
        if year is not None:
            yield node, property_, Literal(str(year), datatype=XSD.gYear)
    yield from place(node, one)


def _division(name: str, year: int, code: str) -> Division | None:
    """The one division of a name and, where given, of a code, which may be that of its parent."""
    found = gazetteer.resolve(name, year) or gazetteer.resolve(name)
    found = tuple(one for one in found if not code or one.code == code[:6])
    return found[0] if len({one.code for one in found}) == 1 else None


def place(node: URIRef, one: Division) -> Iterator[Triple]:
    """How far a division reaches: as DCAT says it, and as portals that read LOCN expect it."""
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
