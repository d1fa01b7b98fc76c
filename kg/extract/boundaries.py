"""Bounds of zones as the text states them."""

from kg.document.structure import Document, Sentence
from kg.extract.measures import is_scope
from kg.extract.model import Boundary, Mention
from kg.extract.name_forms import type_of_form
from kg.lexicon import lexicon, pattern


def find_boundaries(
    document: Document, mentions: tuple[Mention, ...]
) -> tuple[tuple[Boundary, ...], tuple[Mention, ...]]:
    """The bounds stated for zones, each named by the heading that its sentence is under, and the
    mentions of the roads and waters that bound them."""
    boundaries: list[Boundary] = []
    named: list[Mention] = []
    for sentence in document.sentences:
        zone = _zone(document, sentence, mentions) if is_scope(sentence) else None
        if zone is None:
            continue
        for side in pattern("names", "bounds", "side").finditer(sentence.text):
            position = side.start("by")
            for name in pattern("names", "bounds", "between").split(side["by"]):
                span = sentence.read.locate(position, position + len(name))
                boundaries.append(
                    Boundary(zone, lexicon("names")["bounds"]["sides"][side[1]], name, span)
                )
                bound = "water" if type_of_form(name, "zone") == "water" else "road"
                named.append(Mention(name, name, span, "zone", bound))
                position += len(name) + 1
    return tuple(boundaries), tuple(named)


def _zone(document: Document, sentence: Sentence, mentions: tuple[Mention, ...]) -> str | None:
    heading = document.section(sentence.section).heading_span
    return next((m.name for m in mentions if m.kind == "zone" and heading.contains(m.span)), None)
