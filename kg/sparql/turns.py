"""Whose turn it is: which long queries go on and which are paused, so that endless ones delay
nobody else's short ones.

A query that has used more than a moment of CPU time counts as long. While long ones keep ending,
all run as they came. Where none has ended for a while, as many go on as there are cores; the others
are paused where they are, keep what they have done,
and go on in the order they came, those first that have used little beyond the moment: they may be
    about to end.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from kg.sparql.request import Limits
from kg.sparql.slots import Work

_LEVELS = 2  # how often the moment may double before a query waits with all others
# seconds at one request, be it that its client reads slowly, after which a process is not counted
# on for the next
_SLOW = 0.1


@dataclass(frozen=True)
class Decision:
    """What is to be done with the queries of which slots.

    pause, go_on: what the names say.
    end: paused beyond their time; their own alarm would wait for them to go on.
    serve: processes that take new requests: where no query is long, no more than there are cores,
        and the same ones as long as they can. Each has a copy of what it reads: the fewer are in
        use, the more of them stays in the processor's caches.
    held: those that keep their process from new queries for longer, be it that their client reads
        slowly.
    """

    pause: tuple[int, ...]
    go_on: tuple[int, ...]
    end: tuple[int, ...]
    serve: frozenset[int]
    held: frozenset[int]


class Turns:
    """Decides from one look to the next.

    Args:
        limits: when a query counts as long, and how many of them run.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._long: dict[int, Work] = {}
        self._paused: set[int] = set()
        self._serving: frozenset[int] = frozenset()
        self._flowed = float("-inf")  # when a long query last ended by itself

    def decide(self, at: Mapping[int, Work], spent: Mapping[int, float], now: float) -> Decision:
        """Look at what runs.

        Args:
            at: what each busy slot works on.
            spent: the CPU time that each slot that has a process has spent (seconds).
            now: monotonic seconds.
        """
        limits = self._limits
        if any(slot in spent and at.get(slot) != work for slot, work in self._long.items()):
            self._flowed = now
        still = now - self._flowed > limits.still
        used = {slot: spent[slot] - work.spent_before for slot, work in at.items()}
        self._long = {slot: work for slot, work in at.items() if used[slot] > limits.quick}
        ended = {
            slot for slot in self._paused if slot not in self._long and slot in spent
        }  # just as they were paused
        self._paused &= self._long.keys()
        order = sorted(
            self._long,
            key=lambda slot: (
                min(int(math.log2(used[slot] / limits.quick)), _LEVELS),
                at[slot].begun,
            ),
        )
        due, others = order[: limits.heavy], order[limits.heavy :]
        next_ones = [slot for slot in due if slot in self._paused]
        pause = [slot for slot in others if still and slot not in self._paused]
        self._paused = self._paused - set(next_ones) | set(pause)
        free = [
            slot
            for slot in spent
            if slot not in self._long and (slot not in at or now - at[slot].begun < _SLOW)
        ]
        preferred = sorted(free, key=lambda slot: (slot not in self._serving, slot))
        self._serving = frozenset(preferred if self._long else preferred[: limits.serving])
        return Decision(
            pause=tuple(pause),
            go_on=(*ended, *next_ones),
            end=tuple(slot for slot in order if slot in self._paused and now > at[slot].until),
            serve=self._serving,
            held=frozenset(
                self._paused
                | {slot for slot in at if still and at[slot].begun < now - limits.still}
            ),
        )
