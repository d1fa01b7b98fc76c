"""Suggestions of a language model: asked for, checked, and decided by a person."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from support import HANGING

from kg.cli import main
from kg.errors import PlanlinkError
from kg.link.chat import Chat, TooLateError
from kg.link.corrections import load_corrections, withdraw
from kg.link.reading import Reading, read_plan
from kg.link.suggest import suggest as ask_about
from kg.link.suggestions import load_suggestions
from kg.source.plan import load_plan

KEY = "sk-never-shown"
Reply = Callable[[BaseHTTPRequestHandler], None]


def said(content: Any, **more: Any) -> bytes:
    """The body of a chat's answer."""
    words = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    choice = {"message": {"role": "assistant", "content": words}, "finish_reason": "stop", **more}
    return json.dumps({"choices": [choice]}).encode()


def reply(body: bytes, status: int = 200, **headers: str) -> Reply:
    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(body)

    return send


class Endpoint:
    """A chat endpoint that replies as it is told to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.replies: Callable[[str], Reply] = lambda _: reply(said({}))
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self.closing = threading.Event()
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                endpoint.asked.append(asked | {"path": self.path})
                endpoint.keys.append(self.headers["Authorization"])
                endpoint.replies(asked["messages"][1]["content"])(self)

            def log_message(self, *_: object) -> None:
                """Nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_port}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))
        self._thread.start()

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    one = Endpoint()
    yield one
    one.close()


@pytest.fixture
def folder(small_plan: Path, tmp_path: Path) -> Path:
    shutil.copytree(small_plan, tmp_path / "qinghe")
    return tmp_path / "qinghe"


def suggest(folder: Path, address: str, *options: str, key: str = KEY) -> Result:
    arguments = ["suggest", str(folder), "--endpoint", address, "--model", "m", *options]
    done = CliRunner().invoke(main, arguments, env={"PLANLINK_SUGGEST_KEY": key})
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert KEY not in done.output
    return done


def planlink(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)))


def read(folder: Path) -> Reading:
    return read_plan(load_plan(folder), lambda _: None, lambda _: None)


def about(words: str, answer: Any) -> Callable[[str], Reply]:
    """Answers about the sentence that holds these words, and has nothing to say of others."""
    return lambda asked: reply(said(answer if words in asked else {}))


ANSWER = {
    "names": [
        {"name": "联合实验室", "kind": "institution", "type": "research-institute"},
        {"name": "不在句中的公司", "kind": "institution", "type": "company"},
        {"name": "墨池创新谷", "kind": "zone", "type": "park"},
        {"name": "重点项目", "kind": "zone", "type": "castle"},
        {"name": "重点项目", "kind": "planet", "type": "park"},
        "no object",
    ],
    "wrong_names": [
        {"name": "墨池创新谷", "instead": ""},
        {"name": "云湖蔚然材料有限公司", "instead": "蔚然材料有限公司"},
        {"name": "云湖工业大学", "instead": "另一所大学"},
    ],
    "targets": {"name": "no list"},
}


def test_only_what_stands_in_the_sentence_is_suggested(folder: Path, endpoint: Endpoint) -> None:
    endpoint.replies = about("共建联合实验室", ANSWER)
    done = suggest(folder, endpoint.address)
    assert done.exit_code == 0, done.output
    found = [(s.action, s.kind, s.name, s.to) for s in load_suggestions(folder)]
    assert found == [
        ("add", "institution", "联合实验室", ""),
        ("reject", "zone", "墨池创新谷", ""),
        ("rename", "institution", "云湖蔚然材料有限公司", "蔚然材料有限公司"),
    ]
    assert {s.origin for s in load_suggestions(folder)} == {f"m, {endpoint.address}"}
    assert "7 suggestions passed over" in done.output
    assert set(endpoint.keys) == {f"Bearer {KEY}"}
    assert {a["path"] for a in endpoint.asked} == {"/v1/chat/completions"}
    assert {a["model"] for a in endpoint.asked} == {"m"}
    suggest(folder, endpoint.address)
    assert len(load_suggestions(folder)) == 3


def test_the_least_certain_sentences_are_asked_about_first(
    folder: Path, endpoint: Endpoint
) -> None:
    found = read(folder).linked.extraction
    told = [(zone.confidence, zone.name) for zone in found.zones]
    told += [(value.confidence, value.quantity.text) for value in found.values]
    suggest(folder, endpoint.address, "--most", "1")
    (asked,) = endpoint.asked
    assert min(told)[1] in asked["messages"][1]["content"]
    assert "functional-zone" in asked["messages"][0]["content"]


def test_a_suggestion_changes_nothing_until_it_is_accepted(
    folder: Path, endpoint: Endpoint
) -> None:
    endpoint.replies = about("共建联合实验室", ANSWER)
    before = read(folder).linked
    suggest(folder, endpoint.address)
    assert read(folder).linked == before
    listed = json.loads(planlink("review", folder, "--format", "json").stdout)
    assert [one["doubt"] for one in listed["points"]].count("a suggestion") == 3
    assert listed["read"]["measures"] and "findings" in listed["read"]
    assert planlink("review", folder, "--accept", "1").exit_code == 2
    done = planlink(
        "review",
        folder,
        "--accept",
        1,
        "--reject",
        2,
        "--reason",
        "seen",
        "--output",
        folder / "r.csv",
    )
    assert done.exit_code == 0, done.output
    assert [s.decision for s in load_suggestions(folder)] == ["accepted", "rejected", ""]
    (made,) = load_corrections(folder)
    assert (made.action, made.kind, made.name) == ("add", "institution", "联合实验室")
    names = {e.name for e in read(folder).linked.extraction.institutions}
    assert {"联合实验室", "云湖蔚然材料有限公司"} <= names
    assert (folder / "r.csv").read_text(encoding="utf-8-sig").count("a suggestion") == 1
    assert planlink("review", folder, "--reject", 1).exit_code == 2
    suggest(folder, endpoint.address)
    assert len(load_suggestions(folder)) == 3
    withdraw(folder, made.ordinal, made.at)  # it is as open as before it was accepted
    assert planlink("review", folder, "--reject", 1).exit_code == 0
    assert [s.decision for s in load_suggestions(folder)] == ["rejected", "rejected", ""]


def test_targets_are_suggested_and_decided(folder: Path, endpoint: Endpoint) -> None:
    endpoint.replies = about(
        "新建口袋公园20个",
        {
            "targets": [
                {"name": "柳埠河", "words": "没有的20个"},
                {"name": "口袋公园", "words": "20个"},
            ],
            "wrong_targets": [{"words": "20个"}],
        },
    )
    done = suggest(folder, endpoint.address)
    assert "2 suggestions passed over" in done.output
    (one,) = load_suggestions(folder)
    assert (one.action, one.kind, one.quote) == ("drop", "target", "20个")
    planlink("review", folder, "--accept", 1, "--reason", "a count of works")
    reading = read(folder)
    assert "20个" not in {v.quantity.text for v in reading.linked.extraction.values}
    assert not reading.applied.idle
    (folder / "suggestions.toml").unlink()
    endpoint.replies = about(
        "新建口袋公园20个", {"targets": [{"name": "口袋公园", "words": "20个"}]}
    )
    suggest(folder, endpoint.address)
    planlink("review", folder, "--accept", 1, "--reason", "after all")
    found = read(folder).linked.extraction
    (value,) = (v for v in found.values if v.quantity.text == "20个")
    assert found.indicator[value.indicator].name == "口袋公园"
    assert (value.quantity.value, value.period, value.confidence) == (20, (2026, 2030), 1)


def endless(handler: BaseHTTPRequestHandler) -> None:
    """An answer that goes on for ever."""
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b" " * 4096)
    except OSError:
        handler.close_connection = True


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (reply(b"no JSON"), "no answer of a chat"),
        (reply(b'{"choices": []}'), "no answer of a chat"),
        (reply(b"[" * 100_000), "no answer of a chat"),
        (reply(said("I cannot help with that.")), "an answer that is no JSON"),
        (reply(said("```json\n{\n```")), "an answer that is no JSON"),
        (reply(said("", refusal=1, finish_reason="content_filter")), "a refusal"),
        (reply(said("{}", finish_reason="length")), "cut off"),
        (reply(b" " * 300_000), "too long"),
        (reply(b"busy", 503), "status 503"),
        (endless, "too long"),
    ],
)  # fmt: skip
def test_a_sentence_without_an_answer_is_skipped_and_counted(
    folder: Path, endpoint: Endpoint, answer: Reply, says: str
) -> None:
    good = reply(said("Here it is: ```json\n" + json.dumps(ANSWER) + "\n```"))
    endpoint.replies = lambda asked: good if "共建联合实验室" in asked else answer
    done = suggest(folder, endpoint.address)
    assert done.exit_code == 0, done.output
    assert says in done.output and "skipped" in done.output
    assert len(load_suggestions(folder)) == 3


def test_a_server_that_does_not_answer_is_given_up(folder: Path, endpoint: Endpoint) -> None:
    endpoint.replies = lambda _: lambda _: endpoint.closing.wait(HANGING) and None
    done = suggest(folder, endpoint.address, "--seconds", "1")
    assert done.exit_code == 2
    assert "was answered: no answer in time" in done.output
    assert not (folder / "suggestions.toml").exists()


def test_a_server_that_is_too_slow_is_not_asked_for_ever(folder: Path) -> None:
    asked = []

    class Slow(Chat):
        def ask(self, system: str, question: str) -> str:
            asked.append(question)
            raise TooLateError

    reading = read(folder)
    sentences = [*reading.document.sentences] * 2
    with pytest.raises(PlanlinkError, match="no sentence of 3 was answered"):
        ask_about(reading, Slow("http://localhost/v1", "m"), sentences, lambda _: None)
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (reply(f"Incorrect API key: {KEY}".encode(), 401), "another key (status 401)"),
        (reply(b"", 404), "status 404; check --endpoint and --model"),
        (reply(b"", 302, Location="http://127.0.0.1:9/"), "status 302"),
    ],
)
def test_an_endpoint_that_refuses_is_told_in_one_line(
    folder: Path, endpoint: Endpoint, answer: Reply, says: str
) -> None:
    endpoint.replies = lambda _: answer
    done = suggest(folder, endpoint.address)
    assert done.exit_code == 2 and says in done.output
    assert len(endpoint.asked) == 1
    assert done.output.count("planlink: ") == 1 and "Traceback" not in done.output
    assert not (folder / "suggestions.toml").exists()


@pytest.mark.parametrize(
    ("address", "key", "says"),
    [
        ("http://127.0.0.1:9/v1", KEY, "nobody answers there"),
        ("ftp://127.0.0.1/v1", KEY, "no address of an endpoint"),
        ("http://user:word@127.0.0.1/v1", KEY, "no address of an endpoint"),
        ("http://models.example.org/v1", KEY, "use https"),
        ("http://127.0.0.1:9/v1", f"{KEY}\r\nX-Other: 1", "the key holds characters that none can"),
        ("http://127.0.0.1:9/v1", f"{KEY}\x01", "holds control characters"),
        ("http://127.0.0.1:9/v1", f"{KEY} 令牌", "the key holds characters that none can"),
    ],
)
def test_what_cannot_be_asked(folder: Path, address: str, key: str, says: str) -> None:
    done = suggest(folder, address, key=key)
    assert done.exit_code == 2 and says in done.output, done.output


def test_a_key_is_shown_nowhere() -> None:
    assert KEY not in repr(Chat("http://localhost/v1", "m", KEY))


@pytest.mark.parametrize(
    "entry",
    [
        'action = "burn"\nkind = "zone"\nname = "x"\nsentence = "x"\norigin = "x"',
        'action = "add"\nkind = "zone"\nname = "x"\nsentence = "x"\norigin = "x"',
        'action = "reject"\nkind = "zone"\nname = "x"\nsentence = "x"',
        'action = "reject"\nkind = "zone"\nname = "x"\nsentence = "x"\norigin = "x"\ndecision = '
        '"?"',
    ],
)
def test_a_broken_suggestion_is_named(tmp_path: Path, entry: str) -> None:
    (tmp_path / "suggestions.toml").write_text(f"[[suggestion]]\n{entry}\n", encoding="utf-8")
    with pytest.raises(PlanlinkError, match="suggestion 1: this is no suggestion"):
        load_suggestions(tmp_path)


def test_suggestions_are_a_list_of_tables(tmp_path: Path) -> None:
    (tmp_path / "suggestions.toml").write_text("suggestion = 1\n", encoding="utf-8")
    with pytest.raises(PlanlinkError, match="'suggestion' is no list of tables"):
        load_suggestions(tmp_path)
