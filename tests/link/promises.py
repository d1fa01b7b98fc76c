"""What a plan promises, read without the names in it, which is what takes time."""

from __future__ import annotations

from kg.document.structure import Document
from kg.extract.goals import find_goals
from kg.extract.indicators import read_indicators
from kg.extract.measures import find_measures
from kg.extract.model import Extraction
from kg.extract.targets import find_targets


def promises(document: Document, period: tuple[int, int]) -> Extraction:
    """The goals, measures, indicators and values of a document."""
    rows, values = read_indicators(document, period)
    targets = find_targets(document, period)
    return Extraction(
        goals=find_goals(document),
        measures=find_measures(document, targets.pure, period),
        indicators=rows + targets.indicators,
        values=values + targets.values,
        achievements=(),
        zones=(),
        institutions=(),
        boundaries=(),
    )
