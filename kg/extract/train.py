"""Annotated plans, read to learn names from: those given, and those of planlink's source tree."""

import json
from collections.abc import Sequence
from pathlib import Path

from kg.document.structure import read_document
from kg.extract.gold import labelled, read_gold
from kg.extract.training_examples import Annotated
from kg.source.areas import own_names
from kg.source.plan import load_plan
from kg.source.text import decode

MODEL = Path(__file__).parent.parent / "lexicon" / "model" / "names.npz"
ROOT = Path(__file__).parent.parent.parent


def read_annotated(gold: Path, plan: str) -> Annotated:
    """Read a plan (its folder, or a text and its area with @ between them) and its annotation;
    PlanlinkError where a file is missing or broken."""
    if "@" in plan:
        path, area = plan.rsplit("@", 1)
        text = decode(Path(path))[0]
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


LINKED = ("passages", "invented")  # folders of the corpus that have links to indicators
UNLINKED = ("fresh", "fresh-names", "unlinked")
OURS = ("invented", "unlinked")  # whose texts are beside their annotations


def at_hand(parts: Sequence[str] = (*LINKED, *UNLINKED)) -> list[list[str]]:
    """The annotated plans of the repository (parts: folders of the corpus), and of ../shared where
    it is beside it: the path of each annotation, and the plan as read_annotated takes it."""
    shared, corpus = ROOT.parent / "shared", ROOT / "tests" / "gold" / "corpus"
    found = []
    for folder, texts in (
        (shared / "gold" / "plans", shared / "plans"),
        *((corpus / part, corpus / part if part in OURS else shared / "plans") for part in parts),
    ):
        for gold in sorted(folder.glob("*.json")):
            annotated = json.loads(gold.read_text(encoding="utf-8"))
            text = texts / f"{annotated['slug']}.txt"
            if text.exists():
                found.append([str(gold), f"{text}@{annotated['own'][0]}"])
    flagship = shared / "gold" / "gold-flagship.json"
    if flagship.exists():
        found.append([str(flagship), str(ROOT / "plans" / "hongqiao-2021")])
    return found
