"""The SPARQL endpoint's page and its description (SPARQL 1.1 Service Description), and the released
graphs to read; queries are answered by kg.web.api.endpoint."""

import json
from importlib.resources import files
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from kg.files import packaged
from kg.lexicon import grouped
from kg.rdf.namespaces import PREFIXES
from kg.rdf.quads import serialize
from kg.release.catalogue import examples
from kg.sparql.formats import GRAPH_FORMATS, GRAPHS
from kg.sparql.guard import MAX_DEPTH, MAX_LENGTH
from kg.web.api import graphs
from kg.web.context import publisher_iri, release, settings
from kg.web.negotiation import PAGE, Refusal, format_for

blueprint = Blueprint("sparql", __name__)


def describe(graphs: list[tuple[str, int]], writable: bool = False) -> Response:
    """The description of a dataset with these graphs, each with how many triples it holds, in the
    format asked for; 406 where none fits. Where it is writable, the endpoint takes updates."""
    extension, of = format_for(request, GRAPHS), settings()
    turtle = render_template(
        "service.ttl",
        title=of.site.title.tagged,
        names=of.publisher.name.tagged,
        publisher=ox.NamedNode(publisher_iri()),
        licence=ox.NamedNode(of.licence.iri),
        graphs=[(ox.NamedNode(name), triples) for name, triples in graphs],
        writable=writable,
        formats=" , ".join(f"<{form.rdf.iri}>" for form in GRAPH_FORMATS),
        literal=ox.Literal,
    )
    quads = list(ox.parse(turtle, format=ox.RdfFormat.TURTLE, base_iri=request.base_url))
    form = next(form for form in GRAPH_FORMATS if form.extension == extension)
    response = Response(serialize(quads, form))
    response.headers["Content-Type"] = form.content_type
    return response


def _offered() -> list[dict[str, Any]]:
    """The examples that have an answer in this release; all, where none has."""
    store = release().store
    answered = [
        example
        for example in examples()
        if store.query(asks(example), use_default_graph_as_union=True, prefixes=PREFIXES)
    ]
    return answered or examples()


def asks(example: dict[str, Any]) -> str:
    """Whether an example has an answer, as a query without columns, grouping and order."""
    if "ask" in example:
        return f"ASK {{ {example['ask']} }}"
    pattern: str = example["query"].partition("WHERE {")[2]
    return f"ASK {{{pattern[: pattern.rindex('}') + 1]}"


@blueprint.get("/sparql")
def sparql() -> Response:
    """Without a query: the page for browsers, the service description for programs."""
    if format_for(request, {**PAGE, **GRAPHS}) == "html":
        return make_response(query_page())
    return describe(list(release().manifest.graphs.items()))


def query_page(refused: Refusal | None = None) -> str:
    """The page with an example, the query of its address, or one that has no answer and why."""
    offered = release().once(("examples",), _offered)
    return render_template(
        "sparql.html",
        examples=offered,
        query=refused.query if refused else request.args.get("edit") or offered[0]["query"],
        refused=refused.worded(g.language) if refused else "",
        code=packaged("kg.web", "code")["code"],
        limits=release().queries.limits,
        longest=MAX_LENGTH,
        deepest=MAX_DEPTH,
    )


@blueprint.get("/conformance")
def conformance() -> str:
    """How W3C's test suite went at its last run against this server."""
    record = json.loads((files("kg.web") / "conformance.json").read_text(encoding="utf-8"))
    worded = {one["en"]: one[g.language] for one in packaged("kg.web", "conformance")["reason"]}
    reasons = grouped((worded.get(why, why), name) for name, why in record["failing"].items())
    return render_template("conformance.html", record=record, reasons=reasons)


@blueprint.get("/graphs")
def graph() -> ResponseReturnValue:
    """A released graph, named by a parameter (Graph Store Protocol §5.2); read only."""
    return graphs.read(release().queries, graphs.graph_named(), release().tag)
