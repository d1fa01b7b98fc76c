"""Dereferencing: every IRI that the data mints answers, in the form asked for."""

from __future__ import annotations

import json
import re
import urllib.request
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import RDFS, Graph, URIRef
from support import ask

from kg.rdf.quads import read_quads
from kg.settings import Site

MEASURE = "hongqiao-2021/measure/4.1.3"
TYPES = {
    "text/turtle": "ttl",
    "application/ld+json": "jsonld",
    "application/n-triples": "nt",
    "application/rdf+xml": "rdf",
    "application/trig": "trig",
    "text/html": None,
}


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def location(address: str, **headers: str) -> tuple[int, str, str]:
    """The status of an answer, where it leads, and its Vary header."""
    request = urllib.request.Request(address, headers=headers)
    try:
        with urllib.request.build_opener(_Stay).open(request) as answer:
            return answer.status, "", answer.headers.get("Vary", "")
    except urllib.error.HTTPError as error:
        return error.code, error.headers.get("Location", ""), error.headers.get("Vary", "")


@pytest.mark.parametrize(("media_type", "extension"), TYPES.items())
def test_see_other_by_accept(server: str, media_type: str, extension: str | None) -> None:
    status, where, vary = location(f"{server}/id/{MEASURE}", Accept=media_type)
    assert (status, vary) == (303, "Accept")
    assert where == (f"/data/{MEASURE}.{extension}" if extension else f"/page/{MEASURE}")
    got, headers, _ = ask(server + where)
    assert (got, headers["Content-Type"].partition(";")[0]) == (200, media_type)


def test_quality_values_suffixes_and_refusals(server: str) -> None:
    assert location(f"{server}/id/{MEASURE}", Accept="text/html;q=0.1, text/turtle;q=0.9")[
        1
    ].endswith(".ttl")
    for extension in ("ttl", "jsonld", "nt", "rdf", "html"):
        where = location(f"{server}/id/{MEASURE}.{extension}")[1]
        assert where == (
            f"/page/{MEASURE}" if extension == "html" else f"/data/{MEASURE}.{extension}"
        )
    assert location(f"{server}/id/hongqiao-2021/measure/99.9")[0] == 404


def test_every_minted_iri_answers(server: str, release: Path) -> None:
    """One of each kind, and every graph."""
    quads = read_quads(next((release / "dumps").glob("planlink.nq*")))
    base = "http://localhost:8000"
    minted = {
        t.value
        for q in quads
        for t in (q.subject, q.object, q.graph_name)
        if isinstance(t, ox.NamedNode) and t.value.startswith(f"{base}/")
    }
    kinds = {re.sub(r"[^/]*$", "", iri): iri for iri in sorted(minted)}
    assert len(kinds) > 30
    for iri in kinds.values():
        status, _, _ = ask(
            server + iri.removeprefix(base), Accept="text/turtle, text/html;q=0.5, */*;q=0.1"
        )
        assert status == 200, iri


def test_documents_have_tags_and_links(server: str) -> None:
    status, headers, _ = ask(f"{server}/data/{MEASURE}.ttl")
    assert status == 200
    assert ask(f"{server}/data/{MEASURE}.ttl", If_None_Match=headers["ETag"])[0] == 304
    links = ask(f"{server}/page/{MEASURE}")[1].get_all("Link")
    assert any('rel="alternate"' in link and "text/turtle" in link for link in links)
    assert any('rel="describedby"' in link for link in links)


DUMP, TURTLE = "/dumps/hongqiao-2021.nq.gz", "/dumps/hongqiao-2021.ttl"
OTHER, OLD = '"other"', "Mon, 01 Jan 2001 00:00:00 GMT"


@pytest.mark.parametrize(
    ("path", "asked", "status", "said"),
    [
        (TURTLE, {"If_Match": OTHER}, 412, b"no longer the version"),
        (f"/page/{MEASURE}", {"If_Match": OTHER}, 412, b"no longer the version"),
        (f"/page/{MEASURE}", {"If_Match": "*"}, 200, b"<html"),
        ("/sparql?query=ASK+%7B%7D", {"If_Match": OTHER}, 412, b"no longer the version"),
        (DUMP, {"If_Unmodified_Since": OLD}, 412, b"no longer the version"),
        (DUMP, {"If_Unmodified_Since": OLD, "If_Match": "*"}, 200, b"\x1f\x8b"),
        (DUMP, {"If_Unmodified_Since": OLD.replace("2001", "2101")}, 200, b"\x1f\x8b"),
        (DUMP, {"Range": "bytes=99999999-"}, 416, b"no such part"),
        (TURTLE, {"Range": "bytes=99999999-"}, 416, b"no such part"),
        ("/graphs?default", {"Accept": "text/n3"}, 200, b"<"),
        ("/sparql?query=", {}, 400, b"line 1, column 1: this is not SPARQL"),
    ],
)
def test_what_a_client_asks_under_a_condition(
    server: str, path: str, asked: dict[str, str], status: int, said: bytes
) -> None:
    """RFC 9110 §13.1 and §14.4: an error is told in a line, never with the whole file behind it."""
    answered, headers, body = ask(server + path, **asked)
    assert (answered, said in body) == (status, True)
    assert status == 200 or len(body) < 5000
    assert (status == 416) == headers.get("Content-Range", "").startswith("bytes */")


def test_a_released_graph_has_an_entity_tag(server: str) -> None:
    tag = ask(f"{server}/graphs?default", Accept="text/turtle")[1]["ETag"]
    for kind, status in (("text/turtle", 304), ("application/n-triples", 200)):
        asked = ask(f"{server}/graphs?default", Accept=kind, If_None_Match=tag)
        assert asked[0] == status


@pytest.mark.parametrize(
    ("path", "label"),
    [
        (MEASURE, None),
        ("hongqiao-2021", None),
        ("hongqiao-2021/passage/9505-9556", None),
        ("hongqiao-2021/erratum/138", "→ “"),
        ("hongqiao-2021/link/measure-4.1.1.supportsGoal.goal-1", "举措“大力培育高新技术企业”支撑"),
        ("catalogue", None),
    ],
)
def test_a_document_has_a_label(server: str, path: str, label: str | None) -> None:
    """What the vocabulary has follow, for clients that read rdfs:label and infer nothing."""
    found = Graph().parse(data=ask(f"{server}/data/{path}.ttl")[2], format="turtle")
    labels = list(found.objects(URIRef(f"http://localhost:8000/id/{path}"), RDFS.label))
    assert labels
    assert label is None or any(str(one).startswith(label) for one in labels), labels


def test_json_ld_is_plain_json_and_the_same_rdf(server: str) -> None:
    told = json.loads(ask(f"{server}/data/{MEASURE}.jsonld")[2])
    assert told["type"] == "Measure"
    assert told["label"]["zh"]
    assert told["supportsGoal"]["id"].endswith("/goal/1")
    told["@context"] = json.loads(ask(f"{server}/context.jsonld")[2])["@context"]
    as_json = Graph().parse(data=json.dumps(told), format="json-ld")
    as_turtle = Graph().parse(data=ask(f"{server}/data/{MEASURE}.ttl")[2], format="turtle")
    assert set(as_json) == set(as_turtle)


@pytest.mark.parametrize(
    "path",
    [
        "hongqiao-2021/indicator/14",
        "hongqiao-2021/target/14",
        "hongqiao-2021",
        "hongqiao-2021/passage/9505-9556",
        "catalogue",
    ],
)
def test_json_ld_of_other_kinds_is_the_same_rdf(server: str, path: str) -> None:
    told = json.loads(ask(f"{server}/data/{path}.jsonld")[2])
    told["@context"] = json.loads(ask(f"{server}/context.jsonld")[2])["@context"]
    as_json = Graph().parse(data=json.dumps(told), format="json-ld")
    as_turtle = Graph().parse(data=ask(f"{server}/data/{path}.ttl")[2], format="turtle")
    assert {(str(s), str(p), str(o)) for s, p, o in as_json} == {
        (str(s), str(p), str(o)) for s, p, o in as_turtle
    }


def test_every_term_of_the_vocabulary_has_its_place_on_the_page(server: str) -> None:
    found = Graph().parse(data=ask(f"{server}/ns", Accept="text/turtle")[2])
    own = {str(term).partition("planlink/ns#")[2] for term in found.subjects()} - {""}
    places = re.findall(r'\bid="([^"]+)"', ask(f"{server}/ns", Accept="text/html")[2].decode())
    assert own and own <= set(places)
    assert len(places) == len(set(places))


@pytest.mark.parametrize("path", ["/ns", "/shapes"])
def test_vocabulary_and_shapes_answer_both_ways(server: str, path: str) -> None:
    page = ask(f"{server}{path}", Accept="text/html")[2].decode()
    assert "<h1>" in page
    asked = page.count("所印的数“…”不在所依据的原文之中")  # of baselines, targets, achievements
    assert asked == (3 if path == "/shapes" else 0)
    assert (
        len(Graph().parse(data=ask(f"{server}{path}", Accept="text/turtle")[2], format="turtle"))
        > 100
    )
    lines = ask(f"{server}{path}?format=nt")[2].decode().splitlines()
    named = {name for line in lines for name in re.findall(r"^_:\w+", line)}
    # not at random, which would differ between processes
    assert named == {f"_:c14n{i}" for i in range(len(named))}


def test_pages_carry_schema_org(server: str) -> None:
    for path, kind in (
        ("/", "DataCatalog"),
        ("/plan/hongqiao-2021", "Legislation"),
        (f"/page/{MEASURE}", "Thing"),
        ("/page/hongqiao-2021/zone/guang-rong-dao-ke-ji-chan-ye-yuan", "Place"),
        ("/dataset/hongqiao-2021", "Dataset"),
    ):
        page = ask(f"{server}{path}", Accept="text/html")[2].decode()
        told = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])  # type: ignore[index]
        assert told["@type"] == kind
    assert 50 <= len(told["description"]) <= 5000
    assert {d["encodingFormat"] for d in told["distribution"]} >= {"text/csv", "text/turtle"}


def test_what_is_known_of_an_iri_in_schema_org_is_of_one_kind(server: str) -> None:
    """The page of a dataset's IRI says what the dataset's own page says; a plan stays a plan."""
    base = "http://localhost:8000/id/"
    for path, kind, within in (
        ("hongqiao-2021/dataset", "Dataset", None),
        ("hongqiao-2021", "Legislation", "hongqiao-2021/dataset"),
        ("hongqiao-2021/area", "AdministrativeArea", "hongqiao-2021/dataset"),
        ("catalogue", "DataCatalog", None),
        ("catalogue/publisher", "Organization", None),
        ("period/2025", "Thing", None),
    ):
        page = ask(f"{server}/page/{path}", Accept="text/html")[2].decode()
        told = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page)[1])  # type: ignore[index]
        assert (told["@id"], told["@type"]) == (base + path, kind)
        assert told.get("subjectOf", {}).get("@id") == (within and base + within)


def test_pages_and_files_cite(server: str) -> None:
    page = ask(f"{server}/page/{MEASURE}", Accept="text/html")[2].decode()
    assert "复制引文" in page
    assert "[EB/OL]//天津市红桥区" in page
    for style, media_type in (
        ("gbt7714", "text/plain"),
        ("bibtex", "application/x-bibtex"),
        ("ris", "application/x-research-info-systems"),
    ):
        status, headers, body = ask(f"{server}/cite/{MEASURE}?style={style}")
        assert (status, headers["Content-Type"].partition(";")[0]) == (200, media_type)
        assert f"http://localhost:8000/id/{MEASURE}" in body.decode()
    assert ask(f"{server}/cite/{MEASURE}?style=apa")[0] == 400
    assert ask(f"{server}/cite/hongqiao-2021/nothing")[0] == 404
    for path in ("/plan/hongqiao-2021", "/dataset/hongqiao-2021"):
        assert "复制引文" in ask(f"{server}{path}", Accept="text/html")[2].decode()


def test_pictures_and_files_name_plan_release_date_and_iri(server: str) -> None:
    day = str(Site().day(json.loads(ask(f"{server}/manifest.json")[2])["issued"]))
    for path in (
        "/relations/hongqiao-2021.svg",
        "/relations/hongqiao-2021.graphml",
        "/progress/hongqiao-2021.json",
        "/relations/hongqiao-2021",
    ):
        text = ask(f"{server}{path}", Accept="*/*")[2].decode()
        text = json.dumps(json.loads(text), ensure_ascii=False) if path.endswith("json") else text
        for words in (day, "天津市红桥区国民经济", "http://localhost:8000/id/hongqiao-2021"):
            assert words in text, (path, words)
    _, headers, _ = ask(f"{server}/exports/hongqiao-2021-goals.json")
    dataset, described = headers["Link"].split(", ")
    assert dataset == '<http://localhost:8000/id/hongqiao-2021/dataset>; rel="cite-as"'
    assert described == '<hongqiao-2021-datapackage.json>; rel="describedby"'


def test_site_map_and_robots(server: str) -> None:
    robots = ask(f"{server}/robots.txt")[2].decode()
    assert "Sitemap: http://localhost:8000/sitemap.xml" in robots
    places = re.findall(r"<loc>([^<]*)</loc>", ask(f"{server}/sitemap.xml")[2].decode())
    assert len(places) > 500
    for place in places[::60]:
        assert ask(server + place.removeprefix("http://localhost:8000"))[0] == 200, place


def test_a_table_names_its_metadata(server: str) -> None:
    _, headers, _ = ask(f"{server}/exports/hongqiao-2021-goals.csv")
    assert "describedby" in headers["Link"]
    assert (
        ask(f"{server}/exports/hongqiao-2021-goals.csv-metadata.json")[1]["Content-Type"]
        == "application/csvm+json"
    )
