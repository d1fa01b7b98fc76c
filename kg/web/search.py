"""Search in Chinese over names, measures and sentences, with a count for each type."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from kg.web.context import release

blueprint = Blueprint("search", __name__)

_LONGEST = 100


@blueprint.get("/search")
def search() -> str:
    """The search page and its results."""
    query = request.args.get("q", "").strip()[:_LONGEST]
    type_ = request.args.get("type") or None
    hits, counts = release().index.search(query, type_)
    shown = [(hit, _marked(hit.label or hit.text, query), _marked(hit.text, query) if hit.label else []) for hit in hits]
    return render_template("search.html", query=query, type_=type_, hits=shown, counts=counts, total=sum(counts.values()))


def _marked(text: str, query: str) -> list[tuple[str, bool]]:
    """A text cut where search words stand in it."""
    words = [w for w in query.split() if w]
    pieces: list[tuple[str, bool]] = []
    position = 0
    while position < len(text):
        found = min(((text.find(w, position), w) for w in words if text.find(w, position) >= 0), default=None)
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
