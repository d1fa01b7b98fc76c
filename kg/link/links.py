"""Extraction -> links between entities, each with its method and its evidence."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, lru_cache

from kg.document.structure import Document
from kg.extract.model import Entity, Extraction, Indicator, Measure, Quantity, Value
from kg.lexicon import lexicon, pattern, worded
from kg.link.baselines import with_one_baseline
from kg.link.contributions import contributions
from kg.link.goals import SIMILAR, chapter_scores, indicator_scores, measure_chapters
from kg.source.text import Span

NAMED = ("zone", "institution")  # the kinds of what is known by its name

_SAME_NAME = 0.7  # of shared characters, for two indicator names to mean one quantity
_SHOWN_WORDS = 30  # of the evidence, in an explanation


@dataclass(frozen=True)
class Node:
    """An end of a link: the kind of entity and its key in the extraction."""

    kind: str
    key: str


@dataclass(frozen=True)
class Link:
    """One link: subject, property, object, how it was found, its evidence, and a score where words
    were compared.

    confidence is the share of such links that were right in plans left out, 1 where a person
    decided; None where that was not measured.
    """

    subject: Node
    predicate: str
    object: Node
    method: str
    evidence: tuple[Span, ...]
    score: Decimal | None = None
    explanation: str = ""
    explanation_en: str = ""
    confidence: float | None = None


@dataclass(frozen=True)
class Linked:
    """The extraction with indicators distinguished or merged, and all links."""

    extraction: Extraction
    links: tuple[Link, ...]
    concepts: dict[str, str]


@dataclass(frozen=True)
class _Concept:
    id: str
    names: tuple[str, ...]


def link_status(one: Link) -> str:
    """How a link is founded: Inferred where it has a score, else Stated or Decided."""
    return "Inferred" if one.score is not None else str(lexicon("methods")[one.method]["status"])


def review_status(one: Link) -> str:
    """Whether a person has reviewed a link: Confirmed or Open; a rejected one is no link."""
    return "Confirmed" if one.method == "ReviewedByPerson" else "Open"


def statement(one: Link, identifiers: Mapping[tuple[str, str], str]) -> str:
    """A link in words: "section 3 supportsGoal goal 1", places and organisations by their names.

    Args:
        identifiers: what its ends are identified by, by kind and key.
    """
    subject, object_ = (
        f"{end.kind} {end.key if end.kind in NAMED else identifiers[end.kind, end.key]}"
        for end in (one.subject, one.object)
    )
    return f"{subject} {one.predicate} {object_}"


def serving(name: str, linked: Linked, identifiers: Mapping[tuple[str, str], str]) -> Link | None:
    """The link that a person states as "measure 4.1.3 contributesTo indicator 6", resting on the
    measure's sentence; None where there is no such measure or indicator."""
    words = name.split(" ")
    if len(words) != 5 or (words[0], words[2], words[3]) != (
        "measure",
        "contributesTo",
        "indicator",
    ):
        return None
    found = linked.extraction
    measure = next(
        (m for m in found.measures if identifiers.get(("measure", m.number)) == words[1]), None
    )
    row = next(
        (i for i in found.indicators if identifiers.get(("indicator", i.key)) == words[4]), None
    )
    if measure is None or row is None:
        return None
    subject, object_ = Node("measure", measure.number), Node("indicator", row.key)
    return Link(subject, "contributesTo", object_, "ReviewedByPerson", (measure.span,))


def link(
    document: Document, extraction: Extraction, chosen_goals: Mapping[str, str] | None = None
) -> Linked:
    """Find every link of the vocabulary between the entities read from one document.

    Args:
        chosen_goals: the goals that a person chose for chapters, by the chapters' numbers.
    """
    named = {v.key: extraction.indicator[v.indicator].name for v in extraction.values}
    extraction, checks = _same_quantities(extraction)
    concepts = {i.key: c for i in extraction.indicators if (c := _concept_of(i.name)) is not None}
    supported = _supported_goals(document, extraction, chosen_goals or {})
    inherited = _inherited_goals(document, extraction, supported)
    contributed = [
        Link(
            Node("measure", one.measure),
            one.predicate,
            Node("indicator", one.indicator),
            one.method,
            one.evidence,
            one.score,
        )
        for one in contributions(document, extraction, named)
    ]
    links: list[Link] = [
        *_named(extraction.measures, extraction.zones, "locatedIn", "zone"),
        *_named(extraction.measures, extraction.institutions, "involves", "institution"),
        *_seats(extraction),
        *[
            Link(
                Node("zone", b.zone),
                f"{b.side}Boundary",
                Node("zone", b.by),
                "BoundaryStatement",
                (b.span,),
            )
            for b in extraction.boundaries
        ],
        *supported,
        *inherited,
        *_measured_by(document, extraction, contributed, inherited),
        *_values(extraction),
        *_own_targets(extraction),
        *contributed,
        *checks,
    ]
    return Linked(extraction, tuple(_explained(document, one) for one in _once(links)), concepts)


def _explained(document: Document, one: Link) -> Link:
    """A link with an explanation in both languages: its own, or its method's."""
    if one.explanation:
        return one
    words = document.printed(one.evidence[0])
    said = lexicon("methods")[one.method]
    shown = words if len(words) <= _SHOWN_WORDS else words[: _SHOWN_WORDS - 1] + "…"
    zh, en = (said[language].format(words=shown, score=one.score) for language in ("zh", "en"))
    return replace(one, explanation=zh, explanation_en=en)


def _once(links: Iterable[Link]) -> list[Link]:
    """One link for each statement: the first, better founded one, with all the evidence."""
    found: dict[tuple[Node, str, Node], Link] = {}
    for one in links:
        key = (one.subject, one.predicate, one.object)
        if key in found:
            evidence = tuple(dict.fromkeys(found[key].evidence + one.evidence))
            found[key] = replace(found[key], evidence=evidence)
        else:
            found[key] = one
    return list(found.values())


def _named(
    measures: Iterable[Measure], entities: Iterable[Entity], predicate: str, kind: str
) -> list[Link]:
    """A measure and what its sentence names."""
    links = []
    by_start = [(span.start, span, entity.name) for entity in entities for span in entity.mentions]
    by_start.sort(key=lambda entry: (entry[0], entry[2]))
    position = 0
    for measure in sorted(measures, key=lambda m: m.span):
        while position < len(by_start) and by_start[position][0] < measure.span.start:
            position += 1
        at = position
        while at < len(by_start) and by_start[at][0] < measure.span.end:
            _, span, name = by_start[at]
            links.append(
                Link(
                    Node("measure", measure.number),
                    predicate,
                    Node(kind, name),
                    "NamedInSentence",
                    (span,),
                )
            )
            at += 1
    return links


def _seats(extraction: Extraction) -> list[Link]:
    """An organisation whose name holds a place's name lies there, as far as the name shows."""
    types = ("block", "land-plot", "road", "street-district", "functional-zone")
    places = {z.name: z for z in extraction.zones if z.type in types}
    return [
        Link(
            Node("institution", i.name),
            "locatedIn",
            Node("zone", z.name),
            "NameContainsPlace",
            tuple(i.mentions[:1]),
        )
        for i in extraction.institutions
        for z in (places[i.name[:end]] for end in range(3, len(i.name)) if i.name[:end] in places)
    ]


def _supported_goals(
    document: Document, extraction: Extraction, chosen: Mapping[str, str]
) -> list[Link]:
    """Each chapter of measures and the goal that a person chose for it, or that fits it best."""
    goals = [g for g in extraction.goals if not g.vision]
    chapters = measure_chapters(document)
    if not goals or not chapters:
        return []
    links = []
    for chapter, row in zip(
        chapters, chapter_scores(document, extraction, chapters, goals), strict=True
    ):
        picked = next(
            (i for i, g in enumerate(goals) if g.number == chosen.get(chapter.number)), None
        )
        best = max(range(len(goals)), key=lambda i: row[i]) if picked is None else picked
        if picked is None and row[best] < SIMILAR:
            continue
        method, score = (
            ("SimilarWords", _score(row[best])) if picked is None else ("ReviewedByPerson", None)
        )
        links.append(
            Link(
                Node("section", chapter.number),
                "supportsGoal",
                Node("goal", goals[best].number),
                method,
                (chapter.heading_span, *goals[best].statement),
                score,
            )
        )
    return links


def _score(value: float) -> Decimal:
    return Decimal(str(round(value, 3)))


def _inherited_goals(
    document: Document, extraction: Extraction, supported: list[Link]
) -> list[Link]:
    """A measure supports the goal that its chapter does."""
    of_chapter = {link.subject.key: link for link in supported}
    links = []
    for measure in extraction.measures:
        found = of_chapter.get(document.chapter_of(measure.section).number)
        if found:
            evidence = (document.chapter_of(measure.section).heading_span,)
            links.append(
                Link(
                    Node("measure", measure.number),
                    "supportsGoal",
                    found.object,
                    "SameSection",
                    evidence,
                    found.score,
                )
            )
    return links


def _measured_by(
    document: Document, extraction: Extraction, contributed: list[Link], inherited: list[Link]
) -> list[Link]:
    """Each annex indicator and the goal that it fits best."""
    goals = [g for g in extraction.goals if not g.vision]
    rows = [i for i in extraction.indicators if i.number is not None]
    if not goals or not rows:
        return []
    goal_of = {one.subject.key: one.object.key for one in inherited}
    measured: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for one in contributed:
        if one.subject.key in goal_of:
            weight = 1.0 if one.score is None else float(one.score)
            measured[one.object.key][goal_of[one.subject.key]] += weight
    links = []
    for indicator, row in zip(rows, indicator_scores(document, rows, goals, measured), strict=True):
        best = max(range(len(goals)), key=lambda i: row[i])
        if row[best] >= SIMILAR:
            links.append(
                Link(
                    Node("goal", goals[best].number),
                    "measuredBy",
                    Node("indicator", indicator.key),
                    "SimilarWords",
                    (indicator.span, *goals[best].statement),
                    _score(row[best]),
                )
            )
    return links


def _values(extraction: Extraction) -> list[Link]:
    """Each value and its indicator, in both directions, as stated in the table or a sentence."""
    links = []
    for value in extraction.values:
        method = "StatedInTable" if value.sentence is None else "SameSentence"
        indicator, node = Node("indicator", value.indicator), Node(value.kind.lower(), value.key)
        evidence = (value.quantity.span,)
        links.append(Link(indicator, f"has{value.kind}", node, method, evidence))
        links.append(Link(node, "ofIndicator", indicator, method, evidence))
    return links


def _own_targets(extraction: Extraction) -> list[Link]:
    """A measure and the targets that its own sentence sets."""
    measures = {m.number for m in extraction.measures}
    return [
        Link(
            Node("measure", v.sentence),
            "hasTarget",
            Node("target", v.key),
            "SameSentence",
            (v.quantity.span,),
        )
        for v in extraction.values
        if v.sentence in measures and v.sentence is not None
    ]


@cache
def _concepts() -> tuple[_Concept, ...]:
    return tuple(
        _Concept(c["id"], (c["zh"], *c.get("aliases", ()))) for c in lexicon("concepts")["concept"]
    )


def _plain(name: str) -> str:
    """An indicator's name without what does not distinguish it."""
    return pattern("comparison", "likeness", "passed_over").sub("", name)


def _concept_of(name: str) -> str | None:
    """The quantity that an indicator's name means, by its wording or one of its other wordings."""
    plain = re.sub(r"\s", "", name)
    return next((c.id for c in _concepts() if plain in c.names), None)


def alike(name: str, other: str) -> float:
    """How many characters two names share, of all they have (Dice)."""
    a, b = _letters(name), _letters(other)
    size = a.total() + b.total()
    return 2 * (a & b).total() / size if size else 0.0


@lru_cache(maxsize=1024)
def _letters(name: str) -> Counter[str]:
    return Counter(_plain(name))


def _same_quantities(extraction: Extraction) -> tuple[Extraction, list[Link]]:
    """Link text targets to the annex indicator of the same quantity, and check them."""
    annex = [i for i in extraction.indicators if i.number is not None]
    target_of = {
        v.indicator: v for v in extraction.values if v.kind == "Target" and v.sentence is None
    }
    same: dict[str, Indicator] = {}
    for indicator in extraction.indicators:
        if indicator.number is None and (row := _annex_row(indicator, annex)) is not None:
            same[indicator.key] = row
    values = tuple(
        replace(v, indicator=same[v.indicator].key) if v.indicator in same else v
        for v in extraction.values
    )
    links = [
        _check(v, same[v.key], target_of[same[v.key].key], extraction.indicator[v.key].name)
        for v in values
        if v.kind == "Target" and v.key in same and same[v.key].key in target_of
    ]
    indicators = tuple(i for i in extraction.indicators if i.key not in same)
    return with_one_baseline(replace(extraction, indicators=indicators, values=values)), links


def _annex_row(indicator: Indicator, annex: list[Indicator]) -> Indicator | None:
    concept = _concept_of(indicator.name)
    for row in annex:
        if row.name == indicator.name or (concept is not None and _concept_of(row.name) == concept):
            return row
    best = max(annex, key=lambda row: alike(indicator.name, row.name), default=None)
    return best if best is not None and alike(indicator.name, best.name) >= _SAME_NAME else None


def _check(body: Value, row: Indicator, annex: Value, name: str) -> Link:
    """Whether a target of the body text agrees with the annex table's."""
    agrees, zh, en = _compare(body.quantity, annex.quantity, body.period[1] - body.period[0] + 1)
    if name != row.name:
        zh, en = worded("comparison", "names", zh=zh, en=en, text=name, table=row.name)
    predicate = "consistentWith" if agrees else "inconsistentWith"
    evidence = (body.quantity.span, annex.quantity.span)
    return Link(
        Node("target", body.key),
        predicate,
        Node("target", annex.key),
        "SameQuantity",
        evidence,
        None,
        zh,
        en,
    )


def _compare(body: Quantity, annex: Quantity, years: int) -> tuple[bool, str, str]:
    if body.value is None or annex.value is None:
        agrees = body.value is None and annex.value is None
        return agrees, *worded("comparison", "in_words", text=body.text, table=annex.text)
    value = body.value
    if body.relative_to is not None and annex.value >= 0:
        value = abs(value)  # the annex names the fall and gives its size
    summed = body.basis == "AnnualAverage" and annex.basis == "Cumulative"
    value = value * years if summed else value
    agrees = value == annex.value and body.comparator in ("Equal", "AtLeast", annex.comparator)
    if value == annex.value and not agrees:
        return False, *worded("comparison", "limited", text=body.text, table=annex.value)
    said = {"yearly": body.value, "years": years, "value": value}
    sums = worded("comparison", "summed" if summed else "alone", **said)
    sentences = (
        worded("comparison", "same" if agrees else "other", text=text, table=annex.value)
        for text in sums
    )
    (zh, _), (_, en) = sentences
    return agrees, zh, en
