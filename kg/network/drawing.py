"""A picture of a plan's network as vis-network takes it: colours, shapes, sizes and names."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kg.network.picture import OUTLINE, Ahead, Picture, View
from kg.network.relations import CONCERNS
from kg.rdf.namespaces import local_name

# The types shown, each with a colour of Okabe and Ito's palette, which the colour-blind can
# distinguish, and a shape besides.
STYLES: Mapping[str, tuple[str, str, int]] = {
    "Plan": ("#000000", "star", 22),
    "Goal": ("#D55E00", "diamond", 22),
    "Section": ("#999999", "square", 14),
    "Measure": ("#56B4E9", "dot", 7),
    "Indicator": ("#E69F00", "triangle", 13),
    "Zone": ("#009E73", "hexagon", 11),
    "Institution": ("#CC79A7", "triangleDown", 12),
}
# the largest groups, in the same palette
GROUPS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8F8A00")
OTHER_GROUPS = "#999999"
_SHORT = 16  # characters of a name in a picture
_SMALLEST = 6  # canvas units of an entity that nothing leads to
_BY_MEASURES, _BY_BETWEEN = 4.0, 90.0  # canvas units that the root of a figure adds


@dataclass(frozen=True)
class Drawing:
    """Nodes and edges as vis-network takes them."""

    nodes: list[dict[str, Any]]
    edges: list[dict[str, Any]]


def colour_of(node: str, kind: str, ahead: Ahead, view: View) -> str:
    """An entity's colour: of its type, or of its group."""
    if view.colour != "group":
        return STYLES[kind][0]
    centrality = ahead.centralities.get(node)
    return (
        GROUPS[centrality.community]
        if centrality is not None and centrality.community < len(GROUPS)
        else OTHER_GROUPS
    )


def size_of(node: str, kind: str, ahead: Ahead, view: View) -> float:
    """Half a node's width: of its type, or the root of a figure of its centrality, so that areas
    compare."""
    centrality = ahead.centralities.get(node)
    if view.size == "type" or centrality is None:
        return STYLES[kind][2]
    grows = (
        _BY_MEASURES * math.sqrt(centrality.measures)
        if view.size == "measures"
        else _BY_BETWEEN * math.sqrt(centrality.betweenness)
    )
    return round(_SMALLEST + grows, 1)


def short(name: str) -> str:
    """A name as long as a picture has room for."""
    return name if len(name) <= _SHORT else name[: _SHORT - 1] + "…"


def drawing(shown: Picture, ahead: Ahead, view: View, labels: Mapping[str, str]) -> Drawing:
    """A picture as vis-network draws it, at fixed places.

    Args:
        shown: the picture.
        ahead: what the release stores of the network.
        view: what colours and sizes show.
        labels: names of types, properties and methods by IRI or local name.
    """
    nodes = []
    for node, attributes in shown.network.nodes(data=True):
        kind, name = attributes["type"], attributes["label"]
        x, y = shown.places[node]
        nodes.append(
            {
                "id": node,
                "label": short(name),
                "title": f"{labels.get(kind, kind)}:{name}",
                "x": x,
                "y": y,
                "color": colour_of(node, kind, ahead, view),
                "shape": STYLES[kind][1],
                "size": size_of(node, kind, ahead, view),
                "kind": kind,
                "outline": view.base == OUTLINE or _outlines(node, kind),
            }
        )
    edges = [
        {
            "from": a,
            "to": b,
            "label": labels.get(data["property"], local_name(data["property"])),
            "title": labels.get(data["method"], ""),
            "property": data["property"],
            "link": data["link"],
            "weight": data.get("weight", 1),
            "dashes": data["property"] == CONCERNS,
            "arrows": "to",
        }
        for a, b, data in shown.network.edges(data=True)
    ]
    return Drawing(nodes, edges)


def _outlines(node: str, kind: str) -> bool:
    """Whether an entity belongs to the plan's outline, whose names are read first: goals, and
    chapters without sections' dots."""
    return kind in ("Plan", "Goal") or (kind == "Section" and "." not in local_name(node))
