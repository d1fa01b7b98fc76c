"""Sentences that are nearly the same are found among many; others are not."""

from __future__ import annotations

import random

import numpy as np

from kg.link.shingles import bands, candidates, compared, likeness

LETTERS = "推进建设发展创新产业服务体系完善加快城市环境保护文化教育医疗交通能源水利农业科技人才"


def sentence(rng: random.Random, length: int = 50) -> str:
    return "".join(rng.choice(LETTERS) for _ in range(length))


def test_punctuation_and_blanks_do_not_matter() -> None:
    assert compared("推进 城市更新，\n加快建设。") == compared("推进城市更新、加快建设")


def test_how_alike_two_sentences_are() -> None:
    assert likeness("推进城市更新", "推进城市更新") == 1
    assert likeness("推进城市更新", "保护文化遗产") == 0
    assert likeness("推进城市", "推进城镇") == 1 / 3


def test_nearly_the_same_are_candidates_and_others_are_not() -> None:
    """Of 300 sentences that each have a twin with one word changed, nearly all are found; of the
    pairs that chance makes alike there are none."""
    rng = random.Random(7)
    one = [sentence(rng) for _ in range(300)]
    other = [text[:20] + "甲" + text[21:] for text in one]
    groups = candidates(bands([*one, *other]))
    found = {(a, b) for group in groups for a in group for b in group if a < b}
    twins = {(i, 300 + i) for i in range(300)}
    assert len(found & twins) >= 295
    assert not found - twins


def test_no_sentence_has_no_candidates() -> None:
    assert candidates(bands([])) == []
    assert candidates(bands(["推进城市更新加快建设"])) == []
    assert bands(["推进城市更新加快建设"]).dtype == np.uint64
