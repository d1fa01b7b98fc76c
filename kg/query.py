"""Bounded evaluation of SPARQL queries.

A query is hostile until it has finished: it is evaluated in a process that has the store open read-only, cannot reach
the network where the system allows that to be taken away, is killed when its time is up, and is replaced at once.
"""

from __future__ import annotations

import contextlib
import json
import queue
import re
import struct
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

_LENGTH = struct.Struct(">I")
_TOKEN = re.compile(
    r"""(?P<skip>\#[^\n\r]*|<[^<>"{}|^`\\\x00-\x20]*>|'''(?:(?:'|'')?[^'\\]|\\.)*'''|\"\"\"(?:(?:"|"")?[^"\\]|\\.)*\"\"\"
    |'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*"|[?$][\w\u00b7]+|@[A-Za-z][A-Za-z0-9-]*|_:[\w.-]+|[\w.-]*:[\w.:%\\-]*)
    |(?P<word>[A-Za-z_]\w*)|(?P<open>[{(\[])|(?P<close>[})\]])""",
    re.VERBOSE | re.DOTALL,
)
_LONGEST_MESSAGE = 200
MAX_DEPTH = 100
MAX_LENGTH = 200_000


@dataclass(frozen=True)
class Limits:
    """What a query may use: seconds by the clock, bytes of memory, bytes of result."""

    seconds: float = 20.0
    memory: int = 2 * 1024**3
    result: int = 64 * 1024**2


@dataclass(frozen=True)
class Request:
    """A query with its dataset (SPARQL 1.1 Protocol §2.1.4) and the formats wanted for each kind of result."""

    query: str
    default_graphs: Sequence[str] = ()
    named_graphs: Sequence[str] = ()
    results_format: str = "json"
    graph_format: str = "ttl"


@dataclass(frozen=True)
class Answer:
    """The outcome: ok, malformed, refused, timeout, too-large or failed; the body is an error's text unless ok."""

    outcome: str
    kind: str = ""
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


def refusal(query: str) -> str | None:
    """Why a query is refused before it is evaluated, None if it is not.

    The query is cut into SPARQL's tokens, so that a keyword inside a string, an IRI, a comment or a name is none.
    """
    if len(query) > MAX_LENGTH:
        return f"the query has {len(query)} characters, at most {MAX_LENGTH} are taken"
    depth = 0
    for match in _TOKEN.finditer(query):
        if match["open"]:
            depth += 1
            if depth > MAX_DEPTH:
                return f"the query nests deeper than {MAX_DEPTH} levels"
        elif match["close"]:
            depth -= 1
        elif match["word"] and match["word"].upper() == "SERVICE":
            return "SERVICE is not allowed: this endpoint answers from its own data only"
    return None


def syntax_problem(message: str) -> str:
    """A parser's message as one short line that names the place (error at 1:19: expected … -> line 1, column 19: …)."""
    placed = re.sub(r"\berror at (\d+):(\d+)", r"line \1, column \2", " ".join(message.split()))
    placed = placed.replace("Prefix not found", "a PREFIX declaration for this name")
    return placed if len(placed) <= _LONGEST_MESSAGE else placed[:_LONGEST_MESSAGE] + "…"


class _Worker:
    """One process that answers queries on a store, one at a time."""

    def __init__(self, store: Path, limits: Limits) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "kg.query_worker", str(store), str(limits.memory), str(limits.result)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def ask(self, request: bytes, seconds: float) -> Answer | None:
        """The answer to an encoded request, or None where the process had to be killed or died."""
        pipe_in, pipe_out = self._process.stdin, self._process.stdout
        assert pipe_in is not None and pipe_out is not None
        timer = threading.Timer(seconds, self._process.kill)
        timer.start()
        try:
            write_frame(pipe_in, request)
            header = read_frame(pipe_out)
            body = read_frame(pipe_out)
        except (OSError, EOFError):
            return None
        finally:
            timer.cancel()
        outcome = json.loads(header)
        return Answer(outcome["outcome"], outcome["kind"], body)

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()


class _Answers:
    """The answers to former requests, the least recently used forgotten first."""

    def __init__(self, bytes_: int) -> None:
        self._capacity = self._room = bytes_
        self._answers: OrderedDict[bytes, Answer] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: bytes) -> Answer | None:
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def put(self, key: bytes, answer: Answer) -> None:
        size = len(key) + len(answer.body)
        with self._lock:
            if size > self._capacity or key in self._answers:
                return
            self._answers[key] = answer
            self._room -= size
            while self._room < 0:
                old, forgotten = self._answers.popitem(last=False)
                self._room += len(old) + len(forgotten.body)


class QueryPool:
    """Processes that stand ready to answer queries on one store, which does not change, so that answers are kept.

    Args:
        store: the folder of a released store.
        size: how many processes.
        limits: what each query may use.
        kept: how many bytes of answers are kept for requests that come again.
    """

    def __init__(self, store: Path, size: int, limits: Limits, kept: int = 32 * 1024**2) -> None:
        self._store, self._limits = store, limits
        self._answers = _Answers(kept)
        self._idle: queue.SimpleQueue[_Worker] = queue.SimpleQueue()
        for _ in range(size):
            self._idle.put(_Worker(store, limits))
        self._size = size

    @property
    def limits(self) -> Limits:
        """What each query may use."""
        return self._limits

    def ask(self, request: Request) -> Answer:
        """Evaluate a query within the limits."""
        key = json.dumps(asdict(request)).encode()
        if (known := self._answers.get(key)) is not None:
            return known
        if reason := refusal(request.query):
            return Answer("refused", body=reason.encode())
        try:
            worker = self._idle.get(timeout=self._limits.seconds)
        except queue.Empty:
            return Answer("busy", body=b"every query process is busy")
        answer = worker.ask(key, self._limits.seconds)
        if answer is not None and answer.outcome == "ok":
            self._answers.put(key, answer)
        if answer is None:
            worker.stop()
            worker = _Worker(self._store, self._limits)
        self._idle.put(worker)
        return answer or Answer(
            "timeout", body=f"the query did not end within {self._limits.seconds:g} s, or used more memory than allowed".encode()
        )

    def close(self) -> None:
        """Stop the processes that are idle; those at work stop with this process."""
        with contextlib.suppress(queue.Empty):
            for _ in range(self._size):
                self._idle.get_nowait().stop()


def write_frame(stream: IO[bytes], content: bytes) -> None:
    """Write one length-prefixed frame."""
    stream.write(_LENGTH.pack(len(content)) + content)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes:
    """Read one length-prefixed frame.

    Raises:
        EOFError: the other side is gone.
    """
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        raise EOFError
    (length,) = _LENGTH.unpack(head)
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return content
