"""What a sentence is (measure, target, result …): the rules beside a learned classifier.

usage: sentence_kinds.py   (needs ../shared and planlink[learn])

For each annotated plan of ../shared a softmax over character n-grams, the heading, the section's
role and the sentence's place is learned from the others. Nothing of it is shipped.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from kg.document.structure import Document, Sentence, read_document
from kg.extract.measures import find_measures
from kg.extract.targets import find_targets
from tests.gold.annotations import published

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
KINDS = ("measure", "target", "achievement", "goal", "principle", "background", "other")
ROLES = {  # what a sentence of a role is, where it is no measure and no target
    **dict.fromkeys(("goals", "vision"), "goal"),
    **dict.fromkeys(("principles", "guidance"), "principle"),
    **{"review": "achievement", "situation": "background"},
}
PERIODS = {"15fyp": (2026, 2030), "14fyp": (2021, 2025), "10fyp": (2001, 2005)}
COLUMNS = 1 << 17
FREEDOM = 1000.0  # of the weights; 30 is worse


class Row(NamedTuple):
    """An annotated sentence: its kind, what the rules take it for, and its features."""

    kind: str
    ruled: str
    features: list[str]


def shared(a: tuple[int, int], b: tuple[int, int]) -> bool:
    """Whether two spans have more than half of the shorter one in common."""
    return min(a[1], b[1]) - max(a[0], b[0]) > min(a[1] - a[0], b[1] - b[0]) / 2


def rows_of(gold: dict[str, Any], document: Document, period: tuple[int, int]) -> list[Row]:
    pure = find_targets(document, period).pure
    measures = [(m.span.start, m.span.end) for m in find_measures(document, pure, period)]
    rows = []
    for annotated in gold["sentences"].values():
        text, start = annotated["text"], annotated["start"]
        span = start, start + len(text)
        at = next((s for s in document.sentences if shared(span, (s.span.start, s.span.end))), None)
        role = document.role(at) if at else ""
        if any(shared(span, measure) for measure in measures):
            ruled = "measure"
        elif at and at.number in pure and role != "review":
            ruled = "target"
        else:
            ruled = ROLES.get(role, "other")
        kind = annotated["kind"] if annotated["kind"] in KINDS else "other"
        rows.append(Row(kind, ruled, features_of(text, role, at, document)))
    return rows


def features_of(text: str, role: str, at: Sentence | None, document: Document) -> list[str]:
    grams = [text[i : i + n] for n in (1, 2, 3) for i in range(len(text) - n + 1)]
    opening = [f"{role}|{gram}" for gram in (text[i : i + 2] for i in range(12)) if gram]
    heading = document.section(at.section).heading if at else ""
    place = min(at.ordinal, 4) if at else 0
    position = 10 * at.span.start // document.sentences[-1].span.end if at else -1
    return [
        *grams,
        *opening,
        *(f"heading {heading[i : i + 2]}" for i in range(len(heading) - 1)),
        *(f"begins {text[:n]}" for n in (1, 2, 3, 4)),
        *(f"role {role}", f"place {place}", f"role {role} {place}", f"position {position}"),
        *(f"ends {text[-1:]}", f"length {min(len(text) // 20, 5)}"),
    ]


def matrix(rows: Sequence[Row]) -> csr_matrix:
    """A row of unit length for each sentence, its features hashed into columns."""
    columns = [sorted({zlib.crc32(f.encode()) % COLUMNS for f in row.features}) for row in rows]
    sizes = [len(held) for held in columns]
    values = np.repeat([size**-0.5 for size in sizes], sizes)
    places = np.repeat(range(len(rows)), sizes), np.concatenate(columns)
    return csr_matrix((values, places), (len(rows), COLUMNS))


def learn(rows: Sequence[Row]) -> np.ndarray:
    """The weights of each feature for each kind."""
    data = matrix(rows)
    used = np.unique(data.indices)
    data, wanted = data[:, used], np.eye(len(KINDS))[[KINDS.index(row.kind) for row in rows]]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(-1, len(KINDS))
        scores = data @ weights
        logs = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
        slope = data.T @ (np.exp(logs) - wanted) + weights / FREEDOM
        return -(wanted * logs).sum() + (weights**2).sum() / (2 * FREEDOM), slope.ravel()

    found = minimize(loss, np.zeros(len(used) * len(KINDS)), jac=True, method="L-BFGS-B")
    weights = np.zeros((COLUMNS, len(KINDS)))
    weights[used] = found.x.reshape(-1, len(KINDS))
    return weights


def show(name: str, wanted: Sequence[str], found: Sequence[str]) -> None:
    pairs = list(zip(wanted, found, strict=True))
    scores = []
    for kind in KINDS:
        right = pairs.count((kind, kind))
        if kind in wanted:
            scores.append(2 * right / (wanted.count(kind) + found.count(kind)))
            print(f"{name:16} {kind:12} F1 {scores[-1]:.3f} of {wanted.count(kind)}")
    micro, macro = sum(a == b for a, b in pairs) / len(pairs), sum(scores) / len(scores)
    print(f"{name:16} micro {micro:.3f} macro {macro:.3f}")


def main() -> None:
    sets: dict[str, dict[str, list[Row]]] = {"ten plans": {}, "fresh": {}}
    fresh = {plan["slug"]: plan for plan in published(SHARED / "plans", "fresh")}
    for path in sorted((SHARED / "gold" / "plans").glob("*.json")):
        source = (SHARED / "plans" / f"{path.stem}.txt").read_bytes().decode("utf-8")
        document = read_document(source, path.stem)
        period = next(years for mark, years in PERIODS.items() if mark in path.stem)
        golds = json.loads(path.read_text(encoding="utf-8")), fresh[path.stem]
        for plans, gold in zip(sets.values(), golds, strict=True):
            plans[path.stem] = rows_of(gold, document, period)
    learned: dict[str, list[str]] = {name: [] for name in sets}
    for slug in sets["ten plans"]:
        others = [row for one, rows in sets["ten plans"].items() if one != slug for row in rows]
        weights = learn(others)
        for name, plans in sets.items():
            learned[name] += [
                KINDS[best] for best in (matrix(plans[slug]) @ weights).argmax(axis=1)
            ]
    for name, plans in sets.items():
        wanted = [row.kind for rows in plans.values() for row in rows]
        show(f"{name}, rules", wanted, [row.ruled for rows in plans.values() for row in rows])
        show(f"{name}, learned", wanted, learned[name])


if __name__ == "__main__":
    main()
