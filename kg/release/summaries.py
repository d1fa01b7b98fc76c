"""A release's summaries: what the questions about all plans are answered from, in one file of
SQLite, put together from the summary of each plan.

Sentences that several plans have in the same or nearly the same words are found here, as no plan
alone knows of them.
"""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from kg.link.shingles import alike, bands, candidates, compared
from kg.rdf.quads import packed, read_content
from kg.views.summary import Sentence, Summary, sentence_of

SUMMARY = "summary.json.gz"
SENTENCES = "sentences.jsonl.gz"
BANDS = "bands.npy"

_Order = tuple[int, str, str]

_ALIKE = 0.6  # the share of triples of characters from which sentences are nearly the same
_PHRASE = 12  # plans from which a wording is common to all, and tells nothing of two of them
_TABLES = {
    "plan": (
        "plan TEXT PRIMARY KEY, area TEXT, level TEXT, path TEXT, own INTEGER, first INTEGER, "
        "last INTEGER, issued TEXT, longitude REAL, latitude REAL, sentences INTEGER, kind TEXT"
    ),
    "indicator": (
        "plan TEXT, iri TEXT, name TEXT, same TEXT, quantity TEXT, number INTEGER, category TEXT, "
        "binding INTEGER, baseline TEXT, target TEXT, value REAL, measure TEXT, passage TEXT, "
        "sentence TEXT"
    ),
    "institution": (
        "plan TEXT, iri TEXT, name TEXT, same TEXT, type TEXT, key TEXT, measures INTEGER"
    ),
    "counted_on": (
        "plan TEXT, institution TEXT, measure TEXT, title TEXT, passage TEXT, sentence TEXT"
    ),
    "wording": (
        "number INTEGER, plan TEXT, passage TEXT, start INTEGER, chapter TEXT, text TEXT, "
        "alike REAL"
    ),
    "pair": "one TEXT, other TEXT, shared INTEGER",
}
# what several plans have, counted once
_COUNTED = {
    "indicator_name": (
        "SELECT same, min(name) AS name, count(DISTINCT plan) AS plans FROM indicator "
        "WHERE same != '' GROUP BY same HAVING plans > 1"
    ),
    "institution_key": (
        "SELECT key, min(name) AS name, min(type) AS type, count(DISTINCT plan) AS plans, "
        "sum(measures) AS measures FROM institution WHERE key != '' GROUP BY key HAVING plans > 1"
    ),
    "institution_name": (
        "SELECT same, min(name) AS name, min(type) AS type, count(DISTINCT plan) AS plans, "
        "sum(measures) AS measures FROM institution GROUP BY same HAVING plans > 1 AND "
        "(count(DISTINCT key) > 1 OR min(key) = '')"
    ),
}
_INDEXES = (
    "indicator (same)", "indicator (quantity)", "indicator (plan)", "institution (key)",
    "institution (same)", "counted_on (institution)", "wording (number)", "wording (plan)",
    "pair (one)", "pair (other)", "plan (area)", "plan (path)", "indicator_name (plans)",
    "institution_key (type, plans)",
)  # fmt: skip


def write_summary(folder: Path, summary: Summary) -> None:
    """Write a plan's summary, and how its sentences are compared, into a folder."""
    (folder / SUMMARY).write_bytes(packed(summary.as_json().encode()))
    (folder / SENTENCES).write_bytes(packed(summary.sentence_lines().encode()))
    np.save(folder / BANDS, bands([compared(one.text) for one in summary.sentences]))


def write_summaries(path: Path, folders: Sequence[Path]) -> None:
    """Put the plans' summaries, from folders in the order of slugs, into a new file."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for name, columns in _TABLES.items():
            connection.execute(f"CREATE TABLE {name} ({columns})")
        starts: list[_Order] = []
        for folder in folders:
            one = Summary.of_json(read_content(folder / SUMMARY).decode())
            starts.append(_order(one))
            _insert(connection, "plan", [one.plan])
            _insert(connection, "indicator", one.indicators)
            _insert(connection, "institution", one.institutions)
            _insert(connection, "counted_on", one.measures)
        wordings = list(_wordings(folders, starts))
        _insert(connection, "wording", (row for rows in wordings for row in rows))
        _insert(connection, "pair", _pairs(wordings))
        for name, query in _COUNTED.items():
            connection.execute(f"CREATE TABLE {name} AS {query}")
        for number, index in enumerate(_INDEXES):
            connection.execute(f"CREATE INDEX index_{number} ON {index}")


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    places = ", ".join("?" * _TABLES[table].count(",") + "?")
    connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)


def _order(one: Summary) -> _Order:
    """What puts plans in order as questions do: by period, day of issue (the middle of the period's
    first year where that is not known), and slug."""
    slug, _, _, _, _, first, _, issued, *_ = one.plan
    return int(first), issued or f"{first}-06-30", str(slug)


def _wordings(folders: Sequence[Path], starts: Sequence[_Order]) -> Iterator[list[tuple[Any, ...]]]:
    """The sentences that plans share, a group for each wording, the earliest plan's first.

    Sentences are read only of plans that have candidates.
    """
    if not folders:
        return
    of_plans = [np.load(folder / BANDS) for folder in folders]
    owner = np.repeat(np.arange(len(folders)), [len(one) for one in of_plans])
    first = np.concatenate([[0], np.cumsum([len(one) for one in of_plans])])
    groups = [
        group
        for group in candidates(np.concatenate(of_plans))
        if len({int(owner[row]) for row in group}) > 1
    ]
    del of_plans
    wanted: dict[int, set[int]] = defaultdict(set)
    for group in groups:
        for row in group:
            wanted[int(owner[row])].add(row)
    sentences: dict[int, Sentence] = {}
    for plan, rows in wanted.items():
        lines = read_content(folders[plan] / SENTENCES).decode().split("\n")
        sentences |= {row: sentence_of(lines[row - int(first[plan])]) for row in rows}
    taken: set[int] = set()
    number = 0
    for group in sorted(_joined(groups), key=lambda rows: (-len(rows), rows)):
        order = sorted(group, key=lambda row: (starts[int(owner[row])], row))
        while order:
            same, order = _like_the_first(order, sentences)
            near = [row for row in same if row[0] not in taken]
            if len({int(owner[row]) for row, _ in near}) > 1:
                number += 1
                taken |= {row for row, _ in near}
                yield [
                    (
                        number,
                        starts[int(owner[row])][-1],
                        sentences[row].iri,
                        sentences[row].start,
                        sentences[row].chapter,
                        sentences[row].text,
                        share,
                    )
                    for row, share in near
                ]


def _joined(groups: list[list[int]]) -> list[list[int]]:
    """Groups that share a row as one."""
    root: dict[int, int] = {}

    def of(row: int) -> int:
        while root.setdefault(row, row) != row:
            root[row] = row = root[root[row]]
        return row

    for group in groups:
        for row in group[1:]:
            root[of(row)] = of(group[0])
    found: dict[int, list[int]] = defaultdict(list)
    for row in sorted(root):
        found[of(row)].append(row)
    return list(found.values())


def _like_the_first(
    order: list[int], sentences: dict[int, Sentence]
) -> tuple[list[tuple[int, float]], list[int]]:
    """The sentences nearly the same as the first, with the share in common; and the rest."""
    head = compared(sentences[order[0]].text)
    same, rest = [(order[0], 1.0)], []
    for row in order[1:]:
        share = alike(head, compared(sentences[row].text))
        if share >= _ALIKE:
            same.append((row, round(share, 3)))
        else:
            rest.append(row)
    return same, rest


def _pairs(wordings: Iterable[list[tuple[Any, ...]]]) -> list[tuple[str, str, int]]:
    """How many wordings two plans share, the earlier plan first; frequent wordings are left out."""
    shared: Counter[tuple[str, str]] = Counter()
    for rows in wordings:
        plans = list(dict.fromkeys(row[1] for row in rows))
        if len(plans) <= _PHRASE:
            shared.update(combinations(plans, 2))
    return [(one, other, n) for (one, other), n in sorted(shared.items())]
