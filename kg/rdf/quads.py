"""rdflib's terms and graphs as pyoxigraph's, and their serialisations: sorted, so that the same
graph gives the same bytes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from kg.errors import PlanlinkError
from kg.rdf.bounds import check_json, check_xml
from kg.rdf.gzipped import read_content, unreadable
from kg.rdf.namespaces import PREFIXES


@dataclass(frozen=True)
class Format:
    """A serialisation: its file extension, media type, and whether it keeps named graphs."""

    name: str
    extension: str
    media_type: str
    rdf: ox.RdfFormat
    datasets: bool

    @property
    def content_type(self) -> str:
        """The Content-Type header: the media type, with the charset where it is text."""
        return self.media_type + ("; charset=utf-8" if self.media_type.startswith("text/") else "")


SIMPLE = "SimpleMemory"  # a store of rdflib's that takes a third of the time of its usual one
FORMATS = {
    f.name: f
    for f in (
        Format("nquads", "nq", "application/n-quads", ox.RdfFormat.N_QUADS, True),
        Format("trig", "trig", "application/trig", ox.RdfFormat.TRIG, True),
        Format("turtle", "ttl", "text/turtle", ox.RdfFormat.TURTLE, False),
        Format("ntriples", "nt", "application/n-triples", ox.RdfFormat.N_TRIPLES, False),
        Format("rdfxml", "rdf", "application/rdf+xml", ox.RdfFormat.RDF_XML, False),
        Format("jsonld", "jsonld", "application/ld+json", ox.RdfFormat.JSON_LD, True),
    )
}


@cache
def _named(value: str) -> ox.NamedNode:
    return ox.NamedNode(value)


def iri(value: str) -> ox.NamedNode:
    """An IRI of rdflib, or as text, as pyoxigraph's."""
    return _named(str(value))


def term(node: Node) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """An rdflib term as pyoxigraph's."""
    if isinstance(node, URIRef):
        return iri(node)
    if isinstance(node, BNode):
        return ox.BlankNode(str(node))
    if isinstance(node, Literal):
        if node.language:
            return ox.Literal(str(node), language=node.language)
        return (
            ox.Literal(str(node), datatype=iri(node.datatype))
            if node.datatype
            else ox.Literal(str(node))
        )
    raise TypeError(f"no RDF term: {node!r}")


def graph_quads(graph: Iterable[tuple[Node, Node, Node]], name: URIRef) -> list[ox.Quad]:
    """A graph's triples as quads of that named graph."""
    graph_name = iri(name)
    return [
        ox.Quad(term(s), term(p), term(o), graph_name)  # type: ignore[arg-type]
        for s, p, o in graph
    ]


def as_rdflib(term: Any) -> URIRef | BNode | Literal:
    """A term of pyoxigraph as rdflib's."""
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if term.language:
        return Literal(term.value, lang=term.language)
    datatype = URIRef(term.datatype.value)
    return Literal(term.value, datatype=None if datatype == XSD.string else datatype)


def as_triples(quads: Iterable[ox.Quad]) -> Iterator[tuple[Node, Node, Node]]:
    """Quads of pyoxigraph as rdflib's triples, whatever graphs they are in."""
    return ((as_rdflib(s), as_rdflib(p), as_rdflib(o)) for s, p, o, _ in quads)


def turtle_graph(folder: Path) -> Graph:
    """The graph of a folder's Turtle files, read in a tenth of the time that rdflib takes."""
    graph = Graph(SIMPLE)
    for path in sorted(folder.glob("*.ttl")):
        graph += as_triples(ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    return graph


def in_order(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The quads in one fixed order: by graph, subject, property and object."""
    of_graphs: dict[Any, list[ox.Quad]] = {}
    for quad in quads:
        of_graphs.setdefault(quad.graph_name, []).append(quad)
    return [
        quad for graph in sorted(of_graphs, key=str) for quad in sorted(of_graphs[graph], key=str)
    ]


_DESCRIBES = (".csv-metadata.json>", "/datapackage.json>")  # files that describe others


def chinese_first(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """The quads in a fixed order, Chinese words before English, and data before what describes
    them: harvesters show the first."""
    return sorted(
        quads,
        key=lambda q: (
            str(q.graph_name),
            str(q.subject),
            str(q.predicate),
            getattr(q.object, "language", "") != "zh",
            str(q.object).endswith(_DESCRIBES),
            str(q.object),
        ),
    )


_STORE_RESPELLS = {
    "http://www.w3.org/ns/oa#start": "nonNegativeInteger",
    "http://www.w3.org/ns/oa#end": "nonNegativeInteger",
    "http://www.w3.org/ns/dcat#byteSize": "nonNegativeInteger",
    "http://spdx.org/rdf/terms#checksumValue": "hexBinary",
}


def respelt(quads: Iterable[ox.Quad]) -> list[ox.Quad]:
    """Quads of a store with the datatypes that its encoding widens, such as hexBinary."""
    mended = []
    for quad in quads:
        wanted = _STORE_RESPELLS.get(quad.predicate.value)
        if wanted and isinstance(quad.object, ox.Literal):
            literal = ox.Literal(quad.object.value, datatype=iri(f"{PREFIXES['xsd']}{wanted}"))
            quad = ox.Quad(quad.subject, quad.predicate, literal, quad.graph_name)  # noqa: PLW2901
        mended.append(quad)
    return mended


def serialize(quads: Sequence[ox.Quad] | Sequence[ox.Triple], form: Format) -> bytes:
    """Quads, or triples, in a format; one without named graphs gets each quad's triple once."""
    prefixes = PREFIXES if form.name in ("turtle", "trig", "rdfxml", "jsonld") else None
    if not form.datasets and quads and isinstance(quads[0], ox.Quad):
        quads = [*dict.fromkeys(quad.triple for quad in quads if isinstance(quad, ox.Quad))]
    return ox.serialize(quads, format=form.rdf, prefixes=prefixes) or b""


def rdf_format(path: Path) -> ox.RdfFormat | None:
    """The RDF format that a file's name tells, compressed or not; a .txt file is taken for text."""
    ending = Path(path.name.removesuffix(".gz")).suffix[1:]
    return None if ending == "txt" else ox.RdfFormat.from_extension(ending)


def read_quads(path: Path) -> list[ox.Quad]:
    """The quads of a file, gzip or plain; PlanlinkError where it is broken or no RDF."""
    return parse_quads(read_content(path), path)


def parsed(content: bytes, form: ox.RdfFormat, base: str | None = None) -> list[ox.Quad]:
    """The quads of a document in a format; base: what its relative IRIs are resolved against.

    Raises:
        SyntaxError, ValueError, MemoryError: it is broken, breaks off, or takes too much.
    """
    if form == ox.RdfFormat.RDF_XML:
        check_xml(content)
    elif form == ox.RdfFormat.JSON_LD:
        check_json(content)
    return list(ox.parse(content, format=form, base_iri=base))


def parse_quads(content: bytes, path: Path) -> list[ox.Quad]:
    """The quads of a file's content.

    Args:
        content: the content, not compressed.
        path: the file, whose ending names the format.

    Raises:
        PlanlinkError: the content is broken or of no RDF format.
    """
    form = rdf_format(path)
    if form is None:
        raise PlanlinkError.of("rdf_ending", path)
    try:
        return parsed(content, form)
    except SyntaxError as error:
        where = f"{path}, line {error.lineno}" if error.lineno else str(path)
        raise PlanlinkError.of("rdf_broken", where, error.msg) from error
    except (ValueError, MemoryError) as error:  # MemoryError: a term longer than it takes
        raise unreadable(error, path) from error
