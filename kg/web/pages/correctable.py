"""Everything read from a plan that a person can correct, by what a correction names it by."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.extract.entities import printed_names
from kg.lexicon import grouped, worded
from kg.link.goals import measure_chapters
from kg.link.model import statement
from kg.link.value_decisions import number_places, words_of
from kg.source.text import Span
from kg.web.context import reader, text

if TYPE_CHECKING:
    from kg.link.model import Link
    from kg.link.reading import Reading
    from kg.rdf.iris import Iris

_OF_NAMES = ("accept", "reject", "rename", "merge", "retype")


@dataclass(frozen=True)
class Correctable:
    """Something read from a plan.

    kind, name: what a correction names it by: its number, of a measure or an achievement.
    label, places: what it is called on pages, and where the text names it or says it.
    quote: of a measure, an achievement or a heading, the words that a correction quotes.
    wordings: what the text calls a zone or an institution, if several; what an achievement is
        of.
    ends: of a link, the kind and name of what it joins.
    keys: what its IRIs are made of: kinds and keys.
    """

    kind: str
    name: str
    label: str
    places: tuple[Span, ...]
    actions: tuple[str, ...]
    quote: str = ""
    type: str = ""
    wordings: tuple[str, ...] = ()
    ends: tuple[tuple[str, str], ...] = ()
    keys: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class StatedTarget:
    """A target that the text states: its number as printed, its place, and words that hold it."""

    number: str
    place: Span
    quote: str


def correctables(reading: Reading) -> list[Correctable]:
    """All of a plan, names first, links last."""
    return [
        *_names(reading),
        *_sentences(reading),
        *_rows(reading),
        *_targets(reading),
        *_goals(reading),
        *_chapters(reading),
        *_links(reading),
    ]


def _names(reading: Reading) -> Iterator[Correctable]:
    document, extraction = reading.document, reading.linked.extraction
    for one in (*extraction.zones, *extraction.institutions):
        words = tuple(dict.fromkeys(document.read(place).text for place in one.mentions))
        apart = words if len(words) > 1 else ()
        key, label, places = (one.kind, one.name), printed_names(document, one)[0], one.mentions
        actions = (*_OF_NAMES, "split") if apart else _OF_NAMES
        yield Correctable(
            *key, label, tuple(places), actions, type=one.type, wordings=apart, keys=(key,)
        )


def _sentences(reading: Reading) -> Iterator[Correctable]:
    document, extraction = reading.document, reading.linked.extraction
    for measure in extraction.measures:
        key, place = ("measure", measure.number), measure.span
        words = document.printed(place)
        yield Correctable(*key, measure.title, (place,), ("title", "drop"), words, keys=(key,))
    for one in extraction.achievements:
        key, label = ("achievement", one.number), f"{one.what} {one.quantity.text}"
        words = document.printed(Span(one.span.start, one.quantity.span.end))
        yield Correctable(
            *key, label, (one.span,), ("rename", "drop"), words, wordings=(one.what,), keys=(key,)
        )


def _targets(reading: Reading) -> Iterator[Correctable]:
    extraction = reading.linked.extraction
    stated = grouped(
        (extraction.indicator[value.indicator].name, value)
        for value in extraction.values
        if value.sentence is not None
    )
    for name, values in stated.items():
        words = (extraction.indicator[one.indicator].worded(one.quantity) for one in values)
        values_of = dict.fromkeys(one.zh for one in words)
        label = name + text("colon") + text("graph_between").join(values_of)
        places = (one.quantity.span for one in values)
        keys = tuple(
            key
            for value in values
            for key in ((value.kind.lower(), value.key), ("indicator", value.indicator))
        )
        yield Correctable("target", name, label, tuple(places), ("accept", "reject"), keys=keys)


def stated_targets(reading: Reading, entity: Correctable) -> list[StatedTarget]:
    """The targets that the text states for an indicator, each to be decided by itself."""
    document, extraction = reading.document, reading.linked.extraction
    if entity.kind not in ("target", "indicator"):
        return []
    numbers = list(number_places(document, [v for v in extraction.values if v.sentence]))
    places = [place for _, place in numbers]
    return [
        StatedTarget(value.quantity.text, place, words_of(document, value, place, places))
        for value, place in numbers
        if value.kind == "Target" and extraction.indicator[value.indicator].name == entity.name
    ]


def _goals(reading: Reading) -> Iterator[Correctable]:
    for goal in reading.linked.extraction.goals:
        kind, keys = "vision" if goal.vision else "goal", (("goal", goal.number),)
        places, name = tuple(goal.statement), goal.title
        yield Correctable(kind, name, name, places, ("rename", "reject"), keys=keys)


def _rows(reading: Reading) -> Iterator[Correctable]:
    """The rows of tables of indicators, with their values."""
    extraction = reading.linked.extraction
    of_row = grouped((value.indicator, value) for value in extraction.values)
    for row in extraction.indicators:
        if row.number is None:
            continue
        values = of_row.get(row.key, [])
        quantities = " → ".join(row.worded(value.quantity).zh for value in values)
        label, actions = f"{row.name} {quantities}", ("rename", "reject")
        keys = (("indicator", row.key), *((v.kind.lower(), v.key) for v in values))
        yield Correctable("indicator", row.name, label, (row.span,), actions, keys=keys)


def _chapters(reading: Reading) -> Iterator[Correctable]:
    for one in reading.document.sections:
        place, key = one.heading_span, ("section", one.number)
        words = reading.document.printed(place)
        if one.style not in ("annex", "preface"):
            yield Correctable(
                "section", one.number, one.heading, (place,), ("drop",), words, keys=(key,)
            )


def missing_links(reading: Reading, entity: Correctable) -> list[tuple[str, str]]:
    """The links that a person may add to an entity: the statement of each, and what it leads to. A
    measure may serve the plan's indicators, a chapter support one of its goals."""
    extraction, identifiers = reading.linked.extraction, reading.register.identifiers
    kind, number = entity.keys[0] if entity.keys else ("", "")
    linked = {
        (link.predicate, link.object.key)
        for link in reading.linked.links
        if (link.subject.kind, link.subject.key) == (kind, number)
    }
    if kind == "measure":
        predicate, other = "contributesTo", "indicator"
        offered = [(one.key, one.name) for one in extraction.indicators]
    else:
        predicate, other = "supportsGoal", "goal"
        offered = [(one.number, one.title) for one in extraction.goals if not one.vision]
        chapters = measure_chapters(reading.document, len(offered))
        if kind != "section" or number not in {chapter.number for chapter in chapters}:
            return []
    own = identifiers.get((kind, number), "")
    return [
        (f"{kind} {own} {predicate} {other} {identifiers[other, key]}", label)
        for key, label in offered
        if (predicate, key) not in linked and (other, key) in identifiers
    ]


def labels_of(reading: Reading) -> dict[tuple[str, str], str]:
    """The names by which pages call the entities read from a plan, by kind and key."""
    extraction = reading.linked.extraction
    labels = {(one.kind, one.name): one.label for one in (*_names(reading), *_sentences(reading))}
    labels |= {("section", s.number): s.heading for s in reading.document.sections}
    labels |= {("goal", goal.number): goal.title for goal in extraction.goals}
    labels |= {("indicator", one.key): one.name for one in extraction.indicators}
    for value in extraction.values:
        indicator = extraction.indicator[value.indicator]
        said = indicator.worded(value.quantity).zh
        years = "-".join(map(str, sorted({*value.period})))
        label, _ = worded("label", "value", name=indicator.name, years=years, text=said)
        labels[value.kind.lower(), value.key] = label
    return labels


def names_of_ends(reading: Reading) -> dict[str, str]:
    """What the ends of links are called on pages, by kind and identifier ("measure 4.1.1")."""
    labels = labels_of(reading)
    return {
        f"{kind} {identifier}": labels[kind, key]
        for (kind, key), identifier in reading.register.identifiers.items()
        if (kind, key) in labels
    }


def link_words(reading: Reading) -> Callable[[Link], str]:
    """What a link is called on pages."""
    labels = labels_of(reading)

    def words(link: Link) -> str:
        ends = (link.subject, link.object)
        subject, object_ = (labels.get((end.kind, end.key), end.key) for end in ends)
        return reader().stated(link.subject.kind.capitalize(), subject, link.predicate, object_)

    return words


def _links(reading: Reading) -> Iterator[Correctable]:
    words, likely, of = link_words(reading), reading.linked.likely, reading.register.identifiers
    unpublished = text("doubt_an_unpublished_link")
    for link in (*reading.linked.links, *likely):
        ends = tuple((end.kind, end.key) for end in (link.subject, link.object))
        subject, object_ = (f"{kind}-{of.get((kind, key), key)}" for kind, key in ends)
        label = words(link) + (f" · {unpublished}" if link in likely else "")
        named, places = ("link", statement(link, of), label), tuple(link.evidence)
        keys = (("link", f"{subject}.{link.predicate}.{object_}"),)
        yield Correctable(*named, places, ("accept", "reject"), ends=ends, keys=keys)


def at_place(entities: Sequence[Correctable], start: int, end: int) -> list[Correctable]:
    """The entities that a place of the text names or says."""
    return [
        one
        for one in entities
        if one.kind != "link" and any(p.start < end and start < p.end for p in one.places)
    ]


def of_iri(entities: Sequence[Correctable], iri: str, iris: Iris) -> Correctable | None:
    """The entity that an IRI of the plan is about; None where it is about none of them."""
    return next((one for one in entities if any(iri == str(iris.of(*k)) for k in one.keys)), None)
