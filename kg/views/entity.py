"""The content of an entity's page: labels, values, links with evidence, passages in context."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pyoxigraph as ox

from kg.lexicon import lexicon, worded
from kg.link.explaining import explained
from kg.rdf.iris import NAMED, STATEMENT, reading_order, sameness
from kg.rdf.namespaces import PLAN, expand, local_name
from kg.source.text import on_one_line, shortened
from kg.views.reading import Paragraphs

_LABELS = ("skos:prefLabel", "rdfs:label", "dcterms:title", "foaf:name", "plan:heading")
_KINDS = (
    "Vision", "Goal", "Measure", "Baseline", "Target", "ActualValue", "Value", "Indicator",
    "IndicatorConcept", "Achievement", "Zone", "Institution", "Area", "Section", "Passage", "Link",
    "Finding", "Correction", "Erratum", "Plan", "MeasureState", "Assessment",
)  # fmt: skip
_PASSAGE = 40  # characters of a passage by which it is called
MOST = 500  # entities that a page lists of one property
_HIDDEN = frozenset(
    map(expand, ("rdf:type", "prov:wasQuotedFrom", "rdfs:isDefinedBy", "prov:wasGeneratedBy"))
)
_STATES = ("rdf:subject", "rdf:predicate", "rdf:object")
_STATEMENT = frozenset(map(expand, _STATES))
_SAME = frozenset(map(expand, ("owl:sameAs", "plan:sameNameAs")))


@dataclass(frozen=True)
class Reference:
    """An entity to link to: IRI, label, and kind ("" for terms of vocabularies)."""

    iri: str
    label: str
    kind: str


@dataclass(frozen=True)
class Joined:
    """An entity on the other side of a link, with how the link was found and the statement that
    says so; of a correction, who made it, when and why."""

    entity: Reference
    method: Reference | None
    link: str
    score: str = ""
    explanation: str = ""

    @property
    def inferred(self) -> bool:
        """Whether the link was found by comparing words, and not stated in the text."""
        return self.score != ""


@dataclass(frozen=True)
class Stated:
    """A property with its plain values."""

    property: Reference
    values: list[str]


@dataclass(frozen=True)
class Group:
    """A property with the entities it joins; more: how many of them are not listed."""

    property: Reference
    entities: list[Joined]
    more: int = 0


@dataclass(frozen=True)
class Context:
    """A paragraph of the source in pieces, each marked or not, and the section it is in."""

    pieces: list[tuple[str, bool]]
    section: Reference | None
    passages: list[str]
    corrected: list[str]


@dataclass(frozen=True)
class Entity:
    """Everything a page shows of one entity."""

    iri: str
    label: str
    kind: str
    names: list[str]
    values: list[Stated]
    outgoing: list[Group]
    incoming: list[Group]
    contexts: list[Context]


class EntityReader:
    """Reads a released store for the pages, in one language (zh, en), else in Chinese."""

    def __init__(self, store: ox.Store, language: str) -> None:
        self._store, self._language = store, language
        self._labels: dict[str, str] = {}

    def _objects(self, subject: ox.NamedNode, predicate: str) -> list[Any]:
        """The objects of a property, which is named with its prefix."""
        node = ox.NamedNode(expand(predicate))
        return [q.object for q in self._store.quads_for_pattern(subject, node, None, None)]

    def _first(self, subject: ox.NamedNode, predicate: str) -> Any:
        return next(iter(self._objects(subject, predicate)), None)

    def exists(self, iri: str) -> bool:
        """Whether the store says anything of an IRI as subject."""
        return any(True for _ in self._store.quads_for_pattern(ox.NamedNode(iri), None, None, None))

    def label(self, iri: str) -> str:
        """The label of an IRI in this language, else in Chinese, else its last part."""
        if iri not in self._labels:
            self._labels[iri] = self._find_label(iri)
        return self._labels[iri]

    def value(self, iri: str, predicate: str) -> str:
        """A value of a property, which is named with its prefix, as text; "" where it has none."""
        found = self._objects(ox.NamedNode(iri), predicate)
        return min((o.value for o in found if not isinstance(o, ox.Triple)), default="")

    def words(self, iri: str, predicate: str) -> str:
        """What a property says in this language, else in Chinese, else in any; "" for nothing."""
        found = {
            o.language or "": o.value
            for o in self._objects(ox.NamedNode(iri), predicate)
            if isinstance(o, ox.Literal)
        }
        return found.get(self._language) or found.get("zh") or min(found.values(), default="")

    def _find_label(self, iri: str) -> str:
        node = ox.NamedNode(iri)
        for predicate in _LABELS:
            if found := self.words(iri, predicate):
                return self._named(iri, found)
        if self.kind(iri) == "Passage":
            return shortened(on_one_line(self.value(iri, "plan:text")), _PASSAGE)
        if self.kind(iri) == "Link":
            subject, stated, object_ = (self._first(node, p).value for p in _STATES)
            ends = self.label(subject), self.label(object_)
            return self.stated(self.kind(subject), ends[0], local_name(stated), ends[1])
        return local_name(iri.rstrip("/#"))

    def stated(self, kind: str, subject: str, property_: str, object_: str) -> str:
        """A link as a sentence: what its ends are called, the class of its subject, such as
        Measure, and the name of its property in the vocabulary."""
        of_language = ("zh", "en").index(self._language)
        called = self.label(str(PLAN[kind]))
        values = {
            "subject": worded("link", "end", kind=called, name=subject)[of_language],
            "property": self.label(str(PLAN[property_])),
            "object": object_,
        }
        key = property_ if property_ in lexicon("statements")["link"] else "other"
        return worded("link", key, **values)[of_language]

    def in_words(self, name: str, called: Callable[[str, str], str]) -> str:
        """A correction's name; that of a link, made of identifiers, as a sentence, its ends called
        by kind and identifier."""
        found = STATEMENT.fullmatch(name)
        if found is None:
            return name
        subject, one, predicate, object_, other = found.groups()
        ends = called(subject, one), called(object_, other)
        return self.stated(subject.capitalize(), ends[0], predicate, ends[1])

    def _named(self, iri: str, name: str) -> str:
        """A name; that of a link's correction by the names of the ends."""
        plan, correction, _ = iri.partition("/correction/")

        def called(kind: str, key: str) -> str:
            return key if kind in NAMED else self.label(f"{plan}/{kind}/{key}")

        return self.in_words(name, called) if correction else name

    def sentences(self, statement: str) -> list[tuple[str, str]]:
        """The evidence of a statement about a link: each passage's IRI with its words, corrected
        where the published ones are damaged."""
        if not statement:
            return []
        passages = [o.value for o in self._objects(ox.NamedNode(statement), "prov:wasQuotedFrom")]
        found = []
        for passage in sorted(passages, key=reading_order):
            node = ox.NamedNode(passage)
            words = self._objects(node, "plan:correctedText") or self._objects(node, "plan:text")
            found += [(passage, on_one_line(w.value)) for w in words]
        return found

    def kind(self, iri: str) -> str:
        """The most specific class of the vocabulary that an entity has."""
        types = {type_.removeprefix(str(PLAN)) for type_ in self.types(iri)}
        return next((k for k in _KINDS if k in types), "")

    def types(self, iri: str) -> frozenset[str]:
        """The IRIs of the classes that an entity is of."""
        return frozenset(o.value for o in self._objects(ox.NamedNode(iri), "rdf:type"))

    def reference(self, iri: str) -> Reference:
        """An entity to link to."""
        return Reference(iri, self.label(iri), self.kind(iri))

    def objects(self, iri: str, predicate: str) -> list[Reference]:
        """What a property of an entity, named with its prefix, leads to."""
        found = self._objects(ox.NamedNode(iri), predicate)
        return [self.reference(one.value) for one in found if isinstance(one, ox.NamedNode)]

    def entity(self, iri: str, paragraphs: Paragraphs | None = None) -> Entity:
        """Everything a page shows of an entity; passages in context by its plan's paragraphs."""
        node = ox.NamedNode(iri)
        statements = self._statements(node)
        values: dict[str, list[ox.Literal]] = {}
        outgoing: dict[str, list[str]] = {}
        for quad in self._store.quads_for_pattern(node, None, None, None):
            property_ = quad.predicate.value
            if property_ in _HIDDEN:
                continue
            if isinstance(quad.object, ox.Literal):
                values.setdefault(property_, []).append(quad.object)
            elif isinstance(quad.object, ox.NamedNode):
                outgoing.setdefault(property_, []).append(quad.object.value)
        incoming: dict[str, list[str]] = {}
        for quad in self._store.quads_for_pattern(None, None, node, None):
            property_ = quad.predicate.value
            if property_ in _STATEMENT or not isinstance(quad.subject, ox.NamedNode):
                continue
            incoming.setdefault(property_, []).append(quad.subject.value)
        label_properties = set(map(expand, _LABELS))
        return Entity(
            iri,
            self.label(iri),
            self.kind(iri),
            sorted(self._literal(name) for name in values.pop(expand("skos:altLabel"), [])),
            [
                Stated(self.reference(p), self._shown(v))
                for p, v in sorted(values.items())
                if p not in label_properties
            ],
            self._groups(iri, outgoing, statements, True),
            self._groups(iri, incoming, statements, False),
            list(self._contexts(self._passages(node), paragraphs)) if paragraphs else [],
        )

    def _groups(
        self,
        iri: str,
        joined: dict[str, list[str]],
        statements: dict[tuple[str, str, bool], str],
        outgoing: bool,
    ) -> list[Group]:
        """What an entity is joined to, by property (IRIs): entities before terms of vocabularies,
        in reading order. Where it is their object and not their subject (outgoing), passages and
        statements are left out."""
        order = {k: i for i, k in enumerate(_KINDS)}
        groups = []
        for property_, iris in sorted(joined.items()):
            kinds = {iri: self.kind(iri) for iri in iris}
            listed = [iri for iri in iris if outgoing or kinds[iri] not in ("Passage", "Link")]
            listed.sort(key=lambda iri: (order.get(kinds[iri], 99), reading_order(iri)))
            if listed:
                shown = [Reference(iri, self.label(iri), kinds[iri]) for iri in listed[:MOST]]
                entities = [
                    self._joined(
                        entity,
                        property_,
                        statements.get((property_, entity.iri, outgoing)),
                        sameness(entity.iri if outgoing else iri, property_)
                        if property_ in _SAME and entity.kind
                        else "",
                    )
                    for entity in shown
                ]
                groups.append(
                    Group(self.reference(property_), entities, len(listed) - len(entities))
                )
        return groups

    def _shown(self, literals: list[ox.Literal]) -> list[str]:
        """The words of literals: those in the page's language, where a property has several."""
        mine = [literal for literal in literals if literal.language in (None, self._language)]
        return sorted(self._literal(literal) for literal in mine or literals)

    def _literal(self, literal: ox.Literal) -> str:
        signs = {"true": "✓", "false": "✗"} if literal.datatype.value.endswith("boolean") else {}
        return signs.get(literal.value, on_one_line(literal.value))

    def _joined(self, entity: Reference, property_: str, link: str | None, same: str) -> Joined:
        """property_: the IRI of what joins them. same: the IRI of why they are the same; "" where
        that is not what joins them."""
        if link is None:
            why = self._decision(entity.iri) if entity.kind == "Correction" else ""
            said = self.words(same, "plan:explanation") if same else why
            return Joined(entity, None, "", explanation=said)
        node = ox.NamedNode(link)
        method, score = self._first(node, "plan:method"), self._first(node, "plan:score")
        found_by = self.reference(method.value) if method else None
        explanation = self.words(link, "plan:explanation")
        if not explanation and method:
            explanation = self._explained(node, method.value, property_, score)
        return Joined(entity, found_by, link, score.value if score else "", explanation)

    def _explained(self, link: ox.NamedNode, method: str, property_: str, score: Any) -> str:
        """Why a link holds, where it says no more than its method and its passages do; "" where
        another version of the vocabulary has the method, or it has no text."""
        texts = (
            self._first(passage, "plan:correctedText") or self._first(passage, "plan:text")
            for passage in self._objects(link, "prov:wasQuotedFrom")
        )
        passages = [text.value for text in texts if text]
        name = local_name(method)
        if name not in lexicon("methods") or not passages:
            return ""
        zh, en = explained(name, local_name(property_), passages, score.value if score else None)
        return en if self._language == "en" else zh

    def _decision(self, iri: str) -> str:
        """By whom a correction was made, when, and why, as far as it is known."""
        node = ox.NamedNode(iri)
        people = self._objects(node, "prov:wasAttributedTo")
        parts = [
            *(self.reference(person.value).label for person in people),
            *(
                one.value.replace("T", " ")
                for property_ in ("prov:generatedAtTime", "plan:reason")
                for one in self._objects(node, property_)
            ),
        ]
        return " · ".join(parts)

    def _statements(self, node: ox.NamedNode) -> dict[tuple[str, str, bool], str]:
        """The statements about an entity's links, by property, other end and direction."""
        found: dict[tuple[str, str, bool], str] = {}
        for is_subject, mine, other in (
            (True, "rdf:subject", "rdf:object"),
            (False, "rdf:object", "rdf:subject"),
        ):
            about = self._store.quads_for_pattern(None, ox.NamedNode(expand(mine)), node, None)
            for statement in (quad.subject for quad in about):
                if isinstance(statement, ox.NamedNode):
                    property_ = self._first(statement, "rdf:predicate")
                    far = self._first(statement, other)
                    if property_ is not None and far is not None:
                        found[property_.value, far.value, is_subject] = statement.value
        return found

    def _passages(self, node: ox.NamedNode) -> list[ox.NamedNode]:
        if self.kind(node.value) == "Passage":
            return [node]
        return [o for o in self._objects(node, "prov:wasQuotedFrom") if isinstance(o, ox.NamedNode)]

    def _contexts(
        self, passages: Iterable[ox.NamedNode], paragraphs: Paragraphs
    ) -> Iterator[Context]:
        """The paragraphs that contain passages, each once, with the passages marked."""
        by_paragraph: dict[tuple[int, int], list[tuple[int, int, ox.NamedNode]]] = {}
        for passage in passages:
            start, end = (int(self._first(passage, p).value) for p in ("oa:start", "oa:end"))
            by_paragraph.setdefault(paragraphs.around(start, end), []).append((start, end, passage))
        for (begin, end), marked in sorted(by_paragraph.items()):
            marked.sort(key=lambda place: place[:2])
            nodes = [passage for _, _, passage in marked]
            section = self._first(nodes[0], "dcterms:isPartOf")
            yield Context(
                _pieces(paragraphs, begin, end, [(a, b) for a, b, _ in marked]),
                self.reference(section.value) if section else None,
                [node.value for node in nodes],
                [
                    paragraphs.printed(a, b, corrected=True)
                    for a, b, node in marked
                    if self._first(node, "plan:correctedText")
                ],
            )


def _pieces(
    paragraphs: Paragraphs, begin: int, end: int, spans: list[tuple[int, int]]
) -> list[tuple[str, bool]]:
    """A paragraph cut at the edges of its marked spans."""
    edges = sorted({begin, end, *(p for span in spans for p in span)})
    return [
        (paragraphs.printed(a, b), any(start <= a and b <= stop for start, stop in spans))
        for a, b in pairwise(edges)
    ]
