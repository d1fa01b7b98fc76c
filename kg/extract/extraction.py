"""All that a plan states, found by each of this package's readers."""

from kg.document.structure import Document
from kg.extract.achievements import find_achievements
from kg.extract.boundaries import find_boundaries
from kg.extract.confidence import rated
from kg.extract.entities import find_mentions, merge_mentions
from kg.extract.goals import find_goals
from kg.extract.indicators import earlier_results, read_indicators
from kg.extract.measures import find_measures
from kg.extract.model import Extraction, Years
from kg.extract.tagger import Tagger, shipped
from kg.extract.targets import find_targets
from kg.source.areas import areas_above, own_names


def extract(
    document: Document, period: Years, area: str, tagger: Tagger | None = None
) -> Extraction:
    """Read everything that a plan for an area, by its full name, states; tagger: None for the one
    that planlink ships."""
    own = own_names(area)
    table_indicators, table_values = read_indicators(document, period)
    targets = find_targets(document, period)
    mentions = find_mentions(document, own, tagger or shipped())
    boundaries, bounds = find_boundaries(document, mentions)
    stated = {place for m in bounds for place in range(m.span.start, m.span.end)}
    mentions = (
        tuple(m for m in mentions if stated.isdisjoint(range(m.span.start, m.span.end))) + bounds
    )
    entities = merge_mentions(mentions, own + areas_above(area))
    found = Extraction(
        goals=find_goals(document),
        measures=find_measures(document, targets.pure, period),
        indicators=table_indicators + targets.indicators,
        values=table_values + targets.values,
        achievements=(*find_achievements(document, period), *earlier_results(document, period)),
        zones=tuple(e for e in entities if e.kind == "zone"),
        institutions=tuple(e for e in entities if e.kind == "institution"),
        boundaries=boundaries,
        findings=targets.findings,
    )
    return rated(document, found)
