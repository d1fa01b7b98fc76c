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


def rate(kind: str, rule: str, score: float | None = None) -> float:
    """The share of what a rule reads (kind: such as target; rule: such as table) that is right, in
    plans left out with one right and one wrong added, so that few cases do not make certainty.

    Args:
        score: how sure the rule is, where it tells: then the share of what has such a score.

    Raises:
        KeyError: it was not measured.
    """
    measured = lexicon("confidence")["rates" if score is None else "scored"]
    if (found := measured.get(kind, {}).get(rule)) is None:
        raise KeyError(f"kg/lexicon/confidence.toml has no figure for {kind}, {rule}")
    if score is None:
        share = (found["right"] + 1) / (found["read"] + 2)
    else:
        share = np.interp(score, found["score"], found["right"])
    return round(float(share), _DIGITS)


def rated(document: Document, extraction: Extraction) -> Extraction:
    """What was read with the confidence of each: that of the rule which found it."""
    roles = {s.number: document.role(s) for s in document.sentences}

    def sure(found: Iterable[Any], kind: str, rule: Callable[[Any], str]) -> tuple[Any, ...]:
        return tuple(replace(one, confidence=rate(kind, rule(one))) for one in found)

    values = sure(extraction.values, "target", lambda value: _found_by(value, roles))
    of_row, of_table = {v.indicator: v.confidence for v in values}, rate("target", "table")
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


def _found_by(value: Value, roles: dict[str, str]) -> str:
    """The rule that found a value: a row of a table, words, or a number among measures or goals."""
    if value.sentence is None:
        return "table"
    if value.quantity.value is None:
        return "words"
    return "measures" if roles[value.sentence] in ACTING else "goals"
