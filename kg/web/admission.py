"""Bounds on concurrent requests, by kind and by address, so that pages always find a thread."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.exceptions import abort

from kg.web.messages import Message


class Admission:
    """Counts what one web process is working on.

    Args:
        threads: requests that the process works on at a time; a quarter of them stay for pages.
    """

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
        """While a request does work of a kind; answers 503 where too many do already.

        Args:
            kind: query, body (reading one), comparison (of releases), plan (reading one), file
                (making one).
        """
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
