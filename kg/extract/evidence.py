"""What speaks for a span being a name: how sure the tagger's voices are, what competes with it,
what the whole document says of the same string, and how common its words are in plans."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from kg.extract.characters import Area, Page, plain
from kg.extract.labels import KINDS, OUTSIDE, first_of
from kg.extract.spans import LONGEST, Span
from kg.lexicon import grouped, lexicon
from kg.lexicon.dictionary import cut

Reals = NDArray[np.float32]

FEATURES = (
    "sure", "rival", "longer_rival", "rivals", "beside_left", "beside_right",
    "institution", "length", "text_length", "inside_area",
    "count", "elsewhere", "surest", "same_right", "rights", "lefts", "joined_right", "joined_left",
    *(
        f"{voice}_{what}"
        for voice in ("linear", "network")
        for what in ("start", "end", "middle", "weakest", "before", "behind", "kind")
    ),
    "words", "rarest", "rarest_before_last", "commonness", "rare_share", "last_word",
)  # fmt: skip
_NO_RIVAL = -9.0
_MOST = 400  # occurrences of a string whose surroundings are looked at
_UNSEEN = 0.02  # the share of plans that a word is in, at least, when logarithms are taken


@dataclass(frozen=True)
class Reading:
    """What the tagger makes of a document: its texts side by side, the scores of its two voices for
    each character and label, and the spans that may be names, their texts counted in the page."""

    page: Page
    linear: Reals
    network: Reals
    spans: Sequence[Span]

    def string(self, span: Span) -> str:
        """A span's characters."""
        begin = int(self.page.starts[span.text])
        return self.page.text[begin + span.start : begin + span.end]


def evidence(reading: Reading, area: Area, common: Mapping[str, float]) -> Reals:
    """The features of each span, in the order of FEATURES; common: words by share of plans."""
    rivals, strings = _rivals(reading.spans), _Strings(reading)
    surest: dict[tuple[int, str, bool, int], float] = {}
    for span in reading.spans:
        for key in (
            (span.text, span.kind, False, span.start),
            (span.text, span.kind, True, span.end),
        ):
            surest[key] = max(span.sure, surest.get(key, span.sure))
    beside = "".join(mark for mark in lexicon("names")["lists"]["between"] if len(mark) == 1)
    sizes = {len(name) for name in area.inside}
    words = cache(lambda text: _words(text, common))
    voices = np.hstack([_voice(votes, reading) for votes in (reading.linear, reading.network)])
    found = np.zeros((len(reading.spans), len(FEATURES)), np.float32)
    for row, span in enumerate(reading.spans):
        text = reading.string(span)
        found[row] = (
            span.sure,
            *rivals[row],
            *_neighbours(reading, span, surest, beside),
            KINDS.index(span.kind),
            len(text),
            reading.page.lengths[span.text],
            max((size for size in sizes if text[:size] in area.inside), default=0),
            *strings.features(span),
            *voices[row],
            *words(text),
        )
    return found


def _rivals(spans: Sequence[Span]) -> list[tuple[float, float, float]]:
    """Of the spans that overlap each: the surest, the surest that holds it, and their sum."""
    texts = grouped((span.text, (span.start, number)) for number, span in enumerate(spans))
    for starts in texts.values():
        starts.sort()
    odds = np.exp([span.sure for span in spans])
    found = []
    for number, span in enumerate(spans):
        near = texts[span.text]
        reach = slice(
            bisect_left(near, (span.start - LONGEST, 0)), bisect_left(near, (span.end, 0))
        )
        over = sorted(o for _, o in near[reach] if o != number and span.start < spans[o].end)
        holding = [
            odds[o]
            for o in over
            if spans[o].start <= span.start
            and span.end <= spans[o].end
            and spans[o][1:3] != span[1:3]
        ]
        rival = max((spans[o].sure for o in over), default=_NO_RIVAL)
        found.append((rival, float(max(holding, default=0)), float(sum(odds[o] for o in over))))
    return found


def _neighbours(
    reading: Reading, span: Span, surest: Mapping[tuple[int, str, bool, int], float], beside: str
) -> tuple[float, float]:
    """How probable a name of the same kind is before and behind it in a list. surest: the surest
    span by its text, its kind, and where it begins (False) or ends (True)."""
    text, begin = reading.page.text, int(reading.page.starts[span.text])

    def sure(mark: int, ends: bool, place: int) -> float:
        found = surest.get((span.text, span.kind, ends, place)) if text[mark] in beside else None
        return 0.0 if found is None else float(np.exp(found))

    left = sure(begin + span.start - 1, True, span.start - 1)
    return left, sure(begin + span.end, False, span.end + 1)


class _Strings:
    """What the whole document says of each string that a span has."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._sum: dict[tuple[str, str], float] = defaultdict(float)
        self._most: dict[tuple[str, str], float] = defaultdict(float)
        for span in reading.spans:
            key, sure = (reading.string(span), span.kind), float(np.exp(span.sure))
            self._sum[key] += sure
            self._most[key] = max(self._most[key], sure)
        pairs = _pairs(reading.page.codes)
        self._order = np.argsort(pairs, kind="stable")  # where each pair of characters is
        self._pairs = pairs[self._order]
        self._around = cache(self._look_around)

    def features(self, span: Span) -> tuple[float, ...]:
        """How often the string is in the document; how sure of its other occurrences the tagger
        is on average, and of the surest; how many of them go on as this one does, and otherwise: in
        how many ways, and what share as if a word went on."""
        reading = self._reading
        text = reading.string(span)
        key = text, span.kind
        count, lefts, rights = self._around(text)
        seen = max(rights.total(), 1)
        others = (self._sum[key] - float(np.exp(span.sure))) / max(count - 1, 1)
        if count == 1:
            return count, others, 0, -1, len(rights), len(lefts), -1, -1
        following = reading.page.text[int(reading.page.starts[span.text]) + span.end]
        return (
            count,
            others,
            self._most[key],
            rights[following] / seen,
            len(rights),
            len(lefts),
            sum(n for c, n in rights.items() if plain(c)) / seen,
            sum(n for c, n in lefts.items() if plain(c)) / seen,
        )

    def _look_around(self, text: str) -> tuple[int, Counter[str], Counter[str]]:
        """How often a string is in the document, and the characters before and behind it."""
        whole, lefts, rights = self._reading.page.text, Counter[str](), Counter[str]()
        places = self._places(text)
        count, end = 0, -1
        for at in places:  # as str.count, which leaves out what overlaps the one before
            if at >= end:
                count, end = count + 1, at + len(text)
        if 1 < count < _MOST:
            for at in places:
                lefts[whole[at - 1]] += 1
                rights[whole[at + len(text)]] += 1
        return count, lefts, rights

    def _places(self, text: str) -> list[int]:
        """Where a string stands, found by its rarest pair of characters."""
        pairs = _pairs(np.array([ord(character) for character in text]))
        begins, ends = (np.searchsorted(self._pairs, pairs, side) for side in ("left", "right"))
        offset = int((ends - begins).argmin())
        whole = self._reading.page.text
        rarest = self._order[begins[offset] : ends[offset]].tolist()
        starts = (at - offset for at in rarest if at >= offset)
        return [at for at in starts if whole.startswith(text, at)]


def _pairs(codes: NDArray[np.int64]) -> NDArray[np.int64]:
    """A number for each two characters side by side."""
    found: NDArray[np.int64] = codes[:-1] * 0x110000 + codes[1:]
    return found


def _voice(votes: Reals, reading: Reading) -> Reals:
    """How far a voice prefers each span's labels to none: at its start, its end, in its middle on
    average and at its weakest; how far it prefers none before and behind it; and how far it
    prefers the span's kind at its start."""
    at = reading.page.starts[[span.text for span in reading.spans]]
    begins = at + [span.start for span in reading.spans]
    lasts = at + [span.end - 1 for span in reading.spans]
    first = np.array([first_of(span.kind) for span in reading.spans])
    other = sum(map(first_of, KINDS)) - first
    held = votes - votes[:, [OUTSIDE]]
    middles = [held[a + 1 : z, m] for a, z, m in zip(begins, lasts, first + 1, strict=True)]
    return np.column_stack(
        [
            held[begins, first],
            held[lasts, first + 2],
            [middle.sum() / max(len(middle), 1) for middle in middles],
            [middle.min() if len(middle) else 0 for middle in middles],
            -held[begins - 1, 1:].max(1),
            -held[lasts + 1, 1:].max(1),
            held[begins, first] - held[begins, other],
        ]
    ).astype(np.float32)


def _words(text: str, common: Mapping[str, float]) -> tuple[float, ...]:
    """How many words a string has, and in what share of plans they stand: the rarest, the rarest
    but for the last, the mean of the logarithms, the share of characters in words that no two
    plans have, and the last."""
    words = cut(text)
    shares = [common.get(word, 0.0) for word in words]
    rare = sum(len(word) for word, share in zip(words, shares, strict=True) if not share)
    return (
        len(words),
        min(shares),
        min(shares[:-1], default=1),
        float(np.log(np.array(shares) + _UNSEEN).mean()),
        rare / len(text),
        shares[-1],
    )
