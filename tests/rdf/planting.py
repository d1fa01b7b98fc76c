"""Planting the faults of faults.toml into a graph."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from kg.rdf.namespaces import PREFIXES
from kg.rdf.quads import respelt

FAULTS = Path(__file__).parent / "faults.toml"
SITE = "http://localhost:8000/id/"
PLANS = {"flagship": f"{SITE}hongqiao-2021", "monitored": f"{SITE}qinghe-2021"}


@dataclass(frozen=True)
class Fault:
    """One fault: what it is, the graph it is planted into, the node at fault, the update that
    plants it, and the node and shape that the report has to name."""

    what: str
    base: str
    node: str
    update: str
    named: str
    shape: str


def faults() -> list[Fault]:
    """All faults of the table, in its order."""
    told = tomllib.loads(FAULTS.read_text(encoding="utf-8"))["fault"]
    return [_fault(one) for one in told]


def _fault(told: dict[str, str]) -> Fault:
    plan = PLANS[told.get("base", "flagship")]
    node = _iri(plan, told["node"])
    named = _iri(plan, told["on"]) if "on" in told else node
    return Fault(
        told["what"],
        told.get("base", "flagship"),
        node,
        re.sub(r"<(?!http)([^<> ]*)>", rf"<{plan}/\1>", _update(told, node, plan)),
        named,
        told["shape"],
    )


def _iri(plan: str, node: str) -> str:
    if node == ".":
        return plan
    return f"{SITE}{node}" if node.startswith(("period/", "area/")) else f"{plan}/{node}"


def _update(told: dict[str, str], node: str, plan: str) -> str:
    this = f"<{node}>"
    if "update" in told:
        return told["update"].replace("$node", this)
    if "drop" in told:
        return f"DELETE WHERE {{ {this} {told['drop']} ?old }}"
    if "move" in told:
        was, now = told["move"].split()
        return (
            f"DELETE {{ {this} {was} ?o }} INSERT {{ {this} {now} ?o }} WHERE {{ {this} {was} ?o }}"
        )
    name, value = (told.get("set") or told["add"]).split(" ", 1)
    said = f"{this} {name} {value.replace('<>', f'<{plan}>')}"
    if "add" in told:
        return f"INSERT DATA {{ {said} }}"
    return f"DELETE WHERE {{ {this} {name} ?old }} ; INSERT DATA {{ {said} }}"


def batches(planted: list[Fault]) -> list[list[Fault]]:
    """The faults in as few lots as can be planted at once: no two of a lot touch the same thing."""
    lots: list[tuple[set[str], list[Fault]]] = []
    for fault in planted:
        touched = {fault.node, fault.named, *re.findall(r"(?<=<)[^<> ]+(?=>)", fault.update)}
        touched -= {f"{PLANS[fault.base]}/"}
        lot = next((lot for lot in lots if not lot[0] & touched), None)
        if lot is None:
            lots.append((touched, [fault]))
        else:
            lot[0].update(touched)
            lot[1].append(fault)
    return [of_lot for _, of_lot in lots]


def plant(quads: list[ox.Quad], lot: list[Fault]) -> list[ox.Quad]:
    """A graph with faults in it; each must change something."""
    store = ox.Store()
    store.extend(quads)
    for fault in lot:
        before = _around(store, fault)
        store.update(fault.update, prefixes=PREFIXES)
        assert _around(store, fault) != before, f"nothing is planted: {fault.what}"
    return respelt(store)


def _around(store: ox.Store, fault: Fault) -> tuple[int, set[ox.Quad]]:
    """How much there is, and what is said of a fault's node."""
    node = ox.NamedNode(fault.node)
    said = {*store.quads_for_pattern(node, None, None), *store.quads_for_pattern(None, None, node)}
    return len(store), said
