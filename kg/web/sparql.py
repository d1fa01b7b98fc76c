"""The SPARQL endpoint (SPARQL 1.1 Protocol §2.1) and the page to try it on."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, Response, abort, make_response, render_template, request

from kg.quads import FORMATS, serialize
from kg.query import Answer, Request
from kg.terms import PREFIXES
from kg.web.context import release

blueprint = Blueprint("sparql", __name__)

_RESULTS = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
_GRAPH_FORMATS = [FORMATS[name] for name in ("turtle", "ntriples", "rdfxml", "jsonld")]
_GRAPHS = {form.media_type: form.extension for form in _GRAPH_FORMATS}
_MEDIA_TYPES = {"json": "application/sparql-results+json", "xml": "application/sparql-results+xml", "csv": "text/csv; charset=utf-8",
                "tsv": "text/tab-separated-values; charset=utf-8",
                **{form.extension: form.content_type for form in _GRAPH_FORMATS}}  # fmt: skip
_STATUS = {"malformed": 400, "refused": 400, "too-large": 400, "failed": 500, "timeout": 503, "busy": 503}
_RETRY_AFTER = "5"


@cache
def examples() -> list[dict[str, Any]]:
    """The example queries of examples.toml, each with the prefixes it uses."""
    found: list[dict[str, Any]] = tomllib.loads((files("kg.web") / "examples.toml").read_text(encoding="utf-8"))["example"]
    for example in found:
        query = example["query"].strip()
        used = [f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items() if f"{name}:" in query]
        example["query"] = "\n".join([*used, query])
    return found


@blueprint.route("/sparql", methods=["GET", "POST", "OPTIONS"])
def sparql() -> Response:
    """Answer a query; without one, show the page or the service description."""
    if request.method == "OPTIONS":
        return _preflight()
    if request.method == "GET":
        parameters = request.args
        _no_update(parameters)
        if "query" not in parameters:
            return _landing()
        query = _one(parameters, "query")
    elif request.mimetype == "application/x-www-form-urlencoded":
        parameters = request.form
        _no_update(parameters)
        query = _one(parameters, "query")
    elif request.mimetype == "application/sparql-query":
        parameters = request.args
        try:
            query = request.get_data().decode("utf-8")
        except UnicodeDecodeError:
            abort(400, "the query is not UTF-8")
    else:
        abort(415, "send application/x-www-form-urlencoded or application/sparql-query")
    results_format, graph_format = _formats(parameters.get("format"))
    asked = Request(
        query,
        parameters.getlist("default-graph-uri"),
        parameters.getlist("named-graph-uri"),
        results_format or "json",
        graph_format or "ttl",
    )
    answer = release().pool.ask(asked)
    return _respond(answer, results_format, graph_format)


def _one(parameters: Any, name: str) -> str:
    """The one value of a parameter that must come once."""
    found = parameters.getlist(name)
    if len(found) != 1:
        abort(400, f"give {name} once, it came {len(found)} times")
    return str(found[0])


def _no_update(parameters: Any) -> None:
    if "update" in parameters:
        abort(400, "this endpoint takes no updates")


def _formats(named: str | None) -> tuple[str | None, str | None]:
    """The formats for bindings and for graphs, by the format parameter or the Accept header; None where not acceptable."""
    if named:
        if named not in _MEDIA_TYPES:
            abort(400, f"format is one of {', '.join(sorted(_MEDIA_TYPES))}")
        return (named, None) if named in _RESULTS.values() else (None, named)
    if not request.accept_mimetypes:
        return "json", "ttl"
    results = request.accept_mimetypes.best_match(list(_RESULTS))
    graphs = request.accept_mimetypes.best_match(list(_GRAPHS))
    if results is None and graphs is None and request.accept_mimetypes.accept_html:
        return "json", "ttl"
    if results is None and graphs is None:
        abort(406, f"offered: {', '.join((*_RESULTS, *_GRAPHS))}")
    return (_RESULTS[results] if results else None), (_GRAPHS[graphs] if graphs else None)


def _respond(answer: Answer, results_format: str | None, graph_format: str | None) -> Response:
    if answer.outcome != "ok":
        response = make_response(" ".join(answer.body.decode("utf-8", "replace").split()) + "\n", _STATUS[answer.outcome])
        response.mimetype = "text/plain"
        if response.status_code == 503:
            response.headers["Retry-After"] = _RETRY_AFTER
    else:
        form = graph_format if answer.kind == "graph" else results_format
        if form is None:
            abort(406, "the result of this query has none of the formats asked for")
        response = make_response(answer.body)
        response.headers["Content-Type"] = _MEDIA_TYPES[form]
    return _for_anyone(response)


def _for_anyone(response: Response) -> Response:
    """An answer that pages of other hosts may read, and that differs by what was asked for."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Vary"] = "Accept"
    return response


def _preflight() -> Response:
    response = make_response("", 204)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Methods"] = "GET, POST, OPTIONS"
    response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type"
    return response


def _landing() -> Response:
    """The page for browsers, the service description for programs (SPARQL 1.1 Service Description §2)."""
    wanted = request.accept_mimetypes.best_match(["text/html", *_GRAPHS], default="text/html")
    if wanted not in _GRAPHS:
        seconds = release().pool.limits.seconds
        return make_response(render_template("sparql.html", examples=examples(), seconds=f"{seconds:g}"))
    form = next(f for f in _GRAPH_FORMATS if f.media_type == wanted)
    response = make_response(serialize(_description(), form))
    response.headers["Content-Type"] = form.content_type
    return _for_anyone(response)


def _description() -> list[ox.Quad]:
    sd = "http://www.w3.org/ns/sparql-service-description#"
    service = ox.NamedNode(request.base_url)

    def quad(predicate: str, object_: str) -> ox.Quad:
        return ox.Quad(service, ox.NamedNode(predicate), ox.NamedNode(object_))

    formats = (
        "SPARQL_Results_JSON",
        "SPARQL_Results_XML",
        "SPARQL_Results_CSV",
        "SPARQL_Results_TSV",
        "Turtle",
        "N-Triples",
        "RDF_XML",
        "JSON-LD",
    )
    return [
        quad(PREFIXES["rdf"] + "type", sd + "Service"),
        quad(sd + "endpoint", request.base_url),
        quad(sd + "supportedLanguage", sd + "SPARQL11Query"),
        quad(sd + "feature", sd + "UnionDefaultGraph"),
        *(quad(sd + "resultFormat", f"http://www.w3.org/ns/formats/{name}") for name in formats),
    ]
