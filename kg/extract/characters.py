"""What a tagger of names sees of each character: hashed features in columns, for a whole document
at once."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kg.lexicon import lexicon
from kg.lexicon.dictionary import cut, part_of_speech
from kg.source import gazetteer

Whole = NDArray[np.int64]

HASHES = 1 << 20  # places that hashed features fall into
GAP = 4  # line breaks between two texts: no feature looks across them
_LONGEST_ENDING = 4
_LEAST_NAMES = 2  # distinct names that an ending is learned from
_LEAST_SHARE = 0.08  # of an ending's occurrences that close a name
_NEAR = np.array([0, 1, 2, 3, 4, 6, 8, 11, 15, 99])
_STEPS = np.array([1, 2, 3, 4, 5, 7, 9, 13, 20])
_LENGTHS = np.array([2, 3, 4, 5, 6, 8, 10, 13, 17, 25])
_FAR = 99


@dataclass(frozen=True)
class Area:
    """The names of the plan's own area and of the divisions inside it."""

    own: frozenset[str]
    inside: frozenset[str]

    @classmethod
    def of(cls, own: Iterable[str]) -> Area:
        """The area of these names, with every division of today that lies in it."""
        names = frozenset(own)
        held = {
            d.code for name in names for d in gazetteer.named(name) if d.code and d.until is None
        }
        inside = {name for one in _today() if _above(one) & held for name in one.names}
        return cls(names, frozenset(inside) - names)


@cache
def _today() -> tuple[gazetteer.Division, ...]:
    return tuple(one for one in gazetteer.divisions()[1:] if one.until is None)


@cache
def _above(one: gazetteer.Division) -> frozenset[str]:
    return frozenset(each.code for each in gazetteer.above(one))


@cache
def _divisions() -> tuple[dict[str, int], Table]:
    """Names of divisions and regions, coded by level and whether the name is full."""
    levels = {level: i for i, level in enumerate(gazetteer.Level)}
    found: dict[str, int] = {}
    for one in _today():
        for name in one.names:
            found.setdefault(name, 1 + levels[one.level] * 2 + (name != one.name))
    for name in lexicon("names")["regions"]["names"]:
        found.setdefault(name, 14)
    return found, Table(found)


class Table:
    """Strings, the first with the number 1, looked up at every place of a text at once, from it on;
    ending: up to it instead."""

    def __init__(self, texts: Iterable[str], *, ending: bool = False) -> None:
        self._step = -1 if ending else 1
        letters = [[ord(c) for c in text[:: self._step]] for text in texts]
        self._levels: list[tuple[NDArray[np.uint64], Whole]] = []
        rows = np.arange(len(letters))
        found = _seed(len(letters))
        for size in range(1, max(map(len, letters), default=0) + 1):
            long = np.array([len(letters[row]) >= size for row in rows])
            rows, found = rows[long], found[long]
            _stir(found, np.array([letters[row][size - 1] for row in rows]))
            keys = np.unique(found)
            whole = np.zeros(len(keys), np.int64)
            closed = np.array([len(letters[row]) == size for row in rows])
            whole[np.searchsorted(keys, found[closed])] = rows[closed] + 1
            self._levels.append((keys, whole))

    def longest(self, codes: Whole, numbers: Whole | None = None) -> tuple[Whole, Whole]:
        """The longest string at each place: its length and number, 0 for none; numbers: others by a
        string's own, 0 for one that is not looked for."""
        length, number = np.zeros_like(codes), np.zeros_like(codes)
        places = np.arange(len(codes))
        found = _seed(len(codes))
        for size, (keys, whole) in enumerate(self._levels, 1):
            letter = places + self._step * (size - 1)
            inside = (letter >= 0) & (letter < len(codes))
            places, found = places[inside], found[inside]
            _stir(found, codes[letter[inside]])
            at = np.minimum(np.searchsorted(keys, found), len(keys) - 1)
            hit = keys[at] == found
            places, found = places[hit], found[hit]
            which = whole[at[hit]] if numbers is None else numbers[whole[at[hit]]]
            length[places[which > 0]], number[places[which > 0]] = size, which[which > 0]
        return length, number


def learn_endings(names: Sequence[str], texts: Iterable[str]) -> dict[str, int]:
    """The endings of mentioned names, each with a number from 1; one that seldom closes a name in
    the texts is left out."""
    distinct = Counter(e for name in set(names) for e in _endings(name))
    closing = Counter(e for name in names for e in _endings(name))
    whole = "\n".join(texts)
    kept = sorted(
        ending
        for ending, count in distinct.items()
        if count >= _LEAST_NAMES and closing[ending] / whole.count(ending) >= _LEAST_SHARE
    )
    return {ending: number for number, ending in enumerate(kept, 1)}


def _endings(name: str) -> list[str]:
    return [name[-size:] for size in range(1, min(_LONGEST_ENDING, len(name) - 1) + 1)]


@dataclass(frozen=True)
class Page:
    """Texts laid side by side, GAP line breaks between them, so that arrays hold them all.

    text: the whole; starts: where each text begins in it; lengths: how long each is.
    """

    text: str
    starts: Whole
    lengths: Whole

    @classmethod
    def of(cls, texts: Sequence[str]) -> Page:
        """Lay texts side by side."""
        gap = "\n" * GAP
        lengths = np.array([len(text) for text in texts], np.int64)
        starts = GAP + np.cumsum(lengths + GAP) - lengths - GAP
        return cls(gap + "".join(text + gap for text in texts), starts, lengths)

    def only(self, chosen: Whole) -> Page:
        """The same page, where only some of its texts are looked at."""
        return Page(self.text, self.starts[chosen], self.lengths[chosen])

    def cut(self, most: int) -> Page:
        """The same page, its texts cut into stretches of so many characters at most."""
        pieces = np.maximum(1, -(-self.lengths // most))
        text = np.repeat(np.arange(len(pieces)), pieces)
        past = most * (np.arange(len(text)) - (np.cumsum(pieces) - pieces)[text])
        lengths = np.minimum(self.lengths[text] - past, most)
        return Page(self.text, self.starts[text] + past, lengths)

    @property
    def codes(self) -> Whole:
        """The code point of each character."""
        return np.frombuffer(self.text.encode("utf-32-le"), np.uint32).astype(np.int64)


def features(page: Page, area: Area, endings: Table) -> Iterator[NDArray[np.int32]]:
    """The hashed features of every character, one feature after another: all of them together take
    a kilobyte a character. The area's divisions are told from others."""
    columns = itertools.chain.from_iterable(_columns(page, area, endings))
    for number, parts in enumerate(columns, 1):
        yield (_mix(number, parts) & np.uint64(HASHES - 1)).astype(np.int32)


Column = tuple[Whole, ...]


def _columns(page: Page, area: Area, endings: Table) -> Iterator[list[Column]]:
    """What each feature is hashed from, in groups."""
    codes = page.codes
    classes = _class_table()[codes]
    yield _letters(codes, classes)
    words = _Words(page.text)
    yield _word_columns(words)
    yield _places(codes, area)
    phrases = _Phrases(codes, classes)
    yield _ending_columns(codes, classes, words, phrases, endings)
    yield _phrase_columns(codes, classes, words, phrases)


def _letters(codes: Whole, classes: Whole) -> list[Column]:
    """Characters around, alone and in runs of up to four, and what sort they are of."""
    c = {k: _shift(codes, k) for k in range(-3, 5)}
    k = {i: _shift(classes, i) for i in range(-2, 3)}
    return [
        *((c[i],) for i in range(-3, 4)),
        *((c[i], c[i + 1]) for i in range(-3, 3)),
        *((c[i], c[i + 1], c[i + 2]) for i in range(-3, 2)),
        *((c[i], c[i + 1], c[i + 2], c[i + 3]) for i in (-3, 0)),
        (k[-1], k[0], k[1]),
        (k[-2], k[-1], k[0], k[1], k[2]),
    ]


class _Words:
    """The dictionary's words of a text, seen from each of their characters."""

    def __init__(self, text: str) -> None:
        words = cut(text)
        numbers = {word: number for number, word in enumerate(dict.fromkeys(words))}
        word = np.array(list(map(numbers.__getitem__, words)))
        name = np.array([_hash(w) for w in numbers])[word]
        tag = np.array([_hash(part_of_speech(w)) for w in numbers])[word]
        lengths = np.array(list(map(len, words)))
        of = np.repeat(np.arange(len(words)), lengths)
        self.length = lengths[of]
        into = np.arange(len(text)) - (np.cumsum(lengths) - lengths)[of]
        self.border = np.where(
            self.length == 1, 0, np.where(into == 0, 1, np.where(into == self.length - 1, 2, 3))
        )
        self.word = {k: _shift(name, k)[of] for k in range(-2, 3)}
        self.tag = {k: _shift(tag, k)[of] for k in range(-1, 2)}


def _word_columns(words: _Words) -> list[Column]:
    border, tag, word = words.border, words.tag, words.word
    marked = tag[0] * 4 + border
    return [
        *((_shift(marked, k),) for k in range(-2, 3)),
        (word[0], border),
        (word[-1], border),
        (word[1], border),
        (tag[-1], marked, tag[1]),
        (word[-1], word[0], border),
        (word[1], word[0], border),
        (word[-2], border),
        (word[2], border),
        (tag[0], border, np.minimum(words.length, 5)),
    ]


def _places(codes: Whole, area: Area) -> list[Column]:
    """Administrative divisions: of what level, inside the plan's own area or elsewhere."""
    known, table = _divisions()
    numbers = np.array([0, *known.values()])
    numbers[1:][[name in area.inside for name in known]] += 16
    numbers[1:][[name in area.own for name in known]] = 0
    length, number = table.longest(codes, numbers)
    place = np.zeros_like(codes)
    reached = 0
    for start in np.flatnonzero(length):
        if start >= reached:
            reached = start + length[start]
            place[start:reached] = 64 + number[start]
            place[start], place[reached - 1] = 128 + number[start], 192 + number[start]
    return [
        (place,),
        (_shift(place, -1), place),
        (place, _shift(place, 1)),
        (place, _shift(codes, 1)),
        (place, _shift(codes, -1)),
    ]


class _Phrases:
    """The phrase around each character: where punctuation closes it on either side."""

    def __init__(self, codes: Whole, classes: Whole) -> None:
        kinds = _class_numbers()
        self.place = np.arange(len(codes))
        closing = np.isin(classes, [kinds[k] for k in lexicon("names")["characters"]["closing"]])
        self.left = np.maximum.accumulate(np.where(closing, self.place, 0))
        self.right = _next(np.where(closing, self.place, len(codes) - 1))
        self.listed = kinds["list"]


def _ending_columns(
    codes: Whole, classes: Whole, words: _Words, phrases: _Phrases, endings: Table
) -> list[Column]:
    """Learned endings: the one here, the next in the phrase and the last, and how far they are."""
    _, ending = endings.longest(codes)
    place, border = phrases.place, words.border
    following = _next(np.where(ending > 0, place, len(codes) + _FAR))
    there = following < phrases.right
    near = np.searchsorted(_NEAR, np.where(there, following - place, _FAR))
    kind = np.where(there, ending[np.minimum(following, len(codes) - 1)], 0)
    last = np.maximum.accumulate(np.where(ending > 0, place, -1))[np.maximum(phrases.right - 1, 0)]
    ahead = (last >= place) & (last > phrases.left)
    far = np.searchsorted(_NEAR, np.where(ahead, last - place, _FAR))
    closing = np.where(ahead, ending[np.maximum(last, 0)], 0)
    return [
        (ending, border),
        (near, kind),
        (near, border, words.tag[0]),
        (far, closing),
        (ending, _shift(classes, 1)),
        (ending, _shift(codes, 1), _shift(codes, 2)),
        (far, border, _shift(codes, -1)),
    ]


def _phrase_columns(codes: Whole, classes: Whole, words: _Words, phrases: _Phrases) -> list[Column]:
    """Place in the phrase, list and quotation marks; endings of the phrase and neighbour."""
    place, left, right, border = phrases.place, phrases.left, phrases.right, words.border
    since = np.searchsorted(_STEPS, place - left)
    until = np.searchsorted(_STEPS, right - place)
    length = np.searchsorted(_LENGTHS, right - left)
    pairs = codes * 70001 + _shift(codes, 1)
    before, after = codes[left], codes[right]
    beyond = right[np.minimum(right + 1, len(codes) - 1)]
    goes_on = classes[right] == phrases.listed
    listed = (classes[left] == phrases.listed) * 2 + goes_on
    next_end = np.where(goes_on, pairs[np.maximum(beyond - 2, 0)], 0)
    next_length = np.where(goes_on, np.minimum(beyond - right, 12), 0)
    quoted = _quoted(classes)
    end, last = pairs[np.maximum(right - 2, 0)], codes[np.maximum(right - 1, 0)]
    return [
        (quoted, since, before),
        (until, after),
        (listed, since),
        (end, since),
        (next_end, since, listed),
        (length, listed, next_length),
        (listed, length, border, words.tag[0]),
        (quoted, border, words.tag[0] * 4 + border),
        (before, last, listed),
        (listed, since, until),
    ]


def _quoted(classes: Whole) -> Whole:
    """Inside which marks a character stands: quotation marks, title marks, brackets or none."""
    kinds = _class_numbers()
    marks = {
        kinds[name]: state
        for state, (opening, closing) in enumerate(lexicon("names")["characters"]["pairs"], 1)
        for name, state in ((opening, state), (closing, 0))
    } | {kinds["break"]: 0}
    at = np.flatnonzero(np.isin(classes, list(marks)))
    states = np.array([0, *(marks[int(classes[i])] for i in at)], np.int64)
    return states[np.searchsorted(at, np.arange(len(classes)), side="right")]


@cache
def _class_numbers() -> dict[str, int]:
    return {name: i for i, name in enumerate(lexicon("names")["characters"]["classes"], 1)}


@cache
def _class_table() -> Whole:
    table = np.zeros(0x110000, np.int64)
    for name, characters in lexicon("names")["characters"]["classes"].items():
        for character in characters:
            table[ord(character)] = _class_numbers()[name]
    return table


def plain(character: str) -> bool:
    """Whether a character is of none of the sorts of kg/lexicon/names.toml: one that words have."""
    return not _class_table()[ord(character)]


@cache
def _hash(text: str) -> int:
    """A number for a text, the same in every process."""
    found = 7
    for character in text:
        found = (found * 1_000_003 ^ ord(character)) & 0x7FFF_FFFF_FFFF
    return found


def _shift(values: Whole, by: int) -> Whole:
    """values[i + by] at i; 0 beyond the ends."""
    moved = np.zeros_like(values) if by else values
    if by > 0:
        moved[:-by] = values[by:]
    elif by < 0:
        moved[-by:] = values[:by]
    return moved


def _next(places: Whole) -> Whole:
    """The smallest value at or after each place."""
    return np.minimum.accumulate(places[::-1])[::-1]


def _mix(number: int, parts: Column) -> NDArray[np.uint64]:
    """One hash of a column's number and its parts, the same in every process."""
    first = _seed(1)
    _stir(first, np.array([number]))
    found = np.repeat(first, len(parts[0]))
    for part in parts:
        _stir(found, part)
    found *= np.uint64(0xC2B2AE3D27D4EB4F)
    found ^= found >> np.uint64(32)
    return found


def _seed(size: int) -> NDArray[np.uint64]:
    return np.full(size, 0x1234567, np.uint64)


def _stir(found: NDArray[np.uint64], part: Whole) -> None:
    """Take a column into hashes."""
    found ^= part.view(np.uint64)
    found *= np.uint64(0x9E3779B97F4A7C15)
    found ^= found >> np.uint64(29)
