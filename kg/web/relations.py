"""The relation graph: of a whole plan, and of what is around one thing."""

from __future__ import annotations

from typing import Any

import networkx as nx
from flask import Blueprint, Response, abort, jsonify, render_template, request

from kg.relations import STYLES, Step, connections, drawing, layout, neighbourhood, overview, radial_layout, relation_graph
from kg.terms import PLAN, PREFIXES
from kg.text import line_around
from kg.web.context import address, facts, release

blueprint = Blueprint("relations", __name__)

_AROUND = 80  # characters shown on either side of what a link rests on
_LISTED = 300
_LONGEST_NAME = 30  # characters of a name that is suggested


def _network(slug: str) -> nx.MultiDiGraph:
    shown = release()
    network: nx.MultiDiGraph = shown.once(("network", slug), lambda: relation_graph(shown.store, shown.graph(slug)))
    return network


def _shown(slug: str, node: str | None) -> tuple[nx.MultiDiGraph, dict[str, tuple[float, float]]]:
    """What is drawn, and where."""
    network = _network(slug)
    if node is None:
        whole = release().once(("overview", slug), lambda: overview(network))
        middle = f"{release().base}/id/{slug}"
        return whole, release().once(("layout", slug), lambda: radial_layout(whole, middle))
    if node not in network:
        abort(404, f"{node} is not in the relation graph")
    around = neighbourhood(network, node)
    return around, layout(around)


def _labels() -> dict[str, str]:
    properties = [str(PLAN[p]) for p in ("supportsGoal", "measuredBy", "contributesTo", "locatedIn", "involves")]
    properties += [str(PLAN[f"{side}Boundary"]) for side in ("north", "south", "east", "west")]
    methods = ("NamedInSentence", "SameQuantity", "SameSection", "BoundaryStatement", "NameContainsPlace", "SimilarWords", "SubjectWords")
    labels = {iri: facts().label(iri) for iri in (*properties, *(str(PLAN[m]) for m in methods))}
    labels |= {kind: facts().label(str(PLAN[kind])) for kind in STYLES}
    part_of = PREFIXES["dcterms"] + "isPartOf"
    labels[part_of] = facts().label(part_of)
    return labels


@blueprint.get("/relations/<slug>")
def relations(slug: str) -> str:
    """The page: the picture, its legend, and the same links as a table."""
    plan = release().plan(slug) or abort(404, f"there is no plan {slug}")
    node = request.args.get("node")
    network, _ = _shown(slug, node)
    labels = _labels()
    rows = [
        (facts().reference(a), labels.get(data["property"], ""), facts().reference(b), labels.get(data["method"], ""), data["link"])
        for a, b, data in list(network.edges(data=True))[:_LISTED]
    ]
    legend = [(kind, labels[kind], *STYLES[kind]) for kind in STYLES if kind in {k for _, k in network.nodes(data="type")}]
    centre = facts().reference(node) if node else None
    return render_template(
        "relations.html", plan=plan, centre=centre, rows=rows, total=network.number_of_edges(), listed=_LISTED, legend=legend, slug=slug
    )


@blueprint.get("/relations/<slug>.json")
def picture(slug: str) -> Response:
    """The picture's nodes and edges as vis-network takes them."""
    release().plan(slug) or abort(404, f"there is no plan {slug}")
    node = request.args.get("node")
    network, positions = _shown(slug, node)
    drawn = drawing(network, positions, _labels())
    nodes: list[dict[str, Any]] = [{**n, "page": address(n["id"]), "around": node is None or n["id"] != node} for n in drawn.nodes]
    return jsonify({"nodes": nodes, "edges": drawn.edges})


@blueprint.get("/connect/<slug>")
def connect(slug: str) -> Response | str:
    """How two things are connected: every short path between them, each step with the sentence that says so."""
    plan = release().plan(slug) or abort(404, f"there is no plan {slug}")
    network = _network(slug)
    given = [request.args.get(name, "").strip() for name in ("from", "to")]
    ends = [_named(network, text_) for text_ in given]
    start, end = ends
    paths = connections(network, start, end) if start and end else []
    if request.args.get("format") == "json":
        return jsonify([[_told(step) | {"sentences": facts().sentences(step.link)} for step in path] for path in paths])
    labels = _labels()
    shown = [
        [(step, facts().reference(step.end), labels.get(step.property, ""), _in_lines(slug, step.link)) for step in path] for path in paths
    ]
    names = sorted({name for _, name in network.nodes(data="label") if len(name) <= _LONGEST_NAME})
    return render_template(
        "connect.html",
        plan=plan,
        slug=slug,
        given=given,
        ends=[facts().reference(e) if e else None for e in ends],
        paths=shown,
        method=lambda iri: labels.get(iri, ""),
        names=names,
    )


def _in_lines(slug: str, statement: str) -> list[tuple[str, str, str, str]]:
    """What a link rests on, as published: each passage's IRI, and its words with those before and after them."""
    source, found = release().source(slug), []
    for passage, _ in facts().sentences(statement):
        start, end = (int(place) for place in passage.rsplit("/", 1)[-1].split("-"))
        before, after = line_around(source, start, end, _AROUND)
        found.append((passage, before, source[start:end], after))
    return found


def _told(step: Step) -> dict[str, Any]:
    return {"from": step.start, "to": step.end, "property": step.property, "forward": step.forward, "statement": step.link or None}


def _named(network: nx.MultiDiGraph, given: str) -> str | None:
    """The thing that was meant: by its IRI, its name, or else the first that a search for the words finds."""
    if not given or given in network:
        return given or None
    exact = sorted(n for n, label in network.nodes(data="label") if label == given)
    hits, _ = release().index.search(given)
    return next((iri for iri in (*exact, *(hit.iri for hit in hits)) if iri in network), None)
