"""Learn which spans are names, from plans that the tagger has not learned from.

usage: python benchmarks/learn_choice.py MODELS [--out FILE]

MODELS is a folder with a tagger for each annotated plan, SLUG.npz, which has not learned from it
(benchmarks/left_out.py makes it). Needs the extra "learn", and ../shared.
"""

import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.document.structure import Document, read_document
from kg.extract.characters import Area, Page
from kg.extract.choice import Choice, Trees, pack_choice, read_choice
from kg.extract.entities import units
from kg.extract.evidence import Reading, evidence
from kg.extract.gold import labelled, read_gold
from kg.extract.tagger import read_model
from kg.extract.train import MODEL, at_hand
from kg.extract.training_examples import UNKNOWN, Labelled
from kg.lexicon.dictionary import cut
from kg.source.areas import own_names
from kg.source.plan import load_plan

CHOICE = MODEL.with_name("choice.npz")
_LEAST = {"zone": 0.38, "institution": 0.3}  # from which a span is taken: chosen on plans left out
_PLANS = 2  # that a word is in, to be a common one
_TREES = 300
_COURSE = {
    "objective": "binary",
    "learning_rate": 0.03,
    "num_leaves": 10,
    "min_data_in_leaf": 30,
    "lambda_l2": 5.0,
    "feature_fraction": 0.3,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "seed": 0,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}


@dataclass(frozen=True)
class Taught:
    """A plan as a tagger reads it that has not learned from it; of each span whether it is a name,
    and whether the annotation says so or otherwise."""

    slug: str
    area: Area
    reading: Reading
    right: NDArray[np.bool_]
    judged: NDArray[np.bool_]


@dataclass(frozen=True)
class Learned:
    """What a choice is made of."""

    trees: Trees
    common: Mapping[str, float]

    @property
    def choice(self) -> Choice:
        """The choice."""
        return read_choice(self.packed)

    @property
    def packed(self) -> bytes:
        """The file of it."""
        return pack_choice(self.trees, self.common, _LEAST)


def learn(plans: Sequence[Taught], words: Mapping[str, frozenset[str]]) -> Learned:
    """Learn from plans; words: those of each plan by slug, also of plans not annotated."""
    import lightgbm  # noqa: PLC0415 — it is there only where the extra is

    rows = []
    for plan in plans:
        others = [held for slug, held in words.items() if slug != plan.slug]
        rows.append(evidence(plan.reading, plan.area, _common(others))[plan.judged])
    right = np.concatenate([plan.right[plan.judged] for plan in plans])
    learned = lightgbm.train(_COURSE, lightgbm.Dataset(np.vstack(rows), right), _TREES)
    return Learned(_trees(learned.dump_model()), _common(list(words.values())))


def _common(words: Sequence[frozenset[str]]) -> dict[str, float]:
    counts = Counter(word for held in words for word in held)
    return {w: round(n / len(words), 3) for w, n in sorted(counts.items()) if n >= _PLANS}


def _trees(model: Mapping[str, Any]) -> Trees:
    """The trees of a LightGBM model, their nodes in rows."""
    trees = [_nodes(tree["tree_structure"]) for tree in model["tree_info"]]
    most = max(map(len, trees))
    node = np.arange(most, dtype=np.int16)
    shape = (len(trees), most)
    found: dict[str, NDArray[Any]] = {
        "feature": np.zeros(shape, np.int16),
        "threshold": np.zeros(shape),
        "left": np.tile(node, (len(trees), 1)),
        "right": np.tile(node, (len(trees), 1)),
        "value": np.zeros(shape),
    }
    for row, nodes in enumerate(trees):
        for at, features in enumerate(nodes):
            for name, value in features.items():
                found[name][row, at] = value
    return Trees(**found, depth=most // 2)


def _nodes(root: Mapping[str, Any]) -> list[dict[str, float]]:
    """The nodes of a tree, the root first."""
    nodes: list[dict[str, float]] = []

    def add(node: Mapping[str, Any]) -> int:
        at = len(nodes)
        nodes.append({})
        if "leaf_value" in node:
            nodes[at] = {"value": node["leaf_value"]}
        else:
            nodes[at] = {
                "feature": node["split_feature"],
                "threshold": node["threshold"],
                "left": add(node["left_child"]),
                "right": add(node["right_child"]),
            }
        return at

    add(root)
    return nodes


def read_taught(models: Path) -> tuple[list[Taught], dict[str, frozenset[str]]]:
    """The annotated plans that a folder holds a model for, and the words of every plan at hand."""
    annotated: dict[str, list[Path]] = defaultdict(list)
    places: dict[str, str] = {}
    for gold, plan in at_hand():
        annotated[Path(gold).stem].append(Path(gold))
        places[Path(gold).stem] = plan
    plans, words = [], {}
    for slug, place in places.items():
        text, area, document = _read(place)
        texts = [unit.text for unit in units(document)]
        words[slug] = frozenset(word for one in texts for word in cut(one))
        model = models / f"{slug}.npz"
        if model.exists():
            own = Area.of(own_names(area))
            reading = read_model(model.read_bytes()).read(Page.of(texts), own)
            labels = [labelled(document, read_gold(gold, text)) for gold in annotated[slug]]
            plans.append(Taught(slug, own, reading, *_judged(reading, labels)))
    return plans, words


def _read(place: str) -> tuple[str, str, Document]:
    """A plan's text, its area, and the document."""
    if "@" in place:
        path, area = place.rsplit("@", 1)
        text = Path(path).read_bytes().decode("utf-8")
        return text, area, read_document(text, path)
    plan = load_plan(Path(place))
    return plan.source, plan.area, read_document(plan.source, place, plan.errata)


def _judged(
    reading: Reading, annotations: Sequence[Sequence[Labelled]]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Of each span: whether it is a name, and whether it or all its characters are annotated."""
    merged = list(map(_merged, zip(*annotations, strict=True)))
    names = [set(text.spans()) for text in merged]
    right = [(s.start, s.end, s.kind) in names[s.text] for s in reading.spans]
    known = [UNKNOWN not in merged[s.text].labels[s.start : s.end] for s in reading.spans]
    return np.array(right, bool), np.array(known, bool)


def _merged(texts: tuple[Labelled, ...]) -> Labelled:
    """A text with what any annotation says of each character."""

    def known(labels: tuple[int, ...]) -> Iterator[int]:
        return (label for label in labels if label != UNKNOWN)

    each = zip(*(text.labels for text in texts), strict=True)
    return Labelled(texts[0].text, tuple(next(known(labels), UNKNOWN) for labels in each))


def main(arguments: Sequence[str]) -> None:
    """Learn from the models of a folder, and write what was learned."""
    if not arguments:
        raise SystemExit(__doc__)
    out = Path(arguments[2]) if arguments[1:2] == ["--out"] else CHOICE
    out.write_bytes(learn(*read_taught(Path(arguments[0]))).packed)


if __name__ == "__main__":
    main(sys.argv[1:])
