"""Which sentences of many are nearly the same: MinHash over triples of characters, in bands
(Broder 1997; Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3).

Two sentences are candidates where a band of their signatures is the same, which for sentences that
share four fifths of their triples is missed once in a hundred times; candidates are then compared.
"""

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.source.text import normal

Bands = NDArray[np.uint64]

SHORTEST = 16  # Chinese characters from which a sentence says more than a set phrase
_BANDS, _ROWS, _SIZE = 12, 5, 3
_HAN = re.compile("[^\u3400-\u9fff0-9A-Za-z]")
_NUMBERS = np.random.default_rng(20_210_311)
_FACTORS = _NUMBERS.integers(1, 1 << 63, _BANDS * _ROWS, dtype=np.uint64) | np.uint64(1)
_OFFSETS = _NUMBERS.integers(0, 1 << 63, _BANDS * _ROWS, dtype=np.uint64)
_FOLD = _NUMBERS.integers(1, 1 << 63, _ROWS, dtype=np.uint64) | np.uint64(1)
_BASE = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)


def compared(text: str) -> str:
    """What of a sentence is compared: its characters without punctuation and blanks."""
    return _HAN.sub("", normal(text))


def bands(texts: Sequence[str]) -> Bands:
    """The bands of texts of at least three characters, as compared gives them."""
    if not texts:
        return np.empty((0, _BANDS), dtype=np.uint64)
    return np.stack([_bands(text) for text in texts])


def _bands(text: str) -> Any:
    letters = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    triples = sum(letters[i : len(letters) - _SIZE + 1 + i] * _BASE[i] for i in range(_SIZE))
    mixed = triples ^ (triples >> np.uint64(29))
    least = (mixed[:, None] * _FACTORS + _OFFSETS >> np.uint64(32)).min(axis=0)
    return (least.reshape(_BANDS, _ROWS) * _FOLD).sum(axis=1, dtype=np.uint64)


def signatures(of_all: Bands) -> NDArray[np.uint64]:
    """A number for each row: the same where all bands are, for the same sentence."""
    sums: NDArray[np.uint64] = (of_all * _FACTORS[: of_all.shape[1]]).sum(axis=1, dtype=np.uint64)
    return sums


def reached(of_all: Bands, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """The rows that some rows share a band with, directly or through others; in order."""
    found = np.zeros(len(of_all), dtype=bool)
    while len(rows):
        found[rows] = True
        near = [np.isin(of_all[:, band], of_all[rows, band]) for band in range(of_all.shape[1])]
        rows = np.flatnonzero(np.logical_or.reduce(near) & ~found)
    return np.flatnonzero(found)


def likeness(one: str, other: str) -> float:
    """The share of triples of characters that two texts have in common, from 0 to 1."""
    left, right = _triples(one), _triples(other)
    return len(left & right) / len(left | right) if left or right else 0.0


def _triples(text: str) -> set[str]:
    return {text[i : i + _SIZE] for i in range(len(text) - _SIZE + 1)}


def candidates(of_all: Bands) -> list[list[int]]:
    """Rows that share a band, as groups of their numbers in order; a row may be in several."""
    found: set[tuple[int, ...]] = set()
    if not len(of_all):
        return []
    for band in range(of_all.shape[1]):
        column = of_all[:, band]
        order = np.argsort(column, kind="stable")
        ordered = column[order]
        edges = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1], [True]]))
        several = np.flatnonzero(np.diff(edges) > 1)
        for start, end in zip(edges[several], edges[several + 1], strict=True):
            found.add(tuple(sorted(order[start:end].tolist())))
    return [list(group) for group in sorted(found)]
