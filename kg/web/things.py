"""Things by their IRIs: 303 from /id/… to a page or a document, as the client asks for."""

from __future__ import annotations

from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request
from rdflib.namespace import OWL, RDF, SKOS
from werkzeug.wrappers import Response as WerkzeugResponse

from kg.quads import FORMATS, Format, graph_quads, in_order, respelt, serialize
from kg.terms import PLAN, PREFIXES
from kg.vocabulary import ONTOLOGY, vocabulary
from kg.web.context import facts, release

blueprint = Blueprint("things", __name__)

_DOCUMENTS = {f.extension: f for f in FORMATS.values() if f.extension in ("ttl", "nt", "rdf", "jsonld", "trig")}
_BY_MEDIA_TYPE = {f.media_type: f for f in _DOCUMENTS.values()}
_PAGE = ("text/html", "application/xhtml+xml")


def _iri(path: str) -> str:
    return f"{release().base}/id/{path}"


def _known(path: str) -> str:
    """The IRI of a path under /id/; 404 where the release says nothing of it."""
    iri = _iri(path)
    try:
        known = facts().exists(iri)
    except ValueError:
        known = False
    if not known:
        abort(404, f"{iri} is not described here")
    return iri


@blueprint.get("/id/<path:path>")
def identified(path: str) -> WerkzeugResponse:
    """See other: the page for browsers, a document for programs (Cool URIs for the Semantic Web §4.2)."""
    stem, _, extension = path.rpartition(".")
    if extension in _DOCUMENTS and stem and not facts().exists(_iri(path)):
        _known(stem)
        return _see_other(f"/data/{quote(stem)}.{extension}")
    _known(path)
    wanted = request.accept_mimetypes.best_match([*_PAGE, *_BY_MEDIA_TYPE]) if request.accept_mimetypes else _PAGE[0]
    if wanted is None:
        abort(406, f"offered: {', '.join((_PAGE[0], *_BY_MEDIA_TYPE))}")
    if wanted in _BY_MEDIA_TYPE:
        return _see_other(f"/data/{quote(path)}.{_BY_MEDIA_TYPE[wanted].extension}")
    return _see_other(f"/page/{quote(path)}")


def _see_other(address: str) -> WerkzeugResponse:
    response = redirect(address, 303)
    response.headers["Vary"] = "Accept"
    return response


@blueprint.get("/page/<path:path>")
def page(path: str) -> Response:
    """The page of a thing: labels, values, links both ways, and the sentences it rests on."""
    iri = _known(path)
    slug = path.split("/", 1)[0]
    plan = release().plan(slug)
    thing = facts().thing(iri, release().source(slug) if plan else "")
    response = make_response(render_template("thing.html", thing=thing, plan=plan, path=path, extensions=sorted(_DOCUMENTS)))
    for extension, form in _DOCUMENTS.items():
        response.headers.add("Link", f'</data/{quote(path)}.{extension}>; rel="alternate"; type="{form.media_type}"')
    return response


@blueprint.get("/data/<path:path>")
def document(path: str) -> Response:
    """What the release says of a thing, in one RDF format: its statements, those that lead to it, and their labels."""
    stem, _, extension = path.rpartition(".")
    form = _DOCUMENTS.get(extension)
    if form is None:
        abort(404, f"name a document as /data/….{{{','.join(sorted(_DOCUMENTS))}}}")
    iri = _known(stem)
    store, node = release().store, ox.NamedNode(iri)
    quads = [*store.quads_for_pattern(node, None, None, None), *store.quads_for_pattern(None, None, node, None)]
    return _rdf(quads, form, f'<{quote(iri, safe=":/#")}>; rel="describes"')


def _rdf(quads: list[ox.Quad], form: Format, link: str) -> Response:
    body = serialize(in_order(respelt(quads)), form)
    response = make_response(body)
    response.headers["Content-Type"] = form.content_type
    response.headers["Link"] = link
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.set_etag(f"{release().number}-{form.extension}", weak=True)
    response.make_conditional(request)
    return response


@blueprint.get("/ns")
def terms() -> Response | str:
    """The vocabulary: a page, or the ontology in the format asked for."""
    wanted = request.accept_mimetypes.best_match([*_PAGE, *_BY_MEDIA_TYPE], default=_PAGE[0])
    extension = request.args.get("format")
    if extension in _DOCUMENTS or wanted in _BY_MEDIA_TYPE:
        form = _DOCUMENTS[extension] if extension in _DOCUMENTS else _BY_MEDIA_TYPE[wanted or ""]
        response = _rdf(graph_quads(vocabulary(), ONTOLOGY), form, f'<{ONTOLOGY}>; rel="describes"')
        response.headers["Vary"] = "Accept"
        return response
    groups = []
    for kind in (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
        found = sorted(str(s) for s in vocabulary().subjects(RDF.type, kind) if str(s).startswith(str(PLAN)))
        groups.append((str(kind).rsplit("#", 1)[-1], [_term(i) for i in found]))
    for scheme in sorted(str(s) for s in vocabulary().subjects(RDF.type, SKOS.ConceptScheme)):
        concepts = sorted(str(s) for s, _, o in vocabulary().triples((None, SKOS.inScheme, None)) if str(o) == scheme)
        groups.append((facts().label(scheme), [_term(i) for i in concepts if i.startswith(str(PLAN))]))
    return render_template("vocabulary.html", groups=groups, extensions=sorted(_DOCUMENTS))


def _term(iri: str) -> tuple[str, str, str]:
    found = {
        getattr(q.object, "language", ""): q.object.value
        for q in release().store.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(PREFIXES["rdfs"] + "comment"), None, None)
        if isinstance(q.object, ox.Literal)
    }
    return iri.removeprefix(str(PLAN)), facts().label(iri), found.get(g.language, "")
