"""Bounds of zones as the text states them."""

from kg.document.structure import Document
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
