"""RDF documents over HTTP: the formats offered, and an answer in one of them."""

from __future__ import annotations

import json

import pyoxigraph as ox
from flask import Response, make_response, request

from kg.rdf.jsonld import document as json_ld
from kg.rdf.quads import FORMATS, Format, in_order, respelt, serialize
from kg.web.context import public, release

DOCUMENTS = {
    f.extension: f
    for f in FORMATS.values()
    if f.extension in ("ttl", "nt", "rdf", "jsonld", "trig")
}
BY_MEDIA_TYPE = {f.media_type: f for f in DOCUMENTS.values()}
PAGE = ("text/html", "application/xhtml+xml")


def rdf_response(
    quads: list[ox.Quad], form: Format, link: str, about: str | None = None
) -> Response:
    """Statements as an answer that has an entity tag and that pages of other hosts may read.

    Args:
        quads: the statements.
        form: the format.
        link: the Link header.
        about: the entity described, which JSON-LD makes one object of.
    """
    if about and form.extension == "jsonld":
        content = json_ld(about, respelt(quads), public("vocabulary.json_ld_context"))
        body = (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
    else:
        body = serialize(in_order(respelt(quads)), form)
    response = make_response(body)
    response.headers["Content-Type"] = form.content_type
    response.headers["Link"] = link
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.set_etag(f"{release().tag}-{form.extension}", weak=True)
    response.make_conditional(request)
    return response
