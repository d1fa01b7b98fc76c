"""What questions about all plans need of one plan: where it is for, its indicators with figures and
sentences, whom it names and what for, and its sentences as they are compared. It is made once and
kept, so that a release of thousands is put together from summaries."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import pyoxigraph as ox

from kg.lexicon import grouped, lexicon
from kg.link.same_entity import organisation_key, zone_key
from kg.link.shingles import SHORTEST, compared
from kg.rdf.iris import outward, plan_graph, plan_iri, reading_order
from kg.rdf.namespaces import local_name
from kg.rdf.select import select
from kg.source import gazetteer
from kg.source.gazetteer import Division, Level
from kg.source.plan import Plan
from kg.source.slugs import kind_of_plan
from kg.views.annex import Figure, Row, indicator_rows
from kg.views.reading import Paragraphs
from kg.views.sameness import likely_quantity, same_name

_SENTENCES = """
SELECT ?passage ?start ?end ?section { ?passage a plan:Passage ;
  oa:start ?start ; oa:end ?end OPTIONAL { ?passage dcterms:isPartOf ?section } }"""
_SECTIONS = """
SELECT ?section ?name ?parent { ?section a plan:Section ; skos:prefLabel ?name
  OPTIONAL { ?section dcterms:isPartOf ?parent . ?parent a plan:Section } }"""
_QUOTED = """
SELECT ?entity ?passage { ?entity prov:wasQuotedFrom ?passage
  { ?entity a plan:Target } UNION { ?entity a plan:Indicator } UNION { ?entity a plan:Measure } }"""
_NAMED = """
SELECT ?entity ?name ?type { ?entity a plan:CLASS ; skos:prefLabel ?name
  OPTIONAL { ?entity plan:institutionType|plan:zoneType ?type } }"""
_COUNTED_ON = """
SELECT ?entity ?measure ?title { ?entity a plan:CLASS . ?measure a plan:Measure ;
  plan:involves|plan:locatedIn ?entity ; skos:prefLabel ?title }"""
_STOPS = tuple("。！？；!?;")  # what a sentence ends with
_TELLING = 3  # characters of a name that tells what is counted
_KEYS = {"institution": organisation_key, "zone": zone_key}
_BETWEEN = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")


@dataclass(frozen=True)
class Sentence:
    """A sentence of a plan: the IRI of its passage, its words in one line, where it begins and ends
    in the text as published, and the heading of its chapter."""

    iri: str
    text: str
    start: int
    end: int
    chapter: str


@dataclass(frozen=True)
class Summary:
    """A plan in the tables of a release's summaries, a tuple for each row, the plan's slug first:
    measures count on institutions and are carried out (located) in zones; sentences are compared
    with others'."""

    plan: tuple[Any, ...]
    indicators: list[tuple[Any, ...]]
    institutions: list[tuple[Any, ...]]
    counted_on: list[tuple[Any, ...]]
    zones: list[tuple[Any, ...]]
    located_in: list[tuple[Any, ...]]
    sentences: list[Sentence]

    def as_json(self) -> str:
        """Its rows by the names of the tables, as JSON."""
        rows = {
            "plan": [self.plan],
            "indicator": self.indicators,
            "institution": self.institutions,
            "counted_on": self.counted_on,
            "zone": self.zones,
            "located_in": self.located_in,
        }
        return msgspec.json.encode(rows).decode()

    def sentence_lines(self) -> str:
        """Its sentences as JSON, a line for each: few of them are wanted again."""
        return msgspec.json.Encoder().encode_lines(self.sentences).decode()


def sentence_of(line: str) -> Sentence:
    """A sentence of its line of JSON."""
    return msgspec.json.decode(line, type=Sentence)


def division_of(plan: Plan) -> Division | None:
    """The division of a plan's area or its parent; None where it is unknown or ambiguous. A short
    name before another ending is another division's."""
    endings = tuple(lexicon("areas")["endings"])
    for year in (plan.period[0], None):
        starts = [
            (end, one)
            for end, one in gazetteer.starts(plan.area, year)
            if plan.area[:end].endswith(one.name) or not plan.area.startswith(endings, end)
        ]
        longest = max((end for end, _ in starts), default=0)
        found = {one.code: one for end, one in reversed(starts) if end == longest}
        if len(found) == 1:
            return next(iter(found.values()))
    return gazetteer.nation() if plan.level == Level.NATION else None


def summary(plan: Plan, quads: Iterable[ox.Quad], paragraphs: Paragraphs, base: str) -> Summary:
    """The summary of a plan. paragraphs: of its text."""
    store, graph = ox.Store(), plan_graph(plan_iri(base, plan.slug))
    store.bulk_extend(quads)
    chapters = _chapters(select(store, _SECTIONS, graph))
    passages = {}
    for row in select(store, _SENTENCES, graph):
        start, end = int(row["start"]), int(row["end"])
        words = _BETWEEN.sub("", " ".join(paragraphs.printed(start, end).split()))
        chapter = chapters.get(row["section"], "")
        passages[row["passage"]] = Sentence(row["passage"], words, start, end, chapter)
    quoted = grouped(
        (row["entity"], passages[row["passage"]])
        for row in select(store, _QUOTED, graph)
        if row["passage"] in passages
    )
    area = division_of(plan)
    institutions, zones = (
        _named(kind, store, graph, plan.slug, area, quoted) for kind in ("institution", "zone")
    )
    sentences = _outermost(passages.values())
    return Summary(
        _plan_row(plan, area, len(sentences)),
        [
            _indicator_row(plan.slug, row, target, quoted)
            for row in sorted(indicator_rows(store, graph), key=lambda r: reading_order(r.iri))
            for target in row.targets or (None,)
        ],
        *institutions,
        *zones,
        [one for one in sentences if len(compared(one.text)) >= SHORTEST],
    )


def _plan_row(plan: Plan, area: Division | None, sentences: int) -> tuple[Any, ...]:
    held = (*reversed(gazetteer.above(area)), area) if area is not None and area.code else ()
    middle = area.middle or area.centre if area is not None else None
    own = area is not None and gazetteer.full_name(area) in (plan.area, *area.names)
    level = plan.level or (str(area.level) if area is not None and own else "")
    return (
        plan.slug,
        plan.area,
        level,
        "/".join(["CN" if area is not None else "", *(one.code for one in held)]),
        int(own),
        *plan.period,
        plan.issued.isoformat() if plan.issued else "",
        *(middle or (None, None)),
        sentences,
        kind_of_plan(plan.title, plan.area),
    )


def _indicator_row(
    slug: str, row: Row, target: Figure | None, quoted: dict[str, list[Sentence]]
) -> tuple[Any, ...]:
    places = quoted.get(target.iri if target else "", []) or quoted.get(row.iri, [])
    passage = min(places, key=lambda one: one.start, default=None)
    number = target.number if target else None
    return (
        slug,
        row.iri,
        row.name,
        _comparable_key(row.name),
        likely_quantity(row.name),
        row.number,
        row.category,
        int(row.binding),
        _figure(row.baseline),
        _figure(target),
        float(number) if number is not None else None,
        target.kind if target else "",
        passage.iri if passage else "",
        passage.text if passage else "",
    )


def _comparable_key(name: str) -> str:
    """The key of an indicator's name; "" where it is too short to tell what is counted (output)."""
    plain = same_name(name)
    return plain if len(plain) >= _TELLING else ""


def _figure(figure: Figure | None) -> str:
    return msgspec.json.encode(figure).decode() if figure else ""


def _named(
    kind: str,
    store: ox.Store,
    graph: str,
    slug: str,
    area: Division | None,
    quoted: dict[str, list[Sentence]],
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The institutions or zones of a plan, and the measures that count on them or are carried out
    there, each with its sentence."""
    measures: list[tuple[Any, ...]] = []
    many: Counter[str] = Counter()
    for row in select(store, _COUNTED_ON.replace("CLASS", kind.capitalize()), graph):
        sentence = min(quoted.get(row["measure"], []), key=lambda one: one.start, default=None)
        many[row["entity"]] += 1
        where = (sentence.iri, sentence.text) if sentence else ("", "")
        measures.append((slug, row["entity"], row["measure"], row["title"], *where))
    entities = []
    found = select(store, _NAMED.replace("CLASS", kind.capitalize()), graph)
    for row in sorted(found, key=lambda r: reading_order(r["entity"])):
        type_ = local_name(row["type"] or "").removeprefix(f"{kind}-")
        key = _KEYS[kind](row["name"], type_, area)
        named = (slug, row["entity"], row["name"], same_name(row["name"]), type_, key)
        entities.append((*named, many[row["entity"]]))
    return entities, sorted(measures, key=lambda m: (reading_order(m[1]), reading_order(m[2])))


def _chapters(rows: list[dict[str, Any]]) -> dict[str, str]:
    """The heading of the outermost section around each section."""
    names = {row["section"]: row["name"] for row in rows}
    parents = {row["section"]: row["parent"] for row in rows if row["parent"]}
    return {section: names[outward(section, parents.get)[-1]] for section in names}


def _outermost(passages: Iterable[Sentence]) -> list[Sentence]:
    """The passages that are sentences, in order, without those inside another."""
    found: list[Sentence] = []
    end = 0
    for one in sorted(passages, key=lambda one: (one.start, -one.end)):
        if one.text.endswith(_STOPS) and one.start >= end:
            found.append(one)
            end = one.end
    return found
