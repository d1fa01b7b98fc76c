"""What is said of a refused request: in the page's language to people, to programs in English
unless they like Chinese better."""

from __future__ import annotations

import ast
import json
import re
import string
from html import unescape
from pathlib import Path
from urllib.parse import quote

import pytest
from support import ROOT, ask, pages
from werkzeug.exceptions import abort

from kg.errors import CannotWriteError, PlanlinkError
from kg.files import packaged
from kg.web.messages import Message, message_of, messages

PAGE = {"Accept": "text/html"}
HAN = re.compile("[\u3400-\u9fff]")


def test_every_message_is_worded_in_both_languages() -> None:
    for key, worded in messages().items():
        assert set(worded) == {"zh", "en"}, key
        assert HAN.search(worded["zh"]), key
        assert not HAN.search(worded["en"]), key
        if worded["en"] not in ("{}", "{0}"):  # the engine's words, which are English
            assert _fields(worded["en"]) == _fields(worded["zh"]), key


def test_why_tests_of_w3c_fail_is_worded_in_chinese() -> None:
    record = json.loads((ROOT / "kg/web/conformance.json").read_text(encoding="utf-8"))
    worded = {one["en"]: one["zh"] for one in packaged("kg.web", "conformance")["reason"]}
    assert set(worded) == set(record["failing"].values())
    assert all(HAN.search(zh) for zh in worded.values())


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_a_message_says_the_same_as_it_is() -> None:
    assert Message("no_saved_query", 7) == "there is no saved query 7"
    assert Message("no_saved_query", 7).worded("zh") == "没有第7号保存的查询"
    undated = Message("gone", Message("of_release", 2))  # early releases do not say when
    assert undated.worded("zh") == "该内容在第2次发布中移除"


REFUSED = (
    ("/page/nowhere/measure/1", 404, "nowhere"),
    ("/plan/nowhere", 404, "nowhere"),
    ("/no/such/page", 404, "核对网址"),
    ("/releases/compare?from=²&to=1", 400, "from"),
    ("/releases/compare?from=1&to=" + "1" * 20, 400, "to"),
    ("/progress/hongqiao-2021?year=٢٠٢٣", 400, "2021"),
    ("/observe/hongqiao-2021/template.csv?year=20²3", 400, "2025"),
    ("/queries/" + "9" * 20, 404, "核对网址"),
    ("/queries/٢", 404, "核对网址"),
    ("/queries/123456", 404, "123456"),
    ("/relations/hongqiao-2021?view=upside-down", 400, "upside-down"),
    ("/compare?plan=nowhere", 404, "nowhere"),
)


@pytest.mark.parametrize(("path", "status", "named"), REFUSED)
def test_a_page_says_it_in_its_language(server: str, path: str, status: int, named: str) -> None:
    address = server + quote(path, safe="/?&=")
    page = ask(address, Accept="text/html", Cookie="language=zh")
    assert page[0] == status
    detail = re.search(r"<h1>.*?</h1>\s*<p>(.*?)</p>", page[2].decode(), re.DOTALL)
    assert detail is not None
    assert named in detail[1] and "http" not in detail[1].partition("<br>")[0]
    assert HAN.search(detail[1])
    english = ask(address, Accept="text/html", Cookie="language=en")
    assert english[0] == status
    main = re.search(r"<main.*?</main>", english[2].decode(), re.DOTALL)
    assert main is not None
    assert not HAN.search(main[0])


def test_a_browser_that_asks_for_a_graph_that_is_not_there_gets_a_page(server: str) -> None:
    asking = {"Accept": "text/html, */*;q=0.8", "Cookie": "language=zh"}
    status, headers, body = ask(f"{server}/graphs?graph=urn:nowhere", **asking)
    assert (status, headers.get_content_type()) == (404, "text/html")
    assert "没有这个图" in body.decode()


@pytest.mark.parametrize(
    ("path", "asking", "status", "line"),
    [
        (
            "/releases/77777",
            {"Accept": "application/json"},
            404,
            "there is no release 77777; choose one on the page Releases",
        ),
        ("/sparql?query=1&query=2", {}, 400, "give query once; it was given 2 times"),
        (
            "/queries/123456",
            {"Accept_Language": "zh-CN, en;q=0.5"},
            404,
            "没有第123456号保存的查询",
        ),
    ],
)
def test_a_program_is_told_in_one_line(
    server: str, path: str, asking: dict[str, str], status: int, line: str
) -> None:
    answer = ask(f"{server}{path}", **asking)
    assert answer[0] == status
    assert answer[1].get_content_type() == "text/plain"
    assert answer[2].decode() == f"{line}\n"


@pytest.mark.parametrize("posted", [False, True])
@pytest.mark.parametrize(
    ("language", "why"),
    [("zh", "第1行第17列用了没有声明的前缀 foo:"), ("en", "the prefix foo: is neither declared")],
)
def test_a_query_that_a_browser_sent_is_kept(
    server: str, posted: bool, language: str, why: str
) -> None:
    """As a page with the query to mend and what is wrong, for one who has no script."""
    query = "SELECT * {?s ?p foo:x}"
    sent, address = f"format=csv&query={quote(query)}", f"{server}/sparql?lang={language}"
    browser = "text/html,application/signed-exchange;v=b3;q=0.7,*/*;q=0.8"
    if posted:
        status, _, page = ask(address, sent.encode(), Accept=browser)
    else:
        status, _, page = ask(f"{address}&{sent}", Accept=browser)
    found = re.search(r'id="error"[^>]*>([^<]+)</p>', page.decode())
    assert status == 400
    assert found is not None and why in found[1] and " hidden" not in found[0]
    assert f">{query}</textarea>" in page.decode()


@pytest.mark.parametrize(
    ("path", "sent", "status", "said"),
    [
        ("/search?q=%D1%F8", {}, 400, ("UTF-8", 'name="q"')),
        ("/queries", {}, 405, ("表单", 'name="q"')),
        ("/queries", {"Content_Length": "20000000"}, 413, ("分次提交", "回到首页")),
        ("/queries", {"Content_Encoding": "gzip"}, 415, ("gzip", "回到首页")),
    ],
)
def test_what_is_refused_before_the_site_is_said_on_a_page_of_it(
    server: str, path: str, sent: dict[str, str], status: int, said: tuple[str, ...]
) -> None:
    """A browser gets a page that leads on, in a line of text nobody finds a way back."""
    body = b"x" if sent else None
    answer, headers, page = ask(server + path, body, **PAGE, Cookie="language=zh", **sent)
    assert answer == status
    assert headers.get_content_type() == "text/html"
    assert all(words in page.decode() for words in said)


@pytest.mark.parametrize(
    "status",
    [401, 403, 406, 408, 409, 411, 414, 415, 416, 421, 422, 429, 431, 501, 502, 503, 504],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_status_says_in_the_reader_s_language_what_to_do(
    own_small_release: Path, monkeypatch: pytest.MonkeyPatch, status: int, language: str
) -> None:
    monkeypatch.setattr("kg.web.bounds.Admission.admitted", lambda *_: abort(status))
    visitor = pages(own_small_release).test_client()
    answer = visitor.get(f"/releases/compare?from=1&to=1&lang={language}", headers=PAGE)
    assert answer.status_code == status
    main = re.search(r"<main.*?</main>", answer.text, re.DOTALL)
    assert main is not None
    assert bool(HAN.search(main[0])) == (language == "zh"), "in one language"
    assert "请求有误" not in main[0] and "Bad request" not in main[0], "what happened"
    detail = re.search(r"<p>([^<]+)</p>", main[0])
    assert detail is not None and (HAN.search(detail[1]) or language == "en")
    assert 'href="/"' in main[0], "it leads back"


def test_what_may_pass_can_be_tried_again(
    own_small_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.web.bounds.Admission.admitted", lambda *_: abort(503))
    asked = (
        pages(own_small_release).test_client().get("/releases/compare?from=1&to=1", headers=PAGE)
    )
    assert asked.status_code == 503
    again = re.search(r'<a class="button" href="([^"]+)">再试一次<', asked.text)
    assert again is not None and unescape(again[1]) == "/releases/compare?from=1&to=1"


def test_a_form_of_another_site_is_refused_in_the_language_of_pages(server: str) -> None:
    sent = {**PAGE, "Origin": "http://elsewhere.example", "Cookie": "language=en"}
    status, _, page = ask(f"{server}/queries", b"query=x", **sent)
    assert status == 403
    assert "This was not sent from a page of this site" in page.decode()


@pytest.mark.parametrize(
    ("headers", "title"),
    [
        ({}, "检索规划"),
        ({"Accept_Language": "en-GB,en;q=0.9,zh;q=0.5"}, "Search the plans"),
        ({"Accept_Language": "zh-CN,zh;q=0.9,en;q=0.8"}, "检索规划"),
        ({"Accept_Language": "fr"}, "检索规划"),
        ({"Accept_Language": "en", "Cookie": "language=zh"}, "检索规划"),
    ],
)
def test_the_language_is_chosen_or_else_what_the_browser_likes(
    server: str, headers: dict[str, str], title: str
) -> None:
    _, answered, page = ask(f"{server}/search", **headers)
    assert f"<title>{title}" in page.decode()
    assert "Accept-Language" in answered["Vary"]


def raised_in(folder: str) -> set[str]:
    """The keys of the errors that modules of kg raise."""
    found = set()
    for path in (ROOT / "kg" / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "PlanlinkError.of":
                keys = (one for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant))
                found |= {str(one.value) for one in keys}
    return found


def test_every_error_has_words_and_all_words_an_error() -> None:
    worded = packaged("kg", "errors")
    chosen = {"query_malformed", "query_refused", "plan_not_named", "plan_not_released",
              "removed_unknown", "correction_lacks", "reason_missing"}  # fmt: skip
    rules = (ROOT / "kg/settings/loading.py").read_text(encoding="utf-8")
    chosen |= set(re.findall(r'"(setting_\w+)"', rules))
    for module in ("__init__", "worker"):  # of which one answers what the other raises
        text = (ROOT / f"kg/source/intake/pdf/{module}.py").read_text(encoding="utf-8")
        chosen |= set(re.findall(r'"(pdf_\w+)"', text))
    assert raised_in("") | chosen == set(worded)
    assert all(set(words) == {"what", "mend"} and all(words.values()) for words in worded.values())


def test_the_errors_of_sheets_and_decisions_are_known_in_chinese() -> None:
    every = raised_in("monitoring")
    assert len(every) > 10
    every |= {"correction_gone", "suggestion_gone", "suggestion_decided", "publication_changed"}
    every |= {"reason_missing", "file_no_text", "no_toml"}
    unknown = messages()["not_taken"]["zh"].partition("{")[0]
    for key in every:
        error = PlanlinkError.of(key, "here", 7, 8, 9)
        said = message_of(error)
        assert str(said) == f"{error.what}; {error.mend}"
        assert HAN.search(said.worded("zh")), key
        assert not said.worded("zh").startswith(unknown), key
    rows = message_of(PlanlinkError.of("sheet_rows", "here", 20_000, 20_007))
    assert "20000行" in rows.worded("zh") and "第20007行" in rows.worded("zh")
    assert message_of(PlanlinkError("it rains", "here", "wait")).worded("zh").startswith(unknown)
    full = message_of(CannotWriteError(OSError(28, "No space left on device"), Path("x")))
    assert "磁盘" in full.worded("zh")
