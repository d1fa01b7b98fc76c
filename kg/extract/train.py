"""Learn the names of zones and institutions from annotated plans, in one command.

usage: python -m kg.extract.train [--out MODEL.npz] GOLD.json=PLAN [GOLD.json=PLAN …]

PLAN is a plan's folder, or its text with the name of its area: PLAN.txt@AREA. Without arguments,
what the repository annotates and ../shared, where it is beside it. Needs the extra "learn".
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from kg.document.structure import read_document
from kg.errors import PlanlinkError
from kg.extract.gold import labelled, read_gold
from kg.extract.lesson import Annotated, learn, pack, prepare
from kg.extract.pretrained import pretrained
from kg.source.areas import own_names
from kg.source.plan import load_plan

MODEL = Path(__file__).parent.parent / "lexicon" / "model" / "names.npz"
ROOT = Path(__file__).parent.parent.parent


def read_annotated(gold: Path, plan: str) -> Annotated:
    """Read a plan and its annotation.

    Args:
        plan: a plan's folder, or a text and its area: plan.txt@南京市.

    Raises:
        PlanlinkError: one of the files is missing or broken.
    """
    if "@" in plan:
        path, area = plan.rsplit("@", 1)
        try:
            text = Path(path).read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise PlanlinkError(
                "the annotated text cannot be read", path, "name a text in UTF-8 that is there"
            ) from error
        document = read_document(text, path)
    else:
        loaded = load_plan(Path(plan))
        text, area = loaded.source, loaded.area
        document = read_document(text, plan, loaded.errata)
    found = read_gold(gold, text)
    return Annotated(
        tuple(dict.fromkeys((*own_names(area), *found.own))),
        tuple(text for text in labelled(document, found) if text.annotated),
        found.types,
    )


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


def at_hand() -> list[list[str]]:
    """The annotated plans of the repository, and of ../shared where it is beside it."""
    shared, corpus = ROOT.parent / "shared", ROOT / "tests" / "gold" / "corpus"
    found = []
    for folder, texts in (
        (shared / "gold" / "plans", shared / "plans"),
        (corpus / "passages", shared / "plans"),
        (corpus / "invented", corpus / "invented"),
    ):
        for gold in sorted(folder.glob("*.json")):
            facts = json.loads(gold.read_text(encoding="utf-8"))
            text = texts / f"{facts['slug']}.txt"
            if text.exists():
                found.append([str(gold), f"{text}@{facts['own'][0]}"])
    flagship = shared / "gold" / "gold-flagship.json"
    if flagship.exists():
        found.append([str(flagship), str(ROOT / "plans" / "hongqiao-2021")])
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
