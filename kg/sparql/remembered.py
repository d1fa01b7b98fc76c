"""What was answered before, up to so many bytes; what was asked for longest ago is forgotten
first."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

_Key = TypeVar("_Key")
_T = TypeVar("_T")


class Remembered(Generic[_Key, _T]):
    """Answers by what was asked.

    Args:
        capacity: bytes of keys and answers together.
        size: the bytes of a key and its answer.
    """

    def __init__(self, capacity: int, size: Callable[[_Key, _T], int]) -> None:
        self._capacity = self._room = capacity
        self._size = size
        self._answers: OrderedDict[_Key, _T] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: _Key) -> _T | None:
        """What was answered to this, if it is still remembered."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def put(self, key: _Key, answer: _T) -> None:
        """Remember an answer, unless it is there already or larger than everything that may be
        remembered."""
        size = self._size(key, answer)
        with self._lock:
            if size > self._capacity or key in self._answers:
                return
            self._answers[key] = answer
            self._room -= size
            while self._room < 0:
                old, forgotten = self._answers.popitem(last=False)
                self._room += self._size(old, forgotten)
