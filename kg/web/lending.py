"""Connections lent to query processes (kg.sparql.lent), and had back from them."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import socket
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol

from kg.sparql.lent import MESSAGE

_AGAIN = 0.05  # seconds until another try to reach a process that is not there


class Answered(NamedTuple):
    """An answer: seconds until its head, its bytes (None where they are not known yet), whether it
    was remembered, the request's id."""

    seconds: float
    length: int | None
    known: bool
    request_id: str


Told = Callable[[Sequence[Answered]], None]
AskBack = Callable[[], None]


class Lendable(Protocol):
    """A connection that can be lent."""

    def fileno(self) -> int:
        """Its file descriptor."""

    def had_back(self, in_vain: bool) -> None:
        """It is no longer lent.

        Args:
            in_vain: whether that was of no use.
        """


@dataclass
class _Channel:
    """The way to one process: whether it has said that it is there; what is lent to it, by number;
    when next to try to reach it (monotonic seconds)."""

    path: Path
    socket: socket.socket | None = None
    there: bool = False
    lent: dict[int, tuple[Lendable, Told]] = field(default_factory=dict)
    next_try: float = 0.0


class Lender:
    """Lends connections to the processes that listen at some paths; used by one event loop.

    Args:
        paths: theirs; where nobody listens, nothing is lent.
    """

    def __init__(self, paths: Sequence[Path]) -> None:
        self._channels = [_Channel(path) for path in paths]
        self._numbers = itertools.count()

    def lend(self, connection: Lendable, terms: Mapping[str, object], told: Told) -> AskBack | None:
        """Lend a connection to the process that has the fewest.

        Args:
            connection: one on which no request is under way.
            terms: what the process is to know of it (kg.sparql.lent).
            told: called with what the process has answered on it, from time to time.

        Returns:
            Asks for it back; None where it could not be lent.
        """
        for channel in self._channels:
            self._reach(channel)
        there = [channel for channel in self._channels if channel.there]
        if not there:
            return None
        channel = min(there, key=lambda channel: len(channel.lent))
        number = next(self._numbers)
        try:
            socket.send_fds(
                _open(channel),
                [json.dumps({"number": number, **terms}).encode()],
                [connection.fileno()],
            )
        except OSError:  # it ends, or has enough to read
            return None
        channel.lent[number] = (connection, told)

        def ask_back() -> None:
            if number in channel.lent:
                with contextlib.suppress(OSError):  # it ends, and what is lent to it comes back
                    _open(channel).send(json.dumps({"number": number}).encode())

        return ask_back

    def _reach(self, channel: _Channel) -> None:
        """Connect to a process that there is no way to yet."""
        if channel.socket is None and (now := time.monotonic()) >= channel.next_try:
            channel.next_try = now + _AGAIN
            leads = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            leads.setblocking(False)
            try:
                leads.connect(str(channel.path))
            except OSError:
                leads.close()
            else:
                channel.socket = leads
                asyncio.get_running_loop().add_reader(leads, self._hear, channel)

    def _hear(self, channel: _Channel) -> None:
        """A process tells what it has answered and gives back, or has ended."""
        try:
            message = _open(channel).recv(MESSAGE)
        except BlockingIOError:
            return
        except OSError:
            message = b""
        if not message:
            self._ended(channel)
            return
        channel.there = True
        told = json.loads(message)
        by_connection: defaultdict[int, list[Answered]] = defaultdict(list)
        for number, *answered in told["answered"]:
            by_connection[number].append(Answered(*answered))
        for number, answers in by_connection.items():
            if number in channel.lent:
                channel.lent[number][1](answers)
        if told["back"] in channel.lent:
            channel.lent.pop(told["back"])[0].had_back(told["in_vain"])

    def _ended(self, channel: _Channel) -> None:
        """All that was lent to a process is back: what it was at, it had not begun to answer."""
        leads = _open(channel)
        asyncio.get_running_loop().remove_reader(leads)
        leads.close()
        lent, channel.lent, channel.socket, channel.there = channel.lent, {}, None, False
        for connection, _ in lent.values():
            connection.had_back(in_vain=False)


def _open(channel: _Channel) -> socket.socket:
    assert channel.socket is not None
    return channel.socket
