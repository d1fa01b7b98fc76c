"""Plain queries are answered before the framework as it would: the same bytes and headers, counted, bounded, and never stale."""

from __future__ import annotations

import json
import re
import socket
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from support import FLAGSHIP, HANGING, ask, eventually, headers_but, run, serving

OWN = ("x-request-id", "date")  # headers that each answer has its own of
QUERY = quote(
    'SELECT (COUNT(?m) AS ?n) WHERE { ?m <http://www.w3.org/2004/02/skos/core#prefLabel> "大力培育高新技术企业"@zh }'
)


def test_the_same_answer_with_its_own_id(server: str) -> None:
    address = f"{server}/sparql?query={QUERY}&format=csv"
    first, second = ask(address, X_Request_ID="one"), ask(address, X_Request_ID="two")
    assert (first[0], first[2]) == (second[0], second[2])
    assert headers_but(first[1], *OWN) == headers_but(second[1], *OWN)
    assert (first[1]["X-Request-ID"], second[1]["X-Request-ID"]) == ("one", "two")
    assert ask(address, If_None_Match=second[1]["ETag"])[0] == 304


def test_another_format_is_another_answer(server: str) -> None:
    address = f"{server}/sparql?query={QUERY}"
    for accept in ("text/csv", "application/sparql-results+json", "text/csv"):
        assert ask(address, Accept=accept)[1].get_content_type() == accept


def test_what_changes_each_time_is_not_repeated(server: str) -> None:
    address = f"{server}/sparql?query={quote('SELECT (UUID() AS ?u) {}')}&format=csv"
    assert len({ask(address)[2] for _ in range(20)}) == 20, (
        "processes that answer share their random numbers"
    )


def test_they_are_counted_and_bounded(release: Path) -> None:
    with serving(release, "--rate", "5/minute") as server:
        address = f"{server}/sparql?query={QUERY}"
        statuses = [ask(address)[0] for _ in range(8)]
        assert statuses == [200] * 5 + [429] * 3
        figures = ask(f"{server}/metrics")[2].decode()
        assert float(re.search(r'planlink_answers_total\{source="cache"\} (\S+)', figures)[1]) == 4  # type: ignore[index]


def test_a_new_release_ends_them(plan_copy: Callable[..., Path], own_release: Path) -> None:
    with serving(own_release) as server:
        address = f"{server}/sparql?query={QUERY}&format=csv"
        assert ask(address)[2] == ask(address)[2] == b"n\r\n1\r\n"
        folder = plan_copy(
            source=(FLAGSHIP / "source.txt")
            .read_bytes()
            .replace("大力培育高新技术企业".encode(), "高新技术企业".encode())
        )
        assert run("publish", folder, "--out", own_release).returncode == 0
        eventually(lambda: ask(address)[2] == b"n\r\n0\r\n", "an answer from the new release")


def test_the_framework_would_have_answered_the_same(server: str) -> None:
    """A parameter that means nothing has the framework answer: the same bytes and headers, but for what each answer has its own of."""
    address = f"{server}/sparql?query={QUERY}%23same&format=json"
    plain, through_the_framework = ask(address), ask(f"{address}&unknown=1")
    assert (plain[0], plain[2]) == (through_the_framework[0], through_the_framework[2])
    assert headers_but(plain[1], *OWN) == headers_but(through_the_framework[1], *OWN)


def test_a_long_answer_is_that_of_the_framework(server: str) -> None:
    """Its head is learned from a short one; it comes in parts, and is not kept."""
    assert ask(f"{server}/sparql?query={quote('ASK {}')}", Accept="text/csv")[0] == 200
    address = f"{server}/sparql?query={quote('SELECT ?s ?p ?o { ?s ?p ?o } # long')}"
    plain, through_the_framework = (
        ask(address, Accept="text/csv"),
        ask(f"{address}&unknown=1", Accept="text/csv"),
    )
    assert len(plain[2]) > 2 * 1024**2
    assert (plain[0], sorted(plain[2].splitlines())) == (
        through_the_framework[0],
        sorted(through_the_framework[2].splitlines()),
    )
    assert headers_but(plain[1], *OWN) == headers_but(through_the_framework[1], *OWN)
    assert plain[1]["Transfer-Encoding"] == "chunked"
    assert ask(address, Accept="text/csv", If_None_Match=plain[1]["ETag"])[0] == 304


def test_a_client_that_goes_away_during_a_long_answer(release: Path) -> None:
    """Its query ends with it: where it went on to its limit, nobody would be answered before that."""
    with serving(release, PLANLINK_QUERY_SECONDS="600") as server:
        assert ask(f"{server}/sparql?query={quote('ASK {}')}", Accept="text/csv")[0] == 200
        parts = urlsplit(server)
        for i in range(8):
            with socket.create_connection(
                (parts.hostname or "", parts.port or 80), timeout=HANGING
            ) as client:
                query = quote(f"SELECT * {{ ?a ?b ?c . ?d ?e ?f }} # {i}")
                client.sendall(
                    f"GET /sparql?query={query} HTTP/1.1\r\nHost: a\r\nAccept: text/csv\r\n\r\n".encode()
                )
                assert client.recv(15) == b"HTTP/1.1 200 OK"
        after = quote("ASK {} # after those that went away")
        assert ask(f"{server}/sparql?query={after}", Accept="text/csv")[0] == 200


@pytest.mark.parametrize(
    ("query", "more", "accept", "status"),
    [
        ("SELECT * { ?s", "", "*/*", 400),
        ("SELECT * { SERVICE <http://a/> { ?s ?p ?o } }", "", "*/*", 400),
        ("CONSTRUCT { ?s ?p ?o } { ?s ?p ?o } LIMIT 1", "&format=csv", "*/*", 406),
        ("ASK { ?s ?p ?o }", "", "image/png", 406),
        ("ASK { ?s ?p ?o }", "&format=pdf", "*/*", 400),
        ("ASK { ?s ?p ?o }", "&query=ASK%20%7B%7D", "*/*", 400),
        ("ASK { ?s ?p ?o }", "&default-graph-uri=http%3A%2F%2Fnowhere%2F", "*/*", 200),
        ("SELECT * { ?s ?p ?o } LIMIT 20000", "", "text/csv", 200),
    ],
)
def test_what_is_not_plain_is_answered_by_the_framework_once(
    server: str, query: str, more: str, accept: str, status: int
) -> None:
    before = _counted(server)
    assert ask(f"{server}/sparql?query={quote(query)}{more}", Accept=accept)[0] == status
    assert _counted(server) - before <= 1


def _counted(server: str) -> float:
    """How many queries were counted, whatever came of them."""
    return sum(
        float(n)
        for n in re.findall(
            r"^planlink_queries_total\{.*\} (\S+)",
            ask(f"{server}/metrics")[2].decode(),
            re.MULTILINE,
        )
    )


def test_they_are_logged(release: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A new query, and the same again: a line each, like that of the framework."""
    with serving(release, "--log") as server:
        for number in ("framework", "front", "again"):
            new = "" if number == "again" else quote(f" # {number}")
            address = f"{server}/sparql?query={QUERY}{new or quote(' # front')}&format=csv"
            assert ask(address, X_Request_ID=number)[0] == 200
    lines = [
        json.loads(line) for line in capfd.readouterr().err.splitlines() if line.startswith("{")
    ]
    told = {
        line["request_id"]: line
        for line in lines
        if line["request_id"] in ("framework", "front", "again")
    }
    assert set(told) == {"framework", "front", "again"}
    for line in told.values():
        assert line.keys() == told["framework"].keys()
        assert (line["path"], line["status"], line["bytes"]) == ("/sparql", 200, 6)
