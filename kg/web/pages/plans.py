"""Pages about a whole plan: overview of goals and indicators, findings and errata."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, Response, g, render_template

from kg.export.answer_table import AnswerTable
from kg.lexicon import pattern
from kg.rdf.iris import plan_iri, reading_order
from kg.rdf.namespaces import PLAN, local_name
from kg.release.manifest import PlanEntry, by_kind
from kg.views.entity import Reference
from kg.web.context import plan_of, plan_title, reader, release, text
from kg.web.pages.annex import annex_rows, rows_query
from kg.web.pages.corpus.answers import answer_from_edition, as_file, file_wanted
from kg.web.pages.entity_answers import errata_of, evaluation_of, inferred_with, set_by_goal
from kg.web.pages.reading import edition_of, full_text

_Result = tuple[dict[str, str], Reference, list[Reference]]
blueprint = Blueprint("plans", __name__)


def _references(query: str, slug: str) -> list[Reference]:
    return [reader().reference(row["x"]) for row in release().select(query, slug)]


WITHOUT_GOAL = """
SELECT DISTINCT ?x WHERE {
  { SELECT DISTINCT ?x { ?m a plan:Measure ; dcterms:isPartOf+ ?x . ?x a plan:Section
    FILTER NOT EXISTS { ?m plan:supportsGoal ?goal } } }
  MINUS { ?in a plan:Section ; plan:supportsGoal ?any ; dcterms:isPartOf+ ?x }
  ?x dcterms:isPartOf ?above
  { ?above a plan:Plan } UNION
  { SELECT DISTINCT ?above {
    ?in a plan:Section ; plan:supportsGoal ?any ; dcterms:isPartOf+ ?above } } }"""
"""The outermost sections with measures of which none supports a goal."""


_GOALS = """
SELECT ?x ?statement ?number WHERE {
  ?x a plan:Goal ; plan:statement ?statement ; plan:number ?number }
ORDER BY STRLEN(?number) ?number"""
_COUNTS = "SELECT ?type (COUNT(?x) AS ?n) WHERE { ?x a ?type } GROUP BY ?type"
_CHAPTERS = "SELECT ?x WHERE { ?x a plan:Section ; plan:supportsGoal <%s> } ORDER BY ?x"
_INDICATORS = "SELECT ?x WHERE { <%s> plan:measuredBy ?x . ?x plan:number ?n } ORDER BY ?n"
_MEASURES = "SELECT ?x WHERE { ?x a plan:Measure ; plan:supportsGoal <%s> }"


@dataclass(frozen=True)
class _Goal:
    """A goal as a card: what it says, the chapters that support it, its indicators, those whose
    targets stand in its own words, how many measures serve it, and which of these are inferred."""

    goal: Reference
    statement: str
    chapters: list[Reference]
    indicators: list[Reference]
    proposed: list[Reference]
    measures: int
    inferred: frozenset[str]


def _own_words(statement: str, label: str) -> str:
    """What a goal says beyond its name, without the number that it begins with.

    >>> _own_words("2.3.1生态更优。森林更多。", "生态更优")
    '森林更多。'
    >>> _own_words("——生态更优,森林更多。", "生态更优")
    '生态更优,森林更多。'
    """
    counted = pattern("actions", "clause", "counted")  # as a list in a document begins
    words = counted.sub(lambda mark: mark[0] if mark.start() else "", statement)
    number, named, further = words.partition(f"{label}。")
    return further if named and further and not any(map(str.isalpha, number)) else words


def _goals(slug: str) -> list[_Goal]:
    """The goals in the order of their numbers."""
    return [
        _Goal(
            reader().reference(goal),
            _own_words(row["statement"], reader().label(goal)),
            _references(_CHAPTERS % goal, slug),
            _references(_INDICATORS % goal, slug),
            [reader().reference(x) for x in set_by_goal(slug, goal)],
            len(release().select(_MEASURES % goal, slug)),
            inferred_with(goal, slug),
        )
        for row in release().select(_GOALS, slug)
        for goal in (row["x"],)
    ]


@blueprint.get("/overview/<slug>")
def overview_of(slug: str) -> str:
    """What one plan promises, by goal and by indicator."""
    return overview_page(plan_of(slug))


def overview_page(plan: PlanEntry, is_front: bool = False) -> str:
    """The overview of a plan; as the front page it tells search engines of the catalogue."""
    shown = release()
    iri = plan_iri(shown.base, plan.slug)
    counts = shown.select(_COUNTS, plan.slug)
    kept = (plan.slug, g.language)
    goals = shown.once(("goals", *kept), lambda: _goals(plan.slug))
    without_goal = shown.once(("without goal", *kept), lambda: _references(WITHOUT_GOAL, plan.slug))
    return render_template(
        "overview.html",
        plan=plan,
        iri=iri,
        **edition_of(plan.slug),
        counts=by_kind({local_name(row["type"]): int(row["n"]) for row in counts}),
        in_annex=sum(bool(row.number) for row in annex_rows(plan.slug)),
        goals=goals,
        without_goal=sorted(without_goal, key=lambda section: reading_order(section.iri)),
        progress=evaluation_of(plan.slug),
        indicators=annex_rows(plan.slug),
        query=rows_query("annex", plan.slug),
        is_front=is_front,
    )


blueprint.add_url_rule("/plan/<slug>", view_func=full_text)


@blueprint.get("/plan/<slug>/report")
def findings(slug: str) -> Response | str:
    """What the validation report says of the plan, and of its reading; and the errata. With
    format=csv or xlsx the first two as a file."""
    answer_from_edition()
    plan = plan_of(slug)
    validation_report = release().folder / "plans" / slug / "report.json"
    results = [
        (_named(result), reader().reference(result["focus"]), _about(result["focus"]))
        for result in json.loads(validation_report.read_text(encoding="utf-8"))
    ]
    found, checks = (
        [one for one in results if (one[0]["shape"] == str(PLAN.FindingAdviceShape)) is of_plan]
        for of_plan in (True, False)
    )
    if form := file_wanted():
        tables = [_as_table("findings_heading", found), _as_table("own_checks", checks)]
        return as_file("report", f"{text('findings_title')} · {plan_title(plan)}", tables, form)
    completeness = release().folder / "plans" / slug / "completeness.json"
    return render_template(
        "findings.html",
        plan=plan,
        found=found,
        checks=checks,
        errata=list(errata_of(slug)),
        figures=json.loads(completeness.read_text(encoding="utf-8")),
    )


def _as_table(title: str, results: Iterable[_Result]) -> AnswerTable:
    """Results as a table of a file: how grave, what is said, and of what, by name and IRI."""
    rows = [
        (
            text(result["severity"]),
            result[f"message_{g.language}"],
            text("semicolon").join(one.label for one in about),
            " ".join(one.iri for one in about),
        )
        for result, _, about in results
    ]
    return AnswerTable(text(title), [*map(text, ("severity", "finding", "about")), "IRI"], rows)


def _named(result: dict[str, str]) -> dict[str, str]:
    """A result whose messages call the plan's entities by their names instead of their IRIs."""
    iri = re.compile(re.escape(f"{release().base}/id/") + r"[\w/%-]+(?:\.[\w/%-]+)*", re.ASCII)
    messages = {
        name: iri.sub(lambda found: f"“{reader().label(found[0])}”", words)
        for name, words in result.items()
        if name.startswith("message_")
    }
    return result | messages


def _about(focus: str) -> list[Reference]:
    """What a result is about: the entities of a finding, else the focus node."""
    query = f"SELECT ?x {{ <{focus}> plan:about ?x }} ORDER BY ?x"
    found = [row["x"].value for row in release().solutions(query)]
    return [reader().reference(x) for x in found or [focus]]
