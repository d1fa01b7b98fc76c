"""Spans that may be names, and which of them are taken."""

import itertools

import numpy as np
import pytest

from kg.extract.characters import Area, Page
from kg.extract.choice import Choice, Trees, pack_choice, read_choice
from kg.extract.evidence import FEATURES, Reading, evidence
from kg.extract.labels import ALLOWED, CLOSING, LABELS, OPENING, first_of
from kg.extract.spans import Span, batches, find_spans

AREA = Area.of(["柳埠市", "柳埠"])


def test_the_probability_of_a_span_is_that_of_all_sequences_that_have_it() -> None:
    random = np.random.default_rng(3)
    page = Page.of(["甲乙", "甲乙丙丁"])
    votes = random.normal(size=(len(page.text), LABELS)).astype(np.float32)
    moves = random.normal(size=(LABELS, LABELS)).astype(np.float32)
    found = {span[:4]: np.exp(span.sure) for span in find_spans(votes, moves, page)}
    for text, (start, length) in enumerate(zip(page.starts, page.lengths, strict=True)):
        scores = {}
        for labels in itertools.product(range(LABELS), repeat=int(length)):
            pairs = list(itertools.pairwise(labels))
            if OPENING[labels[0]] and CLOSING[labels[-1]] and all(ALLOWED[p] for p in pairs):
                held = sum(votes[start + i, label] for i, label in enumerate(labels))
                scores[labels] = np.exp(held + sum(moves[p] for p in pairs))
        for first, kind in ((first_of("zone"), "zone"), (first_of("institution"), "institution")):
            for a, b in itertools.combinations(range(int(length)), 2):
                form = (first, *[first + 1] * (b - a - 1), first + 2)
                share = sum(s for labels, s in scores.items() if labels[a : b + 1] == form)
                share /= sum(scores.values())
                if share > 0.04:
                    assert found[text, a, b + 1, kind] == pytest.approx(share, rel=1e-3)
    assert all(0.03 < p <= 1 for p in found.values())


@pytest.mark.parametrize(("length", "most"), [(60, 16), (1_000, 4), (9_000, 1)])
def test_long_texts_are_read_fewer_at_a_time(length: int, most: int) -> None:
    parts = list(batches(Page.of(["", *["墨" * length] * 20]), 16))
    assert max(map(len, parts)) == most
    assert sorted(int(text) for part in parts for text in part) == list(range(1, 21))


def reading(texts: list[str], *spans: Span) -> Reading:
    page = Page.of(texts)
    votes = np.zeros((len(page.text), LABELS), np.float32)
    return Reading(page, votes, votes, spans)


def told(read: Reading, common: dict[str, float] | None = None) -> list[dict[str, float]]:
    rows = evidence(read, AREA, common or {})
    return [dict(zip(FEATURES, row.tolist(), strict=True)) for row in rows]


def test_evidence_is_what_the_whole_document_says_of_the_string() -> None:
    spans = [
        Span(0, 2, 6, "zone", np.log(0.5)),
        Span(0, 2, 5, "zone", np.log(0.25)),
        Span(1, 0, 4, "zone", np.log(0.9)),
        Span(1, 5, 8, "zone", np.log(0.8)),
    ]
    texts = ["建设墨池新城,", "墨池新城、栖霞渡", "墨池新城桥"]
    whole, part, again, beside = told(reading(texts, *spans), {"建设": 1.0, "新城": 0.5})
    assert whole["count"] == 3
    assert whole["elsewhere"] == pytest.approx(0.9 / 2)
    assert whole["surest"] == pytest.approx(0.9)
    assert (whole["rights"], whole["joined_right"]) == (3, pytest.approx(1 / 3))
    assert part["longer_rival"] == pytest.approx(0.5)
    assert whole["longer_rival"] == 0
    assert whole["rivals"] == pytest.approx(0.25)
    assert again["beside_right"] == pytest.approx(0.8)
    assert beside["beside_left"] == pytest.approx(0.9)
    assert whole["last_word"] == pytest.approx(0.5)
    assert whole["rare_share"] == pytest.approx(0.5)


def stump(feature: str, threshold: float, lower: float, upper: float) -> Trees:
    """One tree that asks for one feature."""
    return Trees(
        np.array([[FEATURES.index(feature), 0, 0]], np.int16),
        np.array([[threshold, 0, 0]]),
        np.array([[1, 1, 2]], np.int16),
        np.array([[2, 1, 2]], np.int16),
        np.array([[0, lower, upper]]),
        1,
    )


def test_of_spans_that_overlap_those_are_taken_that_are_surest_together() -> None:
    trees = stump("length", 4.5, 1.0, 1.5)
    choice = Choice(trees, {}, {"zone": 0.5, "institution": 0.5})
    spans = [
        Span(0, 0, 3, "zone", -1.0),
        Span(0, 4, 8, "institution", -1.0),
        Span(0, 1, 6, "zone", -1.0),
        Span(1, 0, 5, "zone", -1.0),
        Span(1, 0, 4, "zone", -1.0),
    ]
    read = reading(["栖霞渡和柳埠大学", "墨池世纪城"], *spans)
    taken = choice.names(read, AREA)
    assert [span for span, _ in taken] == [spans[0], spans[1], spans[3]]
    assert [sure for _, sure in taken] == pytest.approx([0.731, 0.731, 0.818], abs=1e-3)


def test_spans_below_the_least_probability_of_their_kind_are_none() -> None:
    choice = Choice(stump("length", 4.5, 1.0, 1.5), {}, {"zone": 0.5, "institution": 0.75})
    spans = [Span(0, 0, 4, "institution", -1.0), Span(1, 0, 3, "zone", -1.0)]
    read = reading(["柳埠大学", "栖霞渡"], *spans)
    assert [span.kind for span, _ in choice.names(read, AREA)] == ["zone"]
    assert choice.names(reading(["", ""]), AREA) == []


def test_what_was_learned_is_kept_in_a_file() -> None:
    packed = pack_choice(stump("count", 2, -1, 1), {"新城": 0.5}, {"zone": 0.4, "institution": 0.3})
    spans = [Span(0, 0, 3, "zone", -1.0)]
    assert read_choice(packed).names(reading(["栖霞渡"], *spans), AREA) == []
    thrice = reading(["栖霞渡", "栖霞渡", "栖霞渡"], *spans)
    assert [span for span, _ in read_choice(packed).names(thrice, AREA)] == spans
