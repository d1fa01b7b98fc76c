"""Learn the names of zones and institutions from annotated plans, in one command.

usage: python benchmarks/learn_names.py [--out MODEL.npz] GOLD.json=PLAN [GOLD.json=PLAN …]

PLAN is a plan's folder, or its text with the name of its area: PLAN.txt@AREA. Without arguments,
what the repository annotates and ../shared, where it is beside it. Needs the extra "learn".
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from kg.errors import PlanlinkError
from kg.extract.pretrained import pretrained
from kg.extract.train import MODEL, at_hand, read_annotated
from kg.extract.training_examples import Annotated, learn, pack, prepare


def read_all(pairs: Sequence[Sequence[str]]) -> list[Annotated]:
    """Read plans with their annotation; those that cannot be read are named and left out."""
    found = []
    for gold, plan in pairs:
        try:
            found.append(read_annotated(Path(gold), plan))
        except PlanlinkError as error:
            print(f"not learned from: {error}", file=sys.stderr)
    return found


def main(arguments: Sequence[str]) -> None:
    """Learn from the pairs given, and write the model."""
    out = MODEL
    pairs = list(arguments)
    if "--out" in pairs:
        at = pairs.index("--out")
        out = Path(pairs[at + 1])
        del pairs[at : at + 2]
    chosen = [pair.split("=", 1) for pair in pairs] or at_hand()
    begun = pretrained()
    lesson = prepare(read_all(chosen), begun)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(pack(learn(lesson, begun), lesson, {}))


if __name__ == "__main__":
    main(sys.argv[1:])
