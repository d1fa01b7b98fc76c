"""A release's summaries: what the questions about all plans are answered from, in one file of
SQLite, put together from the summary of each plan: that of the release before with the plans that
changed in the place of their former ones, or all anew."""

import shutil
import sqlite3
from contextlib import closing
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from kg.rdf.gzipped import packed
from kg.release.cache import Cache, Part
from kg.release.wordings import PlanSentences, write_sentences, write_wordings
from kg.views.summary import Summary

_SUMMARY = "summary.json.gz"
_ANEW = 0.25  # of the plans changed: to write all at once is quicker
_ORDER = "ORDER BY first, iif(issued = '', first || '-06-30', issued), plan"


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
    before = _former_sentences(former, parts, cache)
    if before is not None and former is not None:
        shutil.copyfile(former, path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA synchronous = OFF")  # a publish has its files on the disk itself
        if before is None:
            _run_statements(connection, "summaries")
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
        if before is None:
            _run_statements(connection, "summaries_indexes")
        _run_statements(connection, "summaries_counted")
        for kind in ("institution", "zone"):
            _run_statements(connection, "summaries_named", kind)


def _run_statements(connection: sqlite3.Connection, name: str, kind: str = "") -> None:
    """Carry out the statements of a file beside this one, of a kind where they are for each."""
    statements = (files("kg.release") / f"{name}.sql").read_text(encoding="utf-8")
    connection.executescript(statements.replace("KIND", kind))


def _former_sentences(
    former: Path | None, parts: dict[str, Part], cache: Cache
) -> dict[str, PlanSentences | None] | None:
    """For each plan that changed, its sentences in the release before, None for a plan that this
    did not have; None for all where everything is to be written anew."""
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
    for table in ("plan", "indicator", "institution", "counted_on", "zone", "located_in", "held"):
        connection.execute(f"DELETE FROM {table} WHERE plan = ?", (slug,))


def _put_in(connection: sqlite3.Connection, slug: str, part: Part) -> None:
    """Put in what a plan says."""
    tables = msgspec.json.decode(part.text(_SUMMARY)) | {"held": [(slug, part.key)]}
    for table, rows in tables.items():
        if rows:
            places = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)
