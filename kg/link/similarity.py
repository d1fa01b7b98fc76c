"""How alike two Chinese texts are, by the pairs of characters they share."""

import math
import re
from collections import Counter


def _pairs(text: str) -> Counter[str]:
    """The pairs of neighbouring Chinese characters of a text."""
    runs = re.findall(r"[\u4e00-\u9fff]+", text)
    return Counter(run[i : i + 2] for run in runs for i in range(len(run) - 1))


def similarities(texts: list[str], others: list[str]) -> list[list[float]]:
    """How alike texts are to others, from 0 to 1, a row for each: the cosine of the weights of
    their pairs of characters, frequent pairs weighing little."""
    counted = [_pairs(t) for t in texts]
    counted_others = [_pairs(t) for t in others]
    seen = Counter(pair for c in counted + counted_others for pair in c)
    total = len(counted) + len(counted_others)

    def weighed(counts: Counter[str]) -> dict[str, float]:
        weights = {p: (1 + math.log(n)) * math.log(total / seen[p]) for p, n in counts.items()}
        norm = math.sqrt(sum(w * w for w in weights.values())) or 1.0
        return {p: w / norm for p, w in weights.items()}

    left, right = [weighed(c) for c in counted], [weighed(c) for c in counted_others]
    return [[sum([w * b[p] for p, w in a.items() if p in b]) for b in right] for a in left]
