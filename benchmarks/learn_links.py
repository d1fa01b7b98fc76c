"""Learn from annotated plans which measures serve an indicator's quantity or concern its subject.

usage: python benchmarks/learn_links.py

Reads what the repository annotates, and ../shared, where it is beside it, and writes
kg/lexicon/contribution_weights.toml. Needs the extra "learn".
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.document.structure import read_document
from kg.extract.extraction import extract
from kg.extract.train import LINKED, MODEL, at_hand
from kg.link.contributions import Judge, set_by
from kg.link.links import link
from kg.link.model import Linked
from kg.link.pairs import FEATURES, pairs
from kg.source.plan import load_plan
from kg.source.text import Span

WEIGHTS = MODEL.parent.parent / "contribution_weights.toml"
LEAST = {"serves": 0.45, "concerns": 0.15}  # of a probability, for a pair to be taken
_PERIOD = (2021, 2025)  # for a plan whose annotation tells none: links do not depend on it
_CALM = 0.1  # how much great weights are punished

Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Annotated:
    """A plan's pairs with what annotators say of them.

    keys: the annotated sentence and the row's number of each pair. features: those of each pair;
        own: those by which a quantity is served.
    stated: which pairs are links already, by name or target. required, open: the links that the
        annotation asks for, and those of the same subject, which it leaves open; open_told: whether
        it tells these at all.
    """

    slug: str
    keys: tuple[tuple[str, int], ...]
    features: Numbers
    own: Numbers
    stated: frozenset[tuple[str, int]]
    required: frozenset[tuple[str, int]]
    open: frozenset[tuple[str, int]]
    open_listed: bool

    def lesson(self, subject: bool) -> tuple[Numbers, Numbers]:
        """Features and labels to learn from: quantities served, or subjects that are the same."""
        wanted = self.required | self.open if subject else self.required
        kept = [i for i, key in enumerate(self.keys) if subject or key not in self.open]
        labels = [float(self.keys[i] in wanted) for i in kept]
        return self.features[kept], np.array(labels)


def annotated(gold: Path, plan: str) -> Annotated | None:
    """The pairs of an annotated plan; None where it has no indicators.

    Args:
        plan: a plan's folder, or a text and its area: plan.txt@南京市.
    """
    annotation = json.loads(gold.read_text(encoding="utf-8"))
    if "@" in plan:
        path, area = plan.rsplit("@", 1)
        document = read_document(Path(path).read_bytes().decode("utf-8"), path)
        extraction = extract(document, _period(annotation), area)
    else:
        loaded = load_plan(Path(plan))
        document = read_document(loaded.source, plan, loaded.errata)
        extraction = extract(document, loaded.period, loaded.area)
    linked = link(document, extraction)
    rows = [i for i in linked.extraction.indicators if i.number is not None]
    if not rows:
        return None
    sentences = annotation["sentences"]
    of = _sentences_of(linked, sentences)
    named = {v.key: extraction.indicator[v.indicator].name for v in extraction.values}
    targets = set_by(linked.extraction, named)
    keys, features, own = [], [], []
    for pair in pairs(document, of, rows, targets):
        keys.append((of[pair.sentence.number], pair.indicator.number or 0))
        features.append(pair.features)
        own.append(pair.own)
    numbers = {row.key: row.number or 0 for row in rows}
    stated = {
        (of[one.subject.key], numbers[one.object.key])
        for one in linked.links
        if one.predicate == "contributesTo"
        and one.method == "SameQuantity"
        and one.subject.key in of
    }
    return Annotated(
        annotation.get("slug", gold.stem),
        tuple(keys),
        _numbers(features),
        _numbers(own),
        frozenset(stated),
        _links(sentences, "indicators"),
        _links(sentences, "optional_indicators"),
        any("optional_indicators" in s for s in sentences.values()),
    )


def _numbers(rows: list[tuple[float, ...]]) -> Numbers:
    return np.array(rows, dtype=np.float64).reshape(-1, len(FEATURES))


def _period(annotation: dict[str, Any]) -> tuple[int, int]:
    years = [int(year) for year in re.findall(r"\d{4}", str(annotation.get("plan_period", "")))]
    return (years[0], years[-1]) if years else _PERIOD


def _links(sentences: dict[str, Any], field: str) -> frozenset[tuple[str, int]]:
    return frozenset(
        (key, int(number))
        for key, s in sentences.items()
        if s["kind"] == "measure"
        for number in s.get(field, ())
    )


def _sentences_of(linked: Linked, sentences: dict[str, Any]) -> dict[str, str]:
    """The annotated measure that each measure is: more than half of the shorter one."""
    found = {}
    for measure in linked.extraction.measures:
        for key, s in sentences.items():
            other = Span(s["start"], s.get("end") or s["start"] + len(s["text"]))
            shared = min(measure.span.end, other.end) - max(measure.span.start, other.start)
            if s["kind"] == "measure" and 2 * shared > min(len(measure.span), len(other)):
                found[measure.number] = key
    return found


def learn(plans: Iterable[Annotated], subject: bool) -> Judge:
    """Logistic regression with weights that are never negative."""
    from scipy.optimize import minimize  # noqa: PLC0415 — of the extra "learn"

    lessons = [one.lesson(subject) for one in plans if one.open_listed or not subject]
    features = np.vstack([f for f, _ in lessons])
    labels = np.concatenate([labels for _, labels in lessons])
    size = features.shape[1]

    def loss(x: Numbers) -> tuple[float, Numbers]:
        scores = features @ x[:size] + x[size]
        off = 1 / (1 + np.exp(-scores)) - labels
        calm = _CALM * np.append(x[:size], 0.0)
        value = (np.logaddexp(0, scores) - labels * scores).sum() + (calm * x).sum() / 2
        return float(value), np.append(features.T @ off, off.sum()) + calm

    bounds = [(0, None)] * size + [(None, None)]
    found = minimize(loss, np.zeros(size + 1), jac=True, method="L-BFGS-B", bounds=bounds).x
    least = LEAST["concerns" if subject else "serves"]
    return Judge(tuple(float(w) for w in found[:size]), float(found[size]), least)


def likely(plan: Annotated, rule: Judge, subject: bool = False) -> dict[tuple[str, int], float]:
    """The links of a plan that a rule takes, with the probability of each."""
    pairs = zip(plan.keys, (plan.features if subject else plan.own).tolist(), strict=True)
    judged = ((key, rule.probability(features)) for key, features in pairs)
    return {key: found for key, found in judged if found >= rule.least}


def taken(plan: Annotated, rule: Judge, subject: bool = False) -> frozenset[tuple[str, int]]:
    """The links of a plan: those stated, and those that a rule takes."""
    return plan.stated | likely(plan, rule, subject).keys()


def read_all() -> list[Annotated]:
    """The annotated plans at hand that have indicators; passages of one plan each for itself."""
    found = (annotated(Path(gold), plan) for gold, plan in at_hand(LINKED))
    return [one for one in found if one is not None]


def _table(name: str, rule: Judge) -> str:
    weights = zip(FEATURES, rule.weights, strict=True)
    lines = (f'"{feature}" = {weight:.3f}' for feature, weight in weights)
    return "\n".join(
        (
            f"[{name}]",
            f"least = {rule.least}",
            f"bias = {rule.bias:.3f}",
            f"[{name}.weights]",
            *lines,
        )
    )


def main() -> None:
    """Learn from all that is at hand, and write the weights."""
    plans: Sequence[Annotated] = read_all()
    head = (
        "# Written by python benchmarks/learn_links.py: how much each thing that a sentence shares with an\n"
        "# indicator's name tells (kg/link/pairs.py says what they are), and the probability from\n"
        "# which a measure is taken to serve its quantity, or to concern its subject.\n"
    )
    tables = (_table("serves", learn(plans, False)), _table("concerns", learn(plans, True)))
    WEIGHTS.write_text(head + "\n".join(tables) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
