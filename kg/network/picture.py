"""What of a plan's network is drawn, and where: the same picture for a page, an SVG and a GraphML,
from what its address says."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import networkx as nx

from kg.network.layout import Place, column_layout, layout, places_around, radial_layout
from kg.network.metrics import Centrality, centralities, community_names
from kg.network.relations import PART_OF, chapters, neighbourhood, without_inherited
from kg.rdf.iris import reading_order
from kg.rdf.namespaces import PLAN

OUTLINE, WHOLE, AROUND = "outline", "whole", "around"
KEY_ZONES, KEY_INSTITUTIONS = 12, 6  # those that most measures name stand in the outline
MOST_OPENED = 40  # entities whose neighbours one picture adds
_MOST_ADDED = 40  # neighbours that opening one entity adds
_NAMED_BY = {"Zone": str(PLAN.locatedIn), "Institution": str(PLAN.involves)}
_COLUMNS = {"Goal": 0, "Section": 1, "Zone": 2, "Institution": 2}


@dataclass(frozen=True)
class View:
    """What a picture shows.

    base: where it starts: the outline, the whole plan, or what is around the first of those opened.
    opened: the entities whose neighbours are added (IRIs), in the order they were opened.
    types, links, methods: the types of entities, properties and methods shown; none stands for all.
    chapter: the chapter whose entities alone are shown; empty for all.
    colour: by type or by group. size: by type, measures or between.
    """

    base: str = OUTLINE
    opened: tuple[str, ...] = ()
    types: frozenset[str] = field(default=frozenset())
    links: frozenset[str] = field(default=frozenset())
    methods: frozenset[str] = field(default=frozenset())
    chapter: str = ""
    colour: str = "type"
    size: str = "type"


@dataclass(frozen=True)
class Ahead:
    """What is computed once for a release: centralities, the node that each community is named by,
    and the layouts of the outline and of the whole plan."""

    centralities: dict[str, Centrality]
    communities: dict[int, str]
    outline: dict[str, Place]
    whole: dict[str, Place]

    def as_json(self) -> str:
        """As stored with the release."""
        figures = {
            n: [c.community, c.measures, c.betweenness] for n, c in self.centralities.items()
        }
        stored = {
            "centralities": figures,
            "communities": self.communities,
            "outline": self.outline,
            "whole": self.whole,
        }
        return json.dumps(stored, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Ahead:
        """As read from the release; releases published earlier have other keys for the first two
        members."""
        stored: dict[str, Any] = json.loads(text)
        figures = stored["centralities"] if "centralities" in stored else stored["standings"]
        communities = stored["communities"] if "communities" in stored else stored["groups"]
        return cls(
            {n: Centrality(*values) for n, values in figures.items()},
            {int(number): node for number, node in communities.items()},
            {n: (x, y) for n, (x, y) in stored["outline"].items()},
            {n: (x, y) for n, (x, y) in stored["whole"].items()},
        )


@dataclass(frozen=True)
class Picture:
    """A network with the place of each of its nodes, and how many neighbours of opened entities it
    had no room for."""

    network: nx.MultiDiGraph
    places: dict[str, Place]
    left_out: int = 0


def work_ahead(network: nx.MultiDiGraph, plan: str) -> Ahead:
    """What a release stores of a plan's network.

    Args:
        network: the plan's network.
        plan: the plan's IRI.
    """
    found = centralities(network)
    short = outline(network, found)
    columns = {n: _COLUMNS[kind] for n, kind in short.nodes(data="type")}
    whole = without_inherited(network)
    places = radial_layout(whole, plan) if plan in whole else layout(whole)
    return Ahead(
        found,
        community_names(network, found),
        column_layout(short, columns) if short else {},
        places,
    )


def outline(network: nx.MultiDiGraph, found: dict[str, Centrality]) -> nx.MultiDiGraph:
    """A plan at a glance: its goals, its chapters, and the zones and institutions that most
    measures name.

    A link from a chapter to a zone or institution stands for the links of its measures; its weight
    says how many they are.
    """
    inside = chapters(network)
    tops = sorted(set(inside.values()))
    goals = [n for n, kind in network.nodes(data="type") if kind == "Goal"]
    drawn = nx.MultiDiGraph()
    shown = [
        *goals,
        *tops,
        *_most_named(network, found, "Zone", KEY_ZONES),
        *_most_named(network, found, "Institution", KEY_INSTITUTIONS),
    ]
    drawn.add_nodes_from((n, network.nodes[n]) for n in shown)
    drawn.add_edges_from(
        (a, b, data | {"weight": 1})
        for a, b, data in network.edges(data=True)
        if a in drawn and b in drawn and data["property"] != PART_OF
    )
    named = {_NAMED_BY[kind]: kind for kind in _NAMED_BY}
    many = Counter(
        (inside[a], b, data["property"])
        for a, b, data in network.edges(data=True)
        if data["property"] in named
        and b in drawn
        and network.nodes[a]["type"] == "Measure"
        and a in inside
    )
    for (chapter, entity, property_), weight in sorted(many.items()):
        drawn.add_edge(chapter, entity, property=property_, method="", link="", weight=weight)
    drawn.remove_nodes_from(
        [n for n in list(drawn) if drawn.degree(n) == 0 and drawn.nodes[n]["type"] in _NAMED_BY]
    )
    return drawn


def _most_named(
    network: nx.MultiDiGraph, found: dict[str, Centrality], kind: str, many: int
) -> list[str]:
    """Of a type, those that most measures name; wider regions (the city, a neighbouring one) are no
    places of the plan's own."""
    named = [
        n
        for n, data in network.nodes(data=True)
        if data["type"] == kind and data["zone"] != "region" and found[n].measures > 0
    ]
    return sorted(named, key=lambda n: (-found[n].measures, reading_order(n)))[:many]


def picture(network: nx.MultiDiGraph, ahead: Ahead, view: View) -> Picture:
    """What a view shows of a plan's network.

    Args:
        network: the plan's network.
        ahead: what the release stores of it.
        view: what is to be shown; everything it opens must be in the network.
    """
    plain = without_inherited(network)
    if view.base == WHOLE:
        shown, places = plain, {n: ahead.whole[n] for n in plain}
    elif view.base == AROUND:
        shown = neighbourhood(plain if plain.has_node(view.opened[0]) else network, view.opened[0])
        places = layout(shown)
    else:
        shown, places = outline(network, ahead.centralities), dict(ahead.outline)
    left_out = 0
    for node in view.opened[1:] if view.base == AROUND else view.opened:
        left_out += _open(shown, places, plain, ahead, node)
    return Picture(_filtered(shown, network, view), places, left_out)


def _open(
    shown: nx.MultiDiGraph,
    places: dict[str, Place],
    plain: nx.MultiDiGraph,
    ahead: Ahead,
    node: str,
) -> int:
    """Add an entity and its neighbours to what is shown; returns how many there was no room for."""
    if node not in shown:
        shown.add_node(node, **plain.nodes[node])
        places[node] = places_around((0.0, -200.0), places.values(), 1)[0]
    near = {
        n
        for n in nx.all_neighbors(plain, node)
        if n not in shown and plain.nodes[n]["type"] != "Plan"
    }
    ordered = sorted(near, key=lambda n: (-ahead.centralities[n].measures, reading_order(n)))
    added = sorted(ordered[:_MOST_ADDED], key=reading_order)
    places.update(zip(added, places_around(places[node], places.values(), len(added)), strict=True))
    shown.add_nodes_from((n, plain.nodes[n]) for n in added)
    fresh = {node, *added}
    there = {(a, b, data["link"]) for a, b, data in shown.edges(data=True)}
    shown.add_edges_from(
        (a, b, data)
        for a, b, data in plain.edges(data=True)
        if a in shown
        and b in shown
        and (a in fresh or b in fresh)
        and (a, b, data["link"]) not in there
    )
    return len(ordered) - len(added)


def _filtered(shown: nx.MultiDiGraph, network: nx.MultiDiGraph, view: View) -> nx.MultiDiGraph:
    """What the filters leave: entities that a filter of links cuts off go with them."""
    kept = nx.MultiDiGraph(shown)
    if view.types:
        kept.remove_nodes_from(
            [
                n
                for n, kind in shown.nodes(data="type")
                if kind not in view.types and n not in view.opened
            ]
        )
    for wanted, name in ((view.links, "property"), (view.methods, "method")):
        if wanted:
            kept.remove_edges_from(
                [
                    (a, b, k)
                    for a, b, k, value in list(kept.edges(keys=True, data=name))
                    if value not in wanted
                ]
            )
    if view.chapter:
        inside = {n for n, chapter in chapters(network).items() if chapter == view.chapter}
        near = inside | {n for m in inside if m in network for n in nx.all_neighbors(network, m)}
        kept.remove_nodes_from([n for n in list(kept) if n not in near and n not in view.opened])
        kept.remove_edges_from(
            [
                (a, b, k)
                for a, b, k in list(kept.edges(keys=True))
                if a not in inside and b not in inside
            ]
        )
    if view.links or view.methods or view.chapter:
        kept.remove_nodes_from(
            [n for n in list(kept) if kept.degree(n) == 0 and n not in view.opened]
        )
    return kept
