"""Measures as entities' pages list them: what, where, by whom, and in which chapter."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby

import pyoxigraph as ox

from kg.rdf.iris import reading_order
from kg.rdf.select import select
from kg.views.places import Place, Places

_MEASURES = """
SELECT ?measure ?section ?at ?zone ?institution WHERE {{
  ?measure {path} <{iri}> ; a plan:Measure ; dcterms:isPartOf ?section .
  OPTIONAL {{ ?measure prov:wasQuotedFrom/oa:start ?at }}
  OPTIONAL {{ ?measure plan:locatedIn ?zone }}
  OPTIONAL {{ ?measure plan:involves ?institution }} }}"""


@dataclass(frozen=True)
class Line:
    """A measure with its section and place in the text (None where it is in no section), and the
    zones and institutions that its sentence names (IRIs)."""

    measure: str
    section: str
    place: Place | None
    zones: tuple[str, ...]
    institutions: tuple[str, ...]


def measures_by(
    store: ox.Store, graph: str, path: str, iri: str, places: Places
) -> tuple[Line, ...]:
    """The measures that lead to an IRI along a path (plan:supportsGoal), in reading order."""
    sections: dict[str, str] = {}
    starts: dict[str, int] = {}
    zones: dict[str, set[str]] = defaultdict(set)
    institutions: dict[str, set[str]] = defaultdict(set)
    for row in select(store, _MEASURES.format(path=path, iri=iri), graph):
        measure = row["measure"]
        sections[measure], starts[measure] = row["section"], int(row["at"] or 0)
        if row["zone"]:
            zones[measure].add(row["zone"])
        if row["institution"]:
            institutions[measure].add(row["institution"])
    return tuple(
        Line(
            measure,
            sections[measure],
            places.at(sections[measure], starts[measure]),
            tuple(sorted(zones[measure] - {iri}, key=reading_order)),
            tuple(sorted(institutions[measure] - {iri}, key=reading_order)),
        )
        for measure in sorted(sections, key=lambda m: (starts[m], reading_order(m)))
    )


def by_chapter(lines: tuple[Line, ...], places: Places) -> list[tuple[str, tuple[Line, ...]]]:
    """Measures by the chapter that holds them (its IRI), in reading order."""
    return [
        (chapter, tuple(of_chapter))
        for chapter, of_chapter in groupby(lines, key=lambda line: places.chapter(line.section))
    ]


def before_and_after(lines: tuple[Line, ...], measure: str) -> tuple[Line | None, Line | None]:
    """The measures before and after one in a list, None where there is none."""
    order = [line.measure for line in lines]
    if measure not in order:
        return None, None
    at = order.index(measure)
    return lines[at - 1] if at else None, lines[at + 1] if at + 1 < len(lines) else None
