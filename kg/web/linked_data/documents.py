"""RDF documents over HTTP: the formats offered, and an answer in one of them."""

import json

import pyoxigraph as ox
from flask import Response

from kg.rdf.jsonld import document as json_ld
from kg.rdf.quads import FORMATS, Format, in_order, respelt, serialize
from kg.web.context import public, sent

DOCUMENTS = {
    FORMATS[name].extension: FORMATS[name]
    for name in ("turtle", "trig", "ntriples", "nquads", "rdfxml", "jsonld")
}
EXTENSIONS = {f.media_type: f.extension for f in DOCUMENTS.values()}


def rdf_response(
    quads: list[ox.Quad], form: Format, link: str, about: str | None = None
) -> Response:
    """Statements as an answer that has an entity tag, in the document's default graph, where every
    client looks for them."""
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
