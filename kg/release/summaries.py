"""A release's summaries: what the questions about all plans are answered from, in one file of
SQLite, put together from the summary of each plan: that of the release before with the plans that
changed in the place of their former ones, or all anew."""

import re
import shutil
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from kg.rdf.gzipped import packed
from kg.release.cache import Cache, Part
from kg.release.wordings import PlanSentences, write_sentences, write_wordings
from kg.views.summary import Summary

_SUMMARY = "summary.json.gz"
_ANEW = 0.25  # of the plans changed: to write all at once is quicker
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
    "held": "plan TEXT PRIMARY KEY, key TEXT",
}
# what several plans have, counted once
_COUNTED = {
    "phrase": (
        "SELECT number, count(DISTINCT plan) AS plans, min(rowid) AS first FROM wording "
        "GROUP BY number"
    ),
    "pair": (
        "WITH held AS (SELECT number, wording.plan, min(wording.rowid) AS at FROM wording "
        f"JOIN phrase USING (number) WHERE plans <= {_PHRASE} GROUP BY number, wording.plan) "
        "SELECT a.plan AS one, b.plan AS other, count(*) AS shared FROM held a "
        "JOIN held b ON a.number = b.number AND a.at < b.at GROUP BY a.plan, b.plan"
    ),
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
_ORDER = "ORDER BY first, iif(issued = '', first || '-06-30', issued), plan"
_INDEXES = (
    "indicator (same)", "indicator (quantity)", "indicator (plan)", "institution (key)",
    "institution (same)", "institution (plan)", "counted_on (institution)", "counted_on (plan)",
    "wording (number, plan)", "wording (plan, passage)", "plan (area)", "plan (path)",
)  # fmt: skip
_INDEXES_OF_COUNTED = (
    "phrase (plans)", "pair (shared DESC, one, other)", "indicator_name (plans)",
    "institution_key (type, plans)",
)  # fmt: skip


def write_summary(folder: Path, summary: Summary) -> None:
    """Write a plan's summary, and how its sentences are compared, into a folder."""
    (folder / _SUMMARY).write_bytes(packed(summary.as_json().encode()))
    write_sentences(folder, summary)


def write_summaries(path: Path, parts: dict[str, Part], cache: Cache, former: Path | None) -> None:
    """Put the plans' summaries into a new file.

    Args:
        parts: the part of each plan that its summary is in, by slug.
        cache: where the parts of the release before still are.
        former: the file of the release before, as it was published; None where there is none.
    """
    before = _before(former, parts, cache)
    if before is not None and former is not None:
        shutil.copyfile(former, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        if before is None:
            for name, columns in _TABLES.items():
                connection.execute(f"CREATE TABLE {name} ({columns})")
        was = _places(connection)
        for slug in before or ():
            _take_out(connection, slug)
        for slug in sorted(parts if before is None else before):
            if slug in parts:
                _put_in(connection, slug, parts[slug])
        now = _places(connection)
        plans = [PlanSentences(slug, parts[slug].folder) for slug in now]
        moved = {slug for slug in was if was[slug] != now.get(slug)}
        write_wordings(connection, plans, before, moved)
        for name, query in _COUNTED.items():
            connection.execute(f"DROP TABLE IF EXISTS {name}")
            connection.execute(f"CREATE TABLE {name} AS {query}")
        for index in (*(_INDEXES if before is None else ()), *_INDEXES_OF_COUNTED):
            name = re.sub(r"\W+", "_", index)
            connection.execute(f"CREATE INDEX index_{name} ON {index}")


def _before(
    former: Path | None, parts: dict[str, Part], cache: Cache
) -> dict[str, PlanSentences | None] | None:
    """What the plans that have changed had in the release before, None for those that were not
    there; None where all is to be written anew."""
    if former is None:
        return None
    with closing(sqlite3.connect(f"{former.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'held'").fetchone():
            return None  # an early release
        held = dict(connection.execute("SELECT plan, key FROM held").fetchall())
    now = {slug: part.key for slug, part in parts.items()}
    changed = [slug for slug in {**held, **now} if held.get(slug) != now.get(slug)]
    there = {slug: cache.find(slug, held[slug]) for slug in changed if slug in held}
    if len(changed) > _ANEW * len(parts) or None in there.values():
        return None
    return {
        slug: PlanSentences(slug, part.folder) if (part := there.get(slug)) else None
        for slug in changed
    }


def _places(connection: sqlite3.Connection) -> dict[str, tuple[Any, ...]]:
    """What puts plans in order as questions do, the earlier ones first: by period, day of issue
    (the middle of the period's first year where that is not known), and slug."""
    rows = connection.execute(f"SELECT plan, first, issued FROM plan {_ORDER}").fetchall()
    return {slug: tuple(rest) for slug, *rest in rows}


def _take_out(connection: sqlite3.Connection, slug: str) -> None:
    """Take out what a plan said, but for its wordings."""
    for table in ("plan", "indicator", "institution", "counted_on", "held"):
        connection.execute(f"DELETE FROM {table} WHERE plan = ?", (slug,))


def _put_in(connection: sqlite3.Connection, slug: str, part: Part) -> None:
    """Put in what a plan says."""
    one = Summary.of_json(part.text(_SUMMARY))
    _insert(connection, "plan", [one.plan])
    _insert(connection, "indicator", one.indicators)
    _insert(connection, "institution", one.institutions)
    _insert(connection, "counted_on", one.measures)
    _insert(connection, "held", [(slug, part.key)])


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    places = ", ".join("?" * _TABLES[table].count(",") + "?")
    connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
