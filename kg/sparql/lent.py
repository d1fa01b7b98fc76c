"""Clients' connections that the web processes lend to a query process, which answers quick plain
queries on them itself.

To pass a query on and its answer back costs more than most queries do. The process that a
connection is lent to looks at each request without taking it off the connection. Only when the
answer stands ready does it take the request and send the answer; where it has none (another head or
path, a query that fails), it gives the connection back with the request still on it. A query that
is not quick ends the process. Nothing is lost by that: the web processes have kept the connections,
and go on with them.
"""

from __future__ import annotations

import contextlib
import json
import re
import secrets
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import formatdate
from functools import lru_cache, partial
from pathlib import Path
from typing import NoReturn

from kg.sparql.alarm import CpuAlarm
from kg.sparql.plain import PATH, PlainAnswers, PlainRequest, Whole, plain_query
from kg.sparql.request import Request

LONGEST_ENDING = (
    8192  # bytes of what follows the target in the requests on a connection that is lent
)
MESSAGE = (
    131_072  # bytes of a message between the processes: more than such an ending takes as JSON
)
_BEGINS = b"GET " + PATH + b"?"
_QUERY_STRING = re.compile(rb"[A-Za-z0-9%&=+._~:/?@!$'()*,;-]{1,8000}")
_LOOKED_AT = 65_536  # bytes: more than a request has that is answered here
_TOGETHER = 64  # answers that are told of at a time
_LOOK = 0.05  # seconds between looks at what is to be told, and at what is idle
_IDLE = 1.0  # seconds without a request after which a connection is given back
_SENDING = 20.0  # seconds that a client may take to receive an answer


@dataclass(eq=False)
class _Lender:
    """A web process: what it has lent, by number, and what it is to be told of answers."""

    channel: socket.socket
    lent: dict[int, _Lent] = field(default_factory=dict)
    answered: list[tuple[int, float, int, bool, str]] = field(default_factory=list)


@dataclass
class _Lent:
    """A connection: its number, what follows the query string in each request on it, and what was
    read from that.

    used: when something last went over it (monotonic seconds).
    unsent: what of an answer has not gone out yet.
    in_vain: whether nothing was answered on it yet.
    """

    lender: _Lender
    connection: socket.socket
    number: int
    ending: bytes
    accept: str
    base: str
    client: str
    used: float
    unsent: bytes = b""
    in_vain: bool = True


class LentConnections:
    """The connections that one process has been lent.

    Args:
        listener: what the web processes connect to, each with a channel of its own.
        tag: the state of the dataset.
        current: whether that is the state which queries are to be answered on.
        evaluate: gives the kind of an answer and the answer, None where there is none.
        within_rate: whether a client may send another request.
        quick: seconds of CPU time after which a query ends the process.
        seconds: by the clock, after which it ends whatever it waits for (a store on a slow disk,
            say).
        prompt: whether each answer is to be told of at once.
    """

    def __init__(
        self,
        listener: socket.socket,
        tag: str,
        current: Callable[[], bool],
        evaluate: Callable[[Request], tuple[str, bytes] | None],
        within_rate: Callable[[str], bool],
        quick: float,
        seconds: float,
        prompt: bool,
    ) -> None:
        self._listener, self._tag, self._current, self._evaluate = listener, tag, current, evaluate
        self._within_rate, self._alarm, self._together = (
            within_rate,
            CpuAlarm(quick),
            1 if prompt else _TOGETHER,
        )
        self._answers, self._seconds = PlainAnswers(), seconds
        self._lenders: list[_Lender] = []
        self._epoll = select.epoll()
        self._ready: dict[int, Callable[[], None]] = {}
        self._looked = 0.0
        self._watch(listener, self._accept)

    def serve(self) -> NoReturn:
        """Answer what comes on the connections."""
        while True:
            ready = self._epoll.poll(
                _LOOK if any(lender.lent for lender in self._lenders) else None
            )
            signal.setitimer(
                signal.ITIMER_REAL, self._seconds
            )  # nothing handles SIGALRM: it ends the process
            for descriptor, _ in ready:
                if (
                    react := self._ready.get(descriptor)
                ) is not None:  # it may have gone with what came before
                    react()
            signal.setitimer(signal.ITIMER_REAL, 0)
            if (now := time.monotonic()) > self._looked + _LOOK:
                self._looked = now
                self._look_around(now)

    def _watch(self, connection: socket.socket, react: Callable[[], None]) -> None:
        self._epoll.register(connection, select.EPOLLIN)
        self._ready[connection.fileno()] = react

    def _leave(self, connection: socket.socket) -> None:
        self._epoll.unregister(connection)
        del self._ready[connection.fileno()]
        connection.close()

    def _accept(self) -> None:
        channel, _ = self._listener.accept()
        lender = _Lender(channel)
        self._lenders.append(lender)
        self._watch(channel, partial(self._told, lender))
        self._tell(lender)  # from now on it may lend

    def _told(self, lender: _Lender) -> None:
        """A web process lends a connection or wants one back; or it is gone, and its connections
        with it."""
        try:
            message, descriptors, _, _ = socket.recv_fds(lender.channel, MESSAGE, 1)
        except OSError:
            message, descriptors = b"", []
        if not message:
            self._end(lender)
            return
        told = json.loads(message)
        if descriptors:
            self._answers.heads.update(
                (media_type, lines.encode("latin-1"))
                for media_type, lines in told.pop("heads").items()
            )
            ending = told.pop("ending").encode("latin-1")
            connection = socket.socket(fileno=descriptors[0])
            lent = _Lent(lender, connection, ending=ending, used=time.monotonic(), **told)
            lender.lent[lent.number] = lent
            self._watch(connection, partial(self._came, lent))
        elif (wanted := lender.lent.get(told["number"])) is not None:
            self._give_back(wanted)
        else:  # it is given back already, or there was no room for its descriptor
            self._tell(lender, told["number"])

    def _end(self, lender: _Lender) -> None:
        """A web process is gone."""
        if lender in self._lenders:
            self._lenders.remove(lender)
            for lent in lender.lent.values():
                self._leave(lent.connection)
            lender.lent.clear()
            self._leave(lender.channel)

    def _came(self, lent: _Lent) -> None:
        """A request has come, or the rest of an answer can go out, or the client has closed the
        connection."""
        if lent.unsent:
            self._send(lent, lent.unsent)
            return
        begun = time.perf_counter()
        try:
            came = lent.connection.recv(_LOOKED_AT, socket.MSG_PEEK)
        except BlockingIOError:  # what came was meant for another that had this descriptor before
            return
        except OSError:
            came = b""
        whole, known = self._answer(lent, came)
        if whole is None:
            self._give_back(lent, lent.in_vain)
            return
        lent.connection.recv(len(came))
        lent.in_vain = False
        number = secrets.token_hex(16)
        head = b"%b%bx-request-id: %b\r\n\r\n" % (
            _status(int(time.time())),
            whole.head,
            number.encode(),
        )
        self._send(lent, head + whole.body)
        lent.lender.answered.append(
            (lent.number, time.perf_counter() - begun, len(whole.body), known, number)
        )
        if len(lent.lender.answered) >= self._together:
            self._tell(lent.lender)

    def _answer(self, lent: _Lent, came: bytes) -> tuple[Whole | None, bool]:
        """The answer to a request, None where there is none from here; and whether it was
        remembered."""
        if not (came.startswith(_BEGINS) and came.endswith(lent.ending)):
            return None, False
        query_string = came[len(_BEGINS) : -len(lent.ending)]
        if (
            not _QUERY_STRING.fullmatch(query_string)
            or not self._current()
            or not self._within_rate(lent.client)
        ):
            return None, False
        asked = PlainRequest(query_string, lent.accept, lent.base)
        if (known := self._answers.known(asked, self._tag)) is not None:
            return known, True
        if (plain := plain_query(asked)) is None:
            return None, False
        wanted, forms = plain
        self._alarm.set()
        found = self._evaluate(wanted)
        self._alarm.clear()
        if found is None:
            return None, False
        kind, body = found
        return self._answers.whole(asked, self._tag, wanted, forms[kind], body, quick=True), False

    def _send(self, lent: _Lent, content: bytes) -> None:
        """Send as much as the client takes now."""
        waited = bool(lent.unsent)
        try:
            sent = lent.connection.send(content)
        except BlockingIOError:
            sent = 0
        except OSError:
            self._give_back(lent)
            return
        lent.unsent, lent.used = content[sent:], time.monotonic()
        if waited != bool(lent.unsent):
            self._epoll.modify(lent.connection, select.EPOLLOUT if lent.unsent else select.EPOLLIN)

    def _give_back(self, lent: _Lent, in_vain: bool = False) -> None:
        """Have the web process go on with a connection; what is unsent by now does not go out, and
        so the connection ends.

        Args:
            lent: the connection.
            in_vain: whether it should not be lent again.
        """
        if lent.unsent:
            with contextlib.suppress(OSError):  # the client has closed it
                lent.connection.shutdown(socket.SHUT_RDWR)
        del lent.lender.lent[lent.number]
        self._leave(lent.connection)
        self._tell(lent.lender, lent.number, in_vain)

    def _tell(self, lender: _Lender, back: int | None = None, in_vain: bool = False) -> None:
        """Tell a web process what was answered, and which connection it has back."""
        told, lender.answered = lender.answered, []
        try:
            lender.channel.send(
                json.dumps({"answered": told, "back": back, "in_vain": in_vain}).encode()
            )
        except OSError:
            self._end(lender)

    def _look_around(self, now: float) -> None:
        """Tell of answers that have not been told of; give back what is idle, or former."""
        former = not self._current()
        for lender in list(self._lenders):
            if lender.answered:
                self._tell(lender)
            for lent in list(lender.lent.values()):
                if now > lent.used + (_SENDING if lent.unsent else _IDLE) or (
                    former and not lent.unsent
                ):
                    self._give_back(lent)


def channel_path(path: Path, process: int) -> Path:
    """Where a process that connections are lent to listens.

    Args:
        path: the socket of the query processes.
        process: its number, from 0.
    """
    return path.with_suffix(f".lent{process}")


@lru_cache(1)
def _status(now: int) -> bytes:
    """The first lines of an answer, in this second."""
    return f"HTTP/1.1 200 OK\r\ndate: {formatdate(now, usegmt=True)}\r\n".encode()
