"""Saved queries: a number for each, that names the release it ran on and runs it there again."""

from __future__ import annotations

from flask import (
    Blueprint,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as WerkzeugResponse

from kg.errors import PlanlinkError
from kg.sparql import Request
from kg.sparql.guard import MAX_LENGTH
from kg.sparql.saved import SavedQueries, SavedQuery
from kg.web.api.protocol import asked_formats, failure, respond
from kg.web.context import admission, release
from kg.web.messages import Message

blueprint = Blueprint("saved", __name__)


def _queries() -> SavedQueries:
    return SavedQueries(current_app.extensions["releases"].folder / "queries.sqlite")


def _saved(number: int) -> SavedQuery:
    found = _queries().get(number)
    if found is None:
        abort(404, Message("no_saved_query", number))
    return found


@blueprint.post("/queries")
def save() -> WerkzeugResponse:
    """Save the query of the form, after it has run; leads to its page."""
    query = request.form.get("query", "").strip()
    if not query or len(query) > MAX_LENGTH:
        abort(400, Message("query_length", MAX_LENGTH))
    address = url_for("sparql.sparql", _external=True)
    with admission().admitted("query", request.remote_addr):
        answer = release().queries.ask(Request(query, base=address))
    if answer.outcome != "ok":
        return failure(answer, request, query)
    try:
        saved = _queries().save(query, release().number)
    except PlanlinkError as error:
        abort(503, str(error))
    return redirect(url_for("saved.saved_query", number=saved.number), 303)


@blueprint.get("/queries/<int:number>")
def saved_query(number: int) -> str:
    """The page of a saved query."""
    return render_template("query.html", saved=_saved(number), kept=_kept(_saved(number)))


def _kept(saved: SavedQuery) -> bool:
    return release().has(saved.release)


@blueprint.get("/queries/<int:number>/results")
def results(number: int) -> ResponseReturnValue:
    """A saved query's results on the release that it was saved on."""
    saved = _saved(number)
    if not _kept(saved):
        abort(410, Message("release_not_kept", saved.release, number))
    results_format, graph_format = asked_formats(request)
    wanted = Request(
        saved.query,
        results_format=results_format or "json",
        graph_format=graph_format or "ttl",
        base=url_for("sparql.sparql", _external=True),
        release=0 if saved.release == release().number else saved.release,
    )
    tag = f"release-{saved.release}"
    return respond(request, release().queries, wanted, admission(), tag)
