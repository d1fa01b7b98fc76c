"""The reading view: a plan's text laid out as a document, with what was read from it in layers."""

from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from kg.rdf.iris import plan_iri
from kg.release.manifest import PlanEntry
from kg.views.reading import Block
from kg.web.context import plan_of, public, reader, release, text
from kg.web.linked_data.documents import citations
from kg.web.messages import Message
from kg.web.pages.flow import Flow
from kg.web.pages.layout import COMMITTED, MARKED, Layout, Reading, blocks, marks_of, paragraphs

blueprint = Blueprint("reading", __name__)

_KEPT = 32  # texts of plans, in a language
_LONGEST_QUOTE = 2_000  # characters


def full_text(slug: str) -> str:
    """The plan's text laid out as a document, with every extracted entity marked and linked."""
    plan = plan_of(slug)
    return render_template(
        "plan.html",
        citations=citations(plan_iri(release().base, slug)),
        plan=plan,
        reading=_reading(slug),
        layers=[kind for kind in MARKED if kind != "Baseline"],
    )


def _reading(slug: str) -> Reading:
    return _read(release().tag, slug, g.language, request.script_root)


@lru_cache(_KEPT)
def _read(tag: str, slug: str, language: str, root: str) -> Reading:
    """The text of a plan, kept by all that its links and titles depend on: a bounded number,
    because values of X-Forwarded-Prefix (root) are not bounded."""
    return Layout(release(), slug).reading()


@blueprint.get("/plan/<slug>/at/<int:start>-<int:end>")
def place(slug: str, start: int, end: int) -> WerkzeugResponse:
    """Leads to a place of the text, where its sentence is highlighted: what citations link to."""
    plan_of(slug)
    _in_text(slug, start, end)
    anchors = _reading(slug).anchors
    at = bisect_right(anchors, start, key=lambda anchor: anchor[0][0])
    holds = [name for (a, b), name in anchors[max(0, at - 9) : at] if a <= start < b]
    name = holds[-1] if holds else anchors[max(0, at - 1)][1] if anchors else ""
    return redirect(url_for("plans.full_text", slug=slug, _anchor=name or None), 303)


@blueprint.get("/plan/<slug>/committed/<number>")
def committed(slug: str, number: str) -> str:
    """What a section of the text promises: the list beside it in the reading view."""
    plan, found = plan_of(slug), _reading(slug).committed.get(number)
    if not found:
        abort(404)
    return render_template(
        "committed.html",
        plan=plan,
        section=reader().reference(f"{plan_iri(release().base, slug)}/section/{number}"),
        number=number,
        committed=found,
        listed=COMMITTED,
    )


def _in_text(slug: str, start: int, end: int) -> None:
    if not 0 <= start < end <= len(release().source(slug)) or end - start > _LONGEST_QUOTE:
        abort(404, Message("no_place", start, end))


@blueprint.get("/plan/<slug>/quote/<int:start>-<int:end>")
def quote(slug: str, start: int, end: int) -> str:
    """How to quote a place of the text; what was read from it, and where to correct it."""
    plan = plan_of(slug)
    _in_text(slug, start, end)
    shown = release()
    source, found = shown.source(slug), blocks(shown, slug)
    mended = tuple(m for block in found for m in block.mended)
    wanted = " ".join(request.args.get("words", "").split())
    start, end = Flow(source, (start, end), mended).locate(wanted) or (start, end)
    as_rows = paragraphs(shown, slug)
    if as_rows.hold_cells(start, end):
        words = as_rows.printed(start, end, corrected=True)
    else:
        words = Flow(source, (start, end), mended).plain()
    headings = [
        Flow(source, block.place, block.mended).plain() for block in _headings_above(found, start)
    ]
    iri = f"{plan_iri(shown.base, slug)}/passage/{start}-{end}"
    known = reader().exists(iri)
    if not known:
        iri = public("reading.place", slug=slug, start=start, end=end)
    read = {
        entity.iri: entity
        for mark in marks_of(shown, slug)
        if mark.start < end and start < mark.end
        for entity in mark.entities
    }
    return render_template(
        "quote.html",
        plan=plan,
        place=(start, end),
        words=words,
        chapter=" ".join(headings),
        citation=_cited(plan, words, headings, iri),
        passage=iri if known else "",
        found=list(read.values()),
    )


def _headings_above(found: Sequence[Block], start: int) -> list[Block]:
    """The headings of the sections that hold a place, outermost first."""
    above: list[Block] = []
    for block in found:
        if block.place[0] > start:
            break
        if block.kind == "heading":
            above = [*(one for one in above if one.depth < block.depth), block]
    return above


def _cited(plan: PlanEntry, words: str, headings: Sequence[str], iri: str) -> str:
    """The quotation with its source, as official writing gives it."""
    between = text("comma")
    edition = between.join(filter(None, edition_of(plan.slug).values()))
    where = [f"{text('reading_citation_document', plan.issuer, plan.title)}"]
    where[0] += text("reading_citation_edition", edition) if edition else ""
    return text("reading_citation", words, between.join([*where, *headings, iri]))


def edition_of(slug: str) -> dict[str, str]:
    """A plan's document number (number) and day of issue (issued), "" where it has none."""
    iri, known = plan_iri(release().base, slug), reader().value
    return {"number": known(iri, "plan:documentNumber"), "issued": known(iri, "dcterms:issued")}
