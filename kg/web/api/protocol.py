"""The SPARQL 1.1 Protocol: from HTTP requests to queries, from results to HTTP responses."""

import hashlib
import time
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import parse_qsl
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import msgspec
import pyoxigraph as ox
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import abort
from werkzeug.wrappers import Request as HttpRequest
from werkzeug.wrappers import Response
from werkzeug.wsgi import FileWrapper, get_current_url

from kg.sparql import Answer, QueryClient, Request
from kg.sparql.diagnosis import worded
from kg.sparql.formats import FORM, GRAPHS, MEDIA_TYPES, RESULTS, formats, graph_tag
from kg.web import metrics
from kg.web.bounds import Admission
from kg.web.messages import Message
from kg.web.negotiation import PAGE, PREFLIGHT, Refusal, refuse_unknown

_STATUS = {
    "malformed": 400,
    "refused": 422,
    "too-large": 400,
    "absent": 404,
    "another": 412,
    "unwritable": 406,
    "failed": 500,
    "engine": 502,
    "timeout": 503,
    "memory": 503,
    "busy": 503,
}
# Malformed is 400. What is well-formed and yet not run is 422 (RFC 9110 §15.5.21): the SPARQL 1.1
# Protocol (§2.1.7) leaves statuses beside 400 and 500 open, 5xx would have clients try again.
_PART = 256 * 1024  # bytes of a long answer that are sent at a time
_SHORT = 8192  # characters of a query string up to which it is known when it comes again
_REPLACEMENT = "\ufffd"  # replaces bytes that are not UTF-8
_TAKEN = ("application/sparql-query", "application/sparql-update")
_VARY = ("Vary", "Accept")
_DATASETS = {
    "query": ("default-graph-uri", "named-graph-uri"),
    "update": ("using-graph-uri", "using-named-graph-uri"),
}
_OTHER = {"query": "update", "update": "query"}
_ADDRESS = (
    *("wsgi.url_scheme", "HTTP_HOST", "SERVER_NAME", "SERVER_PORT", "SCRIPT_NAME", "PATH_INFO"),
)


def asked(request: HttpRequest, update_allowed: bool) -> Request | None:
    """The query or update of a request (SPARQL 1.1 Protocol §2.1, §2.2); None for a GET that
    names neither it nor a dataset. Answers 400 where a parameter is missing, comes twice or is
    none of the operation's, and 415 for other media types."""
    environ = request.environ
    accept, base = environ.get("HTTP_ACCEPT", ""), _address(*map(environ.get, _ADDRESS))
    if request.method in ("GET", "HEAD"):
        query = environ.get("QUERY_STRING", "")
        read = _by_address if len(query) <= _SHORT else _by_address.__wrapped__
        return read(query, accept, base)
    operation, parameters, text = _by_body(request)
    if operation == "update" and not update_allowed:
        abort(403, Message("no_update"))
    # a form's address may name a dataset as well
    return _request(operation, text, parameters, request.values, accept, base)


@lru_cache(256)
def _by_address(query: str, accept: str, base: str) -> Request | None:
    """What a GET asks for, which is in its address alone: whoever asks again asks for the same."""
    parameters = MultiDict(parse_qsl(query.encode("latin-1").decode(), keep_blank_values=True))
    if "update" in parameters:
        abort(400, Message("update_by_post"))
    if not any(name in parameters for name in ("query", *_DATASETS["query"])):
        return None
    text = _single_value(parameters, "query")
    return _request("query", text, parameters, parameters, accept, base)


def _by_body(request: HttpRequest) -> tuple[str, MultiDict[str, str], str]:
    """What a POST asks for, query or update: the operation, its parameters and its text."""
    if named := {"query", "update"} & {*request.args}:  # the body says what is asked
        abort(400, Message("in_body", *named))
    if request.mimetype == FORM:
        operation = "update" if "update" in request.form else "query"
        if operation == "update" and "query" in request.form:
            abort(400, Message("query_or_update"))
        return operation, request.form, _single_value(request.form, operation)
    if request.mimetype not in _TAKEN:
        abort(415, Message("send_types", ", ".join((FORM, *_TAKEN))))
    return request.mimetype.removeprefix("application/sparql-"), request.args, _utf8(request)


def _request(
    operation: str,
    text: str,
    parameters: MultiDict[str, str],
    everywhere: MultiDict[str, str],
    accept: str,
    base: str,
) -> Request:
    """A query or update with its dataset, which parameters everywhere may name, and its formats."""
    (default, named), others = _DATASETS[operation], _DATASETS[_OTHER[operation]]
    if any(name in everywhere for name in others):
        abort(400, Message(f"not_of_{operation}", others[0]))
    form = parameters.get("format") if operation == "query" else "json"
    for name in (default, named):
        for iri in everywhere.getlist(name):
            _require_iri(name, iri)
    graphs = tuple(everywhere.getlist(default)), tuple(everywhere.getlist(named))
    return Request(text, operation, *graphs, *asked_formats(accept, form), base)


def _require_iri(name: str, given: str) -> None:
    try:
        ox.NamedNode(given)
    except ValueError:
        abort(400, Message("parameter_no_iri", name, given))


@lru_cache(256)
def _address(*parts: str | None) -> str:
    """The address of an endpoint, which relative IRIs are resolved against."""
    known = {name: part for name, part in zip(_ADDRESS, parts, strict=True) if part is not None}
    return get_current_url(known, strip_querystring=True)


def respond(
    request: HttpRequest,
    client: QueryClient,
    wanted: Request,
    admission: Admission,
    tag: str | None = None,
) -> WSGIApplication:
    """Have a query or update worked on, and answer. With a tag for the dataset's state answers have
    entity tags, and a client that has the present one gets 304 without an evaluation (RFC 9110
    §13.1.2)."""
    entity = entity_tag(wanted, tag)
    reads = request.method in ("GET", "HEAD")
    if entity and reads and "HTTP_IF_MATCH" in request.environ and entity not in request.if_match:
        abort(412, Message("http_412"))
    asks_again = "HTTP_IF_NONE_MATCH" in request.environ and reads
    if entity and asks_again and request.if_none_match.contains_weak(entity):
        metrics.query("query", "not-modified", 0.0)
        return Response(status=304, headers=[*_tagged(entity), _VARY])
    begun = time.perf_counter()
    with admission.admitted("query", request.remote_addr):
        answer = client.ask(wanted)
    took = time.perf_counter() - begun
    metrics.query(wanted.operation, answer.outcome, took, bool(answer.kept))
    if answer.outcome != "ok":
        return failure(answer, wanted)
    if wanted.operation == "update":
        return Response(status=204)
    form = wanted.graph_format if answer.kind == "graph" else wanted.results_format
    if form is None:
        offered = GRAPHS if answer.kind == "graph" else RESULTS
        abort(406, Message("formats_offered", ", ".join(offered)))
    if wanted.operation == "get":
        entity = entity or _tag(answer, form)
    return with_body(answer, form, entity)


def with_body(answer: Answer, extension: str, entity: str | None = None) -> WSGIApplication:
    """An answer in a format, with its entity tag: from memory, or a long one from its file."""
    body = [answer.body] if answer.file is None else FileWrapper(answer.file, _PART)
    headers = [("Content-Type", MEDIA_TYPES[extension]), ("Content-Length", str(answer.length))]
    headers += [*_tagged(entity), _VARY]

    def send(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", headers)
        return () if environ["REQUEST_METHOD"] == "HEAD" else body

    return send


def _tagged(entity: str | None) -> list[tuple[str, str]]:
    """What a whole answer and a 304 say of how long they hold (RFC 9110 §15.4.5)."""
    return [("ETag", f'"{entity}"'), ("Cache-Control", "no-cache")] if entity else []


def _tag(answer: Answer, form: str) -> str:
    """The entity tag of a graph that may be written, by what it holds."""
    content = answer.body
    if answer.file is not None:
        content = answer.file.read()
        answer.file.seek(0)
    return graph_tag(form, content)


def entity_tag(wanted: Request, tag: str | None) -> str | None:
    """The entity tag of a query's answer; None where the answer may differ each time."""
    if tag is None or wanted.operation not in ("query", "get") or wanted.changing:
        return None
    return hashlib.blake2b(msgspec.msgpack.encode((tag, wanted)), digest_size=16).hexdigest()


def failure(answer: Answer, wanted: Request) -> Refusal:
    """An outcome that is no answer to what was wanted; 503 says when to come again."""
    message = worded(wanted.query, answer, update=wanted.operation == "update")
    status, query = _STATUS[answer.outcome], wanted.query if wanted.operation == "query" else None
    return Refusal(message, status, {"Retry-After": "5"} if status == 503 else {}, query)


def preflight(*methods: str) -> Response:
    """The answer to OPTIONS: what may be sent here, from pages of any host (Fetch §3.2)."""
    allowed = ", ".join(methods)
    methods_allowed = {"Allow": allowed, "Access-Control-Allow-Methods": allowed}
    return Response(status=204, headers={**methods_allowed, **PREFLIGHT})


def _single_value(parameters: MultiDict[str, str], name: str) -> str:
    """The one value of a parameter that must come once."""
    found = parameters.getlist(name)
    if len(found) != 1:
        abort(400, Message("once", name, len(found)))
    if _REPLACEMENT in found[0]:
        abort(400, Message("not_utf8", name))
    return str(found[0])


def _utf8(request: HttpRequest) -> str:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in ("utf-8", "utf8", "us-ascii"):
        abort(415, Message("send_utf8", charset))
    body = request.get_data()
    if not body:
        abort(400, Message("body_empty"))
    try:
        return body.decode("utf-8-sig")  # Windows writes the mark before a file
    except UnicodeDecodeError:
        abort(400, Message("body_not_utf8"))


def asked_formats(accept: str, named: str | None) -> tuple[str | None, str | None]:
    """The formats for bindings and for graphs that a request names, or else accepts, None where it
    accepts none; answers 400 where it names none that there is, and 406 where there are neither."""
    refuse_unknown(named, {**RESULTS, **GRAPHS, **PAGE})
    best = formats(named, accept)
    if best == (None, None):
        abort(406, Message("formats_offered", ", ".join((*RESULTS, *GRAPHS))))
    return best
