"""Rate limits by address (limits, PyPI), counted in memory shared by all web processes."""

import ipaddress
import mmap
import time
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path

from limits import parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import abort

from kg.web.counts import COUNT, FILE, PLACES, SALT, no_counts
from kg.web.messages import Message


class Bound:
    """How often each address may do something within a while; all addresses of an IPv6 network of
    64 bits are one.

    Args:
        rate: how often, as "5000/second".
        folder: where make_counts made the file; None counts for this process alone.
    """

    def __init__(self, rate: str, folder: Path | None = None, what: str = "request") -> None:
        self.rate, self._bound, self._what = rate, parse(rate), what
        self._window = FixedWindowRateLimiter(SharedStorage(folder / FILE if folder else None))

    def count(self, address: str) -> bool:
        """Count once more; whether that is within the bound."""
        return self._window.hit(self._bound, self._what, _client(address))

    def has_room(self, address: str) -> bool:
        """Whether once more would be."""
        return self._window.test(self._bound, self._what, _client(address))

    def require(self, address: str | None) -> None:
        """Count once more; answers 429 where that is beyond the bound."""
        if not self.count(address or ""):
            abort(429, Message("rate", self.rate))


class SharedStorage(Storage):
    """Counts at 65,536 places; keys that meet at one share a count.

    Counts of two processes in the same microsecond may be taken for one: a bound on abuse, no
        bookkeeping.

    Args:
        path: the file of the counts; None counts for this process alone.
    """

    def __init__(self, path: Path | None = None) -> None:
        super().__init__()
        if path is None:
            empty = no_counts()
            self._map = mmap.mmap(-1, len(empty))
            self._map[:] = empty
        else:
            with path.open("r+b") as handle:
                self._map = mmap.mmap(handle.fileno(), 0)
        self._salt = self._map[:SALT]
        self._place = lru_cache(4096)(self._place_of)

    @property
    def base_exceptions(self) -> type[Exception]:
        """What reading and writing the counts may raise."""
        return OSError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        """Count more, in a window of so many seconds if none is open; returns the count."""
        place, now = self._place(key), time.monotonic()
        ends, count = COUNT.unpack_from(self._map, place)
        if ends <= now:
            ends, count = now + expiry, 0
        COUNT.pack_into(self._map, place, ends, count + amount)
        return int(count + amount)

    def get(self, key: str) -> int:
        """How many there are in the window that is open."""
        ends, count = COUNT.unpack_from(self._map, self._place(key))
        return int(count) if ends > time.monotonic() else 0

    def get_expiry(self, key: str) -> float:
        """When the window ends (monotonic seconds)."""
        return float(COUNT.unpack_from(self._map, self._place(key))[0])

    def check(self) -> bool:
        """Whether counts can be kept."""
        return not self._map.closed

    def reset(self) -> None:
        """Forget all."""
        self._map[SALT:] = bytes(COUNT.size * PLACES)

    def clear(self, key: str) -> None:
        """Forget one."""
        COUNT.pack_into(self._map, self._place(key), 0.0, 0)

    def _place_of(self, key: str) -> int:
        return SALT + COUNT.size * (
            int.from_bytes(blake2b(key.encode(), digest_size=8, key=self._salt).digest()) % PLACES
        )


@lru_cache(4096)
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
