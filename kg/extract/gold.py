"""Annotated plans, as examples to learn names from and to judge them by.

A file is JSON: `sentences`, each with `start` (and `end`) in the plan's text as published, `zones`
and `institutions` as lists of names or of lists of alternatives, the first preferred, and names
that are optional; `zone_types` and `institution_types` give the type of each name. Where the text
is not ours a name is `{"at": [[start, end], …], "type": …}`, its places in the plan's text.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

from kg.document.structure import Document
from kg.errors import PlanlinkError
from kg.extract.entities import units
from kg.extract.labels import KINDS, OUTSIDE, spelled
from kg.extract.training_examples import UNKNOWN, Labelled
from kg.files import read_text
from kg.lexicon import lexicon
from kg.source.text import Stretch, compact, normal

_FIELDS = {"zone": "zones", "institution": "institutions"}


@dataclass(frozen=True)
class Name:
    """A name annotated in one sentence: its forms, the preferred one first."""

    forms: tuple[str, ...]
    kind: str
    wanted: bool


@dataclass(frozen=True)
class Passage:
    """An annotated sentence: its place in the text as published and its names."""

    start: int
    end: int
    names: tuple[Name, ...]


@dataclass(frozen=True)
class Gold:
    """The annotation of one plan: passages by place, and the type of each name by kind."""

    slug: str
    own: tuple[str, ...]
    passages: tuple[Passage, ...]
    types: dict[str, dict[str, str]]


def read_gold(path: Path, text: str) -> Gold:
    """Read a file of annotations of a plan's text as published; PlanlinkError where it is no such
    JSON."""
    try:
        found = json.loads(read_text(path))
        open_names = tuple(
            Name((bare(name),), kind, wanted=False)
            for kind, field in _FIELDS.items()
            for name in found.get(f"optional_{field}", [])
        )
        sentences = found["sentences"].values()
        passages = tuple(
            Passage(
                s["start"],
                s.get("end") or s["start"] + len(s["text"]),
                (*_names(s, text), *(open_names if "slug" not in found else ())),
            )
            for s in sentences
        )
        types = {
            kind: {bare(n): type_of(t) for n, t in found.get(f"{kind}_types", {}).items()}
            | {
                _forms(one, text)[0]: type_of(one["type"])
                for s in sentences
                for one in s.get(_FIELDS[kind], [])
                if isinstance(one, dict)
            }
            for kind in KINDS
        }
    except (ValueError, KeyError, AttributeError, TypeError, RecursionError) as error:
        raise PlanlinkError.of("annotation_unreadable", path, error) from error
    slug, own = found.get("slug", path.stem), tuple(found.get("own", ()))
    return Gold(slug, own, tuple(sorted(passages, key=attrgetter("start"))), types)


def _names(sentence: dict[str, Any], text: str) -> Iterator[Name]:
    for kind, field in _FIELDS.items():
        for forms in sentence.get(field, []):
            yield Name(_forms(forms, text), kind, wanted=True)
        for name in sentence.get(f"optional_{field}", []):
            yield Name((bare(name if isinstance(name, str) else text[slice(*name)]),), kind, False)


def _forms(forms: Any, text: str) -> tuple[str, ...]:
    """The alternatives of a name, spelled out or as places in the text."""
    if isinstance(forms, dict):
        return tuple(bare(text[start:end]) for start, end in forms["at"])
    return tuple(map(bare, [forms] if isinstance(forms, str) else forms))


def bare(name: str) -> str:
    """A name as sentences are read: normalised, without blanks."""
    return compact(normal(name))


def labelled(document: Document, gold: Gold) -> list[Labelled]:
    """Every text of a document that names are looked for in, labelled where it is annotated."""
    at: dict[int, int] = {
        place: number
        for number, passage in enumerate(gold.passages)
        for place in range(passage.start, passage.end)
    }
    return [_label(unit, gold, at) for unit in units(document)]


def _label(unit: Stretch, gold: Gold, at: dict[int, int]) -> Labelled:
    places = [unit.locate(i, i + 1).start for i in range(len(unit.text))]
    of = [at.get(place) for place in places]
    inside = {number for number in of if number is not None}
    if 2 * sum(number is not None for number in of) < len(of):
        return Labelled(unit.text, (UNKNOWN,) * len(of))
    labels = [UNKNOWN if number is None else OUTSIDE for number in of]
    taken = [False] * len(of)
    names = [name for number in sorted(inside) for name in gold.passages[number].names]
    for name in sorted(names, key=lambda n: (not n.wanted, -len(n.forms[0]), n.forms)):
        for form in name.forms:
            found = [
                match.span()
                for match in re.finditer(re.escape(form), unit.text)
                if form and not any(taken[match.start() : match.end()])
            ]
            for start, end in found:
                taken[start:end] = [True] * (end - start)
                labels[start:end] = _spelled(name, end - start)
            if found:
                break
    return Labelled(unit.text, tuple(labels))


def _spelled(name: Name, length: int) -> list[int]:
    """The labels of a name's characters; any, where it is optional."""
    if not name.wanted or length < 2:
        return [UNKNOWN] * length
    return spelled(name.kind, length)


def type_of(gold_type: str) -> str:
    """The type by which planlink knows what annotators tell more finely."""
    return str(lexicon("names")["gold_types"].get(gold_type, gold_type))
