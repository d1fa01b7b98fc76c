"""What is said of queries that do not parse."""

from __future__ import annotations

import pytest
from support import ask

from kg.sparql.diagnosis import diagnosed, mistaken_sign

SAID = 'line 2, column 9: expected one of "(", [_]'


@pytest.mark.parametrize(
    ("query", "english", "chinese"),
    [
        ("SELECT ？x { ?x ?p ?o }", "line 1, column 8: ？ (U+FF1F)", "请改为半角的 ?"),
        ("SELECT ?x\n{ ?x ?p “a” }", "line 2, column 9: “ (U+201C)", '请改为半角的 "'),
        ("SELECT\u3000?x { ?x ?p ?o }", "line 1, column 7: U+3000", "第1行第7列有特殊空格"),
        ("SELECT\u00a0?x { ?x ?p ?o }", "U+00A0 is not a space", "普通空格"),
        (
            "ASK { ?s <http://a b> ?o }",
            "line 1, column 11: an IRI has no",
            "第1行第11列起的 IRI 有误",
        ),
        ("ASK {}\0", "line 1, column 7: \0 (U+0000)", "SPARQL 不认这个字符"),
        ("SELECT ?x { ?x ?p 西站 }", "西 (U+897F)", "文字须放在引号之内"),
        (
            "SELECT ?x { ?x foaf:name ?o }",
            "PREFIX foaf: <http://xmlns.com/foaf/0.1/>",
            "第1行第16列用了没有声明的前缀 foaf:",
        ),
        (
            "PREFIX a: <http://a/>\nSELECT ?x { ?x a:b/b:c ?o }",
            "line 2, column 20: the prefix b: is neither declared nor known here",
            "第2行第20列用了没有声明的前缀 b:，本站也不认识这个前缀",
        ),
        ('SELECT ?x { ?x ?p "“？”" ; } # ？\n', "line 2, column 9", "第2行第9列附近"),
        ("SELECT ?区 { ?区 <http://a/区> '区'@zh ; } ", "line 2, column 9", "第2行第9列附近"),
        ("SELEC ?x { ?x ?p ?o }", "did you mean SELECT?", "第1行第1列的 SELEC 不是"),
        ("SELECT ?x\nwher { ?x ?p ?o }", "line 2, column 1: WHER", "是否应为 WHERE"),
        ("SELECT (MIN(?n) AS ?m) { ?x ?p ?n ; } LIMT 5", "LIMT", "是否应为 LIMIT"),
        ("SELECT ?a {\n ?a ?b (1 }", "line 2, column 8: this ( has no )", "“(”没有与之对应的“)”"),
        ("SELECT ?a {\n ?a ?b '}' ", "line 1, column 11", "第1行第11列的“{”没有与之对应的“}”"),
    ],
)
def test_the_character_or_prefix_at_fault_is_named(query: str, english: str, chinese: str) -> None:
    said = diagnosed(query, SAID)
    assert english in said
    assert chinese in said.worded("zh")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("SELECT ?m，?z { ?m ?p ?z }", "line 1, column 10: ， (U+FF0C)"),
        ("SELECT ?m {\n ?m a <http://a/b> ; a ?z。}", "line 2, column 26: 。 (U+3002)"),
        ("SELECT ?区 { ?区 <http://a/，> 'a；b'@zh } # 。", None),
    ],
)
def test_a_separator_that_a_name_would_take_in_is_named(query: str, told: str | None) -> None:
    said = mistaken_sign(query)
    assert said is None if told is None else said is not None and said.startswith(told)


def test_without_a_place_the_message_is_passed_on() -> None:
    said = diagnosed("ASK {}", "no such thing")
    assert said == "no such thing"
    assert said.worded("zh").startswith("查询语句有误")


def test_the_endpoint_says_it_in_the_language_that_is_liked(server: str) -> None:
    query = "SELECT ？x { ?x ?p ?o }".encode()
    status, headers, body = ask(
        f"{server}/sparql", query, Content_Type="application/sparql-query", Accept_Language="zh-CN"
    )
    assert (status, headers["Content-Language"]) == (400, "zh")
    assert "半角" in body.decode()
    status, headers, body = ask(f"{server}/sparql", query, Content_Type="application/sparql-query")
    assert (status, headers["Content-Language"]) == (400, "en")
    assert body.startswith(b"line 1, column 8: ")
    assert (
        ask(
            f"{server}/sparql",
            "ASK { ?s ?p ?o。}".encode(),
            Content_Type="application/sparql-query",
        )[0]
        == 400
    )
