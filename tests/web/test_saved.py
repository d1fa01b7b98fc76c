"""Saved queries: a number that stays, and results on the release that the query ran on."""

from __future__ import annotations

import json
import re
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, urlencode

import pytest
from support import ask, eventually, run, serving

from kg.errors import PlanlinkError
from kg.web import saved_queries as saved
from kg.web.saved_queries import SavedQueries

COUNT = 'SELECT (COUNT(?m) AS ?n) WHERE { ?m <http://www.w3.org/2004/02/skos/core#prefLabel> "大力培育高新技术企业"@zh }'


def save(server: str, query: str, accept: str = "*/*") -> tuple[int, str, str]:
    """Save a query as the form does; the status, the address of its page, and what was told."""
    import urllib.request

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            return None

    request = urllib.request.Request(
        f"{server}/queries", urlencode({"query": query}).encode(), {"Accept": accept}
    )
    try:
        with urllib.request.build_opener(Stay).open(request) as answer:
            return answer.status, "", answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Location", ""), error.read().decode()


def test_a_number_stays_and_names_the_release(server: str) -> None:
    status, page, _ = save(server, COUNT)
    assert (status, save(server, COUNT)[1]) == (303, page)
    assert save(server, COUNT + " #")[1] != page
    html = ask(server + page)[2].decode()
    assert "第1次发布" in html and "SELECT (COUNT(?m)" in html


def test_the_digest_of_what_it_found_is_kept_and_checked(server: str) -> None:
    page = save(server, COUNT)[1]
    told = json.loads(ask(f"{server}{page}/check", Accept="application/json")[2])
    assert (told["release"], told["agrees"]) == (1, True)
    assert told["digest"] == told["found"]
    assert len(told["digest"]) == 64
    assert f"sha256:{told['digest']}" in ask(server + page)[2].decode()
    checked = ask(f"{server}{page}/check", Accept="text/html")[2].decode()
    assert "结果一致" in checked
    changing = save(server, "SELECT (RAND() AS ?x) {}")[1]
    assert "保存时未记结果摘要" in ask(server + changing)[2].decode()
    assert ask(f"{server}{changing}/check")[0] == 409


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 400),
        ("SELECT", 400),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 422),
        ("x" * 300_000, 400),
    ],
)
def test_what_does_not_run_is_not_saved(server: str, query: str, expected: int) -> None:
    status, page, told = save(server, query)
    assert (status, page, len(told.splitlines())) == (expected, "", 1)
    assert ask(f"{server}/queries/99999")[0] == 404


def test_a_browser_has_what_is_not_saved_back_in_the_form(server: str) -> None:
    status, _, html = save(server, "SELECT ?stone { ?stone skos:note", "text/html")
    assert status == 400 and "SELECT ?stone { ?stone skos:note</textarea>" in html
    assert re.search(r'role="alert"[^>]*autofocus>第1行第', html, re.DOTALL)
    path = html.partition('class="crumbs"')[2].partition("</nav>")[0]
    assert path.count("SPARQL") == 1, "the page's name stands in it once"


def test_it_runs_again_on_the_release_it_ran_on(small_copy: Path, own_small_release: Path) -> None:
    """A plan with one measure less is released after a query was saved: the query still finds what
    it found.
    """
    count = COUNT.replace("大力培育高新技术企业", "深入推进柳埠河综合治理")
    with serving(own_small_release) as server:
        page = save(server, count)[1]
        before = json.loads(ask(f"{server}{page}/results")[2])
        source = small_copy / "source.txt"
        text = source.read_text(encoding="utf-8")
        source.write_text(text.replace("深入推进柳埠河", "柳埠河"), encoding="utf-8")
        done = run("publish", small_copy, "--out", own_small_release)
        assert done.returncode == 0, done.stderr
        eventually(
            lambda: json.loads(ask(f"{server}/manifest.json")[2])["release"] == 2,
            "the second release is served",
        )
        now = json.loads(
            ask(f"{server}/sparql?query={quote(count)}", Accept="application/sparql-results+json")[
                2
            ]
        )
        assert now["results"] != before["results"]
        assert json.loads(ask(f"{server}{page}/results")[2]) == before
        assert json.loads(ask(f"{server}{page}/check", Accept="application/json")[2])["agrees"]
        assert "当前为第2次发布" in ask(server + page)[2].decode()


def test_the_editor_completes_from_this_release(server: str) -> None:
    terms = json.loads(ask(f"{server}/sparql/terms")[2])
    assert "https://w3id.org/planlink/ns#Measure" in terms["classes"]
    assert "https://w3id.org/planlink/ns#locatedIn" in terms["properties"]
    assert ["plan", "https://w3id.org/planlink/ns#"] in terms["prefixes"]
    found = json.loads(ask(f"{server}/sparql/complete?q={quote('涉及区域')}")[2])
    assert found[0] == {"insert": "plan:locatedIn", "label": "涉及区域", "type": found[0]["type"]}
    assert json.loads(ask(f"{server}/sparql/complete?q=")[2]) == []


class Later(datetime):
    """A clock that is ahead."""

    @classmethod
    def now(cls, tz: object = None) -> datetime:
        return datetime.now(UTC) + timedelta(days=saved.KEPT_DAYS + 1)


def test_what_nobody_signed_in_saved_expires(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    queries = SavedQueries(tmp_path / "queries.sqlite")
    assert not queries.was_given(1)
    first, second, third = (
        queries.save(text, 1, for_good=good)
        for text, good in (("a", False), ("b", True), ("c", False))
    )
    assert first.until is not None and second.until is None
    assert queries.save("c", 1, for_good=True).until is None
    assert queries.save("b", 1).until is None, "who has not signed in shortens nothing"
    monkeypatch.setattr(saved, "datetime", Later)
    assert queries.get(first.number) is None and queries.was_given(first.number)
    assert queries.get(second.number) and queries.get(third.number)
    assert queries.save("d", 1).number == 4
    with sqlite3.connect(tmp_path / "queries.sqlite") as file:
        assert [row[0] for row in file.execute("SELECT query FROM saved")] == ["b", "c", "d"]
    assert not queries.was_given(5)


@pytest.mark.parametrize(("bound", "value"), [("MOST_SAVED", 2), ("MOST_BYTES", 8)])
def test_saved_queries_are_bounded_in_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, value: int
) -> None:
    queries = SavedQueries(tmp_path / "queries.sqlite")
    monkeypatch.setattr(saved, bound, value)
    queries.save("区区", 1)
    queries.save("b", 1)
    with pytest.raises(PlanlinkError, match="2 queries are saved already"):
        queries.save("cc", 1)
    monkeypatch.setattr(saved, "datetime", Later)
    assert queries.save("cc", 1).number == 3, "what has expired makes room"


def test_a_file_of_an_early_version_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "queries.sqlite"
    with sqlite3.connect(path) as file:
        file.execute(
            "CREATE TABLE saved (number INTEGER PRIMARY KEY AUTOINCREMENT, query TEXT NOT NULL,"
            " release INTEGER NOT NULL, saved TEXT NOT NULL, UNIQUE (query, release))"
        )
        file.execute("INSERT INTO saved (query, release, saved) VALUES ('a', 1, '2025')")
    early = SavedQueries(path).get(1)
    assert early is not None and (early.query, early.until) == ("a", None)
    assert SavedQueries(path).save("b", 1, "x").digest == "x"
    assert SavedQueries(path).get(1) == early
