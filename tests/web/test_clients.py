"""What every client may rely on, whichever the address: other hosts' pages may read it, caches know
what it differs by, files are what their names say."""

from __future__ import annotations

import gzip
import hashlib
import json

import pyoxigraph as ox
import pytest
from support import ask

THING = "/id/hongqiao-2021/indicator/8"
READ = (
    (THING, "text/turtle"),
    (THING.replace("/id/", "/data/") + ".ttl", "*/*"),
    ("/ns", "text/turtle"),
    ("/shapes", "text/turtle"),
    ("/catalogue", "text/turtle"),
    ("/catalogue.ttl", "*/*"),
    ("/dumps/planlink.nq.gz", "*/*"),
    ("/relations/hongqiao-2021.graphml", "*/*"),
    ("/progress/hongqiao-2021.csv", "*/*"),
    ("/search/suggest?q=%E7%A7%91", "*/*"),
    ("/manifest.json", "*/*"),
    ("/sparql?query=ASK%7B%7D", "*/*"),
    ("/releases/1", "text/turtle"),
    ("/sources/hongqiao-2021.txt", "*/*"),
    ("/graph/releases", "text/turtle"),
    ("/static/style.css", "*/*"),
    ("/no/such/page", "application/json"),
)


@pytest.mark.parametrize(("path", "accept"), READ)
def test_pages_of_other_hosts_may_read_it(server: str, path: str, accept: str) -> None:
    _, headers, _ = ask(f"{server}{path}", Accept=accept, Origin="http://elsewhere.example")
    assert headers["Access-Control-Allow-Origin"] == headers["Access-Control-Expose-Headers"] == "*"
    assert len(headers.get_all("Date", [])) == 1
    status, headers, _ = ask(f"{server}{path}", method="DELETE", Accept=accept)
    assert (status, bool(headers["Allow"])) in ((405, True), (404, False))
    status, headers, _ = ask(f"{server}{path}", method="OPTIONS", Origin="http://elsewhere.example")
    if status != 404:
        assert "GET" in headers["Access-Control-Allow-Methods"]
        assert headers["Access-Control-Allow-Headers"] == "*, Authorization"


VOID = "/.well-known/void"
NEGOTIATED = ("/ns", "/shapes", "/sparql", "/releases/1", "/catalogue", THING, VOID)


@pytest.mark.parametrize("path", [*NEGOTIATED, "/search?q=a", "/graphs?default"])
def test_who_likes_nothing_that_is_offered_is_told_what_is(server: str, path: str) -> None:
    status, headers, body = ask(f"{server}{path}", Accept="image/png, text/*;q=0, application/pdf")
    assert (status, headers.get_content_type()) == (406, "text/plain")
    assert b"/" in body and len(body.splitlines()) == 1
    assert "Accept" in headers["Vary"]


@pytest.mark.parametrize("path", NEGOTIATED)
@pytest.mark.parametrize("accept", ["text/html", "text/turtle"])
def test_what_is_negotiated_says_so(server: str, path: str, accept: str) -> None:
    _, headers, _ = ask(f"{server}{path}", Accept=accept)
    named = {name.strip() for line in headers.get_all("Vary", []) for name in line.split(",")}
    assert "Accept" in named


PAGES = [
    (path, "text/html")
    for path in (THING.replace("/id/", "/page/"), "/", "/ns", "/search?q=a", "/sparql")
]
DESCRIBED = [("/sparql", form) for form in ("application/ld+json", "application/n-triples")]


TAGGED = [one for one in READ if one[0] not in ("/graph/releases", "/no/such/page")]


@pytest.mark.parametrize(("path", "accept"), [*TAGGED, *PAGES, *DESCRIBED, (VOID, "*/*")])
def test_what_a_client_has_is_not_sent_again(server: str, path: str, accept: str) -> None:
    """And it is told as much of how long that holds, and of what it differs by (RFC 9110 §15.4.5)."""
    sent = ask(f"{server}{path}", Accept=accept)[1]
    status, headers, _ = ask(f"{server}{path}", Accept=accept, If_None_Match=sent["ETag"])
    assert status == 304
    for name in ("ETag", "Cache-Control", "Vary"):
        assert {*sent.get_all(name, [])} <= {*headers.get_all(name, [])}


@pytest.mark.parametrize(("path", "accept"), PAGES)
def test_a_page_in_another_language_is_another(server: str, path: str, accept: str) -> None:
    tag = ask(f"{server}{path}", Accept=accept)[1]["ETag"]
    english = {"Cookie": "language=en", "If_None_Match": tag}
    assert ask(f"{server}{path}", Accept=accept, **english)[0] == 200


LANGUAGES = {
    "en-GB, zh;q=0.1": "en",
    "de-AT, en-GB;q=0.4, zh;q=0.2": "en",
    "en-US;q=0.3, en;q=0.8, zh-CN;q=0.5": "en",
    "zh;q=0, *;q=0.1": "en",
    "en;q=0.5, *": "zh-Hans",
    "zh-TW, en;q=0.9": "zh-Hans",
    "fr, en;q=0": "zh-Hans",
}


@pytest.mark.parametrize("accepted", LANGUAGES)
def test_the_language_liked_best_is_sent_whatever_its_region(server: str, accepted: str) -> None:
    """Of pages, and of a line that refuses."""
    page = ask(f"{server}/ns", Accept="text/html", Accept_Language=accepted)[2].decode()
    assert f'<html lang="{LANGUAGES[accepted]}"' in page
    headers = ask(f"{server}/sparql?query=x", Accept="text/html", Accept_Language=accepted)[1]
    assert headers["Content-Language"] in (None, LANGUAGES[accepted][:2])


@pytest.mark.parametrize("encoding", ["identity", "gzip"])
def test_a_compressed_file_is_a_file(server: str, encoding: str) -> None:
    """The checksum that the catalogue gives is of what is saved."""
    _, headers, body = ask(f"{server}/dumps/planlink.nq.gz", Accept_Encoding=encoding)
    assert headers["Content-Encoding"] is None
    assert headers.get_content_type() == "application/gzip"
    assert headers.get_filename() == "planlink.nq.gz"
    known = json.loads(ask(f"{server}/manifest.json")[2])["files"]["dumps/planlink.nq.gz"]
    assert hashlib.sha256(body).hexdigest() == known["sha256"]
    assert gzip.decompress(body).endswith(b" .\n")


@pytest.mark.parametrize("path", ["dumps/{}.ttl", "exports/{}.xlsx", "exports/{}-goals.json"])
def test_a_file_that_is_not_kept_so_is_sent_as_its_address_says(server: str, path: str) -> None:
    """Whole, in part, or not at all, whether it is kept compressed or made of the N-Quads."""
    path = f"/{path.format('hongqiao-2021')}"
    manifest = json.loads(ask(f"{server}/manifest.json")[2])
    (known,) = (f for f in manifest["exports"] if f["path"] == path)
    address = f"{server}{path}"
    status, headers, whole = ask(address)
    assert (status, headers.get_content_type()) == (200, known["media_type"])
    if path.endswith(".json"):
        told = (len(whole), hashlib.sha256(whole).hexdigest())
        assert told == (known["size"], known["sha256"])
    assert headers["Content-Length"] == str(len(whole))
    for wanted, part in (("bytes=100-199", whole[100:200]), ("Bytes=-50", whole[-50:])):
        status, headers, body = ask(address, Range=wanted, If_Range=headers["ETag"])
        assert (status, body) == (206, part)
        assert headers["Content-Range"].endswith(f"/{len(whole)}")
    for tag in ('"another"', f"W/{headers['ETag']}"):  # RFC 9110 §13.1.5
        assert ask(address, Range="bytes=0-9", If_Range=tag)[0] == 200
    assert ask(address, Range=f"bytes={len(whole)}-")[0] == 416
    assert ask(address, If_None_Match=headers["ETag"])[0] == 304
    assert ask(f"{server}/releases/1{path}")[2] == whole


PART = "bytes=0-9"


@pytest.mark.parametrize(
    "path", ["/dumps/planlink.nq.gz", "/exports/hongqiao-2021-measures.csv", "/manifest.json"]
)
def test_a_part_is_sent_of_what_the_client_means_alone(server: str, path: str) -> None:
    """What a request asks of the whole is looked at before its range (RFC 9110 §13.2.2)."""
    address = f"{server}{path}"
    sent = ask(address)[1]
    tag, changed = sent["ETag"], sent["Last-Modified"]
    asked = {
        206: {"If_Match": tag, "If_None_Match": '"another"'},
        304: {"If_None_Match": tag},
        412: {"If_Match": '"another"'},
    }
    for status, conditions in asked.items():
        answered, headers, body = ask(address, Range=PART, **conditions)
        assert (answered, headers["ETag"] in (tag, None)) == (status, True), conditions
        assert status == 206 or headers["Content-Range"] is None
        assert status != 304 or body == b""
    assert ask(address, Range=PART, If_Range=changed)[0] == 206
    later = "Sat, 01 Jan 2050 00:00:00 GMT"
    status, headers, body = ask(address, Range=PART, If_Range=later)
    assert (status, str(len(body))) == (200, sent["Content-Length"])
    assert headers["Content-Range"] is None


def test_every_format_of_a_plan_holds_the_same_triples(server: str) -> None:
    by_format = {}
    for known in json.loads(ask(f"{server}/manifest.json")[2])["exports"]:
        if known["path"].startswith("/dumps/"):
            content = ask(f"{server}{known['path']}")[2]
            plain = gzip.decompress(content) if known["sha256"] else content
            form = ox.RdfFormat.from_media_type(known["media_type"])
            assert form is not None
            triples = {tuple(statement)[:3] for statement in ox.parse(plain, format=form)}
            by_format[form.name] = frozenset(triples)
    assert len(by_format) == 6
    assert len({*by_format.values()}) == 1


@pytest.mark.parametrize("path", ["/ns", "/shapes", THING.replace("/id/", "/data/")])
@pytest.mark.parametrize(
    "media_type",
    [
        "text/turtle", "application/n-triples", "application/rdf+xml", "application/ld+json",
        "application/trig", "application/n-quads",
    ],
)  # fmt: skip
def test_following_an_iri_gives_triples_in_the_default_graph(
    server: str, path: str, media_type: str
) -> None:
    form = ox.RdfFormat.from_media_type(media_type)
    assert form is not None
    address = f"{server}{path}.{form.file_extension}" if "/data/" in path else f"{server}{path}"
    status, headers, body = ask(address, Accept=media_type)
    assert (status, headers.get_content_type()) == (200, media_type)
    if form == ox.RdfFormat.JSON_LD and b'"@context"' in body:
        return  # the context of entities' documents has tests of its own: test_linked_data.py
    quads = list(ox.parse(body, format=form))
    assert len(quads) > 10
    assert {quad.graph_name for quad in quads} == {ox.DefaultGraph()}


NEGOTIATED = (THING, "/ns", "/shapes", "/catalogue", "/sparql", "/releases/1")
LIKED = {
    'application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted"': "application/ld+json",
    "text/turtle; charset=utf-8": "text/turtle",
    "text/html, application/n-quads, application/trig, text/turtle": "text/turtle",
    "text/turtle;q=0, application/n-quads": "application/n-quads",
    "application/rdf+xml;q=0.4, application/xml;q=0.9": "application/rdf+xml",
    "text/plain": "application/n-triples",
    "text/html, text/turtle;q=0.9": "text/html",
    "application/xhtml+xml": "text/html",
    "*/*": "text/html",
    "image/gif, text/turtle; q=.2": "text/turtle",
    "image/gif, *; q=.2, */*; q=.2": "text/html",  # Java's own
}


@pytest.mark.parametrize("path", NEGOTIATED)
def test_one_rule_decides_what_is_sent(server: str, path: str) -> None:
    """Parameters of media types, q-values, several that are liked alike: the same on every
    route.
    """
    sent = {}
    for accept in LIKED:
        status, headers, _ = ask(f"{server}{path}", Accept=accept)
        sent[accept] = headers.get_content_type() if status == 200 else str(status)
    assert sent == LIKED


@pytest.mark.parametrize("path", ["/ns", "/shapes", "/releases/1"])
def test_a_format_is_named_as_clients_name_it(server: str, path: str) -> None:
    named = {
        "turtle": "text/turtle",
        "text/turtle": "text/turtle",
        "rdf+xml": "application/rdf+xml",
        "application/ld%2Bjson;profile=x": "application/ld+json",
        "ntriples": "application/n-triples",
        "html": "text/html",
        "": "application/trig",  # left to Accept
    }
    for name, media_type in named.items():
        _, headers, _ = ask(f"{server}{path}?format={name}", Accept="application/trig")
        assert headers.get_content_type() == media_type, name


@pytest.mark.parametrize("path", ["/corpus/gaps?", "/compare?plan=hongqiao-2021&"])
def test_a_table_is_a_file_by_any_name_of_its_kind(server: str, path: str) -> None:
    workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    named = {"csv": "text/csv", "CSV": "text/csv", "text/csv": "text/csv", workbook: workbook}
    for name, media_type in {**named, "xlsx": workbook, "html": "text/html"}.items():
        status, headers, _ = ask(f"{server}{path}format={name}")
        assert (status, headers.get_content_type()) == (200, media_type), name
