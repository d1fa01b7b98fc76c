"""The annotated plans of `corpus/`, all in one shape: that of ../shared/gold/plans.

The invented plans stand here with their text. Of the published plans only offsets and labels do;
`published` puts the text to them where the plans stand beside the project.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

CORPUS = Path(__file__).with_name("corpus")
KINDS = ("measure", "target", "goal", "principle", "achievement", "scope", "background", "other", "lead")  # fmt: skip
MARKS = ("goal-heading", "vision")
ZONE_TYPES = [
    "functional-zone",
    "industrial-park",
    "commercial-area",
    "block",
    "street-district",
    "land-plot",
    "site",
    "road",
    "station",
    "metro-line",
    "water",
    "park",
    "region",
    "building",
    "railway",
    "airport",
    "port",
    "facility",
    "town",
    "county",
]
INSTITUTION_TYPES = [
    "company",
    "university",
    "research-institute",
    "hospital",
    "health-center",
    "school",
    "government",
    "party-or-people-organ",
    "media",
    "museum",
    "other",
]
NAMES = ("zones", "institutions")
FRESH = ("fresh", "fresh-names")  # folders of passages drawn later
Plan = dict[str, Any]
Span = tuple[int, int]


class ReadLink(NamedTuple):
    """A link that a person read beside its evidence: the kind and rule that it is counted by, its
    plan, what it joins, and whether it is right."""

    kind: str
    rule: str
    plan: str
    link: str
    right: bool


def read(path: Path) -> Any:
    """A JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def read_links() -> list[ReadLink]:
    """The links of `read-links.tsv`, which no other annotation judges."""
    with (CORPUS / "read-links.tsv").open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file, delimiter="\t")
    return [ReadLink(*row[:-1], right=row[-1] == "1") for row in rows]


def text_of(path: Path) -> str:
    """A plan's text as published: offsets count its code points, so no newline is translated."""
    return path.read_bytes().decode("utf-8")


def invented(folder: str = "invented") -> Iterator[Plan]:
    """The invented plans, each with its whole text under `source`.

    Args:
        folder: "invented", or "unlinked", whose sentences have no links to indicators.
    """
    for path in sorted((CORPUS / folder).glob("*.json")):
        yield read(path) | {"source": text_of(path.with_suffix(".txt"))}


def labels(folder: str = "passages") -> Iterator[Plan]:
    """The labels of the published plans' passages, as they stand: offsets, no text.

    Args:
        folder: "passages", or one of FRESH, drawn later.
    """
    for path in sorted((CORPUS / folder).glob("*.json")):
        yield read(path)


def published(plans: Path, folder: str = "passages") -> Iterator[Plan]:
    """The published plans' passages with the text of `plans`, in the invented plans' shape."""
    for plan in labels(folder):
        origin = plan["source"]
        path = plans / origin["file"]
        if hashlib.sha256(path.read_bytes()).hexdigest() != origin["sha256"]:
            raise ValueError(f"{path} is not the text that was annotated")
        yield _resolved(plan, text_of(path))


def _resolved(plan: Plan, text: str) -> Plan:
    types: dict[str, dict[str, str]] = {name: {} for name in NAMES}
    sentences = {}
    for key, labelled in plan["sentences"].items():
        sentences[key] = _sentence(labelled, text)
        for field in NAMES:
            for mention in labelled.get(field, []):
                types[field][_quoted(text, mention["at"][0])] = mention["type"]
    return plan | {
        "zone_types": types["zones"],
        "institution_types": types["institutions"],
        "sentences": sentences,
        "source": text,
    }


def _sentence(labelled: dict[str, Any], text: str) -> dict[str, Any]:
    whole: dict[str, Any] = {
        "text": _quoted(text, (labelled["start"], labelled["end"])),
        "title": _quoted(text, labelled["title"]) if "title" in labelled else "",
    }
    for field in NAMES:
        mentions = labelled.get(field, [])
        whole[field] = [[_quoted(text, at) for at in mention["at"]] for mention in mentions]
        passed = labelled.get(f"optional_{field}", [])
        whole[f"optional_{field}"] = [_quoted(text, at) for at in passed]
    for field in ("targets", "achievements"):
        values = labelled.get(field, [])
        whole[field] = [value | {"quote": _quoted(text, value["quote"])} for value in values]
    for field in ("indicators", "optional_indicators", "optional_values"):
        whole[field] = labelled.get(field, [])
    return labelled | whole


def _quoted(text: str, at: Iterable[int]) -> str:
    """What stands at an offset pair, its lines joined as the sentence's are."""
    start, end = at
    return text[start:end].replace("\n", "")


def mentions(sentence: dict[str, Any]) -> dict[str, Span]:
    """Where each preferred name stands in the sentence's text; none overlaps another.

    Longer names are placed first, so that a name that also stands inside a longer one is looked
    for outside it. Raises ValueError where there is no such place.
    """
    names = {alternatives[0] for field in NAMES for alternatives in sentence[field]}
    placed: dict[str, Span] = {}
    for name in sorted(names, key=lambda name: (-len(name), name)):
        start = sentence["text"].find(name)
        while start >= 0 and any(
            start < end and begin < start + len(name) for begin, end in placed.values()
        ):
            start = sentence["text"].find(name, start + 1)
        if start < 0:
            raise ValueError(f"{name} has no place of its own in {sentence['text']}")
        placed[name] = (start, start + len(name))
    return placed
