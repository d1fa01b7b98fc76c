"""Asking the query processes, and remembering answers about a release, which does not change."""

from __future__ import annotations

import atexit
import json
import os
import re
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from kg.query.remembered import Remembered
from kg.query.request import TICKET, Limits, Request, frame, read_frame
from kg.query.slots import Slots

_CHANGING = re.compile(r"\b(?:now|rand|uuid|struuid|bnode)\s*\(", re.IGNORECASE)
_KEPT_ALONG = 2 * 1024**2  # bytes of a long answer that are held to be remembered when it is whole
_SLACK = 0.5  # seconds beyond the limit that a process is given to end by itself


class BrokenAnswerError(Exception):
    """The rest of an answer will not come: its query was ended at a limit."""


@dataclass(frozen=True)
class Answer:
    """The outcome of a request.

    outcome: ok, created, absent, malformed, refused, too-large, timeout, memory, busy, failed or engine (that answers elsewhere).
    kind: results or graph.
    body: the answer, or what is wrong; None where it comes in parts.
    parts: the answer as it comes; raises BrokenAnswerError where it breaks off.
    known: whether it was remembered.
    """

    outcome: str
    kind: str = ""
    body: bytes | None = b""
    parts: Iterator[bytes] = field(default_factory=lambda: iter(()))
    known: bool = False


def is_changing(query: str) -> bool:
    """Whether a query may have another answer each time (NOW, RAND, UUID): conservative, by its words."""
    return _CHANGING.search(query) is not None


class QueryClient:
    """Asks the processes that listen on a socket.

    Args:
        path: their socket.
        limits: what each query may use.
        kept: how many bytes of answers are kept for queries that come again; 0 where the data may change.
    """

    def __init__(self, path: Path, limits: Limits, kept: int = 32 * 1024**2) -> None:
        self._path, self.limits = path, limits
        self._answers: Remembered[Answer] = Remembered(kept, lambda answer: len(answer.body or b""))
        self._slots: Slots | None = None

    def ask(self, request: Request, body: bytes = b"") -> Answer:
        """Have a request worked on within the limits.

        Args:
            request: what is asked.
            body: the graph to write, as N-Triples.
        """
        key = request.key
        if (known := self._answers.get(key)) is not None:
            return known
        begun = time.monotonic()
        self._await_pool(begun)
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(self.limits.seconds + _SLACK)
        ticket = secrets.randbits(64)
        try:
            connection.connect(str(self._path))
            connection.sendall(frame(TICKET.pack(begun + self.limits.seconds, ticket)) + frame(key) + frame(body))
            stream = connection.makefile("rb")
            connection.close()  # the stream holds it open
            head = json.loads(read_frame(stream))
            if not head["complete"]:
                return Answer(head["outcome"], head["kind"], None, self._parts(stream, key, head["kind"], request))
            answer = Answer(head["outcome"], head["kind"], read_frame(stream))
            stream.close()
        except EOFError:
            return self._ended(ticket, time.monotonic() - begun)
        except OSError:  # nobody took it up
            connection.close()
            return Answer("busy", body=b"every query process is busy; try again")
        self._remember(key, request, answer)
        return answer

    def _remember(self, key: bytes, request: Request, answer: Answer) -> None:
        if answer.outcome == "ok" and request.operation == "query" and not is_changing(request.query):
            self._answers.put(key, Answer(answer.outcome, answer.kind, answer.body, known=True))

    def _parts(self, stream: IO[bytes], key: bytes, kind: str, request: Request) -> Iterator[bytes]:
        """The parts of an answer, up to the empty one that says it is whole; one that is not too long is remembered."""
        held = bytearray()
        with stream:
            while True:
                try:
                    part = read_frame(stream)
                except (OSError, EOFError) as error:
                    raise BrokenAnswerError from error
                if not part:
                    break
                if len(held) <= _KEPT_ALONG:
                    held += part
                yield part
        if len(held) <= _KEPT_ALONG:
            self._remember(key, request, Answer("ok", kind, bytes(held)))

    def _await_pool(self, begun: float) -> None:
        """Wait for the processes to have loaded their store, once."""
        while not self._path.exists() and time.monotonic() - begun < self.limits.seconds:
            time.sleep(0.02)

    def _ended(self, ticket: int, took: float) -> Answer:
        """Why a process ended at its work."""
        if took > self.limits.seconds - 0.1:
            return Answer("timeout", body=f"the query did not end within {self.limits.seconds:g} s; narrow it down".encode())
        self._slots = self._slots or Slots(self._path.with_suffix(".slots"))
        if self._slots.gave_way(ticket):
            return Answer("busy", body=b"the query takes long and others wait; try again later")
        allowed = self.limits.memory // 1024**2
        return Answer("memory", body=f"the query used more than {allowed} MiB of memory, or made the engine fail; narrow it down".encode())


def start_pool(what: str, folder: Path, path: Path) -> subprocess.Popen[bytes]:
    """Start the query processes (python -m kg.query.serve); they end with this process."""
    return subprocess.Popen([sys.executable, "-m", "kg.query.serve", what, str(folder), str(path)], stdin=subprocess.PIPE)


def sockets_for(out: Path) -> Path:
    """The folder of the sockets for a folder of releases: the one that the server has made, else one with processes of our own."""
    if given := os.environ.get("PLANLINK_SOCKETS"):
        return Path(given)
    folder = tempfile.TemporaryDirectory(prefix="planlink-")
    process = start_pool("follow", out, Path(folder.name))

    def stop() -> None:
        assert process.stdin is not None
        process.stdin.close()
        process.wait()
        folder.cleanup()

    atexit.register(stop)
    return Path(folder.name)
