"""Digests of results: the same for the same finds, however they came."""

from __future__ import annotations

import io
import sqlite3
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.sparql import Answer
from kg.web.saved_queries import LONGEST, SavedQueries, result_digest


def found(turtle: str, query: str) -> str:
    """The digest of a query's result on some data."""
    store = ox.Store()
    store.load(f"@prefix : <urn:> . {turtle}".encode(), format=ox.RdfFormat.TURTLE)
    result = store.query(query, prefixes={"": "urn:"})
    if isinstance(result, ox.QueryTriples):
        body, kind = result.serialize(format=ox.RdfFormat.N_TRIPLES), "graph"
    else:
        body, kind = result.serialize(format=ox.QueryResultsFormat.JSON), "results"
    return result_digest(Answer("ok", kind, body or b"", None, len(body or b"")))


SELECT = "SELECT ?s ?o { ?s :p ?o }"


@pytest.mark.parametrize(
    ("one", "other", "query"),
    [
        (":a :p 1 . :b :p 2 .", ":b :p 2 . :a :p 1 .", SELECT),
        (":a :p 1 . :b :p 2 .", ":a :p 1 . :b :p 2 .", SELECT + " ORDER BY DESC(?o)"),
        ("_:x :p 1 .", "_:another :p 1 .", SELECT),
        ("_:x :p _:y . _:y :p 1 .", "_:m :p 1 . _:n :p _:m .", "CONSTRUCT WHERE { ?s :p ?o }"),
    ],
)
def test_order_and_names_of_blank_nodes_do_not_matter(one: str, other: str, query: str) -> None:
    assert found(one, query.partition(" ORDER")[0]) == found(other, query)


@pytest.mark.parametrize(
    ("one", "other", "query"),
    [
        (":a :p 1 .", ":a :p 2 .", SELECT),
        (":a :p 1 .", ':a :p "1" .', SELECT),
        (':a :p "x"@zh .', ':a :p "x"@en .', SELECT),
        (":a :p 1 .", ":a :p 1 . :b :p 1 .", "SELECT ?o { ?s :p ?o }"),
        (":a :p 1 .", ":a :q 1 .", "ASK { ?s :p ?o }"),
        (":a :p 1 .", ":a :p 2 .", "CONSTRUCT WHERE { ?s :p ?o }"),
        ("_:x :p _:y . _:y :p 1 .", "_:x :p _:y . _:x :p 1 .", "CONSTRUCT WHERE { ?s :p ?o }"),
    ],
)
def test_another_find_has_another_digest(one: str, other: str, query: str) -> None:
    assert found(one, query) != found(other, query)


def test_values_cannot_pass_for_others() -> None:
    """A tab or a line break in a value is no border between values."""
    assert found(':a :p "x\\t1" .', SELECT) != found(':a :p "x" .', SELECT)
    split = found(':a :p "x\\n<urn:b>\\t1" .', SELECT)
    assert split != found(':a :p "x" . :b :p 1 .', SELECT)


def test_a_long_answer_is_read_from_its_file_and_a_longer_one_has_none() -> None:
    body = b"<urn:a> <urn:p> <urn:b> .\n"
    short = result_digest(Answer("ok", "graph", body, None, len(body)))
    assert result_digest(Answer("ok", "graph", b"", io.BytesIO(body), len(body))) == short
    assert result_digest(Answer("ok", "graph", b"", io.BytesIO(body), LONGEST + 1)) == ""


def test_queries_saved_before_there_were_digests_stay(tmp_path: Path) -> None:
    path = tmp_path / "queries.sqlite"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE TABLE saved (number INTEGER PRIMARY KEY AUTOINCREMENT, query TEXT NOT NULL,"
            " release INTEGER NOT NULL, saved TEXT NOT NULL, UNIQUE (query, release))"
        )
        connection.execute("INSERT INTO saved VALUES (1, 'ASK {}', 1, '2026-01-01')")
    connection.close()
    queries = SavedQueries(path)
    first = queries.get(1)
    assert first is not None
    assert (first.query, first.digest) == ("ASK {}", "")
    second = queries.save("ASK { ?s ?p ?o }", 1, "ab")
    assert (second.number, second.digest) == (2, "ab")
    # what a query is kept until counts from its last save, so that it moves with the clock
    again, still = queries.save("ASK { ?s ?p ?o }", 1, "cd"), queries.get(1)
    assert replace(again, until=second.until) == second
    assert still is not None and replace(still, until=first.until) == first
