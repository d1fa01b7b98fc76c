"""Bounds on requests: on those under way, by kind and by address, so that pages always find a
thread; and on their rate by address, in fixed windows, counted in memory shared by all web
processes."""

import ipaddress
import math
import mmap
import secrets
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from werkzeug.exceptions import abort

from kg.files import write_durably
from kg.settings.loading import parse_rate
from kg.web.messages import Message

_FILE = "rates"  # in the server's runtime folder
_SALT = 16  # bytes at the beginning: nobody can tell whose count an address shares
# when the window ends (by the clock that nobody sets), and how many requests came in it
_COUNT = struct.Struct("<dQ")
_PLACES = 65_536


class Admission:
    """Counts what one web process is working on, so many requests (threads) at a time; a quarter of
    them stay for pages."""

    def __init__(self, threads: int) -> None:
        queries = max(1, threads * 3 // 4)
        # A query waits in a thread without using it; the others work in this process.
        bodies = max(1, threads // 2)
        self._most = {  # of everybody together, and of one address
            "query": (queries, max(1, queries * 2 // 3)),
            "body": (bodies, max(1, bodies // 2)),
            "comparison": (2, 1),
            "plan": (2, 2),
            "file": (3, 2),
        }
        self._at_work: dict[tuple[str, str], int] = {}
        self._lock = threading.Lock()

    @contextmanager
    def admitted(self, kind: str, address: str | None) -> Iterator[None]:
        """While a request does work of a kind (query, body to read, comparison of releases, plan to
        read, file to make); answers 503 where too many do already."""
        all_of_kind, of_address, at_work = (kind, ""), (kind, address or "?"), self._at_work
        most, most_of_address = self._most[kind]
        with self._lock:
            total, own = at_work.get(all_of_kind, 0), at_work.get(of_address, 0)
            if total >= most or own >= most_of_address:
                abort(503, Message("busy"))
            at_work[all_of_kind], at_work[of_address] = total + 1, own + 1
        try:
            yield
        finally:
            with self._lock:
                at_work[all_of_kind] -= 1
                at_work[of_address] -= 1
                if not at_work[of_address]:
                    del at_work[of_address]


class Bound:
    """How often each address may do something within a while, as "5000/second"; all addresses
    of an IPv6 network of 64 bits are one. what: is counted, apart from all else. folder: holds
    the file that all processes count in; without one, this object counts alone.

    There are counts at 65,536 places; what meets at one shares a count. Those of two processes
    in the same microsecond may be taken for one: a bound on abuse, no bookkeeping."""

    def __init__(self, rate: str, folder: Path | None = None, what: str = "request") -> None:
        self.rate, self._what = rate, what
        self._most, self._seconds = parse_rate(rate)
        empty = secrets.token_bytes(_SALT) + bytes(_COUNT.size * _PLACES)
        if folder is None:
            self._map = mmap.mmap(-1, len(empty))
            self._map[:] = empty
        else:
            with suppress(FileExistsError):
                write_durably(folder / _FILE, empty, new=True)
            with (folder / _FILE).open("r+b") as handle:
                self._map = mmap.mmap(handle.fileno(), 0)
        self._place = lru_cache(4096)(self._place_of)

    def count(self, address: str) -> bool:
        """Count once more; whether that is within the bound."""
        place, now = self._place(address), time.monotonic()
        ends, count = _COUNT.unpack_from(self._map, place)
        if ends <= now:  # the first request of a window says how long it lasts
            ends, count = now + self._seconds, 0
        _COUNT.pack_into(self._map, place, ends, count + 1)
        return int(count) < self._most

    def wait(self, address: str) -> int:
        """The seconds until once more is within the bound; 0 where it is already."""
        ends, count = _COUNT.unpack_from(self._map, self._place(address))
        return math.ceil(max(0, ends - time.monotonic())) if count >= self._most else 0

    def require(self, address: str | None) -> None:
        """Count once more; answers 429 where that is beyond the bound, and says until when."""
        if not self.count(address or ""):
            seconds = self.wait(address or "") or 1  # its window may just have ended
            said = Message("rate", self._most, self._seconds, seconds)
            abort(429, said, retry_after=seconds)

    def _place_of(self, address: str) -> int:
        key = f"{self._what} {self.rate} {_client(address)}".encode()
        digest = blake2b(key, digest_size=8, key=self._map[:_SALT]).digest()
        return _SALT + _COUNT.size * (int.from_bytes(digest) % _PLACES)


def _client(address: str) -> str:
    """The client behind an address: the address, or for IPv6 its network of 64 bits."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    # a socket for both versions has IPv4 clients as ::ffff:192.0.2.1
    if parsed.version == 4 or parsed.ipv4_mapped is not None:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))
