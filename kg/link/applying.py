"""A person's corrections, applied to what was read and linked."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count

from kg.document.structure import Document, as_decided
from kg.extract.achievements import read_achievement
from kg.extract.clauses import Clause, clauses
from kg.extract.measures import measure_of
from kg.extract.model import Achievement, Entity, Extraction, Measure
from kg.extract.titling import action
from kg.lexicon import worded
from kg.link.corrections import Correction
from kg.link.goal_corrections import add_goal, reject_goal, rename_goal
from kg.link.model import Linked, serving, statement
from kg.link.row_corrections import add_value, reject_row, rename_row
from kg.link.target_corrections import (
    accept_target,
    add_target,
    as_read,
    drop_target,
    quoted,
    reject_target,
    rename_target,
)


@dataclass(frozen=True)
class Applied:
    """The corrected extraction, the corrections made, and those that matched nothing; merged: the
    ordinals of those that gave a zone or an institution the name that another had."""

    extraction: Extraction
    made: tuple[Correction, ...]
    idle: tuple[Correction, ...]
    merged: frozenset[int] = frozenset()


def apply_corrections(
    document: Document,
    extraction: Extraction,
    corrections: tuple[Correction, ...],
    period: tuple[int, int],
) -> Applied:
    """Make the corrections, in order."""
    made: list[Correction] = []
    idle: list[Correction] = []
    merged: set[int] = set()
    for one in corrections:
        if one.kind == "link":
            continue
        own = "goal" if one.kind == "vision" else one.kind
        kind = own if own in _OF_THEIR_OWN else "entity"
        change = _CHANGES.get((own, one.action)) or _CHANGES.get((kind, one.action))
        corrected = change(document, extraction, one, period) if change else None
        (idle if corrected is None else made).append(one)
        renamed = kind == "entity" and one.action == "rename"
        if renamed and any(e.name == one.to for e in entities_of(extraction, one.kind)):
            merged.add(one.ordinal)
        extraction = corrected or extraction
    return Applied(extraction, tuple(made), tuple(idle), frozenset(merged))


def decide_links(
    linked: Linked, corrections: tuple[Correction, ...], identifiers: Mapping[tuple[str, str], str]
) -> tuple[Linked, tuple[Correction, ...], tuple[Correction, ...]]:
    """Take out rejected links, mark accepted ones as reviewed, those that are only likely as well,
    and add what measures serve.

    Args:
        identifiers: the identifiers by which links are named, by kind and key.

    Returns:
        The links, the corrections that were made, and those that found nothing to correct.
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


def entities_of(extraction: Extraction, kind: str) -> tuple[Entity, ...]:
    """The zones or the institutions; none of another kind."""
    return {"zone": extraction.zones, "institution": extraction.institutions}.get(kind, ())


def _with_entities(extraction: Extraction, kind: str, entities: list[Entity]) -> Extraction:
    ordered = tuple(sorted(entities, key=lambda e: (e.mentions[0], e.name)))
    if kind == "zone":
        return replace(extraction, zones=ordered)
    return replace(extraction, institutions=ordered)


def _with_one(extraction: Extraction, entity: Entity, changed: Entity) -> Extraction:
    held = entities_of(extraction, entity.kind)
    return _with_entities(extraction, entity.kind, [changed if e is entity else e for e in held])


def entity_named(extraction: Extraction, kind: str, name: str) -> Entity | None:
    """The entity of a kind that bears a name, or else that has it among its other names."""
    found = entities_of(extraction, kind)
    return next((e for e in found if e.name == name), None) or next(
        (e for e in found if name in e.aliases), None
    )


def _rename(_: Document, extraction: Extraction, one: Correction, entity: Entity) -> Extraction:
    """Rename an entity; where another entity has that name already, the two become one."""
    others = [e for e in entities_of(extraction, one.kind) if e is not entity]
    target = next((e for e in others if e.name == one.to), None)
    aliases = (entity.aliases | {entity.name} | (target.aliases if target else set())) - {one.to}
    mentions = sorted({*entity.mentions, *(target.mentions if target else ())})
    merged = Entity(one.to, one.kind, (target or entity).type, mentions, aliases)
    bounds = tuple(
        replace(
            b,
            zone=one.to if b.zone == entity.name else b.zone,
            by=one.to if b.by == entity.name else b.by,
        )
        for b in extraction.boundaries
    )
    return _with_entities(
        replace(extraction, boundaries=bounds),
        one.kind,
        [e for e in others if e is not target] + [merged],
    )


def _split(
    document: Document, extraction: Extraction, one: Correction, entity: Entity
) -> Extraction | None:
    """Take an entity apart: where the text names it in other words, that is another entity."""
    if any(e.name == one.to for e in entities_of(extraction, one.kind)):
        return None
    apart = [m for m in entity.mentions if document.read(m).text == one.to]
    kept = [m for m in entity.mentions if m not in apart]
    if not apart or not kept:
        return None
    without = replace(entity, mentions=kept, aliases=entity.aliases - {one.to})
    others = [e for e in entities_of(extraction, one.kind) if e is not entity]
    fresh = Entity(one.to, one.kind, entity.type, apart)
    return _with_entities(extraction, one.kind, [*others, without, fresh])


def _add(document: Document, extraction: Extraction, one: Correction) -> Extraction | None:
    """Add an entity wherever its name (or quote) occurs and no longer name covers it; one that is
    known already gets the places that it has not."""
    words, name = as_read(one.quote or one.name), as_read(one.name)
    known = entity_named(extraction, one.kind, name)
    entities = (*extraction.zones, *extraction.institutions)
    taken = [m for e in entities for m in e.mentions if len(m) > len(words)]
    has = set(known.mentions) if known else set()
    spans = []
    for sentence in document.sentences:
        at = sentence.text.find(words)
        while at >= 0:
            span = sentence.read.locate(at, at + len(words))
            if span not in has and not any(t.contains(span) for t in taken):
                spans.append(span)
            at = sentence.text.find(words, at + len(words))
    if not spans:
        return None
    aliases = {words} - {name}
    if known is not None:
        mentions = sorted({*known.mentions, *spans})
        more = replace(known, mentions=mentions, aliases=known.aliases | aliases)
        return _with_one(extraction, known, more)
    fresh = Entity(name, one.kind, one.type, spans, aliases)
    return _with_entities(extraction, one.kind, [*entities_of(extraction, one.kind), fresh])


def _add_measure(document: Document, extraction: Extraction, one: Correction) -> Extraction | None:
    """Add the measure of a sentence, titled by words of it, or else by the clause that acts."""
    sentence, title = quoted(document, one.quote), as_read(one.title)
    if sentence is None or any(m.number == sentence.number for m in extraction.measures):
        return None
    at = sentence.text.find(title)
    clause = action(sentence.text) or clauses(sentence.text)[0]
    if title:
        clause = Clause(at, at + len(title), title)
    if at < 0:
        return None
    found = (*extraction.measures, measure_of(document, sentence, clause))
    return replace(extraction, measures=tuple(sorted(found, key=lambda m: m.span)))


def _title(document: Document, extraction: Extraction, one: Correction) -> Extraction | None:
    """Title a measure by other words of its sentence."""
    sentence, title = quoted(document, one.quote), as_read(one.title)
    at = sentence.text.find(title) if sentence else -1
    measure = next(
        (m for m in extraction.measures if sentence and m.number == sentence.number), None
    )
    if sentence is None or measure is None or at < 0:
        return None
    changed: Measure = replace(
        measure, title=title, title_span=sentence.read.locate(at, at + len(title)), confidence=1.0
    )
    return replace(
        extraction, measures=tuple(changed if m is measure else m for m in extraction.measures)
    )


def _drop(document: Document, extraction: Extraction, one: Correction) -> Extraction | None:
    """Drop the measure of a sentence, or the achievements whose clause holds the quoted words."""
    if one.kind == "achievement":
        gone = _achievements(document, extraction, one.quote)
        kept = tuple(a for a in extraction.achievements if a not in gone)
        return replace(extraction, achievements=kept) if gone else None
    sentence = quoted(document, one.quote)
    measures = tuple(m for m in extraction.measures if not sentence or m.number != sentence.number)
    return (
        replace(extraction, measures=measures) if len(measures) < len(extraction.measures) else None
    )


def _achievements(document: Document, extraction: Extraction, quote: str) -> list[Achievement]:
    """The achievements whose clause holds the quoted words, the one whose number ends them."""
    words = as_read(quote)
    held = [a for a in extraction.achievements if words in document.read(a.span).text]
    return [a for a in held if words.endswith(a.quantity.text)] or held


def _rename_achievement(
    document: Document, extraction: Extraction, one: Correction
) -> Extraction | None:
    """Say of what the one achievement is whose number ends the quoted words."""
    held = _achievements(document, extraction, one.quote)
    renamed = tuple(
        replace(a, what=as_read(one.to), confidence=1.0) if a in held else a
        for a in extraction.achievements
    )
    return replace(extraction, achievements=renamed) if len(held) == 1 else None


def _add_achievement(
    document: Document, extraction: Extraction, one: Correction, period: tuple[int, int]
) -> Extraction | None:
    """Add the achievement whose number is the last in the quoted words, if it is not known."""
    if (sentence := quoted(document, one.quote)) is None:
        return None
    known, words = extraction.achievements, (as_read(one.name), as_read(one.quote))
    keys = {a.number for a in known}
    key = next(k for i in count(1) if (k := f"{sentence.number}-{i}") not in keys)
    fresh = read_achievement(sentence, *words, key, period)
    if fresh is None or fresh.quantity.span in {a.quantity.span for a in known}:
        return None
    return replace(extraction, achievements=tuple(sorted((*known, fresh), key=lambda a: a.span)))


def headings_decided(corrections: Iterable[Correction]) -> dict[str, bool]:
    """Whether numbered lines are headings, as a person decided, by their words."""
    return {as_decided(c.quote): c.action == "add" for c in corrections if c.kind == "section"}


def _heading(document: Document, extraction: Extraction, one: Correction) -> Extraction | None:
    """A decision about a heading was made when the document was read."""
    words = (document.printed(s.heading_span) for s in document.sections)
    is_one = as_decided(one.quote) in map(as_decided, words)
    return extraction if is_one == (one.action == "add") else None


_Change = Callable[[Document, Extraction, Correction, tuple[int, int]], Extraction | None]


def _of_entity(
    change: Callable[[Document, Extraction, Correction, Entity], Extraction | None],
) -> _Change:
    """A change of the zone or institution that a correction names."""

    def made(
        document: Document, extraction: Extraction, one: Correction, _: tuple[int, int]
    ) -> Extraction | None:
        entity = entity_named(extraction, one.kind, one.name)
        return change(document, extraction, one, entity) if entity else None

    return made


# what is decided otherwise than what has a name
_OF_THEIR_OWN = ("target", "goal", "indicator", "section")
_CHANGES: dict[tuple[str, str], _Change] = {  # d, e, c, p: as apply_corrections has them
    ("target", "accept"): lambda d, e, c, p: accept_target(e, c.name),
    ("target", "reject"): lambda d, e, c, p: reject_target(e, c.name),
    ("target", "add"): lambda d, e, c, p: add_target(d, e, c.name, c.quote, p),
    ("target", "drop"): lambda d, e, c, p: drop_target(d, e, c.quote),
    ("target", "rename"): lambda d, e, c, p: (
        rename_target(d, e, c.quote, c.to) if c.quote else None
    ),
    ("goal", "reject"): lambda d, e, c, p: reject_goal(e, c.name),
    ("goal", "rename"): lambda d, e, c, p: rename_goal(d, e, c.name, c.to),
    ("goal", "add"): lambda d, e, c, p: add_goal(d, e, c.name, c.quote, c.kind == "vision"),
    ("indicator", "reject"): lambda d, e, c, p: reject_row(e, c.name),
    ("indicator", "rename"): lambda d, e, c, p: rename_row(e, c.name, c.to),
    ("indicator", "add"): lambda d, e, c, p: add_value(d, e, c.name, c.quote, c.type, p),
    ("measure", "add"): lambda d, e, c, p: _add_measure(d, e, c),
    ("achievement", "rename"): lambda d, e, c, p: _rename_achievement(d, e, c),
    ("achievement", "add"): _add_achievement,
    ("section", "add"): lambda d, e, c, p: _heading(d, e, c),
    ("section", "drop"): lambda d, e, c, p: _heading(d, e, c),
    ("entity", "title"): lambda d, e, c, p: _title(d, e, c),
    ("entity", "drop"): lambda d, e, c, p: _drop(d, e, c),
    ("entity", "add"): lambda d, e, c, p: _add(d, e, c),
    ("entity", "accept"): _of_entity(
        lambda d, e, c, one: _with_one(e, one, replace(one, confidence=1.0))
    ),
    ("entity", "reject"): _of_entity(
        lambda d, e, c, one: _with_entities(
            e, c.kind, [other for other in entities_of(e, c.kind) if other is not one]
        )
    ),
    ("entity", "rename"): _of_entity(_rename),
    ("entity", "retype"): _of_entity(
        lambda d, e, c, one: _with_one(e, one, replace(one, type=c.type, confidence=1.0))
    ),
    ("entity", "split"): _of_entity(_split),
}
