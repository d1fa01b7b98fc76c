"""Links between entities, each with its method, its evidence, and how sure it is: as sure as what
it joins, or as often right as its kind in plans left out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from kg.extract.confidence import rate
from kg.extract.model import Extraction
from kg.rdf.iris import NAMED, Node
from kg.source.text import Span

_REVIEWED = "ReviewedByPerson"
_DECIDED = (_REVIEWED, "ReviewedSection")
_STATED = (
    "StatedInTable", "SameSentence",  # a value beside its indicator
    "NamedInSentence", "NamedInRow", "NamedAsLead", "NamedAsResponsible", "NamedAsSupport",
    "BoundaryStatement",
)  # fmt: skip


@dataclass(frozen=True)
class Link:
    """One link: subject, property, object, how it was found, its evidence, and a score where words
    were compared.

    explanation, explanation_en: what there is to say beside its method's words. confidence: the
    share of such links that were right in plans left out, 1 where a person decided.
    """

    subject: Node
    predicate: str
    object: Node
    method: str
    evidence: tuple[Span, ...]
    score: Decimal | None = None
    explanation: str = ""
    explanation_en: str = ""
    confidence: float = 1.0


@dataclass(frozen=True)
class Linked:
    """The extraction with indicators distinguished or merged, and all links; apart those that are
    only likely, for a person to decide."""

    extraction: Extraction
    links: tuple[Link, ...]
    concepts: dict[str, str]
    likely: tuple[Link, ...] = ()


def statement(one: Link, identifiers: Mapping[tuple[str, str], str]) -> str:
    """A link in words, "section 3 supportsGoal goal 1", by the identifiers of its ends."""
    subject, object_ = (
        f"{end.kind} {end.key if end.kind in NAMED else identifiers[end.kind, end.key]}"
        for end in (one.subject, one.object)
    )
    return f"{subject} {one.predicate} {object_}"


def serving(name: str, linked: Linked, identifiers: Mapping[tuple[str, str], str]) -> Link | None:
    """The link that a person states as "measure 4.1.3 contributesTo indicator 6", resting on the
    measure's sentence; None where there is no such measure or indicator."""
    stated = re.fullmatch("measure (.+) contributesTo indicator (.+)", name)
    if stated is None:
        return None
    keys = {(kind, identifier): key for (kind, key), identifier in identifiers.items()}
    spans = {m.number: m.span for m in linked.extraction.measures}
    measure, row = keys.get(("measure", stated[1]), ""), keys.get(("indicator", stated[2]), "")
    if measure not in spans or row not in linked.extraction.indicator:
        return None
    subject, object_ = Node("measure", measure), Node("indicator", row)
    return Link(subject, "contributesTo", object_, _REVIEWED, (spans[measure],))


def with_confidence(linked: Linked) -> Linked:
    """The links, those that are only likely too, with the confidence of each."""
    sure = _named_and_values(linked.extraction)
    links = tuple(replace(one, confidence=_confidence(one, sure)) for one in linked.links)
    likely = (
        replace(one, confidence=rate("link", f"{one.predicate}-unsure")) for one in linked.likely
    )
    return replace(linked, links=links, likely=tuple(likely))


def _confidence(one: Link, sure: dict[Node, float]) -> float:
    if one.method in _STATED:
        return min(sure[end] for end in (one.subject, one.object) if end in sure)
    if one.method == "SameSection":  # as sure as its chapter's
        one = replace(one, method="SimilarWords")
    if one.method in _DECIDED:
        return 1.0
    score = None if one.score is None else float(one.score)
    return rate("link", f"{one.predicate}-{one.method}", score)


def _named_and_values(extraction: Extraction) -> dict[Node, float]:
    """The confidence of what such links hang on: names and values."""
    entities = (*extraction.zones, *extraction.institutions)
    return {
        **{Node(one.kind, one.name): one.confidence for one in entities},
        **{Node(v.kind.lower(), v.key): v.confidence for v in extraction.values},
    }
