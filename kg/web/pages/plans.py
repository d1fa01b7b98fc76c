"""Pages about a whole plan: overview of goals and indicators, full text, findings and errata."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pyoxigraph as ox
from flask import Blueprint, g, render_template, request
from markupsafe import Markup, escape

from kg.rdf.iris import plan_iri
from kg.rdf.namespaces import PREFIXES, local_name
from kg.rdf.select import select
from kg.release.manifest import PlanEntry
from kg.source.text import line_around
from kg.views.entity import Reference
from kg.web.context import address, kind_label, plan_of, reader, release
from kg.web.linked_data.catalogue import legislation
from kg.web.linked_data.citations import citations
from kg.web.pages.annex import annex_rows
from kg.web.pages.questions import table_query
from kg.web.released import Release

blueprint = Blueprint("plans", __name__)

_MARKED = ("Goal", "Measure", "Target", "Baseline", "Achievement", "Zone", "Institution")
_TOP = 8
_KEPT = 32  # texts of plans, in a language
_AROUND = 10  # characters of the source shown on either side of an erratum


@dataclass(frozen=True)
class GoalView:
    """A goal with the chapters that support it, its indicators, and what its measures name most."""

    goal: Reference
    statement: str
    chapters: list[Reference]
    indicators: list[Reference]
    measures: int
    zones: list[tuple[Reference, int]]
    institutions: list[tuple[Reference, int]]


def _select(query: str, graph: str, **bound: str) -> list[dict[str, Any]]:
    """The rows of a query over one named graph; each bound variable is replaced by its IRI."""
    for name, iri in bound.items():
        query = query.replace(f"?{name} ", f"{ox.NamedNode(iri)} ")
    return select(release().store, query, graph)


def _references(query: str, graph: str, **bound: str) -> list[Reference]:
    return [reader().reference(row["x"]) for row in _select(query, graph, **bound)]


def _counted(query: str, graph: str, **bound: str) -> list[tuple[Reference, int]]:
    return [
        (reader().reference(row["x"]), int(row["n"]))
        for row in _select(query, graph, **bound)
        if row["x"]
    ]


def _goals(graph: str) -> list[GoalView]:
    views = []
    goals = _select(
        """SELECT ?x ?statement ?number WHERE {
        ?x a plan:Goal ; plan:statement ?statement ; plan:number ?number }
        ORDER BY STRLEN(?number) ?number""",
        graph,
    )
    for row in goals:
        goal = row["x"]
        named = """SELECT ?x (COUNT(DISTINCT ?m) AS ?n) WHERE {{
            ?m plan:supportsGoal ?goal ; plan:{} ?x . {} }}
            GROUP BY ?x ORDER BY DESC(?n) ?x LIMIT {}"""
        views.append(
            GoalView(
                reader().reference(goal),
                row["statement"],
                _references(
                    "SELECT ?x WHERE { ?x a plan:Section ; plan:supportsGoal ?goal } ORDER BY ?x",
                    graph,
                    goal=goal,
                ),
                _references(
                    "SELECT ?x WHERE { ?goal plan:measuredBy ?x . ?x plan:number ?n } ORDER BY ?n",
                    graph,
                    goal=goal,
                ),
                int(
                    _select(
                        """SELECT (COUNT(?m) AS ?n) WHERE {
                        ?m a plan:Measure ; plan:supportsGoal ?goal }""",
                        graph,
                        goal=goal,
                    )[0]["n"]
                ),
                _counted(
                    named.format(
                        "locatedIn", "FILTER NOT EXISTS { ?x plan:zoneType plan:zone-region }", _TOP
                    ),
                    graph,
                    goal=goal,
                ),
                _counted(named.format("involves", "", _TOP), graph, goal=goal),
            )
        )
    return views


@blueprint.get("/overview/<slug>")
def overview_of(slug: str) -> str:
    """What one plan promises, by goal and by indicator."""
    return overview_page(plan_of(slug))


def overview_page(plan: PlanEntry, markup: Markup | None = None) -> str:
    """The overview of a plan, with a description for search engines where it is given."""
    shown = release()
    graph = shown.graph(plan.slug)
    counts = _select("SELECT ?type (COUNT(?x) AS ?n) WHERE { ?x a ?type } GROUP BY ?type", graph)
    iri = plan_iri(shown.base, plan.slug)
    about = {
        row["p"]: row["o"] for row in _select("SELECT ?p ?o WHERE { ?iri ?p ?o }", graph, iri=iri)
    }
    return render_template(
        "overview.html",
        plan=plan,
        iri=iri,
        number=about.get(PREFIXES["plan"] + "documentNumber", ""),
        counts={local_name(row["type"]): int(row["n"]) for row in counts},
        goals=_goals(graph),
        indicators=annex_rows(plan.slug),
        query=table_query("annex", plan.slug),
        label=lambda iri: reader().label(iri) if iri else "",
        markup=markup,
    )


@blueprint.get("/plan/<slug>")
def full_text(slug: str) -> str:
    """The plan's text as published, with every extracted entity marked and linked."""
    plan = plan_of(slug)
    html, contents = _text(release().tag, slug, g.language, request.script_root)
    return render_template(
        "plan.html",
        citations=citations(plan_iri(release().base, slug)),
        plan=plan,
        markup=legislation(plan),
        html=html,
        contents=contents,
        kinds=_MARKED,
    )


@lru_cache(_KEPT)
def _text(
    tag: str, slug: str, language: str, root: str
) -> tuple[Markup, list[tuple[str, str, str]]]:
    """The text of a plan, kept by all that its links and titles depend on.

    The cache is bounded, because values of X-Forwarded-Prefix (root) are not.
    """
    return _marked_text(release(), slug)


@dataclass
class _Mark:
    start: int
    end: int
    entities: list[Reference]
    inner: list[_Mark] = field(default_factory=list)


def _marked_text(shown: Release, slug: str) -> tuple[Markup, list[tuple[str, str, str]]]:
    graph = shown.graph(slug)
    rows = _select(
        f"""SELECT ?x ?start ?end WHERE {{
        ?x a ?type ; prov:wasQuotedFrom ?p . ?p oa:start ?start ; oa:end ?end .
        VALUES ?type {{ {" ".join(f"plan:{kind}" for kind in _MARKED)} }} }}""",
        graph,
    )
    spans: dict[tuple[int, int], dict[str, Reference]] = {}
    for row in rows:
        if int(row["end"]) > int(row["start"]):
            spans.setdefault((int(row["start"]), int(row["end"])), {})[row["x"]] = (
                reader().reference(row["x"])
            )
    headings = _select(
        """SELECT ?x ?number ?heading ?start ?end WHERE {
        ?x a plan:Section ; plan:number ?number ; plan:heading ?heading ;
        prov:wasQuotedFrom ?p . ?p oa:start ?start ; oa:end ?end }""",
        graph,
    )
    headings.sort(key=lambda h: int(h["start"]))
    source = shown.source(slug)
    marks = [
        _Mark(a, b, list(entities.values()))
        for (a, b), entities in sorted(spans.items(), key=lambda item: (item[0][0], -item[0][1]))
    ]
    starts = {int(h["start"]): h for h in headings}
    ends = [(int(h["start"]), int(h["end"])) for h in headings]
    parts: list[Markup] = []
    position = 0
    for line in source.splitlines(keepends=True):
        begin, end = position, position + len(line.rstrip("\r\n"))
        position += len(line)
        if not source[begin:end].strip():
            continue
        inside = [m for m in marks if begin <= m.start and m.start < end]
        heading = next(
            (starts[a] for a, b in ends if a <= begin + (len(line) - len(line.lstrip())) < b), None
        )
        body = _render(source, begin, end, _nest(inside, end))
        if heading is None:
            parts.append(Markup("<p>{}</p>").format(body))
        elif begin <= int(heading["start"]) < end:
            level = 2 + min(heading["number"].count("."), 2)
            parts.append(
                Markup('<h{} id="s{}"><a href="{}">{}</a></h{}>').format(
                    level, heading["number"], address(heading["x"]), body, level
                )
            )
        else:
            parts.append(Markup('<p class="goes-on">{}</p>').format(body))
    contents = [
        (h["number"], h["heading"], f"#s{h['number']}")
        for h in headings
        if "." not in h["number"] or h["number"].count(".") == 1
    ]
    return Markup("\n").join(parts), contents


def _nest(marks: Iterable[_Mark], limit: int) -> list[_Mark]:
    """Marks inside one another; one that crosses the edge of another is cut there."""
    roots: list[_Mark] = []
    open_marks: list[_Mark] = []
    for mark in marks:
        while open_marks and open_marks[-1].end <= mark.start:
            open_marks.pop()
        fresh = _Mark(
            mark.start, min(mark.end, open_marks[-1].end if open_marks else limit), mark.entities
        )
        (open_marks[-1].inner if open_marks else roots).append(fresh)
        open_marks.append(fresh)
    return roots


def _render(source: str, start: int, end: int, marks: Iterable[_Mark]) -> Markup:
    html = Markup("")
    position = start
    for mark in marks:
        html += escape(source[position : mark.start]) + _mark_html(source, mark)
        position = mark.end
    return html + escape(source[position:end])


def _mark_html(source: str, mark: _Mark) -> Markup:
    """A mark: a link where nothing is marked inside it, else a span with a reference behind it."""
    first = mark.entities[0]
    title = ";".join(f"{kind_label(t.kind)}:{t.label}" for t in mark.entities)
    if not mark.inner:
        return Markup('<a class="mark {}" href="{}" title="{}">{}</a>').format(
            first.kind, address(first.iri), title, source[mark.start : mark.end]
        )
    inner = _render(source, mark.start, mark.end, mark.inner)
    references = Markup("").join(_reference(t) for t in mark.entities)
    return Markup('<span class="mark {}">{}{}</span>').format(first.kind, inner, references)


def _reference(entity: Reference) -> Markup:
    number = local_name(entity.iri)
    return Markup('<a class="ref {}" href="{}" title="{}:{}">{}</a>').format(
        entity.kind, address(entity.iri), kind_label(entity.kind), entity.label, number
    )


@blueprint.get("/plan/<slug>/report")
def findings(slug: str) -> str:
    """The findings page: the results of the plan's validation report, and its errata."""
    plan = plan_of(slug)
    validation_report = release().folder / "plans" / slug / "report.json"
    results = [
        (result, reader().reference(result["focus"]), _about(slug, result["focus"]))
        for result in json.loads(validation_report.read_text(encoding="utf-8"))
    ]
    errata = list(_errata(slug))
    return render_template(
        "findings.html", plan=plan, results=results, errata=errata, figures=_figures(slug)
    )


def _figures(slug: str) -> dict[str, float]:
    """How much was read of a plan, by name; {} in a release that does not say."""
    path = release().folder / "plans" / slug / "completeness.json"
    if not path.exists():
        return {}
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return {name: value for name, value in content.items() if name != "findings"}


def _about(slug: str, focus: str) -> list[Reference]:
    """What a result is about: the entities that a finding speaks of, else the node at fault
    itself."""
    query = "SELECT ?x { ?focus plan:about ?x } ORDER BY ?x"
    return _references(query, release().graph(slug), focus=focus) or [reader().reference(focus)]


def _errata(slug: str) -> Iterator[dict[str, Any]]:
    rows = _select(
        """SELECT ?start ?published ?correction ?zh ?en WHERE {
        ?x a plan:Erratum ; oa:start ?start ; plan:text ?published ; plan:correction ?correction
        OPTIONAL { ?x plan:reason ?zh FILTER ( lang(?zh) = "zh" ) }
        OPTIONAL { ?x plan:reason ?en FILTER ( lang(?en) = "en" ) } }""",
        release().graph(slug),
    )
    source = release().source(slug)
    for row in sorted(rows, key=lambda r: int(r["start"])):
        start = int(row["start"])
        end = start + len(row["published"])
        before, after = line_around(source, start, end, _AROUND)
        reason = row[g.language] or row["en"] or row["zh"]
        yield {**row, "reason": reason, "before": before, "after": after}
