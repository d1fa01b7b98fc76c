"""Bounds on concurrent requests, by kind and by address, so that pages always find a thread."""

import threading
from collections import Counter
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
        self._most = {"query": queries, "body": bodies, "comparison": 2, "plan": 2, "file": 3}
        self._most_of_one = {
            "query": max(1, queries * 2 // 3),
            "body": max(1, bodies // 2),
            "comparison": 1,
            "plan": 2,
            "file": 2,
        }
        self._at_work: Counter[tuple[str, str]] = Counter()
        self._lock = threading.Lock()

    def enter(self, kind: str, address: str) -> bool:
        """Count a request, if there is room for it.

        Args:
            kind: of work: query, body (reading one), comparison (of releases), plan (reading one),
                file (making one).
        """
        everybody, one = (kind, ""), (kind, address)
        with self._lock:
            if (
                self._at_work[everybody] >= self._most[kind]
                or self._at_work[one] >= self._most_of_one[kind]
            ):
                return False
            self._at_work[everybody] += 1
            self._at_work[one] += 1
            return True

    def leave(self, kind: str, address: str) -> None:
        """The request is answered."""
        with self._lock:
            for key in ((kind, ""), (kind, address)):
                self._at_work[key] -= 1
                if not self._at_work[key]:
                    del self._at_work[key]

    @contextmanager
    def admitted(self, kind: str, address: str | None) -> Iterator[None]:
        """While a request does work of a kind; answers 503 where too many do already."""
        if not self.enter(kind, address or "?"):
            abort(503, Message("busy"))
        try:
            yield
        finally:
            self.leave(kind, address or "?")
