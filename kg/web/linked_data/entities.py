"""Entities by their IRIs: 303 from /id/… to a page or a document, as the client asks for."""

from urllib.parse import quote

import pyoxigraph as ox
from flask import (
    Blueprint,
    Response,
    abort,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as WerkzeugResponse

from kg.rdf.iris import plan_iri, site_graph
from kg.rdf.namespaces import PLAN, expand
from kg.views.entity import MOST, Entity, EntityReader, Group
from kg.web.context import abort_if_gone, imprint, plan_of, reader, release, text
from kg.web.linked_data import documents
from kg.web.messages import Message
from kg.web.negotiation import PAGE, format_for
from kg.web.pages.entity_answers import answer, in_text, leading_here, listed, place_of_passage
from kg.web.pages.layout import paragraphs
from kg.web.pages.questions import answers, links_query

blueprint = Blueprint("entities", __name__)

_HTML = "html"
_SIDES = ("north", "west", "east", "south")
_LABEL = ox.NamedNode(expand("rdfs:label"))
_NAMES = ("rdfs:label", "skos:prefLabel", "dcterms:title", "foaf:name", "plan:text")
_AROUND = 80  # characters shown on either side of what something was read from
_CONTEXTS = 3  # paragraphs of the source that a page shows before it folds the others


def _iri(path: str) -> str:
    return f"{release().base}/id/{path}"


def _iri_of_path(path: str) -> str:
    """The IRI of a path under /id/; 404 for an unknown one, 410 for a withdrawn one."""
    iri = _iri(path)
    try:
        known = reader().exists(iri) or iri in release().manifest.graphs
    except ValueError:  # no IRI
        abort(404, Message("not_described", iri))
    if not known:
        if release().gone_back_from(iri):
            abort(410, Message("gone_back_from", release().number))
        slug, dataset, _ = path.partition("/dataset")
        if dataset:  # it went with its plan
            abort_if_gone(plan_iri(release().base, slug))
        abort(404, Message("not_described", iri))
    abort_if_gone(iri)
    return iri


@blueprint.get("/id/<path:path>")
def identified(path: str) -> WerkzeugResponse:
    """303 to the page for browsers, a document for programs (Cool URIs §4.2)."""
    stem, _, extension = path.rpartition(".")
    if extension in (_HTML, *documents.DOCUMENTS) and stem and not reader().exists(_iri(path)):
        _iri_of_path(stem)
        return redirect(_address(stem, extension), 303)
    _iri_of_path(path)
    return redirect(_address(path, format_for(request, {**PAGE, **documents.EXTENSIONS})), 303)


def _address(path: str, extension: str) -> str:
    if extension == _HTML:
        return url_for("entities.page", path=path)
    return url_for("entities.document", path=f"{path}.{extension}")


@blueprint.get("/graph/<name>")
def graph(name: str) -> WerkzeugResponse:
    """A named graph of no plan (vocabulary, catalogue, releases): 303 to its statements."""
    iri = site_graph(release().base, name)
    if iri not in release().manifest.graphs:
        abort(404, Message("no_graph", iri))
    return redirect(url_for("sparql.graph", graph=iri), 303)


@blueprint.get("/page/<path:path>")
def page(path: str) -> WerkzeugResponse:
    """The page of an entity: labels, values, links both ways, and the sentences it rests on."""
    iri = _iri_of_path(path)
    slug = path.split("/", 1)[0]
    plan = release().plan(slug)
    entity = reader().entity(iri, paragraphs(release(), slug) if plan else None)
    if iri in release().manifest.graphs:
        return redirect(url_for("sparql.graph", graph=iri), 303)
    answered = answer(entity, plan)
    response = make_response(
        render_template(
            "entity.html",
            entity=entity,
            plan=plan,
            path=path,
            extensions=sorted(documents.DOCUMENTS),
            classes=reader().types(iri),
            plan_iri=release().manifest.plan_of(iri),
            questions=answers(iri, entity.kind),
            citations=documents.citations(iri),
            links_query=links_query,
            sides=_sides(entity),
            place_of=lambda passage: place_of_passage(slug, passage) if plan else None,
            in_text=lambda place: in_text(slug, place),
            most=MOST,
            listed=listed(entity),
            shown_contexts=_CONTEXTS,
            **answered,
            leading_here=[] if answered else leading_here(entity),
        )
    )
    for extension, form in documents.DOCUMENTS.items():
        link = f'<{_address(path, extension)}>; rel="alternate"; type="{form.media_type}"'
        response.headers.add("Link", link)
    described = f'<{_address(path, "ttl")}>; rel="describedby"; type="text/turtle"'
    response.headers.add("Link", described)
    return response


@blueprint.get("/chart/<path:path>.svg")
def chart(path: str) -> Response:
    """An indicator's chart as a picture of its own, with plan, release and source."""
    iri = _iri_of_path(path)
    slug = path.split("/", 1)[0]
    plan, entity = plan_of(slug), reader().entity(iri)
    shown = answer(entity, plan)
    if shown.get("chart") is None:
        abort(404, Message("no_chart", iri))
    source = imprint(plan)
    response = make_response(
        render_template(
            "chart.svg",
            entity=entity,
            standalone=True,
            source_lines=[
                source.title_en if g.language == "en" else source.title,
                text("chart_source", source.edition.publisher, source.edition.date,
                     source.edition.en if g.language == "en" else source.edition.zh),
                iri,
            ],
            **shown,
        )
    )  # fmt: skip
    response.mimetype = "image/svg+xml"
    return response


@blueprint.app_template_global()
def cited(passage: str) -> dict[str, str] | None:
    """What every page cites a passage by: its place in the plan, and where its text is."""
    slug = passage.removeprefix(f"{release().base}/id/").split("/", 1)[0]
    place = place_of_passage(slug, passage) if release().plan(slug) else None
    return {"words": place[g.language], "address": in_text(slug, place)} if place else None


@blueprint.app_template_global()
def in_lines(iri: str) -> list[tuple[str, str, str, str]]:
    """What something of a plan was read from, as published: each passage's IRI, its words and what
    is on either side of them."""
    slug, found = iri.removeprefix(f"{release().base}/id/").split("/", 1)[0], []
    for passage, _ in reader().sentences(iri):
        start, end = (int(reader().value(passage, place)) for place in ("oa:start", "oa:end"))
        found.append((passage, *paragraphs(release(), slug).quoted(start, end, _AROUND)))
    return found


def _sides(entity: Entity) -> dict[str, Group]:
    by_property = {group.property.iri: group for group in entity.outgoing}
    sides = {side: by_property.get(str(PLAN[f"{side}Boundary"])) for side in _SIDES}
    return {side: group for side, group in sides.items() if group}


@blueprint.get("/cite/<path:path>")
def cite(path: str) -> Response:
    """How to cite an entity, as a file: gbt7714, bibtex or ris."""
    return documents.citation_file(_iri_of_path(path), request.args.get("style", "gbt7714"))


@blueprint.get("/data/<path:path>")
def document(path: str) -> Response:
    """An entity in one RDF format: its statements, those that lead to it, and its label."""
    stem, _, extension = path.rpartition(".")
    form = documents.DOCUMENTS.get(extension)
    if form is None:
        abort(404, Message("no_document", ",".join(sorted(documents.DOCUMENTS))))
    iri = _iri_of_path(stem)
    store, node = release().store, ox.NamedNode(iri)
    if iri in release().manifest.graphs:
        quads = list(store.quads_for_pattern(None, None, None, node))
    else:
        quads = [
            *store.quads_for_pattern(node, None, None, None),
            *store.quads_for_pattern(None, None, node, None),
            *_labels(node),
        ]
    return documents.rdf_response(quads, form, f'<{quote(iri, safe=":/#")}>; rel="describes"', iri)


def _labels(node: ox.NamedNode) -> list[ox.Quad]:
    """The label that follows of an entity's name or words, for clients that know rdfs:label alone;
    a link's is made of what it joins."""
    for name in _NAMES:
        stated = release().store.quads_for_pattern(node, ox.NamedNode(expand(name)), None, None)
        if found := [ox.Quad(node, _LABEL, quad.object) for quad in stated]:
            return found
    if reader().kind(node.value) != "Link":
        return []
    labels = {code: EntityReader(release().store, code).label(node.value) for code in ("zh", "en")}
    return [ox.Quad(node, _LABEL, ox.Literal(label, language=c)) for c, label in labels.items()]
