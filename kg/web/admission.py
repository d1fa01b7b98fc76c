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
        counted = (kind, ""), (kind, address or "?")
        with self._lock:
            for key, most in zip(counted, self._most[kind], strict=True):
                if self._at_work.get(key, 0) >= most:
                    abort(503, Message("busy"))
            for key in counted:
                self._at_work[key] = self._at_work.get(key, 0) + 1
        try:
            yield
        finally:
            with self._lock:
                for key in counted:
                    self._at_work[key] -= 1
                    if not self._at_work[key]:
                        del self._at_work[key]
