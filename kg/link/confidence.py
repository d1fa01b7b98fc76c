"""How sure each link is: as sure as what it joins, or as often right as its kind in plans left
out."""

from dataclasses import replace

from kg.extract.confidence import rate
from kg.extract.model import Extraction
from kg.link.model import Link, Linked
from kg.rdf.iris import NAMED, Node

_DECIDED = "ReviewedByPerson"
_NAMED = "NamedInSentence"
_STATED = (
    "StatedInTable", "SameSentence",  # a value beside its indicator
    "NamedAsLead", "NamedAsResponsible", "NamedAsSupport",
)  # fmt: skip


def with_confidence(linked: Linked) -> Linked:
    """The links with the confidence of each; those of a kind that was not measured have none."""
    sure = _named_and_values(linked.extraction)
    links = tuple(replace(one, confidence=_confidence(one, sure)) for one in linked.links)
    return replace(linked, links=links)


def _confidence(one: Link, sure: dict[Node, float]) -> float | None:
    if one.method == _DECIDED:
        return 1.0
    if one.method in _STATED or (one.method == _NAMED and one.object.kind in NAMED):
        known = [sure[end] for end in (one.subject, one.object) if end in sure]
        return min(known, default=None)
    return rate("link", f"{one.predicate}-{one.method}")


def _named_and_values(extraction: Extraction) -> dict[Node, float]:
    """The confidence of what such links hang on: names and values."""
    entities = (*extraction.zones, *extraction.institutions)
    return {
        **{Node(one.kind, one.name): one.confidence for one in entities},
        **{Node(v.kind.lower(), v.key): v.confidence for v in extraction.values},
    }
