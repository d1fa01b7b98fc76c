"""The formats of answers: their media types, and which of them a client likes best (RFC 9110
§12)."""

from __future__ import annotations

from functools import lru_cache

import pyoxigraph as ox
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from kg.rdf.quads import FORMATS, Format

RESULTS = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
GRAPH_FORMATS = [
    FORMATS[name] for name in ("turtle", "ntriples", "rdfxml", "jsonld", "trig", "nquads")
]
GRAPH_FORMATS.append(Format("n3", "n3", "text/n3", ox.RdfFormat.N3, datasets=False))
GRAPHS = {form.media_type: form.extension for form in GRAPH_FORMATS}
MEDIA_TYPES = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv; charset=utf-8",
    "tsv": "text/tab-separated-values; charset=utf-8",
    **{form.extension: form.content_type for form in GRAPH_FORMATS},
}
# What clients give as format, with the extension for bindings and for graphs that it means.
_NAMED: dict[str, tuple[str | None, str | None]] = {
    "json": ("json", "jsonld"),
    "xml": ("xml", "rdf"),
    "text": ("csv", "nt"),
    "html": (None, None),
    **{name: (name, None) for name in ("csv", "tsv")},
    **dict.fromkeys(("json-ld", "ld+json"), (None, "jsonld")),
    **dict.fromkeys(("turtle", "text/rdf+n3"), (None, "ttl")),
    **dict.fromkeys(("n-triples", "ntriples"), (None, "nt")),
    **dict.fromkeys(("n-quads", "nquads"), (None, "nq")),
    **dict.fromkeys(("rdf+xml", "rdfxml", "rdf/xml", "rdf-xml"), (None, "rdf")),
    **{form.extension: (None, form.extension) for form in GRAPH_FORMATS},
    **{media_type: (extension, None) for media_type, extension in RESULTS.items()},
    **{media_type: (None, extension) for media_type, extension in GRAPHS.items()},
}


@lru_cache(1024)
def media_types_liked(accept: str) -> MIMEAccept:
    """The media types that a client likes, whatever their parameters: a charset does not make
    another type."""
    listed = parse_accept_header(accept, MIMEAccept)
    named = [(value.partition(";")[0].strip(), quality) for value, quality in listed]
    return MIMEAccept([("*/*" if name == "*" else name, quality) for name, quality in named])


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
    """The formats for bindings and for graphs; None where not acceptable.

    Args:
        named: the format parameter, by a name of the format, its extension or its media type; what
            it does not say, or is not known by, is left to the header.
        accept: the Accept header.
    """
    # a plus sign that nobody escaped has become a blank
    name = (named or "").partition(";")[0].strip().lower().replace(" ", "+")
    results, graph = _NAMED.get(name, (None, None))
    if results and graph:
        return results, graph
    liked_results, liked_graph = _best(accept)
    return results or liked_results, graph or liked_graph
