"""The formats of answers: their media types, and which of them a client likes best (RFC 9110
§12)."""

import hashlib
import re
from collections.abc import Mapping
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
    "text/xml": "xml",
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
FORM = "application/x-www-form-urlencoded"
PAGES = ("text/html", "application/xhtml+xml")
# What some clients call a format, and like as much where they do not give its name; browsers, which
# name pages and take any XML, only where there is nothing else.
_ALSO = {
    "application/json": "application/ld+json",
    "application/xml": "application/rdf+xml",
    "text/xml": "application/rdf+xml",
    **dict.fromkeys(("application/x-turtle", "text/n3", "text/rdf+n3"), "text/turtle"),
    "text/plain": "application/n-triples",
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


def graph_tag(extension: str, content: bytes) -> str:
    """The entity tag of a graph in a format, by its extension (RFC 9110 §8.8.3)."""
    return f"{extension}-{hashlib.blake2b(content, digest_size=16).hexdigest()}"


_NO_ZERO = re.compile(r"(;[ \t]*[qQ]=)\.(?=\d)")


@lru_cache(1024)
def media_types_liked(accept: str) -> MIMEAccept:
    """The media types that a client accepts, without their parameters such as a charset."""
    # Java sends `*; q=.2`, which werkzeug would leave out
    listed = parse_accept_header(_NO_ZERO.sub(r"\g<1>0.", accept), MIMEAccept)
    named = [(value.partition(";")[0].strip(), quality) for value, quality in listed]
    return MIMEAccept([("*/*" if name == "*" else name, quality) for name, quality in named])


@lru_cache(1024)
def best_type(accept: str, offered: tuple[str, ...]) -> str | None:
    """The media type that a client likes best; None where it likes none.

    Args:
        accept: the Accept header; who sends none gets the first.
        offered: media types, in the order that decides between what a client likes as well, behind
            those that it names; a page comes behind data for who names data.

    >>> best_type("text/html, text/turtle;charset=utf-8", ("text/html", "text/turtle"))
    'text/turtle'
    >>> best_type("text/turtle;q=0, */*", ("text/turtle", "application/n-triples"))
    'application/n-triples'
    >>> best_type("text/plain, */*;q=0.1", ("text/html", "text/turtle", "application/n-triples"))
    'application/n-triples'
    >>> best_type("application/*", ("text/html", "application/xhtml+xml", "application/ld+json"))
    'application/ld+json'
    """
    liked = media_types_liked(accept)
    if not liked:
        return offered[0]
    wanted = {name for name, quality in liked if quality}
    also = {_ALSO[n]: q for n, q in liked if n in _ALSO and _ALSO[n] not in liked.values()}
    meant = also if wanted.isdisjoint(PAGES) else {}
    first = [*filter(wanted.__contains__, offered), *meant]
    names_data = not wanted.isdisjoint({"application/*", *offered}.difference(PAGES))
    order = sorted(offered, key=lambda t: (names_data and t in PAGES, [*first, t].index(t)))
    best = MIMEAccept([*liked, *meant.items()]).best_match(order)
    return best or MIMEAccept(also.items()).best_match(offered)


def chosen(named: str | None, accept: str, offered: Mapping[str, str]) -> str | None:
    """The extension of the format to send; None where the client likes none.

    Args:
        named: the format parameter; what is not offered by that name is left to the header.
        offered: extensions by media type, as best_type takes them.
    """
    return by_name(named, offered) or offered.get(best_type(accept, tuple(offered)) or "")


def by_name(named: str | None, offered: Mapping[str, str]) -> str | None:
    """The extension that a format parameter names, of those offered; None for none of them."""
    # without parameters of its own; an unescaped plus arrives as a blank
    name = (named or "").partition(";")[0].strip().lower().replace(" ", "+")
    return next(
        (e for e in (name, offered.get(name), *_NAMED.get(name, ())) if e in offered.values()), None
    )


@lru_cache(1024)
def formats(named: str | None, accept: str) -> tuple[str | None, str | None]:
    """The formats for bindings and for graphs; None where not acceptable.

    Args:
        named: the format parameter, by a name of the format, its extension or its media type; what
            it does not say, or is not known by, is left to the header.
    """
    liked = media_types_liked(accept)
    refused = {name for name, quality in liked if not quality}
    # an answer says one media type, whichever of its names was asked for
    sent = {form: MEDIA_TYPES[form].partition(";")[0] for form in RESULTS.values()}
    offered = {name: form for name, form in RESULTS.items() if sent[form] not in refused}
    results = by_name(named, RESULTS) or chosen(None, accept, offered)
    graph = chosen(named, accept, GRAPHS)
    if liked.quality("text/html") and best_type(accept, (*offered, *GRAPHS)) is None:
        return results or "json", graph or "ttl"
    return results, graph
