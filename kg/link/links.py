"""Extraction -> links between entities, each with its method and its evidence."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from operator import attrgetter, itemgetter

from kg.document.layout import last_cell
from kg.document.responsibility_scope import charged
from kg.document.structure import Document, Sentence
from kg.extract.model import Entity, Extraction, Goal, Measure, Value
from kg.lexicon import lexicon, pattern, with_parts
from kg.link.contributions import contributions
from kg.link.goals import (
    SIMILAR,
    SUPPORTS,
    chapter_among,
    chapter_goals,
    indicator_goals,
    measure_chapters,
)
from kg.link.model import Link, Linked
from kg.link.same_quantities import concept_of, same_quantities
from kg.rdf.iris import Node
from kg.source.text import Span

_METHODS = {"lead": "NamedAsLead", "responsible": "NamedAsResponsible", "support": "NamedAsSupport"}
_BODY = "\ufffc"  # stands for a body's name


def link(
    document: Document, extraction: Extraction, chosen_goals: Mapping[str, str] | None = None
) -> Linked:
    """Find every link of the vocabulary between the entities read from one document; chosen_goals:
    those that a person chose for chapters, by the chapters' numbers."""
    named = {v.key: extraction.indicator[v.indicator].name for v in extraction.values}
    extraction, checks = same_quantities(extraction)
    concepts = {i.key: c for i in extraction.indicators if (c := concept_of(i.name)) is not None}
    supported, supporting = _supported_goals(document, extraction, chosen_goals or {})
    measured, measuring = _measured_by(document, extraction)
    contributed = list(contributions(document, extraction, named))
    of_quantity = list(_goals_of_quantities(contributed, measured))
    links: list[Link] = [
        *parts(document, extraction),
        *_named(document, extraction.measures, extraction.zones, "locatedIn", "zone"),
        *_named(document, extraction.measures, extraction.institutions, "involves", "institution"),
        *_seats(extraction),
        *_bounds(extraction),
        *supported,
        *of_quantity,
        *_inherited_goals(document, extraction, supported, {one.subject for one in of_quantity}),
        *measured,
        *_values(extraction),
        *_own_targets(extraction),
        *contributed,
        *checks,
    ]
    return Linked(extraction, tuple(_once(links)), concepts, (*supporting, *measuring))


def _once(links: Iterable[Link]) -> list[Link]:
    """One link for each statement: the first, better founded one, with all the evidence."""
    found: dict[tuple[Node, str, Node], Link] = {}
    for one in links:
        key = (one.subject, one.predicate, one.object)
        if (first := found.setdefault(key, one)) is not one:
            evidence = tuple(dict.fromkeys(first.evidence + one.evidence))
            found[key] = replace(first, evidence=evidence)
    return list(found.values())


def _named(
    document: Document,
    measures: Iterable[Measure],
    entities: Iterable[Entity],
    predicate: str,
    kind: str,
) -> Iterator[Link]:
    """A measure and what its sentence names, or the cells before it where it begins a cell."""
    by_start = sorted(
        (span.start, entity.name, span) for entity in entities for span in entity.mentions
    )
    for measure in sorted(measures, key=lambda m: m.span):
        start, end = measure.span.start, measure.span.end
        begin = _row_of_cell(document, start)
        first = bisect_left(by_start, begin, key=itemgetter(0))
        behind = bisect_left(by_start, end, key=itemgetter(0))
        for place, name, span in by_start[first:behind]:
            subject, object_ = Node("measure", measure.number), Node(kind, name)
            method = "NamedInSentence" if place >= start else "NamedInRow"
            yield Link(subject, predicate, object_, method, (span,))


def _row_of_cell(document: Document, start: int) -> int:
    """Where the row begins of which a cell begins at a place; the place itself where none does."""
    row = document.text.rfind("\n", 0, start) + 1
    return row if row + last_cell(document.text[row : start + 1]) == start else start


def _bounds(extraction: Extraction) -> Iterator[Link]:
    """A zone and what bounds it on a side."""
    for one in extraction.boundaries:
        zone, by = Node("zone", one.zone), Node("zone", one.by)
        yield Link(zone, f"{one.side}Boundary", by, "BoundaryStatement", (one.span,))


def _seats(extraction: Extraction) -> Iterator[Link]:
    """An organisation whose name holds a place's name lies there, as far as the name shows."""
    types = ("block", "land-plot", "road", "street-district", "functional-zone")
    places = {z.name: z for z in extraction.zones if z.type in types}
    for body in extraction.institutions:
        name, evidence = body.name, tuple(body.mentions[:1])
        for place in (places[name[:end]] for end in range(3, len(name)) if name[:end] in places):
            ends = Node("institution", name), Node("zone", place.name)
            yield Link(ends[0], "locatedIn", ends[1], "NameContainsPlace", evidence)


def _supported_goals(
    document: Document, extraction: Extraction, chosen: Mapping[str, str]
) -> tuple[list[Link], list[Link]]:
    """Each chapter of measures and the goal that a person chose for it, or that fits it best;
    apart, where that one may be about something else."""
    goals = [g for g in extraction.goals if not g.vision]
    chapters = measure_chapters(document, len(goals), chosen)
    if not goals or not chapters:
        return [], []
    found, likely = list[Link](), list[Link]()
    picked = {goal.number: goal for goal in goals}
    fits = chapter_goals(document, extraction, chapters, goals)
    for chapter, fit in zip(chapters, fits, strict=True):
        goal = picked.get(chosen.get(chapter.number, ""))
        method, score = ("ReviewedByPerson", None) if goal else ("SimilarWords", _score(fit.score))
        goal = goal or goals[fit.goal]
        evidence = (chapter.heading_span, *goal.statement)
        ends = Node("section", chapter.number), Node("goal", goal.number)
        one = Link(ends[0], "supportsGoal", ends[1], method, evidence, score)
        if score is None or fit.score >= SUPPORTS:
            (found if score is None or fit.sure else likely).append(one)
    return found, likely


def _score(value: float) -> Decimal:
    return Decimal(str(round(value, 3)))


def _goals_of_quantities(contributed: list[Link], measured: list[Link]) -> Iterator[Link]:
    """A measure supports the goal whose own wording sets a target of the quantity that it names."""
    stated = {one.object: one for one in measured if one.method == "SameQuantity"}
    for one in contributed:
        if one.method == "SameQuantity" and (goal := stated.get(one.object)) is not None:
            evidence = (*one.evidence, goal.evidence[0])
            yield Link(one.subject, "supportsGoal", goal.subject, "SameQuantity", evidence)


def _inherited_goals(
    document: Document, extraction: Extraction, supported: list[Link], settled: set[Node]
) -> Iterator[Link]:
    """A measure supports the goal that its chapter does, but for those whose goal is settled."""
    of_chapter = {link.subject.key: link for link in supported}
    chapters = {number: document.section(number) for number in of_chapter}
    for measure in extraction.measures:
        own = Node("measure", measure.number)
        chapter = chapter_among(document, chapters, measure.section)
        if chapter is not None and own not in settled:
            found, evidence = of_chapter[chapter.number], (chapter.heading_span,)
            method = "ReviewedSection" if found.score is None else "SameSection"
            yield Link(own, "supportsGoal", found.object, method, evidence, found.score)


def _measured_by(document: Document, extraction: Extraction) -> tuple[list[Link], list[Link]]:
    """Each annex indicator and the goal that sets a target of it, else that which it fits best;
    apart, where that one may be about something else."""
    goals = [g for g in extraction.goals if not g.vision]
    rows = [i for i in extraction.indicators if i.number is not None]
    if not goals or not rows:
        return [], []
    found, likely = list[Link](), list[Link]()
    stated = _targets_of(goals, extraction.values)
    for indicator, fit in zip(rows, indicator_goals(document, rows, goals), strict=True):
        row = Node("indicator", indicator.key)
        if indicator.key in stated:
            goal, span = stated[indicator.key]
            owner, both = Node("goal", goal), (span, indicator.span)
            found.append(Link(owner, "measuredBy", row, "SameQuantity", both))
        elif fit.score >= SIMILAR:
            best, score = goals[fit.goal], _score(fit.score)
            evidence = (indicator.span, *best.statement)
            goal_node = Node("goal", best.number)
            one = Link(goal_node, "measuredBy", row, "SimilarWords", evidence, score)
            (found if fit.sure else likely).append(one)
    return found, likely


def _targets_of(goals: Sequence[Goal], values: Iterable[Value]) -> dict[str, tuple[str, Span]]:
    """The first goal that sets a target in its own wording, and where, by the indicators."""
    places = sorted((span, goal.number) for goal in goals for span in goal.statement)
    found: dict[str, tuple[str, Span]] = {}
    for value in values:
        at = bisect_right(places, value.quantity.span.start, key=lambda p: p[0].start) - 1
        if value.kind == "Target" and at >= 0 and places[at][0].contains(value.quantity.span):
            found.setdefault(value.indicator, (places[at][1], value.quantity.span))
    return found


def _values(extraction: Extraction) -> Iterator[Link]:
    """Each value and its indicator, in both directions, as stated in the table or a sentence."""
    for value in extraction.values:
        method = "StatedInTable" if value.sentence is None else "SameSentence"
        indicator, node = Node("indicator", value.indicator), Node(value.kind.lower(), value.key)
        evidence = (value.quantity.span,)
        yield Link(indicator, f"has{value.kind}", node, method, evidence)
        yield Link(node, "ofIndicator", indicator, method, evidence)


def _own_targets(extraction: Extraction) -> list[Link]:
    """A measure and the targets that its own sentence sets."""
    measures = {m.number: Node("measure", m.number) for m in extraction.measures}
    return [
        Link(own, "hasTarget", Node("target", v.key), "SameSentence", (v.quantity.span,))
        for v in extraction.values
        if v.sentence is not None and (own := measures.get(v.sentence)) is not None
    ]


def parts(document: Document, extraction: Extraction) -> list[Link]:
    """Each measure and the bodies that are charged with it, those of notes first."""
    noted, sentences = charged(document), {one.number: one for one in document.sentences}
    called = {span: one.name for one in extraction.institutions for span in one.mentions}
    spans = sorted(called)
    found: list[tuple[Node, Span, str, tuple[Span, ...]]] = []
    for measure in extraction.measures:
        own = Node("measure", measure.number)
        for body in noted.with_measure(document, measure.number, measure.section):
            found.append((own, body.span, body.part, (body.span,)))
        first = bisect_left(spans, measure.span.start, key=attrgetter("start"))
        end = bisect_left(spans, measure.span.end, key=attrgetter("start"))
        for span, part in _bodies_with_part(sentences[measure.number], spans[first:end]):
            found.append((own, span, part, (span, measure.span)))
    return [
        Link(own, "involves", Node("institution", called[span]), _METHODS[part], evidence)
        for own, span, part, evidence in found
        if span in called
    ]


@cache
def _form() -> re.Pattern[str]:
    """What gives bodies a part in a sentence, in which each name is one sign."""
    forms = lexicon("charges")["said"]
    return re.compile(with_parts(forms["part"], forms | {"body": _BODY}))


def _bodies_with_part(sentence: Sentence, bodies: list[Span]) -> Iterator[tuple[Span, str]]:
    """The bodies named in a sentence that it gives a part; support behind who acts."""
    read = sentence.read
    places = [read.locate(at, at + 1).start for at in range(len(read.text))] if bodies else []
    masked, reached, seen = "", 0, list[Span]()
    for span in bodies:
        start, end = bisect_left(places, span.start), bisect_left(places, span.end)
        if reached <= start < end:
            masked += read.text[reached:start] + _BODY
            reached = end
            seen.append(span)
    masked += read.text[reached:]
    acts = False
    for match in _form().finditer(masked):
        part = "support" if match["support"] else "lead" if match["lead"] else "responsible"
        if match["beside"] is None:
            before = pattern("charges", "said", "acts").search(masked, 0, match.start())
            acts = part != "support" or before is not None or match["helped"] is not None
        first = masked.count(_BODY, 0, match.start("bodies"))
        if acts:
            for span in seen[first : first + match["bodies"].count(_BODY)]:
                yield span, part
