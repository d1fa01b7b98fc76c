"""What a tagger learns from, laid out: annotated texts as arrays, and what is counted in them."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kg.extract.characters import HASHES, Area, Page, Table, features, learn_endings
from kg.extract.labels import KINDS, first_of
from kg.extract.pretrained import Pretrained

VERSION = "1"
UNKNOWN = -1  # the label of a character that is not annotated, or whose name is optional
_SEEN = 3  # characters that a feature must describe to be learned
_LONGEST = 256  # characters of a text that is learned from in one piece
_LEAST_WEIGHT = 0.02  # features that weigh less are left out of the model
_SHARE = 0.6  # of each voice: as far as both err in the same places, they must not count double
_FAVOUR = 0.3  # that a character is in a name, over what the sum of the voices says
_TYPED = 6  # characters of the longest ending that tells a type
_SEVERAL = 5  # names that end in a character, for it to tell a type
_NEARLY_ALL = 0.8  # of these, of that type
_MOST = 0.6  # of the names with a longer ending, of the type that it tells


@dataclass(frozen=True)
class Labelled:
    """A sentence or heading with the label of each character."""

    text: str
    labels: tuple[int, ...]

    def names(self) -> Iterator[tuple[str, str]]:
        """The names that are labelled, each with its kind."""
        return ((self.text[start:end], kind) for start, end, kind in self.spans())

    def spans(self) -> Iterator[tuple[int, int, str]]:
        """The places of the names that are labelled, each with its kind."""
        start = 0
        for place, label in enumerate(self.labels):
            for kind in KINDS:
                if label == first_of(kind):
                    start = place
                elif label == first_of(kind) + 2:
                    yield start, place + 1, kind

    @property
    def annotated(self) -> bool:
        """Whether any of it was."""
        return any(label != UNKNOWN for label in self.labels)


@dataclass(frozen=True)
class Annotated:
    """The annotated texts of a plan, the names of its area, and the type of each name by kind."""

    own: tuple[str, ...]
    texts: tuple[Labelled, ...]
    types: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Lesson:
    """What is learned from: the examples of all plans side by side, and what was counted in them.

    hashed: places of each character's features; letters: its number; labels: its label, UNKNOWN
    where any is right; texts: start and length of each text. places: hashes of the features that
    are learned; known: the characters known.
    """

    hashed: NDArray[np.int32]
    letters: NDArray[np.int32]
    labels: NDArray[np.int32]
    texts: tuple[tuple[int, int], ...]
    places: NDArray[np.int64]
    known: str
    endings: tuple[str, ...]
    types: dict[str, dict[str, str]]


def prepare(plans: Sequence[Annotated], begun: Pretrained) -> Lesson:
    """Lay out the examples of annotated plans; learning begins with a network that knows some."""
    texts = [text for plan in plans for text in plan.texts]
    endings = learn_endings([n for t in texts for n, _ in t.names()], [t.text for t in texts])
    known = begun.known("".join(t.text for t in texts))
    number = {character: i for i, character in enumerate(known, 1)}
    parts = []
    for plan in plans:
        if held := plan.texts:
            page = Page.of([t.text for t in held])
            columns = features(page, Area.of(plan.own), Table(endings, ending=True))
            hashed = np.stack([*columns], axis=1)
            letters = np.array([number.get(c, 0) for c in page.text], np.int32)
            parts.append((page, held, hashed, letters))
    offset, cuts, labels = 0, [], []
    for page, held, _, letters in parts:
        wanted = np.full(len(letters), UNKNOWN, np.int32)
        for start, text in zip(page.starts, held, strict=True):
            wanted[start : start + len(text.text)] = text.labels
            cuts += [(offset + int(start) + a, n) for a, n in _pieces(text)]
        labels.append(wanted)
        offset += len(letters)
    every = np.concatenate([hashed for _, _, hashed, _ in parts])
    wanted = np.concatenate(labels)
    counts = np.bincount(every[wanted != UNKNOWN].ravel(), minlength=HASHES)
    places = np.flatnonzero(counts >= _SEEN)
    row = np.zeros(HASHES, np.int32)
    row[places] = np.arange(1, len(places) + 1)
    letters = np.concatenate([letters for *_, letters in parts])
    examples = row[every], letters, wanted, tuple(cuts)
    return Lesson(*examples, places, known, tuple(endings), _learn_types(plans))


def _pieces(text: Labelled) -> list[tuple[int, int]]:
    """A text cut after punctuation into short pieces: start and length of each."""
    found, start = [], 0
    while len(text.text) - start > _LONGEST:
        window = text.text[start : start + _LONGEST]
        free = [
            i + 1
            for i, c in enumerate(window)
            if not c.isalnum() and text.labels[start + i] <= 0 and i > _LONGEST // 4
        ]
        length = free[-1] if free else _LONGEST
        found.append((start, length))
        start += length
    return [*found, (start, len(text.text) - start)]


def _learn_types(plans: Sequence[Annotated]) -> dict[str, dict[str, str]]:
    """The type that each ending of names goes with, "" where it tells none, for each kind."""
    votes: dict[str, dict[str, Counter[str]]] = {kind: defaultdict(Counter) for kind in KINDS}
    for plan in plans:
        for kind in KINDS:
            for name, type_ in sorted(plan.types[kind].items()):
                for size in range(1, min(_TYPED, len(name)) + 1):
                    votes[kind][name[-size:]][type_] += 1
    return {
        kind: {
            ending: _type_of_ending(ending, counts)
            for ending, counts in sorted(found.items())
            if counts.total() > 1 or len(ending) > 1
        }
        for kind, found in votes.items()
    }


def _type_of_ending(ending: str, counts: Counter[str]) -> str:
    """The type of the names that end so, "" where they have several. One character has to end more
    names, nearly all of one type, since it is often the end of a proper name."""
    least, share = (_SEVERAL, _NEARLY_ALL) if len(ending) == 1 else (1, _MOST)
    type_ = max(sorted(counts), key=lambda t: counts[t])
    return type_ if counts.total() >= least and counts[type_] >= share * counts.total() else ""


def learn(lesson: Lesson, begun: Pretrained) -> dict[str, NDArray[Any]]:
    """The weights of both voices."""
    from kg.extract import network  # noqa: PLC0415 — JAX is there only where the extra is

    linear = network.learn_linear(lesson)
    recurrent = network.learn_network(lesson, begun.weights(lesson.known))
    return join(linear, recurrent, lesson.places)


def join(
    linear: dict[str, Any], recurrent: dict[str, Any], places: NDArray[np.int64]
) -> dict[str, NDArray[Any]]:
    """Both voices in one model, features that hardly weigh left out."""
    weights = linear["linear"][1:]
    kept = np.abs(weights).max(1) >= _LEAST_WEIGHT
    shared = {name: array for name, array in recurrent.items() if name != "transitions"}
    shared |= {name: shared[name] * _SHARE for name in ("output", "output_bias")}
    moves = (linear["transitions"] + recurrent["transitions"]) * _SHARE
    return {
        **{name: np.asarray(array, np.float16) for name, array in shared.items()},
        "places": places[kept].astype(np.int32),
        "linear": (weights[kept] * _SHARE).astype(np.float16),
        "transitions": moves.astype(np.float32),
    }


def pack(weights: dict[str, NDArray[Any]], lesson: Lesson, metadata: dict[str, Any]) -> bytes:
    """A model file: the weights, and what is known besides as JSON."""
    fields = {
        "version": VERSION,
        "letters": lesson.known,
        "endings": lesson.endings,
        "types": lesson.types,
        "favour": _FAVOUR,
    } | metadata
    text = json.dumps(fields, ensure_ascii=False, sort_keys=True)
    buffer = BytesIO()
    arrays: dict[str, Any] = {"facts": np.frombuffer(text.encode("utf-8"), np.uint8), **weights}
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()
