"""Saved queries: a number for each, that names the release it ran on and runs it there again."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as WerkzeugResponse

from kg.errors import PlanlinkError
from kg.sparql import Request
from kg.sparql.refusal import MAX_LENGTH
from kg.sparql.saved import SavedQueries, SavedQuery
from kg.web.api.protocol import asked_formats, failure, respond
from kg.web.context import release

blueprint = Blueprint("saved", __name__)


def _queries() -> SavedQueries:
    return SavedQueries(current_app.extensions["releases"].folder / "queries.sqlite")


def _saved(number: int) -> SavedQuery:
    found = _queries().get(number)
    if found is None:
        abort(404, f"there is no saved query {number}")
    return found


@blueprint.post("/queries")
def save() -> WerkzeugResponse:
    """Save the query of the form, after it has run; leads to its page."""
    query = request.form.get("query", "").strip()
    if not query or len(query) > MAX_LENGTH:
        abort(400, f"give a query of 1 to {MAX_LENGTH} characters as the form's field query")
    answer = release().queries.ask(
        Request(query, "query", [], [], "json", "ttl", url_for("sparql.sparql", _external=True))
    )
    if answer.outcome != "ok":
        return failure(answer)
    for _ in answer.parts:
        pass  # a query whose answer breaks off at a limit raises here, and is not saved
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
    return bool(current_app.extensions["releases"].has(saved.release))


@blueprint.get("/queries/<int:number>/results")
def results(number: int) -> Response:
    """A saved query's results on the release that it was saved on."""
    saved = _saved(number)
    if not _kept(saved):
        abort(
            410,
            f"release {saved.release}, which query {number} ran on, is no longer kept; run it on the present one",
        )
    results_format, graph_format = asked_formats()
    former = current_app.extensions["releases"].queries_of(saved.release)
    wanted = Request(
        saved.query,
        "query",
        [],
        [],
        results_format or "json",
        graph_format or "ttl",
        url_for("sparql.sparql", _external=True),
    )
    return respond(former, wanted, f"release-{saved.release}")
