"""The learned tagger of names: a linear model of features and a recurrent network over characters
vote on each character; of the spans that their sum makes probable, a second judge takes names."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

from kg.errors import PlanlinkError
from kg.extract.characters import HASHES, Area, Page, Table, features
from kg.extract.choice import Choice, shipped_choice
from kg.extract.evidence import Reading
from kg.extract.labels import LABELS, OUTSIDE, first_of
from kg.extract.name_forms import bare
from kg.extract.spans import batches, find_spans
from kg.files import read_bytes

Reals = NDArray[np.float32]
Rows = NDArray[np.int64]

# Of the linear voice that a name of each kind begins: below, a text is read by it alone.
_LEAST_HINTS = {"zone": -1.7, "institution": -2.0}
_ROW = 8  # numbers side by side: rows of 32 bytes are taken twice as fast as those of all labels
_STRETCH = 2000  # characters that the network reads in one go; no sentence of a plan has as many
_READ_TOGETHER = 128  # texts that the network reads side by side: their arrays stay in the cache


@dataclass(frozen=True)
class Tagged:
    """A name that the tagger finds at text[start:end], with the probability that it is one."""

    start: int
    end: int
    kind: str
    type: str
    confidence: float


class Tagger:
    """Tags the texts of a document.

    metadata: what was learned besides weights: characters, endings, types of names, version.
    sha256: the digest of the file. choice: what takes names from the spans that may be some; None
    for planlink's.
    """

    def __init__(
        self,
        weights: Mapping[str, NDArray[Any]],
        metadata: Mapping[str, Any],
        sha256: str,
        choice: Choice | None = None,
    ) -> None:
        self._choice = choice
        self.version: str = metadata["version"]
        self.sha256 = sha256
        self._types: dict[str, dict[str, str]] = metadata["types"]
        self._endings = Table(metadata["endings"], ending=True)
        self._favour: float = metadata["favour"]
        w = {name: array.astype(np.float32) for name, array in weights.items() if name != "places"}
        self._linear = np.zeros((HASHES, _ROW), np.float32)
        self._linear[weights["places"], :LABELS] = w["linear"]
        self._transitions = w["transitions"]
        self._letters = np.zeros(0x110000, np.int32)
        self._letters[[ord(c) for c in metadata["letters"]]] = np.arange(
            1, len(metadata["letters"]) + 1
        )
        self._network = _Network(w)

    @property
    def choice(self) -> Choice:
        """What takes names from the spans that may be some."""
        return self._choice or shipped_choice()

    def tag(self, texts: Sequence[str], area: Area) -> list[list[Tagged]]:
        """The names in each of a document's normalised sentences and headings, in order."""
        found: list[list[Tagged]] = [[] for _ in texts]
        for span, sure in self.choice.names(self.read(Page.of(texts), area), area):
            type_ = self.type_of(bare(texts[span.text][span.start : span.end]), span.kind)
            one = Tagged(span.start, span.end, span.kind, type_, round(sure, 3))
            found[span.text].append(one)
        return found

    def read(self, page: Page, area: Area) -> Reading:
        """The scores of both voices, and the spans that may be names."""
        linear = self._linear_votes(page, area)
        hints = [linear[:, first_of(kind)] - least for kind, least in _LEAST_HINTS.items()]
        begins = np.maximum(*hints) - linear[:, OUTSIDE]
        # the network, which is slow, reads only texts that may hold names
        chosen = np.flatnonzero((page.lengths > 0) & (np.maximum.reduceat(begins, page.starts) > 0))
        held = page.only(chosen)
        # the steps are too small for several threads, which would wait for each other
        with _threads().limit(limits=1):
            network = self._network.votes(self._letters[page.codes], held)
        votes = linear + network
        votes[:, OUTSIDE] -= self._favour
        spans = [
            span._replace(text=int(chosen[span.text]))
            for span in find_spans(votes, self._transitions, held)
        ]
        return Reading(page, linear, network, spans)

    def _linear_votes(self, page: Page, area: Area) -> Reals:
        votes = np.zeros((len(page.text), _ROW), np.float32)
        for column in features(page, area, self._endings):
            votes += self._linear.take(column, axis=0)
        return votes[:, :LABELS]

    def type_of(self, name: str, kind: str) -> str:
        """The type that names with the longest ending of a name have; "" where it tells none."""
        ending = self.ending_of(name, kind)
        return self._types[kind][ending] if ending else ""

    def ending_of(self, name: str, kind: str, least: int = 1) -> str:
        """The longest ending of a name, of least characters, that known names have; "" if none."""
        ends = (name[i:] for i in range(len(name) - least + 1))
        return next((ending for ending in ends if ending in self._types[kind]), "")


class _Network:
    """Two layers of gated recurrent units, each in both directions, over characters.

    Arrays hold texts, the longest first, side by side: what their first characters have, then their
    second ones, so that a step's rows lie together.
    """

    def __init__(self, weights: Mapping[str, Reals]) -> None:
        w = self._w = weights
        # what the first layer makes of a character does not depend on its neighbours
        self._first = [w["letters"] @ w[f"input{i}"] + w[f"bias{i}"] for i in (0, 1)]

    def votes(self, letters: NDArray[np.int32], page: Page) -> Reals:
        """Each label's score for each character of the page, by its number."""
        w, width = self._w, len(self._w["state0"])
        found = np.zeros((len(letters), LABELS), np.float32)
        page = page.cut(_STRETCH)
        together = [*batches(page, _READ_TOGETHER)]
        # the same memory for all: to ask for more takes long
        most = max((int(page.lengths[chosen].sum()) for chosen in together), default=0)
        first, second = np.empty((2, most, 2 * width), np.float32)
        inputs = np.empty((most, 3 * width), np.float32)
        for chosen in together:
            rows, *steps = _steps(page.starts[chosen], page.lengths[chosen])
            below, above, into = (array[: len(rows)] for array in (first, second, inputs))
            for way in (0, 1):
                self._first[way].take(letters[rows], axis=0, out=into, mode="clip")
                self._run(way, into, steps[way], below)
            for way in (0, 1):
                np.matmul(below, w[f"input{2 + way}"], out=into)
                into += w[f"bias{2 + way}"]
                self._run(2 + way, into, steps[way], above)
            found[rows] = above @ w["output"] + w["output_bias"]
        return found

    def _run(self, unit: int, inputs: Reals, steps: Sequence[Rows], found: Reals) -> None:
        """One direction of a layer, into the half of found that is its own. steps: the rows of
        each; the texts that go on are the first of the step before."""
        gates, candidate = self._w[f"gates{unit}"], self._w[f"state{unit}"]
        width = len(gates)
        found = found[:, width:] if unit % 2 else found[:, :width]
        state, kept, news = np.zeros((3, len(steps[0]), width), np.float32)
        both = np.empty((len(steps[0]), 2 * width), np.float32)
        for step in steps:
            live, seen = len(step), inputs.take(step, axis=0)
            now, gate, new = state[:live], both[:live], news[:live]
            np.matmul(now, gates, out=gate)
            gate += seen[:, : 2 * width]
            _sigmoid(gate)
            np.matmul(np.multiply(gate[:, width:], now, out=kept[:live]), candidate, out=new)
            new += seen[:, 2 * width :]
            np.tanh(new, new)
            new -= now
            new *= gate[:, :width]
            now += new
            found[step] = now


def _steps(starts: Rows, lengths: Rows) -> tuple[Rows, list[Rows], list[Rows]]:
    """How texts, the longest first, are read side by side: the character of each row, and the rows
    of each step onward and of each step back."""
    live = np.searchsorted(-lengths, -np.arange(lengths[0]), side="left")
    ends, place = np.cumsum(live), np.repeat(np.arange(lengths[0]), live)
    begins, rows = ends - live, np.arange(len(place))
    text = rows - begins[place]
    turned = begins[lengths[text] - 1 - place] + text
    return starts[text] + place, np.split(rows, ends[:-1]), np.split(turned, ends[:-1])


def _sigmoid(values: Reals) -> None:
    """Put the logistic function of values in their place."""
    np.negative(values, values)
    np.exp(values, values)
    values += 1
    np.divide(1, values, values)


@cache
def _threads() -> ThreadpoolController:
    """What bounds the threads of the libraries that numpy works with."""
    return ThreadpoolController()


def read_model(packed: bytes, choice: Choice | None = None) -> Tagger:
    """The tagger of a model file; choice: what takes names, None for what planlink ships."""
    with np.load(BytesIO(packed)) as arrays:
        metadata = json.loads(arrays["facts"].tobytes().decode("utf-8"))
        weights = {name: arrays[name] for name in arrays if name != "facts"}
    return Tagger(weights, metadata, hashlib.sha256(packed).hexdigest(), choice)


def load_model(path: Path) -> Tagger:
    """The tagger of a model file that planlink learn wrote; PlanlinkError where it is not there, is
    no such file, or is of another version of planlink."""
    try:
        tagger = read_model(read_bytes(path))
    except (BadZipFile, ValueError, KeyError, TypeError, EOFError) as error:
        raise PlanlinkError.of("model_unreadable", path) from error
    if tagger.version.partition("+")[0] != shipped().version:
        raise PlanlinkError.of("model_version", path, tagger.version, shipped().version)
    return tagger


@cache
def shipped() -> Tagger:
    """The tagger that planlink ships, read once."""
    return read_model((files("kg.lexicon") / "model" / "names.npz").read_bytes())
