"""RDF documents over HTTP: the formats offered, and an answer in one of them."""

import json
from dataclasses import replace

import pyoxigraph as ox
from flask import Response, abort

from kg.rdf.jsonld import document as json_ld
from kg.rdf.quads import FORMATS, Format, in_order, respelt, serialize
from kg.views.citation import STYLES, citation, reference
from kg.web.context import edition, public, release, sent, settings
from kg.web.messages import Message

DOCUMENTS = {
    FORMATS[name].extension: FORMATS[name]
    for name in ("turtle", "trig", "ntriples", "nquads", "rdfxml", "jsonld")
}
EXTENSIONS = {f.media_type: f.extension for f in DOCUMENTS.values()}


def rdf_response(
    quads: list[ox.Quad], form: Format, link: str, about: str | None = None
) -> Response:
    """Statements as an answer with an entity tag, in the default graph, where clients look."""
    triples = [ox.Quad(q.subject, q.predicate, q.object) for q in quads]
    stated = respelt(list(dict.fromkeys(triples)))
    if about and form.extension == "jsonld":
        content = json_ld(about, stated, public("vocabulary.json_ld_context"))
        body = (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
    else:
        body = serialize(in_order(stated), form)
    response = sent(body, form.content_type)
    response.headers["Link"] = link
    return response


def citations(iri: str) -> dict[str, str]:
    """The citations of an entity of the release, as of today, by style."""
    named = replace(edition(), publisher=settings().publisher.cited)
    of = citation(release().store, iri, release().manifest.plan_of(iri), named)
    today = settings().site.day()
    return {style: reference(of, style, today) for style in STYLES}


def citation_file(iri: str, style: str) -> Response:
    """The citation of an entity in a style, as a file; 400 where there is no such style."""
    if style not in STYLES:
        abort(400, Message("no_style", ", ".join(STYLES)))
    ending, media_type = STYLES[style]
    name = iri.partition("/id/")[2].replace("/", "-")
    body = f"{citations(iri)[style]}\n"
    return sent(body, f"{media_type}; charset=utf-8", f"{name}.{ending}")
