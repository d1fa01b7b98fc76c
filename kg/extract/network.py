"""Learning the tagger's weights, by JAX: its two voices are learned apart and summed.

Needs the extra "learn"; nothing that reads plans imports it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from kg.extract.labels import ALLOWED, CLOSING, LABELS, OPENING
from kg.extract.training_examples import Lesson
from kg.lexicon import grouped

_LENGTHS = (32, 64, 128, 256)
_IMPOSSIBLE = -1e4
_ROWS = 1024  # tables are rounded up to so many: what is compiled serves other lessons too
Weights = dict[str, Any]


@dataclass(frozen=True)
class Course:
    """How a voice is learned: passes over the examples, texts of 64 characters at a time, rate,
    decay of weights, and the share of inputs that is left out at random."""

    passes: int
    together: int
    rate: float
    decay: float
    left_out: float


_SEED = 0  # so that the same texts teach the same
LINEAR = Course(passes=7, together=48, rate=0.01, decay=0.003, left_out=0.5)
NETWORK = Course(passes=7, together=48, rate=0.001, decay=0.0, left_out=0.35)


def learn_linear(lesson: Lesson) -> Weights:
    """Weights of features, one more for those never seen, and of transitions."""
    size = len(lesson.places) + 1
    start = {
        "linear": jnp.zeros((_rounded(size), LABELS)),
        "transitions": jnp.zeros((LABELS, LABELS)),
    }
    learned = _learn(lesson, lesson.hashed, start, _linear_votes, LINEAR)
    return learned | {"linear": learned["linear"][:size]}


def _linear_votes(weights: Weights, seen: Any, mask: Any, key: Any) -> Any:
    found = weights["linear"][seen]
    kept = jax.random.bernoulli(key, 1 - LINEAR.left_out, found.shape[:-1])
    return (found * kept[..., None]).sum(-2) / (1 - LINEAR.left_out)


def learn_network(lesson: Lesson, begun: Mapping[str, NDArray[np.float32]]) -> Weights:
    """Weights of the recurrent network, from those it begins with, and transitions."""
    width, letters = begun["state0"].shape[0], begun["letters"]
    more = _rounded(len(letters)) - len(letters)
    start = {name: jnp.asarray(array) for name, array in begun.items()} | {
        "letters": jnp.asarray(np.pad(letters, ((0, more), (0, 0)))),
        "output": jnp.zeros((2 * width, LABELS)),
        "output_bias": jnp.zeros(LABELS),
        "transitions": jnp.zeros((LABELS, LABELS)),
    }
    learned = _learn(lesson, lesson.letters, start, _network_votes, NETWORK)
    return learned | {"letters": learned["letters"][: len(letters)]}


def _network_votes(weights: Weights, seen: Any, mask: Any, key: Any) -> Any:
    def spare(values: Any, number: int) -> Any:
        share = 1 - NETWORK.left_out
        chosen = jax.random.bernoulli(jax.random.fold_in(key, number), share, values.shape)
        return values * chosen / share

    seen = spare(weights["letters"][seen], 0)
    for layer in (0, 2):
        seen = jnp.concatenate(
            [_recurrent(seen, mask, weights, layer + i, reverse=i == 1) for i in (0, 1)], -1
        )
    return spare(seen, 1) @ weights["output"] + weights["output_bias"]


def _rounded(rows: int) -> int:
    return -(-rows // _ROWS) * _ROWS


def _recurrent(inputs: Any, mask: Any, weights: Weights, unit: int, *, reverse: bool) -> Any:
    """One direction of a layer of gated recurrent units."""
    gates, candidate = weights[f"gates{unit}"], weights[f"state{unit}"]
    width = candidate.shape[0]
    given = inputs @ weights[f"input{unit}"] + weights[f"bias{unit}"]

    def step(state: Any, seen: Any) -> Any:
        now, live = seen
        gate = jax.nn.sigmoid(now[:, : 2 * width] + state @ gates)
        new = jnp.tanh(now[:, 2 * width :] + (gate[:, width:] * state) @ candidate)
        moved = state + gate[:, :width] * (new - state)
        moved = jnp.where(live[:, None], moved, state)
        return moved, moved

    begin = jnp.zeros((inputs.shape[0], width))
    _, states = jax.lax.scan(step, begin, (jnp.swapaxes(given, 0, 1), mask.T), reverse=reverse)
    return jnp.swapaxes(states, 0, 1)


@cache
def _step(votes: Callable[[Weights, Any, Any, Any], Any], course: Course) -> Any:
    """One step of Adam on the likelihood of the labels, compiled."""
    possible = np.vstack([np.eye(LABELS, dtype=bool), np.ones((1, LABELS), bool)])

    def loss(weights: Weights, seen: Any, mask: Any, wanted: Any, key: Any) -> Any:
        scores = votes(weights, seen, mask, key)
        moves = jnp.where(ALLOWED, weights["transitions"], _IMPOSSIBLE)
        every = _all_paths(scores, mask, moves)
        right = _all_paths(
            jnp.where(jnp.asarray(possible)[wanted], scores, _IMPOSSIBLE), mask, moves
        )
        return (every - right).mean()

    slope = jax.grad(loss)

    @jax.jit
    def step(
        weights: Weights, mean: Weights, square: Weights, at: Any, rate: Any, *batch: Any
    ) -> Any:
        found = slope(weights, *batch)
        mean = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, mean, found)
        square = jax.tree.map(lambda s, g: 0.99 * s + 0.01 * g * g, square, found)
        moved = {
            name: w
            - rate
            * (
                (mean[name] / (1 - 0.9**at)) / (jnp.sqrt(square[name] / (1 - 0.99**at)) + 1e-4)
                + course.decay * w
            )
            for name, w in weights.items()
        }
        return moved, mean, square

    return step


def _learn(
    lesson: Lesson,
    inputs: NDArray[np.int32],
    start: Weights,
    votes: Callable[[Weights, Any, Any, Any], Any],
    course: Course,
) -> Weights:
    """Adam on the likelihood of the labels, the rate falling to nothing."""
    step = _step(votes, course)
    order = np.random.default_rng(_SEED)
    key = jax.random.PRNGKey(_SEED)
    weights = start
    mean, square = jax.tree.map(jnp.zeros_like, start), jax.tree.map(jnp.zeros_like, start)
    total = course.passes * sum(1 for _ in _batches(lesson, course.together, order))
    order = np.random.default_rng(_SEED)
    done = 0
    for _ in range(course.passes):
        for rows, mask in _batches(lesson, course.together, order):
            done += 1
            key, now = jax.random.split(key)
            wanted = lesson.labels[rows]
            rate = course.rate * (1 - done / (total + 1))
            weights, mean, square = step(
                weights, mean, square, float(done), rate, inputs[rows], mask, wanted, now
            )
    return {name: np.asarray(array) for name, array in weights.items()}


def _all_paths(scores: Any, mask: Any, moves: Any) -> Any:
    """The logarithm of the sum over all sequences of labels, of each text."""
    begin = scores[:, 0] + jnp.where(OPENING, 0, _IMPOSSIBLE)

    def step(before: Any, seen: Any) -> Any:
        now, live = seen
        after = jax.nn.logsumexp(before[:, :, None] + moves[None], 1) + now
        return jnp.where(live[:, None], after, before), None

    last, _ = jax.lax.scan(step, begin, (jnp.swapaxes(scores[:, 1:], 0, 1), mask[:, 1:].T))
    return jax.nn.logsumexp(last + jnp.where(CLOSING, 0, _IMPOSSIBLE), 1)


def _batches(
    lesson: Lesson, together: int, order: np.random.Generator
) -> Iterator[tuple[NDArray[np.int32], NDArray[np.bool_]]]:
    """Texts of like length in a random order: rows of characters, and which of them count."""
    by_length = grouped(
        (next(size for size in _LENGTHS if text[1] <= size), text) for text in lesson.texts
    )
    found = []
    for size, texts in sorted(by_length.items()):
        mixed = [texts[i] for i in order.permutation(len(texts))]
        at_once = max(1, together * 64 // size)
        found += [(size, at_once, mixed[i : i + at_once]) for i in range(0, len(mixed), at_once)]
    for i in order.permutation(len(found)):
        size, at_once, texts = found[i]
        rows = np.zeros((at_once, size), np.int32)
        mask = np.zeros((at_once, size), bool)
        for row, (start, length) in enumerate(texts):
            rows[row, :length] = np.arange(start, start + length)
            mask[row, :length] = True
        yield rows, mask
