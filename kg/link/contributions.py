"""Which measures serve an annex indicator's quantity, and which only concern its subject."""

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from kg.document.structure import Document
from kg.extract.model import Extraction
from kg.lexicon import lexicon
from kg.link.model import Link
from kg.link.pairs import FEATURES, Pair, pairs
from kg.rdf.iris import Node


@dataclass(frozen=True)
class Judge:
    """A learned rule: the features' weights, their threshold, and the probability to accept."""

    weights: Sequence[float]
    bias: float
    least: float

    def probability(self, features: Sequence[float]) -> float:
        """How probable it is that a pair is a link."""
        score = sum(w * f for w, f in zip(self.weights, features, strict=True)) + self.bias
        return 1 / (1 + math.exp(-score))


def judge(name: str) -> Judge:
    """The rule that was learned for a property: serves, or concerns."""
    learned = lexicon("contribution_weights")[name]
    return Judge(tuple(learned["weights"][f] for f in FEATURES), learned["bias"], learned["least"])


def contributions(
    document: Document, extraction: Extraction, named: Mapping[str, str]
) -> Iterator[Link]:
    """Measures and the annex indicators that they serve (contributesTo) or concern, with the
    measure's whole sentence as the last evidence. A score is a probability; there is none where the
    sentence names the quantity itself.

    extraction: its targets given to the rows that they are for. named: the names of indicators that
    were merged into rows, by the keys of their targets.
    """
    rows = [i for i in extraction.indicators if i.number is not None]
    measures = {m.number: m.span for m in extraction.measures}
    keys, own = {r.key for r in rows}, set()
    for value in extraction.values:
        number = value.sentence
        if number in measures and number is not None and value.indicator in keys:
            own.add((number, value.indicator))
            evidence = (value.quantity.span, measures[number])
            ends = Node("measure", number), Node("indicator", value.indicator)
            yield Link(ends[0], "contributesTo", ends[1], "SameQuantity", evidence)
    serves, concerns = judge("serves"), judge("concerns")
    for pair in pairs(document, measures, rows, set_by(extraction, named)):
        if (pair.sentence.number, pair.indicator.key) not in own:
            yield from _judged(pair, serves, concerns)


def set_by(extraction: Extraction, named: Mapping[str, str]) -> dict[str, list[str]]:
    """What each sentence sets targets for, in its own words."""
    found: dict[str, list[str]] = defaultdict(list)
    for value in extraction.values:
        if value.sentence is not None:
            name = named.get(value.key) or extraction.indicator[value.indicator].name
            found[value.sentence].append(name)
    return found


def _judged(pair: Pair, serves: Judge, concerns: Judge) -> Iterator[Link]:
    """What a pair is taken for: its quantity named, served by other words, or its subject."""
    sentence = pair.sentence
    measure, row = Node("measure", sentence.number), Node("indicator", pair.indicator.key)
    places = pair.places if pair.stated is None else (pair.stated,)
    evidence = (*(sentence.read.locate(*place) for place in places), sentence.span)
    if pair.stated is not None:
        yield Link(measure, "contributesTo", row, "SameQuantity", evidence)
        return
    for rule, features, predicate, method in (
        (serves, pair.own, "contributesTo", "QuantityWords"),
        (concerns, pair.features, "concerns", "SubjectWords"),
    ):
        found = rule.probability(features)
        if found >= rule.least:
            score = Decimal(str(round(found, 2)))
            yield Link(measure, predicate, row, method, evidence, score)
            return
