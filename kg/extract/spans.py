"""Spans of a document that may be names, each with its probability by the tagger's votes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from kg.extract.characters import Page
from kg.extract.labels import ALLOWED, CLOSING, KINDS, LABELS, OPENING, first_of

Reals = NDArray[np.float32]

_IMPOSSIBLE = np.float32(-1e4)
_LEAST = np.float32(np.log(0.03))  # the logarithm of the least probability that is looked at
LONGEST = 40  # characters of a name
_TOGETHER = 512  # texts whose labels are found side by side
_MEAN = 256  # characters of texts read side by side; the longest of a plan have half as many


class Span(NamedTuple):
    """A span of a text that may be a name of a kind, with the logarithm of its probability."""

    text: int
    start: int
    end: int
    kind: str
    sure: float


@dataclass(frozen=True)
class _Sums:
    """For each character and label: the logarithm of all sequences of labels up to it, and from
    behind it; for each text that of all sequences."""

    ahead: Reals
    behind: Reals
    every: Reals


def find_spans(votes: Reals, transitions: Reals, page: Page) -> list[Span]:
    """The spans of a page's texts that are probable enough to be looked at; text counts from 0.

    votes: each label's score for each character. transitions: that of each label behind another.
    """
    moves = np.where(ALLOWED, transitions, _IMPOSSIBLE)
    sums = _sums(votes, moves, page)
    return [span for kind in KINDS for span in _of_kind(kind, votes, moves, page, sums)]


def _of_kind(kind: str, votes: Reals, moves: Reals, page: Page, sums: _Sums) -> Iterator[Span]:
    first = first_of(kind)
    middle, last = first + 1, first + 2
    inside = np.cumsum(votes[:, middle] + moves[middle, middle], dtype=np.float64)
    every = np.full(len(votes), np.inf, np.float32)
    for begin, length, whole in zip(page.starts, page.lengths, sums.every, strict=True):
        every[begin : begin + length] = whole
    starts, ends = (
        np.flatnonzero(sums.ahead[:, label] + sums.behind[:, label] - every > _LEAST)
        for label in (first, last)
    )
    texts = np.searchsorted(page.starts, starts, side="right") - 1
    reach = np.minimum(starts + LONGEST, page.starts[texts] + page.lengths[texts])
    behind = np.searchsorted(ends, starts, side="right")
    for number, at, near, far in zip(
        texts, starts, behind, np.searchsorted(ends, reach), strict=True
    ):
        for to in ends[near:far]:
            way = moves[first, last]
            if to > at + 1:
                way = moves[first, middle] - moves[middle, middle] + moves[middle, last]
                way += inside[to - 1] - inside[at]
            sure = sums.ahead[at, first] + way + votes[to, last] + sums.behind[to, last]
            if (sure := sure - every[at]) > _LEAST:
                begin = page.starts[number]
                yield Span(int(number), int(at - begin), int(to + 1 - begin), kind, float(sure))


def _sums(votes: Reals, moves: Reals, page: Page) -> _Sums:
    ahead = np.full((len(votes), LABELS), _IMPOSSIBLE, np.float32)
    behind, every = ahead.copy(), np.zeros(len(page.starts), np.float32)
    for chosen in batches(page, _TOGETHER):
        starts, lengths = page.starts[chosen], page.lengths[chosen]
        longest = int(lengths[0])
        # a column a text, since numpy sums rows far faster than along them
        now = votes[starts].T + np.where(OPENING, 0, _IMPOSSIBLE)[:, None]
        ahead[starts] = now.T
        for place in range(1, longest):
            rows = starts[: running(lengths, place)] + place
            now = votes[rows].T + _log_sum(now[:, None, : len(rows)] + moves[:, :, None])
            ahead[rows] = now.T
        closing = np.where(CLOSING, np.float32(0), _IMPOSSIBLE)[:, None]
        now = np.zeros((LABELS, 0), np.float32)
        for place in range(longest - 1, -1, -1):
            going, rows = now.shape[1], starts[: running(lengths, place)] + place
            after = votes[rows[:going] + 1].T + now
            now = np.tile(closing, len(rows))
            if going:
                now[:, :going] = _log_sum(moves.T[:, :, None] + after[:, None])
            behind[rows] = now.T
        every[chosen] = _log_sum(ahead[starts + lengths - 1].T + closing)
    return _Sums(ahead, behind, every)


def running(lengths: NDArray[np.int64], place: int) -> int:
    """How many texts, the longest first, have a character at a place."""
    return int(np.searchsorted(-lengths, -place, side="left"))


def batches(page: Page, together: int) -> Iterator[NDArray[np.int64]]:
    """Texts of similar length, longest first, so many at a time; fewer, where they are longer than
    those of any plan. Empty ones are left out."""
    order = np.argsort(-page.lengths, kind="stable")
    order = order[page.lengths[order] > 0]
    ends, end = np.cumsum(page.lengths[order]), 0
    while (begin := end) < len(order):
        most = (ends[begin - 1] if begin else 0) + together * _MEAN
        held = int(np.searchsorted(ends, most, side="right"))
        end = max(begin + 1, min(begin + together, held))
        yield order[begin:end]


def _log_sum(values: NDArray[Any]) -> NDArray[Any]:
    """The logarithm of the sum of what values along the first axis are logarithms of."""
    most = values.max(0)
    found: NDArray[Any] = np.log(np.exp(values - most).sum(0)) + most
    return found
