"""The formats of answers: their media types, and which of them a client likes best (RFC 9110
§12)."""

from __future__ import annotations

from functools import lru_cache

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from kg.rdf.quads import FORMATS

RESULTS = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
GRAPH_FORMATS = [FORMATS[name] for name in ("turtle", "ntriples", "rdfxml", "jsonld")]
GRAPHS = {form.media_type: form.extension for form in GRAPH_FORMATS}
MEDIA_TYPES = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    **{form.extension: form.content_type for form in GRAPH_FORMATS},
}


@lru_cache(1024)
def media_types_liked(accept: str) -> MIMEAccept:
    """The media types that a client likes, whatever their parameters: a charset does not make
    another type."""
    listed = parse_accept_header(accept, MIMEAccept)
    return MIMEAccept([(value.partition(";")[0].strip(), quality) for value, quality in listed])


@lru_cache(1024)
def _best(accept: str) -> tuple[str | None, str | None]:
    """The formats that an Accept header likes best, for bindings and for graphs."""
    accepted = media_types_liked(accept)
    if not accepted:
        return "json", "ttl"
    results, graphs = accepted.best_match(list(RESULTS)), accepted.best_match(list(GRAPHS))
    if results is None and graphs is None and accepted.accept_html:
        return "json", "ttl"
    return (RESULTS[results] if results else None), (GRAPHS[graphs] if graphs else None)


def formats(named: str | None, accept: str) -> tuple[str | None, str | None]:
    """The formats for bindings and for graphs, by the format parameter (one of MEDIA_TYPES) or the
    Accept header; None where not acceptable."""
    if named:
        return (named, None) if named in RESULTS.values() else (None, named)
    return _best(accept)
