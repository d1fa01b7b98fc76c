"""The SPARQL endpoint over HTTP: forms of request, formats, errors, bounds."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.query import Limits, QueryPool, Request, refusal

QUERY = "SELECT ?l { ?i a <https://w3id.org/planlink/ns#Institution> ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?l } ORDER BY ?l"


def ask(address: str, data: bytes | None = None, method: str | None = None, **headers: str) -> tuple[int, Mapping[str, str], bytes]:
    request = urllib.request.Request(address, data=data, method=method, headers={k.replace("_", "-"): v for k, v in headers.items()})
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def test_three_ways_to_ask_give_one_answer(server: str) -> None:
    encoded = urllib.parse.urlencode({"query": QUERY})
    answers = [
        ask(f"{server}/sparql?{encoded}", Accept="text/csv"),
        ask(f"{server}/sparql", encoded.encode(), Accept="text/csv", Content_Type="application/x-www-form-urlencoded"),
        ask(f"{server}/sparql", QUERY.encode(), Accept="text/csv", Content_Type="application/sparql-query"),
    ]
    assert {status for status, _, _ in answers} == {200}
    assert len({body for _, _, body in answers}) == 1
    assert "河北工业大学" in answers[0][2].decode()


@pytest.mark.parametrize(
    ("accept", "content_type", "form"),
    [
        ("application/sparql-results+json", "application/sparql-results+json", ox.QueryResultsFormat.JSON),
        ("application/sparql-results+xml", "application/sparql-results+xml", ox.QueryResultsFormat.XML),
        ("text/csv", "text/csv; charset=utf-8", None),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8", ox.QueryResultsFormat.TSV),
        ("text/csv;q=0.2, application/sparql-results+xml;q=0.8", "application/sparql-results+xml", ox.QueryResultsFormat.XML),
        ("*/*", "application/sparql-results+json", ox.QueryResultsFormat.JSON),
    ],
)
def test_result_formats(server: str, accept: str, content_type: str, form: ox.QueryResultsFormat | None) -> None:
    status, headers, body = ask(f"{server}/sparql?{urllib.parse.urlencode({'query': QUERY})}", Accept=accept)
    assert status == 200
    assert headers["Content-Type"] == content_type
    if form is not None:
        rows = list(ox.parse_query_results(body, format=form))
        assert len(rows) > 40


@pytest.mark.parametrize("media_type", ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"])
def test_graph_formats(server: str, media_type: str) -> None:
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a <https://w3id.org/planlink/ns#Goal> ; ?p ?o }"
    status, headers, body = ask(f"{server}/sparql?{urllib.parse.urlencode({'query': query})}", Accept=media_type)
    assert status == 200
    assert headers["Content-Type"].startswith(media_type)
    assert len(list(ox.parse(body, format=ox.RdfFormat.from_media_type(media_type)))) > 50


def test_dataset_parameters(server: str) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    graph = "http://localhost:8000/graph/vocabulary"
    whole = json.loads(ask(f"{server}/sparql?{urllib.parse.urlencode({'query': count})}")[2])
    part = json.loads(ask(f"{server}/sparql?{urllib.parse.urlencode({'query': count, 'default-graph-uri': graph})}")[2])
    none = json.loads(ask(f"{server}/sparql?{urllib.parse.urlencode({'query': count, 'named-graph-uri': graph})}")[2])
    n = [int(a["results"]["bindings"][0]["n"]["value"]) for a in (whole, part, none)]
    assert n[0] > n[1] > n[2] == 0


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("SELECT * { ?s ?p }", 400, "line 1, column 19"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 400, "SERVICE is not allowed"),
        ("SELECT * { " + "{" * 5000 + "}" * 5000 + " }", 400, "nests deeper"),
        ("SELECT * { ?s ?p ?o . " + "?s ?p ?o . " * 30000 + "}", 400, "characters"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", 400, ""),
        ("", 400, ""),
    ],
    ids=["syntax", "service", "nesting", "length", "update", "empty"],
)
def test_bad_queries(server: str, query: str, status: int, says: str) -> None:
    answer = ask(f"{server}/sparql", query.encode(), Content_Type="application/sparql-query")
    assert answer[0] == status
    assert says in answer[2].decode()
    assert answer[2].count(b"\n") == 1
    assert b"Traceback" not in answer[2]


def test_statuses(server: str) -> None:
    assert ask(f"{server}/sparql?query=ASK%20%7B%7D&query=ASK%20%7B%7D")[0] == 400
    assert ask(f"{server}/sparql?update=CLEAR%20ALL")[0] == 400
    assert ask(f"{server}/sparql?query=ASK%20%7B%7D", Accept="image/png")[0] == 406
    assert ask(f"{server}/sparql", b"x", Content_Type="text/plain")[0] == 415
    assert ask(f"{server}/sparql", method="DELETE")[0] == 405
    assert ask(f"{server}/sparql", b"\xff\xfe", Content_Type="application/sparql-query")[0] == 400
    assert ask(f"{server}/sparql", b"x" * 2_000_000, Content_Type="application/sparql-query")[0] == 413
    status, headers, _ = ask(f"{server}/sparql", method="OPTIONS")
    assert (status, headers["Access-Control-Allow-Origin"]) == (204, "*")


def test_service_description(server: str) -> None:
    status, _, body = ask(f"{server}/sparql", Accept="text/turtle")
    assert status == 200
    triples = list(ox.parse(body, format=ox.RdfFormat.TURTLE))
    endpoints = [t.object.value for t in triples if t.predicate.value.endswith("#endpoint")]
    assert endpoints == [f"{server}/sparql"]


def test_example_queries_all_answer(server: str) -> None:
    from kg.web.sparql import examples

    for example in examples():
        status, _, body = ask(f"{server}/sparql", example["query"].encode(), Content_Type="application/sparql-query")
        assert status == 200, example["en"]
        assert json.loads(body)["results"]["bindings"], example["en"]


@pytest.mark.parametrize(
    "query",
    [
        'SELECT * { ?s ?p "SERVICE" }',
        "SELECT * { ?s <http://e.example/SERVICE> ?o } # SERVICE",
        "SELECT ?service { ?service a ?o }",
        "PREFIX service: <http://e.example/> SELECT * { service:a service:b '''it's SERVICE \"here\"''' }",
    ],
)
def test_service_is_a_keyword_only_where_it_is_one(query: str) -> None:
    assert refusal(query) is None


@pytest.fixture(scope="module")
def pool(release: Path) -> Iterator[QueryPool]:
    made = QueryPool((release / "current" / "store").resolve(), 2, Limits(seconds=2.0, memory=1024**3, result=1_000_000))
    yield made
    made.close()


def test_a_query_without_end_is_killed_and_a_light_one_answers_beside_it(pool: QueryPool) -> None:
    heavy = Request("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")
    outcome: list[str] = []
    thread = threading.Thread(target=lambda: outcome.append(pool.ask(heavy).outcome))
    begun = time.monotonic()
    thread.start()
    assert pool.ask(Request("ASK {}")).outcome == "ok"
    assert thread.is_alive()
    thread.join(timeout=30)
    assert outcome == ["timeout"]
    assert time.monotonic() - begun < 20
    assert pool.ask(Request("ASK {}")).outcome == "ok"


def test_a_result_too_large_is_refused(pool: QueryPool) -> None:
    answer = pool.ask(Request("SELECT * { ?s ?p ?o }"))
    assert answer.outcome == "too-large"
    assert pool.ask(Request("ASK {}")).outcome == "ok"


def test_a_query_that_eats_memory_dies_alone(pool: QueryPool) -> None:
    answer = pool.ask(Request("SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?f"))
    assert answer.outcome in ("timeout", "failed", "too-large")
    assert pool.ask(Request("ASK {}")).outcome == "ok"
