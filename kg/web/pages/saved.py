"""Saved queries: a number for each, that names the release it ran on, runs it there again, and
says whether it finds the same."""

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kg.errors import PlanlinkError
from kg.sparql import Request
from kg.sparql.guard import MAX_LENGTH
from kg.web.access import session
from kg.web.api.protocol import asked_formats, failure, respond
from kg.web.context import admission, release
from kg.web.messages import Message
from kg.web.saved_queries import (
    GRAPH_FORMAT,
    KEPT_DAYS,
    RESULTS_FORMAT,
    SavedQueries,
    SavedQuery,
    result_digest,
)

blueprint = Blueprint("saved", __name__)


def _queries() -> SavedQueries:
    return SavedQueries(current_app.extensions["releases"].folder / "queries.sqlite")


def _saved(number: int) -> SavedQuery:
    found = _queries().get(number)
    if found is None and _queries().was_given(number):
        abort(410, Message("saved_query_expired", number, KEPT_DAYS))
    return found or abort(404, Message("no_saved_query", number))


@blueprint.post("/queries")
def save() -> ResponseReturnValue:
    """Save the form's query after running it; kept for good for who has signed in. One that has no
    answer comes back in the form, with why."""
    query = request.form.get("query", "").strip()
    if not query or len(query) > MAX_LENGTH:
        abort(400, Message("query_length", MAX_LENGTH))
    asked = _asking(query)
    with admission().admitted("query", request.remote_addr):
        answer = release().queries.ask(asked)
        if answer.outcome != "ok":
            return failure(answer, asked)
        digest = "" if asked.changing else result_digest(answer)
    try:
        for_good = session() is not None
        saved = _queries().save(query, release().number, digest, for_good)
    except PlanlinkError as error:
        abort(503, str(error))
    return redirect(url_for("saved.saved_query", number=saved.number), 303)


def _asking(
    query: str,
    formats: tuple[str | None, str | None] = (RESULTS_FORMAT, GRAPH_FORMAT),
    release: int = 0,
) -> Request:
    """A query, by default in the formats of digests and on the present release (0)."""
    address = url_for("sparql.sparql", _external=True)
    results, graph = formats
    return Request(query, results_format=results, graph_format=graph, base=address, release=release)


@blueprint.get("/queries/<int:number>")
def saved_query(number: int) -> str:
    """The page of a saved query."""
    return _page(_saved(number))


def _page(saved: SavedQuery, found: str | None = None) -> str:
    """The page of a saved query; found is the digest of what it finds now."""
    kept = release().has(saved.release)
    return render_template("query.html", saved=saved, kept=kept, found=found)


@blueprint.get("/queries/<int:number>/check")
def check(number: int) -> ResponseReturnValue:
    """Run a saved query again on its release: whether it finds the same."""
    saved = _saved_and_kept(number)
    if not saved.digest:
        abort(409, Message("no_digest", number))
    asked = _asking(saved.query, release=_former(saved))
    with admission().admitted("query", request.remote_addr):
        answer = release().queries.ask(asked)
        if answer.outcome != "ok":
            return failure(answer, asked)
        found = result_digest(answer)
    offered = request.accept_mimetypes.best_match(["application/json", "text/html"])
    if offered == "text/html":
        return _page(saved, found)
    return {
        "number": number,
        "release": saved.release,
        "digest": saved.digest,
        "found": found,
        "agrees": found == saved.digest,
    }


def _former(saved: SavedQuery) -> int:
    return 0 if saved.release == release().number else saved.release


def _saved_and_kept(number: int) -> SavedQuery:
    """A saved query; 410 where its release is no longer kept."""
    saved = _saved(number)
    if not release().has(saved.release):
        abort(410, Message("release_not_kept", saved.release, number))
    return saved


@blueprint.get("/queries/<int:number>/results")
def results(number: int) -> ResponseReturnValue:
    """A saved query's results on the release that it was saved on."""
    saved = _saved_and_kept(number)
    formats = asked_formats(request.headers.get("Accept", ""), request.args.get("format"))
    wanted = _asking(saved.query, formats, _former(saved))
    tag = f"release-{saved.release}"
    return respond(request, release().queries, wanted, admission(), tag)
