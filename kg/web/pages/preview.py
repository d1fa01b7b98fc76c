"""What the next publish would change of a plan, by what its folder holds now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.rdf.namespaces import PLAN, local_name
from kg.web.context import reader
from kg.web.pages.correctable import labels_of, link_words
from kg.web.released import Release

if TYPE_CHECKING:
    from kg.link.reading import Reading

_KINDS = ("Goal", "Vision", "Indicator", "Target", "Baseline", "Zone", "Institution", "Measure")
# ordered, since a vision is a goal as well
_RELEASED = f"""SELECT ?x ?kind ?type WHERE {{ ?x a ?kind .
  VALUES ?kind {{ {" ".join(f"plan:{kind}" for kind in _KINDS)} }}
  OPTIONAL {{ ?x plan:zoneType|plan:institutionType ?type }} }} ORDER BY ?kind"""


@dataclass(frozen=True)
class Change:
    """An entity of a class that the next publish adds, removes, or names or types otherwise: its
    names before and after, with their types, or what it is merged into; "" where there is none."""

    kind: str
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """What the next publish changes: entities by kind, and links added and removed, in words."""

    changes: tuple[Change, ...]
    links_added: tuple[str, ...]
    links_removed: tuple[str, ...]


def preview(reading: Reading, shown: Release) -> Preview:
    """What the next publish would change."""
    slug, iris = reading.plan.slug, reading.iris(shown.base)
    named_things = (*reading.linked.extraction.zones, *reading.linked.extraction.institutions)
    types = {(one.kind, one.name): str(PLAN[f"{one.kind}-{one.type}"]) for one in named_things}

    def labelled(name: str, type_: str | None) -> str:
        return f"{name} · {reader().label(type_)}" if type_ else name

    visions = {one.number for one in reading.linked.extraction.goals if one.vision}
    now = {
        str(iris.of(kind, key)): (
            "Vision" if kind == "goal" and key in visions else kind.capitalize(),
            labelled(label, types.get((kind, key))),
        )
        for (kind, key), label in labels_of(reading).items()
        if kind.capitalize() in _KINDS
    }
    before = {
        row["x"]: (local_name(row["kind"]), labelled(reader().label(row["x"]), row["type"]))
        for row in shown.select(_RELEASED, slug)
    }
    into = {(one.kind.capitalize(), one.name): one.to for one in reading.applied.made if one.to}
    changes = [
        Change(kind, before[iri][1] if iri in before else "", name)
        for iri, (kind, name) in now.items()
        if before.get(iri) != (kind, name)
    ]
    changes += [
        Change(kind, name, into.get((kind, reader().label(iri)), ""))
        for iri, (kind, name) in before.items()
        if iri not in now
    ]
    named = link_words(reading)
    links = reading.linked.links
    linked = {str(iris.link(one.subject, one.predicate, one.object)): one for one in links}
    released = shown.select("SELECT ?x { ?x a plan:Link FILTER ( isIRI(?x) ) }", slug)
    were = {str(row["x"]) for row in released}
    changes.sort(key=lambda change: (_KINDS.index(change.kind), change.after or change.before))
    return Preview(
        tuple(changes),
        tuple(sorted(named(link) for iri, link in linked.items() if iri not in were)),
        tuple(sorted(reader().label(iri) for iri in were - linked.keys())),
    )
