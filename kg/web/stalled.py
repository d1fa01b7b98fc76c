"""Ends connections whose request's body does not come: the web server waits for one without end.

What reads a body cannot be asked to stop; but to shut down the reading side of its connection is to
the server as if the client had ended it (shutdown(2)). The server does not say which connection a
request came by. So of an address that has been sending a body for too long, those end to which
nothing has been sent since that body began (tcp_info in tcp(7)): nobody waits there for an answer,
which would have come within the time that queries may take.
"""

import contextlib
import ipaddress
import itertools
import os
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_EVERY = 1.0  # seconds between looks, while bodies are awaited
_LAST_SENT = struct.Struct("@44xI")  # milliseconds since data was last sent, in tcp_info


class Stalled:
    """Watches the bodies that a process is reading, each for so many seconds at most."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._awaited: dict[int, tuple[float, str]] = {}  # since when, and from where
        self._number = itertools.count()
        self._begun = threading.Event()
        self._watch: threading.Thread | None = None
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def watching(self, peer: str) -> Iterator[Callable[[], bool]]:
        """While a body is read from an address; yields whether it took too long."""
        began, number = time.monotonic(), next(self._number)
        self._awaited[number] = (began, peer)
        self._start()
        self._begun.set()
        try:
            yield lambda: time.monotonic() - began > self._seconds
        finally:
            del self._awaited[number]

    def _start(self) -> None:
        if self._watch is None:
            with self._lock:
                if self._watch is None:
                    self._watch = threading.Thread(target=self._run, daemon=True, name="stalled")
                    self._watch.start()

    def _run(self) -> None:
        while self._begun.wait():
            self._begun.clear()
            while awaited := list(self._awaited.values()):
                late = {p for began, p in awaited if time.monotonic() - began > self._seconds}
                if late:
                    end_connections(late, self._seconds)
                time.sleep(min(_EVERY, self._seconds))


def end_connections(peers: set[str], seconds: float) -> None:
    """End this process's connections from addresses to which nothing was sent for so long."""
    for entry in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(OSError):  # it has been closed meanwhile
            if entry.readlink().name.startswith("socket:"):
                with socket.socket(fileno=os.dup(int(entry.name))) as connection:
                    _end(connection, peers, seconds)


def _end(connection: socket.socket, peers: set[str], seconds: float) -> None:
    if connection.family not in (socket.AF_INET, socket.AF_INET6):
        return
    if not _is_one_of(connection.getpeername()[0], peers):
        return
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _LAST_SENT.size)
    if _LAST_SENT.unpack(info)[0] >= seconds * 1000:
        connection.shutdown(socket.SHUT_RD)


def _is_one_of(address: str, others: set[str]) -> bool:
    """Whether an address is one of some, an IPv4 address of a socket for both versions too."""
    if address in others:
        return True
    parsed = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None)
    return mapped is not None and str(mapped) in others
