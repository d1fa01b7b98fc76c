"""A dataset beside the released ones that holders of tokens may write; it exists only where the
server was started with a folder for it and a token (planlink serve --workspace, PLANLINK_TOKEN)."""

from flask import Blueprint, abort, current_app, request
from flask.typing import ResponseReturnValue

from kg.sparql import QueryClient
from kg.web.access import require_header
from kg.web.api import graphs
from kg.web.api.protocol import asked, respond
from kg.web.api.sparql import describe
from kg.web.bodies import OF_NO_LENGTH
from kg.web.context import admission
from kg.web.messages import Message

blueprint = Blueprint("workspace", __name__)

_METHODS = ("GET", "PUT", "POST", "DELETE")


def _dataset() -> QueryClient:
    """The workspace's dataset; 404 where the server has none, 401 without the token, 411 for a
    body without a length: one that was cut off would be written as if whole."""
    if "workspace" not in current_app.extensions:
        abort(404, Message("no_workspace"))
    require_header("publish")
    if request.environ.get(OF_NO_LENGTH):
        abort(411, Message("say_length"))
    client: QueryClient = current_app.extensions["workspace"]
    return client


@blueprint.route("/workspace/sparql", methods=["GET", "POST"])
def sparql() -> ResponseReturnValue:
    """Answer a query or do an update; without either, the service description."""
    client = _dataset()
    wanted = asked(request, update_allowed=True)
    if wanted is None:
        return describe([], writable=True)
    return respond(request, client, wanted, admission())


@blueprint.route("/workspace/graphs", methods=_METHODS)
def named() -> ResponseReturnValue:
    """A graph named by a parameter (Graph Store Protocol §4.2), or a new one by POST."""
    client = _dataset()
    if request.method == "POST" and not {"graph", "default"} & set(request.args):
        return graphs.create(client, request.base_url)
    return _read_or_write(client, graphs.graph_named())


@blueprint.route("/workspace/graphs/<path:path>", methods=_METHODS)
def addressed(path: str) -> ResponseReturnValue:
    """A graph whose IRI is the request's own address (Graph Store Protocol §4.1)."""
    client = _dataset()
    return _read_or_write(client, request.base_url)


def _read_or_write(client: QueryClient, graph: str) -> ResponseReturnValue:
    does = graphs.read if request.method in ("GET", "HEAD") else graphs.write
    return does(client, graph)
