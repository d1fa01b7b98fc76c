"""How sure what was read is: the share of its kind that was right in plans left out.

The figures are kg/lexicon/confidence.toml, which benchmarks/confidence.py measures.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np

from kg.document.model import ACTING
from kg.document.structure import Document
from kg.extract.model import Extraction, Value
from kg.lexicon import lexicon

_DIGITS = 3  # of a confidence: those after them say nothing


def rate(kind: str, rule: str) -> float | None:
    """The share of what a rule reads (kind: such as target; rule: such as table) that is right, in
    plans left out with one right and one wrong added, so that few cases do not make certainty; None
    where it was not measured."""
    counts = lexicon("confidence")["rates"].get(kind, {}).get(rule)
    return round((counts["right"] + 1) / (counts["read"] + 2), _DIGITS) if counts else None


def of_name(sure: float) -> float:
    """The share of names that are right, where the tagger has this mean confidence."""
    table = lexicon("confidence")["names"]
    return round(float(np.interp(sure, table["sure"], table["right"])), _DIGITS)


def rated(document: Document, extraction: Extraction) -> Extraction:
    """What was read with the confidence of each: that of the rule which found it."""
    roles = {s.number: document.role(s) for s in document.sentences}

    def sure(found: Iterable[Any], kind: str, rule: Callable[[Any], str]) -> tuple[Any, ...]:
        return tuple(replace(one, confidence=_known(kind, rule(one))) for one in found)

    values = sure(extraction.values, "target", lambda value: _found_by(value, roles))
    of_row, of_table = {v.indicator: v.confidence for v in values}, _known("target", "table")
    return replace(
        extraction,
        goals=sure(extraction.goals, "goal", lambda goal: "vision" if goal.vision else "period"),
        measures=sure(extraction.measures, "measure", lambda _: "sentence"),
        indicators=tuple(
            replace(one, confidence=of_row.get(one.key, of_table)) for one in extraction.indicators
        ),
        values=values,
        achievements=sure(extraction.achievements, "achievement", lambda _: "number"),
    )


def _known(kind: str, rule: str) -> float:
    found = rate(kind, rule)
    if found is None:
        raise KeyError(f"kg/lexicon/confidence.toml has no figure for {kind}, {rule}")
    return found


def _found_by(value: Value, roles: dict[str, str]) -> str:
    """The rule that found a value: a row of a table, words, or a number among measures or goals."""
    if value.sentence is None:
        return "table"
    if value.quantity.value is None:
        return "words"
    return "measures" if roles[value.sentence] in ACTING else "goals"
