"""What an entity's page says first: of an indicator where it stands, of a goal, a place or an
organisation what is done there and by whom, of a measure what is beside it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

from flask import g, url_for

from kg.files import packaged
from kg.lexicon import grouped
from kg.monitoring.model import Period
from kg.quantities.wording import Worded, number_worded
from kg.rdf.iris import plan_iri, reading_order
from kg.rdf.namespaces import PLAN, expand, local_name
from kg.release.manifest import PlanEntry
from kg.views.annex import Row, Stated, indicator_row
from kg.views.entity import Entity, Group, Reference
from kg.views.evaluation import (
    Assessment,
    Evaluation,
    Progress,
    assessments_of,
    evaluate,
    latest,
    series_of,
)
from kg.views.measures import Line, before_and_after, by_chapter, measures_by
from kg.views.places import Place, Places
from kg.web.context import kind_label, reader, release, text
from kg.web.pages import figures
from kg.web.pages.annex import annex_rows
from kg.web.pages.charts import indicator_chart
from kg.web.pages.layout import blocks, paragraphs

_ENDS = (expand("rdf:subject"), expand("rdf:object"))
_AROUND = 60  # characters of the source shown on either side of what was mended
_SERVES = "plan:contributesTo|(plan:hasTarget/plan:ofIndicator)"  # sets its target, at least
_STATED = {"Goal": "plan:supportsGoal", "Zone": "plan:locatedIn", "Institution": "plan:involves"}


class _LastKnown(NamedTuple):
    """What is last known of an indicator: what was judged, its value, its years; "" for none."""

    judged: Assessment | None
    value: str = ""
    years: str = ""


_Elsewhere = tuple[PlanEntry | None, Row | None, _LastKnown]
"""An indicator of another plan: the plan, its row, and what is last known of it."""
_LINKS_OF_MEASURE = """
SELECT ?p ?o WHERE { BIND (<%s> AS ?m) ?m ?link ?o
  VALUES ?link { plan:supportsGoal plan:locatedIn plan:involves plan:contributesTo plan:concerns
    plan:hasTarget }
  OPTIONAL { VALUES ?part { plan:NamedAsLead plan:NamedAsResponsible plan:NamedAsSupport }
    ?said rdf:subject ?m ; rdf:object ?o ; plan:method ?part }
  BIND (COALESCE(?part, ?link) AS ?p) }"""
_INFERRED = """
SELECT ?x WHERE { ?link plan:score ?score
  { ?link rdf:subject <%s> ; rdf:object ?x } UNION { ?link rdf:object <%s> ; rdf:subject ?x } }"""
_GOALS_OF = """
SELECT ?goal (COUNT(DISTINCT ?m) AS ?n) WHERE {
  ?m %s <%s> ; plan:supportsGoal ?goal } GROUP BY ?goal ORDER BY DESC(?n) ?goal"""
_IN_ITS_WORDS = """
SELECT DISTINCT ?x WHERE { <%s> prov:wasQuotedFrom ?said . ?said oa:start ?first ; oa:end ?last .
  ?target a plan:Target ; plan:ofIndicator ?x ; prov:wasQuotedFrom ?words .
  ?words oa:start ?from ; oa:end ?to FILTER ( ?from >= ?first && ?to <= ?last ) }"""
_TYPE_OF = "SELECT ?type WHERE { <%s> plan:zoneType|plan:institutionType ?type }"


def places_of(slug: str) -> Places:
    """The places of a plan, worked out once for a release."""
    shown = release()
    return shown.once(
        ("places", slug), lambda: Places(shown.store, shown.graph(slug), blocks(shown, slug))
    )


def place_of_passage(slug: str, passage: str) -> Place | None:
    """Where a passage of a plan is, by its IRI; None where it is in no section."""
    section, start = (reader().value(passage, p) for p in ("dcterms:isPartOf", "oa:start"))
    return places_of(slug).at(section, int(start)) if section and start else None


def in_text(slug: str, place: Place) -> str:
    """The address of a place in the full text of its plan."""
    return url_for("reading.place", slug=slug, start=place.start, end=place.start + 1)


@cache
def _shown(kind: str) -> tuple[str, ...]:
    """The IRIs of the properties that pages without a template of their own show, in their order;
    kind is values, entities, from_elsewhere, or what only a class has: its name."""
    return tuple(map(expand, packaged("kg.web", "questions")["shown"].get(kind, "").split()))


def listed(entity: Entity) -> list[tuple[str, list[str], list[Reference]]]:
    """What the page of an entity without a page of its kind says of it: by the property's name, its
    plain values and what it leads to. What only the data needs is left out."""
    own = _shown(entity.kind)
    found: list[tuple[str, list[str], list[Reference]]] = [
        (_called(stated.property, entity.kind), stated.values, [])
        for stated in entity.values
        if stated.property.iri in (*_shown("values"), *own)
        and not (entity.kind == "Link" and stated.property.iri == str(PLAN.explanation))
    ]
    groups = {group.property.iri: group for group in entity.outgoing}
    found += [
        (_link_names(groups[iri], entity.kind), [], [one.entity for one in groups[iri].entities])
        for iri in (*_shown("entities"), *own)
        if iri in groups
    ]
    if entity.kind == "Link" and (by := groups.get(str(PLAN.method))):
        # its method says what all links that it finds rest on
        status = reader().objects(by.entities[0].entity.iri, "plan:linkStatus")
        found.append((reader().label(str(PLAN.linkStatus)), [], status))
    return found


def _called(said: Reference, kind: str) -> str:
    """What a page calls a property: a value that was entered is nowhere printed."""
    entered = kind == "ActualValue" and said.iri == str(PLAN.valueText)
    return text("value_entered") if entered else said.label


def _link_names(group: Group, kind: str) -> str:
    """What a page calls what its entity leads to: each end of a link by what it is."""
    is_end = kind == "Link" and group.property.iri in _ENDS
    return kind_label(group.entities[0].entity.kind) if is_end else group.property.label


def leading_here(entity: Entity) -> list[tuple[str, list[Reference], int]]:
    """What links to an entity without a page of its kind, by kind of link, with how many more."""
    groups = {group.property.iri: group for group in entity.incoming}
    return [
        (text(f"leading_{local_name(iri)}"), found, groups[iri].more)
        for iri in _shown("from_elsewhere")
        if iri in groups
        and (found := [one.entity for one in groups[iri].entities if one.entity.kind])
    ]


def inferred_with(iri: str, slug: str) -> frozenset[str]:
    """What an entity of a plan is linked with by inference: no words of the plan say so."""
    return frozenset(row["x"] for row in release().select(_INFERRED % (iri, iri), slug))


def evaluation_of(slug: str, year: int | None = None) -> Evaluation:
    """The progress of a plan in a year, by default the last with data; computed once."""
    shown = release()
    return shown.once(
        ("evaluation", slug, str(year or "")),
        lambda: evaluate(shown.store, plan_iri(shown.base, slug), year),
    )


def answer(entity: Entity, plan: PlanEntry | None) -> dict[str, Any]:
    """What the page of an entity says first: by name, the template of its kind and its values; {}
    where the kind has none. plan: that it is of, if any."""
    pages: dict[str, Callable[[Entity, PlanEntry], dict[str, Any]]] = {
        "Indicator": _indicator,
        "Goal": _goal,
        "Vision": _goal,
        "Zone": _place,
        "Institution": _place,
        "Measure": _measure,
        "Section": _section,
        "Erratum": _erratum,
    }
    page = pages.get(entity.kind)
    return page(entity, plan) if page and plan else {}


def indicator_with_history(
    slug: str, iri: str
) -> tuple[Row, tuple[Stated, ...], tuple[Assessment, ...]] | None:
    """An indicator as a row, with each place that states a value of it and what was judged of it;
    None where it is no indicator of the plan."""
    shown = release()
    found = indicator_row(shown.store, shown.graph(slug), iri)
    return found and (*found, assessments_of(shown.store, plan_iri(shown.base, slug), iri))


def _lines(plan: PlanEntry, path: str, iri: str) -> tuple[Line, ...]:
    """The measures of a plan that lead to something along a property path."""
    shown = release()
    return measures_by(shown.store, shown.graph(plan.slug), path, iri, places_of(plan.slug))


def _indicator(entity: Entity, plan: PlanEntry) -> dict[str, Any]:
    found = indicator_with_history(plan.slug, entity.iri)
    if found is None:
        return {}
    row, stated, steps = found
    same, likely = _in_other_plans(row, plan)
    last_known = _last_known(plan.slug, row, steps)
    places = places_of(plan.slug)
    return {
        "template": "indicator.html",
        "row": row,
        "last_known": last_known,
        "asks": "" if last_known.judged else figures.asked_of_each_year(row),
        "stated": [(one, places.at(one.section, one.at)) for one in stated],
        "steps": [step for step in steps if step.target in row.steps],
        "unit": figures.unit_name(row.target or row.baseline),
        "chart": indicator_chart(row, [s.figure for s in stated if s.kind == "Target"], steps),
        "lines": _lines(plan, _SERVES, entity.iri),
        "goals": [reader().reference(goal) for goal in row.goals],
        "inferred": inferred_with(entity.iri, plan.slug),
        "same": same,
        "likely": likely,
    }


def _in_other_plans(row: Row, plan: PlanEntry) -> tuple[list[_Elsewhere], list[_Elsewhere]]:
    """The indicators of other plans of the same name, and those that likely count the same."""
    same, likely = (
        [
            _elsewhere(slug, iri)
            for slug, iri in dict.fromkeys((one.plan, one.iri) for one in rows)
            if slug != plan.slug
        ]
        for rows in release().questions.indicator(row.name)
    )
    return same, likely


def _elsewhere(slug: str, iri: str) -> _Elsewhere:
    found = indicator_with_history(slug, iri)
    if found is None:
        return release().plan(slug), None, _LastKnown(None)
    row, _, steps = found
    return release().plan(slug), row, _last_known(slug, row, steps)


def _last_known(slug: str, row: Row, steps: tuple[Assessment, ...]) -> _LastKnown:
    """What is last known of an indicator, after what was judged of it: by the value that is
    compared with its target, else by the one that was entered last."""
    target = row.target
    judged = latest(steps, row.steps)
    if target is None or judged is None:  # no values: most plans have none to be looked through
        return _LastKnown(judged)
    shown = release()
    series = series_of(shown.store, plan_iri(shown.base, slug), row.iri)[row.iri]
    known = Progress(row, judged.state, (judged,), steps, tuple(series))
    entered = known.last
    period = Period.read(entered.period) if entered else None
    if judged.reached is not None and not (period and period.half):
        first = judged.year if target.basis == "PointInTime" else target.first
        value = figures.reached_worded(judged.reached, target)
        return _LastKnown(judged, value, figures.years_worded(first, judged.year))
    if entered is None:
        return _LastKnown(judged)
    value = known.words(entered).of(g.language)
    return _LastKnown(judged, value, figures.period_worded(entered.period))


def set_by_goal(slug: str, goal: str) -> list[str]:
    """The indicators whose targets stand in a goal's own words, which says of none that it measures
    the goal (IRIs, in their order)."""
    found = (row["x"] for row in release().select(_IN_ITS_WORDS % goal, slug))
    return sorted(found, key=reading_order)


def _goal(entity: Entity, plan: PlanEntry) -> dict[str, Any]:
    shown = release()
    rows = {row.iri: row for row in annex_rows(plan.slug)}
    judged = assessments_of(shown.store, plan_iri(shown.base, plan.slug))
    measuring = {
        row["o"]
        for row in shown.select(f"SELECT ?o {{ <{entity.iri}> plan:measuredBy ?o }}", plan.slug)
    }

    def known(indicators: Iterable[str]) -> list[tuple[Row, _LastKnown]]:
        return [
            (row, _last_known(plan.slug, row, judged))
            for iri in indicators
            if (row := rows.get(iri) or _row_of(shown.graph(plan.slug), iri))
        ]

    evaluation = evaluation_of(plan.slug)
    return {
        "template": "goal.html",
        "statement": reader().value(entity.iri, "plan:statement"),
        "indicators": known(sorted(measuring, key=reading_order)),
        "proposed": known(x for x in set_by_goal(plan.slug, entity.iri) if x not in measuring),
        "year": evaluation.year,
        "verdict": next((v for v in evaluation.goals if v.goal == entity.iri), None),
        "inferred": inferred_with(entity.iri, plan.slug),
        **_work_for(plan, "plan:supportsGoal", entity.iri),
    }


def _work_for(plan: PlanEntry, path: str, iri: str) -> dict[str, Any]:
    """What is done for a goal, or at a place: the measures that lead there along a property path,
    also by chapter, and the zones and institutions that they name."""
    lines, places = _lines(plan, path, iri), places_of(plan.slug)
    return {
        "lines": lines,
        "chapters": [
            (reader().reference(chapter), places.of_section(chapter), of_chapter)
            for chapter, of_chapter in by_chapter(lines, places)
        ],
        "zones": _counted(lines, "zones"),
        "institutions": _counted(lines, "institutions"),
    }


def _row_of(graph: str, iri: str) -> Row | None:
    found = indicator_row(release().store, graph, iri)
    return found[0] if found else None


def _place(entity: Entity, plan: PlanEntry) -> dict[str, Any]:
    """Of a zone or an institution: what will happen there, who, towards what, which indicators."""
    shown, path = release(), _STATED[entity.kind]
    goals = shown.select(_GOALS_OF % (path, entity.iri), plan.slug)
    types = shown.select(_TYPE_OF % entity.iri, plan.slug)
    return {
        "template": "place.html",
        "goals": [(reader().reference(r["goal"]), int(r["n"])) for r in goals],
        "types": [reader().label(r["type"]) for r in types],
        **_work_for(plan, path, entity.iri),
    }


def _cost(measure: str) -> str:
    """What a measure's project costs: as printed, and in English in yuan; "" where not given."""
    if not (yuan := reader().value(measure, "plan:investment")):
        return ""
    cost = number_worded(Decimal(yuan), "yuan")
    return Worded(reader().value(measure, "plan:investmentText"), cost.en).of(g.language)


def _measure(entity: Entity, plan: PlanEntry) -> dict[str, Any]:
    links = release().select(_LINKS_OF_MEASURE % entity.iri, plan.slug)
    linked = grouped((r["p"].removeprefix(str(PLAN)), reader().reference(r["o"])) for r in links)
    section = reader().value(entity.iri, "dcterms:isPartOf")
    here = _lines(plan, "dcterms:isPartOf", section)
    before, after = before_and_after(here, entity.iri)
    return {
        "template": "measure.html",
        "linked": {
            name: sorted(found, key=lambda r: reading_order(r.iri))
            for name, found in linked.items()
        },
        "inferred": inferred_with(entity.iri, plan.slug),
        "section": reader().reference(section) if section else None,
        "years": local_name(reader().value(entity.iri, "dcterms:temporal")),
        "cost": _cost(entity.iri),
        "before": before,
        "after": after,
        "in_section": here,
    }


def _section(entity: Entity, plan: PlanEntry) -> dict[str, Any]:
    places = places_of(plan.slug)
    return {
        "template": "section.html",
        "lines": _lines(plan, "dcterms:isPartOf+", entity.iri),
        "place": places.of_section(entity.iri),
        "above": [reader().reference(one.iri) for one in places.above(entity.iri)[:-1]],
    }


_ERRATA = """
SELECT ?x ?start ?end ?correction ?zh ?en WHERE {
  ?x a plan:Erratum ; oa:start ?start ; oa:end ?end ; plan:correction ?correction
  OPTIONAL { ?x plan:reason ?zh FILTER ( lang(?zh) = "zh" ) }
  OPTIONAL { ?x plan:reason ?en FILTER ( lang(?en) = "en" ) } }"""


def errata_of(slug: str, erratum: str = "") -> Iterator[dict[str, Any]]:
    """A plan's errata, or the one of an IRI, in the text's order, with the words around each."""
    source, whole = release().source(slug), paragraphs(release(), slug)
    rows = release().select(_ERRATA, slug)
    for row in sorted(rows, key=lambda row: (int(row["start"]), reading_order(row["x"]))):
        if erratum not in ("", row["x"]):
            continue
        start, end = int(row["start"]), int(row["end"])
        before, _, after = whole.quoted(start, end, _AROUND)
        reason, published = row[g.language] or row["en"] or row["zh"], source[start:end]
        place = url_for("reading.place", slug=slug, start=start, end=max(end, start + 1))
        yield {**row, "reason": reason, "published": published, "before": before, "after": after,
               "in_place": place}  # fmt: skip


def _erratum(entity: Entity, plan: PlanEntry) -> dict[str, Any]:
    (one,) = errata_of(plan.slug, entity.iri)
    return {"template": "erratum.html", "erratum": one}


def _counted(lines: tuple[Line, ...], what: str) -> list[tuple[Reference, int]]:
    """The zones or institutions that measures name, with how many do, the most first."""
    counts = Counter(iri for line in lines for iri in getattr(line, what))
    ordered = sorted(counts.items(), key=lambda one: (-one[1], reading_order(one[0])))
    return [(reader().reference(iri), n) for iri, n in ordered]
