"""Indicators of one quantity: targets of the text beside the row of the annex table."""

import re
from collections import Counter
from dataclasses import replace
from functools import cache, lru_cache

from kg.extract.model import Extraction, Indicator, Quantity, Value
from kg.lexicon import lexicon, pattern, worded
from kg.link.baselines import with_one_baseline
from kg.link.model import Link
from kg.rdf.iris import Node

_SAME_NAME = 0.7  # of shared characters, for two indicator names to mean one quantity


@cache
def concepts() -> dict[str, str]:
    """The quantities of the lexicon by each of their wordings, the first one of each."""
    return {
        name: concept["id"]
        for concept in reversed(lexicon("concepts")["concept"])
        for name in (concept["zh"], *concept.get("aliases", ()))
    }


def concept_of(name: str) -> str | None:
    """The quantity that an indicator's name means, by its wording or one of its other wordings."""
    return concepts().get(re.sub(r"\s", "", name))


def alike(name: str, other: str) -> float:
    """How many characters two names share, of all they have (Dice)."""
    a, b = _letters(name), _letters(other)
    size = a.total() + b.total()
    return 2 * (a & b).total() / size if size else 0.0


@lru_cache(maxsize=1024)
def _letters(name: str) -> Counter[str]:
    """The letters of a name without what does not distinguish it."""
    return Counter(pattern("comparison", "likeness", "passed_over").sub("", name))


def same_quantities(extraction: Extraction) -> tuple[Extraction, list[Link]]:
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
    concept = concept_of(indicator.name)
    for row in annex:
        if row.name == indicator.name or (concept is not None and concept_of(row.name) == concept):
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
