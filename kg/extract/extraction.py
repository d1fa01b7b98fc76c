"""All that a plan states, found by each of this package's readers."""

from kg.document.structure import Document
from kg.extract.achievements import find_achievements
from kg.extract.confidence import rated
from kg.extract.entities import find_mentions, merge_mentions
from kg.extract.goals import find_goals
from kg.extract.indicators import earlier_results, read_indicators
from kg.extract.measures import find_measures, is_scope
from kg.extract.model import Boundary, Extraction, Mention, Years
from kg.extract.name_forms import type_of_form
from kg.extract.tagger import Tagger, shipped
from kg.extract.targets import find_targets
from kg.lexicon import lexicon, pattern
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


def find_boundaries(
    document: Document, mentions: tuple[Mention, ...]
) -> tuple[tuple[Boundary, ...], tuple[Mention, ...]]:
    """The bounds stated for zones, each named by the heading that its sentence is under, and the
    mentions of the roads and waters that bound them."""
    boundaries: list[Boundary] = []
    found: list[Mention] = []
    for sentence in document.sentences:
        heading = document.section(sentence.section).heading_span
        named = (m.name for m in mentions if m.kind == "zone" and heading.contains(m.span))
        if not is_scope(sentence) or (zone := next(named, None)) is None:
            continue
        for side in pattern("names", "bounds", "side").finditer(sentence.text):
            position = side.start("by")
            for name in pattern("names", "bounds", "between").split(side["by"]):
                span = sentence.read.locate(position, position + len(name))
                where = lexicon("names")["bounds"]["sides"][side[1]]
                boundaries.append(Boundary(zone, where, name, span))
                bound = "water" if type_of_form(name, "zone") == "water" else "road"
                found.append(Mention(name, name, span, "zone", bound))
                position += len(name) + 1
    return tuple(boundaries), tuple(found)
