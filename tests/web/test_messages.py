"""What is said of a refused request: in the page's language to people, in English to programs."""

from __future__ import annotations

import re
import string
from urllib.parse import quote

import pytest
from support import ask

from kg.web.messages import Message, messages

HAN = re.compile("[\u3400-\u9fff]")


def test_every_message_is_worded_in_both_languages() -> None:
    for key, worded in messages().items():
        assert set(worded) == {"zh", "en"}, key
        assert HAN.search(worded["zh"]), key
        assert not HAN.search(worded["en"]), key
        if worded["en"] not in ("{}", "{0}"):  # the engine's words, which are English
            assert _fields(worded["en"]) == _fields(worded["zh"]), key


def _fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_a_message_says_the_same_as_it_is() -> None:
    assert Message("no_release", 7) == "there is no release 7"
    assert Message("no_release", 7).worded("zh") == "没有第 7 次发布"


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
    assert named in detail[1]
    assert HAN.search(detail[1])
    english = ask(address, Accept="text/html", Cookie="language=en")
    assert english[0] == status
    main = re.search(r"<main.*?</main>", english[2].decode(), re.DOTALL)
    assert main is not None
    assert not HAN.search(main[0])


def test_a_program_is_told_in_one_english_line(server: str) -> None:
    status, headers, body = ask(f"{server}/releases/77777", Accept="application/json")
    assert status == 404
    assert headers.get_content_type() == "text/plain"
    assert body == b"there is no release 77777\n"


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
