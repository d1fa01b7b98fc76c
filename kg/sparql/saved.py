"""Queries that visitors saved, each under a number that stays, with the release it ran on and the
digest of what it found."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from kg.errors import PlanlinkError

MOST_SAVED = 100_000  # queries kept: beyond it nobody can save more, and nobody loses one

_TABLE = """
CREATE TABLE IF NOT EXISTS saved (
  number INTEGER PRIMARY KEY AUTOINCREMENT, query TEXT NOT NULL, release INTEGER NOT NULL,
  saved TEXT NOT NULL, digest TEXT NOT NULL DEFAULT '', UNIQUE (query, release)
)"""
_DIGEST = "ALTER TABLE saved ADD COLUMN digest TEXT NOT NULL DEFAULT ''"  # early files lack it


@dataclass(frozen=True)
class SavedQuery:
    """A saved query.

    number, query: its number and its text.
    release: the release it ran on.
    saved: when it was saved (UTC, ISO 8601).
    digest: of its result (kg/sparql/digest.py); "" where the query gives another each time, where
        the result is too long, and where an early version saved it.
    """

    number: int
    query: str
    release: int
    saved: str
    digest: str = ""


class SavedQueries:
    """The saved queries beside a folder of releases.

    Args:
        path: the SQLite file, made at the first save.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def save(self, query: str, release: int, digest: str = "") -> SavedQuery:
        """Keep a query; the same one on the same release keeps its number.

        Args:
            query: its text.
            release: the release it ran on.
            digest: of what it found there; "" for none.

        Raises:
            PlanlinkError: the file cannot be written, or as many are kept as may be.
        """
        try:
            with closing(sqlite3.connect(self._path, timeout=5)) as connection, connection:
                connection.execute(_TABLE)
                if not _has_digests(connection):
                    connection.execute(_DIGEST)
                if connection.execute("SELECT count(*) FROM saved").fetchone()[0] >= MOST_SAVED:
                    raise PlanlinkError(
                        f"{MOST_SAVED} queries are saved already",
                        self._path.name,
                        "share the link of the query instead",
                    )
                now = datetime.now(UTC).isoformat(timespec="seconds")
                connection.execute(
                    "INSERT OR IGNORE INTO saved (query, release, saved, digest)"
                    " VALUES (?, ?, ?, ?)",
                    (query, release, now, digest),
                )
                row = connection.execute(
                    f"SELECT {_COLUMNS}, digest FROM saved WHERE query = ? AND release = ?",
                    (query, release),
                ).fetchone()
                return SavedQuery(*row)
        except sqlite3.OperationalError as error:
            raise PlanlinkError(
                f"the query cannot be saved ({error})",
                self._path.name,
                "let the server write into the folder of releases",
            ) from error

    def get(self, number: int) -> SavedQuery | None:
        """The query of a number."""
        if not self._path.exists():
            return None
        with closing(
            sqlite3.connect(f"{self._path.resolve().as_uri()}?mode=ro", uri=True, timeout=5)
        ) as connection:
            columns = f"{_COLUMNS}, digest" if _has_digests(connection) else _COLUMNS
            row = connection.execute(
                f"SELECT {columns} FROM saved WHERE number = ?", (number,)
            ).fetchone()
        return SavedQuery(*row) if row else None


_COLUMNS = "number, query, release, saved"


def _has_digests(connection: sqlite3.Connection) -> bool:
    """Whether a file keeps digests: an early one gets them at the next save."""
    return any(row[1] == "digest" for row in connection.execute("PRAGMA table_info(saved)"))
