"""The SPARQL endpoint over HTTP: forms of request, formats, errors, bounds."""

from __future__ import annotations

import json
import urllib.parse
from xml.etree import ElementTree as ET

import pyoxigraph as ox
import pytest
from support import ask

from kg.rdf.namespaces import PREFIXES
from kg.rdf.quads import FORMATS
from kg.sparql.formats import formats

QUERY = "SELECT ?l { ?i a <https://w3id.org/planlink/ns#Institution> ; <http://www.w3.org/2004/02/skos/core#prefLabel> ?l } ORDER BY ?l"


def test_three_ways_to_ask_give_one_answer(server: str) -> None:
    encoded = urllib.parse.urlencode({"query": QUERY})
    answers = [
        ask(f"{server}/sparql?{encoded}", Accept="text/csv"),
        ask(
            f"{server}/sparql",
            encoded.encode(),
            Accept="text/csv",
            Content_Type="application/x-www-form-urlencoded",
        ),
        ask(
            f"{server}/sparql",
            QUERY.encode(),
            Accept="text/csv",
            Content_Type="application/sparql-query",
        ),
    ]
    assert {status for status, _, _ in answers} == {200}
    assert len({body for _, _, body in answers}) == 1
    assert "河北工业大学" in answers[0][2].decode()


@pytest.mark.parametrize(
    ("accept", "content_type", "form"),
    [
        (
            "application/sparql-results+json",
            "application/sparql-results+json",
            ox.QueryResultsFormat.JSON,
        ),
        (
            "application/sparql-results+xml",
            "application/sparql-results+xml",
            ox.QueryResultsFormat.XML,
        ),
        ("text/csv", "text/csv; charset=utf-8", None),
        (
            "text/tab-separated-values",
            "text/tab-separated-values; charset=utf-8",
            ox.QueryResultsFormat.TSV,
        ),
        (
            "text/csv;q=0.2, application/sparql-results+xml;q=0.8",
            "application/sparql-results+xml",
            ox.QueryResultsFormat.XML,
        ),
        ("*/*", "application/sparql-results+json", ox.QueryResultsFormat.JSON),
        (
            "application/sparql-results+json;q=0, */*",
            "application/sparql-results+xml",
            ox.QueryResultsFormat.XML,
        ),
    ],
)
def test_result_formats(
    server: str, accept: str, content_type: str, form: ox.QueryResultsFormat | None
) -> None:
    status, headers, body = ask(
        f"{server}/sparql?{urllib.parse.urlencode({'query': QUERY})}", Accept=accept
    )
    assert status == 200
    assert headers["Content-Type"] == content_type
    if form is not None:
        rows = list(ox.parse_query_results(body, format=form))
        assert len(rows) > 40


_LONG = "?s ?p ?o . ?a a <https://w3id.org/planlink/ns#Goal>"  # more than one message holds


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("SELECT (UCASE('\\u0008') AS ?x) {}", "U+0008"),
        ("SELECT ('a\\rb' AS ?x) {}", "U+000D"),
        ("SELECT (CONCAT('\\uFFFE') AS ?x) {}", "U+FFFE"),
        (f"SELECT ?o ('\\u001F' AS ?x) {{ {_LONG} }} LIMIT 20000", "U+001F"),
        ("CONSTRUCT { <a:b> <a:c> '\\u0008' } {}", "U+0008"),
        ("CONSTRUCT { <a:b> <http://e/1> 'x' } {}", "ends in no name"),
        ("CONSTRUCT { <a:b> <http://e/#> <a:c> } {}", "ends in no name"),
    ],
)
def test_xml_that_would_be_broken_is_refused(server: str, query: str, says: str) -> None:
    address = f"{server}/sparql?{urllib.parse.urlencode({'query': query})}"
    xml = "application/sparql-results+xml, application/rdf+xml"
    status, _, body = ask(address, Accept=xml)
    assert status == 406 and says in body.decode() and len(body.splitlines()) == 1, body
    assert ask(address, Accept="application/sparql-results+json, text/turtle")[0] == 200
    assert b"ask for" in body


@pytest.mark.parametrize(
    "value", ["'<oxprefix: >&\\t\\n'", "'\\uFFFD\\U0001F600'", "<http://e/a?b=c&d>"]
)
def test_xml_that_is_whole_is_sent(server: str, value: str) -> None:
    for query in (f"SELECT ({value} AS ?x) {{}}", f"CONSTRUCT {{ <a:b> <a:c> {value} }} {{}}"):
        xml = "application/sparql-results+xml, application/rdf+xml"
        address = f"{server}/sparql?{urllib.parse.urlencode({'query': query})}"
        status, _, body = ask(address, Accept=xml)
        assert status == 200
        ET.fromstring(body)


@pytest.mark.parametrize(
    "media_type",
    ["text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json"],
)
def test_graph_formats(server: str, media_type: str) -> None:
    query = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a <https://w3id.org/planlink/ns#Goal> ; ?p ?o }"
    status, headers, body = ask(
        f"{server}/sparql?{urllib.parse.urlencode({'query': query})}", Accept=media_type
    )
    assert status == 200
    assert headers["Content-Type"].startswith(media_type)
    assert len(list(ox.parse(body, format=ox.RdfFormat.from_media_type(media_type)))) > 50


def test_dataset_parameters(server: str) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    graph = "http://localhost:8000/graph/vocabulary"
    whole = json.loads(ask(f"{server}/sparql?{urllib.parse.urlencode({'query': count})}")[2])
    part = json.loads(
        ask(
            f"{server}/sparql?{urllib.parse.urlencode({'query': count, 'default-graph-uri': graph})}"
        )[2]
    )
    none = json.loads(
        ask(
            f"{server}/sparql?{urllib.parse.urlencode({'query': count, 'named-graph-uri': graph})}"
        )[2]
    )
    n = [int(a["results"]["bindings"][0]["n"]["value"]) for a in (whole, part, none)]
    assert n[0] > n[1] > n[2] == 0


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("SELECT * { ?s ?p }", 400, "line 1, column 19"),
        ("SELECT * { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }", 422, "refused: SERVICE is not"),
        ("SELECT (<http://a/f>(1) AS ?x) {}", 422, "refused: The custom function <http://a/f>"),
        ("SELECT * { " + "{" * 5000 + "}" * 5000 + " }", 422, "nests deeper"),
        ("SELECT * { ?s ?p ?o . " + "?s ?p ?o . " * 30000 + "}", 422, "characters"),
        ("INSERT DATA { <a:a> <a:b> <a:c> }", 400, "this is an update, not a query"),
        ("PREFIX a: <a:> DELETE WHERE { ?s ?p a:b }", 400, "this is an update, not a query"),
        ("", 400, "the body is empty"),
    ],
    ids=["syntax", "service", "function", "nesting", "length", "update", "prefixed", "empty"],
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
    both = f"{server}/sparql?query=ASK%20%7B%7D", b"ASK { ?s ?p ?o }"
    assert ask(*both, Content_Type="application/sparql-query")[0] == 400
    assert ask(f"{server}/sparql", b"CLEAR ALL", Content_Type="application/sparql-update")[0] == 403
    assert (
        ask(f"{server}/workspace/sparql", b"CLEAR ALL", Content_Type="application/sparql-update")[0]
        == 404
    )
    assert ask(f"{server}/sparql?query=ASK%20%7B%7D", Accept="image/png")[0] == 406
    for accept, kind in (("text/turtle", b"results+json"), ("text/csv", b"text/turtle")):
        query = "ASK%20%7B%7D" if kind == b"results+json" else "CONSTRUCT%20WHERE%20%7B%7D"
        status, _, line = ask(f"{server}/sparql?query={query}", Accept=accept)
        assert status == 406 and kind in line, "what there is for this result is listed"
    for iri in ("", "a", "http://a/b%20c"):
        asked = f"{server}/sparql?query=ASK%20%7B%7D&default-graph-uri={iri}"
        status, _, line = ask(asked)
        assert status == 400 and b"as default-graph-uri is not an absolute IRI" in line
    assert ask(f"{server}/sparql", b"x", Content_Type="text/plain")[0] == 415
    assert ask(f"{server}/sparql", method="DELETE")[0] == 405
    assert ask(f"{server}/sparql", b"\xff\xfe", Content_Type="application/sparql-query")[0] == 400
    assert (
        ask(f"{server}/sparql", b"x" * 2_000_000, Content_Type="application/sparql-query")[0] == 413
    )
    status, headers, _ = ask(f"{server}/sparql", method="OPTIONS")
    assert (status, headers["Access-Control-Allow-Origin"]) == (204, "*")


def test_service_description(server: str) -> None:
    status, _, body = ask(f"{server}/sparql", Accept="text/turtle")
    assert status == 200
    triples = list(ox.parse(body, format=ox.RdfFormat.TURTLE))
    endpoints = [t.object.value for t in triples if t.predicate.value.endswith("#endpoint")]
    assert endpoints == [f"{server}/sparql"]
    formats = {t.object.value for t in triples if t.predicate.value.endswith("#resultFormat")}
    assert {form.rdf.iri for form in FORMATS.values()} < formats


NEEDS = {"monitoring", "several"}  # what examples ask for that the release served has not


def test_example_queries_all_answer(server: str) -> None:
    from kg.release.catalogue import examples

    assert len(examples()) >= 25
    # the others: tests/monitoring/test_progress.py, tests/release/test_questions.py
    for example in (e for e in examples() if not NEEDS & e.keys()):
        status, headers, body = ask(
            f"{server}/sparql", example["query"].encode(), Content_Type="application/sparql-query"
        )
        assert status == 200, example["en"]
        graph = headers.get_content_type() == "text/turtle"
        assert (
            list(ox.parse(body, format=ox.RdfFormat.TURTLE))
            if graph
            else json.loads(body)["results"]["bindings"]
        ), example["en"]


def test_editors_of_queries_find_prefixes_and_examples(server: str) -> None:
    """By the queries of sib-swiss/sparql-editor, which asks the endpoint itself."""
    from kg.release.catalogue import examples

    sh = "PREFIX sh: <http://www.w3.org/ns/shacl#> "
    asked = f"{sh}SELECT DISTINCT ?prefix ?namespace {{ [] sh:namespace ?namespace ; sh:prefix ?prefix }}"
    body = ask(f"{server}/sparql", asked.encode(), Content_Type="application/sparql-query")[2]
    rows = json.loads(body)["results"]["bindings"]
    assert {row["prefix"]["value"]: row["namespace"]["value"] for row in rows} == PREFIXES
    asked = (
        f"{sh}PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> SELECT DISTINCT ?sq ?query "
        "{ ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; "
        "sh:select|sh:ask|sh:construct|sh:describe ?query }"
    )
    body = ask(f"{server}/sparql", asked.encode(), Content_Type="application/sparql-query")[2]
    found = {row["query"]["value"] for row in json.loads(body)["results"]["bindings"]}
    assert found == {example["query"] for example in examples()}


def test_examples_are_offered_where_they_have_an_answer(server: str) -> None:
    from kg.release.catalogue import examples
    from kg.web.api.sparql import asks

    page = ask(f"{server}/sparql", Accept="text/html", Cookie="language=zh")[2].decode()
    for example in examples():
        assert (example["zh"] in page) == (not NEEDS & example.keys()), example["zh"]
        query = "\n".join([*(f"PREFIX {p}: <{i}>" for p, i in PREFIXES.items()), asks(example)])
        body = ask(f"{server}/sparql", query.encode(), Content_Type="application/sparql-query")[2]
        assert json.loads(body)["boolean"] == (not NEEDS & example.keys()), example["zh"]


def test_rows_of_examples_name_their_plan() -> None:
    from kg.release.catalogue import examples

    for example in examples():
        named = "?plan " in example["query"].partition("WHERE")[0]
        assert named or "monitoring" in example or "CONSTRUCT" in example["query"], example["zh"]


def test_the_form_has_what_shapes_name_and_the_data_have(server: str) -> None:
    told = json.loads(ask(f"{server}/sparql/builder", Cookie="language=zh")[2])
    classes = {one["label"]: one["properties"] for one in told["classes"]}
    assert [one["label"] for one in told["classes"]][:4] == ["举措", "指标", "目标", "区域"]
    properties = {one["label"]: one for one in classes["指标"]}
    assert properties["编号"]["kind"] == "number" and properties["名称"]["kind"] == "text"
    assert set(properties["属性"]["choices"]) >= {"约束性", "预期性"}
    units = properties["单位"]["choices"]  # all that the plans have, and no other
    asked = f"""PREFIX plan: <{PREFIXES["plan"]}> PREFIX skos: <{PREFIXES["skos"]}>
        SELECT DISTINCT ?l {{ ?x plan:unit/skos:prefLabel ?l FILTER ( lang(?l) = "zh" ) }}"""
    body = ask(f"{server}/sparql", asked.encode(), Content_Type="application/sparql-query")[2]
    assert units == sorted(row["l"]["value"] for row in json.loads(body)["results"]["bindings"])
    assert properties["目标值"]["shown"] == "plan:valueText"
    assert [one["label"] for one in classes["区域"]][:3] == ["名称", "区域类型", "原文依据"]
    for one in told["classes"]:  # what the form writes for it has rows
        listed = f"""PREFIX plan: <{PREFIXES["plan"]}> PREFIX dcterms: <{PREFIXES["dcterms"]}>
            ASK {{ ?s a <{one["iri"]}> ; dcterms:isPartOf* ?in . ?in a plan:Plan }}"""
        found = ask(f"{server}/sparql", listed.encode(), Content_Type="application/sparql-query")[2]
        assert json.loads(found)["boolean"], one["label"]
    assert {one["label"] for one in told["plans"]} == {
        "天津市红桥区国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要"
    }


def test_every_property_of_what_is_published_has_a_name_in_chinese(server: str) -> None:
    """The pages of datasets, files and the endpoint show them."""
    asked = f"""PREFIX rdfs: <{PREFIXES["rdfs"]}>
        SELECT DISTINCT ?p {{ ?s ?p ?o FILTER ( STRSTARTS(STR(?s), "http://localhost:8000/") )
          FILTER NOT EXISTS {{ ?p rdfs:label ?l FILTER ( lang(?l) = "zh" ) }} }}"""
    body = ask(f"{server}/sparql", asked.encode(), Content_Type="application/sparql-query")[2]
    unnamed = {row["p"]["value"] for row in json.loads(body)["results"]["bindings"]}
    assert unnamed <= {f"{PREFIXES['rdf']}type"}  # which no page shows


def test_a_query_names_its_own_dataset(server: str) -> None:
    count = "SELECT (COUNT(*) AS ?n) FROM <http://localhost:8000/graph/vocabulary> { ?s ?p ?o }"
    body = ask(f"{server}/sparql", count.encode(), Content_Type="application/sparql-query")[2]
    graphs = json.loads(ask(f"{server}/manifest.json")[2])["graphs"]
    assert (
        int(json.loads(body)["results"]["bindings"][0]["n"]["value"])
        == graphs["http://localhost:8000/graph/vocabulary"]
    )


def test_conditional_requests(server: str) -> None:
    address = f"{server}/sparql?{urllib.parse.urlencode({'query': QUERY})}"
    first = ask(address, Accept="text/csv")
    assert ask(address, Accept="text/csv", If_None_Match=first[1]["ETag"])[0] == 304
    assert ask(address, Accept="application/sparql-results+json")[1]["ETag"] != first[1]["ETag"]
    assert (
        "ETag"
        not in ask(
            f"{server}/sparql?{urllib.parse.urlencode({'query': 'SELECT (NOW() AS ?n) {}'})}"
        )[1]
    )
    status, headers, body = ask(address, method="HEAD", Accept="text/csv")
    assert (status, headers["Content-Length"], body) == (200, str(len(first[2])), b"")


def test_released_graphs_are_read_and_not_written(server: str) -> None:
    address = f"{server}/graphs?{urllib.parse.urlencode({'graph': 'http://localhost:8000/graph/vocabulary'})}"
    status, headers, body = ask(address, Accept="application/n-triples")
    assert (status, headers["Content-Type"]) == (200, "application/n-triples")
    graphs = json.loads(ask(f"{server}/manifest.json")[2])["graphs"]
    assert body.count(b"\n") == graphs["http://localhost:8000/graph/vocabulary"]
    status, headers, _ = ask(address, b"", method="PUT", Content_Type="text/turtle")
    assert (status, headers["Allow"]) == (405, "GET, HEAD, OPTIONS")
    assert ask(f"{server}/graphs?graph=http%3A%2F%2Fe.example%2Fnone")[0] == 404
    assert ask(f"{server}/graphs")[0] == 400
    assert ask(address, Accept="image/png")[0] == 406


def test_health_readiness_and_figures(server: str) -> None:
    assert ask(f"{server}/healthz")[2].startswith(b"ok release")
    assert ask(f"{server}/readyz")[0] == 200
    query = "SELECT ?counted { ?counted a ?once }"
    for _ in range(2):
        ask(f"{server}/sparql", query.encode(), Content_Type="application/sparql-query")
    ask(f"{server}/sparql", b"nonsense", Content_Type="application/sparql-query")
    figures = ask(f"{server}/metrics")[2].decode()
    for line in (
        'planlink_queries_total{operation="query",outcome="malformed"}',
        'planlink_answers_total{source="cache"}',
    ):
        assert line in figures
    given = ask(f"{server}/healthz", X_Request_ID="abc-1")[1]["X-Request-ID"]
    assert given == "abc-1"
    assert ask(f"{server}/healthz", X_Request_ID="a b")[1]["X-Request-ID"] != "a b"


def test_the_page_says_what_a_query_may_take(server: str) -> None:
    page = ask(f"{server}/sparql", Accept="text/html")[2].decode()
    assert "最长运行 60 秒，最多占用 1,024 兆字节（MiB）内存，结果最大 256 兆字节（MiB）" in page
    assert "最长 200,000 字，嵌套最多 100 层" in page


@pytest.mark.parametrize(
    ("named", "accept", "expected"),
    [
        (None, "", ("json", "ttl")),
        ("json", "*/*", ("json", "jsonld")),
        ("xml", "application/rdf+xml", ("xml", "rdf")),
        ("turtle", "text/turtle,*/*;q=0.1", ("json", "ttl")),
        ("n3", "text/n3", (None, "n3")),
        ("json-ld", "application/ld+json", (None, "jsonld")),
        ("rdf+xml", "", ("json", "rdf")),
        ("rdf xml", "", ("json", "rdf")),  # a plus sign that nobody escaped
        ("application/n-quads", "", ("json", "nq")),
        ("text/turtle; charset=utf-8", "", ("json", "ttl")),
        ("CSV", "", ("csv", "ttl")),
        ("spreadsheet", "text/csv", ("csv", None)),  # known by nobody: by Accept
        (None, "text/turtle;q=0, application/n-triples;q=0.2", (None, "nt")),
        (None, "application/trig", (None, "trig")),
        (None, "text/turtle, application/trig", (None, "ttl")),
        (None, "application/trig, text/turtle", (None, "ttl")),
        (None, "text/xml", ("xml", "rdf")),
        (None, "text/html", ("json", "ttl")),
        (None, "text/plain, */*;q=0.1", ("json", "nt")),  # rdflib
        (None, "application/json, text/plain, */*", ("json", "jsonld")),  # axios
        (None, "text/html, application/xml;q=0.9, */*;q=0.8", ("xml", "ttl")),  # a browser
        (None, "text/*", ("csv", "ttl")),
        (None, "*/*;q=0", (None, None)),
        (None, "image/png", (None, None)),
    ],
)
def test_formats_by_any_of_their_names(
    named: str | None, accept: str, expected: tuple[str | None, str | None]
) -> None:
    assert formats(named, accept) == expected


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("trig", "application/trig"), ("nquads", "application/n-quads"),
        ("json-ld", "application/ld+json"), ("xml", "application/rdf+xml"),
    ],
)  # fmt: skip
def test_triples_in_every_format_are_in_the_default_graph(
    server: str, form: str, media_type: str
) -> None:
    query = urllib.parse.quote("CONSTRUCT WHERE { ?s a ?c } LIMIT 3")
    status, headers, body = ask(f"{server}/sparql?query={query}&format={form}")
    assert (status, headers.get_content_type()) == (200, media_type)
    quads = list(ox.parse(body, format=ox.RdfFormat.from_media_type(media_type)))
    assert len(quads) == 3
    assert {quad.graph_name for quad in quads} == {ox.DefaultGraph()}
