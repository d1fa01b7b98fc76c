"""Areas as RDF, as the template area.ttl states them: names, code, level, and where they lie, as
far as the gazetteer knows them.

A plan's area has an IRI of the plan's; it is the same as a division of the gazetteer, which has one
IRI for all plans, with those above it.
"""

from itertools import pairwise
from typing import Any

import pyoxigraph as ox

from kg.lexicon import lexicon
from kg.rdf.iris import area_iri
from kg.rdf.turtle import stated
from kg.source import gazetteer
from kg.source.gazetteer import Division, Level
from kg.source.plan import Plan

_NATION = "CN"  # its key, as it has no code


def area_of_plan(plan: Plan, node: str, graph: str, base: str = "") -> list[ox.Quad]:
    """What is known of the area that a plan is for (area)."""
    about = (plan.area, plan.period[0], graph, base)
    return area(node, *about, plan.area_code or "", plan.level or "")


def area(
    node: str, name: str, year: int, graph: str, base: str = "", code: str = "", level: str = ""
) -> list[ox.Quad]:
    """What is known of an area by its IRI, node, and the name used in a year: its place only where
    its whole name is that of one division.

    base: that of all IRIs, for which division it is, or a zone lies in, and those above that; ""
    leaves these out. code: that of GB/T 2260, level: nation, province, city, county, zone or town;
    "" for the gazetteer's.
    """
    one = held = _division(name, year, code)
    relation = "owl:sameAs"
    if one is not None and one.level is Level.ZONE:
        held, relation = gazetteer.above(one)[0], "dcterms:isPartOf"
    return _area_statements(
        graph,
        base,
        held if base else None,
        node=node,
        name=name,
        division=one,
        code=code or (one.code if one and one is held else ""),  # a zone's is not of GB/T 2260
        level=level or (one.level if one else ""),
        relation=relation,
        within=_iri(held, base) if held and base else "",
    )


def shared_area(plan: Plan) -> str:
    """By which key the area of a plan is known whichever plan speaks of it (kg.rdf.iris.area_iri);
    "" where it is no division of the gazetteer."""
    one = _division(plan.area, plan.period[0], plan.area_code or "")
    return "" if one is None or one.level is Level.ZONE else _key(one)


def shared_area_quads(plan: Plan, graph: str, base: str) -> list[ox.Quad]:
    """What is known of the division that a plan is for, and of those above it; base: that of all
    IRIs."""
    return _area_statements(graph, base, _division(plan.area, plan.period[0], plan.area_code or ""))


def place(node: str, one: Division, graph: str) -> list[ox.Quad]:
    """How far a division reaches: as DCAT says it, and as portals that read LOCN expect it."""
    return _area_statements(graph, "", None, node=node, division=one)


def _area_statements(graph: str, base: str, held: Division | None, **about: Any) -> list[ox.Quad]:
    """The statements about an area, and about a division and those above it."""
    line = [] if held is None else [held, *gazetteer.above(held)]
    line += [gazetteer.nation()] if held is not None and held.code else []
    divisions = [
        (one, _iri(one, base), gazetteer.full_name(one), _iri(above, base) if above else "")
        for one, above in pairwise([*line, None])
        if one is not None
    ]
    words = {"name": "", "within": "", "division": None, "lists": lexicon("areas")["lists"]}
    return stated("kg.graph", "area", graph, **words | about, divisions=divisions)


def _iri(one: Division, base: str) -> str:
    return area_iri(base, _key(one))


def _key(one: Division) -> str:
    """A division's code, with the last year of one that ended, as codes are reused."""
    ended = f"-{one.until}" if one.until is not None else ""
    return f"{one.code or _NATION}{ended}"


def _division(name: str, year: int, code: str) -> Division | None:
    """The one division of a name and, where given, of a code, which may be that of its parent."""
    found = gazetteer.resolve(name, year) or gazetteer.resolve(name)
    found = tuple(one for one in found if not code or one.code == code[:6])
    return found[0] if len({one.code for one in found}) == 1 else None
