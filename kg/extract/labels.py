"""The labels that a tagger gives characters, and which may follow which."""

import numpy as np

KINDS = ("zone", "institution")
OUTSIDE = 0
LABELS = 7  # outside; first, middle and last character of a zone; the same of an institution


def first_of(kind: str) -> int:
    """The label of a name's first character; the middle's and the last's follow it."""
    return 1 + 3 * KINDS.index(kind)


def spelled(kind: str, length: int) -> list[int]:
    """The labels of a name's characters, two at least."""
    first = first_of(kind)
    return [first, *[first + 1] * (length - 2), first + 2]


def _follows(label: int, following: int) -> bool:
    if label in (1, 2, 4, 5):
        return following in (label + (label in (1, 4)), label + 1 + (label in (1, 4)))
    return following in (OUTSIDE, 1, 4)


ALLOWED = np.array([[_follows(a, b) for b in range(LABELS)] for a in range(LABELS)])
OPENING = np.array([label in (OUTSIDE, 1, 4) for label in range(LABELS)])
CLOSING = np.array([label in (OUTSIDE, 3, 6) for label in range(LABELS)])
