"""Requests made to hurt: each is answered, rightly or with 4xx in a line, and the server goes
on.
"""

import gzip
import http.client
import socket
import urllib.parse

import pytest
from support import HANGING, ask

QUERY = {"Content-Type": "application/sparql-query"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PLAN = "hongqiao-2021"
quote = urllib.parse.quote


def packed(coding: str, body: bytes) -> tuple[str, str, dict[str, str], bytes]:
    return "POST", "/sparql", {**QUERY, "Content-Encoding": coding}, body


def asked(query: str) -> tuple[str, str, dict[str, str], bytes]:
    return "POST", "/sparql", QUERY, query.encode()


def got(path: str, **headers: str) -> tuple[str, str, dict[str, str], None]:
    return "GET", path, {name.replace("_", "-"): value for name, value in headers.items()}, None


REQUESTS = {
    "words of the index's own language": (*got("/search?q=" + quote('" OR NEAR( * : ^ - {}')), 200),
    "a long search": (*got("/search?q=" + quote("就业" * 1000)), 200),
    "NUL": (*got("/search?q=a%00b"), 200),
    "a lone surrogate": (*got("/search?q=%ED%A0%80"), 400),
    "a page of 20 digits": (*got("/search?q=a&page=99999999999999999999"), 404),
    "a page in Arabic digits": (*got("/search?q=a&page=" + quote("٢")), 400),
    "3,000 parameters": (*got("/search?" + "&".join(f"p{i}=1" for i in range(3000))), 200),
    "depth": (*got(f"/relations/{PLAN}.json?view=around&node=x&depth=999999999"), 404),
    "a node that is no IRI": (*got(f"/relations/{PLAN}?view=around&node=javascript:alert(1)"), 404),
    "a quotation beyond the text": (*got(f"/plan/{PLAN}/quote/0-999999999999"), 404),
    "a quotation backwards": (*got(f"/plan/{PLAN}/quote/500-100"), 404),
    "superscripts": (*got(f"/plan/{PLAN}/at/{quote('²-³')}"), 404),
    "a release of 5,000 digits": (*got("/releases/" + "9" * 5000), 404),
    "releases of 20 digits": (*got("/releases/compare?from=99999999999999999999&to=1"), 400),
    "a style with dots": (*got(f"/cite/{PLAN}?style=../../etc/passwd"), 400),
    "a chart with dots": (*got("/chart/..%2f..%2fmanifest.json.svg"), 404),
    "a file with NUL": (*got("/exports/a%00.csv"), 404),
    "static files with dots": (*got("/static/..%2f..%2f__init__.py"), 404),
    "a year of 8 digits": (*got(f"/observe/{PLAN}/template.xlsx?year=99999999"), 400),
    "an Accept of 3,000": (*got("/ns", Accept=",".join(f"a/b{i}" for i in range(3000))), 406),
    "an Accept without sense": (*got("/ns", Accept=";;;,,,q=;q=nan;=,*/*;q=1e999"), 406),
    "codings without sense": (*got("/ns", Accept_Encoding="gzip;q=inf,zstd;q=-1"), 200),
    "a language of 6,000": (*got("/ns", Accept_Language="zh;q=nan," + "x-" * 3000), 200),
    "ranges by the thousand": (
        *got(f"/dumps/{PLAN}.nq.gz", Range="bytes=" + ",".join(f"{i}-{i}" for i in range(1000))),
        200,
    ),
    "a range of 20 digits": (*got(f"/dumps/{PLAN}.nq.gz", Range=f"bytes={'9' * 20}-"), 416),
    "a forged proxy": (*got("/ns", X_Forwarded_Host="evil.example", Forwarded='for="[::1'), 200),
    "an unknown method": ("BREW", "/sparql", {}, None, 405),
    "TRACE": ("TRACE", "/", {"X-Secret": "1"}, None, 405),
    "multipart without an end": (
        *("POST", "/sparql", {"Content-Type": "multipart/form-data; boundary=b"}),
        *(b"--b\r\nContent-Disposition: form-data; name=query\r\n\r\n" + b"x" * 100_000, 415),
    ),
    "a form of 200,000 fields": ("POST", "/sparql", FORM, b"&".join([b"a=1"] * 200_000), 400),
    "a form of percent signs": ("POST", "/sparql", FORM, b"query=" + b"%" * 500_000, 422),
    "a charset that is a codec": (
        *("POST", "/sparql", {"Content-Type": "application/sparql-query; charset=zip"}),
        *(b"ASK {}", 415),
    ),
    "a bomb": (*packed("gzip", gzip.compress(b" " * 50_000_000, 1)), 415),
    "20,000 prefixes": (*asked("PREFIX a: <http://a/>\n" * 20_000 + "ASK {}"), 422),
    "quotes that nothing closes": (*asked('SELECT ("' + '\\"' * 99_000), 400),
    "dots without end": (*asked("SELECT " + "1." * 99_000), 400),
    "3,000 groups": (*asked("SELECT * { " + "{ " * 3000 + "}" * 3001), 422),
    "an IRI with a blank in it": (*asked("SELECT * { <http://e/\\u0020\\u003E> ?p ?o }"), 400),
    "a mark and a zero-width space": (*asked("\ufeffSELECT\u200b * { ?s ?p ?o } LIMIT 1"), 400),
    "a graph that is a file": (*got("/graphs?graph=file:///etc/passwd"), 404),
    "full-width digits": (*got("/queries/" + quote("１")), 404),
    "review without a token": ("POST", f"/review/{PLAN}", FORM, b"action=accept", 404),
    "a token of 20,000": (
        *("PUT", "/workspace/graphs?default", {"Authorization": "Bearer " + "x" * 20_000}),
        *(b"<a:b> <c:d> 1 .", 404),
    ),
}


@pytest.mark.parametrize("what", REQUESTS)
def test_a_request_made_to_hurt(what: str, server: str) -> None:
    method, path, headers, body, wanted = REQUESTS[what]
    parts = urllib.parse.urlsplit(server)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=HANGING)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    told = answer.read()
    assert answer.status == wanted, told[:200]
    assert b"Traceback" not in told and b"root:" not in told and b"evil.example" not in told
    if wanted >= 400 and "text/plain" in answer.headers["Content-Type"]:
        assert len(told.strip().splitlines()) <= 1
    assert ask(f"{server}/healthz")[0] == 200


def test_a_length_beside_chunks_gives_way_and_nothing_follows(server: str) -> None:
    parts = urllib.parse.urlsplit(server)
    head = f"POST /sparql HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: {QUERY['Content-Type']}"
    hidden = f"GET /nowhere HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n"
    body = f"6\r\nASK {{}}\r\n0\r\n\r\n{hidden}"
    address = parts.hostname, parts.port
    with socket.create_connection(address, timeout=HANGING) as connection:
        lengths = f"Content-Length: {len(body)}\r\nTransfer-Encoding: chunked"
        connection.sendall(f"{head}\r\n{lengths}\r\n\r\n{body}".encode())
        told = b"".join(iter(lambda: connection.recv(65536), b""))
    assert told.startswith(b"HTTP/1.1 200 ") and told.count(b"HTTP/1.1 ") == 1
