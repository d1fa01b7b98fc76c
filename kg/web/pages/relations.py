"""The relation graph as picture, list and table, the evidence for a line, and connections."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, abort, jsonify, make_response, render_template, request

from kg.network.drawing import DASHES, Box, Drawing
from kg.network.paths import connections
from kg.network.picture import MOST_OPENED, REST
from kg.network.relations import PART_OF, THROUGH_SECTION
from kg.network.sections import Sections
from kg.web.context import address, asked_query, plan_of, public, reader, release
from kg.web.messages import Message
from kg.web.operations import EMBEDDED
from kg.web.pages.questions import table_query
from kg.web.pages.relation_view import Shown, metrics_of, network_of, sections_of, shown_of, used

if TYPE_CHECKING:
    import networkx as nx

blueprint = Blueprint("relations", __name__)

_LISTED = 300
_IN_PANEL = 40  # links that the panel lists
_TOP = 8  # entities in the lists of those that most measures name
_MOST_AROUND = 60  # zones, and as many institutions, that the picture is offered around
_OF_LIST = ("Goal", "Section", "Measure", "Indicator", "Zone", "Institution")


@blueprint.get("/relations/<slug>")
def relations(slug: str) -> str:
    """The page: the picture with its filters and legend, and the same as a list and as a table."""
    shown = shown_of(slug)
    network, sections, focus = shown.network, sections_of(slug), shown.view.focus
    there = {kind for _, kind in network.nodes(data="type")}
    query = asked_query()
    named = {kind: _most_named(network, slug, kind) for kind in ("Zone", "Institution")}
    most = {kind: named[kind][:_TOP] for kind in ("Institution", "Zone")}
    around = _offered_around(network, named)
    offered = {iri for entities in around.values() for iri, _ in entities}
    return render_template(
        "relations.html",
        **_picture(shown),
        listed=_LISTED,
        opened=[
            reader().reference(iri) for iri in shown.view.opened if iri not in offered & {focus}
        ],
        embedded=public("relations.embed", slug=slug) + (f"?{query}" if query else ""),
        types=[kind for kind in _OF_LIST if kind in there],
        links=_offered(shown, "property", shown.view.links),
        methods=_offered(shown, "method", shown.view.methods),
        around=around,
        chapters=_chapters(network, sections),
        depths=sections.depths(),
        # where all are named as often, none is named most
        most={k: found for k, found in most.items() if found and found[0][1] > found[-1][1]},
        behind=table_query("links", slug),
    )


@blueprint.get("/relations/<slug>/embed")
def embed(slug: str) -> Response:
    """The picture alone, to be framed by pages of any host."""
    response = make_response(render_template("embed.html", **_picture(shown_of(slug))))
    response.headers["Content-Security-Policy"] = EMBEDDED
    return response


@blueprint.get("/relations/<slug>.json")
def as_json(slug: str) -> Response:
    """The picture's nodes and edges as vis-network takes them, and its size in pixels."""
    shown = shown_of(slug)
    opened = shown.view.opened
    nodes = [
        {**box.as_vis(), "page": "" if box.rest else address(box.id), "opened": box.id in opened}
        for box in shown.drawn.boxes
    ]
    edges = [line.as_vis() for line in shown.drawn.lines]
    size = {"width": shown.drawn.width, "height": shown.drawn.height}
    return jsonify({"nodes": nodes, "edges": edges} | size)


def _picture(shown: Shown) -> dict[str, Any]:
    """What the templates of the picture want."""
    return {
        "plan": shown.plan,
        "slug": shown.plan.slug,
        "shown": shown,
        "view": shown.view,
        "drawn": shown.drawn,
        "entries": _entries(shown.drawn),
        "legend": shown.legend,
        "dashes": DASHES,
        "intro": shown.intro,
        "query": asked_query(),
    }


def _offered(shown: Shown, attribute: str, chosen: frozenset[str]) -> list[tuple[str, str, bool]]:
    """The properties or methods that a filter offers: local name, label, whether it is chosen."""
    offered = used(shown.network, attribute).items()
    return [(n, shown.labels[iri], iri in chosen) for n, iri in offered if iri != PART_OF]


def _entries(drawn: Drawing) -> list[tuple[Box, list[tuple[str, list[Box]]]]]:
    """The boxes with those that each is joined with, by type: the picture to be read as a list."""
    boxes = {box.id: box for box in drawn.boxes}
    near: dict[str, dict[str, dict[str, Box]]] = defaultdict(lambda: defaultdict(dict))
    for line in drawn.lines:
        for one, other in ((line.start, line.end), (line.end, line.start)):
            near[one][boxes[other].kind][other] = boxes[other]

    def beside(box: Box) -> list[tuple[str, list[Box]]]:
        by_kind = near[box.id]
        kinds = (kind for kind in _OF_LIST if kind in by_kind)
        return [(kind, sorted(by_kind[kind].values(), key=lambda b: b.y)) for kind in kinds]

    return [
        (box, beside(box))
        for box in sorted(drawn.boxes, key=lambda b: (_OF_LIST.index(b.kind), b.rest, b.y))
        if box.kind in ("Goal", "Section", "Measure") or box.rest or not near[box.id]
    ]


def _chapters(network: nx.MultiDiGraph, sections: Sections) -> list[tuple[str, str, int]]:
    """Parts and chapters that measures are in: IRI, name and rank, in the plan's order."""

    def walk(section: str) -> list[tuple[str, str, int]]:
        rank = sections.rank(section)
        if rank > 1 or not sections.inside(section):
            return []
        here = (section, network.nodes[section]["label"], rank)
        return [here, *(c for below in sections.below(section) for c in walk(below))]

    tops = [s for s in sections.sections if len(sections.chain(s)) == 1]
    return [chapter for top in tops for chapter in walk(top)]


def _offered_around(
    network: nx.MultiDiGraph, named: Mapping[str, list[tuple[str, int]]]
) -> dict[str, list[tuple[str, str]]]:
    """What the picture may be drawn around, by type: IRI and name of the goals, in the plan's
    order, and of the zones and institutions that measures name, those of most measures first."""
    found = {"Goal": sorted(n for n, kind in network.nodes(data="type") if kind == "Goal")}
    found |= {kind: [iri for iri, _ in most[:_MOST_AROUND]] for kind, most in named.items()}
    labels = network.nodes(data="label")
    return {kind: [(iri, labels[iri]) for iri in iris] for kind, iris in found.items() if iris}


def _most_named(network: nx.MultiDiGraph, slug: str, kind: str) -> list[tuple[str, int]]:
    """The entities of a type that measures name, and how many do; those of most first."""
    metrics = metrics_of(slug)
    named = [(n, metrics.measures[n]) for n, type_ in network.nodes(data="type") if type_ == kind]
    return sorted((pair for pair in named if pair[1]), key=lambda pair: (-pair[1], pair[0]))


@blueprint.get("/relations/<slug>/panel")
def panel(slug: str) -> str:
    """The panel of an entity (about), of a box that stands for what there was no room for, or of
    the line between two (from, to): values, links, the sentence behind each, and what may be
    opened, with how much it is."""
    network, about = network_of(slug), request.args.get("about", "")
    ends = (request.args.get("from", ""), request.args.get("to", ""))
    if about.startswith(REST):
        return _rest_panel(slug, about)
    for named in (about,) if about else ends:
        if named not in network:
            abort(404, Message("not_in_graph", named))
    shown = shown_of(slug)
    sections = sections_of(slug)
    links = _links_of(network, sections, about) if about else shown.picture.behind(*ends)
    inside = _inside(network, sections, about)
    return render_template(
        "panel.html",
        slug=slug,
        entity=reader().reference(about) if about else None,
        inside=inside,
        is_open=about in shown.view.opened,
        opening=_opening(shown, about),
        around=asked_query(node=[about], view="", about="", chapter="", depth=""),
        links=links[:_IN_PANEL],
        total=len(links),
        measures=0 if inside else metrics_of(slug).measures.get(about, 0),
    )


def _rest_panel(slug: str, about: str) -> str:
    """The panel of a box that collects the entities which a column had no room for."""
    rest = shown_of(slug).picture.rest.get(about)
    if rest is None:
        abort(404, Message("not_in_graph", about))
    return render_template(
        "rest.html",
        slug=slug,
        kind=about.removeprefix(REST),
        members=rest[:_LISTED],
        total=len(rest),
    )


def _opening(shown: Shown, section: str) -> str:
    """The query that opens or closes a section; "" where nothing may be opened."""
    opened = list(shown.view.opened)
    if section in opened:
        opened.remove(section)
    elif len(opened) < MOST_OPENED:
        opened.append(section)
    base = shown.view.base
    return asked_query(node=opened, view=base if opened or base != "around" else "", about="")


def _inside(network: nx.MultiDiGraph, sections: Sections, section: str) -> dict[str, int]:
    """How many sections, measures, and entities that those name, are in a section, by type."""
    if not section or network.nodes[section]["type"] != "Section":
        return {}
    measures = sections.inside(section)
    below = sum(network.nodes[n]["type"] == "Section" for n in sections.below(section))
    near = {n for m in measures for n in network.successors(m)}
    named = Counter(network.nodes[n]["type"] for n in near)
    found = {"Section": below, "Measure": len(measures)}
    found |= {kind: named[kind] for kind in ("Indicator", "Zone", "Institution")}
    return {kind: many for kind, many in found.items() if many}


def _links_of(
    network: nx.MultiDiGraph, sections: Sections, node: str
) -> list[tuple[str, str, dict[str, str]]]:
    """An entity's links, those that rest on a sentence of their own first; of a section, behind its
    own those of the sections and measures in it, which its box in the picture stands for."""
    found: dict[tuple[str, str, str], tuple[str, str, dict[str, str]]] = {}
    for one in (node, *sections.all_in(node)):
        for a, b, d in (*network.out_edges(one, data=True), *network.in_edges(one, data=True)):
            if d["property"] != PART_OF:
                found.setdefault((a, b, d["link"] or d["property"]), (a, b, d))

    def sequence(link: tuple[str, str, dict[str, str]]) -> tuple[bool, bool, str]:
        a, b, drawn = link
        return node not in (a, b), drawn["method"] in THROUGH_SECTION, drawn["link"]

    return sorted(found.values(), key=sequence)


@blueprint.get("/connect/<slug>")
def connect(slug: str) -> tuple[str, int]:
    """How two entities are connected: short, different paths with sentences; 404 for no entity."""
    plan = plan_of(slug)
    network = network_of(slug)
    given = [request.args.get(name, "").strip() for name in ("from", "to")]
    ends = [_named(network, text_) for text_ in given]
    start, end = ends
    page = render_template(
        "connect.html",
        plan=plan,
        slug=slug,
        given=given,
        ends=[reader().reference(e) if e else None for e in ends],
        paths=connections(network, start, end) if start and end else [],
    )
    unknown = any(words and not one for words, one in zip(given, ends, strict=True))
    return page, 404 if unknown else 200


def _named(network: nx.MultiDiGraph, given: str) -> str | None:
    """The entity that was meant: by IRI, by name, or the first that a search finds."""
    if not given or given in network:
        return given or None
    exact = sorted(n for n, label in network.nodes(data="label") if label == given)
    hits = (hit.iri for hit in release().index.search(given).hits)
    return next((iri for iri in (*exact, *hits) if iri in network), None)
