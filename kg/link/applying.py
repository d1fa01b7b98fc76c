"""A person's corrections, applied to what was read and linked."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kg.document.structure import Document, as_decided
from kg.extract.achievements import read_achievement
from kg.extract.clauses import Clause, clauses
from kg.extract.measures import measure_of
from kg.extract.model import Achievement, Entity, Extraction, Measure, Years
from kg.extract.titling import action
from kg.lexicon import worded
from kg.link.corrections import Correction
from kg.link.decided import (
    Decided,
    FindsNothingError,
    as_read,
    entities_of,
    entity_named,
    free_key,
    some,
)
from kg.link.model import Linked, serving, statement
from kg.link.value_decisions import CHANGES


@dataclass(frozen=True)
class Applied:
    """The corrected extraction, the corrections made, and those that matched nothing; merged: the
    ordinals of those that gave a zone or an institution the name that another had."""

    extraction: Extraction
    made: tuple[Correction, ...]
    idle: tuple[Correction, ...]
    merged: frozenset[int] = frozenset()


def apply_corrections(
    document: Document, extraction: Extraction, corrections: tuple[Correction, ...], period: Years
) -> Applied:
    """Make the corrections, in order."""
    made: list[Correction] = []
    idle: list[Correction] = []
    merged: set[int] = set()
    for one in corrections:
        if one.kind == "link":
            continue
        kind = _ALIKE.get(one.kind, one.kind)
        renamed = kind == "entity" and one.action == "rename"
        if renamed and any(e.name == one.to for e in entities_of(extraction, one.kind)):
            merged.add(one.ordinal)
        try:
            change = some(_CHANGES.get((kind, one.action)))
            extraction = change(Decided(document, extraction, one, period))
            made.append(one)
        except FindsNothingError:
            idle.append(one)
    return Applied(extraction, tuple(made), tuple(idle), frozenset(merged))


def decide_links(
    linked: Linked, corrections: tuple[Correction, ...], identifiers: Mapping[tuple[str, str], str]
) -> tuple[Linked, tuple[Correction, ...], tuple[Correction, ...]]:
    """Take out rejected links, mark accepted ones as reviewed, those that are only likely as well,
    and add what measures serve; links are named by identifiers, by kind and key.

    Returns the links, the corrections that were made, and those that found nothing to correct.
    """
    stated, likely = (
        {statement(one, identifiers): one for one in links}
        for links in (linked.links, linked.likely)
    )
    made: list[Correction] = []
    idle: list[Correction] = []
    for one in corrections:
        if one.kind != "link":
            continue
        found = stated.get(one.name) or likely.get(one.name)
        if found is None and one.action == "add":
            found = serving(one.name, linked, identifiers)
            stated.pop(one.name.replace(" contributesTo ", " concerns "), None)
        (idle if found is None else made).append(one)
        if found is not None and one.action == "reject":
            stated.pop(one.name, None)
        elif found is not None:
            zh, en = worded("decision", "reviewed", reason=one.reason)
            stated[one.name] = replace(
                found, method="ReviewedByPerson", score=None, explanation=zh, explanation_en=en
            )
    return replace(linked, links=tuple(stated.values())), tuple(made), tuple(idle)


def chosen_goals(
    corrections: tuple[Correction, ...], key: Callable[[str, str], str | None]
) -> dict[str, str]:
    """The goals that a person chose or accepted for chapters ("section 3 supportsGoal goal 1"), by
    the keys of chapters and goals that still have these identifiers."""
    chosen = {}
    for one in corrections:
        words = one.name.split()
        if (
            one.kind == "link"
            and one.action in ("add", "accept")
            and words[:1] == ["section"]
            and words[2:4] == ["supportsGoal", "goal"]
        ):
            section, goal = key("section", words[1]), key("goal", words[4])
            if section is not None and goal is not None:
                chosen[section] = goal
    return chosen


def _with_entities(decided: Decided, entities: Iterable[Entity]) -> Extraction:
    """The extraction with these zones or institutions, in reading order."""
    ordered: Any = tuple(sorted(entities, key=lambda e: (e.mentions[0], e.name)))
    return replace(decided.extraction, **{f"{decided.one.kind}s": ordered})


def _others(decided: Decided, entity: Entity | None) -> list[Entity]:
    held = entities_of(decided.extraction, decided.one.kind)
    return [other for other in held if other is not entity]


def _accept(decided: Decided, **values: Any) -> Extraction:
    """The extraction with an entity as certain, with what else is said of it."""
    entity = decided.entity
    certain = replace(entity, confidence=1.0, **values)
    return _with_entities(decided, [*_others(decided, entity), certain])


def _rename(decided: Decided) -> Extraction:
    """Rename an entity; where another entity has that name already, the two become one."""
    one, entity = decided.one, decided.entity
    others = _others(decided, entity)
    target = next((e for e in others if e.name == one.to), None)
    aliases = (entity.aliases | {entity.name} | (target.aliases if target else set())) - {one.to}
    mentions = sorted({*entity.mentions, *(target.mentions if target else ())})
    merged = Entity(one.to, one.kind, (target or entity).type, mentions, aliases)
    names = {entity.name: one.to}
    bounds = tuple(
        replace(b, zone=names.get(b.zone, b.zone), by=names.get(b.by, b.by))
        for b in decided.extraction.boundaries
    )
    kept = [e for e in others if e is not target]
    return replace(_with_entities(decided, [*kept, merged]), boundaries=bounds)


def _split(decided: Decided) -> Extraction:
    """Take an entity apart: where the text names it in other words, that is another entity."""
    to, entity, document = decided.one.to, decided.entity, decided.document
    some(all(e.name != to for e in entities_of(decided.extraction, entity.kind)))
    apart = some([m for m in entity.mentions if document.read(m).text == to])
    kept = some([m for m in entity.mentions if m not in apart])
    without = replace(entity, mentions=kept, aliases=entity.aliases - {to})
    fresh = Entity(to, entity.kind, entity.type, apart)
    return _with_entities(decided, [*_others(decided, entity), without, fresh])


def _add(decided: Decided) -> Extraction:
    """Add an entity wherever its name (or quote) occurs and no longer name covers it; one that is
    known already gets the places that it has not."""
    one, extraction = decided.one, decided.extraction
    words, name = as_read(one.quote or one.name), as_read(one.name)
    known = entity_named(extraction, one.kind, name)
    entities = (*extraction.zones, *extraction.institutions)
    taken = [m for e in entities for m in e.mentions if len(m) > len(words)]
    has = set(known.mentions) if known else set()
    spans = []
    for sentence in decided.document.sentences:
        at = sentence.text.find(words)
        while at >= 0:
            span = sentence.read.locate(at, at + len(words))
            if span not in has and not any(t.contains(span) for t in taken):
                spans.append(span)
            at = sentence.text.find(words, at + len(words))
    aliases = {words} - {name}
    fresh = Entity(name, one.kind, one.type, some(spans), aliases)
    if known is not None:
        fresh = replace(known, mentions=sorted({*has, *spans}), aliases=known.aliases | aliases)
    return _with_entities(decided, [*_others(decided, known), fresh])


def _measure(decided: Decided) -> Measure | None:
    """The measure of the sentence that is quoted; None where it has none."""
    number, measures = decided.sentence.number, decided.extraction.measures
    return next((m for m in measures if m.number == number), None)


def _add_measure(decided: Decided) -> Extraction:
    """Add the measure of a sentence, titled by words of it, or else by the clause that acts."""
    sentence, title = decided.sentence, as_read(decided.one.title)
    some(_measure(decided) is None)
    at = sentence.text.find(title)
    some(at >= 0)
    clause = action(sentence.text) or clauses(sentence.text)[0]
    if title:
        clause = Clause(at, at + len(title), title)
    found = (*decided.extraction.measures, measure_of(decided.document, sentence, clause))
    return replace(decided.extraction, measures=tuple(sorted(found, key=lambda m: m.span)))


def _title(decided: Decided) -> Extraction:
    """Title a measure by other words of its sentence."""
    sentence, title = decided.sentence, as_read(decided.one.title)
    measure, at = some(_measure(decided)), sentence.text.find(title)
    some(at >= 0)
    place = sentence.read.locate(at, at + len(title))
    return decided.changed("measures", measure, title=title, title_span=place)


def _achievements(decided: Decided) -> list[Achievement]:
    """The achievements whose clause holds the quoted words, the one whose number ends them."""
    words, document = as_read(decided.one.quote), decided.document
    found = decided.extraction.achievements
    held = [a for a in found if words in document.read(a.span).text]
    return [a for a in held if words.endswith(a.quantity.text)] or held


def _rename_achievement(decided: Decided) -> Extraction:
    """Say of what the one achievement is whose number ends the quoted words."""
    held = _achievements(decided)
    some(len(held) == 1)
    return decided.changed("achievements", held[0], what=as_read(decided.one.to))


def _add_achievement(decided: Decided) -> Extraction:
    """Add the achievement whose number is the last in the quoted words, if it is not known."""
    sentence, one, known = decided.sentence, decided.one, decided.extraction.achievements
    key = free_key(f"{sentence.number}-", {a.number for a in known})
    words = as_read(one.name), as_read(one.quote)
    fresh = some(read_achievement(sentence, *words, key, decided.period))
    some(fresh.quantity.span not in {a.quantity.span for a in known})
    found = tuple(sorted((*known, fresh), key=lambda a: a.span))
    return replace(decided.extraction, achievements=found)


def headings_decided(corrections: Iterable[Correction]) -> dict[str, bool]:
    """Whether numbered lines are headings, as a person decided, by their words."""
    return {as_decided(c.quote): c.action == "add" for c in corrections if c.kind == "section"}


def _heading(decided: Decided) -> Extraction:
    """A decision about a heading was made when the document was read."""
    document, one = decided.document, decided.one
    words = (document.printed(s.heading_span) for s in document.sections)
    some((as_decided(one.quote) in map(as_decided, words)) == (one.action == "add"))
    return decided.extraction


_ALIKE = {"vision": "goal", "zone": "entity", "institution": "entity"}  # kinds decided as one
_CHANGES: dict[tuple[str, str], Callable[[Decided], Extraction]] = {
    **CHANGES,
    ("measure", "add"): _add_measure,
    ("measure", "title"): _title,
    ("measure", "drop"): lambda decided: decided.without("measures", [some(_measure(decided))]),
    ("achievement", "rename"): _rename_achievement,
    ("achievement", "add"): _add_achievement,
    ("achievement", "drop"): lambda one: one.without("achievements", _achievements(one)),
    ("section", "add"): _heading,
    ("section", "drop"): _heading,
    ("entity", "add"): _add,
    ("entity", "accept"): _accept,
    ("entity", "reject"): lambda decided: _with_entities(decided, _others(decided, decided.entity)),
    ("entity", "rename"): _rename,
    ("entity", "retype"): lambda decided: _accept(decided, type=decided.one.type),
    ("entity", "split"): _split,
}
