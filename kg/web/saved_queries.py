"""Queries that visitors saved, each under a number that stays, with the release it ran on and the
digest of what it found, whatever its order and format: two runs that agree found the same. Who has
not signed in saves for a while; what has expired goes at the next save."""

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyoxigraph as ox

from kg.errors import PlanlinkError
from kg.sparql import Answer

MOST_SAVED = 100_000  # queries kept: beyond it nobody can save more, and nobody loses one
MOST_BYTES = 256 * 1024**2  # of their texts together
KEPT_DAYS = 180  # for which a query is kept that nobody signed in has saved

_TABLE = """
CREATE TABLE IF NOT EXISTS saved (
  number INTEGER PRIMARY KEY AUTOINCREMENT, query TEXT NOT NULL, release INTEGER NOT NULL,
  saved TEXT NOT NULL, digest TEXT NOT NULL DEFAULT '', until TEXT, UNIQUE (query, release)
)"""
_LATER = {"digest": "TEXT NOT NULL DEFAULT ''", "until": "TEXT"}  # columns that early files lack
LONGEST = 16 * 1024**2
"""Bytes of a result beyond which it has no digest."""

RESULTS_FORMAT, GRAPH_FORMAT = "json", "nt"
"""The formats of answers that a digest is made of."""

_UNKNOWN = "_:b"  # what a row has for a blank node, whose name means nothing


@dataclass(frozen=True)
class SavedQuery:
    """A saved query by its number, with the release it ran on, when it was saved and when it
    expires (UTC, ISO 8601; None for never). digest: of its result; "" where the query gives another
    each time, the result is too long, or an early version saved it."""

    number: int
    query: str
    release: int
    saved: str
    digest: str = ""
    until: str | None = None


class SavedQueries:
    """The saved queries beside a folder of releases."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def save(
        self, query: str, release: int, digest: str = "", for_good: bool = False
    ) -> SavedQuery:
        """Keep a query with the digest of what it found ("" for none), for who has signed in for
        good; the same one on the same release keeps its number, and is kept longer. PlanlinkError
        where the file cannot be written, or as many are kept as may be."""
        now = datetime.now(UTC)
        until = None if for_good else _written(now + timedelta(days=KEPT_DAYS))
        try:
            with closing(sqlite3.connect(self._path, timeout=5)) as connection, connection:
                connection.row_factory = sqlite3.Row
                _make_table(connection)
                connection.execute("DELETE FROM saved WHERE until < ?", (_written(now),))
                kept = connection.execute(
                    "UPDATE saved SET until = CASE WHEN until IS NULL THEN NULL ELSE ? END"
                    " WHERE query = ? AND release = ? RETURNING *",
                    (until, query, release),
                ).fetchone()
                if kept is None:  # an insert that finds it there would use up a number
                    self._require_room(connection, query)
                    kept = connection.execute(
                        "INSERT INTO saved (query, release, saved, digest, until)"
                        " VALUES (?, ?, ?, ?, ?) RETURNING *",
                        (query, release, _written(now), digest, until),
                    ).fetchone()
                return SavedQuery(**kept)
        except sqlite3.OperationalError as error:
            raise PlanlinkError.of("query_not_saved", self._path.name, error) from error

    def get(self, number: int) -> SavedQuery | None:
        """The query of a number; None where there is none, or it has expired."""
        with self._reading() as connection:
            connection.row_factory = sqlite3.Row
            row = connection.execute("SELECT * FROM saved WHERE number = ?", (number,)).fetchone()
        found = SavedQuery(**row) if row else None
        is_over = found is not None and (found.until or "~") < _written(datetime.now(UTC))
        return None if is_over else found

    def was_given(self, number: int) -> bool:
        """Whether a query ever had a number."""
        with self._reading() as connection:
            row = connection.execute("SELECT seq FROM sqlite_sequence").fetchone()
        return row is not None and 0 < number <= row[0]

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that reads; to an empty table where nothing has been saved."""
        there = self._path.exists()
        address = f"{self._path.resolve().as_uri()}?mode=ro" if there else ":memory:"
        with closing(sqlite3.connect(address, uri=True, timeout=5)) as connection:
            if not there:
                _make_table(connection)
            yield connection

    def _require_room(self, connection: sqlite3.Connection, query: str) -> None:
        """Raise PlanlinkError where as many are kept as may be."""
        count, size = connection.execute(
            "SELECT count(*), total(length(CAST(query AS BLOB))) FROM saved"
        ).fetchone()
        if count >= MOST_SAVED or size + len(query.encode()) > MOST_BYTES:
            raise PlanlinkError.of("queries_many", self._path.name, count)


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def _make_table(connection: sqlite3.Connection) -> None:
    """Make the table where there is none; an early one gets the columns that it lacks."""
    connection.execute(_TABLE)
    there = {row[1] for row in connection.execute("PRAGMA table_info(saved)")}
    for name, kind in _LATER.items():
        if name not in there:
            connection.execute(f"ALTER TABLE saved ADD COLUMN {name} {kind}")


def result_digest(answer: Answer) -> str:
    """The digest (SHA-256, hexadecimal) of a whole answer; "" for one that is too long. Of
    SELECT: the names of the variables, then the rows, sorted, each with its terms as N-Triples
    writes them. Of ASK: true or false. Of CONSTRUCT and DESCRIBE: sorted canonical N-Quads (RDF
    Dataset Canonicalization 1.0)."""
    if answer.length > LONGEST:
        return ""
    body = answer.body if answer.file is None else answer.file.read()
    lines = _of_graph(body) if answer.kind == "graph" else _of_results(body)
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()


def _of_results(body: bytes) -> Iterable[str]:
    found = ox.parse_query_results(body, format=ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return ["true" if found else "false"]
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    rows = ("\t".join(_as_text(row[name]) for name in names) for row in found)
    return ["\t".join(names), *sorted(rows)]


def _as_text(term: object) -> str:
    if term is None:
        return ""
    return _UNKNOWN if isinstance(term, ox.BlankNode) else str(term)


def _of_graph(body: bytes) -> Iterable[str]:
    dataset = ox.Dataset(ox.parse(body, format=ox.RdfFormat.N_TRIPLES))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(f"{quad} ." for quad in dataset)
