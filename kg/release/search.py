"""Chinese full-text search over names and sentences: Tantivy over pairs of characters.

Tantivy ranks by BM25 and counts by plan and type, of thousands of plans in milliseconds; pairs of
characters need no word list, so that a name no dictionary knows is found as surely as a common
word.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, PROV, SKOS
from tantivy import DocAddress, Occur, Order, Query, Searcher

from kg.rdf.iris import outward
from kg.rdf.namespaces import OA, PLAN
from kg.rdf.statements import Statements
from kg.release.indexing import SCHEMA, Entry, open_index
from kg.release.tokens import runs, tokens
from kg.views.reading import Paragraphs

SEARCHED = (
    "Goal", "Measure", "Indicator", "Zone", "Institution", "Section", "Achievement", "Passage",
)  # fmt: skip
"""The classes of what is found."""
_BY_TEXT = ("Measure", "Passage")  # found by their sentence too
# what is read of entities: their names, passages and places
_NAME, _OTHER, _QUOTED, _PART_OF, _START, _END = map(
    str, (SKOS.prefLabel, SKOS.altLabel, PROV.wasQuotedFrom, DCTERMS.isPartOf, OA.start, OA.end)
)
_ENDS = ("。", "！", "？", "!", "?", "。”", "。）")  # of a sentence
_WEIGHTS = {"names": 8.0, "text": 1.0}
_MOST = 50_000  # plans, types or chapters that are counted


@dataclass(frozen=True)
class Hit:
    """An entity found, with the text it stands for."""

    iri: str
    type: str
    plan: str
    chapter: str
    label: str
    text: str


@dataclass(frozen=True)
class Naming:
    """In how many sentences a plan names words, and the first, with the IRI of its entity."""

    plan: str
    sentences: int
    iri: str
    text: str
    chapter: str


@dataclass(frozen=True)
class Found:
    """What a search found.

    hits: a part of it, the best first.
    total: how many there are.
    types, plans, chapters: how many there are of each when the other choices hold: types and plans
        the most frequent first, chapters (of one plan, where one is chosen) as they follow.
    """

    hits: list[Hit]
    total: int
    types: dict[str, int]
    plans: dict[str, int]
    chapters: dict[str, int]


_NOTHING = Found([], 0, {}, {}, {})


def plan_entries(plan: Statements, slug: str, paragraphs: Paragraphs) -> Iterator[Entry]:
    """What search finds of a plan: entities by their names, passages by their text where nothing
    else quotes them. paragraphs: of its text."""
    of = {name: plan.instances(ox.NamedNode(PLAN[name])) for name in SEARCHED}
    classes = {name: sorted(one.value for one in found) for name, found in of.items()}
    measured = {one for measure in classes["Measure"] for one in plan.texts(measure, _QUOTED)}
    sections = {*classes["Section"]}
    for type_, iris in classes.items():
        for iri in iris:
            quoted = iri if type_ == "Passage" else plan.first(iri, _QUOTED)
            place, end = (int(plan.first(quoted, at) or 0) for at in (_START, _END))
            text = paragraphs.printed(place, end, corrected=True) if type_ in _BY_TEXT else ""
            if type_ == "Passage" and (iri in measured or not text.endswith(_ENDS)):
                continue
            names = [name for p in (_NAME, _OTHER) for name in sorted(plan.texts(iri, p))]
            chapter, label = _chapter(plan, iri, sections), names[0] if names else ""
            found = (" ".join(tokens(" ".join(words))) for words in (names, [text]))
            yield Entry(iri, type_, slug, label, text, chapter, place, *found)


def _chapter(plan: Statements, iri: str, sections: Collection[str]) -> str:
    """The heading of the outermost section around an entity, "" where there is none."""
    around = outward(iri, lambda one: plan.first(one, _PART_OF))
    return next((plan.first(one, _NAME) for one in reversed(around) if one in sections), "")


def _holding(words: str, fields: Iterable[str]) -> Query | None:
    """Entries that hold each run of search words in one of these fields; None where no words are
    asked for."""
    held = [
        Query.boolean_query(
            [
                (Occur.Should, Query.boost_query(_in_field(field, run), _WEIGHTS[field]))
                for field in fields
            ]
        )
        for run in runs(words)
    ]
    return _all_of(held) if held else None


def _in_field(field: str, run: str) -> Query:
    """Entries with a run of characters in a field; of a single character, and of what is not
    Chinese, a word begins with it."""
    if run[0].isascii() or len(run) == 1:
        return Query.regex_query(SCHEMA, field, f"{re.escape(run)}.*")
    pairs = [run[i : i + 2] for i in range(len(run) - 1)]
    if len(pairs) == 1:
        return Query.term_query(SCHEMA, field, pairs[0])
    return Query.phrase_query(SCHEMA, field, list(pairs))


def _all_of(queries: Iterable[Query]) -> Query:
    return Query.boolean_query([(Occur.Must, one) for one in queries])


def _chosen(query: Query, within: Collection[str] | None = None, **choices: str | None) -> Query:
    """A query, for entries of these choices, and of these plans (None for all); no choice changes
    what an entry scores."""
    made = [Query.term_query(SCHEMA, name, one) for name, one in choices.items() if one is not None]
    if within is not None:
        made.append(Query.term_set_query(SCHEMA, "plan", sorted(within)))
    return _all_of([query, *(Query.const_score_query(one, 0.0) for one in made)])


def _counts(searcher: Searcher, query: Query, *fields: str) -> list[dict[str, int]]:
    """How many entries there are by what each field holds, the most frequent first."""
    asked = {field: {"terms": {"field": field, "size": _MOST}} for field in fields}
    found = searcher.aggregate(query, asked)
    by_field = [
        [(one["key"], one["doc_count"]) for one in found[name]["buckets"]] for name in asked
    ]
    return [dict(sorted(counts, key=lambda one: (-one[1], one[0]))) for counts in by_field]


def _groups(searcher: Searcher, query: Query, field: str) -> list[dict[str, Any]]:
    """Entries by what a field holds: key, doc_count, and the place of the first of them."""
    first = {"first": {"min": {"field": "place"}}}
    asked = {"groups": {"terms": {"field": field, "size": _MOST}, "aggs": first}}
    found: list[dict[str, Any]] = searcher.aggregate(query, asked)["groups"]["buckets"]
    return found


def _hits(searcher: Searcher, found: Iterable[tuple[Any, DocAddress]]) -> list[Hit]:
    return [Hit(**json.loads(searcher.doc(address)["entry"][0])) for _, address in found]


class Index:
    """A release's search index, opened at the first search.

    Args:
        release: the folder of the release.
    """

    def __init__(self, release: Path) -> None:
        self._release = release

    @cached_property
    def _searcher(self) -> Searcher:
        return open_index(self._release)

    def search(
        self,
        query: str,
        type_: str | None = None,
        plan: str | None = None,
        chapter: str | None = None,
        limit: int = 50,
        offset: int = 0,
        within: Collection[str] | None = None,
    ) -> Found:
        """The entities that hold every search word, names before texts.

        Args:
            query: search words, parted by blanks; where there are none, all entities of what else
                is chosen are found, as they follow in the text.
            type_: only entities of this type.
            plan: only entities of the plan with this slug.
            chapter: only entities in the chapter with this heading.
            limit: how many to return.
            offset: how many to pass over.
            within: only entities of the plans with these slugs; None for all. Plans are counted
                whether they are among them or not.
        """
        all_of_it = not query.strip() and any((type_, plan, chapter, within))
        held = Query.all_query() if all_of_it else _holding(query, _WEIGHTS)
        if held is None:
            return _NOTHING
        searcher = self._searcher
        best = _chosen(held, within, type=type_, plan=plan, chapter=chapter)
        order = "place" if all_of_it else None
        found = searcher.search(
            best, limit, count=False, offset=offset, order_by_field=order, order=Order.Asc
        ).hits
        if type_ is plan is within is None:
            types, plans = _counts(searcher, best, "type", "plan")
        else:
            of_plans = _chosen(held, within, plan=plan, chapter=chapter)
            (types,) = _counts(searcher, of_plans, "type")
            (plans,) = _counts(searcher, _chosen(held, type=type_, chapter=chapter), "plan")
        chapters: dict[str, int] = {}
        if plan or len(plans) == 1:
            groups = _groups(searcher, _chosen(held, within, type=type_, plan=plan), "chapter")
            groups.sort(key=lambda one: (one["first"]["value"], one["key"]))
            chapters = {one["key"]: one["doc_count"] for one in groups if one["key"]}
        # types are counted when the other choices hold
        total = types.get(type_, 0) if type_ is not None else sum(types.values())
        return Found(_hits(searcher, found), total, types, plans, chapters)

    def naming(self, query: str) -> list[Naming]:
        """In how many sentences of each plan, by slug, all search words (parted by blanks) are."""
        if (held := _holding(query, ["text"])) is None:
            return []
        searcher = self._searcher
        sentences = _all_of([held, Query.term_query(SCHEMA, "sentence", 1)])
        groups = {one["key"]: one for one in _groups(searcher, sentences, "plan")}
        places = {plan: int(one["first"]["value"]) for plan, one in groups.items()}
        firsts = Query.boolean_query(
            [
                (Occur.Should, _chosen(Query.term_query(SCHEMA, "place", place), plan=plan))
                for plan, place in places.items()
            ]
        )
        found = searcher.search(_all_of([sentences, firsts]), max(len(places), 1)).hits
        return sorted(
            (
                Naming(hit.plan, groups[hit.plan]["doc_count"], hit.iri, hit.text, hit.chapter)
                for hit in _hits(searcher, found)
            ),
            key=lambda one: one.plan,
        )

    def suggest(self, query: str, plan: str | None = None, limit: int = 10) -> list[Hit]:
        """Things whose names hold every word typed so far, the shortest name first; each name once
        for a plan.

        Args:
            plan: only entities of this plan (its slug).
            limit: how many to return.
        """
        if (held := _holding(query, ["names"])) is None:
            return []
        searcher, chosen, looked = self._searcher, _chosen(held, plan=plan), limit
        while True:
            found = searcher.search(
                chosen, looked, count=False, order_by_field="length", order=Order.Asc
            ).hits
            by_name = {(hit.label, hit.plan): hit for hit in reversed(_hits(searcher, found))}
            if len(by_name) >= limit or len(found) < looked:
                break
            looked *= 4
        ordered = sorted(by_name.values(), key=lambda hit: (len(hit.label), hit.iri))
        return ordered[:limit]
