"""A measure's sentence beside an indicator's name: what they share, as numbers to judge by."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cache, lru_cache, partial

from kg.document.structure import Document, Sentence
from kg.extract.clauses import Clause, clauses, verb_at
from kg.extract.model import Indicator
from kg.lexicon import lexicon, pattern
from kg.link.same_quantities import are_apart
from kg.source.text import compact

_form = partial(pattern, "contributions", "name")
FEATURES = (
    "stated",  # the name, without what does not tell it from others, is in the sentence
    "run",  # how long a piece of its subject is in one clause
    "telling",  # how much that clause says of the subject
    "whole",  # how much of the name is in the sentence, from its half on
    "set",  # how much of the subject is in the name of a target that the sentence sets
    "serves",  # other words for the quantity
    "serves twice",
    "concerns",  # words of its subject
    "concerns twice",
    "heading",  # the section's heading is about it
    "nearest",  # no other indicator is nearer to the sentence
)
_LEAST = 2  # characters of a subject
_ACTED_ON = 4  # characters of what an action is about
_LONG = 8  # characters of a piece that leaves no doubt
_TELLING = 40.0  # weight of pairs of characters that leave none
_HALF = 0.5  # of a name's weight: what shares no more with a sentence is not judged by it
_NOTHING = (0.0,) * (len(FEATURES) - 1)
_SHARED = 0.25  # of a subject's weight, below which a sentence without other words is passed over

Words = tuple[str, ...]  # that must stand together


@dataclass(frozen=True)
class Asked:
    """An indicator as it is looked for.

    whole, subject: its name without what does not tell it from others, and what it is about.
    serves, concerns: other words for the quantity, and words of its subject. excluded: words that
        rule a sentence out; counts_added: whether one that tells of nothing new is ruled out.
        masked: what holds the subject as a part of other quantities' names. narrower: words that
        tell a part of the quantity from all of it. pairs, whole_pairs, cue_pairs: the pairs of
        characters of its subject, of its name, and that other words begin with; near: those of
        which a sentence holds one, if it is told of.
    """

    indicator: Indicator
    whole: str
    subject: str
    serves: tuple[Words, ...]
    concerns: tuple[Words, ...]
    excluded: Words
    counts_added: bool
    masked: re.Pattern[str] | None
    narrower: Words
    pairs: frozenset[str]
    whole_pairs: frozenset[str]
    cue_pairs: frozenset[str]
    near: frozenset[str]

    def read(self, text: str) -> str:
        """A text of the same length without the names of other quantities that hold the subject,
        and without what a thing is only of use in."""
        text = _form("fields").sub(_blank, text)
        return self.masked.sub(_blank, text) if self.masked else text

    def is_told_of(self, text: str) -> bool:
        """Whether a text has words for the quantity or its subject."""
        held = text.__contains__
        return any(all(map(held, words)) for words in self.serves + self.concerns)


def _blank(match: re.Match[str]) -> str:
    return "·" * len(match[0])


@dataclass(frozen=True)
class Pair:
    """A sentence and an indicator that share words.

    features: FEATURES, each from 0 to 1. own: the same without what the sentence says of other
    quantities that it sets targets for. places: the clauses that hold the words, and stated: the
    name itself where it is in full, as places in the sentence's text.
    """

    sentence: Sentence
    indicator: Indicator
    features: tuple[float, ...]
    own: tuple[float, ...]
    places: tuple[tuple[int, int], ...]
    stated: tuple[int, int] | None


@dataclass(frozen=True)
class _Scene:
    """A sentence with what of it does not depend on the indicator."""

    sentence: Sentence
    pairs: frozenset[str]
    heading: str
    targets: tuple[str, ...]


def about(name: str) -> tuple[str, str]:
    """An indicator's name without what does not tell it from others, and its subject alone.

    >>> about("规模以上人工智能核心产业营业收入")
    ('人工智能核心产业营业收入', '人工智能核心产业')
    """
    whole = _form("brackets").sub("", re.sub(r"[\s/]", "", name))
    for key in ("ratios", "shares"):
        whole = _form(key).sub(r"\1", whole)
    for key in ("per_output", "rates", "scopes", "scopes"):
        whole = _shorter(key, whole)
    subject = whole
    for key in ("endings", "endings", "measures", "endings"):
        subject = _shorter(key, subject)
    while (verb := verb_at(subject, "firm")) and len(subject) - len(verb) >= _ACTED_ON:
        subject = subject[len(verb) :]
    return whole, subject


def _shorter(rule: str, name: str) -> str:
    """The name without what a rule matches, where enough of it stays."""
    left = _form(rule).sub("", name, count=1)
    return left if len(left) >= _LEAST else name


@cache
def asked(indicator: Indicator) -> Asked:
    """What an indicator is looked for by: its name, and the lexicon's words for such a name."""
    whole, subject = about(indicator.name)
    plain = compact(indicator.name)
    entries = [
        entry
        for entry in lexicon("contributions")["quantity"]
        if any(all(w in plain for w in words.split("+")) for words in entry["of"])
        and not any(word in plain for word in entry.get("unless", ()))
    ]
    serves, concerns = (
        tuple(tuple(words.split("+")) for entry in entries for words in entry[key])
        for key in ("serves", "concerns")
    )
    base = pattern("contributions", "base", "of").fullmatch(subject)
    alone = "·".join([whole, *(words[0] for words in serves if len(words) == 1)])
    parts = (word for words in serves if len(words) > 1 for word in words)
    narrower = tuple(word for word in parts if word not in alone)
    excluded = tuple(word for entry in entries for word in entry.get("not", ()))
    counts_added = _form("added").search(plain) is not None
    rules = excluded, counts_added, pattern("contributions", "base", "not") if base else None
    own, cues = _pairs(subject), frozenset(words[0][:2] for words in serves + concerns)
    near = own, _pairs(whole), cues, own | cues
    return Asked(indicator, whole, subject, serves, concerns, *rules, narrower, *near)


@lru_cache(maxsize=4096)
def _pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text."""
    return frozenset(text[i : i + 2] for i in range(len(text) - 1))


class _Weights:
    """How much pairs of characters tell in one document: what many sentences hold tells little."""

    def __init__(self, sentences: Iterable[frozenset[str]]) -> None:
        counts: Counter[str] = Counter()
        number = 0
        for number, pairs in enumerate(sentences, 1):  # noqa: B007
            counts.update(pairs)
        number += 2
        self._weights = {p: math.log(number / (count + 1)) for p, count in counts.items()}
        self._unseen = math.log(number)
        self.total = cache(self.of)  # of the few names of indicators, each asked for often

    def of(self, pairs: Iterable[str]) -> float:
        """The weight of pairs of characters."""
        return sum(self._weights.get(p, self._unseen) for p in pairs)

    def share(self, pairs: frozenset[str], found: frozenset[str]) -> float:
        """How much of the weight of some pairs was found, from 0 to 1."""
        shared = pairs & found
        total = self.total(pairs) if shared else 0.0
        return self.of(shared) / total if total > 0 else 0.0


def pairs(
    document: Document,
    measures: Iterable[str],
    indicators: Iterable[Indicator],
    targets: Mapping[str, Sequence[str]],
) -> Iterator[Pair]:
    """Every measure's sentence, by number, with every indicator that it shares enough words with;
    targets: what sentences set targets for, in their words, by their numbers."""
    chosen, rows = frozenset(measures), [asked(indicator) for indicator in indicators]
    if not rows:
        return
    held = {sentence.number: _pairs(sentence.text) for sentence in document.sentences}
    weights = _Weights(held.values())
    for sentence in document.sentences:
        if sentence.number not in chosen:
            continue
        names = tuple(targets.get(sentence.number, ()))
        heading = document.section(sentence.section).heading
        scene = _Scene(sentence, held[sentence.number], heading, names)
        near = (row for row in rows if not row.near.isdisjoint(scene.pairs))
        found = [pair for row in near if (pair := _pair(weights, scene, row)) is not None]
        best = max((_nearness(pair.features) for pair in found), default=0.0)
        for pair in found:
            nearest = float(_nearness(pair.features) >= best)
            yield replace(pair, features=(*pair.features, nearest), own=(*pair.own, nearest))


def _nearness(features: Sequence[float]) -> float:
    return sum(features[: FEATURES.index("concerns twice")])


def _pair(weights: _Weights, scene: _Scene, row: Asked) -> Pair | None:
    """The pair, without whether it is the nearest; None where too little is shared."""
    text = scene.sentence.text
    cued = not row.cue_pairs.isdisjoint(scene.pairs) and row.is_told_of(text)
    if not cued and (
        row.pairs.isdisjoint(scene.pairs) or weights.share(row.pairs, scene.pairs) < _SHARED
    ):
        return None
    text = row.read(text)
    idle = row.counts_added and _form("adding").search(text) is None
    if idle or any(word in text for word in row.excluded):
        return None
    shared = own = _shared(weights, scene, row, text)
    if shared is None:
        return None
    others = [name for name in scene.targets if _is_another(name, row.indicator.name)]
    others += [word for word in row.narrower if any(word in one for one in scene.targets)]
    if others:
        text = _without(text, others)
        own = _shared(weights, scene, row, text, frozenset(others))
    features, holding = shared
    places = tuple(sorted((part.start, part.end) for part in holding))
    at = text.find(row.indicator.name)
    stated = (at, at + len(row.indicator.name)) if at >= 0 else None
    of_own = own[0] if own and not _of_other_grade(text, row.indicator.name) else _NOTHING
    return Pair(scene.sentence, row.indicator, features, of_own, places, stated)


def _shared(
    weights: _Weights, scene: _Scene, row: Asked, text: str, others: Set[str] = frozenset()
) -> tuple[tuple[float, ...], set[Clause]] | None:
    """What a text of a sentence shares with a row, but for the last of FEATURES, and the clauses
    that hold it, other targets of the sentence left out; None where it is too little."""
    parts = clauses(text)
    serves, concerns = _together(row.serves, text, parts), _together(row.concerns, text, parts)
    shares = [weights.share(row.pairs, _pairs(part.text)) for part in parts]
    share = max(shares, default=0.0)
    if share < _SHARED and not serves and not concerns:
        return None
    clause = parts[shares.index(share)]
    targets = (_pairs(name) for name in scene.targets if name not in others)
    features = (
        float(len(row.whole) > _LEAST and row.whole in text),
        min(1.0, _longest_run(row.subject, clause.text) / _LONG),
        min(1.0, share * weights.total(row.pairs) / _TELLING),
        max(0.0, weights.share(row.whole_pairs, _pairs(text)) - _HALF) / (1 - _HALF),
        max((weights.share(row.pairs, name) for name in targets), default=0.0),
        float(bool(serves)),
        float(len(serves) > 1),
        float(bool(concerns)),
        float(len(concerns) > 1),
        max(float(row.is_told_of(scene.heading)), weights.share(row.pairs, _pairs(scene.heading))),
    )
    return features, {*(serves or concerns).values(), *([clause] if share >= _SHARED else [])}


def _of_other_grade(text: str, row: str) -> bool:
    """Whether all that a text says of the grades of things (national, of a province) is of others
    than those that a row counts."""
    if _form("any_grade").search(text):
        return False
    grade = _form("grade")
    said, counted = ({m.lastgroup for m in grade.finditer(one)} for one in (text, row))
    return bool(said and counted) and said.isdisjoint(counted)


def _is_another(name: str, row: str) -> bool:
    """Whether a target is for another quantity than a row's, and for no part of it."""
    parts = pattern("comparison", "likeness", "parts")
    return are_apart(parts.sub("", name), parts.sub("", row))


def _without(text: str, names: Iterable[str]) -> str:
    """A text of the same length without some names."""
    for name in names:
        text = text.replace(name, "·" * len(name))
    return text


def _together(words: Iterable[Words], text: str, parts: Iterable[Clause]) -> dict[Words, Clause]:
    """The words that stand together in a clause of a text, each with the first that holds them."""
    found: dict[Words, Clause] = {}
    there = [together for together in words if all(map(text.__contains__, together))]
    for part in parts if there else ():
        for together in there:
            if together not in found and all(word in part.text for word in together):
                found[together] = part
    return found


def _longest_run(name: str, text: str) -> int:
    """The length of the longest piece of a name that is in a text."""
    return SequenceMatcher(None, text, name, autojunk=False).find_longest_match().size
