"""The picture that a relation graph's address shows, as files to take away: a poster (SVG), a
network (GraphML), and a page that needs no server (HTML)."""

from flask import Blueprint, Response, g

from kg.network.outlines import outlines
from kg.network.poster import Caption, poster
from kg.rdf.iris import plan_iri
from kg.web.context import imprint, plan_title, release, sent, text
from kg.web.pages.relation_view import language_tag, shown_of

blueprint = Blueprint("relation_files", __name__)


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
    made = poster(shown.drawn, caption, outlines(), language_tag())
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
