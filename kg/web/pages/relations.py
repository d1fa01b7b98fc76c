"""The relation graph: as a picture, as a table, and the evidence for each link."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import networkx as nx
from flask import Blueprint, Response, abort, g, jsonify, make_response, render_template, request

from kg.export.networks import graphml
from kg.network.drawing import GROUPS, OTHER_GROUPS, STYLES, colour_of, drawing, short, size_of
from kg.network.picture import AROUND, MOST_OPENED, OUTLINE, WHOLE, Ahead, Picture, View, picture
from kg.network.relations import (
    CONCERNS,
    PART_OF,
    Step,
    behind,
    chapters,
    connections,
    relation_graph,
)
from kg.rdf.namespaces import PLAN, local_name
from kg.source.text import line_around
from kg.web.context import address, imprint, plan_of, reader, release
from kg.web.messages import Message
from kg.web.pages.questions import table_query

blueprint = Blueprint("relations", __name__)

_AROUND = 80  # characters shown on either side of what a link rests on
_LISTED = 300
_IN_PANEL = 40  # links that the panel lists
_TOP = 8  # entities in the lists of those that most measures name
_COLOURS, _SIZES = ("type", "group"), ("type", "measures", "between")


def _network(slug: str) -> nx.MultiDiGraph:
    shown = release()
    network: nx.MultiDiGraph = shown.once(
        ("network", slug), lambda: relation_graph(shown.store, shown.graph(slug))
    )
    return network


def _ahead(slug: str) -> Ahead:
    shown = release()
    return shown.once(
        ("ahead", slug),
        lambda: Ahead.from_json(
            (shown.folder / "plans" / slug / "picture.json").read_text(encoding="utf-8")
        ),
    )


def _view(slug: str) -> View:
    """What the address asks for; 404 for entities the network lacks, 400 for words it does not
    know."""
    network = _network(slug)
    opened = tuple(dict.fromkeys(filter(None, request.args.getlist("node"))))
    for node in opened:
        if node not in network:
            abort(404, Message("not_in_graph", node))
    if len(opened) > MOST_OPENED:
        abort(400, Message("opened_at_most", MOST_OPENED, len(opened)))
    base = request.args.get("view") or (AROUND if opened else OUTLINE)
    chapter = request.args.get("chapter", "")
    _known("view", base, (OUTLINE, WHOLE, AROUND) if opened else (OUTLINE, WHOLE))
    _known("chapter", chapter, ("", *chapters(network).values()))
    colour, size = request.args.get("colour") or _COLOURS[0], request.args.get("size") or _SIZES[0]
    _known("colour", colour, _COLOURS)
    _known("size", size, _SIZES)
    types = frozenset(filter(None, request.args.getlist("type")))
    for kind in types:
        _known("type", kind, STYLES)
    links, methods = _chosen(network, "link", "property"), _chosen(network, "method", "method")
    return View(base, opened, types, links, methods, chapter, colour, size)


def _known(name: str, given: str, words: Any) -> None:
    if given not in words:
        abort(400, Message("one_of", name, given, ", ".join(dict.fromkeys(words))))


def _chosen(network: nx.MultiDiGraph, name: str, attribute: str) -> frozenset[str]:
    """The properties or methods named in the address by their local names, as IRIs."""
    used = _used(network, attribute)
    given = [value for value in request.args.getlist(name) if value]
    for value in given:
        _known(name, value, used)
    return frozenset(used[value] for value in given)


def _used(network: nx.MultiDiGraph, attribute: str) -> dict[str, str]:
    """The properties or methods of a network's links: IRIs by their local names."""
    found = sorted({iri for _, _, iri in network.edges(data=attribute) if iri})
    return {local_name(iri): iri for iri in found}


def _shown(slug: str) -> tuple[View, Picture]:
    plan_of(slug)
    view = _view(slug)
    return view, picture(_network(slug), _ahead(slug), view)


def _labels(network: nx.MultiDiGraph) -> dict[str, str]:
    """Names of the types, properties and methods of a network."""
    iris = [*_used(network, "property").values(), *_used(network, "method").values()]
    return {iri: reader().label(iri) for iri in iris} | {
        kind: reader().label(str(PLAN[kind])) for kind in STYLES
    }


@blueprint.get("/relations/<slug>")
def relations(slug: str) -> str:
    """The page: the picture with its filters and legend, and the same links as a table."""
    plan = plan_of(slug)
    view, shown = _shown(slug)
    network, ahead = _network(slug), _ahead(slug)
    labels = _labels(network)
    rows = [
        (
            reader().reference(a),
            labels.get(data["property"], ""),
            reader().reference(b),
            labels.get(data["method"], ""),
            data["link"],
            data.get("weight", 1) if not data["link"] else 1,
        )
        for a, b, data in list(shown.network.edges(data=True))[:_LISTED]
    ]
    there = {kind for _, kind in network.nodes(data="type")}
    tops = sorted(
        set(chapters(network).values()),
        key=lambda iri: int(local_name(iri)) if local_name(iri).isdigit() else 0,
    )
    return render_template(
        "relations.html",
        plan=plan,
        slug=slug,
        view=view,
        rows=rows,
        total=shown.network.number_of_edges(),
        listed=_LISTED,
        left_out=shown.left_out,
        dashed=any(
            property_ == CONCERNS for _, _, property_ in shown.network.edges(data="property")
        ),
        opened=[reader().reference(iri) for iri in view.opened],
        query=urlencode([(k, v) for k, v in request.args.items(multi=True) if v]),
        types=[(kind, labels[kind]) for kind in STYLES if kind in there],
        links=[
            (name, labels[iri], iri in view.links)
            for name, iri in _used(network, "property").items()
        ],
        methods=[
            (name, labels[iri], iri in view.methods)
            for name, iri in _used(network, "method").items()
        ],
        chapters=[(iri, network.nodes[iri]["label"]) for iri in tops],
        groups=[
            (
                GROUPS[group] if group < len(GROUPS) else OTHER_GROUPS,
                reader().reference(node),
                _size_of_group(ahead, group),
            )
            for group, node in list(ahead.communities.items())[: len(GROUPS)]
        ],
        most=[
            (kind, labels[kind], _most_named(network, ahead, kind))
            for kind in ("Institution", "Zone")
        ],
        behind=table_query("links", slug),
    )


def _size_of_group(ahead: Ahead, group: int) -> int:
    return sum(c.community == group for c in ahead.centralities.values())


def _most_named(network: nx.MultiDiGraph, ahead: Ahead, kind: str) -> list[tuple[Any, int]]:
    named = [
        (n, ahead.centralities[n].measures)
        for n, type_ in network.nodes(data="type")
        if type_ == kind
    ]
    best = sorted((pair for pair in named if pair[1]), key=lambda pair: (-pair[1], pair[0]))[:_TOP]
    return [(reader().reference(iri), count) for iri, count in best]


@blueprint.get("/relations/<slug>.json")
def as_json(slug: str) -> Response:
    """The picture's nodes and edges as vis-network takes them."""
    view, shown = _shown(slug)
    drawn = drawing(shown, _ahead(slug), view, _labels(_network(slug)))
    nodes = [
        {**node, "page": address(node["id"]), "opened": node["id"] in view.opened}
        for node in drawn.nodes
    ]
    return jsonify({"nodes": nodes, "edges": drawn.edges})


@blueprint.get("/relations/<slug>.svg")
def as_svg(slug: str) -> Response:
    """The picture as SVG, to be put into a report."""
    view, shown = _shown(slug)
    ahead = _ahead(slug)
    nodes = [
        {
            "x": shown.places[n][0],
            "y": shown.places[n][1],
            "size": size_of(n, d["type"], ahead, view),
            "kind": d["type"],
            "colour": colour_of(n, d["type"], ahead, view),
            "label": short(d["label"]),
            "title": d["label"],
        }
        for n, d in shown.network.nodes(data=True)
    ]
    lines = [
        (
            *shown.places[a],
            *shown.places[b],
            data.get("weight", 1),
            data["property"] == CONCERNS,
        )
        for a, b, data in shown.network.edges(data=True)
    ]
    response = make_response(
        render_template(
            "relations.svg",
            nodes=nodes,
            lines=lines,
            title=plan_of(slug).title,
            imprint=imprint(plan_of(slug)).line(g.language),
        )
    )
    return _as_file(response, "image/svg+xml", f"{slug}-relations.svg")


@blueprint.get("/relations/<slug>.graphml")
def as_graphml(slug: str) -> Response:
    """What the picture shows as GraphML."""
    _, shown = _shown(slug)
    ahead, labels, exported = _ahead(slug), _labels(_network(slug)), nx.MultiDiGraph()
    exported.graph.update(imprint(plan_of(slug)).as_json())
    for node, attributes in shown.network.nodes(data=True):
        x, y = shown.places[node]
        centrality = ahead.centralities.get(node)
        figures = (
            {
                "group": centrality.community,
                "measures": centrality.measures,
                "betweenness": centrality.betweenness,
            }
            if centrality
            else {}
        )
        exported.add_node(node, **attributes, x=x, y=y, **figures)
    for a, b, data in shown.network.edges(data=True):
        exported.add_edge(
            a,
            b,
            property=data["property"],
            name=labels.get(data["property"], ""),
            method=data["method"],
            link=data["link"],
            weight=data.get("weight", 1),
        )
    return _as_file(
        make_response(graphml(exported)), "application/graphml+xml", f"{slug}-relations.graphml"
    )


def _as_file(response: Response, media_type: str, name: str) -> Response:
    response.mimetype = media_type
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@blueprint.get("/relations/<slug>/panel")
def panel(slug: str) -> str:
    """The panel of an entity (node) or of the line between two (from, to): values, links, and the
    sentence behind each."""
    plan_of(slug)
    network = _network(slug)
    node = request.args.get("node", "")
    ends = (request.args.get("from", ""), request.args.get("to", ""))
    for named in (node,) if node else ends:
        if named not in network:
            abort(404, Message("not_in_graph", named))
    links = _links_of(network, node) if node else behind(network, *ends)
    labels = _labels(network)
    listed = [
        (
            reader().reference(a),
            labels.get(data["property"], ""),
            reader().reference(b),
            labels.get(data["method"], ""),
            data["link"],
            _in_lines(slug, data["link"]) if data["link"] else [],
        )
        for a, b, data in links[:_IN_PANEL]
    ]
    entity = reader().entity(node, release().source(slug)) if node else None
    return render_template(
        "panel.html",
        slug=slug,
        entity=entity,
        links=listed,
        total=len(links),
        centrality=_ahead(slug).centralities.get(node),
        ends=ends,
    )


def _links_of(network: nx.MultiDiGraph, node: str) -> list[tuple[str, str, dict[str, str]]]:
    """An entity's links, those that rest on a sentence of their own first."""
    found = [
        (a, b, d)
        for a, b, d in (*network.out_edges(node, data=True), *network.in_edges(node, data=True))
        if d["property"] != PART_OF
    ]
    return sorted(
        found, key=lambda link: (link[2]["method"].endswith("SameSection"), link[2]["link"])
    )


@blueprint.get("/connect/<slug>")
def connect(slug: str) -> Response | str:
    """How two entities are connected: every short path between them, each step with the sentence
    that states it."""
    plan = plan_of(slug)
    network = _network(slug)
    given = [request.args.get(name, "").strip() for name in ("from", "to")]
    ends = [_named(network, text_) for text_ in given]
    start, end = ends
    paths = connections(network, start, end) if start and end else []
    if request.args.get("format") == "json":
        return jsonify(
            [
                [_step_json(step) | {"sentences": reader().sentences(step.link)} for step in path]
                for path in paths
            ]
        )
    labels = _labels(network)
    shown = [
        [
            (
                step,
                reader().reference(step.end),
                labels.get(step.property, ""),
                _in_lines(slug, step.link),
            )
            for step in path
        ]
        for path in paths
    ]
    return render_template(
        "connect.html",
        plan=plan,
        slug=slug,
        given=given,
        ends=[reader().reference(e) if e else None for e in ends],
        paths=shown,
        method=lambda iri: labels.get(iri, ""),
    )


def _in_lines(slug: str, statement: str) -> list[tuple[str, str, str, str]]:
    """What a link rests on, as published: each passage's IRI, and its words with those before and
    after them."""
    source, found = release().source(slug), []
    for passage, _ in reader().sentences(statement):
        start, end = (int(place) for place in local_name(passage).split("-"))
        before, after = line_around(source, start, end, _AROUND)
        found.append((passage, before, source[start:end], after))
    return found


def _step_json(step: Step) -> dict[str, Any]:
    return {
        "from": step.start,
        "to": step.end,
        "property": step.property,
        "forward": step.forward,
        "statement": step.link or None,
    }


def _named(network: nx.MultiDiGraph, given: str) -> str | None:
    """The entity that was meant: by its IRI, its name, or else the first that a search for the
    words finds."""
    if not given or given in network:
        return given or None
    exact = sorted(n for n, label in network.nodes(data="label") if label == given)
    hits = (hit.iri for hit in release().index.search(given).hits)
    return next((iri for iri in (*exact, *hits) if iri in network), None)
