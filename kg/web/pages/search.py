"""Search in Chinese over names, measures and sentences: by type, plan, chapter, and facets."""

import re
from collections import Counter
from collections.abc import Sequence

from flask import Blueprint, Response, abort, jsonify, render_template, request

from kg.rdf.namespaces import PLAN
from kg.release.search import SEARCHED, Found, Hit
from kg.release.tokens import asked_of, folded
from kg.web.context import kind_label, reader, release
from kg.web.messages import Message
from kg.web.negotiation import PAGE_OR_JSON, format_for
from kg.web.pages.facets import facet_asked, facets_of_plans, plans_like
from kg.web.pages.layout import paragraphs
from kg.web.parameters import choice_asked, page_asked

blueprint = Blueprint("search", __name__)

_LONGEST = 100
_PAGE = 50  # hits on a page
_AROUND = 40  # characters of the text shown on either side of a name
_FIRST = """SELECT ?x ?start ?end WHERE { VALUES ?x { IRIS }
  ?x ^plan:ofIndicator?/prov:wasQuotedFrom ?p . ?p oa:start ?start ; oa:end ?end }
ORDER BY ?start"""
_OF_PLANS = ("area", "level", "period")  # what tells plans apart


@blueprint.get("/search")
def search() -> Response | str:
    """A page of results, or the same as JSON with format=json."""
    query = request.args.get("q", "").strip()[:_LONGEST]
    chosen = _choices()
    number, form = page_asked(), format_for(request, PAGE_OR_JSON)
    searched, found = query, _found(query, chosen, number)
    for asked in asked_of(query):
        if not found.total:
            searched, found = asked, _found(asked, chosen, number)
    like = plans_like(chosen, "plan")
    plans = {plan: n for plan, n in found.plans.items() if plan in like}
    pages = -(-found.total // _PAGE)
    page_asked(pages)
    if form == "json":
        counts = {"total": found.total, "page": number, "pages": pages, "types": found.types}
        return jsonify({"query": searched, **counts, "plans": plans, "hits": found.hits})
    return render_template(
        "search.html",
        plan=release().plan(chosen["plan"] or ""),
        query=query,
        searched=searched,
        chosen=chosen,
        said=_first_mentions([hit for hit in found.hits if not hit.text]),
        parts=lambda words: _marked(words, searched),
        found=found,
        plans=plans,
        of_plans={facet: _counted(facet, found.plans, chosen) for facet in _OF_PLANS},
        level_name=lambda level: reader().label(str(PLAN[f"level-{level}"])),
        number=number,
        first=(number - 1) * _PAGE + 1,
        pages=pages,
    )


def _choices() -> dict[str, str | None]:
    """What the address chooses, by facet; answers 404 for a plan that is not released, and 400 for
    what is none of a facet's choices. A chapter is words, which plans may have or not."""
    chosen: dict[str, str | None] = {
        "type": choice_asked("type", SEARCHED),
        **{facet: request.args.get(facet) for facet in ("plan", "chapter")},
        **{facet: facet_asked(facet) for facet in _OF_PLANS},
    }
    if chosen["plan"] and release().plan(chosen["plan"]) is None:
        abort(404, Message("no_plan", chosen["plan"]))
    return {facet: value or None for facet, value in chosen.items()}


def _first_mentions(hits: Sequence[Hit]) -> dict[str, str]:
    """Where what is found by its name is first said, with what is around it."""
    said: dict[str, str] = {}
    for slug in {hit.plan for hit in hits}:
        iris = " ".join(f"<{hit.iri}>" for hit in hits if hit.plan == slug)
        for row in release().select(_FIRST.replace("IRIS", iris), slug):
            place = int(row["start"]), int(row["end"])
            if row["x"] not in said:
                said[row["x"]] = "".join(paragraphs(release(), slug).quoted(*place, _AROUND))
    return said


def _found(words: str, chosen: dict[str, str | None], number: int) -> Found:
    return release().index.search(
        words,
        chosen["type"],
        chosen["plan"],
        chosen["chapter"],
        limit=_PAGE,
        offset=(number - 1) * _PAGE,
        within=plans_like(chosen, "plan") if any(chosen[facet] for facet in _OF_PLANS) else None,
    )


def _counted(facet: str, plans: dict[str, int], chosen: dict[str, str | None]) -> dict[str, int]:
    """The number of hits by facet value, given the other choices, the most frequent first."""
    counted: Counter[str] = Counter()
    for plan in plans_like(chosen, facet) & plans.keys():
        counted[facets_of_plans()[plan][facet]] += plans[plan]
    del counted[""]
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))


@blueprint.get("/search/suggest")
def suggest() -> Response:
    """Names that go on as typed, as JSON: of one plan where its slug is given."""
    query = request.args.get("q", "").strip()[:_LONGEST]
    hits = release().index.suggest(query, request.args.get("plan") or None)
    named = ({"iri": hit.iri, "label": hit.label, "type": kind_label(hit.type)} for hit in hits)
    return jsonify([*named])


def _marked(text: str, query: str) -> list[tuple[str, bool]]:
    """A text split at the search words that it contains, however they are written."""
    words = "|".join(map(re.escape, sorted(folded(query).split()))) or "(?!)"
    pieces, position = list[tuple[str, bool]](), 0
    for found in re.finditer(words, folded(text)):
        pieces += [(text[position : found.start()], False), (text[slice(*found.span())], True)]
        position = found.end()
    return [piece for piece in (*pieces, (text[position:], False)) if piece[0]]
