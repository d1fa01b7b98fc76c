"""The relation graph that an address asks for: what is shown, how it is drawn, and as files to take
away: a poster (SVG), a network (GraphML), and a page that needs no server (HTML)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from flask import Blueprint, Response, abort, g, request

from kg.network.drawing import (
    GROUPS,
    OTHER_GROUPS,
    STYLES,
    Drawing,
    Entry,
    Words,
    drawing,
    labels_of,
    legend,
    words_in,
)
from kg.network.picture import AROUND, BASES, MOST_OPENED, OUTLINE, WHOLE, Picture, View, picture
from kg.network.poster import Caption, outlines, poster
from kg.network.relations import Metrics, relation_graph
from kg.network.sections import DEPTHS, MEASURE, Sections
from kg.rdf.iris import plan_iri
from kg.rdf.namespaces import local_name
from kg.release.manifest import PlanEntry
from kg.web.context import imprint, plan_of, plan_title, reader, release, sent, sentences, text
from kg.web.messages import Message
from kg.web.pages.entity_answers import evaluation_of
from kg.web.parameters import chosen_of

if TYPE_CHECKING:
    import networkx as nx

_COLOURS = ("type", "group")
blueprint = Blueprint("relation_files", __name__)


@dataclass(frozen=True)
class Shown:
    """A picture of a plan, and what it was made of. year: the last one with values, None for
    none; states: those of the indicators (IRIs) in it."""

    plan: PlanEntry
    network: nx.MultiDiGraph
    metrics: Metrics
    view: View
    picture: Picture
    labels: Mapping[str, str]
    states: Mapping[str, str]
    year: int | None

    @cached_property
    def words(self) -> Words:
        """What is written in boxes, in the visitor's language."""
        return words_in(g.language, self.labels)

    def title(self) -> str:
        """What is shown, and of which plan."""
        return " · ".join((*self.about(), plan_title(self.plan)))

    def about(self) -> list[str]:
        """The names of what was opened first and of the chapter shown, as far as there are."""
        chosen = dict.fromkeys((*self.view.opened[:1], *filter(None, (self.view.chapter,))))
        return [self.network.nodes[node]["label"] for node in chosen]

    @cached_property
    def drawn(self) -> Drawing:
        """How it is drawn."""
        return drawing(self.picture, self.metrics, self.view, self.words, self.states)

    @cached_property
    def legend(self) -> list[Entry]:
        """What the signs, colours and lines that are shown mean."""
        return [*self._groups(), *legend(self.drawn, self.words, self.view.colour == "type")]

    def _groups(self) -> Iterator[Entry]:
        """The colours of groups, where these colour boxes."""
        if self.view.colour == "type":
            return
        known = self.metrics.communities
        groups = {known[box.id] for box in self.drawn.boxes if box.id in known}
        for n, node in self.metrics.naming.items():
            if n in groups and n < len(GROUPS):
                yield "fill", GROUPS[n], text("graph_group", self.network.nodes[node]["label"])
        if any(n >= len(GROUPS) for n in groups):
            yield "fill", OTHER_GROUPS, text("graph_other_groups")

    @property
    def intro(self) -> str:
        """What is shown, and what the fill of indicators tells where one has a fill."""
        one_by_one = self.view.base == OUTLINE and self.view.depth == MEASURE
        base = WHOLE if one_by_one else self.view.base
        intro = text(f"graph_intro_{base}", next(iter(self.about()), ""))
        filled = self.view.colour == "type" and any(kind == "fill" for kind, _, _ in self.legend)
        return sentences(intro, text("graph_states_of", self.year) if filled else "")


def network_of(slug: str) -> nx.MultiDiGraph:
    """The network of a plan."""
    served = release()
    network: nx.MultiDiGraph = served.once(
        ("network", slug), lambda: relation_graph(served.store, served.graph(slug))
    )
    return network


def metrics_of(slug: str) -> Metrics:
    """Figures of a plan's network."""
    return release().once(("metrics", slug), lambda: Metrics(network_of(slug)))


def sections_of(slug: str) -> Sections:
    """The sections of a plan."""
    return release().once(("sections", slug), lambda: Sections(network_of(slug)))


def shown_of(slug: str) -> Shown:
    """The picture asked for; 404 for unknown entities, 400 for wrong parameters."""
    plan, network, metrics, view = plan_of(slug), network_of(slug), metrics_of(slug), _view(slug)
    now = evaluation_of(slug)
    states = {one.row.iri: one.state for one in now.indicators} if now.year else {}
    return Shown(
        plan, network, metrics, view, picture(network, metrics, view),
        labels_of(network, reader().label), states,
        now.year,
    )  # fmt: skip


def _view(slug: str) -> View:
    network = network_of(slug)
    opened = tuple(dict.fromkeys(filter(None, request.args.getlist("node"))))
    for node in opened:
        if node not in network:
            abort(404, Message("not_in_graph", node))
    if len(opened) > MOST_OPENED:
        abort(400, Message("opened_at_most", MOST_OPENED, len(opened)))
    base = request.args.get("view") or (AROUND if opened else OUTLINE)
    if base == AROUND and not opened:  # what it was around has been taken out of the form
        base = OUTLINE
    chapter, depth = request.args.get("chapter", ""), request.args.get("depth", "")
    chosen_of(base, BASES)
    if chapter and chapter not in sections_of(slug).sections:
        abort(404, Message("not_in_graph", chapter))
    chosen_of(depth, ("", *DEPTHS))
    colour = request.args.get("colour") or _COLOURS[0]
    chosen_of(colour, _COLOURS)
    types = frozenset(filter(None, request.args.getlist("type")))
    for kind in types:
        chosen_of(kind, STYLES)
    links, methods = _chosen(network, "link", "property"), _chosen(network, "method", "method")
    return View(base, opened, depth, types, links, methods, chapter, colour)


def _chosen(network: nx.MultiDiGraph, name: str, attribute: str) -> frozenset[str]:
    """The properties or methods named in the address by their local names, as IRIs."""
    known = used(network, attribute)
    given = [value for value in request.args.getlist(name) if value]
    for value in given:
        chosen_of(value, known)
    return frozenset(known[value] for value in given)


def used(network: nx.MultiDiGraph, attribute: str) -> dict[str, str]:
    """The properties or methods of a network's links: IRIs by their local names."""
    found = sorted({iri for _, _, iri in network.edges(data=attribute) if iri})
    return {local_name(iri): iri for iri in found}


@blueprint.get("/relations/<slug>.svg")
def as_svg(slug: str) -> Response:
    """The picture as a poster."""
    shown = shown_of(slug)
    below = (
        shown.intro,
        text("graph_source", shown.plan.issuer, plan_title(shown.plan)),
        imprint(shown.plan).line(g.language),
    )
    title = f"{text('graph_title')}{text('colon')}{shown.title()}"
    caption = Caption(title, below, tuple(shown.legend))
    made = poster(shown.drawn, caption, outlines(), "zh-Hans" if g.language == "zh" else "en")
    return sent(made, "image/svg+xml; charset=utf-8", f"{slug}-relations.svg", "inline")


@blueprint.get("/relations/<slug>.html")
def as_html(slug: str) -> Response:
    """The picture as one HTML file that opens without a server."""
    from kg.export.interactive import interactive  # pyvis takes a second to load  # noqa: PLC0415

    shown = shown_of(slug)
    made = interactive(
        shown.drawn,
        shown.legend,
        (shown.title(), plan_iri(release().base, slug)),
        g.language,
        imprint(shown.plan).line(g.language),
    )
    # its scripts are its own: kept from running under this site's policy, it is to be saved first
    return sent(made, "text/html; charset=utf-8", f"{slug}-relations.html")


@blueprint.get("/relations/<slug>.graphml")
def as_graphml(slug: str) -> Response:
    """What the picture shows as GraphML, without the boxes for what there was no room for."""
    shown = shown_of(slug)
    import networkx as nx  # loads for a seventh of a second  # noqa: PLC0415

    from kg.export.networks import graphml  # noqa: PLC0415

    exported = nx.MultiDiGraph()
    exported.graph.update(imprint(shown.plan).as_json())
    for box in shown.drawn.boxes:
        if box.rest:
            continue
        node = shown.network.nodes[box.id]
        community = shown.metrics.communities.get(box.id)
        figures = {} if community is None else {"group": community}
        figures |= {"measures": box.measures or shown.metrics.measures.get(box.id, 0)}
        exported.add_node(box.id, **node, x=box.x, y=box.y, **figures)
    for a, b, data in shown.picture.network.edges(data=True):
        exported.add_edge(a, b, **data, name=shown.labels.get(data["property"], ""))
    media_type = "application/graphml+xml; charset=utf-8"
    return sent(graphml(exported), media_type, f"{slug}-relations.graphml", "inline")
