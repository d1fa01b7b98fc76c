"""Rows of numbers that only rise, as pages and footnotes are counted."""

from bisect import bisect_left
from collections.abc import Sequence


def longest_rise(numbers: Sequence[int]) -> list[int]:
    """The places of the longest strictly rising row in a sequence of numbers.

    >>> longest_rise([1, 7, 2, 3])
    [0, 2, 3]
    """
    tails: list[int] = []
    values: list[int] = []
    before = [-1] * len(numbers)
    for i, number in enumerate(numbers):
        at = bisect_left(values, number)
        before[i] = tails[at - 1] if at else -1
        tails[at : at + 1] = [i]
        values[at : at + 1] = [number]
    chain: list[int] = []
    i = tails[-1] if tails else -1
    while i >= 0:
        chain.append(i)
        i = before[i]
    return chain[::-1]
