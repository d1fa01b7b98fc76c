"""Chinese full-text search over names and sentences: SQLite's FTS5 over pairs of characters.

SQLite ships with Python, ranks by BM25, and its index is one file of the release; pairs of
characters need no word list, so that a name no dictionary knows is found as surely as a common
word.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rdflib import RDF, Dataset, Graph
from rdflib.namespace import PROV, SKOS
from rdflib.term import Node

from kg.rdf.namespaces import PLAN

_SEARCHED = (
    "Goal",
    "Measure",
    "Indicator",
    "Zone",
    "Institution",
    "Section",
    "Achievement",
    "Passage",
)
_RUN = re.compile(r"[\u3400-\u9fff〇]+|[A-Za-z0-9.]+")
_FOUND = "entry.iri, entry.type, entry.plan, entry.label, entry.text"
_MATCHING = "FROM words JOIN entry ON entry.rowid = words.rowid WHERE words MATCH ?"
_NAME_WEIGHT, _TEXT_WEIGHT = 8.0, 1.0


@dataclass(frozen=True)
class Entry:
    """What can be found: its IRI, type, plan, names, and the text it stands for."""

    iri: str
    type: str
    plan: str
    label: str
    names: str
    text: str


@dataclass(frozen=True)
class Hit:
    """A thing found, with the part of its text that matches."""

    iri: str
    type: str
    plan: str
    label: str
    text: str


def tokens(text: str) -> list[str]:
    """The tokens of a text: pairs of neighbouring Chinese characters, the last one alone, and words
    in other scripts."""
    found: list[str] = []
    for run in _RUN.findall(text):
        if run[0].isascii():
            found.append(run.lower())
        else:
            found += [run[i : i + 2] for i in range(len(run))]
    return found


def _phrase(query: str) -> str:
    """An FTS5 query: every run of the search words as a phrase, its last character open to what
    follows."""
    parts = []
    for run in _RUN.findall(query):
        if run[0].isascii():
            parts.append(f'"{run.lower()}"*')
        elif len(run) == 1:
            parts.append(f'"{run}"*')
        else:
            parts.append('"' + " ".join(run[i : i + 2] for i in range(len(run) - 1)) + '"')
    return " AND ".join(parts)


def plan_entries(dataset: Dataset, slug: str) -> Iterator[Entry]:
    """What search finds of a plan: things by their names, passages by their text where nothing else
    quotes them.

    Args:
        dataset: the plan's named graphs.
        slug: its slug.
    """
    for graph in dataset.graphs():
        for type_ in _SEARCHED:
            for node in sorted(graph.subjects(RDF.type, PLAN[type_]), key=str):
                if type_ == "Passage":
                    if not _is_sentence(graph, node):
                        continue
                    text = str(
                        graph.value(node, PLAN.correctedText) or graph.value(node, PLAN.text)
                    )
                    yield Entry(str(node), type_, slug, "", "", text)
                    continue
                names = [
                    str(n)
                    for p in (SKOS.prefLabel, SKOS.altLabel)
                    for n in sorted(graph.objects(node, p), key=str)
                ]
                quoted = graph.value(node, PROV.wasQuotedFrom)
                text = (
                    str(graph.value(quoted, PLAN.text) or "")
                    if type_ == "Measure" and quoted is not None
                    else ""
                )
                yield Entry(
                    str(node), type_, slug, names[0] if names else "", " ".join(names), text
                )


def _is_sentence(graph: Graph, passage: Node) -> bool:
    """Whether a passage is a sentence that no measure stands for."""
    text = str(graph.value(passage, PLAN.text))
    if not text.endswith(("。", "!", "?", "!", "?")):
        return False
    return not any(
        (s, RDF.type, PLAN.Measure) in graph for s in graph.subjects(PROV.wasQuotedFrom, passage)
    )


def write_index(path: Path, entries: Iterable[Entry]) -> None:
    """Write the index of a release to a new file."""
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE entry (iri TEXT, type TEXT, plan TEXT, label TEXT, text TEXT)"
        )
        connection.execute(
            "CREATE VIRTUAL TABLE words USING fts5("
            "names, text, content='', tokenize=\"unicode61 tokenchars '.'\")"
        )
        for row, entry in enumerate(entries, 1):
            connection.execute(
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?)",
                (entry.iri, entry.type, entry.plan, entry.label, entry.text),
            )
            connection.execute(
                "INSERT INTO words (rowid, names, text) VALUES (?, ?, ?)",
                (row, " ".join(tokens(entry.names)), " ".join(tokens(entry.text))),
            )
    connection.close()


class Index:
    """A release's search index, opened to read.

    Args:
        path: the file that write_index wrote.
    """

    def __init__(self, path: Path) -> None:
        self._uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"

    def search(
        self, query: str, type_: str | None = None, limit: int = 50
    ) -> tuple[list[Hit], dict[str, int]]:
        """The things that hold every search word, names before texts, and how many there are of
        each type.

        Args:
            query: search words, parted by blanks.
            type_: only things of this type.
            limit: how many to return.
        """
        phrase = _phrase(query)
        if not phrase:
            return [], {}
        with closing(sqlite3.connect(self._uri, uri=True)) as connection:
            counts = dict(
                connection.execute(
                    f"SELECT entry.type, count(*) {_MATCHING} GROUP BY entry.type", (phrase,)
                ).fetchall()
            )
            where, parameters = (
                (" AND entry.type = ?", (phrase, type_)) if type_ else ("", (phrase,))
            )
            rank = f"bm25(words, {_NAME_WEIGHT}, {_TEXT_WEIGHT})"
            rows = connection.execute(
                f"SELECT {_FOUND} {_MATCHING}{where} ORDER BY {rank}, entry.iri LIMIT ?",
                (*parameters, limit),
            ).fetchall()
        return [Hit(*row) for row in rows], counts

    def suggest(self, query: str, plan: str | None = None, limit: int = 10) -> list[Hit]:
        """Things whose names hold every word typed so far, the shortest name first; each name once
        for a plan.

        Args:
            query: what has been typed.
            plan: only things of this plan (its slug).
            limit: how many to return.
        """
        phrase = _phrase(query)
        if not phrase:
            return []
        matching = f"{_MATCHING} AND entry.label != ''"
        where, parameters = (" AND entry.plan = ?", (plan,)) if plan else ("", ())
        with closing(sqlite3.connect(self._uri, uri=True)) as connection:
            rows = connection.execute(
                f"SELECT {_FOUND} {matching}{where} GROUP BY entry.label, entry.plan "
                "ORDER BY length(entry.label), entry.iri LIMIT ?",
                (f"names : ({phrase})", *parameters, limit),
            ).fetchall()
        return [Hit(*row) for row in rows]
