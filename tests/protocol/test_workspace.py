"""The dataset that who has the token may write."""

from __future__ import annotations

import contextlib
import json
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import psutil
import pyoxigraph as ox
import pytest
from support import HANGING, ask, copy_release, eventually, serving

from kg.settings import Limits
from kg.sparql import QueryClient, Request
from kg.sparql.processes import BEATS
from kg.sparql.supervisor import PoolProcess

TOKEN = "geheim, aber lang"
BEARER = f"Bearer {TOKEN}"
IRI = "http://e.example/红桥区"


@pytest.fixture(scope="module")
def workspace(small_release: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("workspace") / "dataset"
    release = copy_release(small_release, folder.with_name("release"))
    with serving(release, "--workspace", str(folder), PLANLINK_TOKEN=TOKEN) as address:
        yield f"{address}/workspace"


def change(workspace: str, update: str, token: str = BEARER) -> int:
    return ask(
        f"{workspace}/sparql",
        update.encode(),
        Content_Type="application/sparql-update",
        Authorization=token,
    )[0]


@pytest.mark.parametrize(
    "token", ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x"]
)
def test_without_the_token(workspace: str, token: str) -> None:
    assert change(workspace, "INSERT DATA { <a:a> <a:b> <a:c> }", token) == 401
    assert ask(f"{workspace}/graphs?default", Authorization=token)[0] == 401


def test_off_unless_configured(server: str) -> None:
    assert change(f"{server}/workspace", "INSERT DATA { <a:a> <a:b> <a:c> }") == 404


@pytest.mark.parametrize(
    "update",
    [
        "LOAD <http://127.0.0.1/>",
        "LOAD SILENT <file:///etc/passwd>",
        "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1/> { ?s ?p ?o } }",
        "INSERT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(<http://a/f>(?s)) }",
    ],
)
def test_updates_that_are_not_run(workspace: str, update: str) -> None:
    assert change(workspace, update) == 422


def test_an_error_about_a_long_iri_is_short(workspace: str) -> None:
    graph = f"GRAPH <http://a/{'x' * 90_000}>"
    asked = urllib.parse.urlencode({"update": f"CREATE {graph} ; CREATE {graph}"}).encode()
    status, _, told = ask(f"{workspace}/sparql", asked, Authorization=BEARER)
    assert (status, b"http://a/xxx" in told) == (422, True), told
    assert len(told) < 1000


class Server(PoolProcess):
    """What a server has of its workspace."""

    def __init__(self, folder: Path, dataset: Path) -> None:
        folder.mkdir()
        (folder / BEATS).mkdir()
        super().__init__(folder / "pool", dataset, True, Limits())
        eventually(self.is_ready, "its worker is there")

    def close(self) -> None:
        self.stop()

    def ask(self) -> tuple[str, str]:
        client = QueryClient(self.folder / "socket", Limits(), keeps=False)
        answer = client.ask(Request("ASK {}"))
        return answer.outcome, str(answer.problem)


def test_a_dataset_that_another_program_holds(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """It is said once, each request is told, and the first after the other has ended has it."""
    dataset = tmp_path / "dataset"
    held = ox.Store(str(dataset))
    with contextlib.closing(Server(tmp_path / "server", dataset)) as server:
        answers = [server.ask() for _ in range(3)]
        assert {outcome for outcome, _ in answers} == {"busy"}
        assert "another server holds it" in answers[0][1]
        said = f"the workspace {dataset} is not served: another server holds it\n"
        assert capfd.readouterr().err == said
        del held
        assert server.ask()[0] == "ok"


def test_a_dataset_is_one_server_s_until_that_ends(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its worker and its pool may be killed: what takes their place has it again."""
    dataset = tmp_path / "dataset"
    first = Server(tmp_path / "first", dataset)
    with contextlib.closing(Server(tmp_path / "second", dataset)) as second:
        said = f"the workspace {dataset} is not served: another server holds it\n"
        assert capfd.readouterr().err == said
        with contextlib.closing(first):
            (worker,) = psutil.Process(first.process.pid).children()
            for killed in (worker, first.process):
                killed.kill()
                killed.wait()
                assert second.ask()[0] == "busy"
                eventually(lambda: first.look() or first.ask()[0] == "ok", "it has it again")
                assert second.ask()[0] == "busy"
        # the worker of the first ends when its pool has, and keeps the lock until then
        eventually(lambda: second.ask()[0] == "ok", "the next one has it")


@pytest.mark.parametrize("name", ["using-graph-uri", "using-named-graph-uri"])
def test_a_graph_that_is_no_iri_is_refused(workspace: str, name: str) -> None:
    """It is not pasted into the update: here it would end the USING clause and add an operation."""
    graph = "http://a/> WHERE {} ; LOAD <http://127.0.0.1:9/> ; DELETE {} USING <http://a/"
    asked = urllib.parse.urlencode(
        {"update": "DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }", name: graph}
    )
    answer = ask(
        f"{workspace}/sparql",
        asked.encode(),
        Content_Type="application/x-www-form-urlencoded",
        Authorization=BEARER,
    )
    assert (answer[0], b"IRI" in answer[2]) == (400, True), answer[2]


def test_iris_in_chinese_by_every_way(workspace: str) -> None:
    assert change(workspace, f'INSERT DATA {{ <{IRI}> <a:name> "红桥" }}') == 204
    query = f"ASK {{ <{IRI}> ?p ?o }}"
    encoded = urllib.parse.quote(query, safe="")
    ways = [
        ask(f"{workspace}/sparql?query={encoded}", Authorization=BEARER),
        ask(
            f"{workspace}/sparql?query={encoded.lower()}".replace("ask", "ASK"),
            Authorization=BEARER,
        ),
        ask(
            f"{workspace}/sparql",
            f"query={encoded}".encode(),
            Content_Type="application/x-www-form-urlencoded",
            Authorization=BEARER,
        ),
        ask(
            f"{workspace}/sparql",
            query.encode(),
            Content_Type="application/sparql-query",
            Authorization=BEARER,
        ),
    ]
    assert [json.loads(body)["boolean"] for _, _, body in ways] == [True] * 4


def test_a_graph_is_written_under_a_condition(workspace: str) -> None:
    """RFC 9110 §13.1: who edits what another has changed meanwhile does not undo that."""
    graph = f"{workspace}/graphs?graph=urn:x-test:conditional"

    def put(content: bytes, **asked: str) -> int:
        kind = "text/turtle"
        return ask(graph, content, "PUT", Authorization=BEARER, Content_Type=kind, **asked)[0]

    assert put(b"<a:a> <a:b> 1 .", If_Match="*") == 412
    assert put(b"<a:a> <a:b> 1 .", If_None_Match="*") == 201
    assert put(b"<a:a> <a:b> 2 .", If_None_Match="*") == 412
    tags = {
        kind: ask(graph, Authorization=BEARER, Accept=kind, Accept_Encoding="gzip")[1]["ETag"]
        for kind in ("text/turtle", "application/n-triples", "application/rdf+xml")
    }
    assert len({*tags.values()}) == len(tags)
    tag = tags["application/n-triples"]
    assert put(b"<a:a> <a:b> 3 .", If_Match=f'"other", {tag}') == 204
    for gone in (*tags.values(), f"W/{tag}"):
        assert put(b"<a:a> <a:b> 4 .", If_Match=gone) == 412
    assert ask(graph, method="DELETE", Authorization=BEARER, If_Match=tag)[0] == 412
    assert b"3" in ask(graph, Authorization=BEARER, Accept="application/n-triples")[2]


FORM = "multipart/form-data; boundary=b"
FIELD = b'--b\r\nContent-Disposition: form-data; name="graph"\r\n\r\n<a:b> <a:c> 3 .\r\n--b--\r\n'
NOT_WHOLE = {
    "a form of fields": (FIELD, {"Content_Type": FORM}),
    "a form that is cut off": (FIELD[:30], {"Content_Type": FORM}),
    "a form of nothing": (b"--b--\r\n", {"Content_Type": FORM}),
    "a part": (
        b"<a:b> <a:c> 3 .",
        {"Content_Type": "text/turtle", "Content_Range": "bytes 0-9/99"},
    ),
}


@pytest.mark.parametrize("what", NOT_WHOLE)
def test_what_is_not_a_whole_graph_replaces_none(workspace: str, what: str) -> None:
    graph = f"{workspace}/graphs?graph=urn:x-test:kept"
    turtle = {"Content_Type": "text/turtle"}
    assert ask(graph, b"<a:a> <a:b> 7 .", "PUT", Authorization=BEARER, **turtle)[0] in (201, 204)
    body, headers = NOT_WHOLE[what]
    status, _, said = ask(graph, body, "PUT", Authorization=BEARER, **headers)
    assert (status, len(said.splitlines())) == (400, 1)
    assert b"7" in ask(graph, Authorization=BEARER, Accept="application/n-triples")[2]


@pytest.mark.parametrize(
    ("media_type", "content", "status"),
    [
        ("application/trig", b"<a:a> <a:b> 1 .", 204),
        ("application/n-quads", b"<a:a> <a:b> <a:c> .\n", 204),
        ("application/n-quads", b"<a:a> <a:b> <a:c> <a:g> .\n", 400),
        ("application/trig", b"<a:g> { <a:a> <a:b> 1 }", 400),
        ("application/rdf+xml", b"<RDF xmlns='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>", 400),
        ("text/n3", b"<a:a> <a:b> 1 .", 204),
        ("text/n3", b"{ <a:a> <a:b> 1 } <a:b> ?x .", 400),
        ("text/html", b"<a>", 415),
    ],
)
def test_a_graph_comes_in_formats_of_datasets_too(
    workspace: str, media_type: str, content: bytes, status: int
) -> None:
    address = f"{workspace}/graphs?default"
    answer = ask(address, content, "POST", Authorization=BEARER, Content_Type=media_type)
    assert answer[0] == status, answer[2]


def test_raw_unicode_in_an_address(server: str) -> None:
    import socket

    parts = urllib.parse.urlsplit(server)
    with socket.create_connection(
        (parts.hostname or "", parts.port or 80), timeout=HANGING
    ) as connection:
        connection.sendall(
            "GET /search?q=红桥区 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
        )
        received = b""
        while part := connection.recv(65536):
            received += part
    assert received.startswith(b"HTTP/1.1 200")
    assert "红桥区".encode() in received


def test_a_restart_keeps_what_was_written_and_no_token_is_in_the_log(
    own_small_release: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = str(tmp_path / "dataset")
    for seen in (False, True):
        with serving(
            own_small_release, "--workspace", folder, "--log", PLANLINK_TOKEN=TOKEN
        ) as address:
            answer = ask(
                f"{address}/workspace/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%3Fo%20%7D",
                Authorization=BEARER,
            )
            assert json.loads(answer[2])["boolean"] is seen
            assert change(f"{address}/workspace", "INSERT DATA { <a:a> <a:b> <a:c> }") == 204
    lines = [line for line in capfd.readouterr().err.splitlines() if line.startswith("{")]
    entries = [json.loads(line) for line in lines if "/workspace/sparql" in line]
    assert [(entry["status"], entry["method"]) for entry in entries] == [
        (200, "GET"),
        (204, "POST"),
    ] * 2
    assert all(entry["request_id"] for entry in entries)
    assert TOKEN not in "".join(lines)
