"""Search in Chinese over names, measures and sentences: by type, plan and chapter, page by page."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, render_template, request

from kg.release.search import folded
from kg.web.context import kind_label, release
from kg.web.numbers import page_in

blueprint = Blueprint("search", __name__)

_LONGEST = 100
_PAGE = 50  # hits on a page
_LAST = 10_000  # the highest number of a page that is looked up
_FACETS = ("type", "plan", "chapter")


@blueprint.get("/search")
def search() -> str:
    """The search page and its results."""
    query = request.args.get("q", "").strip()[:_LONGEST]
    chosen = {facet: request.args.get(facet) or None for facet in _FACETS}
    number = page_in(request.args.get("page", ""), _LAST)
    found = release().index.search(
        query,
        chosen["type"],
        chosen["plan"],
        chosen["chapter"],
        limit=_PAGE,
        offset=(number - 1) * _PAGE,
    )
    shown = [
        (hit, _marked(hit.label or hit.text, query), _marked(hit.text, query) if hit.label else [])
        for hit in found.hits
    ]
    return render_template(
        "search.html",
        query=query,
        chosen=chosen,
        hits=shown,
        found=found,
        number=number,
        first=(number - 1) * _PAGE + 1,
        pages=-(-found.total // _PAGE),
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
    """A text split at the search words that it contains, however they are written."""
    words = folded(query).split()
    compared = folded(text)
    pieces: list[tuple[str, bool]] = []
    position = 0
    while found := min(
        ((at, word) for word in words if (at := compared.find(word, position)) >= 0), default=None
    ):
        at, word = found
        pieces += [(text[position:at], False), (text[at : at + len(word)], True)]
        position = at + len(word)
    return [piece for piece in (*pieces, (text[position:], False)) if piece[0]]
