"""Which spans of a document are names: learned trees judge each by what speaks for it, and of those
that overlap the ones that are surest together are taken."""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray

from kg.extract.characters import Area
from kg.extract.evidence import FEATURES, Reading, evidence
from kg.extract.spans import Span
from kg.lexicon import grouped

_TOGETHER = 4096  # spans that are judged side by side, each some kilobytes for all trees
_NEARLY = 1e-6  # no judgement is nearer to 0 or 1


@dataclass(frozen=True)
class Trees:
    """Decision trees whose sum is the logarithm of the odds, a row each.

    Node 0 is a tree's root. feature: what a node asks for; threshold: up to which value its left
    branch is taken; left, right: the next node, a leaf's its own; value: what a leaf gives;
    depth: the longest way to a leaf.
    """

    feature: NDArray[np.int16]
    threshold: NDArray[np.float64]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: NDArray[np.float64]
    depth: int

    def odds(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """The logarithm of the odds of each row of features."""
        parts = (rows[at : at + _TOGETHER] for at in range(0, len(rows), _TOGETHER))
        return np.concatenate([self._odds_together(part) for part in parts])

    def _odds_together(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        trees, nodes = self.feature.shape
        root = np.arange(0, trees * nodes, nodes, dtype=np.int32)[:, None]
        first = np.arange(0, rows.size, rows.shape[1], dtype=np.int32)[None]
        feature, values = self.feature.astype(np.int32), rows.ravel()
        left, right = self.left + root, self.right + root
        node = np.broadcast_to(root, (trees, len(rows)))
        for _ in range(self.depth):
            lower = values.take(feature.take(node) + first) <= self.threshold.take(node)
            node = np.where(lower, left.take(node), right.take(node))
        found: NDArray[np.float64] = self.value.take(node).sum(0)
        return found


class Choice:
    """Takes names from the spans that may be some.

    common: the share of plans that a word is in, of words that several have. least: the probability
    from which a span of each kind is taken. sha256: the digest of the file.
    """

    def __init__(
        self,
        trees: Trees,
        common: Mapping[str, float],
        least: Mapping[str, float],
        sha256: str = "",
    ) -> None:
        self.sha256 = sha256
        self._trees = trees
        self._common = common
        self._least = {kind: float(np.log(p / (1 - p))) for kind, p in least.items()}

    def names(self, reading: Reading, area: Area) -> list[tuple[Span, float]]:
        """The spans that are names, none overlapping another, each with its probability."""
        if not reading.spans:
            return []
        odds = self._trees.odds(evidence(reading, area, self._common))
        texts = grouped(
            (span.text, (span, float(found)))
            for span, found in zip(reading.spans, odds, strict=True)
            if found > self._least[span.kind]
        )
        return [
            (span, float(np.clip(1 / (1 + np.exp(-found)), _NEARLY, 1 - _NEARLY)))
            for text in sorted(texts)
            for span, found in self._surest(texts[text])
        ]

    def _surest(self, spans: Sequence[tuple[Span, float]]) -> Iterator[tuple[Span, float]]:
        """Those of a text's spans that do not overlap, with the greatest total odds, in order."""
        ordered = sorted(spans, key=lambda one: (one[0].end, one[0].start, one[0].kind))
        ends = [span.end for span, _ in ordered]
        total, taken, before = [0.0], [False], [0]
        for span, odds in ordered:
            free = bisect_right(ends, span.start)
            whole = total[free] + odds - self._least[span.kind]
            taken.append(whole > total[-1])
            before.append(free if taken[-1] else len(total) - 1)
            total.append(max(whole, total[-1]))
        at, chosen = len(ordered), []
        while at:
            if taken[at]:
                chosen.append(ordered[at - 1])
            at = before[at]
        yield from reversed(chosen)


def pack_choice(trees: Trees, common: Mapping[str, float], least: Mapping[str, float]) -> bytes:
    """A file of what was learned."""
    metadata = {"features": FEATURES, "common": common, "least": least, "depth": trees.depth}
    text = json.dumps(metadata, ensure_ascii=False, sort_keys=True)
    arrays = {name: array for name, array in vars(trees).items() if name != "depth"}
    buffer = BytesIO()
    np.savez_compressed(buffer, facts=np.frombuffer(text.encode("utf-8"), np.uint8), **arrays)
    return buffer.getvalue()


def read_choice(packed: bytes) -> Choice:
    """What such a file holds."""
    with np.load(BytesIO(packed)) as arrays:
        metadata = json.loads(arrays["facts"].tobytes().decode("utf-8"))
        held = {name: arrays[name] for name in arrays if name != "facts"}
    if tuple(metadata["features"]) != FEATURES:
        raise ValueError("learned with other features: python benchmarks/learn_choice.py")
    trees = Trees(**held, depth=metadata["depth"])
    return Choice(trees, metadata["common"], metadata["least"], hashlib.sha256(packed).hexdigest())


@cache
def shipped_choice() -> Choice:
    """The choice that planlink ships, read once."""
    return read_choice((files("kg.lexicon") / "model" / "choice.npz").read_bytes())
