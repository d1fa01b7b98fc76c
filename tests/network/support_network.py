"""A small plan's network: part 1 with chapters 4 and 5, chapter 6 outside of parts; goals,
indicators, and what measures name."""

from __future__ import annotations

import networkx as nx

from kg.network.relations import CONCERNS, CONTRIBUTES, PART_OF, SUPPORTS
from kg.rdf.namespaces import PLAN

LOCATED, INVOLVES = str(PLAN.locatedIn), str(PLAN.involves)
MEASURED_BY = str(PLAN.measuredBy)
NAMED, INHERITED = str(PLAN["method-named"]), str(PLAN.SameSection)

NODES = {
    "p": "Plan", "g/1": "Goal", "g/2": "Goal", "s/p1": "Section", "s/4": "Section",
    "s/4.2": "Section", "s/5": "Section", "s/6": "Section", "s/box1": "Section",
    "m/1": "Measure", "m/10": "Measure", "m/2": "Measure", "m/3": "Measure",
    "i/1": "Indicator", "i/2": "Indicator", "z/a": "Zone", "z/b": "Zone", "o/a": "Institution",
}  # fmt: skip
PARTS = [
    ("s/p1", "p"), ("s/4", "s/p1"), ("s/4.2", "s/4"), ("s/5", "s/p1"), ("s/6", "p"),
    ("s/box1", "s/4.2"), ("m/1", "s/4.2"), ("m/10", "s/box1"), ("m/2", "s/5"), ("m/3", "s/6"),
]  # fmt: skip
LINKS = [
    ("s/4", SUPPORTS, "g/1", NAMED), ("m/1", SUPPORTS, "g/1", INHERITED),
    ("m/10", SUPPORTS, "g/1", INHERITED), ("m/2", SUPPORTS, "g/2", INHERITED),
    ("g/1", MEASURED_BY, "i/1", NAMED), ("m/1", CONTRIBUTES, "i/1", NAMED),
    ("m/3", CONCERNS, "i/1", NAMED), ("m/1", LOCATED, "z/a", NAMED),
    ("m/10", LOCATED, "z/a", NAMED), ("m/2", LOCATED, "z/b", NAMED),
    ("m/2", INVOLVES, "o/a", NAMED), ("o/a", LOCATED, "z/a", NAMED),
]  # fmt: skip


def network() -> nx.MultiDiGraph:
    """The plan above, made without a store."""
    made = nx.MultiDiGraph()
    for node, kind in NODES.items():
        made.add_node(node, type=kind, label=f"name of {node}", zone="")
    for a, property_, b, method in LINKS:
        made.add_edge(a, b, property=property_, method=method, link=f"{a}>{b}")
    for part, whole in PARTS:
        made.add_edge(part, whole, property=PART_OF, method="", link="")
    return made
