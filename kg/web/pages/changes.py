"""What a release changed of a plan, as its page tells it: in plan terms and in one language."""

import re
from dataclasses import dataclass, replace

from flask import g

from kg.rdf.namespaces import PLAN, PREFIXES
from kg.release.changes import counts_of
from kg.release.history import Changed, Changes, Entity
from kg.release.manifest import PlanEntry
from kg.web.context import plan_title, reader, release, removal_of, text

_HAN = re.compile(r"[\u4e00-\u9fff]")
_IN_WORDS = (str(PLAN), PREFIXES["skos"], PREFIXES["dcterms"], PREFIXES["foaf"])
_NOT_TOLD = {  # what only the data needs; and a value that was entered, which is told as such
    *(str(PLAN[name]) for name in ("confidence", "score", "valueKind", "statedIn", "hasActual")),
    *(PREFIXES["dcterms"] + name for name in ("modified", "source", "isPartOf", "conformsTo")),
}


@dataclass(frozen=True)
class PlanChanges:
    """What changed of a plan.

    plan: None where it is not in the current release.
    title: of the plan; its slug where neither the release nor what changed has one.
    changed: entities with the properties that changed, each as name, value before and value after.
    counts: how many entities were added, removed and changed, and then how many links; the lists
        leave links out.
    """

    slug: str
    plan: PlanEntry | None
    title: str
    added: tuple[Entity, ...]
    removed: tuple[Entity, ...]
    changed: tuple[tuple[Entity, tuple[tuple[str, str, str], ...]], ...]
    counts: tuple[int, ...]


def plan_changes(slug: str, one: Changes) -> PlanChanges:
    """What changed of a plan, for its page."""
    names = {entity.iri: entity.label for entity in (*one.added, *one.removed)}
    plan = release().plan(slug)
    entities = [[t for t in side if t.kind != "Link"] for side in (one.added, one.removed)]
    changed = [c for c in one.changed if c.thing.kind != "Link"]
    titles = (t.label for side in entities for t in side if t.kind == "Plan")
    return PlanChanges(
        slug,
        plan,
        plan_title(plan) if plan else next(titles, slug),
        tuple(_named(t, plan) for t in entities[0]),
        tuple(_with_successor(_named(t, plan)) for t in entities[1]),
        tuple((_named(c.thing, plan), _lines(c, names)) for c in changed),
        counts_of(one),
    )


def _named(entity: Entity, plan: PlanEntry | None) -> Entity:
    if entity.kind == "Plan" and plan is not None:
        return Entity(entity.iri, entity.kind, plan_title(plan))
    return entity


def _with_successor(entity: Entity) -> Entity:
    """What was taken out, called as well by what has its place, as after a merge."""
    gone = removal_of(entity.iri)
    if gone is None or not gone.successor:
        return entity
    return replace(entity, label=f"{entity.label} → {reader().label(gone.successor)}")


def _lines(changed: Changed, names: dict[str, str]) -> tuple[tuple[str, str, str], ...]:
    """The changed properties in words; those of the data alone are left out."""
    found = []
    for change in changed.changes:
        if not change.property.startswith(_IN_WORDS) or change.property in _NOT_TOLD:
            continue
        before, after = (_in_one_line(values, names) for values in (change.before, change.after))
        if before or after:
            found.append((reader().label(change.property), before, after))
    return tuple(found)


def _in_one_line(values: tuple[str, ...], names: dict[str, str]) -> str:
    """Values in one line: of what is said in Chinese and in English, the page's language alone."""
    words = [
        names.get(v) or (reader().label(v) if v.startswith(("http://", "https://")) else v)
        for v in values
    ]
    sentences = [w for w in words if len(w.split()) > 1 or _HAN.search(w)]
    if len(sentences) > 1 and len({bool(_HAN.search(w)) for w in sentences}) > 1:
        words = [w for w in words if bool(_HAN.search(w)) is (g.language == "zh")]
    return text("semicolon").join(words)
