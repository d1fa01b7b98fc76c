"""Chinese full-text search over names and sentences: SQLite's FTS5 over pairs of characters.

SQLite ships with Python, ranks by BM25, and its index is one file of the release; pairs of
characters need no word list, so that a name no dictionary knows is found as surely as a common
word.
"""

import re
import sqlite3
import string
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from rdflib.namespace import DCTERMS, PROV, SKOS

from kg.rdf.namespaces import OA, PLAN
from kg.rdf.statements import Statements
from kg.source.characters import look_alikes

_SEARCHED = (
    "Goal", "Measure", "Indicator", "Zone", "Institution", "Section", "Achievement", "Passage",
)  # fmt: skip
_HAN = "\u3400-\u9fff〇\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(f"[{_HAN}]+|[A-Za-z0-9.]+")
_FOUND = "entry.iri, entry.type, entry.plan, entry.chapter, entry.label, entry.text"
_MATCHING = "FROM words JOIN entry ON entry.rowid = words.rowid WHERE words MATCH ?"
# Releases made before chapters were indexed are searched without them.
_EARLIER = "CREATE TEMP VIEW entry AS SELECT rowid, *, '' AS chapter, 0 AS place FROM main.entry"
# what is read of entities: their names, passages, texts and places
_NAME, _OTHER, _QUOTED, _TEXT, _CORRECTED, _PART_OF, _START = map(
    str,
    (SKOS.prefLabel, SKOS.altLabel, PROV.wasQuotedFrom, PLAN.text, PLAN.correctedText,
     DCTERMS.isPartOf, OA.start),
)  # fmt: skip
_ENDS = ("。", "！", "？", "!", "?", "。”", "。）")  # of a sentence
_NAME_WEIGHT, _TEXT_WEIGHT = 8.0, 1.0
_SMALL = {ord(letter): ord(letter.lower()) for letter in string.ascii_uppercase}


@dataclass(frozen=True)
class Entry:
    """What can be found.

    iri, type, plan: what it is, and the slug of its plan.
    label, names: its name, and all its names.
    text: the text it stands for.
    chapter: the heading of the chapter it is in, "" where it has no one place.
    place: where its sentence begins in the plan's text.
    """

    iri: str
    type: str
    plan: str
    label: str
    names: str
    text: str
    chapter: str = ""
    place: int = 0


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


def folded(text: str) -> str:
    """A text as it is compared, character for character: full-width forms and look-alikes as what
    they stand for, traditional characters as simplified ones, letters small.

    >>> folded("５Ｇ網絡")
    '5g网络'
    """
    return text.translate(look_alikes()).translate(_SMALL)


def tokens(text: str) -> list[str]:
    """The tokens of a text: pairs of Chinese characters, the last one alone, and other words."""
    found: list[str] = []
    for run in _RUN.findall(folded(text)):
        if run[0].isascii():
            found.append(run)
        else:
            found += [run[i : i + 2] for i in range(len(run))]
    return found


def _phrase(query: str) -> str:
    """An FTS5 query: each run of search words as a phrase whose last character is a prefix."""
    parts = []
    for run in _RUN.findall(folded(query)):
        if run[0].isascii() or len(run) == 1:
            parts.append(f'"{run}"*')
        else:
            parts.append('"' + " ".join(run[i : i + 2] for i in range(len(run) - 1)) + '"')
    return " AND ".join(parts)


def plan_entries(plan: Statements, slug: str) -> Iterator[Entry]:
    """What search finds of a plan: entities by their names, passages by their text where nothing
    else quotes them."""
    of = {name: plan.instances(ox.NamedNode(PLAN[name])) for name in _SEARCHED}
    classes = {name: sorted(one.value for one in found) for name, found in of.items()}
    measured = {one for measure in classes["Measure"] for one in plan.texts(measure, _QUOTED)}
    sections = {*classes["Section"]}
    for type_, iris in classes.items():
        for iri in iris:
            quoted, text = iri, plan.first(iri, _CORRECTED) or plan.first(iri, _TEXT)
            names = [name for p in (_NAME, _OTHER) for name in sorted(plan.texts(iri, p))]
            if type_ != "Passage":
                quoted = plan.first(iri, _QUOTED)
                text = plan.first(quoted, _TEXT) if type_ == "Measure" else ""
            elif iri in measured or not plan.first(iri, _TEXT).endswith(_ENDS):
                continue
            chapter, place = _chapter(plan, iri, sections), int(plan.first(quoted, _START) or 0)
            label = names[0] if names else ""
            yield Entry(iri, type_, slug, label, " ".join(names), text, chapter, place)


def _chapter(plan: Statements, iri: str, sections: Collection[str]) -> str:
    """The heading of the outermost section around an entity, "" where there is none."""
    heading, around, place = "", set[str](), iri
    while place and place not in around:
        around.add(place)
        if place in sections:
            heading = plan.first(place, _NAME)
        place = plan.first(place, _PART_OF)
    return heading


def rows(entries: Iterable[Entry]) -> list[list[str | int]]:
    """What is found, as the index has it: each with the tokens of its names and text."""
    return [
        [
            *(one.iri, one.type, one.plan, one.label, one.text, one.chapter, one.place),
            *(" ".join(tokens(one.names)), " ".join(tokens(one.text))),
        ]
        for one in entries
    ]


def _chosen(
    choices: dict[str, str | None], within: Collection[str] | None
) -> tuple[str, list[str]]:
    """The condition for entries of these choices, and its parameters."""
    made = {name: value for name, value in choices.items() if value is not None}
    where, values = "".join(f" AND entry.{name} = ?" for name in made), list(made.values())
    if within is not None:
        where += f" AND entry.plan IN ({', '.join('?' * len(within))})"
        values += sorted(within)
    return where, values


def _frequent(counted: Counter[str]) -> dict[str, int]:
    """What was counted, the most frequent first."""
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))


class Index:
    """A release's search index, opened to read."""

    def __init__(self, path: Path) -> None:
        self._uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"

    def _connect(self) -> closing[sqlite3.Connection]:
        connection = sqlite3.connect(self._uri, uri=True)
        columns = connection.execute("SELECT name FROM pragma_table_info('entry')").fetchall()
        if ("chapter",) not in columns:
            connection.execute(_EARLIER)
        return closing(connection)

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
            query: search words, parted by blanks.
            type_: only entities of this type.
            plan: only entities of the plan with this slug.
            chapter: only entities in the chapter with this heading.
            limit: how many to return.
            offset: how many to pass over.
            within: only entities of the plans with these slugs; None for all. Plans are counted
                whether they are among them or not.
        """
        phrase = _phrase(query)
        if not phrase:
            return _NOTHING
        chosen = {"type": type_, "plan": plan, "chapter": chapter}
        rank = f"bm25(words, {_NAME_WEIGHT}, {_TEXT_WEIGHT})"
        types, plans, chapters = Counter[str](), Counter[str](), dict[str, int]()
        with self._connect() as connection:
            where, values = _chosen(chosen, within)
            rows = connection.execute(
                f"SELECT {_FOUND} {_MATCHING}{where} "
                f"ORDER BY {rank}, entry.plan, entry.place, entry.iri LIMIT ? OFFSET ?",
                (phrase, *values, limit, offset),
            ).fetchall()
            where, values = _chosen({"chapter": chapter}, None)
            for kind, slug, n in connection.execute(
                f"SELECT entry.type, entry.plan, count(*) {_MATCHING}{where} "
                "GROUP BY entry.type, entry.plan",
                (phrase, *values),
            ):
                if plan in (None, slug) and (within is None or slug in within):
                    types[kind] += n
                if type_ in (None, kind):
                    plans[slug] += n
            if plan or len(plans) == 1:
                where, values = _chosen({**chosen, "chapter": None}, within)
                chapters = dict(
                    connection.execute(
                        f"SELECT entry.chapter, count(*) {_MATCHING}{where} "
                        "GROUP BY entry.chapter ORDER BY min(entry.place), entry.chapter",
                        (phrase, *values),
                    ).fetchall()
                )
        # types are counted when the other choices hold
        total = types.get(type_, 0) if type_ is not None else sum(types.values())
        chapters.pop("", None)
        return Found(
            [Hit(*row) for row in rows], total, _frequent(types), _frequent(plans), chapters
        )

    def naming(self, query: str) -> list[Naming]:
        """In how many sentences of each plan, by slug, all search words (parted by blanks) are."""
        phrase = _phrase(query)
        if not phrase:
            return []
        with self._connect() as connection:
            # beside a lone min(), SQLite gives the other columns of the row that has it
            rows = connection.execute(
                "SELECT entry.plan, count(DISTINCT entry.place), entry.iri, entry.text, "
                f"entry.chapter, min(entry.place) {_MATCHING} "
                "AND entry.type IN ('Passage', 'Measure') GROUP BY entry.plan ORDER BY entry.plan",
                (f"text : ({phrase})",),
            ).fetchall()
        return [Naming(*row[:-1]) for row in rows]

    def suggest(self, query: str, plan: str | None = None, limit: int = 10) -> list[Hit]:
        """Things whose names hold every word typed so far, the shortest name first; each name once
        for a plan.

        Args:
            plan: only entities of this plan (its slug).
            limit: how many to return.
        """
        phrase = _phrase(query)
        if not phrase:
            return []
        matching = f"{_MATCHING} AND entry.label != ''"
        where, parameters = (" AND entry.plan = ?", (plan,)) if plan else ("", ())
        with self._connect() as connection:
            rows = connection.execute(
                f"SELECT {_FOUND} {matching}{where} GROUP BY entry.label, entry.plan "
                "ORDER BY length(entry.label), entry.iri LIMIT ?",
                (f"names : ({phrase})", *parameters, limit),
            ).fetchall()
        return [Hit(*row) for row in rows]
