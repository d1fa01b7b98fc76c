"""Writing a release's search index: that of the release before with the entries of the plans that
changed in the place of their former ones, or all anew."""

import shutil
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kg.release.cache import program_digest
from kg.release.search import tokens

_ANEW = 0.25  # of the plans changed: an index that is written at once is faster to read
_TABLES = (
    "CREATE TABLE entry (iri TEXT, type TEXT, plan TEXT, label TEXT, text TEXT, chapter TEXT, "
    "place INTEGER)",
    "CREATE VIRTUAL TABLE words USING fts5("
    "names, text, content='', tokenize=\"unicode61 tokenchars '.'\")",
    # what an entry is taken out of the words by, where its label does not tell
    "CREATE TABLE named (entry INTEGER PRIMARY KEY, names TEXT)",
    "CREATE TABLE held (plan TEXT PRIMARY KEY, digest TEXT, first INTEGER, last INTEGER)",
    "CREATE TABLE made (program TEXT)",
)


@dataclass(frozen=True)
class PlanRows:
    """What is found of a plan.

    plan: its slug. digest: tells what is found from what was found of it before.
    read: gives the rows, as kg.release.search.rows makes them.
    """

    plan: str
    digest: str
    read: Callable[[], Iterable[Sequence[str | int]]]


def write_index(path: Path, plans: Sequence[PlanRows], former: Path | None = None) -> None:
    """Write the index of a release to a new file.

    Args:
        path: the file.
        plans: what is to be found.
        former: the index of the release before, as it was published; None where there is none.
    """
    held = _held(former) if former is not None else {}
    now = {one.plan: one.digest for one in plans}
    changed = {plan for plan in {**held, **now} if held.get(plan) != now.get(plan)}
    if former is not None and held and len(changed) <= _ANEW * len(plans):
        shutil.copyfile(former, path)
        with closing(sqlite3.connect(path)) as connection, connection:
            for plan in sorted(changed & {*held}):
                _take_out(connection, plan)
            _put_in(connection, [one for one in plans if one.plan in changed])
        return
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in _TABLES:
            connection.execute(table)
        connection.execute("INSERT INTO made VALUES (?)", (program_digest(),))
        _put_in(connection, plans)


def _held(index: Path) -> dict[str, str]:
    """The digest of what an index holds of each plan; nothing where another program made it, whose
    tokens may be others."""
    with closing(sqlite3.connect(f"{index.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'made'").fetchone()
        if not there:
            return {}
        if connection.execute("SELECT program FROM made").fetchall() != [(program_digest(),)]:
            return {}
        return dict(connection.execute("SELECT plan, digest FROM held"))


def _put_in(connection: sqlite3.Connection, plans: Iterable[PlanRows]) -> None:
    (last,) = connection.execute("SELECT coalesce(max(last), 0) FROM held").fetchone()
    for one in plans:
        first = last + 1
        for last, (*entry, names, text) in enumerate(one.read(), first):
            connection.execute(
                "INSERT INTO entry (rowid, iri, type, plan, label, text, chapter, place) "
                "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (last, *entry),
            )
            connection.execute(
                "INSERT INTO words (rowid, names, text) VALUES (?, ?, ?)", (last, names, text)
            )
            if names != _words(str(entry[3])):
                connection.execute("INSERT INTO named VALUES (?, ?)", (last, names))
        connection.execute(
            "INSERT INTO held VALUES (?, ?, ?, ?)", (one.plan, one.digest, first, last)
        )


def _take_out(connection: sqlite3.Connection, plan: str) -> None:
    """Take out what is held of a plan: the words of an entry by the same words."""
    first, last = connection.execute(
        "SELECT first, last FROM held WHERE plan = ?", (plan,)
    ).fetchone()
    rows = connection.execute(
        "SELECT entry.rowid, label, text, names FROM entry LEFT JOIN named "
        "ON named.entry = entry.rowid WHERE entry.rowid BETWEEN ? AND ?",
        (first, last),
    ).fetchall()
    connection.executemany(
        "INSERT INTO words (words, rowid, names, text) VALUES ('delete', ?, ?, ?)",
        (
            (number, _words(label) if names is None else names, _words(text))
            for number, label, text, names in rows
        ),
    )
    for table, key in (("entry", "rowid"), ("named", "entry")):
        connection.execute(f"DELETE FROM {table} WHERE {key} BETWEEN ? AND ?", (first, last))
    connection.execute("DELETE FROM held WHERE plan = ?", (plan,))


def _words(text: str) -> str:
    return " ".join(tokens(text))
