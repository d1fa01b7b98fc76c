"""RDF files as graphs: what a file or folder holds, and one line on what is no RDF."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import Graph

from kg.errors import PlanlinkError
from kg.rdf.gzipped import read_content
from kg.rdf.jsonld import context
from kg.rdf.quads import parse_quads, rdf_format

_CSVW = "http://www.w3.org/ns/csvw"
_OUR_CONTEXT = "/context.jsonld"
_HEAD = 4096  # bytes of an XML file in which its first element stands


def load_graphs(path: Path) -> Iterator[tuple[str, Graph]]:
    """The graphs to validate, read one by one: a file, or each RDF file of a folder. PlanlinkError
    where there is none, or one is broken or no RDF."""
    if not path.exists():
        raise PlanlinkError(
            "there is no such file or folder", str(path), "name an RDF file or a folder of them"
        )
    if not path.is_dir():
        yield str(path), load_graph(path)
        return
    files = [p for p in sorted(path.rglob("*")) if p.is_file() and not _why_no_rdf(p)]
    if not files:
        raise PlanlinkError(
            "there is no RDF file in this folder",
            str(path),
            "name a .ttl, .nt, .nq, .trig, .rdf or .jsonld file",
        )
    for file in files:
        yield str(file), load_graph(file)


def load_graph(path: Path) -> Graph:
    """A file's triples, of all named graphs; PlanlinkError where it is broken, or no RDF."""
    if why := _why_no_rdf(path):
        raise PlanlinkError(why, str(path), "name a .ttl, .nt, .nq, .trig, .rdf or .jsonld file")
    content = read_content(path)
    if rdf_format(path) == ox.RdfFormat.JSON_LD:
        content = _with_our_context(content)
    triples = dict.fromkeys(quad.triple for quad in parse_quads(content, path))
    graph = Graph()
    graph.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES), format="nt")
    return graph


def _why_no_rdf(path: Path) -> str:
    """What a file is that holds no RDF; "" for one that does."""
    form = rdf_format(path)
    if form is None:
        return "its ending names no RDF format"
    if path.suffix == ".xml" and b":RDF" not in read_content(path)[:_HEAD]:
        return "this is XML, but no RDF/XML"
    if path.suffix == ".json":
        found = _json(read_content(path))
        named = str(found.get("@context", "")) if isinstance(found, dict) else ""
        if _CSVW in named:
            return "this is what CSVW says of a table, no RDF"
        if isinstance(found, dict) and not {"@context", "@graph", "@id"} & set(found):
            return "this is JSON, but no JSON-LD"
    return ""


def _json(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):  # no JSON, or too deep: what parses it says so
        return None


def _with_our_context(content: bytes) -> bytes:
    """A JSON-LD document with planlink's own context in it where it names the address of one."""
    found = _json(content)
    if not isinstance(found, dict) or "@context" not in found:
        return content
    named = found["@context"]
    given = named if isinstance(named, list) else [named]
    if not any(isinstance(one, str) and one.endswith(_OUR_CONTEXT) for one in given):
        return content
    found["@context"] = [
        context() if isinstance(one, str) and one.endswith(_OUR_CONTEXT) else one for one in given
    ]
    return json.dumps(found, ensure_ascii=False).encode()
