"""RDF files as quads and graphs: what a file or folder holds, and one line on what is no RDF."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import Graph

from kg.errors import PlanlinkError
from kg.files import files_below
from kg.rdf.gzipped import read_content
from kg.rdf.jsonld import context
from kg.rdf.quads import as_triples, parse_quads, rdf_format

_CSVW = "http://www.w3.org/ns/csvw"
_OUR_CONTEXT = "/context.jsonld"
_NAME_ONE = "name a .ttl, .nt, .nq, .trig, .rdf or .jsonld file, or a folder of them"
_HEAD = 4096  # bytes of an XML file in which its first element stands


def load_quads(path: Path) -> Iterator[tuple[str, list[ox.Quad]]]:
    """The quads of a file, or of each RDF file in a folder, one file after the other, to be
    validated. Hidden files and folders in it are left out: a folder of releases keeps parts there.
    PlanlinkError where there is none, or one is broken or no RDF."""
    if not path.exists():
        raise PlanlinkError.of("rdf_missing", path)
    if not path.is_dir():
        yield str(path), _checked(path)
        return
    shown = (path / name for name in sorted(files_below(path)) if "/." not in f"/{name}")
    files = [file for file in shown if file.is_file() and not _why_no_rdf(file)]
    if not files:
        raise PlanlinkError.of("rdf_none", path)
    for file in files:
        yield str(file), _quads(file)


def load_graph(path: Path) -> Graph:
    """A file's triples, of all named graphs; PlanlinkError where it is broken, or no RDF."""
    graph = Graph()
    graph += as_triples(_checked(path))
    return graph


def _checked(path: Path) -> list[ox.Quad]:
    if why := _why_no_rdf(path):
        raise PlanlinkError(why, str(path), _NAME_ONE)
    return _quads(path)


def _quads(path: Path) -> list[ox.Quad]:
    content = read_content(path)
    if not content:
        raise PlanlinkError.of("rdf_empty", path)
    if rdf_format(path) == ox.RdfFormat.JSON_LD:
        content = _with_our_context(content)
    quads = parse_quads(content, path)
    if any(isinstance(quad.object, ox.Triple) for quad in quads):
        raise PlanlinkError.of("rdf_star", path)
    return quads


def _why_no_rdf(path: Path) -> str:
    """Why a file is not taken for RDF; "" for one that is."""
    form, name = rdf_format(path), path.name.removesuffix(".gz")
    if form is None:
        return "its ending names no RDF format"
    if name.endswith(".xml") and b":RDF" not in read_content(path)[:_HEAD]:
        return "this is XML, but no RDF/XML"
    if name.endswith(".json") and (found := _json(read_content(path))) is not None:
        given = found if isinstance(found, list) else [found]
        nodes = [n for n in given if isinstance(n, dict) and any(k.startswith("@") for k in n)]
        if any(_CSVW in str(node.get("@context", "")) for node in nodes):
            return "this is what CSVW says of a table, no RDF"
        return "" if nodes else "this is JSON, but no JSON-LD"
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
