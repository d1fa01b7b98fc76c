"""The SPARQL 1.1 Protocol: from HTTP requests to queries, from results to HTTP responses."""

from __future__ import annotations

import hashlib

from flask import Response, abort, make_response, request
from werkzeug.datastructures import MultiDict
from werkzeug.wsgi import FileWrapper

from kg.sparql import Answer, QueryClient, Request
from kg.sparql.formats import (
    GRAPH_FORMATS,
    GRAPHS,
    MEDIA_TYPES,
    RESULTS,
    formats,
    media_types_liked,
)
from kg.web import metrics
from kg.web.admission import admitted
from kg.web.context import plain

_STATUS = {
    "malformed": 400,
    "refused": 400,
    "too-large": 400,
    "absent": 404,
    "failed": 400,
    "engine": 502,
    "timeout": 503,
    "memory": 503,
    "busy": 503,
}
_RETRY_AFTER = "5"
_PART = 256 * 1024  # bytes of a long answer that are sent at a time
_REPLACEMENT = "\ufffd"  # replaces bytes that are not UTF-8
_FORM = "application/x-www-form-urlencoded"


def asked(update_allowed: bool) -> Request | None:
    """The query or update of this request (SPARQL 1.1 Protocol §2.1, §2.2); None for a GET that has
    neither.

    Answers 400 where a parameter is missing, comes twice or is none of the operation's, and 415 for
    other media types.
    """
    operation, parameters, text = "query", request.args, ""
    if request.method in ("GET", "HEAD"):
        if "update" in parameters:
            abort(400, "send an update by POST (SPARQL 1.1 Protocol §2.2)")
        if "query" not in parameters:
            return None
        text = _one(parameters, "query")
    elif request.mimetype == _FORM:
        parameters = request.form
        operation = "update" if "update" in parameters else "query"
        if operation == "update" and "query" in parameters:
            abort(400, "give a query or an update, not both")
        text = _one(parameters, operation)
    elif request.mimetype in ("application/sparql-query", "application/sparql-update"):
        operation = request.mimetype.removeprefix("application/sparql-")
        text = _utf8(request.get_data())
    else:
        abort(415, f"send {_FORM}, application/sparql-query or application/sparql-update")
    if operation == "update" and not update_allowed:
        abort(403, "released data are not changed by updates; publish the plan again")
    graphs, others = (
        ("default-graph-uri", "named-graph-uri"),
        ("using-graph-uri", "using-named-graph-uri"),
    )
    if operation == "update":
        graphs, others = others, graphs
    everywhere = request.values  # a form's address may name a dataset as well
    if any(name in everywhere for name in others):
        abort(
            400,
            f"{others[0]} is no parameter of a{'n update' if operation == 'update' else ' query'}",
        )
    results, graph = _formats(parameters.get("format")) if operation == "query" else ("json", "ttl")
    return Request(
        text,
        operation,
        tuple(everywhere.getlist(graphs[0])),
        tuple(everywhere.getlist(graphs[1])),
        results or "json",
        graph or "ttl",
        request.base_url,
    )


def ask(client: QueryClient, wanted: Request, body: bytes = b"") -> Answer:
    """Have a request worked on, where this process may take another one on."""
    with admitted("query"):
        return client.ask(wanted, body)


def respond(client: QueryClient, wanted: Request, tag: str | None = None) -> Response:
    """Have a query or update worked on, and answer.

    Args:
        client: leads to the dataset.
        wanted: the query or update.
        tag: an identifier of the dataset's state, where it has one: then answers have entity
            tags, and a client that has the present one gets 304 without an evaluation (RFC 9110
            §13.1.2).
    """
    entity = entity_tag(wanted, tag)
    if entity and request.method in ("GET", "HEAD") and request.if_none_match.contains_weak(entity):
        response = make_response("", 304)
        response.set_etag(entity)
        metrics.query("query", "not-modified", 0.0)
        return for_anyone(response)
    with metrics.timing() as took:
        answer = ask(client, wanted)
    metrics.query(wanted.operation, answer.outcome, took.seconds, answer.kept)
    if answer.outcome != "ok":
        return failure(answer)
    if wanted.operation == "update":
        return for_anyone(make_response("", 204))
    results, graph = asked_formats()
    form = graph if answer.kind == "graph" else results
    if form is None:
        abort(406, "the result of this query has none of the formats asked for")
    response = with_body(answer, form)
    if entity:
        response.set_etag(entity)
        response.headers["Cache-Control"] = "no-cache"
    return response


def with_body(answer: Answer, extension: str) -> Response:
    """An answer in a format: from memory, or a long one from the file that holds it."""
    if answer.file is None:
        response = make_response(answer.body or b"")
    else:
        response = Response(FileWrapper(answer.file, _PART), direct_passthrough=True)
        response.content_length = answer.length
    response.headers["Content-Type"] = MEDIA_TYPES[extension]
    return for_anyone(response)


def entity_tag(wanted: Request, tag: str | None) -> str | None:
    """The entity tag of a query's answer, by its dataset's state; None where the answer may be
    another each time."""
    if tag is None or wanted.operation != "query" or wanted.changing:
        return None
    return hashlib.sha256(repr((tag, wanted)).encode()).hexdigest()[:32]


def failure(answer: Answer) -> Response:
    """An outcome that is no answer, in one line; 503 says when to come again."""
    line = (
        " ".join((answer.body or b"").decode("utf-8", "replace").split())
        or "there is no such graph"
    )
    response = plain(line, _STATUS[answer.outcome])
    if response.status_code == 503:
        response.headers["Retry-After"] = _RETRY_AFTER
    return for_anyone(response)


def for_anyone(response: Response) -> Response:
    """An answer that pages of other hosts may read, and that differs by what was asked for."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After, X-Request-ID"
    response.headers["Vary"] = "Accept"
    return response


def preflight(*methods: str) -> Response:
    """The answer to OPTIONS: what may be sent here, from pages of any host (Fetch §3.2)."""
    response = make_response("", 204)
    response.headers["Allow"] = response.headers["Access-Control-Allow-Methods"] = ", ".join(
        methods
    )
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Allow-Headers"] = (
        "Accept, Authorization, Content-Type, If-None-Match"
    )
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


def wanted_graph_format() -> str:
    """The extension of the graph format that the client likes best; answers 406 where it likes
    none."""
    accepted = media_types_liked(request.headers.get("Accept", ""))
    best = accepted.best_match(list(GRAPHS)) if accepted else GRAPH_FORMATS[0].media_type
    if best is None:
        abort(406, f"offered: {', '.join(GRAPHS)}")
    return GRAPHS[best]


def _one(parameters: MultiDict[str, str], name: str) -> str:
    """The one value of a parameter that must come once."""
    found = parameters.getlist(name)
    if len(found) != 1:
        abort(400, f"give {name} once, it came {len(found)} times")
    if _REPLACEMENT in found[0]:
        abort(400, f"{name} is not UTF-8")
    return str(found[0])


def _utf8(content: bytes) -> str:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8", "us-ascii"):
        abort(415, f"send UTF-8, not {charset}")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        abort(400, "what was sent is not UTF-8")


def _formats(named: str | None) -> tuple[str | None, str | None]:
    """The formats as this request asks for them; answers 400 or 406 where there are none."""
    if named and named not in MEDIA_TYPES:
        abort(400, f"format is one of {', '.join(sorted(MEDIA_TYPES))}")
    best = formats(named, request.headers.get("Accept", ""))
    if best == (None, None):
        abort(406, f"offered: {', '.join((*RESULTS, *GRAPHS))}")
    return best


def asked_formats() -> tuple[str | None, str | None]:
    """The formats for bindings and for graphs that this request asks for; None where not
    acceptable."""
    return _formats(request.values.get("format"))
