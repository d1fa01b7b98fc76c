"""What was read and linked -> RDF named graphs of one plan, as the templates plan.ttl and
corrections.ttl state it."""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib.metadata import version
from itertools import chain, count
from typing import Any

import pyoxigraph as ox
from rdflib import Literal
from rdflib.namespace import SKOS

from kg.document.structure import Document
from kg.errors import PlanlinkError
from kg.extract.entities import printed_names
from kg.extract.model import Goal, Value, Years
from kg.graph.area import area_of_plan
from kg.graph.vocabulary import concept_iri, finding_iri, unit_iri, vocabulary
from kg.lexicon import lexicon, worded
from kg.link.corrections import Correction
from kg.link.crosscheck import Finding, corroborations, cross_check
from kg.link.decided import quoted
from kg.link.identities import Identity, load_identities
from kg.link.model import statement
from kg.link.reading import Reading
from kg.link.themes import theme
from kg.rdf.iris import Iris, Node, program, software_iri
from kg.rdf.namespaces import PLAN, local_name
from kg.rdf.quads import term
from kg.rdf.turtle import stated, statements
from kg.source.findings import Finding as Unread
from kg.source.plan import Plan
from kg.source.text import Span

# Nearly four times what the longest plans give: publishing 283,501 took 1.1 GB and a minute of CPU
MOST_STATEMENTS = 300_000
_OF_A_SENTENCE = 7  # statements at the least


def build(
    reading: Reading, base: str, unread: tuple[Unread, ...], say: Callable[[str], None]
) -> list[ox.Quad]:
    """The quads of the plan's named graphs of what was read from its document, each once, and of
    what was not understood; say is called with a line for each identity that no entity has.
    PlanlinkError where there is more than can be validated within a stated memory."""
    plan, document, linked = reading.plan, reading.document, reading.linked
    if _OF_A_SENTENCE * len(document.sentences) > MOST_STATEMENTS:
        raise _too_many(plan)  # before they are all written
    iris, found = reading.iris(base), linked.extraction
    reader, graph = _Reading(plan, document, iris), iris.graph("document")
    quads = dict.fromkeys(area_of_plan(plan, f"{iris.plan}/area", graph, base))
    for quad in statements(
        "kg.graph",
        "plan",
        graph,
        **reader.words,
        about=plan,
        document=document,
        found=found,
        links=linked.links,
        concepts=linked.concepts,
        values=list(reader.values(found.values)),
        named=[
            (entity, *printed_names(document, entity))
            for entity in (*found.zones, *found.institutions)
        ],
        corroborated=corroborations(found),
        findings=[*reader.findings(cross_check(linked)), *reader.unread(unread)],
        identities=list(_identified(load_identities(plan.folder), iris, say)),
        tagger=reading.tagger,
    ):
        quads[quad] = None
        if len(quads) > MOST_STATEMENTS:
            raise _too_many(plan)
    return [*quads, *_decided(reading, iris)]


def _too_many(plan: Plan) -> PlanlinkError:
    return PlanlinkError.of("statements_many", plan.folder / plan.source_name, MOST_STATEMENTS)


class _Reading:
    """What the template asks of a plan's document; it notes the passages and periods named."""

    def __init__(self, plan: Plan, document: Document, iris: Iris) -> None:
        self._plan, self._document, self._iris = plan, document, iris
        self._passages: dict[Span, str] = {}
        self._periods: dict[Years, str] = {}
        self._findings: set[str] = set()

    @property
    def words(self) -> dict[str, Any]:
        """Values and functions by the names that the template has for them."""
        base = self._iris.base
        return {
            "plan": self._iris.plan,
            "base": base,
            "iris": self._iris,
            "iri": self._iris.of,
            "agent": software_iri(base, program()),
            "program": program(),
            "version": version("planlink"),
            "names": lexicon("provenance"),
            "passages": self._passages,
            "periods": self._periods,
            "passage": self._passage,
            "period": self._period,
            "section_at": self._section_at,
            "printed": self._document.printed,
            "statement_of": self._statement_of,
            "text_of": self._text_of,
            "theme_of": theme,
            "unit": unit_iri,
            "concept_of": concept_iri,
            "local_name": local_name,
            "reason": _reason,
            "words": _readable,
            "zh": lambda text: str(ox.Literal(text, language="zh")),
            "said": lambda key, **values: worded("label", key, **values),
        }

    def _passage(self, span: Span) -> str:
        if span not in self._passages:
            self._passages[span] = self._iris.passage(span.start, span.end)
        return self._passages[span]

    def _period(self, years: Years) -> str:
        return self._periods.setdefault(years, self._iris.period(*years))

    def _section_at(self, offset: int) -> str:
        number = self._document.section_at(offset)
        return self._iris.of("section", number) if number else self._iris.plan

    def _statement_of(self, goal: Goal) -> str:
        """The words of a goal, with full stops behind headings, which are read without."""
        source = self._document.source
        stops = (source[span.end : span.end + 1] for span in goal.statement)
        ended = zip(map(self._document.printed, goal.statement), stops, strict=True)
        return "".join(words + (stop if stop == "。" else "") for words, stop in ended)

    def _text_of(self, span: Span) -> tuple[str, str, str | None]:
        """A passage as published, as corrected, and where the source has it."""
        published = self._document.published(span)
        damaged = any(span.contains(erratum.span) for erratum in self._plan.errata)
        printed = self._document.printed(span) if damaged else published
        return published, printed, self._plan.origin.locator(span.start)

    def values(self, found: tuple[Value, ...]) -> Iterator[tuple[Value, str, bool]]:
        """Each value with its section, and whether it is an observation of the plan's data cube
        (ontology/cube.ttl): one without a number would break it, and so would a second one of the
        same dimensions."""
        observed = set()
        for value in found:
            section = self._section_at(value.quantity.span.start)
            place = (value.indicator, value.period, value.kind, value.quantity.basis, section)
            yield value, section, value.quantity.value is not None and place not in observed
            if value.quantity.value is not None:
                observed.add(place)

    def findings(self, found: tuple[Finding, ...]) -> Iterator[tuple[Any, ...]]:
        """Findings of the cross-check."""
        iris = self._iris
        for one in found:
            first = one.about[0]
            node = self._finding(f"{one.kind}.{first.kind}-{iris.local(first)}")
            about, kind = map(iris.node, one.about), PLAN[f"finding-{one.kind}"]
            yield node, kind, list(about), iris.plan, one.zh, one.en, one.evidence

    def unread(self, found: tuple[Unread, ...]) -> Iterator[tuple[Any, ...]]:
        """What was not understood: about the section that it lies in, or the plan."""
        for one in found:
            number = self._document.section_at(one.span.start) if one.span else None
            about = self._iris.of("section", number) if number else self._iris.plan
            kind = finding_iri(one.kind)
            place = f"section-{self._iris.local(Node('section', number))}" if number else "plan"
            node = self._finding(f"{local_name(kind).removeprefix('finding-')}.{place}")
            spans = [one.span] if one.span else []
            yield node, kind, [about], about, one.wording("zh"), one.wording("en"), spans

    def _finding(self, key: str) -> str:
        """The IRI of a finding; a further one of the same key gets a number that none has."""
        numbered = (f"{key}.{number}" for number in count(2))
        name = next(one for one in chain([key], numbered) if one not in self._findings)
        self._findings.add(name)
        return self._iris.of("finding", name)


def _identified(
    identities: tuple[Identity, ...], iris: Iris, say: Callable[[str], None]
) -> Iterator[tuple[Identity, str]]:
    """The identities of what the plan has, each with whose it is."""
    for one in identities:
        about = Node(one.kind, one.name)
        if one.kind == "area":
            yield one, f"{iris.plan}/area"
        elif iris.names(about):
            yield one, iris.node(about)
        else:
            say(f"identities.toml, identity {one.ordinal}: the plan has no {one.kind} {one.name}")


def _decided(reading: Reading, iris: Iris) -> list[ox.Quad]:
    """What a person decided against the program, in a graph of its own."""
    corrections, linked, links = reading.applied.made, reading.linked, {}
    if any(one.kind == "link" for one in corrections):
        links = {
            statement(one, iris.identifiers): iris.link(one.subject, one.predicate, one.object)
            for one in linked.links
        }
    decided = []
    for one in corrections:
        named, kind = Node(one.kind, one.to or one.name), _KINDS.get(one.kind, one.kind)
        about = [iris.node(named)] if iris.names(named) else []
        about += [iris.of(kind, key) for key in _called(reading, kind, named.key, one.quote)]
        about += [links[one.name]] if one.kind == "link" and one.name in links else []
        decided.append((one, iris.of("correction", str(one.ordinal)), about))
    words = {"decided": decided, "label": _label, "reason": _reason, "moment": _moment}
    return stated("kg.graph", "corrections", iris.graph("corrections"), plan=iris.plan, **words)


_KINDS = {"vision": "goal"}  # of decisions, what they are about


def _label(one: Correction) -> str:
    kinds = vocabulary().objects(PLAN[f"{one.kind}-{one.type}"], SKOS.prefLabel)
    type_ = next((str(kind) for kind in kinds if getattr(kind, "language", "") == "zh"), "")
    parts = (one.name or one.quote, one.to or type_ or one.title)
    return " → ".join(part for part in parts if part)


def _called(reading: Reading, kind: str, name: str, quote: str) -> list[str]:
    """The keys of goals, achievements or rows of tables that bear a name, or of the measure of the
    sentence that is quoted."""
    found = reading.linked.extraction
    if kind == "measure":
        sentence = quoted(reading.document, quote)
        return [m.number for m in found.measures if sentence and m.number == sentence.number]
    if kind == "goal":
        return [goal.number for goal in found.goals if goal.title == name]
    if kind == "achievement":
        return [one.number for one in found.achievements if one.what == name]
    rows = found.indicators if kind == "indicator" else ()
    return [row.key for row in rows if row.number is not None and row.name == name]


def _moment(text: str) -> str:
    """A day or a time of day; as plain text where it is none, for the shapes to report."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return str(ox.Literal(text))
    is_day = len(text) == len("2026-01-31")
    return str(term(Literal(moment.date() if is_day else moment)))


# characters that were lost or have no meaning, and marks of a web page
_UNREADABLE = re.compile(
    r"[\x00-\x1f\x7f-\x9f\ufffd\u200b\ufeff\ue000-\uf8ff]|</?[A-Za-z][^<>]*>|&#?[A-Za-z0-9]+;"
)


def _readable(words: str, language: str | None = "zh") -> str:
    """What people read of a thing, without what cannot be read of it."""
    return str(ox.Literal(_UNREADABLE.sub("", words).strip(), language=language))


_HAN = re.compile(r"[\u4e00-\u9fff]")


def _reason(text: str) -> str:
    """Why a person decided something, in the language it is written in: Chinese or English."""
    return str(ox.Literal(text, language="zh" if _HAN.search(text) else "en"))
