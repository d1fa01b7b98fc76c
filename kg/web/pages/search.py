"""Search in Chinese over names, measures and sentences, with a count for each type."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request

from kg.web.context import kind_label, release

blueprint = Blueprint("search", __name__)

_LONGEST = 100


@blueprint.get("/search")
def search() -> str:
    """The search page and its results."""
    query = request.args.get("q", "").strip()[:_LONGEST]
    type_ = request.args.get("type") or None
    hits, counts = release().index.search(query, type_)
    shown = [
        (hit, _marked(hit.label or hit.text, query), _marked(hit.text, query) if hit.label else [])
        for hit in hits
    ]
    return render_template(
        "search.html",
        query=query,
        type_=type_,
        hits=shown,
        counts=counts,
        total=sum(counts.values()),
    )


@blueprint.get("/search/suggest")
def suggest() -> Response:
    """Names that go on as typed, as JSON: of one plan where its slug is given."""
    query = request.args.get("q", "").strip()[:_LONGEST]
    hits = release().index.suggest(query, request.args.get("plan") or None)
    return jsonify(
        [{"iri": hit.iri, "label": hit.label, "type": kind_label(hit.type)} for hit in hits]
    )


def _marked(text: str, query: str) -> list[tuple[str, bool]]:
    """A text split at the search words that it contains."""
    words = [w for w in query.split() if w]
    pieces: list[tuple[str, bool]] = []
    position = 0
    while position < len(text):
        found = min(
            ((text.find(w, position), w) for w in words if text.find(w, position) >= 0),
            default=None,
        )
        if found is None:
            break
        at, word = found
        if at > position:
            pieces.append((text[position:at], False))
        pieces.append((word, True))
        position = at + len(word)
    if position < len(text):
        pieces.append((text[position:], False))
    return pieces
